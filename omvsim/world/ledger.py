"""What a run asked of the heap, written down as it happens: by source line, by frame, and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import MomentKind
from omvsim.heap import BLOCK
from omvsim.memory.requests import Phase
from omvsim.micropython.errors import Raised
from omvsim.records import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from omvsim.firmware import Watcher
    from omvsim.memory.requests import Memory


@dataclass(slots=True)
class LineCost:
    """What one line of the script asked of the heap. Bytes are whole blocks but for ``asked``."""

    allocations: int = 0
    asked: int = 0
    bytes: int = 0
    freed: int = 0
    grown: int = 0
    largest: int = 0
    high_water: int = 0


class CollectionEvent(NamedTuple):
    """A collection: the line that ran into it, bytes used before and after."""

    line: int
    before: int
    after: int
    automatic: bool
    allocations: int
    """Allocations of the whole run before it."""


class RefusedEvent(NamedTuple):
    """A request without room."""

    line: int
    bytes: int
    what: str
    longest_free: int
    free: int


@dataclass(frozen=True, slots=True)
class Fatal:
    """The request behind the last MemoryError of the heap, and that error's address: what its message asks for, where
    there is room for it, comes later and may be refused as well."""

    event: RefusedEvent | None = None
    error: int = -1


class Placed(NamedTuple):
    """Something that was placed outside the GC heap: frame buffer, fb_alloc, a pool."""

    line: int
    bytes: int
    address: int
    area: str
    owner: str


class Books(NamedTuple):
    """Totals since power-up at one moment; what is counted is the script's, not what ``gc_info()`` says."""

    used: int
    allocations: int
    bytes: int
    freed: int
    grown: int
    """What chunks grew by in place; no request of the allocator's was placed for it, so ``bytes`` is without."""
    asked: int
    collections: int
    live: int
    """Bytes that a collection would leave."""


class Frame(NamedTuple):
    """One picture's turn: the books before and after it, and the largest request in it."""

    start: Books
    end: Books
    largest: int

    @property
    def allocations(self) -> int:
        """Requests."""
        return self.end.allocations - self.start.allocations

    @property
    def bytes(self) -> int:
        """Bytes of whole blocks of what was placed."""
        return self.end.bytes - self.start.bytes

    @property
    def grown(self) -> int:
        """Bytes of whole blocks that chunks grew by in place."""
        return self.end.grown - self.start.grown

    @property
    def freed(self) -> int:
        """Bytes freed explicitly."""
        return self.end.freed - self.start.freed

    @property
    def collections(self) -> int:
        """Collections that ran."""
        return self.end.collections - self.start.collections

    @property
    def left(self) -> int:
        """Bytes left in use: placed and grown, less freed."""
        return self.bytes + self.grown - self.freed

    @property
    def held(self) -> int:
        """Bytes that the script holds more than before; fewer, if it let go of something."""
        return self.end.live - self.start.live

    @property
    def garbage(self) -> int:
        """Bytes left behind for a collection: what the frame left, and what had been held before and died in it."""
        return self.left - self.held


