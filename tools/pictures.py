"""The pictures of README and docs, made anew: ``python -m tools.pictures [--folder docs/pictures] [--no-browser]``.

Charts are drawn by omvsim from its own models, the same bytes on every machine. Pictures of the page need Chromium
(``OMVSIM_CHROMIUM``, or ``chromium`` on the path) and playwright; a browser's letters differ from machine to machine,
so those are only made, not compared.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import omvsim
from omvsim import models
from omvsim.advice import suggest
from omvsim.boards import load_board
from omvsim.capture import Recorder, capture_board, capture_run
from omvsim.frame_time import time_of_run
from omvsim.report import chart_svg, html_report

if TYPE_CHECKING:
    from omvsim.capture import Capture

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
CHARTS: Final = {
    "forum-heap.svg": ("forum", "map-gc[0]"),
    "forum-over-time.svg": ("forum", "time"),
    "person-arena.svg": ("runs", "arena"),
    "board-4.8.1.svg": ("board", "board"),
}
"""Files that every machine makes alike: the run and its chart."""
PAGES: Final = {
    "page-forum.png": ("forum", 1200, 760, "light"),
    "page-forum-small.png": ("forum", 390, 760, "dark"),
    "page-runs.png": ("runs", 1200, 900, "dark"),
}


def captures() -> dict[str, Capture]:
    """The runs that are shown, all of models of our own."""
    with TemporaryDirectory() as folder:
        yolo, small = Path(folder) / "yolo.tflite", Path(folder) / "fomo.tflite"
        yolo.write_bytes(models.make("yolov8n-like", size=640, classes=2))
        small.write_bytes(models.make("fomo-like"))
        return {
            "forum": _run(yolo, scenario="forum-9790"),
            "runs": _run(small),
            "board": capture_board(load_board("openmv-rt1062", "4.8.1")),
        }


def _run(model: Path, scenario: str = "load-and-predict") -> Capture:
    recorder = Recorder()
    result = omvsim.run(model, scenario=scenario, watcher=recorder)
    ways = suggest(result) if result.failure is not None else ()
    return capture_run(result, recorder, ways, time_of_run(result))


def charts(given: dict[str, Capture]) -> dict[str, str]:
    """File by file."""
    return {file: chart_svg(given[run], chart) for file, (run, chart) in CHARTS.items()}


def browser() -> str | None:
    """Chromium, where it and what drives it are installed."""
    found = os.environ.get("OMVSIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found if found and importlib.util.find_spec("playwright") else None


def take_pages(given: dict[str, Capture], folder: Path, chromium: str) -> None:
    """The page as a reader sees it first."""
    with TemporaryDirectory() as made, importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for file, (run, width, height, theme) in PAGES.items():
            path = Path(made) / f"{run}.html"
            path.write_text(html_report(given[run]), encoding="utf-8")
            page = started.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
            page.goto(path.as_uri())
            page.screenshot(path=str(folder / file))
            page.close()
        started.close()


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description="Make the pictures of README and docs anew.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--no-browser", action="store_true", help="charts only")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    given = captures()
    for file, text in charts(given).items():
        (args.folder / file).write_text(text, encoding="utf-8")
    chromium = None if args.no_browser else browser()
    if chromium is not None:
        take_pages(given, args.folder, chromium)
    print(f"made {len(CHARTS) + (len(PAGES) if chromium else 0)} pictures in {args.folder}")


if __name__ == "__main__":
    main()
