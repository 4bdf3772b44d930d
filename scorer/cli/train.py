"""``scorer train``: labelled files to a model folder."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.cli.files import labelled_files

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mix(StrEnum):
    """What text probabilities are made for."""

    news = "news"
    labelled = "labelled"


def train(
    labelled: Annotated[
        list[str],
        typer.Argument(
            metavar="LABELLED...",
            help="TSV, CSV or JSONL files with the columns text and strength, or folders of TSV files.",
            rich_help_panel="Input",
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The model's folder; an earlier model is replaced.")
    ],
    penalty: Annotated[
        float, typer.Option("-C", metavar="C", help="Inverse strength of the penalty on weights, above 0.")
    ] = 1.0,
    mix: Annotated[
        Mix, typer.Option(help="Shares of strengths that probabilities are made for: of news, or as labelled.")
    ] = Mix.news,
    labels_by: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who labelled the text, and how; goes into the model card.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no closing table.")] = False,
) -> None:
    """Train a model on labelled text, and measure it on documents held out in turn.

    [dim]$[/dim] scorer train data/authored-*.tsv -o models/default

    What the labels mean is in docs/annotation-guide.md, what the columns are in data/README.md.
    """
    if not penalty > 0:
        raise typer.BadParameter(f"{penalty} is not above 0", param_hint="-C")
    files = labelled_files(labelled, "LABELLED")
    from scorer.bundle import check_target, save_model
    from scorer.evaluate_text import figure_table
    from scorer.manifest import MODEL
    from scorer.model import NEWS_PRIOR
    from scorer.pins import choose_pins
    from scorer.training import train

    check_target(output)
    prior = NEWS_PRIOR if mix is Mix.news else None
    result = train(files, C=penalty, prior=prior, progress=None if quiet else _tell)
    save_model(
        result.model,
        output,
        trained_on=files,
        metrics=result.metrics,
        pins_from=choose_pins(result.rows),
        labels_by=labels_by or _labels_by(files),
    )
    if not quiet:
        size = (output / MODEL).stat().st_size / 1e6
        _tell(
            f"\n{figure_table(result.metrics).as_text()}\n\nwrote {output} ({size:.1f} MB); figures by label: card.md"
        )


def _tell(message: str) -> None:
    typer.echo(message, err=True)


def _labels_by(files: Sequence[Path]) -> str:
    """Say who labelled the text of ``data/``; of other text only its owner knows."""
    shipped = Path(__file__).resolve().parents[2] / "data"
    if all(file.resolve().parent == shipped and file.name.startswith("authored-") for file in files):
        return (
            "a language model, under `docs/annotation-guide.md`; the same model had written the text. No human "
            "annotator took part, and nobody measured agreement between annotators (`data/README.md`)"
        )
    return "not stated"
