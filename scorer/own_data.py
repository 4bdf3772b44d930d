"""How a model that was trained on one's own text does on that text, against the model there was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from scorer.comparison import Answers, Comparison, answer, compare
from scorer.evaluate import document_codes, sentences_of
from scorer.labels import STRENGTHS
from scorer.manifest import file_digest
from scorer.model import N_FOLDS, StrengthClassifier
from scorer.pipeline import RANDOM_STATE, build_pipeline
from scorer.training import TrainingResult, groups_of

NEW = "new model"
BASE_ALONE = "base alone"


def compare_on_own(
    training: TrainingResult,
    earlier: StrengthClassifier | None,
    *,
    name: str = "shipped model",
    base_is_earlier: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Comparison | None:
    """Compare a new model with an earlier one, and with the base alone, on the text that is not base text.

    Parameters
    ----------
    training : TrainingResult
        From `scorer.training.train`.
    earlier : StrengthClassifier, optional
        Fitted; must not have learnt from this text, or its figures flatter it.
    name : str
        What to call it.
    base_is_earlier : bool
        Whether it learnt from the base and nothing else, so that there is no need to do that again.
    progress : callable, optional
        Told in a few words what begins.

    Returns
    -------
    Comparison or None
        The new model is tried by cross-validation: each document is judged by a model that learnt from all base text
        and from one's own other documents. None where there are not two documents, or nothing to compare with.
    """
    tell = progress or (lambda stage: None)
    own = np.flatnonzero(training.own)
    rows = [training.rows[k] for k in own]
    codes = _codes_of(groups_of(rows))
    has_base = len(own) < len(training.rows)
    if codes.max() == 0 or (earlier is None and not has_base):
        return None
    models: dict[str, Answers] = {}
    with threadpool_limits(limits=1):
        tell("comparing on your text")
        if earlier is not None:
            models[name] = answer(earlier.pipeline_, earlier.temperature_, earlier.reader.read(sentences_of(rows)))
        if has_base and not (base_is_earlier and earlier is not None):
            models[BASE_ALONE] = _base_alone(training)
        models[NEW] = held_out(training)
    return compare(rows, document_codes(rows), models)


def held_out(training: TrainingResult) -> Answers:
    """Judge one's own text, each document by a model that learnt from all base text and one's own other documents.

    Parameters
    ----------
    training : TrainingResult
        With at least two documents that are not base text.

    Returns
    -------
    Answers
        One for each row that is not base text, in order.
    """
    own, base = np.flatnonzero(training.own), np.flatnonzero(~training.own)
    codes = np.array([STRENGTHS.index(row.strength) for row in training.rows], dtype=np.intp)
    groups = _codes_of(groups_of([training.rows[k] for k in own]))
    model, readings = training.model, training.readings
    n_folds = min(N_FOLDS, int(groups.max()) + 1)
    pipeline = build_pipeline(C=model.C)
    parts: list[tuple[Any, Answers]] = []
    for known, unseen in GroupKFold(n_folds, shuffle=True, random_state=RANDOM_STATE).split(own, groups=groups):
        learnt = np.concatenate([base, own[known]])
        weights = model.mix_weights(codes[learnt], training.weights[learnt].tolist())
        fold = clone(pipeline).fit([readings[k] for k in learnt], codes[learnt], classify__sample_weight=weights)
        parts.append((unseen, answer(fold, model.temperature_, [readings[k] for k in own[unseen]])))
    evidence = np.zeros((len(own), *parts[0][1].evidence.shape[1:]))
    for unseen, found in parts:
        evidence[unseen] = found.evidence
    return Answers(evidence, parts[0][1].groups)


def _base_alone(training: TrainingResult) -> Answers:
    """Judge one's own text by a model that learnt from the base text alone."""
    base = np.flatnonzero(~training.own)
    rows = [training.rows[k] for k in base]
    model = StrengthClassifier(C=training.model.C, prior=training.model.prior).fit(
        [training.readings[k] for k in base],
        [row.strength for row in rows],
        groups_of(rows),
        training.model.lexicon_,
    )
    return answer(model.pipeline_, model.temperature_, [training.readings[k] for k in np.flatnonzero(training.own)])


def _codes_of(groups: Sequence[str]) -> Any:
    return np.unique(np.asarray(groups), return_inverse=True)[1]


def learnt_from(manifest: Mapping[str, Any], files: Sequence[Path]) -> list[Path]:
    """Give those files that a model has learnt from, going by its manifest."""
    known = {file.get("sha256") for file in manifest.get("trained_on", [])}
    return [file for file in files if file_digest(file) in known]


def namesakes(manifest: Mapping[str, Any], files: Sequence[Path]) -> list[Path]:
    """Give those other files that have the name of one that a model has learnt from: later copies of it, perhaps."""
    names = {file.get("file") for file in manifest.get("trained_on", [])}
    known = learnt_from(manifest, files)
    return [file for file in files if file.name in names and file not in known]


def is_base(manifest: Mapping[str, Any], training: TrainingResult, base: Sequence[Path]) -> bool:
    """Tell whether a model is what the base text alone gives: the same files, word lists and settings."""
    model, settings = training.model, manifest.get("settings", {})
    digests = {file.get("sha256") for file in manifest.get("trained_on", [])}
    return (
        training.n_left_out == 0
        and digests == {file_digest(path) for path in base}
        and manifest["lexicon"].get("fingerprint") == model.lexicon_.fingerprint
        and settings.get("C") == model.C
        and settings.get("prior") == (None if model.prior is None else list(model.prior))
    )
