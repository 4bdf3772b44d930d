"""The engine on real clusters of worker processes: the same bytes as one process, also when a worker is killed."""

import csv
import hashlib
import json
import logging
import os
import re
import signal
import sys
import warnings
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorer import engine
from scorer.cli import app
from scorer.cluster import run_tasks
from scorer.engine import score_on_dask
from scorer.errors import InputError, ScorerError
from scorer.piece_task import Footing, footing
from scorer.scoring import score_files

distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'scorer[dask]'")

# Closing a cluster of processes leaves sockets and loops to the garbage collector; that is Dask's own affair.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

STORY = (
    "The minister said the dam would hold in {k} of {k} cases. She did not say who had checked it.\n"
    "Rebels claimed, “we took {k} towns”. The claim could not be independently verified. A witness said it may rain.\n"
    "The bridge, opened in 19{k:02d}, carries 9,000 vehicles a day. According to the filing, it cost $4m."
)
N_FILES, N_STORIES = 9, 40


@pytest.fixture(scope="module")
def cluster():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=3,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster:
            yield cluster


def write_csv(path, rows, columns=("doc_id", "desk", "text")):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    """Write a folder of CSV files with multi-line cells, hostile cells and bad rows."""
    folder = tmp_path_factory.mktemp("stories") / "in"
    folder.mkdir()
    for n in range(N_FILES):
        rows = [(f"{n}-{k}", 'a,"b\nc', STORY.format(k=n * N_STORIES + k)) for k in range(N_STORIES)]
        rows[3] = (f"{n}-3", "=1+1", " \u200b ")
        rows[5] = (f"{n}-5", "x", "Only one field more.", "surplus")
        write_csv(folder / f"{n}.csv", rows)
    return folder


def one_process(model, inputs, folder, **options):
    kind = options.get("format", "csv")
    target, errors = folder / f"one.{kind}", folder / "one.errors.csv"
    summary = score_files(model, [str(name) for name in inputs], str(target), errors=str(errors), **options)
    return target.read_bytes(), errors.read_bytes() if errors.exists() else b"", summary


PAGE = (Path(__file__).parent.parent / "docs" / "scaling.md").read_text(encoding="utf-8")


