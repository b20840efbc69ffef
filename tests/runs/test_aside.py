"""What runs leave in the host's memory."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest

from omvsim import models, run
from omvsim.graph import parse_model
from omvsim.runs.aside import SPARE, host_aside


class Held:
    """Something that holds itself, as a machine's parts hold each other."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def old() -> weakref.ref[Held]:
    """Nobody's, and old: what was set aside once and taken back."""
    held = Held()
    found = weakref.ref(held)
    with host_aside():
        pass
    del held
    return found


@pytest.mark.parametrize("many", [False, True])
def test_what_is_old_is_collected_once_there_is_much(
    old: weakref.ref[Held], many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omvsim.runs.aside._Old.limit", 0 if many else sys.maxsize)
    gc.disable()
    try:
        with host_aside():
            assert gc.get_freeze_count()
            assert (old() is None) is many
    finally:
        gc.enable()
    assert gc.get_freeze_count() == 0


def test_the_next_time_is_when_as_much_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omvsim.runs.aside._Old.limit", 0)
    with host_aside():
        pass
    from omvsim.runs.aside import _Old

    count = sys.getallocatedblocks()
    assert _Old.limit == pytest.approx(count + max(SPARE, count // 4), abs=SPARE // 4)


def test_an_exception_takes_them_back() -> None:
    with pytest.raises(ValueError, match="x"), host_aside():
        raise ValueError("x")
    assert gc.get_freeze_count() == 0


def test_many_runs_hold_no_more_than_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty of them left 55 MB, 700 000 blocks."""
    monkeypatch.setattr("omvsim.runs.aside.SPARE", 50_000)
    monkeypatch.setattr("omvsim.runs.aside._Old.limit", 0)
    model = parse_model(models.make("tiny-conv"), "tiny-conv")
    run(model)
    gc.collect()
    begin, most = sys.getallocatedblocks(), 0
    for _ in range(60):
        run(model)
        most = max(most, sys.getallocatedblocks() - begin)
    assert most < max(50_000, begin // 4) + 60_000
