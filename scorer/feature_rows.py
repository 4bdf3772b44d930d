"""What each reading says, feature by feature: hedging, source and verification.

Plain functions, so that the compiler can take them; `scorer.features` makes scikit-learn transformers of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from scorer.hedging import Hedge
from scorer.labels import ACCOUNTABLE, CUE_CATEGORIES, HEDGE_CATEGORIES, IDENTIFICATIONS, SOURCE_TYPES, VERIFICATIONS
from scorer.reading import Reading
from scorer.records import Attribution

Found = dict[int, float]
"""The columns of one row that are not 0, with their values."""


def gather(
    row_of: Callable[[Reading, Found], None], readings: Sequence[Reading]
) -> tuple[list[int], list[int], list[float]]:
    """Give how many columns of each reading are not 0, which these are, and what stands there, row after row."""
    counts: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for reading in readings:
        row: Found = {}
        row_of(reading, row)
        counts.append(len(row))
        columns.extend(row)
        values.extend(row.values())
    return counts, columns, values


HEDGE_NAMES: Final = (
    *(f"main_{category}" for category in HEDGE_CATEGORIES),
    *(f"background_{category}" for category in HEDGE_CATEGORIES),
    "has_main_hedge",
    "has_background_hedge",
    "has_quoted_hedge",
    "n_hedges_of_4",
    "strongest_main_hedge",
    "main_hedge_with_accountable_source",
    "main_hedge_with_confirmation",
    "main_hedge_without_source",
    "hearsay_beside_cue",
)
_HEDGE: Final = {name: k for k, name in enumerate(HEDGE_NAMES)}


def hedge_row(reading: Reading, row: Found) -> None:
    """Tell how a sentence is hedged: by which kinds of hedge, and whether on its main claim."""
    hedges = reading.hedges
    if not hedges:
        return
    column = _HEDGE
    strongest = 0.0
    # "Rumours say that he may have left": a hedge takes nothing from hearsay, and makes it no better.
    hearsay = bool(reading.attributions) and reading.attributions[0].identification == "vague"
    for hedge in hedges:
        on_main = hedge.on_main and (not hearsay or hedge.category in ("hearsay", "accusation"))
        row[column[("main_" if on_main else "background_") + hedge.category]] = 1.0
        if on_main:
            strongest = max(strongest, hedge.strength)
            row[column["has_main_hedge"]] = 1.0
        else:
            row[column["has_background_hedge"]] = 1.0
        if hedge.in_quote:
            row[column["has_quoted_hedge"]] = 1.0
    row[column["n_hedges_of_4"]] = min(len(hedges), 4) / 4
    if strongest:
        row[column["strongest_main_hedge"]] = strongest
        if not reading.attributions:
            row[column["main_hedge_without_source"]] = 1.0
            return
        first = reading.attributions[0]
        # "The minister reportedly said": hearsay of a source's word, which makes nothing of who the source is.
        if first.identification != "vague" and any(h.category == "hearsay" and _touches(h, first) for h in hedges):
            row[column["hearsay_beside_cue"]] = 1.0
        if first.identification in ACCOUNTABLE:
            row[column["main_hedge_with_accountable_source"]] = 1.0
        # A confirmation makes a plain claim strong, and a hedge undoes just that.
        if first.category == "confirm":
            row[column["main_hedge_with_confirmation"]] = 1.0


def _touches(hedge: Hedge, attribution: Attribution) -> bool:
    """Tell whether a hedge stands right before or behind the cue of an attribution, with a space between."""
    cue = attribution.cue
    return cue is not None and (cue.start - hedge.end == 1 or hedge.start - cue.end == 1)


_WEIGHT_KNOTS: Final[tuple[float, ...]] = (-4.0, -1.5, 0.0, 1.5, 4.0)
"""Learnt weights of a sentence's heaviest report cue (logits), between which its features are interpolated."""


def _heaviest(reading: Reading) -> float | None:
    """Give the learnt weight of the heaviest cue that names a source; None where there is none, or nothing learnt."""
    if not reading.candidates:
        return None
    weights = [cue.weight for cue in reading.candidates if cue.weight is not None and cue.first >= 0]
    return max(weights) if weights else None


def _near_knots(weight: float) -> list[tuple[int, float]]:
    """Spread a weight over the two knots beside it; the shares add up to 1."""
    if weight <= _WEIGHT_KNOTS[0]:
        return [(0, 1.0)]
    for k in range(1, len(_WEIGHT_KNOTS)):
        low, high = _WEIGHT_KNOTS[k - 1], _WEIGHT_KNOTS[k]
        if weight < high:
            share = (weight - low) / (high - low)
            return [(k - 1, 1.0 - share), (k, share)] if share else [(k - 1, 1.0)]
    return [(len(_WEIGHT_KNOTS) - 1, 1.0)]


