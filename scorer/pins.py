"""Pins: some sentences with the probabilities that a model gave them when it was made, to compare against later."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from scorer.errors import ModelError
from scorer.evaluate import by_document, document_codes, sentences_of
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS
from scorer.model import StrengthClassifier
from scorer.records import Sentence
from scorer.segment import sentence_kind

TOLERANCE: Final = 1e-6
"""How far a probability may lie from its pin: the same model on another machine differs less."""

_COLUMNS: Final = ("doc", "order", "text", *(f"p_{name}" for name in STRENGTHS), "strength")
_N_DOCUMENTS: Final = 10
_N_EACH: Final = 6


class Rescored(NamedTuple):
    """What became of pins.

    Attributes
    ----------
    n_pins : int
        Sentences scored again.
    worst : float
        The largest difference of a probability, in [0, 1].
    text : str
        The sentence that it is of.
    """

    n_pins: int
    worst: float
    text: str


def choose_pins(rows: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Choose rows to pin: the first sentences of documents that lie evenly over all of them; always the same ones."""
    rows = by_document(rows)
    codes = document_codes(rows)
    n_documents = int(codes.max()) + 1 if len(codes) else 0
    wanted = set(np.linspace(0, n_documents - 1, min(_N_DOCUMENTS, n_documents)).astype(int).tolist())
    chosen: list[LabelledSentence] = []
    taken = dict.fromkeys(wanted, 0)
    for row, code in zip(rows, codes.tolist(), strict=True):
        if code in wanted and taken[code] < _N_EACH:
            taken[code] += 1
            chosen.append(row)
    return chosen


def pins_text(model: StrengthClassifier, rows: Sequence[LabelledSentence]) -> str:
    """Score rows and write them as tab-separated text, probabilities with 9 decimals.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    rows : sequence of LabelledSentence
        Only their document, order and text count. Documents are numbered: their names may hold the path of a file.

    Returns
    -------
    str
        What `rescore` reads.
    """
    rows = by_document(rows)
    probabilities = model.probabilities(model.reader.read(sentences_of(rows)))
    stream = io.StringIO()
    writer = csv.writer(stream, "excel-tab", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row, code, values in zip(rows, document_codes(rows), probabilities, strict=True):
        cells = [f"{value:.9f}" for value in values]
        writer.writerow([f"pin-{code + 1:02d}", row.order, row.text, *cells, STRENGTHS[values.argmax()]])
    return stream.getvalue()


def rescore(model: StrengthClassifier, path: Path) -> Rescored:
    """Score pins again.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    path : Path
        A file that `pins_text` made.

    Returns
    -------
    Rescored
        How far the probabilities moved.

    Raises
    ------
    ModelError
        If the file cannot be read.
    """
    try:
        table = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), "excel-tab")
        header, *lines = [line for line in table if line] or [[]]
        if tuple(header) != _COLUMNS:
            raise ValueError(f"the columns must be: {', '.join(_COLUMNS)}")
        sentences = [_sentence(*line[:3]) for line in lines]
        pinned = np.array([[float(cell) for cell in line[3:-1]] for line in lines]).reshape(len(lines), len(STRENGTHS))
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise ModelError(f"{path}: the pins cannot be read ({error}); restore the file or train again") from error
    if not sentences:
        return Rescored(0, 0.0, "")
    moved = np.abs(model.probabilities(model.reader.read(sentences)) - pinned).max(axis=1)
    return Rescored(len(sentences), float(moved.max()), sentences[int(moved.argmax())].text)


def _sentence(doc: str, order: str, text: str) -> Sentence:
    return Sentence(doc_id=doc, index=int(order), start=0, end=len(text), text=text, kind=sentence_kind(text))
