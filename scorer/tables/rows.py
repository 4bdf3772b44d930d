"""What every table format gives: batches of rows as its file holds them, and the rows that it set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scorer.tables.lines import Block

# What a reader does not see: space, controls, zero-width and direction marks, fillers, variation selectors.
_INVISIBLE_RANGES = (
    (0x00, 0x20),
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
)
INVISIBLE = "".join(chr(point) for first, last in _INVISIBLE_RANGES for point in range(first, last + 1))


class RejectedRow(NamedTuple):
    """A row that was set aside.

    Attributes
    ----------
    file : str
        Its input, as the caller named it.
    row : int
        Its number among the data rows, from 1; blank lines count, as in a spreadsheet. Always 1 for a ``.txt`` file.
    column : str
        The column at fault; empty where it is the whole row.
    reason : str
        What is wrong with it.
    text : str
        The first 200 characters of what stood there.
    line : int or None
        The line of the file on which it begins, from 1, where that is known.
    """

    file: str
    row: int
    column: str
    reason: str
    text: str
    line: int | None = None


class Batch(NamedTuple):
    """Rows as a format gave them, and those that it set aside; row i begins on line ``base + starts[i]``."""

    numbers: list[int]
    rows: Sequence[Sequence[object]]
    rejects: list[RejectedRow]
    base: int | None = None
    starts: list[int] = []  # noqa: RUF012 (never modified)

    def line(self, index: int) -> int | None:
        """Return the line on which a row begins, from 1, or None where the format has no lines."""
        return None if self.base is None else self.base + self.starts[index]


class Table(NamedTuple):
    """One input: its columns and its rows.

    Where `sparse`, a row may lack columns that another has. Where every row is a file, `files` are their paths.
    """

    name: str
    columns: tuple[str, ...]
    batches: Iterator[Batch]
    sparse: bool = False
    files: Sequence[str] = ()


def text_problem(text: object, limit: int) -> str | None:
    """Say why a text cannot be scored, or return None where it can: it is a str, visible, and within `limit`."""
    if text is None or (isinstance(text, str) and not text.strip(INVISIBLE)):
        return "empty text"
    if not isinstance(text, str):
        return f"a text must be a string, not {type(text).__name__}"
    return f"{len(text):,} characters, where at most {limit:,} are read" if len(text) > limit else None


def first_block(blocks: Iterable[Block]) -> Block:
    """Return the first block that holds more than blank lines, with the lines before it, so that line numbers hold."""
    lines = list[str]()
    for block in blocks:
        lines += block.lines
        if block.last or any(line.strip() for line in block.lines):
            return block._replace(lines=lines)
    return Block(lines, False, True)
