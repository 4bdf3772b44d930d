"""What the attribution rules pass around: a sentence as they see it, and a cue with the source that they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.inflect import VerbForms
from scorer.records import Cue
from scorer.tokens import Tokens

_LEFT_OF_CUE: Final = 10
_RIGHT_OF_CUE: Final = 14
"""Tokens beside a cue within which a quotation is the cue's own."""
_NEAR_END: Final = 6


class Candidate(NamedTuple):
    """A cue with the source that the sentence gives it, in tokens (both ends included).

    Attributes
    ----------
    first, last : int
        Tokens of the source; -1 where no words name it.
    cue_first, cue_last : int
        Tokens of the cue, auxiliaries included.
    category : str
        Category of the report cue without its family, such as ``"say"``.
    position : str
        before, after, inside: where the attributing clause stands against its content; ``background`` when it stands
        in a relative or temporal clause and does not vouch for the main claim.
    factivity : float
        In [0, 1], from the lexicon.
    negated : bool
        Whether the cue's verb group is negated ("has not said").
    content : str
        What the cue introduces: quotation, clause, or phrase. A verb with no more than a phrase is often a deed
        ("requested support"), not speech.
    plausible : bool
        Whether the rules take the source for one that can speak, or show. The others are kept for a trained model to
        decide on; without one they don't count.
    entry_id : str
        The report cue's id in its lexicon; empty for a noun that brings a claim by itself ("Rumours that …").
    weight : float or None
        What a trained model gives for it, above 0 where it vouches for a claim; None where the rules decide.
    """

    first: int
    last: int
    cue_first: int
    cue_last: int
    category: str
    position: str
    factivity: float
    negated: bool
    content: str = "phrase"
    plausible: bool = True
    entry_id: str = ""
    weight: float | None = None


class Noun(NamedTuple):
    """A source noun in a sentence.

    Attributes
    ----------
    first, last : int
        Its tokens, both included.
    source_type : str
        One of `scorer.labels.SOURCE_TYPES`.
    kind : str
        person, voice, title, body, people, thing, vague, outlet or state.
    cased : bool
        Whether the lexicon writes it with a capital ("Reuters"), so that one at the sentence's start says something.
    """

    first: int
    last: int
    source_type: str
    kind: str
    cased: bool = False


class View(NamedTuple):
    """One sentence as the attribution rules see it.

    Attributes
    ----------
    tokens : Tokens
        Its words.
    shape : Shape
        Their classes and capitals.
    inside : sequence of bool, shape (n_tokens,)
        Which tokens stand inside quotation marks, the marks themselves included.
    nouns : mapping of int to Noun
        The source nouns, by each of their tokens.
    verbs : mapping of str to VerbForms
        The lexicon's verbs, by each of their forms.
    factivity : mapping of str to float
        By id of the report cue.
    finite : set of int
        Tokens that no subject reaches over: finite report verbs, and cues such as "according to".
    firm : set of int
        Those of them that can be no plural noun, as "reports" can.
    """

    tokens: Tokens
    shape: wc.Shape
    inside: Sequence[bool]
    nouns: Mapping[int, Noun]
    verbs: Mapping[str, VerbForms]
    factivity: Mapping[str, float]
    finite: Set[int] = frozenset()
    firm: Set[int] = frozenset()


def nouns_within(view: View, first: int, last: int) -> list[Noun]:
    """Give the source noun of each token of a phrase that has one."""
    nouns = view.nouns
    return [nouns[k] for k in range(first, last + 1) if k in nouns] if nouns else []


def is_near_end(tokens: Tokens, last: int) -> bool:
    """Tell whether a token stands so near the sentence's end that no content can follow it."""
    return len(tokens.lows) - last <= _NEAR_END


def is_beside_quote(view: View, first: int, last: int) -> bool:
    """Tell whether a quotation stands on either side of a cue."""
    inside = view.inside
    return True in inside[max(0, first - _LEFT_OF_CUE) : first] or True in inside[last + 1 : last + _RIGHT_OF_CUE]


def clause_follows(view: View, cue: Cue) -> bool:
    """Tell whether a content clause, with a verb of its own, follows a cue."""
    lows, bits = view.tokens.lows, view.shape.bits
    for k in range(cue.last + 1, min(len(lows), cue.last + 9)):
        if lows[k] in wc.STOPS:
            return False
        if bits[k] & wc.AUXILIARY or lows[k] == "that":
            return True
    return False


def content_of(view: View, cue: Cue, candidate: Candidate) -> str:
    """Tell what a cue introduces: a quotation, a clause, or no more than a phrase."""
    if is_beside_quote(view, candidate.cue_first, candidate.cue_last):
        return "quotation"
    if (
        candidate.position in ("after", "inside")
        or candidate.category in ("preposition", "cite")
        or clause_follows(view, cue)
    ):
        return "clause"
    return "phrase"
