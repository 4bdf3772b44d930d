"""JSON Lines, Parquet and plain text files: each as a header and batches of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from scorer.errors import InputError
from scorer.tables.lines import Block, bad_byte, one_line, printable, read_text
from scorer.tables.rows import Batch, RejectedRow, Table, first_block, text_problem

_END = Block([], marred=False, last=True)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _parse(line: str, marred: bool, encoding: str) -> dict[str, object] | str:
    """Return the object on a line of JSON, or why there is none."""
    if marred and (bad := bad_byte(line, encoding)):
        return bad
    try:
        found = _DECODER.decode(line.rstrip())
        if not isinstance(found, dict):
            return "not a JSON object"
        if "\\u" in line:
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "half a character: a \\u escape of a surrogate without its partner"
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError) as error:  # a doubled key, an int of too many digits, too deep a nesting
        return f"not JSON: {error}"
    return found


def jsonl_table(name: str, blocks: Iterator[Block], encoding: str) -> Table:
    """Read the keys of a JSON Lines file; the rows follow as they are asked for.

    The columns are all keys of the first block (256 KiB), in order of appearance. A key that a row lacks gives None; a
    row with a key that first comes later is set aside.

    Parameters
    ----------
    name : str
        The file, for messages.
    blocks : iterator of Block
        Its lines.
    encoding : str
        For messages.

    Returns
    -------
    Table
        Sparse; its cells are JSON values.

    Raises
    ------
    InputError
        If the file is empty, or no line of its first block is a JSON object.
    """

    def parsed(block: Block) -> list[tuple[int, str, dict[str, object] | str]]:
        return [(i, s, _parse(s, block.marred, encoding)) for i, s in enumerate(block.lines) if s.strip()]

    def batches() -> Iterator[Batch]:
        base, items, block = 1, first, start
        while True:
            numbers, starts, rows, rejects = list[int](), list[int](), list[tuple[object, ...]](), list[RejectedRow]()
            for index, line, found in items:
                if isinstance(found, dict) and found.keys() <= known:
                    numbers.append(base + index)
                    starts.append(index)
                    rows.append(tuple(map(found.get, columns)))
                else:
                    key = "" if isinstance(found, str) else next(key for key in found if key not in known)
                    reason = found if isinstance(found, str) else f"key '{key}' is in none of the file's first rows"
                    where = base + index
                    rejects.append(RejectedRow(name, where, key, printable(reason), printable(line.rstrip()), where))
            if block.fault:
                rejects.append(RejectedRow(name, base + len(block.lines), "", block.fault, printable(block.rest)))
            yield Batch(numbers, rows, rejects, base, starts)
            base, block = base + len(block.lines), next(blocks, _END)
            if block.last and not block.lines and not block.fault:
                return
            items = parsed(block)

    start = first_block(blocks)
    first = parsed(start)
    columns = tuple(dict.fromkeys(key for *_, found in first if isinstance(found, dict) for key in found))
    known = set(columns)
    if not columns:
        why = f"line {first[0][0] + 1}: {first[0][2]}" if first else start.fault or "the file is empty"
        raise InputError(f"{name}: {why}; it needs one JSON object per line")
    return Table(name, columns, batches(), sparse=True)


def _plain(cell: Any) -> object:
    """Give a Parquet cell as a JSON value: bytes are read as UTF-8, dates and the like as they are written."""
    if cell is None or isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, list):
        return list(map(_plain, cell))
    if isinstance(cell, dict):
        return {str(key): _plain(value) for key, value in cell.items()}
    return cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)


def parquet_table(name: str, batch_rows: int, row_groups: Sequence[int] | None = None, before: int = 0) -> Table:
    """Read the columns of a Parquet file; the rows follow as they are asked for.

    Parameters
    ----------
    name : str
        A path.
    batch_rows : int
        Rows to read at a time, at least 1.
    row_groups : sequence of int, optional
        The row groups to read, which follow each other; all by default.
    before : int
        Rows of the file that stand before these.

    Returns
    -------
    Table
        Its cells are JSON values; others, such as dates, are given as str.

    Raises
    ------
    InputError
        If pyarrow is not installed, or cannot read the file.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError(f"{name}: reading Parquet needs pyarrow; run: pip install 'scorer[parquet]'") from error

    def batches() -> Iterator[Batch]:
        number = 1 + before
        with opened as parquet:
            try:
                for part in parquet.iter_batches(batch_size=batch_rows, row_groups=row_groups):
                    rows = list(zip(*(map(_plain, column.to_pylist()) for column in part.columns), strict=True))
                    yield Batch(list(range(number, number + len(rows))), rows, [])
                    number += len(rows)
            except (OSError, ArrowException, ValueError) as error:
                fault = f"the file cannot be read further ({one_line(error)}); its rows from here on are lost"
                yield Batch([], [], [RejectedRow(name, number, "", printable(fault), "")])

    try:
        opened = ParquetFile(name)
        columns = tuple(opened.schema_arrow.names)
    except (OSError, ArrowException, ValueError) as error:
        raise InputError(f"{name} is no Parquet file that can be read: {one_line(error)}") from error
    if twice := [column for column in columns if columns.count(column) > 1]:
        raise InputError(f"{name} has two columns named '{twice[0]}'; rename one of them")
    return Table(name, columns, batches())


def text_files_table(
    files: Sequence[tuple[str, str]], *, columns: tuple[str, str], encoding: str, limit: int, batch_rows: int
) -> Table:
    """Read plain text files as the rows of one table.

    Parameters
    ----------
    files : sequence of (str, str)
        Path and document id of each.
    columns : (str, str)
        How the columns of the ids and of the texts are called.
    encoding : str
        What their bytes are, unless a byte order mark says otherwise.
    limit : int
        The most characters of a text; a longer one is set aside.
    batch_rows : int
        Files to read at a time, at least 1.

    Returns
    -------
    Table
        One row per file, numbered in the order of `files`; line ends stay as they are.
    """

    def batches() -> Iterator[Batch]:
        for begin in range(0, len(files), batch_rows):
            numbers, rows, rejects = list[int](), list[tuple[str, str]](), list[RejectedRow]()
            for number, (path, doc_id) in enumerate(files[begin : begin + batch_rows], begin + 1):
                text, reason = "", None
                try:
                    text = read_text(path, encoding, limit)
                    reason = bad_byte(text, encoding) or text_problem(text, limit)
                except InputError as error:
                    reason = str(error)
                if reason:
                    rejects.append(RejectedRow(path, 1, columns[1], reason, printable(text), 1))
                else:
                    numbers.append(number)
                    rows.append((doc_id, text))
            yield Batch(numbers, rows, rejects)

    return Table(files[0][0], columns, batches(), files=[path for path, _ in files])
