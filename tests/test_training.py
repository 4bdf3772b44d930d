import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from scorer.bundle import load_model
from scorer.cli import app
from scorer.errors import InputError
from scorer.labelled import LabelledSentence, read_labelled, write_labelled
from scorer.labels import STRENGTHS
from scorer.pins import choose_pins, pins_text
from scorer.training import train

CLI = CliRunner()
DATA = Path(__file__).parent.parent / "data"


def labelled(folder, strengths, name="own.csv", n_documents=12):
    """Write a file of the least form: text and strength, and a document for each sentence."""
    lines = [f"{document},Sentence {document} {s}.,{s}" for document in range(n_documents) for s in strengths]
    path = folder / name
    path.write_text("doc,text,strength\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_training_keeps_all_rows_document_by_document(training, trained_on):
    assert Counter(row.text for row in training.rows) == Counter(row.text for row in read_labelled(trained_on))
    documents = [row.doc for row in training.rows]
    assert len(set(documents)) == sum(a != b for a, b in zip(documents, ["", *documents], strict=False))


def test_model_is_better_than_the_baselines_on_documents_it_has_not_seen(training):
    metrics = training.metrics
    ours = metrics["figures"]["strength_accuracy"]["value"]
    assert set(metrics["baselines"]) == {"TF-IDF + LR", "rules only", "majority"}
    for baseline in metrics["baselines"].values():
        assert ours > baseline["strength_accuracy"]["value"]


def test_metrics_are_json_without_nan(training):
    assert json.loads(json.dumps(training.metrics, allow_nan=False)) == training.metrics


def test_out_of_fold_probabilities_add_up_to_one(training):
    assert training.model.out_of_fold_.shape == (len(training.rows), len(STRENGTHS))
    assert np.allclose(training.model.out_of_fold_.sum(axis=1), 1)


def test_same_files_in_another_order_give_the_same_pins(training, trained_on):
    again = train(trained_on[::-1])
    chosen = choose_pins(training.rows)
    assert pins_text(again.model, chosen) == pins_text(training.model, chosen)
    assert again.metrics == training.metrics


def test_progress_is_told(tmp_path):
    told = []
    with pytest.raises(InputError):
        train([labelled(tmp_path, STRENGTHS[:5])], progress=told.append)
    assert told == ["reading labelled files"]


def test_rows_that_break_the_guide_are_named(tmp_path):
    row = LabelledSentence(doc="d", order=0, text="Police said so.", strength="moderate", source_type="none")
    wrong = [LabelledSentence(**{**asdict(row), "order": k, "text": f"It is {k}."}) for k in range(7)]
    wrong = [LabelledSentence(**{**asdict(w), "identification": "none"}) for w in wrong]
    path = tmp_path / "wrong.tsv"
    write_labelled(wrong, path)
    with pytest.raises(InputError) as caught:
        train([path])
    message = str(caught.value)
    fault = "moderate rests on an accountable source, not on identification none"
    assert f"wrong.tsv: document 'd', order 0: {fault}; wrong.tsv: document 'd', order 1: {fault};" in message
    assert message.endswith(f"order 4: {fault}; and 2 more; correct or delete these rows")


def asdict(row):
    return {name: getattr(row, name) for name in row.__slots__}


def test_row_without_strength_is_refused_with_its_number(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("text,strength\nOne.,strong\nTwo.,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^own\.csv: row 3: column 'strength': '' is not a strength; use one of"):
        train([path])


def test_missing_strength_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"^no sentence is labelled moderate, verified; each strength needs some"):
        train([labelled(tmp_path, ["not_a_claim", "unverified", "weak", "strong"])])


def test_too_few_documents_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"^9 documents are too few to train on; give at least 10"):
        train([labelled(tmp_path, STRENGTHS, n_documents=9)])


def test_penalty_must_be_positive(trained_on):
    with pytest.raises(ValueError, match="C must be above 0, not 0"):
        train(trained_on, C=0)


def test_train_command_writes_a_model_from_text_and_strength_alone(tmp_path):
    folder = tmp_path / "in" / "a" / "model"
    pattern = labelled(tmp_path, STRENGTHS).parent / "*.csv"
    done = CLI.invoke(
        app, ["train", str(pattern), "-o", str(folder), "--labels-by", "three editors", "--mix", "labelled"]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "strength: accuracy" in done.stderr
    assert f"wrote {folder} (" in done.stderr
    assert load_model(folder).classes_.tolist() == list(STRENGTHS)
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert "Labelled by: three editors." in card
    assert "made for text with the shares of strengths of the labelled text." in card
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "own.csv"]
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_train_command_leaves_a_folder_with_other_files_alone(tmp_path):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("mine", encoding="utf-8")
    done = CLI.invoke(app, ["train", str(DATA), "-o", str(folder)])
    assert done.exit_code == 1
    assert done.stderr == f"error: {folder} is not a model's folder: it holds chapter.txt; give another one\n"
    assert [path.name for path in folder.iterdir()] == ["chapter.txt"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["missing.tsv"], "missing.tsv does not exist"),
        (["no-*.tsv"], "no-*.tsv holds no labelled files"),
        (["own.csv", "-C", "0"], "0.0 is not above 0"),
    ],
)
def test_train_command_refuses_wrong_usage(tmp_path, monkeypatch, names, message):
    monkeypatch.chdir(tmp_path)
    labelled(tmp_path, STRENGTHS)
    done = CLI.invoke(app, ["train", *names, "-o", "model"])
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "model").exists()
