"""Reading the files of a model folder, with nothing taken for granted of them."""

from __future__ import annotations

import json
import os
import stat
import warnings
from pathlib import Path
from typing import Any, Final

from scorer.errors import ModelError
from scorer.unpickling import LARGEST

MODEL: Final = "model.joblib"
MANIFEST: Final = "manifest.json"
SHIPPED: Final = Path(__file__).parent.parent / "models" / "default"
"""Where the shipped model stands in a checkout."""
LARGEST_JSON: Final = 16 << 20
"""Bytes of a manifest or of metrics, at most; the shipped ones have 4 and 60 thousand."""
_warned: set[Path] = set()


def read_content(folder: Path) -> bytes:
    """Read the model's file once: what is hashed and what is unpickled are the same bytes."""
    path = folder / MODEL
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode) or kind.st_size > LARGEST:
            raise ModelError(f"{path} is no regular file of at most {LARGEST >> 20} MB; {retrain(folder)}")
        with path.open("rb") as stream:
            return stream.read(LARGEST)
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no {MODEL}; {retrain(folder)}") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); make it readable") from error


def read_json(path: Path) -> Any:
    """Read a JSON file of a model folder.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, is no regular file, is larger than `LARGEST_JSON`, or is no JSON.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is no regular file")
    with path.open("rb") as stream:
        content = stream.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise ValueError(f"it has more than {LARGEST_JSON >> 20} MB")
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def warn_if_open_to_others(folder: Path) -> None:
    """Warn, once and in one line, of a folder whose model and manifest somebody else can replace together."""
    if os.name != "posix" or folder in _warned:
        return
    # Whoever owns this package can run code here anyway.
    trusted = {0, os.geteuid(), Path(__file__).stat().st_uid}
    for path in (folder, folder / MODEL, folder / MANIFEST):
        if not path.exists():
            continue
        found = path.stat()
        # In a folder with the sticky bit, such as /tmp, only its owner can replace a file.
        if found.st_mode & stat.S_IWOTH and not (path == folder and found.st_mode & stat.S_ISVTX):
            told = f"{path}: everybody on this machine can alter this model; chmod o-w it"
        elif found.st_uid not in trusted:
            told = f"{path}: belongs to another user (id {found.st_uid}), who can alter this model; copy it to own it"
        else:
            continue
        _warned.add(folder)
        warnings.warn(told, stacklevel=3)
        return


def retrain(folder: Path) -> str:
    """Say how to make a model anew in a folder."""
    return f"train it: scorer train {'data/authored-*.tsv' if folder == SHIPPED else 'LABELLED...'} -o {folder}"
