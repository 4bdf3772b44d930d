"""The learnt weights that decide which report cue vouches for a sentence's main claim."""

from math import exp

import pytest

from scorer.labelled import LabelledSentence
from scorer.lexicon import load_lexicon
from scorer.reading import Reader
from scorer.records import Sentence, Span
from scorer.vouching import Vouching, Weigher, facts_of
from scorer.vouching_training import Choice, cross_read, fit_vouching

LEXICON = load_lexicon()
DEED = "The harbour board asked the town for more gravel."
SPEECH = "The harbour board asked that the town send more gravel."


def read(text, vouching=None):
    sentence = Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)
    return Reader(LEXICON, vouching).read([sentence])[0]


def sources(reading):
    return [reading.sentence.text[slice(*a.source)] for a in reading.attributions if a.source]


def row(doc, order, text, source="", cue=""):
    spans = [Span(text.index(words), text.index(words) + len(words)) if words else None for words in (source, cue)]
    kinds = ("official", "role") if source else ("none", "none")
    return LabelledSentence(
        doc=doc,
        order=order,
        text=text,
        strength="moderate" if source else "strong",
        source_type=kinds[0],
        identification=kinds[1],
        source=spans[0],
        cue=spans[1],
    )


def rows(n):
    """Invented rows that differ in one thing only: what follows the verb."""
    return [
        made
        for k in range(n)
        for made in (row(f"d{k}", 0, SPEECH, "The harbour board", "asked"), row(f"d{k}", 1, DEED))
    ]


def test_a_fact_that_tells_the_chosen_candidate_gets_a_positive_weight():
    right, wrong = ["any", "right"], ["any", "wrong"]
    vouching = fit_vouching([Choice([right, wrong], 0), Choice([wrong, right], 1), Choice([wrong], -1)] * 10)
    assert vouching.weights["right"] > 0 > vouching.weights["wrong"]


def test_weights_are_at_the_optimum():
    """At the minimum, each weight times the penalty is what the model still misses of its fact."""
    facts = [["a"], ["a", "b"]]
    choices = [Choice(facts, 1)] * 6 + [Choice(facts, -1)] * 4
    weights = fit_vouching(choices).weights
    a, b = weights["a"], weights["b"]
    total = 1 + exp(a) + exp(a + b)
    assert 3 * b == pytest.approx(6 - 10 * exp(a + b) / total, abs=0.02)
    assert 3 * a == pytest.approx(6 - 10 * (exp(a) + exp(a + b)) / total, abs=0.02)


def test_rare_facts_are_not_learnt_by_heart():
    vouching = fit_vouching([Choice([["often", "once"]], 0), Choice([["often"]], 0)])
    assert set(vouching.weights) == {"often"}


def test_a_weight_well_below_nought_takes_an_attribution_away():
    assert sources(read(SPEECH)) == ["The harbour board"]
    assert sources(read(SPEECH, Vouching({"any": -2.0}))) == []


def test_a_small_weight_leaves_the_rules_as_they_are():
    assert sources(read(SPEECH, Vouching({"any": -0.4}))) == ["The harbour board"]
    assert sources(read("A draughty kitchen blamed the wind.", Vouching({"any": 0.4}))) == []


def test_a_weight_well_above_nought_lets_a_doubtful_cue_vouch():
    text = "A draughty kitchen blamed the wind."
    assert [candidate.plausible for candidate in read(text).candidates] == [False]
    assert sources(read(text)) == []
    assert sources(read(text, Vouching({"any": 2.0}))) != []


def test_the_heaviest_cue_is_the_primary_one():
    text = "The mayor said on Friday that the union had warned her twice."
    plain = read(text)
    assert len(plain.attributions) == 2
    cue = next(c.entry_id for c in plain.candidates if text[plain.tokens.starts[c.cue_last] :].startswith("warned"))
    heavier = read(text, Vouching({"any": 1.0, f"cue={cue}": 5.0}))
    assert [sources(plain)[0], sources(heavier)[0]] == ["The mayor", "the union"]


def test_what_stands_in_the_background_is_left_to_the_rules():
    reading = read("The van, which the police said had no plates, was towed on Friday.")
    background = [c for c in reading.candidates if c.position == "background"]
    facts = facts_of(reading.tokens, reading.shape, reading.candidates, reading.nouns)
    assert background
    assert [bool(f) for f in facts] == [c.position != "background" for c in reading.candidates]
    for candidate in background:
        weighed = Weigher(Vouching({"any": 9.0})).weigh(reading.tokens, reading.shape, [candidate], reading.nouns)
        assert weighed == [candidate]


@pytest.mark.interpreted
def test_weight_is_the_sum_over_the_facts_also_of_bundles_met_before(monkeypatch):
    texts = [
        DEED,
        SPEECH,
        "Police said on Friday that the mayor had claimed that rain, according to Ann Roe, is wet.",
        SPEECH,
    ]
    plain = [read(text) for text in texts]
    names = sorted(
        {fact for r in plain for facts in facts_of(r.tokens, r.shape, r.candidates, r.nouns) for fact in facts}
    )
    weights = {fact: (k % 7 - 3) / 8 for k, fact in enumerate(names)}
    for most in (50_000, 3):  # the second time with hardly anything kept
        monkeypatch.setattr("scorer.vouching._MOST_HELD", most)
        weigher = Weigher(Vouching(weights))
        for r in plain:
            sums = [
                sum(map(weights.get, facts)) for facts in facts_of(r.tokens, r.shape, r.candidates, r.nouns) if facts
            ]
            weighed = weigher.weigh(r.tokens, r.shape, r.candidates, r.nouns)
            assert [c.weight for c in weighed if c.position != "background"] == pytest.approx(sums)
        assert len(weigher._held) <= most


def test_too_few_labelled_sources_leave_the_rules_in_charge():
    some = rows(20)
    vouching, _, readings = cross_read(some, [r.doc for r in some], LEXICON, 5)
    assert vouching is None
    assert [r.attributions for r in readings[:2]] == [r.attributions for r in (read(SPEECH), read(DEED))]


def test_labelled_text_teaches_what_a_verb_does_before_an_object():
    many = rows(320)
    vouching, _, readings = cross_read(many, [r.doc for r in many], LEXICON, 5)
    assert [sources(reading) for reading in readings[:2]] == [["The harbour board"], []]
    assert sources(read(SPEECH, vouching)) == ["The harbour board"]
    assert sources(read(DEED, vouching)) == []


def test_the_same_rows_give_the_same_weights():
    many = rows(310)
    first, _, _ = cross_read(many, [r.doc for r in many], LEXICON, 5)
    second, _, _ = cross_read(many, [r.doc for r in many], LEXICON, 5)
    assert first == second
