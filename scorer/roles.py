"""For whom somebody with a role speaks: "director of the health ministry", "Halden Council's spokeswoman"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.names import BODIES, noun_after, noun_before
from scorer.tokens import Tokens

_TO_BODY_BEFORE: Final = 3
_TO_BODY_AFTER: Final = 5
"""Tokens within which a body stands beside the role."""


def role_type(tokens: Tokens, shape: wc.Shape, role: Noun, nouns: Sequence[Noun]) -> str:
    """Tell the type of source that somebody with a role is.

    A minister is an official wherever he stands; a president, a director or a spokeswoman is what the body is that the
    sentence names beside them.

    Parameters
    ----------
    tokens, shape
        The sentence.
    role : Noun
        The noun for the role.
    nouns : sequence of Noun
        The source nouns of the sentence, in order.

    Returns
    -------
    str
        One of `scorer.labels.SOURCE_TYPES`.
    """
    if role.source_type == "unspecified" and role.kind == "person":
        body = _body_beside(tokens.lows, shape, role, nouns)
        # "sources in the defence ministry": unnamed, but of a body.
        return "official" if body is not None and body.source_type == "official" else role.source_type
    if role.kind != "voice" and not shape.bits[role.last] & wc.GENERIC_ROLE:
        return role.source_type
    body = _body_beside(tokens.lows, shape, role, nouns)
    if body is not None:
        return "official" if body.kind == "state" else body.source_type
    before = role.first - 1
    if before >= 0 and shape.capital[before] and not shape.bits[before] and not shape.capital[role.first]:
        return "organisation"  # "Western Graingrowers president": a body that no lexicon knows
    return "organisation" if role.source_type == "unspecified" else role.source_type


def _body_beside(lows: Sequence[str], shape: wc.Shape, role: Noun, nouns: Sequence[Noun]) -> Noun | None:
    """Find the body that a role belongs to, before it in the same phrase or after a preposition."""
    body = noun_before(nouns, role.first)
    if body is not None and body.kind in BODIES and role.first - body.last <= _TO_BODY_BEFORE:
        between = lows[body.last + 1 : role.first]
        if wc.STOPS.isdisjoint(between):
            return body
    link = role.last + 1
    if link < len(lows) and shape.bits[link] & wc.LINK:
        body = noun_after(nouns, link)
        if body is not None and body.kind not in BODIES:
            body = noun_after(nouns, body.first)  # "president of the Dockers' Union"
        if body is not None and body.kind in BODIES and body.first - link <= _TO_BODY_AFTER:
            between = lows[link + 1 : body.first]
            if wc.STOPS.isdisjoint(between):
                return body
    return None
