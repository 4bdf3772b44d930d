"""Why a sentence's source is wrong: each error in one named class, with the share of the lost token-F1 that it costs.

A sentence loses the words that only the label has and those that only we have; the token-F1 is 1 minus all lost words
over all words of both. So the classes' shares add up to the whole loss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from attributing.figures import words
from attributing.rows import Found, Row
from scorer.finiteness import VERBS
from scorer.lexicon import Lexicon

_ENOUGH: Final = 0.5
"""Dice overlap of words from which on a link of the sentence is the labelled source."""
_NOT_LABELLED: Final = (None, "")


class Loss(NamedTuple):
    """One error of the source: its group, what sets it apart there, and the words that it loses."""

    group: str
    detail: str
    words: int


class Share(NamedTuple):
    """A class of errors: how many, the words lost, and the part of all errors or lost words in [0, 1]."""

    name: str
    n: int
    words: int
    share: float


def source_losses(rows: Sequence[Row], found: Sequence[Found], lexicon: Lexicon) -> tuple[list[Loss], int]:
    """Class the errors in the source's words; gives them, and the number of words labelled and found."""
    losses: list[Loss] = []
    total = 0
    for row, one in zip(rows, found, strict=True):
        if row.source is None:
            continue
        gold, guess = words(row.source), words(one.source)
        total += len(gold) + len(guess)
        lost = (Counter(gold) - Counter(guess)).total() + (Counter(guess) - Counter(gold)).total()
        if lost:
            losses.append(Loss(*_class_of(row, one, gold, guess, lexicon), lost))
    return losses, total


def _class_of(row: Row, one: Found, gold: list[str], guess: list[str], lexicon: Lexicon) -> tuple[str, str]:
    if not guess:
        return "missed", _cue_kind(row, one, lexicon)
    if not gold:
        return "false alarm", f"{one.category}, {one.content}"
    ours = _dice(gold, guess)
    best = max((_dice(gold, words(link)) for link in one.links), default=0.0)
    if best > max(ours, _ENOUGH):
        return "wrong source", "another link of the sentence was right"
    inner = _place(gold, guess)
    if inner is not None:
        return "span too long", _sides(inner, len(guess) - len(gold))
    inner = _place(guess, gold)
    if inner is not None:
        return "span too short", _sides(inner, len(gold) - len(guess))
    if ours >= _ENOUGH:
        return "span shifted", "longer at one end, shorter at the other"
    return "wrong source", "no link of the sentence was right"


def _cue_kind(row: Row, one: Found, lexicon: Lexicon) -> str:
    """Tell of a missed source what its labelled cue is, and whether the word lists have it."""
    if row.cue is None:
        return "cue not labelled"
    if not row.cue:
        return "no cue (carried over from a neighbour)"
    known = [category for start, end, category in one.cues if _overlaps(row, start, end)]
    if known:
        kind = known[0]
        kind = "verb" if kind in VERBS else "preposition" if kind in ("preposition", "cite") else kind
        return f"{kind}, in the word lists"
    first = words(row.cue)[0] if words(row.cue) else ""
    before = row.text[: row.text.find(row.cue)].split()[-1:]
    if first in lexicon.classes["preposition"]:
        kind = "preposition"
    elif before and (before[0].lower() in lexicon.classes["determiner"] or before[0].endswith(("'s", "’s"))):
        kind = "noun"
    else:
        kind = "verb"
    return f"{kind}, not in the word lists"


def _overlaps(row: Row, start: int, end: int) -> bool:
    """Tell whether a stretch overlaps the labelled cue, at any place where its words stand."""
    at = row.text.find(row.cue)
    while at >= 0:
        if start < at + len(row.cue) and at < end:
            return True
        at = row.text.find(row.cue, at + 1)
    return False


def _dice(one: Sequence[str], other: Sequence[str]) -> float:
    return 2 * (Counter(one) & Counter(other)).total() / max(len(one) + len(other), 1)


def _place(inner: Sequence[str], outer: Sequence[str]) -> int | None:
    """Find where a run of words stands in another one."""
    n = len(inner)
    return next((k for k in range(len(outer) - n + 1) if outer[k : k + n] == inner), None)


