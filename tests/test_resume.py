"""An interrupted run goes on and gives what an undisturbed one gives; what cannot go on says why in one line."""

import csv
import json
import os
import resource
import signal
import subprocess
import sys
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
from joblib.externals.loky import reusable_executor
from typer.testing import CliRunner

from scorer.cli import app
from scorer.errors import InputError, ScorerError
from scorer.fingerprints import model_digest
from scorer.journal import Checkpoint, Journal, difference
from scorer.priors import NAMED_PRIORS
from scorer.scoring import score_files
from scorer.tables import read_chunks
from scorer.unfinished import KeptFile, is_finished

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
BAD = [["d", "3", ""], ["d", "4"], ["d", "5", "\u0600"], ["d", "6", "It rained.", "more"]]


def write_rows(path, n_rows=60):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["doc_id", "n", "text"])
        for k in range(n_rows):
            good = [f"d{k}", k, f"Police said {k} men were held. One may have fled."]
            writer.writerow(BAD[k // 5 % 4] if k % 5 == 4 else good)
    return str(path)


@pytest.fixture
def small_parts(monkeypatch):
    """Make parts of two rows, and a checkpoint after each."""
    monkeypatch.setattr("scorer.parts.PART_CHARS", 90)
    monkeypatch.setattr("scorer.unfinished.SECONDS", 0.0)


@pytest.fixture
def rows(tmp_path, small_parts):
    return write_rows(tmp_path / "in.csv")


@pytest.fixture
def stop_after(monkeypatch):
    """Make the next run stop by an error after some parts."""

    def arm(n_parts, error=KeyboardInterrupt):
        with monkeypatch.context() as patched:
            put, count = KeptFile.put, 0

            def counted(*args):
                nonlocal count
                put(*args)
                count += 1
                if count == n_parts:
                    raise error() if isinstance(error, type) else error

            patched.setattr(KeptFile, "put", counted)
            yield

    from contextlib import contextmanager

    return contextmanager(arm)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "in.csv"}


def run(model, rows, folder, name="out.csv", **options):
    folder.mkdir(exist_ok=True)
    return score_files(model, [rows], str(folder / name), errors=str(folder / "bad.csv"), **options)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
def test_killed_runs_go_on_and_give_the_same_bytes(bundle):
    command = [sys.executable, "benchmarks/kill_resume.py", "--times", "8", "--rows", "200", "--model", str(bundle)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.startswith("8 of 8 identical; "), done.stdout + done.stderr


def skip_without_library(name):
    library = {"zst": "zstandard", "parquet": "pyarrow"}.get(name.rpartition(".")[2])
    if library:
        pytest.importorskip(library)


@pytest.mark.parametrize("name", ["out.csv", "out.tsv.gz", "out.jsonl.zst", "out.parquet"])
@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_interrupted_run_goes_on_to_the_same_bytes(model, rows, tmp_path, stop_after, name, unit):
    skip_without_library(name)
    whole = run(model, rows, tmp_path / "whole", name, unit=unit)
    assert whole[:3] == ((60, 96, 12) if unit == "document" else (60, 51, 9))
    for n_parts in (3, 1, 4) if unit == "document" else ():
        with stop_after(n_parts), pytest.raises(KeyboardInterrupt, match="kept: the same command with --resume goes"):
            run(model, rows, tmp_path / "stopped", name, unit=unit, unfinished="resume")
    states = []
    again = run(model, rows, tmp_path / "stopped", name, unit=unit, unfinished="resume", progress=states.append)
    assert again[:3] == whole[:3]
    assert again.sentences_before == states[-1].sentences_before == (32 if unit == "document" else 0)
    assert states[-1][:3] == whole[:3]
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")
    assert sorted(files(tmp_path / "whole")) == ["bad.csv", name]


def test_errors_are_in_order_and_none_twice(model, rows, tmp_path):
    for jobs in (1, 2):
        run(model, rows, tmp_path / str(jobs), jobs=jobs)
    assert files(tmp_path / "1") == files(tmp_path / "2")
    with (tmp_path / "1" / "bad.csv").open(newline="", encoding="utf-8") as stream:
        numbers = [int(row["row"]) for row in csv.DictReader(stream)]
    assert sorted(numbers) == list(range(5, 61, 5))


def test_what_stands_unfinished_is_not_dropped_by_mistake(model, rows, tmp_path, stop_after):
    with stop_after(3), pytest.raises(KeyboardInterrupt):
        run(model, rows, tmp_path / "o")
    before = files(tmp_path / "o")
    assert sorted(before) == [".out.csv.journal", ".out.csv.part", "bad.csv"]
    with pytest.raises(InputError, match=r"out\.csv: an interrupted run of 12 sentences is kept beside it; --resume"):
        run(model, rows, tmp_path / "o")
    assert files(tmp_path / "o") == before
    assert run(model, rows, tmp_path / "o", unfinished="restart").sentences_before == 0
    assert sorted(files(tmp_path / "o")) == ["bad.csv", "out.csv"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unit": "sentence"}, "since --unit was document and is sentence now"),
        ({"spreadsheet_safe": True}, "since --spreadsheet-safe was false and is true now"),
        ({"format": "tsv"}, "since --format was csv and is tsv now"),
        ({"delimiter": ","}, "since --delimiter was not given and is , now"),
        ("model", "since the model changed"),
        ("input", "since the inputs are not what they were; restore them, or give --restart"),
        ("shorter", "since the inputs are not what they were; restore them, or give --restart"),
        ("part", r"since .*\.out\.csv\.part is not as it was left; put it back, or give --restart to begin anew"),
        ("errors", r"since .*bad\.csv is not as it was left"),
    ],
)
def test_a_run_that_is_another_one_is_not_gone_on_with(model, rows, tmp_path, stop_after, change, told):
    with stop_after(6), pytest.raises(KeyboardInterrupt):
        run(model, rows, tmp_path / "o")
    options = change if isinstance(change, dict) else {}
    path = Path(rows)
    if change == "model":
        model = model.with_prior(NAMED_PRIORS["balanced"])
    elif change == "input":
        path.write_text(path.read_text(encoding="utf-8").replace("said 1 men", "said 9 men"), encoding="utf-8")
    elif change == "shorter":
        write_rows(path, 5)
    elif change in ("part", "errors"):
        path = tmp_path / "o" / {"part": ".out.csv.part", "errors": "bad.csv"}[change]
        path.write_bytes(path.read_bytes().replace(b"d", b"e", 1))
    before = files(tmp_path / "o")
    with pytest.raises(InputError, match=told):
        run(model, rows, tmp_path / "o", unfinished="resume", **options)
    assert files(tmp_path / "o") == before


def test_inputs_that_grew_are_gone_on_with(model, rows, tmp_path, stop_after, monkeypatch):
    monkeypatch.setattr("scorer.scoring_files.read_chunks", partial(read_chunks, chunk_rows=4))
    monkeypatch.setattr("scorer.tables.packed.BLOCK_BYTES", 512)
    with stop_after(6), pytest.raises(KeyboardInterrupt):
        run(model, rows, tmp_path / "o")
    write_rows(Path(rows), 70)
    run(model, rows, tmp_path / "o", unfinished="resume")
    run(model, rows, tmp_path / "whole")
    assert files(tmp_path / "o") == files(tmp_path / "whole")


def test_files_that_came_later_are_gone_on_with(model, rows, tmp_path, stop_after):
    folder = tmp_path / "texts"
    folder.mkdir()
    for k in range(8):
        (folder / f"{k}.txt").write_text("\u0600" if k % 3 == 2 else f"It rained {k} times. " * 8, encoding="utf-8")
    with stop_after(3), pytest.raises(KeyboardInterrupt):
        run(model, str(folder), tmp_path / "o")
    (folder / "9.txt").write_text("It snowed.", encoding="utf-8")
    assert run(model, str(folder), tmp_path / "o", unfinished="resume").rows_in == 9
    run(model, str(folder), tmp_path / "whole")
    assert files(tmp_path / "o") == files(tmp_path / "whole")
    with stop_after(3), pytest.raises(KeyboardInterrupt):
        run(model, str(folder), tmp_path / "p")
    (folder / "0.txt").rename(folder / "00.txt")
    with pytest.raises(InputError, match="since the inputs are not what they were"):
        run(model, str(folder), tmp_path / "p", unfinished="resume")


def test_an_output_is_older_than_a_file_that_came_to_its_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("text\nx\n", encoding="utf-8")
    (tmp_path / "in" / "deeper").mkdir()
    out = tmp_path / "out.csv"
    assert not is_finished(str(out), [str(tmp_path / "in")])
    out.write_text("x", encoding="utf-8")
    assert is_finished(str(out), [str(tmp_path / "in")])
    assert not is_finished(str(out), ["-"])
    os.utime(tmp_path / "in", (2_000_000_000, 2_000_000_000))
    assert not is_finished(str(out), [str(tmp_path / "in")])


def test_errors_to_a_device_do_not_keep_a_run_from_going_on(model, rows, tmp_path, stop_after):
    def to_null(**options):
        return score_files(model, [rows], str(tmp_path / "out.csv"), errors=os.devnull, **options)

    with stop_after(5), pytest.raises(KeyboardInterrupt):
        to_null()
    assert to_null(unfinished="resume")[:3] == (60, 96, 12)


def test_a_run_that_failed_at_once_leaves_nothing(model, rows, tmp_path, stop_after, monkeypatch):
    monkeypatch.setattr("scorer.unfinished.KeptFile.put", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(model, rows, tmp_path / "o")
    assert files(tmp_path / "o") == {}


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_kill_between_the_name_and_the_end_leaves_a_whole_output(model, rows, tmp_path, monkeypatch, name):
    skip_without_library(name)
    whole = run(model, rows, tmp_path / "whole", name)
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "remove", lambda journal: journal.close())
        run(model, rows, tmp_path / "o", name)
    assert f".{name}.journal" in files(tmp_path / "o")
    with monkeypatch.context() as patched:
        patched.setattr("scorer.parts.score_part", lambda *args: 1 / 0)
        again = run(model, rows, tmp_path / "o", name, unfinished="resume")
    assert again[:3] == whole[:3]
    assert files(tmp_path / "o") == files(tmp_path / "whole")


def test_two_runs_do_not_write_one_output(model, rows, tmp_path):
    pytest.importorskip("fcntl")
    (tmp_path / "o").mkdir()
    with Journal(tmp_path / "o" / ".out.csv.journal", "out.csv") as journal:
        journal.begin({})
        for unfinished in ("refuse", "resume", "restart"):
            with pytest.raises(InputError, match=r"out\.csv is being written by another run; wait for it, or give"):
                run(model, rows, tmp_path / "o", unfinished=unfinished)


def test_a_worker_that_is_killed_ends_the_run_which_goes_on(model, rows, tmp_path):
    run(model, rows, tmp_path / "whole")

    def kill(state):
        for number in reusable_executor._executor._processes:
            os.kill(number, signal.SIGKILL)

    with pytest.raises(
        ScorerError, match=r"^a worker process ended .* --jobs 1; \d+ sentences are kept: the same comm"
    ):
        run(model, rows, tmp_path / "o", jobs=2, progress=kill)
    assert run(model, rows, tmp_path / "o", jobs=2, unfinished="resume").sentences_before > 0
    assert files(tmp_path / "o") == files(tmp_path / "whole")


def test_few_parts_are_held_at_a_time(model, rows, tmp_path, monkeypatch):
    read, most = 0, 0
    whole = []

    def counted(part, read_parts=iter):
        nonlocal read
        for found in part:
            read += 1
            yield found

    def seen(state):
        nonlocal most
        whole.append(state)
        most = max(most, read - len(whole))

    from scorer import scoring_files

    cut = scoring_files.cut_parts
    monkeypatch.setattr(scoring_files, "cut_parts", lambda *args: counted(cut(*args)))
    run(model, rows, tmp_path / "o", jobs=2, progress=seen)
    assert read == len(whole) > 20
    assert 2 <= most <= 6


# The journal itself.


def test_a_torn_line_of_the_journal_is_not_believed(tmp_path):
    path = tmp_path / "j"
    with Journal(path, "o") as journal:
        journal.begin({"--unit": "document"})
        journal.add(Checkpoint(parts=1, sentences=5))
        journal.add(Checkpoint(parts=2, sentences=9))
    content = path.read_bytes()
    last = content.rstrip(b"\n").rindex(b"\n") + 1
    for torn in (
        content[:-1],
        content[: last + 20],
        content[:-5] + b"\n",
        content.replace(b'"sentences": 9', b'"sentences": 8'),
    ):
        path.write_bytes(torn)
        assert Journal.look(path, "o") == Checkpoint(parts=1, sentences=5)
    with Journal(path, "o") as journal:
        journal.add(Checkpoint(parts=3))
    assert Journal.look(path, "o") == Checkpoint(parts=3)
    assert len(path.read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b'{"crc32": 1}\n', b"[]\n", b'{"crc32": 1, "entry": {}}\n', b"\xff\n"]
)
def test_what_is_no_journal_tells_of_no_run(tmp_path, content):
    path = tmp_path / "j"
    path.write_bytes(content)
    assert Journal.look(path, "o") is None
    with Journal(path, "o") as journal:
        assert journal.run is None
        journal.begin({"a": 1})
    assert Journal.look(path, "o") == Checkpoint()


