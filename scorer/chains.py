"""Chains of sources in one sentence: who says that somebody else said so, from the outermost link to the claim.

"The Lantern, citing two officials, reported", "according to Reuters, the mayor said", "the agency said that the army
had warned".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate
from scorer.tokens import Tokens

_RELAYING: Final = frozenset({"say", "announce", "confirm", "think", "show", "deny", "manner"})
"""Categories of cues that can stand inside what another source says, or have another source inside."""
_BREAKS: Final = frozenset({";", "—", "–", '"'})


def chain_places(tokens: Tokens, shape: wc.Shape, candidates: Sequence[Candidate]) -> list[int | None]:
    """Give each link of a sentence's chains its place.

    Parameters
    ----------
    tokens, shape
        The sentence.
    candidates : sequence of Candidate
        Its attributions, in the order of their cues.

    Returns
    -------
    list of int or None
        For each: 0 for the outermost link of a chain, 1 for the next inward, and so on; None outside of any chain.
    """
    places: list[int | None] = [None] * len(candidates)
    for k, inner in enumerate(candidates):
        outer = _outer(tokens, shape, candidates, k) if inner.first >= 0 else None
        if outer is not None:
            if places[outer] is None:
                places[outer] = 0
            places[k] = (places[outer] or 0) + 1
    return places


def _outer(tokens: Tokens, shape: wc.Shape, candidates: Sequence[Candidate], at: int) -> int | None:
    """Find the source through which another one of the sentence is known."""
    inner = candidates[at]
    for k, other in enumerate(candidates):
        if k == at or other.first < 0 or other.position == "background":
            continue
        if inner.category == "cite":
            if other.category != "cite":
                return k
        elif inner.category in _RELAYING and (
            other.category == "preposition" or (other.category in _RELAYING and _holds(tokens, shape, other, inner))
        ):
            return k
    return None


def _holds(tokens: Tokens, shape: wc.Shape, outer: Candidate, inner: Candidate) -> bool:
    """Tell whether what one source says begins with another source ("the agency said that the army had warned")."""
    if outer.content != "clause" or not outer.cue_last < inner.first < inner.cue_first:
        return False
    between = range(outer.cue_last + 1, inner.first)
    return not any(tokens.lows[k] in _BREAKS or shape.bits[k] & _SEPARATE for k in between)


_SEPARATE: Final = wc.COORDINATOR | wc.CLAUSE_COORDINATOR | wc.WHO | wc.BACKGROUND_LEAD
