"""What kind of source some words name, and whether it can be held to account.

Decides from the source nouns inside the words (``sources.tsv``), their number and article, and their shape: capitals,
acronyms, handles. What only an earlier sentence can tell is left to `scorer.discourse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.names import BODIES, name_start, noun_after, nouns_in
from scorer.roles import role_type
from scorer.tokens import Tokens

UNKNOWN: Final = "unknown"
"""Type of a source that only its document can tell (a pronoun, a bare surname)."""
_NO_ROLE: Final = frozenset({"thing", "vague", "people"})
_LINKS: Final = wc.LINK | wc.AGENT
_CLAUSE_MARKS: Final = frozenset('.;:"')
_ROLE_TO_NAME: Final = 9
_NAME_TO_ROLE: Final = 12
_NAME_TO_BODY: Final = 8
"""Tokens within which an apposition stands beside its name."""


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


def kind_of(tokens: Tokens, shape: wc.Shape, first: int, last: int, nouns: Sequence[Noun]) -> Kind:
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
    lows, bits = tokens.lows, shape.bits
    if lows[first].startswith("@"):
        return Kind("social_media", "named", lows[first])
    if first == last and bits[first] & (wc.PRONOUN | wc.OBJECT_PRONOUN):
        return Kind(UNKNOWN, "named" if bits[first] & wc.PERSON_PRONOUN else "role", "")
    within = nouns_in(nouns, first, last)
    name_first, name_last = _name(tokens, shape, first, last, within)
    head = _head(shape, first, last, within)
    if head is None:
        if name_first >= 0:
            return _named(tokens, shape, first, name_first, name_last, nouns)
        return _unknown(lows[last], bits[first], bits[last])
    key = lows[head.last]
    source_type = head.source_type
    if head.kind == "vague":
        return Kind(source_type, "vague", key)
    if head.kind == "people":
        return Kind(source_type, "anonymous", key)
    name_key = lows[name_last] if name_first >= 0 else key
    if head.kind == "voice":
        identification = "named" if name_first > head.last else "role"
        return Kind(role_type(tokens, shape, head, nouns), identification, name_key)
    if head.kind in ("person", "title"):
        source_type = role_type(tokens, shape, head, nouns)
        if name_first > head.last or (head.kind == "title" and name_first >= 0):
            return Kind(source_type, "named", name_key)
        if head.kind == "person" and 0 <= name_first < head.first and source_type == "organisation" and len(within) > 1:
            return Kind("organisation", "role", key)
        if source_type == "media" and _is_of_outlet(shape, first, last, within):
            return Kind(source_type, "role", key)
        return Kind(source_type, _number(lows, shape, first, head), key)
    is_named = _is_proper(tokens, shape, first, last, within)
    return Kind(source_type, *_institution(lows, shape, first, last, head, name_key, is_named=is_named))


def _institution(
    lows: Sequence[str], shape: wc.Shape, first: int, last: int, head: Noun, name_key: str, *, is_named: bool
) -> tuple[str, str]:
    """Give identification and key of an institution, an outlet, an account or a document."""
    bits, key = shape.bits, lows[head.last]
    is_plural = wc.is_plural(key, bits[head.last])
    is_some = bits[first] & wc.INDEFINITE or (is_plural and not bits[first] & wc.DEFINITE)
    if head.source_type == "social_media":
        if any(low[0] in "@#" for low in lows[first : last + 1]):
            return "named", key
        if head.kind == "thing" or is_some:
            return "anonymous", key  # "a post on the Halden Mums page": the page has a name, the poster none
    if head.kind == "outlet" and is_some and not shape.capital[head.last]:
        return "anonymous", key
    if is_named:
        return "named", name_key if head.kind in BODIES else key
    if head.kind in BODIES:
        is_several = is_some and is_plural and head.source_type == "organisation"
        return "anonymous" if is_several else "role", name_key
    if head.source_type == "document":
        # A document can be looked up, be it "an audit" or "the audit"; one that bears a number has a name.
        is_dated = not bits[first] & wc.INDEFINITE and any(low[0].isdigit() for low in lows[first : head.first])
        return "named" if is_dated else "role", key
    return "anonymous" if bits[first] & wc.ANONYMOUS_LEAD else "role", key


def _is_of_outlet(shape: wc.Shape, first: int, last: int, within: Sequence[Noun]) -> bool:
    """Tell whether a reporter's outlet is named: "a Halden Post reporter"."""
    return any(noun.kind == "outlet" for noun in within) or any(shape.capital[max(first, 1) : last + 1])


