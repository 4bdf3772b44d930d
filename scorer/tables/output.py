"""Tables out: CSV or JSON Lines, written beside the target and renamed.

So a half-written file never passes for a whole one.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Literal

from scorer.errors import InputError, ScorerError
from scorer.tables.lines import STDIN

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, "CSV Injection"
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_PLAIN = {str, int, float, type(None)}  # what the csv module writes as it should


def _neutral(cell: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula; plain numbers stay."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _plain(cell: object) -> object:
    """Return what JSON can hold for a cell that it cannot: a Python number for a numpy one, else its str."""
    return cell.item() if hasattr(cell, "item") else str(cell)


def _csv_cell(cell: object) -> object:
    return cell if type(cell) in _PLAIN else json.dumps(cell, ensure_ascii=False, default=_plain)


class _Pieces(list[str]):
    """A list that the csv module can write its rows to."""

    write = list.append


class TableWriter:
    """Writes rows to an open binary stream; `open_writer` makes it.

    Attributes
    ----------
    closed_early : bool
        Whether the reader of standard output went away (``| head``), so that not all rows were written.
    failed : bool
        Whether writing failed in another way.
    """

    def __init__(self, stream: IO[bytes], name: str, format: str, columns: Sequence[str], spreadsheet_safe: bool):
        self.closed_early = self.failed = False
        self._stream, self._name, self._columns, self._safe = stream, name, tuple(columns), spreadsheet_safe
        self._pieces = _Pieces()
        self._csv = csv.writer(self._pieces, lineterminator="\n")
        self._json = json.JSONEncoder(ensure_ascii=False, default=_plain)
        self._text = self._csv_text if format == "csv" else self._json_text
        # Written with the first rows: an error of writing must come where the caller's code can be ended by it.
        self._head = self._csv_text([self._columns]).encode() if format == "csv" else b""

    def _csv_text(self, rows: Iterable[Sequence[object]]) -> str:
        rows = [tuple(map(_neutral, row)) for row in rows] if self._safe else list(rows)
        if not set(map(type, chain.from_iterable(rows))) <= _PLAIN:
            rows = [tuple(map(_csv_cell, row)) for row in rows]
        self._csv.writerows(rows)
        text = "".join(self._pieces)
        self._pieces.clear()
        if "\r" in text:
            # Before Python 3.13 the csv module quotes a lone CR only where it is part of the row end; without quotes it
            # would be read back as one.
            csv.writer(self._pieces, lineterminator="\r\n").writerows(rows)
            text = "".join([piece[:-2] + "\n" for piece in self._pieces])
            self._pieces.clear()
        return text

    def _json_text(self, rows: Iterable[Sequence[object]]) -> str:
        encode, columns = self._json.encode, self._columns
        return "".join([encode(dict(zip(columns, row, strict=True))) + "\n" for row in rows])

    def write_rows(self, rows: Iterable[Sequence[object]]) -> None:
        """Write rows.

        Parameters
        ----------
        rows : iterable of sequence
            Each with a cell per column. In CSV, None is an empty cell and what is neither str nor number is written as
            JSON; in JSON Lines, each cell is a JSON value.

        Raises
        ------
        BrokenPipeError
            If nobody reads on; the context of `open_writer` ends quietly on it.
        ScorerError
            If the rows cannot be written, as on a full disk.
        """
        content = self._text(rows).encode()
        with self._told():
            self._stream.write(self._taken_head() + content)

    def flush(self) -> None:
        """Hand what is written to the system, the header even without rows; raises as `write_rows` does."""
        with self._told():
            self._stream.write(self._taken_head())
            self._stream.flush()

    def _taken_head(self) -> bytes:
        head, self._head = self._head, b""
        return head

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            self.closed_early = True
            raise
        except OSError as error:
            self.failed = True
            raise ScorerError(f"{self._name} cannot be written: {error.strerror}") from error


def _silence_standard_output() -> None:
    """Send it nowhere: Python flushes it once more as it exits, and would complain there of what it could not write."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, sys.stdout.fileno())
        finally:
            os.close(nowhere)


@contextlib.contextmanager
def _renamed_at_end(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.part")
    try:
        with _written(part) as stream:
            yield stream
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def open_for_writing(path: Path) -> IO[bytes]:
    """Open a file to write bytes to; a `ScorerError` tells why it cannot be."""
    try:
        return path.open("wb")
    except OSError as error:
        raise ScorerError(f"{path} cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    stream = open_for_writing(path)
    try:
        yield stream
    finally:
        # What could not be written is still in the buffer, fails once more here, and would hide the error that told it;
        # without an error the writer has flushed, and nothing is left.
        with contextlib.suppress(OSError):
            stream.close()


def _target(name: str, force: bool) -> contextlib.AbstractContextManager[IO[bytes]]:
    if name == STDIN:
        return contextlib.nullcontext(sys.stdout.buffer)
    path = Path(name).resolve()  # of a link, what it points to is replaced, not the link
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise InputError(f"{name} is a folder; give the name of a file")
        return _written(path)
    if path.exists() and not force:
        raise InputError(f"{name} exists; give another name, or --force to replace it")
    if not path.parent.is_dir():
        raise InputError(f"{name}: there is no folder {path.parent}")
    return _renamed_at_end(path)


@contextlib.contextmanager
def open_writer(
    target: str | None,
    *,
    format: Literal["csv", "jsonl"],
    columns: Sequence[str],
    spreadsheet_safe: bool = False,
    force: bool = True,
) -> Iterator[TableWriter]:
    """Open a table for writing, in UTF-8 and with LF line ends.

    A file is written under the name ``.NAME.part`` beside the target, takes the target's name when the context ends,
    and is removed when it ends by an exception. What exists and is no regular file, such as ``/dev/null`` or a named
    pipe, is written to directly. When nobody reads standard output any more, the context ends quietly at that write.

    Parameters
    ----------
    target : str or None
        A path; None or ``-`` is standard output.
    format : {"csv", "jsonl"}
        CSV begins with a header line.
    columns : sequence of str
        Their names, in order.
    spreadsheet_safe : bool
        Whether an apostrophe goes before CSV cells that a spreadsheet would run as a formula: those that begin with
        ``= + - @``, a tab or a line end and are no plain number. JSON Lines stay as they are.
    force : bool
        Whether to replace a file that exists.

    Yields
    ------
    TableWriter
        Its `write_rows` takes the rows.

    Raises
    ------
    InputError
        If the target exists and is not to be replaced, or its folder does not exist.
    ScorerError
        If it cannot be written.
    """
    if format not in ("csv", "jsonl"):
        raise ValueError(f"format must be 'csv' or 'jsonl', not {format!r}")
    name = STDIN if target is None else target
    with _target(name, force) as stream:
        writer = TableWriter(stream, "standard output" if name == STDIN else name, format, columns, spreadsheet_safe)
        try:
            yield writer
            writer.flush()
        except BrokenPipeError:
            if not writer.closed_early:
                raise
        finally:
            if name == STDIN and (writer.closed_early or writer.failed):
                _silence_standard_output()
