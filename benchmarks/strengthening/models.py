"""The models that are compared: each learns from one block and gives log-probabilities of another."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.special import log_softmax
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from scorer.labels import STRENGTHS
from scorer.metrics import Floats, Ints
from scorer.pipeline import RANDOM_STATE, build_pipeline
from strengthening.material import Block

Model = Callable[[Block, Block], Floats]

LEAST: Final = 1e-6
"""No label gets a lower probability, so that each has a logarithm."""
_INNER: Final = 3
"""Folds of documents within the training part, where a model learns from another one's guesses."""
_RARE: Final = 15
"""Sentences that a dense column, and `_RARE_PAIR` that a pair of them, has to be found in for trees and pairs."""
_RARE_PAIR: Final = 40
_PAIR_SCALE: Final = 0.3
_SVM_C: Final = 0.1


def linear(
    train: Block,
    test: Block,
    *,
    keep: np.ndarray | None = None,
    scale: Floats | None = None,
    words: bool = True,
    C: float = 1.0,
    weighted: bool = True,
) -> Floats:
    """Learn as the shipped model does: one logistic regression; ``keep`` and ``scale`` are of dense columns."""
    return _regress(
        _join(train, keep, scale, words),
        _join(test, keep, scale, words),
        train.codes,
        train.weights if weighted else None,
        len(STRENGTHS),
        C,
    )


def support_vectors(train: Block, test: Block) -> Floats:
    """Learn linear support vectors, and from held-out documents a sigmoid for each label."""
    folds = list(GroupKFold(_INNER).split(train.codes, groups=train.groups))
    machine = LinearSVC(C=_SVM_C, random_state=RANDOM_STATE, max_iter=5000)
    calibrated = CalibratedClassifierCV(machine, method="sigmoid", cv=folds)
    return _fitted(calibrated, _join(train), _join(test), train)


def boosting(train: Block, test: Block) -> Floats:
    """Boost trees over what rules and word lists found."""
    return _boost(train.dense.toarray(), test.dense.toarray(), train)


def extra_trees(train: Block, test: Block) -> Floats:
    """Average many random trees over what rules and word lists found."""
    forest = ExtraTreesClassifier(300, min_samples_leaf=2, random_state=RANDOM_STATE)
    return _fitted(forest, train.dense.toarray(), test.dense.toarray(), train)


def stacking(train: Block, test: Block, *, alone: bool) -> Floats:
    """Boost trees over dense features and what a linear model says, learnt from other documents.

    ``alone``: the linear model sees words only; otherwise it is the shipped one.
    """
    keep = np.zeros(train.dense.shape[1], dtype=bool) if alone else None
    inner = np.zeros((len(train.codes), len(STRENGTHS)))
    for known, unseen in GroupKFold(_INNER).split(train.codes, groups=train.groups):
        inner[unseen] = linear(train.part(known), train.part(unseen), keep=keep)
    outer = linear(train, test, keep=keep)
    return _boost(np.hstack([train.dense.toarray(), inner]), np.hstack([test.dense.toarray(), outer]), train)


def ordinal(train: Block, test: Block) -> Floats:
    """Decide whether there is a claim, then level by level whether it stands higher (cumulative regressions)."""
    X, new = _join(train), _join(test)
    out = np.zeros((len(test.codes), len(STRENGTHS)))
    claim = _binary(X, new, train.codes > 0, train.weights)
    known = np.flatnonzero(train.codes > 0)
    above = np.ones(len(test.codes))
    for level in range(1, len(STRENGTHS)):
        higher = np.zeros(len(above))
        if level < len(STRENGTHS) - 1:
            higher = _binary(X[known], new, train.codes[known] > level, train.weights[known])
        higher = np.minimum(higher, above)
        out[:, level] = claim * (above - higher)
        above = higher
    out[:, 0] = 1.0 - claim
    return _logs(out)


