"""How long timing a loaded model takes: ``python tests/bench/bench_time.py [MODEL…]``.

Target: under 50 ms once the model is loaded. Without arguments it takes a generated model.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path


def bench(path: Path) -> None:
    """Print one line: the fastest of ten rounds, from the plan to the prediction."""
    from omvsim.boards import load_board
    from omvsim.graph import read_model
    from omvsim.tflm import plan_arena
    from omvsim.timing import predict, profile_of, workload

    model = read_model(path)
    plan = plan_arena(model)
    profile = profile_of(load_board())
    times = []
    for _ in range(10):
        start = time.perf_counter()
        predict(workload(model, plan), profile)
        times.append(time.perf_counter() - start)
    print(f"{path.name}: {1000 * min(times):.1f} ms")


def main(names: list[str]) -> None:
    """Models of the command line, or one of our own."""
    from omvsim.models import make

    if names:
        for name in names:
            bench(Path(name))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "yolov8n-like.tflite"
        path.write_bytes(make("yolov8n-like", size=192, classes=1))
        bench(path)


if __name__ == "__main__":
    main(sys.argv[1:])
