"""The plan of an arena as plain frozen values. Offsets in the tail count back from the arena's end. Sizes are bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple, StrEnum, dataclass, field

if TYPE_CHECKING:
    from omvsim.provenance import Provenance
    from omvsim.tflm._events import Event, Refusal
    from omvsim.tflm._library import Library


class Status(StrEnum):
    """What the library does with the model when memory is no concern."""

    OK = "ok"
    REFUSED = "refused"
    HANGS = "hangs"
    """``AllocateTensors`` never returns."""
    CRASHES = "crashes"
    """What ``AllocateTensors`` does is undefined."""
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How ``AllocateTensors`` ends in an arena of a given size."""

    OK = "ok"
    ERROR = "error"
    """It returns an error: ``ValueError: Failed to allocate tensors``."""
    HANGS = "hangs"
    """It never returns."""
    UNDEFINED = "undefined"
    """It writes through a null pointer or over live data: anything can follow."""


class BufferKind(StrEnum):
    """What a planned buffer holds."""

    TENSOR = "tensor"
    SCRATCH = "scratch"


class Phase(StrEnum):
    """When something is taken from the tail, in the library's order."""

    CREATE = "create"
    START = "start"
    PARSE = "parse"
    INIT = "init"
    PREPARE = "prepare"
    HANDLES = "handles"
    VARIABLES = "variables"
    INPUTS = "inputs"
    OUTPUTS = "outputs"


class PlannedBuffer(NamedTuple):
    """A buffer in the head; ``first`` and ``last`` are the steps it lives (inclusive), -1 if never used."""

    offset: int
    bytes: int
    """Rounded up to 16."""
    first: int
    last: int
    kind: BufferKind
    subgraph: int
    owner: int
    """Tensor index, or index of the operator that asked for the scratch buffer."""
    offline: bool = False


class TailAllocation(NamedTuple):
    """Something taken from the end of the arena, for good."""

    phase: Phase
    subgraph: int
    operator: int
    """Operator in the phases parse, init and prepare; else -1."""
    bytes: int
    """Bytes of one piece, as asked for."""
    alignment: int
    from_end: int
    """Distance of its first byte from the arena's end (an end that is a multiple of 16)."""
    taken: int
    """Bytes including what alignment cost, of all pieces."""
    what: str
    times: int = 1
    """Equal pieces one below the other. A model may ask for one a row, and say that it has a thousand million rows."""


class ScratchRequest(NamedTuple):
    """A scratch buffer as an operator asked for it (before rounding)."""

    subgraph: int
    operator: int
    bytes: int


class PreparedOperator(NamedTuple):
    """What happened to the arena in one operator's Prepare, in order."""

    subgraph: int
    operator: int
    events: tuple[Event, ...]


class TailRecord(NamedTuple):
    """A piece of the arena's tail that something reads later."""

    tail_offset: int
    """Distance of its first byte from the arena's end."""
    bytes: int
    what: str


class TensorInfo(NamedTuple):
    """An input or output of the model."""

    name: str
    type: int
    """Schema ``TensorType`` number."""
    shape: tuple[int, ...]
    bytes: int
    scale: float
    zero_point: int


@dataclass(frozen=True, slots=True)
class ArenaPlan:
    """What one library does with one model. The figures are 0 and the tuples empty unless ``status`` is ok."""

    library: Library
    status: Status
    provenance: Provenance
    refusal: Refusal | None = None
    """Why the status is not ok."""
    run_fault: Refusal | None = None
    """What ``Invoke`` fails, hangs or crashes at whatever the input, in a model that loads; None if it runs."""
    head_bytes: int = 0
    tail_bytes: int = 0
    buffers: tuple[PlannedBuffer, ...] = ()
    tail: tuple[TailAllocation, ...] = ()
    scratch: tuple[ScratchRequest, ...] = ()
    prepared: tuple[PreparedOperator, ...] = field(default=(), repr=False)
    inputs: tuple[TensorInfo, ...] = ()
    outputs: tuple[TensorInfo, ...] = ()
    destructor_reads: tuple[TailRecord, ...] = field(default=(), repr=False)
    """What ``~MicroInterpreter`` reads: the table of subgraphs, then every node record's registration pointer."""
    tensors: int = 0
    """Tensors of all subgraphs."""
    subgraphs: int = 0
    bound: tuple[int, int] | None = None
    """Lowest and highest ``arena_used_bytes`` where the figure is an estimate."""

    @property
    def arena_used_bytes(self) -> int:
        """What ``MicroInterpreter::arena_used_bytes()`` returns."""
        return self.head_bytes + self.tail_bytes

    @property
    def is_ok(self) -> bool:
        """Whether the library loads the model, memory permitting."""
        return self.status is Status.OK

    def __repr__(self) -> str:
        what = f"{self.arena_used_bytes} bytes" if self.is_ok else str(self.refusal)
        return f"<ArenaPlan {self.library.name}: {self.status}, {what}>"

    def _repr_html_(self) -> str | None:
        """For notebooks."""
        from omvsim.notebook import notebook_html  # noqa: PLC0415 - of use in a notebook only

        return notebook_html(self)


def at_fault(plan: ArenaPlan) -> bool:
    """Whether the library does not take the model in any amount of memory: at load, or when it runs."""
    return not plan.is_ok or plan.run_fault is not None
