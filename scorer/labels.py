"""The closed vocabularies of the annotation guide, in their order.

Every other module takes the labels from here; ``docs/annotation-guide.md`` says what each of them means.
"""

from __future__ import annotations

from typing import Final

STRENGTHS: Final = ("not_a_claim", "unverified", "weak", "moderate", "strong", "verified")
"""Evidential strength, from nothing claimed to checked; all but the first form an ordinal scale."""

LEVELS: Final = {"unverified": 0.0, "weak": 25.0, "moderate": 50.0, "strong": 75.0, "verified": 100.0}
"""Points on the 0-100 score for each strength that is a claim."""

SOURCE_TYPES: Final = (
    "none",
    "official",
    "organisation",
    "expert",
    "document",
    "media",
    "witness",
    "social_media",
    "individual",
    "unspecified",
)
"""What kind of source the main claim hangs on."""

IDENTIFICATIONS: Final = ("none", "named", "role", "anonymous", "vague")
"""Whether the source can be held to account, from nobody needed to nobody there."""

VERIFICATIONS: Final = ("none", "verified", "unverified", "disputed", "no_comment")
"""What the text says of a check on the claim."""

HEDGE_CATEGORIES: Final = (
    "modal",
    "adverb",
    "adjective",
    "epistemic_verb",
    "estimate",
    "evidential",
    "noun",
    "conditional",
    "doubt",
    "unverified",
    "accusation",
    "hearsay",
    "forecast",
)
"""Kinds of hedge; each has its features, so that a lexicon may hold no other."""

CUE_CATEGORIES: Final = (
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
)
"""Kinds of words that attach a source to a claim."""

CHECK_CATEGORIES: Final = (
    "verified",
    "confirmed",
    "observed",
    "observer",
    "corroborated",
    "unverified",
    "denied",
    "false",
    "no_comment",
)
"""Kinds of words that tell of a check."""

KINDS: Final = ("prose", "heading", "dateline", "address")
"""What kind of text unit a sentence is; everything that is not running text gets a kind of its own."""

ACCOUNTABLE: Final = frozenset({"named", "role"})
"""Identifications of a source that a reader could hold to account."""
