"""The drawings of the explanations, made anew: ``python -m tools.figures``; a test compares.

Each is drawn from what omvsim itself works out: heaps that are filled request by request, a run, a plan, a memory map.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

import omvsim
from omvsim import models
from omvsim.boards import load_board
from omvsim.frame_time import time_of_run
from omvsim.heap import BLOCK, GcHeap
from omvsim.units import format_bytes, parse_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from omvsim.runs.scenario import RunResult

FOLDER: Final = Path(__file__).parents[1] / "docs" / "figures"
WIDTH: Final = 720
COLOURS: Final = {
    "free": "#e4e8ec",
    "head": "#2f7d5b",
    "tail": "#8fd0ae",
    "dead head": "#a06a2c",
    "dead": "#efc99a",
    "sizing": "#f0b27a",
    "arena": "#7cc79a",
    "other": "#b9c2cc",
    "pool": "#9cc4ea",
    "picture": "#f7cfa3",
}


class Part(NamedTuple):
    """A piece of a bar: how long it is against the others, its colour, and what stands in it."""

    length: float
    colour: str
    label: str = ""


class Drawing:
    """Rows of bars and text, top to bottom."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._body: list[str] = []
        self._y = 8

    def text(self, words: str) -> None:
        """A line of its own."""
        self._y += 18
        self._body.append(f'<text x="8" y="{self._y}">{escape(words)}</text>')
        self._y += 6

    def bar(self, parts: Iterable[Part], width: float = WIDTH - 16.0, height: int = 30) -> None:
        """A bar to scale; labels stand where they fit."""
        given = list(parts)
        whole = sum(part.length for part in given)
        x = 8.0
        for part in given:
            wide = width * part.length / whole
            self._body.append(
                f'<rect x="{x:.1f}" y="{self._y}" width="{wide:.1f}" height="{height}" '
                f'fill="{COLOURS[part.colour]}" stroke="#fff"/>'
            )
            if part.label and len(part.label) * 6.4 < wide:
                ink = "#fff" if part.colour in ("head", "dead head") else "#1c2430"
                self._body.append(
                    f'<text x="{x + wide / 2:.1f}" y="{self._y + height / 2 + 4:.1f}" text-anchor="middle" '
                    f'fill="{ink}" font-size="11">{escape(part.label)}</text>'
                )
            x += wide
        self._y += height + 4

    def key(self, *entries: tuple[str, str]) -> None:
        """What the colours mean."""
        x = 8.0
        self._y += 6
        for colour, words in entries:
            self._body.append(f'<rect x="{x:.1f}" y="{self._y}" width="12" height="12" fill="{COLOURS[colour]}"/>')
            self._body.append(f'<text x="{x + 17:.1f}" y="{self._y + 10}" font-size="11">{escape(words)}</text>')
            x += 34 + 6.2 * len(words)
        self._y += 14

    def svg(self) -> str:
        """The whole file."""
        height = self._y + 10
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'role="img" aria-label="{escape(self._title)}" font-family="DejaVu Sans, Arial, sans-serif" '
            f'font-size="12" fill="#1c2430"><title>{escape(self._title)}</title>'
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>' + "\n".join(self._body) + "</svg>\n"
        )


def _cells(heap: GcHeap, held: Sequence[int], dead: Sequence[int] = ()) -> list[Part]:
    """A small heap block by block: ``h`` starts a chunk, ``t`` goes on with it."""
    area = heap.areas[0]
    cells = [Part(1, "free")] * area.geometry.blocks
    for address in (*held, *dead):
        first = (address - area.pool_start) // BLOCK
        head, tail = ("dead head", "dead") if address in dead else ("head", "tail")
        for at in range(heap.chunk_blocks(address)):
            cells[first + at] = Part(1, tail if at else head, "t" if at else "h")
    return cells


def _small_heap(sizes: Sequence[int]) -> tuple[GcHeap, list[int]]:
    heap = GcHeap([(0x20000000, 576)])  # 32 blocks
    addresses = [heap.alloc(size) for size in sizes]
    return heap, [address for address in addresses if address is not None]


