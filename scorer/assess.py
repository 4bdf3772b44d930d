"""A batch of sentences to assessments and output rows: the one way that text, frames and files all take.

The ``hedging`` column is ``1 - Π(1 - w·strength)`` over the sentence's hedges, with w = 1 for a hedge on the main claim
and 0.5 for one in the background: 0 without hedges, towards 1 the more and the stronger they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from scorer.calibration import expected_scores
from scorer.collector import uncollected
from scorer.labels import STRENGTHS
from scorer.ledger import attribution_items
from scorer.model import StrengthClassifier
from scorer.reading import Reading
from scorer.reasons import in_cents, reason_phrases, reason_texts
from scorer.records import Assessment, Attribution, Sentence
from scorer.segment import sentence_kind, split_document

Row = tuple[Any, ...]
OUTPUT_COLUMNS: Final = (
    *("sentence", "start", "end", "text", "strength", "score"),
    *(f"p_{name}" for name in STRENGTHS),
    *("source_type", "identification", "source", "cue", "hedges", "verification", "hedging", "reasons"),
    *("source_id", "source_name", "confidence", "needs_review"),
)
"""What scoring adds to the caller's columns, in order."""

LISTED_COLUMNS: Final = (*OUTPUT_COLUMNS, "attributions")
"""The same where a cell can hold a list, as in JSON Lines: with every attribution of the sentence."""

BATCH_SENTENCES: Final = 2000
_DECIMALS: Final = 4
_BACKGROUND: Final = 0.5


class Judged(NamedTuple):
    """Some sentences with what the model says of them.

    Attributes
    ----------
    readings : list of Reading, shape (n_sentences,)
        What the rules found.
    labels : ndarray of int, shape (n_sentences,)
        The most probable strength of each, as a position in `scorer.labels.STRENGTHS`.
    probabilities : ndarray of float64, shape (n_sentences, 6)
        Calibrated; rows add up to 1.
    scores : ndarray of float64, shape (n_sentences,)
        Expected level on 0-100, given that the sentence is a claim.
    contributions : ndarray of float64, shape (n_sentences, n_groups)
        The logit of the label, split by kind of evidence; rows add up to it.
    groups : tuple of str, shape (n_groups,)
        The kinds of evidence.
    review_below : float
        A sentence needs review if the probability of its label is below it.
    """

    readings: list[Reading]
    labels: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    scores: NDArray[np.float64]
    contributions: NDArray[np.float64]
    groups: tuple[str, ...]
    review_below: float = 0.0


def judge(model: StrengthClassifier, sentences: Sequence[Sentence]) -> Iterator[Judged]:
    """Read sentences and let the model judge them.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    sentences : sequence of Sentence
        Whole documents one after the other; neighbours with the same ``doc_id`` are one document.

    Yields
    ------
    Judged
        At most `BATCH_SENTENCES` sentences each, in order. What is said of a sentence depends on its document alone.
    """
    readings = model.reader.read(sentences)
    for begin in range(0, len(readings), BATCH_SENTENCES):
        part = readings[begin : begin + BATCH_SENTENCES]
        logits, matrix = model.logits(part)
        labels = logits.argmax(axis=1)
        probabilities = np.asarray(softmax(logits, axis=1))
        contributions = model.contributions(matrix, labels)
        scores = expected_scores(probabilities)
        yield Judged(part, labels, probabilities, scores, contributions, model.groups, model.review_below_)


def assessments(judged: Judged) -> list[Assessment]:
    """Give the records of judged sentences, numbers not rounded."""
    return [
        Assessment(
            strength=STRENGTHS[label],
            probabilities=tuple(probabilities),
            score=score if label else None,
            reasons=tuple(zip(reason_phrases(reading, judged.groups), reasons, strict=True)),
            needs_review=max(probabilities) < judged.review_below,
        )
        for reading, label, probabilities, score, reasons in zip(
            judged.readings,
            judged.labels.tolist(),
            judged.probabilities.tolist(),
            judged.scores.tolist(),
            judged.contributions.tolist(),
            strict=True,
        )
    ]


def output_rows(judged: Judged, *, listed: bool = False) -> list[Row]:
    """Give the output row of each judged sentence, in the columns `OUTPUT_COLUMNS`; if `listed`, `LISTED_COLUMNS`.

    ``needs_review`` is a bool where the row is `listed`, else the word for one that CSV readers know.
    """
    needs: list[bool] = (judged.probabilities.max(axis=1) < judged.review_below).tolist()
    words: tuple[str | bool, str | bool] = (False, True) if listed else ("false", "true")
    labels = judged.labels.tolist()
    scores: list[float | None] = np.round(judged.scores, 1).tolist()
    reasons = reason_texts(judged.readings, judged.groups, in_cents(judged.contributions))
    rows: list[Row] = []
    shares = rounded(judged.probabilities, judged.labels).tolist()
    for reading, label, score, probabilities, reason, review in zip(
        judged.readings, labels, scores, shares, reasons, needs, strict=True
    ):
        sentence = reading.sentence
        rows.append(
            (
                sentence.index,
                sentence.start,
                sentence.end,
                sentence.text,
                STRENGTHS[label],
                score if label else None,
                *probabilities,
                *_found(reading),
                reason,
                *_named(reading.attributions),
                probabilities[label],
                words[review],
            )
        )
    if listed:
        return [(*row, attribution_items(reading)) for row, reading in zip(rows, judged.readings, strict=True)]
    return rows


