"""An evaluation in tables: as text for a terminal, as Markdown for a model card.

The tables are made from the plain form of an evaluation (`Evaluation.as_dict`), which ``metrics.json`` holds as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from scorer.evaluate import Evaluation
from scorer.labels import STRENGTHS
from scorer.metrics import LEAST_ROWS, N_BINS

NAMES: Final = {
    "strength_accuracy": "strength: accuracy",
    "strength_macro_f1": f"strength: macro-F1, classes with {LEAST_ROWS} rows or more",
    "strength_macro_f1_all": "strength: macro-F1, all six classes",
    "strength_qwk": "strength of claims: quadratic weighted kappa",
    "strength_accuracy_in_mix": "strength: accuracy, in the model's mix",
    "strength_macro_f1_in_mix": "strength: macro-F1, in the model's mix",
    "strength_qwk_in_mix": "strength of claims: kappa, in the model's mix",
    "strength_ece": "strength: calibration error (lower is better)",
    "not_a_claim_f1": "not_a_claim: F1",
    "source_type_macro_f1": "source_type: macro-F1",
    "identification_macro_f1": "identification: macro-F1",
    "verification_macro_f1": "verification: macro-F1",
    "source_token_f1": "source words: F1",
    "cue_token_f1": "cue words: F1",
    "hedges_token_f1": "hedge words: F1",
    "attributed_f1": "has a source: F1",
    "attributed_mcc": "has a source: Matthews correlation",
}
"""What figures are called in tables."""

SHORT_NAMES: Final = {name: NAMES[name].removeprefix("strength: ").split(",")[0] for name in NAMES} | {
    "strength_macro_f1": f"macro-F1, labels with {LEAST_ROWS}+",
    "strength_macro_f1_all": "macro-F1, all six labels",
    "strength_qwk": "weighted kappa of claims",
    "strength_ece": "calibration error ↓",
    "attributed_mcc": "has a source: correlation",
}
"""The same where there is little room."""

MOST_SLICES: Final = 8
"""Registers, and domains, that a short form shows."""


class Table(NamedTuple):
    """A table of text cells; all columns but the first are numbers."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def as_text(self) -> str:
        """Write it in aligned columns."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.header))]
        written = [self.title]
        for name, *numbers in lines:
            cells = [name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])]
            written.append("  ".join(cells).rstrip())
        return "\n".join(written)

    def as_markdown(self) -> str:
        """Write it as Markdown."""
        marks = ("---", *["---:"] * (len(self.header) - 1))
        lines = [f"| {' | '.join(line)} |" for line in (self.header, marks, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines])


def render(evaluation: Evaluation) -> str:
    """Put an evaluation into tables for a terminal.

    Parameters
    ----------
    evaluation : Evaluation
        From `scorer.evaluate.evaluate`.

    Returns
    -------
    str
        Tables with a blank line between them, and none at the end.
    """
    return "\n\n".join(table.as_text() for table in tables(evaluation.as_dict()))


def tables(metrics: Mapping[str, Any], *, most: int | None = None) -> list[Table]:
    """Make all tables of an evaluation.

    Parameters
    ----------
    metrics : mapping
        As `Evaluation.as_dict` gives it.
    most : int, optional
        Lines of the tables of registers and of domains at most; all by default.

    Returns
    -------
    list of Table
        Figures, classes of each field, confusion, reliability, abstention, registers and domains; without those that
        would be empty.
    """
    made = [figure_table(metrics), *class_tables(metrics), confusion_table(metrics), reliability_table(metrics)]
    if metrics.get("class_reliability"):  # models made before these were measured lack them
        made += [class_reliability_table(metrics), abstention_table(metrics)]
    return [*made, *(table._replace(rows=table.rows[:most]) for table in slice_tables(metrics))]


def figure_table(metrics: Mapping[str, Any]) -> Table:
    """Set the model's figures beside the baselines'."""
    baselines = metrics["baselines"]
    rows = [
        (
            NAMES[name],
            number(figure["value"]),
            interval(figure),
            *(number(baseline.get(name, {}).get("value")) for baseline in baselines.values()),
            str(figure["n"]),
        )
        for name, figure in metrics["figures"].items()
    ]
    size = f"{metrics['n_sentences']:,} sentences in {metrics['n_documents']:,} documents"
    title = f"{size}; 95 % intervals by resampling documents"
    return Table(title, ("figure", "model", "95 % interval", *baselines, "n"), rows)


def class_tables(metrics: Mapping[str, Any]) -> list[Table]:
    """List precision, recall and F1 of each label, a table a field."""
    return [
        Table(
            f"{field}, label by label",
            ("label", "precision", "recall", "F1", "95 % interval", "labelled"),
            [
                (
                    c["label"],
                    number(c["precision"]),
                    number(c["recall"]),
                    number(c["f1"]),
                    interval(c) if "low" in c else "–",  # models made before it was measured lack it
                    str(c["support"]),
                )
                for c in found
            ],
        )
        for field, found in metrics["classes"].items()
    ]


def confusion_table(metrics: Mapping[str, Any]) -> Table:
    """Set labelled strengths (rows) against the model's (columns)."""
    rows = [(name, *map(str, counts)) for name, counts in zip(STRENGTHS, metrics["confusion"], strict=True)]
    return Table("Labelled strength (rows) against the model's (columns)", ("", *STRENGTHS), rows)


