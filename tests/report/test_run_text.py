"""The report of a run: golden pages, one screen, narrow and without Unicode. ``OMVSIM_UPDATE=1`` rewrites the pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import omvsim
from omvsim import models
from omvsim.advice import suggest
from omvsim.report._run_text import render_run

GOLDEN = Path(__file__).parent / "golden"
FB = 0x60000000
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "runs": ("fomo-like", {}),
    "runs-5.0.0-from-uma": (
        "mobilenet-like",
        {"firmware": "5.0.0", "load": "file", "gc": [(64 << 10, None), (204 << 10, None)]},
    ),
    "value-error": ("fomo-like", {"gc": [(100 << 10, FB)]}),
    "memory-error": ("fomo-like", {"gc": [(247 << 10, FB)]}),
    "may-crash": ("fomo-like", {"gc": [(250 << 10, FB)]}),
    "load-to-fb": ("tiny-conv", {"load": "fb"}),
    "input-too-large": ("keyword-spotting", {"gc": [(25 << 10, FB)], "input": "ndarray"}),
}


def page(result: Any, width: int = 100, *, ascii_only: bool = False) -> str:
    console = Console(highlight=False, width=width, force_terminal=False, color_system=None, _environ={})
    with console.capture() as capture:
        console.print(render_run(result, suggest(result), width, ascii_only=ascii_only))
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in {name for name, _ in CASES.values()}:
        (folder / f"{name}.tflite").write_bytes(models.make(name))
    return folder


@pytest.mark.parametrize("case", CASES)
def test_page(case: str, folder: Path) -> None:
    name, options = CASES[case]
    text = page(omvsim.run(folder / f"{name}.tflite", **options))
    golden = GOLDEN / f"{case}.txt"
    if os.environ.get("OMVSIM_UPDATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("width", [100, 80, 60])
def test_fits_the_terminal(case: str, width: int, folder: Path) -> None:
    name, options = CASES[case]
    lines = page(omvsim.run(folder / f"{name}.tflite", **options), width).splitlines()
    assert max(map(len, lines)) <= width
    if width == 100:
        assert len(lines) <= 40


def test_without_unicode_bars_are_ascii(folder: Path) -> None:
    text = page(omvsim.run(folder / "fomo-like.tflite"), ascii_only=True)
    assert not set(text) & set("·▁▂▃▄▅▆▇█")


def test_colour_only_on_a_terminal(folder: Path) -> None:
    result = omvsim.run(folder / "fomo-like.tflite", gc=[(100 << 10, FB)])
    console = Console(width=100, force_terminal=True, color_system="standard", _environ={})
    with console.capture() as capture:
        console.print(render_run(result, suggest(result)))
    assert "\x1b[" in capture.get()
    assert "\x1b[" not in page(result)


def test_figures_do_not_break_across_lines(folder: Path) -> None:
    result = omvsim.run(folder / "fomo-like.tflite")
    for width in range(50, 101):
        for line in page(result, width).splitlines():
            assert not line.endswith(("model.ram 237", "bytes left 8", "(longest run 8", "(longest run 8 196"))