def gc_blocks() -> str:
    """An area of 32 blocks with a few objects."""
    sizes = (16, 40, 52, 16, 76, 28)
    heap, held = _small_heap(sizes)
    info = heap.info()
    drawing = Drawing("An area of the heap, block by block")
    drawing.text(f"A heap of {info.total} bytes: {info.total // BLOCK} blocks of {BLOCK}. Requests of "
                 f"{', '.join(map(str, sizes))} bytes, in this order:")  # fmt: skip
    drawing.bar(_cells(heap, held))
    drawing.key(("head", "h: first block of a chunk"), ("tail", "t: the chunk goes on"), ("free", "free"))
    drawing.text(f"{sum(sizes)} bytes were asked for, {info.used} are in use: a chunk is whole blocks.")
    return drawing.svg()


def gc_marking() -> str:
    """The same area before and after a collection."""
    heap, held = _small_heap((16, 40, 52, 16, 76, 28, 64, 16))
    live, dead = held[::2], held[1::2]
    drawing = Drawing("A collection: what nothing reaches is freed, and nothing moves")
    drawing.text(f"Before: {heap.info().used} bytes in use, of which a part is garbage that nobody has looked for yet")
    drawing.bar(_cells(heap, live, dead))
    heap.retain(live)
    drawing.text(f"After marking and sweeping: {heap.info().used} bytes in use; no chunk has moved")
    drawing.bar(_cells(heap, live))
    drawing.key(("head", "reached from a root"), ("dead head", "garbage"), ("free", "free"))
    return drawing.svg()


def gc_fragmentation() -> str:
    """As much free twice, in one run and in many."""
    drawing = Drawing("Fragmentation: the same number of free bytes, in one run and in many")
    for words, keep in (("The older half is kept", slice(0, 16)), ("Every other object is kept", slice(0, 32, 2))):
        heap, held = _small_heap((16,) * 32)
        kept = held[keep]
        heap.retain(kept)
        info = heap.info()
        fits = heap.alloc(64) is not None
        heap, held = _small_heap((16,) * 32)
        heap.retain(held[keep])
        drawing.text(f"{words}: {info.free} bytes free, longest run {info.max_free * BLOCK}; "
                     f"a request of 64 bytes {'fits' if fits else 'is a MemoryError'}")  # fmt: skip
        drawing.bar(_cells(heap, held[keep]))
    return drawing.svg()


def _run(family: str, **given: object) -> RunResult:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{family}.tflite"
        path.write_bytes(models.make(family))
        return omvsim.run(path, **given)  # type: ignore[arg-type]


def sizing_arena() -> str:
    """The third area while a model is loaded, in a heap small enough to see something."""
    size = parse_size("640K")
    result = _run("fomo-like", load="file", gc=[(0x10000, None), (0x44000, None), (size, None)])
    area = result.areas[2]
    place = {one.owner: one for one in result.allocations if one.address is not None and one.area == "gc[2]"}
    drawing = Drawing("The sizing arena and the tensor arena, one after the other in the same area")
    sizing = place["sizing arena"]
    rest = area.pool_bytes - sizing.bytes
    drawing.text(f"1. gc[2] ({format_bytes(area.pool_bytes)} bytes): its longest free run is taken whole, "
                 f"{format_bytes(sizing.bytes)} bytes")  # fmt: skip
    drawing.bar([*([Part(rest, "other")] if rest else []), Part(sizing.bytes, "sizing", "sizing arena")])
    drawing.text("2. AllocateTensors lays out the model in it: now its need is known, and the run is freed")
    drawing.bar([Part(rest, "other"), Part(sizing.bytes, "free", "free again")] if rest else [Part(1, "free")])
    arena = next(one for one in result.allocations if one.owner == "tensor arena")
    ram = result.models[0].ram
    drawing.text(f"3. The real arena: model.ram = {format_bytes(ram)} bytes, wherever it fits first ({arena.area}); "
                 "AllocateTensors once more")  # fmt: skip
    whole = next(one for one in result.areas if f"gc[{one.index}]" == arena.area).pool_bytes
    drawing.bar([Part(ram, "arena", "tensor arena"), Part(whole - ram, "free", f"rest of {arena.area}")])
    return drawing.svg()


