"""axe-core finds no serious fault in any view, by day, by night and on a telephone."""

import pytest

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "mobile": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "has_touch": True},
    "mobile dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True},
}
PLACES = (
    "view=overview",
    "view=story&s=2",
    "view=story&label=weak",
    "view=claims&s=3",
    "view=claims&q=none",
    "view=sources",
    "view=review",
)


@pytest.fixture(scope="session")
def axe():
    axe_api = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed: pip install 'scorer[browser]'"
    )
    return axe_api.Axe()


def faults(axe, page):
    found = axe.run(page).response["violations"]
    return [
        f"{fault['impact']} {fault['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_no_serious_fault(reader, sample, axe, look):
    page = reader(**LOOKS[look]).open(sample.html)
    for place in PLACES:
        page.goto(f"{sample.html.as_uri()}#{place}")
        page.wait_for_timeout(60)
        if place == "view=story&s=2":
            page.keyboard.press("2")
            page.keyboard.press("3")
        assert faults(axe, page) == [], place
    page.keyboard.press("?")
    assert faults(axe, page) == [], "help"


def test_axe_would_find_a_fault(reader, sample, axe):
    page = reader().open(sample.html)
    page.evaluate("document.getElementById('search').insertAdjacentHTML('afterend', '<button></button>')")
    assert any("button-name" in fault for fault in faults(axe, page))


def test_zoom_to_twice_the_size_loses_nothing(reader, sample):
    page = reader(viewport={"width": 640, "height": 450}).open(sample.html)
    for place in PLACES:
        page.goto(f"{sample.html.as_uri()}#{place}")
        page.wait_for_timeout(30)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, place


def test_focus_is_seen(reader, sample):
    page = reader().open(sample.html)
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== "none" || style.boxShadow !== "none";
            }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
