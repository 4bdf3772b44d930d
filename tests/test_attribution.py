"""Attributions of single sentences: who is the source, by which words, of which type.

Marks in ``cases/attribution.tsv``: ``{source:…}`` and ``{cue:…}`` of the primary attribution; rows ``n…`` have none.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import Case, read_cases, show_marked

from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES
from scorer.reading import Reader
from scorer.records import Attribution, Sentence

READER = Reader()
CASES = read_cases("attribution.tsv")
STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def attributions(text: str) -> tuple[Attribution, ...]:
    (reading,) = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])
    return reading.attributions


def shown(text: str) -> tuple[str, str, str]:
    """Mark the primary attribution in a text; gives (marked text, source type, identification)."""
    found = attributions(text)
    if not found:
        return text, "none", "none"
    spans = [(kind, *span) for kind, span in (("source", found[0].source), ("cue", found[0].cue)) if span is not None]
    return show_marked(text, spans), found[0].source_type, found[0].identification


def details(text: str) -> list[tuple[str, str, str]]:
    return [(found.category, found.position, found.content) for found in attributions(text)]


def test_case_table_is_whole() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 262
    assert sum(case.id.startswith("n") for case in CASES) >= 152


def test_every_category_of_report_cue_has_rows_that_attribute_and_rows_that_do_not() -> None:
    attributes, does_not = set(), set()
    for case in CASES:
        text = case.marked.text
        (reading,) = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])
        attributes.update(found.category for found in reading.attributions)
        if case.rest[0] == "none":
            does_not.update(cue.category.removeprefix("report.") for cue in reading.cues)
    categories = {entry.category for entry in READER.lexicon.entries if entry.family == "report"}
    assert categories <= attributes
    assert categories <= does_not


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_attribution_of_case(case: Case) -> None:
    assert shown(case.marked.text) == (show_marked(*case.marked), *case.rest[:2])


@pytest.mark.parametrize(
    ("text", "category", "position", "content"),
    [
        ("Roe said that the well was dry.", "say", "before", "clause"),
        ("The well at the end of the road was dry, Roe said.", "say", "after", "clause"),
        ("The well, Roe said, was dry and had been dry for years.", "say", "inside", "clause"),
        ("Roe said the well was “a grave”.", "say", "before", "quotation"),
        ("Roe denied the charges.", "deny", "before", "phrase"),
        ("According to Roe, the well was dry for nine long years.", "preposition", "before", "clause"),
        ("The well was dry for nine long years, according to Roe.", "preposition", "after", "clause"),
        ("Roe confirmed that the well was dry.", "confirm", "before", "clause"),
    ],
)
def test_category_position_and_content(text: str, category: str, position: str, content: str) -> None:
    assert details(text)[0] == (category, position, content)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("The well is reportedly dry.", "Roe said the well was dry."),
        ("Roe said the well was dry.", "Roe confirmed the well was dry."),
    ],
)
def test_factivity_rises_from_hearsay_to_confirmation(lower: str, higher: str) -> None:
    assert attributions(lower)[0].factivity < attributions(higher)[0].factivity


def test_every_link_of_a_chain_is_kept() -> None:
    found = attributions("The Lantern, citing two officials, said the ice had thinned.")
    assert [link.category for link in found] == ["cite", "say"]


def test_cue_inside_a_quotation_is_no_attribution_of_the_sentence() -> None:
    assert len(attributions("“They said the well was dry,” Roe told the court.")) == 1


def test_hearsay_in_a_relative_clause_does_not_vouch_for_the_sentence() -> None:
    assert attributions("The dog, which reportedly bit nine men, slept.") == ()


@pytest.mark.parametrize("unit", ["Roe said ", "who said ", "according to reports ", "Roe, the minister, said "])
def test_long_sentence_takes_linear_time(unit: str) -> None:
    # A quadratic rule needs minutes for this many cues.
    assert isinstance(attributions(unit * 4000), tuple)


@pytest.mark.parametrize("case", [case for case in CASES if "‘" in case.marked.text or "“" in case.marked.text])
def test_straight_marks_read_like_curly_ones(case: Case) -> None:
    text = case.marked.text
    curly, straight = shown(text), shown(text.translate(STRAIGHT))
    assert (curly[0].translate(STRAIGHT), *curly[1:]) == straight


WORDS = ["Roe", "officials", "said", "told", "was", "that", "by", "according", "to", "reports", "the", "who", "not"]
WORDS += [
    "reportedly",
    "claims",
    ",",
    ".",
    "“",
    "”",
    '"',
    "'",
    "’s",
    "and",
    "in",
    "(",
    ")",
    "@desk",
    "ministry",
    "of",
    "5",
]


@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_valid_attributions(text: str) -> None:
    for found in attributions(text):
        assert found.source_type in set(SOURCE_TYPES) - {"none"}
        assert found.identification in set(IDENTIFICATIONS) - {"none"}
        assert 0.0 <= found.factivity <= 1.0
        for span in (found.source, found.cue):
            if span is not None:
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end] == text[span.start : span.end].strip()
