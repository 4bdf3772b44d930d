"""Tables out, row by row: written beside the target and renamed.

So a half-written file never passes for a whole one.

What can be interrupted and gone on with is `scorer.unfinished`; this is for tables that are written in one go.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scorer.tables.encode import Layout, RowEncoder
from scorer.tables.files import CountedFile, StandardOutput, checked_target, is_regular, take_name, told
from scorer.tables.formats import parse_format
from scorer.tables.packed import STDIN


class TableWriter:
    """Writes rows; `open_writer` makes it.

    Parameters
    ----------
    stream : CountedFile or StandardOutput
        Open.
    layout : Layout
        Of the table; not Parquet.
    """

    def __init__(self, stream: CountedFile | StandardOutput, layout: Layout) -> None:
        self._stream, self._encoder = stream, RowEncoder(layout)
        # Written with the first rows: an error of writing must come where the caller's code can be ended by it.
        self._head = self._encoder.head()

    @property
    def closed_early(self) -> bool:
        """Whether the reader of standard output went away, so that not all rows were written."""
        return isinstance(self._stream, StandardOutput) and self._stream.closed_early

    def write_rows(self, rows: Iterable[Sequence[object]]) -> None:
        """Write rows.

        Parameters
        ----------
        rows : iterable of sequence
            As for `scorer.tables.encode.RowEncoder.rows`.

        Raises
        ------
        BrokenPipeError
            If nobody reads on; the context of `open_writer` ends quietly on it.
        ScorerError
            If the rows cannot be written, as on a full disk.
        """
        content = self._encoder.rows(list(rows))
        self._stream.write(self._taken_head() + content)

    def flush(self) -> None:
        """Hand what is written to the system, the header even without rows; raises as `write_rows` does."""
        self._stream.write(self._taken_head())
        if isinstance(self._stream, StandardOutput):
            self._stream.flush()
        else:
            self._stream.sync()

    def _taken_head(self) -> bytes:
        head, self._head = self._head, b""
        return head


@contextlib.contextmanager
def open_stream(name: str) -> Iterator[StandardOutput]:
    """Open what can only be written to: standard output (``-``), a device, a named pipe.

    When nobody reads it any more, the context ends quietly at that write.

    Raises
    ------
    ScorerError
        If it cannot be opened.
    """
    with contextlib.ExitStack() as stack:
        if name == STDIN:
            stream = StandardOutput(sys.stdout.buffer, "standard output")
            stack.callback(stream.silence)
        else:
            with told(name):
                # Unbuffered: what could not be written would fail once more as it is closed, and hide the error.
                opened = stack.enter_context(Path(name).open("wb", buffering=0))
            stream = StandardOutput(opened, name)
        try:
            yield stream
            stream.flush()
        except BrokenPipeError:
            if not stream.closed_early:
                raise


@contextlib.contextmanager
def open_writer(
    target: str | None,
    *,
    format: str,
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
    format : str
        One of `scorer.tables.FORMATS`, but not Parquet. CSV and TSV begin with a header line.
    columns : sequence of str
        Their names, in order.
    spreadsheet_safe : bool
        Whether an apostrophe goes before cells of CSV and TSV that a spreadsheet would run as a formula: those that
        begin with ``= + - @``, a tab or a line end and are no plain number. JSON Lines stay as they are.
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
    layout = Layout(parse_format(format), tuple(columns), spreadsheet_safe)
    if layout.format.kind == "parquet":
        raise ValueError("Parquet cannot be written row by row")
    if target is None or not is_regular(target):
        name = STDIN if target is None else target
        if name != STDIN:
            checked_target(name)
        with open_stream(name) as stream:
            writer = TableWriter(stream, layout)
            yield writer
            writer.flush()
        return
    path = checked_target(target, force)
    part = path.with_name(f".{path.name}.part")
    file = CountedFile(part, target)
    try:
        writer = TableWriter(file.open(), layout)
        yield writer
        writer.flush()
        file.close()
        take_name(part, path)
    except BaseException:
        file.close()
        part.unlink(missing_ok=True)
        raise
