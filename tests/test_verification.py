"""Checks: what a sentence says of verification, what only looks like it, and which sentence it speaks of."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.check_rules import Check, read_checks
from scorer.cues import find_cues
from scorer.labels import VERIFICATIONS
from scorer.lexicon import Entry, load_lexicon
from scorer.reading import Reader
from scorer.records import Sentence
from scorer.tokens import quoted, tokenise
from scorer.verification import NO_CHECK, CheckLink, Mention

LEXICON = load_lexicon()
READER = Reader(LEXICON)
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "verification.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
LINKS = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases" / "check_links.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
"""A document, the status of each sentence, and the links: ``2>0,1`` for a check in 2 that speaks of 0 and 1."""
ENTRIES = [entry for entry in LEXICON.entries if entry.family == "check"]
LOOKALIKES = [entry for entry in LEXICON.entries if entry.id.startswith("lc")]
WORDS = sorted({word for entry in ENTRIES for word in entry.pattern.replace("|", " ").split() if word.isalpha()})


def cue_ids(text: str) -> list[str]:
    return [cue.entry_id for cue in find_cues([tokenise(text)], LEXICON)[0]]


def checks_of(text: str) -> list[Check]:
    tokens = tokenise(text)
    (cues,) = find_cues([tokens], LEXICON)
    return read_checks(tokens, cues, quoted(tokens)[0], LEXICON)


def links_of(*texts: str, kinds: list[str] | None = None) -> list[CheckLink]:
    kinds = kinds or ["prose"] * len(texts)
    sentences = [
        Sentence(doc_id="d", index=k, start=0, end=len(text), text=text, kind=kind)
        for k, (text, kind) in enumerate(zip(texts, kinds, strict=True))
    ]
    return [reading.check for reading in READER.read(sentences)]


def document_links(document: str) -> list[CheckLink]:
    units = document.split(" ¦ ")
    kinds = ["heading" if unit.startswith("# ") else "prose" for unit in units]
    return links_of(*(unit.removeprefix("# ") for unit in units), kinds=kinds)


def test_case_table_is_whole() -> None:
    assert len(ROWS) == 149
    assert len({row[0] for row in ROWS}) == 149


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_status_of_case(row: list[str]) -> None:
    texts = [text.replace("\\r", "\r") for text in row[1].split(" ¦ ")]
    assert [link.status for link in links_of(*texts)] == row[2].split()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_lexicon_examples_of_check(entry: Entry) -> None:
    for text in entry.matches:
        assert entry.id in cue_ids(text), text
    for text in entry.rejects:
        assert entry.category not in [check.category for check in checks_of(text)], text


@pytest.mark.parametrize("entry", LOOKALIKES, ids=lambda entry: entry.id)
def test_lexicon_examples_of_lookalike(entry: Entry) -> None:
    for text in entry.matches:
        assert checks_of(text) == [], text
    for text in entry.rejects:
        assert checks_of(text), text


def test_every_entry_has_an_example() -> None:
    assert [entry.id for entry in ENTRIES if not entry.matches] == []


def test_link_table_is_whole() -> None:
    assert len({row[0] for row in LINKS}) == len(LINKS) == 62
    assert all(len(row) == 5 for row in LINKS)


@pytest.mark.parametrize("row", LINKS, ids=lambda row: row[0])
def test_links_of_document(row: list[str]) -> None:
    links = document_links(row[1])
    assert [link.status for link in links] == row[2].split()
    shown = [f"{k}>{','.join(map(str, link.targets))}" for k, link in enumerate(links) if link.targets]
    assert (" ".join(shown) or "-") == row[3]


def test_neighbour_names_the_sentence_that_says_it() -> None:
    links = links_of("Rain fell.", "A channel said the dam had burst.", "This has not been verified.")
    assert links == [
        NO_CHECK,
        CheckLink("unverified", False, 2, mentions=(Mention(2, "unverified"),)),
        CheckLink("unverified", True, 2, targets=(1,)),
    ]


def test_denial_is_linked_and_leaves_the_claim_alone() -> None:
    claim, denial = links_of("A channel said the dam had burst.", "Moscow denied it.")
    assert claim == CheckLink("none", False, None, mentions=(Mention(1, "disputed"),))
    assert denial == CheckLink("disputed", True, 1, targets=(0,))


def test_claim_has_the_mentions_of_all_its_checks() -> None:
    links = links_of("Police said the mayor took bribes.", "He denies it.", "His lawyer declined to comment.")
    assert links[0].mentions == (Mention(1, "disputed"), Mention(2, "no_comment"))


def test_own_check_wins_over_neighbour() -> None:
    links = links_of("Police confirmed that the dam had burst.", "This has not been verified.")
    assert (links[0].status, links[0].own, links[0].index) == ("verified", True, 0)
    assert links[0].mentions == (Mention(1, "unverified"),)


def test_check_does_not_cross_a_heading() -> None:
    links = links_of("Dam bursts, channel says", "This has not been verified.", kinds=["heading", "prose"])
    assert links[0] == NO_CHECK


def test_first_sentence_has_no_one_to_speak_of() -> None:
    assert links_of("This has not been verified.") == [CheckLink("unverified", True, 0)]


@given(st.lists(st.sampled_from([row[1] for row in LINKS]), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_both_directions_agree(documents: list[str]) -> None:
    links = document_links(" ¦ ".join(documents))
    there = {(k, target) for k, link in enumerate(links) for target in link.targets}
    back = {(mention.place, k) for k, link in enumerate(links) for mention in link.mentions}
    assert there == back
    assert all(0 <= target < k for k, target in there)
    for link in links:
        assert (link.status == "none") == (link.index is None)
        assert link.own or link.index is None or (link.index, link.status) in link.mentions


def test_negation_belongs_to_the_check() -> None:
    text = "Officials could not confirm the toll."
    (check,) = checks_of(text)
    assert text[check.start : check.end] == "not confirm"
    assert (check.status, check.category) == ("unverified", "unverified")


def test_weakest_check_comes_first() -> None:
    text = "Police confirmed the fire, but the number of dead has not been verified."
    assert [check.status for check in checks_of(text)] == ["unverified", "verified"]


@given(st.lists(st.sampled_from([*WORDS, "not", "this", "that", ",", ".", '"', "’", "7"]), max_size=25))
@settings(max_examples=50, deadline=None)
def test_spans_stand_inside_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for check in checks_of(text):
        assert 0 <= check.start < check.end <= len(text)
        assert check.status in VERIFICATIONS[1:]


@given(st.lists(st.text(max_size=60), max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_text_is_read(texts: list[str]) -> None:
    links = links_of(*texts)
    assert len(links) == len(texts)
    assert all((link.status == "none") == (link.index is None) for link in links)


def test_long_sentence_is_read() -> None:
    assert links_of("could not be verified " * 500)[0].status == "unverified"
