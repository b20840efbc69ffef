"""What ``AllocateTensors`` does in an arena of a given size: every check the library makes, and those it does not.

The tail grows down from the arena's end; the head holds the table of scratch requests and, above it, temporaries.
Sources: tflite-micro a57349f0, ``micro/micro_allocator.cc``,
``micro/arena_allocator/single_arena_buffer_allocator.cc``, ``micro/memory_planner/greedy_memory_planner.cc``;
facts: tflm-arena section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.records import NamedTuple, dataclass, field
from omvsim.tflm import _abi
from omvsim.tflm._abi import ARENA_ALIGNMENT, MAX_SCRATCH_PER_OPERATOR, PLANNER_ENTRY_BYTES
from omvsim.tflm._events import Persist, Scratch, Temp
from omvsim.tflm._types import ArenaPlan, Outcome, Phase, Status, TailAllocation
from omvsim.units import align_down, align_up

if TYPE_CHECKING:
    from collections.abc import Iterable

_WITHOUT_PLAN = {
    Status.REFUSED: Outcome.ERROR,
    Status.HANGS: Outcome.HANGS,
    Status.CRASHES: Outcome.UNDEFINED,
    Status.UNKNOWN: Outcome.UNDEFINED,
}
_BASE = 0x2000_0000
_UNLIMITED = 1 << 40
_CHECKED = {Phase.START, Phase.PARSE, Phase.VARIABLES, Phase.INPUTS, Phase.OUTPUTS}
"""Phases whose allocations are checked for null (an error); elsewhere the null pointer is written through."""


class Allocation(NamedTuple):
    """How ``AllocateTensors`` ended in one arena."""

    outcome: Outcome
    reason: str
    """What ran out first; empty if all went well."""
    peak_bytes: int
    """Most bytes in use at once, both ends together; with ``ok``, a smaller arena fails."""
    used_bytes: int
    """``arena_used_bytes`` after success; differs from the plan's if the arena's end is not a multiple of 16."""


class _Stop(Exception):
    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def allocate(plan: ArenaPlan, arena_bytes: int, arena_address_mod16: int = 0) -> Outcome:
    """How ``AllocateTensors`` ends in an arena of ``arena_bytes`` at an address with that remainder modulo 16."""
    return explain_allocation(plan, arena_bytes, arena_address_mod16).outcome


def explain_allocation(plan: ArenaPlan, arena_bytes: int, arena_address_mod16: int = 0) -> Allocation:
    """As :func:`allocate`, with the reason and the peak.

    A model the library refuses ends in an error at best; one it does not know about, in something undefined.
    """
    if plan.status is not Status.OK:
        return Allocation(_WITHOUT_PLAN[plan.status], str(plan.refusal), 0, 0)
    known = _known(plan)
    if arena_address_mod16 == 0 and arena_bytes % ARENA_ALIGNMENT == 0 and arena_bytes >= known.unlimited.peak_bytes:
        return known.unlimited  # nothing depends on how much more there is
    key = (arena_bytes, arena_address_mod16)
    if key not in known.by_size:
        if len(known.by_size) >= _MOST_SIZES:
            known.by_size.clear()
        known.by_size[key] = _run(plan, arena_bytes, arena_address_mod16)
    return known.by_size[key]


@dataclass(slots=True)
class _Known:
    """What was found out about a plan. It keeps the plan, so that its identity stays its own."""

    plan: ArenaPlan
    unlimited: Allocation
    by_size: dict[tuple[int, int], Allocation] = field(default_factory=dict)


_MOST_PLANS, _MOST_SIZES = 64, 8192
_plans: dict[int, _Known] = {}


def _known(plan: ArenaPlan) -> _Known:
    """By identity: a plan's own hash would walk every one of its values."""
    found = _plans.get(id(plan))
    if found is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        found = _plans[id(plan)] = _Known(plan, _run(plan, _UNLIMITED, 0))
    return found


def _run(plan: ArenaPlan, arena_bytes: int, arena_address_mod16: int) -> Allocation:
    arena = _Arena(plan, _BASE + arena_address_mod16, arena_bytes)
    outcome, reason = Outcome.OK, ""
    try:
        arena.run()
    except _Stop as stop:
        outcome, reason = stop.outcome, str(stop)
    used = arena.end - arena.tail + plan.head_bytes if outcome is Outcome.OK else 0
    return Allocation(outcome, reason, arena.peak, used)


def second_allocation(plan: ArenaPlan, arena_bytes: int) -> Outcome:
    """How the second ``AllocateTensors`` ends, the one in the arena sized by the first (``model.ram`` bytes)."""
    return allocate(plan, arena_bytes)


def minimum_arena(plan: ArenaPlan) -> int | None:
    """Bytes of the smallest arena, a multiple of 16, in which ``AllocateTensors`` succeeds; None if it never does."""
    if not plan.is_ok:
        return None
    return align_up(_known(plan).unlimited.peak_bytes, ARENA_ALIGNMENT)


