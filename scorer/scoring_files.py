"""Files in, one scored table out, in one process or several; memory is bounded by the chunk, not by the file."""

from __future__ import annotations

import itertools
import pickle
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from joblib.externals.loky import get_reusable_executor

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS, Row, score_documents, score_rows
from scorer.errors import InputError, ScorerError
from scorer.model import StrengthClassifier
from scorer.tables import RejectedRow, TableChunk, check_clash, open_rejects, open_writer, read_chunks
from scorer.tables.lines import printable

Unit = Literal["document", "sentence"]
UNITS: Final = ("document", "sentence")
_PART_CHARS: Final = 250_000  # about 2,000 sentences: enough to keep a worker busy, little enough to see progress
_HELD_PARTS: Final = 3  # per process: one in work, one waiting for it, one waiting to be written


class Progress(NamedTuple):
    """How far a run is: rows read in (those set aside too), sentences written, and about how many bytes of input."""

    rows_in: int
    sentences_out: int
    rows_set_aside: int
    bytes_in: int


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
    """

    rows_in: int
    sentences_out: int
    rows_set_aside: int
    seconds: float


class _Part(NamedTuple):
    chunk: TableChunk
    before: dict[str, int]


def score_files(
    model: StrengthClassifier,
    inputs: Sequence[str],
    output: str | None = None,
    *,
    unit: Unit = "document",
    text_column: str = "text",
    doc_column: str | None = "doc_id",
    format: Literal["csv", "jsonl"] = "csv",
    errors: str | None = None,
    errors_always: bool = False,
    on_reject: Callable[[RejectedRow], None] | None = None,
    jobs: int = 1,
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
    format : {"csv", "jsonl"}
        Of the output: `scorer.assess.OUTPUT_COLUMNS` are added in CSV, in JSON Lines every attribution as well.
    errors : str or None
        Where rows that cannot be scored go, as CSV; None only counts them.
    errors_always : bool
        Whether to write the errors file also when no row is set aside.
    on_reject : callable, optional
        Called with each row that is set aside.
    jobs : int
        Processes, at least 1; the output is the same for any number.
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
        If an input cannot be read, or one of its columns has the name of an output column, or the output is an input.
    ScorerError
        If the output cannot be written, or a worker process died.
    """
    if unit not in UNITS:
        raise ValueError(f"unit must be 'document' or 'sentence', not {unit!r}")
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    _check_targets(inputs, output, errors)
    started = time.perf_counter()
    rows_scored = sentences = n_bytes = 0
    with open_rejects(errors, always=errors_always, spreadsheet_safe=spreadsheet_safe) as rejects:

        def set_aside(row: RejectedRow) -> None:
            rejects(row)
            if on_reject:
                on_reject(row)

        chunks = read_chunks(
            inputs,
            text_column=text_column,
            doc_column=doc_column,
            encoding=encoding,
            delimiter=delimiter,
            keep_documents_together=unit == "sentence",
            on_reject=set_aside,
        )
        first = next(chunks)
        listed = format == "jsonl"
        ours = LISTED_COLUMNS if listed else OUTPUT_COLUMNS
        check_clash(first.columns, ours, file=inputs[0])
        parts = _parts(itertools.chain([first], chunks), unit)
        columns = (*first.columns, *ours)
        name = inputs[0] if len(inputs) == 1 else ""
        with (
            _scored(model, parts, unit, listed, jobs) as scored,
            open_writer(output, format=format, columns=columns, spreadsheet_safe=spreadsheet_safe) as writer,
        ):
            for chunk, results in scored:
                rows = [(*cells, *row) for cells, found in zip(chunk.rows, results, strict=True) for row in found]
                writer.write_rows(rows)
                for number, text, found in zip(chunk.numbers, chunk.texts, results, strict=True):
                    if not found:
                        set_aside(RejectedRow(name, number, text_column, "no visible character", printable(text)))
                        rows_scored -= 1
                rows_scored += len(chunk.rows)
                sentences += len(rows)
                if progress:
                    n_bytes += _size(chunk)
                    progress(Progress(rows_scored + rejects.count, sentences, rejects.count, n_bytes))
    return ScoreSummary(rows_scored + rejects.count, sentences, rejects.count, time.perf_counter() - started)


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


