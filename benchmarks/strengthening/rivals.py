"""Other models over the same features and folds: what would be gained by leaving the linear one."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from scorer.evaluate_text import Table
from scorer.labels import STRENGTHS
from scorer.metrics import Floats, Ints
from strengthening import models
from strengthening.material import Material
from strengthening.trials import Laid, Outcome, Trial, calibrated, run, table

NO_CLAIM_COST: Final = 2.0
"""What it costs to take a claim for none, or the other way round, where one level of strength costs 1."""
BOOSTING: Final = "gradient boosting, dense features"
TRIALS: Final = (
    Trial("linear SVM, sigmoids", models.support_vectors),
    Trial(BOOSTING, models.boosting),
    Trial("extra trees, dense features", models.extra_trees),
    Trial("stacking: words, then boosting", partial(models.stacking, alone=True)),
    Trial("stacking: shipped, then boosting", partial(models.stacking, alone=False)),
    Trial("ordinal: cumulative regressions", models.ordinal),
    Trial("hierarchical: claim, voice, level", models.hierarchical),
    Trial("pairs of dense features", models.paired),
)


def rivals(material: Material, laid: Laid, shipped: Outcome, jobs: int) -> list[Table]:
    """Measure the other models."""
    outcomes = run(material, laid, TRIALS, jobs)
    boosted = next(outcome.probabilities for outcome in outcomes if outcome.name == BOOSTING)
    own = shipped.probabilities
    if own is None or boosted is None:
        raise ValueError("models that are averaged give probabilities")
    mean = np.log(np.maximum((own + boosted) / 2, models.LEAST))
    outcomes += [
        calibrated(material, "mean of shipped and boosting", mean),
        Outcome("shipped, least expected cost", cheapest(own), own),
    ]
    return [table("Models", material, part, [shipped, *outcomes], shipped) for part in material.parts]


def cheapest(probabilities: Floats) -> Ints:
    """Choose the label whose expected cost is least: the distance of levels, `NO_CLAIM_COST` beside the scale."""
    places = np.arange(len(STRENGTHS))
    cost = np.abs(places[:, None] - places[None, :]).astype(np.float64)
    cost[0, 1:] = cost[1:, 0] = NO_CLAIM_COST
    return np.asarray((probabilities @ cost).argmin(axis=1))
