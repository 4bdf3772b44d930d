"""Who vouches for a claim, in the terminal: the attributions of a sentence, and the sources of a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.table import Table
from rich.text import Text

from scorer.cli.style import OTHER_SOURCE, SPANS, visible
from scorer.ledger import Source
from scorer.reading import Reading
from scorer.records import Attribution

_PRIMARY: Final = "source"


class Cited(NamedTuple):
    """One attribution of a sentence, ready to be shown.

    Attributes
    ----------
    role : str
        What it is to the claim: ``source`` for the primary one, ``via`` for who passed that source's words on, ``from``
        for whom that source cites, ``also`` for one that stands beside it.
    source : Text
        The source's words and whom they stand for: "he → Dana Quill".
    cue : Text or None
        The words that attach it.
    kind : Text
        Where it is named, if not here, its type and identification: "(sentence 2; official, named)".
    """

    role: str
    source: Text
    cue: Text | None
    kind: Text


def mark_sources(text: Text, reading: Reading) -> None:
    """Colour the sources and cues of a sentence, the primary one's so that they stand out."""
    for attribution in reversed(reading.attributions):  # so that the primary one's colours lie on top
        if attribution.source:
            text.stylize(_source_style(reading, attribution), *attribution.source)
        if attribution.cue:
            text.stylize(SPANS["cue"], *attribution.cue)


def cited(reading: Reading) -> list[Cited]:
    """Give the attributions of a sentence: the primary one, then those of its chain, the nearest first, then others.

    Parameters
    ----------
    reading : Reading
        The sentence.

    Returns
    -------
    list of Cited
        Empty where the outlet itself speaks.
    """
    if not reading.attributions:
        return []
    primary, *others = reading.attributions
    place = primary.chain
    linked = [a for a in others if place is not None and a.chain is not None and a.chain != place]
    linked.sort(key=lambda attribution: abs((attribution.chain or 0) - (place or 0)))
    chained = set(map(id, linked))
    beside = [attribution for attribution in others if id(attribution) not in chained]
    ordered = [
        (_PRIMARY, primary),
        *(("via" if (a.chain or 0) < (place or 0) else "from", a) for a in linked),
        *(("also", a) for a in beside),
    ]
    return [Cited(role, _source(reading, a), _cue(reading, a), _kind(reading, a)) for role, a in ordered]


def _source_style(reading: Reading, attribution: Attribution) -> str:
    return SPANS["source"] if attribution is reading.attributions[0] else OTHER_SOURCE


def _source(reading: Reading, attribution: Attribution) -> Text:
    span, name = attribution.source, visible(attribution.source_name)
    if span is not None:
        text = Text(visible(reading.sentence.text[span.start : span.end]), _source_style(reading, attribution))
    else:
        text = Text("running quotation" if attribution.position == "carried" else "nobody named")
    if name and name.casefold() not in text.plain.casefold():
        text.append(f" → {name}")
    return text


def _cue(reading: Reading, attribution: Attribution) -> Text | None:
    cue = attribution.cue
    return Text(visible(reading.sentence.text[cue.start : cue.end]), SPANS["cue"]) if cue else None


def _kind(reading: Reading, attribution: Attribution) -> Text:
    elsewhere = attribution.antecedent not in (None, reading.context.place)
    where = f"sentence {attribution.antecedent}; " if elsewhere else ""
    return Text(f"({where}{_told(attribution)})", "dim")


def _told(found: Attribution | Source) -> str:
    return f"{found.source_type}, {found.identification}".replace("_", " ")


def source_lines(reading: Reading) -> Iterator[Text]:
    """Give a line for each attribution of a sentence: "also some reports · suggest (unspecified, vague)"."""
    if not reading.attributions:
        yield Text("no source", "dim")
    for role, source, cue, kind in cited(reading):
        line = source if role == _PRIMARY else Text(f"{role} ").append_text(source)
        if cue:
            line.append(" · ", "dim").append_text(cue)
        yield line.append(" ").append_text(kind)


def ledger(sources: Sequence[Source]) -> Table:
    """Show the sources of a story, a line each: id, fullest name, type and identification, number of claims.

    Parameters
    ----------
    sources : sequence of Source
        From `scorer.ledger.list_sources`.

    Returns
    -------
    Table
        Names that are too long for the terminal are cut.
    """
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    grid.add_column(style="dim", no_wrap=True, overflow="ellipsis")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row("", Text("Sources", "bold"), "", "")
    for source in sources:
        claims = len(source.sentences)
        told = "1 claim" if claims == 1 else f"{claims} claims"
        grid.add_row(str(source.id), Text(visible(source.name)), _told(source), told)
    return grid
