"""The command line: data on stdout, words on stderr, exit codes, exact errors, and no tracebacks."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.cli import app
from scorer.cli.score import _seconds
from scorer.lexicon import FOLDER
from scorer.scoring_files import ScoreSummary

DATA = Path(__file__).parent.parent / "data"
ARTICLES, SENTENCES = DATA / "sample-articles.csv", DATA / "sample-sentences.csv"
SENTENCE = "Western officials said the bridge could be closed."
STORY = f"Bridge in doubt\n\n{SENTENCE} It rained.\n"
HEADER = ",".join(OUTPUT_COLUMNS)


@pytest.fixture
def run(bundle, monkeypatch):
    """Run a command with the small model, and hold it to what no command may do."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")

    def call(*args, input=None, model=True):
        options = ["--model", str(bundle)] if model and args[0] in ("score", "explain") else []
        result = CliRunner().invoke(app, [*map(str, args), *options], input=input)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.stderr
        return result

    return call


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_help_lists_every_command_and_each_has_help(run):
    result = run("--help")
    assert result.exit_code == 0
    for command in ("score", "explain", "evaluate", "train", "model", "lexicon"):
        assert f"│ {command} " in result.stdout
        assert len(run(command, "--help", model=False).stdout) > 300
    assert "does not say whether the claim is true" in " ".join(result.stdout.split())


def test_no_arguments_show_the_help(run):
    result = CliRunner().invoke(app, [])
    assert "Usage: " in result.stdout + result.stderr
    assert result.exit_code == 2


def test_version(run):
    result = run("--version")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"scorer {version('scorer')}\n", "")


