import csv
import io
import json
import re

import numpy as np
import pytest
from rich.console import Console
from sklearn.metrics import cohen_kappa_score, f1_score, matthews_corrcoef
from typer.testing import CliRunner

from scorer import metrics as mt
from scorer.assess import Judged
from scorer.baselines import Guess, majority
from scorer.certainty import abstention, class_reliability
from scorer.cli import app
from scorer.cli.evaluate_show import evaluation_lines
from scorer.errors import InputError
from scorer.evaluate import by_document, evaluate, measure, sentences_of
from scorer.evaluate_text import Table, render, tables
from scorer.labelled import LabelledSentence, read_labelled
from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon
from scorer.mistakes import mistakes
from scorer.reading import Reader
from scorer.records import Sentence, Span
from scorer.rules import rules_only
from scorer.segment import sentence_kind

CLI = CliRunner()
GROUPS = ("hedging", "source", "verification", "form", "words", "base")


@pytest.fixture(scope="module")
def reader():
    return Reader(load_lexicon())


def confusion(gold, guess, n_labels, documents=None):
    codes = np.zeros(len(gold), dtype=int) if documents is None else np.array(documents)
    return mt.confusion(codes, np.array(gold), np.array(guess), codes.max() + 1, n_labels)


def judged(reader, rows, guess, confidence):
    """Give rows the strengths and probabilities of a test; the rest of a row is shared evenly."""
    labels = np.array([STRENGTHS.index(name) for name in guess])
    sure = np.array(confidence)[:, None]
    probabilities = np.where(np.arange(6) == labels[:, None], sure, (1 - sure) / 5)
    readings = reader.read(sentences_of(rows))
    return [Judged(readings, labels, probabilities, np.zeros(len(rows)), np.zeros((len(rows), len(GROUPS))), GROUPS)]


def test_accuracy_and_f1_of_a_small_table():
    counts = confusion([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], 3)
    total = counts.sum(axis=0)[None]
    assert mt.accuracy(total) == pytest.approx([4 / 6])
    assert mt.label_f1(total)[0] == pytest.approx([4 / 5, 2 / 4, 2 / 3])
    assert mt.macro_f1([0, 2])(total) == pytest.approx([(4 / 5 + 2 / 3) / 2])
    found = mt.label_figures(counts, "abc")[1]
    assert found[:5] == ("b", 1 / 2, 1 / 2, 1 / 2, 2)
    assert np.isnan(found.low) or found.low <= found.f1 <= found.high


def test_weighted_kappa_of_a_small_table():
    # Observed disagreement 1² in 1 of 4; by chance (1·1 + 1·4 + 2·1 + 1·0 …) as the margins have it.
    counts = confusion([0, 0, 1, 2], [0, 1, 1, 2], 3).sum(axis=0)[None]
    by_chance = (2 * 2 * 1 + 2 * 1 * 4 + 1 * 1 * 1 + 1 * 1 * 1 + 1 * 1 * 4 + 1 * 2 * 1) / 4
    assert mt.weighted_kappa(counts) == pytest.approx([1 - 1 / by_chance])


def test_figures_agree_with_scikit_learn():
    random = np.random.default_rng(0)
    gold, guess = random.integers(0, 5, (2, 400))
    total = confusion(gold, guess, 5).sum(axis=0)[None]
    assert mt.weighted_kappa(total) == pytest.approx([cohen_kappa_score(gold, guess, weights="quadratic")])
    assert mt.macro_f1(range(5))(total) == pytest.approx([f1_score(gold, guess, average="macro")])
    two = confusion(gold > 2, guess > 2, 2).sum(axis=0)[None]
    assert mt.matthews(two) == pytest.approx([matthews_corrcoef(gold > 2, guess > 2)])


def test_calibration_error_of_two_bins():
    right = np.array([True, False, True, True])
    confidence = np.array([0.65, 0.61, 1.0, 0.94])
    counts = mt.calibration_counts(np.zeros(4, dtype=int), right, confidence, 1)
    assert mt.calibration_error(counts.sum(axis=0)[None]) == pytest.approx(
        [2 / 4 * (0.63 - 1 / 2) + 2 / 4 * (1 - 0.97)]
    )
    bins = mt.reliability(counts)
    assert [b.n for b in bins] == [0, 0, 0, 0, 0, 0, 2, 0, 0, 2]
    assert bins[6][3:] == pytest.approx((0.63, 1 / 2))
    assert np.isnan(bins[0].accuracy)


