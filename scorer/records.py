"""The records that pass from stage to stage. Each stage returns new ones; nothing is modified in place.

All offsets are half-open and count Unicode characters. Those of a `Sentence` run in the caller's document; those of a
`Span`, `Cue` or `Attribution` run in the sentence's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of a sentence's text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, heading, date line or address line of a document.

    Attributes
    ----------
    doc_id : str
        The document that it belongs to.
    index : int
        Its position in the document, from 0.
    start, end : int
        Where it stands: ``document[start:end] == text``.
    text : str
        Its characters, exactly as the caller gave them.
    kind : str
        One of `scorer.labels.KINDS`.
    """

    doc_id: str
    index: int
    start: int
    end: int
    text: str
    kind: str = "prose"


class Cue(NamedTuple):
    """One lexicon entry found in a sentence.

    Attributes
    ----------
    entry_id : str
        The entry's id in its lexicon.
    category : str
        Lexicon and category, such as ``"hedge.modal"``.
    start, end : int
        Where it stands in the sentence, in characters.
    first, last : int
        Its first and last token (both included).
    """

    entry_id: str
    category: str
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who is given as vouching for a claim, and by which words.

    Attributes
    ----------
    source : Span or None
        The words that name the source; None where none are given ("reportedly").
    cue : Span or None
        The words that attach the source to the claim.
    source_type : str
        One of `scorer.labels.SOURCE_TYPES`.
    identification : str
        One of `scorer.labels.IDENTIFICATIONS`.
    category : str
        The category of the report cue, one of `scorer.labels.CUE_CATEGORIES`; empty where there is none.
    position : str
        Where the source's clause stands against its content: before, after or inside; ``carried`` when a
        running quotation takes the speaker over from an earlier sentence.
    factivity : float
        How far the cue commits the text to the claim, in [0, 1]: 0 for hearsay, 0.5 for plain speech, 1 for a
        confirmation. It comes from the lexicon.
    content : str
        What the cue introduces: quotation, clause, or phrase ("requested support").
    antecedent : int or None
        Index of the other sentence of the document that names the source which a pronoun or role stands for, or that
        holds the speaker of a running quotation.
    source_id : int or None
        Number of the source in its document, from 1 in order of first mention: the same for each mention of one
        source. None where nobody is there ("reportedly").
    source_name : str
        The fullest words that the document has for this source; empty where nobody is there.
    chain : int or None
        Place of the source in a chain of sources, 0 for the outermost; None where there is no chain.
    """

    source: Span | None
    cue: Span | None
    source_type: str
    identification: str
    category: str = ""
    position: str = "before"
    factivity: float = 0.5
    content: str = "clause"
    antecedent: int | None = None
    source_id: int | None = None
    source_name: str = ""
    chain: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the model says of one sentence.

    Attributes
    ----------
    strength : str
        One of `scorer.labels.STRENGTHS`: the most probable one.
    probabilities : tuple of float
        Calibrated, in the order of `scorer.labels.STRENGTHS`; they add up to 1.
    score : float or None
        Expected evidential level on 0-100, given that the sentence is a claim; None for ``not_a_claim``.
    reasons : tuple of (str, float)
        What moved the model, each with its contribution to the strength's logit; they add up to that logit.
    needs_review : bool
        Whether the probability of the strength is too low for the accuracy that the model was set to.
    """

    strength: str
    probabilities: tuple[float, ...]
    score: float | None
    reasons: tuple[tuple[str, float], ...] = field(default=())
    needs_review: bool = False

    @property
    def confidence(self) -> float:
        """Give the probability of the strength, in [0, 1]."""
        return max(self.probabilities)
