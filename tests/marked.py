"""Reads case tables whose spans are marked inside the text: ``Officials say the bridge {hedge:may} close.``"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parent / "cases"
_MARK = re.compile(r"\{(?P<kind>[a-z_]+!?):(?P<words>[^{}]*)\}")
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}


class Marked(NamedTuple):
    """A text without its marks, and what they marked: (kind, start, end) in order of position."""

    text: str
    spans: list[tuple[str, int, int]]


class Case(NamedTuple):
    """One row of a case table: its id, its marked text, and the cells after it."""

    id: str
    marked: Marked
    rest: list[str]


def read_marked(line: str) -> Marked:
    """Take ``{kind:words}`` marks out of a text; a kind is lower case and may end in ``!``; marks do not nest."""
    parts: list[str] = []
    spans: list[tuple[str, int, int]] = []
    length = at = 0
    for match in _MARK.finditer(line):
        before = line[at : match.start()]
        parts += [before, match["words"]]
        start = length + len(before)
        length = start + len(match["words"])
        spans.append((match["kind"], start, length))
        at = match.end()
    return Marked("".join([*parts, line[at:]]), spans)


def read_cases(name: str) -> list[Case]:
    """Read ``cases/<name>``: a header line, then ``id⇥marked text⇥…``; ``\\n``, ``\\r`` and ``\\t`` are escapes."""
    cases: list[Case] = []
    for line in (CASES / name).read_text(encoding="utf-8").split("\n")[1:]:
        if not line:
            continue
        case_id, text, *rest = line.split("\t")
        for escape, character in _ESCAPES.items():
            text = text.replace(escape, character)
        cases.append(Case(case_id, read_marked(text), rest))
    return cases


def show_marked(text: str, spans: list[tuple[str, int, int]]) -> str:
    """Put marks back into a text, so that a failing case reads like its row."""
    parts: list[str] = []
    at = 0
    for kind, start, end in sorted(spans, key=lambda span: span[1:]):
        parts += [text[at:start], "{", kind, ":", text[start:end], "}"]
        at = end
    return "".join([*parts, text[at:]])
