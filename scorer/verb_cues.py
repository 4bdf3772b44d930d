"""From a report verb to its source: "Roe said", "said Roe", "was told by Roe", "… and said"."""

from __future__ import annotations

from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, View, is_beside_quote, is_near_end, nouns_within
from scorer.finiteness import VerbGroup, verb_group
from scorer.phrase_cues import role_then_name
from scorer.phrases import phrase_after
from scorer.plausibility import SPEECH, ends_clause, is_namelike, is_plausible, names_somebody
from scorer.records import Cue
from scorer.subjects import sentence_subject, subject_before
from scorer.word_classes import STOPS

_INVERTING: Final = frozenset({"say", "announce", "confirm", "think", "manner"})
_PASSIVE: Final = frozenset({"say", "announce", "think", "accuse", "confirm", "deny", "show", "see", "act"})
_DOING: Final = frozenset({"act", "show", "see"})
_NEAR_AGENT: Final = 3
_FAR_AGENT: Final = 12
"""Tokens after a passive within which its agent stands, and within which it may stand after an adverbial."""
_SHARING: Final = frozenset({"say", "announce", "confirm", "think", "act", "deny"})


def read_verb(view: View, cue: Cue, category: str, *, has_source: bool) -> Candidate | None:
    """Find the source of a report verb.

    Parameters
    ----------
    view : View
        The sentence.
    cue : Cue
        The verb.
    category : str
        Its category, without its family.
    has_source : bool
        Whether an earlier cue of the sentence has given a source to the main claim.

    Returns
    -------
    Candidate or None
        None where the cue is no finite verb here, or has no subject; one that can hardly speak is marked so.
    """
    candidate = _read_own(view, cue, category)
    if category in _SHARING and (candidate is None or not candidate.plausible):
        return _read_shared(view, cue, category, has_source=has_source) or candidate
    return candidate


def _read_own(view: View, cue: Cue, category: str) -> Candidate | None:
    """Read a verb that has a subject or an agent of its own."""
    group = verb_group(view, cue)
    if group is None or _is_reduced(view, cue, group):
        return None
    if group.passive:
        return _read_passive(view, cue, category, group)
    start = group.start
    wordless = category == "manner" and not _brings_words(view, cue, start)
    # After a bracket the subject comes first: "Transport for London (TfL) told passengers".
    before = view.tokens.lows[start - 1] if start else ","
    if (before != ")" and before in STOPS) or (before == "'" and view.inside[start - 1]):
        candidate = _read_inverted(view, cue, category, group)
        if candidate is not None and not (wordless and not _is_definite(view, candidate)):
            return candidate
    if wordless:
        aside = _read_subject(view, cue, category, group) if before not in STOPS else None
        is_aside = aside is not None and aside.position == "inside" and view.tokens.lows[cue.last + 1] == ","
        return aside if is_aside else None  # "The birds, they reasoned, were tame."
    if start:
        lead = view.shape.bits[start - 1]
        if lead & wc.ADDITIVE:
            return None  # "… and said": it shares an earlier subject
        if lead & wc.WHO:
            factivity = view.factivity[cue.entry_id]
            return Candidate(-1, -1, group.cue_first, cue.last, category, "background", factivity, group.negated)
    return _read_subject(view, cue, category, group)


def _brings_words(view: View, cue: Cue, start: int) -> bool:
    """Tell whether a verb of manner brings a quotation or a clause with "that"; without them it is no report."""
    lows, after = view.tokens.lows, cue.last + 1
    return is_beside_quote(view, start, cue.last) or (after < len(lows) and lows[after] == "that")


def _is_definite(view: View, candidate: Candidate) -> bool:
    """Tell whether an inverted subject is a name or has a definite article: "…, bristled Roe", "…, sighs the mayor"."""
    first, after = candidate.first, candidate.last + 1
    if after < len(view.tokens.lows) and view.tokens.lows[after] not in STOPS:
        return False
    return view.shape.capital[first] or bool(view.shape.bits[first] & wc.DEFINITE)


def _is_reduced(view: View, cue: Cue, group: VerbGroup) -> bool:
    """Tell whether a past form is a participle in a subject ("messages shared on Friday claim")."""
    lows, bits, after = view.tokens.lows, view.shape.bits, cue.last + 1
    if (
        cue.first < cue.last
        or group.start != cue.first
        or after >= len(lows)
        or not bits[after] & (wc.PREPOSITION | wc.ADVERB)
    ):
        return False
    forms = view.verbs.get(lows[cue.first])
    if forms is None or lows[cue.first] not in forms.participle or cue.first == 0 or lows[cue.first - 1] in STOPS:
        return False
    for k in range(after, min(len(lows), after + _LONGEST_REDUCED)):
        if k in view.finite:
            return not view.shape.bits[k - 1] & (wc.PRONOUN | wc.COORDINATOR)
        if lows[k] in STOPS or bits[k] & (wc.AUXILIARY | wc.WHO | wc.THAT | wc.CONJUNCTION | wc.PRONOUN):
            return False
        if bits[k] & wc.DETERMINER and not bits[k - 1] & wc.PREPOSITION:
            return False  # an object or another subject
    return False


