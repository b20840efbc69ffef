"""Compare what image calls ask of the heap and of fb_alloc or UMA with what the camera asked, call by call.

    python -m tools.compare_images [--release 4.8.1] [--shared ../shared] [--only find_blobs] [--show 10] [PICTURE …]

Every call runs in the context in which it was measured (``oracle/image/prelude.py``); pictures are drawn by
``make_pictures.py`` or are those of OpenMV's unit tests. A line a method: calls, equal heap requests, equal peaks of
scratch memory, equal exceptions, how many were told what they find (``--finds``) because omvsim does not look itself.
"""

from __future__ import annotations

import argparse
import binascii
import collections
import contextlib
import json
import runpy
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
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
from omvsim.world.unknown import NOTHING_FOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {"GRAYSCALE": "G", "RGB565": "R", "BINARY": "B", "BAYER": "Y"}
COLUMNS = ("rows", "all", "heap", "fb", "error", "known", "told", "value", "pixels")
VALUE_LENGTH = 400
"""Of a value as it was printed when it was measured."""
KEYPOINTS = "image.save_descriptor(base.find_keypoints(max_keypoints=30, threshold=5), '/flash/k.orb')"
ROOM = 3_500_000
"""No call asks for more but for all that is left; the measured board had more than this."""


@dataclass
class Asked:
    """What a call asked for, and how it ended."""

    heap: list[int] = field(default_factory=list)
    fb: list[tuple[str, int]] = field(default_factory=list)
    peak: int = 0
    error: str = ""
    unknown: str = ""
    fault: bool = False
    stands_in: bool = False
    value: str = ""
    """The result as it prints."""
    pixels: tuple[str, str] = ("", "")
    """CRC-32 of the picture after the call and of the result, if it is one."""


class FbRecorder:
    """Wraps the methods of fb_alloc so that its requests are written down."""

    def __init__(self, stack: Any) -> None:
        self.stack = stack
        self.ops: list[tuple[str, int]] = []
        self.peak = 0
        self.start = stack.pointer
        alloc, every, mark = stack.alloc, stack.alloc_all, stack.mark

        def note() -> None:
            self.peak = max(self.peak, self.start - stack.pointer)

        def recorded_alloc(size: int, hints: int = 0) -> Any:
            self.ops.append(("alloc", size))
            made = alloc(size, hints)
            note()
            return made

        def recorded_all(hints: int = 0) -> Any:
            span = every(hints)
            self.ops.append(("all", span.size))
            note()
            return span

        def recorded_mark() -> None:
            self.ops.append(("mark", 4))
            mark()
            note()

        stack.alloc, stack.alloc_all, stack.mark = recorded_alloc, recorded_all, recorded_mark

    def reset(self) -> None:
        """Before a call."""
        self.ops.clear()
        self.peak, self.start = 0, self.stack.pointer


class UmaRecorder:
    """The same for UMA."""

    def __init__(self, pools: Any) -> None:
        self.pools = pools
        self.ops: list[tuple[str, int]] = []
        self.peak = self.start = 0
        malloc, malign = pools.malloc, pools.malign

        def recorded(size: int, flags: int = 0) -> Any:
            self.ops.append(("malloc", size))
            return self.noted(malloc(size, flags))

        def recorded_malign(size: int, align: int, flags: int = 0) -> Any:
            self.ops.append(("malloc", size))
            return self.noted(malign(size, align, flags))

        pools.malloc, pools.malign = recorded, recorded_malign

    def noted(self, made: Any) -> Any:
        """After a request: the most that was held since the call began, in blocks."""
        self.peak = max(self.peak, self.held() - self.start)
        return made

    def held(self) -> int:
        """Bytes of all blocks in use."""
        return sum(pool.size - pool.free for pool in self.pools.pools)

    def reset(self) -> None:
        """Before a call."""
        self.ops.clear()
        self.peak, self.start = 0, self.held()


