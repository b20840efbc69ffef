"""The files of pinned versions: in step with pyproject.toml, whole, hashed, and naming no place to fetch from."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EXTRAS = {"requirements.txt": ("html", "photo", "png"), "requirements-dev.txt": ("photo",)}
"""The files and the extras that each has beside the dependencies."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class Pin(NamedTuple):
    requirement: Requirement
    hashes: list[str]

    @property
    def version(self) -> str:
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "=="
        return specifier.version


def pins(name: str) -> list[Pin]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [Pin(Requirement(line.partition(" --hash")[0]), HASH.findall(line)) for line in lines]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group(tables: dict[str, Any], name: str) -> list[str]:
    found = []
    for entry in tables["dependency-groups"][name]:
        found += group(tables, entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


def declared(name: str) -> list[Requirement]:
    tables = project()
    texts = list(tables["project"]["dependencies"])
    for extra in EXTRAS[name]:
        texts += tables["project"]["optional-dependencies"][extra]
    if name == "requirements-dev.txt":
        texts += group(tables, "dev")
    return [Requirement(text) for text in texts]


def environments() -> list[dict[str, str]]:
    return [
        {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": platform,
            "platform_system": system,
            "os_name": "nt" if platform == "win32" else "posix",
            "platform_machine": "x86_64",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }
        for python in PYTHONS
        for platform, system in PLATFORMS
    ]


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def pinned(name: str, environment: dict[str, str]) -> dict[str, Pin]:
    """What is installed there, by name; no name has two versions."""
    found: dict[str, Pin] = {}
    for pin in pins(name):
        if applies(pin.requirement, environment):
            key = canonicalize_name(pin.requirement.name)
            assert key not in found, f"{key} twice for {environment}"
            found[key] = pin
    return found


def mismatches(name: str, wanted: list[Requirement]) -> list[str]:
    """What is wanted and not pinned, or pinned to a version that is not wanted."""
    wrong = []
    for environment in environments():
        found = pinned(name, environment)
        for requirement in wanted:
            pin = found.get(canonicalize_name(requirement.name))
            if applies(requirement, environment) and (
                pin is None or not requirement.specifier.contains(pin.version, prereleases=True)
            ):
                wrong.append(f"{requirement} on {environment['python_version']} {environment['sys_platform']}")
    return wrong


@pytest.mark.parametrize("name", EXTRAS)
def test_every_declared_dependency_is_pinned_as_declared(name: str) -> None:
    assert mismatches(name, declared(name)) == [], "poe lock makes both files anew"


def test_what_is_not_in_step_is_seen() -> None:
    assert mismatches("requirements.txt", [Requirement("numpy>=99")])
    assert mismatches("requirements.txt", [Requirement("no-such-package")])
    assert mismatches("requirements.txt", [Requirement("numpy>=99; python_version < '3.10'")]) == []


@pytest.mark.parametrize("name", EXTRAS)
def test_every_pin_has_hashes_and_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(?:extra-)?index|--find-links|file:", text)
    assert all(pin.hashes and not pin.requirement.url for pin in pins(name))
    assert text.count("--hash=") == sum(len(pin.hashes) for pin in pins(name))


@pytest.mark.parametrize("name", EXTRAS)
def test_what_pins_need_themselves_is_pinned(name: str) -> None:
    """Of those that are installed here in that very version: a file with a hole cannot be installed with hashes."""
    holes, looked = [], 0
    for environment in environments():
        found = pinned(name, environment)
        for key, pin in found.items():
            if not _installed(key, pin.version):
                continue
            looked += 1
            for text in metadata.requires(key) or ():
                requirement = Requirement(text)
                if applies(requirement, environment) and canonicalize_name(requirement.name) not in found:
                    holes.append(f"{key}: {requirement}")
    if not looked:
        pytest.skip("none of the pinned versions is installed here")
    assert sorted(set(holes)) == []


def _installed(name: str, version: str) -> bool:
    try:
        return metadata.version(name) == version
    except metadata.PackageNotFoundError:
        return False
