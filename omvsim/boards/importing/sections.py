"""What the linker makes of a header: which region a macro stands for, and in which order they fill a memory.

Sources: openmv/openmv ``common/common.ld.S`` (from 4.5.6; before 4.7.0 below ``src/omv``), ``ports/stm32/stm.ld.S``
and its predecessors, ``ports/mimxrt/mimxrt.ld.S``, ``ports/alif/alif.ld.S`` and, 5.0.0, ``tools/gen_linker.py``, at the
tags. Before the common part each port's script places ``.data`` and ``.bss``; up to 4.5.5 each had a whole script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.boards._types import RegionKind as Kind
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.boards.importing.defines import Defines

_VOSPI_BYTES: Final = 160 * 120 * 2
"""What the Lepton's driver writes where the header says only where (lepton.c, up to 4.5.5)."""
_DMA_DOMAINS: Final = (1, 2, 3)
_UNLINKED: Final = "contents of the section are not published"
ADDRESS_UNKNOWN: Final = "the size is exact; the address depends on how large .data and .bss are"


class Section(NamedTuple):
    """A region that a macro asks for."""

    name: str
    kind: Kind
    memory: str
    """Macro that names its memory."""
    sizes: tuple[str, ...]
    """Macros of its size, the first that is defined."""
    title: str
    align: int = 4
    offset: str = ""
    """Macro of its distance from the memory's start: the linker reserves nothing there."""
    bytes: int = 0
    """Its size where no macro says it."""


class Layout(NamedTuple):
    """Regions in the linker's order, each the keys of a profile's ``[region.NAME]``; what could not be told."""

    regions: dict[str, dict[str, object]]
    unread: tuple[str, ...]


_STACK = Section("stack", Kind.STACK, "OMV_STACK_MEMORY", ("OMV_STACK_SIZE",), "stack of the main program", 8)
_LIBC = Section("libc_heap", Kind.RESERVED, "OMV_HEAP_MEMORY", ("OMV_HEAP_SIZE",), "heap of malloc, for C libraries")
_FRAME = Section("frame_buffer", Kind.FRAME_BUFFER, "OMV_FB_MEMORY", ("OMV_FB_SIZE",), "frame buffer")
_FB_ALLOC = Section("fb_alloc", Kind.FB_ALLOC, "OMV_FB_MEMORY", ("OMV_FB_ALLOC_SIZE",), "fb_alloc stack, grows down")
_OVERLAY = Section(
    "overlay", Kind.OVERLAY, "OMV_FB_OVERLAY_MEMORY", ("OMV_FB_OVERLAY_SIZE",), "fb_alloc overlay: its fast part"
)
_JPEG = Section("streaming", Kind.STREAMING, "OMV_JPEG_MEMORY", ("OMV_JPEG_SIZE",), "JPEG buffer of the IDE")
_VOSPI = Section("vospi", Kind.VOSPI, "OMV_VOSPI_MEMORY", ("OMV_VOSPI_SIZE",), "Lepton frame")
_STREAM = Section("streaming", Kind.STREAMING, "OMV_SB_MEMORY", ("OMV_SB_SIZE",), "streaming buffer to the IDE")
_GPU = Section("gpu", Kind.RESERVED, "OMV_GPU_MEMORY", ("OMV_GPU_SIZE",), "buffers of the GPU", 16)
_SHARED = Section(
    "openamp", Kind.RESERVED, "OMV_OPENAMP_MEMORY", ("OMV_OPENAMP_SIZE",), "shared with the second core", 32
)
_CORE1 = Section("core1", Kind.SECOND_CORE, "OMV_CORE1_MEMORY", ("OMV_CORE1_SIZE",), "program of the second core", 32)
_CM4 = Section(
    "cm4_boot", Kind.SECOND_CORE, "OMV_CM4_BOOT_MEMORY", ("OMV_CM4_BOOT_SIZE",), "boot code of the second core", 32
)
_GC = tuple(
    Section(f"gc{n}", Kind.GC, f"OMV_GC_BLOCK{n}_MEMORY", (f"OMV_GC_BLOCK{n}_SIZE",), f"GC heap, area {n}")
    for n in range(5)
)
_OLD_JPEG = Section(
    "streaming", Kind.STREAMING, "OMV_JPEG_MEMORY", ("OMV_JPEG_BUF_SIZE",), "JPEG buffer of the IDE",
    offset="OMV_JPEG_MEMORY_OFFSET",
)  # fmt: skip
_OLD_VOSPI = Section(
    "vospi", Kind.VOSPI, "OMV_VOSPI_MEMORY", (), "Lepton frame (160 x 120 x 2)", offset="OMV_VOSPI_MEMORY_OFFSET",
    bytes=_VOSPI_BYTES,
)  # fmt: skip
_OLD_GC = Section("gc0", Kind.GC, "OMV_MAIN_MEMORY", ("OMV_HEAP_SIZE",), "GC heap")
_FRAMES = (_FRAME, _FB_ALLOC, _OVERLAY)
_HEAPS = (*_GC, _LIBC, _STACK)
_DATA, _DMA0, _DMA_REST, _POOLS, _CACHE = "data", "dma", "domains", "pools", "cache"
"""Steps that take more than one macro."""

