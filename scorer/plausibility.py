"""Whether a noun phrase can be the source of a report cue: who can speak, what can show."""

from __future__ import annotations

from typing import Final

from scorer import word_classes as wc
from scorer.candidates import View, clause_follows, nouns_within
from scorer.records import Cue

SPEECH: Final = frozenset({"say", "announce", "confirm", "deny", "act"})
"""Categories of verbs that tell what somebody says or does by saying."""
PERSONAL: Final = frozenset({"act", "accuse", "think", "manner"})
"""Categories of verbs whose subject can only be a person or a body."""
_SHOWING_TYPES: Final = frozenset({"document", "expert", "media", "unspecified", "social_media"})
_LONGEST_INVERTED: Final = 8


def is_plausible(view: View, phrase: tuple[int, int], cue: Cue, category: str) -> bool:
    """Tell whether a noun phrase can be the source of a cue.

    Parameters
    ----------
    view : View
        The sentence.
    phrase : (int, int)
        First and last token of the phrase.
    cue : Cue
        The report cue.
    category : str
        Its category, without its family.
    """
    first, last = phrase
    shape = view.shape
    bit = shape.bits[first]
    if first == last:
        if bit & (wc.SUBORDINATOR | wc.PREPOSITION) and not bit & wc.PRONOUN:
            return False
        if bit & wc.DUMMY:
            return view.tokens.lows[first] == "it" and category in SPEECH
    nouns = nouns_within(view, first, last)
    if category == "show" and shape.bits[cue.first] & wc.HAVE:
        return any(noun.source_type == "document" or noun.kind == "vague" for noun in nouns)  # "the poll has Roe ahead"
    if category in ("show", "see"):
        if first == last and bit & wc.PERSON_PRONOUN:
            return bool(bit & wc.FIRST_PERSON) or category == "show"
        if any(noun.source_type in _SHOWING_TYPES or noun.kind == "thing" for noun in nouns):
            return True
        # A body "finds" or "records" in a clause of its own; with a bare object it does something.
        return any(noun.kind == "body" for noun in nouns) and (clause_follows(view, cue) or _counts(view, cue))
    if nouns or bit & wc.PERSON_PRONOUN or _has_capital(shape, first, last) or view.tokens.lows[first][0] == "@":
        return True
    if category in PERSONAL:
        return bool(bit & wc.POSSESSIVE)
    return bool(bit & wc.DETERMINER) or view.tokens.lows[last].endswith("s")


def _counts(view: View, cue: Cue) -> bool:
    """Tell whether a figure follows a verb at once: "the army counts nine", "the bureau recorded some 600 shocks"."""
    lows, bits = view.tokens.lows, view.shape.bits
    return any(lows[k][0].isdigit() or bits[k] & wc.NUMBER for k in range(cue.last + 1, min(len(lows), cue.last + 3)))


def _has_capital(shape: wc.Shape, first: int, last: int) -> bool:
    capital, bits = shape.capital, shape.bits
    return any(capital[k] and not bits[k] & (wc.DETERMINER | wc.TIME) for k in range(first, last + 1))


def is_namelike(view: View, phrase: tuple[int, int]) -> bool:
    """Tell whether a phrase holds a name, a source noun or a pronoun for a person."""
    first, last = phrase
    return (
        True in view.shape.capital[first : last + 1]
        or bool(view.shape.bits[first] & wc.PERSON_PRONOUN)
        or bool(nouns_within(view, first, last))
    )


def names_somebody(view: View, phrase: tuple[int, int]) -> bool:
    """Tell whether a phrase after a verb is a short name or a noun for somebody, and no object of the verb."""
    first, last = phrase
    bits, capital = view.shape.bits, view.shape.capital
    if last - first > _LONGEST_INVERTED:
        return False
    if capital[first] or capital[last] or bits[first] & wc.PERSON_PRONOUN:
        return True
    head = next((k - 1 for k in range(first + 1, last + 1) if bits[k] & wc.LINK), last)
    return head in view.nouns


def ends_clause(view: View, at: int) -> bool:
    """Tell whether a source that ends before this token can be the subject of an inverted verb."""
    lows = view.tokens.lows
    if at >= len(lows):
        return True
    bit = view.shape.bits[at]
    if bit & (wc.AUXILIARY | wc.PRONOUN) and not bit & wc.RELATIVE:
        return False
    if lows[at].endswith("ed") and at + 1 < len(lows) and view.shape.bits[at + 1] & wc.AGENT:
        return True  # "read a letter signed by …"
    return lows[at] in wc.STOPS or bool(bit & _ENDERS)


_ENDERS: Final = wc.WHO | wc.PREPOSITION | wc.TIME | wc.ADVERB | wc.SUBORDINATOR | wc.COORDINATOR
