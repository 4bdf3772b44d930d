"""The sentences that a model got wrong, for reading: the surest errors first."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from scorer.assess import Judged
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS
from scorer.reasons import in_cents, reason_texts


class Mistake(NamedTuple):
    """One sentence with another strength than it is labelled with.

    Attributes
    ----------
    doc : str
        Its document; file and row, where the file names no documents.
    order : int
        Its position there, from 0.
    text : str
        The sentence.
    labelled, predicted : str
        Its strengths: the annotator's, and the model's.
    p_labelled, p_predicted : float
        The probabilities that the model gave them.
    reasons : str
        What spoke for the model's, as in scored tables.
    """

    doc: str
    order: int
    text: str
    labelled: str
    predicted: str
    p_labelled: float
    p_predicted: float
    reasons: str


_DECIMALS: Final = 4


def mistakes(rows: Sequence[LabelledSentence], judged: Sequence[Judged]) -> list[Mistake]:
    """List the sentences whose strength the model got wrong.

    Parameters
    ----------
    rows : sequence of LabelledSentence
        Labelled sentences.
    judged : sequence of Judged
        The same ones, in the same order.

    Returns
    -------
    list of Mistake
        First those that the model was surest of.
    """
    found: list[Mistake] = []
    remaining = iter(rows)
    for part in judged:
        reasons = reason_texts(part.readings, part.groups, in_cents(part.contributions))
        for label, given, why in zip(part.labels.tolist(), part.probabilities, reasons, strict=True):
            row = next(remaining)
            if STRENGTHS[label] != row.strength:
                p_labelled, p_predicted = np.round(given[[STRENGTHS.index(row.strength), label]], _DECIMALS).tolist()
                found.append(
                    Mistake(row.doc, row.order, row.text, row.strength, STRENGTHS[label], p_labelled, p_predicted, why)
                )
    return sorted(found, key=lambda mistake: -mistake.p_predicted)


def write_mistakes(found: Sequence[Mistake], path: Path) -> None:
    """Write errors as CSV, a line each, in the columns of `Mistake`."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Mistake._fields)
        writer.writerows(found)
