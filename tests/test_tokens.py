"""Tokens: what is one word, where it stands, and what stands inside quotation marks."""

from itertools import compress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.tokens import closes_first, quoted, tokenise

WORDS = [
    ("", []),
    (" \n\t", []),
    ("#", ["#"]),
    ("word", ["word"]),
    ("the U.S. army", ["the", "u.s.", "army"]),
    ("at 6 p.m. sharp", ["at", "6", "p.m.", "sharp"]),
    ("1,500 men, 4.2 km, 06:41", ["1,500", "men", ",", "4.2", "km", ",", "06:41"]),
    ("well-known el-Sisi", ["well-known", "el-sisi"]),
    ("Didn't", ["didn't"]),
    ("Didn’t", ["didn't"]),
    ("Roe's", ["roe", "'s"]),
    ("Roe’s", ["roe", "'s"]),
    ("O’Brien", ["o'brien"]),
    ("@desk #now", ["@desk", "#now"]),
    ("“Yes,” he said.", ['"', "yes", ",", '"', "he", "said", "."]),
    ("one\r\ntwo", ["one", "two"]),
    ("yes 🙂", ["yes", "🙂"]),
]
INSIDE = [
    ("No quotation here.", ""),
    ('He said "yes, now" and left.', '" yes , now "'),
    ("He said “yes, now” and left.", '" yes , now "'),
    ("He said «yes, now» and left.", '" yes , now "'),
    ("He said 'yes, now' and left.", "' yes , now '"),
    ("The farmers' wells and Roe's mill.", ""),
    ("It's Roe's, isn't it?", ""),
    ('The "well" and the "mill" burned.', '" well " " mill "'),
]


def inside_words(text, *, open_before=False):
    tokens = tokenise(text)
    inside, still_open = quoted(tokens, open_before=open_before)
    return " ".join(compress(tokens.lows, inside)), still_open


@pytest.mark.parametrize(("text", "lows"), WORDS)
def test_words_of_text(text, lows):
    assert tokenise(text).lows == lows


@pytest.mark.parametrize(("text", "words"), INSIDE)
def test_words_inside_quotation_marks(text, words):
    assert inside_words(text) == (words, False)


@pytest.mark.parametrize("text", ['He said "yes, now', "He said “yes, now", "‘Yes, now, and then"])
def test_quotation_that_is_not_closed_stays_open(text):
    assert inside_words(text)[1]


def test_open_quotation_runs_into_the_next_sentence():
    assert inside_words("We dig deeper.” He left.", open_before=True) == ('we dig deeper . "', False)


def test_mark_at_the_start_reopens_a_running_quotation():
    assert inside_words('"We dig deeper.', open_before=True) == ('" we dig deeper .', True)


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("No mark.", None),
        ('We dig." He left.', True),
        ('He said "yes".', False),
        ("We dig.” He left.", True),
        ("", None),
    ],
)
def test_first_mark_closes_what_was_open(text, closes):
    assert closes_first(tokenise(text)) is closes


def test_long_text_without_a_stop_is_read():
    assert len(tokenise("word " * 2000).lows) == 2000


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_tokens_cover_every_visible_character(text):
    tokens = tokenise(text)
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    assert sorted(tokens.starts) == tokens.starts
    covered = {k for start, end in zip(tokens.starts, tokens.ends, strict=True) for k in range(start, end)}
    assert covered == {k for k, character in enumerate(text) if not character.isspace()}


@given(st.text(alphabet="ab \"'“”‘’«».,", max_size=60), st.booleans())
@settings(max_examples=150, deadline=None)
def test_quotation_flags_are_parallel_to_tokens(text, open_before):
    tokens = tokenise(text)
    inside, _ = quoted(tokens, open_before=open_before)
    assert len(inside) == len(tokens.lows)
    # Attribution relies on a double mark standing inside the quotation that it opens or closes.
    assert all(flag for low, flag in zip(tokens.lows, inside, strict=True) if low == '"')
