"""Figures that can be checked by hand, on tables of a few rows."""

import json
from dataclasses import replace

import pytest

from scorer.assess import LISTED_COLUMNS
from scorer.errors import InputError
from scorer.figures import ANSWERS, HEDGED, figures_of, find_voices, who_answers
from scorer.labels import STRENGTHS
from scorer.scored_table import read_scored
from scorer.summary import summarise

SCORES = {"not_a_claim": None, "unverified": 5, "weak": 25, "moderate": 50, "strong": 75, "verified": 95}
PLAIN = {"source_type": "none", "identification": "none", "verification": "none", "hedging": 0.0, "needs_review": False}


def source(name, number, identification="named", source_type="official"):
    return {"source_name": name, "source": name, "source_id": number, "identification": identification} | {
        "source_type": source_type
    }


def scored(folder, rows, name="scored.jsonl"):
    """Write a scored table: a document, a strength and what else is said of each sentence."""
    lines, numbers = [], {}
    for doc, strength, more in rows:
        number = numbers[doc] = numbers.get(doc, -1) + 1
        # A caller's columns come first.
        own = {name: more[name] for name in more if name not in LISTED_COLUMNS}
        row = {"doc_id": doc, **own, "sentence": number, "start": 10 * number, "end": 10 * number + 4, "text": "Hm."}
        row |= {"strength": strength, "score": SCORES[strength]} | {f"p_{label}": 0.0 for label in STRENGTHS}
        lines.append(json.dumps(row | PLAIN | {"source": "", "source_name": "", "source_id": None} | more))
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_scored(folder / name)


def test_counts_are_of_claims_but_for_strengths(tmp_path):
    table = scored(
        tmp_path,
        [
            ("a", "not_a_claim", {"needs_review": True}),
            ("a", "strong", {}),
            ("a", "weak", source("an aide", 1, "anonymous") | {"hedging": HEDGED}),
            ("a", "weak", {"hedging": HEDGED - 0.01}),
            (
                "a",
                "unverified",
                {"identification": "vague", "source_type": "unspecified", "verification": "unverified"},
            ),
        ],
    )
    figures = summarise(table).figures
    assert (figures.n_sentences, figures.n_claims, figures.n_review) == (5, 4, 1)
    assert figures.strengths == dict(zip(STRENGTHS, (1, 1, 2, 0, 1, 0), strict=True))
    assert figures.identifications == {"none": 2, "named": 0, "role": 0, "anonymous": 1, "vague": 1}
    assert figures.source_types["none"] == 2
    assert figures.verifications["unverified"] == 1
    assert (figures.n_hedged, figures.n_doubtful) == (1, 3)
    assert figures.share(figures.n_doubtful) == 3 / 4
    assert figures.median_score == 25


@pytest.mark.parametrize(
    ("strength", "more", "who"),
    [
        ("moderate", {"identification": "named"}, "accountable"),
        ("moderate", {"identification": "role"}, "accountable"),
        ("weak", {"identification": "anonymous"}, "anonymous"),
        ("verified", {"identification": "anonymous", "verification": "verified"}, "checked"),
        ("verified", {"verification": "verified"}, "checked"),
        ("strong", {}, "outlet"),
        ("weak", {"hedging": 1.0}, "outlet"),
        ("unverified", {"identification": "named"}, "nobody"),
        ("weak", {"identification": "vague"}, "nobody"),
    ],
)
def test_who_answers_for_a_claim(tmp_path, strength, more, who):
    (row,) = scored(tmp_path, [("a", strength, more)]).rows
    assert who_answers(row) == who


def test_sourcing_score_is_its_formula(tmp_path):
    ann, bob = source("Ann Lee", 1), source("an aide", 2, "anonymous")
    table = scored(
        tmp_path,
        [
            *(("a", "moderate", ann), ("a", "moderate", ann), ("a", "weak", bob), ("a", "strong", {})),
            *(("b", "moderate", ann), ("b", "unverified", {})),
        ],
    )
    summary = summarise(table)
    first, second = (document.figures.sourcing for document in summary.documents)
    assert first.answerable == (1 + 1 + 0.25 + 0.5) / 4
    assert first.spread == pytest.approx(1 - 2 / 3)
    assert first.score == pytest.approx(100 * (3 * first.answerable + first.spread) / 4)
    assert (second.answerable, second.spread, second.score) == (0.5, None, 50.0)
    assert summary.figures.sourcing.score == pytest.approx((4 * first.score + 2 * second.score) / 6)
    assert summary.figures.sourcing.answerable == pytest.approx((4 * first.answerable + 2 * second.answerable) / 6)
    assert summary.figures.sourcing.spread == first.spread


def test_sourcing_score_does_not_rise_when_a_hedge_goes(tmp_path):
    hedged = scored(tmp_path, [("a", "weak", source("Ann Lee", 1) | {"hedging": 0.9})])
    plain = scored(tmp_path, [("a", "weak", source("Ann Lee", 1))], "plain.jsonl")
    assert summarise(hedged).figures.sourcing == summarise(plain).figures.sourcing


