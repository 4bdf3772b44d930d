"""Reasons in words: what each kind of evidence found in a sentence, and how far it moved the label's logit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scorer.reading import Reading

_LONGEST: Final = 60
"""Characters of a quoted span; a longer one is cut and ends in an ellipsis."""
_PART: Final = re.compile(r"(.+?) ([+−]\d+\.\d\d)(?:; |$)", re.DOTALL)
_SUM: Final = re.compile(r"−?\d+\.\d\d")
_TABLED: Final = 4000
_AMOUNTS: Final = [f"{'−' if cents < 0 else '+'}{abs(cents) / 100:.2f}" for cents in range(-_TABLED, _TABLED + 1)]


def signed(cents: int) -> str:
    """Write hundredths with their sign, such as ``+1.32``."""
    if -_TABLED <= cents <= _TABLED:
        return _AMOUNTS[cents + _TABLED]
    return f"{'−' if cents < 0 else '+'}{abs(cents) / 100:.2f}"


def in_cents(contributions: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round contributions to hundredths so that each row still adds up to its own rounded sum.

    Parameters
    ----------
    contributions : ndarray of float64, shape (n_sentences, n_groups)
        From `StrengthClassifier.contributions`.

    Returns
    -------
    ndarray of int64, shape (n_sentences, n_groups)
        Hundredths, each less than one away from what it stands for; what is 0 stays 0.
    """
    sums = np.rint(np.cumsum(contributions, axis=1) * 100.0).astype(np.int64)
    return np.diff(sums, axis=1, prepend=0)


def reason_phrases(reading: Reading, groups: Sequence[str]) -> list[str]:
    """Say what each kind of evidence found in a sentence.

    Parameters
    ----------
    reading : Reading
        The sentence.
    groups : sequence of str
        Kinds of evidence, as in `StrengthClassifier.groups`.

    Returns
    -------
    list of str
        A phrase for each group, such as ``hedge “could”``; the group's name where there is no more to say.
    """
    return [_PHRASES[group](reading) if group in _PHRASES else group for group in groups]


def reason_texts(readings: Sequence[Reading], groups: Sequence[str], cents: NDArray[np.int64]) -> list[str]:
    """Write the reasons of sentences.

    Parameters
    ----------
    readings : sequence of Reading, shape (n_sentences,)
        The sentences.
    groups : sequence of str, shape (n_groups,)
        Kinds of evidence, the label's base value last.
    cents : ndarray of int64, shape (n_sentences, n_groups)
        From `in_cents`.

    Returns
    -------
    list of str, shape (n_sentences,)
        The evidence with the largest contribution first and the base value last, then their sum, the label's logit:
        ``hedge “could” +1.32; words −0.12; base −0.40 = 0.80``. Kinds that add nothing are left out.
    """
    phrases = [_PHRASES.get(group) for group in groups]
    names = list(groups)
    base = len(groups) - 1
    orders = np.argsort(-np.abs(cents[:, :base]), axis=1, kind="stable").tolist()
    texts = []
    for reading, amounts, order in zip(readings, cents.tolist(), orders, strict=True):
        parts = []
        for group in order:
            amount = amounts[group]
            if not amount:
                break  # the rest is 0 as well
            phrase = phrases[group]
            parts.append(f"{phrase(reading) if phrase else names[group]} {signed(amount)}")
        parts.append(f"{names[base]} {signed(amounts[base])}")
        texts.append(f"{'; '.join(parts)} = {signed(sum(amounts)).removeprefix('+')}")
    return texts


_LONGEST_REASONS: Final = 2000
"""Characters of reasons, at most, that can be ours: what reads them takes more than linear time."""


def parse_reasons(written: str) -> list[tuple[str, int]] | None:
    """Read reasons as `reason_texts` writes them.

    Parameters
    ----------
    written : str
        A cell of the column ``reasons``.

    Returns
    -------
    list of (str, int) or None
        Each phrase with its hundredths, in the order of the text. None if the amounts do not add up to the sum: then
        the text was changed, or a quoted phrase looks like a reason itself, and no division of it can be trusted.

    Examples
    --------
    >>> parse_reasons("hedge “could” +1.32; words −0.12; base −0.40 = 0.80")
    [('hedge “could”', 132), ('words', -12), ('base', -40)]
    """
    if len(written) > _LONGEST_REASONS:
        return None
    body, _, total = written.rpartition(" = ")
    parts = _PART.findall(body)
    if not parts or not _SUM.fullmatch(total) or "; ".join(f"{phrase} {amount}" for phrase, amount in parts) != body:
        return None
    found = [(phrase, _cents(amount)) for phrase, amount in parts]
    return found if sum(cents for _, cents in found) == _cents(total) else None


def _cents(amount: str) -> int:
    sign = -1 if amount.startswith("−") else 1
    return sign * int(amount.lstrip("+−").replace(".", ""))


def _quote(text: str) -> str:
    return f"“{text}”" if len(text) <= _LONGEST else f"“{text[: _LONGEST - 1].rstrip()}…”"


def _hedging(reading: Reading) -> str:
    hedges = reading.hedges
    if not hedges:
        return "no hedge"
    text = reading.sentence.text
    spans = dict.fromkeys(_quote(text[hedge.start : hedge.end]) for hedge in hedges)
    return f"hedge{'s' if len(spans) > 1 else ''} {', '.join(spans)}"


def _source(reading: Reading) -> str:
    if not reading.attributions:
        return "no source"
    first = reading.attributions[0]
    span = first.source or first.cue
    if span:
        words = _quote(reading.sentence.text[span.start : span.end])
    else:
        words = "of the running quotation" if first.position == "carried" else "without words"
    return f"source {words} ({first.source_type}, {first.identification})"


def _verification(reading: Reading) -> str:
    link = reading.check
    if link.status == "none" or link.index is None:
        return "check" if reading.checks else "no check"
    if link.own and reading.checks:
        own = next((check for check in reading.checks if check.status == link.status), reading.checks[0])
        return f"check {_quote(reading.sentence.text[own.start : own.end])} ({link.status})"
    away = link.index - reading.context.place
    where = {1: "the next sentence", -1: "the sentence before"}.get(away, f"sentence {link.index}")
    return f"check in {where} ({link.status})"


def _form(reading: Reading) -> str:
    kind = reading.sentence.kind
    return "form" if kind == "prose" else f"form: {kind}"


_PHRASES: Final[dict[str, Callable[[Reading], str]]] = {
    "hedging": _hedging,
    "source": _source,
    "verification": _verification,
    "form": _form,
}
