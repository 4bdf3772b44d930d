"""Paths to tables: which files an input stands for, of which kind each is, and whether its columns will do."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from glob import has_magic
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple

from scorer.errors import InputError
from scorer.tables.csv_rows import csv_table
from scorer.tables.lines import printable, read_blocks, shown
from scorer.tables.other_rows import jsonl_table, parquet_table, text_files_table
from scorer.tables.packed import STDIN
from scorer.tables.rows import Table, first_block

_KINDS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".txt": "txt"}
_SNIFFED = ("", ".json")
_PACKED = (".gz", ".zst")
_READ = ", ".join(_KINDS)
_NO_TABLE = ("PK\x03\x04", "PAR1", "%PDF", "[", "\x1f")  # how ZIP (so XLSX), Parquet, PDF, JSON arrays, gzip begin


class Options(NamedTuple):
    """How inputs are read; `scorer.tables.read_chunks` tells what each means."""

    text_column: str
    doc_column: str | None
    encoding: str
    delimiter: str | None
    chunk_rows: int
    max_text_chars: int


class Source(NamedTuple):
    """What makes one table: a file of a kind ("" for one to be found by looking), or text files with their ids."""

    kind: str
    files: list[tuple[str, str]]

    @property
    def name(self) -> str:
        """The first file, as the caller named it."""
        return self.files[0][0]

    @property
    def rereadable(self) -> bool:
        """Whether it can be opened a second time and give the same."""
        return self.name != STDIN and Path(self.name).is_file()


def _kind(path: Path) -> str | None:
    """Tell a file's kind by its name; "" for one to be found by looking, None for a name of no kind that is read."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = bool(suffixes) and suffixes[-1] in _PACKED
    suffix = suffixes[-1 - packed] if len(suffixes) > packed else ""
    kind = _KINDS.get(suffix)
    if packed:
        return kind if kind in ("csv", "jsonl") else None if kind else ""
    return "" if suffix in _SNIFFED else kind


def _inside(name: str, path: Path) -> list[tuple[str, str]]:
    """Give the files of a folder that are tables or texts by their names, or of a pattern, sorted."""
    if path.is_dir():
        found = [(file, _kind(file)) for file in sorted(path.iterdir()) if not file.name.startswith(".")]
        some = [(str(file), kind) for file, kind in found if kind and file.is_file()]
        if not some:
            raise InputError(f"{name} has no {_READ} files; for files of folders inside it give '{name}/**/*.csv'")
        return some
    some = []
    for file in sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))):
        if file.is_file() and not file.name.startswith("."):
            some += _expand([str(file)])
    if not some:
        raise InputError(f"{name}: no file is called so")
    return some


def _expand(inputs: Sequence[str]) -> list[tuple[str, str]]:
    """Return path and kind of every input, folders and patterns replaced by their files."""
    if inputs.count(STDIN) > 1:
        raise InputError("standard input ('-') is given twice; it can be read only once")
    found: list[tuple[str, str]] = []
    for name in inputs:
        path = Path(name)
        kind = _kind(path)
        if name == STDIN:
            found.append((name, ""))
        elif path.is_dir() or (has_magic(name) and not path.exists()):
            found += _inside(name, path)
        elif not path.exists():
            raise InputError(f"{name}: no such file or folder")
        elif kind is None and path.is_file():
            raise InputError(f"{name}: {path.suffix} files are not read; save it as one of {_READ}")
        else:
            found.append((name, kind or ""))
    return found


def find_sources(inputs: Sequence[str]) -> list[Source]:
    """Find the tables that a list of inputs stands for.

    Parameters
    ----------
    inputs : sequence of str
        Paths of files and folders, and patterns; ``-`` is standard input.

    Returns
    -------
    list of Source
        In order. Text files that follow each other make one table: a chunk for each would be slow to score.

    Raises
    ------
    InputError
        If an input does not exist, is of no kind that is read, or standard input is named twice.
    """
    files = _expand(inputs)
    stems = Counter(Path(name).stem for name, kind in files if kind == "txt")
    sources = []
    for (kind, _), members in groupby(files, key=lambda file: (file[1], file[1] == "txt" or file[0])):
        names = [name for name, _ in members]
        for part in [names] if kind == "txt" else [[name] for name in names]:
            sources.append(Source(kind, [(n, Path(n).stem if stems[Path(n).stem] == 1 else n) for n in part]))
    return sources


def _check_columns(table: Table, text_column: str, doc_column: str | None) -> None:
    for column, option in ((text_column, "--text-column"), (doc_column, "--doc-column")):
        if column is None or column in table.columns or (option == "--doc-column" and column == "doc_id"):
            continue
        lowered = {name.lower(): name for name in table.columns}
        near = difflib.get_close_matches(column.lower(), lowered, 1)
        names = [printable(name, 60) for name in table.columns]
        listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        remedy = f"did you mean '{lowered[near[0]]}'? ({option})" if near else f"name one with {option}"
        raise InputError(f"column '{column}' not found in {table.name}; its columns are: {listed}; {remedy}")


def _check_same(table: Table, first: Table) -> None:
    extra = [column for column in table.columns if column not in first.columns]
    lacking = [column for column in first.columns if column not in table.columns and not table.sparse]
    if extra or lacking:
        verb, column, other = ("has", extra[0], "lacks") if extra else ("lacks", lacking[0], "has")
        told = f"{verb} '{column}', which {first.name} {other}"
        raise InputError(f"all inputs must have the same columns, but {table.name} {told}; score them one by one")


def open_table(source: Source, options: Options, first: Table | None) -> Table:
    """Open a table and check its columns.

    Parameters
    ----------
    source : Source
        From `find_sources`.
    options : Options
        How to read it.
    first : Table or None
        The table whose columns it must have, in any order.

    Returns
    -------
    Table
        Opened: its header is read, its rows follow.

    Raises
    ------
    InputError
        If it cannot be read as its kind, lacks a column that is asked for, or has others than the first.
    """
    table = _open(source, options)
    _check_columns(table, options.text_column, options.doc_column)
    if first:
        _check_same(table, first)
    return table


def _open(source: Source, options: Options) -> Table:
    kind, name, delimiter = source.kind, source.name, options.delimiter
    if kind == "txt":
        columns = options.doc_column or "doc_id", options.text_column
        return text_files_table(
            source.files,
            columns=columns,
            encoding=options.encoding,
            limit=options.max_text_chars,
            batch_rows=options.chunk_rows,
        )
    if kind == "parquet":
        return parquet_table(name, options.chunk_rows)
    blocks = read_blocks(name, options.encoding)
    if not kind:
        start = first_block(blocks)
        blocks = chain([start], blocks)
        head = next((line.lstrip() for line in start.lines if line.strip()), "")
        if head.startswith(_NO_TABLE):
            raise InputError(f"{shown(name)} is neither CSV nor one JSON object per line; give it as one of these")
        kind = "jsonl" if head.startswith("{") else "csv"
    if kind == "jsonl":
        return jsonl_table(shown(name), blocks, options.encoding)
    if ".tsv" in (suffix.lower() for suffix in Path(name).suffixes[-2:]):
        delimiter = delimiter or "\t"
    return csv_table(shown(name), blocks, options.text_column, options.encoding, delimiter)
