"""What a run writes, kept so that it can be gone on with when it was interrupted, at any moment and in any way.

Beside the output ``NAME`` stand ``.NAME.part``, what is written so far, and ``.NAME.journal``, which tells how far that
can be trusted. A run that goes on cuts the part and the errors file back to there. When all is written, the part takes
the output's name and the journal is removed.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self

from scorer.errors import InputError, ScorerError
from scorer.journal import Checkpoint, Journal, difference
from scorer.tables import Layout, RejectFile, Rejects, RowEncoder
from scorer.tables.files import CountedFile, StandardOutput, checked_target, is_regular, take_name, told
from scorer.tables.inputs import find_sources
from scorer.tables.output import open_stream
from scorer.tables.packed import STDIN
from scorer.tables.parquet_out import write_parquet

Unfinished = Literal["refuse", "resume", "restart"]
UNFINISHED: Final = ("refuse", "resume", "restart")
SECONDS: Final = 1.0  # between checkpoints; a kill costs no more work than that
_SHARE: Final = 0.02  # of the time, at most, for checkpoints on a slow disk


class Stream:
    """An output that can only be written to: standard output, a device, a named pipe."""

    def __init__(self, name: str, rejects: RejectFile) -> None:
        self.kept = Checkpoint()
        if name != STDIN:
            checked_target(name)
        self._context, self._rejects = open_stream(name), rejects
        self._stream: StandardOutput | None = None

    def __enter__(self) -> Self:
        self._stream = self._context.__enter__()
        return self

    def begin(self, run: Mapping[str, Any]) -> Checkpoint:
        """Go on with nothing."""
        return Checkpoint()

    def open(self, layout: Layout) -> None:
        """Begin with the header; it is handed on with the first rows."""
        if layout.format.kind == "parquet":
            raise InputError("Parquet cannot be written to standard output or a pipe; give -o OUT.parquet")
        self._rejects.open()
        self.put(RowEncoder(layout).head(), Rejects(), self.kept)

    def put(self, content: bytes, rejects: Rejects, state: Checkpoint) -> None:
        """Write the bytes of a part, and what was set aside with it."""
        if self._stream:
            self._rejects.write(rejects)
            self.kept = state
            self._stream.write(content)

    def finish(self) -> None:
        """See to it that all is handed on."""
        if self._stream:
            self._stream.flush()

    def __exit__(self, *error: Any) -> bool:
        try:
            return bool(self._context.__exit__(*error))
        finally:
            self._rejects.close()


class KeptFile:
    """An output file, with the part and the journal beside it.

    Parameters
    ----------
    name : str
        The output, as the caller named it.
    rejects : RejectFile
        The errors file.
    unfinished : {"refuse", "resume", "restart"}
        What to do if an interrupted run stands there.

    Attributes
    ----------
    kept : Checkpoint
        How far the run is.

    Raises
    ------
    InputError
        If the file cannot be written, or an interrupted run stands there and is to be refused.
    """

    def __init__(self, name: str, rejects: RejectFile, unfinished: Unfinished) -> None:
        self.kept = Checkpoint()
        self._name, self._rejects, self._unfinished = name, rejects, unfinished
        self._path = checked_target(name)
        self._part = self._path.with_name(f".{self._path.name}.part")
        self._journal_path = self._path.with_name(f".{self._path.name}.journal")
        self._file = CountedFile(self._part, name)
        self._journal: Journal | None = None
        self._layout: Layout | None = None
        self._next = 0.0
        if unfinished == "refuse":
            self._refuse(Journal.look(self._journal_path, name))

    def _refuse(self, found: Checkpoint | None) -> None:
        if found and found.parts and self._part.exists():
            raise InputError(
                f"{self._name}: an interrupted run of {found.sentences:,} sentences is kept beside it; --resume goes "
                "on with it, --restart drops it"
            )

    def begin(self, run: Mapping[str, Any]) -> Checkpoint:
        """Find out how far an earlier run of this kind came; nothing is changed yet.

        Parameters
        ----------
        run : mapping
            All that decides what the output is, but for what is read, under names that the user knows.

        Raises
        ------
        InputError
            If the earlier run was another one, or its files are not as it left them.
        """
        self._journal = Journal(self._journal_path, self._name)
        last = self._journal.last
        if self._unfinished == "refuse":
            self._refuse(last)
        moved = last.done and not self._part.exists()
        if moved and self._unfinished == "resume" and self._is_output(last):
            return last
        if self._journal.run is not None and last.parts and self._unfinished == "resume" and not moved:
            if changed := difference(self._journal.run, run):
                raise InputError(
                    f"{self._name}: the interrupted run cannot be gone on with, since {changed}; undo that, or give "
                    "--restart to begin anew"
                )
            self._check(self._file, last.output_size, last.output_crc)
            if self._rejects.file and last.errors_size and is_regular(str(self._rejects.file.path)):
                self._check(self._rejects.file, last.errors_size, last.errors_crc)
            return last
        self._journal.begin(run)
        return Checkpoint()

    def _is_output(self, last: Checkpoint) -> bool:
        whole = CountedFile(self._path, self._name)
        return self._path.is_file() and (
            self._path.suffix.lower() == ".parquet" or whole.holds(last.output_size, last.output_crc)
        )

    def _check(self, file: CountedFile, size: int, crc: int) -> None:
        if not file.holds(size, crc):
            raise InputError(
                f"{self._name}: the interrupted run cannot be gone on with, since {file.path} is not as it was left; "
                "put it back, or give --restart to begin anew"
            )

    def open(self, layout: Layout) -> None:
        """Go on where `begin` said; from here on, files are changed."""
        last = self._journal.last if self._journal else Checkpoint()
        self._layout, self.kept = layout, last
        if last.done and not self._part.exists():
            return
        self._file.open(last.output_size, last.output_crc)
        self._rejects.open(last.errors_size, last.errors_crc)
        if not last.output_size:
            self._file.write(RowEncoder(layout).head())
        self._next = time.monotonic() + SECONDS

    def put(self, content: bytes, rejects: Rejects, state: Checkpoint) -> None:
        """Write the bytes of a part, and what was set aside with it; note how far the run is then."""
        self._file.write(content)
        self._rejects.write(rejects)
        self.kept = self._sized(state)
        if time.monotonic() >= self._next:
            self._note(self.kept)

    def _sized(self, state: Checkpoint) -> Checkpoint:
        errors = self._rejects.file
        return state._replace(
            output_size=self._file.size,
            output_crc=self._file.crc,
            errors_size=errors.size if errors else 0,
            errors_crc=errors.crc if errors else 0,
        )

    def _note(self, state: Checkpoint) -> None:
        """Put all that is written on the disk, and then the news that it is there."""
        began = time.monotonic()
        self._file.sync()
        if self._rejects.file:
            self._rejects.file.sync()
        if self._journal:
            self._journal.add(state)
        now = time.monotonic()
        self._next = now + max(SECONDS, (now - began) / _SHARE)

    def finish(self) -> None:
        """Give the whole output its name."""
        if self._journal is None or self._layout is None:
            raise RuntimeError("the run was not begun")
        if self._part.exists():
            self._note(self._sized(self.kept)._replace(done=True))
            self._file.close()
            if self._layout.format.kind == "parquet":
                self._make_parquet(self._layout)
            else:
                take_name(self._part, self._path)
        self._rejects.close()
        self._journal.remove()
        self._journal = None

    def _make_parquet(self, layout: Layout) -> None:
        made = self._path.with_name(f".{self._path.name}.made")
        try:
            with told(self._name):
                write_parquet(self._part, made, layout.columns, layout.types)
                with made.open("rb") as stream:
                    os.fsync(stream.fileno())
            take_name(made, self._path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
        self._part.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        journal = self._journal
        if journal is None:  # finished, or refused before anything was touched
            return
        if self._layout is not None and self.kept.parts > journal.last.parts:
            with contextlib.suppress(ScorerError):
                self._note(self.kept)
        self._file.close()
        with contextlib.suppress(ScorerError):
            self._rejects.close()
        if journal.last.parts:
            journal.close()
            if error is not None and self._layout is not None:
                _tell_of(error, journal.last)
        else:  # nothing that would be worth going on with
            self._part.unlink(missing_ok=True)
            journal.remove()


def _tell_of(error: BaseException, kept: Checkpoint) -> None:
    """Add to an error how the run can be gone on with."""
    remedy = f"{kept.sentences:,} sentences are kept: the same command with --resume goes on"
    if isinstance(error, ScorerError | KeyboardInterrupt):
        error.args = (f"{error}; {remedy}" if str(error) else remedy,)
    else:
        error.add_note(remedy)


def open_output(output: str | None, rejects: RejectFile, unfinished: Unfinished) -> Stream | KeptFile:
    """Give the output of a run; a context that has to be entered before anything is written.

    Parameters
    ----------
    output : str or None
        A path; None or ``-`` is standard output.
    rejects, unfinished
        As for `KeptFile`; a stream cannot be gone on with.
    """
    if output is not None and is_regular(output):
        return KeptFile(output, rejects, unfinished)
    return Stream(output or STDIN, rejects)


def is_finished(output: str, inputs: list[str]) -> bool:
    """Tell whether there is nothing to go on with: the output is whole, and newer than all inputs.

    Parameters
    ----------
    output : str
        A path.
    inputs : list of str
        Files and folders; of standard input nobody can tell whether it is the same again.

    Raises
    ------
    InputError
        If an input does not exist.
    """
    path = Path(output).resolve()
    if not path.is_file() or path.with_name(f".{path.name}.journal").exists() or STDIN in inputs:
        return False
    # A folder is newer when a file has come to it.
    files = [*inputs, *(file for source in find_sources(inputs) for file, _ in source.files)]
    written = path.stat().st_mtime_ns
    return all(Path(file).stat().st_mtime_ns <= written for file in files if Path(file).exists())
