"""The Markdown summary: its figures are the table's, its words are escaped."""

import json
import re

import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.labels import STRENGTHS
from scorer.scored_table import read_scored
from scorer.summary import summarise
from scorer.summary_text import FOOTING, FORMULA, summary_markdown


def row(doc, number, text, strength, score, kind="none", who="none", source="", **other):
    cells = {"doc_id": doc, "sentence": number, "start": 0, "end": len(text), "text": text, "strength": strength}
    cells |= {"score": score, **{f"p_{name}": float(name == strength) for name in STRENGTHS}}
    cells |= {"source_type": kind, "identification": who, "source": source, "source_name": source, "cue": ""}
    return cells | {"hedges": "", "verification": "none", "hedging": 0.0, "needs_review": False} | other


HOSTILE = "<img src=x onerror=alert(1)> | **@mayor**"
ROWS = [
    row("a", 0, "The mayor said so.", "moderate", 50.0, "official", "role", "The mayor"),
    row("a", 1, "The mayor said more.", "moderate", 50.0, "official", "role", "The mayor"),
    row("a", 2, "The mayor went on.", "moderate", 50.0, "official", "role", "The mayor"),
    row("b", 0, "An aide said it may fail.", "weak", 20.0, "official", "anonymous", "An aide", hedging=0.5),
    row("b", 1, HOSTILE, "unverified", 3.0, "social_media", "anonymous", HOSTILE, needs_review=True),
    row("b", 2, "By our staff", "not_a_claim", None),
]


@pytest.fixture
def markdown(tmp_path):
    def write(rows, **options):
        path = tmp_path / "s.jsonl"
        path.write_text("".join(json.dumps(cells) + "\n" for cells in rows), encoding="utf-8")
        table = read_scored(path)
        return summary_markdown(summarise(table), table, **options)

    return write


def test_figures_in_words(markdown):
    text = markdown(ROWS)
    assert text.startswith(
        "### Footing of the claims in s.jsonl\n\n2 documents, 6 sentences, 5 claims. Sourcing score **"
    )
    assert "- 2 (40 %) of the claims are weak or unverified; 1 (20 %) are unverified\n" in text
    assert "- 2 (40 %) hang on anonymous sources; 1 (20 %) are hedged\n" in text
    assert "- 3 distinct sources, 1 of them accountable; 1 document rests on one source\n" in text
    assert "- 1 label to review: there the model is not sure\n" in text
    assert FOOTING in text
    assert FORMULA in text


def test_tables_and_the_weakest_first(markdown):
    lines = markdown(ROWS).splitlines()
    assert "| weak | 1 | 17 % |" in lines
    assert lines.index("| unverified | 1 | 17 % |") < lines.index("| not_a_claim | 1 | 17 % |")
    assert "| official | 4 | 80 % |" in lines
    # Answerable: 1, 1, 1 and spread 0 of a; ¼ and 0 of b, which has too few attributed claims to spread.
    documents = [line for line in lines if line.startswith(("| a |", "| b |"))]
    assert documents == ["| b | 12 | 2 | 2 | 2 | 2 | 50 % |", "| a | 75 | 3 | 0 | 0 | 1 | 100 % |"]
    assert "| The mayor | official, role | 3 | 0 | 1 |" in lines
    claims = [line for line in lines if line.startswith("- ") and "sentence" in line]
    assert claims[0].startswith("- unverified 3: “")
    assert claims[1] == "- weak 20: “An aide said it may fail.” (b, sentence 0)"


def test_hostile_words_stay_words(markdown):
    text = markdown(ROWS)
    assert r"\<img src=x onerror=alert(1)> \| \*\*@" in text
    assert "@mayor" not in text
    assert not re.search(r"(?<!\\)<img", text)


def test_fewer_on_request_and_no_claims_at_all(markdown):
    text = markdown(ROWS, most=1)
    assert "**Documents, lowest sourcing score first: 1 of 2**" in text
    assert "**Sources, most claims first: 1 of 3**" in text
    assert text.count("(b, sentence") == 1
    nothing = markdown(ROWS[5:])
    assert "1 document, 1 sentence, and not one claim." in nothing
    assert "Weakest" not in nothing
    assert "Sources" not in nothing


def test_command_writes_it_to_standard_output_or_a_file(markdown, tmp_path):
    expected = markdown(ROWS, most=3) + "\n"

    def run(*arguments):
        return CliRunner().invoke(app, ["report", str(tmp_path / "s.jsonl"), *map(str, arguments)])

    shown = run("--format", "md", "-n", 3)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, expected, "")
    assert run("-o", tmp_path / "s.md", "-n", 3).output == ""
    assert (tmp_path / "s.md").read_text(encoding="utf-8") == expected
    refused = run("-o", tmp_path / "s.jsonl")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"error: {tmp_path / 's.jsonl'} is an input too; give another name\n",
    )
