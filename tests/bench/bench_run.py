"""What a cold ``omvsim run`` costs: ``python tests/bench/bench_run.py [MODEL]``.

Targets: 0.35 s wall and 150 MB for yolov8n_192 from a cold process, planning its arena in 20 ms, ``omvsim --help`` in
150 ms. Without an argument it takes that model from the measured set, or generates one like it. Byte code is cached, as
in any installed package; the first round is not counted.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_REAL = Path(__file__).parents[3] / "shared" / "models" / "real" / "yolov8n_192.tflite"
_ROUNDS = 7


def cold(*words: str) -> float:
    """Fastest wall time of ``omvsim WORDS`` in a new process, in ms."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _ in range(_ROUNDS + 1):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "omvsim", *words], stdout=subprocess.DEVNULL, env=environment, check=False
        )
        times.append(time.perf_counter() - start)
    return 1000 * min(times[1:])


def planning(path: Path) -> float:
    """Fastest planning of the arena in this process, in ms."""
    from omvsim.graph import read_model
    from omvsim.tflm import plan_arena

    model = read_model(path)
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        plan_arena(model)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def main(path: Path) -> None:
    """Print a line a figure."""
    figures = [
        ("omvsim --help", cold("--help"), "ms", 150),
        ("omvsim run --json", cold("run", str(path), "--json"), "ms", 350),
        ("omvsim run", cold("run", str(path)), "ms", 350),
        ("omvsim run, failing, with ways out", cold("run", str(path), "--gc", "64K,272K,400K"), "ms", None),
        ("planning", planning(path), "ms", 20),
        ("peak memory of the processes", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, "MB", 150),
    ]
    print(path.name)
    for name, value, unit, target in figures:
        aim = "" if target is None else f"  (target {target})"
        print(f"  {name:<36}{value:8.1f} {unit}{aim}")


if __name__ == "__main__":
    if len(sys.argv) > 1 or _REAL.exists():
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else _REAL)
    else:
        from omvsim import models

        with tempfile.TemporaryDirectory() as folder:
            own = Path(folder) / "yolov8n-like.tflite"
            own.write_bytes(models.make("yolov8n-like", size=192))
            main(own)