def test_differences_are_told_in_the_users_words():
    assert difference({"a": 1}, {"a": 1}) is None
    assert difference({"the columns": ["a"]}, {"the columns": ["a", "b"]}) == "the columns changed"
    assert difference({"--errors": None}, {"--errors": "x.csv"}) == "--errors was not given and is x.csv now"
    assert difference({"--errors": None}, {"--errors": "x" * 99}) == "--errors changed"


def test_the_digest_of_a_model_is_the_same_in_every_process(bundle, model, rows, tmp_path):
    digest = model_digest(model)
    run(model, rows, tmp_path / "o")
    assert model_digest(model) == digest  # what scoring caches does not count
    code = (
        "import sys\nfrom scorer.bundle import load_model\nfrom scorer.fingerprints import model_digest\n"
        "print(model_digest(load_model(sys.argv[1])))"
    )
    for seed in ("1", "2"):
        command, environment = [sys.executable, "-c", code, str(bundle)], {**ENVIRONMENT, "PYTHONHASHSEED": seed}
        assert subprocess.check_output(command, cwd=ROOT, env=environment, text=True) == digest + "\n"


@pytest.mark.parametrize(
    "changed",
    [
        lambda model: model.with_prior(NAMED_PRIORS["balanced"]),
        lambda model: model.with_review_below(0.123),
        lambda model: object.__setattr__(model.vouching_, "weights", {**model.vouching_.weights, "x": 1.0}),
        lambda model: model.pipeline_.named_steps["classify"].coef_.__setitem__((0, 0), 7.0),
    ],
)
def test_another_model_has_another_digest(model, changed):
    model = deepcopy(model)
    digest = model_digest(model)
    assert model_digest(changed(model) or model) != digest


