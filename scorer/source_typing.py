"""What kind of source some words name, as learnt from labelled text on top of the rules.

`scorer.sourcing` decides by nouns and shapes. Much else tells a baker from a minister: the words that introduce a name,
the verb, who says "we". A multinomial logistic regression weighs them; the rules' own verdict is one fact among them,
and has a say of its own beside the weights. `scorer.source_typing_training` fits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from scorer import word_classes as wc
from scorer.candidates import Candidate
from scorer.introductions import Worded, introducing_words
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES
from scorer.names import nouns_in

TYPES: Final = SOURCE_TYPES[1:]
IDENTIFIED: Final = IDENTIFICATIONS[1:]
"""What the words of a source can be; "none", the first of each, is for sentences without one."""
_TYPE_AT: Final = {name: k for k, name in enumerate(TYPES)}
_IDENTIFIED_AT: Final = {name: k for k, name in enumerate(IDENTIFIED)}
TRUST: Final = 0.75
"""Added to the logit of what the rules say, chosen among 0, 0.5, 0.75, 1 and 2. At 0 the figures are best on data/ and
worse on news that was not written for it; at 0.75 both are better than by rule alone."""
_MOST: Final = 5
"""Words of a name from which on it counts as long."""


class Quoting(Worded, Protocol):
    """A sentence that also knows which tokens stand inside quotation marks."""

    @property
    def inside(self) -> Sequence[bool]:
        """One for each token."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceTyping:
    """Learnt weights for types and identifications.

    Attributes
    ----------
    row : mapping of str to int
        Row of ``weights`` for each fact; a fact that is not there weighs nothing.
    weights : ndarray of float64, shape (n_facts, 13)
        One column for each of `TYPES`, then one for each of `IDENTIFIED`.
    """

    row: Mapping[str, int]
    weights: NDArray[np.float64]

    def __reduce__(self) -> tuple[type[SourceTyping], tuple[Mapping[str, int], NDArray[np.float64]]]:
        """Pickle by the constructor, so that a model file serves the interpreted and the compiled class alike."""
        return SourceTyping, (self.row, self.weights)

    def decide(self, facts: Iterable[str], source_type: str, identification: str) -> tuple[str, str]:
        """Give type and identification of a source.

        Parameters
        ----------
        facts : iterable of str
            From `source_facts`, each once.
        source_type, identification : str
            What the rules say.

        Returns
        -------
        source_type, identification : str
            The heaviest of each.
        """
        # In one order, since sums of floats depend on it: a tie must not be decided by the order of a set.
        rows = sorted(row for row in map(self.row.get, facts) if row is not None)
        totals = np.add.reduce(self.weights.take(rows, 0), 0).tolist()  # half the time of indexing and .sum()
        kinds, ways = totals[: len(TYPES)], totals[len(TYPES) :]
        kinds[_TYPE_AT[source_type]] += TRUST
        ways[_IDENTIFIED_AT[identification]] += TRUST
        return TYPES[kinds.index(max(kinds))], IDENTIFIED[ways.index(max(ways))]


def source_facts(
    sentence: Quoting,
    candidate: Candidate,
    name: tuple[int, int],
    rules: tuple[str, str],
    introduced: Mapping[str, Sequence[str]],
    *,
    resolved: bool,
) -> set[str]:
    """Name the facts by which a source is typed.

    Parameters
    ----------
    sentence : Quoting
        The sentence.
    candidate : Candidate
        The cue with its source.
    name : (int, int)
        First and last token of the source without titles, as `scorer.names.name_only` gives them.
    rules : (str, str)
        Type and identification that the rules give.
    introduced : mapping of str to sequence of str
        The document's introductions, from `scorer.introductions.introductions`.
    resolved : bool
        Whether an earlier sentence told the rules who this is.

    Returns
    -------
    set of str
        Facts.
    """
    tokens, shape = sentence.tokens, sentence.shape
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    first, last = name
    source_type, identification = rules
    low, category = lows[last], candidate.category
    facts = {
        *_rule_facts(source_type, identification, category),
        "verb=" + (lows[candidate.cue_last] if candidate.cue_last >= 0 else ""),
        "ends=" + low,
        "starts=" + (lows[candidate.first] if bits[candidate.first] else "<word>"),
        f"capitals={capital[first : last + 1].count(True)} of {min(_MOST, last - first + 1)}",
    }
    for k in range(candidate.first, candidate.last + 1):
        if not capital[k]:
            facts.add("word=" + lows[k])
            continue
        facts.add(("name=" if first <= k <= last else "word=") + lows[k])
        if len(tokens.words[k]) > 1 and tokens.words[k].isupper():
            facts.add("acronym")
    for noun in nouns_in(sentence.nouns, candidate.first, candidate.last):
        facts.update(_noun_facts(noun.source_type, noun.kind))
    if capital[last]:
        facts.update(["introduced " + word for word in introducing_words(sentence, first, last)])
        facts.update(["introduced " + word for word in introduced.get(low, ())])
    if resolved:
        facts.add("resolved")
    if True in sentence.inside:
        facts.add("quotation")
        facts.update(["says " + low for low, bit in zip(lows, bits, strict=True) if bit & wc.FIRST_PERSON])
    return facts


@cache
def _rule_facts(source_type: str, identification: str, category: str) -> tuple[str, ...]:
    return (
        "any",
        f"rules={source_type}",
        f"rules={identification}",
        f"rules={source_type} {identification}",
        f"cue={category}",
    )


@cache
def _noun_facts(source_type: str, kind: str) -> tuple[str, str]:
    return f"noun={source_type} {kind}", f"noun={source_type}"
