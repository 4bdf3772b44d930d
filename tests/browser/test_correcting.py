"""Corrections in a browser: made by keys alone, kept, exported, and taken by ``scorer review apply``."""

import json
import shlex
import shutil

import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.corrections import COLUMNS, Correction, read_corrections
from scorer.labelled import read_labelled
from scorer.review import OUTCOMES, apply_corrections


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def exported(page, folder, form="csv"):
    """Export by the button, or by the key where it is CSV, and give the file."""
    with page.expect_download() as download:
        if form == "csv":
            press(page, "x")
        else:
            page.locator(f"#export-{form}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def other(row, *labels):
    return next(label for label in labels if label != row.text("strength"))


@pytest.fixture
def corrected(reader, sample):
    """Give a reader who found the weakest claims and gave two of them another label, without a mouse."""
    one = reader()
    page = one.open(sample.html)
    press(page, "g", "l")
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "order":
            break
        press(page, "Tab")
    assert page.evaluate("document.activeElement.id") == "order"
    press(page, "ArrowDown")
    assert "order=weakest" in page.url
    press(page, "Escape", "j")
    seen = []
    for level in ("2", "2", None):
        seen.append(page.locator("#panel .quote").first.inner_text())
        press(page, *([level] if level else []), "j")
    weakest = [sample.rows[place].text("text") for place in sample.weakest[:3]]
    assert seen == weakest
    return one, page


def test_two_labels_by_keys_alone_come_out_as_corrections(corrected, sample, tmp_path):
    _, page = corrected
    assert page.locator("#badge").inner_text() == "2"
    path = exported(page, tmp_path)
    assert path.read_bytes().split(b"\r\n")[0].decode() == ",".join(COLUMNS)
    corrections = read_corrections([path])
    rows = [sample.rows[place] for place in sample.weakest[:2]]
    assert {(one.key, one.field, one.old, one.new) for one in corrections} == {
        (row.key, "strength", "unverified", "weak") for row in rows
    }
    assert {one.made_from for one in corrections} == {sample.table.sha256}
    output = tmp_path / "labelled.csv"
    result = CliRunner().invoke(app, ["review", "apply", str(path), "--scored", str(sample.csv), "-o", str(output)])
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("2 corrections in: 2 changed, 0 stale, 0 conflicting, 0 illegal\n")
    labels = {row.text: row.strength for row in read_labelled([output])}
    assert [labels[row.text("text")] for row in rows] == ["weak", "weak"]
    assert len(labels) >= len(sample.table.documents()[rows[0].doc_id])


def test_the_page_says_what_to_do_with_an_export(corrected, sample, tmp_path, monkeypatch):
    _, page = corrected
    exported(page, tmp_path)
    press(page, "g", "r")
    words = shlex.split(page.locator("#review-command").inner_text())
    monkeypatch.chdir(tmp_path)
    shutil.copy(sample.csv, tmp_path)
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "labelled.csv").exists()


def test_work_is_there_after_a_reload_and_in_another_tab(corrected, sample, hostile):
    one, page = corrected
    page.reload()
    page.wait_for_selector("html[data-ready]")
    for again in (page, one.open(sample.html)):
        assert again.locator("#badge").inner_text() == "2"
        again.goto(f"{sample.html.as_uri()}#view=story&s={sample.weakest[0] + 1}")
        again.wait_for_selector("#panel .tag.mine")
        assert "weak" in again.locator("#panel .tag.mine").first.inner_text()
        assert again.locator("a.s.on").get_attribute("class").split().count("changed") == 1
    assert not one.open(hostile.html).locator("#badge").is_visible()


def test_taking_back_leaves_nothing(corrected, sample):
    _, page = corrected
    for place in sample.weakest[:2]:
        page.goto(f"{sample.html.as_uri()}#view=story&s={place + 1}")
        page.wait_for_selector("#panel .tag.mine")
        press(page, "u")
        assert page.locator("#panel .tag.mine").count() == 0
    assert not page.locator("#badge").is_visible()


def test_the_review_leads_to_all_that_need_it_least_sure_first(page, sample):
    press(page, "g", "r")
    page.locator("#view-review a", has_text="least sure first").click()
    doubtful = sorted((row for row in sample.rows if row.flag("needs_review")), key=lambda row: row.value("confidence"))
    assert page.locator("#view-claims .row .row-text").first.inner_text() == doubtful[0].text("text")
    assert page.locator("#order").input_value() == "doubt"
    assert str(len(doubtful)) in page.locator("#filters .count").inner_text().split()


def test_ledger_and_changes_fit_a_telephone(corrected, sample):
    _, page = corrected
    page.set_viewport_size({"width": 390, "height": 844})
    for view, row in (("sources", ".ledger tbody tr"), ("review", ".stacked tbody tr")):
        page.goto(f"{sample.html.as_uri()}#view={view}")
        page.wait_for_selector(f"#view-{view} {row}")
        wide = page.locator(f"#view-{view} .scroll").evaluate("(box) => box.scrollWidth - box.clientWidth")
        assert wide <= 0
    assert "unverified" in page.locator("#view-review .was").first.inner_text()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not page.locator(".narrow").first.is_visible()