ORDERS: Final[dict[str, tuple[Section | str, ...]]] = {
    "4.5.0": (*_FRAMES, _DMA0, _DMA_REST, _DATA, _OLD_GC, _STACK, _OLD_JPEG, _OLD_VOSPI),
    "4.5.6-dev": (_DATA, _CM4, *_HEAPS, _JPEG, _VOSPI, _GPU, _SHARED, _CORE1, *_FRAMES, _DMA0, _DMA_REST),
    "4.8.0": (_DATA, _CM4, *_HEAPS, _STREAM, _GPU, _SHARED, _CORE1, *_FRAMES, _DMA0, _DMA_REST),
    "5.0.0": (
        _DATA, _CM4, _GC[0], _LIBC, _STACK, _STREAM, _GPU, _SHARED, _CORE1, _DMA0, *_GC[1:], _DMA_REST, _POOLS,
    ),
}  # fmt: skip
"""The linker script from a release on: stm32's up to 4.5.5, the common one after."""
_PADDED_FROM: Final = "4.5.6-dev"
_OLD_MIMXRT: Final = (_DATA, _OLD_GC, _STACK, *_FRAMES, _DMA0, _OLD_JPEG, _OLD_VOSPI)
_POWER_OF_TWO: Final = frozenset(("openamp", "core1"))
"""Sections that end where they are a power of two long, for the memory protection unit."""


def layout_of(defines: Defines, release: str, known: tuple[str, ...]) -> Layout:
    """The regions that a header of ``release`` asks for; ``known`` are the releases, oldest first.

    Raises:
        BoardError: a size is no sum of numbers.
    """
    return _Linker(defines, release, known).layout()


