"""What is published: addresses from one place, links that work on an index, and a wheel and sdist that check out."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WHERE = "https://example.org/omvsim"


@pytest.fixture
def metadata(monkeypatch: pytest.MonkeyPatch) -> Any:
    pytest.importorskip("hatchling")
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("tools.metadata")


def test_addresses_follow_from_one_value(metadata: Any) -> None:
    found = metadata.addresses(WHERE)
    assert set(found) == {"Homepage", "Source", "Issues", "Changelog", "Documentation"}
    assert all(address.startswith(WHERE) for address in found.values())
    assert metadata.addresses("") == {}


def test_links_of_the_readme_work_anywhere(metadata: Any) -> None:
    text = "![x](docs/a.png) [b](docs/b.md) [c](https://c.org/d) [d](#e)"
    assert metadata.absolute(text, WHERE) == (
        f"![x]({WHERE}/raw/main/docs/a.png) [b]({WHERE}/blob/main/docs/b.md) [c](https://c.org/d) [d](#e)"
    )
    assert metadata.absolute(text, "") == text


@pytest.mark.skipif(
    not os.environ.get("OMVSIM_TEST_INSTALL"), reason="builds with packages from the network; CI does it"
)
def test_wheel_and_sdist(tmp_path: Path) -> None:
    clone = tmp_path / "omvsim"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    project = clone / "pyproject.toml"
    project.write_text(project.read_text().replace('repository = ""', f'repository = "{WHERE}"'))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    for kind in ("sdist", "wheel"):
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path / "dist"), str(clone)]
        if kind == "sdist":
            shutil.rmtree(tmp_path / "dist", ignore_errors=True)
            hatch = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path / "dist")]
            build = hatch if importlib.util.find_spec("hatchling") else build
        subprocess.run(build, cwd=clone, env=environment, check=True)
    files = [str(path) for path in (tmp_path / "dist").iterdir()]
    (wheel,) = (path for path in files if path.endswith(".whl"))
    for command in (["twine", "check", "--strict", *files], ["check_wheel_contents", "--ignore", "W002", wheel]):
        done = subprocess.run(
            [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        found = HeaderParser().parsestr(archive.read(name).decode())
        names = archive.namelist()
    assert f"Homepage, {WHERE}" in found.get_all("Project-URL", [])
    assert not any(name.startswith(("tests/", "docs/", "tools/")) for name in names)


def test_no_hint_names_an_index_that_does_not_have_us() -> None:
    hints = [
        (str(path.relative_to(ROOT)), line)
        for folder in ("omvsim", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "pip install omvsim" in line or 'pip install "omvsim' in line
    ]
    assert hints == []
