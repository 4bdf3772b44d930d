"""scikit-learn transformers from readings to numbers, one per family of evidence.

Every feature lies in [0, 1] and is 0.0 where nothing was found, so that a linear model's contributions are its
coefficients times what is there, and an absent cue contributes nothing to the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from scorer import word_classes as wc
from scorer.labels import ACCOUNTABLE, IDENTIFICATIONS, KINDS, SOURCE_TYPES, VERIFICATIONS
from scorer.reading import Reading

Floats = NDArray[np.float64]


def check_readings(readings: Any) -> list[Reading]:
    """Refuse anything but a sequence of readings, with the remedy.

    Raises
    ------
    TypeError
        For a string, a table, or items of another class.
    """
    if isinstance(readings, str) or hasattr(readings, "columns") or not hasattr(readings, "__len__"):
        raise TypeError(f"expected a sequence of Reading, got {type(readings).__name__}; make them with Reader.read")
    items = list(readings)
    for item in items:
        if not isinstance(item, Reading):
            raise TypeError(f"expected Reading items, got {type(item).__name__}; make them with Reader.read")
    return items


class _ReadingFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Base of the dense transformers: a fixed list of names, one row of numbers per reading."""

    _names: tuple[str, ...] = ()

    def fit(self, X: Sequence[Reading], y: Any = None) -> Self:
        """Check the input; there is nothing to learn.

        Parameters
        ----------
        X : sequence of Reading, shape (n_sentences,)
            Readings.
        y : ignored
            Only for scikit-learn.

        Returns
        -------
        self
        """
        check_readings(X)
        self.feature_names_ = np.array(self._names, dtype=object)
        self.n_features_ = len(self._names)
        return self

    def transform(self, X: Sequence[Reading]) -> Floats:
        """Turn readings into numbers.

        Parameters
        ----------
        X : sequence of Reading, shape (n_sentences,)
            Readings.

        Returns
        -------
        ndarray of float64, shape (n_sentences, n_features)
            Finite, in [0, 1].
        """
        readings = check_readings(X)
        out = np.zeros((len(readings), len(self._names)))
        row_of = self._row
        for i, reading in enumerate(readings):
            row_of(reading, out[i])
        return out

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Give the names of the columns."""
        return np.array(self._names, dtype=object)

    def _row(self, reading: Reading, row: Floats) -> None:
        raise NotImplementedError


_HEDGE_CATEGORIES: Final = (
    "modal",
    "adverb",
    "adjective",
    "epistemic_verb",
    "evidential",
    "noun",
    "conditional",
    "doubt",
    "unverified",
    "accusation",
    "hearsay",
    "forecast",
)


class HedgeFeatures(_ReadingFeatures):
    """How the sentence is hedged: by which kinds of hedge, and whether on its main claim."""

    _names = (
        *(f"main_{category}" for category in _HEDGE_CATEGORIES),
        *(f"background_{category}" for category in _HEDGE_CATEGORIES),
        "has_main_hedge",
        "has_background_hedge",
        "has_quoted_hedge",
        "n_hedges_of_4",
        "strongest_main_hedge",
        "main_hedge_with_accountable_source",
        "main_hedge_without_source",
    )
    _column = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        hedges = reading.hedges
        if not hedges:
            return
        column = self._column
        strongest = 0.0
        for hedge in hedges:
            side = "main_" if hedge.on_main else "background_"
            row[column[side + hedge.category]] = 1.0
            if hedge.on_main:
                strongest = max(strongest, hedge.strength)
                row[column["has_main_hedge"]] = 1.0
            else:
                row[column["has_background_hedge"]] = 1.0
            if hedge.in_quote:
                row[column["has_quoted_hedge"]] = 1.0
        row[column["n_hedges_of_4"]] = min(len(hedges), 4) / 4
        row[column["strongest_main_hedge"]] = strongest
        if strongest:
            if not reading.attributions:
                row[column["main_hedge_without_source"]] = 1.0
            elif reading.attributions[0].identification in ACCOUNTABLE:
                row[column["main_hedge_with_accountable_source"]] = 1.0


_CUE_CATEGORIES: Final = (
    "say",
    "announce",
    "confirm",
    "deny",
    "act",
    "accuse",
    "think",
    "show",
    "see",
    "manner",
    "preposition",
    "cite",
    "adverb",
    "hearsay",
    "noun",
    "label",
)
_CONTENTS: Final = ("quotation", "clause", "phrase")
_POSITIONS: Final = ("before", "after", "inside", "alone", "carried")


class SourceFeatures(_ReadingFeatures):
    """Who vouches for the main claim: kind of source, accountability, cue, position, and how many there are."""

    _names = (
        *(f"type_{name}" for name in SOURCE_TYPES),
        *(f"identification_{name}" for name in IDENTIFICATIONS),
        *(f"cue_{name}" for name in _CUE_CATEGORIES),
        *(f"position_{name}" for name in _POSITIONS),
        *(f"type_{name}_{side}" for name in SOURCE_TYPES[1:] for side in ("accountable", "unaccountable")),
        *(f"cue_{name}_{side}" for name in _CUE_CATEGORIES for side in ("accountable", "unaccountable")),
        *(f"content_{name}_{side}" for name in _CONTENTS for side in ("accountable", "unaccountable")),
        *(f"cue_{name}_with_phrase" for name in _CUE_CATEGORIES),
        *(f"cue_{name}_of_{what}" for name in _CUE_CATEGORIES for what in ("document", "speaker")),
        "factivity",
        "has_second_source",
        "least_accountable_is_anonymous",
        "least_accountable_is_vague",
        "has_antecedent",
        "is_accountable_unhedged",
        "is_document_unhedged",
        "is_unaccountable_unhedged",
        "is_flat_unhedged",
        "has_source_words",
    )
    _column = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        column = self._column
        hedged = any(hedge.on_main for hedge in reading.hedges)
        if not reading.attributions:
            row[column["type_none"]] = row[column["identification_none"]] = 1.0
            if not hedged:
                row[column["is_flat_unhedged"]] = 1.0
            return
        first = reading.attributions[0]
        row[column[f"type_{first.source_type}"]] = 1.0
        row[column[f"identification_{first.identification}"]] = 1.0
        if first.category:
            row[column[f"cue_{first.category}"]] = 1.0
        row[column[f"position_{first.position}"]] = 1.0
        accountable = first.identification in ACCOUNTABLE
        side = "accountable" if accountable else "unaccountable"
        row[column[f"type_{first.source_type}_{side}"]] = 1.0
        row[column[f"content_{first.content}_{side}"]] = 1.0
        if first.category:
            row[column[f"cue_{first.category}_{side}"]] = 1.0
            what = "document" if first.source_type == "document" else "speaker"
            row[column[f"cue_{first.category}_of_{what}"]] = 1.0
            if first.content == "phrase":
                row[column[f"cue_{first.category}_with_phrase"]] = 1.0
        row[column["factivity"]] = first.factivity
        if first.source is not None:
            row[column["has_source_words"]] = 1.0
        if first.antecedent is not None:
            row[column["has_antecedent"]] = 1.0
        if len(reading.attributions) > 1:
            row[column["has_second_source"]] = 1.0
            others = {attribution.identification for attribution in reading.attributions}
            if "vague" in others:
                row[column["least_accountable_is_vague"]] = 1.0
            elif "anonymous" in others:
                row[column["least_accountable_is_anonymous"]] = 1.0
        if not hedged:
            if first.source_type == "document":
                row[column["is_document_unhedged"]] = 1.0
            elif accountable:
                row[column["is_accountable_unhedged"]] = 1.0
            else:
                row[column["is_unaccountable_unhedged"]] = 1.0


class VerificationFeatures(_ReadingFeatures):
    """What the text says of a check on the claim, in the sentence itself or in a neighbour."""

    _names = (
        *(f"own_{name}" for name in VERIFICATIONS[1:]),
        *(f"neighbour_{name}" for name in VERIFICATIONS[1:]),
        "is_observed",
        "is_confirmed_by_authority",
        "is_found_false",
        "is_corroborated",
        "denial_with_source",
        "denial_without_source",
    )
    _column = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        column = self._column
        link = reading.check
        if link.status != "none":
            row[column[f"{'own' if link.own else 'neighbour'}_{link.status}"]] = 1.0
        for check in reading.checks:
            if check.category == "observed":
                row[column["is_observed"]] = 1.0
            elif check.category == "confirmed":
                row[column["is_confirmed_by_authority"]] = 1.0
            elif check.category == "false":
                row[column["is_found_false"]] = 1.0
            elif check.category == "corroborated":
                row[column["is_corroborated"]] = 1.0
            elif check.category == "denied":
                row[column["denial_with_source" if reading.attributions else "denial_without_source"]] = 1.0


_NEIGHBOUR_SIGNS: Final = (
    "is_accountable",
    "is_unaccountable",
    "is_verified",
    "is_unverified",
    "is_disputed",
    "is_quoted",
)


class NeighbourFeatures(_ReadingFeatures):
    """What the sentences beside it say that bears on this one: checks, a running quotation, its place.

    Attribution, hedging and length of the neighbours were tried and left out: they helped in cross-validation on the
    training text, whose documents are built alike, and cost accuracy on real news.
    """

    _names = (*(f"{side}_{what}" for side in ("before", "after") for what in _NEIGHBOUR_SIGNS), "is_first", "is_alone")
    _column = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        column = self._column
        context = reading.context
        if context.n_sentences == 1:
            row[column["is_alone"]] = 1.0
            return
        row[column["is_first"]] = float(context.place == 0)
        for side, summary in (("before", context.before), ("after", context.after)):
            if summary is None:
                continue
            if summary.identification in ACCOUNTABLE:
                row[column[side + "_is_accountable"]] = 1.0
            elif summary.identification != "none":
                row[column[side + "_is_unaccountable"]] = 1.0
            if summary.verification in ("verified", "unverified", "disputed"):
                row[column[f"{side}_is_{summary.verification}"]] = 1.0
            if summary.quoted:
                row[column[side + "_is_quoted"]] = 1.0


class FormFeatures(_ReadingFeatures):
    """What the sentence looks like: kind of unit, length, marks, person and number."""

    _names = (
        *(f"kind_{name}" for name in KINDS),
        "n_tokens_of_60",
        "is_under_4_tokens",
        "is_under_8_tokens",
        "ends_with_stop",
        "ends_with_question",
        "ends_with_colon",
        "ends_bare",
        "has_question_inside",
        "has_exclamation",
        "has_quotation",
        "is_all_quotation",
        "has_quotation_without_source",
        "quotes_under_5_tokens_without_source",
        "quoted_share",
        "capital_share",
        "is_upper_case",
        "has_number",
        "has_first_person",
        "has_second_person",
        "has_finite_auxiliary",
        "has_time_word",
        "begins_with_conjunction",
        "begins_with_number",
        "begins_with_bracket",
        "has_link_or_handle",
        "has_brackets",
    )
    _column = {name: k for k, name in enumerate(_names)}

    def _row(self, reading: Reading, row: Floats) -> None:
        column = self._column
        tokens = reading.tokens
        lows = tokens.lows
        n_tokens = len(lows)
        row[column[f"kind_{reading.sentence.kind}"]] = 1.0
        if not n_tokens:
            return
        row[column["n_tokens_of_60"]] = min(n_tokens, 60) / 60
        row[column["is_under_4_tokens"]] = float(n_tokens < 4)
        row[column["is_under_8_tokens"]] = float(n_tokens < 8)
        end = lows[-1]
        if end in "\"')" and n_tokens > 1:
            end = lows[-2]
        if end == ".":
            row[column["ends_with_stop"]] = 1.0
        elif end == "?":
            row[column["ends_with_question"]] = 1.0
        elif end == ":":
            row[column["ends_with_colon"]] = 1.0
        elif end not in ("!", "…"):
            row[column["ends_bare"]] = 1.0
        if "?" in lows:
            row[column["has_question_inside"]] = 1.0
        if "!" in lows:
            row[column["has_exclamation"]] = 1.0
        n_inside = sum(reading.inside)
        if n_inside:
            row[column["has_quotation"]] = 1.0
            row[column["quoted_share"]] = n_inside / n_tokens
            if not reading.attributions:
                row[column["has_quotation_without_source"]] = 1.0
                row[column["quotes_under_5_tokens_without_source"]] = float(n_inside < 7)
            row[column["is_all_quotation"]] = float(n_inside >= 0.9 * n_tokens)
        bits = 0
        for bit in reading.shape.bits:
            bits |= bit
        row[column["has_first_person"]] = float(bool(bits & wc.FIRST_PERSON))
        row[column["has_finite_auxiliary"]] = float(bool(bits & wc.AUXILIARY))
        row[column["has_time_word"]] = float(bool(bits & wc.TIME))
        row[column["has_second_person"]] = float("you" in lows or "your" in lows)
        row[column["begins_with_conjunction"]] = float(bool(reading.shape.bits[0] & wc.CONJUNCTION))
        row[column["begins_with_number"]] = float(lows[0][0].isdigit())
        row[column["begins_with_bracket"]] = float(lows[0] in "([")
        row[column["has_brackets"]] = float("(" in lows or "[" in lows)
        text = reading.sentence.text
        row[column["has_link_or_handle"]] = float("@" in text or "www." in text or "://" in text)
        row[column["has_number"]] = float(any(low[0].isdigit() for low in lows))
        row[column["capital_share"]] = sum(reading.shape.capital) / n_tokens
        row[column["is_upper_case"]] = float(text.isupper())
