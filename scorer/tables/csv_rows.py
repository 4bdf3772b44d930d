"""CSV: lines to rows. A row whose quotes or field count are wrong is set aside, and reading goes on behind it.

Quotes are read strictly (RFC 4180): the lenient reading of ``"Yes," he said`` would drop the quotation marks of a
text, and that of a quote which is never closed would swallow the rest of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from scorer.errors import InputError
from scorer.tables.lines import OVERLONG, Block, bad_byte, printable
from scorer.tables.rows import Batch, RejectedRow, Table, first_block

DELIMITERS = ",;\t|"
FIELD_CHARS = 20_000_000  # a longer cell is set aside: as many would fill the memory, and no text may be half as long
RECORD_CHARS = 120_000_000  # how far a row may run over lines before its quote counts as never closed
BATCH_ROWS = 20_000  # lines that waited in vain for the end of a quoted cell come out as so many rows at a time
_LONG_CELL = f"a cell of more than {FIELD_CHARS:,} characters"
_BAD_QUOTES = "its quotes do not match: one is never closed, or one inside a quoted field is not doubled"


class _Records(NamedTuple):
    base: int
    starts: list[int]
    rows: list[list[str]]
    broken: dict[int, str]
    marred: bool
    fault: str = ""
    rest: str = ""


def _records(blocks: Iterable[Block], delimiter: str) -> Iterator[_Records]:
    """Parse CSV block by block; the lines of a record that a block cuts off are parsed again with the next block.

    When quotes do not match, only the line on which that record began is given up, so that a stray quote costs one row
    and not the rest of the file. A record whose quotes do match, but which holds a cell that is too long, is given up
    as a whole: its lines are no rows.
    """
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_CHARS))
    base, lines, marred, held, wanted = 1, list[str](), False, 0, 1
    for block in blocks:
        lines.extend(block.lines)
        marred, held = marred or block.marred, held + 1
        if held < wanted and not block.last:
            continue
        full = True
        while full:
            starts, rows, broken = list[int](), list[list[str]](), dict[int, str]()
            at, full = _parse(lines, delimiter, block.last, starts, rows, broken)
            done = block.last and not full
            yield _Records(base, starts, rows, broken, marred, block.fault if done else "", block.rest if done else "")
            # A record longer than a block waits for twice as many each time: linear, where one by one is quadratic.
            held, wanted = (held, 2 * held) if at == 0 and lines else (1, 1)
            base += at
            del lines[:at]
        marred = marred and bool(lines)


def _parse(
    lines: list[str], delimiter: str, last: bool, starts: list[int], rows: list[list[str]], broken: dict[int, str]
) -> tuple[int, bool]:
    """Parse lines into rows; return how many lines that took, and whether it stopped because there are enough rows."""
    first = at = 0
    while True:
        rest = map(lines.__getitem__, range(first, len(lines))) if first else lines  # no copy for each line given up
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        try:
            for row in reader:
                starts.append(at)
                rows.append(row)
                at = first + reader.line_num
                if len(rows) >= BATCH_ROWS:
                    return at, True
            return at, False
        except csv.Error as error:
            end = _record_end(lines, at, delimiter)
            if end > len(lines) and not last and sum(map(len, lines[at:])) <= RECORD_CHARS:
                return at, False
            whole = at < end <= len(lines) and "field limit" in str(error)
            broken[len(rows)] = _LONG_CELL if whole else _BAD_QUOTES
            starts.append(at)
            rows.append([lines[at]])
            first = at = end if whole else at + 1


def _record_end(lines: list[str], at: int, delimiter: str) -> int:
    """Return the index of the line behind the record that begins on line `at`.

    Read as the parser reads, but without a cell in memory: `len(lines) + 1` if the record goes on behind the lines, and
    `at` if its quotes do not match.
    """
    quoted = False
    for index in range(at, len(lines)):
        line, place = lines[index], 0
        while quoted or place >= 0:
            if quoted:
                place = line.find('"', place) + 1
                if not place:
                    break
                if line.startswith('"', place):
                    place += 1
                    continue
                quoted = False
                if line.startswith(delimiter, place):
                    place += 1
                elif len(line) - place <= 2 and not line[place:].strip("\r\n"):
                    return index + 1
                else:
                    return at
            elif line.startswith('"', place):
                quoted, place = True, place + 1
            else:
                place = line.find(delimiter, place) + 1 or -1
        if not quoted:
            return index + 1
    return len(lines) + 1


def _csv_batches(name: str, columns: tuple[str, ...], records: Iterable[_Records], encoding: str) -> Iterator[Batch]:
    number, width, widths = 1, len(columns), {len(columns)}
    for base, starts, rows, broken, marred, fault, rest in records:
        numbers = list(range(number, number + len(rows)))
        number += len(rows)
        if fault:
            yield Batch([], [], [RejectedRow(name, number, "", fault, printable(rest))])
        if not broken and not marred and set(map(len, rows)) <= widths:
            yield Batch(numbers, rows, [], base, starts)
            continue
        kept, rejects = [], []
        for index, row in enumerate(rows):
            reason, column, text = None, "", row[0] if row else ""
            if row and row[0].startswith(OVERLONG):
                reason, text = bad_byte(row[0], encoding), ",".join(row).removeprefix(OVERLONG)
            elif index in broken:
                reason = broken[index]
            elif row and len(row) != width:
                reason = f"{len(row)} field{'s' * (len(row) > 1)} where the header has {width}"
                text = ",".join(row)
            elif marred:
                bad = ((header, cell, bad_byte(cell, encoding)) for header, cell in zip(columns, row, strict=False))
                column, text, reason = next((found for found in bad if found[2]), ("", "", None))
            if reason:
                rejects.append(RejectedRow(name, numbers[index], column, reason, printable(text), base + starts[index]))
            elif row:  # a blank line is no row
                kept.append(index)
        yield Batch([numbers[i] for i in kept], [rows[i] for i in kept], rejects, base, [starts[i] for i in kept])


def _delimiter(header: str, text_column: str) -> str:
    """Return the delimiter under which the header names the text column, else the one that it holds most often."""
    for mark in DELIMITERS:
        if mark in header and text_column in (cell.strip(' "\r\n') for cell in header.split(mark)):
            return mark
    return max(DELIMITERS, key=header.count)


def csv_table(name: str, blocks: Iterator[Block], text_column: str, encoding: str, delimiter: str | None) -> Table:
    """Read the header of a CSV file; the rows follow as they are asked for.

    Parameters
    ----------
    name : str
        The file, for messages.
    blocks : iterator of Block
        Its lines.
    text_column : str
        The column that a found delimiter must bring out.
    encoding : str
        For messages.
    delimiter : str or None
        One character; None finds it in the header among comma, semicolon, tab and bar.

    Returns
    -------
    Table
        Its rows all have as many cells as the header, each cell a str.

    Raises
    ------
    InputError
        If the file is empty, or its header cannot be decoded or parsed, or names a column twice.
    """
    start = first_block(blocks)
    header = next((line for line in start.lines if line.strip()), None)
    if header is None:
        why = start.fault or "the file is empty"
        raise InputError(f"{name}: {why}; it needs a header line with a '{text_column}' column")
    if bad := bad_byte(header, encoding):
        raise InputError(f"{name}, line 1: {bad}, for example --encoding cp1252")
    if "\0" in header:
        raise InputError(f"{name}, line 1 holds NUL characters; for UTF-16 give --encoding utf-16-le or utf-16-be")
    records = _records(chain([start], blocks), delimiter or _delimiter(header, text_column))
    for found in records:
        base, starts, rows, broken = found[:4]
        at = next((index for index, row in enumerate(rows) if row), None)
        if at is None:
            continue
        if at in broken:
            raise InputError(f"{name}, line {base + starts[at]}: the header cannot be read: {broken[at]}")
        columns = tuple(rows[at])
        twice = next((column for column in columns if columns.count(column) > 1), None)
        if twice is not None:
            raise InputError(f"{name} has two columns named '{twice}'; rename one of them")
        shift = {index - at - 1: why for index, why in broken.items()}
        rest = found._replace(starts=starts[at + 1 :], rows=rows[at + 1 :], broken=shift)
        return Table(name, columns, _csv_batches(name, columns, chain([rest], records), encoding))
    raise InputError(f"{name}: the header cannot be read: {_BAD_QUOTES}")
