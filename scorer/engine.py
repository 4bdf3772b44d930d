"""Files in, a folder of parts out, on a Dask cluster: whole or not at all, and in the order of the input.

The parts, one behind the other and all but the first without their header, are the file that one process would write.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.cluster import check_workers, connected, run_tasks
from scorer.errors import InputError, ScorerError
from scorer.piece_task import Format, PartResult, Settings, footing, score_piece
from scorer.scoring_files import UNITS, Progress, ScoreSummary, Unit
from scorer.tables import check_clash, open_rejects
from scorer.tables.inputs import Options
from scorer.tables.lines import check_encoding
from scorer.tables.pieces import PIECE_BYTES, Pieces, find_pieces

MANIFEST: Final = "manifest.json"
_CHUNK_ROWS: Final = 2000
_MAX_TEXT_CHARS: Final = 10_000_000
_LARGE: Final = 1_000_000_000  # bytes of one piece: hours of work that one lost worker loses


def score_on_dask(
    inputs: Sequence[str],
    output: str,
    *,
    scheduler: str | None = None,
    jobs: int = 1,
    model: str | Path | None = None,
    prior: Sequence[float] | None = None,
    review_below: float | None = None,
    unit: Unit = "document",
    text_column: str = "text",
    doc_column: str | None = "doc_id",
    format: Format = "csv",
    errors: str | None = None,
    errors_always: bool = False,
    spreadsheet_safe: bool = False,
    encoding: str = "utf-8-sig",
    delimiter: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    piece_bytes: int = PIECE_BYTES,
) -> ScoreSummary:
    """Score tables on a Dask cluster with `scorer.partitions.score_partition`.

    Parameters
    ----------
    inputs : sequence of str
        Files and folders; each file is scored by one worker, a Parquet file in runs of row groups.
    output : str
        The folder to make: ``part-00000.csv`` and so on, in the order of the input, and ``manifest.json``, which lists
        them. It appears when all is written.
    scheduler : str or None
        Address of a running cluster, whose machines see inputs, output and model at the same paths; None starts
        worker processes here.
    jobs : int
        How many, at least 1.
    model, prior, review_below
        As for `scorer.partitions.score_partition`.
    unit, text_column, doc_column, errors_always, spreadsheet_safe, encoding, delimiter
        As for `scorer.scoring_files.score_files`. With unit "sentence" no file is cut, and a document that goes on from
        one file to the next is told by `on_note`.
    format : {"csv", "jsonl"}
        Of the parts.
    errors : str or None
        Where rows that cannot be scored go, as CSV; None is the output's name and ``.errors.csv``.
    progress : callable, optional
        Called after each part.
    on_note : callable, optional
        Called with each thing worth knowing, a sentence each.
    piece_bytes : int
        How large pieces of a Parquet file are about, uncompressed.

    Returns
    -------
    ScoreSummary
        The counts balance: every row of the inputs was scored or set aside.

    Raises
    ------
    InputError
        If an input cannot be read, a column clashes, or the output exists.
    ScorerError
        If the cluster cannot do the work, or the output cannot be written. There is no output then.
    """
    if unit not in UNITS:
        raise ValueError(f"unit must be 'document' or 'sentence', not {unit!r}")
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    check_encoding(encoding)
    options = Options(text_column, doc_column, encoding, delimiter, _CHUNK_ROWS, _MAX_TEXT_CHARS)
    # Workers elsewhere do not stand in this folder.
    named = [str(Path(name).resolve()) if scheduler and name != "-" else name for name in inputs]
    pieces = find_pieces(named, options, whole_files=unit == "sentence", piece_bytes=piece_bytes)
    columns = LISTED_COLUMNS if format == "jsonl" else OUTPUT_COLUMNS
    check_clash(pieces.passed, columns, file=pieces.first)
    listing = Path(errors or f"{Path(output)}.errors.csv")
    _check_errors(listing, pieces)
    note = on_note or (lambda text: None)
    with _folder(Path(output)) as folder, connected(scheduler, jobs) as client:
        where = None if model is None else str(Path(model).resolve())
        shares = None if prior is None else tuple(prior)
        settings = Settings(str(folder), format, unit, spreadsheet_safe, where, shares, review_below, footing(where))
        check_workers(client, settings)
        threads = sum(client.nthreads().values())
        _note_sizes(pieces, threads, note)
        started = time.perf_counter()
        results = _run(client, pieces, settings, progress)
        summary = ScoreSummary(
            sum(result.rows_in for result in results),
            sum(result.sentences_out for result in results),
            sum(result.rows_set_aside for result in results),
            time.perf_counter() - started,
        )
        if unit == "sentence":
            _note_divided(pieces, results, note)
        _write_errors(folder, results, listing, always=errors_always)
        described = _described(pieces, settings, results, summary, threads, (*pieces.passed, *columns))
        (folder / MANIFEST).write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        kept = {MANIFEST, *(result.file for result in results)}
        for left in folder.iterdir():  # of attempts that ended with their worker
            if left.name not in kept:
                left.unlink(missing_ok=True)
    return summary


def _run(
    client: Any, pieces: Pieces, settings: Settings, progress: Callable[[Progress], None] | None
) -> list[PartResult]:
    common = pieces._replace(pieces=[])
    tasks = [(number, piece, common, settings) for number, piece in enumerate(pieces.pieces)]
    found: dict[int, PartResult] = {}
    rows = sentences = aside = n_bytes = 0
    for number, result in run_tasks(client, score_piece, tasks):
        found[number] = result
        rows, sentences = rows + result.rows_in, sentences + result.sentences_out
        aside, n_bytes = aside + result.rows_set_aside, n_bytes + pieces.pieces[number].n_bytes
        if progress:
            progress(Progress(rows, sentences, aside, n_bytes))
    return [found[number] for number in range(len(tasks))]


@contextmanager
def _folder(output: Path) -> Iterator[Path]:
    """Give a folder that takes the output's name when the context ends, and goes away when it ends by an exception."""
    if output.exists():
        raise InputError(f"{output} exists; give another name, or remove it first")
    if not output.absolute().parent.is_dir():
        raise InputError(f"{output}: there is no folder {output.absolute().parent}")
    folder = output.absolute().with_name(f".{output.name}.part")
    try:
        folder.mkdir()
    except FileExistsError:
        raise InputError(
            f"{folder} exists: another run is writing {output}, or one was killed; if none is running, remove it"
        ) from None
    except OSError as error:
        raise ScorerError(f"{output} cannot be written: {error.strerror}") from error
    try:
        yield folder
        folder.rename(output)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_errors(errors: Path, pieces: Pieces) -> None:
    if errors.is_dir():
        raise InputError(f"{errors} is a folder; give the name of a file for the errors")
    files = (Path(name) for piece in pieces.pieces for name, _ in piece.source.files)
    if errors.exists() and any(file.samefile(errors) for file in files):
        raise InputError(f"{errors} is an input too; give another name")


