"""Configurations per second: ``python tests/bench/bench_whatif.py [MODEL]``.

Target: 1 000 configurations of one model in 1.15 s on 2 cores once the processes have started. Every configuration is a
camera that boots, loads the model and predicts once. Without an argument it takes blazeface_front_128 from the measured
set, or generates a model like it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from omvsim.whatif import Axis, Configuration, EdgeSearch, Evaluator, Plan, run_rows

_REAL = Path(__file__).parents[3] / "shared" / "models" / "real" / "blazeface_front_128.tflite"
_COUNT = 1000
_ROUNDS = 3


def sweep(model: Path, executor: Executor | None) -> float:
    """Fastest of some sweeps of 1 000 sizes of the third area, in seconds."""
    base = Configuration(str(model), input="callable")
    times = []
    for number in range(_ROUNDS + 1):
        sizes = tuple(f"{1024 + number + 4 * step}K" for step in range(_COUNT))
        plan = Plan(base, (Axis("gc[2].size", sizes),))
        start = time.perf_counter()
        rows = list(run_rows(plan, executor=executor))
        times.append(time.perf_counter() - start)
        assert len(rows) == _COUNT
    return min(times[1:])


def main(path: Path) -> None:
    """Print a line a figure."""
    print(f"model {path.name}")
    one = sweep(path, None)
    print(f"1 process   {_COUNT / one:7.0f} configurations/s   {_COUNT} in {one:.2f} s")
    with ProcessPoolExecutor(2) as executor:
        two = sweep(path, executor)
    print(f"2 processes {_COUNT / two:7.0f} configurations/s   {_COUNT} in {two:.2f} s (target: 1.15 s)")
    start = time.perf_counter()
    edge = EdgeSearch(Evaluator(), Configuration(str(path), input="callable"), "gc[2].size").run()
    print(f"what-if min {time.perf_counter() - start:.2f} s for {edge.evaluations} configurations")


if __name__ == "__main__":
    if len(sys.argv) > 1 or _REAL.is_file():
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else _REAL)
    else:
        from omvsim import models

        with tempfile.TemporaryDirectory() as folder:
            generated = Path(folder) / "blazeface-like.tflite"
            generated.write_bytes(models.make("blazeface-like"))
            main(generated)
