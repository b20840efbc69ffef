"""What commands cost a cold process: ``python tests/bench/bench_start.py [MODEL…]``.

CPU seconds (user and system, children included), the least and the median of some rounds, so that what else the machine
does counts little. Byte code is cached, the first round is not counted; ``no .pyc`` is a round of its own, in which the
standard library has none either. Peers are measured where they are installed.

The targets are those of a machine on which Python itself starts in 11 ms; beside each stands what it comes to here, by
the time that Python takes here.
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
_PYTHON = 0.011
"""Seconds that Python itself took on the machine of the targets."""
_RUN, _TEXT, _NO_PYC, _OWN = 0.11, 0.14, 0.25, 0.02
"""Targets: ``run --json`` in the median of the stock models, as text, without cached byte code, and what a board or a
scenario of one's own adds."""
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


def show(name: str, figures: tuple[float, float], target: float | None = None, factor: float = 1.0) -> None:
    """One line."""
    aim = "" if target is None else f"   target {target:.2f} s, here {target * factor:.3f} s"
    print(f"{name:<44}{figures[0]:7.3f} s least {figures[1]:7.3f} s median{aim}", flush=True)


def own(folder: Path) -> dict[str, tuple[str, ...]]:
    """Options of a run with a board and with a scenario of the user's."""
    board, scenario = folder / "mine.toml", folder / "mine.py"
    board.write_text('extends = "openmv-rt1062"\nname = "mine"\n', encoding="utf-8")
    shipped = Path(__file__).parents[2] / "scenarios" / "load_and_predict.py"
    scenario.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    return {"board": ("--board", str(board)), "scenario": ("--scenario", str(scenario))}


def main(paths: list[str]) -> None:
    """Print a line a command."""
    omvsim = ("-m", "omvsim")
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name), f"{name}/cache"
        models = [Path(path) for path in paths] or files(None, folder)
        first = str(models[0])
        bare = cpu("-c", "pass", cache=cache)
        factor = bare[0] / _PYTHON
        show("python", bare)
        show("omvsim --help", cpu(*omvsim, "--help", cache=cache))
        without = cpu(*omvsim, "run", first, "--json", cache=f"{name}/none", rounds=1)
        show("run --json, no .pyc", without, _NO_PYC, factor)
        every = []
        for path in models:
            every.append(cpu(*omvsim, "run", str(path), "--json", cache=cache))
            show(f"run --json {path.name}", every[-1])
        medians = statistics.median(least for least, _ in every), statistics.median(median for _, median in every)
        show(f"run --json, median of {len(models)} models", medians, _RUN, factor)
        show(f"run {models[0].name}", cpu(*omvsim, "run", first, cache=cache), _TEXT, factor)
        for what, options in own(folder).items():
            least, median = cpu(*omvsim, "run", first, "--json", *options, cache=cache)
            show(f"an own {what} adds", (least - every[0][0], median - every[0][1]), _OWN, factor)
        show(f"arena {models[0].name}", cpu(*omvsim, "arena", first, cache=cache))
        for title, text in _SCRIPTS.items():
            (folder / "main.py").write_text(text, encoding="utf-8")
            show(title, cpu(*omvsim, "exec", str(folder / "main.py"), "--json", cache=cache, rounds=3))
        for peer, module in _PEERS.items():
            if importlib.util.find_spec(module) is not None:
                show(f"{peer} {models[0].name}", cpu("-m", module, first, cache=cache))


if __name__ == "__main__":
    main(sys.argv[1:])
