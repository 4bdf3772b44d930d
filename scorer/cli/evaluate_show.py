"""An evaluation in the terminal: a few sections to read from top to bottom, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from scorer.cli.style import STRENGTH_COLOURS, visible
from scorer.evaluate_text import (
    MOST_SLICES,
    SHORT_NAMES,
    Table,
    class_reliability_table,
    class_tables,
    interval,
    number,
    slice_tables,
)
from scorer.labels import STRENGTHS
from scorer.metrics import LEAST_ROWS

WIDEST: Final = 100
_HEADS: Final = ("no claim", "unver.", "weak", "moder.", "strong", "verif.")
_NARROW: Final = 92
"""Columns below which tables are set closer."""
_NOTABLE: Final = 0.1
"""Share of a label's sentences that went to one other label, from which on the cell stands out."""


def evaluation_lines(metrics: Mapping[str, Any], *, n_errors: int, full: bool, width: int) -> Iterator[RenderableType]:
    """Show an evaluation.

    Parameters
    ----------
    metrics : mapping
        As `Evaluation.as_dict` gives it.
    n_errors : int
        How many of the worst errors to show.
    full : bool
        Whether to show what the short form leaves out: every label of the other fields, every register and domain,
        and the probabilities of each label bin by bin.
    width : int
        Columns of the terminal.

    Yields
    ------
    RenderableType
        What to print, in order.
    """
    width = min(width, WIDEST)
    size = f"{metrics['n_sentences']:,} sentences in {metrics['n_documents']:,} documents"
    yield Text.assemble((size, "bold"), "; 95 % intervals by resampling documents")
    figures = metrics["figures"]
    own = [name for name in figures if name.startswith("strength") or name == "not_a_claim_f1"]
    same = figures["strength_macro_f1"] == figures["strength_macro_f1_all"]
    shown = [name for name in own if not (same and name == "strength_macro_f1_all")]
    yield from _section("Strength: how good", width, _figures(metrics, shown, width))
    yield from _section("Strength: label by label, and what became of each", width, *_labels(metrics, width))
    rules = [name for name in figures if name not in own]
    if rules:
        yield from _section("What the rules find", width, _figures(metrics, rules, width))
    if full:
        for table in class_tables(metrics)[1:]:
            yield from _section(table.title, width, _plain(table))
    yield from _section("How far to trust a probability", width, *_trust(metrics, full=full, width=width))
    for table in slice_tables(metrics):
        left = 0 if full else max(0, len(table.rows) - MOST_SLICES)
        kept = table._replace(rows=table.rows[: len(table.rows) - left])
        note = [Text(f"and {left} more: --full", "dim")] if left else []
        yield from _section(table.title, width, _plain(kept), *note)
    found = metrics["mistakes"]
    if n_errors and found:
        first = found[:n_errors]
        what = f"{len(first)} errors" if len(first) > 1 else "error"
        title = f"The {what} that the model was surest of, of {len(found):,}"
        yield from _section(title, width, *map(_mistake, first))


def _section(title: str, width: int, *parts: RenderableType) -> Iterator[RenderableType]:
    yield Text()
    rule = Rule(Text(title, "bold"), align="left", style="dim")
    box = Grid.grid(padding=0)
    box.width = width
    box.add_column(width=width)
    box.add_row(rule)
    yield box
    yield from parts


def _grid(*heads: str) -> Grid:
    """Make a table without lines: the first column flush left, numbers flush right."""
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for k, head in enumerate(heads):
        grid.add_column(head, justify="right" if k else "left", no_wrap=bool(k))
    return grid


def _plain(table: Table) -> Grid:
    grid = _grid(*table.header)
    for name, *numbers in table.rows:
        grid.add_row(Text(visible(name)), *numbers)
    return grid


def _figures(metrics: Mapping[str, Any], names: Sequence[str], width: int) -> Grid:
    """Set figures beside the baselines' and under each other."""
    baselines = {name: b for name, b in metrics["baselines"].items() if any(figure in b for figure in names)}
    narrow = width < _NARROW
    heads = [name.replace(" ", "\n", 1) if narrow else name for name in baselines]
    grid = _grid("", "model", "95 % interval", *heads, "n" if narrow else "sentences")
    for name in names:
        figure = metrics["figures"][name]
        others = (number(baseline.get(name, {}).get("value")) for baseline in baselines.values())
        value = Text(number(figure["value"]), "bold")
        grid.add_row(SHORT_NAMES[name], value, interval(figure), *(Text(o, "dim") for o in others), f"{figure['n']:,}")
    return grid


