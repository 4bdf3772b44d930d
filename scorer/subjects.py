"""The noun phrase that ends before a verb: its subject, without leading adverbials, ages and relative clauses.

The rules walk over tokens from the verb to the nearest clause boundary on its left and then trim what is no part of
the name ("On Friday", "In a statement").
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from scorer import word_classes as wc
from scorer.names import apposed_name, is_role_phrase, person_before
from scorer.phrases import MAX_TOKENS, phrase_after
from scorer.tokens import Tokens
from scorer.word_classes import STOPS, Shape

_PARTNERS: Final = {")": "(", ",": ",", "—": "—", "–": "–", "-": "-"}
"""A mark that can close a parenthesis before a verb, and the mark that opens it."""
_NO_ADVERBIAL: Final = wc.DETERMINER | wc.PREPOSITION
_CLAUSE_EDGES: Final = frozenset(',;:"')


def sentence_subject(tokens: Tokens, shape: Shape, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the noun phrase that a sentence opens with, after its leading adverbials.

    Parameters
    ----------
    tokens, shape
        The sentence.
    verbs : set of int
        Positions of finite verbs that are known.

    Returns
    -------
    (first, last) or None
        The subject of the first clause, for a later verb that has none of its own ("… and said").
    """
    lows, bits = tokens.lows, shape.bits
    n_tokens = len(lows)
    first = 0
    while first < n_tokens and (
        lows[first] in ",\"'"
        or (bits[first] & (wc.ADVERB | wc.CLAUSE_LEAD | wc.TIME) and not bits[first] & _NO_ADVERBIAL)
    ):
        first += 1
    if first < n_tokens and bits[first] & wc.PREPOSITION:
        comma = next((k for k in range(first, min(n_tokens, first + 14)) if lows[k] == ","), -1)
        first = comma + 1 if comma > 0 else _after_prepositional_phrase(shape, first, min(n_tokens - 1, first + 13))
        if first <= 0:
            return None
    return phrase_after(tokens, shape, first, verbs)


