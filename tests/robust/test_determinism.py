"""The same input gives the same bytes: whatever the hash seed, the locale and the working directory are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_SCRIPT = """
import ml
seen = {}
for i in range(50):
    seen[hash("k%d" % i) % 97] = i
print(sorted(seen), hash(b"x"), hash((1, "a")), id(seen) != id(ml), len({"a", "b", "c"}))
with open("/flash/log.txt", "w") as f:
    f.write("x")
m = ml.Model("/rom/m.tflite")
print(m)
"""
COMMANDS = {
    "run --json": ["run", "m.tflite", "--json"],
    "exec": ["exec", "main.py", "--model", "m.tflite", "--kernels", "none", "--json"],
    "sweep": ["what-if", "sweep", "m.tflite", "--vary", "gc[2].size=0..64K:4K", "--jobs", "2"],
    "capture": ["run", "m.tflite", "--no-advice", "--json", "-o", "kept.omv"],
}
_MACHINES = (
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "12345", "LC_ALL": "C", "TERM": "dumb", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "random", "NO_COLOR": "1", "TZ": "Asia/Tokyo"},
)


def output(folder: Path, words: list[str], environment: dict[str, str]) -> bytes:
    values = {key: value for key, value in os.environ.items() if key not in {"HOME", "COLUMNS", "LANG", "LC_ALL"}}
    values |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | environment
    values.setdefault("PYTHONUTF8", "1")
    command = [sys.executable, "-m", "omvsim", *words]
    done = subprocess.run(command, cwd=folder, env=values, capture_output=True, timeout=120, check=True)
    kept = folder / "kept.omv"
    return done.stdout + (kept.read_bytes() if kept.exists() else b"")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_bytes_on_every_machine(tmp_path: Path, runs: Path, name: str) -> None:
    found = set()
    for number, environment in enumerate(_MACHINES):
        folder = tmp_path / f"folder {number} ü"
        folder.mkdir()
        shutil.copy(runs, folder / "m.tflite")
        (folder / "main.py").write_text(_SCRIPT)
        found.add(output(folder, COMMANDS[name], environment))
    whole = {each.decode(errors="replace").encode("ascii", "replace") for each in found}
    assert len(whole) == 1
    assert next(iter(whole))


def test_a_second_run_starts_where_the_first_did(tmp_path: Path) -> None:
    """What a script writes stays in its run: /sdcard that is written once made the next run start there."""
    (tmp_path / "main.py").write_text(
        "import os\nprint(os.getcwd())\n"
        "try:\n    f = open('/sdcard/log.txt', 'w')\n    f.write('x')\n    f.close()\n"
        "except OSError as e:\n    print(e)\n"
    )
    first, second = (output(tmp_path, ["exec", "main.py", "--json"], {}) for _ in range(2))
    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == ["main.py"]
