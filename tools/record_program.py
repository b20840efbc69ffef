"""Turns recorded heap traces into the compact recording of what boot, compiling and importing ask of the heap.

Usage: python tools/record_program.py RELEASE TRACE… > omvsim/firmware/_recordings/reference-RELEASE.json

The result is data we measured on the complete OpenMV firmware in an emulator; every trace of the reference script must
give the same recording, and the tool stops if one does not.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECTIONS = {  # trace marker that opens it -> section
    "gc_init": "boot",
    "after _boot.py": "main",
    "import ml": "import ml",
    "import ulab/image": "import image",
    "collect": "first collect",
}
INTERNED = "/rom/micro_speech.tflite"
PATHS = {"rom": "/rom/{}.tflite", "file": "/flash/{}.tflite", "builtin": "{}"}
TO_FB = "load_to_fb"
"""Traces in mode ``fb`` are of the same script but for this argument of ``ml.Model()``."""


@dataclass(frozen=True)
class Release:
    """What one has to know to read a release's traces."""

    path_request: int
    """Which request of compiling the reference script is the text of the model's path (from 0)."""
    lexer_buffer: int
    """The allocation that holds the token being read (32 bytes at first)."""
    globals_table: int
    """The allocation that is the table of the script's globals (12 entries) …"""
    globals_used: int
    """… of which this many are taken when main.py starts."""
    names: dict[str, list[str]]
    """New global names by section, in order; a growth of the table is a rule, not a recording."""


_IMPORTS = {"import ml": ["ml"], "import image": ["np", "image"]}
RELEASES = {
    "4.5.9": Release(12, 13, 1, 1, {"main": ["gc", "gctrace", "PATH"], **_IMPORTS}),
    "4.6.20": Release(12, 43, 24, 7, {"main": ["gctrace", "PATH"], **_IMPORTS}),
    "4.7.0": Release(12, 45, 26, 7, {"main": ["gctrace", "PATH"], **_IMPORTS}),
    "4.8.1": Release(
        12, 45, 26, 7, {"main": ["gctrace", "PATH"], "import ml": ["ml"], "import image": ["np", "image"]}
    ),
    "5.0.0": Release(
        13, 45, 26, 8, {"main": ["gctrace", "uma_walk", "PATH"], "import ml": ["ml"], "import image": ["np", "image"]}
    ),
}


def record(trace: Path, release: Release) -> dict[str, Any]:  # noqa: PLR0912 - a branch for each kind of event
    """Requests by section, the length that depends on the model's path marked, and what the first collection freed."""
    ids: dict[int, int] = {}
    count = 0
    sections: dict[str, list[list[Any]]] = {}
    current: list[list[Any]] = []
    garbage: list[int] = []
    table: int | None = None
    latest = 0
    with gzip.open(trace, "rt") as lines:
        header = json.loads(next(lines))
        path = PATHS.get(header["mode"], PATHS["file"]).format(header["model"])
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
                table = event["addr"] if count == release.globals_table else table
                is_path = current is sections.get("main") and len(current) == release.path_request and path != INTERNED
                size: Any = "path" if is_path else event["n"]
                current.append(["a", size] + (["finaliser"] if event.get("fin") else []))
                latest = event["addr"]
                count += 1
            elif kind == "free" and event["addr"] is not None:
                if event["addr"] == table:  # the larger table was asked for just before: a rule, not a recording
                    table, count = latest, count - 1
                    del ids[latest]
                    current[-1] = ["g"]
                else:
                    current.append(["f", ids[event["addr"]]])
            elif kind == "realloc":
                resized = ids[event["in"]]
                if event["addr"] is not None:
                    ids[event["addr"]] = resized
                current.append(["r", resized, event["n"], event["how"] if not event["allow_move"] else "move"])
            elif kind == "sweep" and event["addr"] in ids:
                garbage.append(ids[event["addr"]])
    sections.pop("first collect")
    for section, requests in sections.items():
        _bind_names(requests, release.names.get(section, []))
    kind = TO_FB if header["mode"] == "fb" else "interned path" if path == INTERNED else "path"
    return {"kind": kind, "path": path, "sections": sections, "garbage": sorted(garbage)}


def _bind_names(requests: list[list[Any]], names: list[str]) -> None:
    """Bind the names at the end of their section; one that grew the table where it did."""
    for position, request in enumerate(requests):
        if request == ["g"]:
            requests[position : position + 1] = [["g", names[0]]]
            names = names[1:]
    requests += [["g", name] for name in names]


def main(release_name: str, traces: list[Path]) -> None:
    """Record every trace of the reference script and print the one recording they share."""
    release = RELEASES[release_name]
    seen: dict[str, tuple[Path, dict[str, Any]]] = {}
    for trace in sorted(traces):
        recording = record(trace, release)
        path = recording.pop("path")
        if len(path) >= 32:
            continue  # the lexer's buffer grows: a rule, not a recording (see the player)
        first = seen.setdefault(recording.pop("kind"), (trace, recording))
        if first[1] != recording:
            sys.exit(f"{trace.name} asks for other things than {first[0].name}")
    common = seen["path"][1]
    result: dict[str, Any] = {
        "origin": f"measured: OpenMV {release_name} firmware, complete, in an emulator: boot, compiling and importing "
        "of the reference script",
        **common["sections"],
        "garbage": common["garbage"],
        "path_request": release.path_request,
        "lexer_buffer": release.lexer_buffer,
        "globals_table": release.globals_table,
        "globals_used": release.globals_used,
        "boot_names": [] if "gc" in release.names["main"] else ["gc"],
    }
    if TO_FB in seen:
        result[f"main, {TO_FB}"] = seen[TO_FB][1]["sections"]["main"]
    if "interned path" in seen:
        interned = seen["interned path"][1]
        result["interned_path"] = INTERNED
        for section in ("main", "import ml"):
            result[f"{section}, interned path"] = interned["sections"][section]
        result["garbage, interned path"] = interned["garbage"]
    json.dump(result, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
