"""Strength by the annotation guide's order of decisions alone, with nothing learnt.

The baseline that the classifier has to beat: what the rule layers found, put through ``docs/annotation-guide.md``,
section 1, rules 1 to 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scorer.labels import ACCOUNTABLE
from scorer.reading import Reading

_NO_CLAIM_KINDS: Final = frozenset({"dateline", "address"})
_SHORTEST: Final = 4
"""Tokens below which a heading or a line without a stop reports nothing."""
_ENDS: Final = frozenset(".!?")
_CLOSING: Final = frozenset("\"')]")
_FOOTING: Final = {"vague": "unverified", "anonymous": "weak", "role": "moderate", "named": "moderate"}
"""Unhedged word of a source, by identification, the least accountable first."""


def rules_only(readings: Sequence[Reading]) -> list[str]:
    """Decide strengths by rule.

    Parameters
    ----------
    readings : sequence of Reading, shape (n_sentences,)
        What the rule layers found.

    Returns
    -------
    list of str, shape (n_sentences,)
        Strengths.
    """
    return [_decide(reading) for reading in readings]


def _decide(reading: Reading) -> str:
    if _is_no_claim(reading):
        return "not_a_claim"
    return _by_check(reading) or _by_hedge(reading) or _by_source(reading)


def _is_no_claim(reading: Reading) -> bool:
    """Rule 1: a unit that reports nothing; what somebody is given as saying is always a claim."""
    if reading.sentence.kind in _NO_CLAIM_KINDS:
        return True
    lows = [low for low in reading.tokens.lows if low not in _CLOSING]
    if not lows:
        return True
    if reading.attributions:
        return False
    return lows[-1] in "?:" or (len(lows) < _SHORTEST and lows[-1] not in _ENDS)


def _by_check(reading: Reading) -> str | None:
    """Rules 2 and 6: what the text says of a check."""
    status = reading.check.status
    if status == "none":
        return None
    category = reading.checks[0].category if reading.check.own and reading.checks else ""
    if status == "verified":
        return "strong" if category == "confirmed" else "verified"
    if status == "disputed":
        # A denial is the denier's own word; next to somebody else's claim it makes that one contested.
        if category == "denied" and len(reading.attributions) > 1:
            return "weak"
        return "unverified" if category == "false" and not reading.check.own else None
    return "unverified" if status == "unverified" else "strong"


def _by_hedge(reading: Reading) -> str | None:
    """Rule 5: a hedge on the main claim."""
    categories = {hedge.category for hedge in reading.hedges if hedge.on_main}
    if not categories:
        return None
    if not reading.attributions or all(a.identification == "vague" for a in reading.attributions):
        return "unverified" if categories & {"hearsay", "unverified"} or reading.attributions else "weak"
    return "weak"


def _by_source(reading: Reading) -> str:
    """Rules 3, 4, 7 and 9: the least accountable link counts."""
    if not reading.attributions:
        return "strong"
    first = reading.attributions[0]
    identifications = {attribution.identification for attribution in reading.attributions}
    for identification, strength in _FOOTING.items():
        if identification in identifications and identification not in ACCOUNTABLE:
            return strength
    if first.source_type == "document" or first.category == "confirm":
        return "strong"
    return _FOOTING.get(first.identification, "strong")
