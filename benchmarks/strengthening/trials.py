"""Run models over the folds and test files, and compare what they say with the shipped pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import softmax

from scorer import metrics as mt
from scorer.calibration import fit_temperature
from scorer.evaluate import strength_tallies
from scorer.evaluate_text import Table
from scorer.labels import STRENGTHS
from scorer.metrics import Floats, Ints
from strengthening.material import Block, Material, Part
from strengthening.models import Model
from strengthening.parallel import side_by_side

SHIPPED: Final = "shipped pipeline"
COLUMNS: Final = {
    "strength_accuracy": "accuracy",
    "strength_accuracy_in_mix": "in mix of news",
    "strength_macro_f1": "macro-F1",
    "strength_qwk": "kappa of claims",
    "strength_ece": "calibration error",
    "not_a_claim_f1": "not_a_claim F1",
}
ACCURACY: Final = "strength_accuracy"


class Trial(NamedTuple):
    """A model to try; `weighted` says whether it learns for the mix of news."""

    name: str
    model: Model
    weighted: bool = True
    ruled: bool = False
    """Over readings of the rules alone, with nothing learnt."""


class Outcome(NamedTuple):
    """What a model says of all sentences: of the labelled text out of fold, of test files learnt from all of it."""

    name: str
    labels: Ints
    probabilities: Floats | None

    @property
    def confidence(self) -> Floats | None:
        """Probabilities of the labels."""
        return None if self.probabilities is None else self.probabilities[np.arange(len(self.labels)), self.labels]


class Laid(NamedTuple):
    """Features of one kind of reading for every split; n-grams are those of the split's training sentences."""

    dense: sparse.csr_array
    words: list[sparse.csr_array]


def lay_out(material: Material, *, dense: sparse.csr_array | None = None, ruled: bool = False) -> Laid:
    """Compute the features of every split once, for all models that are tried."""
    readings = material.ruled if ruled else None
    return Laid(
        material.dense if dense is None else dense, [material.words(train, readings) for train, _ in material.splits]
    )


def run(material: Material, laid: Laid, trials: Sequence[Trial], jobs: int) -> list[Outcome]:
    """Run each model on every split, side by side."""
    tasks = []
    for split, words in zip(material.splits, laid.words, strict=True):
        block = material.block(words, laid.dense)
        train, test = block.part(split.train), block.part(split.test)
        tasks += [(trial.model, train, test) for trial in trials]
    answers = side_by_side(jobs, _answer, tasks)
    outcomes = []
    for number, trial in enumerate(trials):
        logs = np.zeros((len(material.rows), len(STRENGTHS)))
        for split, answer in zip(material.splits, answers[number :: len(trials)], strict=True):
            logs[split.test] = answer
        outcomes.append(calibrated(material, trial.name, logs, weighted=trial.weighted))
    return outcomes


def _answer(model: Model, train: Block, test: Block) -> Floats:
    return model(train, test)


def calibrated(material: Material, name: str, logs: Floats, *, weighted: bool = True) -> Outcome:
    """Fit a temperature to what was said out of fold, as training does, and put it on everything."""
    known = slice(0, material.n_data)
    weights = material.weights[known] if weighted else np.ones(material.n_data)
    probabilities = softmax(logs / fit_temperature(logs[known], material.codes[known], weights), axis=1)
    return Outcome(name, probabilities.argmax(axis=1), probabilities)


def tallies(material: Material, part: Part, outcome: Outcome) -> dict[str, mt.Tally]:
    """Count what the figures of an outcome on a set of sentences are computed from."""
    confidence = outcome.confidence
    return strength_tallies(
        part.documents,
        int(part.documents.max()) + 1,
        material.codes[part.which],
        outcome.labels[part.which],
        None if confidence is None else confidence[part.which],
        part.weights,
    )


def comparison(
    material: Material, part: Part, outcomes: Sequence[Outcome], against: Outcome
) -> list[tuple[str, dict[str, mt.Figure]]]:
    """Give each outcome's figures on a set of sentences, and how far its accuracy is above the shipped pipeline's."""
    base = tallies(material, part, against)
    found = []
    for outcome in outcomes:
        own = tallies(material, part, outcome)
        if outcome.name != against.name:
            own["difference"] = mt.difference(base[ACCURACY], own[ACCURACY])
        found.append((outcome.name, mt.figures(own)))
    return found


def table(title: str, material: Material, part: Part, outcomes: Sequence[Outcome], against: Outcome) -> Table:
    """Put a comparison on one set of sentences into a table."""
    columns = {key: name for key, name in COLUMNS.items() if part.weights is not None or not key.endswith("_in_mix")}
    lines = []
    for name, figures in comparison(material, part, outcomes, against):
        cells = [shown(figures.get(key)) for key in columns]
        lines.append((name, cells[0], spread(figures.get("difference")), *cells[1:]))
    n_documents = int(part.documents.max()) + 1
    title = f"{title}: {part.name}, {len(part.which):,} sentences in {n_documents:,} documents"
    names = list(columns.values())
    return Table(title, ("", names[0], "against shipped [95 %]", *names[1:]), lines)


def shown(figure: mt.Figure | None) -> str:
    """Write a figure."""
    return "–" if figure is None or not np.isfinite(figure.value) else f"{figure.value:.3f}"


def spread(figure: mt.Figure | None) -> str:
    """Write a difference with its interval; a star where the interval does not hold 0."""
    if figure is None or not np.isfinite(figure.value):
        return "–"
    sure = " *" if figure.low > 0 or figure.high < 0 else ""
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]{sure}"
