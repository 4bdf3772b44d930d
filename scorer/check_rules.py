"""What a text says of a check on its claims: verified, not verified, disputed, or met with silence.

The lexicon finds the words of checking ("verify", "denied", "declined to comment"). The rules here tell a check that
was made from one that failed, was refused or is still to come, and find the sentence that it speaks of: "These have not
been independently verified" says nothing without the sentence before it (annotation guide, section 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from scorer.lexicon import Lexicon
from scorer.records import Cue
from scorer.tokens import Tokens

_STATUS: Final = {
    **dict.fromkeys(("verified", "confirmed", "observed", "corroborated"), "verified"),
    **dict.fromkeys(("denied", "false"), "disputed"),
    **{"unverified": "unverified", "no_comment": "no_comment"},
}
_RANK: Final = {"unverified": 0, "disputed": 1, "verified": 2, "no_comment": 3}
# Of several checks in one sentence, the one that leaves the reader with least holds for it.
_POSITIVE: Final = frozenset({"verified", "confirmed", "corroborated"})
_SUSPENDED: Final = _POSITIVE | {"denied", "false"}
_POINTING: Final = frozenset({"verified", "confirmed", "observed", "unverified", "false"})
_CLAUSE_MARKS: Final = frozenset(',;:"()—–')
_FAR: Final = 7  # tokens before a verb, for the words that negate or suspend it
_LEAD: Final = 7  # tokens into a sentence, by which a check that speaks of the sentence before has begun
_ADVERBIAL: Final = 2  # tokens before a comma, at most, in front of such a check ("In Kyiv, ...")
_PERCEIVED: Final = 24  # tokens after an observer, for the verb of perception
_AT_ONCE: Final = 2  # the same, where only the outlet's name says that it may have observed something
_PASSIVE: Final = 3  # tokens before a participle, for the auxiliary
_BEFORE: Final = 12  # tokens before a check, for the word that stands for an earlier claim
_AFTER: Final = 5  # tokens after a check, for the same


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
        Whether it also speaks of a sentence before.
    first, last : int
        Its first and last token, the negation left out.
    """

    status: str
    category: str
    start: int
    end: int
    back: bool
    first: int
    last: int


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
    found = [cue for cue in cues if cue.category.startswith(("check.", "source.media.outlet"))]
    if not found:
        return []
    view = View(tokens.lows, lexicon.classes)
    backward, forward = _scoped("backward", lexicon), _scoped("forward", lexicon)
    # A quotation that the sentence neither opens nor closes, and in which nobody says "we", was likely never closed.
    is_speech = not all(inside) or '"' in tokens.lows or view.any("first_person", 0, len(inside))
    checks: list[Check] = []
    for cue in found:
        category = "observer" if cue.category[0] == "s" else cue.category[6:]
        if is_speech and inside[cue.first] and inside[cue.last] and not _is_quoted_answer(view, cue):
            continue  # What a source says about a check is that source's claim.
        first = cue.first
        rule = _RULES.get(category)
        negation, suspended = _verb_group(view, first, to_is_open=category not in _POSITIVE)
        if category in _POSITIVE and negation >= 0:
            category, first = "unverified", negation
        elif category == "unverified" and _is_said_to_lack(view, cue):
            category = "denied"
        elif (category in _SUSPENDED and (suspended or negation >= 0)) or (rule and not rule(view, cue)):
            continue
        always = cue.entry_id in backward and cue.category.endswith(category) and ";" not in tokens.lows[:first]
        points = category in _POINTING and cue.entry_id not in forward
        back = always or (points and _points_back(view, first, cue.last, category))
        category = "observed" if category == "observer" else category
        checks.append(Check(_STATUS[category], category, tokens.starts[first], cue.end, back, cue.first, cue.last))
    return by_rank(checks)


def by_rank(checks: Sequence[Check]) -> list[Check]:
    """Put the checks of a sentence in order, the one that holds for it first."""
    return sorted(checks, key=lambda check: (_RANK[check.status], check.start))


_NOTHING: Final[frozenset[str]] = frozenset()
_SCOPED: Final[dict[tuple[str, str], frozenset[str]]] = {}


def _scoped(scope: str, lexicon: Lexicon) -> frozenset[str]:
    """Give the ids of the checks that always (backward) or never (forward) speak of the sentence before, made once."""
    key = lexicon.fingerprint, scope
    if key not in _SCOPED:
        _SCOPED[key] = frozenset(e.id for e in lexicon.entries if e.scope == scope and e.family == "check")
    return _SCOPED[key]


