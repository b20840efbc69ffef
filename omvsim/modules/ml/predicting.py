"""``predict``: the inputs, the inference, the outputs, the callback (openmv/openmv, ``modules/py_ml.c``)."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Any, Final

from omvsim.firmware import MAX_DIMENSIONS
from omvsim.later import later, np
from omvsim.memory import sizes
from omvsim.micropython.attributes import is_callable
from omvsim.micropython.errors import Fault as HardFault
from omvsim.micropython.types.array_ import BYTEARRAY_CODE, ByteArray
from omvsim.micropython.types.list_ import List
from omvsim.micropython.values import Sentinel
from omvsim.modules.ml.inferring import check_held, infer
from omvsim.modules.ml.tensors import code_of, dtype_char, host_type, scale_of, tensor_info, zero_point_of
from omvsim.modules.ml.timing import pass_input, pass_output
from omvsim.numerals.single import single
from omvsim.ulab.layout import FLOAT
from omvsim.ulab.making import fill, new_dense, new_on
from omvsim.ulab.ndarray import NdArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim import runtime
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.modules.ml.model import ModelObject
    from omvsim.modules.ml.tensors import Buffer
    from omvsim.world.world import CameraMachine
else:
    (runtime,) = later("omvsim", "runtime")


IMAGE_DIMENSIONS: Final = 4
MOST_WORD: Final = 1 << 31


def predict(vm: CameraMachine, model: ModelObject, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``py_ml_model_predict``: ``args[0]`` is the list of inputs."""
    (callback,) = vm.parse_keywords(args[1:], kwargs, ("callback",), 0, 0)
    given = args[0]
    if not isinstance(given, List):
        vm.raise_value("Unsupported input type. Expected a list")
    called = None if isinstance(callback, Sentinel) else callback
    if called is None:
        called = model.postprocess
    generation = vm.world.camera.generation
    check_held(model, model.inputs)
    for at, buffer in enumerate(model.inputs):
        _input(vm, model, given, at, buffer)
    infer(vm, model, lambda: vm.raise_value("Invoke failed"))
    outputs = _outputs(vm, model, by_reference=called is not None and generation.by_reference)
    if called is None:
        return outputs
    return vm.call(called, (model, given, outputs))


# -- inputs ------------------------------------------------------------------------------------------------------------


def _input(vm: CameraMachine, model: ModelObject, given: List, at: int, buffer: Buffer) -> None:
    """``py_ml_process_input``: one tensor, filled by a callable or from an array.

    The list's length is not looked at: slots of its table that hold nothing are cleared (``py/objlist.c``), and nothing
    is neither a callable nor an array.
    """
    if at >= given.room:
        raise HardFault("predict() with fewer inputs than the model has reads what stands behind the list's table")
    value = given.items[at] if at < len(given.items) else None
    if is_callable(vm, value):
        view = ByteArray(vm.memory, vm.memory.alloc(sizes.ARRAY), BYTEARRAY_CODE)
        view.data = buffer.data
        shape = model.described["input_shape"].items[at]
        vm.call(value, (view, shape, code_of(buffer.tensor)))
        pass_input(vm, buffer.tensor.elements, image=len(buffer.tensor.shape) == IMAGE_DIMENSIONS)
    elif isinstance(value, NdArray):
        if value.shape != tuple(buffer.tensor.shape):
            vm.raise_value("Input shape does not match the model input shape")
        # An array of no dimensions has no elements, and as many are copied.
        if value.size and not (_is_zero(value) and buffer.put_zeros()):
            buffer.put(runtime.quantize_as_camera(_as_stored(value), tensor_info(buffer.tensor)))
        pass_input(vm, buffer.tensor.elements, image=False)
    else:
        vm.raise_value("Unsupported input type")


def _is_zero(array: NdArray) -> bool:
    """Whether its elements are zeros, one after the other."""
    size = array.itemsize * array.size
    return array.is_dense() and bytes(array.store[array.offset : array.offset + size]) == bytes(size)


def _as_stored(array: NdArray) -> NDArray[Any]:
    """The elements as the module reads them: one after the other from the first, whatever the strides are."""
    if array.is_dense():
        return array.values
    kind = array.values.dtype
    behind = len(array.store) - array.offset
    if behind < array.size * kind.itemsize:
        raise HardFault("predict() reads a view as if it were dense, beyond the data of its array")
    return np.frombuffer(array.store, kind, array.size, array.offset).reshape(array.shape)


# -- outputs -----------------------------------------------------------------------------------------------------------


def _outputs(vm: CameraMachine, model: ModelObject, *, by_reference: bool) -> Value:
    """``py_ml_process_output``: an array a tensor, a view of it for whoever processes it, else a float copy."""
    made = vm.new_list([None] * len(model.outputs))
    for at, buffer in enumerate(model.outputs):
        shape = tuple(int(length) for length in buffer.tensor.shape)
        if len(shape) > MAX_DIMENSIONS:
            vm.raise_value("Output shape has too many dimensions")
        with vm.memory.asking_for("output view" if by_reference else "output array"):
            if by_reference:
                array = new_on(vm, shape, dtype_char(buffer.tensor), buffer.data, None)
            else:
                array = new_dense(vm, shape, "f")
                _put_real(array, buffer)
        if not by_reference:
            pass_output(vm, buffer.tensor.elements)
        vm.set_subscr(made, at, array)
    return made


def _put_real(array: NdArray, buffer: Buffer) -> None:
    """A tensor's elements as real numbers."""
    if buffer.nothing:
        return  # as the array was made
    floats = host_type(buffer.tensor) == "float32"
    point, scale = zero_point_of(buffer.tensor), scale_of(buffer.tensor)
    if buffer.is_zero and abs(point) < MOST_WORD:
        zero = 0.0 if floats else single(single(-point) * single(scale))
        array.store[: FLOAT * array.size] = pack("<f", zero) * array.size
    elif floats:
        fill(array, buffer.values)
    else:
        wide = buffer.values.astype(np.int32) - point
        fill(array, wide.astype(np.float32) * np.float32(scale))


__all__ = ["predict"]
