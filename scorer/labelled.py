"""Labelled sentences: read, check and write the text that the classifier learns from and is measured on.

Three forms are read. Our own TSV (``data/README.md``) is exact: no quoting, and spans with their offsets. CSV and JSONL
name spans by their words alone, and the words are looked up in the sentence. Text and strength are enough for training.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from scorer.errors import InputError
from scorer.labelled_check import check_labelled
from scorer.labelled_rows import LabelledRow, LabelledSentence

__all__ = ["COLUMNS", "LabelledSentence", "check_labelled", "read_labelled", "write_labelled"]

COLUMNS: Final = (
    *("doc", "order", "text", "strength", "source_type", "identification"),
    *("source", "source_at", "cue", "cue_at", "hedges", "hedges_at", "verification", "register", "domain"),
)
"""The columns of the TSV form, in order."""

_OF_SCORING: Final = frozenset({"p_not_a_claim", "reasons"})
"""Columns by which a table that ``scorer score`` wrote is known."""
_LABELS_OF_SCORED: Final = frozenset({"doc", "doc_id", "text", "strength", "register", "domain"})
"""What counts in such a table, its strengths corrected; who its sources are is what the rules found, and no label."""
_ESCAPES: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES: Final = {escape: character for character, escape in _ESCAPES.items()}


def read_labelled(paths: Sequence[str | Path]) -> list[LabelledSentence]:
    """Read labelled sentences from TSV, CSV and JSONL files.

    Parameters
    ----------
    paths : sequence of str or Path
        Files whose names end in ``.tsv``, ``.csv`` or ``.jsonl``. Columns that this package does not know are ignored;
        ``text`` and ``strength`` are required. A row with no document of its own is a document for itself; documents
        of one name in two files are two, and the later one gets the name of its file as well. Of a table
        that ``scorer score`` wrote, and somebody corrected, only document, text and strength count.

    Returns
    -------
    list of LabelledSentence
        In the order of the files and of their rows.

    Raises
    ------
    InputError
        If a file cannot be read or a cell is wrong. Rows are counted as a spreadsheet does: a header is row 1.
    """
    return [sentence for _, sentences in read_by_file(paths) for sentence in sentences]


def read_by_file(paths: Sequence[str | Path]) -> list[tuple[Path, list[LabelledSentence]]]:
    """Read labelled sentences file by file, as `read_labelled` does."""
    files: list[tuple[Path, list[LabelledSentence]]] = []
    taken: set[str] = set()
    for path in map(Path, paths):
        orders: dict[str, int] = {}
        sentences = [row.sentence(orders) for row in _rows(path)]
        # Files that number their documents from 1 do not mean the same ones.
        twice = taken.intersection(orders)
        if twice:
            sentences = [replace(s, doc=f"{s.doc} ({path.name})") if s.doc in twice else s for s in sentences]
        taken.update(orders)
        files.append((path, sentences))
    return files


def write_labelled(rows: Iterable[LabelledSentence], path: str | Path) -> None:
    """Write labelled sentences in the TSV form; the same sentences always give the same bytes.

    Parameters
    ----------
    rows : iterable of LabelledSentence
        What to write, in this order.
    path : str or Path
        The file, replaced if it is there. Its name should end in ``.tsv`` for `read_labelled` to know the form.
    """
    lines = [COLUMNS, *(_cells(row) for row in rows)]
    Path(path).write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8", newline="\n")


def _rows(path: Path) -> Iterator[LabelledRow]:
    readers = {".tsv": _tsv_rows, ".csv": _csv_rows, ".jsonl": _jsonl_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path.name}: not a labelled file by its name; use one of {', '.join(readers)}")
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    return reader(path, content)


def _tsv_rows(path: Path, content: str) -> Iterator[LabelledRow]:
    lines = content.replace("\r\n", "\n").removesuffix("\n").split("\n")
    return _table_rows(path, ([_unescape(cell) for cell in line.split("\t")] for line in lines))


def _csv_rows(path: Path, content: str) -> Iterator[LabelledRow]:
    return _table_rows(path, csv.reader(io.StringIO(content, newline=""), strict=True))


def _table_rows(path: Path, table: Iterator[list[str]]) -> Iterator[LabelledRow]:
    number = 1
    try:
        header = next(table, [])
        for column in ("text", "strength"):
            if header.count(column) != 1:
                found = "is there twice" if column in header else "not found"
                names = ", ".join(header)
                raise InputError(
                    f"{path.name}: column '{column}' {found}; columns are: {names}; {_remedy(column, header)}"
                )
        for number, cells in enumerate(table, 2):
            if cells in ([], [""]):
                continue
            if len(cells) != len(header):
                mend = (
                    "write a tab in a cell as \\t"
                    if path.suffix == ".tsv"
                    else "put cells with commas in quotation marks"
                )
                raise InputError(
                    f"{path.name}: row {number}: {len(cells)} fields, but the header has {len(header)}; {mend}"
                )
            yield LabelledRow(path, number, _labels(dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise InputError(f"{path.name}: after row {number}: not CSV: {error}; mend the quotation marks") from error


def _labels(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a scored row what is not its user's."""
    return {name: row[name] for name in _LABELS_OF_SCORED & row.keys()} if row.keys() >= _OF_SCORING else row


def _remedy(column: str, header: Sequence[str]) -> str:
    """Say how to mend a header without a column, or with one too many."""
    if column in header:
        return "rename one of them"
    near = next((name for name in header if name.strip().lower() == column), None)
    if near is not None:
        return f"rename '{near}' to '{column}'"
    if len(header) == 1 and (separator := next((mark for mark in ";\t|" if mark in header[0]), None)):
        return f"its fields are separated by {separator!r}: save it with commas"
    return "the sentences have to be in 'text' and their labels in 'strength'"


def _jsonl_rows(path: Path, content: str) -> Iterator[LabelledRow]:
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path.name}: row {number}: not JSON: {error}; write one object a line") from error
        if not isinstance(record, dict):
            raise InputError(f"{path.name}: row {number}: not a JSON object; write one object a line")
        record = _labels(record)
        hedges = record.pop("hedges", None) or []
        cells = {key: "" if value is None else str(value) for key, value in record.items()}
        row = LabelledRow(path, number, cells, hedges)
        if not isinstance(hedges, list) or not all(isinstance(hedge, str) for hedge in hedges):
            raise row.error("hedges", f"{hedges!r} is not a list of texts; write [] where there are none")
        yield row


def _cells(row: LabelledSentence) -> tuple[str, ...]:
    cells = {column: getattr(row, column, None) or "" for column in COLUMNS}
    cells["order"] = str(row.order)
    for column, spans in (("source", [row.source]), ("cue", [row.cue]), ("hedges", sorted(row.hedges))):
        given = [span for span in spans if span is not None]
        cells[column] = "|".join(row.text[span.start : span.end] for span in given)
        cells[f"{column}_at"] = "|".join(f"{span.start}-{span.end}" for span in given)
    return tuple(re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES[match[0]], cells[column]) for column in COLUMNS)


def _unescape(cell: str) -> str:
    return re.sub(r"\\[\\tnr]", lambda match: _UNESCAPES[match[0]], cell) if "\\" in cell else cell
