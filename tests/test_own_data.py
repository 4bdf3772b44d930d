"""Training on one's own text on top of a base, and what is told of it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from scorer.bundle import load_model, read_metrics
from scorer.calibration import mix_weights
from scorer.card import model_card
from scorer.cli import app
from scorer.comparison import Answers, Change, Shift, answer, compare
from scorer.comparison_text import comparison_tables, in_short
from scorer.errors import InputError
from scorer.evaluate import sentences_of
from scorer.labelled import LabelledSentence, read_labelled, write_labelled
from scorer.labelled_notes import notes_on
from scorer.labels import STRENGTHS
from scorer.manifest import read_manifest
from scorer.metrics import Tally, accuracy, confusion, difference, figures
from scorer.own_data import BASE_ALONE, NEW, compare_on_own, held_out, is_base, learnt_from, namesakes
from scorer.training import OWN_WEIGHT, groups_of, train

CLI = CliRunner()
DATA = Path(__file__).parent.parent / "data"
BASE = DATA / "authored-01.tsv"
OWN = DATA / "authored-03.tsv"
WORDS = "The harbour office at Kell has been closed since"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Write twelve documents of another file with text, strength and document alone."""
    path = tmp_path_factory.mktemp("own") / "own.csv"
    rows = read_labelled([OWN])
    documents = list(dict.fromkeys(row.doc for row in rows))[:12]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "strength", "doc"])
        writer.writerows([row.text, row.strength, row.doc] for row in rows if row.doc in documents)
    return path


@pytest.fixture(scope="module")
def on_top(own):
    return train([own], base=[BASE])


