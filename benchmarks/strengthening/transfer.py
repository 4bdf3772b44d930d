"""Registers and domains that training has not seen: what is lost there, and what is taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from scorer import metrics as mt
from scorer.calibration import mix_weights
from scorer.evaluate import document_codes, sentences_of, strength_tallies
from scorer.evaluate_text import Table
from scorer.labelled import LabelledSentence
from scorer.labels import STRENGTHS
from scorer.lexicon import Lexicon
from scorer.metrics import Ints
from scorer.pipeline import build_pipeline
from scorer.priors import NEWS_PRIOR
from scorer.reading import Reader
from scorer.vouching_training import cross_read
from strengthening.material import Material
from strengthening.parallel import side_by_side
from strengthening.trials import ACCURACY, Laid, Outcome, shown, spread

LEAST: Final = 150
"""Sentences that a register or domain needs, to be left out by itself."""
OTHERS: Final = "others"
_MOST: Final = 12
"""Registers, and domains, that are left out by themselves at most, the largest first."""
_PARTS_OF_OTHERS: Final = 4
_WORST: Final = 3
_FOLDS: Final = 3
"""Folds in which a training part is read."""


class Left(NamedTuple):
    """What is left out of training at once, and in which group it counts."""

    group: str
    which: Ints


class Result(NamedTuple):
    """How a group does left out, and in ordinary folds."""

    field: str
    group: str
    n: int
    n_documents: int
    out: dict[str, mt.Figure]
    usual: dict[str, mt.Figure]
    drop: mt.Figure
    confused: str


def transfer(material: Material, laid: Laid, shipped: Outcome, jobs: int) -> list[Table]:
    """Leave out each register and each domain, and learn everything anew, also what cues and sources weigh."""
    plans = {"register": lefts(material, "register", others=True), "domain": lefts(material, "domain", others=False)}
    tasks = [(field, left) for field, plan in plans.items() for left in plan]
    rows, groups = material.rows[: material.n_data], material.groups[: material.n_data].tolist()
    answers = side_by_side(jobs, guess_left_out, [(rows, groups, left.which, material.lexicon) for _, left in tasks])
    found: dict[tuple[str, str], tuple[list[Ints], list[Ints]]] = {}
    for (field, left), labels in zip(tasks, answers, strict=True):
        which, guesses = found.setdefault((field, left.group), ([], []))
        which.append(left.which)
        guesses.append(labels)
    results = [
        result_of(material, shipped, field, group, np.concatenate(which), np.concatenate(guesses))
        for (field, group), (which, guesses) in found.items()
    ]
    tables = [_table(field, [one for one in results if one.field == field]) for field in plans]
    worst = sorted((one for one in results if one.group != OTHERS), key=lambda one: one.out[ACCURACY].value)
    lines = [
        (f"{one.group} ({one.field})", shown(one.out[ACCURACY]), spread(one.drop), one.confused)
        for one in worst[:_WORST]
    ]
    return [*tables, Table("Transfer: lowest accuracy", ("", "left out", "change", "most confused"), lines)]


def lefts(material: Material, field: str, *, others: bool) -> list[Left]:
    """Plan what is left out: each large value of a column, and small ones by the handful."""
    values = np.array([getattr(row, field) or "" for row in material.rows[: material.n_data]], dtype=object)
    sizes = Counter(values.tolist())
    large = [name for name, n in sizes.most_common(_MOST) if n >= LEAST and name]
    plan = [Left(name, np.flatnonzero(values == name)) for name in large]
    rest = sorted((name for name in sizes if name not in large), key=lambda name: (-sizes[name], name))
    if others and rest:
        for k in range(_PARTS_OF_OTHERS):
            which = np.flatnonzero(np.isin(values, rest[k::_PARTS_OF_OTHERS]))
            plan += [Left(OTHERS, which)] if len(which) else []
    return [left for left in plan if len(left.which) < material.n_data]


def guess_left_out(rows: Sequence[LabelledSentence], groups: Sequence[str], which: Ints, lexicon: Lexicon) -> Ints:
    """Learn from all other rows, readings included, and guess these."""
    out = np.isin(np.arange(len(rows)), which)
    # A document of which a part is left out teaches nothing.
    touched = {groups[k] for k in which}
    kept = [k for k in range(len(rows)) if not out[k] and groups[k] not in touched]
    known = [rows[k] for k in kept]
    vouching, typing, readings = cross_read(known, [groups[k] for k in kept], lexicon, _FOLDS)
    codes = np.array([STRENGTHS.index(row.strength) for row in known])
    pipeline = build_pipeline().fit(readings, codes, classify__sample_weight=mix_weights(codes, NEWS_PRIOR))
    unseen = Reader(lexicon, vouching, typing).read(sentences_of([rows[k] for k in which]))
    return np.asarray(pipeline.predict(unseen), dtype=np.intp)


def result_of(material: Material, usual: Outcome, field: str, group: str, which: Ints, labels: Ints) -> Result:
    """Compare what was said of a group that was left out with what ordinary folds say of the same sentences."""
    documents = document_codes([material.rows[k] for k in which])
    gold, before = material.codes[which], usual.labels[which]
    n = int(documents.max()) + 1
    own = strength_tallies(documents, n, gold, labels, None)
    base = strength_tallies(documents, n, gold, before, None)
    drop = mt.figures({"drop": mt.difference(base[ACCURACY], own[ACCURACY])})["drop"]
    return Result(
        field, group, len(which), n, mt.figures(own), mt.figures(base), drop, confusions(gold, labels, before)
    )


def confusions(gold: Ints, labels: Ints, before: Ints) -> str:
    """Name the commonest confusion, how often it is made, and how often ordinary folds make it."""
    pairs = Counter((one, other) for one, other in zip(gold.tolist(), labels.tolist(), strict=True) if one != other)
    if not pairs:
        return "–"
    (one, other), n = pairs.most_common(1)[0]
    usual = int(((gold == one) & (before == other)).sum())
    return f"{STRENGTHS[one]} → {STRENGTHS[other]}: {n} (else {usual})"


def _table(field: str, results: Sequence[Result]) -> Table:
    header = ("", "sentences", "accuracy left out", "in folds", "change [95 %]", "macro-F1 left out", "in folds")
    lines = [
        (
            one.group,
            f"{one.n:,}",
            shown(one.out[ACCURACY]),
            shown(one.usual[ACCURACY]),
            spread(one.drop),
            shown(one.out["strength_macro_f1"]),
            shown(one.usual["strength_macro_f1"]),
            one.confused,
        )
        for one in results
    ]
    return Table(f"Transfer: each {field} left out of training", (*header, "most confused"), lines)
