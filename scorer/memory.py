"""The people and bodies of one document, by the words under which they come back: surnames, acronyms, roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.candidates import Noun
from scorer.naming import named_in, opening_name
from scorer.sourcing import UNKNOWN, Kind
from scorer.tokens import Tokens

PERSONS: Final = frozenset({"official", "expert", "individual", "witness", "organisation", "media"})
"""Types of source that "he", "she" and "they" can stand for."""
_FULL: Final = 2
"""Words of a full name, at least."""
_MOST_PEOPLE: Final = 4
"""People back to whom a pronoun can reach."""


@dataclass(slots=True, eq=False)
class Entity:
    """A person, body or document of one text; what is known of it grows as the text is read.

    Attributes
    ----------
    kind : Kind
        Type, identification and key.
    sentence : int
        Index of the sentence that named it first.
    name : str
        The fullest words seen for it.
    parts : tuple of str
        The words of its proper name, lower case; empty where it has none.
    is_person : bool
        Whether "he" and "she" can stand for it.
    number : int or None
        Its number among the document's sources; None as long as nothing was attributed to it.
    is_guess, is_retyped : bool
        Whether nothing tells that it is a person, and whether a later word told that it is none.
    gender : int
        Class bits that tell a man from a woman, by a title or by a pronoun that has stood for it; 0 as long as nothing
        tells.
    """

    kind: Kind
    sentence: int
    name: str = ""
    parts: tuple[str, ...] = ()
    is_person: bool = False
    number: int | None = None
    is_guess: bool = False
    is_retyped: bool = False
    gender: int = 0


class Resolved(NamedTuple):
    """What a document tells of a source: its kind, and whom its words stand for if that was met before."""

    kind: Kind
    entity: Entity | None


@dataclass(slots=True)
class Memory:
    """Whom the sentences so far have named.

    Attributes
    ----------
    by_key : dict of str to Entity
        By surname, acronym or head noun; the first mention counts.
    by_name : dict of tuple of str to Entity
        By full name, lower case, so that two people of one surname stay two.
    by_part : dict of str to Entity
        People by their first and middle names.
    shared : set of str
        Keys that two of them go by, so that the key alone points to neither.
    people : list of Entity
        People as they were mentioned last, the latest at the end; for "he" and "she".
    body : Entity or None
        The organisation that was named last, for "the company".
    last_source : Entity or None
        For "they" and "it".
    speaker : Entity or None
        Who spoke last, with nothing said in the outlet's own voice since.
    speaker_quotes : bool
        Whether that speaker was quoted.
    n_sources : int
        Sources numbered so far.
    """

    by_key: dict[str, Entity] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], Entity] = field(default_factory=dict)
    by_part: dict[str, Entity] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    people: list[Entity] = field(default_factory=list)
    body: Entity | None = None
    last_source: Entity | None = None
    speaker: Entity | None = None
    speaker_quotes: bool = False
    n_sources: int = 0

    def resolve(
        self, kind: Kind, bit: int, low: str, parts: tuple[str, ...] = (), *, generic: bool = False
    ) -> Resolved:
        """Tell what the document says of a source.

        Parameters
        ----------
        kind : Kind
            What the sentence itself tells.
        bit : int
            Class bits of the source's first word.
        low : str
            That word, lower case.
        parts : tuple of str
            The proper name that the words hold, lower case; empty where they hold none.
        generic : bool
            Whether the words are one that any organisation can go by ("the company").

        Returns
        -------
        Resolved
            ``entity`` is None for a source that is new.
        """
        if kind.source_type == UNKNOWN and not kind.key:
            return self._resolve_pronoun(bit)
        known = self._known(kind.key, parts)
        if known is None and generic and bit & wc.DEFINITE:
            known = self._body()
        if kind.source_type == UNKNOWN:
            if known is None:
                return Resolved(Kind("individual", kind.identification, kind.key), None)
            return Resolved(Kind(known.kind.source_type, "named", kind.key), known)
        if kind.identification == "named":
            if known is not None and kind.source_type == "individual":
                kind = kind._replace(source_type=known.kind.source_type)  # "Mr Berek" is the minister still
            return Resolved(kind, known)
        if known is None or not bit & wc.DEFINITE:
            return Resolved(kind, None)
        if kind.identification == "role" and known.kind.identification == "named":
            return Resolved(Kind(known.kind.source_type, "named", kind.key), known)
        return Resolved(kind, known if known.kind.identification == kind.identification else None)

    def _body(self) -> Entity | None:
        """Find the organisation that "the company" points to; a name that might be a person's is none from then on."""
        last = self.last_source
        if last is not None and last.is_guess and not last.gender:
            last.kind = last.kind._replace(source_type="organisation")
            last.is_guess, last.is_retyped, last.is_person = False, True, False
            if last in self.people:
                self.people.remove(last)
            self.body = last
        return self.body

    def _known(self, key: str, parts: tuple[str, ...]) -> Entity | None:
        """Find the entity that a key stands for, unless it has another full name than the one at hand."""
        if not key:
            return None
        if len(parts) > 1:
            found = self.by_name.get(parts)
            if found is not None:
                return found
        known = self.by_key.get(key)
        if key in self.shared and len(parts) < _FULL:
            # Two ministries, two people of one name: only the one who spoke last can be meant.
            last = self.last_source
            return last if last is not None and last.parts[-1:] == (key,) else None
        if known is None and len(parts) == 1:
            return self.by_part.get(key)
        if known is None or len(parts) < 2 or len(known.parts) < 2:
            return known
        return known if _is_part(parts, known.parts) or _is_part(known.parts, parts) else None

    def _resolve_pronoun(self, bit: int) -> Resolved:
        if bit & wc.FIRST_PERSON:
            return Resolved(Kind("media" if bit & wc.OWN_VOICE else "individual", "named", ""), None)
        if not bit & wc.THIRD_PERSON:
            known = self.last_source
            return Resolved(Kind("organisation", "named", ""), None) if known is None else Resolved(known.kind, known)
        for known in self.people[: -_MOST_PEOPLE - 1 : -1]:
            gender = bit & wc.GENDER
            if not (known.gender and gender) or known.gender == gender:
                known.gender = known.gender or gender
                return Resolved(known.kind, known)
        return Resolved(Kind("individual", "named", ""), None)

    def keep(
        self,
        kind: Kind,
        index: int,
        name: str,
        parts: tuple[str, ...] = (),
        keys: Sequence[str] = (),
        *,
        is_person: bool = False,
    ) -> Entity:
        """Remember somebody under a key and others; a key that is taken stays with whom it stood for first.

        Parameters
        ----------
        kind : Kind
            What is known of it.
        index : int
            The sentence that names it.
        name : str
            The words that name it, as written.
        parts : tuple of str
            The words of its proper name, lower case; empty where it has none.
        keys : sequence of str
            Other words under which it may come back.
        is_person : bool
            Whether "he" and "she" can stand for it.

        Returns
        -------
        Entity
            The one that was known already, or a new one.
        """
        if not parts and kind.identification == "anonymous":
            # "Two officials" and "three officials" are two groups; "the officials" was resolved before.
            parts = tuple(name.lower().split())
            known = self.by_name.get(parts)
            if known is None:
                known = self.by_name[parts] = Entity(kind, index, name, (), is_person)
                self.by_key.setdefault(kind.key, known)
            return known
        known = self._known(kind.key, parts)
        if known is None or (known.kind.identification != "named") == bool(parts):
            known = Entity(kind, index, name, parts, is_person)
        else:
            known.is_person = known.is_person or is_person
            if len(parts) > len(known.parts):
                known.name, known.parts = name, parts
        for key in (kind.key, *keys):
            if key:
                self.by_key.setdefault(key, known)
        if len(parts) > 1:
            self.by_name.setdefault(parts, known)
            if is_person:
                for part in parts[:-1]:
                    self.by_part.setdefault(part, known)
        if not is_person and kind.source_type == "organisation" and kind.identification == "named":
            self.body = known
        return known

    def number(self, entity: Entity) -> int:
        """Give the number of a source, the next one if it has none yet."""
        if entity.number is None:
            self.n_sources += 1
            entity.number = self.n_sources
        return entity.number

    def mention(self, entity: Entity) -> None:
        """Make somebody the person whom "he" or "she" reaches first."""
        people = self.people
        if not people or people[-1] is not entity:
            if entity in people:
                people.remove(entity)
            people.append(entity)

    def introduce(self, tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun], index: int) -> None:
        """Remember the people and bodies that a sentence names, also where it attributes nothing to them."""
        for named in named_in(tokens, shape, nouns):
            kind = Kind(named.source_type, "named", named.key)
            keys = (named.key, *named.keys)
            before = [self.by_key.get(key) for key in keys]
            known = self.keep(kind, index, named.words, named.parts, named.keys, is_person=named.is_person)
            known.gender = known.gender or named.gender
            for key, holder in zip(keys, before, strict=True):
                if holder is not None and holder is not known and _are_two(holder, known, key):
                    self.shared.add(key)

    def subject(self, tokens: Tokens, shape: wc.Shape, nouns: Sequence[Noun], index: int) -> None:
        """Make the person whom a sentence opens with the one that "he" or "she" in the next one stands for."""
        named = opening_name(tokens, shape, nouns)
        if named is None:
            return
        known = self._known(named.key, named.parts)
        if known is None and named.is_person:
            known = self.keep(Kind("individual", "named", named.key), index, named.words, named.parts, is_person=True)
        if known is not None and known.is_person:
            self.mention(known)


def _are_two(one: Entity, other: Entity, key: str) -> bool:
    """Tell whether two entities under one key have full names that share no other word."""
    if len(one.parts) < _FULL or len(other.parts) < _FULL:
        return False
    # A body's noun and its place are shared: "the Health Ministry of Karavia", "the Interior Ministry of Karavia".
    return one.parts[0] != other.parts[0] and (not one.is_person or set(one.parts) & set(other.parts) <= {key})


def _is_part(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether a name is another one with words left out ("Ann Roe", "Ann M. Roe")."""
    return short[0] == long[0] and short[-1] == long[-1] and len(short) <= len(long)
