"""What every experiment learns from and is measured on: rows, readings, features, folds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedGroupKFold

from scorer.calibration import mix_weights
from scorer.errors import InputError
from scorer.evaluate import by_document, document_codes, sentences_of
from scorer.labelled import LabelledSentence, read_labelled
from scorer.labels import STRENGTHS
from scorer.lexicon import Lexicon
from scorer.metrics import Floats, Ints
from scorer.model import N_FOLDS
from scorer.ngrams import WordNgrams
from scorer.pipeline import RANDOM_STATE, build_pipeline
from scorer.priors import NEWS_PRIOR
from scorer.reading import Reader, Reading
from scorer.training import groups_of
from scorer.vouching_training import cross_read

WORDS: Final = "words"
BALANCED: Final = frozenset(f"a{k}" for k in (1, 2, 3, 4, 5, 7, 9, 11))
"""Files of data/, by what their documents' names begin with, that hold rare labels far more often than news does."""
NATURAL: Final = frozenset(f"a{k}" for k in (6, 8, 10, *range(12, 18)))
"""Those that were written as whole articles without an eye on the labels."""


class Block(NamedTuple):
    """Sentences as numbers, to learn from or to guess."""

    dense: sparse.csr_array
    words: sparse.csr_array
    codes: Ints
    attributed: np.ndarray
    """Whether somebody vouches, by the labels; sentences that label no source count as the outlet's own."""
    groups: np.ndarray
    weights: Floats

    def part(self, which: Ints) -> Block:
        """Give some of the sentences."""
        return Block(*(column[which] for column in self))


class Split(NamedTuple):
    """Positions of the sentences that are learnt from, and of those that are guessed."""

    train: Ints
    test: Ints


class Part(NamedTuple):
    """A set of sentences that figures are about; `documents` are numbered from 0."""

    name: str
    which: Ints
    documents: Ints
    weights: Floats | None
    """Of the mix of news, where the set is not a fair sample of text as it comes."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """Rows of the labelled text, then those of the test files, with all that is derived from them once."""

    rows: list[LabelledSentence]
    n_data: int
    parts: list[Part]
    readings: list[Reading]
    ruled: list[Reading]
    """The same, read by the rules with nothing learnt."""
    dense: sparse.csr_array
    names: np.ndarray
    codes: Ints
    attributed: np.ndarray
    groups: np.ndarray
    weights: Floats
    splits: list[Split]
    """The folds of the labelled text, then all of it against the test files."""
    lexicon: Lexicon

    @property
    def data(self) -> Part:
        """The labelled text, as a set to measure on."""
        return self.parts[0]

    def words(self, train: Ints, readings: Sequence[Reading] | None = None) -> sparse.csr_array:
        """Count n-grams in all sentences; those of the training sentences are the vocabulary."""
        source = self.readings if readings is None else readings
        grams = WordNgrams().fit([source[k] for k in train])
        return sparse.csr_array(grams.transform(source))

    def block(self, words: sparse.csr_array, dense: sparse.csr_array | None = None) -> Block:
        """Put all sentences into one block."""
        dense = self.dense if dense is None else dense
        return Block(dense, words, self.codes, self.attributed, self.groups, self.weights)

    def only_data(self, which: Ints) -> Ints:
        """Leave out the sentences of test files."""
        return which[which < self.n_data]


def kind_of(row: LabelledSentence) -> str:
    """Say how the file of a row was written; empty where that is not known."""
    prefix = re.match(r"a\d+(?=-)", row.doc)
    name = prefix[0] if prefix else ""
    return "balanced" if name in BALANCED else "natural" if name in NATURAL else ""


def dense_features(readings: Sequence[Reading]) -> tuple[sparse.csr_array, np.ndarray]:
    """Compute what rules and word lists found, weighted as the shipped pipeline does; and the columns' names."""
    union = build_pipeline().named_steps["features"]
    weights = union.transformer_weights or {}
    parts, names = [], []
    for name, transformer in union.transformer_list:
        if name == WORDS:
            continue
        parts.append(transformer.fit_transform(readings) * weights.get(name, 1.0))
        names += [f"{name}__{column}" for column in transformer.get_feature_names_out()]
    return sparse.csr_array(np.hstack(parts)), np.array(names, dtype=object)


def files_in(path: Path) -> list[Path]:
    """Give the labelled files of a folder, or the file itself."""
    if not path.exists():
        raise InputError(f"{path}: no such file")
    return sorted(path.glob("*.tsv")) if path.is_dir() else [path]


def read_material(data: Path, tests: Sequence[Path], lexicon: Lexicon) -> Material:
    """Read everything once: the labelled text by weights learnt without the document, the rest by all of it."""
    rows = by_document(read_labelled(files_in(data)))
    if not rows:
        raise InputError(f"{data}: no labelled rows")
    n_data = len(rows)
    groups = groups_of(rows)
    vouching, typing, readings = cross_read(rows, groups, lexicon, N_FOLDS)
    reader, rules = Reader(lexicon, vouching, typing), Reader(lexicon)
    ruled = rules.read(sentences_of(rows))
    codes = np.array([STRENGTHS.index(row.strength) for row in rows], dtype=np.intp)
    name = f"{data.resolve().name}/" if data.is_dir() else data.name
    parts = [Part(name, np.arange(n_data), document_codes(rows), mix_weights(codes, NEWS_PRIOR))]
    for path in tests:
        more = by_document(read_labelled(files_in(path)))
        if not more:
            raise InputError(f"{path}: no labelled rows")
        parts.append(Part(path.name, np.arange(len(rows), len(rows) + len(more)), document_codes(more), None))
        sentences = sentences_of(more)
        rows, readings, ruled = rows + more, readings + reader.read(sentences), ruled + rules.read(sentences)
    codes = np.array([STRENGTHS.index(row.strength) for row in rows], dtype=np.intp)
    groups += [f"test {row.doc}" for row in rows[n_data:]]
    weights = np.ones(len(rows))
    weights[:n_data] = mix_weights(codes[:n_data], NEWS_PRIOR)
    dense, names = dense_features(readings)
    folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=RANDOM_STATE)
    known = codes[:n_data]
    splits = [Split(*pair) for pair in folds.split(known, known, np.array(groups[:n_data], dtype=object))]
    if tests:
        splits.append(Split(np.arange(n_data), np.arange(n_data, len(rows))))
    return Material(
        rows=rows,
        n_data=n_data,
        parts=parts,
        readings=readings,
        ruled=ruled,
        dense=dense,
        names=names,
        codes=codes,
        attributed=np.array([row.source_type not in (None, "none") for row in rows]),
        groups=np.array(groups, dtype=object),
        weights=weights,
        splits=splits,
        lexicon=lexicon,
    )
