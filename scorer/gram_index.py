"""The n-grams of many readings at once: words to numbers by one look-up each, and the rest in arrays.

`scorer.ngrams` says what an n-gram is; this finds the same ones without spelling any of them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.memo import Memo
from scorer.reading import Reading

NAME: Final = "<name>"
NUMBER: Final = "<number>"
START: Final = "<s>"
END: Final = "</s>"
QUOTED: Final = "q:"
CUE: Final = "cue:"

Numbers = NDArray[np.int64]
_UNKNOWN: Final = 0


def cue_gram(words: str) -> str:
    """Give the n-gram of a cue, the same in whatever way a text is wrapped and whichever apostrophe it has."""
    return CUE + " ".join(words.lower().replace("’", "'").split())


class _Folded(NamedTuple):
    """The words of a batch, one behind the other: their numbers, sentences, and whether they are quoted."""

    words: Numbers
    rows: Numbers
    inside: NDArray[np.bool_]


class GramIndex:
    """Finds known n-grams.

    Parameters
    ----------
    vocabulary : mapping of str to int
        N-gram to column.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        numbers = {word: number for number, word in enumerate((NAME, NUMBER, START, END), _UNKNOWN + 1)}
        self._name, self._number = numbers[NAME], numbers[NUMBER]
        self._start, self._end = numbers[START], numbers[END]
        self._width = max(len(vocabulary), 1)
        words: list[tuple[int, int]] = []
        quoted: list[tuple[int, int]] = []
        pairs: list[tuple[int, int, int]] = []
        cues: dict[str, int] = {}
        for gram, column in vocabulary.items():
            # No word holds a space or begins so: a colon is a word of its own.
            if gram.startswith(CUE):
                cues[gram] = column
            elif gram.startswith(QUOTED):
                quoted.append((numbers.setdefault(gram.removeprefix(QUOTED), len(numbers) + 1), column))
            else:
                first, space, second = gram.partition(" ")
                number = numbers.setdefault(first, len(numbers) + 1)
                if space:
                    pairs.append((number, numbers.setdefault(second, len(numbers) + 1), column))
                else:
                    words.append((number, column))
        self._n_numbers = len(numbers) + 1
        self._of_word = self._columns(words)
        self._of_quoted = self._columns(quoted)
        firsts, seconds, columns = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
        keys = firsts * self._n_numbers + seconds
        order = keys.argsort()
        self._pairs = keys[order]
        self._of_pair = columns[order]
        self._begins = np.zeros(self._n_numbers, dtype=bool)
        self._begins[firsts] = True
        self._ends = np.zeros(self._n_numbers, dtype=bool)
        self._ends[seconds] = True
        self._fold = Memo(lambda low: self._number if low[0].isdigit() else numbers.get(low, _UNKNOWN)).__getitem__
        self._of_cue = Memo(lambda words: cues.get(cue_gram(words), -1)).__getitem__

    def _columns(self, found: Sequence[tuple[int, int]]) -> Numbers:
        columns = np.full(self._n_numbers, -1, dtype=np.int64)
        for number, column in found:
            columns[number] = column
        return columns

    def find(self, readings: Sequence[Reading]) -> tuple[Numbers, Numbers]:
        """Find the n-grams of each reading.

        Parameters
        ----------
        readings : sequence of Reading, shape (n_sentences,)
            Readings.

        Returns
        -------
        rows, columns : ndarray of int64, shape (n_found,)
            Each n-gram of each sentence once, sorted by row, then column.
        """
        folded = self._folded(readings)
        outside = ~folded.inside
        words, rows = folded.words[outside], folded.rows[outside]
        keys = [
            self._keys(rows, self._of_word[words]),
            self._keys(folded.rows[folded.inside], self._of_quoted[folded.words[folded.inside]]),
            self._cue_keys(readings),
        ]
        if len(self._pairs):
            keys.append(self._pair_keys(words, rows, len(readings)))
        found = np.sort(np.concatenate(keys))
        found = found[np.diff(found, prepend=-1) > 0]
        at = found // self._width
        return at, found - at * self._width

    def _keys(self, rows: Numbers, columns: Numbers) -> Numbers:
        known = columns >= 0
        return rows[known] * self._width + columns[known]

    def _folded(self, readings: Sequence[Reading]) -> _Folded:
        """Fold names and numbers, as `scorer.ngrams.folded_words` does."""
        lows = [reading.tokens.lows for reading in readings]
        sizes = np.fromiter(map(len, lows), np.int64, len(lows))
        n_words = int(sizes.sum())
        own = np.fromiter(map(self._fold, chain.from_iterable(lows)), np.int64, n_words)
        capital = np.frombuffer(b"".join([bytes(reading.shape.capital) for reading in readings]), np.bool_)
        inside = np.frombuffer(b"".join([bytes(reading.inside) for reading in readings]), np.bool_)
        words = np.where(capital, self._name, own)
        # The first word has its capital from its place, unless the next one shows a name.
        some = sizes > 0
        first = (sizes.cumsum() - sizes)[some]
        plain = np.fromiter([reading.shape.bits[0] == 0 for reading in readings if reading.shape.bits], np.bool_)
        shown = (sizes[some] > 1) & capital[np.minimum(first + 1, n_words - 1)] & plain
        words[first[~shown]] = own[first[~shown]]
        return _Folded(words, np.repeat(np.arange(len(lows)), sizes), inside)

    def _pair_keys(self, words: Numbers, rows: Numbers, n_rows: int) -> Numbers:
        """Find pairs of neighbours, the sentence's beginning and end among them; what is quoted is left out."""
        sizes = np.bincount(rows, minlength=n_rows) + 2
        bounded = np.empty(len(words) + 2 * n_rows, dtype=np.int64)
        stops = sizes.cumsum()
        bounded[stops - sizes] = self._start
        bounded[stops - 1] = self._end
        bounded[np.arange(len(words)) + 2 * rows + 1] = words
        first, second = bounded[:-1], bounded[1:]
        maybe = self._begins[first] & self._ends[second]
        keys = first[maybe] * self._n_numbers + second[maybe]
        at = np.minimum(self._pairs.searchsorted(keys), len(self._pairs) - 1)
        known = self._pairs[at] == keys
        own_row = np.repeat(np.arange(n_rows), sizes)[:-1][maybe]
        found: Numbers = own_row[known] * self._width + self._of_pair[at[known]]
        return found

    def _cue_keys(self, readings: Sequence[Reading]) -> Numbers:
        """Find the cue of each primary source."""
        found: list[int] = []
        for row, reading in enumerate(readings):
            if reading.attributions:
                cue = reading.attributions[0].cue
                if cue:
                    column = self._of_cue(reading.sentence.text[cue[0] : cue[1]])
                    if column >= 0:
                        found.append(row * self._width + column)
        return np.array(found, dtype=np.int64)
