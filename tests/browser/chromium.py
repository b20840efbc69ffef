"""The browser that is installed, started headless; playwright brings none."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import shutil
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = os.environ.get("OMVSIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
BUILT = os.environ.get("OMVSIM_PAGE") or None
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
MINUTES = 5 * 60_000
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give it 64 MB
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
needs_chromium = pytest.mark.skipif(
    PROGRAM is None or importlib.util.find_spec("playwright") is None, reason="needs Chromium and playwright"
)
needs_built_page = pytest.mark.skipif(
    BUILT is None, reason="needs a built page (python -m tools.build_page FOLDER; OMVSIM_PAGE=FOLDER)"
)


@contextmanager
def started() -> Iterator[Any]:
    with importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(_FLAGS))
        yield browser
        browser.close()


def serious(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds that keeps somebody from reading the page: the rule and the first place."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in tests/browser)")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(r => r.violations)")
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]


class _Files(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm", ".js": "text/javascript"}

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def static(folder: str) -> Iterator[str]:
    """A folder as any web server would give it out: its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def says(page: Any, words: str) -> None:
    """Wait for what the page on which a model is dropped says of itself."""
    state = importlib.import_module("playwright.sync_api").expect(page.locator("#state"))
    state.to_have_text(words, timeout=MINUTES)


def ask(page: Any) -> None:
    page.locator("#ask").click()
    says(page, "Done.")
