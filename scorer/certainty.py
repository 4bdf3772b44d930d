"""What a model's probabilities are worth: of each label against how often it was so, and of the surest sentences."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer import metrics as mt
from scorer.labels import STRENGTHS

SHARES: Final = (1.0, 0.95, *(k / 10 for k in range(9, 4, -1)))
"""Shares of the sentences, the surest ones, whose accuracy is looked at."""


class ClassReliability(NamedTuple):
    """What the probabilities of one label are worth.

    Attributes
    ----------
    label : str
        The label.
    error : Figure
        Class-wise calibration error: how far its probability is from the share of sentences that are so labelled, on
        average over all sentences; 0 at best.
    bins : list of Bin
        By tenths of its probability: ``confidence`` is the mean probability of the label, ``accuracy`` the share of
        sentences that are so labelled.
    """

    label: str
    error: mt.Figure
    bins: list[mt.Bin]


class Kept(NamedTuple):
    """What is left when the model may keep silent on the sentences that it is least sure of.

    Attributes
    ----------
    share : float
        Share of the sentences that are kept, in (0, 1].
    least : float
        Probability of the label that the least sure of them has.
    accuracy : Figure
        Of the strengths of those that are kept.
    """

    share: float
    least: float
    accuracy: mt.Figure


def class_reliability(
    documents: mt.Ints, gold: mt.Ints, probabilities: mt.Floats, n_documents: int, weights: mt.Floats | None = None
) -> list[ClassReliability]:
    """Compare the probabilities of each label with the share of sentences that have it.

    Parameters
    ----------
    documents, gold : ndarray of int, shape (n_sentences,)
        The document of each sentence, and its strength as a position in `scorer.labels.STRENGTHS`.
    probabilities : ndarray of float64, shape (n_sentences, 6)
        The model's.
    n_documents : int
        Documents altogether.
    weights : ndarray of float64, shape (n_sentences,), optional
        How much each sentence counts.

    Returns
    -------
    list of ClassReliability
        One for each strength, in order.
    """
    counts = {
        label: mt.calibration_counts(documents, gold == k, probabilities[:, k], n_documents, weights)
        for k, label in enumerate(STRENGTHS)
    }
    errors = mt.figures({label: mt.Tally(c, mt.calibration_error, len(gold)) for label, c in counts.items()})
    return [ClassReliability(label, errors[label], mt.reliability(counts[label])) for label in STRENGTHS]


def abstention(documents: mt.Ints, right: NDArray[np.bool_], confidence: mt.Floats, n_documents: int) -> list[Kept]:
    """Say how accurate the model is on the sentences that it is surest of.

    Parameters
    ----------
    documents : ndarray of int, shape (n_sentences,)
        The document of each sentence.
    right : ndarray of bool, shape (n_sentences,)
        Whether the label was right.
    confidence : ndarray of float64, shape (n_sentences,)
        Probability of the label.
    n_documents : int
        Documents altogether.

    Returns
    -------
    list of Kept
        One for each of `SHARES`.
    """
    order = np.argsort(-confidence, kind="stable")
    found = []
    for share in SHARES:
        kept = order[: ceil(share * len(order) - 1e-9)]
        counts = mt.confusion(documents[kept], np.ones(len(kept), np.intp), right[kept].astype(np.intp), n_documents, 2)
        figure = mt.figures({"accuracy": mt.Tally(counts, mt.accuracy, len(kept))})["accuracy"]
        found.append(Kept(share, float(confidence[kept[-1]]), figure))
    return found
