"""What is scored for speed: the sentences of data/, over and over, with names and numbers that never come back.

A text that merely repeated itself would flatter whatever keeps words in memory. So each time round every capitalised
word inside a sentence becomes another invented one, and every digit another digit: the vocabulary grows all the time,
as it does in news.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from scorer.labelled import LabelledSentence

_SEED: Final = 7
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}|\d")
_ONSETS: Final = ("b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w", "z")
_RHYMES: Final = ("a", "al", "an", "ar", "e", "el", "en", "er", "i", "in", "o", "ol", "on", "or", "u", "um")


class Tables(NamedTuple):
    """The same text as a table of sentences and as one of documents."""

    sentence: Path
    document: Path
    n_sentences: int
    n_documents: int


def write_tables(folder: Path, rows: Sequence[LabelledSentence], n_sentences: int) -> Tables:
    """Write both tables for a number of sentences; the same number gives the same files."""
    by_sentence, by_document = folder / f"sentence-{n_sentences}.csv", folder / f"document-{n_sentences}.csv"
    n_documents = 0
    with (
        by_sentence.open("w", newline="", encoding="utf-8") as sentences,
        by_document.open("w", newline="", encoding="utf-8") as documents,
    ):
        write_sentence, write_document = csv.writer(sentences).writerow, csv.writer(documents).writerow
        write_sentence(["doc_id", "text"])
        write_document(["doc_id", "text"])
        held: list[str] = []
        last = ""
        for name, text in _texts(rows, n_sentences):
            if held and name != last:
                write_document([last, "\n".join(held)])
                n_documents, held = n_documents + 1, []
            write_sentence([name, text])
            held.append(text)
            last = name
        write_document([last, "\n".join(held)])
    return Tables(by_sentence, by_document, n_sentences, n_documents + 1)


def _texts(rows: Sequence[LabelledSentence], n_sentences: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)
    names: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word.isdigit():
            return str(chance.randrange(1, 10))
        if word not in names:
            syllables = (chance.choice(_ONSETS) + chance.choice(_RHYMES) for _ in range(chance.randint(2, 4)))
            names[word] = "".join(syllables).capitalize()
        return names[word]

    for k in range(n_sentences):
        turn, at = divmod(k, len(rows))
        if at == 0:
            names.clear()
        row = rows[at]
        # The first time round the text is as it was written, with the names that the lexicons know.
        yield f"{row.doc}.{turn}", _NAME.sub(other, row.text) if turn else row.text
