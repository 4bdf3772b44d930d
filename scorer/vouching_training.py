"""Learn from labelled text which report cue vouches for a sentence's main claim; see `scorer.vouching`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from scorer.candidates import Candidate
from scorer.evaluate import sentences_of
from scorer.labelled import LabelledSentence
from scorer.lexicon import Lexicon
from scorer.names import name_only
from scorer.reading import Reader, Reading
from scorer.records import Span
from scorer.source_typing import SourceTyping
from scorer.source_typing_training import examples, fit_typing
from scorer.tokens import Tokens
from scorer.vouching import Vouching, facts_of

Floats = NDArray[np.float64]

PENALTY: Final = 3.0
"""L2 penalty, chosen among 1, 3 and 10 by cross-validation on data/; the figures differ by less than 0.003."""
_RAREST: Final = 2
"""Facts seen less often than this are left out: they could only be learnt by heart."""
_LEAST_OVERLAP: Final = 0.4
"""Share of characters that a candidate's source shares with the labelled one, to be the labelled one."""
_LEAST_SOURCES: Final = 300
"""Labelled sources below which there is too little to learn from, and the rules decide."""
_DECIMALS: Final = 3
_TOLERANCE: Final = 1e-7


class Choice(NamedTuple):
    """What one labelled sentence teaches.

    Attributes
    ----------
    facts : list of list of str
        Of each candidate, as `scorer.vouching.facts_of` names them; empty for one that is not weighed.
    chosen : int
        Which of them the annotator underlined; -1 for none of them.
    """

    facts: list[list[str]]
    chosen: int


def cross_read(
    rows: Sequence[LabelledSentence], groups: Sequence[str], lexicon: Lexicon, n_folds: int
) -> tuple[Vouching | None, SourceTyping | None, list[Reading]]:
    """Learn from all rows, and read each row with weights that were learnt without its document.

    Parameters
    ----------
    rows : sequence of LabelledSentence
        Whole documents, in order.
    groups : sequence of str
        The document of each row.
    lexicon : Lexicon
        What to read with.
    n_folds : int
        Parts into which the documents are divided.

    Returns
    -------
    vouching : Vouching or None
        Learnt from all rows; None where they hold too few sources.
    typing : SourceTyping or None
        The same, for the kinds of sources.
    readings : list of Reading
        One for each row, as a reader gives it that has not seen its document: what a classifier may be trained on, and
        measured on, as if the text were new.
    """
    reader = Reader(lexicon)
    sentences = sentences_of(rows)
    if sum(row.source is not None for row in rows) < _LEAST_SOURCES:
        return None, None, reader.read(sentences)
    choices = [_choice(row, reading) for row, reading in zip(rows, reader.read(sentences), strict=True)]
    codes = np.asarray(groups, dtype=object)
    readings: list[Reading | None] = [None] * len(rows)

    def learn(known: Sequence[int]) -> tuple[Vouching, SourceTyping | None]:
        vouching = fit_vouching([choices[k] for k in known])
        chosen = Reader(lexicon, vouching).read([sentences[k] for k in known])
        return vouching, fit_typing(examples([rows[k] for k in known], chosen))

    for known, unseen in GroupKFold(n_folds).split(codes, groups=codes):
        fold = Reader(lexicon, *learn(known.tolist()))
        for k, reading in zip(unseen, fold.read([sentences[k] for k in unseen]), strict=True):
            readings[k] = reading
    return *learn(range(len(rows))), [reading for reading in readings if reading is not None]


def _choice(row: LabelledSentence, reading: Reading) -> Choice | None:
    """Say which candidate of a sentence is the labelled source; None where the row can teach nothing."""
    tokens, candidates = reading.tokens, reading.candidates
    if row.source_type is None or any(candidate.cue_first < 0 for candidate in candidates):
        return None  # a transcript's line has one speaker, whom its label names
    facts = facts_of(tokens, reading.shape, candidates, reading.nouns)
    if not any(facts):
        return None
    scores = [_agreement(row, tokens, _source_of(reading, candidate), candidate) for candidate in candidates]
    best = max(range(len(scores)), key=scores.__getitem__)
    if scores[best] <= 0:
        return Choice(facts, -1)
    return Choice(facts, best) if facts[best] else None


def _source_of(reading: Reading, candidate: Candidate) -> Span | None:
    if candidate.first < 0:
        return None
    tokens = reading.tokens
    first, last = name_only(tokens, reading.shape, candidate.first, candidate.last, reading.nouns)
    return Span(tokens.starts[first], tokens.ends[last])


def _agreement(row: LabelledSentence, tokens: Tokens, source: Span | None, candidate: Candidate) -> float:
    """Tell how well a candidate fits the labelled words: 0 where it is something else."""
    cue = _shared(row.cue, Span(tokens.starts[candidate.cue_first], tokens.ends[candidate.cue_last]))
    if row.source is None:
        return cue if source is None else 0.0
    words = _shared(row.source, source)
    return words + cue / 2 if words >= _LEAST_OVERLAP else 0.0


def _shared(a: Span | None, b: Span | None) -> float:
    """Give the share of characters that two spans have in common (Dice)."""
    if a is None or b is None:
        return 0.0
    return 2 * max(0, min(a.end, b.end) - max(a.start, b.start)) / (a.end - a.start + b.end - b.start)


def fit_vouching(choices: Sequence[Choice | None]) -> Vouching:
    """Fit the weights: in each sentence, the labelled candidate against the others and against none.

    Parameters
    ----------
    choices : sequence of Choice or None
        From labelled sentences; None is passed over.

    Returns
    -------
    Vouching
        Weights rounded, so that the last digits of a machine's arithmetic do not show.
    """
    kept = [choice for choice in choices if choice is not None]
    counts = Counter(fact for choice in kept for facts in choice.facts for fact in set(facts))
    names = sorted(fact for fact, count in counts.items() if count >= _RAREST)
    column = {name: k for k, name in enumerate(names)}
    indices: list[int] = []
    bounds = [0]
    sentence: list[int] = []
    chosen: list[float] = []
    for k, choice in enumerate(kept):
        for j, facts in enumerate(choice.facts):
            if facts:
                indices += (column[fact] for fact in facts if fact in column)
                bounds.append(len(indices))
                sentence.append(k)
                chosen.append(float(j == choice.chosen))
    matrix = sparse.csr_array((np.ones(len(indices)), indices, bounds), shape=(len(sentence), len(names)))
    weights = _solve(matrix, np.array(sentence, dtype=np.intp), np.array(chosen), len(kept))
    rounded = np.round(weights, _DECIMALS).tolist()
    return Vouching({name: weight for name, weight in zip(names, rounded, strict=True) if weight})


def _solve(matrix: sparse.csr_array, sentence: NDArray[np.intp], chosen: Floats, n_sentences: int) -> Floats:
    """Minimise the penalised negative log-likelihood of a conditional logit whose last choice, none, weighs 0."""
    transposed = matrix.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = matrix @ weights
        highest = np.zeros(n_sentences)
        np.maximum.at(highest, sentence, logits)
        exps = np.exp(logits - highest[sentence])
        total = np.exp(-highest) + np.bincount(sentence, weights=exps, minlength=n_sentences)
        gradient = transposed @ (exps / total[sentence] - chosen) + PENALTY * weights
        value = float(np.sum(np.log(total) + highest) - logits @ chosen + PENALTY / 2 * weights @ weights)
        return value, np.asarray(gradient)

    options = {"maxiter": 2000, "maxfun": 4000, "gtol": _TOLERANCE, "ftol": 0.0, "maxcor": 20}
    found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, dtype=np.float64)