_LONGEST_REDUCED: Final = 8


def _read_inverted(view: View, cue: Cue, category: str, group: VerbGroup) -> Candidate | None:
    """Read a verb whose subject follows it: "…," said Roe; a headline's "…, say police"."""
    lows = view.tokens.lows
    if lows[cue.last] == "that":
        return None  # "The ruling, 90 pages long, finds that Roe …": content follows
    verb, start = cue.first, group.start
    after_quote = start > 0 and True in view.inside[max(0, start - 3) : start]
    after_comma = start > 0 and lows[start - 1] == ","
    forms = view.verbs.get(lows[verb])
    is_plain = forms is not None and lows[verb] == forms.base and forms.base not in forms.past
    if is_plain and not after_comma:
        return None
    if category in _INVERTING:
        if not after_quote and view.shape.bits[verb] & wc.TRANSITIVE:
            return None
    elif category == "see" or not (after_quote or (category == "act" and lows[-1] == "?")):
        return None  # a question needs no marks: "Who opened the gate, asked the minister?"
    phrase = phrase_after(view.tokens, view.shape, cue.last + 1, view.finite)
    if phrase is None or not ends_clause(view, phrase[1] + 1):
        return None
    if is_plain and phrase[1] + 1 < len(lows) and view.shape.bits[phrase[1] + 1] & wc.THAT:
        return None  # "The three, who left in May, describe a desk that …"
    if after_comma and not after_quote and not names_somebody(view, phrase):
        return None
    if not is_plausible(view, phrase, cue, category) and not (category == "show" and after_quote):
        return None
    phrase = role_then_name(view, phrase)
    position = "after" if is_near_end(view.tokens, phrase[1]) else "inside"
    factivity = view.factivity[cue.entry_id]
    return Candidate(*phrase, group.cue_first, cue.last, category, position, factivity, group.negated)


def _read_subject(view: View, cue: Cue, category: str, group: VerbGroup) -> Candidate | None:
    """Read a verb whose subject stands before it."""
    tokens, shape = view.tokens, view.shape
    phrase = subject_before(tokens, shape, group.start, view.finite)
    if phrase is None:
        return None
    first = phrase[0]
    lead = shape.bits[first - 1] if first else 0
    if first - 1 in view.finite and lead & wc.PREPOSITION:
        return None  # "according to eyewitness reports": the phrase is the preposition's
    lead_word = tokens.lows[first - 1] if first else ""
    position = "before"
    if group.negated and category in SPEECH and category != "deny":
        position = "background"  # "did not say": the outlet tells what the source kept to itself
    elif lead & wc.NEGATIVE and lead & wc.CONJUNCTION:
        position = "background"  # "neither Roe nor Marr said"
    elif lead & (wc.BACKGROUND_LEAD | wc.WHO | wc.FREE_RELATIVE) or lead_word == "with" or _is_nobody(view, first):
        position = "background"
    elif first > 2:
        after = cue.last + 1
        if is_near_end(tokens, cue.last) and not _only_adverbial(view, first):
            position = "after"
        elif lead_word == "," and after < len(tokens.lows) and tokens.lows[after] in ',"':
            position = "inside"
    factivity = view.factivity[cue.entry_id]
    # "The notice read, “No boats”": whatever words stand on says something.
    plausible = is_plausible(view, phrase, cue, category) or (category == "show" and _quotes(view, cue.last + 1))
    plausible = plausible and not _is_predicate(view, phrase)
    return Candidate(
        *phrase, group.cue_first, cue.last, category, position, factivity, group.negated, plausible=plausible
    )


def _is_predicate(view: View, phrase: tuple[int, int]) -> bool:
    """Tell whether a phrase holds the verb of its own clause: "was [a house called …]", "[she cut rings called …]"."""
    first, last = phrase
    bits = view.shape.bits
    if bits[first] & wc.PERSON_PRONOUN and not bits[first] & (wc.POSSESSIVE | wc.DETERMINER):
        return last > first and not bits[first + 1] & _GOES_ON and view.tokens.lows[first + 1] not in STOPS
    if not first or not bits[first - 1] & wc.AUXILIARY or view.shape.capital[first - 1]:
        return False
    # "drivers who used to do Thursdays told", "a message being passed on says": only the phrase is cut too short.
    lead = bits[max(0, first - _LEAD) : first]
    return not any(bit & wc.WHO for bit in lead) and view.tokens.lows[first - 1] != "being"


_GOES_ON: Final = wc.COORDINATOR | wc.WHO | wc.PRONOUN | wc.DETERMINER
_LEAD: Final = 5
"""Tokens before a phrase among which the "who" of the clause stands that it ends."""


def _quotes(view: View, after: int) -> bool:
    """Tell whether a quotation begins right after a verb that ends before this token, or after a comma or colon."""
    inside = view.inside
    return True in inside[after : after + 1] or (
        view.tokens.lows[after : after + 1] in ([","], [":"]) and True in inside[after + 1 : after + 2]
    )


