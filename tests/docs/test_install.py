"""Ways to install omvsim, each in an environment of its own as a user has it, and the pages run there top to bottom.

They fetch packages: only with ``OMVSIM_TEST_INSTALL=1``, as ``.ci/run`` sets it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import ROOT, call, environment
from .test_pages import DOCS, blocks, came_out
from .test_readme import README, what_comes_out

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("OMVSIM_TEST_INSTALL"), reason="installs from the network; CI does it"),
]
VERDICT = "RUNS: loaded from ROM, 5 predictions, model.ram 31 168"
NEEDED = {"omvsim", "argcomplete", "filelock", "flatbuffers", "numpy", "pydantic", "rich", "tflite"}


def runs(omvsim: Path, folder: Path, **more: str) -> None:
    """The first two commands of the README."""
    call(omvsim, "models", "make", "tiny-conv", "--force", cwd=folder, **more)
    assert VERDICT in call(omvsim, "run", "tiny-conv.tflite", cwd=folder, **more)


def test_pip(wheel: Path, tmp_path: Path) -> None:
    """A plain install: the command, its page of the manual, the data; a page needs its extra and says so."""
    python = environment(tmp_path / "venv")
    call(python, "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert "No broken requirements" in call(python, "-m", "pip", "check", cwd=tmp_path)
    listed = call(python, "-m", "pip", "list", "--format=freeze", cwd=tmp_path).lower()
    there = {re.split("==| @ ", line)[0] for line in listed.splitlines()}
    assert there >= NEEDED
    assert not there & {"pytest", "mkdocs", "jinja2", "pillow"}
    omvsim = python.with_name("omvsim")
    runs(omvsim, tmp_path)
    version = call(omvsim, "--version", cwd=tmp_path)
    assert "TFLite runtime: none" in version
    assert "openmv-rt1062: 17 releases" in version
    assert (tmp_path / "venv" / "share" / "man" / "man1" / "omvsim.1").is_file()
    page = subprocess.run(
        [omvsim, "run", "tiny-conv.tflite", "--html", "page.html"], cwd=tmp_path, capture_output=True, check=False
    )
    assert page.returncode == 1
    assert b"jinja2" in page.stderr


def test_pinned_versions(wheel: Path, tmp_path: Path) -> None:
    """Exactly what requirements.txt names, each file checked by its hash, and the wheel without looking further."""
    python = environment(tmp_path / "venv")
    call(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements.txt", cwd=tmp_path)
    call(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    assert "No broken requirements" in call(python, "-m", "pip", "check", cwd=tmp_path)
    listed = call(python, "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    there = set(re.findall(r"^([\w.-]+)==([\w.]+)", listed, re.MULTILINE)) - {("omvsim", "0.1.0")}
    assert {(name.lower().replace("_", "-"), version) for name, version in there} - {
        (name, version) for name, version in there if name in ("pip", "setuptools")
    } <= set(pinned)
    runs(python.with_name("omvsim"), tmp_path)
    call(python.with_name("omvsim"), "run", "tiny-conv.tflite", "--html", "page.html", cwd=tmp_path)


def test_uvx(wheel: Path, tmp_path: Path) -> None:
    """Without installing: uvx keeps its environments in a folder of its own."""
    if importlib.util.find_spec("uv") is None:
        pytest.skip("needs uv")
    folders = {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_TOOL_DIR": str(tmp_path / "tools")}
    uvx = [
        Path(sys.executable).with_name("uvx"),
        "--python",
        sys.executable,
        "--from",
        f"omvsim[html] @ {wheel}",
        "omvsim",
    ]
    call(*uvx, "models", "make", "tiny-conv", cwd=tmp_path, **folders)
    assert VERDICT in call(*uvx, "run", "tiny-conv.tflite", "--html", "page.html", cwd=tmp_path, **folders)
    assert (tmp_path / "page.html").stat().st_size > 50_000


def test_pipx(wheel: Path, tmp_path: Path) -> None:
    """A command of its own, with its page of the manual."""
    if importlib.util.find_spec("pipx") is None:
        pytest.skip("needs pipx")
    folders = {
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
    }
    pipx = [sys.executable, "-m", "pipx"]
    call(*pipx, "install", "--python", sys.executable, f"{wheel}[html]", cwd=tmp_path, **folders)
    runs(tmp_path / "bin" / "omvsim", tmp_path)
    assert (tmp_path / "man" / "man1" / "omvsim.1").is_file()


INSTALLING = re.findall(r"^```sh install\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


INSTALLING += [block.text.replace("$ ", "") for block in blocks("tutorial.md") if not block.is_run]


@pytest.mark.parametrize("commands", INSTALLING, ids=lambda text: text.split()[0])
def test_the_install_commands_of_the_pages(commands: str, tmp_path: Path) -> None:
    """Each block on a clone of its own, with the programs that it names and nothing else of this environment."""
    clone, programs = tmp_path / "omvsim", tmp_path / "programs"
    call("git", "clone", "-q", ROOT, clone, cwd=tmp_path)
    programs.mkdir()
    for name in ("uv", "uvx", "pipx"):
        if re.search(rf"\b{name}\b", commands):
            if not Path(sys.executable).with_name(name).is_file():
                pytest.skip(f"needs {name}")
            (programs / name).symlink_to(Path(sys.executable).with_name(name))
    more = {
        "PATH": f"{programs}:{tmp_path / 'bin'}:{os.environ['PATH']}",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
    }
    printed = call("bash", "-ec", commands, cwd=clone, **more)
    if "omvsim run" in commands:
        assert VERDICT in printed
    else:
        runs(clone / ".venv" / "bin" / "omvsim", clone)


def test_uv_sync_brings_what_users_need(tmp_path: Path) -> None:
    if importlib.util.find_spec("uv") is None:
        pytest.skip("needs uv")
    clone = tmp_path / "omvsim"
    call("git", "clone", "-q", ROOT, clone, cwd=tmp_path)
    uv = Path(sys.executable).with_name("uv")
    folders = {"UV_CACHE_DIR": str(tmp_path / "cache")}
    call(uv, "sync", "--quiet", "--python", sys.executable, cwd=clone, **folders)
    installed = {
        path.name.partition("-")[0].lower() for path in (clone / ".venv/lib").glob("*/site-packages/*.dist-info")
    }
    assert installed >= NEEDED
    assert not installed & {"pytest", "mypy", "mkdocs", "ruff"}
    runs(clone / ".venv" / "bin" / "omvsim", clone)
    assert call("git", "status", "--porcelain", cwd=clone) == "?? tiny-conv.tflite\n"  # uv.lock is not kept


def test_the_readme_top_to_bottom(user: Path, new_shell: Callable[..., Any]) -> None:
    for shown, now in what_comes_out(README.read_text(encoding="utf-8"), new_shell("readme", user)):
        assert shown == now


@pytest.mark.parametrize("page", ["tutorial.md", "howto/memory-error.md", "howto/gc-blocks.md"])
def test_a_page_top_to_bottom(page: str, user: Path, new_shell: Callable[..., Any]) -> None:
    """What a new user reads first, with the wheel and no checkout."""
    assert came_out(page, new_shell(page, user)) == (DOCS / page).read_text(encoding="utf-8")
