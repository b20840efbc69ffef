"""The heap as the interpreter uses it: requests, who holds their chunks, and which line asked.

A chunk lives on the simulated heap until it is freed explicitly (``m_del``) or a collection finds it dead. Who is alive
is what the host's interpreter still references: every simulated object *is* one host object, frames keep the slots of
their value stack as the device does (stale ones included), and a host object that dies reports its chunk here. So a
collection is one pass over the dead, and no function of the firmware can forget to root what it holds.

Addresses come from :class:`omvsim.heap.GcHeap`, which follows ``py/gc.c``.
"""

from __future__ import annotations

import gc as host_gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from omvsim.heap import BLOCK, blocks_for
from omvsim.memory.questions import Extent, address_of
from omvsim.records import NamedTuple, StrEnum

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from omvsim.heap import GcHeap
    from omvsim.memory.questions import Question, Recorder

Answer = TypeVar("Answer", bound="Hashable")


class Phase(StrEnum):
    """What the camera was doing when it asked."""

    BOOT = "boot"
    OPEN = "open"
    PARSE = "parse"
    COMPILE = "compile"
    RUN = "run"


class Request(NamedTuple):
    """One line of the request tape.

    ``kind`` is alloc, realloc or free; ``how`` for a realloc same, shrink, grow, move or, refused, fail (nomove where
    it was not to move); ``size`` bytes as asked for (0 for a free); ``address`` where the chunk is afterwards (0:
    refused); ``what`` it is for, where that has a name.
    """

    kind: str
    phase: Phase
    line: int
    function: str
    size: int
    address: int
    how: str
    what: str = ""


class Observer(Protocol):
    """Whoever keeps books about a heap. Sizes are bytes: ``asked`` as asked for, the others in whole blocks."""

    explicit: bool
    """Whether the collection that runs was asked for."""

    def look(self) -> None:
        """Something is about to happen to the heap: a request, a free, a collection asked for."""

    def asked(self, size: int, address: int) -> None:
        """A chunk was allocated, or moved to a larger place."""

    def grown(self, size: int) -> None:
        """A chunk grew in place."""

    def freed(self, size: int) -> None:
        """Blocks were freed explicitly."""

    def refused(self, size: int) -> None:
        """A request found no room."""

    def collected(self, before: int) -> None:
        """A collection ran; so many bytes were in use before it."""


class Chunk:
    """Base of everything that owns one chunk of the heap. ``address`` 0: it is in ROM, or it was freed."""

    __slots__ = ("address", "memory")
    memory: Memory
    address: int

    def __del__(self) -> None:
        try:
            address, memory = self.address, self.memory
        except AttributeError:
            return  # a limit ended the run while it was made
        if address:
            if address in memory.behind:
                memory.behind[address] = self
            else:
                memory.dead.append(address)


class Block(Chunk):
    """A chunk that is no object of the language: a table, the characters of a text, a frame."""

    __slots__ = ("__weakref__", "size")

    def __init__(self, memory: Memory, address: int, size: int) -> None:
        self.memory = memory
        self.address = address
        self.size = size


class PointingBehind(Block):
    """A block that holds the address of its own end: whatever chunk starts right there stays as long as it does."""

    __slots__ = ("end",)

    def __init__(self, memory: Memory, address: int, size: int) -> None:
        super().__init__(memory, address, size)
        self.end = int(address) + blocks_for(size) * BLOCK
        memory.behind[self.end] = None

    def __del__(self) -> None:
        memory = self.memory
        kept = memory.behind.pop(self.end, None)
        if kept is not None:
            # It was taken back from its death: the host does not call its __del__ again.
            memory.dead.append(kept.address)
            kept.address = 0
        super().__del__()


class Place:
    """Where the interpreter is: the line and function that a request is put down to."""

    __slots__ = ("function", "line", "passing", "phase")

    def __init__(self) -> None:
        self.phase = Phase.BOOT
        self.line = 0
        self.function = ""
        self.passing: tuple[int, str] | None = None
        """Line and function where they are known: an exception just came through, and its traceback is written down; or
        one call makes many requests and runs nothing of the script's."""