def test_help_is_quick_and_imports_nothing_heavy():
    code = (
        "import sys, scorer, scorer.cli\n"
        "heavy = {'sklearn', 'pandas', 'numpy', 'scipy', 'joblib', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    assert time.perf_counter() - started < 3.0


def test_public_names_are_found_when_asked_for():
    import scorer
    from scorer.scoring import score_text

    assert scorer.score_text is score_text
    assert set(scorer.__all__) <= set(dir(scorer))
    assert scorer.__version__ == version("scorer")
    with pytest.raises(AttributeError, match="module 'scorer' has no attribute 'nothing'"):
        _ = scorer.nothing


def test_score_writes_a_file_and_says_what_it_did(run, tmp_path):
    output = tmp_path / "out.csv"
    result = run("score", ARTICLES, "-o", output)
    assert result.exit_code == 0
    assert result.stdout == ""
    rows = rows_of(output.read_text(encoding="utf-8"))
    assert result.stderr.startswith(f"9 rows in, {len(rows)} sentences out, 0 rows set aside; ")
    assert result.stderr.endswith(" sentences/s\n")
    assert list(rows[0]) == ["doc_id", "published", "section", "headline", "url", *OUTPUT_COLUMNS]
    assert {row["doc_id"] for row in rows} == {f"art-00{k}" for k in range(1, 10)}
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_score_offsets_hold_in_the_callers_text(run):
    texts = {row["doc_id"]: row["text"] for row in rows_of(ARTICLES.read_text(encoding="utf-8"))}
    for row in rows_of(run("score", ARTICLES).stdout):
        assert texts[row["doc_id"]][int(row["start"]) : int(row["end"])] == row["text"]


def test_score_of_sentences_keeps_rows_and_order(run):
    result = run("score", SENTENCES, "--unit", "sentence", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    given, found = rows_of(SENTENCES.read_text(encoding="utf-8")), rows_of(result.stdout)
    assert [(row["doc_id"], row["text"], row["desk"]) for row in found] == [
        (row["doc_id"], row["text"], row["desk"]) for row in given
    ]


def test_score_reads_standard_input(run):
    given = SENTENCES.read_text(encoding="utf-8")
    assert run("score", "-", "--quiet", input=given).stdout == run("score", SENTENCES, "--quiet").stdout


def test_score_hands_its_options_on(run, tmp_path, monkeypatch):
    given = {}

    def score_files(model, inputs, output, **options):
        given.update(options, inputs=inputs, output=output)
        return ScoreSummary(0, 0, 0, 0.0)

    monkeypatch.setattr("scorer.scoring_files.score_files", score_files)
    options = ["--jobs", 3, "--text-column", "t", "--doc-column", "d", "--encoding", "cp1252", "--delimiter", ";"]
    assert run("score", "a", "b", "-o", "c.jsonl", "--unit", "sentence", "--spreadsheet-safe", *options).exit_code == 0
    expected = {"inputs": ["a", "b"], "output": "c.jsonl", "unit": "sentence", "format": "jsonl", "jobs": 3}
    expected |= {"text_column": "t", "doc_column": "d", "encoding": "cp1252", "delimiter": ";"}
    expected |= {"errors": "c.jsonl.errors.csv", "errors_always": False, "spreadsheet_safe": True, "progress": None}
    expected |= {"unfinished": "refuse"}
    assert {key: value for key, value in given.items() if key != "on_reject"} == expected


@pytest.mark.parametrize("options", [["--format", "jsonl"], ["-o", "out.jsonl"], ["-o", "out.ndjson"]])
def test_score_writes_jsonl(run, tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    result = run("score", SENTENCES, *options)
    assert result.exit_code == 0
    text = Path(options[1]).read_text(encoding="utf-8") if options[0] == "-o" else result.stdout
    rows = [json.loads(line) for line in text.splitlines()]
    assert list(rows[0]) == ["doc_id", "desk", *LISTED_COLUMNS]


def test_score_of_a_blank_row_goes_to_the_errors_file(run, tmp_path):
    path, output = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("text\nIt rained.\n \none,two\n", encoding="utf-8")
    result = run("score", path, "-o", output)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"3 rows in, 1 sentence out, 2 rows set aside ({output}.errors.csv); ")
    errors = rows_of(Path(f"{output}.errors.csv").read_text(encoding="utf-8"))
    assert [(row["row"], row["column"], row["reason"]) for row in errors] == [
        ("2", "text", "empty text"),
        ("3", "", "2 fields where the header has 1"),
    ]
    path.write_text("text\nIt rained.\n", encoding="utf-8")
    assert "0 rows set aside; " in run("score", path, "-o", output).stderr
    assert not Path(f"{output}.errors.csv").exists()


def test_score_to_standard_output_tells_rejects_on_standard_error(run):
    result = run("score", "-", "-q", input="text\nIt rained.\n" + " \n" * 12)
    assert result.exit_code == 0
    assert len(rows_of(result.stdout)) == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "set aside: standard input, row 2, column 'text': empty text"
    assert lines[9:] == [
        "set aside: standard input, row 11, column 'text': empty text",
        "set aside: 2 more; --errors FILE keeps them all",
    ]


def test_score_with_errors_writes_that_file_always(run, tmp_path):
    errors = tmp_path / "bad.csv"
    result = run("score", SENTENCES, "--errors", errors, "-q")
    assert (result.exit_code, result.stderr) == (0, "")
    assert errors.read_text(encoding="utf-8") == "file,row,column,reason,text\n"


def test_score_spreadsheet_safe(run):
    result = run("score", "-", "--unit", "sentence", "--spreadsheet-safe", input="id,text\n=1+1,It rained.\n")
    assert rows_of(result.stdout)[0]["id"] == "'=1+1"


@pytest.mark.parametrize(
    ("args", "text", "message"),
    [
        (["nope.csv"], None, "error: nope.csv: no such file or folder\n"),
        (
            ["-"],
            "id,body\n1,It.\n",
            "error: column 'text' not found in standard input; its columns are: id, body; "
            "name one with --text-column\n",
        ),
        (
            ["-"],
            "source,text\n1,It rained.\n",
            "error: column 'source' of standard input has the name of an output column; rename it\n",
        ),
        (["-", "--encoding", "nonsense"], "text\nx\n", None),
        (["-", "-o", "nowhere/out.csv"], "text\nx\n", None),
    ],
)
def test_score_faults_of_the_data_are_one_line_and_code_1(run, tmp_path, monkeypatch, args, text, message):
    monkeypatch.chdir(tmp_path)
    result = run("score", *args, input=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert message is None or result.stderr == message
    assert list(tmp_path.iterdir()) == []


def test_score_with_a_model_that_is_none_is_one_line_and_code_1(run, tmp_path):
    result = run("score", SENTENCES, "--model", tmp_path, model=False)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-", "--jobs", "0"], "greater than or equal to 1"),
        (["-", "--unit", "word"], "Invalid value for '--unit'"),
        (["-", "--reports", "x.html"], "No such option: --reports"),
        (["-", "-o", "out.xlsx"], "'.xlsx' is not written; name it .csv, .tsv or .jsonl, each also with .gz or .zst"),
        (["-", "-o", "out.parquet.gz"], "'.parquet.gz' is not written; "),
        (["-", "--format", "parquet"], "Parquet needs a file; give -o OUT.parquet"),
        (["-", "--resume"], "only a file can be gone on with; give -o OUT"),
        (["-", "-o", os.devnull, "--resume"], "only a file can be gone on with; give -o OUT"),
        (["-", "-o", "out.csv", "--resume", "--restart"], "give it or --restart, not both"),
        ([], "Missing argument 'INPUT"),
    ],
)
def test_score_usage_errors_are_code_2(run, args, message):
    result = run("score", *args, input="text\nx\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_explain_shows_a_sentence_with_its_reasons(run):
    result = run("explain", SENTENCE)
    assert (result.exit_code, result.stderr) == (0, "")
    for part in (SENTENCE, "Western officials (", "could (modal", "hedge “could”", "together, the logit of", "%"):
        assert part in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) == 100


def test_explain_shows_a_story_sentence_by_sentence(run):
    result = run("explain", "-", input=STORY)
    assert result.exit_code == 0
    assert "3 sentences: " in result.stdout
    assert "\n1  Western officials said the bridge could be closed." in result.stdout
    assert "logit" not in result.stdout
    chosen = run("explain", "-", "--sentence", "1", input=STORY)
    assert "together, the logit of" in chosen.stdout


def test_explain_shows_links_between_a_claim_and_its_checks(run):
    story = "A channel said the dam had burst. Moscow denied it. The claim could not be verified.\n"
    shown = run("explain", story).stdout
    assert shown.count("disputed, says sentence 1") == shown.count("not verified, says sentence 2") == 1
    assert shown.count("speaks of sentence 0") == 2
    claim, denial = (run("explain", "-", "--sentence", n, input=story).stdout for n in ("0", "1"))
    assert "check   disputed, says sentence 1" in claim
    assert "check   not verified, says sentence 2" in claim
    assert "check   speaks of sentence 0" in denial


def test_explain_fits_a_narrow_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "44")
    for result in (run("explain", SENTENCE), run("explain", STORY)):
        assert max(map(len, result.stdout.splitlines())) <= 44