class View(NamedTuple):
    """What the rules look at."""

    lows: list[str]
    classes: Mapping[str, frozenset[str]]

    def has(self, i: int, name: str) -> bool:
        """Tell whether a token belongs to a word class; False beyond either end."""
        return 0 <= i < len(self.lows) and self.lows[i] in self.classes.get(name, _NOTHING)

    def any(self, name: str, start: int, stop: int) -> bool:
        """Tell whether any token from `start` up to `stop` belongs to a word class."""
        return not self.classes.get(name, _NOTHING).isdisjoint(self.lows[max(0, start) : stop])

    def clause_end(self, start: int) -> int:
        """Give the position after the clause that goes on at a token."""
        stops = (i for i in range(start, len(self.lows)) if self.has(i, "v_stop") or self.has(i, "v_contrast"))
        return next(stops, len(self.lows))


def _verb_group(view: View, first: int, *, to_is_open: bool = False) -> tuple[int, bool]:
    """Look at the words before a verb for what negates it (its position, or -1) and for what puts it off."""
    negation, suspended = -1, False
    for k in range(first - 1, max(-1, first - 1 - _FAR), -1):
        low = view.lows[k]
        if low in _CLAUSE_MARKS or view.has(k, "v_clause"):
            break
        if view.has(k, "v_negator") and not (low == "no" and view.lows[k + 1][0].isdigit()):
            negation = k
            break
        if low == "to" and not view.has(k - 1, "v_no_verb"):
            suspended = suspended or (view.has(k - 1, "v_expecting") if to_is_open else not view.has(k - 1, "v_able"))
        elif view.has(k, "v_suspender"):
            suspended = True
    return negation, suspended


def _is_confirmation(view: View, cue: Cue) -> bool:
    """Tell a confirmation from a participle before its noun ("three confirmed deaths") and from background."""
    low, before = view.lows[cue.first], cue.first - 1
    if low == "confirming":
        return view.has(before, "be")
    counted = before >= 0 and view.lows[before][0].isdigit()
    follows = view.has(cue.last + 1, "determiner") or view.has(cue.last + 1, "v_after_confirm")
    after_noun = not (counted or view.has(before, "determiner") or view.has(before, "possessive"))
    return low != "confirmed" or follows or after_noun


def _is_quoted_answer(view: View, cue: Cue) -> bool:
    """Tell whether a refusal or a denial opens its quotation: the office "does not comment on leaks"."""
    opens = '"' in view.lows[max(0, cue.first - 2) : cue.first]
    return opens and (cue.category == "check.no_comment" or _is_said_to_lack(view, cue))


def _is_observation(view: View, cue: Cue) -> bool:
    """Tell whether an outlet or its reporter perceives something ("a reporter saw") and is not merely spoken to."""
    if view.any("v_told", cue.first - 4, cue.first):
        return False
    reach = _PERCEIVED if cue.category == "check.observer" else _AT_ONCE
    for k in range(cue.last + 1, min(len(view.lows), cue.last + reach)):
        if view.has(k, "v_see") or (view.has(k, "v_sight") and view.has(k - 1, "v_power")):
            return not view.has(k - 1, "be") and _verb_group(view, k)[0] < 0
        if view.has(k, "v_see_stop") or view.lows[k] in '";:':
            return False
    return False


def _is_denial(view: View, cue: Cue) -> bool:
    """Tell who denies from who is denied something ("denied a seat"), and what is said from what is offered."""
    relative = view.has(cue.first, "strong_relative") and view.has(cue.last, "v_reject")
    if relative and view.any("v_offer", cue.first - _FAR, cue.first):
        return False
    is_passive = view.lows[cue.first] == "denied" and view.has(cue.first - 1, "be")
    return not is_passive or cue.last + 1 == len(view.lows) or view.has(cue.last + 1, "v_after_denied")


def _is_said_to_lack(view: View, cue: Cue) -> bool:
    """Tell whether somebody is cited as seeing no evidence, which contests the claim ("they said there was none")."""
    lacks = any(view.has(k, "v_evidence") and view.has(k - 1, "v_negator") for k in range(cue.first, cue.last + 1))
    return lacks and view.any("v_saying", cue.first - 6, cue.first)


