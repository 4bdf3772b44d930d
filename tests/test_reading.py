"""One pass over sentences: what the record holds, documents kept apart, nothing depends on the batch."""

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.reading import Reader
from scorer.records import Sentence

READER = Reader()


def sentences(doc_id, texts):
    return [Sentence(doc_id=doc_id, index=k, start=0, end=len(text), text=text) for k, text in enumerate(texts)]


def test_no_sentences_give_no_readings():
    assert READER.read([]) == []


@pytest.mark.parametrize("text", ["", "#", "word", "🙂", "\r\n", "word " * 2000, "“", "‘’"])
def test_edge_texts_are_read(text):
    (reading,) = READER.read(sentences("d", [text]))
    assert reading.sentence.text == text
    assert len(reading.inside) == len(reading.tokens.lows) == len(reading.shape.bits)


def test_record_holds_what_was_found():
    (reading,) = READER.read(sentences("d", ["Officials said the bridge may close."]))
    assert [cue.category.split(".")[0] for cue in reading.cues] == ["source", "report", "hedge"]
    assert [reading.sentence.text[hedge.start : hedge.end] for hedge in reading.hedges] == ["may"]
    assert reading.attributions[0].source_type == "official"
    assert reading.check.status == "none"


def test_context_is_the_place_in_the_document():
    found = READER.read(sentences("d", ["Officials said the bridge may close.", "It opened."]))
    assert [(reading.context.place, reading.context.n_sentences) for reading in found] == [(0, 2), (1, 2)]


def test_first_name_is_no_document():
    bill, law = READER.read([*sentences("a", ["Bill Roe said it rained."]), *sentences("b", ["The bill passed."])])
    assert bill.attributions[0].source_type == "individual"
    assert law.attributions == ()


def test_quotation_that_nothing_closes_ends_with_its_sentence():
    texts = ['Roe called it "a grave.', *["The road was closed at noon."] * 10]
    assert [any(reading.inside) for reading in READER.read(sentences("d", texts))] == [True, *[False] * 10]


def test_open_quotation_does_not_cross_documents():
    documents = [*sentences("a", ["Roe said: “It rained."]), *sentences("b", ["The road was closed.” It was noon."])]
    assert not READER.read(documents)[1].inside[0]


def test_garbage_collector_is_left_as_it_was():
    READER.read(sentences("d", ["Roe said so."]))
    assert gc.isenabled()
    gc.disable()
    try:
        READER.read(sentences("d", ["Roe said so."]))
        assert not gc.isenabled()
    finally:
        gc.enable()


SENTENCES = [
    "Interior Minister Yonas Berek said the bridge was safe.",
    "Berek said it may close.",
    "“We dig on.",
    "He left.”",
]
SENTENCES += ["Officials said so.", "They denied it.", "This could not be verified.", "The road was closed.", ""]
DOCUMENTS = st.lists(
    st.lists(st.one_of(st.sampled_from(SENTENCES), st.text(max_size=40)), min_size=1, max_size=5), max_size=4
)


@given(DOCUMENTS)
@settings(max_examples=80, deadline=None)
def test_documents_read_alone_and_in_a_batch_agree(documents):
    parts = [sentences(str(k), texts) for k, texts in enumerate(documents)]
    together = READER.read([sentence for part in parts for sentence in part])
    assert together == [reading for part in parts for reading in READER.read(part)]