def joined(folder):
    """Join the parts with the code of the page on scaling."""
    names = {}
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], names)
    names["join"](folder, folder.with_name("joined"))
    described = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for part in described["parts"]:
        content = (folder / part["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == part["sha256"]
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *(p["file"] for p in described["parts"])}
    for count in ("rows_in", "sentences_out", "rows_set_aside"):
        assert described[count] == sum(part[count] for part in described["parts"])
    return folder.with_name("joined").read_bytes(), described


@pytest.mark.parametrize("options", [{}, {"format": "jsonl"}, {"unit": "sentence"}, {"spreadsheet_safe": True}])
def test_parts_are_what_one_process_writes(cluster, model, bundle, stories, tmp_path, options):
    whole, errors, summary = one_process(model, [stories], tmp_path, **options)
    out = tmp_path / "parts"
    found = score_on_dask([str(stories)], str(out), scheduler=None, model=bundle, jobs=2, **options)
    assert joined(out)[0] == whole
    assert (tmp_path / "parts.errors.csv").read_bytes() == errors
    assert found[:3] == summary[:3] == (N_FILES * N_STORIES, summary.sentences_out, 2 * N_FILES)


def test_a_worker_killed_in_its_work_changes_nothing(cluster, model, bundle, stories, tmp_path):
    whole, errors, summary = one_process(model, [stories.resolve()], tmp_path)
    killed = []

    def kill_a_busy_one(_):
        if killed:
            return
        for state in list(cluster.scheduler.workers.values()):
            if state.processing:
                killed.append((cluster.workers[state.name].pid, len(state.processing)))
                os.kill(killed[0][0], signal.SIGKILL)
                return

    out = tmp_path / "parts"
    found = score_on_dask(
        [str(stories)], str(out), scheduler=cluster.scheduler_address, model=bundle, progress=kill_a_busy_one
    )
    assert killed, "no worker was busy when the first part was done"
    assert killed[0][0] not in {nanny.pid for nanny in cluster.workers.values()}
    assert joined(out)[0] == whole
    assert (tmp_path / "parts.errors.csv").read_bytes() == errors
    assert found[:3] == summary[:3]


def test_row_groups_of_a_parquet_file_are_parts(cluster, model, bundle, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    texts = [STORY.format(k=k) if k % 7 else None for k in range(60)]
    table = pyarrow.table({"k": range(60), "text": texts, "tags": [["a", str(k)] for k in range(60)]})
    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=10)
    whole, errors, _ = one_process(model, [(tmp_path / "in.parquet").resolve()], tmp_path)
    out = tmp_path / "parts"
    address = cluster.scheduler_address
    score_on_dask([str(tmp_path / "in.parquet")], str(out), scheduler=address, model=bundle, piece_bytes=1)
    content, described = joined(out)
    assert content == whole
    assert [part["row_groups"] for part in described["parts"]] == [[n, n] for n in range(6)]
    assert (tmp_path / "parts.errors.csv").read_bytes() == errors
    assert errors.count(b"empty text") == 9
    # Sentences of one document may stand in two row groups, so the file is one part then.
    score_on_dask(
        [str(tmp_path / "in.parquet")], str(tmp_path / "rows"), scheduler=address, model=bundle, unit="sentence",
        piece_bytes=1,
    )  # fmt: skip
    assert len(joined(tmp_path / "rows")[1]["parts"]) == 1


def test_text_files_are_scored_too(cluster, model, bundle, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for k in range(4):
        (folder / f"{k}.txt").write_text(STORY.format(k=k) if k != 2 else "", encoding="utf-8")
    whole, errors, _ = one_process(model, [folder.resolve()], tmp_path)
    score_on_dask([str(folder)], str(tmp_path / "parts"), scheduler=cluster.scheduler_address, model=bundle)
    assert joined(tmp_path / "parts")[0] == whole
    assert (tmp_path / "parts.errors.csv").read_bytes() == errors


def test_sentences_of_long_documents_are_numbered_on_and_divided_ones_are_told(cluster, model, bundle, tmp_path):
    folder = (tmp_path / "in").resolve()
    folder.mkdir()
    write_csv(folder / "0.csv", [("a", "Police said so."), ("long", "It may rain.")], ("doc_id", "text"))
    write_csv(folder / "1.csv", [("long", f"She said {k}.") for k in range(20_050)], ("doc_id", "text"))
    write_csv(folder / "2.csv", [("z", "Nobody was hurt.")], ("doc_id", "text"))
    notes = []
    options = {"unit": "sentence", "scheduler": cluster.scheduler_address, "model": bundle}
    score_on_dask([str(folder)], str(tmp_path / "parts"), on_note=notes.append, **options)
    assert notes == [
        f"1 document goes on from one file to the next, first 'long' from {folder}/0.csv to {folder}/1.csv: the halves "
        "were read apart, and each is numbered from 0; keep the rows of a document in one file"
    ]
    whole, _, _ = one_process(model, [folder / "1.csv"], tmp_path, unit="sentence")
    assert (tmp_path / "parts" / "part-00001.csv").read_bytes() == whole
    assert b",20049," in whole


def test_too_few_parts_are_told(cluster, bundle, stories, tmp_path):
    notes = []
    where = {"scheduler": cluster.scheduler_address, "model": bundle}
    score_on_dask([str(stories / "0.csv")], str(tmp_path / "parts"), on_note=notes.append, **where)
    assert notes == [
        "the input has 1 part for 3 workers, so some have nothing to do; cut it to more files (a CSV file is one part)"
    ]


def test_command_runs_a_cluster_of_its_own_with_the_models_mix(bundle, model, stories, tmp_path):
    out, one = tmp_path / "parts", tmp_path / "one.csv"
    shared = ["score", str(stories), "--model", str(bundle), "--prior", "balanced", "--review-below", "0.9"]
    assert CliRunner().invoke(app, [*shared, "-o", str(one)]).exit_code == 0
    result = CliRunner().invoke(app, [*shared, "-o", str(out), "--engine", "dask", "--jobs", "2"])
    assert result.exit_code == 0, result.output
    assert joined(out)[0] == one.read_bytes()
    assert result.stdout == ""
    assert result.stderr.startswith(f"{N_FILES * N_STORIES} rows in, ")
    assert f"{2 * N_FILES} rows set aside ({out}.errors.csv)" in result.stderr


def refused(cluster, stories, tmp_path, bundle, **options):
    """Expect one line, and nothing left behind."""
    settings = {"scheduler": cluster.scheduler_address, "model": bundle, **options}
    with pytest.raises(ScorerError) as caught:
        score_on_dask([str(stories)], str(tmp_path / "parts"), **settings)
    assert list(tmp_path.iterdir()) == []
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_worker_with_another_version_or_model_is_named(cluster, stories, tmp_path, bundle, monkeypatch):
    here = footing(str(bundle))
    monkeypatch.setattr(engine, "footing", lambda model: here._replace(scorer="9.9"))
    told = refused(cluster, stories, tmp_path, bundle)
    assert told.startswith("worker tcp://127.0.0.1:")
    assert told.endswith(f" has scorer {here.scorer}, not 9.9; install the same version everywhere")
    monkeypatch.setattr(engine, "footing", lambda model: Footing(here.scorer, "0" * 64))
    told = refused(cluster, stories, tmp_path, bundle)
    assert f" has another model (sha256 {here.model[:12]}…, not 000000000000…); copy the same model's folder" in told
    # A worker that comes later is not there to be asked: its tasks look for themselves.
    monkeypatch.setattr(engine, "check_workers", lambda client, settings: None)
    assert refused(cluster, stories, tmp_path, bundle).startswith("a worker has another model (sha256 ")


def test_worker_without_scorer_is_named(cluster, stories, tmp_path, bundle):
    def hide():
        import importlib.metadata as metadata

        def version(name, real=metadata.version):
            if name == "scorer":
                raise PackageNotFoundError(name)
            return real(name)

        version.real = metadata.version
        metadata.version = version

    def show():
        import importlib.metadata as metadata

        metadata.version = metadata.version.real

    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        client.run(hide)
        try:
            told = refused(cluster, stories, tmp_path, bundle)
        finally:
            client.run(show)
    assert told.startswith("worker tcp://127.0.0.1:")
    assert told.endswith(f" has no scorer; install scorer {footing(str(bundle)).scorer} on every worker")


def test_folder_that_workers_do_not_see_is_told(cluster, stories, tmp_path, bundle, monkeypatch):
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        monkeypatch.setattr(engine, "Settings", lambda folder, *rest: real(f"{folder}-elsewhere", *rest))
        real = sys.modules["scorer.piece_task"].Settings
        assert client.nthreads()
        assert "inputs and output must be on storage that every machine mounts" in refused(
            cluster, stories, tmp_path, bundle
        )


def test_unreachable_scheduler_and_one_without_workers_are_told(cluster, stories, tmp_path, bundle, monkeypatch):
    monkeypatch.setattr("scorer.cluster._WAIT", 1)
    told = refused(cluster, stories, tmp_path, bundle, scheduler="tcp://127.0.0.1:9")
    assert told == ("no Dask scheduler answers at tcp://127.0.0.1:9; check the address, or start one: dask scheduler")
    assert "no Dask scheduler answers at nonsense://x" in refused(
        cluster, stories, tmp_path, bundle, scheduler="nonsense://x"
    )
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL) as empty:
        told = refused(cluster, stories, tmp_path, bundle, scheduler=empty.scheduler_address)
    assert "has no workers; start some: dask worker tcp://" in told


def test_missing_dask_is_told(stories, tmp_path, bundle, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScorerError, match=r"--engine dask needs Dask; run: pip install 'scorer\[dask\]'"):
        score_on_dask([str(stories)], str(tmp_path / "parts"), model=bundle)
    assert list(tmp_path.iterdir()) == []


def test_input_that_breaks_on_the_way_costs_one_row_that_says_so(cluster, model, bundle, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    folder = (tmp_path / "in").resolve()
    folder.mkdir()
    for name in "ab":
        texts = [f"{STORY.format(k=k)} {k * 7919}" for k in range(400)]
        parquet.write_table(pyarrow.table({"text": texts}), folder / f"{name}.parquet", compression="none")
    content = bytearray((folder / "b.parquet").read_bytes())
    content[40:4000] = b"\xff" * 3960
    (folder / "b.parquet").write_bytes(content)
    whole, errors, summary = one_process(model, [folder], tmp_path)
    found = score_on_dask([str(folder)], str(tmp_path / "parts"), scheduler=cluster.scheduler_address, model=bundle)
    assert joined(tmp_path / "parts")[0] == whole
    assert (tmp_path / "parts.errors.csv").read_bytes() == errors
    assert found[:3] == summary[:3] == (401, summary.sentences_out, 1)
    assert b"b.parquet,1,,the file cannot be read further (" in errors


def test_a_part_that_kills_its_workers_ends_the_run(cluster):
    with (
        distributed.Client(cluster.scheduler_address, set_as_default=False) as client,
        pytest.raises(ScorerError, match="the workers that scored part 0 died one after the other"),
    ):
        list(run_tasks(client, os._exit, [(1,)]))


def test_a_lost_scheduler_ends_the_run_without_output(stories, tmp_path, bundle):
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    ) as lost:
        settings = {"scheduler": lost.scheduler_address, "model": bundle, "progress": lambda _: lost.close()}
        with pytest.raises(ScorerError, match="the connection to the Dask scheduler was lost; nothing was written"):
            score_on_dask([str(stories)], str(tmp_path / "parts"), **settings)
    assert list(tmp_path.iterdir()) == []


def test_output_that_exists_is_kept(cluster, stories, tmp_path, bundle):
    (tmp_path / "parts").mkdir()
    with pytest.raises(InputError, match="parts exists; give another name, or remove it first"):
        score_on_dask([str(stories)], str(tmp_path / "parts"), model=bundle)
    (tmp_path / ".other.part").mkdir()
    with pytest.raises(InputError, match=r"another run is writing .*other, or one was killed"):
        score_on_dask([str(stories)], str(tmp_path / "other"), model=bundle)
    with pytest.raises(InputError, match="there is no folder"):
        score_on_dask([str(stories)], str(tmp_path / "no" / "parts"), model=bundle)
    with pytest.raises(InputError, match="is an input too"):
        score_on_dask([str(stories)], str(tmp_path / "x"), errors=str(stories / "0.csv"), model=bundle)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.part", "parts"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "dask"], "writes a folder of parts"),
        (["-o", "x", "--engine", "dask", "--resume"], "not with --engine dask"),
        (["-o", "x.parquet", "--engine", "dask"], "writes csv and jsonl, not parquet"),
        (["-o", "x", "--engine", "dask", "--report", "r.html"], "scorer report takes one table"),
        (["-o", "x", "--scheduler", "tcp://h:1"], "is for --engine dask"),
    ],
)
def test_wrong_usage_is_told(stories, options, told):
    result = CliRunner().invoke(app, ["score", str(stories), *options])
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.replace("│", " ").split())


def test_standard_input_is_refused(tmp_path, bundle):
    with pytest.raises(InputError, match="standard input cannot be divided among workers"):
        score_on_dask(["-"], str(tmp_path / "parts"), model=bundle)