def test_sourcing_score_stays_within_its_scale(tmp_path):
    best = scored(tmp_path, [("a", "verified", source(f"N{n}", n) | {"verification": "verified"}) for n in range(50)])
    worst = scored(tmp_path, [("a", "unverified", source("Ann", 1)) for _ in range(5)], "worst.jsonl")
    assert 99 < summarise(best).figures.sourcing.score <= 100
    assert summarise(worst).figures.sourcing.score == 0
    assert set(ANSWERS.values()) <= {0.0, 0.25, 0.5, 1.0}


def test_a_text_without_claims_has_no_sourcing(tmp_path):
    summary = summarise(scored(tmp_path, [("a", "not_a_claim", {})]))
    assert summary.figures.sourcing is None
    assert summary.figures.median_score is None
    assert summary.figures.share(0) == 0.0
    assert summary.weakest == ()


def test_single_source_needs_three_claims_of_one_and_nobody_else(tmp_path):
    ann, bob = source("Ann Lee", 1), source("Bob Ray", 2)
    table = scored(
        tmp_path,
        [("one", "moderate", ann)] * 3
        + [("few", "moderate", ann)] * 2
        + [("two", "moderate", ann)] * 3
        + [("two", "moderate", bob)],
    )
    summary = summarise(table)
    assert [document.figures.single_source for document in summary.documents] == [True, False, False]
    assert summary.n_single_source == 1
    two = summary.documents[2].figures
    assert (two.n_attributed, two.n_top, two.top_source, two.n_sources) == (4, 3, "Ann Lee", 2)


def test_a_source_is_the_same_under_all_its_words(tmp_path):
    she = source("Ann Lee", 1) | {"source": "she"}
    ministry = source("the ministry", 1, "role")
    table = scored(tmp_path, [("a", "moderate", ministry), ("a", "moderate", she)])
    figures = figures_of(table.rows, find_voices(table.rows))
    assert (figures.n_sources, figures.n_accountable) == (1, 1)
    (entry,) = summarise(table).sources
    assert entry.identification == "named"
    assert entry.rows == (0, 1)


def test_named_sources_are_one_across_documents_and_others_are_not(tmp_path):
    ann, police = source("Ann Lee", 1), source("police", 2, "role")
    table = scored(tmp_path, [(doc, "moderate", who) for doc in "ab" for who in (ann, police)])
    summary = summarise(table)
    assert summary.figures.n_sources == 3  # Ann Lee, and the police of each document
    assert [(source.name, source.documents, source.rows) for source in summary.sources] == [
        ("Ann Lee", (0, 1), (0, 2)),
        ("police", (0, 1), (1, 3)),
    ]


@pytest.mark.parametrize(("name", "sources"), [("We", 2), ("I", 2), ("she", 2), ("WHO", 1), ("US", 1), ("Wells", 1)])
def test_a_pronoun_is_nobody_that_another_document_could_name(tmp_path, name, sources):
    table = scored(tmp_path, [(doc, "moderate", source(name, 1)) for doc in "ab"])
    assert summarise(table).figures.n_sources == sources


def test_nobody_is_no_source(tmp_path):
    vague = {"identification": "vague", "source_type": "unspecified", "source": "reports", "source_id": 3}
    summary = summarise(scored(tmp_path, [("a", "unverified", vague), ("a", "strong", {})]))
    assert summary.sources == ()
    assert (summary.figures.n_sources, summary.figures.n_attributed) == (0, 0)


def test_what_is_no_claim_is_nobodys_claim(tmp_path):
    table = scored(tmp_path, [("a", "not_a_claim", source("Ann Lee", 1)), ("a", "moderate", source("Ann Lee", 1))])
    (entry,) = summarise(table).sources
    assert entry.rows == (1,)


def test_weakest_are_the_lowest_scores_in_order(tmp_path):
    rows = [("a", "strong", {}), ("a", "not_a_claim", {}), ("a", "weak", {}), ("a", "unverified", {})]
    assert summarise(scored(tmp_path, rows)).weakest == (3, 2, 0)


def test_documents_take_title_link_and_details_from_the_callers_columns(tmp_path):
    more = {"headline": "Bridge shut", "url": "https://example.org/a", "section": "World", "row": 1}
    rows = [("a", "strong", more), ("a", "weak", more | {"row": 2}), ("b", "weak", {"url": "javascript:alert(1)"})]
    first, second = summarise(scored(tmp_path, rows)).documents
    assert (first.title, first.link, first.details) == ("Bridge shut", "https://example.org/a", (("section", "World"),))
    assert (second.title, second.link) == ("b", "")


def test_a_label_that_the_guide_does_not_have_is_named(tmp_path):
    table = scored(tmp_path, [("a", "strong", {"identification": "famous"})])
    with pytest.raises(InputError, match="row 1, column 'identification': 'famous' is no such label; use one of none"):
        summarise(table)
    bare = replace(table, columns=("text",))
    with pytest.raises(InputError, match="has no column 'source_type'; score the text again"):
        summarise(bare)


def test_sentences_without_documents_are_one_list(tmp_path):
    table = scored(tmp_path, [(str(n), "strong", {}) for n in range(4)])
    assert len(summarise(table).documents) == 4
    bare = replace(table, doc_column=None)
    (document,) = summarise(bare).documents
    assert (document.id, document.rows) == ("scored.jsonl", (0, 1, 2, 3))
