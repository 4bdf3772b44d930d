"""Which of a sentence's report cues says who vouches for its main claim, as learnt from labelled text.

The rules find cues with their sources; many verbs report in one sentence and do something in another ("asked that",
"asked for water"). A conditional logit over what stands around each cue weighs them against each other and against
"none of them": linear, so that a weight is one number for one fact, and a lookup for each fact when it reads.
`scorer.vouching_training` fits it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun
from scorer.names import nouns_in
from scorer.tokens import Tokens

MARGIN: Final = 0.5
"""Weight (in logits) that overrules the rules. At 0 the learnt weights alone decide, which is best on data/ and worse
on news that was not written for it; the rules alone are the other way round; a half keeps the better of both."""
_MOST_NOUNS: Final = 3
_LONGEST: Final = 6
"""Where the scales end that numbers of nouns and of tokens are told in."""


_MOST_HELD: Final = 50_000
"""Bundles of facts whose weight is kept; text that never repeats itself must not fill the memory."""

Bundle = tuple[Any, ...]
"""Facts that are told together: their number in `_FACTS`, and what they tell of."""


@dataclass(frozen=True, slots=True)
class Vouching:
    """Learnt weights of what stands around a report cue.

    Attributes
    ----------
    weights : mapping of str to float
        By name of the fact; a fact that is not there weighs nothing.
    """

    weights: Mapping[str, float]

    def __reduce__(self) -> tuple[type[Vouching], tuple[Mapping[str, float]]]:
        """Pickle by the constructor, so that a model file serves the interpreted and the compiled class alike."""
        return Vouching, (self.weights,)


class Weigher:
    """Weighs report cues by learnt weights.

    A bundle of facts that was met before is not spelt out again: its weight is looked up.

    Parameters
    ----------
    vouching : Vouching
        The weights.
    """

    def __init__(self, vouching: Vouching) -> None:
        self._weights = vouching.weights
        self._held: dict[Bundle, float] = {}

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
        held = self._held
        weights: list[float | None] = []
        vouched = False
        for k, candidate in enumerate(candidates):
            if candidate.position == "background":
                weights.append(None)
                continue
            total = 0.0
            for bundle in _bundles(tokens, shape, candidates, nouns, k):
                weight = held.get(bundle)
                total += self._sum(bundle) if weight is None else weight
            weights.append(total)
            vouched = vouched or total > (-MARGIN if candidate.plausible else MARGIN)
        return [
            candidate
            if weight is None
            else candidate._replace(plausible=vouched and (candidate.plausible or weight > MARGIN), weight=weight)
            for candidate, weight in zip(candidates, weights, strict=True)
        ]

    def _sum(self, bundle: Bundle) -> float:
        weights = self._weights
        total = sum(weights.get(fact, 0.0) for fact in _FACTS[bundle[0]](*bundle[1:]))
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[bundle] = total
        return total


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
            fact for bundle in _bundles(tokens, shape, candidates, nouns, k) for fact in _FACTS[bundle[0]](*bundle[1:])
        ]
        for k, candidate in enumerate(candidates)
    ]


def _bundles(
    tokens: Tokens, shape: wc.Shape, candidates: Sequence[Candidate], nouns: Sequence[Noun], at: int
) -> list[Bundle]:
    """Tell of the cue, of what it brings, of the words that name its source, and of the sentence's other cues."""
    own = candidates[at]
    first, last, cue_first, cue_last, category, position, _, negated, content, plausible, entry_id, _ = own
    lows = tokens.lows
    helped = "auxiliary" if shape.bits[cue_first] & wc.AUXILIARY else ""
    bundles: list[Bundle] = [
        (_CUE, category, position, content, entry_id, negated, plausible),
        (_FORM, lows[cue_last][-2:], category, helped),
        (_NEXT, _word(tokens, shape, cue_last + 1), category, _word(tokens, shape, cue_last + 2)),
    ]
    if first < 0:
        bundles.append((_NO_SOURCE, category))
    else:
        bundles.append((_START, _word(tokens, shape, first)))
        bundles.append((_BEFORE, _word(tokens, shape, first - 1)))
        inverted = first > cue_last
        bundles.append((_PLACE, min(_LONGEST, last - first), min(_LONGEST, abs(cue_first - last)), inverted))
        within = nouns_in(nouns, first, last)[:_MOST_NOUNS]
        kind = f"{within[0].source_type} {within[0].kind}" if within else "none"
        bundles.append((_NOUN, kind, content, category))
        for noun in within:
            bundles.append((_NOUNS, noun.source_type, noun.kind))
        if not shape.capital[last]:
            bundles.append((_END, lows[last]))
    for k, other in enumerate(candidates):
        if k != at:
            side = "before" if k < at else "after"
            bundles.append((_RIVAL, side, other.category, category, other.position, position))
    return bundles


def _cue_facts(
    category: str, position: str, content: str, entry_id: str, negated: bool, plausible: bool
) -> Iterator[str]:
    yield "any"
    yield f"category={category}"
    yield f"category={category} {position} {content}"
    yield f"cue={entry_id}"
    yield f"cue={entry_id} {content}"
    if negated:
        yield f"negated {category}"
    if not plausible:
        yield "doubtful"
        yield f"doubtful {category}"


def _next_facts(following: str, category: str, second: str) -> Iterator[str]:
    yield f"next={following}"
    yield f"next={following} {category}"
    yield f"next={following} {second}"


def _place_facts(length: int, apart: int, inverted: bool) -> Iterator[str]:
    yield f"length={length}"
    yield f"apart={apart}"
    if inverted:
        yield "inverted"


def _noun_facts(kind: str, content: str, category: str) -> Iterator[str]:
    yield f"noun={kind} {category}"
    yield f"noun={kind} {content} {category}"


def _rival_facts(side: str, category: str, own_category: str, position: str, own_position: str) -> Iterator[str]:
    yield f"other {side}={category} {own_category}"
    yield f"other {side}={position} {own_position}"


_CUE, _FORM, _NEXT, _NO_SOURCE, _START, _BEFORE, _PLACE, _NOUN, _NOUNS, _END, _RIVAL = range(11)
_FACTS: Final[tuple[Callable[..., Iterable[str]], ...]] = (
    _cue_facts,
    lambda ending, category, helped: (f"form={ending} {category} {helped}",),
    _next_facts,
    lambda category: (f"no source {category}",),
    lambda word: (f"source starts={word}",),
    lambda word: (f"before source={word}",),
    _place_facts,
    _noun_facts,
    lambda source_type, kind: (f"noun={source_type} {kind}",),
    lambda low: (f"source ends={low}",),
    _rival_facts,
)
"""What each kind of bundle spells out."""


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
