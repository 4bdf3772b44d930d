"""From report cues to attributions: which words attach a claim to a source, and which words name that source.

Works on one sentence at a time and knows nothing of its neighbours; `scorer.discourse` resolves pronouns, roles and
running quotations afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun, View, content_of
from scorer.finiteness import VERBS, bounds_subject
from scorer.headline_cues import read_marks
from scorer.lexicon import Lexicon
from scorer.phrase_cues import (
    in_record,
    is_weak,
    on_record,
    read_hearsay,
    read_noun,
    read_object,
    read_preposition,
    read_talk,
)
from scorer.records import Cue
from scorer.tokens import Tokens
from scorer.verb_cues import read_verb


class Attributor:
    """Finds the attributions of single sentences.

    Parameters
    ----------
    lexicon : Lexicon
        Compiled lexicons.

    Attributes
    ----------
    bits : WordBits
        The classes of words.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.bits = wc.word_bits(lexicon)
        self._verbs = lexicon.verbs
        self._factivity = {entry.id: entry.strength for entry in lexicon.entries}
        self._relaying = frozenset(entry.id for entry in lexicon.entries if entry.scope == "object")
        self._clausal = frozenset(entry.id for entry in lexicon.entries if entry.scope == "clause")
        self._openings = {
            entry.id: entry.pattern.split(" <")[0].count(" ")
            for entry in lexicon.entries
            if entry.family == "report" and " <" in entry.pattern
        }
        # Categories are taken apart here, once, and not at every cue.
        self._reports = {f"report.{e.category}": e.category for e in lexicon.entries if e.family == "report"}

    def find(
        self,
        tokens: Tokens,
        cues: Sequence[Cue],
        source_nouns: Sequence[Noun],
        inside: Sequence[bool],
        shape: wc.Shape | None = None,
    ) -> tuple[list[Candidate], wc.Shape]:
        """Find every attribution of one sentence.

        Parameters
        ----------
        tokens : Tokens
            The sentence.
        cues : sequence of Cue
            Its cues, of all families.
        source_nouns : sequence of Noun
            Its source nouns, in order.
        inside : sequence of bool, shape (n_tokens,)
            Which tokens stand inside quotation marks, as `scorer.tokens.quoted` gives them.
        shape : Shape, optional
            Class bits and capitals of the tokens, if they were looked up already.

        Returns
        -------
        candidates : list of Candidate
            In order of the cues.
        shape : Shape
            Class bits and capitals of the tokens.
        """
        if shape is None:
            shape = wc.shape_of(tokens, self.bits)
        categories, openings = self._reports, self._openings
        reports = [(cue, categories[cue.category]) for cue in cues if cue.category in categories]
        vague = [noun for noun in source_nouns if noun.kind == _TALK_KIND and noun.source_type == _TALK_TYPE]
        lows = tokens.lows
        marked = len(lows) > 1 and not _MARKS.isdisjoint(lows[-_TAIL:] + lows[1:_LEAD])
        if not reports and not vague and not marked:
            return [], shape
        nouns = {k: noun for noun in source_nouns for k in range(noun.first, noun.last + 1)}
        view = View(tokens, shape, inside, nouns, self._verbs, self._factivity)
        found = read_talk(view, vague) if vague else []
        if marked:
            found += read_marks(view)
        if not reports:
            return found, shape
        view = _with_bounds(view, reports)
        has_source = bool(found)
        for cue, category in reports:
            if inside[cue.first] and inside[cue.last]:
                continue
            candidate = _read(view, cue, category, has_source=has_source)
            if candidate is not None and cue.entry_id in self._relaying and not candidate.negated:
                quoted = read_object(view, cue)
                if quoted is not None:
                    found.append(quoted._replace(entry_id=cue.entry_id))
            if candidate is not None:
                candidate = _cover(candidate, nouns)
                if cue.entry_id in openings and candidate.cue_last == cue.last:
                    # "put the toll at": a reader underlines what stands before the gap.
                    candidate = candidate._replace(cue_last=cue.first + openings[cue.entry_id])
                candidate = _without_link(candidate, shape, category)
                if category in VERBS:
                    candidate = in_record(view, candidate)
                content = content_of(view, cue, candidate)
                if content == "phrase" and cue.entry_id in self._clausal:
                    candidate = candidate._replace(plausible=False)
                found.append(candidate._replace(content=content, entry_id=cue.entry_id))
                counts = candidate.plausible and candidate.position != "background"
                has_source = has_source or (candidate.first >= 0 and counts)
        if len(found) > 1:
            found = _own_words(found, shape)
        if found and shape.bits[0] & wc.WEAK_PREPOSITION and nouns:
            found = on_record(view, found)
        return found, shape


