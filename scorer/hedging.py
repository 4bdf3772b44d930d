"""Which hedge cues of a sentence are epistemic hedges, which words an annotator would underline, and what they hedge.

The lexicon finds "may"; the rules here tell "the dam may fail" from "customers may apply" (annotation guide, section 6)
and from the month, and say whether the hedge stands on the main claim or in the background (rules 3 and 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer.hedge_rules import View, is_attributive, is_epistemic, is_passive
from scorer.lexicon import Lexicon
from scorer.records import Cue
from scorer.tokens import Tokens

_CONTENT_REACH: Final = 6
"""A report or hedge at most this many tokens before "that" makes it open a content clause, not a relative one."""


class Hedge(NamedTuple):
    """One epistemic hedge of a sentence.

    Attributes
    ----------
    start, end : int
        Half-open character offsets of the words to underline.
    category : str
        Category of its lexicon entry, such as ``"modal"``; ``"hearsay"`` for a passive without a believer.
    strength : float
        How much doubt it puts on its claim, in [0, 1].
    on_main : bool
        Whether it stands on the main claim; False in subordinate, relative, participial and ``with`` clauses and
        in parentheses.
    in_quote : bool
        Whether it stands between quotation marks.
    underlined : bool
        False for words that doubt the claim, but that the guide takes for the source's cue ("accused of", "is said
        to"): they are evidence for the model, and left out of the ``hedges`` column.
    """

    start: int
    end: int
    category: str
    strength: float
    on_main: bool
    in_quote: bool
    underlined: bool = True


def read_hedges(tokens: Tokens, cues: Sequence[Cue], inside: Sequence[bool], lexicon: Lexicon) -> list[Hedge]:
    """Find the epistemic hedges of one sentence.

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
    list of Hedge
        In order of position; empty for a sentence without hedge cues.
    """
    found = [cue for cue in cues if cue.category.startswith("hedge.")]
    if not found:
        return []
    strengths = _strengths(lexicon)
    view = View(tokens.lows, tokens.words, lexicon.classes, found)
    hedges: list[Hedge] = []
    for cue in found:
        category = cue.category[6:]
        if not is_epistemic(view, cue):
            continue
        underlined = True
        low = tokens.lows[cue.first]
        if category == "hearsay":
            underlined = low not in view.named("h_be", "h_dummy") and not (
                low == "reported" and is_passive(view, cue.first)
            )
        elif category == "accusation":
            underlined = low not in view.named("h_charge")
        elif category in ("epistemic_verb", "estimate") and _is_agentless_passive(view, cue):
            category = "hearsay"
        hedges.append(
            Hedge(
                cue.start,
                cue.end,
                category,
                strengths[cue.entry_id],
                _is_on_main(view, cue, category),
                inside[cue.first],
                underlined,
            )
        )
    return hedges


def _strengths(lexicon: Lexicon) -> dict[str, float]:
    """Give each hedge entry's strength by its id, made once for a lexicon."""
    known = _STRENGTHS.get(lexicon.fingerprint)
    if known is None:
        known = {entry.id: entry.strength for entry in lexicon.entries if entry.family == "hedge"}
        _STRENGTHS[lexicon.fingerprint] = known
    return known


_STRENGTHS: Final[dict[str, dict[str, float]]] = {}


def _is_agentless_passive(view: View, cue: Cue) -> bool:
    return (
        cue.first == cue.last
        and view.lows[cue.first].endswith(("ed", "thought"))
        and is_passive(view, cue.first)
        and view.low(cue.last + 1) != "by"
    )


def _is_on_main(view: View, cue: Cue, category: str) -> bool:
    """Tell whether no clause between the sentence and the hedge is a background clause.

    Walks from the hedge to the left. A comma between the hedge and an opener means that the opener's clause is over.
    """
    lows = view.lows
    if _is_aside(view, cue, category):
        return False
    relatives, subordinators = view.named("h_relative"), view.named("h_subordinator")
    has_comma, depth = False, 0
    for j in range(cue.first - 1, -1, -1):
        low = lows[j]
        if low == ")":
            depth += 1
        elif low == "(":
            if depth == 0:
                return False
            depth -= 1
        elif depth:
            continue
        elif low == ",":
            has_comma = True
        elif low in _CLAUSE_ENDS:
            return True
        elif has_comma:
            continue
        elif low in relatives or (low == "that" and _is_relative_that(view, j)):
            if not _is_clause_over(view, j, cue.first):
                return False
        elif low in subordinators:
            if low not in _AMBIGUOUS or j == 0 or lows[j - 1] == ",":
                return False
        elif low == "as":
            if view.low(j + 1) in view.named("h_person", "h_dummy", "auxiliary"):  # "as it might fall", "as may be"
                return False
        elif j and lows[j - 1] == "," and (low == "with" or _is_participle(view, j)):
            return False
    return True


