"""The mix of strengths that a text is taken to have, and what another mix makes of the probabilities.

A probability holds for text with the shares of strengths that the model was made for. Where the shares differ, and the
sentences of each strength look as they did, Bayes' rule moves it: each logit by the logarithm of the new share over the
old one. So a mix changes base values only, and the reasons still add up.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scorer.errors import InputError
from scorer.labelled import read_labelled
from scorer.labels import STRENGTHS

Floats = NDArray[np.float64]
Prior = tuple[float, ...]

NEWS_PRIOR: Final = (0.066, 0.028, 0.116, 0.332, 0.440, 0.018)
"""Shares of the strengths in natural news copy, counted in data/authored-06, -08 and -10, which were written as whole
articles without balancing the labels. The other files hold rare labels more often than news does."""
NAMED_PRIORS: Final[dict[str, Prior]] = {"news": NEWS_PRIOR, "balanced": (1 / len(STRENGTHS),) * len(STRENGTHS)}
"""Mixes that have a name: of news, and of a text that holds every strength as often."""
LEAST_SHARE: Final = 1e-3
"""No strength is taken to be rarer: a share of 0 would say that it cannot occur."""
PSEUDO_SENTENCES: Final = 50.0
"""Sentences of the old mix that an estimate begins with, so that the mix of a short text is not made up from noise."""
_STEPS: Final = 200
_CLOSE: Final = 1e-6


def checked_prior(shares: Sequence[float]) -> Prior:
    """Bring shares of the six strengths to a sum of 1, none below `LEAST_SHARE`.

    Raises
    ------
    ValueError
        If they are not six finite numbers, none below 0, with a sum above 0.
    """
    found = np.asarray(shares, dtype=np.float64)
    if found.shape != (len(STRENGTHS),) or not np.isfinite(found).all() or (found < 0).any() or not found.sum() > 0:
        raise ValueError(f"a mix is {len(STRENGTHS)} shares, none below 0 and not all 0, not {list(shares)}")
    found = np.maximum(found / found.sum(), LEAST_SHARE)
    return tuple((found / found.sum()).tolist())


def read_prior(path: str | Path) -> Prior:
    """Read a mix of strengths from a file.

    Parameters
    ----------
    path : str or Path
        CSV or TSV with the columns ``strength`` and ``share``, a row for each strength that occurs; or labelled text,
        as `scorer.labelled.read_labelled` reads it, whose strengths are counted.

    Returns
    -------
    tuple of float, shape (6,)
        Shares in the order of `scorer.labels.STRENGTHS`, as `checked_prior` gives them.

    Raises
    ------
    InputError
        If it is neither, or names what is no strength or no share.
    """
    shares: Mapping[str, float] | None = _shares(Path(path))
    if shares is None:
        shares = Counter(row.strength for row in read_labelled([path]))
    try:
        return checked_prior([shares.get(name, 0.0) for name in STRENGTHS])
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None


def _shares(path: Path) -> dict[str, float] | None:
    """Read a table of shares; None where the file has no column of that name."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline()
            names = head.rstrip("\r\n").split("\t" if "\t" in head else ",")
            if "share" not in names or "strength" not in names:
                return None
            found: dict[str, float] = {}
            for number, row in enumerate(csv.DictReader(stream, names, delimiter="\t" if "\t" in head else ","), 2):
                name, share = (row["strength"] or "").strip(), row["share"] or ""
                if name not in STRENGTHS:
                    raise InputError(
                        f"{path}, line {number}, column 'strength': {name!r} is none of {', '.join(STRENGTHS)}"
                    )
                try:
                    found[name] = found.get(name, 0.0) + float(share)
                except ValueError:
                    raise InputError(f"{path}, line {number}, column 'share': {share!r} is no number") from None
            return found
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error


def shift_of(old: Sequence[float], new: Sequence[float]) -> Floats:
    """Give what a change of mix adds to each strength's logit, shape (6,)."""
    return np.asarray(np.log(np.asarray(checked_prior(new))) - np.log(np.asarray(checked_prior(old))))


def estimate_prior(probabilities: Floats, prior: Sequence[float]) -> Prior:
    """Estimate the mix of strengths of unlabelled text from a model's probabilities.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_sentences, 6)
        Calibrated, under `prior`.
    prior : sequence of float, shape (6,)
        The mix that they hold for.

    Returns
    -------
    tuple of float, shape (6,)
        Shares that explain the probabilities best, by expectation maximisation (Saerens et al., "Adjusting the outputs
        of a classifier to new a priori probabilities", Neural Computation 14, 2002), beside `PSEUDO_SENTENCES`
        sentences of the old mix; the old mix where there are no sentences.
    """
    old = np.asarray(checked_prior(prior))
    shares = old
    for _ in range(_STEPS if len(probabilities) else 0):
        moved = probabilities * (shares / old)
        moved /= np.maximum(moved.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        found = (moved.sum(axis=0) + PSEUDO_SENTENCES * old) / (len(moved) + PSEUDO_SENTENCES)
        done = np.abs(found - shares).max() < _CLOSE
        shares = found
        if done:
            break
    return checked_prior(shares.tolist())