_CONTENTS: Final = ("quotation", "clause", "phrase")
_POSITIONS: Final = ("before", "after", "inside", "carried")

SOURCE_NAMES: Final = (
    *(f"type_{name}" for name in SOURCE_TYPES),
    *(f"identification_{name}" for name in IDENTIFICATIONS),
    *(f"cue_{name}" for name in CUE_CATEGORIES),
    *(f"position_{name}" for name in _POSITIONS),
    *(f"type_{name}_{side}" for name in SOURCE_TYPES[1:] for side in ("accountable", "unaccountable")),
    *(f"cue_{name}_{side}" for name in CUE_CATEGORIES for side in ("accountable", "unaccountable")),
    *(f"content_{name}_{side}" for name in _CONTENTS for side in ("accountable", "unaccountable")),
    *(f"cue_{name}_with_phrase" for name in CUE_CATEGORIES),
    *(f"cue_{name}_of_{what}" for name in CUE_CATEGORIES for what in ("document", "speaker")),
    "type_hedged_document",
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
    *(f"{side}_with_weight_near_{knot:g}" for side in ("attributed", "own_voice") for knot in _WEIGHT_KNOTS),
    "attributed_without_weight",
    "own_voice_without_cue",
)
_SOURCE: Final = {name: k for k, name in enumerate(SOURCE_NAMES)}


def source_row(reading: Reading, row: Found) -> None:
    """Tell who vouches for the main claim: kind of source, accountability, cue, position, and how many there are."""
    column = _SOURCE
    _weigh(reading, row)
    hedged = bool(reading.hedges) and any(hedge.on_main for hedge in reading.hedges)
    if not reading.attributions:
        row[column["type_none"]] = 1.0
        row[column["identification_none"]] = 1.0
        if not hedged:
            row[column["is_flat_unhedged"]] = 1.0
        return
    first = reading.attributions[0]
    accountable = first.identification in ACCOUNTABLE
    # A record makes a claim strong only if it states it flatly (annotation guide, rule 5).
    source_type = "hedged_document" if hedged and first.source_type == "document" else first.source_type
    row |= _profile(source_type, first.identification, first.category, first.position, first.content)
    if first.factivity:
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


def _weigh(reading: Reading, row: Found) -> None:
    """Tell how sure the reading is that somebody, or nobody, vouches for the claim.

    An attribution that hangs by a thread is weaker evidence than a plain "said"; without this the probabilities of
    doubtful readings are as high as those of sure ones.
    """
    column = _SOURCE
    first = reading.attributions[0] if reading.attributions else None
    if first is not None and first.position == "carried":
        return
    weight = _heaviest(reading) if first is None or first.source is not None else None
    if weight is None:
        row[column["own_voice_without_cue" if first is None else "attributed_without_weight"]] = 1.0
        return
    side = "own_voice" if first is None else "attributed"
    lowest = column[f"{side}_with_weight_near_{_WEIGHT_KNOTS[0]:g}"]
    for knot, share in _near_knots(weight):
        row[lowest + knot] = share


@cache
def _profile(source_type: str, identification: str, category: str, position: str, content: str) -> Found:
    """Give the columns of `SOURCE_NAMES` that these labels of a primary attribution stand for, each 1."""
    side = "accountable" if identification in ACCOUNTABLE else "unaccountable"
    names = [
        f"type_{source_type}",
        f"identification_{identification}",
        f"position_{position}",
        f"content_{content}_{side}",
    ]
    if source_type != "hedged_document":
        names.append(f"type_{source_type}_{side}")
    if category:
        names += [
            f"cue_{category}",
            f"cue_{category}_{side}",
            f"cue_{category}_of_{'document' if source_type == 'document' else 'speaker'}",
        ]
        if content == "phrase":
            names.append(f"cue_{category}_with_phrase")
    return {_SOURCE[name]: 1.0 for name in names}


VERIFICATION_NAMES: Final = (
    *(f"own_{name}" for name in VERIFICATIONS[1:]),
    *(f"neighbour_{name}" for name in VERIFICATIONS[1:]),
    "is_observed",
    "is_confirmed_by_authority",
    "is_found_false",
    "is_corroborated",
    "denial_with_source",
    "denial_without_source",
)
_VERIFICATION: Final = {name: k for k, name in enumerate(VERIFICATION_NAMES)}


def verification_row(reading: Reading, row: Found) -> None:
    """Tell what the text says of a check on the claim, in the sentence itself or in a neighbour."""
    column = _VERIFICATION
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
