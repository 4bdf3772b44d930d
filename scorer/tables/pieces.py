"""Inputs cut to pieces that can be read apart, on any machine: files, or some row groups of a Parquet file.

CSV and JSON Lines are not cut inside a file: only a reader that began at the top knows whether a line end stands inside
quotes, and which number a row has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from scorer.errors import InputError
from scorer.tables.chunks import TableChunk, table_chunks
from scorer.tables.inputs import Options, Source, find_sources, open_table
from scorer.tables.other_rows import parquet_table
from scorer.tables.packed import STDIN
from scorer.tables.rows import RejectedRow, Table

PIECE_BYTES: Final = 64_000_000
"""Of Parquet, uncompressed: some 300,000 sentences, which is minutes of work and little to do again."""
_TEXT_FILES: Final = 2000  # in a piece: a file each would be more tasks than a scheduler should hold


class Piece(NamedTuple):
    """A part of the inputs that one task reads.

    Attributes
    ----------
    source : Source
        The file, or the ``.txt`` files.
    row_groups : tuple of int or None
        Of a Parquet file; None is all of it.
    before : int
        Rows of the file that stand before these.
    n_bytes : int
        About how many bytes of input it is.
    """

    source: Source
    row_groups: tuple[int, ...] | None
    before: int
    n_bytes: int


class Pieces(NamedTuple):
    """What the pieces of a run have in common, and the pieces in order."""

    first: str
    columns: tuple[str, ...]
    options: Options
    n_sources: int
    pieces: list[Piece]

    @property
    def passed(self) -> tuple[str, ...]:
        """The caller's columns in the output: all but the text."""
        return tuple(column for column in self.columns if column != self.options.text_column)


def find_pieces(
    inputs: Sequence[str], options: Options, *, whole_files: bool, piece_bytes: int = PIECE_BYTES
) -> Pieces:
    """Find the files that inputs stand for, check their columns and cut them to pieces.

    Parameters
    ----------
    inputs : sequence of str
        Files and folders, as for `scorer.tables.read_chunks`; standard input cannot be cut.
    options : Options
        How to read them.
    whole_files : bool
        Whether no file is cut.
    piece_bytes : int
        How large pieces of a Parquet file are about, uncompressed; row groups are not cut.

    Returns
    -------
    Pieces
        At least one; their rows, in order, are the rows of the inputs.

    Raises
    ------
    InputError
        As `scorer.tables.read_chunks`, for every file of the inputs; or if an input is standard input.
    """
    if STDIN in inputs:
        raise InputError("standard input cannot be divided among workers; give files or a folder")
    sources = find_sources(inputs)
    first: Table | None = None
    pieces: list[Piece] = []
    for source in sources:
        table = open_table(source, options, first)
        first = first or table
        pieces += _cut(source, whole_files, piece_bytes)
    if first is None:
        raise InputError("there is no input; give files or a folder")
    return Pieces(first.name, first.columns, options, len(sources), pieces)


def _cut(source: Source, whole_files: bool, piece_bytes: int) -> list[Piece]:
    if source.kind == "parquet" and not whole_files:
        return _cut_parquet(source, piece_bytes)
    step = _TEXT_FILES if source.kind == "txt" and not whole_files else len(source.files)
    return [
        Piece(source._replace(files=files), None, begin, sum(Path(name).stat().st_size for name, _ in files))
        for begin in range(0, len(source.files), step)
        for files in [source.files[begin : begin + step]]
    ]


def _cut_parquet(source: Source, piece_bytes: int) -> list[Piece]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(source.name) as parquet:
        groups = [parquet.metadata.row_group(number) for number in range(parquet.metadata.num_row_groups)]
        sizes, rows = [group.total_byte_size for group in groups], [group.num_rows for group in groups]
    starts = [0, *accumulate(rows)]
    pieces: list[Piece] = []
    begin = held = 0
    for number, size in enumerate(sizes):
        held += size
        if held >= piece_bytes or number == len(sizes) - 1:
            pieces.append(Piece(source, tuple(range(begin, number + 1)), starts[begin], held))
            begin, held = number + 1, 0
    return pieces or [Piece(source, None, 0, 0)]


def read_piece(
    piece: Piece, pieces: Pieces, *, together: bool, on_reject: Callable[[RejectedRow], None]
) -> Iterator[TableChunk]:
    """Read one piece in chunks, as `scorer.tables.read_chunks` reads the inputs.

    Parameters
    ----------
    piece : Piece
        One of them.
    pieces : Pieces
        What they have in common; its own list is not looked at.
    together : bool
        Whether consecutive rows of one document stay in one chunk.
    on_reject : callable
        Called with each row that is set aside.

    Yields
    ------
    TableChunk
        None for a piece without any sound row.

    Raises
    ------
    InputError
        If the piece cannot be read any more.
    """
    options = pieces.options
    first = Table(pieces.first, pieces.columns, iter(()))
    if piece.row_groups is None:
        table = open_table(piece.source, options, first)
    else:
        table = parquet_table(piece.source.name, options.chunk_rows, piece.row_groups, piece.before)
    made = "row-" if pieces.n_sources == 1 else f"{table.name}:"
    yield from table_chunks(table, first, made, options, together, on_reject)