class _Linker:
    def __init__(self, defines: Defines, release: str, known: tuple[str, ...]) -> None:
        self.defines = defines
        until = known[: known.index(release) + 1]
        self.padded = _PADDED_FROM in until
        self.order = next(order for start, order in reversed(ORDERS.items()) if start in until)
        if not self.padded and "OMV_FLEXRAM_CONFIG" in defines:
            self.order = _OLD_MIMXRT
        self.regions: dict[str, dict[str, object]] = {}
        self.unread: list[str] = []
        self.taken: set[str] = set()
        """Memories in which a region takes the rest."""

    def layout(self) -> Layout:
        steps = {
            _DATA: self._data, _DMA0: self._dma, _DMA_REST: self._domains, _POOLS: self._pools, _CACHE: self._cache,
        }  # fmt: skip
        for step in (*self.order, _CACHE):
            if isinstance(step, Section):
                self._section(step)
            else:
                steps[step]()
        if not any(region["kind"] == Kind.GC for region in self.regions.values()):
            self.unread.append("no OMV_GC_BLOCK0_MEMORY (or OMV_HEAP_SIZE): the profile has no GC heap")
        return Layout(self.regions, tuple(self.unread))

    def _add(
        self, name: str, kind: Kind, memory: str, size: int | str, *, title: str, align: int = 4
    ) -> dict[str, object]:
        region: dict[str, object] = {"memory": memory, "kind": str(kind)}
        if kind in (Kind.GC, Kind.UMA):
            region["index"] = sum(each["kind"] == kind for each in self.regions.values())
        region |= {"size": size, "title": title}
        if align != 4:
            region["align"] = align
        if memory == self.defines.word("OMV_MAIN_MEMORY") and size != "rest":
            region |= {"provenance": "assumed", "note": ADDRESS_UNKNOWN}
        self.regions[name] = region
        return region

    def _section(self, section: Section) -> None:
        memory = self.defines.word(section.memory)
        if memory is None:
            return
        size = next((found for name in section.sizes if (found := self.defines.size(name)) is not None), section.bytes)
        if not size:
            self.unread.append(
                f"{section.memory} without {' or '.join(section.sizes) or 'a size'}: no region {section.name}"
            )
            return
        region = self._add(section.name, section.kind, memory, size, title=section.title, align=section.align)
        if section.offset:
            start = self.defines.size(f"OMV_{memory}_ORIGIN") or 0
            region["origin"] = start + (self.defines.size(section.offset) or 0)
            region["note"] = "the linker reserves nothing here; the driver writes this much"
        if section.name in _POWER_OF_TWO:
            region["power_of_two"] = section.name

    def _rest(self, name: str, kind: Kind, memory: str, title: str, note: str) -> None:
        if memory in self.taken:
            return
        self.taken.add(memory)
        self._add(name, kind, memory, "rest", title=title)
        self.regions[name] |= {"provenance": "assumed", "note": f"at most this much: {note}"}

    def _data(self) -> None:
        memory = self.defines.word("OMV_MAIN_MEMORY")
        if memory is not None:
            self._rest(
                "data", Kind.DATA, memory, ".data and .bss", "the true size depends on the build and is not published"
            )
        for macro, name, kind, title in (
            ("OMV_BSS_SRAM_MEMORY", "bss_sram", Kind.DATA, ".bss that peripherals reach, and the NPU's cache"),
            ("OMV_RAMFUNC_MEMORY", "functions", Kind.CODE, "RAM functions"),
        ):
            where = self.defines.word(macro)
            if where is not None and where != memory:
                self._rest(name, kind, where, title, "the true size depends on the build and is not published")

    def _dma(self) -> None:
        """Section ``.dma.memory0``: the line buffer, then buffers of known and of unknown size."""
        memory = self.defines.word("OMV_DMA_MEMORY") or self.defines.word("OMV_MAIN_MEMORY")
        if memory is None:
            return
        align = 32 if not self.padded or "OMV_UMA_BLOCK0_MEMORY" in self.defines else 16
        line = self.defines.size("OMV_LINE_BUF_SIZE")
        if line:
            self._add("line_buffer", Kind.LINE_BUFFER, memory, line, title="camera line buffer", align=32)
        known = sum(self.defines.size(f"OMV_{each}_SIZE") or 0 for each in ("MSC_BUF", "VFS_BUF", "FFS_BUF"))
        for macro, place in (("OMV_SB_SIZE", "OMV_SB_MEMORY"), ("OMV_JPEG_BUF_SIZE", "OMV_JPEG_MEMORY")):
            if place not in self.defines:
                self._shared_stream(macro, memory)
        if memory not in self.taken and not self._others_in(memory):
            self._rest("dma", Kind.DMA, memory, "DMA buffers", _UNLINKED)
            return
        region = self._add("dma", Kind.DMA, memory, known, title="DMA buffers and padding", align=align)
        region |= {"provenance": "assumed", "note": f"at least this much: {_UNLINKED}"}
        if self.padded:
            region["power_of_two"] = "line_buffer" if line else "dma"

    def _shared_stream(self, macro: str, memory: str) -> None:
        size = self.defines.size(macro)
        if size:
            self._add("streaming", Kind.STREAMING, memory, size, title="buffer to the IDE", align=32)

    def _others_in(self, memory: str) -> bool:
        """Whether something that is no DMA buffer lies in ``memory``, before or behind."""
        own = (Kind.DMA, Kind.LINE_BUFFER, Kind.STREAMING)
        before = any(each["memory"] == memory and each["kind"] not in own for each in self.regions.values())
        wanted = (*_HEAPS, _STREAM, _GPU, _SHARED, _CORE1, *_FRAMES)
        behind = any(self.defines.word(each.memory) == memory for each in wanted)
        return before or behind or any(self.defines.word(f"OMV_UMA_BLOCK{n}_MEMORY") == memory for n in range(8))

    def _cache(self) -> None:
        """The linker reserves nothing for it: where nothing else lies in its memory, it has all of that."""
        memory = self.defines.word("OMV_FFS_MEMORY")
        if memory is not None and not any(region["memory"] == memory for region in self.regions.values()):
            self._rest("flash_cache", Kind.RESERVED, memory, "cache of the internal file system", "one flash sector")

    def _domains(self) -> None:
        for domain in _DMA_DOMAINS:
            memory = self.defines.word(f"OMV_DMA_MEMORY_D{domain}")
            if memory is None:
                continue
            if not self.padded and memory in (
                self.defines.word("OMV_VOSPI_MEMORY"),
                self.defines.word("OMV_JPEG_MEMORY"),
            ):
                continue  # the linker keeps no room for that buffer: the section must be empty
            self._rest(f"dma_d{domain}", Kind.DMA, memory, f"DMA buffers of domain {domain}", _UNLINKED)

    def _pools(self) -> None:
        for n in range(8):
            memory, size = self.defines.word(f"OMV_UMA_BLOCK{n}_MEMORY"), self.defines.size(f"OMV_UMA_BLOCK{n}_SIZE")
            if memory is None:
                return
            if not size:
                self.unread.append(f"OMV_UMA_BLOCK{n}_MEMORY without OMV_UMA_BLOCK{n}_SIZE: no pool {n}")
                return
            flags = self.defines.word(f"OMV_UMA_BLOCK{n}_FLAGS") or ""
            words = [each.strip(" ()") for each in flags.split("|")]
            region = self._add(f"uma{n}", Kind.UMA, memory, size, title=f"UMA pool {n}")
            region["flags"] = [each.removeprefix("UMA_").lower() for each in words if each.startswith("UMA_")]


__all__ = ["ADDRESS_UNKNOWN", "ORDERS", "Layout", "Section", "layout_of"]
