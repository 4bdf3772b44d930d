"""The same model for other mixes of strengths: right probabilities under a stated mix, and the mix estimated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from scipy.special import softmax

from scorer import metrics as mt
from scorer.evaluate import document_codes, strength_tallies
from scorer.evaluate_text import Table
from scorer.labels import STRENGTHS
from scorer.metrics import Floats, Ints
from scorer.priors import NAMED_PRIORS, NEWS_PRIOR, Prior, checked_prior, estimate_prior, shift_of
from strengthening.ablation import UNWEIGHTED
from strengthening.material import Material, kind_of
from strengthening.trials import COLUMNS, Laid, Outcome, run, shown

_SHOWN: Final = ("strength_accuracy", "strength_macro_f1", "strength_ece")
_PLAIN: Final = "(learnt without weights)"
TINY: Final = 1e-12


class Sample(NamedTuple):
    """Sentences of one mix."""

    name: str
    which: Ints


def samples(material: Material) -> Iterator[Sample]:
    """Give the test files, and the labelled text by how it was written."""
    for part in material.parts[1:]:
        yield Sample(part.name, part.which)
    kinds = np.array([kind_of(row) for row in material.rows[: material.n_data]])
    for kind in ("natural", "balanced"):
        which = np.flatnonzero(kinds == kind)
        if len(which):
            yield Sample(f"{material.data.name}, {kind} files", which)


def mixes(material: Material, laid: Laid, shipped: Outcome, jobs: int) -> list[Table]:
    """Measure the model under each mix; beside it one that learnt from the labelled mix as it is."""
    if shipped.probabilities is None:
        raise ValueError("the shipped pipeline gives probabilities")
    (plain,) = run(material, laid, [UNWEIGHTED], jobs)
    lines, shares = [], []
    for sample in samples(material):
        own = share_of(material.codes[sample.which])
        said = shipped.probabilities[sample.which]
        estimated = estimate_prior(said, NEWS_PRIOR)
        priors = {name: checked_prior(prior) for name, prior in NAMED_PRIORS.items()}
        priors |= {"its own shares": own, "estimated": estimated}
        tried = {name: moved(said, prior) for name, prior in priors.items()}
        if plain.probabilities is not None:
            tried[_PLAIN] = plain.probabilities[sample.which]
        for name, probabilities in tried.items():
            found = figures_of(material, sample, probabilities)
            lines.append((f"{sample.name}: {name}", *(shown(found[key]) for key in _SHOWN)))
        told = {"labelled": own, "estimated": estimated, "mean probability": checked_prior(said.mean(axis=0).tolist())}
        if _PLAIN in tried:
            told[f"mean probability {_PLAIN}"] = checked_prior(tried[_PLAIN].mean(axis=0).tolist())
        for name, prior in told.items():
            off = np.abs(np.array(prior) - np.array(own)).sum() / 2
            shares.append((f"{sample.name}: {name}", *(f"{share:.1%}" for share in prior), f"{off:.1%}"))
    return [
        Table("Mixes: the same model under each", ("", *(COLUMNS[key] for key in _SHOWN)), lines),
        Table("Mixes: shares of strengths", ("", *STRENGTHS, "misplaced"), shares),
    ]


def moved(probabilities: Floats, prior: Prior) -> Floats:
    """Move probabilities from the mix of news to another one."""
    return np.asarray(softmax(np.log(np.maximum(probabilities, TINY)) + shift_of(NEWS_PRIOR, prior), axis=1))


def share_of(codes: Ints) -> Prior:
    """Count the mix of labelled sentences."""
    return checked_prior(np.bincount(codes, minlength=len(STRENGTHS)).tolist())


def figures_of(material: Material, sample: Sample, probabilities: Floats) -> dict[str, mt.Figure]:
    """Measure probabilities of a sample, each sentence counting once."""
    documents = document_codes([material.rows[k] for k in sample.which])
    labels = probabilities.argmax(axis=1)
    n = int(documents.max()) + 1
    return mt.figures(
        strength_tallies(documents, n, material.codes[sample.which], labels, probabilities.max(axis=1), None)
    )