def _sides(before: int, extra: int) -> str:
    return "on both sides" if 0 < before < extra else "on the left" if before else "on the right"


def cue_losses(rows: Sequence[Row], found: Sequence[Found], lexicon: Lexicon) -> tuple[list[Loss], int]:
    """Class the errors in the cue's words; gives them, and the number of words labelled and found."""
    losses: list[Loss] = []
    total = 0
    for row, one in zip(rows, found, strict=True):
        if row.cue is None:
            continue
        gold, guess = words(row.cue), words(one.cue)
        total += len(gold) + len(guess)
        missing, extra = Counter(gold) - Counter(guess), Counter(guess) - Counter(gold)
        lost = missing.total() + extra.total()
        if not lost:
            continue
        if not guess:
            group, detail = "missed", _cue_kind(row, one, lexicon)
        elif not gold:
            group, detail = "false alarm", f"{one.category}, {one.content}"
        elif lost == len(gold) + len(guess):
            group, detail = "another cue", f"{one.category}, {one.content}"
        elif not missing:
            group, detail = "too long", f"by “{' '.join(extra)}”"
        elif not extra:
            group, detail = "too short", f"by “{' '.join(missing)}”"
        else:
            group, detail = "differs in part", f"“{' '.join(extra)}” for “{' '.join(missing)}”"
        losses.append(Loss(group, detail, lost))
    return losses, total


def label_errors(rows: Sequence[Row], found: Sequence[Found], field: str, lexicon: Lexicon) -> list[Loss]:
    """Class the errors in a label of the source (source_type, identification); each counts 1."""
    pronouns = lexicon.classes["pronoun"] | lexicon.classes["person_pronoun"]
    definite = lexicon.classes["definite"]
    losses: list[Loss] = []
    for row, one in zip(rows, found, strict=True):
        gold, guess = getattr(row, field), getattr(one, field)
        if gold in _NOT_LABELLED or guess == gold:
            continue
        pair = f"{gold} taken for {guess}"
        if guess == "none":
            group = "missed"
        elif gold == "none":
            group = "false alarm"
        elif not row.source or not one.source:
            group = "no source in words on one side"
        elif _dice(words(row.source), words(one.source)) < _ENOUGH:
            group = "wrong source"
        elif _stands_for_another(words(one.source), row.source, pronouns, definite):
            group = "resolution: a pronoun or definite role"
        else:
            group = "right source"
        losses.append(Loss(group, pair, 1))
    return losses


def _stands_for_another(guess: list[str], source: str, pronouns: frozenset[str], definite: frozenset[str]) -> bool:
    """Tell whether a source is a pronoun, or a definite noun phrase without a name, that an earlier sentence names."""
    if len(guess) == 1 and guess[0] in pronouns:
        return True
    rest = source.split()[1:]
    return bool(guess) and guess[0] in definite and not any(word[0].isupper() for word in rest)


def shares(losses: Iterable[Loss], top: int) -> list[tuple[Share, list[Share]]]:
    """Add up losses by group, the costliest first, each with its costliest details; the rest is folded into one."""
    kept = list(losses)
    whole = sum(loss.words for loss in kept) or 1
    groups: dict[str, dict[str, list[int]]] = {}
    for loss in kept:
        groups.setdefault(loss.group, {}).setdefault(loss.detail, []).append(loss.words)
    table = []
    for group, details in groups.items():
        lines = sorted(
            (Share(name, len(cost), sum(cost), sum(cost) / whole) for name, cost in details.items()),
            key=lambda line: (-line.words, line.name),
        )
        head = Share(group, *(sum(line[k] for line in lines) for k in (1, 2)), sum(line.share for line in lines))
        if len(lines) > top:
            rest = lines[top - 1 :]
            n, n_words = sum(line.n for line in rest), sum(line.words for line in rest)
            lines = [*lines[: top - 1], Share(f"{len(rest)} further kinds", n, n_words, n_words / whole)]
        table.append((head, lines))
    return sorted(table, key=lambda item: (-item[0].words, item[0].name))
