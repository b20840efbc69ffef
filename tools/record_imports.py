"""Record what importing the frozen modules asks of the heap, from measured traces of example scripts.

Usage: ``python tools/record_imports.py SCRIPTS_FOLDER OUTPUT_FOLDER``. A trace names the whole script and every
request. The requests that follow ``main_start`` are the imports; how many each makes was measured on its own.
Each module becomes a list of requests ``[bytes, fate]``: fate is ``"kept"``, ``"garbage"``, or the number of requests
after which it is freed. ``ml`` comes first in every script; what follows is the script's other import, less the tuple
of the imported names. Modules that no trace imports come from single measurements (``micro.json.gz``), whose events
are known in full for the first sixty only: of the later requests as many stay as were measured to stay.
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
SINGLE = ("ml.utils", "ml.postprocessing.ultralytics")
ML_REQUESTS = 48
ML_STAYS = 672
BLOCK = 16
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


def counts_of(module: str, version: str) -> int:
    """Requests of a module's import."""
    return SOURCES[module][1][version]


def single(record: dict[str, Any]) -> list[list[Any]]:
    """``[bytes, fate]`` of a module's requests after ``ml``'s, from one measurement of its import."""
    sizes = record["first"]["sizes"]
    found: list[list[Any]] = [[size, None] for size in sizes]
    at: dict[int, int] = {}
    made = 0
    for event in record["first"]["events"]:
        if event[0] == "a":
            at[event[2]] = made
            found[made][1] = "kept"
            made += 1
        elif event[0] == "f" and event[1] in at:
            found[at.pop(event[1])][1] = made - ML_REQUESTS
    own = found[ML_REQUESTS:]
    stays = record["live_delta"] - ML_STAYS - sum(whole(size) for size, fate in own if fate == "kept")
    for request in own:
        if request[1] is None:
            request[1] = "kept" if stays >= whole(request[0]) else "garbage"
            stays -= whole(request[0]) if request[1] == "kept" else 0
    return own


def whole(size: int) -> int:
    """Bytes in whole blocks."""
    return -(-size // BLOCK) * BLOCK


def main(folder: Path, target: Path) -> None:
    """Write one file a release."""
    traces = folder / "traces"
    with gzip.open(folder / "micro.json.gz", "rt") as file:
        measured = json.load(file)
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
        for module in SINGLE:
            recorded[module] = single(next(r for r in measured[f"v{version}"] if r["name"] == f"import_{module}"))
        # Measured alone, this import begins a chunk for interned strings; in the trace the script's names did.
        recorded["ml.postprocessing.edgeimpulse"] = [
            [QSTR_CHUNK, "kept"],
            *(
                [size, fate + 1 if isinstance(fate, int) else fate]
                for size, fate in recorded["ml.postprocessing.edgeimpulse"]
            ),
        ][: counts_of("ml.postprocessing.edgeimpulse", version)]
        text = json.dumps({"origin": f"measured on OpenMV {version}", "modules": recorded}, separators=(",", ":"))
        (target / f"imports-{version}.json").write_text(text + "\n")
        print(version, {name: len(items) for name, items in recorded.items()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
