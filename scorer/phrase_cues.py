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
    # The article of "per the report" is the source's, not the cue's.
    cue_last = cue.last - 1 if cue.last > cue.first and shape.bits[cue.last] & wc.DEFINITE else cue.last
    phrase = phrase_after(tokens, shape, cue_last + 1, view.firm)
    if phrase is None:
        return None
    low = lows[cue.first]
    nouns = nouns_within(view, *phrase)
    capital = shape.capital[phrase[0]]
    if is_weak(view, cue):
        wanted = "unspecified" if low == "by" else "document"
        if not any(noun.source_type == wanted for noun in nouns) and not (low == "by" and _is_document(nouns)):
            return None
        if cue.first > 1 and not _stands_aside(view, cue.first, phrase[1]):
            return None
    if category == "cite" and not _can_be_cited(view, phrase):
        return None
    if low == "per" and not capital and not any(noun.kind in _PER_KINDS for noun in nouns):
        return None  # a rate: "per head", "per 100,000 people"
    if category == "preposition" and (_is_document(nouns) or _is_made(view, phrase)):
        phrase = _with_origin(view, phrase)
    phrase = role_then_name(view, phrase)
    opens = cue.first < (1 if category == "cite" else 3)  # "Reuters, citing two officials," has its subject before it
    position = "before" if opens else "after" if is_near_end(tokens, phrase[1]) else "inside"
    return Candidate(*phrase, cue.first, cue_last, category, position, view.factivity[cue.entry_id], False)


def _can_be_cited(view: View, phrase: tuple[int, int]) -> bool:
    """Tell whether a phrase is headed by a name or a source noun: "two officials", but not "safety concerns"."""
    first, last = phrase
    bits, capital = view.shape.bits, view.shape.capital
    head = next((k - 1 for k in range(first + 1, last + 1) if bits[k] & wc.LINK and not capital[k]), last)
    return head in view.nouns or capital[head]


def on_record(view: View, found: Sequence[Candidate]) -> list[Candidate]:
    """Give "In a study in Bee World, researchers report" to the study: what its authors say there is on record."""
    tokens, shape = view.tokens, view.shape
    phrase = phrase_after(tokens, shape, 1, view.firm)
    if phrase is None or not any(noun.source_type == "document" for noun in nouns_within(view, *phrase)):
        return list(found)
    first, last = _with_origin(view, phrase)
    if last + 1 >= len(tokens.lows) or tokens.lows[last + 1] != ",":
        return list(found)
    return [
        candidate._replace(first=first, last=last)
        if candidate.first == last + 2
        and any(noun.source_type == "expert" for noun in nouns_within(view, candidate.first, candidate.last))
        else candidate
        for candidate in found
    ]


def in_record(view: View, candidate: Candidate) -> Candidate:
    """Give "Roe Ltd said in its filing that …" to the filing, which a reader can look up; a letter is its writer's."""
    tokens, shape = view.tokens, view.shape
    link = candidate.cue_last + 1
    if candidate.first < 0 or candidate.first > link or link + 2 >= len(tokens.lows) or tokens.lows[link] != "in":
        return candidate
    phrase = phrase_after(tokens, shape, link + 1, view.firm)
    if phrase is None or not shape.bits[phrase[0]] & (wc.POSSESSIVE | wc.DEFINITE | wc.INDEFINITE):
        return candidate
    first, last = phrase
    # "in its filing the matter was closed": the next noun phrase begins the claim.
    last = next((k - 1 for k in range(first + 2, last + 1) if _begins_noun_phrase(shape, k)), last)
    head = next((k - 1 for k in range(first + 1, last + 1) if shape.bits[k] & wc.PREPOSITION), last)
    if not shape.bits[head] & wc.FILED_RECORD or shape.capital[head]:
        return candidate
    return candidate._replace(first=first, last=last, cue_last=link)


def _begins_noun_phrase(shape: wc.Shape, at: int) -> bool:
    return bool(shape.bits[at] & wc.DETERMINER) and not shape.bits[at - 1] & (wc.PREPOSITION | wc.COORDINATOR)


