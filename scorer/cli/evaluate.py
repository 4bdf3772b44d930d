"""``scorer evaluate``: a model against labelled text."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.cli.files import labelled_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MANY = 30
"""Sentences of which it is suspicious that not one is wrong."""


def evaluate(
    labelled: Annotated[
        list[str],
        typer.Argument(
            metavar="LABELLED...",
            help="TSV, CSV or JSONL files with the columns text and strength, or folders of TSV files.",
            rich_help_panel="Input",
        ),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A model's folder. [dim]\\[default: the shipped model][/dim]", rich_help_panel="Model"
        ),
    ] = None,
    train: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABELLED",
            help="Labelled text that the baseline TF-IDF + logistic regression learns from; may be given repeatedly.",
            rich_help_panel="Input",
        ),
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="OUT",
            help="Also write every figure and every error to this file.",
            rich_help_panel="Output",
        ),
    ] = None,
    errors: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show the N errors it was surest of.", rich_help_panel="Output")
    ] = 10,
    errors_file: Annotated[
        Path | None,
        typer.Option(metavar="OUT.csv", help="Also write all errors to this file.", rich_help_panel="Output"),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="Also show every label of every column, and all registers and domains.",
            rich_help_panel="Output",
        ),
    ] = False,
) -> None:
    """Measure a model on labelled text, beside baselines.

    [dim]$[/dim] scorer evaluate newsroom.csv --train data

    Figures on text that a model has learnt from say nothing. A column of labels that is not there is left out.
    """
    files = labelled_files(labelled, "LABELLED")
    train_files = labelled_files(train or [], "--train")
    from scorer.bundle import load_model, model_folder
    from scorer.cli.evaluate_show import WIDEST, evaluation_lines
    from scorer.cli.show import Terminal
    from scorer.evaluate import evaluate
    from scorer.labelled import read_labelled
    from scorer.labelled_notes import notes_on
    from scorer.mistakes import write_mistakes

    loaded = load_model(model)
    rows = read_labelled(files)
    for note in notes_on(rows, files):
        typer.echo(f"note: {note}", err=True)
    _warn_of_known(model_folder(model), files, train_files)
    evaluation = evaluate(loaded, rows, read_labelled(train_files) or None)
    if not evaluation.mistakes and len(rows) >= _MANY:
        typer.echo("note: the model agrees with every label; did anybody look at them, or are they its own?", err=True)
    metrics = evaluation.as_dict()
    if json_file is not None:
        with _told(json_file, "--json"):
            json_file.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    if errors_file is not None:
        with _told(errors_file, "--errors-file"):
            write_mistakes(evaluation.mistakes, errors_file)
    console = Terminal()
    # Redirected output has no width of its own.
    width = console.width if console.is_terminal else WIDEST
    console.width = width
    console.show(evaluation_lines(metrics, n_errors=errors, full=full, width=width))


@contextmanager
def _told(path: Path, option: str) -> Iterator[None]:
    """Turn a file that cannot be written into wrong usage of an option."""
    try:
        yield
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint=option) from error


def _warn_of_known(folder: Path, files: Sequence[Path], train_files: Sequence[Path]) -> None:
    """Say which files the model, or the baseline, has learnt from: their figures flatter."""
    from scorer.manifest import read_manifest
    from scorer.own_data import learnt_from, namesakes

    manifest = read_manifest(folder)
    if seen := ", ".join(file.name for file in learnt_from(manifest, files)):
        typer.echo(f"warning: the model has learnt from {seen}; its figures here flatter it", err=True)
    if like := ", ".join(file.name for file in namesakes(manifest, files)):
        told = "if that was an earlier copy, its figures here flatter it"
        typer.echo(f"warning: the model has learnt from other text of the name {like}; {told}", err=True)
    given = {file.resolve() for file in train_files}
    both = [file.name for file in files if file.resolve() in given]
    if both:
        typer.echo(f"warning: the baseline learns from {', '.join(both)}; its figures here flatter it", err=True)
