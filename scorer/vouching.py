"""Which of a sentence's report cues says who vouches for its main claim, as learnt from labelled text.

The rules find cues with their sources; many verbs report in one sentence and do something in another ("asked that",
"asked for water"). A conditional logit over what stands around each cue weighs them against each other and against
"none of them": linear, so that a weight is one number for one fact, and a lookup for each fact when it reads.
`scorer.vouching_training` fits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun
from scorer.names import nouns_in
from scorer.tokens import Tokens

MARGIN: Final = 1.0
"""Weight (in logits) that overrules the rules. At 0 the learnt weights alone decide, which is best on data/ and worse
on news that was not written for it; the rules alone are the other way round; 1 keeps the better of them on both."""
_MOST_NOUNS: Final = 3
_LONGEST: Final = 6
"""Where the scales end that numbers of nouns and of tokens are told in."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """Learnt weights of what stands around a report cue.

    Attributes
    ----------
    weights : mapping of str to float
        By name of the fact; a fact that is not there weighs nothing.
    """

    weights: Mapping[str, float]

    def weigh(
        self,
        tokens: Tokens,
        shape: wc.Shape,
        candidates: Sequence[Candidate],
        nouns: Sequence[Noun],
    ) -> list[Candidate]:
        """Weigh a sentence's candidates: the heaviest one vouches for the main claim.

        What the rules take for an attribution stays one, unless every cue of the sentence weighs clearly against it;
        what they doubt becomes one where it weighs clearly for it.

        Parameters
        ----------
        tokens, shape
            The sentence.
        candidates : sequence of Candidate
            What its report cues gave.
        nouns : sequence of Noun
            Its source nouns, in order.

        Returns
        -------
        list of Candidate
            The same, in order, with ``weight`` and ``plausible`` as learnt; those in the background stay as they are.
        """
        get = self.weights.get
        weights: list[float | None] = []
        for facts in facts_of(tokens, shape, candidates, nouns):
            if facts:
                weight = 0.0
                for fact in facts:
                    weight += get(fact, 0.0)
                weights.append(weight)
            else:
                weights.append(None)
        vouched = any(
            weight is not None and weight > (-MARGIN if candidate.plausible else MARGIN)
            for candidate, weight in zip(candidates, weights, strict=True)
        )
        return [
            candidate
            if weight is None
            else candidate._replace(plausible=vouched and (candidate.plausible or weight > MARGIN), weight=weight)
            for candidate, weight in zip(candidates, weights, strict=True)
        ]


def facts_of(
    tokens: Tokens,
    shape: wc.Shape,
    candidates: Sequence[Candidate],
    nouns: Sequence[Noun],
) -> list[list[str]]:
    """Name the facts that each candidate is weighed by.

    Parameters
    ----------
    tokens, shape
        The sentence.
    candidates : sequence of Candidate
        What its report cues gave.
    nouns : sequence of Noun
        Its source nouns, in order.

    Returns
    -------
    list of list of str
        One list for each candidate; empty for one in the background, which the rules decide.
    """
    return [
        []
        if candidate.position == "background"
        else [
            *_cue_facts(tokens, shape, candidate),
            *_source_facts(tokens, shape, candidate, nouns),
            *_rival_facts(candidates, k),
        ]
        for k, candidate in enumerate(candidates)
    ]


def _cue_facts(tokens: Tokens, shape: wc.Shape, candidate: Candidate) -> list[str]:
    """Tell of the cue itself, and of what it brings."""
    first, last, category, content = candidate.cue_first, candidate.cue_last, candidate.category, candidate.content
    helped = "auxiliary" if shape.bits[first] & wc.AUXILIARY else ""
    following = _word(tokens, shape, last + 1)
    facts = [
        "any",
        f"category={category}",
        f"category={category} {candidate.position} {content}",
        f"cue={candidate.entry_id}",
        f"cue={candidate.entry_id} {content}",
        f"form={tokens.lows[last][-2:]} {category} {helped}",
        f"next={following}",
        f"next={following} {category}",
        f"next={following} {_word(tokens, shape, last + 2)}",
    ]
    if candidate.negated:
        facts.append(f"negated {category}")
    if not candidate.plausible:
        facts += ("doubtful", f"doubtful {category}")
    return facts


def _source_facts(tokens: Tokens, shape: wc.Shape, candidate: Candidate, nouns: Sequence[Noun]) -> list[str]:
    """Tell of the words that name the source."""
    first, last, category = candidate.first, candidate.last, candidate.category
    if first < 0:
        return [f"no source {category}"]
    within = nouns_in(nouns, first, last)[:_MOST_NOUNS]
    kind = f"{within[0].source_type} {within[0].kind}" if within else "none"
    facts = [
        f"source starts={_word(tokens, shape, first)}",
        f"before source={_word(tokens, shape, first - 1)}",
        f"length={min(_LONGEST, last - first)}",
        f"apart={min(_LONGEST, abs(candidate.cue_first - last))}",
        f"noun={kind} {category}",
        f"noun={kind} {candidate.content} {category}",
    ]
    facts += [f"noun={noun.source_type} {noun.kind}" for noun in within]
    if not shape.capital[last]:
        facts.append(f"source ends={tokens.lows[last]}")
    if first > candidate.cue_last:
        facts.append("inverted")
    return facts


def _rival_facts(candidates: Sequence[Candidate], at: int) -> list[str]:
    """Tell what other cues the sentence has."""
    own = candidates[at]
    facts: list[str] = []
    for k, other in enumerate(candidates):
        if k != at:
            side = "before" if k < at else "after"
            facts += (
                f"other {side}={other.category} {own.category}",
                f"other {side}={other.position} {own.position}",
            )
    return facts


def _word(tokens: Tokens, shape: wc.Shape, at: int) -> str:
    """Name the word at a place: itself if its class is closed, else by its shape."""
    lows = tokens.lows
    if not 0 <= at < len(lows):
        return "<edge>"
    low = lows[at]
    if shape.bits[at] or low in wc.STOPS:
        return low
    if shape.capital[at]:
        return "<name>"
    if low[0].isdigit():
        return "<number>"
    return f"<-{low[-2:]}>" if low.endswith(_ENDINGS) else "<word>"


_ENDINGS: Final = ("ng", "ed", "s")
"""Ends of words that tell a participle or a plural."""