def rounded(probabilities: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """Round probabilities so that the label's stays the largest of its row, strictly."""
    out = np.round(probabilities, _DECIMALS)
    at = np.arange(len(out))
    rivals = out.copy()
    rivals[at, labels] = -1.0
    tied = out[at, labels] <= rivals.max(axis=1, initial=-1.0)
    if tied.any():
        out[at[tied], labels[tied]] += 10.0**-_DECIMALS
        out = np.round(out, _DECIMALS)
    return out


def _found(reading: Reading) -> Row:
    """Give the cells from ``source_type`` to ``hedging``."""
    text = reading.sentence.text
    source_type = identification = "none"
    source = cue = hedges = ""
    if reading.attributions:
        first = reading.attributions[0]
        source_type, identification = first.source_type, first.identification
        if first.source is not None:
            source = text[first.source.start : first.source.end]
        if first.cue is not None:
            cue = text[first.cue.start : first.cue.end]
    hedging = 0.0
    if reading.hedges:
        hedges = "|".join([text[hedge.start : hedge.end] for hedge in reading.hedges if hedge.underlined])
        hedging = hedging_of(reading)
    return source_type, identification, source, cue, hedges, reading.check.status, hedging


def _named(attributions: Sequence[Attribution]) -> Row:
    """Give the cells ``source_id`` and ``source_name``."""
    return (attributions[0].source_id, attributions[0].source_name) if attributions else (None, "")


def hedging_of(reading: Reading) -> float:
    """Give how far a sentence is hedged, in [0, 1], rounded to 3 decimals; the module's docstring has the formula."""
    certain = 1.0
    for hedge in reading.hedges:
        certain *= 1.0 - hedge.strength * (1.0 if hedge.on_main else _BACKGROUND)
    return round(1.0 - certain, 3)


def score_sentences(model: StrengthClassifier, sentences: Sequence[Sentence], *, listed: bool = False) -> list[Row]:
    """Score sentences.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    sentences : sequence of Sentence
        Whole documents one after the other; neighbours with the same ``doc_id`` are one document.
    listed : bool
        Whether to list every attribution of a sentence, too.

    Returns
    -------
    list of tuple
        One row per sentence, in order, with a cell for each of `OUTPUT_COLUMNS`; if `listed`, of `LISTED_COLUMNS`.
    """
    rows: list[Row] = []
    with uncollected():
        for judged in judge(model, sentences):
            rows += output_rows(judged, listed=listed)
            # Let go of it before the collector is back: it would walk through every record that is still alive.
            del judged
    return rows


def score_documents(model: StrengthClassifier, texts: Sequence[str], *, listed: bool = False) -> Iterator[list[Row]]:
    """Split documents and score their sentences.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    texts : sequence of str
        The documents.
    listed : bool
        As for `score_sentences`.

    Yields
    ------
    list of tuple
        The rows of each document, in the order of the documents; none for one without any visible character.
    """
    held: list[Sentence] = []
    counts: list[int] = []
    last = len(texts) - 1
    for number, text in enumerate(texts):
        # Numbered, so that two documents of one name are not read as one.
        document = split_document(text, str(number))
        held += document
        counts.append(len(document))
        if len(held) >= BATCH_SENTENCES or number == last:
            rows = iter(score_sentences(model, held, listed=listed))
            for count in counts:
                yield [next(rows) for _ in range(count)]
            held, counts = [], []


def score_rows(
    model: StrengthClassifier,
    texts: Sequence[str],
    documents: Sequence[Hashable],
    before: Mapping[Any, int],
    *,
    listed: bool = False,
) -> list[Row]:
    """Score texts that are one sentence each.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    texts : sequence of str, shape (n_rows,)
        The sentences.
    documents : sequence of hashable, shape (n_rows,)
        The document of each; those of one document are read together, in order, wherever they stand.
    before : mapping of hashable to int
        For a document that goes on from earlier rows, how many there were.
    listed : bool
        As for `score_sentences`.

    Returns
    -------
    list of tuple, shape (n_rows,)
        One row per text, in the order of the texts.
    """
    members: dict[Hashable, list[int]] = {}
    for position, document in enumerate(documents):
        members.setdefault(document, []).append(position)
    order: list[int] = []
    sentences: list[Sentence] = []
    for number, (document, positions) in enumerate(members.items()):
        order += positions
        for index, position in enumerate(positions, before.get(document, 0)):
            text = texts[position]
            kind = sentence_kind(text)
            sentences.append(Sentence(doc_id=str(number), index=index, start=0, end=len(text), text=text, kind=kind))
    rows: list[Row] = [()] * len(order)
    for position, row in zip(order, score_sentences(model, sentences, listed=listed), strict=True):
        rows[position] = row
    return rows
