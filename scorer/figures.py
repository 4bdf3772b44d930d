"""Counts over sentences of a scored table, who stands behind them, and the sourcing score, whose formula is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Final, NamedTuple

from scorer.labels import ACCOUNTABLE, IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.lexicon import load_lexicon
from scorer.scored_table import ScoredRow

HEDGED: Final = 0.3
"""A claim counts as hedged from this ``hedging`` on: one weak hedge on its main clause, or a strong one beside it."""
FEWEST_TO_SPREAD: Final = 3
"""With fewer attributed claims there is nothing that could be spread over several sources."""
ANSWERS: Final = {"accountable": 1.0, "checked": 1.0, "outlet": 0.5, "anonymous": 0.25, "nobody": 0.0}
"""What a claim gives to `Sourcing.answerable`, by who answers for it."""


class Voice(NamedTuple):
    """A source that is somebody: its words, what it is, and a key that is the same wherever it is the same source."""

    key: str
    name: str
    source_type: str
    identification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourcing:
    """How well some claims are sourced, as far as the text tells.

    Attributes
    ----------
    score : float
        0-100: ``100 * (3 * answerable + spread) / 4``, or ``100 * answerable`` where there is no spread.
    answerable : float
        Mean over the claims of who answers for them (`ANSWERS`): 1 for a source that can be held to account or a
        check that is shown, 0.5 for the outlet's own voice, 0.25 for an anonymous source, 0 where nobody is there or
        the text itself says that the claim is not verified.
    spread : float or None
        1 minus the share of the source that stands behind most attributed claims; None with fewer than three of them.
    """

    score: float
    answerable: float
    spread: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts over some sentences. All but `n_sentences`, `strengths` and `n_review` are of claims.

    Attributes
    ----------
    n_sentences, n_claims, n_review : int
        All sentences; those that are claims; those that need review.
    strengths, source_types, identifications, verifications : dict of str to int
        Sentences of each strength; claims of each other label. Every label is there, in the order of the guide.
    n_hedged : int
        Claims with a ``hedging`` of at least `HEDGED`.
    n_attributed : int
        Claims that hang on a source that is somebody: not on "reportedly" or "some reports".
    n_sources, n_accountable : int
        Distinct sources behind these, and how many of them can be held to account. They are distinct by name; whether
        one has it from the other is more than a text tells.
    top_source : str
        The source behind most of these claims, empty if there is none.
    n_top : int
        How many that are.
    median_score : float or None
        Of the 0-100 score; None without claims.
    sourcing : Sourcing or None
        None without claims.
    """

    n_sentences: int
    n_claims: int
    n_review: int
    strengths: dict[str, int]
    source_types: dict[str, int]
    identifications: dict[str, int]
    verifications: dict[str, int]
    n_hedged: int
    n_attributed: int
    n_sources: int
    n_accountable: int
    top_source: str
    n_top: int
    median_score: float | None
    sourcing: Sourcing | None

    @property
    def n_doubtful(self) -> int:
        """Claims that are unverified or weak."""
        return self.strengths["unverified"] + self.strengths["weak"]

    @property
    def single_source(self) -> bool:
        """Whether at least `FEWEST_TO_SPREAD` attributed claims all rest on one source."""
        return self.n_attributed >= FEWEST_TO_SPREAD and self.n_top == self.n_attributed

    def share(self, count: int) -> float:
        """Give a count as a share of the claims; 0 without claims."""
        return count / self.n_claims if self.n_claims else 0.0


def find_voices(rows: Sequence[ScoredRow]) -> list[Voice | None]:
    """Find who stands behind each row.

    Parameters
    ----------
    rows : sequence of ScoredRow
        Whole documents.

    Returns
    -------
    list of Voice or None
        None where the outlet speaks itself, and where a source is vague and nobody is there.
    """
    mentions: dict[tuple[str, str], list[ScoredRow]] = {}
    marks: list[tuple[str, str] | None] = []
    for row in rows:
        vague = row.cells["identification"] in ("none", "vague")
        number, name = row.text("source_id"), row.text("source_name") or row.text("source")
        mark = None if vague or not (number or name) else (row.doc_id, number or name.casefold())
        marks.append(mark)
        if mark:
            mentions.setdefault(mark, []).append(row)
    voices: dict[tuple[str, str], Voice] = {}
    for mark, found in mentions.items():
        best = min(found, key=lambda row: IDENTIFICATIONS.index(row.text("identification")))
        name = max((row.text("source_name") or row.text("source") for row in found), key=len)
        named = best.text("identification") == "named" and not _pronoun(name)
        key = name.casefold() if named else f"{mark[0]}\x1f{mark[1]}"
        voices[mark] = Voice(key, name, best.text("source_type"), best.text("identification"))
    return [voices[mark] if mark else None for mark in marks]


