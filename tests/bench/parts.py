"""The parts of the speed table: each measures some figures, one after the other."""

from __future__ import annotations

import importlib.util
import random
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bench_heap
import bench_start
import bench_whatif
from bench_gate import files
from figures import Figure, best, spent

from omvsim import models
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.heap import GcHeap, GcReplay, TlsfHeap
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import plan_arena

if TYPE_CHECKING:
    from collections.abc import Iterator

_MICRO = "tflite_micro.python.tflite_micro.runtime"
_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOAD_MICRO = (
    f"import sys; from {_MICRO.rpartition('.')[0]} import runtime; "
    "runtime.Interpreter.from_file(sys.argv[1], arena_size=1 << 24)"
)


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module.partition(".")[0]) is not None


def cold() -> Iterator[Figure]:
    """A new process: the median over the models of the least of some rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), f"{name}/cache"
        paths = [str(path) for path in files(None, folder)]

        def median(*words: str, rounds: int = 3) -> float:
            return statistics.median(bench_start.cpu(*words, path, cache=cache, rounds=rounds)[0] for path in paths)

        peers = {module: median("-m", module, rounds=1) for module in bench_start._PEERS.values() if _installed(module)}
        if _installed(_MICRO):
            peers["tflite-micro loads"] = median("-c", _LOAD_MICRO, rounds=1)
        yield Figure("run --json, cold", median("-m", "omvsim", "run", "--json"), "s", 0.11, peers=peers)
        yield Figure("run as text, cold", median("-m", "omvsim", "run"), "s", 0.14)
        words = ("-m", "omvsim", "run", "--json", paths[0])
        yield Figure("run --json, no .pyc", bench_start.cpu(*words, cache=f"{name}/none", rounds=1)[0], "s", 0.25)


def heap() -> Iterator[Figure]:
    """Events a second on the GC heap, and on that of the UMA pools."""
    for name, workload in bench_heap.WORKLOADS.items():
        rates = [events / seconds / 1e6 for events, seconds in (workload() for _ in range(3))]
        yield Figure(f"heap, {name}", max(rates), "M/s", 1.0, rate=True)
    yield Figure("TLSF, churn of 16 to 4096 bytes", 0.2 / best(_tlsf), "M/s", rate=True)


def _tlsf(events: int = 200_000) -> None:
    chance, pool = random.Random(5), TlsfHeap(0x81000000, 8 << 20)
    chunks: list[int] = []
    for number in range(events):
        if number % 2 and number > events // 50:
            place = chance.randrange(len(chunks))
            pool.free(chunks[place])
            chunks[place] = chunks[-1]
            chunks.pop()
        elif (address := pool.malloc(chance.randint(16, 4096))) is not None:
            chunks.append(address)


def large_model(kind: str, count: int) -> bytes:
    """So many operators ``parallel`` to one another, in a ``chain``, or in one with ``skips``."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    scale = Quantization((0.5,), (0,))
    made = [graph.input((1, 16), TensorType.INT8, quantization=scale)]
    for number in range(count):
        result = graph.tensor((1, 16), TensorType.INT8, quantization=scale)
        if kind == "skips" and number > 40:
            graph.operator("ADD", [made[-1], made[-40]], [result], {})
        else:
            graph.operator("RELU", [made[0 if kind == "parallel" else -1]], [result])
        made.append(result)
    graph.output(*(made[1:] if kind == "parallel" else made[-1:]))
    return builder.build()


def arena() -> Iterator[Figure]:
    """Planning the arena of large models, with TFLM itself beside it."""
    for count, target in ((5000, 0.45), (20_000, None)):
        for kind in ("parallel", "chain", "skips"):
            data = large_model(kind, count)
            model = parse_model(data, kind)
            seconds = best(lambda model=model: plan_arena(model), 3 if target else 1)  # type: ignore[misc]
            peers = {"tflite-micro": _micro(data)} if target and _installed(_MICRO) else {}
            yield Figure(f"arena, {count} operators, {kind}", seconds, "s", target, peers=peers)


