"""A model is dropped on the page, before ``omvsim serve`` and before Python in the browser; both answer as the command.

The second needs a folder that ``python -m tools.build_page FOLDER`` made: ``OMVSIM_PAGE=FOLDER``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.boards import releases
from tests.browser.chromium import BUILT, ask, needs_built_page, needs_chromium, says, serious, static

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = "import gc\ntext = 'free %d' % gc.mem_free()\nprint(text)\n"
pytestmark = [needs_chromium, pytest.mark.slow]


@contextmanager
def served() -> Iterator[str]:
    command = [sys.executable, "-m", "omvsim", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split(" ")[0]
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dropped")
    (folder / "fomo.tflite").write_bytes(models.make("fomo-like"))
    (folder / "main.py").write_text(SCRIPT)
    return folder


def by_hand(folder: Path, command: str) -> tuple[int, str]:
    words = re.sub(r" --html \S+( --no-releases)?", "", command).removeprefix("omvsim ").split(" ")
    typed = [sys.executable, "-m", "omvsim", *words]
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    done = subprocess.run(typed, cwd=folder, capture_output=True, text=True, check=False, env=kept)
    return done.returncode, done.stdout


def drive(browser: Any, address: str, dropped: Path) -> list[str]:
    """Drop, ask, compare with the command; what the page asked of a network once it was ready."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    says(page, "Ready.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.locator("#firmware option").all_text_contents()[1:] == list(releases())
    page.locator("#files").set_input_files([dropped / "fomo.tflite"])
    page.locator("#firmware").select_option("5.0.0")
    page.locator("#load").select_option("file")
    ask(page)
    command = page.locator("#command").text_content()
    assert command.startswith("omvsim run fomo.tflite --firmware 5.0.0 --load file")
    code, out = by_hand(dropped, command)
    assert (int(page.locator("#code").text_content()), page.locator("#out").text_content()) == (code, out)
    report = page.frame_locator("#report")
    assert report.locator(".word strong").text_content() == "Runs"
    assert report.locator(".map").count() >= 3
    page.locator("#files").set_input_files([dropped / "main.py"])
    page.wait_for_selector("#load:disabled")  # once the page has seen the file
    ask(page)
    command = page.locator("#command").text_content()
    assert command.startswith("omvsim exec main.py")
    code, out = by_hand(dropped, command)
    assert (int(page.locator("#code").text_content()), page.locator("#out").text_content()) == (code, out)
    assert re.search(r"^free \d+$", out, re.MULTILINE)
    assert said == []
    page.close()
    return [url for url in asked if not url.startswith(("about:", "data:", "blob:"))]


def test_before_a_server(browser: Any, dropped: Path) -> None:
    with served() as address:
        assert set(drive(browser, address, dropped)) == {f"{address}answer"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_for_everybody(theme: str, width: int, browser: Any, dropped: Path) -> None:
    with served() as address:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
        page.goto(address)
        says(page, "Ready.")
        assert serious(page) == []
        page.locator("#files").set_input_files([dropped / "fomo.tflite"])
        ask(page)
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@pytest.mark.slow
@needs_built_page
def test_before_python_in_the_browser(browser: Any, dropped: Path) -> None:
    assert BUILT is not None
    with static(BUILT) as address:
        assert drive(browser, address, dropped) == []