def test_span_f1_counts_words_once_each():
    counts = mt.token_counts(np.array([0, 0, 1]), ["the the army", "", "Some reports"], ["The army", "he", ""], 2)
    assert counts.tolist() == [[2, 3, 3], [0, 2, 0]]
    assert mt.token_f1(counts.sum(axis=0)[None]) == pytest.approx([2 * 2 / (5 + 3)])


def test_interval_holds_the_figure_and_comes_from_documents():
    random = np.random.default_rng(1)
    documents = np.repeat(np.arange(40), 25)
    right = np.repeat(random.random(40) < 0.7, 25).astype(int)  # a document is right or wrong as a whole
    tallies = {
        "whole": mt.Tally(confusion(np.ones(1000, int), right, 2, documents), mt.accuracy, 1000),
        "apart": mt.Tally(confusion(np.ones(1000, int), random.permutation(right), 2, documents), mt.accuracy, 1000),
    }
    found = mt.figures(tallies)
    assert found["whole"].value == found["apart"].value == right.mean()
    assert found["whole"].low < right.mean() < found["whole"].high
    width = {name: figure.high - figure.low for name, figure in found.items()}
    assert width["whole"] > 3 * width["apart"]
    assert mt.figures(tallies) == found


def test_one_document_has_no_interval():
    figure = mt.figures({"x": mt.Tally(confusion([0, 1], [0, 0], 2), mt.accuracy, 2)})["x"]
    assert figure.value == 1 / 2
    assert np.isnan([figure.low, figure.high]).all()


def test_figure_that_nothing_decides_is_empty():
    figure = mt.figures({"x": mt.Tally(np.zeros((3, 2, 2)), mt.accuracy, 0)})["x"]
    assert np.isnan(figure).tolist() == [True, True, True, False]


def rows_of(*labels, text="Police said {} is open."):
    return [LabelledSentence(doc=str(k), order=0, text=text.format(k), strength=s) for k, s in enumerate(labels)]


def test_measure_of_strength_alone(reader):
    rows = rows_of("not_a_claim", "weak", "weak", "strong")
    guess = ["not_a_claim", "weak", "strong", "strong"]
    found = measure(rows, judged(reader, rows, guess, [0.9] * 4), {"all weak": Guess(["weak"] * 4, None)})
    assert {name: figure.n for name, figure in found.figures.items()} == {
        "strength_accuracy": 4,
        "strength_macro_f1": 4,
        "strength_macro_f1_all": 4,
        "strength_qwk": 3,
        "strength_ece": 4,
        "not_a_claim_f1": 4,
    }
    assert found.figures["strength_accuracy"].value == 3 / 4
    assert np.isnan(found.figures["strength_macro_f1"].value), "no class has five rows"
    assert found.figures["strength_macro_f1_all"].value == pytest.approx((1 + 2 / 3 + 2 / 3) / 6)
    assert found.figures["strength_ece"].value == pytest.approx(0.9 - 3 / 4)
    assert found.figures["not_a_claim_f1"].value == 1
    assert found.confusion[2] == [0, 0, 1, 0, 1, 0]
    assert found.baselines["all weak"]["strength_accuracy"].value == 2 / 4
    assert "strength_ece" not in found.baselines["all weak"]
    assert list(found.classes) == ["strength"]


def test_measure_in_another_mix(reader):
    rows = rows_of("weak", "strong", "strong", "strong")
    weights = np.array([2.5, 0.5, 0.5, 0.5])
    found = measure(rows, judged(reader, rows, ["weak", "weak", "strong", "strong"], [0.8] * 4), {}, weights)
    assert found.figures["strength_accuracy"].value == 3 / 4
    assert found.figures["strength_accuracy_in_mix"].value == (2.5 + 0.5 + 0.5) / 4
    assert found.figures["strength_ece"].value == pytest.approx(3.5 / 4 - 0.8)
    assert found.reliability[8][2:] == pytest.approx((4, 0.8, 3.5 / 4))
    assert "weighted to the model's mix" in render(found)


