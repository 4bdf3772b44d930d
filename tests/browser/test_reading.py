"""The report in a browser: what it says at a glance, its stories, filters, links and keys."""

import re
from urllib.parse import unquote

import pytest

from scorer.labels import STRENGTHS


def sentence(page):
    """Give the number of the chosen sentence, from 0."""
    found = re.search(r"[#&]s=(\d+)", page.url)
    return int(found[1]) - 1 if found else None


def matching(page):
    """Give how many sentences the filters say that they leave."""
    text = page.locator("#filters").inner_text()
    found = re.search(r"([\d,]+) of [\d,]+ sentences? match|([\d,]+) sentences?", text)
    return int((found[1] or found[2]).replace(",", ""))


def test_the_page_lets_nothing_else_run(reader, sample):
    one = reader()
    page = one.open(sample.html)
    policy = page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    refused = page.evaluate(
        """() => new Promise((done) => {
          const refused = [];
          document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.pwned = 1";
          document.body.append(script);
          const box = document.createElement("div");
          box.innerHTML = '<p onclick="window.pwned = 2">x</p>';
          document.body.append(box);
          box.firstChild.click();
          setTimeout(() => done([refused, window.pwned]), 200);
        })"""
    )
    assert refused == [["script-src-elem", "script-src-attr"], None]
    assert all("Content Security Policy" in fault for fault in one.faults)
    one.faults.clear()


def test_overview_tells_the_figures_of_the_table(page, sample):
    figures = sample.summary.figures
    lead = page.locator("h1.lead").first.inner_text()
    assert f"{figures.n_doubtful} of {figures.n_claims} claims" in lead
    score = f"{figures.sourcing.score:.0f} sourcing score of 100"
    assert page.locator(".card").first.inner_text().split() == score.split()
    for name in STRENGTHS:
        line = page.locator(f"#view-overview .legend a[href$='label={name}']").inner_text()
        assert str(figures.strengths[name]) in line.split()
    assert page.locator("#documents-table tbody tr").count() == len(sample.summary.documents)


