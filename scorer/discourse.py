"""What the neighbours say: whom a pronoun or a role stands for, and who speaks in a running quotation.

One pass over the sentences of a document, in order, with a memory of the sources seen so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun
from scorer.chains import chain_places
from scorer.introductions import introductions_of_sources
from scorer.memory import PERSONS, Entity, Memory
from scorer.names import ROLES, name_only, name_start, nouns_in
from scorer.naming import words_of
from scorer.records import Attribution, Span
from scorer.source_typing import SourceTyping, source_facts
from scorer.sourcing import UNKNOWN, Kind, kind_of
from scorer.tokens import Tokens
from scorer.word_classes import Shape

_BACKGROUND: Final = 100.0
_WORDLESS: Final = 1.5
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
_FIRST: Final = itemgetter(0)
_NOBODY: Final = Kind("unspecified", "vague", "")
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


class _Draft(NamedTuple):
    """An attribution whose source's fullest name is known only at the document's end."""

    candidate: Candidate
    source: Span | None
    kind: Kind
    antecedent: int | None
    entity: Entity | None
    chain: int | None = None


def resolve_document(reads: Sequence[Read], typing: SourceTyping | None = None) -> list[tuple[Attribution, ...]]:
    """Give the attributions of each sentence of one document, the primary one first.

    Parameters
    ----------
    reads : sequence of Read
        The document's sentences, in order.
    typing : SourceTyping or None
        Learnt weights that tell the kind of a source; the rules alone by default.

    Returns
    -------
    list of tuple of Attribution
        For each sentence; empty where the outlet itself speaks.
    """
    memory = Memory()
    for index, read in enumerate(reads):
        # A person may be introduced after the first mention (a headline has no room for it), so that all introductions
        # are read before anything is resolved.
        if read.nouns:
            memory.introduce(read.tokens, read.shape, read.nouns, index)
    resolver = _Resolver(memory, typing, introductions_of_sources(reads) if typing is not None else {})
    has_pronouns = any(
        candidate.first == candidate.last and read.shape.bits[candidate.first] & wc.THIRD_PERSON
        for read in reads
        for candidate in read.candidates
    )
    drafts: list[list[_Draft] | Entity | None] = []
    for index, read in enumerate(reads):
        found: list[_Draft] = []
        if any(candidate.plausible for candidate in read.candidates):
            found = resolver.drafts(read, index)
        elif True not in read.inside:
            memory.speaker = None
        drafts.append(found or _carried(read, memory))
        if has_pronouns:
            memory.subject(read.tokens, read.shape, read.nouns, index)
    _carry_back(reads, drafts)
    return [
        tuple(_finished(read, draft) for draft in found)
        if isinstance(found, list)
        else ()
        if found is None
        else (_carried_on(found),)
        for read, found in zip(reads, drafts, strict=True)
    ]


class _Resolver(NamedTuple):
    """What the sources of one document are resolved with."""

    memory: Memory
    typing: SourceTyping | None
    introduced: Mapping[str, Sequence[str]]

    def drafts(self, read: Read, index: int) -> list[_Draft]:
        """Give a sentence's own attributions, the primary one first, and remember its sources."""
        memory = self.memory
        ranked: list[tuple[float, _Draft]] = []
        for candidate in read.candidates:
            if candidate.plausible:
                ranked.append((_rank(candidate), self._draft(read, candidate, index)))
        ranked.sort(key=_FIRST)
        rank, (_, _, _, _, entity, _) = ranked[0]
        if entity is not None and rank < _BACKGROUND:
            memory.last_source = memory.speaker = entity
            memory.speaker_quotes = True in read.inside
            if entity.kind.source_type in PERSONS and entity.is_person:
                memory.mention(entity)
        found = [draft for _, draft in ranked if draft.candidate.position != "background"]
        for draft in found:
            if draft.entity is not None and draft.kind.identification != "vague":
                memory.number(draft.entity)
        return found if len(found) < 2 else _chained(read, found)

    def _draft(self, read: Read, candidate: Candidate, index: int) -> _Draft:
        """Find the words that name a source, and what the document tells of it."""
        tokens, shape = read.tokens, read.shape
        first, last = candidate.first, candidate.last
        if first < 0:
            return _Draft(candidate, None, _NOBODY, None, None)
        bit, low = shape.bits[first], tokens.lows[first]
        # A speaker's label is copied whole: "Ann Roe, Chief Executive".
        is_label = candidate.cue_first < 0
        kind = _kind_of_label(read, last) if is_label else kind_of(tokens, shape, first, last, read.nouns)
        if bit & wc.FIRST_PERSON and first == last and not read.inside[first]:
            kind = Kind("media", "named", low)  # outside quotation marks the writer speaks
        if kind.source_type == UNKNOWN and kind.key and _comes_back_as_thing(read, candidate):
            kind = kind._replace(source_type="organisation")
        name = (first, last) if is_label else name_only(tokens, shape, first, last, read.nouns)
        within = nouns_in(read.nouns, first, last)
        parts, is_person = _proper_name(read, name, within)
        generic = first < last and bool(shape.bits[last] & wc.GENERIC_BODY)
        resolved, entity = self.memory.resolve(kind, bit, low, parts, generic=generic)
        antecedent = None if entity is None or entity.sentence == index else entity.sentence
        if entity is not None and entity.number is not None:
            resolved = resolved._replace(source_type=entity.kind.source_type)
        elif self.typing is not None:
            earlier = antecedent is not None
            facts = source_facts(read, candidate, name, resolved[:2], self.introduced, resolved=earlier)
            resolved = Kind(*self.typing.decide(facts, *resolved[:2]), resolved.key)
        if entity is None:
            heads = [tokens.lows[noun.last] for noun in within]
            known = Kind(resolved.source_type, resolved.identification, resolved.key or kind.key)
            starts_in_article = parts and name[0] < name[1] and shape.bits[name[0]] & (wc.ARTICLE | wc.DEFINITE)
            words = words_of(tokens, name[0] + bool(starts_in_article), name[1])
            entity = self.memory.keep(known, index, words, parts, heads, is_person=is_person)
            entity.is_guess = kind.source_type == UNKNOWN and resolved.source_type == "individual" and bool(parts)
        elif len(parts) > len(entity.parts):
            entity.name, entity.parts = words_of(tokens, *name), parts
        return _Draft(candidate, Span(tokens.starts[name[0]], tokens.ends[name[1]]), resolved, antecedent, entity)