def subject_before(tokens: Tokens, shape: Shape, verb: int, verbs: Set[int]) -> tuple[int, int] | None:
    """Find the subject that ends before a verb.

    Parameters
    ----------
    tokens, shape
        The sentence.
    verb : int
        First token of the verb group.
    verbs : set of int
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
    if closing in _PARTNERS:
        opening = _parenthesis_start(lows, end)
        if opening <= 0:
            return None
        if lows[opening - 1][0].isdigit() and opening > 2 and lows[opening - 2] == ",":
            opening -= 2  # "Cliff Roe, 71, from Oldham, said"
        inner = opening + 1
        # "the union's president, Lottie Marr, said": the name is the source. A place ("Baytown, Texas,") has no
        # common noun with an article before it.
        end = opening - 1
        if closing == ",":
            head = end
            if lows[head] == ")":  # "the secretary of the union (NUB), Lottie Marr, said"
                head = next((k for k in range(head - 1, max(0, head - 12), -1) if lows[k] == "("), head) - 1
            if is_role_phrase(lows, shape, head):
                person = person_before(lows, shape, head)
                apposed = person or apposed_name(lows, shape, inner, verb - 2)
                if apposed is not None:
                    return apposed
    elif closing == "." and end and tokens.ends[end - 1] == tokens.starts[end]:
        first, _ = _walk_left(tokens, shape, end - 1, verbs)  # "Acme Inc. said": no sentence ends before its verb
        return _trim(tokens, shape, first, end)
    elif closing in STOPS or closing == "'":
        return None
    stripped = _strip_right(lows, bits, end)
    end = stripped - 1 if 0 < stripped < end and lows[stripped] == "," else stripped
    if end < 0:
        return None
    first, end = _walk_left(tokens, shape, end, verbs)
    return _trim(tokens, shape, first, end)


def _parenthesis_start(lows: Sequence[str], end: int) -> int:
    """Find the mark that opens the parenthesis which the mark at ``end`` closes; -1 where there is none."""
    partner = _PARTNERS[lows[end]]
    depth = 0
    for k in range(end - 1, max(-1, end - MAX_TOKENS), -1):
        low = lows[k]
        if low == partner:
            return k
        if low in ';:"' and not depth:
            return -1
        if low == ")":
            depth += 1
        elif low == "(":
            depth -= 1
    return -1


def _strip_right(lows: Sequence[str], bits: Sequence[int], end: int) -> int:
    """Step back over an adverbial between subject and verb ("Smith on Friday said")."""
    while end >= 0:
        if bits[end] & wc.ADVERB and not bits[end] & _NO_ADVERBIAL:
            end -= 1
            continue
        if not bits[end] & wc.TIME or end == 0:
            break
        k = end
        while k >= 1 and (bits[k] & (wc.TIME | wc.TIME_LEAD) or lows[k][0].isdigit()):
            k -= 1
        if bits[k] & wc.PREPOSITION:
            end = k - 1 - bool(bits[k - 1] & wc.PREPOSITION)  # "as of Friday"
        elif k < end and bits[k + 1] & wc.TIME_LEAD:
            end = k
        else:
            break
    return end


def _walk_left(tokens: Tokens, shape: Shape, end: int, verbs: Set[int]) -> tuple[int, int]:
    """Walk from the last token of a subject to its first; gives (first, last)."""
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    k = last = end
    while k >= 0 and end - k < MAX_TOKENS:
        low, bit = lows[k], bits[k]
        if low in ")]":
            opening = next((j for j in range(k - 1, max(-1, k - 9), -1) if lows[j] in "(["), -1)
            if opening > 0:
                k = opening - 1
                continue
        if low in STOPS:
            if k and k < end and tokens.ends[k - 1] == tokens.starts[k] and _is_inner(tokens, shape, k):
                k -= 1
                continue
            break
        if bit & wc.WHO and k > 0:
            # After "who" stands a verb ("who lives nearby said"), unless an article or a name shows another subject.
            may_take_subject = k < last and (
                bit & wc.THAT or capital[k + 1] or bits[k + 1] & (wc.DETERMINER | wc.PRONOUN)
            )
            if may_take_subject and not any(
                bits[j] & wc.AUXILIARY or j in verbs or lows[j].endswith("ed") for j in range(k + 1, last + 1)
            ):
                break  # "which state media said": the subject stands after the pronoun
            last = k - 1
            if lows[last] == ",":
                last -= 1
            k = last
            continue
        if bit & wc.THAT and k > 0:
            # After a noun "that" opens a relative clause; after a verb, or beside it, it opens the content, unless
            # a relative pronoun still further left shows that we stand inside a relative clause.
            opener = next((j for j in range(k - 1, max(-1, k - 8), -1) if bits[j] & wc.WHO or lows[j] in STOPS), -1)
            if opener > 0 and bits[opener] & wc.WHO:
                k = opener
                continue
            break
        if _opens_clause(tokens, shape, k, end, verbs):
            opener = _relative_opener(bits, k)
            if opener <= 0:
                break
            last = opener - 1 - (lows[opener - 1] == ",")
            k = last
            continue
        k -= 1
    return k + 1, last


def _is_inner(tokens: Tokens, shape: Shape, at: int) -> bool:
    """Tell whether a mark stands inside a word: the stop of "Dr." or of an initial, the hyphen of "29-year-old"."""
    low = tokens.lows[at]
    return (low == "." and shape.capital[at - 1]) or (low == "-" and tokens.ends[at] == tokens.starts[at + 1])


def _relative_opener(bits: Sequence[int], verb: int) -> int:
    """Find the "who" whose verb stands at a token ("workers who had just stepped out"); -1 where there is none."""
    k = verb - 1
    while k > 0 and bits[k] & (wc.AUXILIARY | wc.ADVERB) and not bits[k] & wc.WHO:
        k -= 1
    return k if k > 0 and bits[k] & wc.WHO else -1


def _opens_clause(tokens: Tokens, shape: Shape, at: int, end: int, verbs: Set[int]) -> bool:
    """Tell whether a word on the left of a subject belongs to another clause or opens this one."""
    bit = shape.bits[at]
    if at in verbs and (not shape.capital[at] or at == 0):
        return True
    if not bit:
        return False
    if at < end and (bit & wc.BACKGROUND_LEAD or (bit & wc.SUBORDINATOR and not bit & wc.PREPOSITION)):
        return True
    if bit & wc.CLAUSE_COORDINATOR:
        return True
    if bit & wc.AUXILIARY and (not shape.capital[at] or at == 0):
        return True
    return bool(bit & wc.COORDINATOR) and not _joins_nouns(tokens.lows, shape, at, verbs)


def _joins_nouns(lows: Sequence[str], shape: Shape, at: int, verbs: Set[int]) -> bool:
    """Tell whether the "and" at a place joins two noun phrases (and not two clauses)."""
    bits = shape.bits
    for k in range(at - 1, max(-1, at - 10), -1):
        low, bit = lows[k], bits[k]
        if low in _CLAUSE_EDGES:
            return k < at - 1
        if low in STOPS:
            return low == "."
        if bit & wc.AUXILIARY or k in verbs:
            return False
        if bit & (wc.PERSON_PRONOUN | wc.SUBORDINATOR) and not bit & wc.PREPOSITION:
            return False
        if (low.endswith("ed") or bit & wc.PAST) and not shape.capital[k] and k > 0 and not bits[k - 1] & _NO_ADVERBIAL:
            return False
    return True


def _trim(tokens: Tokens, shape: Shape, first: int, last: int) -> tuple[int, int] | None:
    """Drop leading adverbials and trailing adverbs from a noun phrase."""
    lows, bits, capital = tokens.lows, shape.bits, shape.capital
    while first <= last:
        step = _leading_adverbial(lows, shape, first, last)
        if step < 0:
            return None
        if not step:
            break
        first += step
    if first <= last and all(bits[k] & wc.TIME or lows[k][0].isdigit() for k in range(first, last + 1)):
        return None
    # "documents reviewed by the Lantern": who checked them is no part of the source.
    cut = next((k for k in range(first + 1, last) if bits[k] & wc.CHECKED and bits[k + 1] & wc.PREPOSITION), 0)
    last = cut - 1 if cut else last
    while last >= first:
        ends = bits[last] & (wc.ADVERB | wc.PREPOSITION | wc.CONJUNCTION)
        if not ends and (lows[last] not in STOPS or _abbreviation(tokens, last)):
            break
        if capital[last] and not bits[last] & wc.CONJUNCTION and last > first:
            break
        last -= 1
    return (first, last) if first <= last else None


def _leading_adverbial(lows: Sequence[str], shape: Shape, first: int, last: int) -> int:
    """Give how many tokens at the start of a phrase are no part of it; -1 where nothing would be left."""
    low, bit = lows[first], shape.bits[first]
    if low in STOPS or low == "'" or (bit & wc.CONJUNCTION and not bit & wc.DETERMINER):
        return 1
    if bit & (wc.ADVERB | wc.CLAUSE_LEAD) and not bit & _NO_ADVERBIAL:
        return 1
    if first < last:
        following = first + 1
        if bit & wc.TIME_LEAD and shape.bits[following] & wc.TIME:
            return 2
        if low.endswith("ly") and not bit & wc.LY_NOUN:
            return 1
        bounded = shape.capital[following] or shape.bits[following] or lows[following] in STOPS
        if bit & wc.TIME and not bit & wc.DETERMINER and bounded:
            return 1
    if low[0].isdigit() and (":" in low or "." in low):
        return 1  # the clock time of a live blog
    if bit & wc.PREPOSITION:
        start = _after_prepositional_phrase(shape, first, last)
        return start - first if start > 0 else -1
    return 0


def _abbreviation(tokens: Tokens, at: int) -> bool:
    return tokens.lows[at] == "." and at > 0 and tokens.ends[at - 1] == tokens.starts[at]


def _after_prepositional_phrase(shape: Shape, first: int, last: int) -> int:
    """Find where the subject begins after a leading phrase without a comma ("In a statement the firm")."""
    bits, capital = shape.bits, shape.capital
    for k in range(first + 2, last + 1):
        before = bits[k - 1]
        if before & (wc.PREPOSITION | wc.DETERMINER | wc.COORDINATOR | wc.POSSESSIVE):
            continue
        if bits[k] & (wc.DETERMINER | wc.PRONOUN) and not bits[k] & wc.POSSESSIVE:
            return k
        if capital[k] and (not capital[k - 1] or before & wc.TIME) and not bits[k] & wc.TIME:
            return k
    return -1