def test_the_weakest_claims_lead_to_their_place(page, sample):
    for place in range(3):
        page.goto(page.url.split("#")[0] + "#view=overview")
        link = page.locator(".weakest a").nth(place)
        expected = sample.rows[sample.weakest[place]]
        assert expected.text("text")[:300] in link.inner_text()
        link.click()
        assert sentence(page) == sample.weakest[place]
        assert expected.text("text") in page.locator("#panel .quote").first.inner_text()
        assert page.evaluate("document.activeElement.dataset.i") == str(sample.weakest[place])


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_the_chosen_sentence_is_in_sight_beside_its_panel(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for place in range(3):
        page.goto(page.url.split("#")[0] + "#view=overview")
        page.locator(".weakest a").nth(place).click()
        box = page.locator("a.s.on").bounding_box()
        panel = page.locator("#panel").bounding_box()
        floor = panel["y"] if panel["width"] == size[0] else size[1]
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= floor


def test_documents_are_sorted_by_what_is_asked_for(page, sample):
    page.locator("#documents-table button[data-sort=sourcing]").click()
    shown = [int(text) for text in page.locator("#documents-table tbody td:nth-of-type(8)").all_inner_texts()]
    assert shown == sorted(shown)
    assert len(shown) == len(sample.summary.documents)
    page.locator("#documents-table button[data-sort=sourcing]").click()
    again = [int(text) for text in page.locator("#documents-table tbody td:nth-of-type(8)").all_inner_texts()]
    assert again == shown[::-1]


@pytest.mark.parametrize(
    ("fragment", "condition"),
    [
        ("label=weak", lambda row: row.text("strength") == "weak"),
        ("label=weak,strong", lambda row: row.text("strength") in ("weak", "strong")),
        ("type=official", lambda row: row.text("source_type") == "official" and row.text("strength") != "not_a_claim"),
        ("id=anonymous", lambda row: row.text("identification") == "anonymous"),
        ("check=disputed", lambda row: row.text("verification") == "disputed"),
        ("review=1", lambda row: row.flag("needs_review")),
        ("q=bridge", lambda row: "bridge" in (row.text("text") + "\n" + row.text("source_name")).lower()),
        (
            "q=BRIDGE&label=strong",
            lambda row: "bridge" in row.text("text").lower() and row.text("strength") == "strong",
        ),
        ("q=no+such+words", lambda row: False),
    ],
)
def test_filters_leave_what_they_say(reader, sample, fragment, condition):
    page = reader().open(sample.html, f"#view=claims&{fragment}")
    expected = [row.text("text") for row in sample.rows if condition(row)]
    assert matching(page) == len(expected)
    shown = page.locator("#view-claims .row .row-text").all_inner_texts()
    assert set(shown) <= set(expected)
    assert len(shown) >= min(len(expected), 5)


def test_chips_and_lists_filter_and_clear(page, sample):
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.locator("#filters button", has_text="weak").first.click()
    assert matching(page) == sample.summary.figures.strengths["weak"]
    assert "label=weak" in page.url
    page.locator("#filters select").first.select_option("official")
    both = sample.count(lambda row: row.text("strength") == "weak" and row.text("source_type") == "official")
    assert matching(page) == both
    page.get_by_role("button", name="Clear filters").click()
    assert matching(page) == len(sample.rows)


def test_search_by_key_and_the_step_back(page, sample):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("harbour", delay=5)
    page.keyboard.press("Enter")
    found = [
        n for n, row in enumerate(sample.rows) if "harbour" in (row.text("text") + row.text("source_name")).lower()
    ]
    assert found
    assert matching(page) == len(found)
    assert sentence(page) in found
    assert page.evaluate("document.activeElement.id") != "search"
    page.go_back()
    page.wait_for_function("() => !location.hash.includes('harbour')")


def test_a_link_leads_another_reader_to_the_same_place(reader, sample):
    one = reader().open(sample.html, "#view=story")
    for key in "jjj":
        one.keyboard.press(key)
    one.locator("#filters button", has_text="moderate").first.click()
    other = reader().open(sample.html, "#" + one.url.split("#")[1])
    assert sentence(other) == sentence(one)
    quote = other.locator("#panel .quote").first.inner_text()
    assert quote == sample.rows[sentence(one)].text("text") == one.locator("#panel .quote").first.inner_text()
    assert matching(other) == matching(one) == sample.summary.figures.strengths["moderate"]


@pytest.mark.parametrize(
    "fragment", ["#s=99999&view=story", "#view=%00&s=-1&label=solid&doc=x", "#view=story&s=1e9&q=%"]
)
def test_an_address_that_makes_no_sense_shows_the_report(reader, sample, fragment):
    page = reader().open(sample.html, fragment)
    assert page.locator("main section:visible").count() > 0
    assert "solid" not in unquote(page.locator("#main").inner_text())


def test_keys_step_through_a_story(reader, sample):
    page = reader().open(sample.html, "#view=story")
    for forward, back in (("j", "k"), ("ArrowDown", "ArrowUp"), ("ArrowRight", "ArrowLeft")):
        page.keyboard.press(forward)
        first = sentence(page)
        page.keyboard.press(forward)
        assert sentence(page) == first + 1
        focused = page.evaluate("document.activeElement.textContent")
        assert sample.rows[first + 1].text("text") in focused
        page.keyboard.press(back)
        assert sentence(page) == first
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert sentence(page) is None


def test_help_opens_and_closes_by_key(page):
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    assert "next sentence" in page.locator("#help").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()


def test_single_keys_can_be_switched_off(reader, sample):
    one = reader()
    page = one.open(sample.html)
    page.keyboard.press("?")
    page.locator("#single").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert sentence(page) is None
    again = one.open(sample.html)
    again.keyboard.press("j")
    assert sentence(again) is None


def test_reasons_add_up_to_what_the_table_says(reader, sample):
    page = reader().open(sample.html, "#view=story")
    for number in (0, len(sample.rows) // 2, len(sample.rows) - 1):
        page.goto(f"{sample.html.as_uri()}#view=story&s={number + 1}")
        shown = "(text) => document.querySelector('#panel .quote').textContent === text"
        page.wait_for_function(shown, arg=sample.rows[number].text("text"))
        amounts = [text.replace("−", "-") for text in page.locator("#panel table.why .num").all_inner_texts()]
        *parts, total = map(float, amounts)
        assert sum(parts) == pytest.approx(total, abs=0.001)
        assert total == pytest.approx(float(sample.rows[number].text("reasons").rsplit("= ", 1)[1].replace("−", "-")))


def test_a_source_leads_to_its_claims(reader, sample):
    page = reader().open(sample.html, "#view=sources")
    first = sample.summary.sources[0]
    link = page.locator("#view-sources tbody a").first
    assert link.inner_text() == first.name
    link.click()
    assert matching(page) == len(first.rows)
    quote = page.locator("#view-claims .row .row-text").first.inner_text()
    assert quote in {sample.table.rows[place].text("text") for place in first.rows}


def test_a_story_is_printed_without_its_controls(reader, sample):
    page = reader().open(sample.html, "#view=story")
    page.emulate_media(media="print")
    assert page.locator(".story .prose").is_visible()
    assert not page.locator("#search").is_visible()
    assert not page.locator("#filters").is_visible()


def test_without_scripts_the_figures_are_there(chromium, sample):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample.html.as_uri())
    text = page.locator("main").inner_text()
    context.close()
    assert f"{sample.summary.figures.n_claims} claims" in text
    assert "JavaScript" in text
