"""Model folders from somebody who wishes harm: nothing in them runs, nothing outside of them is read."""

import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator

from scorer import model_files, unpickling
from scorer.bundle import load_model, read_metrics
from scorer.errors import ModelError
from scorer.unpickling import unpickle, unpickle_lexicon

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions and pipes are POSIX's")


class Attack:
    """Unpickled, it makes a file."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


class InAnEstimator(BaseEstimator):
    """Looks harmless to a check of the outermost class."""


@pytest.fixture
def folder(bundle, tmp_path):
    """Give a model folder of one's own, to spoil."""
    return Path(shutil.copytree(bundle, tmp_path / "spoilt"))


def sign(folder, **changes):
    """Bring the manifest up to date with the model's file, as one who can write both would."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    if isinstance(manifest.get("model"), dict):
        content = (folder / "model.joblib").read_bytes()
        manifest["model"] |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def error_of(folder):
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def by_opcodes(module, name, *arguments):
    """A pickle that calls a function by its name, which the class `Attack` could not hold."""
    body = b"".join(pickle.dumps(argument, 4)[2:-1] for argument in arguments)
    names = b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, name))
    return b"\x80\x04" + names + b"\x93(" + body + b"tR."


def attacks(trace):
    text = f"open({str(trace)!r}, 'w').close()"
    objects, lexicon = io.BytesIO(), pickle.dumps(Attack(trace))
    joblib.dump(np.array([Attack(trace)], dtype=object), objects)
    held = InAnEstimator()
    held.value = Attack(trace)
    estimator = io.BytesIO()
    joblib.dump(held, estimator)
    return {
        "a function": pickle.dumps(Attack(trace)),
        "a shell": by_opcodes("os", "system", f"touch {trace}"),
        "builtins": by_opcodes("builtins", "exec", text),
        "numpy's own exec": by_opcodes("numpy.testing._private.utils", "runstring", text, {}),
        "a file that numpy makes": by_opcodes("numpy", "memmap", str(trace), "uint8", "w+", 0, (1,)),
        "a dotted name": by_opcodes("sklearn.base", "warnings.sys.modules", "x"),
        "an import through a module of ours": by_opcodes("scorer.bundle", "os.system", f"touch {trace}"),
        "our own loader": by_opcodes("scorer.bundle", "load_model", str(trace)),
        "joblib's loader": by_opcodes("joblib", "load", str(trace)),
        "inside an array of objects": objects.getvalue(),
        "inside an estimator": estimator.getvalue(),
        "inside the lexicon": lexicon,
    }


NAMES = list(attacks(Path("x")))


@pytest.mark.parametrize("name", NAMES)
def test_pickle_that_was_signed_too_runs_nothing(folder, tmp_path, name):
    trace = tmp_path / "trace"
    (folder / "model.joblib").write_bytes(attacks(trace)[name])
    sign(folder)
    message = error_of(folder)
    assert "cannot be unpickled" in message
    assert "which no model needs" in message
    assert not trace.exists()


@pytest.mark.parametrize("name", ["a function", "a shell", "builtins", "numpy's own exec", "a file that numpy makes"])
def test_attacks_are_real(tmp_path, name):
    """A test of the refusal proves nothing if the pickle would have done nothing anyway."""
    trace = tmp_path / "trace"
    pickle.loads(attacks(trace)[name])
    assert trace.exists()


def test_object_array_attack_is_real(tmp_path):
    trace = tmp_path / "trace"
    joblib.load(io.BytesIO(attacks(trace)["inside an array of objects"]))
    assert trace.exists()


def test_lexicon_inside_a_model_runs_nothing(tmp_path):
    with pytest.raises(pickle.UnpicklingError, match="which no model needs"):
        unpickle_lexicon(pickle.dumps(Attack(tmp_path / "trace")))
    assert not (tmp_path / "trace").exists()


def test_restricted_unpickler_gives_the_same_model(bundle, model):
    content = (bundle / "model.joblib").read_bytes()
    texts = ["Officials said the bridge may close.", "It rained."]
    expected = joblib.load(io.BytesIO(content)).predict_proba(texts)
    assert np.array_equal(unpickle(content).predict_proba(texts), expected)


def test_bytes_that_are_hashed_are_the_ones_unpickled(folder, tmp_path, monkeypatch):
    """Whoever swaps the file as soon as it was read comes too late."""
    trace = tmp_path / "trace"
    read = Path.open

    def swapped_afterwards(path, *arguments, **options):
        stream = read(path, *arguments, **options)
        if path.name == "model.joblib" and arguments[:1] == ("rb",):
            content = stream.read()
            stream.close()
            path.unlink()
            with read(path, "wb") as other:
                pickle.dump(Attack(trace), other)
            return io.BytesIO(content)
        return stream

    before = (folder / "model.joblib").read_bytes()
    monkeypatch.setattr("scorer.bundle._cached", {})
    monkeypatch.setattr(Path, "open", swapped_afterwards)
    assert load_model(folder).classes_.size == 6
    monkeypatch.undo()
    assert (folder / "model.joblib").read_bytes() != before
    assert not trace.exists()
    assert "is not the file that manifest.json describes" in error_of(folder)


def test_packed_bomb_is_not_unpacked(folder, monkeypatch):
    monkeypatch.setattr(unpickling, "LARGEST", 1 << 20)
    joblib.dump(np.zeros(1 << 20), folder / "model.joblib", compress=("zlib", 6))
    assert (folder / "model.joblib").stat().st_size < 1 << 17
    sign(folder)
    assert "it unpacks to more than 1 MB" in error_of(folder)


@POSIX
@pytest.mark.parametrize("name", ["model.joblib", "manifest.json", "metrics.json"])
def test_pipe_in_place_of_a_file_is_refused_not_waited_for(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    if name == "metrics.json":
        with pytest.raises(ModelError, match="it is no regular file"):
            read_metrics(folder)
    else:
        assert "no regular file" in error_of(folder)


@pytest.mark.parametrize("name", ["../other/model.joblib", "/etc/passwd", "..", "", None, 7, ["model.joblib"]])
def test_manifest_cannot_name_another_file(folder, tmp_path, name):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    sign(folder, model={"file": name})
    assert "manifest.json: names other files than a model has" in error_of(folder)


@pytest.mark.parametrize(
    "entry", [{"file": "../../x.tsv", "rows": 1}, {"file": "/x", "rows": 1}, {"file": "x", "rows": "1"}, 7, {}]
)
def test_manifest_with_odd_entries_is_refused(folder, entry):
    sign(folder, trained_on=[entry])
    assert "manifest.json: names other files than a model has" in error_of(folder)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[" * 200_000, "nested too deeply"),
        ('{"format": ' + "9" * 10_000 + "}", "Exceeds the limit"),
        ('{"format": NaN}', "NaN is no number of JSON"),
        ('{"format": 1e999}', "format inf is not"),
        ("\ufeff{}", "BOM"),
        ("", "Expecting value"),
        ("\x00", "Expecting value"),
    ],
)
def test_hostile_manifest_is_one_line(folder, content, told):
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    assert told in error_of(folder)


def test_manifest_that_is_no_text_is_one_line(folder):
    (folder / "manifest.json").write_bytes(b"\xff\xfe\x00")
    assert "can't decode" in error_of(folder)


def test_endless_manifest_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(model_files, "LARGEST_JSON", 1 << 20)
    (folder / "manifest.json").write_bytes(b" " * (1 << 20) + b"{}")
    assert "it has more than 1 MB" in error_of(folder)


@POSIX
def test_symbolic_link_counts_as_what_it_points_to(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.joblib"
    (folder / "model.joblib").rename(elsewhere)
    (folder / "model.joblib").symlink_to(elsewhere)
    assert load_model(folder).classes_.size == 6
    with elsewhere.open("ab") as stream:
        stream.write(b"x")
    assert "is not the file that manifest.json describes" in error_of(folder)
    (folder / "model.joblib").unlink()
    (folder / "model.joblib").symlink_to("/dev/zero")
    assert "is no regular file" in error_of(folder)


def warned(folder):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_model(folder)
        load_model(folder)
    assert all("\n" not in str(warning.message) for warning in caught)
    return [str(warning.message).removeprefix(str(folder)) for warning in caught]


@POSIX
@pytest.mark.parametrize("name", ["", "model.joblib", "manifest.json"])
def test_what_everybody_can_alter_gives_one_warning(folder, name):
    path = folder / name
    path.chmod(path.stat().st_mode | 0o002)
    place = f"/{name}" if name else ""
    assert warned(folder) == [f"{place}: everybody on this machine can alter this model; chmod o-w it"]


@POSIX
def test_folder_with_the_sticky_bit_gives_no_warning(folder):
    folder.chmod(0o1777)
    assert warned(folder) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a file to another user")
def test_file_of_another_user_gives_one_warning(folder):
    os.chown(folder / "model.joblib", 12345, -1)
    assert warned(folder) == [
        "/model.joblib: belongs to another user (id 12345), who can alter this model; copy it to own it"
    ]


@POSIX
def test_command_warns_in_one_line(folder):
    folder.chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-m", "scorer", "explain", "Officials said it rained.", "--model", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == f"warning: {folder}: everybody on this machine can alter this model; chmod o-w it\n"
