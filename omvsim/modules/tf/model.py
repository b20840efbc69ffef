"""The object ``tf_model`` (``py_tf_model_obj_t``): what ``libtf_get_parameters`` found out about a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.firmware import output_of, tf_input_of
from omvsim.graph import TensorType
from omvsim.micropython.native import method
from omvsim.micropython.values import Obj, PrintKind
from omvsim.modules.ml.tensors import Buffer

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.firmware import ModelFile, TfOutput
    from omvsim.graph import Tensor
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value
    from omvsim.world.world import CameraMachine


class TfModel(Obj):
    """A model: the arena figure of the library, and its first input and output as the module reads them."""

    __slots__ = ("arena_area", "data", "data_address", "data_area", "file", "inputs", "outputs", "ram", "source")
    type_name: ClassVar[str] = "tf_model"

    def __init__(self, vm: CameraMachine, address: int, file: ModelFile, source: Path) -> None:
        super().__init__(vm.memory, address)
        self.file = file
        self.source = source
        self.ram = 0
        self.data: Block | None = None
        self.data_address: int | None = None
        self.arena_area, self.data_area = "fb_alloc", "rom"
        main = file.graph.main
        self.inputs = [Buffer(tensor) for tensor in main.input_tensors]
        self.outputs = [Buffer(tensor, output=True) for tensor in main.output_tensors]

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Height, width, channels."""
        return tf_input_of(tuple(self.inputs[0].tensor.shape))

    @property
    def output_shape(self) -> TfOutput:
        """Height, width, channels."""
        return output_of(tuple(self.outputs[0].tensor.shape))

    # -- the language ---------------------------------------------------------------------------------------------

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        output = self.output_shape
        out(f'{{"len":{self.file.graph.size}, "ram":{self.ram}')
        shapes = {"input": self.input_shape, "output": (output.height, output.width, output.channels)}
        for side, tensor in (("input", self.inputs[0].tensor), ("output", self.outputs[0].tensor)):
            for name, length in zip(("height", "width", "channels"), shapes[side], strict=True):
                out(f', "{side}_{name}":{length}')
            out(f', "{side}_datatype":"{datatype(tensor)}", "{side}_scale":{scale_of(tensor):f}')
            out(f', "{side}_zero_point":{zero_point_of(tensor)}')
        out("}")

    @method("len", 1)
    def len_(self, vm: Machine) -> Value:
        """Bytes of the file."""
        return self.file.graph.size

    @method("ram", 1)
    def ram_(self, vm: Machine) -> Value:
        """Bytes of the arena."""
        return self.ram

    @method("input_height", 1)
    def input_height(self, vm: Machine) -> Value:
        """Rows."""
        return self.input_shape[0]

    @method("input_width", 1)
    def input_width(self, vm: Machine) -> Value:
        """Columns."""
        return self.input_shape[1]

    @method("input_channels", 1)
    def input_channels(self, vm: Machine) -> Value:
        """1 or 3."""
        return self.input_shape[2]

    @method("input_datatype", 1)
    def input_datatype(self, vm: Machine) -> Value:
        """A new text."""
        return vm.new_str(datatype(self.inputs[0].tensor))

    @method("input_scale", 1)
    def input_scale(self, vm: Machine) -> Value:
        """Of a quantized input."""
        return vm.new_float(scale_of(self.inputs[0].tensor))

    @method("input_zero_point", 1)
    def input_zero_point(self, vm: Machine) -> Value:
        """Of a quantized input."""
        return zero_point_of(self.inputs[0].tensor)

    @method("output_height", 1)
    def output_height(self, vm: Machine) -> Value:
        """Rows."""
        return self.output_shape.height

    @method("output_width", 1)
    def output_width(self, vm: Machine) -> Value:
        """Columns."""
        return self.output_shape.width

    @method("output_channels", 1)
    def output_channels(self, vm: Machine) -> Value:
        """Scores, or images."""
        return self.output_shape.channels

    @method("output_datatype", 1)
    def output_datatype(self, vm: Machine) -> Value:
        """A new text."""
        return vm.new_str(datatype(self.outputs[0].tensor))

    @method("output_scale", 1)
    def output_scale(self, vm: Machine) -> Value:
        """Of a quantized output."""
        return vm.new_float(scale_of(self.outputs[0].tensor))

    @method("output_zero_point", 1)
    def output_zero_point(self, vm: Machine) -> Value:
        """Of a quantized output."""
        return zero_point_of(self.outputs[0].tensor)


def datatype(tensor: Tensor) -> str:
    """``py_tf_map_datatype``."""
    return {int(TensorType.UINT8): "uint8", int(TensorType.INT8): "int8"}.get(int(tensor.type), "float")


def scale_of(tensor: Tensor) -> float:
    """``params.scale`` of a tensor: 0 without quantization."""
    scales = () if tensor.quantization is None else tensor.quantization.scales
    return float(scales[0]) if scales else 0.0


def zero_point_of(tensor: Tensor) -> int:
    """``params.zero_point``: likewise."""
    points = () if tensor.quantization is None else tensor.quantization.zero_points
    return int(points[0]) if points else 0


__all__ = ["TfModel", "datatype", "scale_of", "zero_point_of"]
