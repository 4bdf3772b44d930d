"""The base of the transformers from readings to numbers.

Every feature lies in [0, 1] and is 0 where it says nothing, so a row is what stands in it and no more: `cells` gives
that, and scikit-learn's `transform` the same with the zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from scorer.feature_rows import Found, gather
from scorer.reading import Reading

Floats = NDArray[np.float64]


class Cells(NamedTuple):
    """What is not 0 in a matrix of features, in no set order; each place stands once.

    Attributes
    ----------
    rows, columns : ndarray of int64, shape (n_cells,)
        The place of each.
    values : ndarray of float64, shape (n_cells,)
        What stands there.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats


def check_readings(readings: Any) -> list[Reading]:
    """Refuse anything but a sequence of readings, with the remedy.

    Raises
    ------
    TypeError
        For a string, a table, or items of another class.
    """
    if isinstance(readings, str) or hasattr(readings, "columns") or not hasattr(readings, "__len__"):
        raise TypeError(f"expected a sequence of Reading, got {type(readings).__name__}; make them with Reader.read")
    items = list(readings)
    for item in items:
        if not isinstance(item, Reading):
            raise TypeError(f"expected Reading items, got {type(item).__name__}; make them with Reader.read")
    return items


class ReadingFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Base of the dense transformers: a fixed list of names, one row of numbers per reading."""

    _names: ClassVar[tuple[str, ...]] = ()
    _row: ClassVar[staticmethod[[Reading, Found], None]]

    def fit(self, X: Sequence[Reading], y: Any = None) -> Self:
        """Check the input; there is nothing to learn.

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
        check_readings(X)
        self.feature_names_ = np.array(self._names, dtype=object)
        self.n_features_ = len(self._names)
        return self

    def transform(self, X: Sequence[Reading]) -> Floats:
        """Turn readings into numbers.

        Parameters
        ----------
        X : sequence of Reading, shape (n_sentences,)
            Readings.

        Returns
        -------
        ndarray of float64, shape (n_sentences, n_features)
            Finite, in [0, 1].
        """
        readings = check_readings(X)
        out = np.zeros((len(readings), len(self._names)))
        found = self.cells(readings)
        out[found.rows, found.columns] = found.values
        return out

    def cells(self, readings: Sequence[Reading]) -> Cells:
        """Give what `transform` gives, without the zeros."""
        counts, columns, values = gather(self._row, readings)
        rows = np.repeat(np.arange(len(counts)), counts)
        return Cells(rows, np.array(columns, dtype=np.int64), np.array(values, dtype=np.float64))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Give the names of the columns."""
        return np.array(self._names, dtype=object)
