"""The figures of a scored table as Markdown, for a pull request or an e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scorer.evaluate_text import Table
from scorer.figures import Figures
from scorer.plain_text import in_markdown
from scorer.scored_table import ScoredTable
from scorer.summary import DocumentSummary, SourceSummary, Summary

FOOTING: Final = (
    "Scores rate the footing that a text gives its claims, from hearsay (0) to checked (100). They do not say whether "
    "a claim is true."
)
FORMULA: Final = (
    "Sourcing score = 100 × (3 × answerable + spread) ÷ 4. Answerable is the mean over the claims of: 1 for a source "
    "that can be held to account or a check that is shown, ½ for the outlet’s own voice, ¼ for an anonymous source, 0 "
    "where nobody is there or the text says that it is not verified. Spread is 1 minus the share of attributed claims "
    "that hang on the most quoted source; with fewer than three of them the score is 100 × answerable. The batch’s "
    "score is the mean of its documents’, weighted by their claims."
)
_LONGEST: Final = 200
_LONGEST_NAME: Final = 60


def summary_markdown(summary: Summary, table: ScoredTable, *, most: int = 10) -> str:
    """Put the figures of a scored table into Markdown.

    Parameters
    ----------
    summary : Summary
        From `scorer.summary.summarise`.
    table : ScoredTable
        What it was made from.
    most : int
        Documents, claims and sources to show, at least 0.

    Returns
    -------
    str
        Ends without a line break. All text of the table is escaped.
    """
    parts = [f"### Footing of the claims in {in_markdown(summary.name)}", *_words(summary)]
    parts += [made.as_markdown() for made in _tables(summary, most)]
    weakest = summary.weakest[:most]
    if weakest:
        lines = [_claim(table, place) for place in weakest]
        parts.append("\n".join(["**The weakest claims**\n", *lines]))
    return "\n\n".join([*parts, f"{FOOTING} {FORMULA}", f"From `{summary.sha256[:16]}…` (SHA-256 of the scored file)."])


def percent(share: float) -> str:
    """Write a share; what is there never shows as 0 %, and what is not all never as 100 %.

    Examples
    --------
    >>> percent(0.126), percent(0.001), percent(0.999)
    ('13 %', '<1 %', '>99 %')
    """
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1 %"
    return ">99 %" if whole == 100 and share < 1 else f"{whole} %"


def _words(summary: Summary) -> Iterator[str]:
    """Say the main figures in words."""
    found = summary.figures
    size = f"{_count(len(summary.documents), 'document')}, {_count(found.n_sentences, 'sentence')}"
    if found.sourcing is None:
        yield f"{size}, and not one claim."
        return
    yield f"{size}, {_count(found.n_claims, 'claim')}. Sourcing score **{found.sourcing.score:.0f}** of 100."
    single = summary.n_single_source
    rests = "no document rests" if not single else "1 document rests" if single == 1 else f"{single:,} documents rest"
    accountable = f"{found.n_accountable:,} of them accountable"
    said = [
        f"{_share(found, found.n_doubtful)} of the claims are weak or unverified; "
        f"{_share(found, found.strengths['unverified'])} are unverified",
        f"{_share(found, found.identifications['anonymous'])} hang on anonymous sources; "
        f"{_share(found, found.n_hedged)} are hedged",
        f"{_count(found.n_sources, 'distinct source')}, {accountable}; {rests} on one source",
        f"{_count(found.n_review, 'label')} to review: there the model is not sure",
    ]
    yield "\n".join(f"- {line}" for line in said)


def _tables(summary: Summary, most: int) -> Iterator[Table]:
    found = summary.figures
    rows = [(name, f"{n:,}", percent(n / max(found.n_sentences, 1))) for name, n in found.strengths.items()]
    # From the weakest up; what is no claim has no place on the scale.
    yield Table("Strength", ("label", "sentences", "share"), [*rows[1:], rows[0]])
    types = [(name.replace("_", " "), n) for name, n in found.source_types.items() if n]
    types.sort(key=lambda kind: -kind[1])
    if types:
        lines = [
            ("the outlet itself" if name == "none" else name, f"{n:,}", percent(found.share(n))) for name, n in types
        ]
        yield Table("Who the claims hang on", ("source", "claims", "share"), lines)
    documents = sorted((document for document in summary.documents if document.figures.sourcing), key=_sourcing)
    if documents[:most] and len(summary.documents) > 1:
        title = _title("Documents, lowest sourcing score first", len(documents), most)
        header = ("document", "sourcing score", "claims", "weak or unverified", "anonymous", "sources", "on one source")
        yield Table(title, header, [_document(document) for document in documents[:most]])
    if summary.sources[:most]:
        title = _title("Sources, most claims first", len(summary.sources), most)
        columns = ("source", "kind", "claims", "weak or unverified", "documents")
        yield Table(title, columns, [_source(source) for source in summary.sources[:most]])


def _sourcing(document: DocumentSummary) -> float:
    sourcing = document.figures.sourcing
    return 0.0 if sourcing is None else sourcing.score


def _document(document: DocumentSummary) -> tuple[str, ...]:
    found = document.figures
    top = percent(found.n_top / found.n_attributed) if found.n_attributed else "–"
    counts = (found.n_claims, found.n_doubtful, found.identifications["anonymous"], found.n_sources)
    return (
        in_markdown(document.title, _LONGEST_NAME),
        f"{_sourcing(document):.0f}",
        *(f"{n:,}" for n in counts),
        top,
    )


def _source(source: SourceSummary) -> tuple[str, ...]:
    doubtful = source.strengths["unverified"] + source.strengths["weak"]
    kind = f"{source.source_type.replace('_', ' ')}, {source.identification}"
    numbers = (len(source.rows), doubtful, len(source.documents))
    return (in_markdown(source.name, _LONGEST_NAME), kind, *(f"{n:,}" for n in numbers))


def _claim(table: ScoredTable, place: int) -> str:
    row = table.rows[place]
    score = row.value("score")
    label = row.text("strength") + ("" if score is None else f" {score:.0f}")
    where = f"{in_markdown(row.doc_id, _LONGEST_NAME)}, sentence {row.text('sentence')}"
    return f"- {label}: “{in_markdown(row.text('text'), _LONGEST)}” ({where})"


def _title(what: str, there: int, most: int) -> str:
    return f"{what}: {there:,}" if there <= most else f"{what}: {most:,} of {there:,}"


def _share(found: Figures, n: int) -> str:
    return f"{n:,} ({percent(found.share(n))})"


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
