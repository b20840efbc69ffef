"""Ctrl-C in the midst of an import waits until it is over."""

from __future__ import annotations

import importlib
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from omvsim.interrupting import importing, interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this host has no clock that interrupts")


@pytest.fixture
def listening() -> Iterator[None]:
    alarm, before = signal.getsignal(signal.SIGALRM), signal.signal(signal.SIGINT, interrupted)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGINT, before)
    signal.signal(signal.SIGALRM, alarm)


@pytest.mark.usefixtures("listening")
def test_elsewhere_it_is_heard_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("listening")
def test_the_module_is_whole_and_then_it_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "whole_module.py").write_text(
        "import signal, time\nsignal.raise_signal(signal.SIGINT)\ntime.sleep(0.05)\nwhole = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it comes at some moment
        assert importlib.import_module("whole_module").whole
        time.sleep(5)
    assert sys.modules["whole_module"].whole


def test_what_is_within_a_call() -> None:
    here = sys._getframe()
    assert not importing(None)
    assert not importing(here, here)
    assert not importing(here, here.f_back)
