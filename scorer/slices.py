"""Figures of strength apart for each kind of text: by register, and by domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from scorer import metrics as mt
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS

FIELDS: Final = ("register", "domain")
"""What text is sorted by."""
LEAST_IN_SLICE: Final = 30
"""Sentences that a register or domain needs to get a line of its own."""


class Slice(NamedTuple):
    """Sentences of one register or domain.

    Attributes
    ----------
    name : str
        The register or domain.
    n_documents : int
        How many documents its sentences are from.
    accuracy, macro_f1 : Figure
        Of strength; macro-F1 over the labels with `scorer.metrics.LEAST_ROWS` of its sentences or more.
    """

    name: str
    n_documents: int
    accuracy: mt.Figure
    macro_f1: mt.Figure


def slices(
    rows: Sequence[LabelledSentence], gold: mt.Ints, guess: mt.Ints, documents: mt.Ints
) -> dict[str, list[Slice]]:
    """Measure strength in each register and each domain that has enough sentences.

    Parameters
    ----------
    rows : sequence of LabelledSentence, shape (n_sentences,)
        The sentences.
    gold, guess : ndarray of int, shape (n_sentences,)
        Their labelled strengths and the model's, as positions in `scorer.labels.STRENGTHS`.
    documents : ndarray of int, shape (n_sentences,)
        The document of each.

    Returns
    -------
    dict of str to list of Slice
        For each of `FIELDS` that rows give, those with at least `LEAST_IN_SLICE` sentences, the largest first.
    """
    found: dict[str, list[Slice]] = {}
    for field in FIELDS:
        names = np.array([getattr(row, field) for row in rows], dtype=object)
        counts = {name: int((names == name).sum()) for name in sorted(set(names) - {""})}
        wanted = sorted((name for name, n in counts.items() if n >= LEAST_IN_SLICE), key=lambda name: -counts[name])
        if wanted:
            found[field] = [
                _slice(name, *(part[names == name] for part in (gold, guess, documents))) for name in wanted
            ]
    return found


def _slice(name: str, gold: mt.Ints, guess: mt.Ints, documents: mt.Ints) -> Slice:
    known, codes = np.unique(documents, return_inverse=True)
    counts = mt.confusion(codes, gold, guess, len(known), len(STRENGTHS))
    figures = mt.figures(
        {
            "accuracy": mt.Tally(counts, mt.accuracy, len(gold)),
            "macro_f1": mt.Tally(counts, mt.macro_f1(mt.frequent(counts)), len(gold)),
        }
    )
    return Slice(name, len(known), figures["accuracy"], figures["macro_f1"])
