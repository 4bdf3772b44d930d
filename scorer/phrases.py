"""Noun phrases beside a verb, found without a parser: where the words that name a source begin and end.

The rules walk over tokens from the cue to the nearest clause boundary and then trim what is no part of the name:
leading adverbials ("On Friday", "In a statement"), relative clauses, ages, adverbs. What bounds a clause is a word
class from ``words.tsv``, so that a new word needs no new code.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final, NamedTuple

from scorer.lexicon import Lexicon
from scorer.tokens import Tokens

_FLAGS: Final = (
    "determiner",
    "definite",
    "indefinite",
    "pronoun",
    "object_pronoun",
    "preposition",
    "link_preposition",
    "auxiliary",
    "negative",
    "adverb",
    "conjunction",
    "coordinator",
    "subordinator",
    "strong_relative",
    "time",
    "time_lead",
    "venue",
    "name_particle",
    "suffix",
    "possessive",
    "clause_lead",
    "relative",
    "be",
    "anonymous_lead",
    "have",
    "number",
    "person_pronoun",
    "demonstrative",
    "first_person",
    "verb_particle",
    "nominal",
    "background_lead",
    "dummy_subject",
    "plural",
    "weak_preposition",
    "agent_preposition",
    "noun_only_next",
    "article",
    "clause_coordinator",
    "phrase_ender",
    "place_preposition",
    "that",
    "additive",
    "third_person",
    "own_voice",
    "opening_mark",
    "ly_noun",
    "weekday",
    "month",
    "transitive_report",
    "hearsay_link",
)
_BIT: Final = {name: 1 << k for k, name in enumerate(_FLAGS)}
DETERMINER, INDEFINITE = _BIT["determiner"], _BIT["indefinite"]
PRONOUN, PERSON_PRONOUN = _BIT["pronoun"], _BIT["person_pronoun"]
PREPOSITION, LINK = _BIT["preposition"], _BIT["link_preposition"]
AUXILIARY, NEGATIVE, ADVERB, BE, HAVE = (_BIT[k] for k in ("auxiliary", "negative", "adverb", "be", "have"))
COORDINATOR, CONJUNCTION = _BIT["coordinator"], _BIT["conjunction"]
SUBORDINATOR, WHO, RELATIVE = _BIT["subordinator"], _BIT["strong_relative"], _BIT["relative"]
TIME, TIME_LEAD, VENUE = _BIT["time"], _BIT["time_lead"], _BIT["venue"]
PARTICLE, SUFFIX, POSSESSIVE = _BIT["name_particle"], _BIT["suffix"], _BIT["possessive"]
CLAUSE_LEAD, ANONYMOUS_LEAD, NUMBER = _BIT["clause_lead"], _BIT["anonymous_lead"], _BIT["number"]
DEFINITE, DEMONSTRATIVE, FIRST_PERSON = _BIT["definite"], _BIT["demonstrative"], _BIT["first_person"]
VERB_PARTICLE, NOMINAL, BACKGROUND_LEAD = _BIT["verb_particle"], _BIT["nominal"], _BIT["background_lead"]
DUMMY, PLURAL, WEAK_PREPOSITION = _BIT["dummy_subject"], _BIT["plural"], _BIT["weak_preposition"]
AGENT, NOUN_ONLY_NEXT, ARTICLE = _BIT["agent_preposition"], _BIT["noun_only_next"], _BIT["article"]
CLAUSE_COORDINATOR, PHRASE_ENDER = _BIT["clause_coordinator"], _BIT["phrase_ender"]
PLACE_PREPOSITION, THAT, ADDITIVE = _BIT["place_preposition"], _BIT["that"], _BIT["additive"]
THIRD_PERSON, OWN_VOICE, OPENING_MARK = _BIT["third_person"], _BIT["own_voice"], _BIT["opening_mark"]
HEARSAY_LINK = _BIT["hearsay_link"]
TRANSITIVE = _BIT["transitive_report"]
LY_NOUN, CALENDAR = _BIT["ly_noun"], _BIT["weekday"] | _BIT["month"]
_STOPS: Final = frozenset(',;:.!?()[]"—–-…|')
_MAX_TOKENS: Final = 40
"""A source longer than this is a misreading; it also keeps the walk linear on hostile text."""


class Shape(NamedTuple):
    """What the phrase rules need to know of each token: class bits and whether it begins with a capital."""

    bits: list[int]
    capital: list[bool]


def word_bits(lexicon: Lexicon) -> dict[str, int]:
    """Give the class bits of every word in ``words.tsv``."""
    bits: dict[str, int] = {}
    for name, bit in _BIT.items():
        for word in lexicon.classes.get(name, ()):
            bits[word] = bits.get(word, 0) | bit
    return bits


def shape_of(tokens: Tokens, bits: dict[str, int]) -> Shape:
    """Look up the class bits and capitals of a sentence's tokens."""
    get = bits.get
    words, lows = tokens.words, tokens.lows
    of_token = [get(low, 0) for low in lows]
    # "el-Sisi" and "d'Arcy" are names too: a capital anywhere counts, unless the word begins with a digit.
    capital = [word != low and not word[0].isdigit() for word, low in zip(words, lows, strict=True)]
    if True in capital:
        all_capitals = False not in capital
        for k, bit in enumerate(of_token):
            if bit and capital[k]:
                if len(words[k]) > 1 and words[k].isupper() and not all_capitals:
                    of_token[k] = 0  # "WHO" and "IT" are no pronouns
                elif k and bit & TIME and not bit & CALENDAR:
                    # "Doris Day" and "Fall River" are names; only weekdays and months have a capital as words of time.
                    of_token[k] = bit & ~TIME
    return Shape(of_token, capital)