_RULES: Final[Mapping[str, Callable[[View, Cue], bool]]] = {
    "confirmed": _is_confirmation,
    "observer": _is_observation,
    "denied": _is_denial,
    "false": lambda view, cue: view.lows[cue.last - 1] != "the" or view.has(cue.last, "v_claim_noun"),
}


def _points_back(view: View, first: int, last: int, category: str) -> bool:
    """Tell whether a check speaks of the sentence before: it opens the sentence and names no claim of its own."""
    asks = category == "unverified" and view.any("v_asking", first, last + 1) and view.any("v_question", last, last + 3)
    if view.has(0, "v_question") and (
        view.has(1, "v_such") or (view.has(0, "v_whether") and view.has(1, "v_demonstrative"))
    ):
        return True  # "Whether such a raid took place is not known."
    says = view.has(1, "person_pronoun") and view.has(2, "v_saying")  # "What he said is unconfirmed."
    asks = asks or (view.has(0, "v_question") and not says)
    if asks or (view.has(last, "v_attribute") and view.has(last + 1, "v_claim_noun")):
        return False
    if category in ("confirmed", "observed") and view.any("be", first - _PASSIVE, first):
        anchor = pointer(view, first, last)
        return 0 <= anchor <= _ADVERBIAL and view.has(anchor, "v_definite")  # "That was confirmed by the guard."
    if category == "observed":
        return False
    if category == "confirmed":
        return _confirms_told(view, last + 1) and not view.any("v_saying", 0, first)
    anchor = pointer(view, first, last)
    if anchor < 0:
        lacks = category == "unverified" and first < _LEAD and view.any("v_evidence", first, last + 1)
        return lacks and not view.any("v_question", last + 1, last + 3) and "that" not in view.lows[last + 1 : last + 3]
    start = min(anchor, first)
    opener = next((k for k in range(first) if not view.has(k, "v_lead") and not view.lows[k][0].isdigit()), 0)
    if view.has(opener, "v_check_subject") or view.has(anchor - 2, "v_sequel"):
        return not view.any("v_saying", 0, start)
    opening = 0
    for k in range(start):
        if view.lows[k] in _CLAUSE_MARKS and opening > _ADVERBIAL:
            return False
        counts = not view.has(k, "v_lead") and not view.lows[k][0].isdigit()
        opening = 0 if view.lows[k] in _CLAUSE_MARKS else opening + counts
    return opening <= _LEAD


def _confirms_told(view: View, k: int) -> bool:
    """Tell whether at `k`, after "confirmed", stands what was told before ("the death", "it")."""
    if view.has(k, "v_bare"):
        return view.has(k + 1, "v_after_bare")
    after = (j for j in (k + 1, k + 2) if view.has(j, "v_happening"))
    if view.has(k, "v_definite") and view.has(k + 1, "v_figure"):
        return not view.has(k + 2, "v_of") or view.has(k + 3, "v_definite")
    return view.has(k, "v_definite") and any(j + 1 < len(view.lows) and not view.has(j + 1, "v_of") for j in after)


def pointer(view: View, first: int, last: int, *, before: int = _BEFORE) -> int:
    """Find the word near a check that stands for an earlier claim.

    Parameters
    ----------
    view : View
        The sentence.
    first, last : int
        The check's tokens.
    before : int
        How many tokens before the check to look at.

    Returns
    -------
    int
        Position of the first such word: a pronoun, or what stands before a noun such as "claim"; -1 without one.
    """
    n_tokens = len(view.lows)
    inner = [k for k in range(first, last + 1) if view.has(k, "v_pointer") and not view.has(k + 1, "v_claim_noun")]
    if len(inner) == 1 and last > inner[0] > first:
        return inner[0]  # "bears this out"
    for k in range(max(0, first - before), min(n_tokens, last + _AFTER)):
        if view.has(k, "v_pointer"):
            if view.lows[k] == "it" and view.any("v_question", last, last + 2):
                continue  # "It could not be established whether": the pronoun stands for what follows.
            if not view.has(k, "v_demonstrative") or k + 1 == n_tokens or view.has(k + 1, "v_after_that"):
                return k
        if view.has(k, "v_question") and view.has(k + 1, "person_pronoun") and view.has(k + 2, "v_saying"):
            return k  # "what he said is unconfirmed"
        if view.has(k, "v_definite"):
            noun = next((j for j in range(k + 1, k + 4) if view.has(j, "v_claim_noun") or view.has(j, "v_stop")), -1)
            if view.has(noun, "v_claim_noun") and not view.has(noun + 1, "v_of"):
                return k
    return -1
