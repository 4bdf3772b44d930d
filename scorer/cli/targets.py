"""Files that commands write: never over an input, and a clear line where it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from scorer.errors import InputError, ScorerError


def refuse_inputs(output: str | Path | None, inputs: Sequence[Path]) -> None:
    """Refuse to write over what is read.

    Parameters
    ----------
    output : str, Path or None
        What is to be written; None and ``-`` are standard output.
    inputs : sequence of Path
        What is read.

    Raises
    ------
    InputError
        If it is one of the inputs, by whatever name.
    """
    if output is not None and str(output) != "-" and Path(output).exists():
        for path in inputs:
            if path.exists() and path.samefile(output):
                raise InputError(f"{output} is an input too; give another name")


def write_text(text: str, output: str | Path | None) -> None:
    """Write a text to a file, or to standard output where none is named.

    Parameters
    ----------
    text : str
        All of it; a line break is put behind it.
    output : str, Path or None
        Replaced if it is there; None and ``-`` are standard output.

    Raises
    ------
    ScorerError
        If it cannot be written.
    """
    if output is None or str(output) == "-":
        typer.echo(text)
        return
    try:
        Path(output).write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise ScorerError(f"{output} cannot be written: {error.strerror}") from error
