"""Which features, weights and readings carry the result: leave each out, or leave it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import numpy as np

from scorer.baselines import tfidf
from scorer.evaluate_text import Table
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS
from scorer.metrics import Floats, Ints
from scorer.pipeline import VERIFICATION_WEIGHT
from scorer.rules import rules_only
from strengthening.material import WORDS, Material, dense_features
from strengthening.models import linear
from strengthening.parallel import side_by_side
from strengthening.trials import SHIPPED, Laid, Outcome, Trial, lay_out, run, table

SHIPPED_TRIAL = Trial(SHIPPED, linear)
UNWEIGHTED = Trial("not weighted to the mix of news", partial(linear, weighted=False), weighted=False)
_WEIGHTS = ("_with_weight_near_", "attributed_without_weight", "own_voice_without_cue")
"""What columns are called that hold the learnt weight of a report cue."""


def trials(names: np.ndarray) -> list[Trial]:
    """List what is left out, or left alone; `names` are those of the dense columns."""
    group = np.array([name.split("__")[0] for name in names])
    groups = list(dict.fromkeys(group.tolist()))
    weight = np.array([any(mark in name for mark in _WEIGHTS) for name in names])
    # The features of the source say as well whether the claim is hedged.
    unhedged = np.array([name.endswith("_unhedged") for name in names])
    plain = np.where(group == "verification", 1 / VERIFICATION_WEIGHT, 1.0)
    return [
        *(Trial(f"without {name}", partial(linear, keep=group != name)) for name in groups),
        Trial(f"without {WORDS}", partial(linear, words=False)),
        *(Trial(f"{name} alone", partial(linear, keep=group == name, words=False)) for name in groups),
        Trial(f"{WORDS} alone", partial(linear, keep=np.zeros(len(names), dtype=bool))),
        Trial("without all that tells of hedges but words", partial(linear, keep=(group != "hedging") & ~unhedged)),
        Trial("without weights of report cues", partial(linear, keep=~weight)),
        Trial("verification not scaled up", partial(linear, scale=plain)),
        Trial("C = 0.3", partial(linear, C=0.3)),
        Trial("C = 3", partial(linear, C=3.0)),
        UNWEIGHTED,
    ]


def ablation(material: Material, laid: Laid, shipped: Outcome, jobs: int) -> list[Table]:
    """Measure everything that is left out, and what is had for less."""
    outcomes = run(material, laid, trials(material.names), jobs)
    dense, _ = dense_features(material.ruled)
    read = Trial("read by rules, nothing learnt there", linear)
    outcomes += run(material, lay_out(material, dense=dense, ruled=True), [read], jobs)
    outcomes = [shipped, *outcomes, *baselines(material, jobs)]
    return [table("Ablation", material, part, outcomes, shipped) for part in material.parts]


def baselines(material: Material, jobs: int) -> list[Outcome]:
    """Say what the majority, the guide's rules alone, and TF-IDF with a logistic regression say."""
    rows = material.rows
    ruled = np.array([STRENGTHS.index(name) for name in rules_only(material.ruled)])
    (most, n), *_ = Counter(material.codes[: material.n_data].tolist()).most_common(1)
    constant = np.full(len(rows), most)
    sure = np.zeros((len(rows), len(STRENGTHS)))
    sure[:, most] = n / material.n_data
    labels, probabilities = constant.copy(), np.zeros((len(rows), len(STRENGTHS)))
    answers = side_by_side(
        jobs, _tfidf, [([rows[k] for k in train], [rows[k] for k in test]) for train, test in material.splits]
    )
    for split, (guess, confidence) in zip(material.splits, answers, strict=True):
        labels[split.test] = guess
        probabilities[split.test, guess] = confidence
    return [
        Outcome("TF-IDF + LR", labels, probabilities),
        Outcome("rules only", ruled, None),
        Outcome("majority", constant, sure),
    ]


def _tfidf(train: Sequence[LabelledSentence], test: Sequence[LabelledSentence]) -> tuple[Ints, Floats]:
    guess = tfidf(train, test)
    confidence = np.zeros(len(test)) if guess.confidence is None else guess.confidence
    return np.array([STRENGTHS.index(label) for label in guess.labels]), confidence
