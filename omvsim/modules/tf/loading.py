"""``tf.load``: the object, the file, and the library's look at the model in everything that fb_alloc has left.

Sources: openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c`` (``int_py_tf_load``); openmv/tensorflow-lib 738f73e
``libtf.cc`` (``libtf_get_parameters``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceHang
from omvsim.firmware import (
    TF_ARENA_EXTRA,
    TF_MESSAGES,
    TF_NOT_ALLOCATED,
    TF_WRONG_VERSION,
    LoadMode,
    blamed,
    tf_shape_refusal,
)
from omvsim.graph import TFLITE_SCHEMA
from omvsim.heap import BLOCK, FbHint
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.modules.ml.data import FILE_DATA, area_of
from omvsim.modules.ml.files import ModelFiles
from omvsim.modules.ml.loading import refused
from omvsim.modules.tf.model import TfModel
from omvsim.tflm import Outcome, Status, explain_allocation
from omvsim.world.fb_stack import fb_stack, out_of_stack
from omvsim.world.world import ModelState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.firmware import ModelFile
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine


def load(vm: CameraMachine, path: Value, *, to_fb: bool, helping: bool = False) -> TfModel:
    """``int_py_tf_load``; ``helping``: a method was given a path, and everything on fb_alloc is the method's.

    Raises:
        Raised: what the camera raises.
        DeviceCrash: the camera may die here.
    """
    world, stack = vm.world, fb_stack(vm)
    if not helping:
        with out_of_stack(vm):
            stack.mark()
    name = vm.str_of(path)
    if world.collect_before_load:
        vm.memory.collect()
    held = vm.memory.block(world.camera.generation.model_object)
    file, source = vm.part(ModelFiles).find(vm, name, to_fb=to_fb)
    model = TfModel(vm, held.address, file, source)
    held.address = 0
    _read(vm, model, file)
    if not helping:
        message_buffer(vm)
    model.ram = _arena(vm, file)
    world.loaded.append(ModelState(file.path, model.ram, None, "fb_alloc", model.data_address, model.data_area))
    if not helping:
        stack.free()
        if to_fb:
            stack.mark_permanent()
        else:
            stack.free_till_mark()
    return model


def message_buffer(vm: CameraMachine) -> None:
    """``py_tf_alloc_putchar_buffer``: what the library prints goes there."""
    with out_of_stack(vm):
        address = fb_stack(vm).alloc(TF_MESSAGES, FbHint.NO_HINT)
    vm.world.ledger.shown(TF_MESSAGES, address or 0, "fb_alloc", "the library's messages")


def _read(vm: CameraMachine, model: TfModel, file: ModelFile) -> None:
    """The file stays in flash, or is copied to fb_alloc or the heap."""
    if file.mode is LoadMode.ROM:
        return
    size = file.graph.size
    if file.mode is LoadMode.FB:
        with out_of_stack(vm):
            address = fb_stack(vm).alloc(size, FbHint.PREFER_SIZE)
        model.data_address, model.data_area = address, "fb_alloc"
        vm.world.ledger.placed(size, address or 0, "fb_alloc", FILE_DATA)
        return
    with vm.memory.asking_for(FILE_DATA):
        model.data = vm.memory.block(size)
    model.data_address = model.data.address
    model.data_area = area_of(vm, model.data.address)


def _arena(vm: CameraMachine, file: ModelFile) -> int:
    """``libtf_get_parameters`` in all of fb_alloc: bytes that an arena needs."""
    stack = fb_stack(vm)
    with out_of_stack(vm):
        span = stack.alloc_all(FbHint.PREFER_SIZE)
    address = span.address or 0
    vm.world.ledger.placed(span.size, address, "fb_alloc", "sizing arena")
    if file.graph.version != TFLITE_SCHEMA:
        said(vm, TF_WRONG_VERSION)
    allocation = explain_allocation(file.plan, span.size, address % BLOCK)
    refusal = file.plan.refusal
    if allocation.outcome is Outcome.HANGS:
        raise blamed(DeviceHang(allocation.reason), refusal)
    if file.plan.status is Status.UNKNOWN:
        raise Unknown("AllocateTensors", allocation.reason)
    if allocation.outcome is Outcome.UNDEFINED:
        raise DeviceCrash(f"AllocateTensors in the {span.size} bytes of fb_alloc: {allocation.reason}")
    if allocation.outcome is Outcome.ERROR:
        refused(vm, lambda: said(vm, TF_NOT_ALLOCATED), file.plan)
    message = tf_shape_refusal(file.graph)
    if message:
        said(vm, message)
    stack.free()
    return allocation.used_bytes + TF_ARENA_EXTRA


def said(vm: CameraMachine, text: str) -> NoReturn:
    """What the library printed becomes an OSError's text."""
    vm.error(Error.OS, text)


@function("load", 1, None, keywords=True)
def load_function(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``load(path, load_to_fb=False)``."""
    (to_fb,) = vm.parse_keywords(args[1:], kwargs, ("load_to_fb",), 0, 0)
    return load(vm, args[0], to_fb=not isinstance(to_fb, Sentinel) and bool(vm.int_of(to_fb)))


@function("load_builtin_model", 1)
def load_builtin_model(vm: CameraMachine, path: Value) -> Value:
    """Labels and model; a path that is no built-in model's has no labels."""
    model = load(vm, path, to_fb=False)
    labels = vm.new_list(())
    for line in (model.file.labels or ()) if model.file.mode is LoadMode.ROM else ():
        vm.list_append(labels, vm.new_str(line.strip().decode("utf-8", "replace")))
    return vm.new_tuple((labels, model))


@function("free_from_fb", 0)
def free_from_fb(vm: CameraMachine) -> Value:
    """Give back what the last ``load(…, load_to_fb=True)`` left on fb_alloc."""
    fb_stack(vm).free_till_mark_past_permanent()
    return None


__all__ = ["free_from_fb", "load", "load_builtin_model", "load_function", "message_buffer", "said"]
