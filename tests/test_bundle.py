import copy
import hashlib
import json
import os
import shutil
import warnings
from pathlib import Path

import joblib
import numpy as np
import pytest
import sklearn
from typer.testing import CliRunner

from scorer import bundle as bundles
from scorer.bundle import load_model, save_model, verify_model
from scorer.cli import app
from scorer.errors import ModelError
from scorer.labels import STRENGTHS
from scorer.manifest import FORMAT
from scorer.pins import choose_pins

CLI = CliRunner()
SENTENCES = ["Officials said the bridge may close.", "The bridge is closed.", "By Ana Ruiz"]
EXPECTED_FILES = ["card.md", "manifest.json", "metrics.json", "model.joblib", "pins.tsv"]


class Attack:
    """Unpickled, it makes a file."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


@pytest.fixture
def folder(bundle, tmp_path):
    """Give a model folder of one's own, to spoil."""
    return Path(shutil.copytree(bundle, tmp_path / "spoilt"))


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def rewrite(folder, **changes):
    """Change the manifest; the model file's hash in it is brought up to date."""
    manifest = manifest_of(folder) | changes
    if isinstance(manifest.get("model"), dict):
        manifest["model"]["sha256"] = hashlib.sha256((folder / "model.joblib").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def error_of(folder, **options):
    with pytest.raises(ModelError) as caught:
        load_model(folder, **options)
    return str(caught.value)


def test_folder_holds_a_model_and_what_is_known_of_it(bundle):
    assert sorted(path.name for path in bundle.iterdir()) == EXPECTED_FILES
    assert (bundle / "model.joblib").stat().st_size < 15_000_000
    manifest = manifest_of(bundle)
    assert manifest["format"] == FORMAT
    assert manifest["versions"]["scikit-learn"] == sklearn.__version__
    assert manifest["labels"] == list(STRENGTHS)
    assert [(file["file"], file["rows"]) for file in manifest["trained_on"]] == [
        ("authored-01.tsv", 487),
        ("authored-02.tsv", 499),
    ]
    assert json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))["how"].startswith("cross-validated")


def test_loaded_model_is_the_saved_one(training, model):
    assert np.array_equal(model.predict_proba(SENTENCES), training.model.predict_proba(SENTENCES))
    assert not hasattr(model, "out_of_fold_")


def test_joblib_loads_the_same_estimator(bundle, model):
    plain = joblib.load(bundle / "model.joblib")
    assert type(plain) is type(model)
    assert np.array_equal(plain.predict_proba(SENTENCES), model.predict_proba(SENTENCES))


def test_model_is_loaded_once(bundle, folder, model):
    assert load_model(str(bundle)) is model
    assert load_model(folder) is model


