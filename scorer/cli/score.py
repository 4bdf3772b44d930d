"""``scorer score``: tables of texts to a table of scored sentences."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from scorer.cli import mix
from scorer.cli.score_cluster import score_on_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scorer.scoring_files import Progress, ScoreSummary
    from scorer.tables import RejectedRow

_N_LISTED: Final = 10
_TEXTUAL: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".txt", ".json", ""})
_FORMATS: Final = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_NO_FORMATS: Final = frozenset({".tsv", ".parquet", ".xlsx", ".xls", ".json", ".html"})


class Unit(StrEnum):
    """What a row's text is."""

    document = "document"
    sentence = "sentence"


class Engine(StrEnum):
    """What the work is done with."""

    local = "local"
    dask = "dask"


class Format(StrEnum):
    """How the output is written."""

    csv = "csv"
    jsonl = "jsonl"


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="CSV, TSV, JSONL, Parquet or .txt files, folders of them, or - for standard input.",
            rich_help_panel="Input",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT",
            help="The file to write. [dim]\\[default: standard output][/dim]",
            rich_help_panel="Output",
        ),
    ] = None,
    unit: Annotated[
        Unit,
        typer.Option(help="Whether each text is a document, to be split, or one sentence.", rich_help_panel="Input"),
    ] = Unit.document,
    text_column: Annotated[str, typer.Option(help="The column to score.", rich_help_panel="Input")] = "text",
    doc_column: Annotated[
        str,
        typer.Option(
            help="With --unit sentence: rows that share it are one document, in order.", rich_help_panel="Input"
        ),
    ] = "doc_id",
    encoding: Annotated[str, typer.Option(help="Of the inputs.", rich_help_panel="Input")] = "utf-8-sig",
    delimiter: Annotated[
        str | None,
        typer.Option(help="Of CSV inputs. [dim]\\[default: found in the header][/dim]", rich_help_panel="Input"),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A model's folder. [dim]\\[default: the shipped model][/dim]", rich_help_panel="Model"
        ),
    ] = None,
    prior: Annotated[str | None, typer.Option(metavar=mix.METAVAR, help=mix.HELP, rich_help_panel="Model")] = None,
    review_below: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            min=0.0,
            max=1.0,
            help="A sentence needs review if its confidence is below P. [dim]\\[default: the model's][/dim]",
            rich_help_panel="Model",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="Of the output. [dim]\\[default: by the name of OUT, else csv][/dim]", rich_help_panel="Output"
        ),
    ] = None,
    errors: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where rows that cannot be scored go. [dim]\\[default: OUT.errors.csv, if there are any][/dim]",
            rich_help_panel="Output",
        ),
    ] = None,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe",
            help="Neutralise cells that a spreadsheet would run as a formula.",
            rich_help_panel="Output",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Also write the report to read and correct in a browser; needs -o.",
            rich_help_panel="Output",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes to use.")] = 1,
    engine: Annotated[
        Engine,
        typer.Option(help="dask: on a Dask cluster; OUT is then a folder of parts.", rich_help_panel="Engine"),
    ] = Engine.local,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Of the cluster, as tcp://HOST:8786. [dim]\\[default: one on this machine, of --jobs processes][/dim]",
            rich_help_panel="Engine",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no closing line.")] = False,
) -> None:
    """Score texts: one output row per sentence, with the columns of its input row first.

    [dim]$[/dim] scorer score articles.csv -o scored.csv
    [dim]$[/dim] cat sentences.jsonl | scorer score - --unit sentence --format jsonl

    Rows that cannot be scored are set aside and told, never dropped silently.

    A score rates the footing that the text gives a claim, from hearsay (0) to
    checked (100). It does not say whether the claim is true.
    """
    written = None if output in (None, "-") else output
    if engine is Engine.dask and written is None:
        raise typer.BadParameter("--engine dask writes a folder of parts; name it with -o", param_hint="'-o'")
    if engine is Engine.local and scheduler is not None:
        raise typer.BadParameter("a scheduler is for --engine dask", param_hint="'--scheduler'")
    kind = format.value if format else _format_of(written)
    if report and not written:
        raise typer.BadParameter(
            "the report is made of the scored table; give that a name with -o", param_hint="'--report'"
        )
    from scorer.bundle import load_model
    from scorer.scoring_files import score_files

    beside = f"{written}.errors.csv" if written else None
    listed: list[RejectedRow] = []

    def keep(row: RejectedRow) -> None:
        if len(listed) < _N_LISTED:
            listed.append(row)

    read: dict[str, Any] = {
        "unit": unit.value,
        "text_column": text_column,
        "doc_column": doc_column,
        "encoding": encoding,
        "delimiter": delimiter,
    }
    try:
        loaded = mix.for_mix(load_model(model), prior, inputs, quiet, **read)
        if review_below is not None:
            loaded = loaded.with_review_below(review_below)
        with _progress(inputs, hidden=quiet) as progress:
            written_as: dict[str, Any] = {
                "format": "jsonl" if kind == "jsonl" else "csv",
                "errors": errors or beside,
                "errors_always": errors is not None,
                "spreadsheet_safe": spreadsheet_safe,
                "jobs": jobs,
                "progress": progress,
            }
            if engine is Engine.dask and written:
                summary = score_on_cluster(loaded, model, inputs, written, scheduler, quiet, **written_as, **read)
            else:
                summary = score_files(loaded, inputs, written, on_reject=keep, **written_as, **read)
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise
    if beside and not errors and not summary.rows_set_aside:
        Path(beside).unlink(missing_ok=True)  # of an earlier run: it would seem to be of this one
    _report(summary, listed, errors or beside, quiet=quiet)
    if report and written:
        from scorer.bundle import model_folder
        from scorer.cli.report import write
        from scorer.manifest import read_manifest

        digest = read_manifest(model_folder(model))["model"].get("sha256")
        column = doc_column if doc_column != "doc_id" else None
        write(Path(written), report, doc_column=column, model_sha256=digest, quiet=quiet)


