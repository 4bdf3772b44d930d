"""Train the classifier on labelled files, and say how well it does on documents that it has not seen."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
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
from scorer.labelled import LabelledSentence, check_labelled, read_by_file
from scorer.labelled_notes import notes_on
from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon
from scorer.model import N_FOLDS, StrengthClassifier
from scorer.pipeline import RANDOM_STATE
from scorer.priors import NEWS_PRIOR
from scorer.reading import Reader, Reading
from scorer.rules import rules_only
from scorer.scoring import ScoringModel
from scorer.vouching_training import cross_read

_NAMED_PROBLEMS: Final = 5
_LONG: Final = 7
"""Spaces in a sentence from which on it hardly occurs in two texts by chance."""
HOW_MEASURED: Final = (
    f"cross-validated: {N_FOLDS} folds of whole documents, each judged by a model that learnt from the others; one "
    "temperature is fitted on all of them"
)
"""How the figures of a training came about."""


OWN_WEIGHT: Final = 3.0
"""How much a sentence of one's own counts against one of the base; `docs/own-data.md` says why."""
_REMEDY: Final = "train on top of the shipped text: --base data"


class TrainingResult(NamedTuple):
    """A trained model and what is known of it.

    Attributes
    ----------
    model : ScoringModel
        Fitted on all rows.
    metrics : dict
        `Evaluation.as_dict` of the cross-validation, and under ``how`` how it was done.
    rows : list of LabelledSentence
        What it learnt from, document by document; base text first.
    readings : list of Reading
        Of the rows, each by rules that had not learnt from its document.
    own : ndarray of bool, shape (n_rows,)
        Which rows are not base text.
    weights : ndarray of float64, shape (n_rows,)
        How much each counted.
    n_left_out : int
        Documents of the base that were left out, since sentences of theirs stand in one's own text.
    """

    model: ScoringModel
    metrics: dict[str, Any]
    rows: list[LabelledSentence]
    readings: list[Reading]
    own: NDArray[np.bool_]
    weights: NDArray[np.float64]
    n_left_out: int


def train(
    paths: Sequence[str | Path],
    *,
    base: Sequence[str | Path] = (),
    weight: float = OWN_WEIGHT,
    C: float = 1.0,
    prior: tuple[float, ...] | None = NEWS_PRIOR,
    progress: Callable[[str], None] | None = None,
) -> TrainingResult:
    """Train on labelled files.

    The same files give the same model, in whatever order they are named: documents are numbered in the order of the
    files' names, the folds and the solver have a fixed seed, and linear algebra runs on one thread, since the order in
    which threads add up would show in the last digits. Another machine may round otherwise; how much of that is left in
    the model is up to the solver's tolerance (`scorer.pipeline.build_pipeline`).

    Parameters
    ----------
    paths : sequence of str or Path
        Files that `scorer.labelled.read_labelled` reads.
    base : sequence of str or Path
        Labelled files that they are to be learnt on top of, such as those of ``data/``. Files that are among the paths
        too do not count as base, nor do documents that share a longer claim with one's own text.
    weight : float
        How much a sentence of the paths counts against one of the base, above 0; of no effect without a base.
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
    for name, value in (("C", C), ("weight", weight)):
        if not value > 0:
            raise ValueError(f"{name} must be above 0, not {value}")
    tell = progress or (lambda stage: None)
    tell("reading labelled files")
    text = _read(paths, base)
    rows, own = text.rows, text.own
    for note in text.notes:
        tell(f"note: {note}")
    weights = np.where(own, weight, 1.0) if len(base) else np.ones(len(rows))
    lexicon, groups = load_lexicon(), groups_of(rows)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # scikit-learn warns of each label with fewer sentences than folds; the table of figures shows how many it has.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        tell("learning which report cue vouches for a claim, and kinds of sources")
        vouching, typing, readings = cross_read(rows, groups, lexicon, N_FOLDS)
        n_base = int(len(rows) - own.sum())
        what = f"{own.sum():,} sentences of yours and {n_base:,} of the base" if n_base else f"{len(rows):,} sentences"
        tell(f"training on {what}, {N_FOLDS} folds and once on all of them")
        model = ScoringModel(C=C, prior=prior)
        model.fit(readings, _strengths(rows), groups, lexicon, vouching, typing, weights.tolist())
        tell("measuring the folds, and baselines on the same folds")
        metrics = _cross_validated(model, rows, readings, Reader(lexicon).read(sentences_of(rows)))
    return TrainingResult(model, metrics, rows, readings, own, weights, text.n_left_out)


class _Text(NamedTuple):
    rows: list[LabelledSentence]
    own: NDArray[np.bool_]
    n_left_out: int
    notes: list[str]


def base_only(paths: Sequence[str | Path], base: Sequence[str | Path]) -> list[Path]:
    """Give the files of the base, in order, that are not among one's own, by whatever name."""
    contents = {path.read_bytes() for path in _in_order(paths) if path.is_file()} if base else set()
    return [path for path in _in_order(base) if not path.is_file() or path.read_bytes() not in contents]