# The command line.


@pytest.fixture
def command(bundle, rows, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*args):
        return CliRunner().invoke(app, ["score", "in.csv", "-o", "out.csv", "--model", str(bundle), *args])

    return call


def test_command_line_tells_how_to_go_on(command, stop_after, tmp_path):
    with stop_after(3):
        result = command()
    assert result.exit_code == 130
    assert result.stderr.splitlines()[0] == (
        "interrupted; 12 sentences are kept: the same command with --resume goes on"
    )
    result = command()
    assert (result.exit_code, result.stderr) == (
        1,
        "error: out.csv: an interrupted run of 12 sentences is kept beside it; --resume goes on with it, --restart "
        "drops it\n",
    )
    result = command("--resume")
    assert result.exit_code == 0
    assert result.stderr.startswith(
        "60 rows in, 96 sentences out (12 before), 12 rows set aside (out.csv.errors.csv); "
    )
    result = command("--resume")
    assert (result.exit_code, result.stderr) == (
        0,
        "out.csv is whole and newer than its inputs: nothing to go on with\n",
    )
    assert CliRunner().invoke(app, ["score", "nope.csv", "-o", "out.csv", "--resume"]).exit_code == 1
    os.utime("in.csv", (2_000_000_000, 2_000_000_000))
    assert command("--resume").stderr.startswith("60 rows in, 96 sentences out, 12 rows set aside")