def head_and_tail() -> str:
    """The arena of a small model to scale, and what its tail is made of."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.tflite"
        path.write_bytes(models.make("tiny-conv"))
        plan = omvsim.plan(path)
    drawing = Drawing("Head and tail of a tensor arena")
    drawing.text(f"tiny-conv: {format_bytes(plan.arena_used_bytes or 0)} bytes = head "
                 f"{format_bytes(plan.head_bytes or 0)} + tail {format_bytes(plan.tail_bytes or 0)}")  # fmt: skip
    drawing.bar([Part(plan.head_bytes or 0, "arena", "head: tensors, from below"),
                 Part(plan.tail_bytes or 0, "sizing", "tail")])  # fmt: skip
    drawing.text("In the head buffers share bytes over time. Which are alive, a row a step:")
    top = plan.head_bytes or 1
    for step in range(max(buffer.last for buffer in plan.buffers) + 1):
        parts, at = [], 0
        for buffer in sorted((b for b in plan.buffers if b.first <= step <= b.last), key=lambda b: b.offset):
            parts += [Part(buffer.offset - at, "free")] if buffer.offset > at else []
            parts.append(Part(buffer.bytes, "tail" if len(parts) % 2 else "pool", format_bytes(buffer.bytes)))
            at = buffer.offset + buffer.bytes
        drawing.bar([*parts, *([Part(top - at, "free")] if at < top else [])], height=18)
    return drawing.svg()


def big_ram() -> str:
    """The SDRAM of two releases, to scale."""
    drawing = Drawing("The 32 MiB of SDRAM before and from 5.0.0 on")
    colours = {"gc": "arena", "frame_buffer": "picture", "fb_alloc": "sizing", "uma": "pool"}
    for release in ("4.5.5", "4.8.1", "5.0.0"):
        board = load_board("openmv-rt1062", release)
        drawing.text(f"{release}")
        drawing.bar(Part(region.size, colours.get(str(region.kind), "other"), region.title)
                    for region in board.regions_in("DRAM"))  # fmt: skip
    return drawing.svg()


def frame_time() -> str:
    """What a frame's time is made of."""
    time = time_of_run(_run("tiny-conv"))
    milliseconds = 1000 / time.profile.clock_hz
    drawing = Drawing("What a frame's time is made of")
    parts: dict[str, float] = {}
    for operator in time.inference.operators:
        parts[operator.name] = parts.get(operator.name, 0.0) + operator.cycles.nominal * milliseconds
    parts |= {cost.name: cost.cycles.nominal * milliseconds for cost in time.frame.costs}
    frame = time.frame.ms
    drawing.text(f"tiny-conv on 4.8.1: {frame.nominal:.2f} ms a frame ({frame.low:.2f} to {frame.high:.2f}), modelled")
    shades = ("arena", "sizing", "pool", "picture", "other")
    shown = [(name, value) for name, value in parts.items() if value >= 0.01]
    drawing.bar(Part(value, shades[at % len(shades)]) for at, (name, value) in enumerate(shown))
    drawing.key(*((shades[at % len(shades)], f"{name} {value:.2f}") for at, (name, value) in enumerate(shown)))
    longest = max(time.inference.operators, key=lambda operator: operator.cycles.nominal)
    drawing.text(f"Its longest operator, {longest.name}: cycles of the core's own work, and of waiting for memory")
    waits = {name: value.nominal * milliseconds for name, value in longest.parts.items() if value.nominal}
    drawing.bar(Part(value, shades[at % len(shades)]) for at, (_, value) in enumerate(waits.items()))
    drawing.key(
        *((shades[at % len(shades)], f"{name} {value:.3f} ms") for at, (name, value) in enumerate(waits.items()))
    )
    return drawing.svg()


FIGURES: Final[dict[str, Callable[[], str]]] = {
    "gc-blocks.svg": gc_blocks,
    "gc-marking.svg": gc_marking,
    "gc-fragmentation.svg": gc_fragmentation,
    "sizing-arena.svg": sizing_arena,
    "head-and-tail.svg": head_and_tail,
    "big-ram.svg": big_ram,
    "frame-time.svg": frame_time,
}


def main() -> None:
    """Draw them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
