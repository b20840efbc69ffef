"""Runs image calls one by one as they were measured: on a copy of the picture, with a second picture, a mask and
compressed ones at hand.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.running import RunningPlace, compile_source, open_file
from omvsim.image.value import Image
from omvsim.memory.requests import Phase
from omvsim.micropython.errors import Fault, Raised, Unknown
from omvsim.micropython.values import PrintKind
from omvsim.runs.boot import boot
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.standard.vfs.filesystem import MemoryFiles
from omvsim.standard.vfs.mounts import Mounts
from omvsim.ulab.ndarray import NdArray
from tests.image.pictures import files

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.micropython.values import Value

COLOURED = {"GRAYSCALE": "pgm", "BAYER": "pgm", "BINARY": "pgm", "RGB565": "ppm"}
PRELUDE = """
import image, gc
from ulab import numpy as np
FMT = "@FORMAT@"
base = image.Image("/flash/scene.@ENDING@")
if FMT == "BINARY":
    base = base.to_bitmap(copy=True)
if FMT == "BAYER":
    raw = image.Image(base.width(), base.height(), image.BAYER)
    raw.bytearray()[:] = base.bytearray()
    base = raw
other = base.copy()
if FMT != "BAYER":
    other.negate()
mask = image.Image(160, 120, image.BINARY)
for y in range(10, 110):
    for x in range(20, 40):
        mask.set_pixel((x, y), 1)
tgray = image.Image(24, 24, image.GRAYSCALE)
for y in range(24):
    for x in range(24):
        tgray.set_pixel((x, y), (x * y) & 255)
if FMT == "GRAYSCALE":
    tgray = base.copy(roi=(20, 20, 24, 24))
jpg = png = None
if FMT != "BAYER":
    s = base.copy(roi=(0, 0, 64, 48))
    jpg = s.to_jpeg(quality=80, copy=True)
    png = s.to_png(copy=True)
    s = None
WHITE = 1 if FMT == "BINARY" else (255, 255, 255) if FMT == "RGB565" else 255
THR = [(150, 255)]
if FMT == "BINARY":
    THR = [(1, 1)]
if FMT == "RGB565":
    THR = [(30, 100, 15, 127, 15, 127), (60, 100, -128, 127, -128, 127)]
for path in ("/flash/t.bmp", "/flash/t.png"):
    try:
        base.save(path)
    except Exception:
        pass
try:
    base.save("/flash/t.jpg", quality=50)
except Exception:
    pass
try:
    image.save_descriptor(base.find_keypoints(max_keypoints=30, threshold=5), "/flash/k.orb")
except Exception:
    pass
"""


@dataclass
class Asked:
    """What a call asked for and gave."""

    heap: list[int]
    peak: int
    error: str
    value: str
    pixels: str
    """CRC-32 of the picture's pixels after the call."""
    result: str
    """Of the result's, if it is an image."""


def spread(text: str) -> list[int]:
    """``16 12*2`` as 16, 12, 12."""
    found: list[int] = []
    for word in text.split():
        size, _, times = word.partition("*")
        found += [int(size)] * int(times or 1)
    return found


class Bench:
    """One camera with the picture in one format."""

    def __init__(self, folder: Path, release: str, kind: str) -> None:
        board = load_board("openmv-rt1062", firmware=release)
        script = folder / "main.py"
        script.write_text(PRELUDE.replace("@FORMAT@", kind).replace("@ENDING@", COLOURED[kind]), encoding="utf-8")
        session = ScriptSession(board, script, ScriptOptions(frames=None, requests=True))
        self.vm, self.world = session.vm, session.world
        disk = MemoryFiles()
        for name, data in files().items():
            disk.write("/" + name, data)
        self.vm.part(Mounts).mount("/flash", disk)
        session.booted = boot(self.vm, board)
        self.vm.memory.place = RunningPlace()
        self.vm.memory.place.phase = Phase.RUN
        self._run(script.read_text(encoding="utf-8"))
        self.disk = disk
        self.files = {name: disk.read("/" + name) for name in disk.names("/")}
        self.peak = 0
        self._watch()

    def _run(self, text: str) -> None:
        self.vm.call(compile_source(self.vm, open_file(self.vm, "main.py", text.encode()), Input.FILE, self.vm.main))

    def _watch(self) -> None:
        """Notes the most scratch memory that a call held: all that fb_alloc's pointer fell, or all blocks of UMA."""
        camera = self.world.camera
        stack: Any = camera.fb_alloc
        names = ("alloc", "alloc_all", "mark")
        if stack is None:
            stack, names = camera.uma, ("malloc", "malign")

        def noted(method: Any) -> Any:
            def call(*args: Any) -> Any:
                made = method(*args)
                self.peak = max(self.peak, self._held())
                return made

            return call

        for name in names:
            setattr(stack, name, noted(getattr(stack, name)))

    def _held(self) -> int:
        camera = self.world.camera
        if camera.fb_alloc is not None:
            return int(camera.fb_alloc.end - camera.fb_alloc.pointer)
        return sum(pool.size - pool.free for pool in camera.uma.pools)

    def ask(self, call: str, finds: int | None = None) -> Asked:
        """Run one call, on the files as they were: what another call saved is not there."""
        self._tidy()
        vm = self.vm
        self.world.finds = finds
        self._run(f"img = None\nimg = base.copy()\ndef _call():\n  r = {call}\n  return r\n")
        fun = self._named("_call")
        tape = vm.memory.tape
        assert tape is not None
        tape.clear()
        self.peak = start = self._held()
        made: Value = None
        raised: Value = None
        error = ""
        try:
            made = vm.call(fun)
        except Raised as stopped:
            raised = stopped.value
        except (Unknown, Fault) as unknown:
            error = type(unknown).__name__
        heap = [each.size for each in tape if each.kind == "alloc"]  # before a text is unpacked to be looked at
        peak = self.peak - start
        if raised is not None:
            error = vm.text(raised, PrintKind.EXC)
        value = "" if error or isinstance(made, NdArray) else vm.text(made, PrintKind.REPR)
        return Asked(heap, peak, error, value, self._sum(self._named("img")), self._sum(made))

    def _tidy(self) -> None:
        for name in self.disk.names("/"):
            if name not in self.files:
                self.disk.remove("/" + name)
        for name, data in self.files.items():
            self.disk.write("/" + name, data)

    def _named(self, name: str) -> Value:
        found: Value = self.vm.main.map.found[name].value  # type: ignore[attr-defined]  # a dict
        return found

    @staticmethod
    def _sum(picture: Value) -> str:
        return f"{binascii.crc32(bytes(picture.bytes_())):08x}" if isinstance(picture, Image) else ""
