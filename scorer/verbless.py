"""Whether a sentence has no finite verb: captions, titles and credits have none, and a claim nearly always has one.

Told without a tagger, by classes of ``lexicons/words.tsv``: plain forms of verbs that are hardly ever nouns
(``open_verb``: "deny") and of those that are nouns as often (``open_noun_verb``: "list"), and single forms that do not
follow from these: verbs wherever a noun can stand before them (``open_finite``: "said"), after a plural
(``open_plural``), or by what follows (``open_object``: "cut the budget").

The words of a class whose name begins with ``open_`` are kept apart from `scorer.word_classes.Shape`, where a word
without any class is taken for a name or a noun, and say something of a sentence's subject (`scorer.verification`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.inflect import with_s
from scorer.lexicon import Lexicon


class FiniteForms(NamedTuple):
    """Forms of verbs, in lower case.

    Attributes
    ----------
    finite : frozenset of str
        Verbs unless an article, a preposition or the like stands before them.
    plural : frozenset of str
        The same after a plural.
    with_object : frozenset of str
        Verbs where what follows cannot be the noun that they describe.
    """

    finite: frozenset[str]
    plural: frozenset[str]
    with_object: frozenset[str]


def finite_forms(lexicon: Lexicon) -> FiniteForms:
    """Take the forms of verbs from a lexicon."""

    def named(name: str) -> frozenset[str]:
        return lexicon.classes.get(f"open_{name}", frozenset())

    verbs, noun_verbs = named("verb"), named("noun_verb")
    return FiniteForms(
        finite=named("finite").union(map(with_s, verbs)),
        plural=named("plural") | verbs | noun_verbs,
        with_object=(named("object") | noun_verbs).union(map(with_s, noun_verbs)),
    )


def is_verbless(lows: Sequence[str], shape: wc.Shape, forms: FiniteForms) -> bool:
    """Tell whether a sentence has no finite verb that can be told from a noun.

    Parameters
    ----------
    lows : sequence of str
        Its tokens in lower case.
    shape : Shape
        Their classes and capitals.
    forms : FiniteForms
        From `finite_forms`.

    Returns
    -------
    bool
        Also True for a sentence without tokens.
    """
    bits, capital = shape.bits, shape.capital
    for bit in bits:
        if bit & _FINITE:
            return False
    for low in lows:
        if low.endswith("ed") and len(low) > _SHORTEST:
            return False
    last = len(lows) - 1
    for k in range(1, last + 1):
        bit, before, low = bits[k], bits[k - 1], lows[k]
        if low in _CONTRACTED:
            is_verb = bool(before & _CONTRACTING)
        elif before & wc.PERSON_PRONOUN and low.isalpha() and not bit & _NO_VERB:
            is_verb = True
        else:
            is_verb = not capital[k] and not before & _BEFORE_ANY_NOUN and _is_finite(lows, shape, k, forms)
        if is_verb:
            return False
    return True


_FINITE: Final = wc.AUXILIARY | wc.PAST
_SHORTEST: Final = 3
_CONTRACTED: Final = frozenset({"'s", "'m"})
_CONTRACTING: Final = wc.PRONOUN | wc.PERSON_PRONOUN | wc.DUMMY | wc.THAT
_NO_VERB: Final = wc.COORDINATOR | wc.PREPOSITION | wc.DETERMINER | wc.PRONOUN
_BEFORE_ANY_NOUN: Final = wc.DETERMINER | wc.POSSESSIVE | wc.PREPOSITION
_BEFORE_NOUN: Final = wc.NUMBER | wc.COORDINATOR


def _is_finite(lows: Sequence[str], shape: wc.Shape, at: int, forms: FiniteForms) -> bool:
    """Tell whether a word that a noun can stand before is a verb."""
    low = lows[at]
    if low in forms.finite:
        return True
    if shape.bits[at - 1] & _BEFORE_NOUN:
        return False
    is_plain = low in forms.plural
    if is_plain and not _follows_plural(lows, shape, at):
        return False
    following = at + 1
    if low in forms.with_object:
        return following < len(lows) and _begins_phrase(lows[following], shape, following)
    if is_plain:
        return True
    # "The decree suspends the law": what ends in s before an article is no plural.
    is_bare = low.endswith("s") and len(low) > _SHORTEST and not shape.bits[at]
    return is_bare and following < len(lows) and _begins_object(lows[following], shape.bits[following])


def _follows_plural(lows: Sequence[str], shape: wc.Shape, at: int) -> bool:
    """Tell whether a plural stands before a word, adverbs aside: "bacteria also absorb it"."""
    k = at - 1
    while k > 0 and wc.is_adverb(lows[k], shape.bits[k]):
        k -= 1
    return wc.is_plural(lows[k], shape.bits[k])


def _begins_phrase(low: str, shape: wc.Shape, at: int) -> bool:
    """Tell whether a word is no plain noun, which would make the word before it a noun as often."""
    bit = shape.bits[at]
    return bool(bit & ~_BESIDE_NOUN) or shape.capital[at] or low.endswith("ly") or _begins_object(low, bit)


def _begins_object(low: str, bit: int) -> bool:
    """Tell whether a word can only begin a noun phrase."""
    return bool(bit & _OBJECT) or low[0] in _NUMERIC


_OBJECT: Final = wc.DETERMINER | wc.THAT | wc.NUMBER | wc.OBJECT_PRONOUN
_NUMERIC: Final = frozenset('"$£€0123456789')
_BESIDE_NOUN: Final = wc.COORDINATOR | wc.AUXILIARY | wc.WHO


def counts(lows: Sequence[str], shape: wc.Shape) -> bool:
    """Tell whether a figure stands before what it counts: "Labour - 203 seats", but not "at 7 p.m."."""
    bits, capital = shape.bits, shape.capital
    return any(
        low[0].isdigit()
        and lows[k].isalpha()
        and len(lows[k]) > _SHORTEST - 1
        and not capital[k]
        and not bits[k] & (_NO_VERB | wc.TIME)
        for k, low in enumerate(lows[:-1], start=1)
    )
