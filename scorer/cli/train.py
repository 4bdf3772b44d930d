"""``scorer train``: labelled files to a model folder."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorer.cli.files import labelled_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scorer.scoring import ScoringModel
    from scorer.training import TrainingResult


class Mix(StrEnum):
    """What text probabilities are made for."""

    news = "news"
    labelled = "labelled"


def train(
    labelled: Annotated[
        list[str],
        typer.Argument(
            metavar="LABELLED...",
            help="TSV, CSV or JSONL files with the columns text and strength, or folders of them.",
            rich_help_panel="Input",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="The model's folder; an earlier model is replaced.",
            rich_help_panel="Output",
        ),
    ],
    base: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABELLED",
            help="Text to learn from besides, such as the shipped training text in data/; may be given repeatedly.",
            rich_help_panel="Input",
        ),
    ] = None,
    weight: Annotated[
        float | None,
        typer.Option(
            metavar="W",
            help="How much each of your sentences counts against one of the base, above 0. [dim]\\[default: 3][/dim]",
            rich_help_panel="Input",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The model to compare the new one with. [dim]\\[default: the shipped model][/dim]",
            rich_help_panel="Model",
        ),
    ] = None,
    penalty: Annotated[
        float,
        typer.Option(
            "-C", metavar="C", help="Inverse strength of the penalty on weights, above 0.", rich_help_panel="Model"
        ),
    ] = 1.0,
    mix: Annotated[
        Mix,
        typer.Option(
            help="Shares of strengths that probabilities are made for: of news, or as labelled.",
            rich_help_panel="Model",
        ),
    ] = Mix.news,
    labels_by: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Who labelled the text, and how; goes into the model card.", rich_help_panel="Output"
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no closing tables.", rich_help_panel="Output")
    ] = False,
) -> None:
    """Train a model on labelled text, and measure it on documents held out in turn.

    [dim]$[/dim] scorer train newsroom.csv --base data -o models/ours
    [dim]$[/dim] scorer train data/authored-*.tsv -o models/default

    With --base it learns from your text on top of the base, and shows what that changed on your text.

    What the labels mean is in docs/annotation-guide.md, how to read the tables in docs/own-data.md.
    """
    for value, option in ((penalty, "-C"), (weight, "--weight")):
        if value is not None and not value > 0:
            raise typer.BadParameter(f"{value} is not above 0", param_hint=option)
    if weight is not None and not base:
        raise typer.BadParameter("your text counts against a base; give one with --base", param_hint="--weight")
    files, base_files = labelled_files(labelled, "LABELLED"), labelled_files(base or [], "--base")
    _refuse_expanded(files, base_files)
    from scorer.bundle import check_target, save_model
    from scorer.evaluate_text import figure_table
    from scorer.model_files import MODEL
    from scorer.pins import choose_pins
    from scorer.priors import NEWS_PRIOR
    from scorer.training import OWN_WEIGHT, base_only, train

    tell: Callable[[str], None] = (lambda message: None) if quiet else _tell
    check_target(output)
    prior = NEWS_PRIOR if mix is Mix.news else None
    weight = OWN_WEIGHT if weight is None else weight
    earlier = _Earlier(against)
    result = train(files, base=base_files, weight=weight, C=penalty, prior=prior, progress=tell)
    base_files = base_only(files, base_files)
    metrics = dict(result.metrics)
    compared = earlier.compare(result, files, base_files, tell)
    if compared is not None:
        metrics["own"] = compared
    save_model(
        result.model,
        output,
        trained_on=[*files, *base_files],
        metrics=metrics,
        pins_from=choose_pins(result.rows),
        labels_by=labels_by or _labels_by(files, base_files),
        weights=dict.fromkeys(base_files, 1.0) | dict.fromkeys(files, weight) if base_files else None,
    )
    from scorer.comparison_text import comparison_tables, in_short

    shown = [] if base_files and compared else [figure_table(metrics)]
    shown += comparison_tables(compared) if compared else []
    size = (output / MODEL).stat().st_size / 1e6
    tell("\n" + "\n\n".join(table.as_text() for table in shown))
    if compared:
        tell(f"\n{in_short(compared)}")
    tell(f"\nwrote {output} ({size:.1f} MB); figures by label: card.md")


def _refuse_expanded(files: Sequence[Path], base: Sequence[Path]) -> None:
    """Refuse ``--base data/authored-*.tsv``: the shell makes one base file of it, and text of one's own of the rest."""
    siblings = {(path.parent, re.sub(r"\d+", "", path.name)) for path in base}
    for path in files:
        if path not in base and (path.parent, re.sub(r"\d+", "", path.name)) in siblings:
            raise typer.BadParameter(
                f"{path} looks like more of the base, but counts as your text: the shell gives --base only the first "
                "file of a pattern; put the pattern in quotation marks, or give the folder",
                param_hint="--base",
            )


class _Earlier:
    """The model that a new one is compared with."""

    def __init__(self, folder: Path | None) -> None:
        from scorer.bundle import load_model, model_folder
        from scorer.errors import ModelError
        from scorer.manifest import read_manifest

        self.name = "shipped model" if folder is None else folder.name
        self.manifest: dict[str, Any] = {}
        self.fault = ""
        self.model: ScoringModel | None = None
        try:
            self.model = load_model(folder)
            self.manifest = read_manifest(model_folder(folder))
        except ModelError as error:
            if folder is not None:
                raise
            # A shipped model that cannot be loaded is what somebody who trains it anew wants to mend.
            self.fault = str(error)

    def compare(
        self, result: TrainingResult, files: Sequence[Path], base: Sequence[Path], tell: Callable[[str], None]
    ) -> dict[str, Any] | None:
        """Compare the new model on one's own text; None where that would say nothing."""
        from scorer.own_data import compare_on_own, is_base, learnt_from, namesakes

        known = learnt_from(self.manifest, files) + namesakes(self.manifest, files)
        model = self.model
        if self.fault:
            tell(f"note: no comparison with the shipped model: {self.fault}")
        elif known:
            # Its figures on what it has learnt would be far too good, and the new model would seem worse than it.
            names = f"{len(known)} of these files" if len(known) < len(files) else "the same text"
            tell(f"note: no comparison with the {self.name}: it has learnt from {names}, or an earlier copy")
            model = None
        same = bool(base) and model is not None and is_base(self.manifest, result, base)
        compared = compare_on_own(result, model, name=self.name, base_is_earlier=same, progress=tell)
        if compared is None:
            if base:
                tell("note: nothing was measured on your text: one document cannot be held out")
            return None
        if same:
            tell(f"note: the {self.name} is what the base alone gives")
        return compared.as_dict()


def _tell(message: str) -> None:
    typer.echo(message, err=True)


def _labels_by(files: Sequence[Path], base: Sequence[Path] = ()) -> str:
    """Say who labelled the text of ``data/``; of other text only its owner knows."""
    shipped = Path(__file__).resolve().parents[2] / "data"
    said = (
        "a language model, under `docs/annotation-guide.md`; the same model had written the text. No human "
        "annotator took part, and nobody measured agreement between annotators (`data/README.md`)"
    )

    def known(some: Sequence[Path]) -> bool:
        return all(file.resolve().parent == shipped and file.name.startswith("authored-") for file in some)

    if known([*files, *base]):
        return said
    return f"not stated; the base: {said}" if base and known(base) else "not stated"
