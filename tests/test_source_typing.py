"""What a document introduces its sources with, and how learnt weights tell their kinds."""

import numpy as np
import pytest

from scorer.introductions import introductions
from scorer.labelled import LabelledSentence
from scorer.lexicon import load_lexicon
from scorer.reading import Reader
from scorer.records import Sentence, Span
from scorer.source_typing import IDENTIFIED, TRUST, TYPES, SourceTyping
from scorer.source_typing_training import Example, examples, fit_typing

LEXICON = load_lexicon()


def read(*texts, typing=None):
    sentences = [Sentence(doc_id="d", index=k, start=0, end=len(text), text=text) for k, text in enumerate(texts)]
    return Reader(LEXICON, None, typing).read(sentences)


def words_of(key, *texts):
    return set(introductions(read(*texts), {key})[key])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dinner lady Pat Marr saw the bridge fall.", {"title=lady", "title=dinner"}),
        ("Pat Marr, a baker from Halden, saw the bridge fall.", {"apposition=baker", "apposition=halden"}),
        ("Pat Marr, 58, a baker, saw the bridge fall.", {"age", "apposition=baker"}),
        ("The union's president, Pat Marr, saw the bridge fall.", {"role=president"}),
        ("Pat Marr of the Tusk Trust saw the bridge fall.", {"link=of", "body=tusk", "body=trust"}),
        ("Interior Minister Pat Marr saw the bridge fall.", {"noun=official", "noun=official person"}),
    ],
)
def test_words_that_introduce_a_name(text, expected):
    assert expected <= words_of("marr", text)


def test_introductions_are_those_of_the_whole_document():
    assert "apposition=baker" in words_of("marr", "Marr said no.", "It rained.", "Pat Marr, a baker, went home.")


def test_another_name_is_not_introduced():
    assert words_of("marr", "Dinner lady Pat Marr saw Ida Roe, a nurse, fall.").isdisjoint({"apposition=nurse"})
    assert words_of("pat", "Dinner lady Pat Marr saw the bridge fall.") == set()


def weights(**columns):
    """One weight for each fact and label that is named, 0 for the others."""
    names = sorted(columns)
    matrix = np.zeros((len(names), len(TYPES) + len(IDENTIFIED)))
    for k, name in enumerate(names):
        for label, weight in columns[name].items():
            matrix[k, (TYPES + IDENTIFIED).index(label)] = weight
    return SourceTyping({name: k for k, name in enumerate(names)}, matrix)


def test_the_rules_stand_where_nothing_speaks_against_them():
    assert weights(other={"expert": 9.0}).decide({"any"}, "official", "role") == ("official", "role")


@pytest.mark.parametrize(("weight", "expected"), [(TRUST - 0.01, "official"), (TRUST + 0.01, "expert")])
def test_weights_overrule_the_rules_beyond_their_trust(weight, expected):
    assert weights(any={"expert": weight}).decide({"any"}, "official", "role") == (expected, "role")


def test_an_introduction_decides_the_kind_of_a_surname():
    typing = fit_typing(
        [Example({"any", "introduced apposition=baker"}, "witness", "named")] * 40
        + [Example({"any", "introduced apposition=smith"}, "expert", "named")] * 40
        + [Example({"any"}, "individual", "role")] * 40
    )
    found = read("Pat Marr, a baker, saw the bridge fall.", "“It swayed,” Marr said.", typing=typing)[1]
    assert (found.attributions[0].source_type, found.attributions[0].identification) == ("witness", "named")


def test_rare_facts_are_not_learnt_by_heart():
    typing = fit_typing([Example({"a", "once"}, "witness", "named"), Example({"a"}, "expert", "role")])
    assert set(typing.row) == {"a"}


def test_one_kind_alone_teaches_nothing():
    assert fit_typing([Example({"a"}, "witness", "named")] * 9) is None


def test_examples_are_the_labelled_sources_that_were_found():
    texts = ["The mayor said the bridge was safe.", "It rained all day.", "Reportedly, the bridge fell."]
    rows = [
        LabelledSentence(
            doc="d",
            order=k,
            text=text,
            strength="moderate",
            source_type=kind,
            identification=way,
            source=Span(0, 9) if k == 0 else None,
        )
        for k, (text, kind, way) in enumerate(
            zip(texts, ["official", "none", "unspecified"], ["role", "none", "vague"], strict=True)
        )
    ]
    found = examples(rows, read(*texts))
    assert [(example.source_type, example.identification) for example in found] == [("official", "role")]
    assert {"ends=mayor", "rules=official", "cue=say"} <= found[0].facts


def test_a_source_keeps_the_kind_of_its_first_mention():
    typing = weights(**{"introduced apposition=baker": {"witness": 9.0}, "says": {"expert": 9.0}})
    found = read("Pat Marr, a baker, said the bridge fell.", "Marr said it swayed.", "She said so.", typing=typing)
    assert [reading.attributions[0].source_type for reading in found] == ["witness"] * 3
    assert {reading.attributions[0].source_id for reading in found} == {1}
    assert {reading.attributions[0].source_name for reading in found} == {"Pat Marr"}


def test_order_of_the_facts_decides_nothing():
    """Sums of floats depend on their order, and a set has another one in each process."""
    weights = np.zeros((3, len(TYPES) + len(IDENTIFIED)))
    weights[:, 1] = [0.1, 0.2, 0.3]  # 0.1 + 0.2 + 0.3 is a little more than 0.3 + 0.2 + 0.1
    weights[0, 0] = 0.6 - TRUST
    typing = SourceTyping({"a": 0, "b": 1, "c": 2}, weights)
    orders = (["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"])
    assert len({typing.decide(order, TYPES[0], IDENTIFIED[0]) for order in orders}) == 1
