"""``scorer report``: a scored table to one HTML file to read and correct, or to a summary in Markdown."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What is written."""

    html = "html"
    md = "md"


def report(
    scored: Annotated[
        Path,
        typer.Argument(metavar="SCORED", help="What [b]scorer score[/b] wrote: CSV, TSV, JSONL or Parquet."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The file to write. [dim]\\[default: SCORED.html; Markdown to standard output][/dim]",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="The report, or a summary in Markdown. [dim]\\[default: by the name of FILE, else html][/dim]"
        ),
    ] = None,
    most: Annotated[
        int, typer.Option("-n", "--most", min=0, metavar="N", help="In Markdown: show at most N of each kind.")
    ] = 10,
    doc_column: Annotated[
        str | None,
        typer.Option(help="The column that names documents. [dim]\\[default: doc_id, if there is one][/dim]"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No closing line.")] = False,
) -> None:
    """Write a score report: one HTML file to read, filter and correct in a browser.

    [dim]$[/dim] scorer score articles.csv -o scored.csv
    [dim]$[/dim] scorer report scored.csv -o report.html
    [dim]$[/dim] scorer report scored.csv --format md

    With --format md it writes the main figures, the weakest claims and the sources, for a pull request or an e-mail.

    The file needs no network. It rates the footing of claims, not their truth.
    """
    from scorer.cli.targets import refuse_inputs

    refuse_inputs(output, [scored])
    if format is Format.md or (format is None and output is not None and output.suffix.lower() == ".md"):
        _write_markdown(scored, output, doc_column=doc_column, most=most)
        return
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


def _write_markdown(scored: Path, target: Path | None, *, doc_column: str | None, most: int) -> None:
    from scorer.cli.targets import write_text
    from scorer.scored_table import read_scored
    from scorer.summary import summarise
    from scorer.summary_text import summary_markdown

    table = read_scored(scored, doc_column=doc_column)
    write_text(summary_markdown(summarise(table), table, most=most), target)
