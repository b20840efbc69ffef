"""The site builds without a warning, fetches nothing, and what is generated in it is as its tool writes it."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"tools.{name}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors: links, anchors and every name of the reference are looked up."""
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("needs the dependency group docs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_every_page_is_there(site: Path) -> None:
    pages = {str(path.relative_to(DOCS).with_suffix("")) for path in DOCS.rglob("*.md")} - {"index"}
    built = {str(path.parent.relative_to(site)) for path in site.rglob("index.html")}
    assert pages <= built
    assert {"reference/api", "reference/schemas", "reference/command-line", "reference/heap"} <= built


@pytest.mark.slow
def test_a_reader_needs_no_other_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="([^"]+)"', text)
        loaded += re.findall(r'<link\b[^>]*rel="(?:stylesheet|preconnect|icon|preload)"[^>]*href="([^"]+)"', text)
        assert [link for link in loaded if re.match(r"(https?:)?//", link)] == [], page
    for style in site.rglob("*.css"):
        assert re.findall(r"url\(['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == [], style
    assert 'class="mermaid"' not in "".join(page.read_text(encoding="utf-8") for page in site.rglob("*.html"))


@pytest.mark.slow
def test_the_reference_is_that_of_the_code(site: Path) -> None:
    import omvsim

    api = (site / "reference" / "api" / "index.html").read_text(encoding="utf-8")
    for name in set(omvsim.__all__) - {"__version__"}:
        assert f'.{name}"' in api, name
    assert "Load a model on the simulated camera and run it." in api
    commands = (site / "reference" / "command-line" / "index.html").read_text(encoding="utf-8")
    from omvsim.cli import COMMANDS

    for name in COMMANDS:
        assert f"omvsim {name}" in commands


def test_links_beside_the_docs_lead_to_the_repository(tools: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mkdocs")
    docs_site = tools("docs_site")
    page = type("Page", (), {"file": type("File", (), {"src_uri": "howto/x.md"})})
    text = "[a](../../action.yml) [b](../gate.md) [c](../../boards/x.json#y) [d](https://e.org/../f)"
    monkeypatch.setattr(docs_site, "repository", lambda: "https://example.org/omvsim")
    assert docs_site.on_page_markdown(text, page=page) == (
        "[a](https://example.org/omvsim/blob/main/action.yml) [b](../gate.md) "
        "[c](https://example.org/omvsim/blob/main/boards/x.json) [d](https://e.org/../f)"
    )
    monkeypatch.setattr(docs_site, "repository", lambda: "")
    assert docs_site.on_page_markdown(text, page=page) == "a [b](../gate.md) c [d](https://e.org/../f)"


def test_figures_are_as_they_are_drawn(tools: Any) -> None:
    figures = tools("figures")
    folder = DOCS / "figures"
    assert {path.name for path in folder.iterdir()} == set(figures.FIGURES)
    for name, draw in figures.FIGURES.items():
        assert (folder / name).read_text(encoding="utf-8") == draw(), "python -m tools.figures draws them anew"


def test_every_figure_is_shown() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    shown = set(re.findall(r"\(\.\./figures/([\w-]+\.svg)\)", text))
    assert shown == {path.name for path in (DOCS / "figures").iterdir()}


def test_the_accuracy_page_is_what_validate_says(tools: Any) -> None:
    page = tools("accuracy_page").page()
    assert (DOCS / "accuracy.md").read_text(encoding="utf-8") == page, "python -m tools.accuracy_page writes it anew"


def test_words_are_spelled_right() -> None:
    pytest.importorskip("codespell_lib")
    pages = [str(path) for path in DOCS.rglob("*.md")]
    pages += [str(ROOT / name) for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml")]
    command = [sys.executable, "-m", "codespell_lib", "--toml", str(ROOT / "pyproject.toml")]
    done = subprocess.run([*command, *pages], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    spelled = subprocess.run([*command, "-"], input="teh camrea", capture_output=True, text=True, check=False)
    assert "the" in spelled.stdout  # it does look
