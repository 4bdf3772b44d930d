"""Scoring from Python: one text, a DataFrame, or files.

All three hand their sentences to `scorer.assess`, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scorer.assess import (
    LISTED_COLUMNS,
    OUTPUT_COLUMNS,
    Row,
    assessments,
    judge,
    score_documents,
    score_rows,
    score_sentences,
)
from scorer.errors import InputError
from scorer.labels import STRENGTHS
from scorer.ledger import Source, list_sources
from scorer.model import StrengthClassifier
from scorer.reading import Reading
from scorer.records import Assessment, Sentence
from scorer.scoring_files import UNITS, Progress, ScoreSummary, Unit, score_files
from scorer.segment import split_document
from scorer.text import check_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "OUTPUT_COLUMNS",
    "DocumentAssessment",
    "Progress",
    "ScoreSummary",
    "ScoredSentence",
    "ScoringModel",
    "Source",
    "score_files",
    "score_frame",
    "score_partition",  # noqa: F822 (by __getattr__)
    "score_sentences",
    "score_text",
]

_WHOLE: Final = ("sentence", "start", "end")
_MAYBE_WHOLE: Final = ("source_id",)
_REAL: Final = ("score", *(f"p_{name}" for name in STRENGTHS), "hedging", "confidence")


def __getattr__(name: str) -> Any:
    # It loads its model by path, and what loads models stands above this module; so it is found when asked for.
    if name == "score_partition":
        return getattr(import_module("scorer.partitions"), name)
    raise AttributeError(f"module 'scorer.scoring' has no attribute {name!r}")


class ScoredSentence(NamedTuple):
    """One sentence, what the rules found in it, and what the model says of it.

    Attributes
    ----------
    sentence : Sentence
        With its offsets in the document.
    reading : Reading
        Cues, hedges, checks and attributions.
    assessment : Assessment
        Strength, probabilities, score, reasons; numbers not rounded.
    """

    sentence: Sentence
    reading: Reading
    assessment: Assessment


class DocumentAssessment(NamedTuple):
    """A scored document.

    Attributes
    ----------
    doc_id : str
        As the caller gave it.
    sentences : list of ScoredSentence
        In order.
    sources : list of Source
        Whom the document's claims are attributed to, each once, in the order of their ids.
    """

    doc_id: str
    sentences: list[ScoredSentence]

    @property
    def sources(self) -> list[Source]:
        """Give whom the document's claims are attributed to; see `scorer.ledger.list_sources`."""
        return list_sources([scored.reading for scored in self.sentences])


class ScoringModel(StrengthClassifier):
    """The classifier with methods for texts and tables; what ``scorer train`` makes and `scorer.load_model` gives.

    See Also
    --------
    scorer.model.StrengthClassifier : Its parameters and attributes.
    """

    def score_text(self, text: str, doc_id: str = "") -> DocumentAssessment:
        """Score the sentences of one document; see `scorer.scoring.score_text`."""
        return score_text(self, text, doc_id)

    def score_frame(
        self, frame: pd.DataFrame, *, text: str = "text", doc_id: str | None = "doc_id", unit: Unit = "document"
    ) -> pd.DataFrame:
        """Score the texts of a DataFrame; see `scorer.scoring.score_frame`."""
        return score_frame(self, frame, text=text, doc_id=doc_id, unit=unit)


def score_text(model: StrengthClassifier, text: str, doc_id: str = "") -> DocumentAssessment:
    """Score the sentences of one document.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted, such as `scorer.load_model` gives.
    text : str
        A sentence or a whole story.
    doc_id : str
        What to call it.

    Returns
    -------
    DocumentAssessment
        ``text[s.sentence.start:s.sentence.end] == s.sentence.text`` for each of its sentences; it has none where the
        text is blank.

    Raises
    ------
    InputError
        If the text is no str.
    """
    sentences = split_document(check_text(text), doc_id)
    scored = [
        ScoredSentence(reading.sentence, reading, assessment)
        for judged in judge(model, sentences)
        for reading, assessment in zip(judged.readings, assessments(judged), strict=True)
    ]
    return DocumentAssessment(doc_id, scored)


