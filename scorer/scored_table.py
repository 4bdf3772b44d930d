"""Read what ``scorer score`` wrote: its rows with their documents and keys, for report, corrections and comparisons.

All that follows scoring reads the file here, so that a sentence has the same document and key everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from scorer.errors import InputError
from scorer.labels import STRENGTHS
from scorer.sentence_keys import sentence_keys
from scorer.tables import RejectedRow, read_chunks

NEEDED: Final = ("sentence", "start", "end", "text", "strength", "score", *(f"p_{name}" for name in STRENGTHS))
"""Columns without which a table was not scored."""


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One sentence of a scored table.

    Attributes
    ----------
    number : int
        Number of its row among the data rows of the file, from 1.
    doc_id : str
        Its document; see `ScoredTable`.
    start, end : int
        Its place in the text of the document.
    key : str
        From `scorer.sentence_keys`; no two rows of a table have the same.
    cells : mapping
        All columns: str from CSV, JSON values from JSON Lines and Parquet.
    """

    number: int
    doc_id: str
    start: int
    end: int
    key: str
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return a cell as text; empty where there is none."""
        cell = self.cells.get(column)
        if isinstance(cell, str):
            return cell
        return "" if cell is None else json.dumps(cell, ensure_ascii=False, default=str)

    def value(self, column: str) -> float | None:
        """Return a cell as a number; None where it is empty, not there, or no number."""
        cell = self.cells.get(column)
        try:
            return None if cell is None or cell == "" else float(cell)
        except (TypeError, ValueError):
            return None

    def flag(self, column: str) -> bool:
        """Tell whether a cell says true."""
        return str(self.cells.get(column)).strip().lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class ScoredTable:
    """A scored table.

    Attributes
    ----------
    name : str
        The file's name, without its folder.
    sha256 : str
        Of the file's bytes.
    columns : tuple of str
        In the order of the file, but for ``text``, which comes last.
    rows : list of ScoredRow
        In the order of the file. The document of each is what stands in the document column; where that says nothing,
        or the numbers of its sentences begin again, a new document begins, and is told apart by a number:
        ``document-3`` for the third of the table, ``art-1 (2)`` for the second of that name.
    doc_column : str or None
        The column that names documents; None if there is none.
    """

    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: list[ScoredRow]
    doc_column: str | None

    def documents(self) -> dict[str, list[ScoredRow]]:
        """Give the rows of each document, both in the order of the table."""
        found: dict[str, list[ScoredRow]] = {}
        for row in self.rows:
            found.setdefault(row.doc_id, []).append(row)
        return found


def read_scored(path: str | Path, *, doc_column: str | None = None) -> ScoredTable:
    """Read a table that ``scorer score`` wrote.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, JSON Lines or Parquet.
    doc_column : str, optional
        The column that names documents; by default ``doc_id``, if there is one.

    Returns
    -------
    ScoredTable
        All of it: memory grows with the file.

    Raises
    ------
    InputError
        If it cannot be read, lacks a column that scoring writes, or has a damaged row.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    columns: tuple[str, ...] = ()
    numbers: list[int] = []
    cells: list[dict[str, Any]] = []
    for chunk in read_chunks([str(path)], text_column="text", doc_column=None, on_reject=_refuse(path)):
        if not columns:
            columns = (*chunk.columns, "text")
            _check_columns(path, columns, doc_column)
        numbers += chunk.numbers
        cells += [
            dict(zip(columns, (*row, text), strict=True)) for row, text in zip(chunk.rows, chunk.texts, strict=True)
        ]
    if doc_column is None and "doc_id" in columns:
        doc_column = "doc_id"
    places = [_places(path, number, row) for number, row in zip(numbers, cells, strict=True)]
    ids = list(_doc_ids([row.get(doc_column) if doc_column else None for row in cells], [at[0] for at in places]))
    starts, ends = [at[1] for at in places], [at[2] for at in places]
    keys = sentence_keys(zip(ids, starts, ends, [row["text"] for row in cells], strict=True))
    rows = list(map(ScoredRow, numbers, ids, starts, ends, keys, cells))
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return ScoredTable(path.name, digest, columns, rows, doc_column)


def _refuse(path: Path) -> Any:
    def refuse(row: RejectedRow) -> None:
        column = f", column '{row.column}'" if row.column else ""
        raise InputError(f"{path.name}: row {row.row}{column}: {row.reason}; give the file as scorer score wrote it")

    return refuse


def _check_columns(path: Path, columns: Sequence[str], doc_column: str | None) -> None:
    lacking = [column for column in NEEDED if column not in columns]
    if lacking:
        raise InputError(f"{path.name} has no column '{lacking[0]}': it is not what scorer score wrote; score it first")
    if doc_column is not None and doc_column not in columns:
        raise InputError(f"{path.name} has no column '{doc_column}'; its columns are: {', '.join(columns)}")


def _places(path: Path, number: int, row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return the number of a sentence in its document, its start and its end."""
    try:
        index, start, end = (int(row[column]) for column in ("sentence", "start", "end"))
    except (TypeError, ValueError):
        raise InputError(
            f"{path.name}: row {number}: sentence, start and end are not whole numbers; give the file as scorer score "
            "wrote it"
        ) from None
    if row["strength"] not in STRENGTHS:
        raise InputError(
            f"{path.name}: row {number}, column 'strength': {row['strength']!r} is not a strength; use one of "
            f"{', '.join(STRENGTHS)}"
        )
    return index, start, end


def _doc_ids(named: Sequence[Any], indices: Sequence[int]) -> Iterator[str]:
    """Give each row's document, told apart where one name stands for several, and made up where there is none."""
    last: dict[str, int] = {}
    times: dict[str, int] = {}
    documents = 0
    made = ""
    for cell, index in zip(named, indices, strict=True):
        name = cell if isinstance(cell, str) else "" if cell is None else json.dumps(cell, default=str)
        if not name and (not made or index <= last[made]):
            documents += 1
            made = f"document-{documents}"
        elif name:
            made = ""
            if index <= last.get(name, index):
                times[name] = times.get(name, 0) + 1
                documents += 1
        last[name or made] = index
        yield f"{name} ({times[name]})" if times.get(name, 1) > 1 else name or made
