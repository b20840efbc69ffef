"""What a post-processing class is called with: a model and its outputs, or things of the script that look like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.firmware.charges import ModelSpec, OutputSpec
from omvsim.postprocess import Output
from omvsim.script._arrays import NdArray
from omvsim.script._models import ModelObject
from omvsim.script._tensors import quantization

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.script._runtime import Runtime


@dataclass(frozen=True, slots=True)
class Called:
    """One call's arguments as values."""

    spec: ModelSpec
    outputs: tuple[Output, ...]
    computed: bool
    """Whether the outputs mean something: a model without a runtime has none."""

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the model's first output."""
        return self.spec.outputs[0].shape

    @property
    def window(self) -> tuple[int, int]:
        """Width and height of the model's input."""
        _, height, width, _ = (*self.spec.inputs[0].shape, 1, 1, 1)[:4]
        return width, height

    @classmethod
    def of(cls, rt: Runtime, model: Any, arrays: Sequence[Any], *, copies: bool = False) -> Called:
        """From the arguments of the call; whatever lacks an attribute raises the camera's AttributeError.

        ``copies``: the class takes its outputs for real numbers, whatever the model says of them.
        """
        for array in arrays:
            if not isinstance(array, NdArray):
                rt.no_attribute(array, "reshape")
        if isinstance(model, ModelObject):
            scales = [(1.0, 0) if copies else quantization(tensor) for tensor in model.outputs]
            kinds = [spec.kind for spec in model.spec.outputs]
            shapes = [spec.shape for spec in model.spec.outputs]
            inputs = model.spec.inputs
            computed = model.models.inferences(model.source, model.loaded.file.graph) is not None
        else:
            shapes = _shapes(rt, model, "output_shape")
            kinds, scales = ["f"] * len(shapes), [(1.0, 0)] * len(shapes)
            if not copies:
                kinds = [str(kind) for kind in rt.iterate(rt.attr(model, "output_dtype"))]
                numbers = [list(rt.iterate(rt.attr(model, f"output_{name}"))) for name in ("scale", "zero_point")]
                scales = [(float(scale), int(zero)) for scale, zero in zip(*numbers, strict=False)]
            inputs = tuple(OutputSpec(shape, "B") for shape in _shapes(rt, model, "input_shape"))
            computed = True
        outputs = tuple(
            Output(
                array.values.reshape(shape) if array.values.size == _elements(shape) else array.values,
                *scale,
                real=copies or kind == "f",
            )
            for array, shape, scale, kind in zip(arrays, shapes, scales, kinds, strict=False)
        )
        specs = tuple(OutputSpec(shape, array.kind) for array, shape in zip(arrays, shapes, strict=False))
        return cls(ModelSpec(inputs, specs), outputs, computed)


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


def _shapes(rt: Runtime, model: Any, name: str) -> list[tuple[int, ...]]:
    return [tuple(int(n) for n in rt.iterate(shape)) for shape in rt.iterate(rt.attr(model, name))]
