"""``scorer review``: what a reviewer corrected in a report, to labelled text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from scorer.cli.style import visible

if TYPE_CHECKING:
    from scorer.review import Reviewed

app = typer.Typer(no_args_is_help=True, help="Bring a reviewer's corrections back from a report.")

_REFUSED: Final = ("stale", "conflicting", "illegal")


@app.callback()
def _review() -> None:
    """Bring a reviewer's corrections back from a report."""


@app.command("apply")
def apply(
    corrections: Annotated[
        list[Path],
        typer.Argument(
            metavar="CORRECTIONS...",
            help="CSV or JSON files that the report exported; of several reviewers, all their files.",
            rich_help_panel="Input",
        ),
    ],
    scored: Annotated[
        Path,
        typer.Option(metavar="SCORED", help="The scored file that the report was made from.", rich_help_panel="Input"),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT.csv",
            help="The labelled rows to write. [dim]\\[default: standard output][/dim]",
            rich_help_panel="Output",
        ),
    ] = None,
    only_corrected: Annotated[
        bool,
        typer.Option(
            "--only-corrected",
            help="Write only the sentences that were changed or confirmed, not the rest of their documents.",
            rich_help_panel="Output",
        ),
    ] = False,
    rescored: Annotated[
        bool,
        typer.Option(
            "--rescored",
            help="Take corrections made from another scoring of the same text, too.",
            rich_help_panel="Input",
        ),
    ] = False,
    doc_column: Annotated[
        str | None,
        typer.Option(
            help="The column that names documents. [dim]\\[default: doc_id, if there is one][/dim]",
            rich_help_panel="Input",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if a single correction is refused.", rich_help_panel="Input")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No closing line; refusals are still told.", rich_help_panel="Output")
    ] = False,
) -> None:
    """Check corrections against the scored file, and write labelled rows to train on.

    [dim]$[/dim] scorer review apply corrections.csv --scored scored.csv -o labelled.csv
    [dim]$[/dim] scorer train labelled.csv --base data -o models/ours

    A correction is refused, and named with its file and row, if it is stale (the scored file or the sentence is another
    one), conflicting (two reviewers say different things) or illegal (a label that does not exist, or that the
    annotation guide rules out beside the others). The good ones are applied all the same.

    Whole documents are written, since a sentence is read with its neighbours: docs/review.md.
    """
    if output not in (None, "-") and Path(str(output)).suffix.lower() != ".csv":
        raise typer.BadParameter(f"'{output}' is not written; name it .csv", param_hint="'-o'")
    from scorer.cli.targets import refuse_inputs
    from scorer.corrections import read_corrections
    from scorer.errors import InputError
    from scorer.review import apply_corrections
    from scorer.scored_table import read_scored
    from scorer.tables import open_writer

    refuse_inputs(output, [scored, *corrections])
    reviewed = apply_corrections(
        read_scored(scored, doc_column=doc_column),
        read_corrections(corrections),
        rescored=rescored,
        only_corrected=only_corrected,
    )
    for refusal in reviewed.refused:
        typer.echo(visible(f"{refusal.kind}: {refusal.place}: {' '.join(refusal.reason.split())}"), err=True)
    n_refused = len(reviewed.refused)
    if strict and n_refused:
        raise InputError(f"{_count(n_refused, 'correction')} refused, and nothing written (--strict)")
    if not reviewed.rows:
        raise InputError(f"no label to write: {_balance(reviewed)}")
    with open_writer(output, format="csv", columns=reviewed.columns) as writer:
        writer.write_rows([row[column] for column in reviewed.columns] for row in reviewed.rows)
    if not quiet:
        where = "" if output in (None, "-") else f" to {output}"
        typer.echo(
            f"{_balance(reviewed)}\n{_count(len(reviewed.rows), 'sentence')} of "
            f"{_count(reviewed.n_documents, 'document')} written{where}, {reviewed.n_reviewed:,} of them reviewed",
            err=True,
        )


def _balance(reviewed: Reviewed) -> str:
    """Say what became of the corrections; the numbers add up."""
    counts = reviewed.counts
    told = [f"{counts[name]:,} {name}" for name in counts if counts[name] or name in ("changed", *_REFUSED)]
    return f"{_count(sum(counts.values()), 'correction')} in: {', '.join(told)}"


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