def _read(paths: Sequence[str | Path], base: Sequence[str | Path]) -> _Text:
    """Read what is to be learnt from, and refuse what cannot be."""
    files = _in_order(paths)
    base_files = base_only(files, base)
    if base and not base_files:
        raise InputError("all base text is among the text to be learnt on top of it; leave out --base")
    own_rows = _checked(files)
    base_rows, n_left_out = _apart(_checked(base_files), own_rows)
    rows = base_rows + own_rows
    _refuse_too_little(rows, top=bool(base))
    notes = notes_on(own_rows, files)
    if n_left_out:
        notes.append(
            f"documents of the base that share sentences with your text, and were left out: {n_left_out}; a model that "
            "has learnt from them is flattered by figures on your text"
        )
    return _Text(rows, np.arange(len(rows)) >= len(base_rows), n_left_out, notes)


def _in_order(paths: Sequence[str | Path]) -> list[Path]:
    return sorted({Path(path) for path in paths}, key=lambda path: (path.name, str(path)))


def _checked(paths: Sequence[Path]) -> list[LabelledSentence]:
    """Read files document by document, and refuse what breaks the annotation guide."""
    rows: list[LabelledSentence] = []
    places: list[str] = []
    for path, found in read_by_file(paths):
        rows += found
        places += [f"{path.name}: document {row.doc!r}, order {row.order}" for row in found]
    problems = check_labelled(rows, places, repeats=True)
    if problems:
        more = len(problems) - _NAMED_PROBLEMS
        named = "; ".join(problems[:_NAMED_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
        raise InputError(f"the labelled text breaks the annotation guide: {named}; correct or delete these rows")
    return by_document(rows)


def _apart(base: Sequence[LabelledSentence], own: Sequence[LabelledSentence]) -> tuple[list[LabelledSentence], int]:
    """Leave out the base's documents of which one's own text has a part; else it would not be new to the base."""
    known = {row.text for row in own if row.text.count(" ") >= _LONG}
    shared = {row.doc for row in base if row.text in known}
    # Documents of one name in both are still two documents.
    kept = [replace(row, doc=f"base: {row.doc}") for row in base if row.doc not in shared]
    return kept, len(shared)


def _refuse_too_little(rows: Sequence[LabelledSentence], *, top: bool) -> None:
    remedy = "give the whole base" if top else _REMEDY
    counts = Counter(row.strength for row in rows)
    missing = [name for name in STRENGTHS if not counts[name]]
    if missing:
        needs = "each strength needs some to be learnt"
        raise InputError(f"no sentence is labelled {', '.join(missing)}; {needs}; label some, or {remedy}")
    n_documents = len(set(groups_of(rows)))
    if n_documents < 2 * N_FOLDS:
        least = 2 * N_FOLDS
        raise InputError(f"{n_documents} documents are too few to train on; give at least {least}, or {remedy}")
    if max(counts.values()) < N_FOLDS:
        raise InputError(f"{len(rows)} sentences are too few to train on; label more, or {remedy}")


def groups_of(rows: Sequence[LabelledSentence]) -> list[str]:
    """Give each row the name of what must not stand on both sides of a fold: its document.

    Documents go by number: their own names may hold the path of a file, which must not decide the folds. Documents of
    one sentence that is the same go together.
    """
    codes = document_codes(rows).tolist()
    sizes = Counter(codes)
    first: dict[str, int] = {}
    for row, code in zip(rows, codes, strict=True):
        if sizes[code] == 1:
            first.setdefault(row.text, code)
    return [
        f"{first.get(row.text, code) if sizes[code] == 1 else code:06d}" for row, code in zip(rows, codes, strict=True)
    ]


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
    for known, unseen in folds.split(codes, codes, np.asarray(groups_of(rows), dtype=object)):
        guess = tfidf([rows[k] for k in known], [rows[k] for k in unseen])
        if guess.confidence is not None:
            confidence[unseen] = guess.confidence
        for k, label in zip(unseen, guess.labels, strict=True):
            labels[k] = label
    return Guess(labels, confidence)