class Memory:
    """``m_malloc``, ``m_realloc``, ``m_free`` and ``gc_collect`` (py/malloc.c, py/gc.c).

    Args:
        heap: the camera's heap; its collector is set here.
        fail: raises the language's MemoryError for a request of so many bytes (``m_malloc_fail``).
    """

    def __init__(self, heap: GcHeap, fail: Callable[[int], NoReturn]) -> None:
        self.heap = heap
        self.fail = fail
        self.dead: list[int] = []
        self._dead_counted: tuple[list[int], int, int] = self.dead, 0, 0
        """The list of the dead, how many of them were counted, and their bytes."""
        self.behind: dict[int, Chunk | None] = {}
        """Addresses that the end of a :class:`PointingBehind` points to, and who died there meanwhile."""
        self.finalisers: dict[int, Callable[[], None]] = {}
        """By address: what runs before a dead chunk is swept (``gc_alloc`` with a finaliser flag)."""
        self.place = Place()
        self.what = ""
        """What the next request is for (``tensor arena``), where that has a name of its own."""
        self.observer: Observer | None = None
        self.recorder: Recorder | None = None
        self.tape: list[Request] | None = None
        """Every request in order, while somebody wants them."""
        heap.collector = self._collector

    @property
    def position(self) -> int:
        """How many requests are on the tape."""
        return len(self.tape or ())

    # -- objects ------------------------------------------------------------------------------------------------

    def alloc(self, size: int, *, finaliser: bool = False) -> int:
        """Address of a new chunk of ``size`` bytes; 0 for 0 bytes. No room: the language's MemoryError."""
        if self.observer is not None:
            self.observer.look()
        address = self.heap.alloc(size, finaliser=finaliser)
        if address is None:
            if size == 0:
                return 0
            self._refused("alloc", size)
            self.fail(size)
        if self.tape is not None:
            self._note("alloc", size, address, "")
        if self.observer is not None:
            self.observer.asked(size, address)
        return address

    def alloc_maybe(self, size: int) -> int:
        """As :meth:`alloc`, but 0 where there is no room (``m_malloc_maybe``)."""
        if self.observer is not None:
            self.observer.look()
        address = self.heap.alloc(size)
        if address is None:
            if size:
                self._refused("alloc", size)
            return 0
        if self.tape is not None:
            self._note("alloc", size, address, "")
        if self.observer is not None:
            self.observer.asked(size, address)
        return address

    def free(self, chunk: Chunk) -> None:
        """``m_free``: the chunk is gone, whoever still has it. Nothing happens to a chunk in ROM."""
        if not chunk.address:
            return
        if self.observer is not None:
            self.observer.look()
        if self.tape is not None:
            self._note("free", 0, chunk.address, "")
        if self.heap.lock_depth == 0:
            count = self.heap.free(chunk.address)
            self.finalisers.pop(chunk.address, None)
            chunk.address = 0
            if self.observer is not None:
                self.observer.freed(count * BLOCK)

    # -- blocks -------------------------------------------------------------------------------------------------

    def block(self, size: int, *, finaliser: bool = False) -> Block:
        """A new block of ``size`` bytes, or the language's MemoryError."""
        return Block(self, self.alloc(size, finaliser=finaliser), size)

    def pointing_behind(self, size: int) -> PointingBehind:
        """A new block that will hold a pointer to its own end."""
        block = PointingBehind(self, self.alloc(size), size)
        if self.recorder is not None:
            self.recorder.points_behind(block.address)
        return block

    def longest_block(self) -> Block:
        """A new block of the longest free run (``gc_info()``, ``m_malloc``), or the language's MemoryError."""
        size = self.heap.max_free() * BLOCK
        if self.recorder is not None:
            self.recorder.largest_next()
        return self.block(size)

    def block_maybe(self, size: int) -> Block | None:
        """A new block, or None where there is no room."""
        address = self.alloc_maybe(size)
        return Block(self, address, size) if address else None

    @contextmanager
    def asking_for(self, what: str) -> Iterator[None]:
        """Requests made inside are for ``what``."""
        before, self.what = self.what, what
        try:
            yield
        finally:
            self.what = before

    def resize(self, block: Block, size: int) -> None:
        """``m_renew``: in place or moved, or the language's MemoryError (the block is as it was then)."""
        if not self.resize_maybe(block, size):
            self.fail(size)

    def resize_maybe(self, block: Block, size: int, *, move: bool = True) -> bool:
        """``m_renew_maybe``: whether there was room (in place only, with ``move`` false)."""
        if not block.address:
            block.address = self.alloc_maybe(size)
            block.size = size if block.address else block.size
            return bool(block.address) or size == 0
        if size == 0:
            self.free(block)
            block.size = 0
            return True
        old_address, old_size = block.address, block.size
        if self.observer is not None:
            self.observer.look()
        address = self.heap.realloc(old_address, size, allow_move=move)
        if self.tape is not None:
            how = _how(old_address, old_size, address, size)
            self._note("realloc", size, address or 0, "nomove" if how == "fail" and not move else how)
        if address is None:
            if move and self.observer is not None:
                self.observer.refused(size)
            return False
        block.address, block.size = address, size
        if self.observer is not None:
            self._resized(self.observer, size, old_size, address if address != old_address else 0)
        return True

    @staticmethod
    def _resized(observer: Observer, size: int, old_size: int, moved_to: int) -> None:
        old, new = blocks_for(old_size) * BLOCK, blocks_for(size) * BLOCK
        if moved_to:
            observer.asked(size, moved_to)
            observer.freed(old)
        elif new > old:
            observer.grown(new - old)
        elif new < old:
            observer.freed(old - new)

    # -- what the course of a run depends on --------------------------------------------------------------------

    def ask(self, question: Question[Answer], *chunks: tuple[int, int]) -> Answer:
        """The answer of this heap; ``chunks`` are address and size of what the question is about.

        Whatever of the heap's state, or of where a chunk is, can reach a value, a size or a branch of the script is
        asked for here.
        """
        answer = question(self.heap, [Extent(int(address), size) for address, size in chunks])
        if self.recorder is not None:
            self.recorder.answered(question, [Extent(*chunk) for chunk in chunks], answer)
        return answer

    def expose(self, address: int) -> int:
        """The address of a chunk, for the script to see (0: it is in ROM)."""
        return self.ask(address_of, (address, 0)) if address else 0

    def point(self, label: str) -> None:
        """Give this moment of the run a name."""
        if self.recorder is not None:
            self.recorder.point(label)

    # -- collecting ---------------------------------------------------------------------------------------------

    def live_bytes(self) -> int:
        """Bytes in use less those of chunks whose owners died: what a collection now would leave.

        Objects that only hold each other count as alive until a collection finds them.
        """
        dead, counted, size = self._dead_counted
        if dead is not self.dead:
            dead, counted, size = self.dead, 0, 0
        for address in islice(dead, counted, None):
            size += self.heap.chunk_blocks(address) * BLOCK
        self._dead_counted = dead, len(dead), size
        return self.heap.used - size

    def collect(self) -> None:
        """``gc.collect()``."""
        observer = self.observer
        if observer is not None:
            observer.look()
            observer.explicit = True
        self.heap.collect()
        if observer is not None:
            observer.explicit = False

    def _collector(self) -> None:
        """Free the chunks whose owners died; finalisers of the dead run first, as ``gc_sweep_run_finalisers`` does."""
        before = self.heap.used
        host_gc.collect()
        while True:
            called = [self.finalisers.pop(address) for address in sorted(self.dead) if address in self.finalisers]
            for finalise in called:
                finalise()
            if not called:
                break
        dead, self.dead = self.dead, []
        if self.behind:
            self.dead = [address for address in dead if address in self.behind]
            dead = [address for address in dead if address not in self.behind]
        self.heap.release(dead)
        if self.observer is not None:
            self.observer.collected(before)

    def _refused(self, kind: str, size: int) -> None:
        self._note(kind, size, 0, "fail")
        if self.observer is not None:
            self.observer.refused(size)

    def _note(self, kind: str, size: int, address: int, how: str) -> None:
        if self.tape is not None:
            place = self.place
            self.tape.append(Request(kind, place.phase, place.line, place.function, size, address, how, self.what))


def _how(old_address: int, old_size: int, address: int | None, size: int) -> str:
    if address is None:
        return "fail"
    if address != old_address:
        return "move"
    old, new = blocks_for(old_size), blocks_for(size)
    return "same" if old == new else "grow" if new > old else "shrink"


__all__ = ["Block", "Chunk", "Memory", "Observer", "Phase", "Place", "PointingBehind", "Request"]
