"""Closed word classes and capitals of a sentence's tokens: all that the phrase rules need to know of a word.

The words stand in ``lexicons/words.tsv``; each class is one bit here, so that a rule asks for several classes at once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from scorer.lexicon import Lexicon
from scorer.tokens import Tokens

_BITS: Final[dict[str, int]] = {}
"""Name of a class in ``words.tsv``, and its bit."""


def _bit(name: str) -> int:
    """Give a class the next free bit."""
    return _BITS.setdefault(name, 1 << len(_BITS))


ADDITIVE: Final = _bit("additive")
ADVERB: Final = _bit("adverb")
AGENT: Final = _bit("agent_preposition")
ANONYMOUS_LEAD: Final = _bit("anonymous_lead")
ARTICLE: Final = _bit("article")
AUXILIARY: Final = _bit("auxiliary")
BACKGROUND_LEAD: Final = _bit("background_lead")
BE: Final = _bit("be")
CHECKED: Final = _bit("checked")
CLAUSE_COORDINATOR: Final = _bit("clause_coordinator")
CLAUSE_LEAD: Final = _bit("clause_lead")
CONJUNCTION: Final = _bit("conjunction")
COORDINATOR: Final = _bit("coordinator")
DEFINITE: Final = _bit("definite")
DETERMINER: Final = _bit("determiner")
DUMMY: Final = _bit("dummy_subject")
FEMININE: Final = _bit("feminine")
FILED_RECORD: Final = _bit("filed_record")
FIRST_PERSON: Final = _bit("first_person")
FLOATING: Final = _bit("floating")
FREE_RELATIVE: Final = _bit("free_relative")
GENERIC_BODY: Final = _bit("generic_body")
GENERIC_ROLE: Final = _bit("generic_role")
HAVE: Final = _bit("have")
HEARSAY_LINK: Final = _bit("hearsay_link")
INDEFINITE: Final = _bit("indefinite")
INSTRUCTION: Final = _bit("instruction_lead")
IRREGULAR_PARTICIPLE: Final = _bit("irregular_participle")
LINK: Final = _bit("link_preposition")
LY_NOUN: Final = _bit("ly_noun")
MASCULINE: Final = _bit("masculine")
NEGATIVE: Final = _bit("negative")
NOMINAL: Final = _bit("nominal")
NOUN_ONLY_NEXT: Final = _bit("noun_only_next")
NUMBER: Final = _bit("number")
OBJECT_PRONOUN: Final = _bit("object_pronoun")
OPENING_MARK: Final = _bit("opening_mark")
OWN_VOICE: Final = _bit("own_voice")
PARTICIPLE: Final = _bit("participle")
PARTICLE: Final = _bit("name_particle")
PAST: Final = _bit("past")
PERSON_PRONOUN: Final = _bit("person_pronoun")
PHRASE_ENDER: Final = _bit("phrase_ender")
PLACE_PREPOSITION: Final = _bit("place_preposition")
PLURAL: Final = _bit("plural")
POSSESSIVE: Final = _bit("possessive")
PREPOSITION: Final = _bit("preposition")
PRONOUN: Final = _bit("pronoun")
RELATIVE: Final = _bit("relative")
SCHOLARLY: Final = _bit("scholarly_verb")
SERVICE: Final = _bit("service_word")
SUBORDINATOR: Final = _bit("subordinator")
SUFFIX: Final = _bit("suffix")
SURNAME_NOUN: Final = _bit("surname_noun")
THAT: Final = _bit("that")
THIRD_PERSON: Final = _bit("third_person")
TIME: Final = _bit("time")
TIME_LEAD: Final = _bit("time_lead")
TRANSITIVE: Final = _bit("transitive_report")
VENUE: Final = _bit("venue")
VERB_ONLY: Final = _bit("verb_only")
VERB_PARTICLE: Final = _bit("verb_particle")
WEAK_PREPOSITION: Final = _bit("weak_preposition")
WHO: Final = _bit("strong_relative")
GENDER: Final = MASCULINE | FEMININE
CALENDAR: Final = _bit("weekday") | _bit("month")

STOPS: Final = frozenset(',;:.!?()[]"—–-…|')
"""Marks that end a phrase."""


class Shape(NamedTuple):
    """The class bits of each token, and whether it is written as a name.

    Attributes
    ----------
    bits : list of int
        Each token's word classes.
    capital : list of bool
        Whether a token holds a capital ("el-Sisi" and "d'Arcy" are names too) and does not begin with a digit.
    """

    bits: list[int]
    capital: list[bool]


def word_bits(lexicon: Lexicon) -> dict[str, int]:
    """Give the class bits of every word in ``words.tsv``."""
    bits: dict[str, int] = {}
    for name, bit in _BITS.items():
        for word in lexicon.classes.get(name, ()):
            bits[word] = bits.get(word, 0) | bit
    return bits


def shape_of(tokens: Tokens, bits: dict[str, int]) -> Shape:
    """Look up the class bits and capitals of a sentence's tokens.

    Parameters
    ----------
    tokens : Tokens
        The sentence.
    bits : dict of str to int
        From `word_bits`.

    Returns
    -------
    Shape
        Parallel to the tokens.
    """
    get = bits.get
    words, lows = tokens.words, tokens.lows
    of_token = [get(low, 0) for low in lows]
    # The lower form also has its quotation marks straightened, and a curly mark is no capital.
    capital = [
        word != low and not word[0].isdigit() and word != word.lower() for word, low in zip(words, lows, strict=True)
    ]
    if True in capital:
        all_capitals = False not in capital
        for k, bit in enumerate(of_token):
            if bit and capital[k]:
                if len(words[k]) > 1 and words[k].isupper() and not all_capitals:
                    of_token[k] = 0  # "WHO" and "IT" are no pronouns
                elif k and bit & AUXILIARY and not all_capitals:
                    of_token[k] = 0  # "Will Smith", "Theresa May"
                elif k and bit & TIME and not bit & CALENDAR:
                    # "Doris Day" and "Fall River" are names; only weekdays and months have a capital as words of time.
                    of_token[k] = bit & ~TIME
    return Shape(of_token, capital)


def is_adverb(low: str, bit: int) -> bool:
    """Tell whether a word is an adverb, by its class or its ending."""
    return bool(bit & ADVERB) or (low.endswith("ly") and not bit & LY_NOUN)


def is_plural(low: str, bit: int) -> bool:
    """Tell whether a word is a plural (or a pronoun that takes the plural's verb form)."""
    return bool(bit & PLURAL) or (low.endswith("s") and not low.endswith("ss"))
