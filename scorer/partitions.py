"""One partition of a table to its scored rows: the function that any engine can run, on any machine.

Dask's ``map_partitions``, Spark's ``mapInPandas`` and the command ``scorer score --engine dask`` all call
`score_partition`. It is picklable, also inside `functools.partial`, takes its model by path and keeps it, and gives the
same columns of the same types whatever the rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.bundle import load_model, model_folder
from scorer.errors import InputError, ModelError
from scorer.labels import STRENGTHS
from scorer.model_files import MODEL, retrain
from scorer.scoring import ScoringModel, score_frame
from scorer.scoring_files import UNITS, Unit
from scorer.tables.lines import printable
from scorer.tables.rows import text_problem

if TYPE_CHECKING:
    import pandas as pd

SET_ASIDE: Final = "set_aside"
"""The column that says why a row was not scored; null where it was."""
PARTITION_COLUMNS: Final = (*OUTPUT_COLUMNS, SET_ASIDE)
"""What `score_partition` adds to the caller's columns, in order."""
MAX_TEXT_CHARS: Final = 10_000_000
"""The most characters of a text, as `scorer.tables.read_chunks` has it."""
_WHOLE: Final = frozenset({"sentence", "start", "end", "source_id"})
_REAL: Final = frozenset({"score", *(f"p_{name}" for name in STRENGTHS), "hedging", "confidence"})
_TYPES: Final = {name: "BIGINT" for name in _WHOLE} | {name: "DOUBLE" for name in _REAL} | {"needs_review": "BOOLEAN"}
PARTITION_DDL: Final = ", ".join(f"`{name}` {_TYPES.get(name, 'STRING')}" for name in PARTITION_COLUMNS)
"""The columns of `PARTITION_COLUMNS` as Spark wants them told."""
_N_CACHED: Final = 4
_one_at_a_time: Final = Lock()
"""A worker of several threads would share the model's caches among them, and gain nothing: scoring holds the GIL."""


def score_partition(
    frame: pd.DataFrame,
    *,
    model: str | Path | None = None,
    text: str = "text",
    unit: Unit = "document",
    doc_id: str | None = "doc_id",
    prior: Sequence[float] | None = None,
    review_below: float | None = None,
    listed: bool = False,
    before: Mapping[Any, int] | None = None,
) -> pd.DataFrame:
    """Score one partition of a table.

    Parameters
    ----------
    frame : DataFrame
        One row per text; it may be empty, and is not changed.
    model : str or Path, optional
        A model's folder, as the process that runs this sees it; the shipped model by default. It is checked and read
        once per process.
    text, unit, doc_id, listed, before
        As for `scorer.scoring.score_frame`. With unit "sentence" the rows of a document have to be in one partition.
    prior : sequence of float, shape (6,), optional
        Shares of the strengths that the text is taken to have, as for ``model.with_prior``.
    review_below : float, optional
        A sentence needs review if its confidence is below it; the model's own threshold by default.

    Returns
    -------
    DataFrame
        The caller's other columns, then `PARTITION_COLUMNS`, in the order of the input rows, each with the index label
        of its row. The rows are those of `score_frame`. A row whose text cannot be scored (null, without any visible
        character, no str, of more than 10,000,000 characters) is not lost: it gives one row with the reason in
        ``set_aside``, the beginning of its text in ``text``, and nulls in our other columns. So every input row is in
        the output, and as many are set aside as ``scorer score`` would write to its errors file.

        Whole numbers are ``Int64``, other numbers ``float64``, ``needs_review`` is ``boolean``, the rest are strings,
        also without any row: ``score_partition(frame.iloc[:0])`` gives the schema.

    Raises
    ------
    InputError
        If a column is missing, stands twice or has the name of an output column.
    ModelError
        If the model cannot be loaded.
    """
    import pandas as pd

    if unit not in UNITS:
        raise ValueError(f"unit must be 'document' or 'sentence', not {unit!r}")
    if SET_ASIDE in frame.columns and text != SET_ASIDE:
        raise InputError(f"column '{SET_ASIDE}' of the frame has the name of an output column; rename it")
    # Rows are told apart by their position: the caller's index may hold anything, also twice.
    numbered = frame.set_axis(pd.RangeIndex(len(frame)), axis=0)
    faults: dict[int, str] = {}
    cells: list[Any] = numbered[text].tolist() if list(frame.columns).count(text) == 1 else []
    for position, cell in enumerate(cells):
        if fault := _fault(cell):
            faults[position] = fault
    sound = numbered.drop(index=list(faults)) if faults else numbered
    folder = model_folder(model)
    loaded = _loaded(folder, file_stamp(folder), None if prior is None else tuple(prior), review_below)
    with _one_at_a_time:
        scored = score_frame(loaded, sound, text=text, doc_id=doc_id, unit=unit, listed=listed, before=before)
    ours = LISTED_COLUMNS if listed else OUTPUT_COLUMNS
    if unit == "document":
        faults |= dict.fromkeys(sound.index.difference(scored.index).tolist(), "no visible character")
    kinds = {name: _kind(name) for name in ours if name != "attributions"}
    scored = scored.astype(kinds).assign(**{SET_ASIDE: pd.Series(None, index=scored.index, dtype=_kind(SET_ASIDE))})
    if faults:
        positions = sorted(faults)
        aside = {name: pd.Series(None, index=positions, dtype=kinds.get(name, object)) for name in ours}
        aside["text"] = pd.Series([_clip(cells[k]) for k in positions], index=positions, dtype=kinds["text"])
        aside[SET_ASIDE] = pd.Series([faults[k] for k in positions], index=positions, dtype=_kind(SET_ASIDE))
        theirs = numbered.drop(columns=text).loc[positions]
        rest = pd.concat([theirs, pd.DataFrame(aside)], axis=1)
        # Without any scored row, its columns would only bring their lack of values into the result.
        scored = pd.concat([scored, rest]).sort_index(kind="stable") if len(scored) else rest
    return scored.set_axis(frame.index.take(scored.index.to_numpy()), axis=0)