def test_resume_with_nothing_begun_just_runs(command):
    result = command("--resume")
    assert (result.exit_code, result.stderr[:32]) == (0, "60 rows in, 96 sentences out, 12")


def test_a_full_disk_is_told_in_one_line_and_the_run_goes_on(command, bundle, tmp_path):
    assert command("-q").exit_code == 0
    whole = files(tmp_path)
    for name in whole:
        (tmp_path / name).unlink()
    code = (
        "import scorer.parts, scorer.unfinished\nfrom scorer.cli import main\n"
        "scorer.parts.PART_CHARS, scorer.unfinished.SECONDS = 90, 0.0\nmain()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, "score", "in.csv", "-o", "out.csv", "--model", str(bundle), "-q"],
        env=ENVIRONMENT,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000)),
    )
    assert process.returncode == 1
    assert process.stderr.count("\n") == 1
    assert process.stderr.startswith("error: out.csv cannot be written: File too large; ")
    assert process.stderr.endswith(" sentences are kept: the same command with --resume goes on\n")
    assert sorted(files(tmp_path)) == [".out.csv.journal", ".out.csv.part", "out.csv.errors.csv"]
    again = command("-q", "--resume")
    assert (again.exit_code, again.stderr) == (0, "")
    assert files(tmp_path) == whole


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_is_told_in_one_line(bundle, rows, tmp_path):
    result = CliRunner().invoke(app, ["score", rows, "-o", "/dev/full", "--model", str(bundle), "-q"])
    assert (result.exit_code, result.stderr) == (1, "error: /dev/full cannot be written: No space left on device\n")
    assert not list(Path("/dev").glob("full.*"))


