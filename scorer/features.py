"""scikit-learn transformers from readings to numbers, one per family of evidence.

Every feature lies in [0, 1] and is 0.0 where nothing was found, so that a linear model's contributions are its
coefficients times what is there, and an absent cue contributes nothing to the reasons.
"""

from __future__ import annotations

from scorer.feature_base import ReadingFeatures
from scorer.feature_rows import HEDGE_NAMES, SOURCE_NAMES, VERIFICATION_NAMES, hedge_row, source_row, verification_row
from scorer.form_rows import FORM_NAMES, form_row


class HedgeFeatures(ReadingFeatures):
    """How the sentence is hedged: by which kinds of hedge, and whether on its main claim."""

    _names = HEDGE_NAMES
    _row = staticmethod(hedge_row)


class SourceFeatures(ReadingFeatures):
    """Who vouches for the main claim: kind of source, accountability, cue, position, and how many there are."""

    _names = SOURCE_NAMES
    _row = staticmethod(source_row)


class VerificationFeatures(ReadingFeatures):
    """What the text says of a check on the claim, in the sentence itself or in a neighbour."""

    _names = VERIFICATION_NAMES
    _row = staticmethod(verification_row)


class FormFeatures(ReadingFeatures):
    """What the sentence looks like: kind of unit, length, marks, person and number."""

    _names = FORM_NAMES
    _row = staticmethod(form_row)
