"""Make the boot data of ``omvsim/runs/data`` from our own traces of the complete firmware.

    python -m tools.record_boot TRACE.jsonl.gz omvsim/runs/data/boot-4.8.1-full.json
    python -m tools.record_boot TRACE.jsonl.gz omvsim/runs/data/boot-5.0.0-full.json --sets-file

What boot asks for does not depend on the script, so it is data: every request in order, which chunks the first
collection after boot found dead, and the names that ``_boot.py`` leaves among the script's own.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

BOOT_NAMES = ("__name__", "main_py", "readme_txt", "create_file", "mimxrt", "machine")
"""What ``_boot.py`` has not deleted where the flash device is not MicroPython's own, as in the measured build."""
NEWER_NAMES = ("__file__",)
"""Another one where MicroPython 1.28 runs the script: it sets that for whatever it runs."""
LOADED = ["machine"]
"""Modules written in Python that boot has imported: the frozen ``machine.py``."""
GLOBALS_BYTES = 96
"""The table of ``__main__``'s names when boot ends: the last of that size; the other is of a frozen module."""


def boot_events(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The trace's events until boot ended, and those behind."""
    with gzip.open(path, "rt") as lines:
        events = [json.loads(line) for line in lines][1:]
    end = next(at for at, event in enumerate(events) if event.get("label") == "h.open")
    return events[:end], events[end:]


def requests(events: list[dict[str, Any]]) -> tuple[list[list[object]], dict[int, int]]:
    """Requests with chunks by number, and the number of the chunk at each address in the end."""
    found: list[list[object]] = []
    at: dict[int, int] = {}
    count = 0
    for event in events:
        if event.get("in_realloc"):
            continue
        if event["ev"] == "alloc":
            found.append(["a", event["n"], 1] if event.get("fin") else ["a", event["n"]])
            at[event["addr"]] = count
            count += 1
        elif event["ev"] == "free" and event["addr"] is not None:
            found.append(["f", at.pop(event["addr"])])
        elif event["ev"] == "realloc":
            number = at.pop(event["in"])
            found.append(["r", number, event["n"]])
            at[event["addr"]] = number
    return found, at


def main(source: Path, target: Path, *, sets_file: bool) -> None:
    """Write the data."""
    before, behind = boot_events(source)
    found, at = requests(before)
    dead = [at[event["addr"]] for event in behind if event["ev"] == "sweep" and event["addr"] in at]
    left = [(at[event["addr"]], event["n"]) for event in before if event["ev"] == "alloc" and event["addr"] in at]
    globals_table = max(number for number, size in left if size == GLOBALS_BYTES)
    data = {
        "origin": f"measured by us: complete firmware in an emulator, trace {source.name.partition('.')[0]}",
        "requests": found,
        "garbage": sorted(set(dead)),
        "globals_table": globals_table,
        "names": [*BOOT_NAMES, *(NEWER_NAMES if sets_file else ())],
        "loaded": LOADED,
    }
    target.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sets_file="--sets-file" in sys.argv)
