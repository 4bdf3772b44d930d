"""Parts of the inputs: what is scored at a time, by whichever process, and what becomes of it.

The same inputs always give the same parts, so that a part has a number by which it is known in another run too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS, Row, score_documents, score_rows
from scorer.fingerprints import ReadDigest
from scorer.labels import STRENGTHS
from scorer.model import StrengthClassifier
from scorer.tables import Layout, RejectedRow, Rejects, RowEncoder, TableChunk, TableFormat

Unit = Literal["document", "sentence"]
UNITS: Final = ("document", "sentence")
PART_CHARS: Final = 250_000  # about 2,000 sentences: enough to keep a worker busy, little enough to see progress
_TYPES: Final = {
    **dict.fromkeys(("sentence", "start", "end", "source_id"), "int64"),
    **dict.fromkeys(("score", *(f"p_{name}" for name in STRENGTHS), "hedging", "confidence"), "float64"),
    **{"needs_review": "bool", "attributions": "attributions"},
}


class Part(NamedTuple):
    """Some rows that are scored together.

    Attributes
    ----------
    chunk : TableChunk
        The rows.
    before : dict of str to int
        For a document that is divided: how many of its sentences stood in earlier parts.
    rejects : Rejects
        What was set aside between the part before and the end of this one.
    read : str
        Digest of all that was read up to the end of this part.
    """

    chunk: TableChunk
    before: dict[str, int]
    rejects: Rejects
    read: str


class ScoredPart(NamedTuple):
    """What became of a part: the bytes of its output, its sentences, and the positions of rows that gave none."""

    content: bytes
    n_sentences: int
    empty: list[int]


def layout_of(columns: Sequence[str], format: TableFormat, spreadsheet_safe: bool) -> Layout:
    """Give the layout of an output: the caller's columns, then ours."""
    ours = LISTED_COLUMNS if format.listed else OUTPUT_COLUMNS
    types = {column: _TYPES.get(column, "string") for column in ours}
    return Layout(format, (*columns, *ours), spreadsheet_safe, types)


class RejectCollector:
    """Takes the rows that reading sets aside, until the part comes that they belong to."""

    def __init__(self, spreadsheet_safe: bool, on_reject: Callable[[RejectedRow], None] | None) -> None:
        self._safe, self._on_reject = spreadsheet_safe, on_reject
        self._held = Rejects(spreadsheet_safe)

    def __call__(self, row: RejectedRow) -> None:
        """Take one row."""
        self._held.add(row)
        if self._on_reject:
            self._on_reject(row)

    def taken(self) -> Rejects:
        """Give what was taken since the last call."""
        held, self._held = self._held, Rejects(self._safe)
        return held


def cut_parts(chunks: Iterator[TableChunk], unit: Unit, rejects: RejectCollector) -> Iterator[Part]:
    """Cut chunks of documents to parts of about `PART_CHARS` characters; chunks of sentences stay as they are.

    What is set aside behind the last chunk makes a last part, which has no rows.
    """
    digest = ReadDigest()
    chunk: TableChunk | None = None

    def part(chunk: TableChunk, before: dict[str, int]) -> Part:
        held = rejects.taken()
        return Part(chunk, before, held, digest.add(chunk, held))

    last, seen = "", 0
    for chunk in chunks:
        if unit == "sentence":
            # A very long document is divided: its sentences are counted on.
            goes_on = bool(chunk.doc_ids) and chunk.doc_ids[0] == last
            yield part(chunk, {last: seen} if goes_on else {})
            if chunk.doc_ids:
                seen = chunk.doc_ids.count(chunk.doc_ids[-1]) + (seen if goes_on and chunk.doc_ids[-1] == last else 0)
                last = chunk.doc_ids[-1]
            continue
        begin = size = 0
        for position, text in enumerate(chunk.texts):
            size += len(text)
            if size >= PART_CHARS:
                yield part(chunk.part(begin, position + 1), {})
                begin, size = position + 1, 0
        if begin < len(chunk.rows):
            yield part(chunk.part(begin, len(chunk.rows)), {})
    if chunk is not None and (held := rejects.taken()).count:
        none = chunk.part(0, 0)
        yield Part(none, {}, held, digest.add(none, held))


def score_part(
    model: StrengthClassifier,
    encoder: RowEncoder,
    listed: bool,
    unit: Unit,
    chunk: TableChunk,
    before: dict[str, int],
) -> ScoredPart:
    """Score the rows of a part.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    encoder : RowEncoder
        For the layout of the output.
    listed : bool
        Whether its cells can hold lists.
    unit : {"document", "sentence"}
        What a text is.
    chunk, before
        As in `Part`.
    """
    found: list[list[Row]]
    if unit == "document":
        found = list(score_documents(model, chunk.texts, listed=listed))
    else:
        found = [[row] for row in score_rows(model, chunk.texts, chunk.doc_ids, before, listed=listed)]
    rows = [(*cells, *row) for cells, some in zip(chunk.rows, found, strict=True) for row in some]
    return ScoredPart(encoder.rows(rows), len(rows), [position for position, some in enumerate(found) if not some])
