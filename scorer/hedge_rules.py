"""Rules that tell an epistemic hedge from the same words used otherwise (annotation guide, section 6).

"The dam may fail" doubts; "customers may apply", "under the Act the minister may", "in May" and "May God" do not.
Every list of words that a rule needs is a class of ``lexicons/words.tsv`` whose name begins with ``h_``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from scorer.records import Cue

_NO_CLASS: Final[frozenset[str]] = frozenset()
_SUBJECT_REACH: Final = 6
"""How many tokens before "could" are searched for what makes it an ability ("so that", "until", "if")."""


class View(NamedTuple):
    """What the rules look at.

    Attributes
    ----------
    lows, words : list of str
        The sentence's tokens, in lower case and as written.
    classes : mapping of str to frozenset of str
        The lexicon's word classes.
    hedges : sequence of Cue
        All hedge cues of the sentence.
    """

    lows: list[str]
    words: list[str]
    classes: Mapping[str, frozenset[str]]
    hedges: Sequence[Cue]

    def named(self, *names: str) -> frozenset[str]:
        """Give the words of a class, or of several; none for a class that the lexicon lacks."""
        if len(names) == 1:
            return self.classes.get(names[0], _NO_CLASS)
        return _NO_CLASS.union(*(self.classes.get(name, _NO_CLASS) for name in names))

    def low(self, i: int) -> str:
        """Give a token in lower case, and "" beyond either end."""
        return self.lows[i] if 0 <= i < len(self.lows) else ""

    def _is_adverb(self, i: int) -> bool:
        low = self.low(i)
        return low in self.named("h_adverb") or (low.endswith("ly") and low not in self.named("h_not_adverb"))

    def after(self, i: int) -> int:
        """Give the position of the next token that is no adverb."""
        i += 1
        while self._is_adverb(i):
            i += 1
        return i

    def before(self, i: int) -> int:
        """Give the position of the last token that is no adverb."""
        i -= 1
        while self._is_adverb(i):
            i -= 1
        return i


def is_epistemic(view: View, cue: Cue) -> bool:
    """Tell whether a hedge cue doubts anything where it stands.

    Parameters
    ----------
    view : View
        The sentence.
    cue : Cue
        One of its cues of the family ``hedge``.

    Returns
    -------
    bool
        True where no rule speaks against it.
    """
    rule = _RULES.get(cue.category[6:])
    return rule is None or rule(view, cue)


def is_passive(view: View, i: int) -> bool:
    """Tell whether a form of "be" stands before a participle, adverbs aside."""
    return view.low(view.before(i)) in view.named("h_be")


def is_attributive(view: View, cue: Cue) -> bool:
    """Tell whether a cue stands before the noun that it describes."""
    following = view.low(cue.last + 1)
    return following.isalpha() and following not in view.named("h_function")


def _is_epistemic_modal(view: View, cue: Cue) -> bool:
    low = view.lows[cue.first]
    if cue.first != cue.last:
        return low != "should" or not view.named("h_deadline").isdisjoint(view.lows[cue.last + 1 :])
    if low == "may":
        return _is_epistemic_may(view, cue.first)
    if low == "could":
        return _is_epistemic_could(view, cue.first)
    return view.low(cue.first - 1) not in view.named("possessive", "h_article")


def _is_epistemic_may(view: View, i: int) -> bool:
    if not view.words[i].islower() and not (
        # A heading in capitals or in title case; everywhere else a capital makes it the month or the name.
        i > 0
        and (
            view.words[i].isupper()
            or (view.words[i - 1][0].isupper() and view.low(i + 1) in view.named("h_after_modal"))
        )
    ):
        return False
    following = view.after(i)
    verb = view.low(following)
    if view.low(i - 1) in view.named("h_before_free_may") or view.low(i - 2) in view.named("h_before_free_may"):
        return False
    if view.low(view.before(i)) in view.named("h_anyone") or view.low(i - 2) == "no":
        return False  # "no member may": a prohibition
    if verb == "be":
        return view.low(view.after(following)) not in view.named("h_penalty") and not _is_rule(view, i)
    if verb == "have":
        return True
    if view.low(i + 1) == "not" and _is_rule(view, i):
        return False
    return verb not in view.named("h_permitted") and not _is_rule(view, i)


def _is_rule(view: View, i: int) -> bool:
    """Tell whether a law or rule is named before a token, so that the sentence says what is allowed."""
    lows = view.lows[:i]
    return not view.named("h_legal").isdisjoint(lows) or (
        "under" in lows and not view.named("h_legal_under").isdisjoint(lows)
    )


def _is_epistemic_could(view: View, i: int) -> bool:
    lows = view.lows
    if view.low(i + 1) in view.named("h_after_ability"):
        return False
    subject, following = view.low(view.before(i)), view.after(i)
    verb = view.low(following)
    if subject in view.named("h_anyone") or (verb == "have" and subject in view.named("h_person")):
        return False
    if verb == "be" and view.low(view.after(following)) in view.named("h_perceived"):
        return False
    if not view.named("h_punishment").isdisjoint(lows[i:]):
        return False
    before = lows[max(0, i - _SUBJECT_REACH) : i]
    if "if" in lows:
        # Inside the condition it is an ability; in what follows from it, a possibility.
        return "if" not in before or "," in before
    if not view.named("h_purpose").isdisjoint(before):
        return False
    if subject == "you" or (subject in view.named("h_person") and verb in view.named("h_ability")):
        return False
    return verb not in view.named("h_plain_ability")


def _is_epistemic_if(view: View, cue: Cue) -> bool:
    i = cue.first
    if view.lows[i] == "assuming":
        return view.low(i + 1) not in view.named("h_assumed") and view.low(i - 1) not in view.named("h_preposition")
    if view.lows[i] not in ("if", "unless"):
        return True
    if view.low(i + 1) in view.named("h_fixed_if") or view.low(i - 1) in view.named("h_before_if", "h_indirect"):
        return False
    if view.low(i - 2) in view.named("h_indirect") or _is_rule(view, len(view.lows)):
        return False
    return any(other.category[6:] in _DOUBTING and is_epistemic(view, other) for other in view.hedges)


_DOUBTING: Final = frozenset({"modal", "adverb", "adjective", "forecast", "epistemic_verb", "estimate"})
"""Categories that make the conditional beside them one of doubt."""


def _is_epistemic_adjective(view: View, cue: Cue) -> bool:
    low, following = view.lows[cue.first], view.low(cue.last + 1)
    if low in ("possible", "probable"):
        before = view.low(cue.first - 1)
        return following not in view.named("h_sanction") and before not in view.named("h_superlative")
    if low == "likely":
        return following not in view.named("h_electorate")
    if low.startswith("preliminary"):
        return following in view.named("h_record")
    if low == "apparent":
        return is_attributive(view, cue) and view.low(cue.first - 1) != "without"
    return low != "supposed" or following != "to"


def _is_epistemic_evidential(view: View, cue: Cue) -> bool:
    following = view.low(view.after(cue.last))
    if cue.first != cue.last:
        return following != "?"
    if view.lows[cue.first].startswith("seem"):
        return True
    if view.lows[cue.first].startswith("look"):
        return view.low(cue.last + 1) in view.named("h_look_next") or following in view.named("h_look_next")
    return following != "" and following not in view.named("h_not_evident")


def _is_epistemic_verb(view: View, cue: Cue) -> bool:
    i = cue.first
    low, before, following = view.lows[i], view.low(i - 1), view.low(cue.last + 1)
    if low.startswith("believ"):
        return following != "in" and before not in view.named("h_not_believing")
    if low in ("think", "thinks", "thought"):
        if low == "thought" and is_passive(view, i):
            return following in view.named("h_passive_next")
        if following in view.named("h_think_next") or before in view.named("h_not_thinking", "determiner"):
            return False
        return low != "thought" or following in view.named("h_thought_next")
    if low in ("suspect", "suspects", "doubt", "doubts", "hint", "hints", "guess"):
        # The same words are nouns; a noun follows an article, an adjective or a preposition.
        if low.startswith("suspect") and (
            before.endswith("ed") or before in view.named("h_be") or following in view.named("h_after_noun")
        ):
            return False
        return before not in view.named("determiner", "h_before_noun") and not before.isdigit()
    if low.startswith("suggest"):
        return not following.endswith("ing") or following.endswith("thing")
    if low.startswith("assum"):
        return following not in view.named("h_assumed")
    return True


def _is_epistemic_estimate(view: View, cue: Cue) -> bool:
    low, before = view.lows[cue.first], view.low(cue.first - 1)
    if low in ("predict", "predicts"):
        return before != "to"
    if low == "estimated":
        return before not in view.named("h_article")
    return low not in ("estimate", "estimates") or not (
        before in view.named("determiner", "h_before_noun") or before.isdigit()
    )


def _is_epistemic_forecast(view: View, cue: Cue) -> bool:
    i = cue.first
    low, before, following = view.lows[i], view.low(i - 1), view.low(i + 1)
    if low == "expected":
        if following == "to" and view.low(view.after(i + 1)) in view.named("h_duty"):
            return False
        was = before in view.named("h_past_be") or (before == "been" and view.low(i - 2) == "had")
        if was and view.named("h_report").isdisjoint(view.lows[:i]):
            return False  # "had been expected to end": an expectation of then, unless somebody is quoted with it
        return before not in view.named("h_nobody")
    if low.startswith("expect"):
        return before not in view.named("h_not_expecting")
    if low in ("forecast", "forecasts"):
        if before in view.named("determiner", "h_before_noun", "preposition"):
            return False
        if low == "forecasts" or is_passive(view, i):
            return following != "of"
        return following in view.named("determiner", "h_article") or following[:1].isdigit()
    if low == "anticipated":
        return before not in view.named("have")
    return low != "projected" or following not in view.named("h_thrown")


def _is_accusation(view: View, cue: Cue) -> bool:
    if view.lows[cue.last] == "suspicion":
        return view.low(cue.last + 1) in ("of", "that") or view.low(cue.first - 1) == "under"
    if view.lows[cue.first] == "blame":
        return view.low(cue.first - 1) not in view.named("determiner", "h_idle_blame")
    if view.lows[cue.first] == "accused" and view.low(cue.first - 1) == "the":
        return is_attributive(view, cue)  # else it is the person
    return True


def _is_doubted_noun(view: View, cue: Cue) -> bool:
    before = view.low(cue.first - 1)
    if view.lows[cue.last] == "chance":
        return view.low(cue.last + 1) in ("of", "that") and before not in view.named("h_not_chance")
    if view.lows[cue.last] == "probability":
        return view.low(cue.last + 1) in ("of", "that")
    if view.lows[cue.last] == "possibility":
        return view.low(cue.first - 2) not in view.named("h_ruled_by")
    return True


def _is_doubt(view: View, cue: Cue) -> bool:
    low, following = view.lows[cue.first], view.low(cue.last + 1)
    if low in ("unknown", "uncertain"):
        return not following.isalpha() or following in view.named("h_function", "subordinator", "preposition")
    if view.lows[cue.last] == "know":
        return view.low(cue.first - 1) in view.named("h_knower")
    if view.lows[cue.last] == "say":
        return following in view.named("h_question")
    if view.lows[cue.last] == "clear":
        return following != "of"
    return True


def _is_hearsay(view: View, cue: Cue) -> bool:
    if view.lows[cue.first] != "reported" or cue.first != cue.last:
        return True
    following = view.low(cue.last + 1)
    if is_passive(view, cue.first):
        return following in view.named("h_reported_next") or following.endswith("ed")
    return view.low(cue.first - 1) in view.named("h_article") and is_attributive(view, cue)


_RULES: Final[Mapping[str, Callable[[View, Cue], bool]]] = {
    "modal": _is_epistemic_modal,
    "conditional": _is_epistemic_if,
    "adjective": _is_epistemic_adjective,
    "evidential": _is_epistemic_evidential,
    "epistemic_verb": _is_epistemic_verb,
    "estimate": _is_epistemic_estimate,
    "forecast": _is_epistemic_forecast,
    "doubt": _is_doubt,
    "hearsay": _is_hearsay,
    "accusation": _is_accusation,
    "noun": _is_doubted_noun,
}
