"""The plan for very much text: sums worked out by hand, and the page has the table that its own figures give."""

import json
import sys
from pathlib import Path

import plan
import pytest

PAGE = Path(__file__).parent.parent / "docs" / "scaling.md"
ROUND = plan.Measured(rate=2000.0, efficiency=0.5, memory=310.0, bytes_in=100.0, bytes_out=400.0)


def test_page_has_the_table_that_its_figures_give():
    figures, table = plan.marked(PAGE.read_text(encoding="utf-8"))
    assert table == plan.table(*plan.figures_of(figures))


def test_sums():
    # 1,000 sentences a second and worker: 3.6e9 sentences are 1,000 core-hours.
    table = plan.table(ROUND, price=0.05, sentences=3.6e9)
    told = " ".join(table.split())
    assert "1,000 core-hours, 50.00 in all, **0.0139 per million sentences**" in told
    assert "360 GB of text in, 1,440 GB of CSV out, 12,000 parts of 300,000 sentences, 300 s each." in told
    assert "was 310 MB; give it 700 MB." in told
    rows = [line for line in table.splitlines() if line[:3] in ("| 1", "| 6", "| 2")]
    assert rows == [
        "| 16 | 750 | 62.5 | 11 |",
        "| 64 | 188 | 15.7 | 45 |",
        "| 256 | 47 | 3.9 | 179 |",
        "| 1,000 | 12 | 1.0 | 700 |",
    ]


def test_figures_come_back_from_their_mark():
    assert plan.figures_of(plan.figures_text(ROUND, 0.05, 1e9)) == (ROUND, 0.05, 1e9)


def test_figures_of_a_run(tmp_path):
    parts = [
        {"file": f"part-0000{k}.csv", "sentences_out": n, "seconds": 2 * s, "cpu_seconds": s, "peak_megabytes": 300 + k,
         "input_bytes": 100 * n}
        for k, (n, s) in enumerate([(1000, 1), (2000, 1), (3000, 1), (0, 1)])
    ]  # fmt: skip
    for part in parts:
        (tmp_path / part["file"]).write_bytes(b"x" * 10 * part["sentences_out"])
    described = {"sentences_out": 6000, "seconds": 3.0, "worker_threads": 2, "parts": parts}
    (tmp_path / "manifest.json").write_text(json.dumps(described), encoding="utf-8")
    assert plan.from_run(tmp_path) == plan.Measured(2000.0, 3 / 6, 302, 100.0, 10.0)


def test_update_rewrites_the_table_alone(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["plan.py", "--rate", "12345", "--price", "0.02", "--update", str(page)])
    plan.main()
    figures, table = plan.marked(page.read_text(encoding="utf-8"))
    assert figures.startswith("rate=12345 ")
    assert table == plan.table(*plan.figures_of(figures))
    assert table in capsys.readouterr().out
    strip = plan.MARKED.sub
    assert strip("", page.read_text(encoding="utf-8")) == strip("", PAGE.read_text(encoding="utf-8"))
    page.write_text("no mark", encoding="utf-8")
    with pytest.raises(SystemExit, match="the page has no"):
        plan.main()


def test_pilot_run_on_this_machine():
    pytest.importorskip("distributed")
    measured = plan.measure(120, 1)
    assert measured.rate > 10
    assert 0 < measured.efficiency <= 1
    assert 20 < measured.bytes_in < measured.bytes_out
