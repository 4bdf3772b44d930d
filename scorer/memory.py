"""The sources of one document, by the words under which they come back: surnames, acronyms, roles, pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.names import ROLES
from scorer.sourcing import UNKNOWN, Kind
from scorer.tokens import Tokens

PERSONS: Final = frozenset({"official", "expert", "individual", "witness", "organisation", "media"})
"""Types of source that "he", "she" and "they" can stand for."""
_NAME_TO_ROLE: Final = 8


class Known(NamedTuple):
    """A source that the document has named, and the index of the sentence that did."""

    kind: Kind
    sentence: int


@dataclass(slots=True)
class Memory:
    """The sources that the sentences so far have named.

    Attributes
    ----------
    by_key : dict of str to Known
        By surname, acronym or head noun; the first mention counts.
    last_person, last_source : Known or None
        For pronouns.
    speaker : Known or None
        Who spoke last, with nothing said in the outlet's own voice since.
    speaker_quotes : bool
        Whether that speaker was quoted.
    """

    by_key: dict[str, Known] = field(default_factory=dict)
    last_person: Known | None = None
    last_source: Known | None = None
    speaker: Known | None = None
    speaker_quotes: bool = False

    def resolve(self, kind: Kind, bit: int) -> tuple[Kind, int | None]:
        """Give the kind that the document tells of a source, and the index of the sentence that tells it.

        Parameters
        ----------
        kind : Kind
            What the sentence itself tells.
        bit : int
            Class bits of the source's first word.
        """
        if kind.source_type == UNKNOWN and not kind.key:
            return self._resolve_pronoun(bit)
        known = self.by_key.get(kind.key) if kind.key else None
        if kind.source_type == UNKNOWN:
            if known is None:
                return Kind("individual", kind.identification, kind.key), None
            return Kind(known.kind.source_type, "named", kind.key), known.sentence
        is_role = kind.identification == "role" and bit & wc.DEFINITE
        if is_role and known is not None and known.kind.identification == "named":
            return Kind(known.kind.source_type, "named", kind.key), known.sentence
        return kind, None

    def _resolve_pronoun(self, bit: int) -> tuple[Kind, int | None]:
        if bit & wc.FIRST_PERSON:
            return Kind("media" if bit & wc.OWN_VOICE else "individual", "named", ""), None
        is_person = bool(bit & wc.THIRD_PERSON)
        known = self.last_person if is_person else self.last_source
        if known is None:
            return Kind("individual" if is_person else "organisation", "named", ""), None
        return known

    def keep(self, kind: Kind, index: int, extra_keys: Sequence[str] = ()) -> Known:
        """Remember a source under its own key and others; a key that is taken stays with whom it stood for first."""
        known = Known(kind, index)
        for key in (kind.key, *extra_keys):
            if key:
                self.by_key.setdefault(key, known)
        return known

    def introduce(self, tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun], index: int) -> None:
        """Remember people whom a sentence introduces, also where it attributes nothing to them."""
        lows = tokens.lows
        for noun in nouns:
            if noun.kind not in ROLES or noun.source_type == "unspecified":
                continue
            name = _name_after(lows, shape, noun)
            if name is None:
                name = _name_before(lows, shape, noun)
            if name is not None:
                self.keep(Kind(noun.source_type, "named", name), index)


def _name_after(lows: Sequence[str], shape: wc.Shape, role: Noun) -> str | None:
    """Give the last word of the name that follows a role: "Interior Minister Yonas Berek"."""
    bits, capital = shape.bits, shape.capital
    n_tokens = len(lows)
    first = role.last + 1
    if first < n_tokens and lows[first] == ".":
        first += 1
    end = first
    while end < n_tokens and not bits[end] & wc.TIME:
        if not capital[end] and not (end > first and bits[end] & wc.PARTICLE):
            break
        end += 1
    return lows[end - 1] if end > first else None


def _name_before(lows: Sequence[str], shape: wc.Shape, role: Noun) -> str | None:
    """Give the last word of the name whose apposition a role is: "Deborah Persaud, Guyana's foreign minister"."""
    comma = next((k for k in range(role.first - 1, max(-1, role.first - 1 - _NAME_TO_ROLE), -1) if lows[k] == ","), -1)
    if comma > 0 and shape.capital[comma - 1] and not shape.bits[comma - 1] & wc.TIME:
        return lows[comma - 1]
    return None
