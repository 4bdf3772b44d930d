"""The classifier by itself: scikit-learn's conventions, sums that must come out, and errors that say what is wrong."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from sklearn.base import clone

from scorer.calibration import expected_scores
from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon
from scorer.model import StrengthClassifier
from scorer.pipeline import build_pipeline
from scorer.priors import NEWS_PRIOR
from scorer.reading import Reader
from scorer.records import Sentence

TEXTS = [
    "Western officials said the pier could be lost.",
    "“We saw two boats,” Ana Ruiz said.",
    "BBC Verify has geolocated the footage.",
    "The claim has not been independently verified.",
    "By Ana Ruiz in Velm",
    "Rain fell over the valley for nine days.",
    "The Kremlin denied it.",
    "",
    "#",
    "said",
]


@pytest.fixture(scope="module")
def readings(model):
    return model.read(TEXTS)


@pytest.fixture(scope="module")
def few(training):
    """Two of the smallest documents for each of the strengths, so that fitting takes no time."""
    by_doc = {}
    for row in training.rows:
        by_doc.setdefault(row.doc, []).append(row)
    rows = [row for document in list(by_doc.values())[:16] for row in document]
    found = Reader(load_lexicon()).read(
        [Sentence(doc_id=row.doc, index=row.order, start=0, end=len(row.text), text=row.text) for row in rows]
    )
    assert {row.strength for row in rows} == set(STRENGTHS)
    return found, [row.strength for row in rows], [row.doc for row in rows]


def fitted(few, **settings):
    found, strengths, documents = few
    return StrengthClassifier(n_folds=2, **settings).fit(found, strengths, documents, load_lexicon())


def test_classes_are_the_strengths_in_order(model):
    assert model.classes_.tolist() == list(STRENGTHS)
    assert model.classes_.dtype == object


def test_probabilities_are_a_row_for_each_sentence_that_adds_up_to_one(model):
    probabilities = model.predict_proba(TEXTS)
    assert probabilities.shape == (len(TEXTS), 6)
    assert probabilities.dtype == np.float64
    assert ((probabilities > 0) & (probabilities < 1)).all()
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_prediction_is_the_most_probable_class(model):
    predicted = model.predict(TEXTS)
    assert predicted.tolist() == [STRENGTHS[k] for k in model.predict_proba(TEXTS).argmax(axis=1)]


def test_nothing_in_gives_nothing_out(model):
    assert model.predict_proba([]).shape == (0, 6)
    assert model.predict([]).shape == (0,)


@pytest.mark.parametrize("kind", [tuple, np.array, pd.Series, lambda texts: pd.Series(texts, index=range(9, 19))])
def test_any_sequence_of_sentences_will_do(model, kind):
    assert np.array_equal(model.predict_proba(kind(TEXTS)), model.predict_proba(TEXTS))


def test_batch_equals_one_by_one(model):
    one_by_one = np.vstack([model.predict_proba([text]) for text in TEXTS])
    assert model.predict_proba(TEXTS) == pytest.approx(one_by_one, abs=1e-12)


def test_probabilities_are_the_softmax_of_the_logits(model, readings):
    logits, _ = model.logits(readings)
    assert model.probabilities(readings) == pytest.approx(softmax(logits, axis=1), abs=1e-12)


def test_logits_are_those_of_the_pipeline_divided_by_the_temperature(model, readings):
    logits, _ = model.logits(readings)
    assert logits == pytest.approx(model.pipeline_.decision_function(readings) / model.temperature_, abs=1e-9)


@pytest.mark.parametrize("label", range(6))
def test_contributions_add_up_to_the_logit(model, readings, label):
    logits, matrix = model.logits(readings)
    parts = model.contributions(matrix, np.full(len(readings), label))
    assert parts.shape == (len(readings), len(model.groups))
    assert parts.sum(axis=1) == pytest.approx(logits[:, label], abs=1e-9)


def test_contributions_of_several_labels_at_once(model, readings):
    logits, matrix = model.logits(readings)
    labels = np.arange(len(readings)) % 6
    sums = model.contributions(matrix, labels).sum(axis=1)
    assert sums == pytest.approx(logits[np.arange(len(readings)), labels], abs=1e-9)


def test_contributions_of_nothing_have_no_rows(model):
    _, matrix = model.logits([])
    assert model.contributions(matrix, np.zeros(0, dtype=np.intp)).shape == (0, len(model.groups))


def test_base_is_the_same_for_every_sentence_of_a_label(model, readings):
    _, matrix = model.logits(readings)
    base = model.contributions(matrix, np.full(len(readings), 3))[:, -1]
    assert len(set(base.tolist())) == 1


def test_groups_cover_every_column(model):
    names = model.pipeline_.named_steps["features"].get_feature_names_out()
    bounds = model._bounds
    assert (bounds[0], bounds[-1]) == (0, len(names))
    assert model.groups == ("hedging", "source", "verification", "form", "words", "base")
    for group, start, end in zip(model.groups, bounds, bounds[1:], strict=False):
        assert start < end
        assert {name.split("__")[0] for name in names[start:end]} == {group}


@pytest.mark.parametrize(
    ("probabilities", "score"),
    [
        ([0, 1, 0, 0, 0, 0], 0),
        ([0, 0, 1, 0, 0, 0], 25),
        ([0, 0, 0, 1, 0, 0], 50),
        ([0, 0, 0, 0, 1, 0], 75),
        ([0, 0, 0, 0, 0, 1], 100),
        ([0, 1 / 5, 1 / 5, 1 / 5, 1 / 5, 1 / 5], 50),
        ([1 / 2, 1 / 2, 0, 0, 0, 0], 0),
        ([1 / 2, 0, 1 / 4, 1 / 4, 0, 0], 75 / 2),
        ([9 / 10, 0, 0, 1 / 30, 1 / 15, 0], 200 / 3),
        ([1, 0, 0, 0, 0, 0], 0),
    ],
)
def test_score_is_the_expected_level_given_a_claim(probabilities, score):
    assert expected_scores(np.array([probabilities], dtype=float)) == pytest.approx([score])


def test_scores_of_nothing():
    assert expected_scores(np.zeros((0, 6))).shape == (0,)


def test_scores_lie_in_0_to_100(model):
    scores = expected_scores(model.predict_proba(TEXTS))
    assert ((scores >= 0) & (scores <= 100)).all()


def test_same_text_gives_the_same_weights(few):
    one, two = fitted(few), fitted(few)
    assert one.temperature_ == two.temperature_
    assert np.array_equal(one._weights, two._weights)
    assert np.array_equal(one.out_of_fold_, two.out_of_fold_)


def test_pickle_gives_the_same_probabilities(model):
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert again.groups == model.groups


def test_pickle_leaves_out_what_only_training_needs(few):
    trained = fitted(few)
    again = pickle.loads(pickle.dumps(trained))
    assert trained.out_of_fold_.shape == (len(few[0]), 6)
    assert not hasattr(again, "out_of_fold_")


def test_model_reads_with_its_own_lexicon(model):
    again = pickle.loads(pickle.dumps(model))
    assert again.reader.lexicon is again.lexicon_
    assert again.lexicon_.fingerprint == load_lexicon().fingerprint


def test_parameters_and_clone(model):
    assert model.get_params() == {"C": 1.0, "n_folds": 5, "prior": NEWS_PRIOR, "review_target": 0.96}
    again = clone(model.__class__(C=0.5, n_folds=3, prior=None))
    assert again.get_params() == {"C": 0.5, "n_folds": 3, "prior": None, "review_target": 0.96}
    assert not hasattr(clone(model), "pipeline_")


def test_prior_moves_the_probabilities_its_way(few):
    even = fitted(few, prior=(1, 1, 1, 1, 1, 1))
    doubtful = fitted(few, prior=(1, 20, 1, 1, 1, 1))
    column = STRENGTHS.index("unverified")
    assert doubtful.probabilities(few[0])[:, column].mean() > even.probabilities(few[0])[:, column].mean()


def test_smaller_c_gives_smaller_weights(few):
    assert np.abs(fitted(few, C=0.01)._weights).max() < np.abs(fitted(few)._weights).max()


def test_one_string_is_refused(model):
    for method in (model.predict, model.predict_proba):
        with pytest.raises(TypeError) as caught:
            method("Rain fell.")
        assert str(caught.value) == "expected a sequence of sentences, got one str; put it in a list"


@pytest.mark.parametrize(("wrong", "name"), [(3, "int"), (None, "NoneType"), (b"x", "bytes"), (float("nan"), "float")])
def test_item_that_is_no_string_is_named(model, wrong, name):
    with pytest.raises(TypeError) as caught:
        model.predict(["Rain fell.", wrong])
    assert str(caught.value) == f"item 1 is {name}, not str"


def test_labels_that_are_missing_in_training_are_named(few):
    found, strengths, documents = few
    kept = [k for k, name in enumerate(strengths) if name not in ("weak", "verified")]
    with pytest.raises(ValueError, match=re.escape("the training text has no sentence labelled weak, verified")):
        StrengthClassifier(n_folds=2).fit(
            [found[k] for k in kept], [strengths[k] for k in kept], [documents[k] for k in kept], load_lexicon()
        )


def test_pipeline_steps_have_names_for_tuning():
    pipeline = build_pipeline(C=0.25)
    assert list(pipeline.named_steps) == ["features", "classify"]
    assert pipeline.get_params()["classify__C"] == 0.25
    assert pipeline.set_params(features__words__n_max=1).get_params()["features__words__n_max"] == 1
