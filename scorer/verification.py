"""What a text says of a check on its claims: verified, not verified, disputed, or met with silence.

The lexicon finds the words of checking ("verify", "denied", "declined to comment"). The rules here tell a check that
was made from one that failed, was refused or is still to come, and find the sentence that it speaks of: "These have not
been independently verified" says nothing without the sentence before it (annotation guide, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from scorer.lexicon import Lexicon
from scorer.records import Cue
from scorer.tokens import Tokens

_STATUS: Final = {
    "verified": "verified",
    "confirmed": "verified",
    "observed": "verified",
    "corroborated": "verified",
    "unverified": "unverified",
    "denied": "disputed",
    "false": "disputed",
    "no_comment": "no_comment",
}
_RANK: Final = {"unverified": 0, "disputed": 1, "verified": 2, "no_comment": 3}
"""Which of several checks in one sentence holds for it: the one that leaves the reader with least."""
_POSITIVE: Final = frozenset({"verified", "confirmed", "corroborated"})
_POINTING: Final = frozenset({"verified", "confirmed", "unverified", "false"})
_CLAUSE_MARKS: Final = frozenset(',;:"()—–')
_FAR: Final = 7
"""Tokens before a verb in which the words that negate or suspend it are looked for."""
_LEAD: Final = 7
"""Tokens into a sentence by which a check must have begun, or named its object, to speak of the sentence before."""
_PERCEIVED: Final = 24
"""Tokens after an observer in which the verb of perception is looked for."""
_BEFORE: Final = 12
_AFTER: Final = 5
"""Tokens before and after a check in which the word that stands for an earlier claim is looked for."""
_REACH: Final = 3
"""Sentences back in which the footage is looked for that "the footage" means."""


class Check(NamedTuple):
    """What a sentence says of a check.

    Attributes
    ----------
    status : str
        One of `scorer.labels.VERIFICATIONS`, never ``"none"``.
    category : str
        Category of its lexicon entry: verified, confirmed, observed, corroborated, unverified, denied, false or
        no_comment. A verb of checking that is negated counts as unverified; an observer ("our reporter") counts as
        observed where a verb of perception follows.
    start, end : int
        Where its words stand in the sentence, in characters; a negation before the verb is included.
    back : bool
        Whether it also speaks of the sentence before.
    """

    status: str
    category: str
    start: int
    end: int
    back: bool


@dataclass(frozen=True, slots=True)
class CheckLink:
    """The check that holds for a sentence.

    Attributes
    ----------
    status : str
        One of `scorer.labels.VERIFICATIONS`.
    own : bool
        Whether the sentence itself says it; False also where there is no check.
    index : int or None
        Position in the document of the sentence that says it; None where there is no check.
    """

    status: str
    own: bool
    index: int | None


def read_checks(tokens: Tokens, cues: Sequence[Cue], inside: Sequence[bool], lexicon: Lexicon) -> list[Check]:
    """Find what one sentence says of checks.

    Parameters
    ----------
    tokens : Tokens
        The sentence's tokens.
    cues : sequence of Cue
        All its cues, of every family, in order of position.
    inside : sequence of bool, shape (n_tokens,)
        Which tokens stand in quotation marks.
    lexicon : Lexicon
        The lexicon that found the cues.

    Returns
    -------
    list of Check
        The one that holds for the sentence first; empty for a sentence that speaks of no check.
    """
    found = [cue for cue in cues if cue.category.startswith("check.")]
    if not found:
        return []
    view = _View(tokens.lows, lexicon.classes)
    backward = _backward(lexicon)
    # A quotation that the sentence neither opens nor closes, and in which nobody says "we", was likely never closed.
    is_speech = not all(inside) or '"' in tokens.lows or any(view.has(k, "first_person") for k in range(len(inside)))
    checks: list[tuple[int, int, Check]] = []
    for cue in found:
        category = cue.category[6:]
        if is_speech and inside[cue.first] and inside[cue.last]:
            # What a source says about a check is that source's claim.
            continue
        first = cue.first
        if category in _POSITIVE:
            negation, suspended = _verb_group(view, cue.first)
            if negation >= 0:
                category, first = "unverified", negation
            elif suspended or _is_attribute(view, cue):
                continue
        elif category == "observer":
            if not _is_observation(view, cue):
                continue
            category = "observed"
        elif category == "denied":
            negation, suspended = _verb_group(view, cue.first, to_is_open=True)
            if negation >= 0 or suspended or not _is_denial(view, cue):
                continue
        elif category == "false":
            if view.lows[cue.last - 1] == "the" or _verb_group(view, cue.first, to_is_open=True)[1]:
                continue
        elif category == "unverified" and _is_said_to_lack(view, cue):
            category = "denied"
        status = _STATUS[category]
        always = cue.entry_id in backward and category == cue.category[6:] and ";" not in tokens.lows[:first]
        back = always or (category in _POINTING and _points_back(view, first, cue.last, category))
        check = Check(status, category, tokens.starts[first], cue.end, back)
        checks.append((_RANK[status], cue.first, check))
    checks.sort(key=lambda item: item[:2])
    return [check for _, _, check in checks]


def link_checks(
    checks: Sequence[Sequence[Check]], batch: Sequence[Tokens], kinds: Sequence[str], lexicon: Lexicon
) -> list[CheckLink]:
    """Give every sentence of a document the check that holds for it.

    Parameters
    ----------
    checks : sequence of sequence of Check
        What `read_checks` found in each sentence of one document, in reading order.
    batch : sequence of Tokens
        The sentences' tokens.
    kinds : sequence of str
        Each sentence's kind, one of `scorer.labels.KINDS`; a check in one kind of unit says nothing about another.
    lexicon : Lexicon
        The lexicon that found the cues.

    Returns
    -------
    list of CheckLink
        One for each sentence. Its own check wins over a neighbour's.
    """
    links = [CheckLink(own[0].status, True, k) if own else NO_CHECK for k, own in enumerate(checks)]
    for k, own in enumerate(checks):
        for check in own:
            if not check.back:
                continue
            target = _target(k, batch, _View(batch[k].lows, lexicon.classes))
            if target >= 0 and kinds[target] == kinds[k] and links[target].status == "none":
                links[target] = CheckLink(check.status, False, k)
            break
    return links


NO_CHECK: Final = CheckLink("none", False, None)
"""The link of a sentence that nobody speaks of checking."""
_NOTHING: Final[frozenset[str]] = frozenset()
_BACKWARD: Final[dict[str, frozenset[str]]] = {}


def _backward(lexicon: Lexicon) -> frozenset[str]:
    """Give the ids of the entries that always speak of the sentence before, made once for a lexicon."""
    known = _BACKWARD.get(lexicon.fingerprint)
    if known is None:
        known = frozenset(e.id for e in lexicon.entries if e.family == "check" and e.scope == "backward")
        _BACKWARD[lexicon.fingerprint] = known
    return known


class _View(NamedTuple):
    """What the rules look at."""

    lows: list[str]
    classes: Mapping[str, frozenset[str]]

    def has(self, i: int, name: str) -> bool:
        """Tell whether a token belongs to a word class; False beyond either end."""
        return 0 <= i < len(self.lows) and self.lows[i] in self.classes.get(name, _NOTHING)


def _verb_group(view: _View, first: int, *, to_is_open: bool = False) -> tuple[int, bool]:
    """Look at the words before a verb for what negates it (its position, or -1) and for what puts it off."""
    negation, suspended = -1, False
    for k in range(first - 1, max(-1, first - 1 - _FAR), -1):
        low = view.lows[k]
        if low in _CLAUSE_MARKS or view.has(k, "v_clause"):
            break
        if view.has(k, "v_negator") and not (low == "no" and view.lows[k + 1][0].isdigit()):
            negation = k
            break
        if low == "to":
            suspended = suspended or (view.has(k - 1, "v_expecting") if to_is_open else not view.has(k - 1, "v_able"))
        elif view.has(k, "v_suspender"):
            suspended = True
    return negation, suspended


def _is_attribute(view: _View, cue: Cue) -> bool:
    """Tell whether a participle stands before its noun ("the confirmed dead") and reports no confirmation."""
    if cue.category != "check.confirmed":
        return False
    if view.lows[cue.first] == "confirming":
        return not view.has(cue.first - 1, "be")
    if view.lows[cue.first] != "confirmed":
        return False
    before = view.has(cue.first - 1, "determiner") or view.has(cue.first - 1, "possessive")
    before = before or (cue.first > 0 and view.lows[cue.first - 1][0].isdigit())
    return before and not view.has(cue.last + 1, "determiner") and not view.has(cue.last + 1, "v_after_confirm")


def _is_observation(view: _View, cue: Cue) -> bool:
    """Tell whether an outlet or its reporter perceives something ("a reporter saw") and is not merely spoken to."""
    if any(view.has(k, "v_told") for k in range(max(0, cue.first - 4), cue.first)):
        return False
    for k in range(cue.last + 1, min(len(view.lows), cue.last + _PERCEIVED)):
        if view.has(k, "v_see") or (view.has(k, "v_sight") and view.has(k - 1, "v_power")):
            return not view.has(k - 1, "be") and _verb_group(view, k)[0] < 0
        if view.has(k, "v_see_stop") or view.lows[k] in '";:':
            return False
    return False


def _is_denial(view: _View, cue: Cue) -> bool:
    """Tell a verb of answering back from the noun that looks like it ("protests", "counters")."""
    if view.lows[cue.first] == "denied" and view.has(cue.first - 1, "be"):
        return cue.last + 1 == len(view.lows) or view.has(cue.last + 1, "v_after_denied")
    if not view.has(cue.first, "v_answer"):
        return True
    before, after = cue.first - 1, cue.last + 1
    if view.has(before, "determiner") or view.has(before, "preposition"):
        return False
    follows = after < len(view.lows) and (view.lows[after] in '":' or view.has(after, "v_after_answer"))
    quotes = before >= 0 and view.lows[before] in ('"', ",")
    return follows or quotes


def _is_said_to_lack(view: _View, cue: Cue) -> bool:
    """Tell whether somebody is cited as seeing no evidence, which contests the claim ("they said there was none")."""
    if not any(view.has(k, "v_evidence") and view.has(k - 1, "v_negator") for k in range(cue.first, cue.last + 1)):
        return False
    return any(view.has(k, "v_saying") for k in range(max(0, cue.first - 6), cue.first))


def _points_back(view: _View, first: int, last: int, category: str) -> bool:
    """Tell whether a check speaks of the sentence before: it opens the sentence and names no claim of its own."""
    if view.has(0, "v_question") or (category == "unverified" and _asks(view, first, last)):
        return False
    if first <= last < first + 2 and view.has(last, "v_attribute") and view.has(last + 1, "v_claim_noun"):
        return False
    if category == "confirmed":
        return _confirmed(view, last) and not any(view.has(k, "v_saying") for k in range(first))
    anchor = _pointer(view, first, last)
    if anchor < 0:
        return category == "unverified" and first < _LEAD and _is_lack(view, first, last)
    opener = next((k for k in range(first) if not view.has(k, "v_lead") and not view.lows[k][0].isdigit()), 0)
    if view.has(opener, "v_check_subject") or view.has(anchor - 2, "v_sequel"):
        return not any(view.has(k, "v_saying") for k in range(min(anchor, first)))
    opening = 0
    for k in range(min(anchor, first)):
        low = view.lows[k]
        if low in _CLAUSE_MARKS:
            if opening > 2:
                return False
            opening = 0
        elif not view.has(k, "v_lead") and not low[0].isdigit():
            opening += 1
    return opening <= _LEAD


def _is_lack(view: _View, first: int, last: int) -> bool:
    """Tell whether a sentence only says that something lacks proof, without a clause of its own for the claim."""
    named = any(view.has(k, "v_evidence") for k in range(first, last + 1))
    return named and not any(
        view.lows[k] == "that" or view.has(k, "v_question") for k in range(last + 1, min(len(view.lows), last + 3))
    )


def _confirmed(view: _View, last: int) -> bool:
    """Tell whether what was told before follows upon "confirmed" ("confirmed the death")."""
    lows = view.lows
    k = last + 1
    if k + 1 >= len(lows):
        return False
    if view.has(k, "v_bare"):
        return lows[k + 1] in _CLAUSE_MARKS or lows[k + 1] in (".", "to")
    return view.has(k, "v_definite") and any(
        view.has(j, "v_happening") and not view.has(j + 1, "v_of") for j in range(k + 1, min(k + 3, len(lows) - 1))
    )


def _pointer(view: _View, first: int, last: int) -> int:
    """Give the position of the first word near a check that stands for an earlier claim, or -1."""
    lows = view.lows
    n_tokens = len(lows)
    for k in range(max(0, first - _BEFORE), min(n_tokens, last + _AFTER)):
        low = lows[k]
        if view.has(k, "v_pointer"):
            if low == "it" and (view.has(last, "v_question") or view.has(last + 1, "v_question")):
                # "It could not be established whether": the pronoun stands for what follows.
                continue
            if not view.has(k, "v_demonstrative") or k + 1 == n_tokens or view.has(k + 1, "v_after_that"):
                return k
        if view.has(k, "v_definite"):
            for j in range(k + 1, min(k + 4, n_tokens)):
                if lows[j] in _CLAUSE_MARKS or view.has(j, "v_other"):
                    break
                if view.has(j, "v_claim_noun"):
                    if view.has(j + 1, "v_of"):
                        break
                    return k
    return -1


def _asks(view: _View, first: int, last: int) -> bool:
    """Tell whether what is unknown is asked in this very sentence ("it is unclear whether")."""
    asking = any(view.has(k, "v_asking") for k in range(first, last + 1))
    return asking and any(view.has(k, "v_question") for k in range(last, last + 3))


def _target(k: int, batch: Sequence[Tokens], view: _View) -> int:
    """Give the sentence that a check in sentence `k` speaks of: the one before, or the last with such footage."""
    if any(view.has(i, "v_footage") and view.has(i - 1, "v_definite") for i in range(1, min(8, len(view.lows)))):
        for target in range(k - 1, max(-1, k - 1 - _REACH), -1):
            if not view.classes.get("v_footage", _NOTHING).isdisjoint(batch[target].lows):
                return target
    return k - 1
