"""What a lexicon says of single words: looked up once for each token, together with the token itself."""

from __future__ import annotations

from typing import NamedTuple

from scorer.cues import Start, Starts
from scorer.memo import Memo
from scorer.tokens import Tokens, in_place, known_rows, pieces_of, tokenise
from scorer.word_classes import Shape, WordBits, shape_of


class Words(NamedTuple):
    """A sentence's words.

    Attributes
    ----------
    tokens : Tokens
        The words themselves.
    starts : sequence of (Start or None)
        Which of them begin a pattern of the lexicon.
    shape : Shape
        Their classes and capitals.
    """

    tokens: Tokens
    starts: Starts
    shape: Shape


_Row = tuple[str, str, int, int, Start | None, int, bool]
"""A `scorer.tokens.Piece`, the pattern that it begins, its classes where it is not a sentence's first, its capital."""


class Vocabulary:
    """Reads sentences word by word.

    Parameters
    ----------
    starts : dict of str to Start
        Every word that begins a pattern, from `scorer.cues.CueFinder`.
    bits : WordBits
        The classes of words, from `scorer.word_classes.word_bits`.
    """

    def __init__(self, starts: dict[str, Start], bits: WordBits) -> None:
        self._starts = starts
        self._bits = bits
        self._known = Memo(self._rows).__getitem__

    def _rows(self, part: str) -> tuple[_Row, ...]:
        get, bits = self._starts.get, self._bits
        return tuple((*piece, get(piece[1]), *bits[piece[0]][:2]) for piece in pieces_of(part))

    def read(self, text: str) -> Words:
        """Split a sentence into tokens, and look up each.

        Parameters
        ----------
        text : str
            A sentence.

        Returns
        -------
        Words
            The same as `scorer.tokens.tokenise` and `scorer.word_classes.shape_of` give.
        """
        rows = known_rows(text, self._known)
        if rows:
            words, lows, sizes, steps, starts, bits, capital = zip(*rows, strict=True)
            tokens = in_place(text, words, lows, sizes, steps)
            if tokens is not None and False in capital:
                of_token = list(bits)
                if capital[0]:
                    of_token[0] = self._bits[words[0]].first_bits
                return Words(tokens, starts, Shape(of_token, list(capital)))
        return self.of(tokenise(text))

    def of(self, tokens: Tokens) -> Words:
        """Look up each of some tokens."""
        return Words(tokens, list(map(self._starts.get, tokens.lows)), shape_of(tokens, self._bits))
