"""Where the words that a scored row names stand in its sentence, and which sentence a check speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from scorer.errors import InputError
from scorer.labelled_rows import LabelledRow, LabelledSentence
from scorer.reasons import parse_reasons
from scorer.records import Span
from scorer.scored_table import ScoredRow

KINDS: Final = ("source", "cue", "hedge", "check", "other_source", "other_cue")
"""What a marked span is; its position here stands for it in the page's data."""

Mark = tuple[str, int, int]
_OWN_CHECK: Final = re.compile(r"checks? “(.+)” \(\w+\)", re.DOTALL)
_FAR_CHECK: Final = re.compile(r"check in (the next sentence|the sentence before|sentence (\d+)) \(\w+\)")
_CUT: Final = "…"


def marks_of(row: ScoredRow) -> list[Mark]:
    """Find what is to be marked in a sentence.

    Parameters
    ----------
    row : ScoredRow
        The sentence. Its ``attributions`` give exact places; without them the words of its columns are looked up.

    Returns
    -------
    list of (str, int, int)
        Kind, start and end, half-open, in characters of the text; by start. The first of a kind ``source`` and ``cue``
        are those of the row's own columns.
    """
    text = row.text("text")
    marks: list[Mark] = []
    listed = row.cells.get("attributions")
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        marks += _listed(listed, len(text))
        found = _looked_up(row, {"hedges": row.text("hedges")})
    else:
        found = _looked_up(row, {name: row.text(name) for name in ("source", "cue", "hedges")})
        marks += [(kind, *span) for kind, span in (("source", found.source), ("cue", found.cue)) if span]
    marks += [("hedge", *span) for span in found.hedges]
    marks += [("check", *span) for span in _checks(row, text)]
    return sorted(set(marks), key=lambda mark: (mark[1], -mark[2], KINDS.index(mark[0])))


def linked_sentence(row: ScoredRow, index: int) -> int | None:
    """Find the sentence with the check that a sentence's reasons speak of.

    Parameters
    ----------
    row : ScoredRow
        The sentence that the check is about.
    index : int
        Its number in the document.

    Returns
    -------
    int or None
        The number of the sentence that holds the check, None if there is none but its own.
    """
    for phrase, _ in parse_reasons(row.text("reasons")) or ():
        if match := _FAR_CHECK.fullmatch(phrase):
            where, number = match.groups()
            return int(number) if number else index + (1 if where == "the next sentence" else -1)
    return None


def _listed(attributions: Sequence[Any], length: int) -> Iterator[Mark]:
    for place, found in enumerate(attributions):
        for name in ("source", "cue"):
            start, end = found.get(f"{name}_start"), found.get(f"{name}_end")
            if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length:
                yield (f"other_{name}" if place else name), start, end


def _looked_up(row: ScoredRow, words: dict[str, str]) -> LabelledSentence:
    """Look words up as the reader of labelled text does; what is not in the sentence is left out."""
    base = {"text": row.text("text"), "strength": row.text("strength")}
    try:
        return _sentence(row, base | words)
    except InputError:
        # A spreadsheet, or --spreadsheet-safe, has changed a cell: mark what can still be found.
        for name, cell in words.items():
            try:
                _sentence(row, base | {name: cell})
                base[name] = cell
            except InputError:
                continue
        return _sentence(row, base)


def _sentence(row: ScoredRow, cells: dict[str, str]) -> LabelledSentence:
    return LabelledRow(Path("scored"), row.number, cells).sentence({})


def _checks(row: ScoredRow, text: str) -> Iterator[Span]:
    for phrase, _ in parse_reasons(row.text("reasons")) or ():
        match = _OWN_CHECK.fullmatch(phrase)
        words = match[1] if match else ""
        if words and (start := text.find(words.removesuffix(_CUT))) >= 0:
            yield Span(start, start + len(words.removesuffix(_CUT)))
