"""Text that would break out of the page stays text, wherever it is shown."""

import pytest

VIEWS = ("overview", "story", "claims", "sources", "review")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_view_runs_it_or_is_torn_by_it(reader, hostile, width):
    page = reader(viewport={"width": width, "height": 800}).open(hostile.html)
    scripts = page.locator("script").count()
    for view in VIEWS:
        page.goto(f"{hostile.html.as_uri()}#view={view}")
        page.wait_for_selector(f"#view-{view}:visible")
        found = page.evaluate(
            """() => ({
              pwned: window.pwned, scripts: document.scripts.length, images: document.images.length,
              links: [...document.links].map((link) => link.protocol),
              wide: document.documentElement.scrollWidth - window.innerWidth,
            })"""
        )
        assert found["pwned"] is None
        assert found["scripts"] == scripts
        assert found["images"] == 0
        assert set(found["links"]) == {"file:"}
        assert found["wide"] <= 0, view


def test_every_story_holds_its_text_to_the_letter(reader, hostile):
    page = reader().open(hostile.html, "#view=story")
    for number, row in enumerate(hostile.rows):
        page.goto(f"{hostile.html.as_uri()}#view=story&s={number + 1}")
        page.wait_for_function("(n) => document.querySelector('a.s.on')?.dataset.i === String(n)", arg=number)
        assert page.evaluate("document.querySelector('a.s.on').textContent") == row.text("text")
        assert page.evaluate("document.querySelector('#panel .quote').textContent") == row.text("text")
        assert row.doc_id in page.locator(".story .meta").inner_text()


def test_the_marks_of_a_sentence_with_wide_characters_are_its_words(reader, hostile):
    number, row = next((n, row) for n, row in enumerate(hostile.rows) if "😱" in row.text("text"))
    page = reader().open(hostile.html, f"#view=story&s={number + 1}")
    marked = page.evaluate(
        "[...document.querySelectorAll('a.s.on .m-source')].map((node) => node.textContent).join('')"
    )
    assert marked == row.text("source") != ""


def test_right_to_left_text_is_laid_out_so(reader, hostile):
    number = next(n for n, row in enumerate(hostile.rows) if "قال" in row.text("text"))
    page = reader().open(hostile.html, f"#view=story&s={number + 1}")
    assert page.evaluate("getComputedStyle(document.querySelector('a.s.on').closest('p')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.story h1')).direction") == "ltr"


def test_it_can_be_searched_for(reader, hostile):
    page = reader().open(hostile.html)
    for words in ("<script>window", "\"no\" & 'never'", "😱", "الوزير", "\\u003c"):
        page.keyboard.press("/")
        page.locator("#search").fill(words)
        page.keyboard.press("Enter")
        quote = page.evaluate("document.querySelector('#panel .quote').textContent")
        assert words in quote
        page.keyboard.press("Escape")