def _parts(chunks: Iterable[TableChunk], unit: Unit) -> Iterator[_Part]:
    """Cut chunks of documents to parts of about 2,000 sentences; chunks of sentences stay as they are."""
    last, seen = "", 0
    for chunk in chunks:
        if unit == "sentence":
            # A very long document is divided: its sentences are counted on.
            goes_on = bool(chunk.doc_ids) and chunk.doc_ids[0] == last
            yield _Part(chunk, {last: seen} if goes_on else {})
            if chunk.doc_ids:
                seen = chunk.doc_ids.count(chunk.doc_ids[-1]) + (seen if goes_on and chunk.doc_ids[-1] == last else 0)
                last = chunk.doc_ids[-1]
            continue
        begin = size = 0
        for position, text in enumerate(chunk.texts):
            size += len(text)
            if size >= _PART_CHARS:
                yield _Part(chunk.part(begin, position + 1), {})
                begin, size = position + 1, 0
        if begin < len(chunk.rows):
            yield _Part(chunk.part(begin, len(chunk.rows)), {})


def _score(
    model: StrengthClassifier,
    texts: Sequence[str],
    doc_ids: Sequence[str],
    before: dict[str, int],
    unit: Unit,
    listed: bool,
) -> list[list[Row]]:
    """Give the output rows of each input row."""
    if unit == "document":
        return list(score_documents(model, texts, listed=listed))
    return [[row] for row in score_rows(model, texts, doc_ids, before, listed=listed)]


class _scored:  # noqa: N801 (a context manager, used like a function)
    """Context that gives each part's chunk with its output rows, in order; its processes end with it."""

    def __init__(self, model: StrengthClassifier, parts: Iterator[_Part], unit: Unit, listed: bool, jobs: int) -> None:
        self._model, self._parts, self._unit, self._listed, self._jobs = model, parts, unit, listed, jobs
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._executor: Any = None

    def __enter__(self) -> Iterator[tuple[TableChunk, list[list[Row]]]]:
        return self._here() if self._jobs == 1 else self._workers()

    def __exit__(self, *error: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)  # idle by now, unless something went wrong
        if self._folder is not None:
            self._folder.cleanup()

    def _here(self) -> Iterator[tuple[TableChunk, list[list[Row]]]]:
        for chunk, before in self._parts:
            yield chunk, _score(self._model, chunk.texts, chunk.doc_ids, before, self._unit, self._listed)

    def _workers(self) -> Iterator[tuple[TableChunk, list[list[Row]]]]:
        # The model goes to the workers once, by way of a file of our own, not with every part.
        self._folder = tempfile.TemporaryDirectory(prefix="scorer-")
        path = str(Path(self._folder.name) / "model.pickle")
        with Path(path).open("wb") as stream:
            pickle.dump(self._model, stream, pickle.HIGHEST_PROTOCOL)  # joblib's own takes ten times as long
        self._executor = get_reusable_executor(self._jobs, initializer=_load, initargs=(path,), reuse=False)
        waiting: deque[tuple[TableChunk, Future[list[list[Row]]]]] = deque()
        for chunk, before in self._parts:
            future = self._executor.submit(_work, chunk.texts, chunk.doc_ids, before, self._unit, self._listed)
            waiting.append((chunk, future))
            if len(waiting) >= _HELD_PARTS * self._jobs:
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    @staticmethod
    def _result(chunk: TableChunk, future: Future[list[list[Row]]]) -> tuple[TableChunk, list[list[Row]]]:
        try:
            return chunk, future.result()
        except BrokenProcessPool as error:
            raise ScorerError(
                "a worker process ended unexpectedly, perhaps for want of memory; try --jobs 1"
            ) from error


_worker_model: StrengthClassifier | None = None


def _load(path: str) -> None:
    """Load the model when a worker process starts."""
    global _worker_model
    with Path(path).open("rb") as stream:
        _worker_model = pickle.load(stream)


def _work(
    texts: Sequence[str], doc_ids: Sequence[str], before: dict[str, int], unit: Unit, listed: bool
) -> list[list[Row]]:
    if _worker_model is None:
        raise RuntimeError("the worker process has no model")
    return _score(_worker_model, texts, doc_ids, before, unit, listed)


def _size(chunk: TableChunk) -> int:
    """Give about how many bytes of a CSV file a chunk is."""
    cells = sum(len(cell.encode(errors="replace")) + 1 for row in chunk.rows for cell in row if isinstance(cell, str))
    return cells + sum(len(text.encode(errors="replace")) + 1 for text in chunk.texts)
