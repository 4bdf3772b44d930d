"""From raw logits to probabilities that can be taken at their word, and to the 0-100 score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.pipeline import Pipeline

from scorer.labels import LEVELS, STRENGTHS
from scorer.reading import Reading

Floats = NDArray[np.float64]
NEVER_SURE: Final = 1.01
"""A threshold that no probability reaches."""
_LEVELS: Final = np.array([LEVELS[name] for name in STRENGTHS[1:]])


def expected_scores(probabilities: Floats) -> Floats:
    """Give the expected evidential level on 0-100, given that the sentence is a claim.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_sentences, 6)
        In the order of `scorer.labels.STRENGTHS`.

    Returns
    -------
    ndarray of float64, shape (n_sentences,)
        In [0, 100].
    """
    claims = probabilities[:, 1:]
    total = np.maximum(claims.sum(axis=1), np.finfo(float).tiny)
    return np.asarray(claims @ _LEVELS / total)


def full_logits(pipeline: Pipeline, readings: Sequence[Reading]) -> Floats:
    """Give logits for all six strengths, also where a fold's training part lacked one."""
    classifier = pipeline.named_steps["classify"]
    out = np.full((len(readings), len(STRENGTHS)), -30.0)
    out[:, classifier.classes_] = pipeline.decision_function(readings)
    return out


def fit_temperature(logits: Floats, codes: NDArray[np.intp], weights: Floats) -> float:
    """Find the temperature that minimises the log loss (Guo et al., "On calibration …", ICML 2017)."""

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-np.average(scaled[np.arange(len(codes)), codes], weights=weights))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def mix_weights(
    codes: NDArray[np.intp], prior: Sequence[float] | None, sample_weight: Sequence[float] | None = None
) -> Floats:
    """Give each sentence the weight that brings its label to the share that is expected.

    Parameters
    ----------
    codes : ndarray of int, shape (n_sentences,)
        Labels, as positions in `scorer.labels.STRENGTHS`.
    prior : sequence of float, or None
        Expected shares of the six strengths; None for those of the sentences.
    sample_weight : sequence of float, shape (n_sentences,), optional
        How much each sentence counts beside others of its label, above 0; all alike by default.

    Returns
    -------
    ndarray of float64, shape (n_sentences,)
        Above 0. With a prior, the weights of a label add up to its expected share of all sample weights; without one,
        they are the sample weights.
    """
    given = np.ones(len(codes)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if prior is None:
        return given
    shares = np.bincount(codes, given, minlength=len(STRENGTHS)) / given.sum()
    wanted = np.asarray(prior) / sum(prior)
    return np.asarray(given * (wanted / np.maximum(shares, 1e-9))[codes])


def review_threshold(probabilities: Floats, codes: NDArray[np.intp], weights: Floats, target: float) -> float:
    """Find the probability of the label below which a sentence should be looked at.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_sentences, 6)
        Of sentences that the model has not learnt from.
    codes : ndarray of int, shape (n_sentences,)
        Their labels.
    weights : ndarray of float64, shape (n_sentences,)
        How much each counts.
    target : float
        Accuracy that the sentences from the threshold on are to have, in (0, 1].

    Returns
    -------
    float
        The least that reaches it: 0 where all sentences together do, above 1 where not even the surest do.
    """
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = (probabilities.argmax(axis=1) == codes)[order]
    accuracy = np.cumsum(right * weights[order]) / np.cumsum(weights[order])
    reached = np.flatnonzero(accuracy >= target)
    if not len(reached):
        return NEVER_SURE
    last = int(reached[-1])
    return 0.0 if last == len(order) - 1 else float(confidence[order[last]])
