"""``scorer report``: a scored table to one HTML file to read and correct."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    scored: Annotated[
        Path,
        typer.Argument(metavar="SCORED", help="What [b]scorer score[/b] wrote: CSV, TSV, JSONL or Parquet."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE.html", help="The file to write. [dim]\\[default: SCORED.html][/dim]"
        ),
    ] = None,
    doc_column: Annotated[
        str | None,
        typer.Option(help="The column that names documents. [dim]\\[default: doc_id, if there is one][/dim]"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No closing line.")] = False,
) -> None:
    """Write a score report: one HTML file to read, filter and correct in a browser.

    [dim]$[/dim] scorer score articles.csv -o scored.csv
    [dim]$[/dim] scorer report scored.csv -o report.html

    The file needs no network. It rates the footing of claims, not their truth.
    """
    write(scored, output or scored.with_suffix(".html"), doc_column=doc_column, quiet=quiet)


def write(
    scored: Path, target: Path, *, doc_column: str | None = None, model_sha256: str | None = None, quiet: bool = False
) -> None:
    """Write the report of a scored table and say so; ``scorer score --report`` ends here as well."""
    from scorer.report import write_report

    summary = write_report(scored, target, doc_column=doc_column, model_sha256=model_sha256)
    if not quiet:
        figures, size = summary.figures, target.stat().st_size
        typer.echo(
            f"{target}: {figures.n_sentences:,} sentences of {len(summary.documents):,} documents, "
            f"{figures.n_doubtful:,} of {figures.n_claims:,} claims weak or unverified; {size / 1e6:.1f} MB",
            err=True,
        )
