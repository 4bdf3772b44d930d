"""The transformers' contract, what they may meet, and small cases that can be counted by hand."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion

from scorer.assembly import feature_matrix
from scorer.check_rules import _STATUS
from scorer.cues import find_cues
from scorer.features import FormFeatures, HedgeFeatures, SourceFeatures, VerificationFeatures
from scorer.labels import IDENTIFICATIONS, KINDS, SOURCE_TYPES, VERIFICATIONS
from scorer.lexicon import load_lexicon
from scorer.ngrams import WordNgrams
from scorer.pipeline import build_pipeline
from scorer.reading import Reader
from scorer.records import Sentence
from scorer.segment import sentence_kind, split_document
from scorer.tokens import tokenise

LEXICON = load_lexicon()
READER = Reader(LEXICON)
ALL = {name: type(step) for name, step in build_pipeline().named_steps["features"].transformer_list}
"""Every transformer of the model, so that a new one is held to the contract as well."""
DENSE = [kind for kind in ALL.values() if kind is not WordNgrams]
STORY = (
    "Harbour at Velm closed",
    "Western officials told the Herald that they believed the pier could be lost.",
    "This has not been independently verified.",
    "The port authority, which may sue, confirmed the closure.",
    "“We saw two boats,” Ana Ruiz, 41, said.",
    "Police denied it, but some reports suggest that 9 men fled?",
    "BBC Verify has geolocated the footage.",
)
EDGES = ("", " ", "#", "Fire", '"', "’s", "if", "a" * 10_000, "🙂 said 🙂", "1", "()", "İ said", "no\nstop\tat all")
CHECK_CATEGORIES_READ_OTHERWISE = {"observer"}
"""`scorer.check_rules` turns it into another category before any feature is counted."""


def sentences(texts, doc_id="d"):
    return [
        Sentence(doc_id=doc_id, index=k, start=0, end=len(text), text=text, kind=sentence_kind(text))
        for k, text in enumerate(texts)
    ]


def document(*texts):
    """Read sentences of one document."""
    return READER.read(sentences(texts))


def alone(*texts):
    """Read sentences, each a document of its own."""
    return READER.read([s for k, text in enumerate(texts) for s in sentences([text], str(k))])


READINGS = document(*STORY) + alone(*EDGES)


def made(kind):
    """A transformer; n-grams count from one sentence on, so that a tiny text has some."""
    return WordNgrams(min_documents=1) if kind is WordNgrams else kind()


def dense(matrix):
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


def on(kind, reading):
    """The columns of one reading that are not 0, by name."""
    transformer = kind().fit([reading])
    (row,) = transformer.transform([reading])
    names = transformer.get_feature_names_out()
    return {name: float(value) for name, value in zip(names, row, strict=True) if value}


@pytest.mark.parametrize("kind", ALL.values())
class TestContract:
    def test_names_match_columns(self, kind):
        transformer = made(kind).fit(READINGS)
        names = transformer.get_feature_names_out()
        assert names.dtype == object
        assert transformer.transform(READINGS).shape == (len(READINGS), len(names))
        assert len(set(names)) == len(names)

    def test_values_are_finite_float64_in_0_to_1(self, kind):
        matrix = dense(made(kind).fit_transform(READINGS))
        assert matrix.dtype == np.float64
        assert np.isfinite(matrix).all()
        assert matrix.min() >= 0
        assert matrix.max() <= 1 + 1e-12

    def test_nothing_in_gives_no_rows(self, kind):
        transformer = made(kind).fit(READINGS)
        matrix = transformer.transform([])
        assert matrix.shape == (0, len(transformer.get_feature_names_out()))
        assert matrix.dtype == np.float64

    def test_fitted_on_nothing(self, kind):
        transformer = made(kind).fit([])
        assert transformer.transform(READINGS[:2]).shape == (2, len(transformer.get_feature_names_out()))

    def test_rows_do_not_depend_on_the_batch(self, kind):
        transformer = made(kind).fit(READINGS)
        together = dense(transformer.transform(READINGS))
        one_by_one = np.vstack([dense(transformer.transform([reading])) for reading in READINGS])
        assert np.array_equal(together, one_by_one)
        assert np.array_equal(together[::-1], dense(transformer.transform(READINGS[::-1])))

    def test_readings_are_left_as_they_are(self, kind):
        before = pickle.dumps(READINGS)
        made(kind).fit_transform(READINGS)
        assert pickle.dumps(READINGS) == before

    def test_pickle_round_trip(self, kind):
        transformer = made(kind).fit(READINGS)
        again = pickle.loads(pickle.dumps(transformer))
        assert np.array_equal(dense(again.transform(READINGS)), dense(transformer.transform(READINGS)))
        assert list(again.get_feature_names_out()) == list(transformer.get_feature_names_out())

    def test_clone_is_a_new_one_with_the_same_parameters(self, kind):
        transformer = made(kind).fit(READINGS)
        again = clone(transformer)
        assert again is not transformer
        assert again.get_params() == transformer.get_params()
        assert not hasattr(again, "vocabulary_")
        assert not hasattr(again, "feature_names_")

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ("Rain fell.", "expected a sequence of Reading, got str; make them with Reader.read"),
            (
                pd.DataFrame({"text": ["Rain fell."]}),
                "expected a sequence of Reading, got DataFrame; make them with Reader.read",
            ),
            (["Rain fell."], "expected Reading items, got str; make them with Reader.read"),
            (READINGS[0], "expected Reading items, got Sentence; make them with Reader.read"),
            (None, "expected a sequence of Reading, got NoneType; make them with Reader.read"),
        ],
        ids=["str", "frame", "strings", "one reading", "none"],
    )
    def test_wrong_input_is_refused(self, kind, wrong, message):
        for method in (made(kind).fit, made(kind).fit(READINGS).transform):
            with pytest.raises(TypeError) as caught:
                method(wrong)
            assert str(caught.value) == message


@pytest.mark.parametrize("kind", DENSE)
def test_pandas_output_has_the_names(kind):
    frame = kind().set_output(transform="pandas").fit_transform(READINGS)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(kind().get_feature_names_out())
    assert np.array_equal(frame.to_numpy(), kind().fit_transform(READINGS))


def test_dense_transformers_give_a_frame_together():
    union = FeatureUnion([(kind.__name__, kind()) for kind in DENSE]).set_output(transform="pandas")
    frame = union.fit_transform(READINGS)
    assert frame.shape == (len(READINGS), sum(len(kind().get_feature_names_out()) for kind in DENSE))
    assert "HedgeFeatures__main_modal" in frame.columns


def test_unfitted_ngrams_say_so():
    with pytest.raises(ValueError, match="not fitted yet"):
        WordNgrams().transform(READINGS)
    with pytest.raises(ValueError, match="not fitted yet"):
        WordNgrams().get_feature_names_out()


def test_pipeline_prefixes_each_column_with_its_evidence():
    features = build_pipeline().named_steps["features"].fit(READINGS)
    prefixes = {name.split("__")[0] for name in features.get_feature_names_out()}
    assert prefixes == set(ALL)
    assert features.transform([]).shape == (0, len(features.get_feature_names_out()))


def test_matrix_put_together_from_cells_is_the_unions():
    features = build_pipeline().named_steps["features"].fit(READINGS)
    bounds = np.cumsum([0, *(len(step.get_feature_names_out()) for _, step in features.transformer_list)]).tolist()
    for readings in (READINGS, READINGS[:1], alone(*EDGES), []):
        matrix = feature_matrix(features, bounds, readings)
        expected = features.transform(readings)
        assert matrix.shape == expected.shape
        np.testing.assert_array_equal(matrix.toarray(), expected.toarray())
        assert matrix.nnz == np.count_nonzero(expected.toarray())


def categories(family):
    return {entry.category for entry in LEXICON.entries if entry.family == family}


def test_every_hedge_category_has_its_columns():
    names = set(HedgeFeatures().get_feature_names_out())
    for category in categories("hedge"):
        assert {f"main_{category}", f"background_{category}"} <= names


def test_every_report_category_has_its_columns():
    names = set(SourceFeatures().get_feature_names_out())
    for category in categories("report"):
        for end in ("", "_accountable", "_unaccountable", "_with_phrase", "_of_document", "_of_speaker"):
            assert f"cue_{category}{end}" in names


def test_every_source_type_and_identification_has_its_columns():
    names = set(SourceFeatures().get_feature_names_out())
    lexicon_types = {category.split(".")[0] for category in categories("source")}
    assert lexicon_types <= set(SOURCE_TYPES)
    for source_type in SOURCE_TYPES:
        assert f"type_{source_type}" in names
    for source_type in SOURCE_TYPES[1:]:
        assert {f"type_{source_type}_accountable", f"type_{source_type}_unaccountable"} <= names
    for identification in IDENTIFICATIONS:
        assert f"identification_{identification}" in names


def test_every_check_category_has_a_status_and_every_status_its_columns():
    assert categories("check") - CHECK_CATEGORIES_READ_OTHERWISE == set(_STATUS)
    names = set(VerificationFeatures().get_feature_names_out())
    for status in VERIFICATIONS[1:]:
        assert {f"own_{status}", f"neighbour_{status}"} <= names
    assert set(_STATUS.values()) == set(VERIFICATIONS[1:])


def test_every_kind_of_unit_has_its_column():
    assert {f"kind_{kind}" for kind in KINDS} <= set(FormFeatures().get_feature_names_out())


def test_every_lexicon_example_can_be_turned_into_numbers():
    # Each entry in a sentence of its own: a category or position without a column would raise KeyError here.
    examples = {text for entry in LEXICON.entries for text in (*entry.matches, *entry.rejects)}
    assert len(examples) > 1000
    readings = alone(*sorted(examples))
    for kind in DENSE:
        assert np.isfinite(kind().fit_transform(readings)).all()


WORDS = st.sampled_from(
    sorted({word for entry in LEXICON.entries[::7] for text in entry.matches for word in tokenise(text).words})
    + list("\"'“”‘’«»()[]—–-,;:.?!…")
    + [
        "\n",
        "\n\n",
        "  ",
        "Ana Ruiz",
        "EU",
        "9",
        "4.2",
        "@desk",
        "said",
        "may",
        "reportedly",
        "denied",
        "which",
        "this",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map(" ".join))


@given(texts=st.lists(TEXTS, max_size=4), split=st.booleans())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_read_and_turned_into_numbers(texts, split):
    if split:
        units = [sentence for k, text in enumerate(texts) for sentence in split_document(text, str(k))]
    else:
        units = sentences(texts)
    readings = READER.read(units)
    assert len(readings) == len(units)
    for kind in ALL.values():
        matrix = dense(made(kind).fit_transform(readings))
        assert np.isfinite(matrix).all()
        assert ((matrix >= 0) & (matrix <= 1 + 1e-12)).all()


def test_hedge_on_the_main_claim():
    (reading,) = alone("The dam may fail.")
    strength = next(entry.strength for entry in LEXICON.entries if entry.family == "hedge" and entry.pattern == "may")
    assert on(HedgeFeatures, reading) == {
        "main_modal": 1,
        "has_main_hedge": 1,
        "n_hedges_of_4": 1 / 4,
        "strongest_main_hedge": strength,
        "main_hedge_without_source": 1,
    }


def test_hedge_in_the_background_leaves_the_main_claim_flat():
    (reading,) = alone("The dam, which may fail, is old.")
    assert on(HedgeFeatures, reading) == {"background_modal": 1, "has_background_hedge": 1, "n_hedges_of_4": 1 / 4}
    assert on(SourceFeatures, reading) == {
        "type_none": 1,
        "identification_none": 1,
        "is_flat_unhedged": 1,
        "own_voice_without_cue": 1,
    }


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("The dam may fail.", "main_hedge_without_source"),
        ("The minister said the dam may fail.", "main_hedge_with_accountable_source"),
        ("Officials say the dam may fail.", None),
    ],
)
def test_hedge_is_told_apart_by_who_makes_it(text, column):
    columns = on(HedgeFeatures, *alone(text))
    found = [name for name in columns if name.startswith("main_hedge_with")]
    assert found == ([column] if column else [])


def test_no_hedge_is_all_zero():
    assert on(HedgeFeatures, *alone("Rain fell in Oslo.")) == {}


def test_source_of_a_plain_statement():
    (reading,) = alone("The minister said the dam was safe.")
    assert on(SourceFeatures, reading) == {
        "type_official": 1,
        "type_official_accountable": 1,
        "identification_role": 1,
        "cue_say": 1,
        "cue_say_accountable": 1,
        "cue_say_of_speaker": 1,
        "content_clause_accountable": 1,
        "position_before": 1,
        "attributed_without_weight": 1,
        "factivity": 1 / 2,
        "has_source_words": 1,
        "is_accountable_unhedged": 1,
    }


def test_record_counts_as_one_only_where_it_is_unhedged():
    plain = on(SourceFeatures, *alone("The filing said the dam was safe."))
    hedged = on(SourceFeatures, *alone("The filing said the dam may be safe."))
    assert {"type_document", "type_document_accountable", "cue_say_of_document", "is_document_unhedged"} <= set(plain)
    assert "type_hedged_document" not in plain
    assert {"type_hedged_document", "cue_say_of_speaker"} <= set(hedged)
    assert not [name for name in hedged if name.startswith("type_document") or name.endswith("of_document")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The minister reportedly said the dam was safe.", True),
        ("Reportedly told by the minister, they left.", False),
        ("The minister said the dam had reportedly burst.", False),
        ("Reports say the dam burst.", False),
    ],
)
def test_hearsay_of_a_sources_word(text, told):
    assert ("hearsay_beside_cue" in on(HedgeFeatures, *alone(text))) is told


def test_denial_with_a_source():
    assert on(VerificationFeatures, *alone("The army denied it.")) == {"own_disputed": 1, "denial_with_source": 1}


def test_check_in_the_next_sentence_is_a_neighbours():
    claim, check, rest = document("Rebels said the town fell.", "This has not been verified.", "Rain fell.")
    assert on(VerificationFeatures, claim) == {"neighbour_unverified": 1}
    assert on(VerificationFeatures, check) == {"own_unverified": 1}
    assert on(VerificationFeatures, rest) == {}


def test_form_of_a_short_sentence():
    (reading,) = alone("Rain fell in Oslo.")
    assert on(FormFeatures, reading) == {
        "kind_prose": 1,
        "n_tokens_of_60": 5 / 60,
        "is_under_8_tokens": 1,
        "ends_with_stop": 1,
        "capital_share": 2 / 5,
    }


@pytest.mark.parametrize(
    ("text", "has_verb"),
    [
        ("The register lists nine ships.", True),
        ("Analysts see a bid for time.", True),
        ("It's a record.", True),
        ("They rarely eat.", True),
        ("Gold accounts for half of it.", True),
        ("A landslide hit the village of Kaipila.", True),
        ("Suitcases in the rain at Lisbon airport.", False),
        ("Ana Ruiz and Jo Vik before the talks on Monday.", False),
        ("The lists of nine ships.", False),
        ("Copies of his plans and reports.", False),
        ("Fire crews at the gate.", False),
        ("Games store display", False),
    ],
)
def test_verbs_are_told_from_nouns_of_the_same_form(text, has_verb):
    (reading,) = alone(text)
    assert ("has_no_verb_form" not in on(FormFeatures, reading)) == has_verb


@pytest.mark.parametrize(
    ("text", "serves"),
    [
        ("Anyone with information is asked to call 101.", True),
        ("Anyone who saw the van should ring the hotline.", True),
        ("For pictures please contact the desk.", True),
        ("This interview has been edited for length.", True),
        ("Jo Vik contributed to this article.", True),
        ("He was asked to call the police.", False),
        ("The president should call a vote.", False),
        ("This article of the treaty bans mines.", False),
        ("The article was edited by Jo Vik.", False),
        ("", False),
    ],
)
def test_sentences_that_serve_the_reader(text, serves):
    (reading,) = alone(text)
    assert ("serves_reader" in on(FormFeatures, reading)) == serves


def test_counts_without_a_verb():
    seats, hour = alone("Union Party - 365 seats", "Doors: 7 p.m.")
    assert "has_no_verb_form_and_counts" in on(FormFeatures, seats)
    assert "has_no_verb_form_and_counts" not in on(FormFeatures, hour)


def test_form_of_a_quotation():
    columns = on(FormFeatures, *alone('"It may fail," he said.'))
    assert columns["quoted_share"] == 6 / 9  # ", It, may, fail, comma, "
    assert columns["has_quotation"] == 1
    assert "has_quotation_without_source" not in columns


def test_form_of_a_text_without_tokens_is_its_kind_alone():
    columns = on(FormFeatures, *alone(" "))
    assert len(columns) == 1
    assert next(iter(columns)).startswith("kind_")


def test_ngrams_of_two_sentences_by_hand():
    rare, common = np.log(3 / 2) + 1, np.log(3 / 3) + 1  # in one of two sentences, in both
    ngrams = WordNgrams(n_max=1, min_documents=1).fit(alone("rain fell", "rain stopped"))
    assert list(ngrams.get_feature_names_out()) == ["fell", "rain", "stopped"]
    assert ngrams.idf_ == pytest.approx([rare, common, rare])
    length = np.hypot(rare, common)
    row = ngrams.transform(alone("rain rain fell, she said")).toarray()[0]
    assert row == pytest.approx([rare / length, common / length, 0])


def test_ngrams_fold_names_and_numbers():
    ngrams = WordNgrams(min_documents=1).fit(alone("In Oslo 12 men met Ana Ruiz"))
    grams = set(ngrams.get_feature_names_out())
    assert {"<name> <number>", "met <name>", "<name> </s>", "<s> in"} <= grams
    assert not {"oslo", "12", "ana", "ruiz"} & {word for gram in grams for word in gram.split()}


def test_ngrams_keep_quoted_words_and_cues_apart():
    grams = set(WordNgrams(min_documents=1).fit(alone('"It fell," he said.')).get_feature_names_out())
    assert {"q:fell", "said", "cue:said"} <= grams
    assert "fell" not in grams


@pytest.mark.parametrize("text", ["It sank,  according\nto police.", "It sank, according\u00a0to police."])
def test_cue_gram_is_the_same_however_the_text_is_wrapped(text):
    assert "cue:according to" in set(WordNgrams(min_documents=1).fit(alone(text)).get_feature_names_out())


def test_ngrams_need_as_many_sentences_as_asked_and_keep_the_most_frequent():
    readings = alone("rain fell", "rain fell", "rain stopped")
    assert list(WordNgrams(n_max=1, min_documents=2).fit(readings).get_feature_names_out()) == ["fell", "rain"]
    assert list(WordNgrams(n_max=1, min_documents=1, max_features=1).fit(readings).get_feature_names_out()) == ["rain"]


def test_ngrams_with_no_known_word_give_a_row_of_zeros():
    ngrams = WordNgrams(n_max=1, min_documents=1).fit(alone("rain fell"))
    assert ngrams.transform(alone("", "snow")).toarray().tolist() == [[0, 0], [0, 0]]


def test_cues_of_a_batch_are_those_of_each_sentence():
    batch = [tokenise(text) for text in (*STORY, *EDGES)]
    assert find_cues(batch, LEXICON) == [find_cues([tokens], LEXICON)[0] for tokens in batch]