def score_frame(
    model: StrengthClassifier,
    frame: pd.DataFrame,
    *,
    text: str = "text",
    doc_id: str | None = "doc_id",
    unit: Unit = "document",
    listed: bool = False,
    before: Mapping[Any, int] | None = None,
) -> pd.DataFrame:
    """Score the texts of a DataFrame.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted, such as `scorer.load_model` gives.
    frame : DataFrame
        One row per text; it is not changed.
    text : str
        The column to score. In the result the sentence itself, in the column ``text``, takes its place.
    doc_id : str or None
        The column that names the document; only the default may be missing. It counts only with unit "sentence".
    unit : {"document", "sentence"}
        Whether a text is a document, which is split, or one sentence already. Rows of one document are then read
        together, in order, wherever they stand; a row without a document is one of its own.
    listed : bool
        Whether to add the column ``attributions``, each cell a list with every attribution of the sentence.
    before : mapping of hashable to int, optional
        With unit "sentence": for a document that goes on from an earlier frame, how many of its rows stood there.

    Returns
    -------
    DataFrame
        The caller's other columns, then `OUTPUT_COLUMNS` (`LISTED_COLUMNS` if `listed`); one row per sentence, with
        the index label of the row that it is from. A blank text has no sentences with unit "document", and one row with
        unit "sentence".

    Raises
    ------
    InputError
        If a column is missing, stands twice or has the name of an output column, or if a text is no str.
    """
    import pandas as pd

    if unit not in UNITS:
        raise ValueError(f"unit must be 'document' or 'sentence', not {unit!r}")
    columns = list(frame.columns)
    _check_columns(columns, text, doc_id)
    texts = _texts(frame[text].tolist(), text)
    if unit == "document":
        found: list[list[Row]] = list(score_documents(model, texts, listed=listed))
        rows = list(chain.from_iterable(found))
        positions = [position for position, some in enumerate(found) for _ in some]
    else:
        named = doc_id is not None and doc_id in columns
        documents = _documents(frame[doc_id].tolist()) if named else range(len(texts))
        rows = score_rows(model, texts, documents, before or {}, listed=listed)
        positions = list(range(len(texts)))
    theirs = frame.drop(columns=text).iloc[positions]
    ours = pd.DataFrame(rows, columns=list(LISTED_COLUMNS if listed else OUTPUT_COLUMNS), index=theirs.index)
    kinds: dict[str, Any] = {name: "int64" for name in _WHOLE} | {name: "float64" for name in _REAL}
    kinds |= {name: "Int64" for name in _MAYBE_WHOLE}
    if not listed:
        ours["needs_review"] = ours["needs_review"] == "true"
    kinds["needs_review"] = "bool"  # also where there are no rows
    return pd.concat([theirs, ours.astype(kinds)], axis=1)


def _check_columns(columns: Sequence[Any], text: str, doc_id: str | None) -> None:
    for column in (text, doc_id):
        if column is None or (column == "doc_id" and column == doc_id and column not in columns):
            continue
        if column not in columns:
            raise InputError(f"column '{column}' not found; the frame's columns are: {', '.join(map(str, columns))}")
        if columns.count(column) > 1:
            raise InputError(f"the frame has two columns named '{column}'; rename one of them")
    for column in columns:
        if column != text and column in OUTPUT_COLUMNS:
            raise InputError(f"column '{column}' of the frame has the name of an output column; rename it")


def _texts(cells: list[Any], column: str) -> list[str]:
    for row, cell in enumerate(cells):
        if not isinstance(cell, str):
            try:
                check_text(cell)
            except InputError as error:
                raise InputError(f"row {row} of the frame (from 0), column '{column}': {error}") from None
    return cells


def _documents(cells: list[Any]) -> list[Hashable]:
    """Give a key for the document of each row; a row without one gets its own."""
    return [
        (None, row) if cell is None or cell == "" or cell != cell else cell  # NaN is not itself
        for row, cell in enumerate(cells)
    ]
