"""Two scored files of the same text: which labels moved, and by how much. Nobody's labels are needed for it.

It tells what changed, not what got better: that takes labelled text (`scorer.own_data`, ``scorer evaluate``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final, NamedTuple

from scorer.figures import Figures
from scorer.labels import STRENGTHS
from scorer.scored_table import ScoredRow, ScoredTable
from scorer.summary import Summary, summarise

FIELDS: Final = ("source_type", "identification", "source", "cue", "hedges", "verification", "needs_review")
"""What may change of a sentence besides its strength and score."""

_PROBABILITIES: Final = tuple(f"p_{name}" for name in STRENGTHS)

FAR: Final = 10.0
"""Points of score from which on a sentence moved far."""


class Shift(NamedTuple):
    """One sentence in both files.

    Attributes
    ----------
    before, after : ScoredRow
        Its rows.
    """

    before: ScoredRow
    after: ScoredRow

    @property
    def points(self) -> float | None:
        """How far its score moved; None where it is no claim in one of them."""
        old, new = self.before.value("score"), self.after.value("score")
        return None if old is None or new is None else new - old

    @property
    def relabelled(self) -> bool:
        """Whether its strength is another one."""
        return self.before.text("strength") != self.after.text("strength")

    @property
    def distance(self) -> float:
        """How far its probabilities moved: half of the sum of all differences, from 0 (the same) to 1."""
        return sum(abs((self.after.value(p) or 0.0) - (self.before.value(p) or 0.0)) for p in _PROBABILITIES) / 2


class Scores(NamedTuple):
    """How far the scores of sentences that are claims in both files moved, in points.

    Attributes
    ----------
    n : int
        Such sentences.
    mean : float
        On average, up and down against each other.
    mean_absolute, median_absolute : float
        On average and in the middle, up or down.
    n_far : int
        Those that moved by `FAR` or more.
    """

    n: int
    mean: float
    mean_absolute: float
    median_absolute: float
    n_far: int


class DocumentShift(NamedTuple):
    """One document in both files: what it is called, its figures before and after, its sentences with another label."""

    title: str
    before: Figures
    after: Figures
    n_relabelled: int

    @property
    def points(self) -> float | None:
        """How far its sourcing score moved; None where it has none in one of them."""
        old, new = self.before.sourcing, self.after.sourcing
        return None if old is None or new is None else new.score - old.score


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredComparison:
    """What two scored files of the same text say differently.

    Attributes
    ----------
    before, after : Summary
        Of both files.
    shifts : list of Shift
        Sentences that are in both: the same words in the same place of the same document.
    only_before, only_after : list of ScoredRow
        The others.
    transitions : dict of (str, str) to int
        Sentences by old and new strength, where these differ; the most frequent first.
    fields : dict of str to int
        Sentences with another value, by `FIELDS`; without a column that one of the files lacks.
    scores : Scores or None
        None where no sentence is a claim in both.
    documents : list of DocumentShift
        Documents in both, in the order of the first file.
    """

    before: Summary
    after: Summary
    shifts: list[Shift]
    only_before: list[ScoredRow]
    only_after: list[ScoredRow]
    transitions: dict[tuple[str, str], int]
    fields: dict[str, int]
    scores: Scores | None
    documents: list[DocumentShift]

    def relabelled(self) -> list[Shift]:
        """Give the sentences with another label, those first whose probabilities moved most."""
        return sorted((shift for shift in self.shifts if shift.relabelled), key=lambda shift: -shift.distance)

    def changed(self) -> list[Shift]:
        """Give the sentences with any change, another label first, then by how far their probabilities moved."""
        columns = ("strength", "score", *_PROBABILITIES, *self.fields)
        found = [s for s in self.shifts if any(_cell(s.before, name) != _cell(s.after, name) for name in columns)]
        return sorted(found, key=lambda shift: (not shift.relabelled, -shift.distance))


def change_table(comparison: ScoredComparison) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """List every sentence that changed.

    Parameters
    ----------
    comparison : ScoredComparison
        From `compare_scored`.

    Returns
    -------
    tuple
        The columns, and the rows in the order of `ScoredComparison.changed`: where the sentence stands, and each value
        before and after.
    """
    names = ("strength", "score", *comparison.fields)
    columns = (
        "key",
        "doc_id",
        "sentence",
        "text",
        *(f"{name}_{when}" for name in names for when in ("before", "after")),
    )
    rows = []
    for old, new in comparison.changed():
        cells = [row.cells[name] for name in names for row in (old, new)]
        rows.append((old.key, old.doc_id, old.cells["sentence"], old.cells["text"], *cells))
    return columns, rows


def compare_scored(before: ScoredTable, after: ScoredTable) -> ScoredComparison:
    """Compare two scored files of the same text.

    Parameters
    ----------
    before, after : ScoredTable
        From `scorer.scored_table.read_scored`.

    Returns
    -------
    ScoredComparison
        Every row of both is in `shifts`, `only_before` or `only_after`.
    """
    found = {row.key: row for row in after.rows}
    shifts = [Shift(row, found[row.key]) for row in before.rows if row.key in found]
    paired = {shift.before.key for shift in shifts}
    moved = Counter((s.before.text("strength"), s.after.text("strength")) for s in shifts if s.relabelled)
    fields = [name for name in FIELDS if name in before.columns and name in after.columns]
    summaries = summarise(before), summarise(after)
    return ScoredComparison(
        before=summaries[0],
        after=summaries[1],
        shifts=shifts,
        only_before=[row for row in before.rows if row.key not in paired],
        only_after=[row for row in after.rows if row.key not in paired],
        transitions=dict(moved.most_common()),
        fields={name: sum(_cell(s.before, name) != _cell(s.after, name) for s in shifts) for name in fields},
        scores=_scores([points for shift in shifts if (points := shift.points) is not None]),
        documents=_documents(*summaries, shifts),
    )


def _cell(row: ScoredRow, column: str) -> object:
    """Give a cell such that CSV and JSON Lines agree."""
    if column == "needs_review":
        return row.flag(column)
    return row.value(column) if column == "score" or column.startswith("p_") else row.text(column)


def _scores(points: list[float]) -> Scores | None:
    if not points:
        return None
    sizes = [abs(moved) for moved in points]
    # Scores have one decimal; their differences are not to miss the mark by a rounding error.
    far = sum(round(size, 6) >= FAR for size in sizes)
    return Scores(len(points), fmean(points), fmean(sizes), median(sizes), far)


def _documents(before: Summary, after: Summary, shifts: list[Shift]) -> list[DocumentShift]:
    relabelled = Counter(shift.before.doc_id for shift in shifts if shift.relabelled)
    there = {document.id: document for document in after.documents}
    return [
        DocumentShift(document.title, document.figures, there[document.id].figures, relabelled[document.id])
        for document in before.documents
        if document.id in there
    ]
