"""Splitting documents into sentences, headings, date lines and address lines."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scorer.errors import InputError
from scorer.labels import KINDS
from scorer.segment import sentence_kind, split_document, split_documents
from scorer.text import normalise

CASES = Path(__file__).parent / "cases" / "segment.tsv"
MARK = "¦"
MADE_OF = "aA1 .!?\"'“”()[]\n\r\t-—:,@/\x00\ufeff\u200b\u00a0\ud800\u2028…`é😀"


def _rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _unescaped(text: str) -> str:
    for escape in ("\\n", "\\r", "\\x00", "\\x0b", "\\ufeff", "\\u200b", "\\u00a0"):
        text = text.replace(escape, escape.encode().decode("unicode_escape"))
    return text


ROWS = _rows()


def test_case_table_is_complete():
    assert len(ROWS) == 92
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sum(row["note"].startswith("must not") for row in ROWS) >= 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_split_follows_the_case_table(row):
    marked = _unescaped(row["text"])
    expected = [normalise(part).strip() for part in marked.split(MARK)]
    units = [normalise(unit.text).strip() for unit in split_document(marked.replace(MARK, ""))]
    assert units == [part for part in expected if part]


# fmt: off
KIND_ROWS = [
    ("The river rose on Friday.",                            "prose"),
    ("“Nobody was hurt,” she said.",                         "prose"),
    ("Who knows?",                                           "prose"),
    ("By Friday the water had gone.",                        "prose"),
    ("Photo: Women queue for water at the pump in Torvik.",  "prose"),
    ("He wrote to jo@torvik.example on Friday.",             "prose"),
    ("It began on June 4, 2017.",                            "prose"),
    ("Dear reader,",                                         "prose"),
    ("The minister listed these reasons for it:",            "prose"),
    ("and the river",                                        "prose"),
    ("",                                                     "prose"),
    ("#",                                                    "prose"),
    ("5-0",                                                  "prose"),
    ("Rain " * 40,                                           "prose"),
    ("Rain floods Torvik",                                   "heading"),
    ("Rain floods ‘half of Torvik’",                         "heading"),
    ("What we know",                                         "heading"),
    ("KEY POINTS:",                                          "heading"),
    ("14:50 Summary",                                        "heading"),
    ("TORVIK, Norland, June 4 (Meridian) -",                 "dateline"),
    ("TORVIK (Meridian) –",                                  "dateline"),
    ("TORVIK, JUNE 4",                                       "dateline"),
    ("OLD TORVIK, South Norland, 14 February",               "dateline"),
    ("Friday, July 21, 2017",                                "dateline"),
    ("Published on Friday at 21.40",                         "dateline"),
    ("Posted on 4 May 2020 at 10:00",                        "dateline"),
    ("Published on paper",                                   "heading"),
    ("Published in Ferry News on Friday",                    "heading"),
    ("2 June 2025",                                          "dateline"),
    ("2025-06-02 14:52 UTC",                                 "dateline"),
    ("14:52",                                                "dateline"),
    ("Monday",                                               "dateline"),
    ("Published 2 hours ago",                                "dateline"),
    ("Posted: 4:12 PM CDT",                                  "dateline"),
    ("Published 26 June, updated 3 hours ago",               "dateline"),
    ("By Ana Ruiz",                                          "address"),
    ("by Ana Ruiz in Torvik",                                "address"),
    ("By our court reporter",                                "address"),
    ("Staff Reporter",                                       "address"),
    ("Ana Ruiz, Health Correspondent",                       "address"),
    ("Image: Norland Navy.",                                 "address"),
    ("Pictures by Jo Vik",                                   "address"),
    ("© 2024 Torvik Post",                                   "address"),
    ("Copyright Torvik Post. All rights reserved.",          "address"),
    ("Media contact: Jo Vik, 555-0147",                      "address"),
    ("press@torvik.example",                                 "address"),
    ("https://torvik.example/rain",                          "address"),
    ("\u2014Jo Vik, of the Torvik Press",                       "address"),
    ("\u2014 Jo Vik on the flood",                              "address"),
    ("\u2013Jo Vik",                                            "address"),
    ("\u2013 Rain floods Torvik",                               "heading"),
    ("\u2014 and the river rose.",                              "prose"),
    ("+47 555 01 42 00",                                     "address"),
    ("12 Harbour Road, Torvik",                              "address"),
]
# fmt: on


@pytest.mark.parametrize(("text", "kind"), KIND_ROWS)
def test_sentence_kind_goes_by_the_look(text, kind):
    assert sentence_kind(text) == kind


def test_split_gives_every_unit_its_kind():
    text = (
        "Rain floods Torvik\n\nBy Ana Ruiz\n\nFriday, July 21, 2017\n\n"
        "TORVIK, July 21 (Meridian) - The river rose. Nobody was hurt\n\nImage: Norland Navy."
    )
    kinds = [unit.kind for unit in split_document(text)]
    assert kinds == ["heading", "address", "dateline", "dateline", "prose", "prose", "address"]


def test_split_numbers_and_names_the_sentences():
    units = split_document("It rained. It stopped.", "d1")
    assert [(unit.doc_id, unit.index, unit.start, unit.end) for unit in units] == [("d1", 0, 0, 10), ("d1", 1, 11, 22)]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ufeff", "\ud800", "\u200b\u2028"])
def test_split_of_a_blank_text_is_empty(text):
    assert split_document(text) == []


def test_split_keeps_the_callers_characters():
    text = "“It’s\u00a0over,”\tshe said.\r\n\r\nHe\x00left."
    assert [unit.text for unit in split_document(text)] == ["“It’s\u00a0over,”\tshe said.", "He\x00left."]


def test_split_documents_is_one_by_one():
    texts = ["It rained. It stopped.", "", "Rain floods Torvik\n\nMr. Dahl left."]
    names = ["a", "b", "c"]
    assert split_documents(texts, names) == [
        split_document(text, name) for text, name in zip(texts, names, strict=True)
    ]


def test_split_documents_refuses_missing_names():
    with pytest.raises(ValueError):
        split_documents(["It rained."], [])


@pytest.mark.parametrize("value", [None, 5, b"It rained.", ["It rained."]])
def test_split_refuses_what_is_no_text(value):
    with pytest.raises(InputError):
        split_document(value)


@given(st.one_of(st.text(st.characters()), st.text(st.sampled_from(MADE_OF), max_size=300)))
@example("a\n\x00")
@example("A, B - ''C.''")
@example("``A.''``B.'' ``C")
@example(".\u00a0\r\n\ufeffA")
def test_split_loses_nothing(text):
    units = split_document(text)
    position = 0
    for index, unit in enumerate(units):
        assert (unit.index, unit.text) == (index, text[unit.start : unit.end])
        assert unit.kind in KINDS
        assert position <= unit.start < unit.end
        assert not normalise(text[position : unit.start]).strip()
        assert normalise(unit.text).strip()
        position = unit.end
    assert not normalise(text[position:]).strip()


@given(st.text(st.sampled_from(MADE_OF), max_size=200))
def test_sentence_kind_is_always_one_of_the_kinds(text):
    assert sentence_kind(text) in KINDS


@pytest.mark.parametrize(
    "unit", ['"', "!?", '.)"', "A. ", "1. ", "\r\n", "a\nb", "''", "aa.Bb,", '"Why?" A ', ". (", ".[a", "“", "\ud800"]
)
def test_split_takes_linear_time(unit):
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            split_document(text)
            best = min(best, time.process_time() - start)
        return best

    # Twice the text takes twice the time; a quadratic rule would take four times. The constant is for timer noise.
    assert seconds(100_000) < 3.2 * seconds(50_000) + 0.1
