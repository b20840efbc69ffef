"""Gathers the reference data that ``omvsim validate --reference`` uses from the measured ground truth.

Usage: python tools/make_reference.py GROUND_TRUTH omvsim/validate/_reference

Taken are our own synthetic models, one a family of operators and at most 8 KB each, with what the firmware's library
(libtflm 73eb1aa on a Cortex-M7, in an emulator) measured of them; and the heap exercises that ran on the complete
OpenMV 4.8.1 firmware and are at most 8 KB packed. No model of another project is among them.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

LARGEST = 8192
FIELDS = ("file", "status", "arena_used_bytes", "head", "tail")


def main(truth: Path, target: Path) -> None:
    """Write ``models.zip``, ``arena.jsonl`` and ``heap/`` into ``target``."""
    families: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for line in (truth / "oracle/tflm/arena.jsonl").read_text().splitlines():
        measured = json.loads(line)
        name = measured["file"]
        model = truth / "models/synthetic" / name
        if str(measured["origin"]).startswith("synthetic") and model.is_file() and model.stat().st_size <= LARGEST:
            family = re.sub(r"(_?\d+)+.*$", "", name.removesuffix(".tflite"))
            families.setdefault(family, []).append((model.stat().st_size, measured))
    lines = []
    with zipfile.ZipFile(target / "models.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for family in sorted(families):
            sizes = sorted(families[family], key=lambda entry: (entry[0], str(entry[1]["file"])))
            measured = sizes[len(sizes) // 2][1]
            name = str(measured["file"])
            entry = zipfile.ZipInfo(name)  # without a time stamp: equal data make equal files
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (truth / "models/synthetic" / name).read_bytes())
            second = measured.get("openmv_second_stage") or {}
            kept = {field: measured.get(field) for field in FIELDS} | {"model_ram": second.get("arena")}
            lines.append(json.dumps(kept, separators=(",", ":")))
    (target / "arena.jsonl").write_text("\n".join(lines) + "\n")
    for trace in sorted((truth / "oracle/firmware/heap").glob("*.jsonl.gz")):
        if trace.stat().st_size <= LARGEST:
            shutil.copyfile(trace, target / "heap" / trace.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
