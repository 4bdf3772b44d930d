"""What the neighbours say: whom a pronoun or a role stands for, and who speaks in a running quotation.

One pass over the sentences of a document, in order, with a memory of the sources seen so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer.candidates import Candidate, Noun
from scorer.memory import PERSONS, Known, Memory
from scorer.names import name_only, nouns_in
from scorer.records import Attribution, Span
from scorer.sourcing import UNKNOWN, Kind, kind_of
from scorer.tokens import Tokens
from scorer.word_classes import Shape

_BACKGROUND: Final = 100.0
_PREPOSITION_RANKS: Final = {"after": 0.9, "before": 1.0, "inside": 1.25}
_CITE_RANKS: Final = {"inside": 0.7}
_RANKS: Final = {
    "say": 0.8,
    "announce": 1.1,
    "confirm": 1.1,
    "think": 1.1,
    "accuse": 1.1,
    "adverb": 1.2,
    "hearsay": 1.2,
}
_CARRIED_SHARE: Final = 0.8
"""A sentence of a running quotation stands inside it with at least this share of its tokens."""


class Read(NamedTuple):
    """One sentence as the discourse pass takes it.

    Attributes
    ----------
    tokens, shape
        Its words, their classes and capitals.
    inside : list of bool, shape (n_tokens,)
        Which tokens stand in quotation marks.
    candidates : sequence of Candidate
        What its report cues gave.
    nouns : sequence of Noun
        Its source nouns, in order.
    """

    tokens: Tokens
    shape: Shape
    inside: list[bool]
    candidates: Sequence[Candidate]
    nouns: Sequence[Noun]


def resolve_document(reads: Sequence[Read]) -> list[tuple[Attribution, ...]]:
    """Give the attributions of each sentence of one document, the primary one first.

    Parameters
    ----------
    reads : sequence of Read
        The document's sentences, in order.

    Returns
    -------
    list of tuple of Attribution
        For each sentence; empty where the outlet itself speaks.
    """
    memory = Memory()
    for index, read in enumerate(reads):
        # A person may be introduced after the first mention (a headline has no room for it), so that all introductions
        # are read before anything is resolved.
        memory.introduce(read.tokens, read.shape, read.nouns, index)
    out: list[tuple[Attribution, ...]] = []
    for index, read in enumerate(reads):
        if any(candidate.plausible for candidate in read.candidates):
            found = _attributions(read, index, memory)
        else:
            found = []
            if True not in read.inside:
                memory.speaker = None
        if not found:
            carried = _carried(read, memory)
            found = [] if carried is None else [carried]
        out.append(tuple(found))
    return out


def _attributions(read: Read, index: int, memory: Memory) -> list[Attribution]:
    """Give a sentence's own attributions, and remember its sources."""
    ranked: list[tuple[float, Attribution, Known | None]] = []
    for candidate in read.candidates:
        if not candidate.plausible:
            continue
        attribution, known = _attribution(read, candidate, index, memory)
        ranked.append((_rank(candidate), attribution, known))
    ranked.sort(key=lambda item: item[0])
    rank, primary, known = ranked[0]
    if known is not None and rank < _BACKGROUND:
        memory.last_source = memory.speaker = known
        memory.speaker_quotes = True in read.inside
        if primary.source_type in PERSONS:
            memory.last_person = known
    return [attribution for _, attribution, _ in ranked if attribution.position != "background"]


def _attribution(read: Read, candidate: Candidate, index: int, memory: Memory) -> tuple[Attribution, Known | None]:
    """Turn tokens into characters, with what the document tells of the source."""
    tokens, shape = read.tokens, read.shape
    first, last = candidate.first, candidate.last
    source: Span | None = None
    source_type, identification = "unspecified", "vague"
    antecedent: int | None = None
    known: Known | None = None
    is_label = candidate.cue_first < 0
    if first >= 0:
        kind = _kind_of_label(read, last) if is_label else kind_of(tokens, shape, first, last, read.nouns)
        resolved, antecedent = memory.resolve(kind, shape.bits[first])
        source_type, identification, key = resolved
        heads = [tokens.lows[noun.last] for noun in nouns_in(read.nouns, first, last)]
        known = memory.keep(Kind(source_type, identification, key or kind.key), index, heads)
        # A label is copied whole: "Ann Roe, Chief Executive".
        name_first, name_last = (first, last) if is_label else name_only(tokens, shape, first, last, read.nouns)
        source = Span(tokens.starts[name_first], tokens.ends[name_last])
    attribution = Attribution(
        source=source,
        cue=None if is_label else Span(tokens.starts[candidate.cue_first], tokens.ends[candidate.cue_last]),
        source_type=source_type,
        identification=identification,
        category=candidate.category,
        position=candidate.position,
        factivity=candidate.factivity,
        content=candidate.content,
        antecedent=antecedent,
    )
    return attribution, known


def _kind_of_label(read: Read, last: int) -> Kind:
    """Tell the kind of a speaker by the label; a surname in capitals is no acronym, and the document knows it."""
    tokens = read.tokens
    name_last = tokens.lows.index(",") - 1 if "," in tokens.lows[:last] else last
    kind = kind_of(tokens, read.shape, 0, name_last, read.nouns)
    return kind._replace(source_type=UNKNOWN) if not nouns_in(read.nouns, 0, last) else kind


def _rank(candidate: Candidate) -> float:
    """Order the attributions of a sentence: the primary one first.

    The link nearest to the claim that is a source in words counts (guide, rule 4), so that a finite verb of speech goes
    before "according to", and either before hearsay with nobody there.
    """
    if candidate.position == "background":
        return _BACKGROUND
    if candidate.weight is not None:
        return -candidate.weight
    if candidate.category == "preposition":
        return _PREPOSITION_RANKS[candidate.position]
    if candidate.category == "cite":
        return _CITE_RANKS.get(candidate.position, 3.0)
    return _RANKS.get(candidate.category, 1.3) + (0.5 if candidate.negated else 0.0)


def _carried(read: Read, memory: Memory) -> Attribution | None:
    """Give a sentence inside a running quotation to that quotation's speaker."""
    speaker = memory.speaker
    if speaker is None or not memory.speaker_quotes or not read.inside:
        return None
    if sum(read.inside) < _CARRIED_SHARE * len(read.inside):
        return None
    return Attribution(
        source=None,
        cue=None,
        source_type=speaker.kind.source_type,
        identification=speaker.kind.identification,
        position="carried",
        content="quotation",
        antecedent=speaker.sentence,
    )
