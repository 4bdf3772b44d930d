"""What the neighbours say: whom a pronoun or a role stands for, and who speaks in a running quotation.

One pass over the sentences of a document, in order, with a memory of the sources seen so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from scorer import phrases as ph
from scorer.attribution import Candidate
from scorer.records import Attribution, Span
from scorer.sourcing import UNKNOWN, Kind, Noun, kind_of, name_start
from scorer.tokens import Tokens

_PERSONS: Final = frozenset({"official", "expert", "individual", "witness", "organisation", "media"})


class Read(NamedTuple):
    """One sentence as the discourse pass takes it."""

    tokens: Tokens
    shape: ph.Shape
    inside: Sequence[bool]
    candidates: Sequence[Candidate]
    nouns: Sequence[Noun]
    kind: str


@dataclass(slots=True)
class _Known:
    """A source that the document has named."""

    kind: Kind
    index: int


@dataclass(slots=True)
class _Memory:
    """The sources of a document, by the words under which they come back."""

    by_key: dict[str, _Known] = field(default_factory=dict)
    last_person: _Known | None = None
    last_source: _Known | None = None
    speaker: _Known | None = None
    speaker_quotes: bool = False

    def resolve(self, kind: Kind, bit: int) -> tuple[Kind, int | None]:
        """Give the kind that the document tells of a source, and the sentence that tells it."""
        if kind.source_type == UNKNOWN and not kind.key:
            third_person = bool(bit & ph.THIRD_PERSON)
            if bit & ph.FIRST_PERSON:
                return Kind("media" if bit & ph.OWN_VOICE else "individual", "named", ""), None
            known = self.last_source
            if third_person:
                known = self.last_person
            if known is None:
                return Kind("individual" if third_person else "organisation", "named", ""), None
            return known.kind, known.index
        known = self.by_key.get(kind.key) if kind.key else None
        if kind.source_type == UNKNOWN:
            if known is not None:
                return Kind(known.kind.source_type, "named", kind.key), known.index
            return Kind("individual", kind.identification, kind.key), None
        if kind.identification == "role" and bit & ph.DEFINITE and known is not None and known.kind.identification == "named":
            return Kind(known.kind.source_type, "named", kind.key), known.index
        return kind, None

    def keep(self, kind: Kind, index: int, extra_keys: Sequence[str] = ()) -> _Known:
        """Remember a source."""
        known = _Known(kind, index)
        for key in (kind.key, *extra_keys):
            if key:
                self.by_key.setdefault(key, known)
        return known

    def keep_name(self, kind: Kind, index: int) -> None:
        """Remember whom a name stands for."""
        self.by_key.setdefault(kind.key, _Known(kind, index))


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
    memory = _Memory()
    out: list[tuple[Attribution, ...]] = []
    for index, read in enumerate(reads):
        # A person may be introduced after the first mention (a headline has no room for it), so that all introductions
        # are read before anything is resolved.
        _introduce(read, index, memory)
    for index, read in enumerate(reads):
        found = _sentence(read, index, memory)
        if not found:
            carried = _carried(read, memory)
            if carried is not None:
                found = [carried]
        out.append(tuple(found))
    return out


def _sentence(read: Read, index: int, memory: _Memory) -> list[Attribution]:
    tokens = read.tokens
    ranked: list[tuple[float, Attribution, _Known | None]] = []
    for candidate in read.candidates:
        first, last = candidate.first, candidate.last
        cue = Span(tokens.starts[candidate.cue_first], tokens.ends[candidate.cue_last])
        known: _Known | None = None
        if first < 0:
            attribution = Attribution(
                source=None,
                cue=cue,
                source_type="unspecified",
                identification="vague",
                category=candidate.category,
                position=candidate.position,
                factivity=candidate.factivity,
                content=candidate.content,
            )
        else:
            kind = kind_of(tokens, read.shape, first, last, read.nouns)
            resolved, antecedent = memory.resolve(kind, read.shape.bits[first])
            first, last = _name_only(read, first, last)
            attribution = Attribution(
                source=Span(tokens.starts[first], tokens.ends[last]),
                cue=cue,
                source_type=resolved.source_type,
                identification=resolved.identification,
                category=candidate.category,
                position=candidate.position,
                factivity=candidate.factivity,
                content=candidate.content,
                antecedent=antecedent,
            )
            heads = [tokens.lows[n.last] for n in read.nouns if candidate.first <= n.first and n.last <= candidate.last]
            known = memory.keep(resolved if resolved.key else Kind(*resolved[:2], kind.key), index, heads)
        ranked.append((_rank(candidate), attribution, known))
    ranked.sort(key=lambda item: item[0])
    kept = [attribution for _, attribution, _ in ranked if attribution.position != "background"]
    for rank, attribution, known in ranked[:1]:
        if known is not None and rank < _BACKGROUND:
            memory.last_source = known
            memory.speaker = known
            memory.speaker_quotes = any(read.inside)
            if attribution.source_type in _PERSONS:
                memory.last_person = known
    if not ranked and not any(read.inside):
        memory.speaker = None
    return kept


_BODIES: Final = frozenset({"body", "outlet", "state"})
_BACKGROUND: Final = 100.0


def _rank(candidate: Candidate) -> float:
    """Order the attributions of a sentence: the primary one first.

    The link nearest to the claim that is a source in words counts (guide, rule 4), so that a finite verb of speech goes
    before "according to", and either before hearsay with nobody there.
    """
    if candidate.position == "background":
        return _BACKGROUND
    if candidate.category == "preposition":
        return _PREPOSITION_RANKS[candidate.position]
    if candidate.category == "cite":
        return 0.7 if candidate.position == "inside" else 3.0
    return _RANKS.get(candidate.category, 1.3) + (0.5 if candidate.negated else 0.0)


_PREPOSITION_RANKS: Final = {"after": 0.9, "before": 1.0, "inside": 1.25}
_RANKS: Final = {"say": 0.8, "announce": 1.1, "confirm": 1.1, "think": 1.1, "accuse": 1.1, "adverb": 1.2, "hearsay": 1.2}


def _name_only(read: Read, first: int, last: int) -> tuple[int, int]:
    """Leave what stands around a person's full name out of the source span, by one rule for all.

    Titles and roles before a full name go ("Interior Minister Yonas Berek"), and so does the body after it ("Ann Roe of
    the ministry"). A title before a bare surname stays ("Sheriff Lee"), since without it nobody would know who is meant.
    """
    shape, lows = read.shape, read.tokens.lows
    link = next((k for k in range(first + 2, last) if shape.bits[k] & ph.LINK and not shape.capital[k]), -1)
    if link > 0 and not any(first <= n.first and n.last == link - 1 for n in read.nouns):
        start = name_start(read.tokens, shape, first, link - 1, [n for n in read.nouns if first <= n.first and n.last < link])
        if 0 <= start < link - 1 and not any(n.kind in _BODIES and start <= n.last and n.first < link for n in read.nouns):
            last = link - 1
    within = [noun for noun in read.nouns if noun.first >= first and noun.last <= last]
    start = name_start(read.tokens, shape, first, last, within)
    if start <= first or any(noun.first >= start and noun.kind in _BODIES for noun in within):
        return first, last
    roles = [noun for noun in within if noun.kind in ("person", "title", "voice") and noun.last < start]
    if not roles or roles[-1].last < start - 2:
        # "Huber's tag team partner Erick Rowan": a common noun that no lexicon knows, before a full name.
        unknown = not shape.capital[start - 1] and not shape.bits[start - 1] & (ph.PREPOSITION | ph.DETERMINER | ph.COORDINATOR)
        return (start, last) if last > start and (unknown or lows[start - 1] == "'s") else (first, last)
    if roles[-1].kind == "title" and roles[-1].source_type in ("expert", "individual"):
        return roles[-1].first, last  # "Dr Ines Calloway": an honorific is part of the name
    if lows[start - 1] == "of" and last - start >= 2:
        start = last - 1  # "Mayor of London Sadiq Khan": what stands between is the place
    if start == last:
        return (roles[-1].first if roles[-1].kind == "title" or shape.capital[roles[-1].first] else start), last
    return start, last


def _carried(read: Read, memory: _Memory) -> Attribution | None:
    """Give a sentence inside a running quotation to that quotation's speaker."""
    speaker = memory.speaker
    if speaker is None or not memory.speaker_quotes or not read.inside:
        return None
    n_inside = sum(read.inside)
    if n_inside < 0.8 * len(read.inside):
        return None
    return Attribution(
        source=None,
        cue=None,
        source_type=speaker.kind.source_type,
        identification=speaker.kind.identification,
        category="",
        position="carried",
        factivity=0.5,
        content="quotation",
        antecedent=speaker.index,
    )


def _introduce(read: Read, index: int, memory: _Memory) -> None:
    """Remember people and bodies that a sentence introduces without attributing anything to them."""
    lows, capital, bits = read.tokens.lows, read.shape.capital, read.shape.bits
    n_tokens = len(lows)
    for noun in read.nouns:
        if noun.kind not in ("person", "title", "voice"):
            continue
        k = noun.last + 1
        if k < n_tokens and lows[k] == ".":
            k += 1
        end = k
        while end < n_tokens and (capital[end] or bits[end] & ph.PARTICLE and end > k) and not bits[end] & ph.TIME:
            end += 1
        if end > k and noun.source_type != "unspecified":
            memory.keep_name(Kind(noun.source_type, "named", lows[end - 1]), index)
            continue
        # "Deborah Persaud, Guyana's foreign minister": the name stands before its apposition.
        comma = next((j for j in range(noun.first - 1, max(-1, noun.first - 9), -1) if lows[j] == ","), -1)
        if comma > 0 and capital[comma - 1] and not bits[comma - 1] & ph.TIME and noun.source_type != "unspecified":
            memory.keep_name(Kind(noun.source_type, "named", lows[comma - 1]), index)
