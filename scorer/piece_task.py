"""What a worker of a cluster does: it reads a piece of the inputs, scores it, and writes its part of the output."""

from __future__ import annotations

import hashlib
import sys
import time
import uuid
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.bundle import model_folder
from scorer.errors import ScorerError
from scorer.manifest import file_digest
from scorer.model_files import MODEL
from scorer.partitions import SET_ASIDE, file_stamp, score_partition
from scorer.scoring_files import Unit
from scorer.tables import RejectedRow, TableChunk, open_rejects, open_writer
from scorer.tables.pieces import Piece, Pieces, read_piece

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["csv", "jsonl"]
_DOCUMENT = "\0document"  # no column of the caller's: these do not pass through the frame


class Footing(NamedTuple):
    """With what a process scores: the version of scorer, and the SHA-256 of the model's file."""

    scorer: str
    model: str


class Settings(NamedTuple):
    """How the pieces of a run are scored; `scorer.engine.score_on_dask` tells what each means."""

    folder: str
    format: Format
    unit: Unit
    spreadsheet_safe: bool
    model: str | None
    prior: tuple[float, ...] | None
    review_below: float | None
    footing: Footing


class PartResult(NamedTuple):
    """What came of a piece.

    Attributes
    ----------
    file, errors_file : str
        Names of the part and, if rows were set aside, of their list; in the run's folder.
    rows_in, sentences_out, rows_set_aside : int
        As in `scorer.scoring_files.ScoreSummary`.
    header_bytes : int
        How long its header line is; the rest are rows.
    sha256 : str
        Of the part.
    seconds, cpu_seconds : float
        Time that it took the worker, by the clock and by the processor.
    peak_megabytes : float
        The most memory that the worker has held so far.
    first_doc, last_doc : str
        Ids of its first and last document.
    """

    file: str
    errors_file: str
    rows_in: int
    sentences_out: int
    rows_set_aside: int
    header_bytes: int
    sha256: str
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    first_doc: str
    last_doc: str


