"""The untrained pipeline: every family of evidence to numbers, and one linear classifier over all of them."""

from __future__ import annotations

from typing import Final

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from scorer.features import FormFeatures, HedgeFeatures, SourceFeatures, VerificationFeatures
from scorer.ngrams import WordNgrams

RANDOM_STATE: Final = 20191122
VERIFICATION_WEIGHT: Final = 4.0
"""Scale of the verification features, chosen among 1, 2 and 4: the figures on whole articles stay the same, and a claim
that the next sentence calls unverified is called so three times as often."""


def build_pipeline(*, C: float = 1.0, max_iter: int = 400) -> Pipeline:
    """Make the untrained pipeline: features, then classifier.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty, above 0.
    max_iter : int
        Steps of the solver at most.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Steps ``features`` (a `FeatureUnion` whose prefixes name the evidence) and ``classify``.
    """
    features = FeatureUnion(
        [
            ("hedging", HedgeFeatures()),
            ("source", SourceFeatures()),
            ("verification", VerificationFeatures()),
            ("form", FormFeatures()),
            ("words", WordNgrams()),
        ],
        # An explicit check decides over everything else (guide, rule 2), but is rare: without this weight the penalty
        # keeps its coefficients too small to overrule the claim's own words.
        transformer_weights={"verification": VERIFICATION_WEIGHT},
    )
    # Newton steps to a tight tolerance find the one optimum of this convex problem, so that a rebuilt model agrees with
    # the shipped one on any machine; the default solver stops where it happens to be.
    classify = LogisticRegression(C=C, max_iter=max_iter, solver="newton-cg", tol=1e-9, random_state=RANDOM_STATE)
    return Pipeline([("features", features), ("classify", classify)])
