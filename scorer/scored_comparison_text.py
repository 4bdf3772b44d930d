"""A comparison of two scored files in words and tables: as text for a terminal, as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from scorer.evaluate_text import Table
from scorer.labels import STRENGTHS
from scorer.plain_text import in_markdown, one_line
from scorer.scored_comparison import FAR, DocumentShift, ScoredComparison
from scorer.scored_table import ScoredRow

FOOTING: Final = "It says what changed, not what got better: only labelled text can tell that."
_NAMES: Final = {"needs_review": "needs review", "source": "source words", "cue": "cue words", "hedges": "hedge words"}
_Write: TypeAlias = Callable[..., str]
_LONGEST: Final = 140
_LONGEST_TITLE: Final = 44


def comparison_text(comparison: ScoredComparison, *, most: int = 10, markdown: bool = False) -> str:
    """Put a comparison into words and tables.

    Parameters
    ----------
    comparison : ScoredComparison
        From `scorer.scored_comparison.compare_scored`.
    most : int
        Sentences, documents and pairs of labels to show, at least 0.
    markdown : bool
        Whether to write Markdown; else plain text.

    Returns
    -------
    str
        Ends without a line break.
    """
    write: _Write = in_markdown if markdown else one_line
    head = f"{write(comparison.before.name)} → {write(comparison.after.name)}"
    parts = [f"### {head}" if markdown else head, _in_short(comparison)]
    for table in _tables(comparison, most):
        rows = [tuple(write(cell) for cell in row) for row in table.rows]
        table = table._replace(rows=rows, header=tuple(map(write, table.header)))
        parts.append(table.as_markdown() if markdown else table.as_text())
    for title, lines in _lists(comparison, most, write):
        head, mark = (f"**{title}**\n", "- ") if markdown else (title, "  ")
        parts.append("\n".join([head, *(mark + line for line in lines)]))
    return "\n\n".join([*parts, FOOTING])


def _in_short(comparison: ScoredComparison) -> str:
    """Say in a line or two how much changed."""
    n, changed = len(comparison.shifts), sum(comparison.transitions.values())
    if not n:
        return "No sentence is in both files: they are of different texts, or name their documents differently."
    said = f"{_count(n, 'sentence')} in both files; {changed:,} ({100 * changed / n:.1f} %) have another label"
    scores = comparison.scores
    if scores is not None:
        far = f"{scores.n_far:,} by {FAR:.0f} points or more"
        said += (
            f".\nScores of {_count(scores.n, 'claim')} moved by {_signed(scores.mean)} on average, up or down by "
            f"{scores.mean_absolute:.1f} (half of them by {scores.median_absolute:.1f} or less), {far}"
        )
    return said + "."


def _tables(comparison: ScoredComparison, most: int) -> Iterator[Table]:
    if not comparison.shifts:
        return
    yield _strengths(comparison)
    pairs = list(comparison.transitions.items())
    if pairs[:most]:
        rows = [(f"{old} → {new}", f"{n:,}") for (old, new), n in pairs[:most]]
        yield Table(_title("Pairs of labels that changed", len(pairs), most), ("from → to", "sentences"), rows)
    fields = [(_NAMES.get(name, name), f"{n:,}") for name, n in comparison.fields.items() if n]
    if fields:
        yield Table("What else changed", ("", "sentences"), fields)
    documents = [document for document in comparison.documents if document.n_relabelled or document.points]
    documents.sort(key=lambda document: (-document.n_relabelled, -abs(document.points or 0.0)))
    if documents[:most]:
        header = ("document", "sourcing score", "now", "change", "weak or unverified", "now", "other labels")
        lines = [_document(document) for document in documents[:most]]
        yield Table(_title("Documents that changed", len(documents), most), header, lines)


def _strengths(comparison: ScoredComparison) -> Table:
    """Count the labels of the sentences that are in both files."""
    rows = []
    for name in STRENGTHS:
        old = sum(shift.before.text("strength") == name for shift in comparison.shifts)
        new = sum(shift.after.text("strength") == name for shift in comparison.shifts)
        rows.append((name, f"{old:,}", f"{new:,}", _signed(new - old, 0)))
    return Table("Labels of the sentences in both", ("label", "before", "now", "change"), rows)


def _document(document: DocumentShift) -> tuple[str, ...]:
    scores = [figures.sourcing for figures in (document.before, document.after)]
    written = [f"{score.score:.0f}" if score else "–" for score in scores]
    points = document.points
    title = one_line(document.title, _LONGEST_TITLE)
    return (
        *(title, *written, "–" if points is None else _signed(points, 0)),
        *(f"{document.before.n_doubtful:,}", f"{document.after.n_doubtful:,}", f"{document.n_relabelled:,}"),
    )


def _lists(comparison: ScoredComparison, most: int, write: _Write) -> Iterator[tuple[str, list[str]]]:
    """Give the lists of sentences, each with its title."""
    relabelled = comparison.relabelled()
    if relabelled[:most]:
        title = _title("Sentences with another label, those first that moved most", len(relabelled), most)
        yield title, [f"{_label(old)} → {_label(new)}: {_quoted(old, write)}" for old, new in relabelled[:most]]
    lost = ((comparison.before.name, comparison.only_before), (comparison.after.name, comparison.only_after))
    for name, rows in lost:
        if rows[:most]:
            title = _title(f"Only in {write(name)}", len(rows), most)
            yield title, [f"{_label(row)}: {_quoted(row, write)}" for row in rows[:most]]


def _label(row: ScoredRow) -> str:
    score = row.value("score")
    return row.text("strength") + ("" if score is None else f" {score:.0f}")


def _quoted(row: ScoredRow, write: _Write) -> str:
    return f"“{write(row.text('text'), _LONGEST)}” ({write(row.doc_id)}, sentence {row.text('sentence')})"


def _title(what: str, there: int, most: int) -> str:
    return f"{what}: {there:,}" if there <= most else f"{what}: {most:,} of {there:,}"


def _signed(value: float, decimals: int = 1) -> str:
    written = f"{value:+.{decimals}f}".replace("-", "−")
    return written if float(f"{value:.{decimals}f}") else written[1:]


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