def _only_adverbial(view: View, first: int) -> bool:
    """Tell whether nothing but an adverbial stands before a subject ("During the first hour, relatives spoke")."""
    return bool(view.shape.bits[0] & _ADVERBIAL) and "," not in view.tokens.lows[: first - 1]


_ADVERBIAL: Final = wc.PREPOSITION | wc.TIME


def _is_nobody(view: View, first: int) -> bool:
    """Tell whether a subject says that nobody spoke: "neither side would confirm it", but not "No 10 said"."""
    lows = view.tokens.lows
    return bool(view.shape.bits[first] & wc.NEGATIVE) and not lows[first + 1][0].isdigit()


def _read_passive(view: View, cue: Cue, category: str, group: VerbGroup) -> Candidate | None:
    """Read "was told by X", "was quoted as saying"; a passive without an agent names no source."""
    if category not in _PASSIVE:
        return None
    agent = _agent(view, cue.last)
    if agent < 0:
        return None
    bit = view.shape.bits[agent + 1]
    if bit & wc.OBJECT_PRONOUN and not bit & wc.DETERMINER:
        phrase: tuple[int, int] | None = (agent + 1, agent + 1)
    else:
        phrase = phrase_after(view.tokens, view.shape, agent + 1, view.finite)
    if phrase is None:
        return None
    is_far = agent > cue.last + _NEAR_AGENT
    if category in _DOING:
        # "was required by law", "was signed by the mayor": deeds, unless the outlet itself did it.
        plausible = bool(bit & wc.FIRST_PERSON) or any(n.source_type == "media" for n in nouns_within(view, *phrase))
        if category == "act" and not is_far:  # "was seconded by the mayor"
            plausible = plausible or (is_plausible(view, phrase, cue, category) and is_namelike(view, phrase))
    else:
        plausible = not is_far or (is_plausible(view, phrase, cue, category) and is_namelike(view, phrase))
    start = group.start
    # "has not been confirmed by the ministry": the outlet tells what nobody said.
    aside = (group.negated and category in SPEECH) or (start and view.shape.bits[start - 1] & wc.WHO)
    position = "background" if aside else "after"
    last = cue.last if is_far else agent
    factivity = view.factivity[cue.entry_id]
    return Candidate(*phrase, group.cue_first, last, category, position, factivity, group.negated, plausible=plausible)


def _agent(view: View, last: int) -> int:
    """Find the "by" of a passive that ends at a token: at once, or after an adverbial; -1 where there is none."""
    lows, bits = view.tokens.lows, view.shape.bits
    for k in range(last + 1, min(len(lows) - 1, last + 1 + _FAR_AGENT)):
        low = lows[k]
        if low == "by":
            # "by Friday", "by 2030" and "by saying" are no agents.
            is_time = (bits[k + 1] | bits[min(k + 2, len(lows) - 1)]) & wc.TIME
            return -1 if is_time or lows[k + 1][0].isdigit() or lows[k + 1].endswith("ing") else k
        if low in _PASSED or (low == "be" and k == last + 2 and lows[k - 1] == "to"):
            continue  # "was declared to be a "pandemic" by …"
        if low in STOPS or bits[k] & (wc.AUXILIARY | wc.WHO | wc.THAT | wc.COORDINATOR) or k in view.finite:
            return -1
    return -1


_PASSED: Final = frozenset({",", '"'})


def _read_shared(view: View, cue: Cue, category: str, *, has_source: bool) -> Candidate | None:
    """Read a verb that shares an earlier subject: "… and said", "…, saying".

    Where an earlier cue of the sentence has that subject already, the later verb adds nothing and is left out.
    """
    lows, bits = view.tokens.lows, view.shape.bits
    verb = cue.first
    forms = view.verbs.get(lows[verb])
    if forms is None or has_source or verb == 0 or view.shape.capital[verb]:
        return None
    start = verb
    while (
        start > 0
        and bits[start - 1] & (wc.AUXILIARY | wc.ADVERB)
        and not bits[start - 1] & (wc.DETERMINER | wc.PRONOUN)
    ):
        if bits[start - 1] & wc.BE and lows[verb] != forms.gerund:
            return None  # "… and are considered lucky": a passive has no speaker for its subject
        start -= 1
    if start == 0:
        return None
    if lows[start - 1] != "," and (lows[verb] == forms.gerund or not bits[start - 1] & wc.ADDITIVE):
        return None
    if lows[verb] not in (forms.gerund, forms.third) and lows[verb] not in forms.past:
        return None
    subject = sentence_subject(view.tokens, view.shape, view.finite)
    if subject is None or subject[1] >= start:
        return None
    if not is_plausible(view, subject, cue, category) or not is_namelike(view, subject):
        return None
    # "…, saying that": a participial clause is background (guide, rule 3), unless the claim is a quotation in it.
    is_main = lows[verb] != forms.gerund or is_beside_quote(view, verb, cue.last)
    return Candidate(
        *subject, verb, cue.last, category, "before", view.factivity[cue.entry_id], False, plausible=is_main
    )
