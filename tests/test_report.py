"""The report's file without a browser: what is in it, what cannot get out of it, and what it weighs."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.errors import InputError
from scorer.labels import IDENTIFICATIONS, SOURCE_TYPES, STRENGTHS, VERIFICATIONS
from scorer.reasons import parse_reasons
from scorer.report import render_page, write_report
from scorer.report.page import SCRIPTS, STYLES, part, percent, say, strings
from scorer.report.payload import page_data, to_json
from scorer.report.spans import linked_sentence, marks_of
from scorer.scored_table import read_scored
from scorer.scoring_files import score_files
from scorer.summary import summarise

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u2028\u202e “it’s” & 'that' \"said\" 👩‍🚒"
TEXT = (
    "Police said two men were held on Friday. “Nobody was hurt,” Ann Lee said. A Western diplomat, who asked not to be "
    "named, said the charge may have been laid from a boat. A group claimed on its channel that it was behind the "
    "attack. The claim could not be independently verified.\n\nThe bridge was opened in 1968."
)


class Page(HTMLParser):
    """Elements of a page with their attributes, and what stands in scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.raw, self._open = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._open = (tag, dict(attrs))
            self.raw.append([*self._open, ""])

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._open = None

    def handle_data(self, data):
        if self._open:
            self.raw[-1][2] += data

    def json(self, name):
        (content,) = [text for _, attributes, text in self.raw if attributes.get("id") == name]
        return json.loads(content)


def scored_file(model, folder, rows, form="csv"):
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    out = folder / f"scored.{form}"
    score_files(model, [str(folder / "articles.jsonl")], str(out), format=form)
    return out


@pytest.fixture(scope="module")
def scored(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    rows = [
        {"doc_id": "a", "headline": "Bridge shut", "url": "https://example.org/a?b=1&c=2", "text": TEXT},
        {
            "doc_id": HOSTILE,
            "headline": f"{HOSTILE}!",
            "url": "javascript:alert(3)",
            "text": f"{HOSTILE} said Ann Lee. {TEXT}",
        },
    ]
    for form in ("csv", "jsonl"):
        scored_file(model, folder, rows, form)
    return folder


@pytest.fixture(scope="module")
def table(scored):
    return read_scored(scored / "scored.csv")


@pytest.fixture(scope="module")
def page(table):
    return render_page(table, summarise(table))


def test_the_same_table_gives_the_same_page(page, scored):
    again = read_scored(scored / "scored.csv")
    assert render_page(again, summarise(again)) == page


def test_hostile_text_stays_text(page, table):
    parsed = Page(page)
    assert [attributes.get("type") for tag, attributes in parsed.elements if tag == "script"] == [
        *("application/json", "application/json", None)
    ]
    assert not [tag for tag, _ in parsed.elements if tag in ("img", "iframe", "object", "embed", "form", "base")]
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    data = parsed.json("data")
    assert data["text"] == [row.text("text") for row in table.rows]
    hostile = data["docs"][1]
    assert hostile[:3] == [table.rows[-1].doc_id, table.rows[-1].text("headline"), ""]


def test_nothing_in_the_data_can_end_its_element():
    written = to_json([HOSTILE, "<!--", "\u2029"])
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == [HOSTILE, "<!--", "\u2029"]


def test_policy_allows_this_style_and_this_script_and_nothing_else(page):
    parsed = Page(page)
    (policy,) = [a["content"] for _, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"

    def hashed(text):
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    (style,) = [text for tag, _, text in parsed.raw if tag == "style"]
    (script,) = [text for tag, attributes, text in parsed.raw if tag == "script" and "type" not in attributes]
    assert rules["style-src"] == hashed(style)
    assert rules["script-src"] == hashed(script)
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy


def test_page_asks_nothing_of_a_network(page):
    for tag, attributes in Page(page).elements:
        assert "src" not in attributes
        for name in ("href", "content"):
            link = attributes.get(name) or ""
            assert not link.startswith(("http:", "//", "https:")), (tag, link)
    script = "".join(map(part, SCRIPTS))
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|EventSource|import\(|sendBeacon|url\(", script)
    assert not re.search(r"url\(|@import", "".join(map(part, STYLES)))


def test_script_makes_no_markup_of_text():
    script = "".join(map(part, SCRIPTS))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function", script
    )


def test_every_file_of_the_package_is_in_the_page():
    names = {file.name for file in files("scorer.report").iterdir() if file.name.endswith((".js", ".css"))}
    assert names == {*SCRIPTS, *STYLES}


def test_every_string_is_there_and_is_used():
    used = {"strength", "meaning"}
    patterns = set()
    for name in (*SCRIPTS, "page.html"):
        text = part(name)
        used.update(re.findall(r"""\bt\(\s*['"]([\w.]+)['"]\s*[,)]""", text))
        used.update(re.findall(r"""["'](breach\.\w+|story\.hop\w*|lead\.\w+)["']""", text))
        patterns.update(re.findall(r"""\bt\(\s*`([\w.]+)\.\$\{""", text))
        patterns.update(re.findall(r"""\bt\(\s*['"]([\w.]+)\.['"] ~""", text))
        used.update(re.findall(r"""card\("([\w.]+)\"""", text))
    patterns.update(("strength", "source_type", "identification", "verification", "review"))
    table = strings()
    missing = {key for key in used if not {key, f"{key}.other"} & table.keys() and key not in ("strength", "meaning")}
    assert not missing
    patterns.update(("column", "sort", "tool.theme", "claims.order", "sources", "help", "kind", "review.column", "nav"))
    spare = {
        key
        for key in table
        if not {key, re.sub(r"\.(one|other)$", "", key)} & used and key.rsplit(".", 1)[0] not in patterns
    }
    assert not spare
    for name, labels in {
        **{"strength": STRENGTHS, "meaning": STRENGTHS, "source_type": SOURCE_TYPES},
        **{"identification": IDENTIFICATIONS, "verification": VERIFICATIONS},
    }.items():
        assert {f"{name}.{label}" for label in labels} <= table.keys()


def test_strings_of_one_have_their_plural():
    keys = strings().keys()
    assert {key.removesuffix(".one") for key in keys if key.endswith(".one")} == {
        key.removesuffix(".other") for key in keys if key.endswith(".other")
    }
    assert say("count.claims", 1) == "1 claim"
    assert say("count.claims", 1234) == "1,234 claims"


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0 %"), (0.001, "<1 %"), (0.005, "<1 %"), (0.006, "1 %"), (0.5, "50 %"), (0.996, ">99 %"), (1, "100 %")],
)
def test_a_share_never_says_nothing_of_something(share, written):
    assert percent(share) == written


def test_the_formula_and_what_scores_do_not_say_stand_on_the_page(page):
    assert "Sourcing score = 100 × (3 × answerable + spread) ÷ 4." in page
    assert "They do not say whether a claim is true." in page


def test_reasons_on_the_page_add_up(table):
    data = page_data(table, summarise(table))
    for row, reasons in zip(table.rows, data["why"], strict=True):
        total = round(100 * float(row.text("reasons").rpartition(" = ")[2].replace("−", "-")))
        assert sum(reasons[1::2]) == total
        assert data["phrases"][reasons[-2]] == "base"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hedge “could” +1.32",
        "hedge “could” +1.32; base −0.40 = 0.93",
        "hedge “x +1.00; words +2.00” +1.32; base −0.40 = 0.92",
    ],
)
def test_reasons_that_do_not_add_up_are_not_divided(written):
    assert parse_reasons(written) is None