def test_every_field_a_note_and_a_confirmed_label_come_out_in_both_forms(reader, sample, tmp_path):
    page = reader().open(sample.html, "#view=story")
    number = next(
        n for n, row in enumerate(sample.rows) if row.text("source_type") == "official" and row.text("source")
    )
    row = sample.rows[number]
    page.goto(f"{sample.html.as_uri()}#view=story&s={number + 1}")
    page.wait_for_function(
        "(text) => document.querySelector('#panel .quote')?.textContent === text", arg=row.text("text")
    )
    words = row.text("text").split()[0]
    press(page, "e")
    page.keyboard.type("expert")
    page.locator("#field-identification").select_option("role" if row.text("identification") != "role" else "named")
    page.locator("#field-verification").select_option("disputed")
    page.locator("#field-source").fill(words)
    page.locator("#field-source").press("Enter")
    page.locator("#field-note").fill('He said, "ask again";\nsee the log')
    page.locator("#field-note").blur()
    press(page, "j", "c")
    confirmed = sample.rows[number + 1]
    page.goto(f"{sample.html.as_uri()}#view=review")
    made = {form: read_corrections([exported(page, tmp_path, form)]) for form in ("csv", "json")}
    assert [one for one in made["csv"] if not isinstance(one, Correction)] == []
    said = {(one.key, one.field, one.new) for one in made["csv"]}
    assert said >= {
        (row.key, "source_type", "expert"),
        (row.key, "verification", "disputed"),
        (row.key, "source", words),
        (confirmed.key, "strength", confirmed.text("strength")),
    }
    assert {(one.key, one.field, one.old, one.new, one.note) for one in made["csv"]} == {
        (one.key, one.field, one.old, one.new, one.note) for one in made["json"]
    }
    assert {one.note for one in made["csv"] if one.key == row.key} == {'He said, "ask again";\nsee the log'}
    reviewed = apply_corrections(sample.table, made["csv"])
    assert reviewed.refused == []
    assert reviewed.counts == dict.fromkeys(OUTCOMES, 0) | {"changed": 4, "confirmed": 1}
    assert reviewed.n_reviewed == 2


def test_an_export_can_be_loaded_by_another_reader(reader, corrected, sample, tmp_path):
    _, page = corrected
    press(page, "j", "c")
    page.goto(f"{sample.html.as_uri()}#view=review")
    path = exported(page, tmp_path, "json")
    other = reader().open(sample.html, "#view=review")
    other.locator("#load").set_input_files(path)
    badge = page.locator("#badge").inner_text()
    other.wait_for_function("(badge) => document.getElementById('badge').textContent === badge", arg=badge)
    again = exported(other, tmp_path / "again", "json")
    one, two = (json.loads(found.read_text(encoding="utf-8")) for found in (path, again))
    assert one == two
    path.write_text("{}", encoding="utf-8")
    other.locator("#load").set_input_files(path)
    other.wait_for_function("() => document.getElementById('review-status').textContent.includes('no export')")


def test_a_key_that_is_typed_into_a_field_changes_no_label(reader, sample):
    page = reader().open(sample.html, "#view=story")
    press(page, "j", "n")
    page.keyboard.type("2 j 3 c u x ? /")
    press(page, "Escape")
    assert page.locator("#field-note").input_value() == "2 j 3 c u x ? /"
    assert page.locator("#panel .tag.mine").count() == 0
    assert (
        page.locator("#panel [aria-pressed=true].chip")
        .inner_text()
        .endswith(sample.rows[0].text("strength").replace("_", " "))
    )


def test_a_browser_that_keeps_nothing_says_so(reader, sample):
    one = reader()
    one.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page = one.open(sample.html, "#view=story")
    press(page, "j", "2")
    assert "keeps nothing" in page.locator("#panel").inner_text()
    assert page.locator("#badge").inner_text() == "1"


def test_hostile_sentences_come_back_as_they_were(reader, hostile, tmp_path):
    page = reader().open(hostile.html, "#view=story")
    for number, row in enumerate(hostile.rows):
        page.goto(f"{hostile.html.as_uri()}#view=story&s={number + 1}")
        page.wait_for_function("(n) => document.querySelector('a.s.on')?.dataset.i === String(n)", arg=number)
        press(page, "2" if row.text("strength") != "weak" else "3", "n")
        page.keyboard.insert_text(row.text("text")[:200])
        press(page, "Escape")
    page.goto(f"{hostile.html.as_uri()}#view=review")
    for form in ("csv", "json"):
        reviewed = apply_corrections(hostile.table, read_corrections([exported(page, tmp_path, form)]))
        assert reviewed.refused == []
        assert reviewed.counts["changed"] == len(hostile.rows)
        for row in reviewed.rows:
            assert " ".join(row["note"].split()) == " ".join(row["text"][:200].split())


@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_sentences_without_a_document_column_are_found_again(reader, make_report, tmp_path, unit):
    texts = [{"text": "Nobody was hurt. The mayor denied it."}, {"text": "Nobody was hurt. It rained."}]
    report = make_report(tmp_path, texts, unit=unit)
    page = reader().open(report.html, "#view=claims")
    for _ in report.rows:
        press(page, "j", "1")
    reviewed = apply_corrections(report.table, read_corrections([exported(page, tmp_path)]))
    assert reviewed.refused == []
    assert reviewed.counts["changed"] + reviewed.counts["confirmed"] == sum(
        row.text("strength") != "unverified" for row in report.rows
    )
    assert {row["strength"] for row in reviewed.rows} == {"unverified"}
