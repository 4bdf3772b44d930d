"""Figures of agreement with labels, each from counts per document.

A figure is a function of summed counts. So a bootstrap over documents, whose sentences belong together, is one matrix
product: how often each document was drawn, times its counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Statistic = Callable[[Floats], Floats]

N_BINS: Final = 10
LEAST_ROWS: Final = 5
"""Labelled rows that a class needs to count in a macro-F1: rarer ones say nothing."""
N_SAMPLES: Final = 1000
_SEED: Final = 20191122
_BLOCK: Final = 4_000_000
_TOKEN: Final = re.compile(r"\w+")


class Figure(NamedTuple):
    """One figure of a model.

    Attributes
    ----------
    value : float
        The figure; NaN where nothing decides it.
    low, high : float
        Bounds of its 95 % bootstrap interval, documents resampled; NaN for fewer than two documents.
    n : int
        Sentences that it is of.
    """

    value: float
    low: float
    high: float
    n: int


class Tally(NamedTuple):
    """What a figure is computed from.

    Attributes
    ----------
    counts : ndarray of float64, shape (n_documents, ...)
        Counts of each document.
    statistic : callable
        From sums of counts, shape (n_samples, ...), to figures, shape (n_samples,).
    n : int
        Sentences counted.
    """

    counts: Floats
    statistic: Statistic
    n: int


class LabelFigures(NamedTuple):
    """How well one label is found: precision, recall and F1 in [0, 1], and its labelled rows.

    ``low`` and ``high`` bound the 95 % bootstrap interval of F1, as in `Figure`.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    low: float
    high: float


class Bin(NamedTuple):
    """Sentences whose label got a probability in one tenth of the scale.

    Attributes
    ----------
    low, high : float
        Bounds of the tenth.
    n : int
        Sentences in it, weights added up if they have any.
    confidence : float
        Their mean probability; NaN without any.
    accuracy : float
        How many of them were right, in [0, 1]; NaN without any.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def figures(tallies: dict[str, Tally]) -> dict[str, Figure]:
    """Compute figures with their intervals; every figure sees the same draws of documents.

    Parameters
    ----------
    tallies : dict of str to Tally
        All over the same documents.

    Returns
    -------
    dict of str to Figure
        In the same order.
    """
    n_documents = max((len(tally.counts) for tally in tallies.values()), default=0)
    samples: dict[str, list[Floats]] = {name: [] for name in tallies}
    for weights in _draws(n_documents) if n_documents > 1 else ():
        for name, tally in tallies.items():
            flat = tally.counts.reshape(n_documents, -1)
            samples[name].append(tally.statistic((weights @ flat).reshape(-1, *tally.counts.shape[1:])))
    found: dict[str, Figure] = {}
    for name, tally in tallies.items():
        drawn = np.concatenate(samples[name]) if samples[name] else np.zeros(0)
        drawn = drawn[np.isfinite(drawn)]
        low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (np.nan, np.nan)
        value = tally.statistic(tally.counts.sum(axis=0)[None])[0]
        found[name] = Figure(float(value), float(low), float(high), tally.n)
    return found


def difference(before: Tally, after: Tally) -> Tally:
    """Make the figure of how far one tally's figure is above another's, each draw of documents the same for both."""
    counts = np.stack([before.counts, after.counts], axis=1)
    return Tally(counts, lambda drawn: after.statistic(drawn[:, 1]) - before.statistic(drawn[:, 0]), after.n)


def _draws(n_documents: int) -> Iterator[Floats]:
    """Yield how often each document is drawn, in blocks that fit into memory."""
    random = np.random.default_rng(_SEED)
    share = np.full(n_documents, 1 / n_documents)
    block = max(1, min(N_SAMPLES, _BLOCK // n_documents))
    for begin in range(0, N_SAMPLES, block):
        size = min(block, N_SAMPLES - begin)
        yield random.multinomial(n_documents, share, size=size).astype(np.float64)


def confusion(
    documents: Ints, gold: Ints, guess: Ints, n_documents: int, n_labels: int, weights: Floats | None = None
) -> Floats:
    """Count labels against guesses in each document, shape (n_documents, n_labels, n_labels); guesses in columns."""
    cells = (documents * n_labels + gold) * n_labels + guess
    counts = np.bincount(cells, weights, minlength=n_documents * n_labels * n_labels)
    return np.asarray(counts.reshape(n_documents, n_labels, n_labels), dtype=np.float64)


def frequent(counts: Floats) -> list[int]:
    """Give the positions of labels with enough rows to count in a macro-F1; counts as from `confusion`."""
    return [k for k, n in enumerate(counts.sum(axis=(0, 2))) if n >= LEAST_ROWS]


def accuracy(counts: Floats) -> Floats:
    """Give the share of right guesses."""
    return _ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def label_f1(counts: Floats) -> Floats:
    """Give each label's F1, shape (n_samples, n_labels); 0 for a label that neither side has."""
    right = np.diagonal(counts, axis1=-2, axis2=-1)
    return np.nan_to_num(_ratio(2 * right, counts.sum(axis=-1) + counts.sum(axis=-2)))