def test_reasons_are_read_as_they_are_written(table):
    for row in table.rows:
        parts = parse_reasons(row.text("reasons"))
        assert parts
        whole = "; ".join(f"{phrase} {'−' if n < 0 else '+'}{abs(n) / 100:.2f}" for phrase, n in parts)
        assert row.text("reasons").startswith(whole + " = ")


def test_marks_are_the_words_of_the_columns(table):
    for row in table.rows:
        text, found = row.text("text"), marks_of(row)
        for kind in ("source", "cue"):
            assert [text[start:end] for name, start, end in found if name == kind] == [row.text(kind)] * bool(
                row.text(kind)
            )
        hedges = [text[start:end] for name, start, end in found if name == "hedge"]
        assert sorted(hedges) == sorted(filter(None, row.text("hedges").split("|")))


def test_marks_of_json_lines_and_csv_agree(scored):
    one, other = (read_scored(scored / f"scored.{form}").rows for form in ("csv", "jsonl"))
    for row, same in zip(one, other, strict=True):
        primary = [mark for mark in marks_of(same) if not mark[0].startswith("other")]
        assert primary == marks_of(row)


def test_marks_on_the_page_count_as_a_browser_does(table):
    data = page_data(table, summarise(table))
    rows = {row.key: row for row in table.rows}
    for number, (text, marks) in enumerate(zip(data["text"], data["marks"], strict=True)):
        units, places = text.encode("utf-16-le"), marks or []
        words = [
            units[2 * start : 2 * end].decode("utf-16-le")
            for start, end in zip(places[1::3], places[2::3], strict=True)
        ]
        found = marks_of(rows[data["key"][16 * number : 16 * number + 16]])
        assert words == [text[start:end] for _, start, end in found]
    wide = [marks for text, marks in zip(data["text"], data["marks"], strict=True) if "👩" in text]
    assert any(wide), "no mark stands beside a character of two units"


