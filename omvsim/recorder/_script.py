"""Writes the recorder script for one model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board
from omvsim.errors import InputError
from omvsim.firmware import LoadMode, default_load, path_on_camera
from omvsim.graph import read_model
from omvsim.reading import read_bytes
from omvsim.recorder._template import PACED, PLAIN, SCRIPT

if TYPE_CHECKING:
    from omvsim.boards import Board

CHANNEL = "omvsim"
"""Name of the protocol's channel on which lines are acknowledged."""
_TF_CALLS = {
    "classify": "classify(data)",
    "segment": "segment(data)",
    "detect": "detect(data, thresholds=[(128, 255)])",
}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def recorder_script(
    model: str | Path,
    *,
    load: LoadMode | None = None,
    firmware: str | Board | None = None,
    path: str | None = None,
    frames: int = 5,
    heap_map: bool = False,
    probe: bool = True,
    call: str = "classify",
    paced: bool = False,
) -> str:
    """The MicroPython text that records what a camera does with ``model``.

    Args:
        model: the ``.tflite`` file; it must be on the camera already.
        load: from ROM, from a file system, or into the frame buffer stack; default is the release's: ROM where it has
            one (from 4.7.0) and the file fits, else a file.
        firmware: the camera's release, or a board of it (default: the board profile's own).
        path: where it is on the camera (default: as the release has it, ``/rom/NAME``, ``/flash/NAME``, ``/NAME``).
        frames: predictions.
        heap_map: print a map of every block with each snapshot (long).
        probe: search for the largest free buffers at the end (some seconds: every failed try collects).
        call: ``classify``, ``segment`` or ``detect`` on releases with the ``tf`` module.
        paced: wait with each line until the one before was acknowledged on the protocol's channel :data:`CHANNEL`.

    Raises:
        InputError: the model cannot be read, or a value makes no sense.
    """
    file = Path(model)
    graph = read_model(file)
    if frames < 0:
        raise InputError("frames", "must not be negative")
    if call not in _TF_CALLS:
        raise InputError("call", f"{call!r} is none of {', '.join(_TF_CALLS)}")
    board = load_board(DEFAULT_BOARD, firmware) if firmware is None or isinstance(firmware, str) else firmware
    if load is None:
        load = default_load(board, file.name, graph.size)
    elif load is LoadMode.ROM and board.filesystem("rom") is None and path is None:
        raise InputError("load", f"{board.firmware} has no /rom")
    elif load is LoadMode.FB and not board.release.load_to_fb:
        raise InputError("load", f"{board.firmware} has no load_to_fb")
    if paced and not board.release.protocol_channels:
        raise InputError("firmware", f"{board.firmware} has no protocol with channels; record over the raw REPL")
    where = path or path_on_camera(board, load, file.name, graph.size)
    if not where.isprintable():
        raise InputError("path", f"{where!r} cannot be written into a script")
    to_fb = load is LoadMode.FB
    digest = hashlib.sha256(read_bytes(file)).hexdigest()
    identity = json.dumps({"name": file.stem, "bytes": graph.size, "sha256": digest}, separators=(",", ":"))
    values = {
        "NTH": (PACED.replace("@CHANNEL@", CHANNEL) if paced else PLAIN),
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


__all__ = ["CHANNEL", "recorder_script"]