class Bench:
    """One camera with the prelude's names, for one picture and format."""

    def __init__(  # noqa: PLR0917  # where things are, and the context
        self, release: str, shared: Path, pictures: Path, extra: list[Path], picture: str, letter: str, room: int = 0
    ) -> None:
        board = load_board("openmv-rt1062", firmware=release)
        prelude = (shared / "oracle/image/prelude.py").read_text(encoding="utf-8")
        text = prelude.replace("@PIC@", picture).replace("@FMT@", letter)
        self.script = pictures / "main.py"
        self.script.write_text(text, encoding="utf-8")
        session = ScriptSession(board, self.script, ScriptOptions(frames=None, requests=True), text.encode())
        self.vm, self.world = session.vm, session.world
        files = MemoryFiles()
        for path in (*pictures.iterdir(), *(shared / "pictures").rglob("*"), *extra):
            if path.is_file() and path.suffix in (".pgm", ".ppm", ".bmp", ".jpg", ".cascade", ".orb"):
                files.write("/" + path.name, path.read_bytes())
        for ending in (".pgm", ".ppm"):
            files.write(f"/scene{ending}", (pictures / f"scene_qqvga{ending}").read_bytes())
        self.vm.part(Mounts).mount("/flash", files)
        session.booted = boot(self.vm, board)
        self.vm.memory.place = RunningPlace()
        self.vm.memory.place.phase = Phase.RUN
        self._run(text)
        self._files()
        camera = self.world.camera
        stack = camera.fb_alloc
        if room and stack is not None:
            end = stack.end
            stack.floor = lambda: end - room
        self.fb: Any = FbRecorder(camera.fb_alloc) if camera.fb_alloc is not None else UmaRecorder(camera.uma)

    def _run(self, text: str) -> None:
        lexer = open_file(self.vm, "main.py", text.encode())
        self.vm.call(compile_source(self.vm, lexer, Input.FILE, self.vm.main))

    def _files(self) -> None:
        """What calls that were measured before have left on the disk."""
        for call in ("base.save('/flash/t.bmp')", "base.save('/flash/t.png')", KEYPOINTS):
            with contextlib.suppress(Raised, Unknown):
                self._run(f"{call}\n")

    def ask(self, call: str, finds: int | None = None) -> Asked:
        """Run one call; a finder whose results are not worked out is told how many there are."""
        vm, asked = self.vm, Asked()
        self.world.finds = finds
        self.vm.stand_ins.clear()
        setup = "def _setup():\n  global img\n  img = None\n  img = base.copy()\n\n_setup()\n"
        setup += f"def _call():\n  r = {call}\n  return r\n"
        self._run(setup)
        vm.memory.collect()
        fun = vm.main.map.found["_call"].value  # type: ignore[attr-defined]  # a dict
        assert vm.memory.tape is not None
        vm.memory.tape.clear()
        self.fb.reset()
        error: Any = None
        made: Any = None
        try:
            made = vm.call(fun)
        except Raised as raised:
            error = raised.value
        except (Unknown, Fault) as unknown:
            asked.unknown, asked.fault = str(unknown), isinstance(unknown, Fault)
        asked.heap = [each.size for each in vm.memory.tape if each.kind == "alloc"]
        if error is not None:
            asked.error = vm.text(error, PrintKind.EXC)
        asked.stands_in = any(NOTHING_FOUND in text for text in self.vm.stand_ins.values())
        asked.fb, asked.peak = list(self.fb.ops), self.fb.peak
        if error is None and not asked.unknown and not isinstance(made, NdArray):
            with contextlib.suppress(Raised):
                asked.value = vm.text(made, PrintKind.REPR)[:VALUE_LENGTH]
        after: Any = vm.main.map.found["img"].value  # type: ignore[attr-defined]  # a dict
        asked.pixels = _checksum(after), _checksum(made)
        return asked


def _checksum(picture: Any) -> str:
    return f"{binascii.crc32(bytes(picture.bytes_())):08x}" if isinstance(picture, Image) else ""


def spread(pairs: list[list[int]]) -> list[int]:
    """[bytes, times] pairs in full."""
    return [size for size, times in pairs for _ in range(times)]


def wanted_fb(row: dict[str, Any]) -> list[tuple[str, int]]:
    """Requests of fb_alloc or UMA of a measured call."""
    found = []
    for op, times in row["fb"]:
        kind, size, *_ = op.split(":")
        if kind in ("alloc", "all", "mark", "malloc", "calloc", "malign"):
            found += [("malloc" if kind in ("calloc", "malign") else kind, int(size))] * times
    return found


def rows(shared: Path, release: str) -> Iterator[dict[str, Any]]:
    """The measured calls."""
    for line in (shared / f"oracle/image/calls-{release}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def compared(row: dict[str, Any], asked: Asked) -> dict[str, bool]:
    """What is equal."""
    if row.get("crashed"):
        return dict.fromkeys(("heap", "fb", "error", "known"), asked.fault)
    return {
        "heap": spread(row["gc"]) == asked.heap or bool(row.get("gc_truncated")),
        "fb": bool(row.get("fb_truncated")) or same_room(row, asked),
        "error": row.get("exc", "") == asked.error,
        "known": not asked.unknown,
    }


def answered(row: dict[str, Any], asked: Asked) -> dict[str, bool]:
    """Whether the result prints alike, and the pixels of picture and result are the same; not part of "all"."""
    if row.get("crashed") or "exc" in row or asked.error or asked.unknown:
        return {}
    after, result = row.get("crc_image_after") or "", row.get("crc_result") or ""
    same = after in ("", asked.pixels[0]) and result in ("", asked.pixels[1])
    printed = str(row.get("value", "")).strip()[:VALUE_LENGTH]
    unprinted = row.get("type") in ("ndarray", "bytearray") or printed.startswith("compressed ")
    return {"value": unprinted or printed == asked.value.strip(), "pixels": same}


def same_room(row: dict[str, Any], asked: Asked) -> bool:
    """Whether the peaks are equal; of a call that takes all of the pools (the camera's are larger), the requests."""
    wanted = wanted_fb(row)
    if any(op.startswith("malign") for op, _ in row["fb"]):  # a frame buffer takes the place of the one before
        return wanted == asked.fb
    if any(kind == "malloc" and size > ROOM for kind, size in wanted):
        return [each for each in wanted if each[1] <= ROOM] == [each for each in asked.fb if each[1] <= ROOM]
    return bool(row.get("fb_peak", 0) - row.get("uma_used_before", 0) == asked.peak)


def method_of(call: str) -> str:
    """The method or function that a call is about."""
    head = call.partition("(")[0]
    return head.rpartition(".")[2] if head.startswith(("img.", "image.")) else call[:20]


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and tell whether everything is equal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="*")
    parser.add_argument("--release", default="4.8.1")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--only")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--extra", type=Path, help="a folder with more of the files of OpenMV's unit tests")
    parser.add_argument("--values", action="store_true", help="print what differs in values and pixels too")
    options = parser.parse_args(arguments)
    only = options.only.split(",") if options.only else []
    extra = sorted(options.extra.iterdir()) if options.extra else []
    found = totals(options.shared, options.release, options.pictures, only, options.show, extra, detail=options.values)
    _table(found)
    return 0


