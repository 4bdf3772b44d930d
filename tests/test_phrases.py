"""Noun phrases beside a verb: where they begin and end, and what is no part of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.lexicon import load_lexicon
from scorer.phrases import phrase_after
from scorer.subjects import sentence_subject, subject_before
from scorer.tokens import tokenise
from scorer.word_classes import is_adverb, is_plural, shape_of, word_bits

BITS = word_bits(load_lexicon())


def read(text):
    tokens = tokenise(text)
    return tokens, shape_of(tokens, BITS)


def words(tokens, span):
    return "" if span is None else " ".join(tokens.words[span[0] : span[1] + 1])


AFTER = [
    ("by the mayor of Halden on Friday.", "the mayor of Halden"),
    ("by the mayor on arrival.", "the mayor"),
    ("by experts on the region.", "experts on the region"),
    ("by Ann Roe and Lottie Marr.", "Ann Roe and Lottie Marr"),
    ("by Ann Roe and he left.", "Ann Roe"),
    ("by Dr. Roe in a letter.", "Dr . Roe"),
    ("by the firm that owns it.", "the firm"),
    ("by the union filed in May.", "the union"),
    ("by them.", "them"),
    ("by the Bank of Karavia, which owns it.", "the Bank of Karavia"),
    ("by.", ""),
    ("by", ""),
    ("by in May.", ""),
]
BEFORE = [
    ("The mayor SAID", "The mayor"),
    ("On Friday the mayor SAID", "the mayor"),
    ("In a statement, the mayor SAID", "the mayor"),
    ("The bridge was safe, the mayor SAID", "the mayor"),
    ("Cliff Roe, 71, from Oldham, SAID", "Cliff Roe"),
    ("The union's president, Lottie Marr, SAID", "Lottie Marr"),
    ("Lottie Marr, who lives there, SAID", "Lottie Marr"),
    ("Lottie Marr on Friday SAID", "Lottie Marr"),
    ("Transport for London (TfL) SAID", "Transport for London"),
    ("Roe and Marr SAID", "Roe and Marr"),
    ("The bridge closed, and Marr SAID", "Marr"),
    ("When the bridge fell, the mayor SAID", "the mayor"),
    ("Yesterday Marr SAID", "Marr"),
    ("Friday SAID", ""),
    ("SAID", ""),
    ("So: SAID", ""),
]


@pytest.mark.parametrize(("text", "phrase"), AFTER)
def test_phrase_after_a_word(text, phrase):
    tokens, shape = read(text)
    assert words(tokens, phrase_after(tokens, shape, 1, frozenset())) == phrase


def test_phrase_stops_before_a_known_verb():
    tokens, shape = read("by local reports said to be old")
    assert words(tokens, phrase_after(tokens, shape, 1, frozenset({3}))) == "local reports"


@pytest.mark.parametrize(("text", "phrase"), BEFORE)
def test_subject_before_a_verb(text, phrase):
    tokens, shape = read(text)
    assert words(tokens, subject_before(tokens, shape, tokens.words.index("SAID"), frozenset())) == phrase


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The mayor opened the hall and said so.", "The mayor"),
        ("On Friday, the mayor went home and said so.", "the mayor"),
        ("Later, Ann Roe was seen.", "Ann Roe"),
        ("In the hall she sang and said so.", "she"),
        ("", ""),
    ],
)
def test_subject_of_a_sentence(text, phrase):
    tokens, shape = read(text)
    verbs = {k for k, low in enumerate(tokens.lows) if low in ("opened", "went", "sang")}
    assert words(tokens, sentence_subject(tokens, shape, verbs)) == phrase


@pytest.mark.parametrize(
    ("text", "capital"),
    [
        ("Roe said", [True, False]),
        ("el-Sisi said", [True, False]),
        ("2nd B52", [False, True]),
        ("“yes” didn’t", [False, False, False, False]),
        ("", []),
    ],
)
def test_capitals_are_letters(text, capital):
    assert read(text)[1].capital == capital


def test_acronym_is_no_pronoun():
    _, shape = read("The WHO said who")
    assert shape.bits[1] == 0
    assert shape.bits[3] == BITS["who"].own_bits


@pytest.mark.parametrize(("low", "expected"), [("quickly", True), ("family", False), ("mayor", False)])
def test_adverbs_by_their_ending(low, expected):
    assert is_adverb(low, BITS[low].own_bits) is expected


@pytest.mark.parametrize(("low", "expected"), [("officials", True), ("press", False), ("people", True)])
def test_plurals(low, expected):
    assert is_plural(low, BITS[low].own_bits) is expected


TEXTS = st.lists(
    st.sampled_from(
        ["Roe", "said", "and", "of", "the", "who", "that", ",", "(", ")", "—", "’s", "on", "May", "3", ".", "in"]
    ),
    max_size=25,
).map(" ".join)


@given(TEXTS, st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_phrases_stay_inside_the_sentence(text, at):
    tokens, shape = read(text)
    verbs = {k for k, low in enumerate(tokens.lows) if low == "said"}
    n_tokens = len(tokens.lows)
    after = phrase_after(tokens, shape, at, verbs)
    assert after is None or at == after[0] <= after[1] < n_tokens
    before = subject_before(tokens, shape, min(at, n_tokens), verbs)
    assert before is None or 0 <= before[0] <= before[1] < at
    first = sentence_subject(tokens, shape, verbs)
    assert first is None or 0 <= first[0] <= first[1] < n_tokens
