"""Endless sentences, read in stretches, so that the time for a text stays in proportion to its length.

The rules look to and fro over a sentence, and compare its cues with each other. That is as it should be in a sentence
that somebody wrote, and never ends in one of a million characters. So a sentence of more than `LONGEST` tokens is read
as if it were several, one after the other, and what was found is put together again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from scorer.records import Attribution
from scorer.tokens import Tokens
from scorer.verification import CheckLink, Mention

LONGEST: Final = 256
"""Tokens of a stretch, at most. The longest of the 11,329 labelled sentences has 78."""

_SEARCHED: Final = 64
"""Tokens at the end of a stretch among which a mark is looked for to cut after."""
_MARKS: Final = frozenset(".!?;:,")


def cut(tokens: Tokens) -> list[Tokens]:
    """Cut a sentence into stretches of at most `LONGEST` tokens, after a mark where there is one.

    Parameters
    ----------
    tokens : Tokens
        A sentence.

    Returns
    -------
    list of Tokens
        One after the other they are the sentence; offsets stay those into the sentence.
    """
    lows, found, first = tokens.lows, [], 0
    while len(lows) - first > LONGEST:
        end = first + LONGEST
        end = next((k for k in range(end, end - _SEARCHED, -1) if lows[k - 1] in _MARKS), end)
        found.append(_slice(tokens, first, end))
        first = end
    return [*found, _slice(tokens, first, len(lows))]


def _slice(tokens: Tokens, first: int, end: int) -> Tokens:
    words, lows, starts, ends = tokens
    return Tokens(words[first:end], lows[first:end], starts[first:end], ends[first:end])


def join_attributions(
    parts: Sequence[Sequence[Attribution]], places: Sequence[int], own: int
) -> tuple[Attribution, ...]:
    """Put the attributions of a sentence's stretches together.

    Parameters
    ----------
    parts : sequence of sequence of Attribution
        Of each stretch, in order.
    places : sequence of int
        The sentence that each stretch of the document belongs to.
    own : int
        The sentence at hand.

    Returns
    -------
    tuple of Attribution
        The primary one of the first stretch that has any stays the first; a speaker that is carried on from another
        sentence or stretch counts only where there is no other.
    """
    found = [attribution for part in parts for attribution in part]
    kept = [attribution for attribution in found if attribution.position != "carried"] or found[:1]
    return tuple(replace(one, antecedent=_elsewhere(one.antecedent, places, own)) for one in kept)


def _elsewhere(index: int | None, places: Sequence[int], own: int) -> int | None:
    return None if index is None or places[index] == own else places[index]


def join_links(links: Sequence[CheckLink], places: Sequence[int], own: int, holds: int) -> CheckLink:
    """Put the links of a sentence's stretches to checks together; those from one stretch to another are left out.

    Parameters
    ----------
    links : sequence of CheckLink
        Of each stretch, in order.
    places : sequence of int
        The sentence that each stretch of the document belongs to.
    own : int
        The sentence at hand.
    holds : int
        Which of the links tells the check that holds for the sentence.

    Returns
    -------
    CheckLink
        With places of sentences.
    """
    link = links[holds]
    targets = {places[target] for one in links for target in one.targets} - {own}
    mentions = dict.fromkeys(Mention(places[m.place], m.status) for one in links for m in one.mentions)
    return CheckLink(
        link.status,
        link.own or (link.index is not None and places[link.index] == own),
        None if link.index is None else places[link.index],
        tuple(sorted(targets)),
        tuple(mention for mention in mentions if mention.place != own),
    )
