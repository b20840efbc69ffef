"""A model is dropped on the page, before ``omvsim serve`` and before Python in the browser; both answer as the command.

The second needs a folder that ``python -m tools.build_page FOLDER`` made: ``OMVSIM_PAGE=FOLDER``.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = os.environ.get("OMVSIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
BUILT = os.environ.get("OMVSIM_PAGE")
SCRIPT = "import gc\ntext = 'free %d' % gc.mem_free()\nprint(text)\n"
MINUTES = 5 * 60_000
pytestmark = pytest.mark.skipif(
    BROWSER is None or importlib.util.find_spec("playwright") is None, reason="needs Chromium and playwright"
)


class Files(SimpleHTTPRequestHandler):
    """The built folder as any web server would give it out."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm", ".js": "text/javascript"}

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def static(folder: str) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


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
def browser() -> Iterator[Any]:
    with importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


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


def says(page: Any, words: str) -> None:
    """Wait for what the page says of itself."""
    state = importlib.import_module("playwright.sync_api").expect(page.locator("#state"))
    state.to_have_text(words, timeout=MINUTES)


def ask(page: Any) -> None:
    page.locator("#ask").click()
    says(page, "Done.")


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


@pytest.mark.slow
@pytest.mark.skipif(BUILT is None, reason="needs a built page (python -m tools.build_page FOLDER; OMVSIM_PAGE=FOLDER)")
def test_before_python_in_the_browser(browser: Any, dropped: Path) -> None:
    assert BUILT is not None
    with static(BUILT) as address:
        assert drive(browser, address, dropped) == []
