"""What kind of source some words name, and whether it can be held to account.

Decides from the source nouns inside the words (``sources.tsv``), their number and article, and their shape: capitals,
acronyms, handles. What only an earlier sentence can tell is left to `scorer.discourse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer import phrases as ph
from scorer.tokens import Tokens

UNKNOWN: Final = "unknown"
"""Type of a source that only its document can tell (a pronoun, a bare surname)."""


class Kind(NamedTuple):
    """Type and identification of a source.

    Attributes
    ----------
    source_type : str
        One of `scorer.labels.SOURCE_TYPES`, or `UNKNOWN`.
    identification : str
        One of `scorer.labels.IDENTIFICATIONS`.
    key : str
        Lower-case word under which the document knows the source again: a surname, an acronym, a head noun.
    """

    source_type: str
    identification: str
    key: str


class Noun(NamedTuple):
    """A source noun inside a phrase: its tokens, type and kind (person, voice, title, body, people, thing, …)."""

    first: int
    last: int
    source_type: str
    kind: str


def kind_of(tokens: Tokens, shape: ph.Shape, first: int, last: int, nouns: Sequence[Noun]) -> Kind:
    """Tell type and identification of the source that some tokens name.

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
    Kind
        ``source_type`` is `UNKNOWN` for pronouns and for bare names.
    """
    lows, words, bits, capital = tokens.lows, tokens.words, shape.bits, shape.capital
    if lows[first].startswith("@"):
        return Kind("social_media", "named", lows[first])
    if first == last and bits[first] & ph.PRONOUN:
        return Kind(UNKNOWN, "named" if bits[first] & ph.PERSON_PRONOUN else "role", "")
    within = [noun for noun in nouns if noun.first >= first and noun.last <= last]
    name_first = name_start(tokens, shape, first, last, within)
    key = lows[last] if name_first >= 0 else ""
    head = _head(tokens, shape, first, last, within)
    if head is None:
        apposed = _apposition(tokens, first, last, nouns)
        if apposed is not None and name_first >= 0:
            return Kind(apposed.source_type, "named", key)
        if name_first >= 0:
            single = name_first == last
            if single and len(words[last]) > 1 and words[last].isupper():
                return Kind("organisation", "named", key)
            return Kind(UNKNOWN, "named", key)
        plural = ph.is_plural(lows[last], bits[last])
        if bits[first] & ph.ANONYMOUS_LEAD or plural:
            return Kind("witness" if plural else "individual", "anonymous", lows[last])
        return Kind("individual", "role", lows[last])
    source_type, kind = head.source_type, head.kind
    if kind == "vague":
        return Kind(source_type, "vague", lows[head.last])
    if kind == "voice":
        body = next((n for n in within if n is not head and n.kind in ("body", "state", "outlet")), None)
        if body is not None:
            source_type = body.source_type
        elif source_type == "unspecified":
            source_type = "organisation"
        return Kind(source_type, "named" if name_first > head.last else "role", key or lows[head.last])
    if kind in ("person", "title"):
        if name_first > head.last or (kind == "title" and name_first >= 0):
            return Kind(source_type, "named", key)
        if kind == "person" and name_first >= 0 and name_first < head.first and _is_company_voice(head, within):
            return Kind("organisation", "role", lows[head.last])
        return Kind(source_type, _number(tokens, shape, first, head), lows[head.last])
    if kind == "people":
        return Kind(source_type, "anonymous", lows[head.last])
    proper = any(
        capital[k] and not bits[k] & (ph.DETERMINER | ph.TIME) and (k > 0 or head.kind == "state" or capital[min(k + 1, last)])
        for k in range(first, last + 1)
    )
    if kind in ("body", "state", "outlet"):
        if not proper and (bits[first] & ph.INDEFINITE or ph.is_plural(lows[head.last], bits[head.last])) and kind == "outlet":
            return Kind(source_type, "anonymous", lows[head.last])
        return Kind(source_type, "named" if proper else "role", key or lows[head.last])
    if not proper and bits[first] & ph.ANONYMOUS_LEAD:
        return Kind(source_type, "anonymous", lows[head.last])
    return Kind(source_type, "named" if proper else "role", lows[head.last])


def name_start(tokens: Tokens, shape: ph.Shape, first: int, last: int, within: Sequence[Noun]) -> int:
    """Find where a run of capitalised words begins that ends a phrase; -1 where the phrase ends otherwise."""
    bits, capital = shape.bits, shape.capital
    k = last
    while k >= first and bits[k] & ph.SUFFIX:
        k -= 1
    if k < first or not capital[k] or bits[k] & (ph.DETERMINER | ph.PRONOUN | ph.TIME) and first == last:
        return -1
    stop = max((noun.last for noun in within if noun.kind in ("person", "title", "voice") and noun.last < last), default=-1)
    while k - 1 >= first and k - 1 > stop and (
        capital[k - 1] and not bits[k - 1] & (ph.DETERMINER | ph.PREPOSITION)
        or bits[k - 1] & ph.PARTICLE and k - 2 >= first and capital[k - 2]
        or tokens.lows[k - 1] == "." and k - 2 >= first and capital[k - 2]
    ):
        k -= 1
    return k


def _head(tokens: Tokens, shape: ph.Shape, first: int, last: int, within: Sequence[Noun]) -> Noun | None:
    """Choose the noun that heads the phrase: the last one before a preposition links something to it."""
    if not within:
        return None
    link = next(
        (k for k in range(first + 1, last + 1) if shape.bits[k] & ph.LINK and not shape.capital[k]), last + 1
    )
    before = [noun for noun in within if noun.first < link]
    if before:
        return before[-1]
    return within[0] if not shape.capital[max(first, link - 1)] else None


def _apposition(tokens: Tokens, first: int, last: int, nouns: Sequence[Noun]) -> Noun | None:
    """Find the source noun in ", a biologist at …" or "of the health ministry" right after a name, or the role before it."""
    lows = tokens.lows
    if first > 1 and lows[first - 1] == ",":
        # "the union's president, Lottie Marr": the role stands before the name.
        left = [noun for noun in nouns if noun.last < first - 1]
        if left and first - left[-1].last <= 6 and left[-1].kind in ("person", "voice"):
            if not any(lows[k] in '.;:",' for k in range(left[-1].last + 1, first - 1)):
                return left[-1]
    at = last + 1
    if at >= len(lows) or not (lows[at] in ",(" or lows[at] == "of"):
        return None
    for noun in nouns:
        if noun.first > at:
            reach = 12 if lows[at] != "of" else 8
            if noun.first - at > reach or any(lows[k] in '.;:"' for k in range(at + 1, noun.first)):
                return None
            between = [k for k in range(at + 1, noun.first) if lows[k] == ","]
            return None if between and not lows[at + 1][0].isdigit() else noun
    return None


def _is_company_voice(head: Noun, within: Sequence[Noun]) -> bool:
    return head.source_type == "organisation" and len(within) > 1


def _number(tokens: Tokens, shape: ph.Shape, first: int, head: Noun) -> str:
    """Tell whether a common noun for a person picks out one (role) or some (anonymous)."""
    low = tokens.lows[head.last]
    bit = shape.bits[first]
    if bit & ph.ARTICLE:
        return "anonymous"
    if ph.is_plural(low, shape.bits[head.last]):
        return "role" if bit & ph.DEFINITE and head.source_type in ("expert", "individual") else "anonymous"
    return "role"
