"""Checked input and the normalised view."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.errors import InputError
from scorer.text import check_text, normalise

ODD = "a \"'`“”‘’‹›«»\r\n\t\x00\x85\x93\u2028\u00a0\u200b\ufeff\ud800\U000e0041"


def test_check_text_returns_the_same_object():
    text = "It rained."
    assert check_text(text) is text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"It rained.", r"not bytes; decode it first"),
        (None, r"not NoneType; the value is missing"),
        (float("nan"), r"not float; the value is missing"),
        (5, r"not int; convert it"),
        (["It rained."], r"not list; convert it with str\(\), or pass one text at a time"),
    ],
)
def test_check_text_says_why_it_refuses(value, message):
    with pytest.raises(InputError, match=message):
        check_text(value)


# fmt: off
ROWS = [
    ("",                        ""),
    ("#",                       "#"),
    ("It rained.",              "It rained."),
    ("a\u00a0b\u2009c\u3000d",  "a b c d"),
    ("a\tb\x00c\x1bd",          "a b c d"),
    ("\ufeffa\u200bb\u00adc",   " a b c"),
    ("a\ud800b\udfffc",         "a b c"),
    ("a\r\nb",                  "a \nb"),
    ("a\rb\x0bc\x0cd",          "a\nb\nc\nd"),
    ("a\x85b\u2028c\u2029d",    "a\nb\nc\nd"),
    ("“a” „b“ «c» ＂d＂",        '"a" "b" "c" "d"'),
    ("‘a’ ‚b‘ ‹c› `d´",         "'a' 'b' 'c' 'd'"),
    ("\x93it\x92s\x94 \x96 a",  '"it\'s" – a'),
    ("``a'' (''b'')",           ' "a"  ( "b" )'),
    ("‹‹a››",                   ' "a" '),
    ("it’s",                    "it's"),
    ("a – b — c-d…",            "a – b — c-d…"),
    ("e\u0301 \u00e9",          "e\u0301 \u00e9"),
    ("😀",                      "😀"),
]
# fmt: on


@pytest.mark.parametrize(("text", "view"), ROWS)
def test_normalise_replaces_one_for_one(text, view):
    assert normalise(text) == view


@given(st.one_of(st.text(st.characters()), st.text(st.sampled_from(ODD), max_size=100)))
def test_normalise_keeps_the_length_and_is_idempotent(text):
    view = normalise(text)
    assert len(view) == len(text)
    assert normalise(view) == view


@given(st.text(st.characters()))
def test_normalise_leaves_only_plain_spaces(text):
    assert all(c in " \n" or not (c.isspace() or unicodedata.category(c) in {"Cc", "Cs"}) for c in normalise(text))


def test_normalise_agrees_for_few_and_for_many_sorts_of_odd_characters():
    few = "“it’s”\u00a0é"
    many = few + "".join(map(chr, range(0x2000, 0x2030)))
    assert normalise(many)[: len(few)] == normalise(few)


@pytest.mark.parametrize("unit", ["''", "`", "\r\n", "“", "\ud800", "é\u2009"])
def test_normalise_takes_linear_time(unit):
    start = time.process_time()
    normalise(unit * 500_000)
    assert time.process_time() - start < 2
