"""A scored table as the page's data: columns of small numbers and tables of strings, so that a sentence costs little.

Numbers are whole: probabilities in ten-thousandths, scores in tenths, reasons in hundredths, hedging in thousandths.
Labels are digits, their position in `scorer.labels`. Places in a text count UTF-16 units, as browsers do.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Final

from scorer.figures import HEDGED
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.reasons import parse_reasons
from scorer.report.spans import KINDS, Mark, linked_sentence, marks_of
from scorer.scored_table import ScoredRow, ScoredTable
from scorer.summary import DocumentSummary, Summary, loose

FORMAT: Final = 1
"""Of the page's data and of the corrections that it exports."""

_ESCAPES: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


class _Strings:
    """A table of strings, each once."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.places.setdefault(text, len(self.places))


def page_data(table: ScoredTable, summary: Summary, *, model_sha256: str | None = None) -> dict[str, Any]:
    """Give what the page's script works on.

    Parameters
    ----------
    table : ScoredTable
        The sentences.
    summary : Summary
        Its figures.
    model_sha256 : str, optional
        Of the model that scored it, for the corrections' ``made_from``.

    Returns
    -------
    dict
        Values of JSON; lists ``text`` … ``why`` have one item per sentence, documents one after the other.
    """
    order = [place for document in summary.documents for place in document.rows]
    rows = [table.rows[place] for place in order]
    new = {place: number for number, place in enumerate(order)}
    phrases = _Strings()
    marks = [marks_of(row) for row in rows]
    return {
        "format": FORMAT,
        "file": table.name,
        "sha256": table.sha256,
        "model": model_sha256,
        "labels": {
            "strength": STRENGTHS,
            "source_type": SOURCE_TYPES,
            "identification": IDENTIFICATIONS,
            "verification": VERIFICATIONS,
        },
        "kinds": KINDS,
        "hedged_from": round(1000 * HEDGED),
        "docs": _documents(summary.documents),
        "sources": [
            [s.name, SOURCE_TYPES.index(s.source_type), IDENTIFICATIONS.index(s.identification), len(s.documents)]
            for s in summary.sources
        ],
        "weakest": [new[place] for place in summary.weakest],
        # Only where documents are shown otherwise than they are named: corrections must name them as the table does.
        "doc_ids": [row.doc_id for row in rows] if loose(table) else None,
        "key": "".join(row.key for row in rows),
        "text": [row.text("text") for row in rows],
        "index": [int(row.cells["sentence"]) for row in rows],
        "start": [row.start for row in rows],
        "end": [row.end for row in rows],
        "strength": _digits(rows, "strength", STRENGTHS),
        "source_type": _digits(rows, "source_type", SOURCE_TYPES),
        "identification": _digits(rows, "identification", IDENTIFICATIONS),
        "verification": _digits(rows, "verification", VERIFICATIONS),
        "review": "".join("1" if row.flag("needs_review") else "0" for row in rows),
        "p": [round(1e4 * (row.value(f"p_{name}") or 0.0)) for row in rows for name in STRENGTHS],
        "score": [-1 if (score := row.value("score")) is None else round(10 * score) for row in rows],
        "hedging": [round(1000 * (row.value("hedging") or 0.0)) for row in rows],
        "source": _sources(summary, new),
        "marks": [_marks(row.text("text"), found) for row, found in zip(rows, marks, strict=True)],
        "words": _words(rows, marks),
        "also": _also(rows),
        "links": _links(rows),
        "why": [_why(row, phrases) for row in rows],
        "phrases": list(phrases.places),
    }


def to_json(value: Any) -> str:
    r"""Write JSON that nothing in HTML can be mistaken for: without ``<``, ``>``, ``&`` and line separators.

    Examples
    --------
    >>> to_json(["</script>", 1])
    '["\\u003c/script\\u003e",1]'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _documents(documents: Sequence[DocumentSummary]) -> list[list[Any]]:
    first, found = 0, []
    for doc in documents:
        figures = doc.figures
        score = round(10 * figures.sourcing.score) if figures.sourcing else -1
        counts = [figures.strengths[name] for name in STRENGTHS]
        people = [figures.identifications["anonymous"], figures.n_hedged, figures.n_sources, figures.n_accountable]
        top = [figures.n_attributed, figures.n_top, figures.top_source]
        texts = [doc.id, "" if doc.title == doc.id else doc.title, doc.link, doc.details]
        found.append([*texts, first, len(doc.rows), score, counts, *people, *top, figures.n_review])
        first += len(doc.rows)
    return found


def _digits(rows: Sequence[ScoredRow], column: str, labels: Sequence[str]) -> str:
    digits = {label: str(place) for place, label in enumerate(labels)}
    return "".join(digits[row.cells[column]] for row in rows)


def _sources(summary: Summary, new: dict[int, int]) -> list[int]:
    found = [-1] * len(new)
    for number, source in enumerate(summary.sources):
        for place in source.rows:
            found[new[place]] = number
    return found


def _marks(text: str, marks: Sequence[Mark]) -> list[int] | int:
    """Give kind, start and end of each mark in one list; 0 where there are none."""
    wide = [place for place, character in enumerate(text) if character > "\uffff"] if not text.isascii() else []
    return [
        number
        for kind, start, end in marks
        for number in (KINDS.index(kind), start + bisect_left(wide, start), end + bisect_left(wide, end))
    ] or 0


def _words(rows: Sequence[ScoredRow], marks: Sequence[Sequence[Mark]]) -> dict[str, str]:
    """Give the sources that cannot be read off the marks: words that are not in their sentence to the letter."""
    found = {}
    for number, (row, spans) in enumerate(zip(rows, marks, strict=True)):
        text, source = row.text("text"), row.text("source")
        marked = next((text[start:end] for kind, start, end in spans if kind == "source"), "")
        if source != marked:
            found[str(number)] = source
    return found


def _also(rows: Sequence[ScoredRow]) -> dict[str, list[list[Any]]]:
    """Give the further sources of sentences that list several."""
    found = {}
    for number, row in enumerate(rows):
        listed = row.cells.get("attributions")
        if isinstance(listed, Sequence) and not isinstance(listed, str) and len(listed) > 1:
            found[str(number)] = [
                [a.get("source_name") or a.get("source") or "", a.get("source_type", ""), a.get("identification", "")]
                for a in listed[1:]
            ]
    return found


def _links(rows: Sequence[ScoredRow]) -> list[list[int]]:
    """Give pairs of sentences: one that is spoken of, and the one that holds the check."""
    where = {(row.doc_id, int(row.cells["sentence"])): number for number, row in enumerate(rows)}
    links = []
    for number, row in enumerate(rows):
        linked = linked_sentence(row, int(row.cells["sentence"]))
        holder = None if linked is None else where.get((row.doc_id, linked))
        if holder is not None and holder != number:
            links.append([number, holder])
    return links


def _why(row: ScoredRow, phrases: _Strings) -> list[int] | str:
    """Give each reason's phrase and hundredths in one list; the words themselves where they do not add up."""
    written = row.text("reasons")
    parts = parse_reasons(written)
    if parts is None:
        return written
    return [number for phrase, cents in parts for number in (phrases(phrase), cents)]
