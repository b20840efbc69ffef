"""MicroPython's 32-bit WebAssembly build under node, or the reason why it is not here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PACKAGE = FOLDER / "node_modules/@micropython/micropython-webassembly-pyscript"


def run_micropython(*files: Path, heap: int = 64 * 1024) -> str:
    """What the files print, run one after the other in one interpreter."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not PACKAGE.is_dir():
        pytest.skip("the oracle is not installed (npm ci in tests/oracles)")
    command = [node, str(FOLDER / "run.mjs"), str(heap), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
