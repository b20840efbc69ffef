"""How long reading and planning take: ``python tests/bench/bench_arena.py [MODEL…]``.

Target: planning yolov8n_192 in under 20 ms. Without arguments it takes that model from the measured set, or generates
one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REAL = Path(__file__).parents[3] / "shared" / "models" / "real" / "yolov8n_192.tflite"


def best(action: Callable[[], object], rounds: int = 20) -> float:
    """Fastest of some rounds, in ms."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def bench(name: str, data: bytes) -> None:
    """Print one line."""
    from omvsim.graph import parse_model
    from omvsim.tflm import allocate, plan_arena

    model = parse_model(data, name)
    plan = plan_arena(model)
    read, planned = best(lambda: parse_model(data, name)), best(lambda: plan_arena(model))
    tried = best(lambda: allocate(plan, plan.arena_used_bytes + 512))
    operators = sum(len(subgraph.operators) for subgraph in model.subgraphs)
    print(f"{name}: {operators} operators, read {read:.1f} ms, plan {planned:.1f} ms, one arena {tried:.1f} ms")


def main(paths: list[str]) -> None:
    """Bench each file; cold import of both rooms last."""
    if paths or _REAL.exists():
        for path in paths or [str(_REAL)]:
            bench(Path(path).name, Path(path).read_bytes())
    else:
        from omvsim import models

        bench("yolov8n-like at 192", models.make("yolov8n-like", size=192))
    cold = best(lambda: subprocess.run([sys.executable, "-c", "import omvsim.tflm"], check=True), 5)
    bare = best(lambda: subprocess.run([sys.executable, "-c", "import dataclasses, pathlib, re"], check=True), 5)
    print(f"cold import of omvsim.tflm: {cold - bare:.0f} ms more than Python itself")


if __name__ == "__main__":
    main(sys.argv[1:])
