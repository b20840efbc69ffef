"""How many of MicroPython's own language tests print under ``exec`` what they should.

    python -m tools.language_tests [--folder basics] [--release 4.8.1] [--oracle FILE] CHECKOUT [NAME …]

CHECKOUT holds MicroPython's sources at the tag of the npm build (tests/oracles/package.json). A test counts if that
build passes it: it prints what the test's ``.exp`` file says or, without one, what the host's Python prints. What the
build printed is kept in the oracle file. Names show what is different.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim.boards import load_board
from omvsim.compiler.running import HOST_FRAMES
from omvsim.internal_error import InternalError
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from omvsim.boards import Board

FOLDERS: Final = ("basics", "float", "extmod")
ORACLES: Final = Path(__file__).parents[1] / "tests/oracles"
HEAP: Final = 1 << 22
SECONDS: Final = 20


def _printed(command: list[str], folder: Path) -> str | None:
    """What a command prints; None if it fails or hangs."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n") if done.returncode == 0 else None


def expected(test: Path, node: str) -> str | None:
    """What a test prints on MicroPython's own build; None if that build does not pass it."""
    found = _printed([node, str(ORACLES / "run.mjs"), str(HEAP), str(test)], ORACLES)
    if found is None or found.startswith("SKIP"):
        return None
    kept = test.with_name(test.name + ".exp")
    right = kept.read_text() if kept.exists() else _printed([sys.executable, "-BS", str(test)], test.parent)
    return found if right is not None and found.rstrip() == right.rstrip() else None


def printed(test: Path, board: Board) -> tuple[str, str]:
    """What a test prints under ``exec``, and how it ended if not well."""
    with tempfile.TemporaryDirectory() as folder:
        options = ScriptOptions(time_limit=SECONDS, run_models=False, files=Path(folder))
        session = ScriptSession(board, test, options)
        try:
            outcome, failure = session._outcome()  # the report and its two collections take 80 ms
        except Exception as error:  # counted and shown: what must not happen
            return "".join(session.world.output), f"host: {InternalError.of(error)}"
    ending = outcome.name if failure is None else f"{outcome.name}: {failure.text}"
    return "".join(session.world.output), ending


def _oracle(checkout: Path, file: Path | None) -> dict[str, str]:
    if file is not None and file.exists():
        kept: dict[str, str] = json.loads(file.read_text())
        return kept
    node = shutil.which("node")
    if node is None:
        sys.exit("node is not installed")
    tests = [test for folder in FOLDERS for test in sorted((checkout / "tests" / folder).glob("*.py"))]
    if not tests:
        sys.exit(f"{checkout}: no tests of MicroPython")
    found = {f"{test.parent.name}/{test.stem}": expected(test, node) for test in tests}
    passed = {name: text for name, text in found.items() if text is not None}
    if file is not None:
        file.write_text(json.dumps(passed, indent=0))
    return passed


def main(argv: list[str] | None = None) -> int:
    """Run the tests and tell how many are right, folder by folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkout", type=Path, help="MicroPython's sources")
    parser.add_argument("names", nargs="*", help="tests to show, e.g. basics/list1")
    parser.add_argument("--folder", choices=FOLDERS, help="only this folder")
    parser.add_argument("--release", default="4.8.1", help="OpenMV release")
    parser.add_argument("--oracle", type=Path, help="file that keeps what MicroPython's build printed")
    options = parser.parse_args(argv)
    sys.setrecursionlimit(HOST_FRAMES)
    board = load_board("openmv-rt1062", options.release)
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for name, text in _oracle(options.checkout, options.oracle).items():
        folder = name.partition("/")[0]
        if options.folder not in (None, folder) or (options.names and name not in options.names):
            continue
        ours, ending = printed(options.checkout / "tests" / f"{name}.py", board)
        gc.collect()
        count[folder] += 1
        if ours.rstrip() == text.rstrip():
            right[folder] += 1
            continue
        print(f"{name}: {ending}", flush=True)
        if options.names:
            print("\n".join(difflib.unified_diff(text.splitlines(), ours.splitlines(), "build", "exec", lineterm="")))
    for folder in count:
        print(f"{folder}: {right[folder]} of {count[folder]} ({100 * right[folder] / count[folder]:.1f} %)")
    print(f"all: {right.total()} of {count.total()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
