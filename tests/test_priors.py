"""The mix of strengths: read, estimated, and what it makes of probabilities; which sentences need review."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from typer.testing import CliRunner

from scorer.calibration import NEVER_SURE, review_threshold
from scorer.cli import app
from scorer.errors import InputError
from scorer.labels import STRENGTHS
from scorer.mixing import estimate_mix
from scorer.priors import LEAST_SHARE, NAMED_PRIORS, checked_prior, estimate_prior, read_prior, shift_of
from scorer.scoring import score_files, score_frame, score_text

TEXTS = [
    "Officials said the dam could fail.",
    "Rain fell over the valley for nine days.",
    "By Ana Ruiz in Velm",
    "Reports suggest that the mayor has left.",
]
MOSTLY_STRONG = (0.02, 0.02, 0.02, 0.02, 0.9, 0.02)


def test_named_mixes_are_distributions():
    for shares in NAMED_PRIORS.values():
        assert len(shares) == len(STRENGTHS)
        assert sum(shares) == pytest.approx(1)


def test_no_share_is_zero():
    shares = checked_prior([0, 0, 0, 0, 1, 0])
    assert min(shares) == pytest.approx(LEAST_SHARE, rel=0.01)
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("shares", [[1] * 5, [0] * 6, [-1, 1, 1, 1, 1, 1], [float("nan")] * 6])
def test_what_is_no_mix_is_refused(shares):
    with pytest.raises(ValueError, match="6 shares"):
        checked_prior(shares)


def test_mix_from_a_table_of_shares(tmp_path):
    file = tmp_path / "mix.csv"
    file.write_text("strength,share\nstrong,60\nmoderate,40\n")
    shares = dict(zip(STRENGTHS, read_prior(file), strict=True))
    assert shares["strong"] / shares["moderate"] == pytest.approx(1.5)
    assert shares["verified"] == pytest.approx(LEAST_SHARE, rel=0.01)


def test_mix_from_labelled_text(tmp_path):
    file = tmp_path / "labelled.csv"
    file.write_text("text,strength\nIt rained.,strong\nIt snowed.,strong\nShe said so.,moderate\n")
    shares = dict(zip(STRENGTHS, read_prior(file), strict=True))
    assert shares["strong"] / shares["moderate"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("strength,share\nsolid,1\n", "line 2, column 'strength': 'solid'"),
        ("strength,share\nstrong,much\n", "line 2, column 'share': 'much'"),
        ("strength,share\nstrong,0\n", "not all 0"),
    ],
)
def test_a_bad_table_of_shares_is_one_line(tmp_path, content, told):
    file = tmp_path / "mix.csv"
    file.write_text(content)
    with pytest.raises(InputError, match=told) as caught:
        read_prior(file)
    assert "\n" not in str(caught.value)


def test_shift_is_nothing_for_the_same_mix_and_undone_by_its_opposite():
    old, new = NAMED_PRIORS["news"], NAMED_PRIORS["balanced"]
    assert shift_of(old, old) == pytest.approx(np.zeros(6))
    assert shift_of(old, new) == pytest.approx(-shift_of(new, old))


def test_estimate_finds_the_mix_that_made_the_sentences():
    draw = np.random.default_rng(7)
    old, true = np.full(6, 1 / 6), np.array([0.05, 0.05, 0.1, 0.2, 0.55, 0.05])
    gold = draw.choice(6, size=5000, p=true)
    logits = draw.normal(0, 1, (5000, 6))
    logits[np.arange(5000), gold] += 3.0
    # Evidence whose likelihood ratio is known: a normal moved by 3 gives exp(3 x) up to a constant.
    probabilities = softmax(3.0 * logits, axis=1)
    assert np.bincount(probabilities.argmax(axis=1), minlength=6)[4] / 5000 < 0.54
    assert estimate_prior(probabilities, old) == pytest.approx(true, abs=0.015)


def test_estimate_of_nothing_is_the_old_mix():
    assert estimate_prior(np.zeros((0, 6)), NAMED_PRIORS["news"]) == pytest.approx(NAMED_PRIORS["news"])


def test_another_mix_moves_base_values_only(model):
    moved = model.with_prior(MOSTLY_STRONG)
    readings = model.read(TEXTS)
    before, matrix = model.logits(readings)
    after, _ = moved.logits(readings)
    assert after - before == pytest.approx(np.tile(shift_of(model.shares_, MOSTLY_STRONG), (len(TEXTS), 1)))
    labels = after.argmax(axis=1)
    parts = moved.contributions(matrix, labels)
    assert parts.sum(axis=1) == pytest.approx(after.max(axis=1))
    assert parts[:, :-1] == pytest.approx(model.contributions(matrix, labels)[:, :-1])


def test_another_mix_leaves_the_model_as_it_was(model):
    before = model.predict_proba(TEXTS)
    assert (model.with_prior(MOSTLY_STRONG).predict_proba(TEXTS)[:, 4] > before[:, 4]).all()
    assert (model.predict_proba(TEXTS) == before).all()
    assert model.with_prior(MOSTLY_STRONG).with_prior(model.shares_).predict_proba(TEXTS) == pytest.approx(before)


def test_another_mix_survives_pickling(model):
    moved = model.with_prior(MOSTLY_STRONG)
    assert (pickle.loads(pickle.dumps(moved)).predict_proba(TEXTS) == moved.predict_proba(TEXTS)).all()


def test_threshold_is_the_least_that_reaches_the_target():
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    probabilities = np.column_stack([confidence, 1 - confidence, *np.zeros((4, 5))])
    right = np.array([0, 0, 0, 1, 1])  # the label is always 0
    weights = np.ones(5)
    assert review_threshold(probabilities, right, weights, 0.75) == 0.6
    assert review_threshold(probabilities, right, weights, 1.0) == 0.7
    assert review_threshold(probabilities, right, weights, 0.6) == 0.0
    assert review_threshold(probabilities, 1 - right * 0, weights, 0.5) == NEVER_SURE
    assert review_threshold(probabilities, right, np.array([1, 1, 1, 1, 7]), 0.75) == 0.6


def test_review_flag_is_the_confidence_below_the_threshold(model):
    plain = [scored.assessment for scored in score_text(model, " ".join(TEXTS)).sentences]
    middle = sorted(assessment.confidence for assessment in plain)[len(plain) // 2]
    found = [scored.assessment for scored in score_text(model.with_review_below(middle), " ".join(TEXTS)).sentences]
    assert [a.needs_review for a in found] == [a.confidence < middle for a in found]
    assert {a.needs_review for a in found} == {True, False}
    assert [a.needs_review for a in plain] == [a.confidence < model.review_below_ for a in plain]


def test_review_columns_agree_in_frame_csv_and_jsonl(model, tmp_path):
    frame = score_frame(model, pd.DataFrame({"text": TEXTS}))
    source = tmp_path / "in.csv"
    pd.DataFrame({"text": TEXTS}).to_csv(source, index=False)
    score_files(model, [str(source)], str(tmp_path / "out.csv"))
    score_files(model, [str(source)], str(tmp_path / "out.jsonl"), format="jsonl")
    written = pd.read_csv(tmp_path / "out.csv")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert frame["needs_review"].dtype == bool
    assert written["needs_review"].dtype == bool
    assert frame["needs_review"].tolist() == written["needs_review"].tolist() == [row["needs_review"] for row in rows]
    assert frame["confidence"].tolist() == written["confidence"].tolist() == [row["confidence"] for row in rows]
    shares = frame[[f"p_{name}" for name in STRENGTHS]].to_numpy()
    assert frame["confidence"].to_numpy() == pytest.approx(shares.max(axis=1))


def test_what_needs_no_review_was_right_as_often_as_promised(model, training):
    fitted = training.model
    sure = fitted.out_of_fold_.max(axis=1) >= fitted.review_below_
    gold = np.array([STRENGTHS.index(row.strength) for row in training.rows])
    weights = fitted.mix_weights(gold)
    right = fitted.out_of_fold_.argmax(axis=1) == gold
    assert np.average(right[sure], weights=weights[sure]) >= fitted.review_target
    assert 0 < model.review_below_ < 1


@pytest.fixture
def articles(tmp_path):
    file = tmp_path / "in.csv"
    pd.DataFrame({"text": [" ".join(TEXTS)] * 20}).to_csv(file, index=False)
    return file


def test_mix_of_files_is_estimated_from_all_units(model, articles):
    found = estimate_mix(model, [str(articles)])
    assert found.n_sentences == len(score_text(model, " ".join(TEXTS)).sentences) * 20
    by_sentence = estimate_mix(model, [str(articles)], unit="sentence")
    assert by_sentence.n_sentences == 20
    with pytest.raises(InputError, match="standard input"):
        estimate_mix(model, ["-"])


@pytest.mark.parametrize("prior", ["news", "balanced", "estimate"])
def test_score_takes_a_mix(articles, tmp_path, prior):
    output = tmp_path / "out.csv"
    result = CliRunner().invoke(app, ["score", str(articles), "-o", str(output), "--prior", prior])
    assert result.exit_code == 0, result.output
    assert ("mix estimated from" in result.output) == (prior == "estimate")
    assert len(pd.read_csv(output))


def test_score_takes_a_mix_from_a_file_and_a_threshold(articles, tmp_path):
    mix = tmp_path / "mix.csv"
    mix.write_text("strength,share\nstrong,1\n")
    output = tmp_path / "out.csv"
    result = CliRunner().invoke(
        app, ["score", str(articles), "-o", str(output), "--prior", str(mix), "--review-below", "1"]
    )
    assert result.exit_code == 0, result.output
    assert "99.5% strong" in result.output
    frame = pd.read_csv(output)
    assert (frame["needs_review"] == (frame["confidence"] < 1)).all()


@pytest.mark.parametrize(("prior", "told"), [("nwes", "nwes is none of"), ("estimate", "standard input")])
def test_a_wrong_mix_is_wrong_usage(prior, told):
    result = CliRunner().invoke(app, ["score", "-", "--prior", prior], input="text\nIt rained.\n")
    assert result.exit_code == 2
    assert told in result.output