_MARKS: Final = frozenset("—–-:")
_TAIL: Final = 11
_LEAD: Final = 4
"""Tokens at either end among which a headline's mark stands."""
_TALK_TYPE: Final = "unspecified"
_TALK_KIND: Final = "vague"
"""Type and kind of nouns for hearsay: "rumours", "talk"."""


def _with_bounds(view: View, reports: Sequence[tuple[Cue, str]]) -> View:
    """Add the tokens that no subject reaches over."""
    finite: set[int] = set()
    for cue, category in reports:
        if category in VERBS:
            if bounds_subject(view, cue):
                finite.add(cue.first)
        elif category == "preposition" and not is_weak(view, cue):
            finite.update(range(cue.first, cue.last + 1))
    lows, verbs = view.tokens.lows, view.verbs
    firm = {k for k in finite if lows[k] in verbs and lows[k] != verbs[lows[k]].third}
    return view._replace(finite=finite, firm=firm)


def _read(view: View, cue: Cue, category: str, *, has_source: bool) -> Candidate | None:
    if category in VERBS:
        # "The mayor's claim that": the same word is a noun.
        return read_verb(view, cue, category, has_source=has_source) or read_noun(view, cue)
    if category in ("preposition", "cite"):
        return read_preposition(view, cue, category)
    if category == "noun":
        return read_noun(view, cue)
    return read_hearsay(view, cue, category)


def _own_words(found: list[Candidate], shape: wc.Shape) -> list[Candidate]:
    """Doubt "his" as the source of "In his speech, Roe said", where a verb has that source by name."""
    return [
        candidate._replace(plausible=False)
        if candidate.category == "noun"
        and candidate.first == candidate.last
        and shape.bits[candidate.first] & wc.POSSESSIVE
        and any(other.plausible and other.category in VERBS and other.first > candidate.cue_last for other in found)
        else candidate
        for candidate in found
    ]


def _without_link(candidate: Candidate, shape: wc.Shape, category: str) -> Candidate:
    """Leave out of a cue what only links its content: "that", and the "to (be)" of hearsay ("is said to")."""
    links = wc.THAT | (wc.PREPOSITION | wc.BE if category == "hearsay" else 0)
    last = candidate.cue_last
    while last > candidate.cue_first and shape.bits[last] & links:
        last -= 1
    return candidate if last == candidate.cue_last else candidate._replace(cue_last=last)


def _cover(candidate: Candidate, nouns: Mapping[int, Noun]) -> Candidate:
    """Widen a source to the whole of a source noun that it cuts in two ("Early reports", "videos posted on …")."""
    first, last = candidate.first, candidate.last
    if first < 0:
        return candidate
    for noun in (nouns.get(first), nouns.get(last)):
        # Only an outermost noun can be cut, since nouns don't overlap.
        if noun is not None and (noun.last < candidate.cue_first or noun.first > candidate.cue_last):
            first, last = min(first, noun.first), max(last, noun.last)
    return candidate if (first, last) == candidate[:2] else candidate._replace(first=first, last=last)