def _labels(metrics: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Show each strength's figures with its row of the confusion matrix; in a narrow terminal, one under the other."""
    narrow = width < _NARROW
    heads = ("labelled", "precision", "recall", "F1", "n")
    grid = _grid(*heads) if narrow else _grid(*heads, "│", *_HEADS)
    became = _grid("labelled", *_HEADS)
    figures = {c["label"]: c for c in metrics["classes"]["strength"]}
    for k, (name, counts) in enumerate(zip(STRENGTHS, metrics["confusion"], strict=True)):
        c = figures.get(name)
        if c is None:
            continue
        label = Text(name, STRENGTH_COLOURS[name])
        precision, recall, f1 = (Text(number(c[what])) for what in ("precision", "recall", "f1"))
        f1.stylize("bold")
        numbers = (precision, recall, f1, Text(str(c["support"])))
        cells = [_cell(n, c["support"], right=j == k) for j, n in enumerate(counts)]
        if narrow:
            grid.add_row(label, *numbers)
            became.add_row(label, *cells)
        else:
            grid.add_row(label, *numbers, Text("│", "dim"), *cells)
    yield grid
    if narrow:
        yield Text()
        yield became
    where = "Above" if narrow else "Right of the line"
    yield Text(f"{where}: the label that the model gave to the sentences so labelled.", "dim")


def _cell(n: int, total: int, *, right: bool) -> Text:
    if right:
        return Text(str(n), "bold green")
    return Text(str(n) if n else "·", "yellow" if total and n / total >= _NOTABLE else "dim")


def _trust(metrics: Mapping[str, Any], *, full: bool, width: int) -> Iterator[RenderableType]:
    bar = 12 if width < _NARROW else 24
    grid = _grid("probability", "sentences", "mean", "right", "")
    for b in metrics["reliability"]:
        if b["n"]:
            what = f"{100 * b['low']:.0f} to {100 * b['high']:.0f} %"
            grid.add_row(what, str(b["n"]), number(b["confidence"]), number(b["accuracy"]), _bar(b["accuracy"], bar))
    errors = _grid("label", "error ↓", "95 % interval")
    for found in metrics["class_reliability"]:
        label = Text(found["label"], STRENGTH_COLOURS[found["label"]])
        errors.add_row(label, number(found["error"]["value"]), interval(found["error"]))
    kept = _grid("kept", "sentences", "sure of at least", "accuracy", "95 % interval", "")
    for part in metrics["abstention"]:
        figure = part["accuracy"]
        cells = (f"{figure['n']:,}", f"{part['least']:.0%}", number(figure["value"]), interval(figure))
        kept.add_row(f"{part['share']:.0%}", *cells, _bar(figure["value"], bar))
    yield Text("Of the sentences whose label got such a probability, so many were right:", "dim")
    yield grid
    yield Text("\nWhere the least sure sentences are left to a person:", "dim")
    yield kept
    yield Text("\nEach label's own probability, against the share of sentences that have the label:", "dim")
    if full:
        yield _plain(class_reliability_table(metrics))
        yield Text(f"Heads: probability in %, by tenths. Cells: share in %, of {LEAST_ROWS} sentences or more.", "dim")
    else:
        yield errors


def _bar(share: float, width: int) -> Bar:
    return Bar(1.0, 0.0, share, width=width, color="blue")


def _mistake(mistake: Mapping[str, Any]) -> RenderableType:
    """Show one error: the sentence, both labels, the reasons, and where it stands."""
    labelled, predicted = (
        Text.assemble((mistake[name], STRENGTH_COLOURS[mistake[name]]), f" {mistake[f'p_{name}']:.0%}")
        for name in ("labelled", "predicted")
    )
    return Padding(
        Group(
            Text(visible(mistake["text"])),
            Text.assemble("  labelled ", labelled, ", model says ", predicted),
            Padding(Text(visible(mistake["reasons"]), "dim"), (0, 0, 0, 2)),
            Text(f"  {visible(mistake['doc'])}, sentence {mistake['order']}", "dim"),
        ),
        (0, 0, 1, 0),
    )
