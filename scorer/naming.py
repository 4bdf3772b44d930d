"""Whom a sentence names: people by their titles and appositions, bodies by their proper names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.names import BODIES, ROLES, name_start, nouns_in
from scorer.roles import role_type
from scorer.tokens import Tokens

_NAME_TO_ROLE: Final = 8
"""Tokens within which an apposition stands beside its name."""
_PLACE_AND_NAME: Final = 3
"""Words of a place and a person's full name together, at least."""
_LATEST_SUBJECT: Final = 6
_LONGEST_NAME: Final = 6
"""Tokens within which a sentence's subject begins, and that a person's name with its titles can have."""
_DASHES: Final = frozenset({",", "—", "–"})


class Named(NamedTuple):
    """Somebody whom a sentence names.

    Attributes
    ----------
    source_type : str
        One of `scorer.labels.SOURCE_TYPES`.
    key : str
        The word under which the document may come back to it, lower case: a surname, a body's noun.
    words : str
        The name as written.
    parts : tuple of str
        Its words, lower case.
    keys : tuple of str
        Other words for it: the role, an acronym.
    is_person : bool
        Whether it is a person.
    gender : int
        Class bits of the role's words that tell a man from a woman ("Mrs", "chairman"); 0 where they tell nothing.
    """

    source_type: str
    key: str
    words: str
    parts: tuple[str, ...]
    keys: tuple[str, ...]
    is_person: bool
    gender: int = 0


def named_in(tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun]) -> Iterator[Named]:
    """Find the people and bodies that a sentence introduces by a source noun.

    Parameters
    ----------
    tokens, shape
        The sentence.
    nouns : sequence of Noun
        Its source nouns, in order.

    Yields
    ------
    Named
        In the order of the nouns.
    """
    lows = tokens.lows
    for noun in nouns:
        if noun.kind in ROLES:
            if noun.source_type == "unspecified":
                continue
            span = _name_after(lows, shape, noun) or _name_before(lows, shape, noun)
            if span is not None:
                source_type = role_type(tokens, shape, noun, nouns)
                named = _named(tokens, span, source_type, (lows[noun.last],), is_person=True)
                gender = (shape.bits[noun.first] | shape.bits[noun.last]) & wc.GENDER
                yield named._replace(gender=gender) if gender else named
        elif noun.kind in BODIES and not noun.cased:
            span = _proper(shape, noun)
            if span[0] < span[1]:
                named = _named(tokens, span, noun.source_type, _acronym(tokens, span[1]), is_person=False)
                yield named._replace(key=lows[noun.last])


def opening_name(tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun]) -> Named | None:
    """Find the name that a sentence opens with; ``is_person`` where nothing in it tells of a body."""
    bits, capital = shape.bits, shape.capital
    n_tokens = len(capital)
    first = next((k for k in range(min(n_tokens, _LATEST_SUBJECT)) if capital[k] and not bits[k]), -1)
    if first < 0:
        return None
    last = _run(shape, first)
    if last + 1 >= n_tokens or last + 1 - first > _LONGEST_NAME:
        return None
    start = name_start(tokens, shape, first, last, nouns_in(nouns, first, last))
    if start < 0:
        return None
    is_person = start < last and not any(start <= noun.last and noun.first <= last for noun in nouns)
    return _named(tokens, (start, last), "individual", (), is_person=is_person)


def _named(tokens: Tokens, span: tuple[int, int], source_type: str, keys: tuple[str, ...], *, is_person: bool) -> Named:
    first, last = span
    lows = tokens.lows
    return Named(source_type, lows[last], words_of(tokens, first, last), tuple(lows[first : last + 1]), keys, is_person)


def words_of(tokens: Tokens, first: int, last: int) -> str:
    """Give the words of a phrase as they are written, spaces between them made one."""
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    out = [words[first]]
    for k in range(first + 1, last + 1):
        if starts[k] > ends[k - 1]:
            out.append(" ")
        out.append(words[k])
    return "".join(out)


