"""How much the adapter adds to a bare inference. Run: python tests/bench/bench_runtime.py MODEL.tflite [RUNS]"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from omvsim.runtime import _tflite, choose_backend, make_inputs, open_interpreter


def main(path: str, runs: int = 50) -> None:
    """Print the best times of both in milliseconds and the difference in per cent."""
    model = Path(path).read_bytes()
    start = perf_counter()
    interpreter = open_interpreter(model)
    opened = perf_counter() - start
    inputs = make_inputs(interpreter.inputs, "random")
    bare = _tflite.load(choose_backend().name).Interpreter(model_content=model)
    bare.allocate_tensors()
    feeds = [detail["index"] for detail in bare.get_input_details()]
    results = [detail["index"] for detail in bare.get_output_details()]
    times: dict[str, list[float]] = {"bare": [], "adapter": []}
    for _ in range(runs):
        start = perf_counter()
        for index, array in zip(feeds, inputs, strict=True):
            bare.set_tensor(index, array)
        bare.invoke()
        for index in results:
            bare.get_tensor(index)
        times["bare"].append(perf_counter() - start)
        start = perf_counter()
        interpreter.run(inputs)
        times["adapter"].append(perf_counter() - start)
    best = {name: min(values) * 1000 for name, values in times.items()}
    overhead = (best["adapter"] / best["bare"] - 1) * 100
    print(f"{interpreter.backend}: bare {best['bare']:.2f} ms, adapter {best['adapter']:.2f} ms ({overhead:+.1f} %)")
    print(f"start-up {opened * 1000:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