def write(folder, lines, name="own.csv"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answers(*labels, margin=2.0):
    """Give answers that rest on words alone."""
    evidence = np.zeros((len(labels), 2, 6))
    evidence[np.arange(len(labels)), 0, [STRENGTHS.index(label) for label in labels]] = margin
    return Answers(evidence, ("words", "base"))


def rows_of(*labels):
    return [LabelledSentence(doc=str(k), order=0, text=f"Row {k}.", strength=s) for k, s in enumerate(labels)]


def run(*args):
    done = CLI.invoke(app, [str(arg) for arg in args])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def words(done):
    return " ".join(done.stderr.replace("│", " ").split())


def test_weights_keep_the_mix():
    codes, given = np.array([0, 1, 2, 3, 4, 5, 2, 2]), [1, 1, 1, 1, 1, 1, 3, 3]
    prior = (0.1, 0.1, 0.4, 0.2, 0.1, 0.1)
    weights = mix_weights(codes, prior, given)
    assert np.bincount(codes, weights) == pytest.approx(np.array(prior) * sum(given))
    assert weights[6] == 3 * weights[2]
    assert mix_weights(codes, None, given).tolist() == given
    assert mix_weights(codes, None).tolist() == [1] * 8


def test_heavier_text_of_ones_own_is_followed_more(own):
    light, heavy = (train([own], base=[BASE], weight=weight) for weight in (0.01, 30))
    gold = [STRENGTHS.index(row.strength) for row, is_own in zip(light.rows, light.own, strict=True) if is_own]

    def loss(training):
        readings = [r for r, is_own in zip(training.readings, training.own, strict=True) if is_own]
        return -np.log(training.model.probabilities(readings)[np.arange(len(gold)), gold]).mean()

    assert loss(heavy) < 0.5 * loss(light)


def test_base_and_own_text_are_told_apart(on_top, own):
    assert on_top.own.sum() == len(read_labelled([own]))
    assert (~on_top.own).sum() == len(read_labelled([BASE]))
    assert set(on_top.weights[on_top.own]) == {OWN_WEIGHT}
    assert set(on_top.weights[~on_top.own]) == {1.0}
    assert on_top.metrics["n_sentences"] == len(on_top.rows)


def test_documents_of_one_name_stay_apart(tmp_path):
    (name,) = {row.doc for row in read_labelled([BASE])[:1]}
    path = write(tmp_path, ["text,strength,doc", f"The gate is open.,strong,{name}"])
    result = train([path], base=[BASE])
    assert sum(row.doc == name for row in result.rows) == 1


def test_base_documents_that_share_claims_with_ones_own_are_left_out(tmp_path):
    shared = next(row for row in read_labelled([BASE]) if len(row.text.split()) > 9)
    other = "strong" if shared.strength != "strong" else "weak"
    path = write(tmp_path, [json.dumps({"text": shared.text, "strength": other, "doc": "mine"})], "own.jsonl")
    told = []
    result = train([path], base=[BASE], progress=told.append)
    assert result.n_left_out == 1
    assert told[-4].startswith(
        "note: documents of the base that share sentences with your text, and were left out: 1; "
    )
    assert [row.strength for row in result.rows if row.text == shared.text] == [other]


def test_file_that_is_in_the_base_too_counts_as_ones_own(trained_on):
    result = train(trained_on[:1], base=trained_on)
    assert result.own.sum() == len(read_labelled(trained_on[:1]))
    assert len(result.rows) == len(read_labelled(trained_on))
    with pytest.raises(
        InputError, match=r"^all base text is among the text to be learnt on top of it; leave out --base$"
    ):
        train(trained_on, base=trained_on)


def test_weight_must_be_positive(own):
    with pytest.raises(ValueError, match="weight must be above 0, not 0"):
        train([own], base=[BASE], weight=0)


def test_equal_rows_of_their_own_are_one_group():
    rows = [*rows_of("weak", "weak", "strong"), LabelledSentence(doc="x", order=0, text="Row 1.", strength="weak")]
    assert groups_of(rows) == ["000000", "000001", "000002", "000001"]
    rows.append(LabelledSentence(doc="x", order=1, text="More.", strength="weak"))
    assert groups_of(rows) == ["000000", "000001", "000002", "000003", "000003"]


def test_claim_that_stands_twice_is_no_fault(tmp_path):
    line = "This has not been independently verified by this newspaper.,unverified"
    path = write(tmp_path, ["text,strength,doc", f"{line},a", f"{line},b"])
    assert train([path], base=[BASE]).own.sum() == 2


def test_answers_are_the_models_own(model, trained_on):
    readings = model.reader.read(sentences_of(read_labelled(trained_on)[:50]))
    found = answer(model.pipeline_, model.temperature_, readings)
    probabilities = model.probabilities(readings)
    assert found.evidence.sum(axis=1) == pytest.approx(model.logits(readings)[0])
    assert found.labels.tolist() == probabilities.argmax(axis=1).tolist()
    assert found.confidence == pytest.approx(probabilities.max(axis=1))
    split = model.contributions(model.logits(readings)[1], found.labels)
    assert found.evidence[np.arange(50), :, found.labels] == pytest.approx(split)
    assert found.groups == model.groups


def test_documents_are_held_out_and_the_base_is_not(on_top, monkeypatch):
    learnt, judged = [], []

    class Spy:
        def fit(self, readings, codes, classify__sample_weight):
            learnt.append({reading.sentence.text for reading in readings})
            return self

    def judge(pipeline, temperature, readings):
        judged.append({reading.sentence.doc_id for reading in readings})
        return Answers(np.zeros((len(readings), 2, 6)), ("words", "base"))

    monkeypatch.setattr("scorer.own_data.clone", lambda pipeline: Spy())
    monkeypatch.setattr("scorer.own_data.answer", judge)
    assert len(held_out(on_top).labels) == on_top.own.sum()
    base = {row.text for row, is_own in zip(on_top.rows, on_top.own, strict=True) if not is_own}
    texts = {}
    for row in on_top.rows:
        texts.setdefault(row.doc, set()).add(row.text)
    assert len(judged) == 5
    assert sum(map(len, judged)) == 12
    for known, documents in zip(learnt, judged, strict=True):
        assert base <= known
        assert not any(texts[document] <= known for document in documents)


def test_own_text_is_compared_with_three_models(on_top, model):
    found = compare_on_own(on_top, model)
    assert list(found.figures) == ["shipped model", BASE_ALONE, NEW]
    assert (found.n_sentences, found.n_documents) == (on_top.own.sum(), 12)
    for name, difference_ in found.differences.items():
        values = [found.figures[side][name].value for side in ("shipped model", NEW)]
        assert difference_.value == pytest.approx(values[1] - values[0])
        assert difference_.low <= difference_.value <= difference_.high
    assert list(compare_on_own(on_top, model, name="m", base_is_earlier=True).figures) == ["m", NEW]
    assert list(compare_on_own(on_top, None, base_is_earlier=True).figures) == [BASE_ALONE, NEW]


def test_nothing_is_compared_where_nothing_can_be(training, tmp_path):
    assert compare_on_own(training, None) is None
    path = write(tmp_path, ["text,strength,doc", "The gate is open.,strong,a", "It may close.,weak,a"])
    assert compare_on_own(train([path], base=[BASE]), training.model) is None


def test_comparison_counts_changes_and_what_moved_them():
    rows = rows_of("weak", "weak", "weak", "strong", "moderate")
    before = answers("weak", "strong", "strong", "strong", "moderate")
    after = answers("moderate", "weak", "weak", "weak", "moderate", margin=3.0)
    found = compare(rows, np.arange(5), {"old": before, "new": after})
    assert found.changes == [
        Change("strong", "weak", 3, 1, 2),
        Change("weak", "moderate", 1, 1, 0),
    ]
    assert found.shifts == [Shift("words", 5.0), Shift("base", 0.0)]
    assert found.differences["strength_accuracy"].value == pytest.approx(0)
    assert "not_a_claim_f1" not in found.figures["old"], "no sentence is labelled so"
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False)) == found.as_dict()


