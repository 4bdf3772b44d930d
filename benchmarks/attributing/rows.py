"""Labelled rows as the benchmark takes them, and what a reader says of each.

Spans are compared by their words, so that a row needs no offsets; a field that a row does not label is None.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from attributing.readers import LearntReader
from scorer.errors import InputError
from scorer.evaluate import by_document, sentences_of
from scorer.labelled import LabelledSentence, read_labelled
from scorer.reading import Reader, Reading
from scorer.records import Span


class Row(NamedTuple):
    """One labelled sentence; spans by their words, "" where there is none, None where nobody labelled it."""

    doc: str
    order: int
    text: str
    source: str | None
    cue: str | None
    source_type: str | None
    identification: str | None
    verification: str | None


class Found(NamedTuple):
    """What somebody says of a sentence; the fields of a row, and for the classes of errors how it was found.

    ``links`` are the sources of the sentence's other attributions, ``antecedent`` tells whether an earlier sentence
    named the source, ``cues`` are where report cues stand, each with its category.
    """

    source: str = ""
    cue: str = ""
    source_type: str | None = None
    identification: str | None = None
    verification: str | None = None
    category: str = ""
    content: str = ""
    links: tuple[str, ...] = ()
    antecedent: bool = False
    cues: tuple[tuple[int, int, str], ...] = ()


def read_rows(path: Path) -> list[Row]:
    """Read a labelled file, documents together: JSONL with as few labels as it has, or a table of `scorer.labelled`."""
    if path.suffix.lower() == ".jsonl":
        return by_document(_jsonl_rows(path))
    return [_row(sentence) for sentence in by_document(read_labelled([path]))]


def _jsonl_rows(path: Path) -> list[Row]:
    rows: list[Row] = []
    next_order: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
            text = cells["text"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise InputError(f"{path.name}: row {number}: not a labelled row: {error!r}") from error
        doc = str(cells.get("doc") or f"{path.name}:{number}")
        order = int(cells.get("order", next_order.get(doc, 0)))
        next_order[doc] = order + 1
        labels = (cells.get(field) for field in ("source", "cue", "source_type", "identification", "verification"))
        rows.append(Row(doc, order, text, *labels))
    return rows


def _row(sentence: LabelledSentence) -> Row:
    labelled = sentence.source_type is not None
    return Row(
        sentence.doc,
        sentence.order,
        sentence.text,
        _words(sentence.text, sentence.source) if labelled else None,
        _words(sentence.text, sentence.cue) if labelled else None,
        sentence.source_type,
        sentence.identification,
        sentence.verification,
    )


def _words(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span is not None else ""


def read_all(reader: Reader | LearntReader, rows: Sequence[Row]) -> list[Found]:
    """Read rows, documents together."""
    return [_found(reading) for reading in reader.read(sentences_of(rows))]


def _found(reading: Reading) -> Found:
    text = reading.sentence.text
    cues = tuple(
        (cue.start, cue.end, cue.category.partition(".")[2])
        for cue in reading.cues
        if cue.category.startswith("report.")
    )
    status = reading.check.status
    if not reading.attributions:
        return Found("", "", "none", "none", status, cues=cues)
    first, *others = reading.attributions
    return Found(
        _words(text, first.source),
        _words(text, first.cue),
        first.source_type,
        first.identification,
        status,
        first.category,
        first.content,
        tuple(_words(text, other.source) for other in others if other.source is not None),
        first.antecedent is not None,
        cues,
    )
