"""From report cues that are no verbs to their sources: "according to Roe", "Roe's claim that", "reportedly"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun, View, is_near_end, nouns_within
from scorer.names import BODIES
from scorer.phrases import phrase_after
from scorer.records import Cue
from scorer.subjects import subject_before


def read_preposition(view: View, cue: Cue, category: str) -> Candidate | None:
    """Read "according to X", "citing X"; None where what follows is no source ("according to plan")."""
    tokens, shape = view.tokens, view.shape
    lows = tokens.lows
    # A present form after a preposition is its noun: "according to local reports".
    phrase = phrase_after(tokens, shape, cue.last + 1, view.firm)
    if phrase is None:
        return None
    low = lows[cue.first]
    nouns = nouns_within(view, *phrase)
    capital = shape.capital[phrase[0]]
    if is_weak(view, cue):
        wanted = "unspecified" if low == "by" else "document"
        if cue.first > 1 or not any(noun.source_type == wanted for noun in nouns):
            return None
    if category == "cite" and not nouns and not capital:
        return None
    if low == "per" and not capital and not any(noun.kind in _PER_KINDS for noun in nouns):
        return None  # a rate: "per head", "per 100,000 people"
    phrase = _role_then_name(view, phrase)
    position = "before" if cue.first < 3 else "after" if is_near_end(tokens, phrase[1]) else "inside"
    return Candidate(*phrase, cue.first, cue.last, category, position, view.factivity[cue.entry_id], False)


_PER_KINDS: Final = BODIES | {"thing"}


def is_weak(view: View, cue: Cue) -> bool:
    """Tell whether a preposition brings a source only beside certain nouns ("In a letter", "By some accounts")."""
    return cue.first == cue.last and bool(view.shape.bits[cue.first] & wc.WEAK_PREPOSITION)


def _role_then_name(view: View, phrase: tuple[int, int]) -> tuple[int, int]:
    """Go on from "the mayor" to "Dee Margo" in "according to the mayor, Dee Margo, …"."""
    first, last = phrase
    lows, shape = view.tokens.lows, view.shape
    comma = last + 1
    if comma + 2 >= len(lows) or lows[comma] != "," or shape.capital[last]:
        return phrase
    if not shape.bits[first] & (wc.DEFINITE | wc.INDEFINITE):
        return phrase
    name = phrase_after(view.tokens, shape, comma + 1, view.firm)
    if name is None or name[1] == name[0] or not all(shape.capital[name[0] : name[1] + 1]):
        return phrase
    return name if name[1] + 1 >= len(lows) or lows[name[1] + 1] in ",." else phrase


def read_noun(view: View, cue: Cue) -> Candidate | None:
    """Read "X's claim that …" and "the claim by X that …"."""
    lows = view.tokens.lows
    after = cue.last + 1
    if after >= len(lows):
        return None
    factivity = view.factivity[cue.entry_id]
    if after + 1 < len(lows) and view.shape.bits[after] & wc.AGENT:
        phrase = phrase_after(view.tokens, view.shape, after + 1, view.finite)
        if phrase is not None and phrase[1] + 1 < len(lows) and lows[phrase[1] + 1] == "that":
            return Candidate(*phrase, cue.first, after, "noun", "before", factivity, False)
    if lows[after] == "that" and cue.first >= 2 and lows[cue.first - 1] == "'s":
        subject = subject_before(view.tokens, view.shape, cue.first - 1, view.finite)
        if subject is not None:
            return Candidate(*subject, cue.first, cue.last, "noun", "before", factivity, False)
    return None


def read_hearsay(view: View, cue: Cue, category: str) -> Candidate:
    """Read "reportedly" and "is said to": a claim with nobody there."""
    lows, bits = view.tokens.lows, view.shape.bits
    position, factivity = "before", view.factivity[cue.entry_id]
    for k in range(cue.first - 1, max(-1, cue.first - 8), -1):
        if bits[k] & (wc.WHO | wc.OPENING_MARK):
            position, factivity = "background", 0.0
            break
        if lows[k] in ",;:":
            break
    return Candidate(-1, -1, cue.first, cue.last, category, position, factivity, False)


def read_talk(view: View, nouns: Sequence[Noun]) -> list[Candidate]:
    """Read "Rumours that …", "There is talk of …": a noun for hearsay that brings a claim, in a main clause's place."""
    bits, inside = view.shape.bits, view.inside
    lead = next((k for k, bit in enumerate(bits) if not bit & _TALK_LEAD), len(bits))
    # "There is talk of": the whole phrase attaches the claim, and no words name a source.
    exists = lead > 1 and bool(bits[0] & wc.DUMMY and bits[1] & wc.AUXILIARY)
    return [
        Candidate(-1, -1, 0, noun.last, "hearsay", "before", 0.0, False, "clause")
        if exists
        else Candidate(noun.first, noun.last, noun.last + 1, noun.last + 1, "hearsay", "before", 0.0, False, "clause")
        for noun in nouns
        if noun.first <= lead
        and noun.last + 2 < len(bits)
        and not inside[noun.first]
        and bits[noun.last + 1] & wc.HEARSAY_LINK
    ]


_TALK_LEAD: Final = wc.DETERMINER | wc.AUXILIARY | wc.DUMMY | wc.ADVERB
