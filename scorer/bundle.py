"""Model folders: a trained model with all that is needed to trust it, or not to.

``model.joblib`` is a pickle, and unpickling runs whatever code the file holds. So the file's hash is compared with
``manifest.json`` before it is unpickled. That tells a file that was altered or mixed up; it does not tell who made a
folder: load only folders from people whom you trust.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import joblib
from sklearn.exceptions import InconsistentVersionWarning

from scorer.card import model_card
from scorer.errors import ModelError
from scorer.labelled import LabelledSentence
from scorer.manifest import (
    check_features,
    check_manifest,
    differences,
    made_with_other,
    make_manifest,
    other_version,
    read_manifest,
)
from scorer.model_files import MANIFEST, MODEL, SHIPPED, read_content, read_json, retrain, warn_if_open_to_others
from scorer.pins import TOLERANCE, pins_text, rescore
from scorer.scoring import ScoringModel
from scorer.unpickling import unpickle

METRICS: Final = "metrics.json"
CARD: Final = "card.md"
PINS: Final = "pins.tsv"
_FILES: Final = frozenset({MODEL, MANIFEST, METRICS, CARD, PINS})
_IN_WHEEL: Final = Path(__file__).parent / "_models" / "default"
_N_CACHED: Final = 4
_cached: dict[str, ScoringModel] = {}
"""Models by the SHA-256 of their file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What is wrong with a model folder, and what is worth knowing of it.

    Attributes
    ----------
    folder : Path
        The folder.
    n_pins : int
        Pinned sentences that were scored again; 0 if the model could not be loaded.
    worst : float
        The largest difference of a probability from its pin.
    problems : tuple of str
        Reasons not to use it; empty if all is well.
    notes : tuple of str
        Differences that do no harm.
    """

    folder: Path
    n_pins: int
    worst: float
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def load_model(folder: str | Path | None = None, *, trusted: bool = False) -> ScoringModel:
    """Load a model, after a check that it is the one that its manifest describes.

    Parameters
    ----------
    folder : str or Path, optional
        What ``scorer train`` made; the shipped model by default.
    trusted : bool
        Unpickle it also with no manifest, another hash or an unknown format: runs any code that the file holds.

    Returns
    -------
    ScoringModel
        The same object for the same content; do not fit it.

    Raises
    ------
    ModelError
        If there is no model, it is not what its manifest describes, or another version of scorer or scikit-learn made
        it; the message says how to mend it.
    """
    path = model_folder(folder)
    content = read_content(path)
    digest = hashlib.sha256(content).hexdigest()
    manifest = {} if trusted else read_manifest(path)
    if manifest:
        check_manifest(path, manifest, digest)
    warn_if_open_to_others(path)
    if digest not in _cached:
        model = _unpickled(path, content, trusted=trusted)
        while len(_cached) >= _N_CACHED:
            del _cached[next(iter(_cached))]
        _cached[digest] = model
    check_features(path, _cached[digest], manifest)
    if manifest and (made := made_with_other(manifest)):
        # Another scikit-learn may read a pickle wrongly without a word. What counts is whether it scores the same, so
        # that a user with a newer patch release is not turned away for nothing.
        try:
            agrees = rescore(_cached[digest], path / PINS).worst <= TOLERANCE
        except (ModelError, AttributeError, TypeError, ValueError):
            agrees = False
        if not agrees:
            raise ModelError(other_version(path, made))
    return _cached[digest]


def model_folder(folder: str | Path | None = None) -> Path:
    """Find a model's folder.

    Parameters
    ----------
    folder : str or Path, optional
        Given back, if it is a folder; by default the shipped model, in an installed package or beside a checkout.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ModelError
        If there is no such folder.
    """
    path = Path(folder) if folder is not None else _IN_WHEEL if _IN_WHEEL.is_dir() else SHIPPED
    if path.is_dir():
        return path
    if path.exists():
        raise ModelError(f"{path} is a file, not a model's folder; give the folder, such as {path.parent}")
    raise ModelError(f"{path}: no such model folder; {retrain(path)}")


def read_metrics(folder: Path) -> dict[str, Any]:
    """Read what the evaluation found when a model was trained.

    Raises
    ------
    ModelError
        If it cannot be read.
    """
    path = folder / METRICS
    try:
        found = read_json(path)
        if not isinstance(found, dict):
            raise ValueError(f"it holds a {type(found).__name__}")
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); restore the folder, or {retrain(folder)}") from error
    return found


def save_model(
    model: ScoringModel,
    folder: str | Path,
    *,
    trained_on: Sequence[Path],
    metrics: Mapping[str, Any],
    pins_from: Sequence[LabelledSentence],
    labels_by: str = "not stated",
    weights: Mapping[Path, float] | None = None,
) -> None:
    """Write a model folder, in the place of an earlier one if there is one.

    Parameters
    ----------
    model : ScoringModel
        Fitted.
    folder : str or Path
        Made with its parents; holds nothing but an earlier model.
    trained_on : sequence of Path
        The labelled files that it learnt from.
    metrics : mapping
        What its evaluation found, as `scorer.training.TrainingResult` has it.
    pins_from : sequence of LabelledSentence
        Sentences whose probabilities are kept, so that `verify_model` can compare; some sixty are enough.
    labels_by : str
        Who labelled the text, and how, for the model card.
    weights : mapping of Path to float, optional
        How much a sentence of each file counted, where some counted more than others.

    Raises
    ------
    ModelError
        If the folder holds something else, or cannot be written.
    """
    path = Path(folder)
    check_target(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror}); give another folder") from error
    try:
        joblib.dump(model, beside / MODEL, compress=("zlib", 6))
        manifest = make_manifest(model, (beside / MODEL).read_bytes(), trained_on, labels_by, weights)
        texts = {
            PINS: pins_text(model, pins_from),
            METRICS: json.dumps(metrics, indent=1, ensure_ascii=False) + "\n",
            CARD: model_card(manifest, metrics),
            MANIFEST: json.dumps(manifest, indent=1, ensure_ascii=False) + "\n",
        }
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
        # The manifest last: a model without its own manifest is refused, whenever this is interrupted.
        for name in (MODEL, *texts):
            (beside / name).replace(path / name)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error}); free space or give another folder") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_target(folder: Path) -> None:
    """Check that a model may be written to a folder: it is new, empty, or holds a model and nothing else.

    Raises
    ------
    ModelError
        If it is a file, or holds something else.
    """
    if folder.is_dir():
        others = sorted(p.name for p in folder.iterdir() if p.name not in _FILES and not p.name.startswith("."))
        if others:
            raise ModelError(f"{folder} is not a model's folder: it holds {', '.join(others[:3])}; give another one")
    elif folder.exists():
        raise ModelError(f"{folder} is a file; give a folder")


def verify_model(folder: str | Path | None = None, *, pins: Path | None = None) -> VerifyReport:
    """Check a model folder: its hash, its versions, and whether it still scores its pins as when it was made.

    Parameters
    ----------
    folder : str or Path, optional
        The shipped model by default.
    pins : Path, optional
        Another model's ``pins.tsv`` to compare with, as after a rebuild; the folder's own by default.

    Returns
    -------
    VerifyReport
        What was found.

    Raises
    ------
    ModelError
        If there is no such folder.
    """
    path = model_folder(folder)
    try:
        model = load_model(path)
        rescored = rescore(model, pins or path / PINS)
        notes = differences(read_manifest(path))
    except ModelError as error:
        return VerifyReport(folder=path, n_pins=0, worst=0.0, problems=(str(error),), notes=())
    problems: tuple[str, ...] = ()
    if rescored.worst > TOLERANCE:
        problems = (
            f"{PINS}: a probability of {rescored.text!r} moved by {rescored.worst:.2g}, more than {TOLERANCE:g}; "
            f"{retrain(path)}",
        )
    return VerifyReport(folder=path, n_pins=rescored.n_pins, worst=rescored.worst, problems=problems, notes=notes)


def _unpickled(folder: Path, content: bytes, *, trusted: bool) -> ScoringModel:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InconsistentVersionWarning)  # `load_model` holds it against its pins
            model = joblib.load(io.BytesIO(content)) if trusted else unpickle(content)
    except Exception as error:  # a pickle of another version can fail in any way
        raise ModelError(
            f"{folder / MODEL}: cannot be unpickled by scorer {version('scorer')} ({type(error).__name__}: {error}); "
            f"install the version that made it, or {retrain(folder)}"
        ) from error
    if not isinstance(model, ScoringModel) or not hasattr(model, "pipeline_"):
        raise ModelError(f"{folder / MODEL} holds {type(model).__name__}, no trained ScoringModel; {retrain(folder)}")
    return model
