"""Sources that only a mark attaches: "Nine hurt – police", "Mayor: the dam is safe", a quotation's "— Ann Roe"."""

from __future__ import annotations

from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, View

_DASHES: Final = frozenset("—–-")
_MARKS: Final = frozenset("—–-:")
_LONGEST_TAIL: Final = 11
_LONGEST_LABEL: Final = 4
_SHORTEST: Final = 3
"""Tokens that such a source may have, and that its claim must have."""
_SPEAKERS: Final = frozenset({"person", "voice", "body", "people", "vague"})
"""Kinds of nouns that a headline gives for its source; an outlet beside a mark is a credit."""
_FACTIVITY: Final = 0.5


def read_marks(view: View) -> list[Candidate]:
    """Read what a headline's dash or colon attaches, or the dash after a quotation.

    Parameters
    ----------
    view : View
        The sentence.

    Returns
    -------
    list of Candidate
        At most one, whose cue is the mark.
    """
    lows = view.tokens.lows
    tail = len(lows) - _LONGEST_TAIL
    if not _DASHES.isdisjoint(lows[max(0, tail) :]):
        for at in range(len(lows) - 2, max(0, tail), -1):
            if lows[at] in _DASHES and view.inside[at - 1] and not view.inside[at]:
                return _signature(view, at)
    if lows[-1] in '.!?"' or False not in view.shape.capital or not (view.nouns and not _MARKS.isdisjoint(lows)):
        return []
    for at in range(len(lows) - 2, max(_SHORTEST, tail), -1):
        if lows[at] in _MARKS and _speaks(view, at + 1, len(lows) - 1) and _is_spaced(view, at):
            return [_candidate(at + 1, len(lows) - 1, at, "after")]
    for at in range(1, min(_LONGEST_LABEL, len(lows) - _SHORTEST)):
        if lows[at] == ":" and not view.tokens.words[0].isupper() and _speaks(view, 0, at - 1):
            return [_candidate(0, at - 1, at, "before")]
    return []


def _signature(view: View, dash: int) -> list[Candidate]:
    """Read the name after a quotation: "“It is safe.” — Ann Roe, May 2008"."""
    lows, capital = view.tokens.lows, view.shape.capital
    last = dash
    while last + 1 < len(lows) and (capital[last + 1] or lows[last + 1] == ".") and lows[last + 1] != ",":
        last += 1
    if last > dash and lows[last] == ".":
        last -= 1
    ends = last + 1 >= len(lows) or lows[last + 1] in ",."
    return [_candidate(dash + 1, last, dash, "after")] if last > dash and ends else []


def _speaks(view: View, first: int, last: int) -> bool:
    """Tell whether some tokens are a noun for somebody, and nothing else."""
    nouns, bits = view.nouns, view.shape.bits
    found = [nouns[k] for k in range(first, last + 1) if k in nouns]
    return (
        bool(found)
        and all(noun.kind in _SPEAKERS and noun.source_type != "media" for noun in found)
        and all(k in nouns or bits[k] & (wc.DETERMINER | wc.LINK) for k in range(first, last + 1))
        and found[-1].last == last
    )


def _is_spaced(view: View, at: int) -> bool:
    """Tell whether a mark stands apart from the word before it, as a colon need not."""
    tokens = view.tokens
    return tokens.lows[at] == ":" or tokens.ends[at - 1] < tokens.starts[at]


def _candidate(first: int, last: int, mark: int, position: str) -> Candidate:
    return Candidate(first, last, mark, mark, "preposition", position, _FACTIVITY, False, "clause")
