"""The errors file: the rows that were set aside, each with its place and the reason."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from scorer.tables.output import TableWriter, open_for_writing
from scorer.tables.rows import RejectedRow

REJECT_COLUMNS = ("file", "row", "column", "reason", "text")


class RejectWriter:
    """Takes the rows that `read_chunks` sets aside; `open_rejects` makes it.

    Attributes
    ----------
    count : int
        How many it has taken.
    """

    def __init__(self, path: str | None, spreadsheet_safe: bool):
        self.count = 0
        self._path, self._safe = path, spreadsheet_safe
        self._stream: IO[bytes] | None = None
        self._writer: TableWriter | None = None

    def open(self) -> None:
        """Begin the file, unless that is done."""
        if self._path is not None and self._writer is None:
            self._stream = open_for_writing(Path(self._path))
            self._writer = TableWriter(self._stream, self._path, "csv", REJECT_COLUMNS, self._safe)

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._writer and self._stream:
            try:
                self._writer.flush()
            finally:
                with contextlib.suppress(OSError):
                    self._stream.close()

    def __call__(self, row: RejectedRow) -> None:
        """Write one row."""
        self.count += 1
        self.open()
        if self._writer:
            self._writer.write_rows([row[: len(REJECT_COLUMNS)]])


@contextlib.contextmanager
def open_rejects(path: str | None, *, always: bool = False, spreadsheet_safe: bool = False) -> Iterator[RejectWriter]:
    """Open the errors file: CSV with the columns file, row, column, reason and text.

    Unlike the scored table it keeps what it has when the context ends by an exception: it says what went wrong.

    Parameters
    ----------
    path : str or None
        Where it goes; None only counts.
    always : bool
        Whether to write the header even when no row is set aside; otherwise there is no file then.
    spreadsheet_safe : bool
        As for `open_writer`.

    Yields
    ------
    RejectWriter
        To be called with each `RejectedRow`.

    Raises
    ------
    ScorerError
        If the file cannot be written.
    """
    writer = RejectWriter(path, spreadsheet_safe)
    if always:
        writer.open()
    with contextlib.closing(writer):
        yield writer
