"""Loading: the C object, the file, the throw-away interpreter that sizes the arena, the real one, the descriptions.

Sources: openmv/openmv v4.8.1 ``modules/py_ml.c`` (``py_ml_model_make_new``) and ``lib/tflm/tflm_backend.cc``
(``ml_backend_init_model``); what differs by release is in :mod:`omvsim.firmware`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.errors import DeviceCrash, DeviceHang, UseAfterFree
from omvsim.firmware import BACKEND_STATE, INTERPRETER, OP_RESOLVER, LoadMode, blamed, crash_zone
from omvsim.graph import TFLITE_SCHEMA
from omvsim.heap import BLOCK, FbHint
from omvsim.memory import sizes
from omvsim.micropython.errors import Raised, Unknown
from omvsim.modules.ml.data import area_of, read_data
from omvsim.modules.ml.tensors import TFLITE_NUMBERS, code_of, is_supported, scale_of, zero_point_of
from omvsim.modules.ml.timing import pass_load
from omvsim.records import NamedTuple, dataclass
from omvsim.tflm import Outcome, Status, allocate, explain_allocation
from omvsim.units import align_up
from omvsim.verdict import Verdict
from omvsim.world.fb_stack import fb_stack, out_of_stack
from omvsim.world.world import Explained, ModelState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.firmware import ModelFile
    from omvsim.graph import Tensor
    from omvsim.heap import GcHeap
    from omvsim.memory.questions import Extent
    from omvsim.memory.requests import Block
    from omvsim.micropython.types.tuple_ import Tuple
    from omvsim.micropython.values import Value
    from omvsim.modules.ml.model import ModelObject
    from omvsim.tflm import ArenaPlan, Refusal
    from omvsim.world.world import CameraMachine

NOT_ALLOCATED: Final = "Failed to allocate tensors"
DESCRIPTIONS: Final = ("shape", "scale", "zero_point", "dtype")


class Taken(NamedTuple):
    """A chunk as the crash zones look at it."""

    address: int
    size: int
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """How ``AllocateTensors`` ends in the chunk asked about, as far as the run can tell."""

    plan: ArenaPlan

    def __call__(self, _heap: GcHeap, chunks: Sequence[Extent]) -> str | tuple[str, int]:
        """The outcome, with the size where the text of what follows has it."""
        size = chunks[0].size
        outcome = allocate(self.plan, size)
        told = outcome in (Outcome.OK, Outcome.ERROR) or self.plan.status in (Status.HANGS, Status.UNKNOWN)
        return str(outcome) if told else (str(outcome), size)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """Whether the destructor of the throw-away interpreter reads what was overwritten: the freed arena comes first,
    then what was allocated since, by the names ``whats``."""

    plan: ArenaPlan
    whats: tuple[str, ...]

    def __call__(self, _heap: GcHeap, chunks: Sequence[Extent]) -> str | None:
        """Why, in words, or None."""
        freed, *since = chunks
        end = freed.address + freed.size
        start = end - max((record.tail_offset for record in self.plan.destructor_reads), default=0)
        taken = [
            Taken(address, size, what)
            for (address, size), what in zip(since, self.whats, strict=True)
            if address < end and address + align_up(size, BLOCK) > start
        ]
        overlap = crash_zone(self.plan, freed, taken)
        return None if overlap is None else str(overlap)


def load(vm: CameraMachine, model: ModelObject, file: ModelFile) -> None:
    """Fill a new object.

    Raises:
        Raised: what the camera raises.
        DeviceCrash: the camera may die here.
    """
    world = vm.world
    generation, rule = world.camera.generation, world.board.release.arena
    read_data(vm, model, file)
    if file.graph.version != TFLITE_SCHEMA:
        vm.raise_value("Unsupported model schema")
    arena_bytes, freed = _size_arena(vm, file)
    if generation.describes_first:
        describe(vm, model)
    memory = vm.memory
    with memory.asking_for("backend state"):
        model.state.append(memory.block(BACKEND_STATE))
    # The allocator object inside the arena keeps the arena's end (SingleArenaBufferAllocator::buffer_tail_).
    with memory.asking_for("tensor arena"):
        model.arena = memory.block(arena_bytes + rule.pad) if rule.pad else memory.pointing_behind(arena_bytes)
    model.ram, model.arena_area = arena_bytes, area_of(vm, model.arena.address)
    with memory.asking_for("op resolver"):
        model.state.append(memory.block(OP_RESOLVER))
    with memory.asking_for("interpreter"):
        model.state.append(memory.block(INTERPRETER))
    _check(vm, file.plan, arena_bytes, 0, "the second AllocateTensors, in")
    if not generation.describes_first:
        describe(vm, model)
    world.loaded.append(
        ModelState(
            file.path, model.ram, int(model.arena.address), model.arena_area, data_address(model), model.data_area
        )
    )
    if freed is not None:
        _look_for_overlap(vm, file.plan, freed, _since(model))


def data_address(model: ModelObject) -> int | None:
    """Where the file's bytes are; None in ROM, where the place is not computed."""
    return None if model.file.mode is LoadMode.ROM else model.data_address


def _look_for_overlap(vm: CameraMachine, plan: ArenaPlan, freed: tuple[int, int], since: list[Taken]) -> None:
    question = Zone(plan, tuple(taken.what for taken in since))
    zone = vm.memory.ask(question, freed, *((taken.address, taken.size) for taken in since))
    overlap = None if zone is None else crash_zone(plan, freed, since)
    if overlap is not None:
        raise UseAfterFree(overlap)


