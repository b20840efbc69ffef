"""The page in a real browser: what moves, what it asks of a reader, and that it asks nothing of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from omvsim.report import html_report
from tests.browser.chromium import needs_chromium, serious
from tests.capture.captures import NAMES, capture_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_chromium, pytest.mark.slow]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in NAMES:
        (folder / f"{name}.html").write_text(html_report(capture_of(name)), encoding="utf-8")
    return folder


class Opened:
    """A page, and what it said and asked for meanwhile."""

    def __init__(self, browser: Any, path: Path, width: int = 1440, **options: Any) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def close(self) -> None:
        self.page.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", NAMES)
def test_it_opens_quietly_and_is_no_wider_than_the_screen(name: str, width: int, browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / f"{name}.html", width)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
    if width == 1440 and capture_of(name).document.tiles:  # the answer is on the first screen
        box = opened.page.locator(".tiles").bounding_box()
        assert box["y"] + box["height"] < 900
    opened.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_accessibility_rules_find_nothing_serious(name: str, theme: str, browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / f"{name}.html", color_scheme=theme, bypass_csp=True)
    assert serious(opened.page) == []
    opened.close()


def test_what_fills_the_heap_is_on_the_first_screen(browser: Any, pages: Path) -> None:
    verdict = capture_of("leak").document.verdict
    for width, most in ((1440, 900), (390, 844)):
        opened = Opened(browser, pages / "leak.html", width)
        box = opened.page.locator(".fill-bar").bounding_box()
        assert box["y"] + box["height"] < most
        first = opened.page.locator(".fills .legend li").first.text_content()
        assert (
            first.replace("\N{NO-BREAK SPACE}", " ")
            .strip()
            .startswith(f"{verdict.holders[0].bytes:,}".replace(",", " "))
        )
        shares = opened.page.evaluate("[...document.querySelectorAll('.fill-bar span')].map(e => e.offsetWidth)")
        whole = sum(area.size for area in capture_of("leak").document.areas if area.kind == "gc")
        assert abs(shares[0] / sum(shares) - verdict.holders[0].bytes / whole) < 0.02
        opened.close()


def test_the_slider_shows_other_moments(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "leak.html")
    page, moments = opened.page, capture_of("leak").document.moments
    used = page.locator(".area [data-used]").last
    assert page.locator("#moment-name").text_content().startswith("no room")
    taken = page.locator(".area rect:not(.free)").count()
    page.locator("#moment").focus()
    page.keyboard.press("Home")
    assert page.locator("#moment-name").text_content() == "frame 1"
    assert page.locator("#moment").get_attribute("aria-valuetext") == "frame 1"
    assert used.text_content().replace(" ", "") == str(moments[0].levels[-1].used)
    assert page.locator(".area rect:not(.free)").count() < taken
    page.keyboard.press("ArrowRight")
    assert page.locator("#moment-name").text_content() == "frame 2"
    opened.close()


def height(page: Any, at: int) -> float:
    return float(page.locator("rect.buffer").nth(at).get_attribute("height"))


def test_cells_and_buffers_tell_what_they_are(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "runs.html")
    page = opened.page
    page.locator(".area").nth(1).locator("rect:not(.free)").first.hover()
    assert page.locator("#cell").text_content().startswith("gc[1] 0x")
    tallest = max(range(page.locator("rect.buffer").count()), key=lambda at: height(page, at))
    page.locator("rect.buffer").nth(tallest).hover()
    assert "bytes at offset" in page.locator("[data-told='0']").text_content()
    opened.close()


def test_a_tensor_is_found_by_its_name(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "runs.html")
    page, arena = opened.page, capture_of("runs").document.arenas[0]
    wanted = arena.buffers[3].name.lower()
    page.locator("[data-find='0']").fill(wanted)
    hits = sum(wanted in buffer.name.lower() for buffer in arena.buffers)
    assert page.locator("[data-found='0']").text_content() == f"{hits} found"
    assert page.locator(".buffer.found").count() == hits
    opened.close()


def test_tables_sort_and_filter(browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "leak.html")
    page = opened.page
    head = page.locator("[data-table=allocations] th", has_text="bytes").first
    column = page.evaluate("e => e.cellIndex", head.element_handle())
    cells = (
        f"[...document.querySelectorAll('[data-table=allocations] tbody tr')].map(r => +r.cells[{column}].dataset.v)"
    )
    head.locator("button").click()
    values = page.evaluate(cells)
    assert values == sorted(values, reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").press("Enter")
    assert page.evaluate(cells) == sorted(values)
    page.locator("[data-filter=allocations]").fill("picture")
    shown = page.locator("[data-table=allocations] tbody tr:visible")
    assert 0 < shown.count() < len(values)
    assert page.locator("[data-count=allocations]").text_content() == f"{shown.count()} rows"
    opened.close()


@pytest.mark.parametrize("prefers", ["light", "dark"])
def test_the_theme_is_the_readers_and_can_be_changed(prefers: str, browser: Any, pages: Path) -> None:
    opened = Opened(browser, pages / "runs.html", color_scheme=prefers)
    page = opened.page
    other = "dark" if prefers == "light" else "light"
    assert page.evaluate("document.documentElement.dataset.theme") == prefers
    page.locator("#theme").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == other
    opened.close()


def test_names_cannot_become_part_of_the_page(browser: Any, tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=\"console.log('ran')\"><b>'\""
    document = capture_of("leak").document
    names = tuple(f"{name} {evil}" for name in document.names)
    verdict = document.verdict.model_copy(update={"message": evil, "sentence": evil, "reasons": ((evil, evil),)})
    source = document.source
    assert source is not None
    update = {"title": evil, "names": names, "verdict": verdict, "output": evil, "notes": (evil,)}
    update["source"] = source.model_copy(update={"text": (evil, *source.text[1:])})
    from omvsim.capture import Capture

    capture = Capture(document.model_copy(update=update), capture_of("leak").columns)
    path = tmp_path / "evil.html"
    path.write_text(html_report(capture), encoding="utf-8")
    opened = Opened(browser, path)
    assert opened.said == []
    assert opened.page.locator("img, b").count() == 0
    assert opened.page.locator("h1").text_content() == evil
    assert evil in opened.page.locator(".legend").last.text_content()
    opened.close()
