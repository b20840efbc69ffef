"""How many of OpenMV's own example scripts end under ``exec`` as on the camera.

    python -m tools.examples CHECKOUT [--release 4.8.1] [--files FOLDER] [--only PART …] [--every-sensor]

CHECKOUT holds OpenMV's sources at the release's tag. Which examples suit a board and its sensor is told by the index
beside them (``scripts/examples/index.json``; ``index.csv`` before 5.0.0), as it tells OpenMV's own editor: what is run
is what it has for the board OPENMV_RT1060 and the sensor OV5640. One script after the other has a process of its own,
:data:`FRAMES` frames, :data:`CAMERA_TIME` of the camera's time and :data:`SECONDS` of this computer's.
FOLDER stands behind the camera's file systems (``rom/`` with the models and cascades of the release's romfs).

A script *runs* if it ends well, has its frames or goes on until its time is over, and *raises* if it stops with an
exception of the camera (all are listed, to be judged). The others are omvsim's: *unknown*, *slow*, *dies*, *hangs* (the
camera does), *trouble* (a fault of omvsim).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import time
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BOARD: Final = "OPENMV_RT1060"
SENSOR: Final = "OV5640"
FRAMES: Final = 5
CAMERA_TIME: Final = "60s"
SECONDS: Final = 30
STARTING: Final = 30
"""Seconds that starting and reporting may take beside the script's own."""
ENDINGS: Final = ("runs", "raises", "unknown", "slow", "dies", "hangs", "trouble")
AS_THE_CAMERA: Final = frozenset(("runs", "raises"))
_VERDICTS: Final = {"ok": "runs", "may_crash": "dies", "hangs": "hangs", "unknown": "unknown"}


class Entry(NamedTuple):
    """One line of the index: ``covers(path)``, and whether it suits the board, and the sensor."""

    pattern: re.Pattern[str]
    board: bool
    sensor: bool


def index_of(examples: Path) -> list[Entry]:
    """What the index beside the examples says.

    Raises:
        SystemExit: there is none.
    """
    newer, older = examples / "index.json", examples / "index.csv"
    if newer.is_file():
        return [_json_entry(entry) for entry in json.loads(newer.read_text())["entries"]]
    if older.is_file():
        lines = (line for line in older.read_text().splitlines() if not line.startswith("#"))
        return [
            Entry(
                re.compile(path.removeprefix("examples/")),
                re.fullmatch(boards, BOARD) is not None,
                re.fullmatch(sensors, SENSOR) is not None,
            )
            for path, boards, sensors, *_ in csv.reader(lines, skipinitialspace=True)
        ]
    sys.exit(f"{examples}: no index of examples")


def _json_entry(entry: dict[str, list[str] | str]) -> Entry:
    path = str(entry["path"]).removesuffix("/*")
    return Entry(
        re.compile(re.escape(path) + r"(/.*)?$"),
        _named(BOARD, entry["boards"], entry.get("exclude_boards", ())),
        _named(SENSOR, entry["sensors"], entry.get("exclude_sensors", ())),
    )


def _named(name: str, wanted: Sequence[str], unwanted: Sequence[str]) -> bool:
    return any(fnmatch(name, each) for each in wanted) and name not in unwanted


def suits(index: Sequence[Entry], path: str, *, every_sensor: bool = False) -> bool:
    """Whether the index has an example for the camera: the entry with the longest pattern decides.

    Folders in folders have entries of their own (``09-WiFi/WINC1500``), which the outer one's must not hide.
    """
    covering = [entry for entry in index if entry.pattern.match(path)]
    if not covering:
        return False
    entry = max(covering, key=lambda each: len(each.pattern.pattern))
    return entry.board and (entry.sensor or every_sensor)


class Ending(NamedTuple):
    """How a script ended: one of :data:`ENDINGS`, why, and the seconds it took."""

    kind: str
    why: str
    seconds: float


def run(script: Path, release: str, files: Path | None, seconds: int = SECONDS) -> Ending:
    """Run a script under ``exec``."""
    command = [sys.executable, "-m", "omvsim", "exec", str(script), "--firmware", release, "--json", "--no-advice"]
    command += ["--frames", str(FRAMES), "--until", CAMERA_TIME, "--time-limit", str(seconds)]
    command += [] if files is None else ["--files", str(files)]
    start = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + STARTING)
    except subprocess.TimeoutExpired:
        return Ending("trouble", "does not end", time.monotonic() - start)
    took = time.monotonic() - start
    try:
        return Ending(*judged(json.loads(done.stdout)), took)
    except (ValueError, KeyError):
        return Ending("trouble", (done.stderr or done.stdout).strip().rpartition("\n")[2], took)


def judged(report: dict[str, object]) -> tuple[str, str]:
    """The ending that a report of ``exec --json`` tells, and why."""
    unknown, failure = report["unknown"], report["failure"]
    if isinstance(unknown, dict):
        if unknown["not_modelled"]:
            return "unknown", "; ".join(f"{each['what']} (line {each['line']})" for each in unknown["not_modelled"])
        return "slow", f"line {unknown['ended_at_line']}"
    kind = _VERDICTS.get(str(report["verdict"]), "raises")
    return kind, f"line {failure['line']}: {failure['exception']}" if isinstance(failure, dict) else ""


def chosen(examples: Path, parts: Sequence[str], *, every_sensor: bool) -> Iterator[Path]:
    """The examples to run, in order."""
    index = index_of(examples)
    for script in sorted(examples.rglob("*.py")):
        path = str(script.relative_to(examples))
        if suits(index, path, every_sensor=every_sensor) and (not parts or any(part in path for part in parts)):
            yield script


def table(counts: dict[str, Counter[str]]) -> list[str]:
    """Lines: a folder, how many it has, and of each ending."""
    wide = max(map(len, counts), default=0)
    lines = [f"{'':{wide}}  all  " + "  ".join(ENDINGS)]
    total: Counter[str] = Counter()
    for folder, count in [*counts.items(), ("all", total)]:
        if count is not total:
            total.update(count)
        cells = "  ".join(f"{count[kind] or '':>{len(kind)}}" for kind in ENDINGS)
        lines.append(f"{folder:{wide}}  {count.total():3}  {cells}".rstrip())
    right = sum(total[kind] for kind in AS_THE_CAMERA)
    lines.append(f"as on the camera: {right} of {total.total()} ({100 * right / max(total.total(), 1):.1f} %)")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Run the examples, tell of each that does not simply run, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("checkout", type=Path, help="OpenMV's sources at the release's tag")
    parser.add_argument("--release", default="4.8.1", help="OpenMV release")
    parser.add_argument("--files", type=Path, help="folder behind the camera's file systems")
    parser.add_argument("--only", action="append", default=[], metavar="PART", help="of the path")
    parser.add_argument("--every-sensor", action="store_true", help="those for other sensors too")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of this computer a script may take")
    options = parser.parse_args(argv)
    examples = options.checkout / "scripts" / "examples"
    counts: dict[str, Counter[str]] = {}
    for script in chosen(examples, options.only, every_sensor=options.every_sensor):
        path = script.relative_to(examples)
        ending = run(script, options.release, options.files, options.seconds)
        counts.setdefault(str(path.parent), Counter())[ending.kind] += 1
        if ending.kind != "runs" or options.only:
            print(f"{ending.kind} ({ending.seconds:.1f} s): {path}: {ending.why}", flush=True)
    print("\n".join(table(counts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