def _since(model: ModelObject) -> list[Taken]:
    """What was allocated since the throw-away arena was freed, or before."""
    state, resolver, interpreter = model.state
    named: list[tuple[Block | None, str]] = [
        (model.arena, "tensor arena"),
        (resolver, "op resolver"),
        (interpreter, "interpreter"),
        (model.data, "model file data"),
        (state, "backend state"),
    ]
    taken = [Taken(block.address, block.size, what) for block, what in named if block is not None]
    for name, made in model.described.items():
        taken.append(Taken(made.address, sizes.TUPLE + sizes.WORD * len(made.items), name))
    return taken


# -- the arena ---------------------------------------------------------------------------------------------------------


def _size_arena(vm: CameraMachine, file: ModelFile) -> tuple[int, tuple[int, int] | None]:
    """``model.ram``, and address and size of the run of the heap that was used for it and freed again."""
    rule = vm.world.board.release.arena
    freed = None
    if rule.sizing == "fb_alloc":
        used = _size_on_fb_alloc(vm, file)
    else:
        # When AllocateTensors fails here the exception jumps over the free: the run is taken until a collection.
        with vm.memory.asking_for("sizing arena"):
            run = vm.memory.longest_block()
        size, freed = run.size, (run.address, run.size)
        if vm.memory.ask(Fits(file.plan), freed) == str(Outcome.OK):
            used = file.plan.arena_used_bytes
        else:
            used = _check(vm, file.plan, size, 0, "AllocateTensors in the sizing arena of")
        vm.memory.free(run)
        pass_load(vm, size, area_of(vm, freed[0]), copied=0 if file.mode is LoadMode.ROM else file.graph.size)
    return align_up(used, rule.align) + rule.extra, freed


def _size_on_fb_alloc(vm: CameraMachine, file: ModelFile) -> int:
    """Up to 4.5.8: in everything that fb_alloc has left."""
    world, stack = vm.world, fb_stack(vm)
    with out_of_stack(vm):
        stack.mark()
        span = stack.alloc_all(FbHint.PREFER_SIZE | FbHint.CACHE_ALIGN)
    address = span.address or 0
    world.ledger.placed(span.size, address, "fb_alloc", "sizing arena")
    used = _check(vm, file.plan, span.size, address % BLOCK, "AllocateTensors in the sizing arena of")
    pass_load(vm, span.size, "fb_alloc", copied=file.graph.size)
    stack.free_till_mark()
    return used


def _check(vm: CameraMachine, plan: ArenaPlan, size: int, address_mod16: int, where: str) -> int:
    """``AllocateTensors`` in so many bytes: bytes used."""
    if not address_mod16 and allocate(plan, size) is Outcome.OK:
        return plan.arena_used_bytes
    allocation = explain_allocation(plan, size, address_mod16)
    if allocation.outcome is Outcome.HANGS:
        raise blamed(DeviceHang(allocation.reason), plan.refusal)
    if plan.status is Status.UNKNOWN:
        raise Unknown("AllocateTensors", allocation.reason)
    if allocation.outcome is Outcome.UNDEFINED:
        raise DeviceCrash(f"{where} {size} bytes: {allocation.reason}")
    if allocation.outcome is Outcome.ERROR:
        refused(vm, lambda: vm.raise_value(NOT_ALLOCATED), plan)
    return allocation.used_bytes


def refused(vm: CameraMachine, failing: Callable[[], NoReturn], plan: ArenaPlan) -> NoReturn:
    """Raise what ``failing`` raises where the library did not allocate, and remember what it says of it."""
    verdict = Verdict.REFUSED if plan.status is Status.REFUSED else None
    explained(vm, failing, plan.refusal, verdict)


def explained(
    vm: CameraMachine, failing: Callable[[], NoReturn], why: Refusal | None, verdict: Verdict | None = None
) -> NoReturn:
    """Raise what ``failing`` raises and remember why, in the user's terms."""
    try:
        failing()
    except Raised as raised:
        error = raised.value
    said = ("", "", "") if why is None else (str(why), why.remedy, why.library_message)
    vm.world.explained = Explained(error.address, *said, verdict)
    raise Raised(error)


# -- descriptions ------------------------------------------------------------------------------------------------------


def describe(vm: CameraMachine, model: ModelObject) -> None:
    """Shapes, scales, zero points, dtypes of the inputs, then of the outputs: each tuple is made before its items."""
    for kind, buffers in (("input", model.inputs), ("output", model.outputs)):
        made: list[Tuple] = []
        for name in DESCRIPTIONS:
            empty = vm.new_tuple([None] * len(buffers))
            model.described[f"{kind}_{name}"] = empty
            made.append(empty)
        for at, buffer in enumerate(buffers):
            _check_type(vm, kind, buffer.tensor)
            _describe(vm, made, at, buffer.tensor)


def _describe(vm: CameraMachine, made: list[Tuple], at: int, tensor: Tensor) -> None:
    _put(made[0], at, vm.new_tuple([int(length) for length in tensor.shape]))
    _put(made[1], at, vm.new_float(scale_of(tensor)))
    _put(made[2], at, zero_point_of(tensor))
    _put(made[3], at, code_of(tensor))


def _put(made: Tuple, at: int, value: Value) -> None:
    made.items = (*made.items[:at], value, *made.items[at + 1 :])


def _check_type(vm: CameraMachine, kind: str, tensor: Tensor) -> None:
    if not is_supported(tensor):
        number = TFLITE_NUMBERS.get(int(tensor.type), int(tensor.type))
        vm.raise_value(f"Unsupported {kind} data type %d", number)


__all__ = ["NOT_ALLOCATED", "describe", "explained", "load", "refused"]
