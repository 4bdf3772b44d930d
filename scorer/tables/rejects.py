"""The errors file: the rows that were set aside, each with its place and the reason.

Rows are set aside as the inputs are read, which with several processes is ahead of what is written. They wait until the
part of the table that they were read with is written, so that the errors file is the same for any number of processes,
and can be cut back to any part.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

from scorer.tables.encode import Layout, RowEncoder
from scorer.tables.files import CountedFile, told
from scorer.tables.formats import TableFormat
from scorer.tables.rows import RejectedRow

REJECT_COLUMNS: Final = ("file", "row", "column", "reason", "text")
_IN_MEMORY: Final = 1 << 22  # bytes; a file of nothing but bad rows must not fill the memory
_PIECE_BYTES: Final = 1 << 20


def encode_rejects(rows: list[RejectedRow], spreadsheet_safe: bool = False) -> bytes:
    """Give the lines of the errors file for rows that were set aside."""
    encoder = RowEncoder(Layout(TableFormat("csv"), REJECT_COLUMNS, spreadsheet_safe))
    return encoder.rows([row[: len(REJECT_COLUMNS)] for row in rows])


class Rejects:
    """Rows that wait to be written to the errors file; many of them wait on disk.

    Attributes
    ----------
    count, crc : int
        How many, and the CRC-32 of all that they say.
    """

    def __init__(self, spreadsheet_safe: bool = False) -> None:
        self.count = self.crc = 0
        self._safe = spreadsheet_safe
        self._rows: list[RejectedRow] = []
        self._spool: IO[bytes] | None = None

    def add(self, row: RejectedRow) -> None:
        """Take one more row."""
        self.count += 1
        self.crc = zlib.crc32(repr(row).encode("utf-8", "replace"), self.crc)
        self._rows.append(row)
        if len(self._rows) >= 1000:
            with told("the folder for temporary files"):
                self._spool = self._spool or tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
                self._spool.write(encode_rejects(self._rows, self._safe))
            self._rows = []

    def pieces(self) -> Iterator[bytes]:
        """Give the lines of all rows, piece by piece, once."""
        if self._spool:
            with closing(self._spool) as spool:
                spool.seek(0)
                while piece := spool.read(_PIECE_BYTES):
                    yield piece
            self._spool = None
        if self._rows:
            yield encode_rejects(self._rows, self._safe)


class RejectFile:
    """The errors file while it is written.

    It stands under its own name from the first row on and stays when the run ends by an error: it says what was wrong.

    Parameters
    ----------
    path : str or None
        Its name; None keeps nothing.
    always : bool
        Whether to write the header even when no row is set aside; otherwise there is no file then.
    spreadsheet_safe : bool
        As for `scorer.tables.open_writer`.
    """

    def __init__(self, path: str | None, *, always: bool = False, spreadsheet_safe: bool = False) -> None:
        self._always, self._safe = always, spreadsheet_safe
        self.file = CountedFile(Path(path), path) if path is not None else None

    def open(self, size: int = 0, crc: int = 0) -> None:
        """Go on behind the first `size` bytes, whose checksum is `crc`; raises a `ScorerError` if it cannot."""
        if self.file and (size or self._always):
            self.file.open(size, crc)
            if not size:
                self.file.write(self._head())

    def write(self, rejects: Rejects) -> None:
        """Write rows."""
        if self.file and rejects.count:
            if not self.file.is_open:
                self.file.open()
                self.file.write(self._head())
            for piece in rejects.pieces():
                self.file.write(piece)

    def close(self) -> None:
        """Finish the file, if there is one; raises a `ScorerError` if it cannot be written."""
        if self.file:
            try:
                self.file.sync()
            finally:
                self.file.close()

    def _head(self) -> bytes:
        return RowEncoder(Layout(TableFormat("csv"), REJECT_COLUMNS, self._safe)).head()


class RejectWriter:
    """Writes each row as it comes; `open_rejects` makes it.

    Attributes
    ----------
    count : int
        How many it has taken.
    """

    def __init__(self, file: RejectFile, spreadsheet_safe: bool) -> None:
        self.count = 0
        self._file, self._safe = file, spreadsheet_safe

    def __call__(self, row: RejectedRow) -> None:
        """Write one row."""
        self.count += 1
        rejects = Rejects(self._safe)
        rejects.add(row)
        self._file.write(rejects)


@contextmanager
def open_rejects(path: str | None, *, always: bool = False, spreadsheet_safe: bool = False) -> Iterator[RejectWriter]:
    """Open an errors file that is written row by row, in one go; the parameters are those of `RejectFile`.

    Yields
    ------
    RejectWriter
        To be called with each `RejectedRow`.

    Raises
    ------
    ScorerError
        If the file cannot be written.
    """
    file = RejectFile(path, always=always, spreadsheet_safe=spreadsheet_safe)
    file.open()
    with closing(file):
        yield RejectWriter(file, spreadsheet_safe)
