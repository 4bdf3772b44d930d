"""One pass over sentences: what the record holds, documents kept apart, nothing depends on the batch."""

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.reading import Context, Reader
from scorer.records import Sentence
from scorer.stretches import LONGEST, cut
from scorer.tokens import tokenise

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


ENDLESS = (
    "The Harbour Board said on Friday that the crane may have been overloaded, which the builder denied, and the "
    "Lantern has verified two photographs; "
)


def test_endless_sentence_is_read_in_stretches_whose_places_are_the_sentence_s_own():
    text = ENDLESS * 40
    document = sentences("d", ["Ana Ruiz spoke.", text, "She said so."])
    before, long, after = READER.read(document)
    single = READER.read(sentences("d", [ENDLESS]))[0]
    n_tokens = len(long.tokens.lows)
    assert n_tokens > 3 * LONGEST
    assert long.sentence is document[1]
    assert (before.context, long.context, after.context) == (Context(0, 3), Context(1, 3), Context(2, 3))
    assert len(long.shape.bits) == len(long.shape.capital) == len(long.inside) == n_tokens
    assert [text[one.source.start : one.source.end] for one in long.attributions].count("The Harbour Board") == 40
    assert len(long.attributions) == 40 * len(single.attributions)
    assert len(long.hedges) == 40 * len(single.hedges)
    assert {text[hedge.start : hedge.end] for hedge in long.hedges} == {"may"}
    assert {text[check.start : check.end] for check in long.checks} == {
        ENDLESS[check.start : check.end] for check in single.checks
    }
    for cue in long.cues:
        assert (long.tokens.starts[cue.first], long.tokens.ends[cue.last]) == (cue.start, cue.end)
    assert all(long.tokens.ends[check.last] == check.end for check in long.checks)
    words = [text[long.tokens.starts[one.cue_first] : long.tokens.ends[one.cue_last]] for one in long.candidates]
    assert words.count("said") == 40
    assert all(text[long.tokens.starts[noun.first] :][:1].isalpha() for noun in long.nouns)
    assert long.check.own
    assert long.check.index == 1
    assert (long.check.status, long.check.targets, long.check.mentions) == (single.check.status, (), ())
    assert {one.antecedent for one in long.attributions} <= {None, 0, 2}
    assert all(one.antecedent in (None, 0, 1) for one in after.attributions)


def test_sentence_is_read_in_one_stretch_up_to_the_longest():
    words = ["the"] * LONGEST
    assert [len(part.lows) for part in cut(tokenise(" ".join(words)))] == [LONGEST]
    assert [len(part.lows) for part in cut(tokenise(" ".join([*words, "the"])))] == [LONGEST, 1]
    words[-3] = ","
    assert [len(part.lows) for part in cut(tokenise(" ".join([*words, "the"])))] == [LONGEST - 2, 3]
