"""The score report: one self-contained HTML file to read, correct and feed back."""

from __future__ import annotations

from pathlib import Path

from scorer.errors import InputError
from scorer.report.page import render_page
from scorer.scored_table import read_scored
from scorer.summary import Summary, summarise

__all__ = ["render_page", "write_report"]


def write_report(
    scored: str | Path, target: str | Path, *, doc_column: str | None = None, model_sha256: str | None = None
) -> Summary:
    """Write the report of a scored table to a file.

    Parameters
    ----------
    scored : str or Path
        What ``scorer score`` wrote.
    target : str or Path
        The HTML file, replaced if it is there.
    doc_column : str, optional
        The column that names documents; by default ``doc_id``, if there is one.
    model_sha256 : str, optional
        Of the model that scored it; exported corrections name it.

    Returns
    -------
    Summary
        What the report shows.

    Raises
    ------
    InputError
        If the table cannot be read or the file cannot be written.
    """
    table = read_scored(scored, doc_column=doc_column)
    if not table.rows:
        raise InputError(f"{table.name} has no sentences; there is nothing to report")
    summary = summarise(table)
    page = render_page(table, summary, model_sha256=model_sha256)
    try:
        Path(target).write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}") from error
    return summary
