"""Evidential strength of news sentences: on what footing a text puts each claim.

>>> import scorer
>>> model = scorer.load_model()  # doctest: +SKIP
>>> result = scorer.score_text(model, "Officials said the bridge may close.")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scorer.bundle import load_model
    from scorer.scoring import score_frame, score_text
    from scorer.training import train

    __version__: str

__all__ = ["__version__", "load_model", "score_frame", "score_text", "train"]

# Found when first asked for: `import scorer` and `scorer --help` would else wait a second for scikit-learn.
_HOMES: Final = {
    "load_model": "scorer.bundle",
    "score_frame": "scorer.scoring",
    "score_text": "scorer.scoring",
    "train": "scorer.training",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("scorer")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'scorer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