def _write_errors(folder: Path, results: Sequence[PartResult], target: Path, *, always: bool) -> None:
    """Join the lists of rows that were set aside, in order; each of them begins with the same line."""
    lists = [folder / result.errors_file for result in results if result.errors_file]
    if not lists and not always:
        target.unlink(missing_ok=True)  # of an earlier run: it would seem to be of this one
        return
    with open_rejects(str(target), always=True):
        pass
    try:
        with target.open("ab") as joined:
            for path in lists:
                with path.open("rb") as stream:
                    stream.readline()
                    shutil.copyfileobj(stream, joined)
    except OSError as error:
        raise ScorerError(f"{target} cannot be written: {error.strerror}") from error


def _note_sizes(pieces: Pieces, threads: int, note: Callable[[str], None]) -> None:
    n_pieces = len(pieces.pieces)
    if n_pieces < threads:
        note(
            f"the input has {n_pieces} part{'' if n_pieces == 1 else 's'} for {threads} workers, so some have "
            f"nothing to do; cut it to more files (a CSV file is one part)"
        )
    largest = max(pieces.pieces, key=lambda piece: piece.n_bytes)
    if largest.n_bytes > _LARGE:
        note(
            f"{largest.source.name} is one part of {largest.n_bytes / 1e9:.1f} GB: if its worker is lost, all of it is "
            f"done again; smaller files are safer"
        )


def _note_divided(pieces: Pieces, results: Sequence[PartResult], note: Callable[[str], None]) -> None:
    """Tell of documents that go on from one file to the next: their sentences were not read together."""
    told = [(piece, result) for piece, result in zip(pieces.pieces, results, strict=True) if result.first_doc]
    divided = [
        (before, after, result.first_doc)
        for (before, earlier), (after, result) in pairwise(told)
        if earlier.last_doc == result.first_doc
    ]
    if divided:
        before, after, doc = divided[0]
        note(
            f"{len(divided)} document{'s go' if len(divided) > 1 else ' goes'} on from one file to the next, first "
            f"'{doc}' from {before.source.name} to {after.source.name}: the halves were read apart, and each is "
            f"numbered from 0; keep the rows of a document in one file"
        )


def _described(
    pieces: Pieces,
    settings: Settings,
    results: Sequence[PartResult],
    summary: ScoreSummary,
    threads: int,
    columns: Sequence[str],
) -> dict[str, Any]:
    """Describe the run: what was scored with what, and the parts in the order of the input."""
    parts = []
    for piece, result in zip(pieces.pieces, results, strict=True):
        told = result._asdict()
        for name in ("errors_file", "first_doc", "last_doc"):
            del told[name]
        groups = [] if piece.row_groups is None else [piece.row_groups[0], piece.row_groups[-1]]
        inputs = {"input": piece.source.name, "input_files": len(piece.source.files), "row_groups": groups}
        parts.append({**told, **inputs, "input_bytes": piece.n_bytes})
    return {
        "manifest": 1,
        "scorer": settings.footing.scorer,
        "model_sha256": settings.footing.model,
        "unit": settings.unit,
        "format": settings.format,
        "columns": list(columns),
        "rows_in": summary.rows_in,
        "sentences_out": summary.sentences_out,
        "rows_set_aside": summary.rows_set_aside,
        "seconds": round(summary.seconds, 3),
        "worker_threads": threads,
        "parts": parts,
    }