def test_replaced_model_is_loaded_anew(folder, training):
    before = load_model(folder)
    other = copy.copy(training.model)
    other.temperature_ *= 2
    save_model(other, folder, trained_on=[], metrics={}, pins_from=[])
    assert manifest_of(folder)["trained_on"] == []
    assert load_model(folder).temperature_ == 2 * before.temperature_
    assert verify_model(folder).n_pins == 0
    assert sorted(path.name for path in folder.iterdir()) == EXPECTED_FILES
    assert "Nothing was measured." in (folder / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("spoil", ["hash", "no manifest", "no format", "other format"])
def test_altered_model_is_refused_before_it_is_unpickled(folder, tmp_path, spoil):
    trace = tmp_path / "trace"
    joblib.dump(Attack(trace), folder / "model.joblib")
    if spoil == "no manifest":
        (folder / "manifest.json").unlink()
    elif spoil == "no format":
        rewrite(folder, format=None)
    elif spoil == "other format":
        rewrite(folder, format=FORMAT + 1)
    message = error_of(folder)
    assert not trace.exists()
    assert {
        "hash": "model.joblib is not the file that manifest.json describes: its sha256 is ",
        "no manifest": "has no manifest.json, so nothing says what its model.joblib should be",
        "no format": f"manifest.json: format None is not {FORMAT}",
        "other format": f"manifest.json: format {FORMAT + 1} is not {FORMAT}",
    }[spoil] in message
    assert f"scorer train LABELLED... -o {folder}" in message or "trusted=True" in message


def test_trusted_model_needs_no_manifest_and_runs_what_it_holds(folder, tmp_path):
    (folder / "manifest.json").unlink()
    assert load_model(folder, trusted=True).classes_.tolist() == list(STRENGTHS)
    assert "no manifest" in error_of(folder), "a trusted load must not open the way for later ones"
    trace = tmp_path / "trace"
    joblib.dump(Attack(trace), folder / "model.joblib")
    assert "model.joblib holds NoneType, no trained ScoringModel" in error_of(folder, trusted=True)
    assert trace.exists()


def test_model_of_another_scikit_learn_is_taken_if_its_pins_agree(folder):
    rewrite(folder, versions=manifest_of(folder)["versions"] | {"scikit-learn": "1.5.2"})
    assert load_model(folder).classes_.tolist() == list(STRENGTHS)


@pytest.mark.parametrize("pins", ["moved", "missing"])
def test_model_of_another_scikit_learn_is_refused_if_its_pins_do_not_agree(folder, pins):
    rewrite(folder, versions=manifest_of(folder)["versions"] | {"scikit-learn": "1.5.2"})
    path = folder / "pins.tsv"
    if pins == "missing":
        path.unlink()
    else:
        lines = path.read_text(encoding="utf-8").split("\n")
        cells = lines[3].split("\t")
        cells[5] = f"{float(cells[5]) + 2e-6:.9f}"
        lines[3] = "\t".join(cells)
        path.write_text("\n".join(lines), encoding="utf-8")
    message = error_of(folder)
    assert f"was trained with scikit-learn 1.5.2, and {sklearn.__version__} is installed" in message
    assert f"install scikit-learn==1.5.2, or train it: scorer train LABELLED... -o {folder}" in message


def test_model_can_be_held_against_the_pins_of_another(bundle, folder, tmp_path):
    other = tmp_path / "other.tsv"
    lines = (folder / "pins.tsv").read_text(encoding="utf-8").split("\n")
    cells = lines[1].split("\t")
    cells[4] = f"{float(cells[4]) + 1e-3:.9f}"
    other.write_text("\n".join([lines[0], "\t".join(cells), *lines[2:]]), encoding="utf-8")
    assert verify_model(bundle, pins=folder / "pins.tsv").problems == ()
    assert "moved by 0.001" in verify_model(bundle, pins=other).problems[0]


def test_model_with_other_features_is_refused(folder):
    rewrite(
        folder, features={"count": 7, "sha256": "0"}, versions=manifest_of(folder)["versions"] | {"scorer": "0.0.7"}
    )
    assert "was trained on other features than scorer" in error_of(folder)
    assert "(it was made by scorer 0.0.7)" in error_of(folder)


def test_pickle_that_cannot_be_read_is_told(folder):
    content = (folder / "model.joblib").read_bytes()
    (folder / "model.joblib").write_bytes(content[: len(content) // 2])
    rewrite(folder)
    assert "model.joblib: cannot be unpickled by scorer" in error_of(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read (Expecting"),
        ("[]", f"format None is not {FORMAT}"),
        (f'{{"format": {FORMAT}, "model": "../../other.joblib"}}', "lacks model, versions, features, lexicon"),
    ],
)
def test_manifest_of_another_shape_is_refused(folder, content, message):
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    assert f"{folder / 'manifest.json'}: {message}" in error_of(folder)


def test_what_is_no_model_folder_is_told(bundle, tmp_path):
    missing = tmp_path / "none"
    assert error_of(missing) == f"{missing}: no such model folder; train it: scorer train LABELLED... -o {missing}"
    assert "is a file, not a model's folder; give the folder, such as " in error_of(bundle / "model.joblib")
    assert error_of(tmp_path).startswith(f"{tmp_path} holds no model.joblib; train it: ")


def test_shipped_model_is_found_in_the_wheel_and_in_the_checkout(monkeypatch, bundle, tmp_path):
    monkeypatch.setattr(bundles, "SHIPPED", tmp_path)
    assert bundles.model_folder() == tmp_path
    monkeypatch.setattr(bundles, "_IN_WHEEL", bundle)
    assert bundles.model_folder() == bundle


@pytest.mark.skipif(os.name != "posix", reason="permissions are told apart on POSIX alone")
def test_model_that_everybody_can_alter_gives_one_warning(folder):
    (folder / "model.joblib").chmod(0o666)
    with pytest.warns(UserWarning, match="everybody on this machine can alter this model; chmod o-w it"):
        load_model(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_model(folder)


def test_save_leaves_other_folders_and_files_alone(tmp_path, training):
    (tmp_path / "notes.txt").touch()
    for target, message in [
        (tmp_path, "is not a model's folder: it holds notes.txt"),
        (tmp_path / "notes.txt", "is a file"),
    ]:
        with pytest.raises(ModelError, match=message):
            save_model(training.model, target, trained_on=[], metrics={}, pins_from=[])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_pins_are_the_first_sentences_of_documents_all_over(training):
    chosen = choose_pins(training.rows)
    assert len(chosen) == 60
    assert len({row.doc for row in chosen}) == 10
    assert chosen[0].doc == training.rows[0].doc
    assert chosen[-1].doc == training.rows[-1].doc
    assert [row.order for row in chosen] == [0, 1, 2, 3, 4, 5] * 10


def test_sound_model_keeps_its_pins(bundle):
    report = verify_model(bundle)
    assert report.problems == ()
    assert report.notes == ()
    assert report.n_pins == 60
    assert report.worst <= 1e-9 / 2 * 1.001


def test_moved_pin_is_found(folder):
    lines = (folder / "pins.tsv").read_text(encoding="utf-8").split("\n")
    cells = lines[3].split("\t")
    cells[5] = f"{float(cells[5]) + 2e-6:.9f}"
    lines[3] = "\t".join(cells)
    (folder / "pins.tsv").write_text("\n".join(lines), encoding="utf-8")
    report = verify_model(folder)
    assert report.n_pins == 60
    assert report.problems[0].startswith("pins.tsv: a probability of ")
    assert cells[2] in report.problems[0]


@pytest.mark.parametrize("content", ["", "doc\torder\n1\t2\n", "doc\torder\ttext\n1\tx\tText.\n"])
def test_unreadable_pins_are_a_problem(folder, content):
    (folder / "pins.tsv").write_text(content, encoding="utf-8")
    assert "pins.tsv" in verify_model(folder).problems[0]


def test_other_versions_and_lexicons_are_notes(folder):
    manifest = manifest_of(folder)
    rewrite(folder, versions=manifest["versions"] | {"numpy": "1.0"}, lexicon={"fingerprint": "0"})
    report = verify_model(folder)
    assert report.problems == ()
    assert report.notes == (
        f"made with numpy 1.0; here it is {np.__version__}",
        "the shipped lexicons have changed since; the model goes on reading with its own",
    )


def test_card_says_what_the_figures_and_the_manifest_say(bundle, training):
    card = (bundle / "card.md").read_text(encoding="utf-8")
    accuracy = training.metrics["figures"]["strength_accuracy"]
    assert f"| strength: accuracy | {accuracy['value']:.3f} | {accuracy['low']:.3f} to {accuracy['high']:.3f} |" in card
    assert "Labelled by: a language model." in card
    assert "986 sentences in 64 documents" in card
    for heading in ("Intended use", "It must not be used", "What it learnt from", "What a probability means", "Limits"):
        assert f"## {heading}\n" in card


def test_verify_command_tells_a_sound_model_from_a_spoilt_one(bundle, folder):
    done = CLI.invoke(app, ["model", "verify", str(bundle)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{bundle}: sound; 60 pinned sentences moved by at most ")
    (folder / "model.joblib").write_bytes(b"x")
    done = CLI.invoke(app, ["model", "verify", str(folder)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {folder / 'model.joblib'} is not the file that manifest.json describes")


def test_show_command_does_not_unpickle(folder, tmp_path):
    joblib.dump(Attack(tmp_path / "trace"), folder / "model.joblib")
    done = CLI.invoke(app, ["model", "show", str(folder)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "trained on  986 sentences in 2 files\nlabelled by a language model\n" in done.stdout
    assert "strength, label by label" in done.stdout
    assert not (tmp_path / "trace").exists()
