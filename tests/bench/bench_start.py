"""What commands cost a cold process: ``python tests/bench/bench_start.py [MODEL…]``.

CPU seconds (user and system, children included), the least and the median of some rounds, so that what else the machine
does counts little. Byte code is cached, the first round is not counted; ``no .pyc`` is a round of its own, in which the
standard library has none either. Targets: ``run --json`` of the stock models 0.11 s in the median with cached byte code
and 0.25 s without, ``run`` as text 0.14 s. Peers are measured where they are installed.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parent))
from bench_gate import files

_ROUNDS = 7
_PEERS = {"tensorscope": "tensorscope", "mcufit": "mcufit"}
"""Modules of peers and how they are run on a model: ``python -m MODULE MODEL``."""
_SCRIPTS = {
    "exec, nothing": "",
    "exec, 1 000 000 turns": "for i in range(1000000): pass\n",
    "exec, BlazePalm()": "from ml.postprocessing.mediapipe import BlazePalm\nBlazePalm()\n",
    "exec, NMS of 60 boxes": (
        "from ml.utils import NMS\nn = NMS(192, 192, (0, 0, 192, 192))\n"
        "for i in range(60):\n    n.add_bounding_box(i, i, i + 5, i + 5, 0.5, 0)\nn.get_bounding_boxes()\n"
    ),
}


def cpu(*words: str, cache: str, rounds: int = _ROUNDS) -> tuple[float, float]:
    """Least and median CPU seconds of ``python WORDS`` in a new process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = cache
    times = []
    for _ in range(rounds + (rounds > 1)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, env=environment, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    counted = times[1:] or times
    return min(counted), statistics.median(counted)


def show(name: str, figures: tuple[float, float]) -> None:
    """One line."""
    print(f"{name:<44}{figures[0]:7.3f} s least {figures[1]:7.3f} s median", flush=True)


def main(paths: list[str]) -> None:
    """Print a line a command."""
    omvsim = ("-m", "omvsim")
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), f"{name}/cache"
        models = [Path(path) for path in paths] or files(None, folder)
        show("python", cpu("-c", "pass", cache=cache))
        show("omvsim --help", cpu(*omvsim, "--help", cache=cache))
        show("run --json, no .pyc", cpu(*omvsim, "run", str(models[0]), "--json", cache=f"{name}/none", rounds=1))
        medians = []
        for path in models:
            figures = cpu(*omvsim, "run", str(path), "--json", cache=cache)
            medians.append(figures[0])
            show(f"run --json {path.name}", figures)
        print(f"median of {len(models)} models: {statistics.median(medians):.3f} s")
        show(f"run {models[0].name}", cpu(*omvsim, "run", str(models[0]), cache=cache))
        show(f"arena {models[0].name}", cpu(*omvsim, "arena", str(models[0]), cache=cache))
        for title, text in _SCRIPTS.items():
            (folder / "main.py").write_text(text, encoding="utf-8")
            show(title, cpu(*omvsim, "exec", str(folder / "main.py"), "--json", cache=cache, rounds=3))
        for peer, module in _PEERS.items():
            if importlib.util.find_spec(module) is not None:
                show(f"{peer} {models[0].name}", cpu("-m", module, str(models[0]), cache=cache))


if __name__ == "__main__":
    main(sys.argv[1:])
