"""What every backend looks like from outside: plain values and two protocols, no type of any runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor as the runtime sees it; ``shape`` is resolved as far as the runtime has resolved it."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    """numpy's name of the element type, e.g. ``int8``."""
    scales: tuple[float, ...] = ()
    zero_points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorInfo:
    """One operator of the main subgraph in execution order; tensor indices as in the file."""

    index: int
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


class Interpreter(Protocol):
    """A model that is ready to run."""

    @property
    def backend(self) -> str:
        """Name of the backend that runs it."""

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """The tensors to feed, in the model's order."""

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """The tensors handed out, in the model's order."""

    def tensor(self, index: int) -> TensorInfo:
        """One tensor of the main subgraph, with the shape of the last inference where that is dynamic."""

    @property
    def operators(self) -> tuple[OperatorInfo, ...]:
        """The model's own operators: entries that a delegate adds to the runtime's list are left out."""

    def run(self, inputs: Sequence[Array]) -> tuple[Array, ...]:
        """Run one inference; the outputs are copies, bit for bit what a direct call of the runtime gives."""

    def values(self, index: int) -> Array:
        """The values of any tensor in the last inference, intermediate ones too (see ``docs/runtime.md``)."""


class Backend(Protocol):
    """A TFLite runtime that is installed and works."""

    @property
    def name(self) -> str:
        """The distribution's name, e.g. ``tflite-runtime``."""

    @property
    def version(self) -> str:
        """The distribution's version."""

    def open(self, model: bytes, *, source: str = "model", options: Mapping[str, Any] | None = None) -> Interpreter:
        """Load ``model`` and allocate its tensors.

        ``options`` go to the runtime's own constructor unchanged (``num_threads`` and the like), but for
        ``reference_kernels``: true asks for the plain kernels, which round as the camera's do.

        Raises:
            RefusedError: the runtime does not take the model; the message names ``source`` and its reason.
        """