def _micro(data: bytes) -> float:
    runtime: Any = importlib.import_module(_MICRO)
    return best(lambda: runtime.Interpreter.from_bytes(data, arena_size=1 << 26), 1)


def whatif() -> Iterator[Figure]:
    """Configurations a second of two processes that have a core each, and of one."""
    with tempfile.TemporaryDirectory() as folder:
        path = bench_whatif._REAL
        if not path.is_file():
            path = Path(folder) / "blazeface-like.tflite"
            path.write_bytes(models.make("blazeface-like"))
        start = time.process_time()
        bench_whatif.sweep(path, None)
        rounds = (bench_whatif._ROUNDS + 1) * bench_whatif._COUNT
        yield Figure("what-if, 1 process", rounds / (time.process_time() - start), "1/s", rate=True)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
        with ProcessPoolExecutor(2) as executor:
            bench_whatif.sweep(path, executor)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        workers = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        busiest = max(workers / 2, time.process_time() - start)
        yield Figure("what-if, 2 processes", rounds / busiest, "1/s", 1500, rate=True)


def script() -> Iterator[Figure]:
    """Loops of scripts and of predictions, and a script that makes thousands of objects a frame."""
    with tempfile.TemporaryDirectory() as name:
        main, turns = Path(name) / "main.py", 2_000_000
        measured = []
        for count in (1, turns):
            main.write_text(f"x = 0\nfor i in range({count}):\n    x = i & 7\n", encoding="utf-8")
            rounds = [spent(("-m", "omvsim", "exec", str(main), "--json")) for _ in range(3)]
            measured.append((min(cpu for cpu, _ in rounds), min(high for _, high in rounds)))
        (few, low), (many, high) = measured
        yield Figure("script loop, a turn", 1e6 * (many - few) / turns, "us", 2.0)
        yield Figure("script loop, a turn", max(0.0, high - low) * (1 << 20) / turns, "bytes", 1.0, size=True)
        model = files(None, Path(name))[0]
        cpu, peak = spent(("-m", "omvsim", "run", str(model), "--loops", "1000000", "--json"))
        yield Figure("run --loops 1000000", cpu, "s", 60.0)
        yield Figure("run --loops 1000000", peak, "MB", 300.0, size=True)
        yolo = Path(name) / "yolov8.tflite"
        yolo.write_bytes(models.make("yolov8n-like", size=640))
        words = ("-m", "omvsim", "exec", str(_EXAMPLES / "forum_ml_detect.py"), "--model", str(yolo))
        cpu, peak = spent((*words, "--firmware", "4.8.1", "--detections", "8400"))
        yield Figure("exec, 8400 boxes, with ways out", cpu, "s", 21.0)
        yield Figure("exec, 8400 boxes, with ways out", peak, "MB", 315.0, size=True)


def replay(events: int = 200_000) -> Iterator[Figure]:
    """Events a second of a recorded heap."""
    areas, chance = [(0x20000000, 64 << 10), (0x20010000, 272 << 10)], random.Random(9)
    heap, chunks, recorded = GcHeap(areas), list[int](), list[dict[str, Any]]()
    while len(recorded) < events:
        size = chance.randint(1, 200)
        address = heap.alloc(size) if heap.used < 200_000 else None
        if address is not None:
            recorded.append({"ev": "alloc", "n": size, "addr": address})
            chunks.append(address)
        else:
            place = chance.randrange(len(chunks))
            heap.free(chunks[place])
            recorded.append({"ev": "free", "addr": chunks[place]})
            chunks[place] = chunks[-1]
            chunks.pop()

    def play() -> None:
        replayed = GcReplay(areas)
        for event in recorded:
            replayed.feed(event)
        assert replayed.counts.exact, replayed.counts.first_mismatch

    yield Figure("replay of a recorded heap", events / best(play) / 1e6, "M/s", rate=True)
