"""Hedges: which words are hedges, which only look like them, and which stand on the main claim.

Marks in ``cases/hedging.tsv``: ``{hedge:may}`` on the main claim, ``{hedge!:may}`` in the background, ``{evidence:…}``
doubt that the guide takes for the source's cue (not underlined, wherever it stands). No mark: nothing may be found.
"""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import Case, read_cases, read_marked, show_marked

from scorer.cues import CueFinder, find_cues
from scorer.hedging import Hedge, read_hedges
from scorer.lexicon import Entry, load_lexicon
from scorer.tokens import quoted, tokenise

LEXICON = load_lexicon()
FINDER = CueFinder(LEXICON)
CASES = read_cases("hedging.tsv")
ENTRIES = [entry for entry in LEXICON.entries if entry.family in ("hedge", "approximator") or entry.id.startswith("lh")]
WORDS = sorted({word for entry in ENTRIES for word in entry.pattern.replace("|", " ").split() if word.isalpha()})


def hedges_of(text: str) -> list[Hedge]:
    tokens = tokenise(text)
    (cues,) = find_cues([tokens], LEXICON)
    return read_hedges(tokens, cues, quoted(tokens)[0], LEXICON)


def kind_of(hedge: Hedge) -> str:
    if not hedge.underlined:
        return "evidence"
    return "hedge" if hedge.on_main else "hedge!"


def walked(text: str) -> set[str]:
    return {LEXICON.entries[entry].id for _, _, entry in FINDER.matches(tokenise(text))}


def surviving(text: str, entry: Entry) -> list[str]:
    """Give the words of an entry's cues that are neither cancelled nor ruled out."""
    tokens = tokenise(text)
    (cues,) = find_cues([tokens], LEXICON)
    found = {(cue.start, cue.end) for cue in cues if cue.entry_id == entry.id}
    if entry.family == "hedge":
        hedges = read_hedges(tokens, cues, quoted(tokens)[0], LEXICON)
        found &= {(hedge.start, hedge.end) for hedge in hedges}
    return [text[start:end] for start, end in found]


def test_case_table_is_whole() -> None:
    assert len(CASES) == 147


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_hedges_of_case(case: Case) -> None:
    found = [(kind_of(hedge), hedge.start, hedge.end) for hedge in hedges_of(case.marked.text)]
    assert show_marked(case.marked.text, found) == show_marked(*case.marked)


def test_marks_are_read_back() -> None:
    line = "{a:One} and {b!:two three}."
    assert read_marked(line) == ("One and two three.", [("a", 0, 3), ("b!", 8, 17)])
    assert show_marked(*read_marked(line)) == line


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.matches], ids=lambda entry: entry.id)
def test_entry_is_found_in_its_matches(entry: Entry) -> None:
    assert [text for text in entry.matches if entry.id not in walked(text)] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.rejects], ids=lambda entry: entry.id)
def test_entry_is_not_kept_in_its_rejects(entry: Entry) -> None:
    if entry.family == "lookalike":
        assert [text for text in entry.rejects if entry.id in walked(text)] == []
    else:
        assert [(text, surviving(text, entry)) for text in entry.rejects if surviving(text, entry)] == []


@pytest.mark.parametrize("family", ["hedge", "approximator"])
def test_matches_survive(family: str) -> None:
    lost = [
        (entry.id, text)
        for entry in ENTRIES
        if entry.family == family
        for text in entry.matches
        if not surviving(text, entry)
    ]
    assert "\n".join(map(str, lost)) == ""


def test_ids_are_sorted_and_prefixed() -> None:
    for family, prefix in (("hedge", "h"), ("approximator", "ap")):
        ids = [entry.id for entry in ENTRIES if entry.family == family]
        assert ids == sorted(ids)
        assert all(name.startswith(prefix) for name in ids)


def test_approximators_are_no_hedges() -> None:
    assert hedges_of("Roughly 40 people, at least 12 of them children, waited about two hours.") == []


def test_quotation_is_noted() -> None:
    outside, inside = hedges_of('It may rain, he said: "It might snow."')
    assert (outside.in_quote, inside.in_quote) == (False, True)


def test_passive_without_believer_is_hearsay() -> None:
    assert [hedge.category for hedge in hedges_of("He is believed to be abroad.")] == ["hearsay"]
    assert [hedge.category for hedge in hedges_of("He is believed by police to be abroad.")] == ["epistemic_verb"]
    assert [hedge.category for hedge in hedges_of("Police believed it.")] == ["epistemic_verb"]


@pytest.mark.parametrize(
    ("text", "on_main"),
    [
        ("He is accused of theft.", True),
        ("They stand accused of theft.", True),
        ("He was held and accused of theft.", True),
        ("The union accused the board of theft.", True),
        ("A man accused of theft has fled.", False),
        ("The minister, accused of theft, fled.", False),
        ("Vole's charges include arson.", True),
        ("The accused man fled.", False),
    ],
)
def test_accusation_weighs_on_the_claim_only_as_its_verb(text: str, on_main: bool) -> None:
    assert [hedge.on_main for hedge in hedges_of(text)] == [on_main]


def test_strength_comes_from_the_lexicon() -> None:
    entry = next(entry for entry in ENTRIES if entry.pattern == "might")
    assert hedges_of("It might rain.")[0].strength == entry.strength


def test_long_sentence_is_read() -> None:
    assert len(hedges_of("It may rain. " * 800)) == 800


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.one_of(st.sampled_from([*WORDS, ",", "(", ")", '"', "that", "who", "19"])), max_size=14).map(
            " ".join
        ),
    )
)
def test_spans_stand_in_the_sentence(text: str) -> None:
    hedges = hedges_of(text)
    assert all(0 <= hedge.start < hedge.end <= len(text) for hedge in hedges)
    assert all(0.0 <= hedge.strength <= 1.0 for hedge in hedges)
    assert all(one.end <= two.start for one, two in pairwise(hedges))