def figures_of(rows: Sequence[ScoredRow], voices: Sequence[Voice | None]) -> Figures:
    """Count some sentences.

    Parameters
    ----------
    rows : sequence of ScoredRow, shape (n_sentences,)
        The sentences.
    voices : sequence of Voice or None, shape (n_sentences,)
        Who stands behind each, from `find_voices`.

    Returns
    -------
    Figures
        Their counts.
    """
    claims = [(row, voice) for row, voice in zip(rows, voices, strict=True) if row.cells["strength"] != "not_a_claim"]
    behind = Counter(voice.key for _, voice in claims if voice)
    people = {voice.key: voice for _, voice in claims if voice}
    top, n_top = behind.most_common(1)[0] if behind else ("", 0)
    scores = [score for row, _ in claims if (score := row.value("score")) is not None]
    return Figures(
        n_sentences=len(rows),
        n_claims=len(claims),
        n_review=sum(row.flag("needs_review") for row in rows),
        strengths=counted(rows, "strength", STRENGTHS),
        source_types=counted([row for row, _ in claims], "source_type", SOURCE_TYPES),
        identifications=counted([row for row, _ in claims], "identification", IDENTIFICATIONS),
        verifications=counted([row for row, _ in claims], "verification", VERIFICATIONS),
        n_hedged=sum((row.value("hedging") or 0.0) >= HEDGED for row, _ in claims),
        n_attributed=sum(behind.values()),
        n_sources=len(people),
        n_accountable=sum(voice.identification in ACCOUNTABLE for voice in people.values()),
        top_source=people[top].name if top else "",
        n_top=n_top,
        median_score=median(scores) if scores else None,
        sourcing=sourcing_of([row for row, _ in claims], n_top, sum(behind.values())),
    )


def sourcing_of(claims: Sequence[ScoredRow], n_top: int, n_attributed: int) -> Sourcing | None:
    """Rate how well some claims are sourced; `Sourcing` has the formula.

    Parameters
    ----------
    claims : sequence of ScoredRow
        Sentences that are claims.
    n_top, n_attributed : int
        As in `Figures`.

    Returns
    -------
    Sourcing or None
        None without claims.
    """
    if not claims:
        return None
    answerable = sum(ANSWERS[who_answers(row)] for row in claims) / len(claims)
    if n_attributed < FEWEST_TO_SPREAD:
        return Sourcing(score=100.0 * answerable, answerable=answerable, spread=None)
    spread = 1.0 - n_top / n_attributed
    return Sourcing(score=25.0 * (3.0 * answerable + spread), answerable=answerable, spread=spread)


def who_answers(claim: ScoredRow) -> str:
    """Say who answers for a claim: a key of `ANSWERS`.

    That the text calls it unverified comes first: no name mends that. A check that is shown comes before the name.
    """
    identification = claim.cells["identification"]
    if claim.cells["strength"] == "unverified" or identification == "vague":
        return "nobody"
    if claim.cells["verification"] == "verified":
        return "checked"
    if identification in ACCOUNTABLE:
        return "accountable"
    return "anonymous" if identification == "anonymous" else "outlet"


def _pronoun(name: str) -> bool:
    """Tell whether a source has no words but a pronoun: nobody that another document could name as well."""
    # "WHO" and "US" are written like no pronoun.
    return (not name.isupper() or len(name) == 1) and name.lower() in _pronouns()


@cache
def _pronouns() -> frozenset[str]:
    classes = load_lexicon().classes
    return frozenset().union(*(classes[name] for name in ("pronoun", "object_pronoun", "possessive")))


def counted(rows: Sequence[ScoredRow], column: str, labels: Sequence[str]) -> dict[str, int]:
    """Count the rows of each label, in the order of the labels."""
    counts = Counter(row.cells[column] for row in rows)
    return {label: counts[label] for label in labels}