def reliability_table(metrics: Mapping[str, Any]) -> Table:
    """Set the probability of the label against how often it was right."""
    rows = [
        (f"{b['low']:.1f} to {b['high']:.1f}", str(b["n"]), number(b["confidence"]), number(b["accuracy"]))
        for b in metrics["reliability"]
        if b["n"]
    ]
    header = ("probability", "sentences", "mean probability", "right")
    return Table(f"Probability of the label against how often it was right{_mix(metrics)}", header, rows)


def _mix(metrics: Mapping[str, Any]) -> str:
    return ", weighted to the model's mix" if "strength_accuracy_in_mix" in metrics["figures"] else ""


def class_reliability_table(metrics: Mapping[str, Any]) -> Table:
    """Set the probability of each label against the share of sentences that have it, in tenths of the scale."""
    rows = [
        (
            found["label"],
            number(found["error"]["value"]),
            *(f"{100 * b['accuracy']:.0f}" if b["n"] >= LEAST_ROWS else "–" for b in found["bins"]),
        )
        for found in metrics["class_reliability"]
    ]
    header = ("label", "error", *(f"{10 * k}+" for k in range(N_BINS)))
    title = f"Probability of each label, in %, against the share in % that has it{_mix(metrics)}"
    return Table(title, header, rows)


def abstention_table(metrics: Mapping[str, Any]) -> Table:
    """Set the share of sentences that are kept, the surest ones, against the accuracy of their strengths."""
    rows = [
        (
            f"{kept['share']:.0%}",
            str(kept["accuracy"]["n"]),
            number(kept["least"]),
            number(kept["accuracy"]["value"]),
            interval(kept["accuracy"]),
        )
        for kept in metrics["abstention"]
    ]
    header = ("kept", "sentences", "probability from", "accuracy", "95 % interval")
    return Table("Accuracy when the least sure sentences are left out", header, rows)


def slice_tables(metrics: Mapping[str, Any]) -> list[Table]:
    """Set registers, and domains, beside each other."""
    slices = metrics["slices"]
    if isinstance(slices, list):  # of a model made before domains and intervals were measured
        rows = [(part["register"], str(part["n"]), number(part["accuracy"])) for part in slices]
        return [Table("Strength by register", ("register", "sentences", "accuracy"), rows)] if rows else []
    header = ("sentences", "accuracy", "95 % interval", "macro-F1", "95 % interval")
    return [
        Table(
            f"Strength by {field}",
            (field, *header),
            [
                (
                    part["name"],
                    str(part["accuracy"]["n"]),
                    number(part["accuracy"]["value"]),
                    interval(part["accuracy"]),
                    number(part["macro_f1"]["value"]),
                    interval(part["macro_f1"]),
                )
                for part in found
            ],
        )
        for field, found in slices.items()
    ]


def interval(figure: Mapping[str, Any]) -> str:
    """Write the bounds of a figure's interval; a dash where it has none."""
    return "–" if figure["low"] is None else f"{number(figure['low'])} to {number(figure['high'])}"


def number(value: float | None) -> str:
    """Write a figure with three decimals; a dash where it is not defined."""
    return "–" if value is None else f"{round(value, 3) + 0.0:.3f}"  # not -0.000
