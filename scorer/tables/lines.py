"""Bytes to lines: open an input, decode it in blocks, and mark the bytes that its encoding does not have.

A byte that cannot be decoded becomes a lone low surrogate (U+DC00 + byte), so that only its own row is set aside.
Python's ``surrogateescape`` does the same for UTF-8, but refuses bytes below 0x80, which UTF-16 and the East Asian
encodings can hold in the wrong place.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from scorer.errors import InputError
from scorer.tables.packed import STDIN, CutOffError, open_binary, unpacked

LINE_CHARS = 100_000_000  # of a longer line only the beginning is kept: it could fill the memory
_SHOWN_CHARS = 200

OVERLONG = "\udb00"
"""Stands for the rest of a line that was too long; no decoder gives it."""
_MARK = re.compile(f"[{OVERLONG}\udc00-\udcff]")
_BYTE_ORDER_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's, so it comes first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Block(NamedTuple):
    """Some whole lines of an input, line ends included; the last block of an input says so and may hold none.

    Of an input that cannot be read to its end, the last block says why (`fault`), and gives the beginning of the line
    that it breaks off in (`rest`), which is not among its lines.
    """

    lines: list[str]
    marred: bool
    last: bool
    fault: str = ""
    rest: str = ""


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error("scorer.mark", _mark_bytes)


def shown(name: str) -> str:
    """Return how messages call an input: its path as the caller gave it, or "standard input"."""
    return "standard input" if name == STDIN else name


def one_line(error: Exception) -> str:
    """Give the message of somebody else's error on one line."""
    return " ".join(str(error).split())


def bad_byte(text: str, encoding: str) -> str | None:
    """Say which byte of a text could not be decoded.

    Parameters
    ----------
    text : str
        A cell or line as `read_blocks` gave it.
    encoding : str
        The encoding it was read with, for the message.

    Returns
    -------
    str or None
        The byte, where it stands (characters, from 1) and the remedy; None where every byte was decoded.
    """
    found = _MARK.search(text)
    if not found:
        return None
    if found[0] == OVERLONG:
        return f"a line of more than {LINE_CHARS:,} characters, of which only the first are shown"
    byte, name = ord(found[0]) - 0xDC00, "utf-8" if encoding == "utf-8-sig" else encoding
    return f"byte 0x{byte:02x} at character {found.start() + 1} is not {name}; give --encoding"


def printable(text: str, limit: int = 200) -> str:
    """Return the first `limit` characters of a text, with what cannot be written as UTF-8 replaced by U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text[:limit])


def check_encoding(encoding: str) -> None:
    """Raise an `InputError` unless Python can decode text by that name."""
    try:
        "".encode(encoding)  # refuses codecs that are no text encodings, such as "hex", which lookup() lets through
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError) as error:
        raise InputError(f"unknown encoding '{encoding}'; give --encoding utf-8, utf-16, cp1252, ...") from error


def _decoder(head: bytes, encoding: str) -> codecs.IncrementalDecoder:
    check_encoding(encoding)
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
        encoding = next((other for mark, other in _BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
    return codecs.getincrementaldecoder(encoding)("scorer.mark")


def read_blocks(name: str, encoding: str) -> Iterator[Block]:
    """Read an input as blocks of whole lines.

    Lines end at LF, CRLF or CR, and keep their ends. A byte order mark is dropped; one of UTF-16 or UTF-32 overrides an
    `encoding` of UTF-8.

    Parameters
    ----------
    name : str
        A path, or ``-`` for standard input.
    encoding : str
        What the bytes are, unless a byte order mark says otherwise.

    Yields
    ------
    Block
        About 256 KiB each; more where a line is longer. Of a line of more than 100,000,000 characters only the first
        are kept, without quotes, and marked as bytes are that cannot be decoded.

    Raises
    ------
    InputError
        If the input cannot be opened, or the encoding is unknown.
    """
    with open_binary(name) as binary:
        pieces = unpacked(binary, shown(name))
        decoder: codecs.IncrementalDecoder | None = None
        parts, size, first, fault = list[str](), 0, True, ""
        while True:
            try:
                block = next(pieces, b"")
            except CutOffError as error:
                block, fault = (
                    b"",
                    f"the file cannot be read further ({one_line(error)}); what may stand behind this is lost",
                )
            if decoder is None:
                decoder = _decoder(block, encoding)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError as error:
                raise InputError(f"{shown(name)} is not {encoding}: {error}; give --encoding") from error
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            if block and "\n" not in text and "\r" not in text:
                # Of a line that is too long, what follows its beginning is let go.
                if size <= LINE_CHARS:
                    parts.append(text)
                size += len(text)
                if size > LINE_CHARS and len(parts) > 1:
                    parts = ["".join(parts)[:_SHOWN_CHARS]]
            else:
                if size > LINE_CHARS:
                    end = min((at for at in (text.find("\n"), text.find("\r")) if at >= 0), default=len(text))
                    parts, text = [OVERLONG, parts[0][:_SHOWN_CHARS].replace('"', "'")], text[end:]
                text = "".join((*parts, text))
                lines = io.StringIO(text, newline="").readlines()
                # A block may end between CR and LF: keep its last line until the next block shows which it is.
                parts = [lines.pop()] if (block or fault) and lines and not lines[-1].endswith("\n") else []
                size = sum(map(len, parts))
                marred = not text.isascii() and _MARK.search(text) is not None
                yield Block(lines, marred, not block, fault, "".join(parts)[:_SHOWN_CHARS] if fault else "")
            if not block:
                return


def read_text(name: str, encoding: str, limit: int) -> str:
    """Read a whole file as one text, line ends unchanged.

    Parameters
    ----------
    name : str
        A path.
    encoding : str
        What the bytes are, unless a byte order mark says otherwise.
    limit : int
        Characters of interest: of a longer file no more is read than shows that it is longer.

    Returns
    -------
    str
        The text; undecodable bytes are marked, as `read_blocks` does.

    Raises
    ------
    InputError
        If the file cannot be opened or read, or the encoding is unknown.
    """
    with open_binary(name) as binary:
        try:
            content = binary.read(4 * limit + 8)
            return _decoder(content, encoding).decode(content, final=True).removeprefix("\ufeff")
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror}") from error
        except UnicodeError as error:
            raise InputError(f"{name} is not {encoding}: {error}; give --encoding") from error
