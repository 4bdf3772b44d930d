"""What a model has to beat: the most frequent label, and TF-IDF with a logistic regression.

The third one, the rules with nothing learnt, is `scorer.rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.errors import InputError
from scorer.labelled import LabelledSentence


class Guess(NamedTuple):
    """What a baseline says of sentences.

    Attributes
    ----------
    labels : list of str, shape (n_sentences,)
        Strengths.
    confidence : ndarray of float64, shape (n_sentences,), or None
        Probability of each; None where the baseline gives none.
    """

    labels: list[str]
    confidence: NDArray[np.float64] | None


def majority(train_rows: Sequence[LabelledSentence], n: int) -> Guess:
    """Guess the most frequent strength of the training rows for each of n sentences."""
    (label, count), *_ = Counter(row.strength for row in train_rows).most_common(1)
    return Guess([label] * n, np.full(n, count / len(train_rows)))


def tfidf(train_rows: Sequence[LabelledSentence], rows: Sequence[LabelledSentence]) -> Guess:
    """Guess with TF-IDF over words and word pairs and a logistic regression, the usual first try.

    Raises
    ------
    InputError
        If there is too little training text for it.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    pipeline = make_pipeline(words, LogisticRegression(C=10, max_iter=3000, class_weight="balanced"))
    try:
        pipeline.fit([row.text for row in train_rows], [row.strength for row in train_rows])
    except ValueError as error:
        raise InputError(f"the TF-IDF baseline cannot learn from {len(train_rows)} rows: {error}") from error
    probabilities = pipeline.predict_proba([row.text for row in rows])
    return Guess(pipeline.classes_[probabilities.argmax(axis=1)].tolist(), probabilities.max(axis=1))
