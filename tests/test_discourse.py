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
    assert len(ROWS) == 38


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


def test_first_mention_keeps_a_surname():
    document = "Interior Minister Yonas Berek spoke. || Engineer Ida Berek spoke. || Berek said the bridge was safe."
    assert shown(read(document)[2]) == "official named 0"