def test_difference_is_paired():
    gold = np.arange(60) % 2
    documents = np.arange(60) // 2
    wrong = (np.arange(60) % 7 == 0) ^ gold
    counts = confusion(documents, gold, wrong, 30, 2)
    tally = Tally(counts, accuracy, 60)
    assert figures({"same": difference(tally, tally)})["same"][:3] == (0, 0, 0)
    better = Tally(confusion(documents, gold, gold, 30, 2), accuracy, 60)
    found = figures({"d": difference(tally, better), "a": tally})
    assert found["d"].value == pytest.approx(1 - found["a"].value)
    assert (found["d"].low, found["d"].high) == pytest.approx((1 - found["a"].high, 1 - found["a"].low))


def test_tables_of_a_comparison_say_what_is_clear():
    labels = ["weak", "strong"] * 20
    wrong = ["strong", "weak"] * 20
    rows = rows_of(*labels)
    better = compare(rows, np.arange(40), {"old": answers(*wrong), "new": answers(*labels)})
    figure_table, changes, moved = comparison_tables(better.as_dict())
    assert figure_table.header == ("figure", "old", "new", "change", "95 % interval", "")
    assert figure_table.rows[0] == ("accuracy", "0.000", "1.000", "+1.000", "+1.000 to +1.000", "better")
    assert figure_table.rows[3][-1] == "better", "a smaller calibration error is better"
    assert changes.title == "Labels that changed: 40 of 40; 40 now right, 0 right before"
    assert changes.rows == [("weak → strong", "20", "20", "0"), ("strong → weak", "20", "20", "0")]
    assert moved.rows[0] == ("its words", "+4.000")
    worse = compare(rows, np.arange(40), {"old": answers(*labels), "new": answers(*wrong)})
    assert [row[-1] for row in comparison_tables(worse.as_dict())[0].rows] == ["worse"] * 4
    (same,) = comparison_tables(
        compare(rows, np.arange(40), {"old": answers(*labels), "new": answers(*labels)}).as_dict()
    )
    assert {row[-1] for row in same.rows} == {"not clear"}
    assert in_short(better.as_dict()).startswith("In short: on your text the new model is better in accuracy, macro-F1")
    assert in_short(worse.as_dict()).endswith("weighted kappa of claims, calibration error")
    no_change = compare(rows, np.arange(40), {"old": answers(*labels), "new": answers(*labels)})
    assert in_short(no_change.as_dict()).startswith("In short: on your text no difference is clear of chance")
    few = compare(rows[:8], np.arange(8), {"old": answers(*wrong[:8]), "new": answers(*labels[:8])})
    assert {row[-1] for row in comparison_tables(few.as_dict())[0].rows} == {"too few"}
    assert in_short(few.as_dict()) == "In short: too few documents to tell; label 10 or more"


