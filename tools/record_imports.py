"""Record what importing the frozen modules asks of the heap, from measured traces of example scripts.

Usage: ``python tools/record_imports.py TRACES_FOLDER OUTPUT_FOLDER``. A trace names the whole script and every
request. The requests that follow ``main_start`` are the imports; how many each makes was measured on its own.
Each module becomes a list of requests ``[bytes, fate]``: fate is ``"kept"``, ``"garbage"``, or the number of requests
after which it is freed. ``ml`` comes first in every script; what follows is the script's other import, less the tuple
of the imported names.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

SOURCES = {
    "ml": ("person_detection", {"4.8.1": 48, "5.0.0": 48}),
    "ml.postprocessing.edgeimpulse": ("fomo_face", {"4.8.1": 71, "5.0.0": 70}),
    "ml.postprocessing.darknet": ("yolo_lc", {"4.8.1": 81, "5.0.0": 79}),
    "ml.postprocessing.mediapipe": ("blazeface", {"4.8.1": 113, "5.0.0": 120}),
}
"""Module: an example script that imports it, and the requests it makes after ``ml``, by release."""
ML_REQUESTS = 48
NAMES_TUPLE = 12
QSTR_CHUNK = 128
"""A chunk for interned strings begins when the last one is full: the script's names decide where, not the module."""


def requests_of(path: Path) -> list[list[Any]]:
    """``[bytes, fate]`` of every request from main_start to the first collection."""
    with gzip.open(path, "rt") as lines:
        next(lines)
        events = [json.loads(line) for line in lines]
    start = next(n for n, e in enumerate(events) if e["ev"] == "info" and e.get("label") == "main_start")
    found: list[list[Any]] = []
    at: dict[int, int] = {}
    for event in events[start:]:
        kind = event["ev"]
        if kind == "alloc" and event["n"] == QSTR_CHUNK and len(found) < ML_REQUESTS + 2:
            continue
        if kind == "alloc":
            at[event["addr"]] = len(found)
            found.append([event["n"], "kept"])
        elif kind == "free" and event["addr"] in at:
            found[at.pop(event["addr"])][1] = len(found)
        elif kind == "sweep" and event["addr"] in at:
            found[at.pop(event["addr"])][1] = "garbage"
        elif kind == "collect_end":
            break
    return found


def main(traces: Path, target: Path) -> None:
    """Write one file a release."""
    for version in ("4.8.1", "5.0.0"):
        recorded: dict[str, Any] = {}
        for module, (script, counts) in SOURCES.items():
            found = requests_of(traces / f"v{version}__{script}__8M__natural__softcsi.jsonl.gz")
            skipped = 0 if module == "ml" else ML_REQUESTS + 1
            if skipped:
                assert found[ML_REQUESTS][0] == NAMES_TUPLE
            own = found[skipped : skipped + counts[version]]
            recorded[module] = [
                [size, min(fate - skipped, len(own)) if isinstance(fate, int) else fate] for size, fate in own
            ]
        text = json.dumps({"origin": f"measured on OpenMV {version}", "modules": recorded}, separators=(",", ":"))
        (target / f"imports-{version}.json").write_text(text + "\n")
        print(version, {name: len(items) for name, items in recorded.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
