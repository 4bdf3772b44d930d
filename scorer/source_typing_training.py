"""Learn from labelled text what kind of source some words name; see `scorer.source_typing`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from scorer.introductions import introductions_of_sources
from scorer.labelled import LabelledSentence
from scorer.names import name_only
from scorer.reading import Reading
from scorer.source_typing import IDENTIFIED, TYPES, SourceTyping, source_facts

PENALTY: Final = 0.3
"""Inverse strength of the L2 penalty, chosen among 0.1, 0.3 and 1; the figures differ by less than 0.01."""
_RAREST: Final = 2
"""Facts seen less often than this are left out: they could only be learnt by heart."""
_DECIMALS: Final = 3


class Example(NamedTuple):
    """One labelled source.

    Attributes
    ----------
    facts : set of str
        As `scorer.source_typing.source_facts` names them.
    source_type, identification : str
        The labels.
    """

    facts: set[str]
    source_type: str
    identification: str


def examples(rows: Sequence[LabelledSentence], readings: Sequence[Reading]) -> list[Example]:
    """Pair the labels of sentences with the facts of the sources that were found in them.

    Parameters
    ----------
    rows : sequence of LabelledSentence
        Whole documents, in order.
    readings : sequence of Reading
        Of the same sentences, read with no learnt typing.

    Returns
    -------
    list of Example
        One for each sentence whose primary attribution has words for a source, and that is labelled with one.
    """
    found: list[Example] = []
    pairs = zip((row.doc for row in rows), rows, readings, strict=True)
    for _, group in groupby(pairs, key=itemgetter(0)):
        document = list(group)
        introduced = introductions_of_sources([reading for _, _, reading in document])
        for _, row, reading in document:
            if row.source_type in TYPES and row.identification in IDENTIFIED and reading.attributions:
                facts = _facts(reading, introduced)
                if facts:
                    found.append(Example(facts, row.source_type, row.identification))
    return found


def _facts(reading: Reading, introduced: Mapping[str, Sequence[str]]) -> set[str]:
    """Name the facts of a sentence's primary source; none where no words name it."""
    primary, tokens = reading.attributions[0], reading.tokens
    for candidate in reading.candidates:
        cue = (tokens.starts[candidate.cue_first], tokens.ends[candidate.cue_last])
        if candidate.first >= 0 and primary.source is not None and cue == primary.cue:
            name = name_only(tokens, reading.shape, candidate.first, candidate.last, reading.nouns)
            rules = (primary.source_type, primary.identification)
            earlier = primary.antecedent is not None
            return source_facts(reading, candidate, name, rules, introduced, resolved=earlier)
    return set()


def fit_typing(learnt: Sequence[Example]) -> SourceTyping | None:
    """Fit the weights of both labels.

    Parameters
    ----------
    learnt : sequence of Example
        From `examples`.

    Returns
    -------
    SourceTyping or None
        Weights rounded, so that the last digits of a machine's arithmetic do not show; None where the examples have
        no two types.
    """
    counts = Counter(fact for example in learnt for fact in example.facts)
    names = sorted(fact for fact, count in counts.items() if count >= _RAREST)
    row = {name: k for k, name in enumerate(names)}
    indices: list[int] = []
    bounds = [0]
    for example in learnt:
        indices += sorted(row[fact] for fact in example.facts if fact in row)
        bounds.append(len(indices))
    matrix = sparse.csr_array((np.ones(len(indices)), indices, bounds), shape=(len(learnt), len(names)))
    types = [example.source_type for example in learnt]
    ways = [example.identification for example in learnt]
    if len(set(types)) < 2 or len(set(ways)) < 2:
        return None
    weights = np.hstack([_columns(matrix, types, TYPES), _columns(matrix, ways, IDENTIFIED)])
    return SourceTyping(row, np.round(weights, _DECIMALS))


def _columns(matrix: sparse.csr_array, labels: Sequence[str], classes: Sequence[str]) -> NDArray[np.float64]:
    """Fit a multinomial logistic regression; one column of weights for each class, in their order."""
    model = LogisticRegression(C=PENALTY, solver="newton-cg", tol=1e-8, max_iter=400, fit_intercept=False)
    model.fit(matrix, labels)
    coefficients = model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_]) / 2
    # A class that no example has is never chosen.
    out = np.full((matrix.shape[1], len(classes)), 0.0)
    for k, name in enumerate(model.classes_):
        out[:, classes.index(name)] = coefficients[k]
    return out