def test_words_that_a_spreadsheet_changed_do_not_stop_the_report(table):
    row = next(row for row in table.rows if row.text("source") and row.text("hedges"))
    changed = {**row.cells, "source": "'" + row.text("source")}
    from dataclasses import replace

    kinds = {kind for kind, *_ in marks_of(replace(row, cells=changed))}
    assert "source" not in kinds
    assert {"cue", "hedge"} <= kinds


@pytest.mark.parametrize(
    ("phrase", "linked"),
    [
        ("check in the next sentence (unverified)", 5),
        ("check in the sentence before (verified)", 3),
        ("check in sentence 9 (unverified)", 9),
        ("check “confirmed” (verified)", None),
        ("no check", None),
    ],
)
def test_a_check_elsewhere_is_linked(table, phrase, linked):
    from dataclasses import replace

    row = replace(table.rows[0], cells={**table.rows[0].cells, "reasons": f"{phrase} +1.00; base −0.40 = 0.60"})
    assert linked_sentence(row, 4) == linked


def test_the_sentence_before_a_warning_is_linked_to_it(table):
    data = page_data(table, summarise(table))
    pairs = [(data["text"][about], data["text"][holder]) for about, holder in data["links"]]
    assert ("A group claimed on its channel that it was behind the attack.",) * 1 in [pair[:1] for pair in pairs]
    assert all(holder == "The claim could not be independently verified." for _, holder in pairs)


def test_a_sentence_takes_no_more_than_its_share(model, tmp_path):
    rows = [{"doc_id": f"d{n}", "headline": f"Story {n}", "text": TEXT.replace("two", str(n + 2))} for n in range(200)]
    summary = write_report(scored_file(model, tmp_path, rows), tmp_path / "r.html")
    assert summary.figures.n_sentences >= 1000
    assert (tmp_path / "r.html").stat().st_size / summary.figures.n_sentences < 500  # the aim is 1,500


def test_rows_that_share_a_document_stand_together(tmp_path, scored):
    lines = (scored / "scored.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    mixed = sorted(lines, key=lambda line: json.loads(line)["sentence"])
    (tmp_path / "mixed.jsonl").write_text("\n".join(mixed) + "\n", encoding="utf-8")
    table = read_scored(tmp_path / "mixed.jsonl")
    data = page_data(table, summarise(table))
    assert sorted(data["text"]) == sorted(json.loads(line)["text"] for line in lines)
    for doc in data["docs"]:
        first, length = doc[4], doc[5]
        assert data["index"][first : first + length] == list(range(length))


def test_corrections_name_the_file_and_the_model(table):
    data = page_data(table, summarise(table), model_sha256="abc")
    assert (data["file"], data["sha256"], data["model"]) == ("scored.csv", table.sha256, "abc")
    assert [data["key"][16 * n : 16 * n + 16] for n in range(len(table.rows))] == [row.key for row in table.rows]


def test_a_table_without_sentences_is_refused(tmp_path, scored):
    header = (scored / "scored.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "none.csv").write_text(header + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"none\.csv has no sentences; there is nothing to report"):
        write_report(tmp_path / "none.csv", tmp_path / "r.html")


def test_report_command_writes_beside_the_table(scored):
    result = CliRunner().invoke(app, ["report", str(scored / "scored.csv")])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert re.search(r"scored.html: \d+ sentences of 2 documents, \d+ of \d+ claims weak or unverified", result.stderr)
    assert (scored / "scored.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_report_command_says_what_is_wrong(tmp_path):
    (tmp_path / "plain.csv").write_text("text\nHello there.\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["report", str(tmp_path / "plain.csv")])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: plain.csv has no column 'sentence'")
    result = CliRunner().invoke(app, ["report", str(tmp_path / "no.csv"), "-o", str(tmp_path / "r.html")])
    assert result.exit_code == 1
    assert "no such file" in result.stderr


def test_score_writes_the_report_as_well(bundle, tmp_path):
    (tmp_path / "a.csv").write_text("doc_id,text\nx,Police said so. It may rain.\n", encoding="utf-8")
    out, html = tmp_path / "s.csv", tmp_path / "r.html"
    args = ["score", str(tmp_path / "a.csv"), "-o", str(out), "--report", str(html), "--model", str(bundle)]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.stderr
    data = Page(html.read_text(encoding="utf-8")).json("data")
    assert data["sha256"] == sha256(out.read_bytes()).hexdigest()
    assert data["model"] == sha256((bundle / "model.joblib").read_bytes()).hexdigest()
    result = CliRunner().invoke(app, ["score", str(tmp_path / "a.csv"), "--report", str(html), "--model", str(bundle)])
    assert result.exit_code == 2
    assert "give that a name with -o" in " ".join(result.stderr.replace("│", " ").split())
