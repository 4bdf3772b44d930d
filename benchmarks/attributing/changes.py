"""What an edit of the word lists or rules changed: saved outputs against those of now, held against the labels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from attributing.figures import words
from attributing.rows import Found, Row
from scorer.errors import InputError

FIELDS: Final = ("source", "cue", "source_type", "identification")
"""What is compared of each row."""


class Change(NamedTuple):
    """One cell that changed; ``verdict`` is gain, loss or even, or empty where the row is not labelled."""

    row: Row
    field: str
    before: str
    after: str
    gold: str | None
    verdict: str


def save(path: Path, files: dict[str, tuple[Sequence[Row], Sequence[Found]]]) -> None:
    """Write what was found in each file, for a later comparison."""
    saved = {
        name: [
            {"doc": row.doc, "order": row.order, "text": row.text} | {field: getattr(one, field) for field in FIELDS}
            for row, one in zip(rows, found, strict=True)
        ]
        for name, (rows, found) in files.items()
    }
    path.write_text(json.dumps(saved, ensure_ascii=False, indent=0), encoding="utf-8")


def load(path: Path, name: str, rows: Sequence[Row]) -> list[Found]:
    """Read what was saved of the same file; the sentences have to be the same."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: no saved outputs: {error}; make them with --save") from error
    if name not in saved:
        raise InputError(f"{path} holds nothing of {name!r}, only of {', '.join(saved)}; save it with the same files")
    before = saved[name]
    if [(one["doc"], one["order"], one["text"]) for one in before] != [(row.doc, row.order, row.text) for row in rows]:
        raise InputError(f"{name} has other sentences than when {path} was saved; save it again before the edit")
    return [Found(**{field: one[field] for field in FIELDS}) for one in before]


def changes(rows: Sequence[Row], before: Sequence[Found], after: Sequence[Found]) -> list[Change]:
    """List every cell that changed.

    A label is a gain where it is right now and was not, a loss where it was right and is not; a span is a gain where
    fewer words of it are missing or too many than before.
    """
    found: list[Change] = []
    for row, old, new in zip(rows, before, after, strict=True):
        for field in FIELDS:
            one, other, gold = getattr(old, field), getattr(new, field), getattr(row, field)
            if one != other:
                found.append(Change(row, field, one, other, gold, _verdict(field, one, other, gold)))
    return found


def losses_first(found: Iterable[Change]) -> list[Change]:
    """Put the sentences first that lose, those with the most losses at the top; the rest stay in order."""
    sentences = [list(cells) for _, cells in groupby(found, key=lambda change: id(change.row))]
    sentences.sort(key=lambda cells: -sum(cell.verdict == "loss" for cell in cells))
    return [cell for cells in sentences for cell in cells]


def _verdict(field: str, before: str, after: str, gold: str | None) -> str:
    if gold is None:
        return ""
    if field in ("source", "cue"):
        better = _lost(gold, before) - _lost(gold, after)
    else:
        better = (after == gold) - (before == gold)
    return "gain" if better > 0 else "loss" if better < 0 else "even"


def _lost(gold: str, guess: str) -> int:
    one, other = Counter(words(gold)), Counter(words(guess))
    return (one - other).total() + (other - one).total()
