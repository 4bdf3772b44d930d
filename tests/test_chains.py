"""Chains of sources: which link stands outside, which next to the claim."""

import pytest

from scorer.reading import Reader
from scorer.records import Sentence

READER = Reader()


def links(text):
    reading = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])[0]
    found = {text[slice(*a.source)]: a.chain for a in reading.attributions if a.source}
    return [name for name, place in sorted(found.items(), key=lambda item: (item[1] is None, item[1]))], list(
        found.values()
    )


@pytest.mark.parametrize(
    ("text", "outermost_first"),
    [
        ("The Lantern, citing two officials, reported that the mill had burned.", ["The Lantern", "two officials"]),
        ("The Lantern quoted two officials as saying that the mill had burned.", ["The Lantern", "two officials"]),
        ("According to Reuters, the mayor said that the mill had burned.", ["Reuters", "the mayor"]),
        ("The ministry said that the army had warned the village.", ["The ministry", "the army"]),
    ],
)
def test_links_are_numbered_from_the_outside(text, outermost_first):
    names, places = links(text)
    assert names == outermost_first
    assert sorted(places) == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said that the mill was safe, and the union said that it was not.",
        "The ministry said that the mill was safe; the union warned that it was not.",
        "The mayor said that the mill had burned.",
    ],
)
def test_sources_side_by_side_are_no_chain(text):
    _, places = links(text)
    assert places
    assert set(places) == {None}


def test_a_relayed_source_is_the_primary_one():
    text = "The Lantern, citing two officials, reported that the mill had burned."
    reading = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])[0]
    assert text[slice(*reading.attributions[0].source)] == "two officials"
    assert reading.attributions[0].identification == "anonymous"