def test_a_full_disk_for_the_errors_file_is_told_in_one_line(bundle, rows, tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    output = tmp_path / "out.csv"
    args = ["score", rows, "-o", str(output), "--errors", "/dev/full", "--model", str(bundle), "-q"]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: /dev/full cannot be written: No space left on device")
    assert result.stderr.count("\n") == 1
    assert not output.exists()


def test_a_reader_who_leaves_ends_the_run_quietly(bundle, rows):
    command = [sys.executable, "-m", "scorer", "score", rows, "--model", str(bundle), "-q"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=ROOT
    ) as process:
        assert process.stdout.readline().startswith(b"doc_id,n,sentence,")
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0
    assert b"Traceback" not in told
    assert b"BrokenPipe" not in told


def test_progress_tells_of_what_was_before(model, rows, tmp_path, stop_after):
    with stop_after(3), pytest.raises(KeyboardInterrupt):
        run(model, rows, tmp_path / "o")
    states = []
    run(model, rows, tmp_path / "o", unfinished="resume", progress=states.append)
    assert {state.sentences_before for state in states} == {12}
    assert [state.sentences_out for state in states[:4]] == [12, 12, 12, 16]
    assert json.dumps([state.bytes_in for state in states]) == json.dumps(sorted(state.bytes_in for state in states))