def hierarchical(train: Block, test: Block) -> Floats:
    """Decide whether there is a claim, then whose word it is, then how strong it is on such a footing."""
    X, new = _join(train), _join(test)
    out = np.zeros((len(test.codes), len(STRENGTHS)))
    claim = _binary(X, new, train.codes > 0, train.weights)
    known = np.flatnonzero(train.codes > 0)
    attributed = _binary(X[known], new, train.attributed[known], train.weights[known])
    for side, share in ((True, attributed), (False, 1.0 - attributed)):
        of = known[train.attributed[known] == side]
        if len(of):
            levels = _regress(X[of], new, train.codes[of], train.weights[of], len(STRENGTHS), 1.0)
            out += np.exp(levels) * (claim * share)[:, None]
    out[:, 0] += 1.0 - claim
    return _logs(out)


def paired(train: Block, test: Block) -> Floats:
    """Learn as the shipped model does, with products of two dense columns as further ones."""
    X, new = train.dense, test.dense
    found = sparse.csr_array((X != 0).astype(np.float64))
    together = (found.T @ found).toarray()
    alone = np.diag(together)
    often = (together >= _RARE_PAIR) & (together < 0.98 * np.minimum(alone[:, None], alone[None, :]))
    first, second = np.nonzero(np.triu(often, 1))
    parts = []
    for block, dense in ((train, X), (test, new)):
        columns = dense.tocsc()
        products = sparse.csr_array(columns[:, first].multiply(columns[:, second]))
        parts.append(sparse.csr_array(sparse.hstack([_join(block), products * _PAIR_SCALE])))
    return _regress(parts[0], parts[1], train.codes, train.weights, len(STRENGTHS), 1.0)


def _join(
    block: Block, keep: np.ndarray | None = None, scale: Floats | None = None, words: bool = True
) -> sparse.csr_array:
    dense = block.dense if scale is None else sparse.csr_array(block.dense.multiply(scale[None, :]))
    dense = dense if keep is None else dense[:, np.flatnonzero(keep)]
    return sparse.csr_array(sparse.hstack([dense, block.words])) if words else sparse.csr_array(dense)


def _regress(X: Any, new: Any, codes: Ints, weights: Floats | None, n_labels: int, C: float) -> Floats:
    """Fit a logistic regression; labels that it has never seen get next to nothing."""
    out = np.full((new.shape[0], n_labels), np.log(LEAST))
    labels = np.unique(codes)
    if len(labels) == 1:
        out[:, labels[0]] = 0.0
        return out
    classify: LogisticRegression = build_pipeline(C=C).named_steps["classify"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        classify.fit(X, codes, sample_weight=weights)
    out[:, classify.classes_] = np.log(np.maximum(classify.predict_proba(new), LEAST))
    return out


def _binary(X: Any, new: Any, yes: np.ndarray, weights: Floats) -> Floats:
    return np.exp(_regress(X, new, yes.astype(np.intp), weights, 2, 1.0)[:, 1])


def _boost(X: Floats, new: Floats, train: Block) -> Floats:
    booster = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.08,
        max_leaf_nodes=15,
        min_samples_leaf=20,
        l2_regularization=1.0,
        random_state=RANDOM_STATE,
        early_stopping=False,
    )
    return _fitted(booster, X, new, train)


def _fitted(estimator: Any, X: Any, new: Any, train: Block) -> Floats:
    if isinstance(X, np.ndarray):
        often = (X != 0).sum(axis=0) >= min(_RARE, len(X) // 10)
        X, new = X[:, often], new[:, often]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        estimator.fit(X, train.codes, sample_weight=train.weights)
    out = np.zeros((new.shape[0], len(STRENGTHS)))
    out[:, estimator.classes_] = estimator.predict_proba(new)
    return _logs(out)


def _logs(probabilities: Floats) -> Floats:
    return np.asarray(log_softmax(np.log(np.maximum(probabilities, LEAST)), axis=1))