def test_measure_of_what_the_rules_find(reader):
    text = "Police said the gate may be open."
    right = LabelledSentence(
        doc="1",
        order=0,
        text=text,
        strength="weak",
        source_type="official",
        identification="role",
        source=Span(0, 6),
        cue=Span(7, 11),
        hedges=(Span(21, 24),),
        verification="none",
    )
    flat = LabelledSentence(
        doc="2", order=0, text="The gate is open.", strength="strong", source_type="none", identification="none"
    )
    rows = [right, flat, LabelledSentence(doc="3", order=0, text="Gunmen may attack, he said.", strength="weak")]
    found = measure(rows, judged(reader, rows, ["weak", "strong", "weak"], [1.0] * 3), {})
    figures = {name: (figure.value, figure.n) for name, figure in found.figures.items() if "strength" not in name}
    assert figures["source_token_f1"] == (1, 2)
    assert figures["cue_token_f1"] == (1, 2)
    assert figures["hedges_token_f1"] == (1, 2)
    assert figures["attributed_f1"] == figures["attributed_mcc"] == (1, 2)
    assert [c.label for c in found.classes["source_type"]] == ["none", "official"]
    assert [(c.label, c.support) for c in found.classes["verification"]] == [("none", 1)]


def test_registers_and_domains_with_enough_rows_get_a_line(reader):
    rows = [
        LabelledSentence(
            doc=str(k // 2),
            order=k % 2,
            text=f"Row {k}.",
            strength="strong",
            register="wire" if k else "blog",
            domain="war",
        )
        for k in range(31)
    ]
    found = measure(rows, judged(reader, rows, ["strong"] * 30 + ["weak"], [1.0] * 31), {}).slices
    assert list(found) == ["register", "domain"]
    (wire,), (war,) = found.values()
    assert (wire.name, wire.n_documents, wire.accuracy.n, wire.accuracy.value) == ("wire", 16, 30, 29 / 30)
    assert (war.n_documents, war.accuracy.value) == (16, 30 / 31)
    assert wire.accuracy.low < 29 / 30 < wire.accuracy.high == 1
    assert war.macro_f1.value == 2 * 30 / (31 + 30), "only strong has five rows"


def test_text_without_registers_has_no_slices(reader):
    rows = rows_of(*["strong"] * 40)
    assert measure(rows, judged(reader, rows, ["strong"] * 40, [1.0] * 40), {}).slices == {}


def test_reliability_of_each_label():
    gold = np.array([2, 2, 4, 4])
    probabilities = np.zeros((4, 6))
    probabilities[:, 2] = [0.92, 0.98, 0.94, 0.1]
    probabilities[:, 4] = 1 - probabilities[:, 2]
    found = {c.label: c for c in class_reliability(np.arange(4), gold, probabilities, 4)}
    assert found["weak"].bins[9] == pytest.approx((0.9, 1.0, 3, (0.92 + 0.98 + 0.94) / 3, 2 / 3))
    assert found["weak"].error.value == pytest.approx((0.92 + 0.98 + 0.94 - 2) / 4 + 0.1 / 4)
    assert found["verified"].error.value == 0
    weighted = class_reliability(np.arange(4), gold, probabilities, 4, np.array([1.0, 1.0, 2.0, 0.0]))[2]
    assert weighted.bins[9].accuracy == pytest.approx(2 / 4)


def test_abstention_keeps_the_surest():
    confidence = np.array([0.5, 0.9, 0.8, 0.95, 0.7, 0.6, 0.99, 0.85, 0.75, 0.65])
    right = confidence > 0.72
    found = abstention(np.arange(10), right, confidence, 10)
    assert [(kept.share, kept.accuracy.n) for kept in found] == [
        *((1.0, 10), (0.95, 10), (0.9, 9), (0.8, 8), (0.7, 7), (0.6, 6), (0.5, 5))
    ]
    assert [kept.accuracy.value for kept in found] == [6 / 10, 6 / 10, 6 / 9, 6 / 8, 6 / 7, 1, 1]
    assert [kept.least for kept in found] == [0.5, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8]
    assert found[0].accuracy.low < 6 / 10 < found[0].accuracy.high


def test_mistakes_are_the_wrong_ones_the_surest_first(reader):
    rows = rows_of("weak", "moderate", "strong", "moderate")
    parts = judged(reader, rows, ["strong", "moderate", "moderate", "weak"], [0.7, 0.9, 0.95, 0.7])
    found = mistakes(rows, parts)
    assert [(m.doc, m.labelled, m.predicted, m.p_predicted, m.p_labelled) for m in found] == [
        ("2", "strong", "moderate", 0.95, 0.01),
        ("0", "weak", "strong", 0.7, 0.06),
        ("3", "moderate", "weak", 0.7, 0.06),
    ]
    assert found[0].text == "Police said 2 is open."


def test_documents_are_put_together_in_their_order():
    rows = [LabelledSentence(doc=d, order=o, text=f"{d}{o}", strength="weak") for d, o in ["b1", "a0", "b0", "a1"]]
    rows = [LabelledSentence(doc=r.doc, order=int(r.order), text=r.text, strength="weak") for r in rows]
    assert [row.text for row in by_document(rows)] == ["b0", "b1", "a0", "a1"]


def test_majority_is_the_most_frequent_training_strength():
    guess = majority(rows_of("weak", "weak", "strong"), 2)
    assert guess.labels == ["weak", "weak"]
    assert guess.confidence.tolist() == [2 / 3] * 2


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("By Ana Ruiz", "not_a_claim"),
        ("Friday, July 21, 2017", "not_a_claim"),
        ("", "not_a_claim"),
        ("#", "not_a_claim"),
        ("Who opened the gate?", "not_a_claim"),
        ("“Who opened the gate?” asked the minister.", "moderate"),
        ("The gate is open.", "strong"),
        ("Police said the gate is open.", "moderate"),
        ("Western officials said the gate is open.", "weak"),
        ("The gate is reportedly open.", "unverified"),
        ("Police said the gate may be open.", "weak"),
        ("The gate may be open.", "weak"),
        ("Police confirmed the gate is open.", "strong"),
        ("The claim has not been independently verified.", "unverified"),
        ("The newspaper independently verified the footage.", "verified"),
        ("The ministry did not respond to a request for comment.", "strong"),
    ],
)
def test_rules_decide_in_the_order_of_the_guide(reader, text, strength):
    sentence = Sentence(doc_id="1", index=0, start=0, end=len(text), text=text, kind=sentence_kind(text))
    assert rules_only(reader.read([sentence])) == [strength]


