"""Closed word classes and capitals of a sentence's tokens: all that the phrase rules need to know of a word.

The words stand in ``lexicons/words.tsv``; each class is one bit here, so that a rule asks for several classes at once.
"""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

from scorer.lexicon import Lexicon
from scorer.memo import Memo
from scorer.tokens import Tokens, low_of

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


class _Form(NamedTuple):
    """What is known of a word as it is written, wherever it stands.

    Attributes
    ----------
    bits : int
        Its word classes where it does not begin its sentence.
    capital : bool
        As in `Shape`.
    first_bits : int
        Its word classes where it begins its sentence.
    own_bits : int
        The same whatever its capitals.
    """

    bits: int
    capital: bool
    first_bits: int
    own_bits: int


WordBits = Memo[_Form]
"""Word classes and capital of each word met so far."""


def word_bits(lexicon: Lexicon) -> WordBits:
    """Lay out the class bits of the words in ``words.tsv``, for `shape_of`."""
    bits: dict[str, int] = {}
    for name, bit in _BITS.items():
        for word in lexicon.classes.get(name, ()):
            bits[word] = bits.get(word, 0) | bit
    return Memo(partial(_form, bits))


def _form(bits: dict[str, int], word: str) -> _Form:
    low = low_of(word)
    own = inner = first = bits.get(low, 0)
    # The lower form also has its quotation marks straightened, and a curly mark is no capital.
    capital = word != low and not word[0].isdigit() and word != word.lower()
    if own and capital:
        if len(word) > 1 and word.isupper():
            inner = first = 0  # "WHO" and "IT" are no pronouns
        elif own & AUXILIARY:
            inner = 0  # "Will Smith", "Theresa May"
        else:
            inner = _without_names(own)
    return _Form(inner, capital, first, own)


def _without_names(bit: int) -> int:
    """Leave out that a word stands for a time if its capital makes it a name: "Doris Day", "Fall River"."""
    # Only weekdays and months have a capital as words of time.
    return bit & ~TIME if bit & TIME and not bit & CALENDAR else bit


def shape_of(tokens: Tokens, bits: WordBits) -> Shape:
    """Look up the class bits and capitals of a sentence's tokens.

    Parameters
    ----------
    tokens : Tokens
        The sentence.
    bits : WordBits
        From `word_bits`.

    Returns
    -------
    Shape
        Parallel to the tokens.
    """
    words = tokens.words
    if not words:
        return Shape([], [])
    inner, capital, first, own = zip(*map(bits.__getitem__, words), strict=True)
    if False in capital:
        return Shape([first[0], *inner[1:]], list(capital))
    # Where all has capitals, they tell nothing.
    return Shape([own[0], *map(_without_names, own[1:])], list(capital))


def is_adverb(low: str, bit: int) -> bool:
    """Tell whether a word is an adverb, by its class or its ending."""
    return bool(bit & ADVERB) or (low.endswith("ly") and not bit & LY_NOUN)


def is_plural(low: str, bit: int) -> bool:
    """Tell whether a word is a plural (or a pronoun that takes the plural's verb form)."""
    return bool(bit & PLURAL) or (low.endswith("s") and not low.endswith("ss"))