def footing(model: str | None) -> Footing:
    """Tell with what this process scores.

    Parameters
    ----------
    model : str or None
        A model's folder; None is the shipped model.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    folder = model_folder(model)
    return Footing(version("scorer"), _model_digest(folder, file_stamp(folder)))


@lru_cache(maxsize=4)
def _model_digest(folder: Path, stamp: tuple[int, int]) -> str:
    return file_digest(folder / MODEL)


def describe(model: str | None, folder: str) -> tuple[Footing, bool]:
    """Tell with what this process scores, and whether it sees the folder that it is to write to."""
    return footing(model), Path(folder).is_dir()


def unlike(here: Footing, wanted: Footing) -> str:
    """Say in what a worker differs from the process that gives it work, and the remedy; empty where it does not."""
    if here.scorer != wanted.scorer:
        return f"has scorer {here.scorer}, not {wanted.scorer}; install the same version everywhere"
    if here.model != wanted.model:
        return (
            f"has another model (sha256 {here.model[:12]}…, not {wanted.model[:12]}…); copy the same model's folder to "
            f"the same path on every machine"
        )
    return ""


def score_piece(number: int, piece: Piece, pieces: Pieces, settings: Settings) -> PartResult:
    """Score one piece of the inputs.

    It may be done twice, as when a worker is lost: each attempt writes to names of its own, and takes the part's name
    only when the part is whole.

    Parameters
    ----------
    number : int
        Which piece it is, from 0.
    piece : Piece
        The piece.
    pieces : Pieces
        What the pieces have in common.
    settings : Settings
        How to score it.

    Returns
    -------
    PartResult
        What was written.

    Raises
    ------
    ScorerError
        If this worker has another scorer or model, or the piece cannot be read or the part not be written.
    """
    if difference := unlike(footing(settings.model), settings.footing):
        raise ScorerError(f"a worker {difference}")
    started, busy = time.perf_counter(), time.process_time()
    name = f"part-{number:05d}"
    folder, attempt = Path(settings.folder), f".attempt-{uuid.uuid4().hex}"
    part, errors = folder / f"{attempt}.{settings.format}", folder / f"{attempt}.errors.csv"
    listed = settings.format == "jsonl"
    columns = (*pieces.passed, *(LISTED_COLUMNS if listed else OUTPUT_COLUMNS))
    safe, rows_scored, sentences = settings.spreadsheet_safe, 0, 0
    docs: list[str] = []
    with (
        open_rejects(str(errors), spreadsheet_safe=safe) as rejects,
        open_writer(str(part), format=settings.format, columns=columns, spreadsheet_safe=safe) as writer,
    ):
        chunks = read_piece(piece, pieces, together=settings.unit == "sentence", on_reject=rejects)
        for chunk, before in _begun(chunks):
            scored = _scored(chunk, before, settings, pieces.options.text_column, listed)
            aside = scored[SET_ASIDE].notna().to_numpy()
            for position, reason, text in zip(
                scored.index[aside].tolist(), scored.loc[aside, SET_ASIDE], scored.loc[aside, "text"], strict=True
            ):
                place = _place(piece, chunk.numbers[position])
                rejects(RejectedRow(*place, pieces.options.text_column, reason, text))
            kept = scored[~aside].drop(columns=SET_ASIDE)
            writer.write_rows(
                [(*chunk.rows[position], *row) for position, row in zip(kept.index.tolist(), _rows(kept), strict=True)]
            )
            rows_scored += len(chunk.rows) - int(aside.sum())
            sentences += len(kept)
            docs += [chunk.doc_ids[0], chunk.doc_ids[-1]] if chunk.doc_ids else []
            docs = docs[:1] + docs[-1:]
    final, listing = f"{name}.{settings.format}", f"{name}.errors.csv" if rejects.count else ""
    digest, header = _digest(part, csv=settings.format == "csv")
    part.replace(folder / final)
    if listing:
        errors.replace(folder / listing)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - busy
    return PartResult(
        *(final, listing, rows_scored + rejects.count, sentences, rejects.count, header, digest),
        *(round(seconds, 3), round(cpu_seconds, 3), round(_peak_megabytes(), 1)),
        *(docs[0] if docs else "", docs[-1] if docs else ""),
    )


def _place(piece: Piece, number: int) -> tuple[str, int]:
    """Give the file and the row for the number of a row in its chunk."""
    return (piece.source.files[number - 1][0], 1) if piece.source.kind == "txt" else (piece.source.name, number)


def _begun(chunks: Iterator[TableChunk]) -> Iterator[tuple[TableChunk, dict[str, int]]]:
    """Give each chunk with how many rows of its first document stood in the chunks before it."""
    last, seen = "", 0
    for chunk in chunks:
        if not chunk.doc_ids:
            continue
        goes_on = chunk.doc_ids[0] == last
        yield chunk, {last: seen} if goes_on else {}
        seen = chunk.doc_ids.count(chunk.doc_ids[-1]) + (seen if goes_on and chunk.doc_ids[-1] == last else 0)
        last = chunk.doc_ids[-1]


def _scored(
    chunk: TableChunk, before: dict[str, int], settings: Settings, text_column: str, listed: bool
) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({text_column: chunk.texts, _DOCUMENT: chunk.doc_ids}, dtype=object)
    return score_partition(
        frame,
        model=settings.model,
        text=text_column,
        unit=settings.unit,
        doc_id=_DOCUMENT,
        prior=settings.prior,
        review_below=settings.review_below,
        listed=listed,
        before=before,
    ).drop(columns=_DOCUMENT)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give the cells of a scored partition as `scorer.assess.output_rows` does."""
    columns = []
    for name in frame.columns:
        cells = frame[name]
        if name == "needs_review" and "attributions" not in frame.columns:
            columns.append(["true" if cell else "false" for cell in cells])
        elif name == "attributions":
            columns.append(cells.tolist())
        else:
            columns.append(cells.astype(object).where(cells.notna(), None).tolist())
    return zip(*columns, strict=True)


def _digest(path: Path, *, csv: bool) -> tuple[str, int]:
    """Give the hash of a part, and how many bytes its header has."""
    digest, header = hashlib.sha256(), 0
    with path.open("rb") as stream:
        if csv:
            line = b""
            while not header:
                line += stream.readline()
                header = len(line) if line.count(b'"') % 2 == 0 else 0  # a name of a column may hold a line end
            digest.update(line)
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest(), header


def _peak_megabytes() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
