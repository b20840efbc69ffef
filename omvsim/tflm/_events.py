"""What happens to the arena while operators are prepared, in order, and why a model is turned down."""

from __future__ import annotations

from omvsim.records import NamedTuple, StrEnum, dataclass


@dataclass(frozen=True, slots=True)
class Temp:
    """A ``TfLiteTensor`` in the temporary area, with its quantization structs; lives until the operator ends."""

    tensor: int
    pieces: tuple[tuple[int, int], ...]
    """(bytes, alignment): the struct itself, then the quantization struct and its zero points if there are any."""


@dataclass(frozen=True, slots=True)
class Persist:
    """Bytes an operator takes from the tail, for good; ``times`` pieces of them, one after the other."""

    bytes: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Scratch:
    """A scratch buffer an operator asks for; the planner places it in the head."""

    bytes: int


Event = Temp | Persist | Scratch


class Fault(StrEnum):
    """What goes wrong, in ``AllocateTensors`` or in ``Invoke``."""

    ERROR = "error"
    """The library returns an error, and the script gets an exception."""
    HANGS = "hangs"
    """The library's ``abort``, or a loop without an end: the camera stands still until it is switched off."""
    CRASHES = "crashes"
    """Undefined in C (a null pointer, writing past a buffer): a HardFault, a hang, a wrong result or nothing."""
    UNKNOWN = "unknown"
    """omvsim has no facts."""


class Refusal(NamedTuple):
    """Why ``AllocateTensors`` fails whatever the arena's size, or ``Invoke`` whatever the input."""

    reason: str
    """In the user's terms, one clause."""
    operator: str = ""
    """Operator at fault (``DEPTHWISE_CONV_2D``), empty if no single one is."""
    subgraph: int = 0
    operator_index: int = -1
    library_message: str = ""
    """What the library's own log says, line by line (the release on the camera prints nothing)."""
    fault: Fault = Fault.ERROR
    remedy: str = ""
    """What to change in the model, where that is known."""

    def __str__(self) -> str:
        where = f"operator {self.operator_index} ({self.operator}): " if self.operator else ""
        return where + self.reason


class RefusedError(Exception):
    """The library gets no further: ``refusal`` says why, and what becomes of the camera."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
