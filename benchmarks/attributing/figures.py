"""Figures of agreement on attributions, each with a bootstrap interval over documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from attributing.rows import Found, Row
from scorer import metrics as mt
from scorer.evaluate import document_codes
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, VERIFICATIONS

NAMES: Final = {
    "attributed_f1": "has a source: F1",
    "attributed_mcc": "has a source: Matthews correlation",
    "source_token_f1": "source words: F1",
    "source_exact_f1": "source, to the letter: F1",
    "cue_token_f1": "cue words: F1",
    "source_type_macro_f1": "source_type: macro-F1",
    "identification_macro_f1": "identification: macro-F1",
    "verification_macro_f1": "verification: macro-F1",
}
"""Every figure, in the order of the tables, and what it is called there."""

_LABELS: Final = {"source_type": SOURCE_TYPES, "identification": IDENTIFICATIONS, "verification": VERIFICATIONS}
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Give the words of a span, as the token-F1 counts them."""
    return _WORD.findall(text.lower())


def figures(rows: Sequence[Row], found: Sequence[Found]) -> dict[str, mt.Figure]:
    """Compare what was found with the labels; what the rows do not label, or nobody guessed, is left out."""
    documents = document_codes(rows)
    n_documents = int(documents.max(initial=-1)) + 1
    tallies: dict[str, mt.Tally] = {}

    def kept_by(test: Callable[[Row, Found], bool]) -> list[int]:
        return [k for k, pair in enumerate(zip(rows, found, strict=True)) if test(*pair)]

    kept = kept_by(lambda row, _: row.source is not None)
    if kept:
        gold, guess = [rows[k].source for k in kept], [found[k].source for k in kept]
        has = mt.confusion(documents[kept], _codes(map(bool, gold)), _codes(map(bool, guess)), n_documents, 2)
        tallies["attributed_f1"] = mt.Tally(has, mt.f1_of(1), len(kept))
        tallies["attributed_mcc"] = mt.Tally(has, mt.matthews, len(kept))
        counts = mt.token_counts(documents[kept], gold, guess, n_documents)
        tallies["source_token_f1"] = mt.Tally(counts, mt.token_f1, len(kept))
        exact = np.zeros((n_documents, 3))
        for document, one, other in zip(documents[kept], gold, guess, strict=True):
            exact[document] += (bool(one) and one == other, bool(one), bool(other))
        tallies["source_exact_f1"] = mt.Tally(exact, mt.token_f1, len(kept))
    kept = kept_by(lambda row, _: row.cue is not None)
    if kept:
        gold, guess = [rows[k].cue for k in kept], [found[k].cue for k in kept]
        counts = mt.token_counts(documents[kept], gold, guess, n_documents)
        tallies["cue_token_f1"] = mt.Tally(counts, mt.token_f1, len(kept))
    for field, labels in _LABELS.items():
        kept = kept_by(lambda row, one, field=field: None not in (getattr(row, field), getattr(one, field)))
        if not kept:
            continue
        gold = _codes(labels.index(getattr(rows[k], field)) for k in kept)
        guess = _codes(labels.index(getattr(found[k], field)) for k in kept)
        counts = mt.confusion(documents[kept], gold, guess, n_documents, len(labels))
        frequent = [k for k, n in enumerate(counts.sum(axis=(0, 2))) if n >= mt.LEAST_ROWS]
        tallies[f"{field}_macro_f1"] = mt.Tally(counts, mt.macro_f1(frequent), len(kept))
    return mt.figures({name: tallies[name] for name in NAMES if name in tallies})


def _codes(values) -> mt.Ints:
    return np.array([int(value) for value in values], dtype=np.intp)
