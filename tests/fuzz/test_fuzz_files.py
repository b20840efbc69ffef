"""A short run of every target; the long one is ``python -m tools.fuzz_files``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from omvsim.errors import InputError
from tools.fuzz_files import CORPUS, TARGETS, Target, check, inputs, main, seeds_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_damaged_files_end_as_they_should(name: str, tmp_path: Path) -> None:
    for data in inputs(name, seed=2026, count=20 if name == "model" else 60):
        found = check(TARGETS[name], data, tmp_path)
        assert found is None, f"{found.kind}\n{found.details}"


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_seeds_are_whole(name: str, tmp_path: Path) -> None:
    """A seed that is refused would test the refusal only."""
    for data in seeds_of(name):
        path = tmp_path / f"f{TARGETS[name].suffix}"
        path.write_bytes(TARGETS[name].packed(data))
        TARGETS[name].read(path)
    assert seeds_of(name)


def test_inputs_are_a_function_of_seed_and_number() -> None:
    assert list(inputs("policy", 3, 30)) == list(inputs("policy", 3, 40))[:30]
    assert len(set(inputs("policy", 3, 30))) > 20


def test_what_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: Path) -> None:
        raise {b"k": KeyError("x"), b"i": InputError("x", "y")}[path.read_bytes()]

    found = check(Target(".x", fails), b"k", tmp_path)
    assert found is not None
    assert found.kind.startswith("KeyError at")
    assert "KeyError: 'x'" in found.details
    assert check(Target(".x", fails), b"i", tmp_path) is None
    monkeypatch.setattr("tools.fuzz_files.SLOW", 0.01)
    slow = check(Target(".x", lambda _: _spin()), b"", tmp_path)
    assert slow is not None
    assert slow.kind == "slow"


def _spin() -> None:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass


def test_a_finding_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(_: Path) -> None:
        raise KeyError("x")

    monkeypatch.setitem(TARGETS, "policy", Target(".toml", fails))
    assert main(["--target", "policy", "--count", "3", "--findings", str(tmp_path / "found")]) == 1
    (kept,) = (tmp_path / "found").iterdir()
    assert f"{kept}" in capsys.readouterr().out
    assert main(["--target", "profile", "--count", "3"]) == 0


def test_the_corpus_is_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 64 << 10
