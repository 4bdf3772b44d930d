"""A real browser for the score report, where there is one; without it these tests are skipped, never passed.

`SCORER_CHROMIUM` names a Chromium or Chrome elsewhere; with `SCORER_BROWSER=required` a missing browser is an error.
"""

import csv
import os
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import browsing
import pytest

from scorer.labelled import read_labelled
from scorer.report import write_report
from scorer.scored_table import read_scored
from scorer.scoring_files import score_files

DATA = Path(__file__).parents[2] / "data"
WIDE = {"width": 1280, "height": 900}

HOSTILE = {
    "script": "<script>window.pwned = 1</script> said the mayor, <img src=x onerror=window.pwned=2>.",
    "quotes": "“He said \"no\" & 'never'”, the `mayor` said; ${window.pwned=3} {{pwned}} </textarea></script><!--",
    "json": 'The mayor said \\u003cscript\\u003e \\" \u2028 \u2029 ]]> --> was gone.',
    "rtl": "قال الوزير إن الجسر قد يُغلق، \u202eabc\u202c said the mayor.",
    "emoji": "The mayor 👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 said the 𝔟𝔯𝔦𝔡𝔤𝔢 may fall 😱.",
    "long": "The mayor said that " + "averyverylongword" * 30 + " and so on " * 860 + "may fall.",
    "formula": "=HYPERLINK(0) said the mayor.",
}


@pytest.fixture(scope="session")
def chromium():
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(browsing.chromium())
        except browsing.NoBrowserError as error:
            if os.environ.get("SCORER_BROWSER") == "required":
                pytest.fail(f"SCORER_BROWSER=required, but {error}")
            pytest.skip(str(error))
        yield browser


class Reader:
    """A browser profile of one reader, and what went wrong in it."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True} | options)
        self.faults = []

    def open(self, report, fragment=""):
        """Open a report in a new tab and wait until it can be used."""
        page = self.context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.asked(request.url, report))
        page.goto(report.as_uri() + fragment)
        page.wait_for_selector("html[data-ready]")
        return page

    def asked(self, url, report):
        if not url.startswith((report.as_uri(), "data:", "blob:")):
            self.faults.append(f"asked for {url}")


@pytest.fixture
def reader(chromium):
    """Give a reader; at the end nothing may have gone wrong in the page, nor left it."""
    readers = []

    def make(**options):
        readers.append(Reader(chromium, **options))
        return readers[-1]

    yield make
    faults = [fault for one in readers for fault in one.faults]
    for one in readers:
        one.context.close()
    assert faults == []


@pytest.fixture
def page(reader, sample):
    return reader().open(sample.html)


class Report:
    """A scored table and its report."""

    def __init__(self, folder, name="scored"):
        self.csv, self.html = folder / f"{name}.csv", folder / f"{name}.html"
        self.summary = write_report(self.csv, self.html)
        self.table = read_scored(self.csv)
        places = [place for document in self.summary.documents for place in document.rows]
        # The page brings the sentences of a document together, in the order of the documents.
        self.rows = [self.table.rows[place] for place in places]
        self.weakest = [places.index(place) for place in self.summary.weakest]

    def count(self, condition):
        return sum(map(condition, self.rows))


def scored(model, folder, rows, **options):
    """Score texts that a test made: dicts with doc_id and text."""
    with (folder / "input.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    score_files(model, [str(folder / "input.csv")], str(folder / "scored.csv"), **options)
    return Report(folder)


@pytest.fixture(scope="session")
def sample(chromium, model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    score_files(model, [str(DATA / "sample-articles.csv")], str(folder / "scored.csv"))
    return Report(folder)


@pytest.fixture(scope="session")
def hostile(chromium, model, tmp_path_factory):
    """Give a report on text that would break out of HTML, scripts, CSV, or a layout."""
    rows = [
        {
            "doc_id": f"{name} <b>\"'&",
            "headline": f"{name} <i>{text[:60]}",
            "url": "javascript:window.pwned=4",
            "text": text,
        }
        for name, text in HOSTILE.items()
    ]
    return scored(model, tmp_path_factory.mktemp("hostile"), rows, unit="sentence")


@pytest.fixture(scope="session")
def large(chromium, model, tmp_path_factory):
    """Give a report on 5,000 sentences: those of the training text, again and again in new documents."""
    rows = read_labelled(sorted(DATA.glob("authored-0*.tsv")))
    made = [
        {"doc_id": f"{row.doc}-{n // len(rows)}", "text": row.text}
        for n, row in zip(range(5000), rows * 9, strict=False)
    ]
    return scored(model, tmp_path_factory.mktemp("large"), made, unit="sentence")


@pytest.fixture
def make_report(chromium, model):
    """Give a function that scores texts and reports on them."""
    return partial(scored, model)
