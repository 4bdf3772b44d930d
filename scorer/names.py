"""People's names inside a source's words: where they begin, and what around them is no part of the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.tokens import Tokens

BODIES: Final = frozenset({"body", "outlet", "state"})
"""Kinds of nouns that name an institution."""
ROLES: Final = frozenset({"person", "title", "voice"})
"""Kinds of nouns that name somebody."""
_NO_PERSON: Final = frozenset({"thing", "vague", "people"})
_LONGEST_PLACE: Final = 2
"""Words of a name after a preposition, from which on it may be a place and then a person ("of London Ann Roe")."""


_FIRST: Final = itemgetter(0)
_FEW: Final = 8
"""Nouns of a sentence up to which looking at each is faster than a binary search."""


def nouns_in(nouns: Sequence[Noun], first: int, last: int) -> list[Noun]:
    """Give the nouns, of those of a sentence in order, that stand wholly inside a phrase."""
    if len(nouns) > _FEW:
        low = bisect_left(nouns, first, key=_FIRST)
        nouns = nouns[low : bisect_right(nouns, last, low, key=_FIRST)]
    return [noun for noun in nouns if noun.first >= first and noun.last <= last]


def noun_before(nouns: Sequence[Noun], at: int) -> Noun | None:
    """Give the last noun that ends before a token."""
    for k in range(bisect_left(nouns, at, key=_FIRST) - 1, -1, -1):
        if nouns[k].last < at:
            return nouns[k]
    return None


def noun_after(nouns: Sequence[Noun], at: int) -> Noun | None:
    """Give the first noun that begins after a token."""
    k = bisect_right(nouns, at, key=_FIRST)
    return nouns[k] if k < len(nouns) else None


def name_start(tokens: Tokens, shape: wc.Shape, first: int, last: int, within: Sequence[Noun]) -> int:
    """Find where a run of capitalised words begins that ends a phrase.

    Parameters
    ----------
    tokens, shape
        The sentence.
    first, last : int
        Tokens of the phrase, both included.
    within : sequence of Noun
        The source nouns inside the phrase; a role or title is no part of a name.

    Returns
    -------
    int
        First token of the name; -1 where the phrase does not end in one.
    """
    bits, capital = shape.bits, shape.capital
    k = last
    while k >= first and bits[k] & wc.SUFFIX:
        k -= 1
    if k < first or not capital[k]:
        return -1
    if first == last and bits[k] & (wc.DETERMINER | wc.PRONOUN | wc.TIME):
        return -1
    stop = max((noun.last for noun in within if noun.kind in ROLES and noun.last < last), default=-1)
    lowest = max(first, stop + 1)
    while k > lowest:
        before = k - 1
        is_name = capital[before] and not bits[before] & (wc.DETERMINER | wc.PREPOSITION)
        is_inner = bits[before] & wc.PARTICLE or tokens.lows[before] == "."
        if not is_name and not (is_inner and before > first and capital[before - 1]):
            break
        k = before
    if k > first and bits[k - 1] & wc.LINK and last - k < _LONGEST_PLACE:
        return -1  # "a man from Ryazan", "the director of Northgate": what follows the preposition is a place or a body
    return k


def name_only(tokens: Tokens, shape: wc.Shape, first: int, last: int, nouns: Sequence[Noun]) -> tuple[int, int]:
    """Leave what stands around a person's full name out of the source span, by one rule for all.

    Titles and roles before a full name go ("Interior Minister Yonas Berek"), and so does the body after it ("Ann Roe of
    the ministry"). A title before a bare surname stays ("Sheriff Lee"): without it nobody would know who is meant.

    Parameters
    ----------
    tokens, shape
        The sentence.
    first, last : int
        Tokens of the source, both included.
    nouns : sequence of Noun
        The source nouns of the sentence, in order.

    Returns
    -------
    first, last : int
        Tokens of the span, both included.
    """
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    last = _without_body(tokens, shape, first, last, nouns)
    within = nouns_in(nouns, first, last)
    start = name_start(tokens, shape, first, last, within)
    if start <= first:
        return first, last
    bodies = [noun for noun in within if noun.first >= start and noun.kind in BODIES]
    if bodies:
        # "Mayor of London Sadiq Khan", "Ambassador to the United Nations Nikki Haley": a body, and then a name.
        start = bodies[-1].last + 1
        titled = any(noun.last < bodies[0].first and noun.kind in ROLES for noun in within)
        return (start, last) if titled and last == start + 1 else (first, last)
    role = next((noun for noun in reversed(within) if noun.kind in ROLES and noun.last < start), None)
    before = start - 1
    if role is None or role.last < before - 1:
        if any(noun.last < start and noun.kind in _NO_PERSON for noun in within):
            return first, last  # "a study in the journal Bee World": something else heads the phrase
        # "Huber's tag team partner Erick Rowan": a common noun that no lexicon knows, before a full name.
        unknown = not capital[before] and not bits[before] & (wc.PREPOSITION | wc.DETERMINER | wc.COORDINATOR)
        return (start, last) if last > start and (unknown or lows[before] == "'s") else (first, last)
    if role.kind == "title" and role.source_type in ("expert", "individual"):
        return role.first, last  # "Dr Ines Calloway": an honorific is part of the name
    if lows[before] == "of" and last - start >= 2:
        start = last - 1  # "Mayor of London Sadiq Khan": what stands between is the place
    if start == last and (role.kind == "title" or capital[role.first]):
        return role.first, last
    return start, last


def _without_body(tokens: Tokens, shape: wc.Shape, first: int, last: int, nouns: Sequence[Noun]) -> int:
    """Give the last token of a name before "of the ministry"; the phrase's own last token where there is none."""
    bits, capital = shape.bits, shape.capital
    link = next((k for k in range(first + 2, last) if bits[k] & wc.LINK and not capital[k]), -1)
    if link < 0:
        return last
    within = [noun for noun in nouns_in(nouns, first, last) if noun.first < link]
    if any(noun.last >= link - 1 for noun in within):
        return last  # "the head of police", "Secretary of State Ann Roe"
    if bits[first] & wc.DETERMINER and not any(noun.kind in ROLES for noun in within):
        return last  # "the National Conference of Barge Masters": people have no article
    start = name_start(tokens, shape, first, link - 1, [noun for noun in within if noun.last < link])
    # "the Ministry of Justice" is one noun across the link.
    if not 0 <= start < link - 1 or any(noun.kind in BODIES and start <= noun.last for noun in within):
        return last
    return link - 1


def is_role_phrase(lows: Sequence[str], shape: wc.Shape, end: int) -> bool:
    """Tell whether the phrase that ends at a token is a common noun with an article or a possessive, not a name."""
    bits = shape.bits
    for k in range(end, max(-1, end - 12), -1):
        if lows[k] in wc.STOPS:
            return False
        if bits[k] & wc.INDEFINITE:
            return True
        if bits[k] & wc.DEFINITE or lows[k] == "'s":
            if not all(shape.capital[k + 1 : end + 1]):
                return True
            if not (k and bits[k - 1] & wc.LINK):
                return False  # "the Interior Ministry"; but go on from "of the Ask Society"
    return False


def apposed_name(lows: Sequence[str], shape: wc.Shape, first: int, last: int) -> tuple[int, int] | None:
    """Give the name in an apposition, after common nouns at most: "doctoral candidate Ann Roe" in "the author, …"."""
    named = proper_phrase(lows, shape, first, last)
    if named is not None or first >= last:
        return named
    start = last
    while start > first and shape.capital[start - 1]:
        start -= 1
    if start == last or not shape.capital[last] or any(shape.bits[k] & _NO_COMPOUND for k in range(first, start)):
        return None
    return (start, last) if all(lows[k] not in wc.STOPS for k in range(first, start)) else None


_NO_COMPOUND: Final = wc.DETERMINER | wc.PREPOSITION | wc.PRONOUN | wc.WHO | wc.AUXILIARY | wc.SUBORDINATOR | wc.ADVERB


def proper_phrase(lows: Sequence[str], shape: wc.Shape, first: int, last: int) -> tuple[int, int] | None:
    """Give a phrase that is a proper name from end to end, without the short form in brackets after it."""
    bits, capital = shape.bits, shape.capital
    if lows[last] == ")":
        opening = next((k for k in range(last - 1, max(first, last - 5), -1) if lows[k] == "("), -1)
        last = opening - 1
    named = first + 1 if first < last and bits[first] & wc.DEFINITE else first
    if last - named < 1 or not (capital[named] and capital[last]) or bits[named] & (wc.WHO | wc.PREPOSITION):
        return None
    inner = wc.LINK | wc.COORDINATOR | wc.DEFINITE | wc.PARTICLE
    return (first, last) if all(capital[k] or bits[k] & inner for k in range(named, last + 1)) else None


def person_before(lows: Sequence[str], shape: wc.Shape, end: int) -> tuple[int, int] | None:
    """Find a name to which the role that ends at a token is apposed: "Ann Roe, the mayor of Halden, Norway, said"."""
    for k in range(end, max(1, end - _LONGEST_APPOSED), -1):
        if lows[k] == ",":
            first = k - 1
            while first >= 0 and shape.capital[first] and not shape.bits[first] & wc.TIME:
                first -= 1
            # A name that stands alone, so that no preposition makes it a place ("In New York, the mayor").
            opens = first < 0 or lows[first] in _EDGES
            return (first + 1, k - 1) if opens and first + 2 < k and not shape.bits[first + 1] & _NO_NAME else None
        if lows[k] in wc.STOPS:
            return None
    return None


_NO_NAME: Final = wc.PREPOSITION | wc.DETERMINER | wc.PRONOUN | wc.SUBORDINATOR | wc.ADVERB | wc.CLAUSE_LEAD
_LONGEST_APPOSED: Final = 20
"""Tokens of an apposition, at most."""
_EDGES: Final = frozenset(',;:"')
