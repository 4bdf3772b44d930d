"""Scored sentences in the terminal: a panel for one of them, annotated prose for a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from rich.bar import Bar
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from scorer.cli.sources import cited, ledger, mark_sources, source_lines
from scorer.cli.style import OTHER_SOURCE, SPANS, STRENGTH_COLOURS, visible
from scorer.evidence import Evidence
from scorer.labels import STRENGTHS
from scorer.ledger import list_sources
from scorer.reading import Reading
from scorer.reasons import in_cents, signed
from scorer.records import Assessment
from scorer.scoring import ScoredSentence

FOOTING: Final = (
    "The score rates the footing that the text gives a claim, 0 to 100. It does not say whether it is true."
)
_STATUSES: Final = {
    "verified": "verified",
    "unverified": "not verified",
    "disputed": "disputed",
    "no_comment": "no comment",
}
_N_FEATURES: Final = 4
_LEAST: Final = 0.02
_NARROW: Final = 64
_BAR: Final = 24


def _marked(reading: Reading, style: str = "") -> Text:
    """Give a sentence with its spans in the colours of their kinds."""
    text = Text(visible(reading.sentence.text), style)
    mark_sources(text, reading)
    for check in reading.checks:
        text.stylize(SPANS["check"], check.start, check.end)
    for hedge in reading.hedges:
        text.stylize(SPANS["hedge"], hedge.start, hedge.end)
    return text


def _verdict(assessment: Assessment) -> Text:
    name = assessment.strength.replace("_", " ")
    if assessment.score is None:
        verdict = Text(name, STRENGTH_COLOURS[assessment.strength])
    else:
        badge = f" {name} ", f"bold reverse {STRENGTH_COLOURS[assessment.strength]}"
        verdict = Text.assemble(badge, (f" {assessment.score:.1f}", "bold"))
    if assessment.needs_review:
        verdict.append(f"  needs review: {assessment.confidence:.0%} sure", "italic")
    return verdict


def _kind(name: str) -> Text:
    return Text.assemble((name, SPANS[name]))


def _facts(reading: Reading) -> Table:
    """List what the rules found, each kind under its colour: the legend of the text above it."""
    text = visible(reading.sentence.text)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    found = cited(reading)
    if not found:
        grid.add_row(_kind("source"), Text("no source", "dim"))
    for role, source, cue, kind in found:
        style = SPANS["source"] if role == "source" else OTHER_SOURCE
        grid.add_row(Text(role, style), source.append(" ").append_text(kind))
        if cue:
            grid.add_row(_kind("cue"), cue.plain)
    for hedge in reading.hedges:
        where = "on the main claim" if hedge.on_main else "in the background"
        words = Text(text[hedge.start : hedge.end]).append(f" ({hedge.category.replace('_', ' ')}, {where})", "dim")
        grid.add_row(_kind("hedge"), words)
    for check in reading.checks:
        words = Text(text[check.start : check.end]).append(f" ({_STATUSES[check.status]})", "dim")
        grid.add_row(_kind("check"), words)
    for line in _check_links(reading):
        grid.add_row(_kind("check"), line)
    return grid


def _check_links(reading: Reading) -> Iterator[str]:
    """Say which other sentences check this one, and which ones this one checks."""
    link = reading.check
    for mention in link.mentions:
        yield f"{_STATUSES[mention.status]}, says sentence {mention.place}"
    if link.targets:
        told = " and ".join(map(str, link.targets))
        yield f"speaks of sentence{'s' if len(link.targets) > 1 else ''} {told}"


def _probabilities(assessment: Assessment, *, width: int) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    for name, p in zip(STRENGTHS, assessment.probabilities, strict=True):
        style = "bold" if name == assessment.strength else "dim"
        bar = Bar(1.0, 0.0, p, width=width, color=STRENGTH_COLOURS[name])
        grid.add_row(Text(name.replace("_", " "), style), Text(f"{p:.1%}", style), bar)
    return grid


def _reasons(
    assessment: Assessment, evidence: Mapping[str, Sequence[Evidence]], *, width: int
) -> Iterator[RenderableType]:
    """Give each kind of evidence with its weight, the single features under it, and their sum: the logit."""
    amounts = [amount for _, amount in assessment.reasons]
    cents = in_cents(np.array([amounts]))[0].tolist()
    reach = max(1.0, *map(abs, amounts))
    bars = 0 if width < _NARROW else _BAR
    order = sorted(range(len(cents) - 1), key=lambda k: -abs(cents[k]))
    for k in [*(k for k in order if cents[k]), len(cents) - 1]:
        bar = Bar(
            2 * reach, reach + min(amounts[k], 0), reach + max(amounts[k], 0), width=bars, color=_lean(amounts[k])
        )
        phrase = Text(visible(assessment.reasons[k][0]), "bold")
        yield _weighed(phrase, Text(signed(cents[k]), _lean(amounts[k])), bar if bars else None)
        group = [*evidence, "base"][k]
        # The largest first, so that what is left out adds little; an item is not broken over lines.
        shown = [found for found in evidence.get(group, ()) if abs(found.contribution) >= _LEAST][:_N_FEATURES]
        told = [f"{visible(name)} {signed(round(100 * value))}" for name, value in shown]
        for line in _packed(told, width - 2):
            yield Padding(Text(line, "dim"), (0, 0, 0, 2))
    total = Text(signed(sum(cents)).removeprefix("+"), "bold")
    label = assessment.strength.replace("_", " ")
    yield _weighed(Text(f"together, the logit of “{label}”", "bold"), total, Text(" " * bars) if bars else None)


def _packed(items: Sequence[str], width: int) -> Iterator[str]:
    """Put items on lines, none of them broken over two unless it is longer than a line."""
    line = ""
    for item in items:
        longer = f"{line} · {item}" if line else item
        if line and len(longer) > width:
            yield line
            longer = item
        line = longer
    if line:
        yield line


def _weighed(phrase: Text, amount: Text, bar: RenderableType | None) -> Table:
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1)
    grid.add_column(justify="right", no_wrap=True, width=6)
    grid.add_row(phrase, amount, *([bar] if bar else []))
    return grid


def _lean(amount: float) -> str:
    return "green" if amount >= 0 else "red"


def sentence_panel(scored: ScoredSentence, evidence: Mapping[str, Sequence[Evidence]], *, width: int) -> Panel:
    """Show one sentence: what was found in it, what the model says, and why.

    Parameters
    ----------
    scored : ScoredSentence
        The sentence.
    evidence : mapping of str to sequence of Evidence
        From `scorer.evidence.feature_evidence`, for its strength.
    width : int
        Columns of the terminal.

    Returns
    -------
    Panel
        At most 100 columns wide.
    """
    reading, assessment = scored.reading, scored.assessment
    width = min(width, 100)
    label = assessment.strength.replace("_", " ")
    parts: list[RenderableType] = [
        _marked(reading),
        Text(),
        _facts(reading),
        Text(),
        _probabilities(assessment, width=max(8, min(50, width - 32))),
        Text(),
        Text.assemble(
            "Why “", (label, STRENGTH_COLOURS[assessment.strength]), "”, and what spoke against it", style="bold"
        ),
        Text(),
        *_reasons(assessment, evidence, width=width - 6),
        Text(),
        Text(FOOTING, "dim"),
    ]
    return Panel(
        Group(*parts),
        title=Text.assemble(" ", _verdict(assessment), " "),
        title_align="left",
        padding=(1, 2),
        width=width,
    )


def story_lines(text: str, sentences: Sequence[ScoredSentence], *, coloured: bool) -> Iterator[RenderableType]:
    """Show a story: each sentence, under it strength, score, sources and links to checks; then all of its sources.

    Parameters
    ----------
    text : str
        The story.
    sentences : sequence of ScoredSentence
        Its sentences, at least one.
    coloured : bool
        Whether to tell what the colours mean.

    Yields
    ------
    RenderableType
        What to print, in order.
    """
    if coloured:
        yield Text.assemble(*(part for kind, style in SPANS.items() for part in ((kind, style), "  ")))
        yield Text()
    gutter = len(str(len(sentences) - 1))
    before = 0
    for scored in sentences:
        sentence, assessment = scored.sentence, scored.assessment
        if before and "\n" in text[before : sentence.start].replace("\r", "\n"):
            yield Text()
        before = sentence.end
        is_claim = assessment.score is not None
        line: RenderableType = _verdict(assessment)
        if is_claim or scored.reading.attributions:
            line = Table.grid(padding=(0, 2))
            line.add_column(no_wrap=True)
            line.add_row(_verdict(assessment), Group(*source_lines(scored.reading)))
        grid = Table.grid(padding=(0, 2))
        grid.add_column(justify="right", width=gutter, style="dim", no_wrap=True)
        grid.add_column(max_width=100)
        grid.add_row(str(sentence.index), _marked(scored.reading, "" if is_claim else "dim"))
        grid.add_row("", line)
        for told in _check_links(scored.reading):
            grid.add_row("", Text(f" {told}", SPANS["check"]))
        yield grid
    sources = list_sources([scored.reading for scored in sentences])
    if sources:
        yield Text()
        yield ledger(sources)
    counts = Counter(scored.assessment.strength for scored in sentences)
    summary = [f"{counts[name]} {name.replace('_', ' ')}" for name in STRENGTHS if counts[name]]
    yield Text()
    yield Text(f"{len(sentences)} sentences: {', '.join(summary)}", "bold")
    yield Text(f"{FOOTING} --sentence N shows why.", "dim")


class Terminal(Console):
    """Standard output; when nobody reads it any more, that is the caller's to handle, as with any other stream."""

    def on_broken_pipe(self) -> None:
        """Raise the error again: rich would end the program with code 1."""
        raise BrokenPipeError

    def show(self, parts: Iterable[RenderableType]) -> None:
        """Print parts one by one, so that a long story begins to show at once."""
        for part in parts:
            self.print(part, highlight=False)
