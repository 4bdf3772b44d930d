"""``scorer evaluate``: a model against labelled text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.cli.files import labelled_files

if TYPE_CHECKING:
    from collections.abc import Sequence


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
        Path | None, typer.Option("--json", metavar="OUT", help="Also write every figure to this file.")
    ] = None,
) -> None:
    """Measure a model on labelled text, beside baselines.

    [dim]$[/dim] scorer evaluate newsroom.csv --train data

    Figures on text that a model has learnt from say nothing. A column of labels that is not there is left out.
    """
    files = labelled_files(labelled, "LABELLED")
    train_files = labelled_files(train or [], "--train")
    from scorer.bundle import load_model, model_folder
    from scorer.evaluate import evaluate
    from scorer.evaluate_text import render
    from scorer.labelled import read_labelled

    loaded = load_model(model)
    rows = read_labelled(files)
    _warn_of_known(model_folder(model), files, train_files)
    evaluation = evaluate(loaded, rows, read_labelled(train_files) or None)
    if json_file is not None:
        try:
            json_file.write_text(json.dumps(evaluation.as_dict(), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise typer.BadParameter(f"{json_file}: {error.strerror}", param_hint="--json") from error
    typer.echo(render(evaluation))


def _warn_of_known(folder: Path, files: Sequence[Path], train_files: Sequence[Path]) -> None:
    """Say which files the model, or the baseline, has learnt from: their figures flatter."""
    from scorer.manifest import file_digest, read_manifest

    known = {file.get("sha256") for file in read_manifest(folder).get("trained_on", [])}
    seen = [file.name for file in files if file_digest(file) in known]
    if seen:
        typer.echo(f"warning: the model has learnt from {', '.join(seen)}; its figures here flatter it", err=True)
    given = {file.resolve() for file in train_files}
    both = [file.name for file in files if file.resolve() in given]
    if both:
        typer.echo(f"warning: the baseline learns from {', '.join(both)}; its figures here flatter it", err=True)