def _comes_back_as_thing(read: Read, candidate: Candidate) -> bool:
    """Tell whether "it" stands for a source of one word right after its cue: "Brightline said it would pay"."""
    lows = read.tokens.lows
    after = candidate.cue_last + 1
    if candidate.first < candidate.last or candidate.last > candidate.cue_first or after + 1 >= len(lows):
        return False
    return lows[after] == "its" or (lows[after] == "it" and bool(read.shape.bits[after + 1] & wc.AUXILIARY))


def _chained(read: Read, found: Sequence[_Draft]) -> list[_Draft]:
    """Give the attributions of a sentence their places in its chains of sources."""
    in_order = sorted((draft.candidate for draft in found), key=lambda candidate: candidate.cue_first)
    places = dict(zip(map(id, in_order), chain_places(read.tokens, read.shape, in_order), strict=True))
    return [draft._replace(chain=places[id(draft.candidate)]) for draft in found]


def _proper_name(read: Read, name: tuple[int, int], within: Sequence[Noun]) -> tuple[tuple[str, ...], bool]:
    """Give the words of a proper name, lower case, and whether it is a person's; none where the source has no name."""
    first, last = name
    tokens, shape = read.tokens, read.shape
    start = name_start(tokens, shape, first, last, within)
    bodies = [noun for noun in within if noun.kind not in ROLES]
    # "the Center for River Studies": what a preposition links to a body is no person.
    is_linked = start > first and shape.bits[start - 1] & wc.LINK and any(noun.last == start - 2 for noun in bodies)
    if start >= 0 and not is_linked and not any(noun.last >= start for noun in bodies):
        return tuple(tokens.lows[start : last + 1]), True
    if shape.capital[last] or any(noun.cased or shape.capital[noun.last] for noun in bodies):
        opens = first + bool(first < last and shape.bits[first] & wc.DETERMINER)
        return tuple(
            low
            for low, bit in zip(tokens.lows[opens : last + 1], shape.bits[opens : last + 1], strict=True)
            if not bit & wc.ARTICLE
        ), False
    is_one = bool(within) and within[-1].kind in ROLES and not wc.is_plural(tokens.lows[last], shape.bits[last])
    is_person = bool(shape.bits[first] & wc.THIRD_PERSON) or is_one
    return (), is_person


