"""What neighbours say of a source: pronouns, roles, surnames, and quotations that run over sentences.

``cases/discourse.tsv``: the sentences of a document, and for each its source type, its identification, and the index of
the sentence that names the source or ``carried`` (a running quotation); ``-`` where the outlet itself speaks.
"""

import pytest
from marked import CASES

from scorer.reading import Reader
from scorer.records import Sentence

READER = Reader()
ROWS = [line.split("\t") for line in (CASES / "discourse.tsv").read_text(encoding="utf-8").splitlines()[1:]]


def read(document, doc_id="d"):
    texts = document.split(" || ")
    return READER.read(
        [Sentence(doc_id=doc_id, index=k, start=0, end=len(text), text=text) for k, text in enumerate(texts)]
    )


def shown(reading):
    if not reading.attributions:
        return "-"
    first = reading.attributions[0]
    end = "carried" if first.position == "carried" else "" if first.antecedent is None else str(first.antecedent)
    return f"{first.source_type} {first.identification} {end}".strip()


def test_case_table_is_whole():
    assert len(ROWS) == 62


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_sources_of_document(row):
    assert " || ".join(shown(reading) for reading in read(row[1])) == row[2]


def test_carried_speaker_has_no_words_in_the_sentence():
    carried = read("“The well is dry,” said farmer Ottoline Frewer. || “We dig deeper each year.”")[1].attributions
    assert [(found.source, found.cue, found.antecedent) for found in carried] == [(None, None, 0)]


def test_sources_do_not_cross_documents():
    first = "Karavian President Alba Roe said the talks had failed."
    second = "Roe said the talks had failed."
    sentences = [
        Sentence(doc_id=str(k), index=0, start=0, end=len(text), text=text) for k, text in enumerate([first, second])
    ]
    assert [shown(reading) for reading in READER.read(sentences)] == ["official named", "individual named"]


SOURCES = [
    # A title, a surname and a pronoun are one source, by the fullest name that the document has anywhere.
    (
        "Ms Marr said flights would resume. || Airline spokeswoman Lottie Marr met pilots. || She said they agreed.",
        [(1, "Lottie Marr"), None, (1, "Lottie Marr")],
    ),
    # Numbers go by the order of the first mention as a source, and a carried sentence has its speaker's.
    (
        "Roe said no. || “The well is dry,” said farmer Lars Fenn. || “We dig deeper.” || Roe said yes.",
        [(1, "Roe"), (2, "Lars Fenn"), (2, "Lars Fenn"), (1, "Roe")],
    ),
    # Nobody is there.
    ("Reports said the dam had burst. || Roe said it had not.", [(None, ""), (1, "Roe")]),
    # Groups: the same words, or a definite reference; other words are another group.
    (
        "Two officials said no. || Three officials said yes. || Two officials said so again.",
        [(1, "Two officials"), (2, "Three officials"), (1, "Two officials")],
    ),
    ("Officials said no. || The officials said yes.", [(1, "Officials"), (1, "Officials")]),
    # A short form stands for the body.
    (
        "The Center for River Studies (CRS) said no. || CRS said yes.",
        [(1, "Center for River Studies"), (1, "Center for River Studies")],
    ),
    # Two people of one surname are two sources, and the surname alone is a third.
    (
        "Minister Yonas Berek flew in. || Engineer Ida Berek flew out. || Yonas Berek said yes. || Ida Berek said no.",
        [None, None, (1, "Yonas Berek"), (2, "Ida Berek")],
    ),
]


@pytest.mark.parametrize(("document", "expected"), SOURCES, ids=[row[0][:30] for row in SOURCES])
def test_number_and_name_of_source(document, expected):
    found = [reading.attributions[0] if reading.attributions else None for reading in read(document)]
    assert [first and (first.source_id, first.source_name) for first in found] == expected


def test_numbers_start_anew_in_each_document():
    sentences = [Sentence(doc_id=str(k), index=0, start=0, end=12, text="Roe said no.") for k in range(2)]
    assert [reading.attributions[0].source_id for reading in READER.read(sentences)] == [1, 1]


def test_surname_of_two_stays_with_the_one_who_spoke_last():
    document = "Minister Yonas Berek said no. || Engineer Ida Berek flew out. || Berek said the bridge was safe."
    assert shown(read(document)[2]) == "official named 0"
