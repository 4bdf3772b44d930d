"""Bytes of an input, unpacked where they are packed; one that ends too early gives what it holds, and then says so."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, cast

from scorer.errors import InputError

STDIN: Final = "-"
BLOCK_BYTES: Final = 1 << 18
_STEP_BYTES: Final = 1 << 12  # of Zstandard at a time: the worst of them unpack to some 100 MB
_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"


class CutOffError(Exception):
    """An input cannot be read to its end; the message says why."""


def open_binary(name: str) -> AbstractContextManager[IO[bytes]]:
    """Open an input.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    if name == STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be opened: {getattr(error, 'strerror', None) or error}") from error


def unpacked(binary: IO[bytes], name: str) -> Iterator[bytes]:
    """Read an input; gzip and Zstandard are told by how they begin, whatever the name.

    Parameters
    ----------
    binary : binary stream
        The input, at its beginning.
    name : str
        What messages call it.

    Yields
    ------
    bytes
        About 256 KiB each.

    Raises
    ------
    InputError
        If what unpacks it is not installed.
    CutOffError
        If it cannot be read to its end; all that could be read was yielded before.
    """
    faults: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error)
    try:
        head = binary.read(BLOCK_BYTES)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    stream = _Begun(head, binary)
    if head.startswith(_GZIP):
        pieces = _gunzipped(stream)
    elif head.startswith(_ZSTANDARD):
        try:
            import zstandard
        except ImportError as error:
            raise InputError(f"{name}: reading Zstandard needs zstandard; run: pip install 'scorer[zstd]'") from error
        faults = (*faults, zstandard.ZstdError)
        pieces = _from_zstandard(stream, zstandard.ZstdDecompressor())
    else:
        pieces = iter(partial(stream.read, BLOCK_BYTES), b"")
    yield from _gathered(pieces, faults)


class _Begun:
    """A stream of which the beginning has been read already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int) -> bytes:
        """Read on: what is left of the beginning first."""
        if not self._head:
            return self._stream.read(size)
        found, self._head = self._head[:size], self._head[size:]
        return found


def _gathered(pieces: Iterator[bytes], faults: tuple[type[Exception], ...]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    fault: Exception | None = None
    while fault is None:
        try:
            piece = next(pieces, None)
        except faults as error:
            fault, piece = error, None
        if piece is not None:
            held.append(piece)
            size += len(piece)
        if size >= BLOCK_BYTES or (piece is None and size):
            yield b"".join(held)
            held, size = [], 0
        if piece is None and fault is None:
            return
    raise CutOffError(str(fault)) from fault


def _gunzipped(stream: _Begun) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=cast("IO[bytes]", stream)) as packed:
        # One piece at a time: a longer read that fails would lose what it had read before.
        while piece := packed.read1(BLOCK_BYTES):
            yield piece


def _from_zstandard(stream: _Begun, unpacker: Any) -> Iterator[bytes]:
    """Unpack frame by frame; the library's own stream would take a frame that is cut off for the end."""
    frame: Any = None
    while rest := stream.read(_STEP_BYTES):
        while rest:
            frame = frame or unpacker.decompressobj()
            piece = frame.decompress(rest)
            rest, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
            if piece:
                yield piece
    if frame is not None:
        raise EOFError("Compressed file ended before the end of its last frame")
