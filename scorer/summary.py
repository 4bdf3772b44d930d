"""A scored table in figures: of the batch, of each document, and of each source. What the report shows is counted here.

Nothing here knows how the figures are shown. `summarise` gives plain records; the report's template, or anything else,
puts them into words and plots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from scorer.errors import InputError
from scorer.figures import Figures, Sourcing, Voice, counted, figures_of, find_voices
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.scored_table import ScoredRow, ScoredTable

N_WEAKEST: Final = 10

_NEEDED: Final = {"source_type": SOURCE_TYPES, "identification": IDENTIFICATIONS, "verification": VERIFICATIONS}
_TITLES: Final = ("headline", "title", "name", "subject")
_LINKS: Final = ("url", "link", "href")
_N_DETAILS: Final = 5
_LONGEST_DETAIL: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """One document.

    Attributes
    ----------
    id : str
        As in `ScoredTable`.
    title : str
        What its rows have as a headline, title or name; else its id.
    link : str
        Its address on the web, if its rows have one; only http and https.
    details : tuple of (str, str)
        Other columns of the caller's that are the same on all its rows, at most five.
    rows : tuple of int
        Its sentences, as positions in the table.
    figures : Figures
        Its counts.
    """

    id: str
    title: str
    link: str
    details: tuple[tuple[str, str], ...]
    rows: tuple[int, ...]
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """One source over the batch.

    A named source is the same in every document that names it. Others, such as "police", are listed together if their
    words agree, but count as one for each document: they may well be different bodies.

    Attributes
    ----------
    name : str
        Its fullest words.
    source_type, identification : str
        As in the labels; of several mentions the one that identifies it best counts.
    strengths : dict of str to int
        Its claims of each strength.
    documents : tuple of int
        Where it speaks, as positions in `Summary.documents`.
    rows : tuple of int
        The claims that hang on it, as positions in the table.
    """

    name: str
    source_type: str
    identification: str
    strengths: dict[str, int]
    documents: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A scored table in figures.

    Attributes
    ----------
    name, sha256 : str
        Of the file.
    figures : Figures
        Of all its sentences; its sourcing score is the mean of the documents', weighted by their claims.
    documents : tuple of DocumentSummary
        In the order of the table.
    sources : tuple of SourceSummary
        Those with the most claims first.
    n_single_source : int
        Documents that hang on a single source.
    weakest : tuple of int
        The claims with the lowest scores, lowest first, at most ten; positions in the table.
    """

    name: str
    sha256: str
    figures: Figures
    documents: tuple[DocumentSummary, ...]
    sources: tuple[SourceSummary, ...]
    n_single_source: int
    weakest: tuple[int, ...]


def summarise(table: ScoredTable) -> Summary:
    """Count what a report of a scored table shows.

    Parameters
    ----------
    table : ScoredTable
        From `scorer.scored_table.read_scored`.

    Returns
    -------
    Summary
        Made of the table alone: the same table gives the same summary.

    Raises
    ------
    InputError
        If a column of labels is missing, or a cell is no label.
    """
    _check(table)
    rows = table.rows
    one = table.name if loose(table) else ""
    voices = find_voices(rows)
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(one or row.doc_id, []).append(place)
    documents = tuple(_document(table, doc_id, found, voices) for doc_id, found in places.items())
    figures = figures_of(rows, voices)
    claims = [place for place, row in enumerate(rows) if row.value("score") is not None]
    claims.sort(key=lambda place: (rows[place].value("score"), place))
    return Summary(
        name=table.name,
        sha256=table.sha256,
        figures=replace(figures, sourcing=_mean_sourcing(figures, documents)),
        documents=documents,
        sources=_sources(rows, voices, documents),
        n_single_source=sum(document.figures.single_source for document in documents),
        weakest=tuple(claims[:N_WEAKEST]),
    )


def loose(table: ScoredTable) -> bool:
    """Tell whether a table is a list of sentences without documents: it is shown as one, under the file's name."""
    return table.doc_column is None and len({row.doc_id for row in table.rows}) == len(table.rows)


def _check(table: ScoredTable) -> None:
    """Refuse columns that are missing and labels that the guide does not have."""
    for column, legal in _NEEDED.items():
        if column not in table.columns:
            raise InputError(f"{table.name} has no column '{column}'; score the text again with scorer score")
        for row in table.rows:
            if row.cells[column] not in legal:
                raise InputError(
                    f"{table.name}: row {row.number}, column '{column}': {row.cells[column]!r} is no such label; "
                    f"use one of {', '.join(legal)}"
                )


def _mean_sourcing(figures: Figures, documents: Sequence[DocumentSummary]) -> Sourcing | None:
    """Give the mean of the documents' sourcing, weighted by their claims."""
    if figures.sourcing is None:
        return None
    parts = [(doc.figures.sourcing, doc.figures.n_claims) for doc in documents]
    score = sum(sourcing.score * n for sourcing, n in parts if sourcing) / figures.n_claims
    spreads = [(sourcing.spread, n) for sourcing, n in parts if sourcing and sourcing.spread is not None]
    spread = sum(s * n for s, n in spreads) / sum(n for _, n in spreads) if spreads else None
    return Sourcing(score=score, answerable=figures.sourcing.answerable, spread=spread)


def _document(
    table: ScoredTable, doc_id: str, places: Sequence[int], voices: Sequence[Voice | None]
) -> DocumentSummary:
    rows = [table.rows[place] for place in places]
    title, link, details = doc_id, "", list[tuple[str, str]]()
    # The caller's columns come first; what scoring adds begins with "sentence".
    for column in table.columns[: table.columns.index("sentence")]:
        if column == table.doc_column:
            continue
        value = rows[0].text(column).strip()
        if not value or any(row.cells.get(column) != rows[0].cells.get(column) for row in rows):
            continue
        if column.lower() in _TITLES and title == doc_id:
            title = value
        elif column.lower() in _LINKS and not link and value.lower().startswith(("https://", "http://")):
            link = value
        elif len(value) <= _LONGEST_DETAIL and len(details) < _N_DETAILS:
            details.append((column, value))
    return DocumentSummary(
        id=doc_id,
        title=title,
        link=link,
        details=tuple(details),
        rows=tuple(places),
        figures=figures_of(rows, [voices[place] for place in places]),
    )


def _sources(
    rows: Sequence[ScoredRow], voices: Sequence[Voice | None], documents: Sequence[DocumentSummary]
) -> tuple[SourceSummary, ...]:
    where = {place: number for number, document in enumerate(documents) for place in document.rows}
    found: dict[tuple[str, bool], list[int]] = {}
    for place, voice in enumerate(voices):
        if voice and rows[place].cells["strength"] != "not_a_claim":
            found.setdefault((voice.name.casefold(), voice.identification == "named"), []).append(place)
    sources = []
    for places in found.values():
        people = [voice for place in places if (voice := voices[place])]
        best = min(people, key=lambda voice: IDENTIFICATIONS.index(voice.identification))
        (source_type, _), *_ = Counter(voice.source_type for voice in people).most_common()
        sources.append(
            SourceSummary(
                name=best.name,
                source_type=source_type,
                identification=best.identification,
                strengths=counted([rows[place] for place in places], "strength", STRENGTHS[1:]),
                documents=tuple(dict.fromkeys(where[place] for place in places)),
                rows=tuple(places),
            )
        )
    return tuple(sorted(sources, key=lambda source: (-len(source.rows), source.rows[0])))
