"""The noun phrase that begins at a token, found without a parser: "said [the mayor of Halden] on Friday".

What bounds a phrase is a word class from ``words.tsv``, so that a new word needs no new code.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from scorer import word_classes as wc
from scorer.tokens import Tokens
from scorer.word_classes import STOPS, Shape

MAX_TOKENS: Final = 40
"""A source longer than this is a misreading; it also keeps the walk linear on hostile text."""
_LONGEST_ABBREVIATION: Final = 4


def phrase_after(tokens: Tokens, shape: Shape, first: int, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the noun phrase that begins at a token, as after "said", "by" or "according to".

    Parameters
    ----------
    tokens, shape
        The sentence.
    first : int
        The phrase's first token.
    verbs : set of int
        Positions of finite verbs that are known; the phrase stops before them.

    Returns
    -------
    (first, last) or None
        Tokens of the phrase, both included; None where no noun phrase can begin.
    """
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    n_tokens = len(lows)
    if first >= n_tokens or lows[first] in STOPS:
        return None
    bit = bits[first]
    if bit & (wc.SUBORDINATOR | wc.AUXILIARY | wc.PREPOSITION):
        return None
    if (
        bit & (wc.PERSON_PRONOUN | wc.WHO | wc.PHRASE_ENDER)
        or (bit & wc.TIME and bit & wc.ADVERB)
        or (bit & wc.COORDINATOR and not _continues(tokens, shape, first, verbs))
    ):
        return first, first
    has_name = capital[first] and not bit & wc.DETERMINER
    last = first
    for k in range(first + 1, min(n_tokens, first + MAX_TOKENS)):
        if lows[k] in STOPS:
            if not _abbreviates(tokens, shape, k):
                break
            continue
        bit = bits[k]
        if _bounds(tokens, shape, first, k, verbs):
            break
        if bit & wc.PREPOSITION and not capital[k]:
            if not _links(tokens, shape, k, has_name=has_name):
                break
        elif _is_beyond(lows, shape, k):
            break
        has_name = has_name or (capital[k] and not bit & wc.DETERMINER)
        last = k
    while last > first and bits[last] & _NO_END and not capital[last]:
        last -= 1
    return first, last


_NO_END: Final = wc.PREPOSITION | wc.DETERMINER | wc.CONJUNCTION | wc.TIME_LEAD


def _abbreviates(tokens: Tokens, shape: Shape, at: int) -> bool:
    """Tell whether a mark is the stop of a title or an initial inside a name ("Dr. Roe"), or a hyphen in a word."""
    if tokens.lows[at] == "-":
        return (
            at + 1 < len(tokens.lows)
            and tokens.ends[at - 1] == tokens.starts[at] == tokens.ends[at] - 1 == tokens.starts[at + 1] - 1
        )
    return (
        tokens.lows[at] == "."
        and at + 1 < len(tokens.lows)
        and tokens.ends[at - 1] == tokens.starts[at]
        and shape.capital[at - 1]
        and shape.capital[at + 1]
        and len(tokens.lows[at - 1]) <= _LONGEST_ABBREVIATION
    )


def _bounds(tokens: Tokens, shape: Shape, first: int, at: int, verbs: Set[int]) -> bool:
    """Tell whether a word begins something else: a verb, a clause, an adverbial of time, another phrase."""
    bit, before = shape.bits[at], shape.bits[at - 1]
    if at in verbs and not before & (wc.DETERMINER | wc.PREPOSITION):
        return True
    if not bit:
        return False
    if bit & (wc.AUXILIARY | wc.SUBORDINATOR) and not (bit & wc.DETERMINER and before & wc.PREPOSITION):
        return True
    if bit & wc.PRONOUN and not bit & wc.DETERMINER:
        return True
    if bit & wc.TIME and (bit & wc.ADVERB or not (shape.capital[first] or before & wc.PREPOSITION)):
        return True
    if bit & (wc.WHO | wc.PHRASE_ENDER):
        return True
    return bool(bit & wc.COORDINATOR) and not _continues(tokens, shape, at, verbs)


def _links(tokens: Tokens, shape: Shape, at: int, *, has_name: bool) -> bool:
    """Tell whether a preposition links more of the phrase to it, and does not begin an adverbial."""
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    bit, following, n_tokens = bits[at], at + 1, len(lows)
    if not bit & wc.LINK or following >= n_tokens or bits[following] & (wc.TIME | wc.TIME_LEAD):
        return False
    after = following
    while after < n_tokens and bits[after] & (wc.DETERMINER | wc.POSSESSIVE):
        after += 1
    if lows[following][0].isdigit() or (after < n_tokens and bits[after] & (wc.VENUE | wc.TIME | wc.NUMBER)):
        return False
    if has_name and capital[at - 1] and lows[at] != "of":
        return False
    # "experts on the region" but not "said the minister on arrival": only before a name or an article.
    return (
        not bit & wc.PLACE_PREPOSITION or capital[at - 1] or capital[following] or bool(bits[following] & wc.DETERMINER)
    )


_ARTICLE: Final = wc.DEFINITE | wc.INDEFINITE
_BEFORE_ARTICLE: Final = wc.PREPOSITION | wc.DETERMINER | wc.COORDINATOR | wc.POSSESSIVE


def _is_beyond(lows: Sequence[str], shape: Shape, at: int) -> bool:
    """Tell whether a word that is no preposition stands outside a phrase: an adverb or a past form."""
    low, bit, before = lows[at], shape.bits[at], shape.bits[at - 1]
    if bit & wc.ADVERB and not bit & wc.DETERMINER:
        return True
    if bit & _ARTICLE and not (before & _BEFORE_ARTICLE or shape.capital[at - 1] or lows[at - 1].endswith("ing")):
        return True  # "under the constitution the king may refuse"
    if shape.capital[at]:
        return False
    if low.endswith("ed") and not before & (wc.DETERMINER | wc.PREPOSITION | wc.POSSESSIVE):
        return True  # "the union filed", "the health risks posed"
    return shape.capital[at - 1] and wc.is_adverb(low, bit)


def _continues(tokens: Tokens, shape: Shape, at: int, verbs: Set[int]) -> bool:
    """Tell whether a noun phrase goes on after the "and" at a place."""
    following = at + 1
    if following >= len(tokens.lows) or tokens.lows[following] in STOPS or following in verbs:
        return False
    bit = shape.bits[following]
    if bit & _NO_NOUN and not bit & wc.DETERMINER:
        return False
    return shape.capital[following] or not tokens.lows[following].endswith("ed")


_NO_NOUN: Final = wc.AUXILIARY | wc.ADVERB | wc.SUBORDINATOR | wc.PRONOUN | wc.PREPOSITION