def _head(shape: wc.Shape, first: int, last: int, within: Sequence[Noun]) -> Noun | None:
    """Choose the noun that heads the phrase: the last one before a preposition links something to it."""
    if not within:
        return None
    owner, tail = within[0], within[-1]
    if tail.kind == "thing" and tail.last == last and owner.kind in BODIES and shape.capital[owner.last]:
        before = shape.bits[tail.first - 1]
        if before & wc.POSSESSIVE or not before & (_LINKS | wc.DETERMINER | wc.COORDINATOR):
            return tail  # "the Bureau of Statistics' monthly survey", "Ministry of Justice data"
    link = _link(shape, first, last)
    head = next((noun for noun in reversed(within) if noun.first < link), None)
    if head is not None:
        return head
    return within[0] if not shape.capital[link - 1] else None


def _link(shape: wc.Shape, first: int, last: int) -> int:
    """Find the first preposition that links something to a phrase; the token after the phrase where there is none."""
    return next((k for k in range(first + 1, last + 1) if shape.bits[k] & _LINKS and not shape.capital[k]), last + 1)


def _name(tokens: Tokens, shape: wc.Shape, first: int, last: int, within: Sequence[Noun]) -> tuple[int, int]:
    """Find the name that a phrase ends in, or that stands before "of the ministry"; gives -1 where there is none."""
    start = name_start(tokens, shape, first, last, within)
    if start < 0:
        link = _link(shape, first, last)
        if link <= last and shape.capital[link - 1]:
            return name_start(tokens, shape, first, link - 1, nouns_in(within, first, link - 1)), link - 1
    return start, last


def _named(tokens: Tokens, shape: wc.Shape, first: int, name_first: int, name_last: int, nouns: Sequence[Noun]) -> Kind:
    """Tell the kind of a name that no source noun heads."""
    low, word = tokens.lows[name_last], tokens.words[name_last]
    apposed = _apposition(tokens.lows, shape, first, name_last, nouns)
    if apposed is not None:
        return Kind(role_type(tokens, shape, apposed, nouns), "named", low)
    told = told_after(tokens.lows, shape, name_last)
    if told and (name_last > name_first or told == "organisation"):
        return Kind(told, "named", low)
    is_acronym = name_first == name_last and len(word) > 1 and word.isupper()
    is_firm = is_acronym or "&" in tokens.lows[first:name_last]
    return Kind("organisation" if is_firm else UNKNOWN, "named", low)


def told_after(lows: Sequence[str], shape: wc.Shape, last: int) -> str:
    """Give the type that an age, "which owns it" or "who teaches law" tells after a name that has no role beside it.

    Ages are given of ordinary people; an office would be in the lexicon.

    Parameters
    ----------
    lows, shape
        The sentence.
    last : int
        Last token of the name.

    Returns
    -------
    str
        One of `scorer.labels.SOURCE_TYPES`; empty where nothing is told.
    """
    k = last + 2
    if k + 1 >= len(lows) or lows[last + 1] != "," or shape.capital[k]:
        return ""
    if lows[k] == "which":
        return "organisation"  # no person
    if shape.bits[k] & wc.WHO and not shape.bits[k] & wc.THAT:
        return "expert" if shape.bits[k + 1] & wc.SCHOLARLY else ""
    return "witness" if lows[k].isdigit() else ""


