"""One figure of the speed table: what was measured, what is asked for, and what a peer does."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Figure:
    """``target`` is for the machine of the targets; ``rate``: more is better, and a slower machine reaches less."""

    name: str
    value: float
    unit: str
    target: float | None = None
    rate: bool = False
    size: bool = False
    """Memory, which is the same on every machine."""
    peers: dict[str, float] = field(default_factory=dict)

    def here(self, slower: float) -> float | None:
        """The target on a machine that is so many times slower."""
        if self.target is None or self.size:
            return self.target
        return self.target / slower if self.rate else self.target * slower

    def met(self, slower: float) -> bool | None:
        """Whether it reaches its target on such a machine; None without one."""
        target = self.here(slower)
        if target is None:
            return None
        return self.value >= target if self.rate else self.value <= target

    def line(self, slower: float = 1.0) -> str:
        """As a line of the table."""
        target, met = self.here(slower), self.met(slower)
        aim = "" if target is None else f"{target:10.3f} {'met' if met else 'NOT MET'}"
        peers = "".join(f"   {name} {value:.3f}" for name, value in self.peers.items())
        return f"{self.name:<44}{self.value:10.3f} {self.unit:<8}{aim:<20}{peers}".rstrip()


def best(action: Callable[[], object], rounds: int = 3) -> float:
    """Least CPU seconds of some rounds in this process."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


_WAITS = """
import os, subprocess, sys
process = subprocess.Popen(
    [sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
_, _, usage = os.wait4(process.pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def spent(words: Sequence[str]) -> tuple[float, float]:
    """CPU seconds and the highest MB of one new Python process.

    A small process starts it: at first a new one counts the memory of its parent as its own.
    """
    done = subprocess.run([sys.executable, "-c", _WAITS, *words], capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)
