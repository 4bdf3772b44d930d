"""All families of evidence in one sparse matrix, put in place without a matrix of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.pipeline import FeatureUnion

from scorer.reading import Reading


def feature_matrix(union: FeatureUnion, bounds: Sequence[int], readings: Sequence[Reading]) -> Any:
    """Give what the union's `transform` gives, in a fraction of its time.

    Parameters
    ----------
    union : FeatureUnion
        Fitted; each of its transformers gives its `Cells`, row after row.
    bounds : sequence of int, shape (n_families + 1,)
        Where the columns of each family begin, and how many there are in all.
    readings : sequence of Reading, shape (n_sentences,)
        Readings.

    Returns
    -------
    sparse.csr_array of float64, shape (n_sentences, n_features)
        The columns of a row stand family after family, in no set order within one.
    """
    n_rows = len(readings)
    weights = union.transformer_weights or {}
    families = [transformer.cells(readings) for _, transformer in union.transformer_list]
    counts = np.array([np.bincount(cells.rows, minlength=n_rows) for cells in families])
    # Where each family begins in each row: behind the rows before, and behind the families before it in its own.
    begins = counts.T.cumsum().reshape(n_rows, len(counts)).T - counts
    indptr = np.concatenate([[0], counts.sum(axis=0).cumsum()])
    columns = np.empty(indptr[-1], dtype=np.int32)
    values = np.empty(indptr[-1], dtype=np.float64)
    for k, (name, _) in enumerate(union.transformer_list):
        cells, count = families[k], counts[k]
        place = np.arange(len(cells.rows)) + np.repeat(begins[k] - (count.cumsum() - count), count)
        columns[place] = cells.columns + bounds[k]
        values[place] = cells.values * weights.get(name, 1.0)
    return sparse.csr_array((values, columns, indptr.astype(np.int32)), shape=(n_rows, bounds[-1]))