def test_evaluation_measures_what_scoring_writes(model, trained_on):
    rows = read_labelled(trained_on)[:60]
    found = evaluate(model, rows, rows)
    assert (found.n_sentences, found.n_documents) == (60, len({row.doc for row in rows}))
    assert list(found.baselines) == ["TF-IDF + LR", "rules only", "majority"]
    assert sum(map(sum, found.confusion)) == sum(b.n for b in found.reliability) == 60
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False)) == found.as_dict()


def test_no_rows_are_refused(model):
    with pytest.raises(InputError, match="no labelled sentences to evaluate on"):
        evaluate(model, [])


def test_baseline_with_too_little_text_is_refused(model):
    with pytest.raises(InputError, match="the TF-IDF baseline cannot learn from 1 rows"):
        evaluate(model, rows_of("weak"), rows_of("weak"))


def test_tables_are_aligned():
    table = Table("Title", ("name", "n"), [("a", "10"), ("longer", "5")])
    assert table.as_text() == "Title\nname     n\na       10\nlonger   5"
    assert table.as_markdown() == "**Title**\n\n| name | n |\n| --- | ---: |\n| a | 10 |\n| longer | 5 |"


def test_evaluate_command_takes_text_and_strength_alone(bundle, tmp_path):
    path, target = tmp_path / "own.csv", tmp_path / "out.json"
    path.write_text("text,strength\nThe gate is open.,strong\nThe gate may be open.,weak\n", encoding="utf-8")
    done = CLI.invoke(app, ["evaluate", str(path), "--model", str(bundle), "--json", str(target)])
    assert done.exit_code == 0
    assert done.stdout.startswith("2 sentences in 2 documents; 95 % intervals by resampling documents\n")
    assert "source_type" not in done.stdout
    assert json.loads(target.read_text(encoding="utf-8"))["n_sentences"] == 2


def test_evaluate_command_shows_and_writes_errors(bundle, tmp_path):
    path, target, figures = tmp_path / "own.csv", tmp_path / "errors.csv", tmp_path / "out.json"
    wrong = "".join(f"The gate number {k} is open.,unverified,d{k}\n" for k in range(12))
    path.write_text(f"text,strength,doc\n{wrong}The \x1b[2Jgate is open.,unverified,d13\n", encoding="utf-8")
    options = ["--model", str(bundle), "--errors-file", str(target), "--json", str(figures)]
    done = CLI.invoke(app, ["evaluate", str(path), *options])
    assert "The 10 errors that the model was surest of, of 13" in done.stdout
    assert done.stdout.count("labelled unverified") == 10
    assert "\x1b" not in done.stdout
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(json.loads(figures.read_text(encoding="utf-8"))["mistakes"]) == 13
    assert [float(row["p_predicted"]) for row in rows] == sorted(
        (float(row["p_predicted"]) for row in rows), reverse=True
    )
    assert {(row["labelled"], row["predicted"]) for row in rows} == {("unverified", "strong")}
    assert "= " in rows[0]["reasons"]
    assert "labelled unverified" not in CLI.invoke(app, ["evaluate", str(path), *options, "--errors", "0"]).stdout


