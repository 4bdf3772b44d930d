"""One labelled sentence: the record, and how a row of a file becomes one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from scorer.errors import InputError
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.records import Span

LEGAL: Final = {
    "strength": ("a strength", STRENGTHS),
    "source_type": ("a source type", SOURCE_TYPES),
    "identification": ("an identification", IDENTIFICATIONS),
    "verification": ("a verification", VERIFICATIONS),
}
"""What each label column is called in messages, and its legal values."""

_OFFSETS: Final = re.compile(r"\d{1,9}-\d{1,9}(\|\d{1,9}-\d{1,9})*")
# A quotation that the sentence does not close runs to its end: it goes on in the next one.
_QUOTATION: Final = re.compile(r'“[^”]*”?|«[^»]*»?|"[^"]*"?|‘.*?(?:’(?!\w)|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSentence:
    """One sentence with what an annotator says of it, under ``docs/annotation-guide.md``.

    Attributes
    ----------
    doc : str
        The document that it belongs to.
    order : int
        Its position in the document, from 0.
    text : str
        The sentence.
    strength : str
        One of `scorer.labels.STRENGTHS`.
    source_type, identification, verification : str or None
        One of the vocabulary of that name in `scorer.labels`; None where the file does not say.
    source, cue : Span or None
        The words that name the source and those that attach it; None where there are none, or the file does not say.
    hedges : tuple of Span
        Every epistemic hedge, by position.
    register, domain : str
        What kind of text it is from, and on what; empty where the file does not say.
    """

    doc: str
    order: int
    text: str
    strength: str
    source_type: str | None = None
    identification: str | None = None
    source: Span | None = None
    cue: Span | None = None
    hedges: tuple[Span, ...] = ()
    verification: str | None = None
    register: str = ""
    domain: str = ""


class LabelledRow:
    """One row of a file as the file gives it, with all that an error message needs.

    Parameters
    ----------
    path : Path
        The file.
    number : int
        The row's number in it, for messages.
    cells : mapping of str to str
        Its cells by column; a column that is not there counts as empty.
    hedges : list of str, optional
        Its hedges, where the form has a list of them; by default they are taken from the cell, ``|``-joined.
    """

    def __init__(self, path: Path, number: int, cells: Mapping[str, str], hedges: list[str] | None = None) -> None:
        self.path, self.number, self.cells, self._hedges = path, number, cells, hedges

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def error(self, column: str, message: str) -> InputError:
        """Return the error that names file, row and column."""
        return InputError(f"{self.path.name}: row {self.number}: column '{column}': {message}")

    def label(self, column: str) -> str | None:
        """Return a label of the guide, or None where the row gives none."""
        value, (name, legal) = self[column], LEGAL[column]
        if value in legal:
            return value
        if value or column == "strength":
            raise self.error(column, f"{value!r} is not {name}; use one of {', '.join(legal)}")
        return None

    def sentence(self, orders: dict[str, int]) -> LabelledSentence:
        """Return the labelled sentence; `orders` holds the next free order of each document so far."""
        text = self["text"]
        if not text.strip():
            raise self.error("text", "is empty; give the sentence or delete the row")
        strength = self.label("strength") or ""
        doc = self["doc"] or self["doc_id"] or f"{self.path}:{self.number}"
        order = self["order"] or str(orders.get(doc, 0))
        if not re.fullmatch("[0-9]{1,9}", order):
            raise self.error("order", f"{order!r} is not a position; use whole numbers from 0 in each document")
        orders[doc] = int(order) + 1
        source, cue = self._source_and_cue(text)
        return LabelledSentence(
            doc=doc,
            order=int(order),
            text=text,
            strength=strength,
            source_type=self.label("source_type"),
            identification=self.label("identification"),
            source=source,
            cue=cue,
            hedges=self._hedge_spans(text),
            verification=self.label("verification"),
            register=self["register"],
            domain=self["domain"],
        )

    def _source_and_cue(self, text: str) -> tuple[Span | None, Span | None]:
        sources, cues = (self._candidates(column, text) for column in ("source", "cue"))
        if not sources or not cues:
            return next(iter(sources), None), next(iter(cues), None)
        quotations = [Span(*match.span()) for match in _QUOTATION.finditer(text)]

        # Words outside quotation marks attach a source sooner than the same words inside them.
        def cost(pair: tuple[Span, Span]) -> tuple[bool, int, int]:
            first, second = sorted(pair)
            quoted = sum(any(_overlap(span, quotation) for quotation in quotations) for span in pair)
            return _overlap(first, second), quoted, second.start - first.end

        return min(product(sources, cues), key=cost)

    def _candidates(self, column: str, text: str) -> list[Span]:
        offsets = self._offsets(f"{column}_at", text, self[column])
        return offsets or self._occurrences(column, text, self[column])

    def _hedge_spans(self, text: str) -> tuple[Span, ...]:
        if self._hedges is None:
            offsets = self._offsets("hedges_at", text, self["hedges"])
            if offsets:
                return tuple(sorted(offsets))
        pieces = self["hedges"].split("|") if self._hedges is None else self._hedges
        found: list[Span] = []
        for piece in pieces:
            places = self._occurrences("hedges", text, piece)
            free = [place for place in places if not any(_overlap(place, span) for span in found)]
            later = [place for place in free if not found or place.start >= found[-1].end]
            found.extend((later or free or places)[:1])
        return tuple(sorted(found))

    def _occurrences(self, column: str, text: str, piece: str) -> list[Span]:
        """Return where `piece` stands in `text`: as whole words, or anywhere if it never does as whole words."""
        if not piece:
            return []
        starts = [match.start() for match in re.finditer(f"(?={re.escape(piece)})", text)]
        if not starts:
            raise self.error(column, f"{piece!r} is not in the sentence; copy the words to the letter")
        spans = [Span(start, start + len(piece)) for start in starts]
        return [span for span in spans if not cuts_word(text, span)] or spans

    def _offsets(self, column: str, text: str, words: str) -> list[Span]:
        value = self[column]
        if not value:
            return []
        if not _OFFSETS.fullmatch(value):
            raise self.error(column, f"{value!r} is not start-end; give character offsets from 0, or leave it empty")
        spans = [Span(*map(int, piece.split("-"))) for piece in value.split("|")]
        given = "|".join(text[span.start : span.end] for span in spans)
        if given != words or not all(span.start < span.end <= len(text) for span in spans):
            raise self.error(column, f"{value!r} is {given!r}, not {words!r}; correct it, or leave it empty")
        return spans


def cuts_word(text: str, span: Span) -> bool:
    """Tell whether a span begins or ends inside a word."""
    return any(0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum() for edge in span)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
