"""The trained classifier: readings in, calibrated probabilities, score and reasons out.

A multinomial logistic regression over the rule layers' features and word n-grams, with one temperature fitted on
document-grouped out-of-fold logits. Linear on purpose: each reason is a coefficient times what was found, and the
reasons of a sentence add up to the logit of its label.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted

from scorer.assembly import feature_matrix
from scorer.calibration import fit_temperature, full_logits, mix_weights, review_threshold
from scorer.collector import uncollected
from scorer.labels import STRENGTHS
from scorer.lexicon import Lexicon
from scorer.pipeline import RANDOM_STATE, build_pipeline
from scorer.priors import NEWS_PRIOR, checked_prior, shift_of
from scorer.reading import Reader, Reading
from scorer.records import Sentence
from scorer.segment import sentence_kind
from scorer.source_typing import SourceTyping
from scorer.unpickling import unpickle_lexicon
from scorer.vouching import Vouching

Floats = NDArray[np.float64]
N_FOLDS: Final = 5
REVIEW_TARGET: Final = 0.96
"""Accuracy, on documents held out, that the sentences which need no review are to have. On the development set, which
other people wrote, they have half a point less, so that 0.95 is kept there (`docs/strength.md`)."""


class StrengthClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Calibrated classifier of evidential strength.

    Parameters
    ----------
    C : float
        Inverse strength of the classifier's L2 penalty, above 0.
    n_folds : int
        Document-grouped folds on which the temperature is fitted, at least 2.
    prior : tuple of float or None
        Expected shares of the six strengths, in order; training sentences are weighted to them, so that the
        probabilities hold for text of that mix. None takes the training text as it is.
    review_target : float
        Accuracy that the sentences which need no review are to have, in (0, 1].

    Attributes
    ----------
    classes_ : ndarray of str, shape (6,)
        `scorer.labels.STRENGTHS`, in their order.
    pipeline_ : Pipeline
        The fitted features and classifier.
    shares_ : tuple of float, shape (6,)
        The mix of strengths that the probabilities hold for; `with_prior` changes it.
    trained_shares_ : tuple of float, shape (6,)
        The mix that it was trained for.
    review_below_ : float
        A sentence needs review if the probability of its label is below it: the least at which, out of fold and in the
        mix of `prior`, the others reach `review_target`; above 1 where none does.
    temperature_ : float
        Logits are divided by it; above 1 where the raw model was too sure.
    out_of_fold_ : ndarray of float64, shape (n_sentences, 6)
        Probabilities of the training sentences, each from a model that had not seen its document. Not kept in the
        saved model.
    lexicon_ : Lexicon
        The lexicons it was trained with; it always reads with these, so that editing a lexicon cannot change what a
        trained model means.
    vouching_ : Vouching or None
        Weights that decide which report cue vouches for a sentence's main claim; None where the rules do.
    typing_ : SourceTyping or None
        Weights that decide of what kind a source is; None where the rules do.
    """

    def __init__(
        self,
        *,
        C: float = 1.0,
        n_folds: int = N_FOLDS,
        prior: tuple[float, ...] | None = NEWS_PRIOR,
        review_target: float = REVIEW_TARGET,
    ) -> None:
        self.C = C
        self.n_folds = n_folds
        self.prior = prior
        self.review_target = review_target

    def fit(
        self,
        readings: Sequence[Reading],
        y: Sequence[str],
        groups: Sequence[str],
        lexicon: Lexicon,
        vouching: Vouching | None = None,
        typing: SourceTyping | None = None,
        sample_weight: Sequence[float] | None = None,
    ) -> Self:
        """Train on readings.

        Parameters
        ----------
        readings : sequence of Reading, shape (n_sentences,)
            Whole documents, in order.
        y : sequence of str, shape (n_sentences,)
            Strengths.
        groups : sequence of str, shape (n_sentences,)
            The document of each sentence; a document never stands on both sides of a fold.
        lexicon : Lexicon
            What the readings were made with.
        vouching, typing : optional
            What new text is read with, beside the lexicons.
        sample_weight : sequence of float, shape (n_sentences,), optional
            How much each sentence counts, above 0.

        Returns
        -------
        self
        """
        self.lexicon_ = lexicon
        self.vouching_ = vouching
        self.typing_ = typing
        self.classes_ = np.array(STRENGTHS, dtype=object)
        unknown = sorted(set(y) - set(STRENGTHS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a strength; use one of {', '.join(STRENGTHS)}")
        codes = np.array([STRENGTHS.index(label) for label in y])
        weights = self.mix_weights(codes, sample_weight)
        pipeline = build_pipeline(C=self.C)
        logits = np.zeros((len(codes), len(STRENGTHS)))
        folds = StratifiedGroupKFold(self.n_folds, shuffle=True, random_state=RANDOM_STATE)
        for train, test in folds.split(codes, codes, np.asarray(groups, dtype=object)):
            fold = clone(pipeline).fit(
                [readings[i] for i in train], codes[train], classify__sample_weight=weights[train]
            )
            logits[test] = full_logits(fold, [readings[i] for i in test])
        self.temperature_ = fit_temperature(logits, codes, weights)
        self.out_of_fold_ = softmax(logits / self.temperature_, axis=1)
        self.review_below_ = review_threshold(self.out_of_fold_, codes, weights, self.review_target)
        self.shares_ = self.trained_shares_ = checked_prior(
            np.bincount(codes, weights, minlength=len(STRENGTHS)).tolist()
        )
        self.pipeline_ = pipeline.fit(readings, codes, classify__sample_weight=weights)
        self._prepare()
        return self

    def mix_weights(self, codes: NDArray[np.intp], sample_weight: Sequence[float] | None = None) -> Floats:
        """Weight sentences to the mix that ``prior`` expects, as `scorer.calibration.mix_weights` does."""
        return mix_weights(codes, self.prior, sample_weight)

    def _prepare(self) -> None:
        """Set up what is derived from the fitted pipeline."""
        classifier = self.pipeline_.named_steps["classify"]
        if list(classifier.classes_) != list(range(len(STRENGTHS))):
            missing = [name for k, name in enumerate(STRENGTHS) if k not in classifier.classes_]
            raise ValueError(f"the training text has no sentence labelled {', '.join(missing)}")
        self._weights = (classifier.coef_ / self.temperature_).astype(np.float64)
        self._bias = (classifier.intercept_ / self.temperature_).astype(np.float64)
        if self.shares_ != self.trained_shares_:
            self._bias += shift_of(self.trained_shares_, self.shares_)
        self._reader: Reader | None = None
        names: list[str] = []
        bounds = [0]
        for name, transformer in self.pipeline_.named_steps["features"].transformer_list:
            names.append(name)
            bounds.append(bounds[-1] + len(transformer.get_feature_names_out()))
        self._groups = names
        self._bounds = bounds

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be derived and what only training needs."""
        state: dict[str, Any] = dict(super().__getstate__())
        for name in ("out_of_fold_", "_weights", "_bias", "_reader", "_groups", "_bounds"):
            state.pop(name, None)
        if "lexicon_" in state:
            # Plain pickle walks the lexicon's many small dictionaries in C; joblib's own takes ten times as long.
            state["lexicon_"] = pickle.dumps(state["lexicon_"], protocol=pickle.HIGHEST_PROTOCOL)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a pickled model."""
        if isinstance(state.get("lexicon_"), bytes):
            with uncollected():
                state = {**state, "lexicon_": unpickle_lexicon(state["lexicon_"])}
        super().__setstate__(state)
        if "pipeline_" in state:
            self._prepare()

    @property
    def reader(self) -> Reader:
        """The reader with the model's own lexicons."""
        if self._reader is None:
            self._reader = Reader(self.lexicon_, self.vouching_, self.typing_)
        return self._reader

    def with_prior(self, prior: Sequence[float]) -> Self:
        """Give the same model for text of another mix of strengths.

        Parameters
        ----------
        prior : sequence of float, shape (6,)
            Expected shares of the strengths, in order; `scorer.priors` names, reads and estimates them.

        Returns
        -------
        StrengthClassifier
            A model whose base values are moved (`scorer.priors.shift_of`); all else is shared with this one.
        """
        check_is_fitted(self, "pipeline_")
        moved = copy(self)
        moved.shares_ = checked_prior(prior)
        moved._prepare()
        moved._reader = self._reader
        return moved

    def with_review_below(self, threshold: float) -> Self:
        """Give the same model with another `review_below_`."""
        check_is_fitted(self, "pipeline_")
        moved = copy(self)
        moved.review_below_ = threshold
        return moved

    def read(self, texts: Iterable[str]) -> list[Reading]:
        """Read single sentences, each a document of its own."""
        return self.reader.read(
            [
                Sentence(doc_id=str(k), index=0, start=0, end=len(text), text=text, kind=sentence_kind(text))
                for k, text in enumerate(texts)
            ]
        )

    def logits(self, readings: Sequence[Reading]) -> tuple[Floats, Any]:
        """Give calibrated logits and the feature matrix that they come from.

        Returns
        -------
        logits : ndarray of float64, shape (n_sentences, 6)
            Their softmax is the probabilities.
        matrix : sparse array, shape (n_sentences, n_features)
            The features.
        """
        matrix = feature_matrix(self.pipeline_.named_steps["features"], self._bounds, readings)
        return np.asarray(matrix @ self._weights.T) + self._bias, matrix

    def probabilities(self, readings: Sequence[Reading]) -> Floats:
        """Give calibrated probabilities of readings, shape (n_sentences, 6)."""
        if not len(readings):
            return np.zeros((0, len(STRENGTHS)))
        return np.asarray(softmax(self.logits(readings)[0], axis=1))

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """Give calibrated probabilities of single sentences.

        Parameters
        ----------
        X : sequence of str, shape (n_sentences,)
            Sentences, each read without neighbours; for documents use `score_text`.

        Returns
        -------
        ndarray of float64, shape (n_sentences, 6)
            Columns in the order of ``classes_``; rows add up to 1.
        """
        check_is_fitted(self, "pipeline_")
        return self.probabilities(self.read(_check_texts(X)))

    def predict(self, X: Sequence[str]) -> NDArray[np.object_]:
        """Give the most probable strength of single sentences, shape (n_sentences,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def contributions(self, matrix: Any, labels: NDArray[np.intp]) -> Floats:
        """Split the logit of each sentence's label by kind of evidence.

        Parameters
        ----------
        matrix : sparse array, shape (n_sentences, n_features)
            From `logits`.
        labels : ndarray of int, shape (n_sentences,)
            The label whose logit to split.

        Returns
        -------
        ndarray of float64, shape (n_sentences, n_groups + 1)
            One column for each group of features, the last for the label's base value; rows add up to the logit.
        """
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        values = matrix.data * self._weights[labels[rows], matrix.indices]
        group = np.searchsorted(self._bounds, matrix.indices, side="right") - 1
        n_groups = len(self._groups)
        flat = np.bincount(rows * n_groups + group, weights=values, minlength=matrix.shape[0] * n_groups)
        return np.column_stack([flat.reshape(matrix.shape[0], n_groups), self._bias[labels]])

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the columns of `contributions`."""
        return (*self._groups, "base")


def _check_texts(X: Any) -> list[str]:
    if isinstance(X, str):
        raise TypeError("expected a sequence of sentences, got one str; put it in a list")
    if hasattr(X, "columns"):
        raise TypeError("expected a sequence of sentences, got a table; give one column, or use score_frame")
    texts = list(X)
    for k, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"item {k} is {type(text).__name__}, not str")
    return texts
