"""Writes the recorder script for one model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import InputError
from omvsim.firmware import LoadMode
from omvsim.graph import read_model
from omvsim.recorder._template import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDERS: Mapping[LoadMode, str] = {LoadMode.ROM: "/rom", LoadMode.FILE: "/flash", LoadMode.FB: "/flash"}
_TF_CALLS = {
    "classify": "classify(data)",
    "segment": "segment(data)",
    "detect": "detect(data, thresholds=[(128, 255)])",
}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def recorder_script(
    model: str | Path,
    *,
    load: LoadMode = LoadMode.ROM,
    path: str | None = None,
    frames: int = 5,
    heap_map: bool = False,
    probe: bool = True,
    call: str = "classify",
) -> str:
    """The MicroPython text that records what a camera does with ``model``.

    Args:
        model: the ``.tflite`` file; it must be on the camera already.
        load: from ROM, from a file system, or into the frame buffer stack.
        path: where it is on the camera (default: ``/rom/NAME`` or ``/flash/NAME``).
        frames: predictions.
        heap_map: print a map of every block with each snapshot (long).
        probe: search for the largest free buffers at the end (some seconds: every failed try collects).
        call: ``classify``, ``segment`` or ``detect`` on releases with the ``tf`` module.

    Raises:
        InputError: the model cannot be read, or a value makes no sense.
    """
    file = Path(model)
    graph = read_model(file)
    if frames < 0:
        raise InputError("frames", "must not be negative")
    if call not in _TF_CALLS:
        raise InputError("call", f"{call!r} is none of {', '.join(_TF_CALLS)}")
    where = path or f"{FOLDERS[load]}/{file.name}"
    if not where.isprintable():
        raise InputError("path", f"{where!r} cannot be written into a script")
    to_fb = load is LoadMode.FB
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    identity = json.dumps({"name": file.stem, "bytes": graph.size, "sha256": digest}, separators=(",", ":"))
    values = {
        "TITLE": " ".join(file.name.split()),
        "PATH": where.translate(_ESCAPED),
        "FRAMES": str(frames),
        "MAP": str(heap_map),
        "PROBE": str(probe),
        "TO_FB": str(to_fb),
        "ML_LOAD": "return ml.Model(PATH, load_to_fb=True)" if to_fb else "return ml.Model(PATH)",
        "TF_CALL": _TF_CALLS[call],
        "MODEL": identity.translate({ord("\\"): "\\\\", ord("'"): "\\'"}),
        "LOAD": str(load),
    }
    text = SCRIPT
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


__all__ = ["FOLDERS", "recorder_script"]
