"""``scorer score``: tables of texts to a table of scored sentences."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from scorer.cli import mix
from scorer.cli.score_cluster import check_engine, score_on_cluster
from scorer.cli.score_progress import count_of, shown_progress
from scorer.cli.style import visible
from scorer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorer.scoring_files import ScoreSummary
    from scorer.tables import RejectedRow
    from scorer.unfinished import Unfinished

_N_LISTED: Final = 10


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
    tsv = "tsv"
    jsonl = "jsonl"
    parquet = "parquet"
    csv_gz = "csv.gz"
    tsv_gz = "tsv.gz"
    jsonl_gz = "jsonl.gz"
    csv_zst = "csv.zst"
    tsv_zst = "tsv.zst"
    jsonl_zst = "jsonl.zst"


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="CSV, TSV, JSONL, Parquet or .txt files, packed or not, folders or patterns of them, or - for "
            "standard input.",
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
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run to OUT.", rich_help_panel="Output")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Drop an interrupted run to OUT.", rich_help_panel="Output")
    ] = False,
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
    kind = _format_of(written, format)
    check_engine(engine is Engine.dask, scheduler, written, kind, report=report, resume=resume, restart=restart)
    if report and not written:
        raise typer.BadParameter(
            "the report is made of the scored table; give that a name with -o", param_hint="'--report'"
        )
    if _nothing_to_resume(written, inputs, resume=resume, restart=restart):
        if not quiet:
            typer.echo(f"{written} is whole and newer than its inputs: nothing to go on with", err=True)
        _write_report(written, report, model, doc_column, quiet=quiet)
        return
    from scorer.bundle import load_model
    from scorer.scoring_files import score_files

    device = written is not None and Path(written).exists() and not (Path(written).is_file() or Path(written).is_dir())
    beside = f"{written}.errors.csv" if written and not device else None
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
        with shown_progress(inputs, hidden=quiet) as progress:
            written_as: dict[str, Any] = {
                "format": kind,
                "errors": errors or beside,
                "errors_always": errors is not None,
                "spreadsheet_safe": spreadsheet_safe,
                "jobs": jobs,
                "progress": progress,
            }
            if engine is Engine.dask and written:
                summary = score_on_cluster(loaded, model, inputs, written, scheduler, quiet, **written_as, **read)
            else:
                kept: Unfinished = "resume" if resume else "restart" if restart else "refuse"
                summary = score_files(loaded, inputs, written, on_reject=keep, unfinished=kept, **written_as, **read)
    except KeyboardInterrupt as error:
        typer.echo(f"interrupted{f'; {error}' if str(error) else ''}", err=True)
        raise
    if beside and not errors and not summary.rows_set_aside:
        Path(beside).unlink(missing_ok=True)  # of an earlier run: it would seem to be of this one
    _report(summary, listed, errors or beside, quiet=quiet)
    _write_report(written, report, model, doc_column, quiet=quiet)


def _write_report(output: str | None, report: Path | None, model: Path | None, doc_column: str, *, quiet: bool) -> None:
    if report and output:
        from scorer.bundle import model_folder
        from scorer.cli.report import write
        from scorer.manifest import read_manifest

        digest = read_manifest(model_folder(model))["model"].get("sha256")
        column = doc_column if doc_column != "doc_id" else None
        write(Path(output), report, doc_column=column, model_sha256=digest, quiet=quiet)


def _format_of(output: str | None, given: Format | None) -> str:
    from scorer.tables.formats import format_of

    kind = given.value if given else ""
    if output and kind and "." not in kind and kind != "parquet" and output.endswith((".gz", ".zst")):
        kind += f".{output.rpartition('.')[2]}"  # a file of that name that is not packed would be a lie
    try:
        kind = kind or format_of(output).name
    except InputError as error:
        raise typer.BadParameter(str(error), param_hint="'-o'") from error
    if kind == "parquet" and output is None:
        raise typer.BadParameter("Parquet needs a file; give -o OUT.parquet", param_hint="'--format'")
    return kind


def _nothing_to_resume(output: str | None, inputs: list[str], *, resume: bool, restart: bool) -> bool:
    """Tell whether --resume has nothing to do; refuse it where it makes no sense."""
    from scorer.tables.files import is_regular
    from scorer.unfinished import is_finished

    if resume and restart:
        raise typer.BadParameter("give it or --restart, not both", param_hint="'--resume'")
    if resume and not (output and is_regular(output)):
        raise typer.BadParameter("only a file can be gone on with; give -o OUT", param_hint="'--resume'")
    return resume and output is not None and is_finished(output, inputs)


def _report(summary: ScoreSummary, listed: Sequence[RejectedRow], errors: str | None, *, quiet: bool) -> None:
    """Print what was set aside, if no file holds it, and the closing line."""
    aside = summary.rows_set_aside
    if aside and errors is None:
        for row in listed:
            column = f", column '{row.column}'" if row.column else ""
            typer.echo(visible(f"set aside: {row.file or 'input'}, row {row.row}{column}: {row.reason}"), err=True)
        if aside > len(listed):
            typer.echo(f"set aside: {aside - len(listed):,} more; --errors FILE keeps them all", err=True)
    if quiet:
        return
    rate = (summary.sentences_out - summary.sentences_before) / max(summary.seconds, 1e-9)
    where = f" ({errors})" if aside and errors else ""
    before = f" ({summary.sentences_before:,} before)" if summary.sentences_before else ""
    typer.echo(
        f"{count_of(summary.rows_in, 'row')} in, {count_of(summary.sentences_out, 'sentence')} out{before}, "
        f"{count_of(aside, 'row')} set aside{where}; {_seconds(summary.seconds)}, {rate:,.0f} sentences/s",
        err=True,
    )


def _seconds(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
