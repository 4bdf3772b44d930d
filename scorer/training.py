"""Train the classifier on labelled files, and say how well it does on documents that it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from scorer.assess import Judged
from scorer.baselines import Guess, majority, tfidf
from scorer.calibration import expected_scores
from scorer.errors import InputError
from scorer.evaluate import by_document, document_codes, measure, sentences_of
from scorer.labelled import LabelledSentence, check_labelled, read_labelled
from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon
from scorer.model import N_FOLDS, NEWS_PRIOR, RANDOM_STATE, StrengthClassifier
from scorer.reading import Reader, Reading
from scorer.rules import rules_only
from scorer.scoring import ScoringModel
from scorer.vouching_training import cross_read

_NAMED_PROBLEMS: Final = 5
HOW_MEASURED: Final = (
    f"cross-validated: {N_FOLDS} folds of whole documents, each judged by a model that learnt from the others; one "
    "temperature is fitted on all of them"
)
"""How the figures of a training came about."""


class TrainingResult(NamedTuple):
    """A trained model and what is known of it.

    Attributes
    ----------
    model : ScoringModel
        Fitted on all rows.
    metrics : dict
        `Evaluation.as_dict` of the cross-validation, and under ``how`` how it was done.
    rows : list of LabelledSentence
        What it learnt from, document by document.
    """

    model: ScoringModel
    metrics: dict[str, Any]
    rows: list[LabelledSentence]


def train(
    paths: Sequence[str | Path],
    *,
    C: float = 1.0,
    prior: tuple[float, ...] | None = NEWS_PRIOR,
    progress: Callable[[str], None] | None = None,
) -> TrainingResult:
    """Train on labelled files.

    The same files give the same model, in whatever order they are named: documents are numbered in the order of the
    files' names, the folds and the solver have a fixed seed, and linear algebra runs on one thread, since the order in
    which threads add up would show in the last digits. Another machine may round otherwise; how much of that is left in
    the model is up to the solver's tolerance (`scorer.model.build_pipeline`).

    Parameters
    ----------
    paths : sequence of str or Path
        Files that `scorer.labelled.read_labelled` reads.
    C : float
        Inverse strength of the classifier's L2 penalty, above 0.
    prior : tuple of float or None
        Shares of the six strengths in the text that probabilities are to hold for: news copy by default; None for the
        shares of the labelled text, where that is a fair sample of what will be scored.
    progress : callable, optional
        Told in a few words what begins.

    Returns
    -------
    TrainingResult
        The model, its cross-validated figures, the rows.

    Raises
    ------
    InputError
        If a file cannot be read, a row has no legal strength or breaks the annotation guide, or there is too little
        text to learn from.
    """
    if not C > 0:
        raise ValueError(f"C must be above 0, not {C}")
    tell = progress or (lambda stage: None)
    tell("reading labelled files")
    rows = _checked(sorted({Path(path) for path in paths}, key=lambda path: (path.name, str(path))))
    lexicon = load_lexicon()
    with threadpool_limits(limits=1):
        tell("learning which report cue vouches for a claim, and kinds of sources")
        vouching, typing, readings = cross_read(rows, _groups(rows), lexicon, N_FOLDS)
        tell(f"training on {len(rows)} sentences, {N_FOLDS} folds and once on all of them")
        model = ScoringModel(C=C, prior=prior).fit(readings, _strengths(rows), _groups(rows), lexicon, vouching, typing)
        tell("measuring the folds, and baselines on the same folds")
        metrics = _cross_validated(model, rows, readings, Reader(lexicon).read(sentences_of(rows)))
    return TrainingResult(model, metrics, rows)


def _checked(paths: Sequence[Path]) -> list[LabelledSentence]:
    rows: list[LabelledSentence] = []
    places: list[str] = []
    for path in paths:
        found = read_labelled([path])
        rows += found
        places += [f"{path.name}: document {row.doc!r}, order {row.order}" for row in found]
    problems = check_labelled(rows, places)
    if problems:
        more = len(problems) - _NAMED_PROBLEMS
        named = "; ".join(problems[:_NAMED_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
        raise InputError(f"the labelled text breaks the annotation guide: {named}; correct or delete these rows")
    missing = [name for name in STRENGTHS if not any(row.strength == name for row in rows)]
    if missing:
        raise InputError(f"no sentence is labelled {', '.join(missing)}; each strength needs some to be learnt")
    rows = by_document(rows)
    n_documents = len({row.doc for row in rows})
    if n_documents < 2 * N_FOLDS:
        raise InputError(f"{n_documents} documents are too few to train on; give at least {2 * N_FOLDS}")
    return rows


def _groups(rows: Sequence[LabelledSentence]) -> list[str]:
    """Name documents by number: their own names may hold the path of a file, which must not decide the folds."""
    return [f"{code:06d}" for code in document_codes(rows)]


def _strengths(rows: Sequence[LabelledSentence]) -> list[str]:
    return [row.strength for row in rows]


def _codes(rows: Sequence[LabelledSentence]) -> NDArray[np.intp]:
    return np.array([STRENGTHS.index(row.strength) for row in rows], dtype=np.intp)


def _cross_validated(
    model: StrengthClassifier, rows: Sequence[LabelledSentence], readings: list[Reading], ruled: list[Reading]
) -> dict[str, Any]:
    probabilities = model.out_of_fold_
    judged = Judged(
        readings=readings,
        labels=probabilities.argmax(axis=1),
        probabilities=probabilities,
        scores=expected_scores(probabilities),
        contributions=np.zeros((len(rows), len(model.groups))),
        groups=model.groups,
    )
    baselines = {
        "TF-IDF + LR": _tfidf_folds(rows),
        "rules only": Guess(rules_only(ruled), None),
        "majority": majority(rows, len(rows)),
    }
    # Figures in the mix that the model takes for granted stand beside the plain ones, where there is such a mix.
    weights = None if model.prior is None else model.mix_weights(_codes(rows))
    return {"how": HOW_MEASURED, **measure(rows, [judged], baselines, weights).as_dict()}


def _tfidf_folds(rows: Sequence[LabelledSentence]) -> Guess:
    """Let the TF-IDF baseline guess each fold from the others; the folds are the classifier's own."""
    codes = _codes(rows)
    labels, confidence = [""] * len(rows), np.zeros(len(rows))
    folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=RANDOM_STATE)
    for known, unseen in folds.split(codes, codes, np.asarray(_groups(rows), dtype=object)):
        guess = tfidf([rows[k] for k in known], [rows[k] for k in unseen])
        if guess.confidence is not None:
            confidence[unseen] = guess.confidence
        for k, label in zip(unseen, guess.labels, strict=True):
            labels[k] = label
    return Guess(labels, confidence)