def read_object(view: View, cue: Cue) -> Candidate | None:
    """Read the inner source of "The Lantern quoted two officials"; None where the object can say nothing."""
    phrase = phrase_after(view.tokens, view.shape, cue.last + 1, view.firm)
    if phrase is None:
        return None
    first, last = phrase
    nouns = nouns_within(view, first, last)
    # The first noun decides: "sources close to the investigation" are people, "the ministry's records" are not.
    if nouns[0].kind in _PER_KINDS if nouns else not all(view.shape.capital[first : last + 1]):
        return None
    return Candidate(first, last, cue.first, cue.last, "cite", "inside", view.factivity[cue.entry_id], False, "clause")


_PER_KINDS: Final = BODIES | {"thing"}


def _is_document(nouns: Sequence[Noun]) -> bool:
    return any(noun.source_type == "document" for noun in nouns)


def _stands_aside(view: View, first: int, last: int) -> bool:
    """Tell whether a phrase inside a sentence stands beside its claim: between marks, or after "but"."""
    lows, bits = view.tokens.lows, view.shape.bits
    before = bits[first - 1]
    if lows[first - 1] in ",;" and (last + 1 >= len(lows) or lows[last + 1] in ",."):
        return True
    return bool(before & wc.CONJUNCTION) and last + 1 < len(lows) and bool(bits[last + 1] & wc.DETERMINER)


def is_weak(view: View, cue: Cue) -> bool:
    """Tell whether a preposition brings a source only beside certain nouns ("In a letter", "By some accounts")."""
    return cue.first == cue.last and bool(view.shape.bits[cue.first] & wc.WEAK_PREPOSITION)


def _is_made(view: View, phrase: tuple[int, int]) -> bool:
    """Tell whether a maker follows: "a statement" in "a statement released by the family"."""
    lows, after = view.tokens.lows, phrase[1] + 1
    return (
        not view.shape.capital[phrase[1]]
        and after + 2 < len(lows)
        and lows[after + 1] == "by"
        and (lows[after].endswith("ed") or bool(view.shape.bits[after] & wc.IRREGULAR_PARTICIPLE))
    )


def _with_origin(view: View, phrase: tuple[int, int]) -> tuple[int, int]:
    """Go on from "a survey" to "a survey published in May by the college", and from "a report by X" to X."""
    first, last = phrase
    lows, bits = view.tokens.lows, view.shape.bits
    n_tokens = len(lows)
    agent = last if bits[last] & wc.AGENT else last + 1
    if first < agent < n_tokens - 1 and lows[agent] == "by":
        maker = phrase_after(view.tokens, view.shape, agent + 1, view.firm)
        return maker if maker is not None and view.shape.capital[maker[1]] else (first, agent - 1)
    after = last + 1
    if after + 1 >= n_tokens or not (lows[after].endswith("ed") or bits[after] & wc.IRREGULAR_PARTICIPLE):
        return phrase
    for k in range(after + 1, min(n_tokens, after + _LONGEST_ORIGIN)):
        if lows[k] in wc.STOPS:
            return first, k - 1
        if k in view.firm or (bits[k] & (wc.AUXILIARY | wc.WHO | wc.SUBORDINATOR) and not bits[k] & wc.PREPOSITION):
            break
    return phrase


_LONGEST_ORIGIN: Final = 18
"""Tokens that tell where a document comes from, at most."""


