"""Whether a report cue is a verb here, and which words make up its verb group ("has not yet said").

The same words are nouns, adjectives and parts of names: "police reports", "the claimed sum", "the United States".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import View
from scorer.inflect import VerbForms
from scorer.records import Cue
from scorer.word_classes import STOPS

VERBS: Final = frozenset({"say", "announce", "confirm", "deny", "act", "accuse", "think", "show", "see", "manner"})
"""Categories of report cues that are verbs."""


class VerbGroup(NamedTuple):
    """A report verb with what goes before it.

    Attributes
    ----------
    start : int
        Token where auxiliaries, negation and adverbs begin.
    cue_first : int
        First token of the cue as a reader underlines it: an auxiliary belongs to it, a leading adverb does not.
    negated : bool
        Whether the group is negated.
    passive : bool
        Whether the source, if any, is the agent after "by".
    """

    start: int
    cue_first: int
    negated: bool
    passive: bool


def verb_group(view: View, cue: Cue) -> VerbGroup | None:
    """Give the verb group of a cue; None where the cue is no finite verb (and no passive)."""
    lows, bits = view.tokens.lows, view.shape.bits
    verb = cue.first
    low = lows[verb]
    forms = view.verbs.get(low)
    if forms is None and bits[verb] & wc.BE:
        forms = view.verbs.get("is")  # "are adamant": the lexicon knows the verb by its other forms
    if forms is None:
        return None
    if bits[verb] & wc.HAVE and _is_perfect(view, verb + 1):
        return None
    start, negated, has_be = _group_start(view, verb)
    before = bits[start - 1] if start else 0
    if (
        start < verb
        and before & (wc.DETERMINER | wc.POSSESSIVE)
        and not before & wc.PRONOUN | bits[start] & wc.AUXILIARY
    ):
        return None  # "a heavily publicised battle"
    group = VerbGroup(start, next((k for k in range(start, verb) if bits[k] & wc.AUXILIARY), verb), negated, False)
    if low in forms.participle and has_be and not bits[verb - 1] & wc.HAVE:
        return group._replace(passive=True)
    if low == forms.gerund:
        if not has_be:
            return None  # anything but a progressive: "is saying"
    elif 0 < verb == start and not is_finite(view, cue) and not (low == forms.base and lows[verb - 1] == ","):
        is_reduced = low in forms.participle and verb + 1 < len(lows) and lows[verb + 1] == "by"
        return group._replace(passive=True) if is_reduced else None
    if start > 0 and lows[start - 1] == "to" and low == forms.base:
        return None
    return group


def _is_perfect(view: View, after: int) -> bool:
    """Tell whether "have" before a token is an auxiliary ("has since taken"), and not a verb ("has the vote at 40")."""
    if after >= len(view.tokens.lows):
        return True
    bit = view.shape.bits[after]
    return bool(bit & _IN_PERFECT) or view.tokens.lows[after].endswith("ed")


_IN_PERFECT: Final = wc.AUXILIARY | wc.ADVERB | wc.NEGATIVE | wc.PARTICIPLE | wc.PREPOSITION | wc.FLOATING


def _group_start(view: View, verb: int) -> tuple[int, bool, bool]:
    """Step back over auxiliaries, negation and adverbs; gives the start, and whether it met "not" and "be"."""
    lows, bits, capital = view.tokens.lows, view.shape.bits, view.shape.capital
    start = verb
    negated = has_be = False
    while start > 0:
        bit = bits[start - 1]
        if not bit & wc.AUXILIARY:
            if bit & wc.FLOATING and start > 1 and _floats(view, start - 1):
                start -= 1
                continue
            if bit & (wc.DETERMINER | wc.TIME):
                break
            if not bit & wc.NEGATIVE and not wc.is_adverb(lows[start - 1], bit):
                break
        if capital[start - 1] and start > 1:
            break
        negated = negated or bool(bit & wc.NEGATIVE)
        has_be = has_be or bool(bit & wc.BE)
        start -= 1
    return start, negated, has_be


def _floats(view: View, at: int) -> bool:
    """Tell whether "both", "each" or "since" stands between subject and verb, or inside the verb group."""
    before = view.tokens.lows[at - 1]
    bit = view.shape.bits[at - 1]
    if not view.shape.bits[at] & wc.DETERMINER:
        return bool(bit & wc.AUXILIARY)  # "has since claimed"
    return before in (",", ")") or (
        before not in STOPS and not bit & (wc.PREPOSITION | wc.COORDINATOR | wc.SUBORDINATOR)
    )


def bounds_subject(view: View, cue: Cue) -> bool:
    """Tell whether a cue is a finite verb that a subject cannot reach over (a reduced relative is none)."""
    if not is_finite(view, cue):
        return False
    low = view.tokens.lows[cue.first]
    bits = view.shape.bits
    after = cue.last + 1
    if (
        low in view.verbs
        and low in view.verbs[low].participle
        and after < len(bits)
        and bits[after] & _AFTER_PARTICIPLE
    ):
        return cue.first > 0 and bool(bits[cue.first - 1] & (wc.AUXILIARY | wc.PRONOUN))
    return True


_AFTER_PARTICIPLE: Final = wc.PREPOSITION | wc.ADVERB


def is_finite(view: View, cue: Cue) -> bool:
    """Tell whether a verb cue stands where a finite verb can stand (and not where a noun or adjective does)."""
    verb = cue.first
    lows = view.tokens.lows
    low = lows[verb]
    forms = view.verbs.get(low)
    if forms is None:
        return bool(view.shape.bits[verb] & wc.BE)  # "are adamant"
    if low == forms.gerund:
        return False
    if verb == 0:
        return low in forms.past and len(lows) > 1 and view.shape.capital[1]
    if view.shape.capital[verb] or lows[verb - 1] == "'s":
        return False  # "the United States", "Rescue": part of a name
    before = view.shape.bits[verb - 1]
    if before & wc.PREPOSITION and not before & (wc.ADVERB | wc.VERB_PARTICLE):
        return False
    if before & wc.DETERMINER and not before & (wc.PRONOUN | wc.NOMINAL):
        return False
    return low in forms.past or _present_is_verb(view, cue, plain=low == forms.base)


def _present_is_verb(view: View, cue: Cue, *, plain: bool) -> bool:
    """Tell "officials report a loss" from "official reports of a loss" by number and by what follows."""
    lows, bits, capital = view.tokens.lows, view.shape.bits, view.shape.capital
    after = cue.last + 1
    if after < len(lows):
        low = lows[after]
        if bits[after] & (wc.AUXILIARY | wc.NOUN_ONLY_NEXT) and low != "being":
            return False
        if not capital[after]:
            if low.endswith("ed") and not bits[cue.first] & wc.VERB_ONLY:
                return False
            forms = view.verbs.get(low)
            if forms is not None and low in forms.past and low not in forms.participle[1:] and low != forms.base:
                return False  # "reports said": the second verb shows that the first is a noun
            if not plain and _is_noun_before_verb(view, cue, forms):
                return False
    if bits[cue.first] & wc.BE:
        return True
    previous = cue.first - 1
    while (
        previous > 0 and bits[previous] & (wc.ADVERB | wc.NEGATIVE | wc.FLOATING) and not bits[previous] & wc.AUXILIARY
    ):
        previous -= 1
    low = lows[previous]
    if bits[previous] & (wc.AUXILIARY | wc.WHO) or low in ",\"')":
        return True
    if low in STOPS:
        return (
            plain and low == "." and previous > 0 and wc.is_plural(lows[previous - 1], bits[previous - 1])
        )  # "et al."
    is_plural = wc.is_plural(low, bits[previous])
    if bits[cue.first] & wc.VERB_ONLY:
        # No noun, so that only "did the mayor say" can be in its way: a club or a panel may take the plural.
        return is_plural or not plain or not any(_asks(bits, k) for k in range(max(0, previous - 4), previous))
    if plain and (is_plural or bits[previous] & wc.NUMBER):
        return True
    head = _head(view, previous)
    if plain:
        return head < previous and _is_plural_head(view, head)
    if low[0].isdigit() and bits[previous - 1] & wc.PREPOSITION and not (low.isdigit() and len(low) == _YEAR):
        return False  # "it came to 4,000 claims"
    if head < previous:
        return capital[head] or not wc.is_plural(lows[head], bits[head])
    if low[0].isdigit():
        return _is_numbered(view, previous)  # "Channel 4 reports", but "4,000 claims"
    return not is_plural or capital[previous]


def _is_noun_before_verb(view: View, cue: Cue, forms: VerbForms | None) -> bool:
    """Tell "records show" and "records, produced in court, show" from "Roe records a loss": a noun in the plural."""
    lows, bits = view.tokens.lows, view.shape.bits
    after = cue.last + 1
    if bits[cue.first] & wc.VERB_ONLY or bits[cue.first - 1] & wc.PRONOUN:
        return False
    if forms is not None:
        # "records show four" but "lists radio masts", "reports record losses"
        then = after + 1
        is_open = then >= len(lows) or bits[then] or lows[then][0].isdigit() or view.shape.capital[then]
        return lows[after] == forms.base and not bits[after] & wc.AUXILIARY and bool(is_open)
    if lows[after] != "," or after + 1 >= len(lows):
        return False
    opens = lows[after + 1].endswith("ed") or bits[after + 1] & (wc.PARTICIPLE | wc.WHO)
    return bool(opens) and cue.first < _LONGEST_SUBJECT and STOPS.isdisjoint(lows[: cue.first])


def _is_numbered(view: View, at: int) -> bool:
    """Tell whether a number belongs to a name: "Channel 4", "Ordinance 88-14"."""
    lows = view.tokens.lows
    while at > 0 and (lows[at][0].isdigit() or lows[at] == "-"):
        at -= 1
    return view.shape.capital[at]


def _asks(bits: Sequence[int], at: int) -> bool:
    """Tell whether a token is the auxiliary of a question: "Did …", "What did …"."""
    return bool(bits[at] & wc.AUXILIARY) and (not at or bool(bits[at - 1] & (wc.FREE_RELATIVE | wc.SUBORDINATOR)))


def _head(view: View, last: int) -> int:
    """Find the noun that heads a subject by its last token: "officials" of "officials in the capital".

    It stands before the phrase's first preposition, relative pronoun or participle.
    """
    lows, bits = view.tokens.lows, view.shape.bits
    head = last
    for k in range(last, max(0, last - _LONGEST_SUBJECT), -1):
        low, bit = lows[k], bits[k]
        if low in STOPS or low == '"' or bit & (wc.AUXILIARY | wc.THAT):
            break
        if bit & wc.SUBORDINATOR and not bit & wc.PREPOSITION:
            break
        if bit & wc.TIME or (k and lows[k - 1] in STOPS):
            continue
        if bit & (wc.PREPOSITION | wc.WHO) or (k < last and _is_reduced(low, bit, bits[k + 1])):
            head = k - 1
    return head


def _is_reduced(low: str, bit: int, following: int) -> bool:
    """Tell whether a word is a participle that opens a reduced relative clause ("people waiting outside")."""
    if not bit & wc.PARTICIPLE and not low.endswith(_PARTICIPLE_ENDINGS):
        return False
    return bool(following & (wc.PREPOSITION | wc.DETERMINER | wc.TIME | wc.ADVERB))


def _is_plural_head(view: View, head: int) -> bool:
    """Tell whether a head is plural; an adjective may stand between it and what belongs to it ("people close to")."""
    lows, bits = view.tokens.lows, view.shape.bits
    return any(
        wc.is_plural(lows[k], bits[k]) and not bits[k] & (wc.AUXILIARY | wc.PRONOUN | wc.POSSESSIVE)
        for k in range(head, max(-1, head - 2), -1)
    )


_YEAR: Final = 4
_PARTICIPLE_ENDINGS: Final = ("ed", "ing")
_LONGEST_SUBJECT: Final = 24
"""Tokens within which the head of a subject stands before its verb."""
