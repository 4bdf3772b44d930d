"""Labels of speakers in transcripts and interviews ("MARR: No.", "Ann Roe, Chief Executive: Good morning.").

A name before a colon is a label only where its document shows that it is a transcript: names come back, or take turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Candidate, Noun
from scorer.names import ROLES, nouns_in
from scorer.tokens import Tokens

_LONGEST: Final = 12
"""Tokens within which the colon of a label stands."""
_LONGEST_NAME: Final = 4
_SHORTEST_NAME: Final = 3
"""Letters of a single name, so that "Q:" and "A:" are none."""
_TURNS: Final = 3
"""Labels by which a document shows that it is a transcript, where no name comes back."""
_OWN_WORDS: Final = frozenset({"say", "announce", "confirm", "deny", "show", "see", "preposition", "cite", "hearsay"})
"""Categories of cues by which a speaker hands a claim on to somebody else."""


class Label(NamedTuple):
    """A speaker's label at the start of a sentence.

    Attributes
    ----------
    last : int
        Its last token; the colon follows.
    name_last : int
        Last token of the name in it, before a role ("Ann Roe, Chief Executive").
    """

    last: int
    name_last: int


def find_labels(
    batch: Sequence[Tokens],
    shapes: Sequence[wc.Shape],
    all_nouns: Sequence[Sequence[Noun]],
    no_speakers: Set[str],
) -> dict[int, Label]:
    """Find the labels of speakers in one document.

    Parameters
    ----------
    batch : sequence of Tokens
        Its sentences.
    shapes : sequence of Shape
        Their word classes and capitals.
    all_nouns : sequence of sequence of Noun
        Their source nouns, in order.
    no_speakers : set of str
        Words before a colon that vouch for nothing: hosts, who put questions, and headings such as "VIDEO".

    Returns
    -------
    dict of int to Label
        By index of the sentence, without those of no speakers.
    """
    found: dict[int, Label] = {}
    turns: Counter[str] = Counter()
    for index, (tokens, shape, nouns) in enumerate(zip(batch, shapes, all_nouns, strict=True)):
        label = _label(tokens, shape, nouns, no_speakers)
        if label is not None:
            found[index] = label
            turns[tokens.lows[label.name_last]] += 1
    takes_turns = len(turns) > 1 and turns.total() >= _TURNS
    names = {name for name, count in turns.items() if (takes_turns or count > 1) and name not in no_speakers}
    if names:
        names &= _introduced(batch, shapes, names)
    return {index: label for index, label in found.items() if batch[index].lows[label.name_last] in names}


def _introduced(batch: Sequence[Tokens], shapes: Sequence[wc.Shape], names: Set[str]) -> set[str]:
    """Give those names that stand somewhere after another capital ("Ann Roe", "Mr Roe"), as "GOAL" does not."""
    return {
        low
        for tokens, shape in zip(batch, shapes, strict=True)
        for k, low in enumerate(tokens.lows)
        if low in names and k and shape.capital[k] and shape.capital[k - 1]
    }


def _label(tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun], no_speakers: Set[str]) -> Label | None:
    """Read a label: a full name, a surname in capitals, or a role in capitals, before a colon."""
    lows = tokens.lows
    if ":" not in lows[1:_LONGEST] or not shape.capital[0]:
        return None
    colon = lows.index(":", 1, _LONGEST)
    if colon + 1 >= len(lows) or '"' in lows[:colon]:
        return None
    comma = lows.index(",") if "," in lows[:colon] else colon
    words = [word for word in tokens.words[:comma] if word != "."]
    if not 0 < len(words) <= _LONGEST_NAME or not all(shape.capital[k] or lows[k] == "." for k in range(comma)):
        return None
    if len(words) == 1:
        is_name = lows[0] in no_speakers or (len(words[0]) >= _SHORTEST_NAME and words[0].isupper())
    elif all(word.isupper() for word in words):
        is_name = any(noun.kind in ROLES for noun in nouns_in(nouns, 0, comma - 1))
    else:
        is_name = not any(shape.bits[:comma]) and no_speakers.isdisjoint(lows[:comma])
    return Label(colon - 1, comma - 1) if is_name else None


def hands_on(candidates: Sequence[Candidate], shape: wc.Shape) -> bool:
    """Tell whether a labelled speaker gives somebody else as the source of what he or she says."""
    return any(
        candidate.plausible
        and candidate.position != "background"
        and candidate.category in _OWN_WORDS
        and (candidate.first < 0 or not shape.bits[candidate.first] & wc.FIRST_PERSON)
        for candidate in candidates
    )


def labelled(label: Label) -> Candidate:
    """Give the attribution that a label makes: it has no cue."""
    return Candidate(0, label.last, -1, -1, "", "before", 0.5, False)