def _run(shape: wc.Shape, first: int) -> int:
    """Give the last token of the name that begins at a token; the token before it where none does."""
    bits, capital = shape.bits, shape.capital
    n_tokens = len(capital)
    end = first
    while end < n_tokens and not bits[end] & wc.TIME:
        if not capital[end] and not (end > first and bits[end] & wc.PARTICLE):
            break
        end += 1
    return end - 1


def _name_after(lows: Sequence[str], shape: wc.Shape, role: Noun) -> tuple[int, int] | None:
    """Find the name that follows a role: "Interior Minister Yonas Berek", "The mayor, Dana Quill, opened"."""
    n_tokens = len(lows)
    first = role.last + 1
    if first < n_tokens and lows[first] == ".":
        first += 1
    last = _run(shape, first)
    if last >= first:
        return first, last
    if first + 1 < n_tokens and shape.bits[first] & wc.LINK and shape.capital[first + 1]:
        last = _run(shape, first + 1)
        # "Mayor of London Sadiq Khan": what stands before the last two words is the place.
        return (last - 1, last) if last - first >= _PLACE_AND_NAME else None
    if first + 2 < n_tokens and lows[first] == "," and shape.capital[first + 1] and not shape.bits[first + 1]:
        last = _run(shape, first + 1)
        if last > first + 1 and last + 1 < n_tokens and lows[last + 1] in ",.":
            return first + 1, last
    return None


def _name_before(lows: Sequence[str], shape: wc.Shape, role: Noun) -> tuple[int, int] | None:
    """Find the name whose apposition a role is: "Deborah Persaud, Guyana's foreign minister"."""
    bits, capital = shape.bits, shape.capital
    reach = range(role.first - 1, max(-1, role.first - 1 - _NAME_TO_ROLE), -1)
    comma = next((k for k in reach if lows[k] in _DASHES or (bits[k] & wc.BE and k + 2 >= role.first - 1)), -1)
    if comma > 1 and bits[comma] & wc.BE and bits[comma - 1] & wc.WHO:
        comma -= 1  # "Ann Roe, who is a baker"
        if lows[comma - 1] == ",":
            comma -= 1
    if comma > 1 and lows[comma - 1][0].isdigit() and lows[comma - 2] == ",":
        comma -= 2  # "Dana Quill, 42, a nurse"
    last = comma - 1
    if last < 0 or lows[comma + 1].endswith("ing") or not capital[last] or bits[last] & wc.TIME:
        return None
    first = last
    while first > 0 and capital[first - 1] and not bits[first - 1] & (wc.DETERMINER | wc.PREPOSITION):
        first -= 1
    if first == 1 and bits[0] & wc.PREPOSITION:
        return None  # "On Christmas Eve, his family"
    return None if last == 0 and bits[0] else (first, last)  # "However, the minister"


def _proper(shape: wc.Shape, body: Noun) -> tuple[int, int]:
    """Find the proper name that a body's noun is part of: "the Tampere University Hospital", "the Bank of Karavia"."""
    bits, capital = shape.bits, shape.capital
    first, last = body.first, body.last
    if not capital[last]:
        # "the government of Samoa", "the Samoan government", "Samoa's government": as good as a name.
        if last + 2 < len(capital) and bits[last + 1] & wc.LINK and capital[last + 2] and not bits[last + 2]:
            return first, _run(shape, last + 2)
        before = first - 1
        if before > 0 and capital[before] and not bits[before]:
            return before, last
        if before > 1 and bits[before] & wc.POSSESSIVE and capital[before - 1] and not bits[before - 1]:
            return before - 1, last
        return first, first
    while first > 0 and capital[first - 1] and not bits[first - 1] & (wc.DETERMINER | wc.PREPOSITION):
        first -= 1
    if last + 2 < len(capital) and bits[last + 1] & wc.LINK and capital[last + 2]:
        last = _run(shape, last + 2)
    return first, last


def _acronym(tokens: Tokens, last: int) -> tuple[str, ...]:
    """Give the short form that stands in brackets after a name: "the Centre for Pest Control (CPC)"."""
    words = tokens.words
    if last + 3 < len(words) and words[last + 1] == "(" and words[last + 3] == ")" and words[last + 2].isupper():
        return (tokens.lows[last + 2],)
    return ()