def macro_f1(counted: Sequence[int]) -> Statistic:
    """Make the mean F1 of the labels at the given positions."""
    return lambda counts: label_f1(counts)[:, list(counted)].mean(axis=-1) if len(counted) else _nothing(counts)


def f1_of(position: int) -> Statistic:
    """Make the F1 of one label."""
    return lambda counts: label_f1(counts)[:, position]


def weighted_kappa(counts: Floats) -> Floats:
    """Give Cohen's kappa with quadratic weights over labels on an ordinal scale.

    References
    ----------
    Cohen, "Weighted kappa", Psychological Bulletin 70 (1968).
    """
    places = np.arange(counts.shape[-1], dtype=np.float64)
    weights = (places[:, None] - places) ** 2
    by_chance = counts.sum(axis=-1)[..., :, None] * counts.sum(axis=-2)[..., None, :]
    observed = (weights * counts).sum(axis=(-2, -1)) * counts.sum(axis=(-2, -1))
    return 1.0 - _ratio(observed, (weights * by_chance).sum(axis=(-2, -1)))


def matthews(counts: Floats) -> Floats:
    """Give Matthews' correlation of two labels, "no" first; 0 where one side always says the same."""
    no, false, missed, yes = counts[..., 0, 0], counts[..., 0, 1], counts[..., 1, 0], counts[..., 1, 1]
    scale = np.sqrt((yes + false) * (yes + missed) * (no + false) * (no + missed))
    return np.nan_to_num(_ratio(yes * no - false * missed, scale))


def calibration_counts(
    documents: Ints, right: NDArray[np.bool_], confidence: Floats, n_documents: int, weights: Floats | None = None
) -> Floats:
    """Count sentences, right guesses and confidence by tenth of confidence, shape (n_documents, N_BINS, 3)."""
    weight = np.ones(len(confidence)) if weights is None else weights
    which = np.minimum((confidence * N_BINS).astype(np.intp), N_BINS - 1)
    cells, size = documents * N_BINS + which, n_documents * N_BINS
    columns = [np.bincount(cells, part, minlength=size) for part in (weight, weight * right, weight * confidence)]
    return np.asarray(np.stack(columns, axis=-1).reshape(n_documents, N_BINS, 3), dtype=np.float64)


def calibration_error(counts: Floats) -> Floats:
    """Give the expected calibration error: how far confidence is from accuracy, on average over sentences."""
    return _ratio(np.abs(counts[..., 1] - counts[..., 2]).sum(axis=-1), counts[..., 0].sum(axis=-1))


def reliability(counts: Floats) -> list[Bin]:
    """Compare confidence with accuracy, tenth by tenth; counts as from `calibration_counts`."""
    total = counts.sum(axis=0)
    means = _ratio(total[:, 1:], total[:, :1])
    return [
        Bin(k / N_BINS, (k + 1) / N_BINS, round(total[k, 0]), float(means[k, 1]), float(means[k, 0]))
        for k in range(N_BINS)
    ]


def label_figures(counts: Floats, labels: Sequence[str]) -> list[LabelFigures]:
    """Give precision, recall and F1 of each label that is there; counts as from `confusion`."""
    total = counts.sum(axis=0)
    right, n_gold, n_guess = np.diagonal(total), total.sum(axis=1), total.sum(axis=0)
    precision, recall = np.nan_to_num(_ratio(right, n_guess)), np.nan_to_num(_ratio(right, n_gold))
    shown = [k for k in range(len(labels)) if n_gold[k] or n_guess[k]]
    found = figures({labels[k]: Tally(counts, f1_of(k), int(n_gold[k])) for k in shown})
    return [
        LabelFigures(
            labels[k],
            float(precision[k]),
            float(recall[k]),
            found[labels[k]].value,
            int(n_gold[k]),
            found[labels[k]].low,
            found[labels[k]].high,
        )
        for k in shown
    ]


def token_counts(documents: Ints, gold: Sequence[str], guess: Sequence[str], n_documents: int) -> Floats:
    """Count words of spans: found, labelled, guessed; shape (n_documents, 3)."""
    counts = np.zeros((n_documents, 3))
    for document, one, other in zip(documents, gold, guess, strict=True):
        words, guessed = Counter(_TOKEN.findall(one.lower())), Counter(_TOKEN.findall(other.lower()))
        counts[document] += ((words & guessed).total(), words.total(), guessed.total())
    return counts


def token_f1(counts: Floats) -> Floats:
    """Give the F1 over words; counts as from `token_counts`."""
    return _ratio(2 * counts[..., 0], counts[..., 1] + counts[..., 2])


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    whole = np.broadcast_to(whole, part.shape)
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0))


def _nothing(counts: Floats) -> Floats:
    return np.full(len(counts), np.nan)
