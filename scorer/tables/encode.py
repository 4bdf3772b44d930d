"""Rows to the bytes of a file: CSV, TSV, JSON Lines, and the pieces that Parquet is made from.

Rows are encoded part by part, and the bytes of the parts put one behind the other are the table; so each process can
encode the rows that it has scored, and a file can be cut off behind any part and gone on with.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from scorer.tables.formats import TableFormat, packer

# OWASP, "CSV Injection"; also behind what a program may strip first: white space, invisible marks, quotation marks.
_FORMULA: Final = re.compile('[\\s"\ufeff\u200b\u2060]*+[=+\\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n]')
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_PLAIN: Final = {str, int, float, type(None)}  # what the csv module writes as it should


def _neutral(cell: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula; plain numbers stay."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def plain(cell: object) -> object:
    """Return what JSON can hold for a cell that it cannot: a Python number for a numpy one, else its str."""
    return cell.item() if hasattr(cell, "item") else str(cell)


def _csv_cell(cell: object) -> object:
    return cell if type(cell) in _PLAIN else json.dumps(cell, ensure_ascii=False, default=plain)


class _Pieces(list[str]):
    """A list that the csv module can write its rows to."""

    write = list.append


class Layout(NamedTuple):
    """All that decides how rows become bytes; small, so that it can be sent to other processes.

    Attributes
    ----------
    format : TableFormat
        How the table is written.
    columns : tuple of str
        In order.
    spreadsheet_safe : bool
        Whether an apostrophe goes before cells of CSV and TSV that a spreadsheet would run as a formula.
    types : mapping of str to str
        For Parquet: the types of columns that have one whatever their cells are; `scorer.tables.parquet_out.TYPES`
        names them. Those of the others follow from their cells.
    """

    format: TableFormat
    columns: tuple[str, ...]
    spreadsheet_safe: bool = False
    types: Mapping[str, str] = {}


class RowEncoder:
    """Encodes rows for one layout.

    Parameters
    ----------
    layout : Layout
        Of the table.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._pack = packer(layout.format.packing)
        self._pieces = _Pieces()
        self._delimiter = "\t" if layout.format.kind == "tsv" else ","
        self._csv = csv.writer(self._pieces, delimiter=self._delimiter, lineterminator="\n")
        self._json = json.JSONEncoder(ensure_ascii=False, default=plain)

    def head(self) -> bytes:
        """Return what the table begins with: the names of its columns, where the format puts them there."""
        if self._layout.format.kind in ("csv", "tsv"):
            return self._pack(self._csv_text([self._layout.columns]).encode())
        # A packed file of no pieces at all would be none that can be unpacked.
        return self._pack(b"") if self._layout.format.packing else b""

    def rows(self, rows: Sequence[Sequence[object]]) -> bytes:
        """Return the bytes of some rows, each with a cell per column; none for no rows.

        In CSV and TSV, None is an empty cell and what is neither str nor number is written as JSON; in JSON Lines, each
        cell is a JSON value.
        """
        if not rows:
            return b""
        kind = self._layout.format.kind
        if kind == "parquet":
            from scorer.tables.parquet_out import segment

            return segment(self._layout.columns, rows, self._layout.types)
        return self._pack((self._json_text(rows) if kind == "jsonl" else self._csv_text(rows)).encode())

    def _csv_text(self, rows: Iterable[Sequence[object]]) -> str:
        rows = [tuple(map(_neutral, row)) for row in rows] if self._layout.spreadsheet_safe else list(rows)
        if not set(map(type, chain.from_iterable(rows))) <= _PLAIN:
            rows = [tuple(map(_csv_cell, row)) for row in rows]
        self._csv.writerows(rows)
        text = "".join(self._pieces)
        self._pieces.clear()
        if "\r" in text:
            # Before Python 3.13 the csv module quotes a lone CR only where it is part of the row end; without quotes it
            # would be read back as one.
            csv.writer(self._pieces, delimiter=self._delimiter, lineterminator="\r\n").writerows(rows)
            text = "".join([piece[:-2] + "\n" for piece in self._pieces])
            self._pieces.clear()
        return text

    def _json_text(self, rows: Iterable[Sequence[object]]) -> str:
        encode, columns = self._json.encode, self._layout.columns
        return "".join([encode(dict(zip(columns, row, strict=True))) + "\n" for row in rows])
