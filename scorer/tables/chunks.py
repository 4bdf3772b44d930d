"""Tables to chunks of rows that can be scored; rows that cannot are set aside and told.

Memory is bounded by the chunk, whatever the length of the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter

from scorer.errors import InputError
from scorer.tables.inputs import Options, Source, find_sources, open_table
from scorer.tables.lines import check_encoding, printable, shown
from scorer.tables.rows import INVISIBLE, Batch, RejectedRow, Table, text_problem

CHUNK_CHARS = 8_000_000  # of text in a chunk: 2,000 long documents at a time would be too much
TOGETHER_ROWS = 20_000  # a document of more rows is divided, so that one id on every row cannot fill the memory


@dataclass(frozen=True, slots=True)
class TableChunk:
    """Some consecutive rows of one table, or some consecutive ``.txt`` files.

    Attributes
    ----------
    columns : tuple of str
        The caller's columns in order, without the text column, whose place the output's own ``text`` takes.
    rows : list of tuple
        Their cells, unchanged: str from CSV, JSON values from JSON Lines and Parquet.
    numbers : list of int
        Number of each row among the data rows of its file, from 1; blank lines count. ``.txt`` files count as rows.
    texts : list of str
        What the text column held: never empty.
    doc_ids : list of str
        What the doc column held; a row without one gets ``row-12`` (``articles.csv:12`` when there are several inputs)
        and so is its own document.
    file : str
        The table, as the caller named it.
    files : sequence of str
        Of ``.txt`` files, the paths of all of the table: the first is that of number 1. Empty for other tables.
    """

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    numbers: list[int]
    texts: list[str]
    doc_ids: list[str]
    file: str = ""
    files: Sequence[str] = ()

    def place(self, index: int) -> tuple[str, int]:
        """Return the file of a row, and its number there."""
        number = self.numbers[index]
        return (self.files[number - 1], 1) if self.files else (self.file, number)

    def part(self, begin: int, end: int) -> TableChunk:
        """Return its rows from index `begin` up to `end`."""
        cut = slice(begin, end)
        return replace(
            self, rows=self.rows[cut], numbers=self.numbers[cut], texts=self.texts[cut], doc_ids=self.doc_ids[cut]
        )

    def joined(self, other: TableChunk) -> TableChunk:
        """Return its rows and then those of another chunk of the same columns."""
        return replace(
            self,
            rows=self.rows + other.rows,
            numbers=self.numbers + other.numbers,
            texts=self.texts + other.texts,
            doc_ids=self.doc_ids + other.doc_ids,
        )


def check_clash(columns: Sequence[str], output_columns: Sequence[str], *, file: str) -> None:
    """Refuse a caller's column that an output column would hide.

    Parameters
    ----------
    columns : sequence of str
        The caller's, as in `TableChunk.columns`.
    output_columns : sequence of str
        Ours.
    file : str
        Where the caller's come from, for the message.

    Raises
    ------
    InputError
        If a name is in both.
    """
    ours = set(output_columns)
    for column in columns:
        if column in ours:
            raise InputError(f"column '{column}' of {shown(file)} has the name of an output column; rename it")


def _getter(indices: Sequence[int]) -> Callable[[Sequence[object]], tuple[object, ...]]:
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda row: tuple(row[index] for index in indices)


def _sound(batch: Batch, text_at: int, limit: int, table: Table) -> tuple[Batch, list[str]]:
    """Return the rows of a batch whose text can be scored, and these texts; the others join its rejects."""
    texts = list(map(itemgetter(text_at), batch.rows))
    # Whole-batch tests first: they run at the speed of C, and nearly every batch passes them.
    strings = [text for text in texts if isinstance(text, str) and text.strip(INVISIBLE)]
    if len(strings) == len(texts) and max(map(len, strings), default=0) <= limit:
        return batch, strings
    kept, rejects = [], list(batch.rejects)
    for index, text in enumerate(texts):
        if fault := text_problem(text, limit):
            clip = text if isinstance(text, str) else "" if text is None else json.dumps(text, default=str)
            row = RejectedRow(table.name, batch.numbers[index], table.columns[text_at], fault, printable(clip))
            rejects.append(row._replace(line=batch.line(index)))
        else:
            kept.append(index)
    numbers, rows = [batch.numbers[i] for i in kept], [batch.rows[i] for i in kept]
    return Batch(numbers, rows, sorted(rejects, key=itemgetter(1))), [str(texts[i]) for i in kept]


def _doc_ids(batch: Batch, doc_at: int | None, made: str) -> list[str]:
    """Return the cells of the doc column as str; a row without one is its own document, `made` and its number."""
    if doc_at is None:
        return [f"{made}{number}" for number in batch.numbers]
    cells = [row[doc_at] for row in batch.rows]
    strings = [cell for cell in cells if isinstance(cell, str) and cell]
    if len(strings) == len(cells):
        return strings
    return [
        f"{made}{number}" if cell is None or cell == "" else cell if isinstance(cell, str) else json.dumps(cell)
        for cell, number in zip(cells, batch.numbers, strict=True)
    ]


def _cut(ids: Sequence[str], begin: int, rows: int, together: bool, more: bool) -> int:
    """Return where a chunk that begins at `begin` is to end; `begin` itself to wait for further rows."""
    size = len(ids)
    if not together or (size - begin <= rows and not more):
        return min(begin + rows, size)
    most = begin + max(rows, TOGETHER_ROWS)
    for cut in chain(range(min(begin + rows, size - 1), begin, -1), range(begin + rows + 1, min(size, most))):
        if ids[cut - 1] != ids[cut]:
            return cut
    return begin if more and size < most else min(size, most)


def _resized(parts: Iterator[TableChunk], rows: int, together: bool) -> Iterator[TableChunk]:
    """Join and cut chunks of one table to `rows` rows each, or fewer where their texts are long."""
    held: TableChunk | None = None
    for part in chain(parts, [None]):
        if held is None:
            held = part
        elif part is not None:
            held = held.joined(part)
        begin, more = 0, part is not None
        while held and begin < len(held.rows):
            full = len(held.rows) - begin >= rows or sum(map(len, held.texts[begin:])) >= CHUNK_CHARS
            end = _cut(held.doc_ids, begin, rows, together, more) if full or not more else begin
            if end == begin:
                break
            yield held.part(begin, end)
            begin = end
        if held and begin:
            held = held.part(begin, len(held.rows))


def _parts(table: Table, first: Table, made: str, options: Options) -> Iterator[tuple[TableChunk, list[RejectedRow]]]:
    """Give each batch of a table as a chunk in the columns of the first table, and what was set aside of it."""
    text_at = table.columns.index(options.text_column)
    doc_at = table.columns.index(options.doc_column) if options.doc_column in table.columns else None
    columns = tuple(column for column in first.columns if column != options.text_column)
    lacks = not set(columns) <= set(table.columns)
    padded = (*table.columns, None)  # a column that a JSON Lines file lacks is read from a None put behind its cells
    passed = _getter([padded.index(column if column in table.columns else None) for column in columns])
    for read in table.batches:
        batch, texts = _sound(read, text_at, options.max_text_chars, table)
        cells = [(*row, None) for row in batch.rows] if lacks else batch.rows
        doc_ids = _doc_ids(batch, doc_at, made)
        rows = list(map(passed, cells))
        yield TableChunk(columns, rows, batch.numbers, texts, doc_ids, table.name, table.files), batch.rejects


def table_chunks(
    table: Table, first: Table, made: str, options: Options, together: bool, on_reject: Callable[[RejectedRow], None]
) -> Iterator[TableChunk]:
    """Read one opened table in chunks, in the columns of the first table; `read_chunks` tells the rest.

    Parameters
    ----------
    table, first : Table
        The table, and the one whose columns count.
    made : str
        What the id of a row without a document begins with.
    options : Options
        How it was opened.
    together : bool
        Whether rows of one document stay together.
    on_reject : callable
        Called with each row that is set aside.

    Yields
    ------
    TableChunk
        None for a table without any sound row.
    """

    def told() -> Iterator[TableChunk]:
        for chunk, rejects in _parts(table, first, made, options):
            for reject in rejects:
                on_reject(reject)
            yield chunk

    return _resized(told(), options.chunk_rows, together)


def _read(
    sources: Sequence[Source], options: Options, together: bool, on_reject: Callable[[RejectedRow], None]
) -> Iterator[TableChunk]:
    first: Table | None = None
    some = False
    for source in sources:
        table = open_table(source, options, first)
        if first is None:
            first = table._replace(batches=iter(()))
            for other in sources[1:]:  # better now than after hours of scoring
                if other.rereadable:
                    open_table(other, options, first)
        made = "row-" if len(sources) == 1 else f"{table.name}:"
        for chunk in table_chunks(table, first, made, options, together, on_reject):
            some = True
            yield chunk
    if first and not some:
        yield TableChunk(tuple(column for column in first.columns if column != options.text_column), [], [], [], [])


def read_chunks(
    inputs: Sequence[str],
    *,
    text_column: str = "text",
    doc_column: str | None = "doc_id",
    encoding: str = "utf-8-sig",
    delimiter: str | None = None,
    chunk_rows: int = 2000,
    max_text_chars: int = 10_000_000,
    keep_documents_together: bool = False,
    on_reject: Callable[[RejectedRow], None],
) -> Iterator[TableChunk]:
    """Read tables in chunks of rows, in order.

    The kind of an input is told by its suffix: ``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson``, ``.parquet``, ``.txt``. A
    ``.txt`` file is one document: a row of the columns `doc_column` (the file's name without suffix) and `text_column`.
    Standard input and files without a suffix are JSON Lines if they begin with ``{``, else CSV. Both may be packed with
    gzip or Zstandard, which is told by how they begin. A folder stands for the files of these kinds directly in it, a
    pattern such as ``archive/**/*.csv.gz`` for the files that it matches, sorted.

    Parameters
    ----------
    inputs : sequence of str
        Paths of files and folders, and patterns; ``-`` is standard input. All must have the same columns, in any order;
        the first one's order counts. JSON Lines may lack some.
    text_column : str
        The column to score.
    doc_column : str or None
        The column that says which document a row belongs to. Only the default, ``doc_id``, may be missing.
    encoding : str
        Of CSV, JSON Lines and text files; a byte order mark of UTF-16 or UTF-32 overrides UTF-8.
    delimiter : str or None
        One character that divides CSV cells; None takes tab for ``.tsv`` and finds it in the header otherwise.
    chunk_rows : int
        Rows in a chunk, at least 1; fewer where texts add up to 8,000,000 characters.
    max_text_chars : int
        The most characters of a text, at least 1.
    keep_documents_together : bool
        Whether consecutive rows of one document stay in one chunk, up to 20,000 rows. Rows of one document that do not
        follow each other are not brought together.
    on_reject : callable
        Called with each row that is set aside, before the chunk that follows it.

    Yields
    ------
    TableChunk
        At least one: without any sound row, one that has columns and no rows.

    Raises
    ------
    InputError
        If an input is missing, empty, of another kind or encoding; if it lacks a column that is asked for, has one
        twice, or has other columns than the first input.
    """
    if chunk_rows < 1 or max_text_chars < 1:
        raise ValueError("chunk_rows and max_text_chars must be at least 1")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise InputError(f"the delimiter must be one character, not a quote or line end: {delimiter!r}")
    check_encoding(encoding)
    if doc_column == text_column:
        raise InputError(f"column '{text_column}' cannot be both the text and the document id")
    options = Options(text_column, doc_column, encoding, delimiter, chunk_rows, max_text_chars)
    return _read(find_sources(inputs), options, keep_documents_together, on_reject)