class Ledger:
    """Observer of a run's memory (:class:`omvsim.memory.requests.Observer`)."""

    def __init__(self, memory: Memory, watcher: Watcher | None = None, lines: Sequence[str] = ()) -> None:
        self.memory = memory
        self.watcher = watcher
        self.source = lines
        """The script, a text a line."""
        self.lines: dict[int, LineCost] = {}
        self.collections: list[CollectionEvent] = []
        self.refused_requests: list[RefusedEvent] = []
        self.fatal = Fatal()
        self.placed_outside: list[Placed] = []
        self.high_water = 0
        self.largest = 0
        """The largest request since somebody set it back to 0."""
        self.largest_since_mark = 0
        """The same for marks of the measuring firmware."""
        self.allocations = self.asked_bytes = self.bytes = self.freed_bytes = self.grown_bytes = 0
        self.on_collected: Callable[[int], None] = lambda _used: None
        """Told of the bytes that a collection left."""
        self.explicit = False
        """Set by ``gc.collect()`` while it collects."""

    def now(self) -> Books:
        """The books now."""
        return Books(
            self.memory.heap.used,
            self.allocations,
            self.bytes,
            self.freed_bytes,
            self.grown_bytes,
            self.asked_bytes,
            len(self.collections),
            self.memory.live_bytes(),
        )

    def _cost(self) -> LineCost:
        place = self.memory.place
        line = place.line if place.phase is Phase.RUN else 0
        cost = self.lines.get(line)
        if cost is None:
            cost = self.lines[line] = LineCost()
        return cost

    # -- observer -----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Books are kept afterwards."""

    def asked(self, size: int, address: int) -> None:
        """A chunk of ``size`` bytes was allocated, or moved there."""
        whole = -(-size // BLOCK) * BLOCK
        cost, used = self._cost(), self.memory.heap.used
        self.allocations += 1
        self.asked_bytes += size
        self.bytes += whole
        cost.allocations += 1
        cost.asked += size
        cost.bytes += whole
        # Asked for with every request: max() would take four times as long.
        if size > self.largest:  # noqa: PLR1730
            self.largest = size
        if size > self.largest_since_mark:  # noqa: PLR1730
            self.largest_since_mark = size
        if size > cost.largest:  # noqa: PLR1730
            cost.largest = size
        if used > cost.high_water:  # noqa: PLR1730
            cost.high_water = used
        if used > self.high_water:  # noqa: PLR1730
            self.high_water = used
        if self.watcher is not None and self.memory.what:
            self.watcher.placed(size, address, "", self.memory.what)

    def grown(self, size: int) -> None:
        """A chunk grew in place by ``size`` bytes of whole blocks."""
        cost, used = self._cost(), self.memory.heap.used
        self.grown_bytes += size
        cost.grown += size
        cost.high_water = max(cost.high_water, used)
        self.high_water = max(self.high_water, used)

    def freed(self, size: int) -> None:
        """``size`` bytes of whole blocks were freed explicitly."""
        self.freed_bytes += size
        self._cost().freed += size

    def refused(self, size: int) -> None:
        """A request found no room."""
        heap = self.memory.heap
        place = self.memory.place
        self.refused_requests.append(
            RefusedEvent(place.line, size, self._purpose(), heap.max_free() * BLOCK, heap.free_bytes)
        )
        self.saw(MomentKind.REFUSAL, self._purpose())

    def _purpose(self) -> str:
        """What the present request is for, or else the text of the line that makes it."""
        place = self.memory.place
        if self.memory.what or not 0 < place.line <= len(self.source):
            return self.memory.what or place.function
        return code_of(self.source[place.line - 1])

    def watching(self, fail: Callable[[int], NoReturn]) -> Callable[[int], NoReturn]:
        """``fail`` of the memory, which writes down what it was called for."""

        def failing(size: int) -> NoReturn:
            event = self.refused_requests[-1] if self.refused_requests else None
            try:
                fail(size)
            except Raised as raised:
                self.fatal = Fatal(event, raised.value.address)
                raise

        return failing

    def collected(self, before: int) -> None:
        """A collection ran; ``before`` bytes were in use."""
        used = self.memory.heap.used
        line = self.memory.place.line
        self.collections.append(CollectionEvent(line, before, used, not self.explicit, self.allocations))
        self.saw(MomentKind.COLLECTION, "gc.collect()" if self.explicit else "automatic")
        self.on_collected(used)

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Something was placed outside the GC heap."""
        self.placed_outside.append(Placed(self.memory.place.line, size, address, area, owner))
        self.shown(size, address, area, owner)

    def shown(self, size: int, address: int, area: str, owner: str) -> None:
        """A watcher is told whom it is for; the books do not list it."""
        if self.watcher is not None:
            self.watcher.placed(size, address, area, owner)

    # -- whoever looks on ---------------------------------------------------------------------------------------

    def saw(self, kind: MomentKind, label: str) -> None:
        """Something happened that a watcher may want to look at."""
        if self.watcher is not None:
            self.watcher.saw(kind, label, self.memory.place.line)


def code_of(line: str) -> str:
    """A line without its comment; a ``#`` inside a text stays."""
    quote = ""
    for at, character in enumerate(line):
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        elif not quote and character == "#":
            return line[:at].strip()
    return line.strip()


__all__ = ["Books", "CollectionEvent", "Fatal", "Frame", "Ledger", "LineCost", "Placed", "RefusedEvent", "code_of"]
