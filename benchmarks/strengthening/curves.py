"""Whether more text would help, and of which kind: less of it, and only the balanced or only the natural files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from scorer.calibration import mix_weights
from scorer.evaluate import document_codes, strength_tallies
from scorer.evaluate_text import Table
from scorer.metrics import Ints
from scorer.pipeline import RANDOM_STATE
from scorer.priors import NEWS_PRIOR
from strengthening.material import Block, Material, kind_of
from strengthening.models import linear
from strengthening.parallel import side_by_side
from strengthening.trials import ACCURACY, Laid, Outcome

SIZES: Final = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
SEEDS: Final = (0, 1)
_HELD_OUT: Final = 0.2
_MACRO: Final = "strength_macro_f1"


class Course(NamedTuple):
    """What is learnt from: a name for its row, the seed, the sentences, and those held out."""

    name: str
    seed: int
    train: Ints
    held: Ints


def curves(material: Material, laid: Laid, shipped: Outcome, jobs: int) -> list[Table]:
    """Learn from parts of the text, over readings as they are, and measure on documents held out and test files."""
    kinds = np.array([kind_of(row) for row in material.rows])
    sized, kind = sizes(material), of_kind(material, kinds)
    answers = side_by_side(jobs, _guess, (_blocks(material, course) for course in (*sized, *kind)))
    sets = {"held out": np.arange(material.n_data)}
    by_kind = {f"held out, {name}": np.flatnonzero(kinds == name) for name in ("natural", "balanced")}
    tests = {part.name: part.which for part in material.parts[1:]}
    tables = [_table("Curves: share of the documents", material, sized, answers[: len(sized)], sets | tests)]
    if kind:
        title = "Curves: as many sentences of one kind"
        tables.append(_table(title, material, kind, answers[len(sized) :], by_kind | tests))
    return tables


def sizes(material: Material) -> list[Course]:
    """Plan growing shares of the documents, the smaller ones parts of the larger."""
    plan = []
    for seed in SEEDS:
        documents, held = shuffled(material, seed)
        for share in SIZES:
            names = set(documents[: max(1, round(share * len(documents)))])
            plan.append(Course(f"{share:.0%}", seed, members(material, names), held))
    return plan


def of_kind(material: Material, kinds: np.ndarray) -> list[Course]:
    """Plan as many sentences of each kind of file, and as many of both; and all there are."""
    plan: list[Course] = []
    for seed in SEEDS:
        documents, held = shuffled(material, seed)
        order = np.concatenate([np.flatnonzero(material.groups == name) for name in documents])
        found = {name: order[kinds[order] == name] for name in ("balanced", "natural")}
        n = min(map(len, found.values()))
        if not n:
            return []
        chosen = {name: which[:n] for name, which in found.items()}
        chosen["half of each"] = np.concatenate([which[: n // 2] for which in found.values()])
        chosen["all of both"] = np.concatenate(list(found.values()))
        chosen["all files"] = order
        plan += [Course(name, seed, np.sort(which), held) for name, which in chosen.items()]
    return plan


def shuffled(material: Material, seed: int) -> tuple[list[str], Ints]:
    """Give the documents to learn from in random order, and the sentences of those held out."""
    documents = np.array(sorted(set(material.groups[: material.n_data])), dtype=object)
    order = np.random.default_rng(RANDOM_STATE + seed).permutation(documents).tolist()
    n_held = max(1, round(_HELD_OUT * len(order)))
    return order[n_held:], members(material, set(order[:n_held]))


def members(material: Material, names: set[str]) -> Ints:
    """Give the sentences of documents."""
    return np.flatnonzero([group in names for group in material.groups])


def _blocks(material: Material, course: Course) -> tuple[Block, Block]:
    block = material.block(material.words(course.train))
    train = block.part(course.train)
    weights = mix_weights(train.codes, NEWS_PRIOR)
    return train._replace(weights=weights), block.part(_asked(material, course))


def _asked(material: Material, course: Course) -> Ints:
    return np.concatenate([course.held, np.arange(material.n_data, len(material.rows))])


def _guess(train: Block, test: Block) -> Ints:
    return np.asarray(linear(train, test).argmax(axis=1))


def _table(
    title: str, material: Material, plan: Sequence[Course], answers: Sequence[Ints], sets: dict[str, Ints]
) -> Table:
    """Put means over the seeds into a table; the range of accuracies shows what chance does."""
    lines = []
    for name in dict.fromkeys(course.name for course in plan):
        cells = []
        mine = [(course, answer) for course, answer in zip(plan, answers, strict=True) if course.name == name]
        for which in sets.values():
            found = [_figures(material, course, answer, which) for course, answer in mine]
            accuracies = [one[0] for one in found]
            cells += [
                f"{np.mean(accuracies):.3f} ({min(accuracies):.3f}–{max(accuracies):.3f})",
                f"{np.mean([one[1] for one in found]):.3f}",
            ]
        n = np.mean([len(course.train) for course, _ in mine])
        lines.append((name, f"{n:,.0f}", *cells))
    header = [f"{name}: {what}" for name in sets for what in ("accuracy", "macro-F1")]
    return Table(f"{title}, mean of {len(SEEDS)} draws", ("learnt from", "sentences", *header), lines)


def _figures(material: Material, course: Course, answer: Ints, which: Ints) -> tuple[float, float]:
    asked = _asked(material, course)
    kept = np.isin(asked, which)
    if not kept.any():
        return float("nan"), float("nan")
    documents = document_codes([material.rows[k] for k in asked[kept]])
    counted = strength_tallies(documents, int(documents.max()) + 1, material.codes[asked[kept]], answer[kept], None)
    total = {name: tally.statistic(tally.counts.sum(axis=0)[None])[0] for name, tally in counted.items()}
    return float(total[ACCURACY]), float(total[_MACRO])
