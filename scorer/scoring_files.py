"""Files in, one scored table out, in one process or several; memory is bounded by the part, not by the file."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scorer.collector import uncollected
from scorer.errors import InputError
from scorer.fingerprints import model_digest, versions
from scorer.jobs import Scored
from scorer.journal import Checkpoint
from scorer.model import StrengthClassifier
from scorer.parts import UNITS, Part, RejectCollector, Unit, cut_parts, layout_of
from scorer.tables import (
    RejectedRow,
    RejectFile,
    TableChunk,
    check_clash,
    format_of,
    parse_format,
    read_chunks,
)
from scorer.tables.formats import check_installed
from scorer.tables.lines import printable
from scorer.unfinished import UNFINISHED, KeptFile, Stream, Unfinished, open_output

__all__ = ["UNITS", "Progress", "ScoreSummary", "Unit", "score_files"]


class Progress(NamedTuple):
    """How far a run is: rows read in (those set aside too), sentences written, and about how many bytes of input.

    ``sentences_before`` are those of the sentences that an interrupted run had written.
    """

    rows_in: int
    sentences_out: int
    rows_set_aside: int
    bytes_in: int
    sentences_before: int = 0


class ScoreSummary(NamedTuple):
    """What a run did.

    Attributes
    ----------
    rows_in : int
        Data rows of the inputs, those set aside included.
    sentences_out : int
        Rows written.
    rows_set_aside : int
        Rows that could not be scored; the errors file says why.
    seconds : float
        Time it took, the loading of the model not included.
    sentences_before : int
        Those of the rows that an interrupted run had written, which this one went on with.
    """

    rows_in: int
    sentences_out: int
    rows_set_aside: int
    seconds: float
    sentences_before: int = 0


def score_files(
    model: StrengthClassifier,
    inputs: Sequence[str],
    output: str | None = None,
    *,
    unit: Unit = "document",
    text_column: str = "text",
    doc_column: str | None = "doc_id",
    format: str | None = None,
    errors: str | None = None,
    errors_always: bool = False,
    on_reject: Callable[[RejectedRow], None] | None = None,
    jobs: int = 1,
    unfinished: Unfinished = "refuse",
    spreadsheet_safe: bool = False,
    encoding: str = "utf-8-sig",
    delimiter: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ScoreSummary:
    """Score tables and write one table of sentences.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    inputs : sequence of str
        Files and folders, ``-`` for standard input; `scorer.tables.read_chunks` says which kinds.
    output : str or None
        The file to write; None or ``-`` is standard output.
    unit : {"document", "sentence"}
        Whether a text is a document, which is split, or one sentence already. Rows of one document need not follow
        each other; those of one chunk (2,000 rows, more where a document needs it) are read together.
    text_column, doc_column : str
        The column to score, and the one that names the document. `doc_column` counts only with unit "sentence".
    format : str or None
        Of the output, one of `scorer.tables.FORMATS`; None goes by the name of the output.
        `scorer.assess.OUTPUT_COLUMNS` are added in CSV and TSV, in JSON Lines and Parquet every attribution as well.
    errors : str or None
        Where rows that cannot be scored go, as CSV; None only counts them.
    errors_always : bool
        Whether to write the errors file also when no row is set aside.
    on_reject : callable, optional
        Called with each row that is set aside; not with those that an interrupted run set aside as it scored.
    jobs : int
        Processes, at least 1; the output is the same for any number.
    unfinished : {"refuse", "resume", "restart"}
        What to do if an interrupted run to the same output is kept beside it: refuse to run, go on with it, or drop it.
        A run that goes on gives, byte for byte, what one would have given that was not interrupted.
    spreadsheet_safe : bool
        Whether to neutralise cells that a spreadsheet would run as a formula.
    encoding, delimiter : str
        Of the inputs, as for `scorer.tables.read_chunks`.
    progress : callable, optional
        Called after each part that is written.

    Returns
    -------
    ScoreSummary
        The counts balance: every row of the inputs was scored or set aside.

    Raises
    ------
    InputError
        If an input cannot be read, or one of its columns has the name of an output column, or the output is an input;
        if an interrupted run is to be refused, or cannot be gone on with because something has changed.
    ScorerError
        If the output cannot be written, or a worker process died. If the message says that sentences are kept, the run
        can be gone on with.
    """
    if unit not in UNITS:
        raise ValueError(f"unit must be 'document' or 'sentence', not {unit!r}")
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if unfinished not in UNFINISHED:
        raise ValueError(f"unfinished must be one of {', '.join(UNFINISHED)}, not {unfinished!r}")
    written = parse_format(format) if format else format_of(output)
    check_installed(written)
    _check_targets(inputs, output, errors)
    started = time.perf_counter()
    reading: dict[str, Any] = {"text_column": text_column, "doc_column": doc_column}
    reading |= {"encoding": encoding, "delimiter": delimiter}
    reject_file = RejectFile(errors, always=errors_always, spreadsheet_safe=spreadsheet_safe)
    collector = RejectCollector(spreadsheet_safe, on_reject)
    with uncollected(), open_output(output, reject_file, unfinished) as target:
        chunks = read_chunks(inputs, keep_documents_together=unit == "sentence", on_reject=collector, **reading)
        first = next(chunks)
        layout = layout_of(first.columns, written, spreadsheet_safe)
        check_clash(first.columns, layout.columns[len(first.columns) :], file=inputs[0])
        run = {
            **{f"--{name.replace('_', '-')}": value for name, value in {"unit": unit, **reading}.items()},
            **{"--format": written.name, "the columns": list(first.columns)},
            **{"--spreadsheet-safe": spreadsheet_safe, "--errors": errors, "the model": model_digest(model)},
            **versions(),
        }
        done = target.begin(run)
        parts = cut_parts(itertools.chain([first], chunks), unit, collector)
        counts = _Counts(done, progress)
        if not done.done:
            _skip(parts, done, counts)
        target.open(layout)
        if not done.done:
            with Scored(model, parts, unit, layout, jobs) as scored:
                _write(target, scored, counts, text_column, on_reject)
        target.finish()
    state = target.kept
    rows_in = state.rows_scored + state.rows_set_aside
    seconds = time.perf_counter() - started
    return ScoreSummary(rows_in, state.sentences, state.rows_set_aside, seconds, done.sentences)


class _Counts:
    """Counts the bytes that were read, and tells how far a run is."""

    def __init__(self, done: Checkpoint, progress: Callable[[Progress], None] | None) -> None:
        self._before, self._progress, self._bytes = done.sentences, progress, 0

    def tell(self, chunk: TableChunk, state: Checkpoint) -> None:
        if self._progress:
            self._bytes += _size(chunk)
            rows_in = state.rows_scored + state.rows_set_aside
            self._progress(Progress(rows_in, state.sentences, state.rows_set_aside, self._bytes, self._before))


def _skip(parts: Iterator[Part], done: Checkpoint, counts: _Counts) -> None:
    """Read what an interrupted run has done, and make sure that it is the same."""
    if not done.parts:
        return
    read, last = 0, None
    for part in itertools.islice(parts, done.parts):
        read, last = read + 1, part
        counts.tell(part.chunk, done)
    if last is None or read < done.parts or last.read != done.read:
        raise InputError(
            "the interrupted run cannot be gone on with, since the inputs are not what they were; restore them, or "
            "give --restart to begin anew"
        )


def _write(
    target: Stream | KeptFile,
    scored: Iterator[tuple[Part, Any]],
    counts: _Counts,
    text_column: str,
    on_reject: Callable[[RejectedRow], None] | None,
) -> None:
    for (chunk, _, rejects, read), (content, n_sentences, empty) in scored:
        for position in empty:
            text = printable(chunk.texts[position])
            row = RejectedRow(*chunk.place(position), text_column, "no visible character", text)
            rejects.add(row)
            if on_reject:
                on_reject(row)
        state = target.kept
        state = state._replace(
            parts=state.parts + 1,
            rows_scored=state.rows_scored + len(chunk.rows) - len(empty),
            sentences=state.sentences + n_sentences,
            rows_set_aside=state.rows_set_aside + rejects.count,
            read=read,
        )
        target.put(content, rejects, state)
        counts.tell(chunk, state)


def _check_targets(inputs: Sequence[str], output: str | None, errors: str | None) -> None:
    """Refuse to write over what is read."""
    for target in (output, errors):
        if target in (None, "-") or not Path(str(target)).exists():
            continue
        for other in (*inputs, *([output] if target is errors and output else [])):
            if other != "-" and Path(other).is_file() and Path(other).samefile(str(target)):
                raise InputError(
                    f"{target} is {'an input' if other in inputs else 'the output'} too; give another name"
                )
    if errors is not None and errors == output:
        raise InputError(f"{errors} is the output too; give another name")


def _size(chunk: TableChunk) -> int:
    """Give about how many bytes of a CSV file a chunk is."""
    cells = sum(len(cell.encode(errors="replace")) + 1 for row in chunk.rows for cell in row if isinstance(cell, str))
    return cells + sum(len(text.encode(errors="replace")) + 1 for text in chunk.texts)