def _unknown(low: str, first_bit: int, last_bit: int) -> Kind:
    """Tell the kind of a common noun that no lexicon knows, by its last word and the classes of its first."""
    is_plural = wc.is_plural(low, last_bit)
    if is_plural or first_bit & wc.ANONYMOUS_LEAD:
        return Kind("witness" if is_plural else "individual", "anonymous", low)
    return Kind("individual", "role", low)


def _apposition(lows: Sequence[str], shape: wc.Shape, first: int, last: int, nouns: Sequence[Noun]) -> Noun | None:
    """Find the noun in ", a biologist at …" or "of the health ministry" right after a name, or the role before it."""
    if first > 1 and lows[first - 1] == ",":
        # "the union's president, Lottie Marr", "the director of the Mill Trust, Bob Lee": the role stands before.
        role = next(
            (noun for noun in reversed(nouns) if noun.last < first - 1 and noun.kind in ("person", "voice", "title")),
            None,
        )
        if role is not None and first - role.last <= _ROLE_TO_NAME:
            between = lows[role.last + 1 : first - 1]
            if "," not in between and _CLAUSE_MARKS.isdisjoint(between):
                return role
        return None  # the next comma closes what this one opened
    at = last + 1
    if at >= len(lows) or lows[at] not in (",", "(", "of"):
        return None
    opens = shape.bits[at + 1] if at + 1 < len(lows) else 0
    if lows[at] == "," and (
        lows[at + 1 : at + 2] == [] or lows[at + 1].endswith("ing") or _is_clause(opens, shape, at)
    ):
        return None  # "The Lantern, citing two officials,": what follows is no apposition
    noun = noun_after(nouns, at)
    if (
        noun is None
        or noun.kind in _NO_ROLE
        or noun.first - at > (_NAME_TO_BODY if lows[at] == "of" else _NAME_TO_ROLE)
    ):
        return None
    between = lows[at + 1 : noun.first]
    if not _CLAUSE_MARKS.isdisjoint(between):
        return None
    return None if "," in between and not lows[at + 1][0].isdigit() else noun


def _is_clause(opens: int, shape: wc.Shape, comma: int) -> bool:
    """Tell whether a relative clause follows a comma that does more than name a role ("who is a baker")."""
    return bool(opens & wc.WHO) and not (comma + 2 < len(shape.bits) and shape.bits[comma + 2] & wc.BE)


def _is_proper(tokens: Tokens, shape: wc.Shape, first: int, last: int, within: Sequence[Noun]) -> bool:
    """Tell whether a phrase is a proper name; a lone capital at the sentence's start is none, unless it must be one."""
    bits, capital = shape.bits, shape.capital
    start = max(first, 1)
    if any(capital[k] and not bits[k] & (wc.DETERMINER | wc.TIME) for k in range(start, last + 1)):
        return True
    if first or not capital[0] or bits[0] & (wc.DETERMINER | wc.TIME):
        return False
    if any(noun.first == 0 and (noun.cased or noun.kind == "state") for noun in within):
        return True
    # "Frontex's bulletin", "ATR notices": a possessive or an acronym is a name also there.
    word = tokens.words[0]
    return (last > 0 and tokens.lows[1] == "'s" and not bits[0]) or (len(word) > 1 and word.isupper())


def _number(lows: Sequence[str], shape: wc.Shape, first: int, head: Noun) -> str:
    """Tell whether a common noun for a person picks out one (role) or some (anonymous)."""
    bit = shape.bits[first]
    if bit & wc.ARTICLE:
        return "anonymous"
    # "people familiar with the talks" ends in no noun.
    if any(wc.is_plural(lows[k], shape.bits[k]) for k in (head.last, head.first)):
        return "role" if bit & wc.DEFINITE and head.source_type in ("expert", "individual") else "anonymous"
    return "role"