def _draw(shared: Path, folder: Path) -> None:
    before = sys.argv
    sys.argv = ["make_pictures.py", str(folder)]
    try:
        runpy.run_path(str(shared / "oracle/image/make_pictures.py"), run_name="__main__")
    finally:
        sys.argv = before


def totals(  # noqa: PLR0917  # what is asked of the tool
    shared: Path,
    release: str,
    pictures: list[str],
    only: list[str],
    show: int = 0,
    extra: list[Path] | None = None,
    *,
    detail: bool = False,
) -> dict[str, collections.Counter[str]]:
    """How many rows of each method are equal in what; at most ``show`` others are printed.

    Args:
        extra: more files for the camera's disk (a cascade of OpenMV's unit tests).
        detail: print what differs in values and pixels too.
    """
    extra = extra or []
    found: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    shown = 0
    benches: dict[tuple[str, str], Bench] = {}
    measured = list(rows(shared, release))
    room: dict[tuple[str, str], Any] = {}
    for row in measured:
        key = (row["picture"], FORMATS[row["fmt"]])
        if row.get("fb_peak", 0) > ROOM:
            room[key] = max(room.get(key, 0), row.get("fb_peak"))
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder)
        _draw(shared, drawn)
        for row in measured:
            method = method_of(row["call"])
            if (pictures and row["picture"] not in pictures) or (only and method not in only):
                continue
            key = (row["picture"], FORMATS[row["fmt"]])
            if key not in benches:
                benches.clear()
                benches[key] = Bench(release, shared, drawn, extra, *key, room.get(key, 0))
            asked = benches[key].ask(row["call"])
            if asked.stands_in and row.get("len"):
                asked = benches[key].ask(row["call"], finds=row["len"])
                found[method]["told"] += 1
            equal = compared(row, asked)
            found[method]["rows"] += 1
            found[method].update(name for name, same in equal.items() if same)
            found[method]["all"] += all(equal.values())
            answer = answered(row, asked)
            found[method].update(name for name, same in answer.items() if same)
            found[method]["answered"] += bool(answer)
            if detail and not all(answer.values()):
                _detail(row, asked, answer)
            if not all(equal.values()) and shown < show:
                shown += 1
                _show(row, asked, equal)
    return found


def _show(row: dict[str, Any], asked: Asked, equal: dict[str, bool]) -> None:
    print(row["picture"], row["fmt"], row["call"], "differs in", [name for name, same in equal.items() if not same])
    if asked.unknown:
        print("   unknown", asked.unknown)
        return
    if not equal["heap"]:
        print("   camera", spread(row["gc"])[:40], row.get("realloc", [])[:6])
        print("   ours  ", asked.heap[:40])
    if not equal["fb"]:
        print("   camera", wanted_fb(row)[:16], row.get("fb_peak"))
        print("   ours  ", asked.fb[:16], asked.peak)
    if not equal["error"]:
        print("   camera", row.get("exc"), "| ours", asked.error)


def _detail(row: dict[str, Any], asked: Asked, answer: dict[str, bool]) -> None:
    print(row["picture"], row["fmt"], row["call"], "differs in", [name for name, same in answer.items() if not same])
    if not answer["value"]:
        print("   camera", row.get("value"))
        print("   ours  ", asked.value)


def _table(totals: dict[str, collections.Counter[str]]) -> None:
    whole: collections.Counter[str] = collections.Counter()
    for name, counter in sorted(totals.items(), key=lambda item: item[1]["all"] - item[1]["rows"]):
        whole.update(counter)
        if counter["all"] < counter["rows"] or min(counter["value"], counter["pixels"]) < counter["answered"]:
            print(f"{name:24}", *(f"{key} {counter[key]}" for key in (*COLUMNS, "answered")))
    print("total", dict(whole))


if __name__ == "__main__":
    sys.exit(main())
