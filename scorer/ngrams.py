"""Word n-grams of readings, as a scikit-learn transformer that reuses the tokens already there.

Names and numbers are folded into one word each, so that the model cannot learn who is right or from where; what stands
inside quotation marks is counted apart from the outlet's own words, and the cue of the primary source once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from scorer.feature_base import Cells, check_readings
from scorer.gram_index import END, NAME, NUMBER, QUOTED, START, GramIndex, cue_gram
from scorer.reading import Reading


def folded_words(reading: Reading) -> list[str]:
    """Give a sentence's words with names and numbers folded.

    Parameters
    ----------
    reading : Reading
        One sentence.

    Returns
    -------
    list of str, shape (n_tokens,)
        Lower case; a capitalised word that does not begin the sentence becomes ``<name>``, a number ``<number>``.
    """
    lows, capital = reading.tokens.lows, reading.shape.capital
    words = [NAME if cap else NUMBER if low[0].isdigit() else low for low, cap in zip(lows, capital, strict=True)]
    # The first word has its capital from its place, unless the next one shows a name.
    if words and capital[0] and not (len(words) > 1 and capital[1] and reading.shape.bits[0] == 0):
        words[0] = lows[0]
    return words


class WordNgrams(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Binary word n-grams, weighted by rarity and length-normalised.

    Parameters
    ----------
    n_max : int
        Longest n-gram, in words; 1 or 2.
    min_documents : int
        Sentences in which an n-gram must occur to count.
    max_features : int
        How many n-grams to keep, the most frequent first.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        N-gram to column.
    idf_ : ndarray of float64, shape (n_features,)
        Smoothed inverse document frequency, as scikit-learn's `TfidfTransformer` has it.
    """

    _index: GramIndex | None = None

    def __init__(self, *, n_max: int = 2, min_documents: int = 3, max_features: int = 30_000) -> None:
        self.n_max = n_max
        self.min_documents = min_documents
        self.max_features = max_features

    def fit(self, X: Sequence[Reading], y: Any = None) -> Self:
        """Learn which n-grams to keep.

        Parameters
        ----------
        X : sequence of Reading, shape (n_sentences,)
            Readings.
        y : ignored
            Only for scikit-learn.

        Returns
        -------
        self
        """
        readings = check_readings(X)
        counts: Counter[str] = Counter()
        for reading in readings:
            counts.update(set(self._grams(reading)))
        kept = [(gram, n) for gram, n in counts.items() if n >= self.min_documents]
        kept.sort(key=lambda item: (-item[1], item[0]))
        kept = kept[: self.max_features]
        grams = sorted(gram for gram, _ in kept)
        self.vocabulary_ = {gram: column for column, gram in enumerate(grams)}
        frequency = np.array([counts[gram] for gram in grams], dtype=np.float64)
        self.idf_ = np.log((1 + len(readings)) / (1 + frequency)) + 1.0
        self._index = None
        return self

    def transform(self, X: Sequence[Reading]) -> Any:
        """Turn readings into weighted n-grams.

        Parameters
        ----------
        X : sequence of Reading, shape (n_sentences,)
            Readings.

        Returns
        -------
        sparse array of float64, shape (n_sentences, n_features)
            Rows of length 1, or 0 where no known n-gram occurs; a row does not depend on the others.
        """
        readings = check_readings(X)
        found = self.cells(readings)
        shape = (len(readings), len(self.vocabulary_))
        starts = np.searchsorted(found.rows, np.arange(len(readings) + 1))
        return sparse.csr_array((found.values, found.columns.astype(np.int32), starts.astype(np.int32)), shape=shape)

    def cells(self, readings: Sequence[Reading]) -> Cells:
        """Give what `transform` gives as rows, columns and values, sorted."""
        check_is_fitted(self, "vocabulary_")
        if self._index is None:
            self._index = GramIndex(self.vocabulary_)
        rows, columns = self._index.find(readings)
        values = self.idf_[columns]
        # bincount adds row by row, so that a row's length does not depend on the batch it is in.
        norms = np.sqrt(np.bincount(rows, weights=values * values, minlength=len(readings)))
        return Cells(rows, columns, values / norms[rows])

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is derived from the vocabulary."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_index", None)
        return state

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Give the n-grams, in the order of the columns."""
        check_is_fitted(self, "vocabulary_")
        return np.array(list(self.vocabulary_), dtype=object)

    def _grams(self, reading: Reading) -> list[str]:
        words = folded_words(reading)
        inside = reading.inside
        primary = reading.attributions[0] if reading.attributions else None
        cue = [cue_gram(reading.sentence.text[slice(*primary.cue)])] if primary and primary.cue else []
        if True in inside:
            quoted = [QUOTED + word for word, within in zip(words, inside, strict=True) if within]
            words = [word for word, within in zip(words, inside, strict=True) if not within]
        else:
            quoted = []
        if self.n_max < 2:
            return words + quoted + cue
        bounded = [START, *words, END]
        return words + [f"{a} {b}" for a, b in pairwise(bounded)] + quoted + cue
