"""What somebody's text may do to the terminal: nothing. And what the command line may cost before it does anything."""

import io
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from scorer.cli import app
from scorer.cli.show import sentence_panel, story_lines
from scorer.cli.style import visible
from scorer.evidence import feature_evidence
from scorer.scoring import score_text

CLI = CliRunner()
OBEYED = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear": "\x1b[2J\x1b[H",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "eight bits": "\x9b31m\x9d0;owned\x9c",
    "backspaces": "safe\b\b\b\bevil",
    "carriage return": "evil\rsafe",
    "bells and nulls": "\x07\x00\x0e\x0f\x7f",
    "direction": "\u202eright to left\u202c\u2066x\u2069",
    "zero width": "a\u200b\u2060\ufeffb",
    "lone surrogate": "\ud83d",
}
MARKUP = ["[bold]loud[/bold]", "[link=https://evil.example]here[/link]", "[/]", "[red", ":boom:", "<b>bold</b>", "&lt;"]
CLAIM = "Officials {} said the {} bridge may close, which {} denied. "


def shown(model, text):
    """What `scorer explain` writes to a terminal with colours, styles and all."""
    stream = io.StringIO()
    console = Console(file=stream, width=100, force_terminal=True, color_system="truecolor", legacy_windows=False)
    scored = score_text(model, text).sentences
    for part in story_lines(text, scored, coloured=True) if len(scored) > 1 else ():
        console.print(part, highlight=False)
    for one in scored[:2]:
        evidence = feature_evidence(model, one.reading, one.assessment.strength)
        console.print(sentence_panel(one, evidence, width=100), highlight=False)
    return stream.getvalue()


def harmless(out):
    """Fail if more than rich's own colours stands in it."""
    for piece in out.split("\x1b")[1:]:
        codes, end, _ = piece.partition("m")
        is_colour = end and codes[:1] == "[" and set(codes[1:]) <= set("0123456789;")
        assert is_colour, f"ESC{piece[:20]!r}"
    rest = out.replace("\x1b", "").replace("\n", "")
    assert rest.isprintable(), {hex(ord(c)) for c in rest if not c.isprintable()}


@pytest.mark.parametrize("name", OBEYED)
def test_text_does_not_command_the_terminal(model, name):
    for text in (CLAIM.format(*[OBEYED[name]] * 3), CLAIM.format(*[OBEYED[name]] * 3) * 3):
        harmless(shown(model, text))


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_of_a_text_is_shown_as_it_stands(model, markup):
    out = shown(model, f"Officials said {markup} the bridge may close.")
    harmless(out)
    plain = "".join(piece.partition("m")[2] if k else piece for k, piece in enumerate(out.split("\x1b")))
    assert markup in plain


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
@settings(max_examples=40, deadline=None)
def test_no_text_commands_the_terminal(model, text):
    harmless(shown(model, f"Officials said {text} may close."))


@given(st.text(alphabet=st.characters(codec=None)))
def test_visible_text_is_printable_and_keeps_its_places(text):
    assert visible(text).isprintable()
    assert len(visible(text)) == len(text)
    assert all(after in (before, " ") for before, after in zip(text, visible(text), strict=True))


def test_manifest_and_metrics_do_not_command_the_terminal(bundle, tmp_path):
    folder = Path(shutil.copytree(bundle, tmp_path / "m"))
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    evil = "".join(part for part in OBEYED.values() if part.isascii()) + "\x9b2J"
    manifest |= {"labels_by": evil, "versions": manifest["versions"] | {"numpy": evil}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    (folder / "metrics.json").write_text(json.dumps(metrics | {"how": evil}), encoding="utf-8")
    for command in ("show", "verify"):
        done = CLI.invoke(app, ["model", command, str(folder)])
        assert done.exit_code == 0, done.stderr
        harmless(done.stdout + done.stderr)
        assert "owned" in done.stdout + done.stderr


def test_errors_and_rows_set_aside_do_not_command_the_terminal(bundle, tmp_path):
    source = tmp_path / "in\x1b[31m.csv"
    source.write_text("\x1b]0;owned\x07text,doc_id\n1,2,3,4\n", encoding="utf-8")
    done = CLI.invoke(app, ["score", str(source), "--model", str(bundle)])
    assert done.exit_code == 1
    harmless(done.stderr)
    source.write_text("text\nOfficials said it.\n1,2\n", encoding="utf-8")
    done = CLI.invoke(app, ["score", str(source), "--model", str(bundle)])
    assert done.exit_code == 0
    assert "set aside: " in done.stderr
    harmless(done.stderr)


HELP = [sys.executable, "-m", "scorer", "--help"]


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['scorer', '--help']\n"
        "from scorer.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: scorer" in done.stdout
    heavy = {"numpy", "pandas", "scipy", "sklearn", "joblib", "pyarrow", "jinja2", "dask", "distributed"}
    assert "typer" in done.stderr.split()
    assert heavy & set(done.stderr.split()) == set()


def cpu_seconds(command):
    """Time of the processor alone: on a shared machine the clock on the wall measures the neighbours."""
    resource = pytest.importorskip("resource", reason="the time of a child process is told on POSIX alone")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return min(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def test_help_is_there_in_no_time():
    assert min(cpu_seconds(HELP) for _ in range(5)) < 0.3
