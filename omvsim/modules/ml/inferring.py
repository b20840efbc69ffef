"""``Invoke``: what a model that loads and does not run does; its outputs, and its time on the camera's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.errors import DeviceCrash, DeviceHang
from omvsim.firmware import blamed
from omvsim.later import np
from omvsim.modules.ml.files import ModelFiles
from omvsim.modules.ml.loading import explained
from omvsim.modules.ml.timing import pass_inference
from omvsim.tflm import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import NoReturn

    from omvsim.firmware import ModelFile
    from omvsim.modules.ml.tensors import Buffer
    from omvsim.world.world import CameraMachine


class Loaded(Protocol):
    """A model with its tensors on the host, and the names of the areas that arena and weights are in."""

    file: ModelFile
    source: Path
    ram: int
    inputs: list[Buffer]
    outputs: list[Buffer]
    arena_area: str
    data_area: str


def check_held(model: Loaded, buffers: Iterable[Buffer]) -> None:
    """A tensor of the module's shape may be larger than what was allocated for it: its size has wrapped around 32 bits.

    Raises:
        DeviceCrash: it reaches beyond the arena and the model file, wherever it is.
    """
    room = model.ram + model.file.graph.size
    for buffer in buffers:
        if buffer.bytes > room:
            fault = model.file.plan.run_fault
            if fault is not None and fault.fault is Fault.CRASHES:
                raise blamed(DeviceCrash(str(fault)), fault)
            name = buffer.tensor.name or "a tensor"
            raise DeviceCrash(f"{name} is larger than arena and model file together: it reaches beyond what is its own")


def infer(vm: CameraMachine, model: Loaded, fails: Callable[[], NoReturn]) -> None:
    """Run it; ``fails`` raises what the module raises where an operator refuses.

    Raises:
        Raised: by ``fails``.
        DeviceCrash: the camera may die here, or hangs.
    """
    fault = model.file.plan.run_fault
    if fault is not None and fault.fault is Fault.UNKNOWN:
        _unknown(vm, str(fault))
    elif fault is not None:
        if fault.fault is Fault.HANGS:
            raise blamed(DeviceHang(str(fault)), fault)
        if fault.fault is Fault.CRASHES:
            raise blamed(DeviceCrash(str(fault)), fault)
        explained(vm, fails, fault)
    check_held(model, model.outputs)
    vm.before_event(False)
    world = vm.world
    world.inferences += 1
    world.worked_on = True
    known = world.computed.get(model.file.path)
    if known is not None:
        _put(model, known)
    elif not world.only_memory:
        _compute(vm, model)
    pass_inference(vm, model)
    vm.event(picture=False)


def _compute(vm: CameraMachine, model: Loaded) -> None:
    runtime = vm.part(ModelFiles).inferences(vm, model.source, model.file.graph)
    if runtime is not None:
        _put(model, runtime.run([buffer.values.copy() for buffer in model.inputs]))


def _put(model: Loaded, results: Sequence[object]) -> None:
    for buffer, result in zip(model.outputs, results, strict=True):
        buffer.put(np.asarray(result))


def _unknown(vm: CameraMachine, what: str) -> None:
    """Nobody knows whether it runs: the script goes on as if it did, and its end is not known."""
    if what not in [known for known, _ in vm.world.unmodelled]:
        vm.world.unmodelled.append((what, vm.memory.place.line))


__all__ = ["Loaded", "check_held", "infer"]
