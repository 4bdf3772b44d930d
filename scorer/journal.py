"""The journal of a run: how far it has come, in a file beside the output, so that it can be gone on with.

The file is JSON Lines. The first line tells what the run is, each further one how far it has come; the last one counts.
Every line has a checksum and is on the disk before the next is written, so that after a kill at most the last line is
torn, and is then not believed.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Self

from scorer.errors import InputError
from scorer.tables.files import told

FORMAT: Final = 1
"""Of the journal itself; a journal of another format is not gone on with."""


class Checkpoint(NamedTuple):
    """How far a run has come: all of this is on the disk.

    Attributes
    ----------
    parts : int
        Parts of the input that are done; reading divides the same input always into the same parts.
    rows_scored, sentences, rows_set_aside : int
        Counts of their rows, as in `scorer.scoring_files.ScoreSummary`.
    output_size, output_crc, errors_size, errors_crc : int
        Bytes of the output and of the errors file, and their CRC-32.
    read : str
        Digest of all that was read for these parts.
    done : bool
        Whether all parts are done, so that only the name is missing.
    """

    parts: int = 0
    rows_scored: int = 0
    sentences: int = 0
    rows_set_aside: int = 0
    output_size: int = 0
    output_crc: int = 0
    errors_size: int = 0
    errors_crc: int = 0
    read: str = ""
    done: bool = False


def _line(entry: Mapping[str, Any]) -> bytes:
    text = json.dumps(entry, ensure_ascii=False)
    return f'{json.dumps({"crc32": zlib.crc32(text.encode())})[:-1]}, "entry": {text}}}\n'.encode()


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return what a line holds, or None for a line that is torn."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
        entry = found["entry"] if found else None
        return entry if entry and _line(entry) == line else None
    except (ValueError, KeyError, TypeError):
        return None


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Say in what a run differs from the one that a journal tells of.

    Returns
    -------
    str or None
        As in "--unit was document and is sentence now"; None where they are the same.

    Examples
    --------
    >>> difference({"--unit": "document"}, {"--unit": "sentence"})
    '--unit was document and is sentence now'
    """
    for key in dict.fromkeys((*before, *now)):
        old, new = (_shown(kind.get(key)) for kind in (before, now))
        if old != new:
            short = key.startswith("the ") or max(len(old), len(new)) > 60
            return f"{key} changed" if short else f"{key} was {old} and is {new} now"
    return None


def _shown(value: Any) -> str:
    return "not given" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class Journal:
    """An open journal. Nobody else can open it until it is closed.

    Parameters
    ----------
    path : Path
        Its file, which is made if there is none.
    name : str
        The output that it is the journal of, for messages.

    Attributes
    ----------
    run : dict or None
        What the run is, as `begin` was told; None if nothing was begun.
    last : Checkpoint
        How far it has come.

    Raises
    ------
    ScorerError
        If it cannot be written, or another process has it open.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        with told(name):
            self._stream = _locked(path, name)
        self.run, self.last, self._size = self._read()

    @classmethod
    def look(cls, path: Path, name: str) -> Checkpoint | None:
        """Return how far the run of a journal has come, without opening it; None if nothing was begun."""
        try:
            with path.open("rb") as stream:
                run, last, _ = _read_lines(stream)
        except OSError:
            return None
        return last if run is not None else None

    def _read(self) -> tuple[dict[str, Any] | None, Checkpoint, int]:
        self._stream.seek(0)
        return _read_lines(self._stream)

    def begin(self, run: Mapping[str, Any]) -> None:
        """Begin anew: tell what the run is."""
        self.run, self.last = json.loads(json.dumps(run)), Checkpoint()
        self._put(0, _line({"format": FORMAT, "run": run}))

    def add(self, checkpoint: Checkpoint) -> None:
        """Tell how far the run has come."""
        self._put(self._size, _line(checkpoint._asdict()))
        self.last = checkpoint

    def _put(self, at: int, line: bytes) -> None:
        with told(self._name):
            self._stream.seek(at)
            self._stream.truncate(at)
            self._stream.write(line)
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._size = at + len(line)

    def close(self) -> None:
        """Let others open it."""
        with contextlib.suppress(OSError):
            self._stream.close()

    def remove(self) -> None:
        """Close it and remove its file."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _read_lines(stream: BinaryIO) -> tuple[dict[str, Any] | None, Checkpoint, int]:
    """Return what the run is, how far it has come, and the bytes of the lines that can be believed."""
    run, last, size = None, Checkpoint(), 0
    for line in stream:
        entry = _entry(line)
        if entry is None:
            break
        if run is None:
            if entry.get("format") != FORMAT:
                break
            run = entry["run"]
        elif entry.keys() == set(Checkpoint._fields):
            last = Checkpoint(**entry)
        size += len(line)
    return run, last, size


def _locked(path: Path, name: str) -> BinaryIO:
    try:
        import fcntl
    except ImportError:  # Windows, which does not let two processes replace one file
        return path.open("r+b" if path.exists() else "w+b", buffering=0)
    while True:
        # Unbuffered: what could not be written must not be written once more as the file is closed.
        stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.fstat(stream.fileno()).st_ino == path.stat().st_ino:
                return stream
        except BlockingIOError as error:
            stream.close()
            raise InputError(f"{name} is being written by another run; wait for it, or give another name") from error
        stream.close()  # that run ended and removed its journal in this moment
