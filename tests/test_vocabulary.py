"""Words looked up together are the same as tokens, patterns and classes looked up one after the other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.cues import CueFinder
from scorer.lexicon import load_lexicon
from scorer.tokens import tokenise
from scorer.vocabulary import Vocabulary
from scorer.word_classes import shape_of, word_bits

LEXICON = load_lexicon()
BITS = word_bits(LEXICON)
STARTS = CueFinder(LEXICON).starts
VOCABULARY = Vocabulary(STARTS, BITS)
PARTS = ["The", "WHO", "said", "that", "it", "IT", "Will", "Doris", "Day", "Friday", "may", "May", "U.S.", "didn’t"]
MARKS = [" ", "  ", "\n", "\u00a0", "“", "”", "'", ".", ",", "-", "5,000", "İ", "Σ", "\ud800", "\u200b"]


def hold(text: str) -> None:
    tokens, starts, shape = VOCABULARY.read(text)
    assert tokens == tokenise(text)
    assert list(starts) == [STARTS.get(low) for low in tokens.lows]
    assert shape == shape_of(tokens, BITS)
    assert all(type(column) is list for column in (*tokens, *shape))


@pytest.mark.parametrize(
    "text",
    ["", " ", "WHO SAID IT MAY", "MAY", "Will Smith said it.", "Doris Day may.", " Two  spaces. ", "a" * 20_000],
)
def test_text_is_read(text):
    hold(text)


@given(st.lists(st.sampled_from([*PARTS, *MARKS]), max_size=20), st.sampled_from(["", " "]))
@settings(max_examples=200, deadline=None)
def test_any_words_and_marks_are_read(parts, between):
    hold(between.join(parts))
