"""Names on the command line to labelled files."""

from __future__ import annotations

from collections.abc import Sequence
from glob import has_magic
from pathlib import Path

import typer


def labelled_files(names: Sequence[str], option: str) -> list[Path]:
    """Find the files that names stand for.

    Parameters
    ----------
    names : sequence of str
        Files; folders, for the TSV files in them, or where there are none, the CSV and JSONL files; patterns such as
        ``data/*.tsv`` that the shell has not expanded.
    option : str
        What the names were given for, for messages.

    Returns
    -------
    list of Path
        Each file once, in order.

    Raises
    ------
    typer.BadParameter
        If a name stands for no file.
    """
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            files = sorted(path.glob("*.tsv")) or sorted([*path.glob("*.csv"), *path.glob("*.jsonl")])
        elif path.exists() or not has_magic(name):
            files = [path]
        else:
            files = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if not files:
            raise typer.BadParameter(f"{name} holds no labelled files (*.tsv, *.csv, *.jsonl)", param_hint=option)
        for file in files:
            if not file.is_file():
                raise typer.BadParameter(f"{file} does not exist, or is no file", param_hint=option)
            found[file] = None
    return list(found)