def test_explain_never_sends_what_a_terminal_would_obey(run):
    result = run("explain", "Police said \x1b[2Jnothing\u202e was found.")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


@pytest.mark.parametrize(
    ("args", "text", "code", "message"),
    [
        (["-"], " \n", 1, "error: the text is empty; give a sentence or a story\n"),
        (["-"], b"caf\xe9", 1, "error: standard input is not UTF-8 (byte 3); convert it first\n"),
        ([STORY, "-s", "9"], None, 1, "error: there is no sentence 9: the text has sentences 0 to 2\n"),
    ],
)
def test_explain_faults_are_one_line(run, args, text, code, message):
    result = run("explain", *args, input=text)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", message)


def test_explain_of_a_file_name_says_how_to_give_its_text(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("story.txt").write_text(STORY, encoding="utf-8")
    result = run("explain", "story.txt")
    assert result.exit_code == 2
    assert "give its text: scorer explain - < story.txt" in " ".join(result.stderr.replace("│", " ").split())


def copied(folder):
    for path in FOLDER.glob("*.tsv"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_lexicon_check_counts_and_measures(run):
    result = run("lexicon", "check", "--data", DATA / "authored-01.tsv")
    assert "\nhedge " in result.stdout
    assert "found in data" in result.stdout
    assert "recall" in result.stdout


def test_lexicon_check_names_the_line_of_a_wrong_example(run, tmp_path):
    folder = copied(tmp_path)
    row = "zz1\tmodal\tzorble\t0.5\tforward\town\tThe dam may fail.\tThey zorble it.\t\n"
    with (folder / "hedges.tsv").open("a", encoding="utf-8") as stream:
        stream.write(row)
    line = len((folder / "hedges.tsv").read_text(encoding="utf-8").splitlines())
    result = run("lexicon", "check", folder)
    assert result.exit_code == 1
    where = f"{folder / 'hedges.tsv'}: line {line}: zz1 (zorble)"
    assert f"{where} is not found in its example: The dam may fail.\n" in result.stderr
    assert f"{where} is found where it must not be: They zorble it.\n" in result.stderr


def test_lexicon_check_of_a_broken_file_is_one_line(run, tmp_path):
    folder = copied(tmp_path)
    (folder / "hedges.tsv").write_text("id\tword\n", encoding="utf-8")
    result = run("lexicon", "check", folder)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(f"error: {folder / 'hedges.tsv'}: line 1: ")


def test_a_reader_who_leaves_ends_it_quietly(bundle):
    process = subprocess.Popen(
        [sys.executable, "-m", "scorer", "explain", STORY * 400, "--model", str(bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (0, b"")
    process.stderr.close()


@pytest.mark.parametrize(("seconds", "told"), [(0.04, "0.0 s"), (75, "1 min 15 s"), (3725, "1 h 02 min")])
def test_times_are_told_in_few_words(seconds, told):
    assert _seconds(seconds) == told
