"""The documentation holds: its snippets run and print what they show, its links lead somewhere."""

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.main import get_command

import scorer
from scorer import bundle
from scorer.cli import app
from scorer.lexicon import CUE_FILES, FOLDER, load_lexicon
from scorer.lexicon_check import check_examples
from scorer.reading import Reader
from scorer.records import Sentence

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
SHIPPED = ROOT / "models" / "default" / "model.joblib"
SNIPPET = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def snippets(path):
    return [(match["code"], match["output"]) for match in SNIPPET.finditer(path.read_text(encoding="utf-8"))]


def test_pages_with_snippets_are_found():
    assert {path.name for path in DOCS if snippets(path)} >= {
        *("python.md", "own-data.md", "score-explained.md", "lexicons.md")
    }


@pytest.mark.parametrize("path", [path for path in DOCS if snippets(path)], ids=lambda path: path.name)
def test_snippets_run_and_print_what_they_show(path, tmp_path, monkeypatch, request):
    if not SHIPPED.exists():
        small = request.getfixturevalue("bundle")
        monkeypatch.setattr(bundle, "SHIPPED", small)
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    names = {"__name__": path.stem}
    for number, (code, output) in enumerate(snippets(path)):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, f"{path.name}, snippet {number}", "exec"), names)
        if output is not None and SHIPPED.exists():
            assert printed.getvalue() == output, f"{path.name}, snippet {number}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_commands_exist_with_their_options(path):
    blocks = re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    for line in re.findall(r"^scorer .*", "".join(blocks), re.MULTILINE):
        command = get_command(app)
        for word in shlex.split(line, comments=True)[1:]:
            if word in getattr(command, "commands", {}):
                command = command.commands[word]
            elif word.startswith("--"):
                assert word in {option for parameter in command.params for option in parameter.opts}, line
        assert not hasattr(command, "commands"), line


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_lead_to_files(path):
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_index_names_every_page():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in DOCS} - {"README.md"} == set(LINK.findall(index))


def test_page_on_lexicons_names_every_file_and_category():
    page = (ROOT / "docs" / "lexicons.md").read_text(encoding="utf-8")
    for name in (*CUE_FILES.values(), "words.tsv", "inflections.tsv", "layout.tsv", "SOURCES.md"):
        assert f"`{name}`" in page
    for entry in load_lexicon().entries:
        if entry.family != "lookalike":
            for part in entry.category.split("."):
                assert f"`{part}`" in page, entry.category


def test_example_rows_on_the_page_on_lexicons_are_right(tmp_path):
    page = (ROOT / "docs" / "lexicons.md").read_text(encoding="utf-8")
    (rows,) = re.findall(r"^```tsv\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    folder = shutil.copytree(FOLDER, tmp_path / "lexicons")
    for row, name in zip(rows.splitlines(), ("reports.tsv", "sources.tsv"), strict=True):
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(row + "\n")
    assert check_examples(load_lexicon(folder), folder) == []


def test_spans_on_the_page_on_attribution_are_what_the_rules_give():
    page = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*) \| `(.*)` \| .* \|$", page.split("## The span")[1].split("\n## ")[0], re.MULTILINE)
    assert len(rows) == 9
    for begins, source in rows:
        text = f"{begins} passengers the road was shut."
        (reading,) = Reader().read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])
        assert text[slice(*reading.attributions[0].source)] == source, text


def test_public_names_are_on_the_page_on_python():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    for name in set(scorer.__all__) - {"__version__"}:
        assert name in page
