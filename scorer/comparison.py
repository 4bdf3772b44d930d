"""What one model says of labelled sentences against what another says: figures, labels that changed, and what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import softmax
from sklearn.pipeline import Pipeline

from scorer import metrics as mt
from scorer.evaluate import plain, strength_tallies
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS
from scorer.reading import Reading

COMPARED: Final[tuple[str, ...]] = (
    "strength_accuracy",
    "strength_macro_f1",
    "strength_qwk",
    "strength_ece",
    "not_a_claim_f1",
)
"""The figures that models are compared by."""
_NEVER: Final = -30.0
"""Logit of a label that a model has never seen."""


class Answers(NamedTuple):
    """What a model says of sentences, taken apart by kind of evidence.

    Attributes
    ----------
    evidence : ndarray of float64, shape (n_sentences, n_groups, 6)
        What each kind of evidence adds to the logit of each strength; over the kinds they add up to it.
    groups : tuple of str, shape (n_groups,)
        The kinds of evidence, the base value last.
    """

    evidence: mt.Floats
    groups: tuple[str, ...]

    @property
    def labels(self) -> mt.Ints:
        """The most probable strengths, as positions in `scorer.labels.STRENGTHS`; shape (n_sentences,)."""
        return np.asarray(self.evidence.sum(axis=1).argmax(axis=1))

    @property
    def confidence(self) -> mt.Floats:
        """Probabilities of the labels, shape (n_sentences,)."""
        return np.asarray(softmax(self.evidence.sum(axis=1), axis=1).max(axis=1))


class Change(NamedTuple):
    """Sentences that got one label before and another after: how many, and how many of them were and are right."""

    before: str
    after: str
    n: int
    n_were_right: int
    n_are_right: int


class Shift(NamedTuple):
    """A kind of evidence, and how far it moved changed labels: mean logits in favour of the later one."""

    group: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Models on the same labelled sentences.

    Attributes
    ----------
    n_sentences, n_documents : int
        What they are compared on.
    figures : dict of str to dict of str to Figure
        By model, the earlier one first and the later one last; each with those of `COMPARED` that the labels allow.
    differences : dict of str to Figure
        The later model's figure less the earlier one's, with intervals from the same draws of documents.
    changes : list of Change
        By number of sentences.
    shifts : list of Shift
        The largest first; over all changed sentences they add up to how far the margin between the labels moved.
    """

    n_sentences: int
    n_documents: int
    figures: dict[str, dict[str, mt.Figure]]
    differences: dict[str, mt.Figure]
    changes: list[Change]
    shifts: list[Shift]

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain lists, numbers and text, for JSON."""
        return {name: plain(getattr(self, name)) for name in self.__slots__}


def answer(pipeline: Pipeline, temperature: float, readings: Sequence[Reading]) -> Answers:
    """Let a fitted pipeline judge readings.

    Parameters
    ----------
    pipeline : Pipeline
        From `scorer.pipeline.build_pipeline`, fitted on codes of strengths; not all of them need to have occurred.
    temperature : float
        What logits are divided by.
    readings : sequence of Reading, shape (n_sentences,)
        Whole documents, in order.

    Returns
    -------
    Answers
        One for each reading.
    """
    union, classifier = pipeline.named_steps["features"], pipeline.named_steps["classify"]
    matrix = sparse.csc_array(union.transform(readings))
    names, sizes = zip(*((name, len(t.get_feature_names_out())) for name, t in union.transformer_list), strict=True)
    bounds = np.cumsum((0, *sizes))
    evidence = np.zeros((matrix.shape[0], len(names) + 1, len(STRENGTHS)))
    evidence[:, -1] = _NEVER
    evidence[:, -1, classifier.classes_] = classifier.intercept_ / temperature
    for k in range(len(names)):
        part = slice(bounds[k], bounds[k + 1])
        evidence[:, k, classifier.classes_] = matrix[:, part] @ classifier.coef_[:, part].T / temperature
    return Answers(evidence, (*names, "base"))


def compare(rows: Sequence[LabelledSentence], documents: mt.Ints, models: Mapping[str, Answers]) -> Comparison:
    """Compare models on labelled sentences.

    Parameters
    ----------
    rows : sequence of LabelledSentence, shape (n_sentences,)
        The sentences.
    documents : ndarray of int, shape (n_sentences,)
        The document of each, from 0.
    models : mapping of str to Answers
        Two or more, by name: the earlier model first, the later one last.

    Returns
    -------
    Comparison
        The later against the earlier; models between them get figures alone.
    """
    gold = np.array([STRENGTHS.index(row.strength) for row in rows], dtype=np.intp)
    n_documents = int(documents.max()) + 1
    tallies = {}
    for name, model in models.items():
        found = strength_tallies(documents, n_documents, gold, model.labels, model.confidence)
        tallies[name] = {figure: found[figure] for figure in COMPARED if figure in found}
    before, *_, after = models
    return Comparison(
        n_sentences=len(rows),
        n_documents=n_documents,
        figures={name: mt.figures(found) for name, found in tallies.items()},
        differences=mt.figures({f: mt.difference(tallies[before][f], tallies[after][f]) for f in tallies[after]}),
        changes=_changes(gold, models[before].labels, models[after].labels),
        shifts=_shifts(models[before], models[after]),
    )


def _changes(gold: mt.Ints, before: mt.Ints, after: mt.Ints) -> list[Change]:
    found = []
    for a, one in enumerate(STRENGTHS):
        for b, other in enumerate(STRENGTHS):
            labelled = gold[(before == a) & (after == b)]
            if a != b and len(labelled):
                found.append(Change(one, other, len(labelled), int((labelled == a).sum()), int((labelled == b).sum())))
    return sorted(found, key=lambda change: -change.n)


def _shifts(before: Answers, after: Answers) -> list[Shift]:
    old, new = before.labels, after.labels
    changed = np.flatnonzero(old != new)
    if not len(changed):
        return []
    moved = after.evidence[changed] - before.evidence[changed]
    at = np.arange(len(changed))
    amounts = (moved[at, :, new[changed]] - moved[at, :, old[changed]]).mean(axis=0)
    shifts = [Shift(group, float(amount)) for group, amount in zip(after.groups, amounts, strict=True)]
    return sorted(shifts, key=lambda shift: -abs(shift.amount))