def _format_of(output: str | None) -> str:
    suffix = Path(output).suffix.lower() if output else ""
    if suffix in _NO_FORMATS:
        raise typer.BadParameter(
            f"'{suffix}' is not written; name it .csv or .jsonl, or give --format", param_hint="'-o'"
        )
    return _FORMATS.get(suffix, "csv")


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _report(summary: ScoreSummary, listed: Sequence[RejectedRow], errors: str | None, *, quiet: bool) -> None:
    """Print what was set aside, if no file holds it, and the closing line."""
    aside = summary.rows_set_aside
    if aside and errors is None:
        for row in listed:
            column = f", column '{row.column}'" if row.column else ""
            typer.echo(f"set aside: {row.file or 'input'}, row {row.row}{column}: {row.reason}", err=True)
        if aside > len(listed):
            typer.echo(f"set aside: {aside - len(listed):,} more; --errors FILE keeps them all", err=True)
    if quiet:
        return
    rate = summary.sentences_out / max(summary.seconds, 1e-9)
    where = f" ({errors})" if aside and errors else ""
    typer.echo(
        f"{_count(summary.rows_in, 'row')} in, {_count(summary.sentences_out, 'sentence')} out, "
        f"{_count(aside, 'row')} set aside{where}; {_seconds(summary.seconds)}, {rate:,.0f} sentences/s",
        err=True,
    )


def _seconds(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def _total_bytes(inputs: Sequence[str]) -> int | None:
    """Give the size of the inputs, or None where it says nothing of how far a run is."""
    total = 0
    for name in inputs:
        path = Path(name)
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if name == "-" or not file.is_file() or file.suffix.lower() not in _TEXTUAL:
                return None
            total += file.stat().st_size
    return total


@contextmanager
def _progress(inputs: Sequence[str], *, hidden: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress with rate and time left on standard error, where that is a terminal."""
    if hidden or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich
    from rich.console import Console

    known = _total_bytes(inputs)
    columns: list[rich.ProgressColumn] = [rich.SpinnerColumn(), rich.TextColumn("{task.description}")]
    if known:
        columns += [rich.BarColumn(), rich.TaskProgressColumn(), rich.TimeRemainingColumn(compact=True)]
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("loading the model", total=known)

        def show(state: Progress) -> None:
            told = f"{_count(state.sentences_out, 'sentence')}"
            rate = state.sentences_out / max(bar.tasks[0].elapsed or 0.0, 1e-9)
            aside = f", {state.rows_set_aside:,} set aside" if state.rows_set_aside else ""
            done = min(state.bytes_in, known - 1) if known else None
            bar.update(task, description=f"{told}{aside}, {rate:,.0f}/s", completed=done)

        yield show