def role_then_name(view: View, phrase: tuple[int, int]) -> tuple[int, int]:
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
    """Read "X's claim that …", "the claim by X that …", "in X's view", "…, was X's answer"."""
    lows, bits = view.tokens.lows, view.shape.bits
    after = cue.last + 1
    if after >= len(lows):
        return None
    link, first = bits[after], cue.first
    if not link & (wc.AGENT | wc.LINK) and not (first and (bits[first - 1] | bits[first - 2]) & wc.POSSESSIVE):
        return None  # by far the most frequent case
    forms = view.verbs.get(lows[first])
    if forms is not None and lows[first] not in (forms.base, forms.third):
        return None  # "accused of"
    factivity = view.factivity[cue.entry_id]
    if after + 1 < len(lows) and (link & wc.AGENT or (link & wc.LINK and link & wc.HEARSAY_LINK)):
        phrase = phrase_after(view.tokens, view.shape, after + 1, view.finite)
        if phrase is None or bits[phrase[0]] & wc.OBJECT_PRONOUN or not _brings_claim(view, phrase[1] + 1, cue.first):
            return None
        return Candidate(*phrase, cue.first, after, "noun", "before", factivity, False)
    possessive = next((k for k in (cue.first - 1, cue.first - 2) if k >= 0 and bits[k] & wc.POSSESSIVE), -1)
    holder = _holder(view, possessive) if possessive >= 0 else None
    if holder is None:
        return None
    lead = holder[0] - 1
    if lead >= 0 and lows[lead] == "in":
        # "in her view", beside the claim and not inside it
        if lows[after] not in _ASIDE_ENDS or (lead and lows[lead - 1] != ","):
            return None
        return Candidate(*holder, lead, lead, "noun", "inside" if lead else "before", factivity, False)
    if _brings_claim(view, after, holder[0]):
        # "My guess is that" is the writer's own.
        plausible = not bits[holder[0]] & wc.FIRST_PERSON
        return Candidate(*holder, cue.first, cue.last, "noun", "before", factivity, False, plausible=plausible)
    return None


def _holder(view: View, possessive: int) -> tuple[int, int] | None:
    """Give the words of a possessor: "her", "the mayor" before "'s"; None for "there's" and "it's"."""
    lows, bits = view.tokens.lows, view.shape.bits
    if lows[possessive] != "'s":
        return possessive, possessive
    if not possessive or bits[possessive - 1] & wc.DUMMY:
        return None
    for k in range(possessive - 1, max(-1, possessive - 8), -1):
        if lows[k] == "in":
            return k + 1, possessive - 1
        if lows[k] in wc.STOPS:
            break
    return subject_before(view.tokens, view.shape, possessive, view.finite)


def _brings_claim(view: View, after: int, first: int) -> bool:
    """Tell whether a noun for speech brings a claim: "that …", "is that …", a colon; or, before it, "…, was his"."""
    lows, bits = view.tokens.lows, view.shape.bits
    follows = lows[after] if after < len(lows) else "."
    if follows in ("that", ":"):
        return True
    if after < len(lows) and bits[after] & wc.BE:
        return after + 1 < len(lows) and lows[after + 1] in _CLAIM_MARKS
    lead = next((k for k in range(first - 1, max(0, first - 4), -1) if bits[k] & _NOUN_LEAD_ENDS), 0)
    return lead > 1 and bool(bits[lead] & wc.BE) and lows[lead - 1] in _CLAIM_MARKS


_NOUN_LEAD_ENDS: Final = wc.AUXILIARY | wc.PREPOSITION
_ASIDE_ENDS: Final = frozenset(",.;")
_CLAIM_MARKS: Final = frozenset({"that", ":", '"', "'", ","})


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
    found: list[Candidate] = []
    for noun in nouns:
        link = noun.last + 1
        if noun.first > lead or link + 1 >= len(bits) or inside[noun.first] or bits[0] & wc.NEGATIVE:
            continue
        if bits[link] & wc.HEARSAY_LINK:
            if exists:
                found.append(Candidate(-1, -1, 0, noun.last, "hearsay", "before", 0.0, False, "clause"))
            else:
                found.append(Candidate(noun.first, noun.last, link, link, "hearsay", "before", 0.0, False, "clause"))
        elif not exists:
            last = _talk_end(view, link)
            if last >= 0:
                at = last + 1
                found.append(Candidate(noun.first, last, at, at, "hearsay", "before", 0.0, False, "clause"))
    return found


def _talk_end(view: View, link: int) -> int:
    """Give the last token of "word among agents" before "is that"; -1 where no claim follows."""
    lows, bits = view.tokens.lows, view.shape.bits
    for k in range(link, min(len(lows) - 1, link + _LONGEST_TALK)):
        if bits[k] & wc.AUXILIARY:
            return k - 1 if k > link and bits[k] & wc.BE and lows[k + 1] == "that" else -1
        if k in view.finite or lows[k] in wc.STOPS or (k == link and not bits[k] & wc.PREPOSITION):
            return -1
    return -1


_LONGEST_TALK: Final = 7
_TALK_LEAD: Final = wc.DETERMINER | wc.AUXILIARY | wc.DUMMY | wc.ADVERB
