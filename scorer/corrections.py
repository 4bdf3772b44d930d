"""Read what a reviewer changed in a report: the CSV or JSON file that its export button gives."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from scorer.errors import InputError

COLUMNS: Final = (
    *("key", "doc_id", "sentence", "start", "end", "text"),
    *("field", "old", "new", "note", "made_from"),
)
"""The columns of the CSV form; in JSON ``made_from`` stands once for all."""

FORMAT: Final = 1
"""Of the JSON form; a later one would say so."""

_NEEDED: Final = ("key", "text", "field", "old", "new", "made_from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One field of one sentence, as a reviewer changed or confirmed it.

    Attributes
    ----------
    place : str
        File and row, for messages.
    key : str
        The sentence, from `scorer.sentence_keys`.
    doc_id : str
        Its document.
    start, end : int or None
        Its place in the document; None where the file gives no number.
    text : str
        Its words as the reviewer saw them.
    field : str
        What was changed.
    old, new : str
        Before and after; the same where the reviewer confirmed the value.
    note : str
        What the reviewer wrote beside it.
    made_from : str
        SHA-256 of the scored file that the report was made from.
    """

    place: str
    key: str
    doc_id: str
    start: int | None
    end: int | None
    text: str
    field: str
    old: str
    new: str
    note: str
    made_from: str


class Refusal(NamedTuple):
    """A correction that is not applied: where it stands, and why.

    Attributes
    ----------
    place : str
        File and row.
    kind : {"stale", "conflicting", "illegal"}
        What is wrong with it, in a word.
    reason : str
        The same in a line, with the remedy.
    """

    place: str
    kind: str
    reason: str


def read_corrections(paths: Sequence[str | Path]) -> list[Correction | Refusal]:
    """Read files of corrections.

    Parameters
    ----------
    paths : sequence of str or Path
        Files whose names end in ``.csv`` or ``.json``, as the report exports them; one that is named twice is read
        once. Rows of CSV are counted as a spreadsheet does: the header is row 1. Other columns are passed over.

    Returns
    -------
    list of Correction or Refusal
        One for each row, in order; no two have the same place.

    Raises
    ------
    InputError
        If a file cannot be read, or is no export of a report.
    """
    files = list(dict.fromkeys(map(Path, paths)))
    # Two reviewers may both send a "corrections.csv".
    times = Counter(path.name for path in files)
    return [row for path in files for row in _read(path, path.name if times[path.name] == 1 else str(path))]


def _read(path: Path, name: str) -> Iterator[Correction | Refusal]:
    reader = {".csv": _csv_rows, ".json": _json_rows}.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{name}: not corrections by its name; use .csv or .json, as the report exports them")
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    for place, row in reader(name, content):
        yield Refusal(place, "illegal", row) if isinstance(row, str) else _correction(place, row)


def _csv_rows(name: str, content: str) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    # A spreadsheet in another country's habit writes semicolons.
    head = content.split("\n", 1)[0]
    table = csv.reader(io.StringIO(content, newline=""), delimiter=";" if ";" in head and "," not in head else ",")
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    header = next(table, [])
    lacking = [column for column in _NEEDED if header.count(column) != 1]
    if lacking:
        raise InputError(
            f"{name}: column '{lacking[0]}' {'is there twice' if lacking[0] in header else 'not found'}; give the file "
            f"as the report exports it, with the columns {', '.join(COLUMNS)}"
        )
    for number, cells in enumerate(table, 2):
        if cells in ([], [""]):
            continue
        place = f"{name}, row {number}"
        if len(cells) != len(header):
            yield place, f"{len(cells)} fields, but the header has {len(header)}; export it again"
        else:
            yield place, dict(zip(header, cells, strict=True))


def _json_rows(name: str, content: str) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    try:
        whole = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{name}: not JSON: {error}; give the file as the report exports it") from error
    if not isinstance(whole, dict) or "corrections" not in whole:
        raise InputError(f"{name}: no corrections in it; give the file as the report exports it")
    if whole.get("format") != FORMAT:
        raise InputError(
            f"{name}: its format is {whole.get('format')!r}, and this scorer reads {FORMAT}; use the scorer that made "
            "the report"
        )
    made_from = whole.get("made_from")
    rows = whole["corrections"]
    if not isinstance(made_from, dict) or not isinstance(rows, list):
        raise InputError(f"{name}: made_from is no object, or corrections no list; export it again")
    for number, row in enumerate(rows, 1):
        place = f"{name}, correction {number}"
        if not isinstance(row, dict):
            yield place, "is no object; export it again"
        elif lacking := [column for column in _NEEDED if column not in (*row, "made_from")]:
            yield place, f"has no {lacking[0]}; export it again"
        else:
            yield place, {"made_from": made_from.get("sha256")} | row


def _correction(place: str, row: Mapping[str, Any]) -> Correction:
    cells = {column: "" if row.get(column) is None else str(row[column]) for column in COLUMNS}
    return Correction(
        place=place,
        start=_number(cells["start"]),
        end=_number(cells["end"]),
        **{name: cells[name] for name in ("key", "doc_id", "text", "field", "old", "new", "note", "made_from")},
    )


def _number(cell: str) -> int | None:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 19 else None
