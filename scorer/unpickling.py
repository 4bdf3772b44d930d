"""Reading a model's pickle with nothing in it but what a model is made of.

The second defence: a model file is unpickled only if its hash is the one in the manifest, and whoever can write the
file can write the manifest too. A pickle names the functions and classes that are called as it is read, so here those
that no model of ours needs are refused before they are called. A crash or a wrong model can still come of a file that
was made for it; code of its maker's choice can't.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Set
from pickle import Unpickler, UnpicklingError
from typing import Any, Final

from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler
from sklearn.base import BaseEstimator

LARGEST: Final = 1 << 30
"""Bytes of a model, unpacked and packed, at most; the shipped one has 1.3 million, packed."""

_PACKED: Final = b"\x78"
_PACKAGES: Final = ("scorer.", "sklearn.")
# What a model holds besides estimators. Exact names: numpy alone has functions that run a string.
_OTHERS: Final = frozenset(
    {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("scorer.source_typing", "SourceTyping"),
        ("scorer.vouching", "Vouching"),
    }
)


_LEXICON: Final = frozenset(
    {
        ("scorer.inflect", "VerbForms"),
        ("scorer.lexicon", "Entry"),
        ("scorer.lexicon", "Lexicon"),
        ("scorer.lexicon", "Terminal"),
    }
)


class _Listed(Unpickler):
    """Plain pickle with exact names alone; in C, ten times as fast as joblib's own."""

    allowed: Set[tuple[str, str]] = frozenset()

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self.allowed:
            return super().find_class(module, name)
        raise _refused(module, name)


class _Strings(_Listed):
    allowed = _OTHERS


class _Words(_Listed):
    allowed = _LEXICON


class _Array(NumpyArrayWrapper):  # type: ignore[misc]
    """An array; joblib before 1.6 hands one of objects to a pickle module that allows everything."""

    def read_array(self, unpickler: NumpyUnpickler, *arguments: Any) -> Any:
        if self.dtype.hasobject:
            return _Strings(unpickler.file_handle).load()
        return super().read_array(unpickler, *arguments)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            return _Array
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        # A name with a dot would reach on to what a module has imported: "sklearn.base" and "os.system". And to import
        # a program's __main__ is to run it.
        if module.startswith(_PACKAGES) and "." not in name and "__main__" not in module:
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, BaseEstimator):
                return found
        raise _refused(module, name)


def _refused(module: str, name: str) -> UnpicklingError:
    return UnpicklingError(f"it asks for {module}.{name}, which no model needs")


def unpickle_lexicon(content: bytes) -> Any:
    """Unpickle the word lists that a model carries, if they are made of nothing else; raises as `unpickle` does."""
    return _Words(io.BytesIO(content)).load()


def unpickle(content: bytes) -> object:
    """Unpickle what `joblib.dump` wrote, if it is made of nothing but estimators and arrays.

    Parameters
    ----------
    content : bytes
        The file, packed with zlib or not at all.

    Returns
    -------
    object
        What `joblib.load` gives.

    Raises
    ------
    UnpicklingError
        If it asks for any other class or function, before that is called, or unpacks to more than `LARGEST` bytes.
    """
    if content.startswith(_PACKED):
        unpacked = zlib.decompressobj()
        content = unpacked.decompress(content, LARGEST)
        if unpacked.unconsumed_tail:
            raise UnpicklingError(f"it unpacks to more than {LARGEST >> 20} MB")
    return _Unpickler("", io.BytesIO(content), ensure_native_byte_order=True).load()
