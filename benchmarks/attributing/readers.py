"""What reads the sentences that are measured: the rules alone, or with what training learns from data/."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from threadpoolctl import threadpool_limits

from scorer.evaluate import by_document, document_codes
from scorer.labelled import read_labelled
from scorer.lexicon import Lexicon
from scorer.model import N_FOLDS
from scorer.reading import Reader, Reading
from scorer.records import Sentence
from scorer.vouching_training import cross_read


class LearntReader:
    """Reads with weights learnt here and now, so that an edit of the word lists shows as training again would have it.

    A document that the weights are learnt from is read with others, learnt without it. It is known by its sentences: a
    copy of it under another name is known too, a copy with other sentences is not.

    Parameters
    ----------
    paths : sequence of Path
        Labelled files to learn from.
    lexicon : Lexicon
        What to read with.
    """

    def __init__(self, paths: Sequence[Path], lexicon: Lexicon) -> None:
        rows = by_document(read_labelled(paths))
        groups = [f"{code:06d}" for code in document_codes(rows)]
        with threadpool_limits(limits=1):
            vouching, typing, readings = cross_read(rows, groups, lexicon, N_FOLDS)
        self._reader = Reader(lexicon, vouching, typing)
        self._known: dict[tuple[str, ...], list[Reading]] = {}
        for _, pairs in groupby(zip(groups, readings, strict=True), key=lambda pair: pair[0]):
            document = [reading for _, reading in pairs]
            self._known[tuple(reading.sentence.text for reading in document)] = document

    def read(self, sentences: Sequence[Sentence]) -> list[Reading]:
        """Read sentences; neighbours with the same ``doc_id`` are one document."""
        documents = [list(document) for _, document in groupby(sentences, key=attrgetter("doc_id"))]
        known = [self._known.get(tuple(sentence.text for sentence in document)) for document in documents]
        unseen = [document for document, found in zip(documents, known, strict=True) if found is None]
        fresh = iter(self._reader.read([sentence for document in unseen for sentence in document]))
        return [
            reading
            for document, found in zip(documents, known, strict=True)
            for reading in (found if found is not None else [next(fresh) for _ in document])
        ]
