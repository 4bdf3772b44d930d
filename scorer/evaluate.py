"""How well a model does on labelled sentences, beside what is had for less: the majority, the rules alone, TF-IDF.

What is measured are the cells that scoring writes (`scorer.assess.output_rows`), as ``docs/annotation-guide.md`` labels
them. `scorer.evaluate_text` puts the result into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from scorer import metrics as mt
from scorer.assess import OUTPUT_COLUMNS, Judged, judge, output_rows
from scorer.baselines import Guess, majority, tfidf
from scorer.certainty import ClassReliability, Kept, abstention, class_reliability
from scorer.errors import InputError
from scorer.labelled import LabelledSentence
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.mistakes import Mistake, mistakes
from scorer.model import StrengthClassifier
from scorer.reading import Reader
from scorer.records import Sentence, Span
from scorer.rules import rules_only
from scorer.segment import sentence_kind
from scorer.slices import Slice, slices

_FIELDS: Final = {
    "source_type": SOURCE_TYPES,
    "identification": IDENTIFICATIONS,
    "verification": VERIFICATIONS,
}
_SPANS: Final = ("source", "cue", "hedges")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures of a model on labelled sentences, and of the baselines on the same ones.

    Attributes
    ----------
    n_sentences, n_documents : int
        What was measured on.
    figures : dict of str to Figure
        Strength first, then what the rules find. A figure that needs labels that no row has is left out.
    baselines : dict of str to dict of str to Figure
        Figures of strength for each baseline.
    classes : dict of str to list of LabelFigures
        For strength and every other labelled field.
    confusion : list of list of int, shape (6, 6)
        Labelled strength in rows, the model's in columns, in the order of `scorer.labels.STRENGTHS`.
    reliability : list of Bin
        Probability of the label against how often it was right.
    class_reliability : list of ClassReliability
        The same for each of the six strengths: its probability against how often it was so.
    abstention : list of Kept
        Accuracy of the surest sentences.
    slices : dict of str to list of Slice
        By register and by domain.
    mistakes : list of Mistake
        All errors of strength, the surest first; none where reasons are not known, as in cross-validation.
    """

    n_sentences: int
    n_documents: int
    figures: dict[str, mt.Figure]
    baselines: dict[str, dict[str, mt.Figure]]
    classes: dict[str, list[mt.LabelFigures]]
    confusion: list[list[int]]
    reliability: list[mt.Bin]
    class_reliability: list[ClassReliability]
    abstention: list[Kept]
    slices: dict[str, list[Slice]]
    mistakes: list[Mistake] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain lists, numbers and text, for JSON; None where a figure is not defined."""
        return {name: plain(getattr(self, name)) for name in self.__slots__}


def plain(value: Any) -> Any:
    """Give figures and what holds them as plain lists, numbers and text; None for a figure that is not defined."""
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def by_document(rows: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Put the rows of each document together, in their order; documents as they first occur."""
    documents: dict[str, list[LabelledSentence]] = {}
    for row in rows:
        documents.setdefault(row.doc, []).append(row)
    return [row for document in documents.values() for row in sorted(document, key=lambda row: row.order)]


def sentences_of(rows: Sequence[LabelledSentence]) -> list[Sentence]:
    """Make sentences to read from labelled rows."""
    return [
        Sentence(
            doc_id=row.doc, index=row.order, start=0, end=len(row.text), text=row.text, kind=sentence_kind(row.text)
        )
        for row in rows
    ]


