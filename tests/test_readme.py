"""The README keeps its word: its commands exist, its example is what the model gives, its Python runs."""

import csv
import io
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from scorer.cli import app
from scorer.labels import STRENGTHS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands
SHIPPED = ROOT / "models" / "default" / "model.joblib"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def scored():
    result = CliRunner().invoke(app, ["score", str(ROOT / "data" / "sample-articles.csv"), "--quiet"])
    assert result.exit_code == 0, result.stderr
    return {row["text"]: row for row in csv.DictReader(io.StringIO(result.stdout))}


def test_ci_runs_the_two_command_lines_of_the_readme():
    for marker in ("run", "test"):
        block = README.split(f"<!-- ci:{marker} -->\n```sh\n")[1].split("```")[0]
        assert len(block.splitlines()) == 1
    assert "ci:run" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme_and_has_help():
    for name, command in COMMANDS.items():
        assert f"`scorer {name}" in README
        assert command.get_short_help_str()
        for child in getattr(command, "commands", {}).values():
            assert child.get_short_help_str()


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`(scorer [a-z][^`]*)`", README))))
def test_command_in_the_readme_exists(line):
    words = shlex.split(line)[1:]
    for part in words[:1] + [word for word in re.split(r"[| ]", " ".join(words[1:])) if word.startswith("--")]:
        part = part.strip("[]")
        if part.startswith("--"):
            command = COMMANDS[words[0]]
            command = getattr(command, "commands", {}).get(words[1], command)
            options = {option for parameter in command.params for option in parameter.opts}
            assert part in options, f"scorer {words[0]} has no {part}"
        else:
            assert part in COMMANDS


def test_table_of_results_is_what_the_model_gives():
    rows = scored()
    lines = README.split("| text | strength | score |")[1].splitlines()[2:]
    shown = [line for line in lines[: lines.index("")] if line]
    assert len(shown) == 4
    for line in shown:
        text, strength, score, source, source_type, identification, hedges, verification = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        row = rows[text]
        assert (strength, source, source_type, identification, hedges, verification) == tuple(
            row[name] for name in ("strength", "source", "source_type", "identification", "hedges", "verification")
        )
        assert float(score) == pytest.approx(float(row["score"]), abs=0.1)


def test_every_strength_is_explained():
    assert all(f"| `{name}` |" in README for name in STRENGTHS)


@pytest.mark.skipif(not SHIPPED.exists(), reason="no shipped model")
def test_python_of_the_readme_runs(capsys):
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[0] for line in printed] == ["weak", "strong"]
