"""Digests that stay the same from process to process: of a model, and of what is read of the inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from scorer.lexicon import Lexicon
from scorer.model import StrengthClassifier
from scorer.tables import Rejects, TableChunk

_LIBRARIES: Final = ("scorer", "scikit-learn", "numpy", "scipy")
_SIMPLE: Final = (str, int, float, bool, type(None))


def versions() -> dict[str, str]:
    """Give the versions of what decides on the last digit of a result."""
    return {name: version(name) for name in _LIBRARIES}


def model_digest(model: StrengthClassifier) -> str:
    """Give the digest of all that decides what a model says; equal models have the same in every process.

    Pickles will not do: they hold sets in an order that changes from process to process.
    """
    digest = hashlib.sha256()
    _feed(digest.update, {name: value for name, value in vars(model).items() if not name.startswith("_")}, set())
    return digest.hexdigest()


def _feed(update: Any, value: Any, above: set[int]) -> None:
    """Hand the parts of a value on, in an order that follows from the value alone."""
    if isinstance(value, _SIMPLE):
        update(f"{value!r};".encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes):
        update(value)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        update(f"{value.dtype}{value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Lexicon):
        update(value.fingerprint.encode())
    elif isinstance(value, dict) and _is_plain(value):
        update(f"dict{sorted(value.items())!r}".encode("utf-8", "surrogatepass"))
    elif id(value) in above:
        update(b"^")  # a value that holds itself
    else:
        update(f"{type(value).__qualname__}(".encode())
        inside = above | {id(value)}
        for part in _parts(value):
            _feed(update, part, inside)
        update(b")")


def _is_plain(table: dict[Any, Any]) -> bool:
    """Tell whether a dict is a vocabulary: text to numbers, and much of it."""
    return {*map(type, table)} == {str} and {*map(type, table.values())} <= {int, float}


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [part for item in sorted(value.items(), key=lambda item: repr(item[0])) for part in item]
    if isinstance(value, Set):
        return sorted(value, key=repr)
    if isinstance(value, np.ndarray):
        return list(value.tolist())
    if isinstance(value, Sequence):
        return list(value)
    if isinstance(value, np.generic):
        return [value.item()]
    if callable(value) and hasattr(value, "__qualname__"):
        return [value.__qualname__]
    state = value.__getstate__()
    return [state if state is not None else repr(value)]


class ReadDigest:
    """The digest of all parts of the inputs that were read so far, with what was set aside of them."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, chunk: TableChunk, rejects: Rejects) -> str:
        """Take one more part; give the digest of all."""
        texts = "\x1f".join((*chunk.doc_ids, *chunk.texts))
        files = [chunk.files[number - 1] for number in chunk.numbers] if chunk.files else [chunk.file]
        told = f"{len(chunk.texts)} {rejects.count} {rejects.crc} {files} {chunk.rows!r} {texts}"
        self._digest.update(told.encode("utf-8", "surrogatepass"))
        return self._digest.hexdigest()