def test_evaluate_command_fits_a_terminal_of_100_columns(bundle, trained_on):
    done = CLI.invoke(app, ["evaluate", *map(str, trained_on), "--model", str(bundle), "--full"])
    assert max(map(len, done.stdout.splitlines())) == 100
    short = CLI.invoke(app, ["evaluate", *map(str, trained_on), "--model", str(bundle)]).stdout
    assert len(short) < len(done.stdout)
    for title in ("verification, label by label", "90+"):
        assert title in done.stdout
        assert title not in short
    assert "more: --full" in short
    assert "more: --full" not in done.stdout


def test_evaluate_fits_a_narrow_terminal(model, trained_on):
    metrics = evaluate(model, read_labelled(trained_on), read_labelled(trained_on)).as_dict()
    console = Console(width=80, file=io.StringIO())
    for part in evaluation_lines(metrics, n_errors=2, full=True, width=80):
        console.print(part)
    shown = console.file.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    for label in STRENGTHS:
        assert len(re.findall(rf"^{label} ", shown, re.MULTILINE)) >= 3, "figures, confusion, probabilities"
    assert "…" not in shown.split("Strength by register")[0]
    assert "calibration error ↓" in shown


def test_evaluate_command_wonders_at_labels_that_are_all_right(bundle, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,strength\n" + "The gate is open.,strong\n" * 30, encoding="utf-8")
    told = CLI.invoke(app, ["evaluate", str(path), "--model", str(bundle)]).stderr
    assert "note: the model agrees with every label; did anybody look at them, or are they its own?\n" in told
    path.write_text("text,strength\n" + "The gate is open.,strong\n" * 29, encoding="utf-8")
    assert "agrees" not in CLI.invoke(app, ["evaluate", str(path), "--model", str(bundle)]).stderr


def test_evaluate_command_says_where_it_cannot_write(bundle, trained_on, tmp_path):
    for option in ("--json", "--errors-file"):
        done = CLI.invoke(
            app, ["evaluate", str(trained_on[0]), "--model", str(bundle), option, str(tmp_path / "no" / "x")]
        )
        assert done.exit_code == 2
        assert f"Invalid value for {option}" in " ".join(done.stderr.replace("│", " ").split())


def test_evaluate_command_warns_of_text_that_was_learnt_from(bundle, trained_on):
    done = CLI.invoke(app, ["evaluate", str(trained_on[0]), "--model", str(bundle)])
    assert done.exit_code == 0
    assert done.stderr == "warning: the model has learnt from authored-01.tsv; its figures here flatter it\n"
    assert "rules only" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.csv"], 2, "missing.csv does not exist"),
        (["own.csv", "--model", "none"], 1, "error: none: no such model folder; train it: scorer train"),
        (["wrong.csv"], 1, "error: wrong.csv: row 2: column 'strength': 'sure' is not a strength"),
    ],
)
def test_evaluate_command_tells_faults(tmp_path, monkeypatch, bundle, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("text,strength\nOpen.,strong\n", encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("text,strength\nOpen.,sure\n", encoding="utf-8")
    done = CLI.invoke(app, ["evaluate", *arguments, *([] if "--model" in arguments else ["--model", str(bundle)])])
    assert done.exit_code == code
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""


def test_render_leaves_out_nothing_that_was_measured(model, trained_on):
    text = render(evaluate(model, read_labelled(trained_on)[:200]))
    for title in (
        "strength, label by label",
        "verification, label by label",
        "Labelled strength (rows)",
        "Probability of each label",
        "least sure sentences are left out",
        "by register",
        "by domain",
    ):
        assert title in text
    assert "nan" not in text


def test_tables_of_a_model_made_before_domains_were_measured(model, trained_on):
    metrics = evaluate(model, read_labelled(trained_on)[:60]).as_dict()
    metrics["slices"] = [{"register": "wire agency", "n": 41, "accuracy": 0.5}]
    del metrics["class_reliability"], metrics["abstention"]
    *_, last = tables(metrics)
    assert last == Table(
        "Strength by register", ("register", "sentences", "accuracy"), [("wire agency", "41", "0.500")]
    )
