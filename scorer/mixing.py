"""The mix of strengths of files that are to be scored, estimated from the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from scorer.assess import OUTPUT_COLUMNS, score_documents, score_rows
from scorer.errors import InputError
from scorer.labels import STRENGTHS
from scorer.model import StrengthClassifier
from scorer.priors import Prior, estimate_prior
from scorer.scoring_files import Unit
from scorer.tables import read_chunks

MOST_SENTENCES: Final = 20_000
"""Sentences after which an estimate of the mix moves by less than a point; the rest of the files is not read for it."""
_FIRST: Final = OUTPUT_COLUMNS.index(f"p_{STRENGTHS[0]}")


class EstimatedMix(NamedTuple):
    """A mix, shares in the order of `scorer.labels.STRENGTHS`, and how many sentences it was estimated from."""

    shares: Prior
    n_sentences: int


def estimate_mix(
    model: StrengthClassifier,
    inputs: Sequence[str],
    *,
    unit: Unit = "document",
    text_column: str = "text",
    doc_column: str | None = "doc_id",
    encoding: str = "utf-8-sig",
    delimiter: str | None = None,
) -> EstimatedMix:
    """Estimate the mix of strengths of files, without labels.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted; its probabilities have to be calibrated, and those of text like this.
    inputs, unit, text_column, doc_column, encoding, delimiter
        As for `scorer.scoring_files.score_files`; standard input cannot be read twice and is refused.

    Returns
    -------
    EstimatedMix
        By `scorer.priors.estimate_prior`, from the first `MOST_SENTENCES` sentences or a few more.

    Raises
    ------
    InputError
        If an input is standard input, or cannot be read.
    """
    if "-" in inputs:
        raise InputError("the mix of standard input cannot be estimated, since that is read once; give a file")
    found: list[tuple[Any, ...]] = []
    chunks = read_chunks(
        inputs,
        text_column=text_column,
        doc_column=doc_column,
        encoding=encoding,
        delimiter=delimiter,
        keep_documents_together=unit == "sentence",
        on_reject=lambda row: None,
    )
    for chunk in chunks:
        if unit == "document":
            rows = [row for some in score_documents(model, chunk.texts) for row in some]
        else:
            rows = score_rows(model, chunk.texts, chunk.doc_ids, {})
        found += [row[_FIRST : _FIRST + len(STRENGTHS)] for row in rows]
        if len(found) >= MOST_SENTENCES:
            break
    shares = estimate_prior(np.array(found, dtype=np.float64).reshape(-1, len(STRENGTHS)), model.shares_)
    return EstimatedMix(shares, len(found))
