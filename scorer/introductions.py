"""The words with which a document introduces a name: titles before it, appositions beside it, where it belongs.

"Interior Minister Yonas Berek", "Lottie Marr, a baker from Halden,", "Ann Roe of the Tusk Count": what such words say
of a name holds for the whole document, also where only "Marr" is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun
from scorer.names import name_start, nouns_in
from scorer.tokens import Tokens

_LONGEST_TITLE: Final = 6
_LONGEST_ROLE: Final = 7
_LONGEST_APPOSITION: Final = 9
_LONGEST_BODY: Final = 6
_LONGEST_LEAD: Final = 3
"""Tokens of each kind of introduction that are looked at."""
_MOST_WORDS: Final = 12
"""Words kept for a name; a name that comes back in every sentence is introduced by its first mentions."""
_NO_TITLE: Final = wc.PREPOSITION | wc.AUXILIARY | wc.SUBORDINATOR | wc.WHO
_BODY_LINKS: Final = wc.LINK | wc.PLACE_PREPOSITION


class Worded(Protocol):
    """A sentence with its tokens, their shapes, and its source nouns in order."""

    @property
    def tokens(self) -> Tokens:
        """Its words."""

    @property
    def shape(self) -> wc.Shape:
        """Their classes and capitals."""

    @property
    def nouns(self) -> Sequence[Noun]:
        """Its source nouns, in order."""


class Attributing(Worded, Protocol):
    """A sentence that also knows its report cues."""

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Its cues with the sources that it gives them."""


def introductions_of_sources(sentences: Sequence[Attributing]) -> dict[str, list[str]]:
    """Collect how a document introduces the names that it attributes something to; see `introductions`."""
    keys = {
        sentence.tokens.lows[candidate.last]
        for sentence in sentences
        for candidate in sentence.candidates
        if candidate.first >= 0 and sentence.shape.capital[candidate.last]
    }
    return introductions(sentences, keys)


def introductions(sentences: Iterable[Worded], keys: Collection[str]) -> dict[str, list[str]]:
    """Collect the words that introduce some names in a document.

    Parameters
    ----------
    sentences : iterable of Worded
        The document's sentences, in order.
    keys : collection of str
        Last words of the names, lower case.

    Returns
    -------
    dict of str to list of str
        By key: each word with the place that it stands in, such as ``"title=minister"``.
    """
    found: dict[str, list[str]] = {key: [] for key in keys}
    if not found:
        return found
    for sentence in sentences:
        lows = sentence.tokens.lows
        if found.keys().isdisjoint(lows):
            continue
        capital = sentence.shape.capital
        for last, low in enumerate(lows):
            words = found.get(low)
            if words is None or not capital[last] or len(words) > _MOST_WORDS:
                continue
            if last + 1 < len(lows) and capital[last + 1]:
                continue  # a first name, or a part of another name
            first = _name_first(sentence, last)
            words += introducing_words(sentence, first, last)
    return found


def _name_first(sentence: Worded, last: int) -> int:
    """Find where the name begins that ends at a token, titles left out."""
    shape = sentence.shape
    run = last
    while run > 0 and shape.capital[run - 1] and not shape.bits[run - 1] & wc.DETERMINER:
        run -= 1
    first = name_start(sentence.tokens, shape, run, last, nouns_in(sentence.nouns, run, last))
    return first if first >= 0 else run


def introducing_words(sentence: Worded, first: int, last: int) -> list[str]:
    """Give the words around one mention of a name that introduce it.

    Parameters
    ----------
    sentence : Worded
        The sentence.
    first, last : int
        Tokens of the name, both included.

    Returns
    -------
    list of str
        Each with its place: ``title`` before the name, ``role`` before a comma and the name, ``apposition`` after it,
        ``body`` after a preposition, ``noun`` for the source nouns among them; ``age`` where it is given.
    """
    lows, bits = sentence.tokens.lows, sentence.shape.bits
    n_tokens = len(lows)
    low_end, high_end = first, last
    found: list[str] = []
    for k in range(first - 1, max(-1, first - 1 - _LONGEST_TITLE), -1):
        if lows[k] in wc.STOPS or bits[k] & _NO_TITLE:
            break
        found.append(f"title={lows[k]}")
        low_end = k
        if bits[k] & wc.DETERMINER:
            break
    if first > 1 and lows[first - 1] == ",":
        for k in range(first - 2, max(-1, first - 2 - _LONGEST_ROLE), -1):
            if lows[k] in wc.STOPS:
                break
            found.append(f"role={lows[k]}")
            low_end = k
            if bits[k] & wc.DETERMINER:
                break
    at = last + 1
    if at < n_tokens and lows[at] == ",":
        at += 1
        if at < n_tokens and lows[at][0].isdigit():
            found.append("age")
            at += 2
        place, longest, stops = "apposition", _LONGEST_APPOSITION, 0
        if first and first <= _LONGEST_LEAD and bits[first - 1] & wc.PREPOSITION and "," not in lows[at : at + longest]:
            longest = 0  # "According to Roe, the start of the term …": the sentence itself begins here
    elif at < n_tokens and bits[at] & _BODY_LINKS:
        found.append(f"link={lows[at]}")
        at += 1
        place, longest, stops = "body", _LONGEST_BODY, wc.AUXILIARY
    else:
        place, longest, stops = "", 0, 0
    for k in range(at, min(n_tokens, at + longest)):
        if lows[k] in wc.STOPS or bits[k] & stops:
            break
        found.append(f"{place}={lows[k]}")
        high_end = k
    for noun in sentence.nouns:
        if (low_end <= noun.first and noun.last < first) or (last < noun.first and noun.last <= high_end):
            found += (f"noun={noun.source_type} {noun.kind}", f"noun={noun.source_type}")
    return found
