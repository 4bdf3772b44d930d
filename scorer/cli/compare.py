"""``scorer compare``: what two scored files of the same text say differently."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How the comparison is written."""

    text = "text"
    md = "md"


def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="A scored file.", rich_help_panel="Input")],
    after: Annotated[
        Path,
        typer.Argument(
            metavar="AFTER", help="The same text scored again, perhaps by another model.", rich_help_panel="Input"
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT",
            help="The file to write. [dim]\\[default: standard output][/dim]",
            rich_help_panel="Output",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="Plain text, or Markdown for a pull request. [dim]\\[default: by the name of OUT, else text][/dim]",
            rich_help_panel="Output",
        ),
    ] = None,
    most: Annotated[
        int,
        typer.Option("-n", "--most", min=0, metavar="N", help="Show at most N of each kind.", rich_help_panel="Output"),
    ] = 10,
    changes_file: Annotated[
        str | None,
        typer.Option(
            metavar="OUT.csv", help="Also write every sentence that changed to this file.", rich_help_panel="Output"
        ),
    ] = None,
    doc_column: Annotated[
        str | None,
        typer.Option(
            help="The column that names documents. [dim]\\[default: doc_id, if there is one][/dim]",
            rich_help_panel="Input",
        ),
    ] = None,
) -> None:
    """Compare two scored files of the same text: labels that moved, by how much, and where.

    [dim]$[/dim] scorer compare scored.csv again.csv
    [dim]$[/dim] scorer compare scored.csv again.csv --format md -o changes.md

    To compare two models, score the same text with each. It says what changed, not what got better: for that there is
    scorer evaluate, with labelled text.
    """
    from scorer.cli.targets import refuse_inputs, write_text
    from scorer.scored_comparison import change_table, compare_scored
    from scorer.scored_comparison_text import comparison_text
    from scorer.scored_table import read_scored
    from scorer.tables import open_writer

    for target in (output, changes_file):
        refuse_inputs(target, [before, after])
    markdown = format is Format.md or (format is None and output is not None and output.suffix.lower() == ".md")
    compared = compare_scored(*(read_scored(path, doc_column=doc_column) for path in (before, after)))
    if changes_file is not None:
        columns, rows = change_table(compared)
        with open_writer(changes_file, format="csv", columns=columns) as writer:
            writer.write_rows(rows)
    write_text(comparison_text(compared, most=most, markdown=markdown), output)
