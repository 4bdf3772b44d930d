"""What must not move a score, and what must move it one way: pairs of texts, in the manner of CheckList.

Ribeiro et al., "Beyond accuracy: behavioral testing of NLP models with CheckList", ACL 2020. The pairs are in
``cases/invariances.tsv``; `` ¦ `` stands between the sentences of a document, whose first sentence is compared.
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

import scorer
from scorer.assess import judge
from scorer.labels import STRENGTHS
from scorer.records import Sentence
from scorer.segment import sentence_kind

CASES = Path(__file__).parent / "cases" / "invariances.tsv"
SHIPPED = Path(__file__).parent.parent / "models" / "default" / "model.joblib"
SHOWN = 0.05
"""Scores are shown in tenths: less than half of one is no difference."""
HOLDS = {
    "same": lambda before, after: before.strength == after.strength,
    "not_higher": lambda before, after: after.score <= before.score + SHOWN,
    "not_lower": lambda before, after: after.score >= before.score - SHOWN,
    "lower": lambda before, after: after.score < before.score,
}
"""What must be true of a pair; scores are those that a sentence has given that it is a claim."""
RELATION_OF = {
    "name": "same",
    "nationality": "same",
    "gender": "same",
    "quotes": "same",
    "spacing": "same",
    "case": "same",
    "hedge": "not_higher",
    "naming": "not_lower",
    "not_verified": "lower",
    "verified": "not_lower",
    "denied": "not_higher",  # the guide: a denial is the denier's own claim, and lowers nothing by itself
}


class Pair(NamedTuple):
    id: str
    kind: str
    relation: str
    before: str
    after: str


class Result(NamedTuple):
    strength: str
    score: float


def unescape(text):
    return (
        re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
        .replace("\\n", "\n")
        .replace("\\t", "\t")
    )


PAIRS = [Pair(*map(unescape, line.split("\t"))) for line in CASES.read_text(encoding="utf-8").split("\n")[1:] if line]


def sentences(text, doc_id):
    return [
        Sentence(doc_id=doc_id, index=k, start=0, end=len(part), text=part, kind=sentence_kind(part))
        for k, part in enumerate(text.split(" ¦ "))
    ]


@pytest.fixture(scope="module")
def results():
    """Strength and score of the first sentence of both texts of each pair, by its id and side."""
    if not SHIPPED.exists():
        pytest.skip("the small model of the other tests has seen too few checks and sources to be held to this")
    model = scorer.load_model()
    units = [
        unit
        for pair in PAIRS
        for side in ("before", "after")
        for unit in sentences(getattr(pair, side), f"{pair.id}-{side}")
    ]
    found = {}
    for judged in judge(model, units):
        for reading, label, score in zip(judged.readings, judged.labels, judged.scores, strict=True):
            found.setdefault(reading.sentence.doc_id, Result(STRENGTHS[label], float(score)))
    return found


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_pair_holds(results, pair):
    before, after = results[f"{pair.id}-before"], results[f"{pair.id}-after"]
    told = f"{pair.kind}, {pair.relation}: {pair.before!r} is {before}; {pair.after!r} is {after}"
    assert HOLDS[pair.relation](before, after), told


def test_table_is_sound():
    assert len(PAIRS) >= 220
    assert len({pair.id for pair in PAIRS}) == len(PAIRS)
    assert len({pair[1:] for pair in PAIRS}) == len(PAIRS)
    for pair in PAIRS:
        assert pair.before != pair.after
        assert pair.relation == RELATION_OF[pair.kind]


@pytest.mark.parametrize("kind", RELATION_OF)
def test_each_kind_has_pairs(kind):
    assert Counter(pair.kind for pair in PAIRS)[kind] >= 5


def test_pairs_stand_on_every_footing(results):
    # Pairs that are all "moderate" would hold for a model that says nothing else.
    assert {result.strength for result in results.values()} == set(STRENGTHS) - {"not_a_claim"}