def document_codes(rows: Sequence[LabelledSentence]) -> mt.Ints:
    """Give each row the number of its document, from 0 as they first occur; shape (n_rows,)."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(row.doc, len(numbers)) for row in rows], dtype=np.intp)


def evaluate(
    model: StrengthClassifier, rows: Sequence[LabelledSentence], train_rows: Sequence[LabelledSentence] | None = None
) -> Evaluation:
    """Measure a model on labelled sentences.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted. No figure counts on text that it has learnt from.
    rows : sequence of LabelledSentence
        Strength is enough; figures of other fields are over the rows that label them. Source, cue and hedges count as
        labelled in rows that give a source_type.
    train_rows : sequence of LabelledSentence, optional
        What the majority and the TF-IDF baseline learn from; without, the majority is that of the rows themselves,
        and there is no TF-IDF baseline.

    Returns
    -------
    Evaluation
        The figures.

    Raises
    ------
    InputError
        If there are no rows.
    """
    if not rows:
        raise InputError("no labelled sentences to evaluate on; give a file with the columns text and strength")
    rows = by_document(rows)
    judged = list(judge(model, sentences_of(rows)))
    ruled = Reader(model.lexicon_).read(sentences_of(rows))
    baselines = {"rules only": Guess(rules_only(ruled), None)}
    if train_rows:
        baselines = {"TF-IDF + LR": tfidf(train_rows, rows)} | baselines
    measured = measure(rows, judged, baselines | {"majority": majority(train_rows or rows, len(rows))})
    return replace(measured, mistakes=mistakes(rows, judged))


def measure(
    rows: Sequence[LabelledSentence],
    judged: Sequence[Judged],
    baselines: Mapping[str, Guess],
    weights: mt.Floats | None = None,
) -> Evaluation:
    """Compare judged sentences with their labels.

    Parameters
    ----------
    rows : sequence of LabelledSentence, shape (n_sentences,)
        In the order of `by_document`.
    judged : sequence of Judged
        The same sentences.
    baselines : mapping of str to Guess
        What others say of them.
    weights : ndarray of float64, shape (n_sentences,), optional
        How much each sentence counts in another mix of strengths, that of news for example. Figures of strength in
        that mix then stand beside the plain ones, with names that end in ``_in_mix``, and calibration is of the mix
        alone: probabilities are made for it.

    Returns
    -------
    Evaluation
        The figures.
    """
    documents = document_codes(rows)
    n_documents = int(documents.max()) + 1
    gold = np.array([STRENGTHS.index(row.strength) for row in rows])
    guess = np.concatenate([part.labels for part in judged])
    probabilities = np.concatenate([part.probabilities for part in judged])
    confidence = probabilities.max(axis=1)
    found = [dict(zip(OUTPUT_COLUMNS, row, strict=True)) for part in judged for row in output_rows(part)]

    tallies = strength_tallies(documents, n_documents, gold, guess, confidence, weights)
    strength = mt.confusion(documents, gold, guess, n_documents, len(STRENGTHS))
    classes = {"strength": mt.label_figures(strength, STRENGTHS)}
    for name, labels in _FIELDS.items():
        kept = [k for k, row in enumerate(rows) if getattr(row, name) is not None]
        if not kept:
            continue
        counts = mt.confusion(
            documents[kept],
            np.array([labels.index(getattr(rows[k], name)) for k in kept]),
            np.array([labels.index(found[k][name]) for k in kept]),
            n_documents,
            len(labels),
        )
        tallies[f"{name}_macro_f1"] = mt.Tally(counts, mt.macro_f1(mt.frequent(counts)), len(kept))
        classes[name] = mt.label_figures(counts, labels)
    tallies |= _span_tallies(rows, found, documents, n_documents)
    return Evaluation(
        n_sentences=len(rows),
        n_documents=n_documents,
        figures=mt.figures(tallies),
        baselines={
            name: mt.figures(_guess_tallies(documents, n_documents, gold, g, weights)) for name, g in baselines.items()
        },
        classes=classes,
        confusion=strength.sum(axis=0).astype(int).tolist(),
        reliability=mt.reliability(mt.calibration_counts(documents, gold == guess, confidence, n_documents, weights)),
        class_reliability=class_reliability(documents, gold, probabilities, n_documents, weights),
        abstention=abstention(documents, gold == guess, confidence, n_documents),
        slices=slices(rows, gold, guess, documents),
    )


def _guess_tallies(
    documents: mt.Ints, n_documents: int, gold: mt.Ints, guess: Guess, weights: mt.Floats | None
) -> dict[str, mt.Tally]:
    codes = np.array([STRENGTHS.index(label) for label in guess.labels])
    return strength_tallies(documents, n_documents, gold, codes, guess.confidence, weights)


def strength_tallies(
    documents: mt.Ints,
    n_documents: int,
    gold: mt.Ints,
    guess: mt.Ints,
    confidence: mt.Floats | None,
    weights: mt.Floats | None = None,
) -> dict[str, mt.Tally]:
    """Count what the figures of strength are computed from.

    Parameters
    ----------
    documents : ndarray of int, shape (n_sentences,)
        The document of each sentence.
    n_documents : int
        Documents altogether.
    gold, guess : ndarray of int, shape (n_sentences,)
        Strengths, labelled and guessed, as positions in `scorer.labels.STRENGTHS`.
    confidence : ndarray of float64, shape (n_sentences,), or None
        Probability of each guess; without, there is no calibration error.
    weights : ndarray of float64, shape (n_sentences,), optional
        As for `measure`.

    Returns
    -------
    dict of str to Tally
        By the name of the figure.
    """
    counts = mt.confusion(documents, gold, guess, n_documents, len(STRENGTHS))
    n = len(gold)
    claims = counts[:, 1:, 1:]
    tallies = {
        "strength_accuracy": mt.Tally(counts, mt.accuracy, n),
        "strength_macro_f1": mt.Tally(counts, mt.macro_f1(mt.frequent(counts)), n),
        "strength_macro_f1_all": mt.Tally(counts, mt.macro_f1(range(len(STRENGTHS))), n),
        "strength_qwk": mt.Tally(claims, mt.weighted_kappa, int(claims.sum())),
    }
    if weights is not None:
        mixed = mt.confusion(documents, gold, guess, n_documents, len(STRENGTHS), weights)
        tallies["strength_accuracy_in_mix"] = mt.Tally(mixed, mt.accuracy, n)
        tallies["strength_macro_f1_in_mix"] = mt.Tally(mixed, mt.macro_f1(mt.frequent(counts)), n)
        tallies["strength_qwk_in_mix"] = mt.Tally(mixed[:, 1:, 1:], mt.weighted_kappa, int(claims.sum()))
    if confidence is not None:
        bins = mt.calibration_counts(documents, gold == guess, confidence, n_documents, weights)
        tallies["strength_ece"] = mt.Tally(bins, mt.calibration_error, n)
    if (gold == 0).any():
        tallies["not_a_claim_f1"] = mt.Tally(counts, mt.f1_of(0), n)
    return tallies


def _span_tallies(
    rows: Sequence[LabelledSentence], found: Sequence[Mapping[str, Any]], documents: mt.Ints, n_documents: int
) -> dict[str, mt.Tally]:
    kept = [k for k, row in enumerate(rows) if row.source_type is not None]
    if not kept:
        return {}
    tallies: dict[str, mt.Tally] = {}
    for name in _SPANS:
        gold = [_words(rows[k], name) for k in kept]
        guess = [found[k][name].replace("|", " ") if name == "hedges" else found[k][name] for k in kept]
        counts = mt.token_counts(documents[kept], gold, guess, n_documents)
        tallies[f"{name}_token_f1"] = mt.Tally(counts, mt.token_f1, len(kept))
    gold_has = np.array([rows[k].source is not None for k in kept], dtype=np.intp)
    guess_has = np.array([bool(found[k]["source"]) for k in kept], dtype=np.intp)
    attributed = mt.confusion(documents[kept], gold_has, guess_has, n_documents, 2)
    tallies["attributed_f1"] = mt.Tally(attributed, mt.f1_of(1), len(kept))
    tallies["attributed_mcc"] = mt.Tally(attributed, mt.matthews, len(kept))
    return tallies


def _words(row: LabelledSentence, field: str) -> str:
    value: Span | tuple[Span, ...] | None = getattr(row, field)
    spans = (value,) if isinstance(value, Span) else value or ()
    return " ".join(row.text[span.start : span.end] for span in spans)
