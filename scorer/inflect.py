"""Inflected forms of the verbs and nouns in the lexicons.

Regular forms follow the spelling rules of English (Huddleston & Pullum 2002, ch. 18); irregular ones stand in
``lexicons/inflections.tsv``. Forms are made once, when a lexicon is compiled, so that matching is a look-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

_VOWELS: Final = frozenset("aeiou")
_SIBILANTS: Final = ("s", "x", "z", "ch", "sh")


class VerbForms(NamedTuple):
    """The five forms of a verb; ``past`` and ``participle`` may hold variants."""

    base: str
    third: str
    past: tuple[str, ...]
    participle: tuple[str, ...]
    gerund: str


def with_s(word: str) -> str:
    """Give the third person of a regular verb or the plural of a regular noun.

    Examples
    --------
    >>> [with_s(word) for word in ("deny", "say", "stress", "claim")]
    ['denies', 'says', 'stresses', 'claims']
    """
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_SIBILANTS) else "s")


def verb_forms(base: str, irregular: Mapping[str, tuple[str, ...]]) -> VerbForms:
    """Inflect a verb.

    Parameters
    ----------
    base : str
        The plain form.
    irregular : mapping of str to tuple of str
        Plain form to (third, past, participle, gerund), variants joined by ``/``; an empty field means regular.

    Returns
    -------
    VerbForms
        All five forms.

    Examples
    --------
    >>> verb_forms("deny", {})
    VerbForms(base='deny', third='denies', past=('denied',), participle=('denied',), gerund='denying')
    """
    if base.endswith("e"):
        past, gerund = base + "d", (base if base.endswith(("ee", "oe", "ye")) else base[:-1]) + "ing"
    elif base.endswith("y") and base[-2:-1] not in _VOWELS:
        past, gerund = base[:-1] + "ied", base + "ing"
    else:
        past, gerund = base + "ed", base + "ing"
    given = irregular.get(base, ("", "", "", ""))
    pasts = tuple(given[1].split("/")) if given[1] else (past,)
    participles = tuple(given[2].split("/")) if given[2] else pasts
    return VerbForms(base, given[0] or with_s(base), pasts, participles, given[3] or gerund)
