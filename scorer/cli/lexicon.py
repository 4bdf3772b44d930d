"""``scorer lexicon``: hold the word lists to their own examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorer.lexicon_check import CategoryCounts, Coverage

app = typer.Typer(no_args_is_help=True, help="Check the word lists that the rules read.")


@app.callback()
def _lexicon() -> None:
    pass


@app.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder of lexicons; the shipped ones by default.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="FILE", help="Labelled text to measure coverage on; may be given repeatedly."),
    ] = None,
) -> None:
    """Check lexicons: their format, and each entry against the example sentences of its row.

    Prints how many entries each category has and how many come with examples;
    with --data also how many occur in labelled text, and how much of what is
    marked there the rules find. Faults go to standard error, with file and line.
    """
    from scorer.labelled import read_labelled
    from scorer.lexicon import FOLDER, load_lexicon
    from scorer.lexicon_check import check_examples, count_categories, measure_coverage, read_rows

    where = folder or FOLDER
    lexicon = load_lexicon(where)
    rows = read_labelled(data or [])
    readings = read_rows(lexicon, rows)
    _print_counts(count_categories(lexicon, readings), n_sentences=len(rows))
    if rows:
        _print_coverage(measure_coverage(rows, readings))
    faults = check_examples(lexicon, where)
    for fault in faults:
        typer.echo(fault, err=True)
    n_examples = sum(len(entry.matches) + len(entry.rejects) for entry in lexicon.entries)
    typer.echo(f"{len(lexicon.entries):,} entries, {n_examples:,} examples, {len(faults)} wrong", err=True)
    if faults:
        raise typer.Exit(1)


def _print_counts(counts: Sequence[CategoryCounts], *, n_sentences: int) -> None:
    heads = ["family", "category", "entries", "with examples"] + (["found in data"] if n_sentences else [])
    cells = [
        [row.family, row.category, f"{row.n_entries:,}", f"{row.n_with_examples:,}", f"{row.n_found:,}"][: len(heads)]
        for row in counts
    ]
    _print_table(heads, cells, n_words=2)


def _print_coverage(coverage: Sequence[Coverage]) -> None:
    heads = ["words of", "labelled", "marked", "in both", "recall", "precision"]
    cells = [
        [
            row.field,
            f"{row.n_labelled:,}",
            f"{row.n_marked:,}",
            f"{row.n_common:,}",
            f"{row.n_common / max(row.n_labelled, 1):.3f}",
            f"{row.n_common / max(row.n_marked, 1):.3f}",
        ]
        for row in coverage
    ]
    typer.echo()
    _print_table(heads, cells, n_words=1)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, n_words: int) -> None:
    """Print columns, the first ``n_words`` of them flush left and the numbers flush right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = [
            cell.ljust(width) if k < n_words else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())