def _kind_of_label(read: Read, last: int) -> Kind:
    """Tell the kind of a speaker by the label; a surname in capitals is no acronym, and the document knows it."""
    tokens = read.tokens
    name_last = tokens.lows.index(",") - 1 if "," in tokens.lows[:last] else last
    kind = kind_of(tokens, read.shape, 0, name_last, read.nouns)
    return kind._replace(source_type=UNKNOWN) if not nouns_in(read.nouns, 0, last) else kind


def _finished(read: Read, draft: _Draft) -> Attribution:
    """Turn tokens into characters, now that the whole document has been read."""
    candidate, source, kind, antecedent, entity, chain = draft
    starts, ends = read.tokens.starts, read.tokens.ends
    return Attribution(
        source=source,
        cue=None if candidate.cue_first < 0 else Span(starts[candidate.cue_first], ends[candidate.cue_last]),
        source_type=kind.source_type if entity is None or not entity.is_retyped else entity.kind.source_type,
        identification=kind.identification,
        category=candidate.category,
        position=candidate.position,
        factivity=candidate.factivity,
        content=candidate.content,
        antecedent=antecedent,
        chain=chain,
        source_id=None if entity is None else entity.number,
        source_name="" if entity is None or entity.number is None else entity.name,
    )


def _rank(candidate: Candidate) -> float:
    """Order the attributions of a sentence: the primary one first.

    The link nearest to the claim that is a source in words counts (guide, rule 4), so that a finite verb of speech goes
    before "according to", and either before hearsay with nobody there.
    """
    if candidate.position == "background":
        return _BACKGROUND
    if candidate.weight is not None:
        # A source in words goes before "reportedly" (guide, rule 4), whatever they weigh.
        return (_WORDLESS if candidate.first < 0 else 0.0) - candidate.weight
    if candidate.category == "preposition":
        return _PREPOSITION_RANKS[candidate.position]
    if candidate.category == "cite":
        return _CITE_RANKS.get(candidate.position, 3.0)
    return _RANKS.get(candidate.category, 1.3) + (0.5 if candidate.negated else 0.0)


def _carried(read: Read, memory: Memory) -> Entity | None:
    """Give a sentence inside a running quotation to that quotation's speaker."""
    if memory.speaker is None or not memory.speaker_quotes or not read.inside:
        return None
    if sum(read.inside) < _CARRIED_SHARE * len(read.inside):
        return None
    return memory.speaker


def _carry_back(reads: Sequence[Read], drafts: list[list[_Draft] | Entity | None]) -> None:
    """Give a quotation's first sentences to the speaker whom its last one names: "“It held. It was safe,” she said."""
    for k in range(len(reads) - 2, -1, -1):
        following = reads[k + 1]
        # Inside from its first word on, with no mark that opens: the quotation was open before.
        if drafts[k] is not None or not following.inside or not following.inside[0] or following.tokens.lows[0] == '"':
            continue
        if sum(reads[k].inside) < _CARRIED_SHARE * len(reads[k].inside):
            continue
        found = drafts[k + 1]
        if isinstance(found, list):
            candidate = found[0].candidate
            drafts[k] = found[0].entity if candidate.content == "quotation" else None
        else:
            drafts[k] = found


def _carried_on(speaker: Entity) -> Attribution:
    return Attribution(
        source=None,
        cue=None,
        source_type=speaker.kind.source_type,
        identification=speaker.kind.identification,
        position="carried",
        content="quotation",
        antecedent=speaker.sentence,
        source_id=speaker.number,
        source_name=speaker.name,
    )