_CLAUSE_ENDS: Final = frozenset(";:.?!")
_AMBIGUOUS: Final = frozenset({"after", "before", "since", "until", "once"})
"""Prepositions as often as subordinators; only at the left edge of a clause are they taken for the latter."""


def _is_aside(view: View, cue: Cue, category: str) -> bool:
    """Tell whether the hedge belongs to a noun, or opens an apposition or a free participle."""
    before, following = view.low(cue.first - 1), view.low(cue.last + 1)
    if before == "what":
        return True
    if before == "," and category in _PARTICIPIAL and view.lows[cue.first].endswith(("ed", "thought")):
        return following in view.named("preposition") or view.lows[cue.last] in view.named("preposition")
    if view.lows[cue.first] == "accused" and following == "of":
        # "A man accused of theft fled": a participle, where no form of "be" or "stand" makes it the verb.
        lead = view.low(view.before(cue.first))
        return lead not in view.named("auxiliary", "coordinator", "h_be", "h_accused_lead")
    if cue.first == cue.last and (category in ("accusation", "forecast") or view.lows[cue.first] == "suspected"):
        is_inner = before in view.named("determiner", "possessive", "preposition") and is_attributive(view, cue)
        return is_inner and view.low(cue.first - 2) not in view.named("h_be")  # "is a suspected thief" says just that
    if before != ",":
        return False
    if category == "hearsay":
        return _is_verbless(view, cue.last + 1)
    if category in ("adverb", "adjective") and cue.first > _LEAD_IN:
        return following.endswith("ing") or following in view.named("determiner", "preposition")
    return False


_PARTICIPIAL: Final = frozenset({"accusation", "epistemic_verb", "estimate", "forecast"})
"""Categories with participles that make a free clause: ", accused of fraud," and ", believed to be drunk,"."""


def _is_verbless(view: View, first: int) -> bool:
    """Tell whether the words up to the next mark are an apposition or a free participle: no finite verb among them."""
    auxiliaries = view.named("auxiliary")
    openers = view.named("h_relative", "h_subordinator", "h_inner_clause")
    for k in range(first, len(view.lows)):
        low = view.lows[k]
        if low in _CLAUSE_ENDS or low == "," or low in openers:
            return k > first
        if low in auxiliaries or (k > first and low.endswith("ed") and view.low(k + 1) != "by"):
            return False
    return True


_LEAD_IN: Final = 3
"""A comma among this many first tokens ends a lead-in ("However,"), not the main clause."""


def _is_participle(view: View, j: int) -> bool:
    return view.lows[j].endswith("ing") and view.lows[j] not in view.named("h_report_gerund")


def _is_relative_that(view: View, j: int) -> bool:
    """Tell the relative "that" from the one that opens what somebody said, and from the pronoun."""
    lows = view.lows
    if j == 0 or not lows[j - 1][0].isalnum():
        return False
    if not (view.low(j + 1) in view.named("auxiliary") or any(hedge.first == j + 1 for hedge in view.hedges)):
        return False
    return view.named("h_report").isdisjoint(lows[max(0, j - _CONTENT_REACH) : j])


def _is_clause_over(view: View, opener: int, hedge: int) -> bool:
    """Tell whether a relative clause has had its verb, so that the verb of the hedge is the next clause's."""
    auxiliaries = view.named("auxiliary")
    end = view.before(hedge)
    if view.low(end) not in auxiliaries:
        if view.lows[hedge] not in auxiliaries:
            return False
        end = hedge
    while view.low(view.before(end)) in auxiliaries:
        end = view.before(end)
    between = view.lows[opener + 1 : end]
    if view.low(end - 1) in view.named("coordinator") or not view.named("h_report").isdisjoint(between):
        return False
    return any(low in auxiliaries or low.endswith("ed") for low in between)