def test_notes_say_what_is_taken_for_granted(tmp_path):
    path = write(tmp_path, ["text,strength,doc", "One.,weak,", "One.,strong,a"])
    assert notes_on(read_labelled([path]), [path]) == [
        "1 rows do not name their document (column doc): each is read by itself, so that “he” stands for nobody, and "
        "counts as a document of its own",
        "no row has a source_type: source, cue and hedges are neither learnt from these rows nor measured on them",
        "1 sentence is labelled in more than one way, such as “One.”",
    ]
    assert notes_on(read_labelled([BASE]), [BASE]) == []


def test_model_that_is_the_base_is_known(bundle, training, trained_on, on_top):
    manifest = read_manifest(bundle)
    assert is_base(manifest, training, trained_on)
    assert not is_base(manifest, training, trained_on[:1])
    assert not is_base(manifest, training._replace(n_left_out=1), trained_on)
    settings = {"settings": manifest["settings"] | {"C": 2.0}}
    assert not is_base(manifest | settings, training, trained_on)


def test_files_that_a_model_knows_are_told_apart_from_namesakes(bundle, trained_on, tmp_path):
    namesake = tmp_path / trained_on[0].name
    namesake.write_bytes(OWN.read_bytes())
    renamed = tmp_path / "renamed.tsv"
    renamed.write_bytes(trained_on[1].read_bytes())
    given = [trained_on[0], namesake, renamed, OWN]
    assert learnt_from(read_manifest(bundle), given) == [trained_on[0], renamed]
    assert namesakes(read_manifest(bundle), given) == [namesake]


def test_commands_warn_of_earlier_copies(bundle, trained_on, tmp_path):
    edited = tmp_path / trained_on[0].name
    rows = read_labelled(trained_on[:1])
    write_labelled([row for row in rows if row.doc != rows[-1].doc], edited)
    done = run("evaluate", edited, "--model", bundle)
    said = "warning: the model has learnt from other text of the name authored-01.tsv; if that was an earlier copy, "
    assert said in done.stderr
    done = run("train", OWN, "--base", edited, "--against", bundle, "-o", tmp_path / "m")
    assert "no comparison" not in done.stderr
    again = run("train", edited, "--against", bundle, "-o", tmp_path / "ours")
    assert "note: no comparison with the small: it has learnt from the same text, or an earlier copy" in again.stderr


def test_train_command_on_top_of_a_base_shows_what_changed(own, bundle, tmp_path):
    folder = tmp_path / "ours"
    done = run("train", own, "--base", BASE, "--weight", 5, "--against", bundle, "-o", folder, "--labels-by", "us")
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    n = len(read_labelled([own]))
    assert f"training on {n} sentences of yours and {len(read_labelled([BASE]))} of the base" in done.stderr
    assert f"Your text: {n} sentences in 12 documents, each new to the model that judged it" in done.stderr
    assert "accuracy" in done.stderr
    assert "source_type: macro-F1" not in done.stderr
    assert max(map(len, done.stderr.split("\n\n", 1)[1].splitlines()[:-1])) <= 100
    assert load_model(folder).classes_.tolist() == list(STRENGTHS)
    metrics, manifest = read_metrics(folder), read_manifest(folder)
    assert metrics["own"]["n_sentences"] == n
    assert {file["file"]: file["weight"] for file in manifest["trained_on"]} == {"authored-01.tsv": 1, "own.csv": 5}
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert "A sentence of own.csv counted 5 times one of the others." in card
    assert "## On the text that it was trained for" in card
    assert card == model_card(manifest, metrics)
    shown = run("model", "show", folder).stdout
    assert f"Your text: {n} sentences in 12 documents" in shown
    assert "In short: " in shown


