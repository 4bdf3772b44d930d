"""Files to write: one that can be cut back to where it stood, standard output, and what takes its name at the end.

Whatever the system refuses becomes a `ScorerError` that names the file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from scorer.errors import InputError, ScorerError
from scorer.tables.packed import STDIN

_BLOCK_BYTES = 1 << 20


@contextlib.contextmanager
def told(name: str) -> Iterator[None]:
    """Turn an error of the system into one line that names the file; a pipe that nobody reads is another matter."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ScorerError(f"{name} cannot be written: {error.strerror or error}") from error


class CountedFile:
    """A file that knows how many bytes it holds and their checksum, so that it can be cut back and gone on with.

    Parameters
    ----------
    path : Path
        Its place.
    name : str
        What messages call it.

    Attributes
    ----------
    path : Path
        As given.
    size, crc : int
        Bytes written, and their CRC-32.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.size = self.crc = 0
        self.path, self._name = path, name
        self._stream: IO[bytes] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is being written."""
        return self._stream is not None

    def holds(self, size: int, crc: int) -> bool:
        """Tell whether the file begins with bytes of this number and checksum."""
        found = 0
        try:
            with self.path.open("rb") as stream:
                while size and (block := stream.read(min(size, _BLOCK_BYTES))):
                    found, size = zlib.crc32(block, found), size - len(block)
        except OSError:
            return False
        return not size and found == crc

    def open(self, size: int = 0, crc: int = 0) -> Self:
        """Begin the file; or cut it back to what `holds` was asked about, and go on behind that.

        What is no regular file, such as a pipe, cannot be cut back and is gone on with where it is.
        """
        with told(self._name):
            back = size and self.path.is_file()
            self._stream = self.path.open("r+b" if back else "wb")
            if back:
                self._stream.truncate(size)
                self._stream.seek(size)
        self.size, self.crc = size, crc
        return self

    def write(self, content: bytes) -> None:
        """Write bytes; they count even if they are still on their way to the disk."""
        if content and self._stream:
            with told(self._name):
                self._stream.write(content)
            self.size, self.crc = self.size + len(content), zlib.crc32(content, self.crc)

    def sync(self) -> None:
        """See to it that what is written stays, even if the machine stops now."""
        if self._stream:
            with told(self._name):
                self._stream.flush()
                if self.path.is_file():  # a device or a pipe cannot be synchronised
                    os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Close the file; what could not be written has been told before."""
        if self._stream:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None


class StandardOutput:
    """Standard output, or something else that can only be written to, such as a named pipe.

    Parameters
    ----------
    stream : binary stream
        Open.
    name : str
        What messages call it.

    Attributes
    ----------
    closed_early : bool
        Whether its reader went away (``| head``), so that not all was written.
    failed : bool
        Whether writing failed in another way.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.closed_early = self.failed = False
        self._stream, self._name = stream, name

    def write(self, content: bytes) -> None:
        """Write bytes.

        Raises
        ------
        BrokenPipeError
            If nobody reads on.
        ScorerError
            If they cannot be written, as on a full disk.
        """
        with self._noted():
            rest = memoryview(content)
            while rest:
                rest = rest[self._stream.write(rest) :]  # a stream without a buffer may take less than it is given

    def flush(self) -> None:
        """Hand what is written to the system; raises as `write` does."""
        with self._noted():
            self._stream.flush()

    @contextlib.contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            with told(self._name):
                yield
        except BrokenPipeError:
            self.closed_early = True
            raise
        except ScorerError:
            self.failed = True
            raise

    def silence(self) -> None:
        """Send it nowhere after a failure.

        Python flushes standard output once more as it exits, and would complain there of what it could not write.
        """
        if not (self.closed_early or self.failed):
            return
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nowhere, sys.stdout.fileno())
            finally:
                os.close(nowhere)


def is_regular(path: str | None) -> bool:
    """Tell whether an output of that name is a file that can be cut back, or will be one."""
    return path not in (None, STDIN) and (not Path(str(path)).exists() or Path(str(path)).is_file())


def checked_target(name: str, force: bool = True) -> Path:
    """Return the file that is to be written: of a link, what it points to is replaced, not the link.

    Raises
    ------
    InputError
        If it is a folder, exists and is not to be replaced, or its folder does not exist.
    """
    path = Path(name).resolve()
    if path.is_dir():
        raise InputError(f"{name} is a folder; give the name of a file")
    if path.is_file() and not force:
        raise InputError(f"{name} exists; give another name, or --force to replace it")
    if not path.parent.is_dir():
        raise InputError(f"{name}: there is no folder {path.parent}")
    return path


def take_name(part: Path, path: Path) -> None:
    """Give a whole file its name, with the rights of the file that it replaces."""
    with told(str(path)):
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """See to it that a new name stays; where folders cannot be opened, the system does so by itself."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
