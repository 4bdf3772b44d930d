"""The manifest of a model folder: what its files should be, and with what they were made."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from scorer.errors import LexiconError, ModelError
from scorer.labelled import read_labelled
from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon
from scorer.model import StrengthClassifier
from scorer.model_files import MANIFEST, MODEL, read_json, retrain
from scorer.pipeline import RANDOM_STATE

FORMAT: Final = 3
SCORE_MEANING: Final = (
    "expected evidential level on 0-100 under the probabilities, given that the sentence is a claim (unverified 0, "
    "weak 25, moderate 50, strong 75, verified 100); it rates the footing that the text gives a claim, not its truth"
)
_PARTS: Final = ("model", "versions", "features", "lexicon")
_PACKAGES: Final = ("scorer", "scikit-learn", "numpy", "scipy", "joblib")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a model folder.

    Raises
    ------
    ModelError
        If there is none, or it is not one of format `FORMAT`.
    """
    path = folder / MANIFEST
    try:
        manifest = read_json(path)
    except FileNotFoundError:
        raise ModelError(
            f"{folder} has no {MANIFEST}, so nothing says what its {MODEL} should be, and unpickling it would run any "
            f"code in it; restore the manifest, or if you trust who made the file: load_model(..., trusted=True)"
        ) from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); restore the folder, or {retrain(folder)}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ModelError(
            f"{path}: format {found!r} is not {FORMAT}, the one that scorer {version('scorer')} reads; install the "
            f"version of scorer that made it, or {retrain(folder)}"
        )
    lacking = [key for key in _PARTS if not isinstance(manifest.get(key), dict)]
    if lacking:
        raise ModelError(f"{path}: lacks {', '.join(lacking)}; restore the folder, or {retrain(folder)}")
    # Files are found by their fixed names alone; a manifest that names others was not made by us.
    files = manifest.get("trained_on", [])
    if manifest["model"].get("file") != MODEL or not (isinstance(files, list) and all(map(_is_file_entry, files))):
        raise ModelError(f"{path}: names other files than a model has; restore the folder, or {retrain(folder)}")
    return manifest


def _is_file_entry(entry: object) -> bool:
    """Tell whether an entry of ``trained_on`` is the name of a file, no path, with a count of its rows."""
    if not isinstance(entry, dict):
        return False
    name, rows = entry.get("file"), entry.get("rows")
    return isinstance(name, str) and not {"/", "\\", "\0"} & set(name) and isinstance(rows, int) and rows >= 0


def check_manifest(folder: Path, manifest: Mapping[str, Any], digest: str) -> None:
    """Check that a model file is the one that its manifest describes.

    Parameters
    ----------
    folder : Path
        The model's folder.
    manifest : mapping
        From `read_manifest`.
    digest : str
        SHA-256 of the model file, in hexadecimal.

    Raises
    ------
    ModelError
        If it is not.
    """
    said = manifest["model"].get("sha256")
    if said != digest:
        raise ModelError(
            f"{folder / MODEL} is not the file that {MANIFEST} describes: its sha256 is {digest[:12]}…, not "
            f"{str(said)[:12]}…; it was altered, or files of two models were mixed. Restore the folder, or "
            f"{retrain(folder)}"
        )


def made_with_other(manifest: Mapping[str, Any]) -> str:
    """Give the version of scikit-learn that made a model, if it is not the one installed here; else nothing."""
    made = str(manifest["versions"].get("scikit-learn"))
    return made if made != version("scikit-learn") else ""


def other_version(folder: Path, made: str) -> str:
    """Say that another scikit-learn made a model which scores otherwise here, and what to do."""
    here = version("scikit-learn")
    return (
        f"{folder} was trained with scikit-learn {made}, and {here} is installed, under which it does not score its "
        f"pinned sentences as it did; install scikit-learn=={made}, or {retrain(folder)}"
    )


def check_features(folder: Path, model: StrengthClassifier, manifest: Mapping[str, Any]) -> None:
    """Refuse a model whose weights belong to other features than this version of scorer computes."""
    found = _features(model)
    n_weights = model.pipeline_.named_steps["classify"].coef_.shape[1]
    if found["count"] != n_weights or (manifest and manifest.get("features") != found):
        made = manifest.get("versions", {}).get("scorer", "another version")
        raise ModelError(
            f"{folder} was trained on other features than scorer {version('scorer')} computes (it was made by scorer "
            f"{made}); {retrain(folder)}"
        )


def _features(model: StrengthClassifier) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    for group, transformer in model.pipeline_.named_steps["features"].transformer_list:
        names = transformer.get_feature_names_out()
        count += len(names)
        digest.update("\n".join([group, *names, ""]).encode())
    return {"count": count, "sha256": digest.hexdigest()}


def make_manifest(
    model: StrengthClassifier,
    content: bytes,
    trained_on: Sequence[Path],
    labels_by: str,
    weights: Mapping[Path, float] | None = None,
) -> dict[str, Any]:
    """Describe a model, the bytes of its file, and the files that it learnt from, with weights where there are any."""
    files: list[dict[str, Any]] = []
    for path in sorted(map(Path, trained_on), key=lambda path: path.name):
        rows = read_labelled([path])
        n_documents = len({row.doc for row in rows})
        files.append({"file": path.name, "sha256": file_digest(path), "rows": len(rows), "documents": n_documents})
        if weights:
            files[-1]["weight"] = weights[path]
    return {
        "format": FORMAT,
        "model": {"file": MODEL, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
        "versions": {name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
        "labels": list(STRENGTHS),
        "score_meaning": SCORE_MEANING,
        "features": _features(model),
        "lexicon": {"fingerprint": model.lexicon_.fingerprint, "entries": len(model.lexicon_.entries)},
        "settings": {"C": model.C, "n_folds": model.n_folds, "prior": model.prior, "random_state": RANDOM_STATE},
        "temperature": round(model.temperature_, 9),
        "review": {"target": model.review_target, "below": round(model.review_below_, 9)},
        "trained_on": files,
        "labels_by": labels_by,
    }


def file_digest(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def differences(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Name harmless differences between a model and what is installed."""
    notes = []
    here = {name: version(name) for name in _PACKAGES} | {"python": platform.python_version()}
    for name, made in manifest["versions"].items():
        if here.get(name, made) != made:
            notes.append(f"made with {name} {made}; here it is {here[name]}")
    try:
        shipped = load_lexicon().fingerprint
    except LexiconError as error:
        notes.append(f"the shipped lexicons cannot be read: {error}")
    else:
        if manifest["lexicon"].get("fingerprint") != shipped:
            notes.append("the shipped lexicons have changed since; the model goes on reading with its own")
    return tuple(notes)