def file_stamp(folder: Path) -> tuple[int, int]:
    """Tell one content of a model's file from the next, so that workers that live long notice a new model.

    Raises
    ------
    ModelError
        If the folder holds no model.
    """
    try:
        stat = (folder / MODEL).stat()
    except OSError as error:
        raise ModelError(f"{folder / MODEL}: cannot be read ({error.strerror}); {retrain(folder)}") from error
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=_N_CACHED)
def _loaded(
    folder: Path, stamp: tuple[int, int], prior: tuple[float, ...] | None, review_below: float | None
) -> ScoringModel:
    """Load a model once per process, in the variant that is asked for."""
    model = load_model(folder)
    if prior is not None:
        model = model.with_prior(prior)
    return model if review_below is None else model.with_review_below(review_below)


def _fault(cell: Any) -> str | None:
    """Say why a text cannot be scored, or return None where it can."""
    if isinstance(cell, str):
        try:
            cell.encode()
        except UnicodeEncodeError:
            return "half a character: a surrogate without its partner"
    return text_problem(None if _is_null(cell) else cell, MAX_TEXT_CHARS)


def _is_null(cell: Any) -> bool:
    import pandas as pd

    return not isinstance(cell, str) and pd.api.types.is_scalar(cell) and bool(pd.isna(cell))


def _clip(cell: Any) -> str:
    """Give what stood in a text that is set aside, as the errors file shows it."""
    if not isinstance(cell, str):
        return "" if _is_null(cell) else printable(json.dumps(cell, default=str))
    return printable(cell.encode(errors="replace").decode())


def _kind(name: str) -> Any:
    if name in _WHOLE:
        return "Int64"
    if name in _REAL:
        return "float64"
    return "boolean" if name == "needs_review" else _string()


@lru_cache(maxsize=1)
def _string() -> Any:
    """Give the type of a column of strings: pandas 3 has one of its own, pandas 2 holds them as objects."""
    import pandas as pd

    return pd.Series(["a"]).dtype