class _Arena:
    """Addresses of one arena while ``AllocateTensors`` runs."""

    def __init__(self, plan: ArenaPlan, start: int, size: int) -> None:
        self.plan = plan
        self.abi = plan.library.abi
        self.base = align_up(start, ARENA_ALIGNMENT)
        self.end = start + size
        self.head = self.temp = self.base
        self.tail = self.end
        self.peak = 0
        self._request_bytes = self.abi.sizeof(plan.library.runtime.scratch_request)

    def run(self) -> None:
        by_phase: dict[Phase, list[TailAllocation]] = {phase: [] for phase in Phase}
        for piece in self.plan.tail:
            by_phase[piece.phase].append(piece)
        self._persist_all(by_phase[Phase.CREATE])
        start = iter(by_phase[Phase.START])
        if self.plan.library.runtime.builtin_data_allocator:
            # Built in place without a look at the pointer.
            self._persist(next(start), Outcome.UNDEFINED)
        self._resize_head(self._request_bytes * MAX_SCRATCH_PER_OPERATOR, "the table of scratch requests")
        self._persist_all(start)
        self._persist_all(by_phase[Phase.PARSE])
        self._persist_all(by_phase[Phase.INIT])
        self._prepare(by_phase[Phase.PREPARE])
        self._persist_all(by_phase[Phase.HANDLES])
        older = self.plan.library.runtime.lifetimes_by_operator
        self._plan_memory([] if older else by_phase[Phase.VARIABLES])
        if older:
            self._persist_all(by_phase[Phase.VARIABLES])
        self._persist_all(by_phase[Phase.INPUTS])
        self._persist_all(by_phase[Phase.OUTPUTS])

    # -- the tail ---------------------------------------------------------------------------------------------------

    def _persist_all(self, pieces: Iterable[TailAllocation]) -> None:
        for piece in pieces:
            self._persist(piece, Outcome.ERROR if piece.phase in _CHECKED else Outcome.UNDEFINED)

    def _persist(self, piece: TailAllocation, without_room: Outcome) -> None:
        address = align_down(self.tail - piece.bytes, piece.alignment)
        address -= (piece.times - 1) * align_up(piece.bytes, piece.alignment)
        self.peak = max(self.peak, self.end - address + self.temp - self.base)
        if address < self.head:
            times = "" if piece.times == 1 else f"{piece.times} times "
            self._fail(without_room, f"{times}{piece.bytes} bytes for {piece.what}")
        self.tail = address
        if self.temp > self.tail:
            self._fail(Outcome.UNDEFINED, f"{piece.what}, which overlaps temporary tensors in use")

    # -- the head ---------------------------------------------------------------------------------------------------

    def _resize_head(self, size: int, what: str) -> None:
        if self._head_fits(size):
            self.head = self.temp = self.base + size
        else:
            self._fail(Outcome.ERROR, f"{size} bytes for {what}")

    def _head_fits(self, size: int) -> bool:
        self.peak = max(self.peak, self.end - self.tail + size)
        return self.tail - self.base >= size

    def _take_temp(self, size: int, alignment: int, without_room: Outcome, what: str) -> None:
        address = align_up(self.temp, alignment)
        self.peak = max(self.peak, self.end - self.tail + address + size - self.base)
        if self.tail - address < size:
            self._fail(without_room, f"{size} bytes for {what}")
        self.temp = address + size

    # -- the steps --------------------------------------------------------------------------------------------------

    def _prepare(self, pieces: list[TailAllocation]) -> None:
        requests = 0
        persistents = iter(pieces)
        for operator in self.plan.prepared:
            for event in operator.events:
                if isinstance(event, Temp):
                    self._take_tensor(event)
                elif isinstance(event, Persist):
                    self._persist(next(persistents), Outcome.UNDEFINED)
                elif isinstance(event, Scratch):
                    requests += 1
            self.temp = self.head
            # The library ignores it when the table of requests cannot grow.
            table = self._request_bytes * (requests + MAX_SCRATCH_PER_OPERATOR)
            if self._head_fits(table):
                self.head = self.temp = self.base + table

    def _take_tensor(self, event: Temp) -> None:
        """The struct is used without a look at the pointer; the quantization structs are checked."""
        what = f"temporary tensor {event.tensor}"
        (size, alignment), *quantization = event.pieces
        self._take_temp(size, alignment, Outcome.UNDEFINED, what)
        for size, alignment in quantization:
            self._take_temp(size, alignment, Outcome.ERROR, f"the quantization of {what}")

    def _plan_memory(self, variables: list[TailAllocation]) -> None:
        plan = self.plan
        entries = plan.tensors + len(plan.scratch)
        info = (self.abi.sizeof(_abi.ALLOCATION_INFO), self.abi.alignof(_abi.ALLOCATION_INFO))
        if plan.library.runtime.subgraph_table:
            self._take_temp(
                self.abi.pointer * plan.subgraphs, self.abi.pointer, Outcome.ERROR, "the subgraphs' offsets"
            )
        self._take_temp(info[0] * entries, info[1], Outcome.ERROR, "the lifetimes of all tensors")
        held, self.temp = self.temp, self.head
        # Variables are checked against the head only, and what they overlap is filled in after them.
        self._persist_all(variables)
        self.temp = held
        room = align_down(self.tail, ARENA_ALIGNMENT) - align_up(self.temp, ARENA_ALIGNMENT)
        need = PLANNER_ENTRY_BYTES * len(plan.buffers)
        padding = (
            (self.tail - align_down(self.tail, ARENA_ALIGNMENT)) + align_up(self.temp, ARENA_ALIGNMENT) - self.temp
        )
        self.peak = max(self.peak, self.end - self.tail + self.temp - self.base + padding + need)
        if room < 0:
            self._fail(Outcome.UNDEFINED, "the planner: the room left for it is negative and wraps around")
        if room // PLANNER_ENTRY_BYTES < len(plan.buffers):
            self._fail(Outcome.ERROR, f"the planner's {need} bytes for {len(plan.buffers)} buffers")
        self.head = self.temp = self.base
        self._resize_head(plan.head_bytes, "the planned buffers")

    @staticmethod
    def _fail(outcome: Outcome, what: str) -> NoReturn:
        raise _Stop(
            outcome, f"no room for {what}" if outcome is not Outcome.UNDEFINED else f"unchecked: no room for {what}"
        )