def test_train_command_serves_three_rows_of_text_and_strength(bundle, tmp_path):
    lines = ["The mayor said the bridge will close.,moderate", "It may close.,weak", "It has four lanes.,strong"]
    path = write(tmp_path, ["text,strength", *lines])
    done = run("train", path, "--base", BASE, "--against", bundle, "-o", tmp_path / "ours")
    assert done.exit_code == 0, done.stderr
    assert "note: no row names its document (column doc): each is read by itself" in done.stderr
    assert "too few" in done.stderr
    assert "Your text: 3 sentences in 3 documents" in done.stderr


def test_train_command_says_that_one_document_cannot_be_held_out(bundle, tmp_path):
    path = write(tmp_path, ["text,strength,doc", "The gate is open.,strong,a", "It may close.,weak,a"])
    done = run("train", path, "--base", BASE, "--against", bundle, "-o", tmp_path / "ours")
    assert done.exit_code == 0, done.stderr
    assert "note: nothing was measured on your text: one document cannot be held out" in done.stderr


def test_train_command_does_not_compare_with_a_model_that_knows_the_text(bundle, trained_on, tmp_path):
    done = run("train", *trained_on, "--against", bundle, "-o", tmp_path / "ours")
    assert "note: no comparison with the small: it has learnt from the same text, or an earlier copy" in done.stderr
    assert "Your text" not in done.stderr
    done = run("train", trained_on[0], "--against", bundle, "-o", tmp_path / "ours", "-q")
    assert (done.exit_code, done.stderr) == (0, "")


def test_train_command_compares_nothing_where_the_other_model_knows_some_of_the_text(own, bundle, trained_on, tmp_path):
    done = run("train", own, trained_on[0], "--against", bundle, "-o", tmp_path / "ours")
    told = "note: no comparison with the small: it has learnt from 1 of these files, or an earlier copy"
    assert told in done.stderr
    assert "Your text" not in done.stderr
    assert "source_type: macro-F1" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--weight", "2"], 2, "Invalid value for --weight: your text counts against a base; give one with --base"),
        (["--base", BASE, "--weight", "0"], 2, "Invalid value for --weight: 0.0 is not above 0"),
        (["--base", "nowhere.tsv"], 2, "Invalid value for --base: nowhere.tsv does not exist"),
        (["--base", BASE, "--against", "nowhere"], 1, "error: nowhere: no such model folder"),
        (["--base", BASE, DATA / "authored-02.tsv"], 2, "put the pattern in quotation marks, or give the folder"),
        (
            [],
            1,
            "verified; each strength needs some to be learnt; label some, or train on top of the shipped text: --base",
        ),
    ],
)
def test_train_command_names_the_remedy(tmp_path, options, code, message):
    path = write(tmp_path, ["text,strength", "The gate is open.,strong"])
    done = run("train", path, *options, "-o", tmp_path / "ours")
    assert done.exit_code == code
    assert message in words(done)
    assert not (tmp_path / "ours").exists()


def test_help_tells_the_default_weight():
    assert f"default: {OWN_WEIGHT:g}]" in run("train", "--help").stdout


def test_folder_without_tsv_gives_its_other_files(own, bundle, tmp_path):
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "a.csv").write_text("text,strength\nThe gate is open.,strong\n", encoding="utf-8")
    (folder / "b.jsonl").write_text('{"text": "It may close.", "strength": "weak"}\n', encoding="utf-8")
    done = run("evaluate", folder, "--model", bundle)
    assert done.stdout.startswith("2 sentences in 2 documents; ")
    assert "note: no row names its document" in done.stderr
