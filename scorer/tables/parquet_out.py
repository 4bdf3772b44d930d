"""Parquet out: rows are kept in pieces, between which the file can be cut off; at the end one file is made of them.

A Parquet file ends with a table of its contents, so that half of one is worth nothing. A piece is an Arrow stream with
its length before it, and has the types that its own cells ask for; the file's types follow from those of all pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from scorer.tables.encode import plain

ROW_GROUP_ROWS: Final = 32_768
ROW_GROUP_BYTES: Final = 128_000_000
_LENGTH: Final = 8
_EXACT: Final = 2**53  # beyond it, not every whole number is a float
_KINDS: Final = b"scorer.kinds"
_ATTRIBUTION: Final = (  # as `scorer.ledger.attribution_items` gives them
    *("source", "source_start", "source_end", "cue", "cue_start", "cue_end", "source_type", "identification"),
    *("category", "position", "antecedent", "source_id", "source_name", "chain"),
)
_WHOLE: Final = frozenset({"source_start", "source_end", "cue_start", "cue_end", "antecedent", "source_id", "chain"})

TYPES: Final = ("int64", "float64", "bool", "string", "attributions")
"""The types that a `Layout` can ask for; the last is the list of records that JSON Lines has under that name."""


def _arrow_types() -> dict[str, Any]:
    import pyarrow as pa

    record = pa.struct([(name, pa.int64() if name in _WHOLE else pa.string()) for name in _ATTRIBUTION])
    return {
        **{"null": pa.string(), "int64": pa.int64(), "big": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()},
        **{"string": pa.string(), "json": pa.string(), "attributions": pa.list_(record)},
    }


def _kind(cells: Sequence[object]) -> str:
    """Give the kind of cells: "big" is whole numbers that a float may not hold, "json" what only text can hold."""
    types = set(map(type, cells)) - {type(None)}
    if not types:
        return "null"
    if types == {str}:
        return "string"
    if types == {bool}:
        return "bool"
    if types <= {int, float}:
        most = max(abs(cell) for cell in cells if type(cell) is int) if int in types else 0
        if types == {float} or most <= _EXACT:
            return "float64" if float in types else "int64"
        return "big" if float not in types and most < 2**63 else "json"
    return "json"


def _joined(one: str, other: str) -> str:
    """Give the kind that can hold the cells of two kinds."""
    pair = {one, other} - {"null"}
    if len(pair) < 2:
        return pair.pop() if pair else "null"
    if pair == {"int64", "float64"}:
        return "float64"
    return "big" if pair == {"int64", "big"} else "json"


def _texts(cells: Sequence[object]) -> list[str | None]:
    return [
        cell if cell is None or isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, default=plain)
        for cell in cells
    ]


def segment(columns: Sequence[str], rows: Sequence[Sequence[object]], types: Mapping[str, str]) -> bytes:
    """Give the bytes of one piece.

    Parameters
    ----------
    columns : sequence of str
        Their names.
    rows : sequence of sequence
        At least one; each with a cell per column.
    types : mapping of str to str
        As in `scorer.tables.encode.Layout`.
    """
    import pyarrow as pa

    arrow, kinds, arrays = _arrow_types(), {}, []
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        kinds[column] = kind = types.get(column) or _kind(cells)
        arrays.append(pa.array(_texts(cells) if kind == "json" else cells, arrow[kind]))
    schema = pa.schema(
        [(column, arrow[kinds[column]]) for column in columns], metadata={_KINDS: json.dumps(kinds).encode()}
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.record_batch(arrays, schema=schema))
    content = sink.getvalue().to_pybytes()
    return bytes(len(content).to_bytes(_LENGTH, "little") + content)


def _segments(spool: Any) -> Iterator[Any]:
    """Open the pieces of a memory-mapped spool one after the other."""
    import pyarrow as pa

    at, size = 0, spool.size()
    while at < size:
        spool.seek(at)
        length = int.from_bytes(spool.read(_LENGTH), "little")
        yield pa.ipc.open_stream(pa.BufferReader(spool.read_buffer(length)))
        at += _LENGTH + length


def write_parquet(spool: Path, target: Path, columns: Sequence[str], types: Mapping[str, str]) -> None:
    """Make a Parquet file of the pieces of a spool.

    Parameters
    ----------
    spool : Path
        Pieces that `segment` gave, one behind the other.
    target : Path
        The file to write, over what may stand there.
    columns, types
        As they were given to `segment`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    arrow = _arrow_types()
    kinds = {column: types.get(column, "null") for column in columns}
    some = spool.stat().st_size > 0  # an empty file cannot be mapped
    if some:
        with pa.memory_map(str(spool)) as mapped:
            for piece in _segments(mapped):
                for column, kind in json.loads(piece.schema.metadata[_KINDS]).items():
                    kinds[column] = _joined(kinds[column], kind)
    schema = pa.schema([(column, arrow[kinds[column]]) for column in columns])
    with target.open("wb") as stream, ParquetWriter(stream, schema, compression="zstd") as writer:
        if some:
            with pa.memory_map(str(spool)) as mapped:
                for table in _row_groups(_segments(mapped), kinds, schema):
                    writer.write_table(table, row_group_size=len(table))


def _row_groups(pieces: Iterator[Any], kinds: Mapping[str, str], schema: Any) -> Iterator[Any]:
    """Join pieces to tables of about `ROW_GROUP_ROWS` rows; where one ends depends on the pieces alone."""
    import pyarrow as pa

    held: list[Any] = []
    for piece in pieces:
        held.append(_cast(piece, kinds, schema))
        if sum(map(len, held)) >= ROW_GROUP_ROWS or sum(table.nbytes for table in held) >= ROW_GROUP_BYTES:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def _cast(piece: Any, kinds: Mapping[str, str], schema: Any) -> Any:
    """Give a piece as a table of the file's types."""
    import pyarrow as pa

    own, table = json.loads(piece.schema.metadata[_KINDS]), piece.read_all()
    arrays = []
    for column, kind in kinds.items():
        cells = table.column(column)
        if own[column] != kind:
            to_text = kind == "json" and own[column] != "string"
            cells = (
                pa.chunked_array([_texts(cells.to_pylist())], schema.field(column).type)
                if to_text
                else cells.cast(schema.field(column).type)
            )
        arrays.append(cells)
    return pa.table(arrays, schema=schema)
