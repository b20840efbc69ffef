"""Turns recorded heap traces into the compact recording of what boot, compiling and importing ask of the heap.

Usage: python tools/record_program.py TRACE_DIR > omvsim/firmware/_recordings/reference-4.8.1.json

The result is data we measured on the complete OpenMV 4.8.1 firmware in an emulator; every trace of the reference
script must give the same recording, and the tool stops if one does not.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

SECTIONS = {  # trace marker that opens it -> section
    "gc_init": "boot",
    "after _boot.py": "main",
    "import ml": "import ml",
    "import ulab/image": "import image",
    "collect": "first collect",
}
PATH_REQUEST = 12  # the 13th request of compiling the reference script is the text of the model's path
LEXER_BUFFER = 45  # the allocation that holds the token being read (32 bytes at first)
GLOBALS_TABLE = 26  # the allocation that is the table of the script's globals (12 entries) …
GLOBALS_USED = 7  # … of which this many are taken when main.py starts: it grows at the sixth new name
INTERNED = "/rom/micro_speech.tflite"


def record(trace: Path) -> dict[str, Any]:
    """Requests by section, the lengths that depend on the model's path marked, and what the first collection freed."""
    ids: dict[int, int] = {}
    count = 0
    sections: dict[str, list[list[Any]]] = {}
    current: list[list[Any]] = []
    garbage: list[int] = []
    with gzip.open(trace, "rt") as lines:
        header = json.loads(next(lines))
        path = ("/rom/" if header["mode"] == "rom" else "/flash/") + header["model"] + ".tflite"
        for line in lines:
            event = json.loads(line)
            kind = event["ev"]
            if kind in ("info", "mark") and event["label"] in SECTIONS:
                current = sections.setdefault(SECTIONS[event["label"]], [])
            if kind == "collect_end":
                break
            if event.get("in_realloc"):
                if kind == "alloc":
                    ids[event["addr"]] = -1
                continue
            if kind == "alloc":
                ids[event["addr"]] = count
                is_path = current is sections.get("main") and len(current) == PATH_REQUEST and path != INTERNED
                size: Any = "path" if is_path else event["n"]
                current.append(["a", size] + (["finaliser"] if event.get("fin") else []))
                count += 1
            elif kind == "free" and event["addr"] is not None:
                current.append(["f", ids[event["addr"]]])
            elif kind == "realloc":
                resized = ids[event["in"]]
                if event["addr"] is not None:
                    ids[event["addr"]] = resized
                current.append(["r", resized, event["n"], event["how"] if not event["allow_move"] else "move"])
            elif kind == "sweep":
                garbage.append(ids[event["addr"]])
    sections.pop("first collect")
    return {"path": path, "sections": sections, "garbage": sorted(garbage)}


def main(folder: Path) -> None:
    """Record every trace of the reference script and print the one recording they share."""
    seen: dict[str, tuple[Path, dict[str, Any]]] = {}
    for trace in sorted(folder.glob("*.gz")):
        if trace.name.startswith("scenario"):
            continue
        recording = record(trace)
        path = recording.pop("path")
        if len(path) >= 32:
            continue  # the lexer's buffer grows: a rule, not a recording (see the reader)
        key = "interned path" if path == INTERNED else "path"
        first = seen.setdefault(key, (trace, recording))
        if first[1] != recording:
            sys.exit(f"{trace.name} asks for other things than {first[0].name}")
    common, interned = seen["path"][1], seen["interned path"][1]
    json.dump(
        {
            "origin": "measured: OpenMV 4.8.1 firmware, complete, in an emulator; boot, compiling and importing of the reference script",
            "boot": common["sections"]["boot"],
            "main": common["sections"]["main"],
            "import ml": common["sections"]["import ml"],
            "import image": common["sections"]["import image"],
            "garbage": common["garbage"],
            "path_request": PATH_REQUEST,
            "lexer_buffer": LEXER_BUFFER,
            "globals_table": GLOBALS_TABLE,
            "globals_used": GLOBALS_USED,
            "interned_path": INTERNED,
            "main, interned path": interned["sections"]["main"],
            "import ml, interned path": interned["sections"]["import ml"],
            "garbage, interned path": interned["garbage"],
        },
        sys.stdout,
        separators=(",", ":"),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