def is_adverb(low: str, bit: int) -> bool:
    """Tell whether a word is an adverb, by its class or its ending."""
    return bool(bit & ADVERB) or low.endswith("ly") and not bit & LY_NOUN


def sentence_subject(tokens: Tokens, shape: Shape, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the noun phrase that a sentence opens with, after its leading adverbials.

    Returns
    -------
    (first, last) or None
        The subject of the first clause, for a later verb that has none of its own ("… and said").
    """
    lows, bits = tokens.lows, shape.bits
    first = 0
    n_tokens = len(lows)
    while first < n_tokens and (
        bits[first] & (ADVERB | CLAUSE_LEAD | TIME) and not bits[first] & (DETERMINER | PREPOSITION) or lows[first] in ",\"'"
    ):
        first += 1
    if first < n_tokens and bits[first] & PREPOSITION:
        comma = next((k for k in range(first, min(n_tokens, first + 14)) if lows[k] == ","), -1)
        if comma < 0:
            return None
        first = comma + 1
    return phrase_after(tokens, shape, first, verbs)


def is_plural(low: str, bit: int) -> bool:
    """Tell whether a word is a plural (or a pronoun that takes the plural's verb form)."""
    return bool(bit & PLURAL) or low.endswith("s") and not low.endswith("ss")


def is_stop(low: str) -> bool:
    """Tell whether a token is a mark that ends a phrase."""
    return low in _STOPS


def subject_before(tokens: Tokens, shape: Shape, verb: int, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the subject that ends before a verb.

    Parameters
    ----------
    tokens, shape
        The sentence.
    verb : int
        First token of the verb group.
    verbs : frozenset of int
        Positions of other finite verbs that are known, which bound the subject on its left.

    Returns
    -------
    (first, last) or None
        Tokens of the noun phrase, both included; None where the verb has no subject on its left.
    """
    lows, bits = tokens.lows, shape.bits
    end = verb - 1
    if end < 0:
        return None
    closing = lows[end]
    if closing in ",)—–-":
        opening = _parenthesis_start(tokens, shape, end)
        if opening <= 0:
            return None
        if lows[opening - 1][0].isdigit() and opening > 2 and lows[opening - 2] == ",":
            opening -= 2  # "Cliff Roe, 71, from Oldham, said"
        inner = opening + 1
        if closing == "," and end - inner >= 2 and shape.capital[end - 1] and shape.capital[end - 2]:
            # "the union's president, Lottie Marr, said": the name is the source. A place ("Baytown, Texas,") has no
            # common noun with an article before it.
            if lows[inner] not in _STOPS and not bits[inner] & (WHO | PREPOSITION) and _is_role(tokens, shape, opening - 1):
                return inner, end - 1
        end = opening - 1
    elif closing in _STOPS:
        return None
    stripped = _strip_right(lows, bits, end)
    end = stripped - 1 if 0 < stripped < end and lows[stripped] == "," else stripped
    if end < 0:
        return None
    first, end = _walk_left(tokens, shape, end, verbs)
    return _trim(tokens, shape, first, end)


def _is_role(tokens: Tokens, shape: Shape, end: int) -> bool:
    """Tell whether the phrase that ends at a token is a common noun with an article or a possessive, not a name."""
    for k in range(end, max(-1, end - 12), -1):
        if tokens.lows[k] in _STOPS:
            return False
        if shape.bits[k] & (DEFINITE | INDEFINITE) or tokens.lows[k] == "'s":
            return not all(shape.capital[j] for j in range(k + 1, end + 1))
    return False


def _parenthesis_start(tokens: Tokens, shape: Shape, end: int) -> int:
    """Find the mark that opens the parenthesis which the mark at ``end`` closes; -1 where there is none."""
    lows = tokens.lows
    partner = {")": "(", ",": ",", "—": "—", "–": "–", "-": "-"}[lows[end]]
    depth = 0
    for k in range(end - 1, max(-1, end - _MAX_TOKENS), -1):
        low = lows[k]
        if low == partner:
            # "on Tuesday, July 4, Smith": a comma before a number or a capital that closes a date is no opening.
            return k
        if low in ';:"' and not depth:
            return -1
        if low == ")":
            depth += 1
        elif low == "(":
            depth -= 1
    return -1


def _is_name(shape: Shape, lows: Sequence[str], first: int, last: int) -> bool:
    """Tell whether the tokens are a run of capitalised words, as a person's name is."""
    if last - first > 4 or last < first or not shape.capital[first]:
        return False
    if shape.bits[first] & (DETERMINER | PREPOSITION | TIME):
        return False
    return all(
        shape.capital[k] or lows[k] == "." or shape.bits[k] & (PARTICLE | SUFFIX) for k in range(first, last + 1)
    )


def _strip_right(lows: Sequence[str], bits: Sequence[int], end: int) -> int:
    """Step back over an adverbial between subject and verb ("Smith on Friday said")."""
    moved = True
    while moved and end >= 0:
        moved = False
        if bits[end] & ADVERB and not bits[end] & (DETERMINER | PREPOSITION):
            end, moved = end - 1, True
        elif bits[end] & TIME and end >= 1:
            k = end
            while k >= 1 and (bits[k] & (TIME | TIME_LEAD) or lows[k][0].isdigit()):
                k -= 1
            if bits[k] & PREPOSITION or (k < end and bits[k + 1] & TIME_LEAD):
                end, moved = (k - 1 if bits[k] & PREPOSITION else k), True
    return end


def _walk_left(tokens: Tokens, shape: Shape, end: int, verbs: Set[int]) -> tuple[int, int]:
    """Walk from the last token of a subject to its first; gives (first, last)."""
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    k = end
    last = end
    while k >= 0 and end - k < _MAX_TOKENS:
        low, bit = lows[k], bits[k]
        if low in ")]":
            opening = next((j for j in range(k - 1, max(-1, k - 9), -1) if lows[j] in "(["), -1)
            if opening > 0:
                k = opening - 1
                continue
        if low in _STOPS:
            if low == "." and k + 1 <= end and k >= 1 and capital[k - 1] and tokens.ends[k - 1] == tokens.starts[k]:
                k -= 1  # the stop of "Dr." or of an initial
                continue
            break
        if bit & WHO and k > 0:
            if not any(bits[j] & AUXILIARY or j in verbs or lows[j].endswith("ed") for j in range(k + 1, last + 1)):
                break  # "which state media said": the subject stands after the pronoun
            last = k - 1
            if lows[last] == ",":
                last -= 1
            k = last
            continue
        if bit & THAT and k > 0:
            # After a noun "that" opens a relative clause; after a verb, or beside it, it opens the content, unless
            # a relative pronoun still further left shows that we stand inside a relative clause.
            opener = next((j for j in range(k - 1, max(-1, k - 8), -1) if bits[j] & WHO or lows[j] in _STOPS), -1)
            if opener > 0 and bits[opener] & WHO:
                k = opener
                continue
            break
        if bit & (SUBORDINATOR | BACKGROUND_LEAD) and (not bit & PREPOSITION or bit & BACKGROUND_LEAD) and k < end:
            break
        if bit & CLAUSE_COORDINATOR:
            break
        if bit & AUXILIARY or k in verbs:
            if not capital[k] or k == 0:
                break
        if bit & COORDINATOR and not _joins_nouns(tokens, shape, k, verbs):
            break
        k -= 1
    return k + 1, last


def _joins_nouns(tokens: Tokens, shape: Shape, at: int, verbs: Set[int]) -> bool:
    """Tell whether the "and" at a place joins two noun phrases (and not two clauses)."""
    lows, bits = tokens.lows, shape.bits
    for k in range(at - 1, max(-1, at - 10), -1):
        low = lows[k]
        if low in _STOPS and low != ",":
            return low == "."
        if low == ",":
            return k < at - 1
        if bits[k] & AUXILIARY or k in verbs or bits[k] & (PERSON_PRONOUN | SUBORDINATOR) and not bits[k] & PREPOSITION:
            return False
        if low.endswith("ed") and not shape.capital[k] and k > 0 and not bits[k - 1] & (DETERMINER | PREPOSITION):
            return False
    return True


def _trim(tokens: Tokens, shape: Shape, first: int, last: int) -> tuple[int, int] | None:
    """Drop leading adverbials and trailing adverbs from a noun phrase."""
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    while first <= last:
        bit = bits[first]
        if lows[first] in _STOPS or bit & CONJUNCTION and not bit & DETERMINER:
            first += 1
        elif bit & (ADVERB | CLAUSE_LEAD) and not bit & (DETERMINER | PREPOSITION):
            first += 1
        elif bit & TIME_LEAD and first < last and bits[first + 1] & TIME:
            first += 2
        elif lows[first].endswith("ly") and not bit & LY_NOUN and first < last:
            first += 1
        elif bit & TIME and not bit & DETERMINER and first < last and (
            capital[first + 1] or bits[first + 1] or lows[first + 1] in _STOPS
        ):
            first += 1
        elif lows[first][0].isdigit() and ":" in lows[first] or (lows[first][0].isdigit() and "." in lows[first]):
            first += 1  # the clock time of a live blog
        elif bit & PREPOSITION:
            start = _after_prepositional_phrase(shape, first, last)
            if start < 0:
                return None
            first = start
        else:
            break
    if first <= last and all(bits[k] & TIME or lows[k][0].isdigit() for k in range(first, last + 1)):
        return None
    while last >= first and (
        bits[last] & (ADVERB | PREPOSITION | CONJUNCTION) or lows[last] in _STOPS and not _abbreviation(tokens, last)
    ):
        if capital[last] and not bits[last] & CONJUNCTION and last > first:
            break
        last -= 1
    return (first, last) if first <= last else None


def _abbreviation(tokens: Tokens, at: int) -> bool:
    return tokens.lows[at] == "." and at > 0 and tokens.ends[at - 1] == tokens.starts[at]


def _after_prepositional_phrase(shape: Shape, first: int, last: int) -> int:
    """Find where the subject begins after a leading phrase without a comma ("In a statement the firm")."""
    bits, capital = shape.bits, shape.capital
    for k in range(first + 2, last + 1):
        before = bits[k - 1]
        if before & (PREPOSITION | DETERMINER | COORDINATOR | POSSESSIVE):
            continue
        if bits[k] & (DETERMINER | PRONOUN) and not bits[k] & POSSESSIVE:
            return k
        if capital[k] and (not capital[k - 1] or before & TIME) and not bits[k] & TIME:
            return k
    return -1


def phrase_after(tokens: Tokens, shape: Shape, first: int, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the noun phrase that begins at a token, as after "said", "by" or "according to".

    Parameters
    ----------
    tokens, shape
        The sentence.
    first : int
        Its first token.
    verbs : frozenset of int
        Positions of finite verbs that are known; the phrase stops before them.

    Returns
    -------
    (first, last) or None
        Tokens of the phrase, both included.
    """
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    n_tokens = len(lows)
    if first >= n_tokens or (lows[first] in _STOPS) or bits[first] & (SUBORDINATOR | AUXILIARY) & ~DETERMINER:
        return None
    if bits[first] & PREPOSITION:
        return None
    if bits[first] & PERSON_PRONOUN:
        return first, first
    last = first
    k = first
    has_name = capital[first] and not bits[first] & (DETERMINER | PRONOUN)
    while k < n_tokens and k - first < _MAX_TOKENS:
        low, bit = lows[k], bits[k]
        if low in _STOPS:
            joined = k > first and k + 1 < n_tokens and tokens.ends[k - 1] == tokens.starts[k]
            if low == "." and joined and capital[k - 1] and capital[k + 1] and len(lows[k - 1]) <= 4:
                k += 1
                continue
            break
        if bit & (AUXILIARY | SUBORDINATOR) and k > first and not (bit & DETERMINER and bits[k - 1] & PREPOSITION):
            break
        if k in verbs and k > first and not bits[k - 1] & (DETERMINER | PREPOSITION):
            break
        if bit & PRONOUN and not bit & DETERMINER and k > first:
            break
        if bit & TIME and k > first and not capital[first] | (bits[k - 1] & PREPOSITION):
            break
        if bit & TIME and bit & ADVERB:
            break
        if bit & (WHO | PHRASE_ENDER) or (bit & COORDINATOR and not _continues(tokens, shape, k, verbs)):
            break
        if bit & PREPOSITION and k > first and not capital[k]:
            following = k + 1
            if not bit & LINK or following >= n_tokens or bits[following] & (TIME | TIME_LEAD):
                break
            after = following
            while after < n_tokens and bits[after] & (DETERMINER | POSSESSIVE):
                after += 1
            if after < n_tokens and bits[after] & (VENUE | TIME | NUMBER) or lows[following][0].isdigit():
                break
            if has_name and capital[k - 1] and low != "of":
                break
            if bit & PLACE_PREPOSITION and not capital[k - 1]:
                # "experts on the region" but not "said the minister on arrival": only before a name or an article
                if not (capital[following] or bits[following] & DETERMINER):
                    break
        elif bit & ADVERB and k > first and not bit & DETERMINER:
            break
        elif low.endswith("ed") and k > first and not capital[k] and not bits[k - 1] & (DETERMINER | PREPOSITION | POSSESSIVE):
            break  # "the union filed", "the health risks posed"
        elif not capital[k] and k > first and is_adverb(low, bit) and capital[k - 1]:
            break
        if capital[k] and not bit & DETERMINER:
            has_name = True
        last = k
        k += 1
    while last > first and (bits[last] & (PREPOSITION | DETERMINER | CONJUNCTION | TIME_LEAD)) and not capital[last]:
        last -= 1
    return first, last


def _continues(tokens: Tokens, shape: Shape, at: int, verbs: Set[int]) -> bool:
    """Tell whether a noun phrase goes on after the "and" at a place."""
    nxt = at + 1
    if nxt >= len(tokens.lows) or tokens.lows[nxt] in _STOPS:
        return False
    bit = shape.bits[nxt]
    if bit & (AUXILIARY | ADVERB | SUBORDINATOR | PRONOUN | PREPOSITION) and not bit & DETERMINER:
        return False
    return nxt not in verbs and not (tokens.lows[nxt].endswith("ed") and not shape.capital[nxt])
