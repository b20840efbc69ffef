"""``ml.Model``: loading by the firmware's own steps, real inference where a runtime is installed.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``modules/py_ml.c``, ``scripts/libraries/ml/ml-core/ml/model.py``.
"""

# ruff: noqa: RET503 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from omvsim.errors import MissingExtraError
from omvsim.firmware import (
    DeviceNoFileError,
    LoadMode,
    ModelFile,
    ModelLoader,
    check_stored,
    dtype_char,
    generation_of,
    invoke,
    invoke_failed,
    path_on_camera,
)
from omvsim.firmware.charges import ModelSpec, OutputSpec
from omvsim.graph import read_model
from omvsim.modelfile import ROM_LABELS, library_of
from omvsim.runs.inferences import Inferences
from omvsim.runtime import RefusedError, choose_backend, quantize_as_camera
from omvsim.script._arrays import NdArray
from omvsim.script._image import ImageObject
from omvsim.script._make import OBJECT, WORD
from omvsim.script._normalization import NormalizationObject
from omvsim.script._tensors import scale_of, tensor_info, zero_point_of, zeros_of
from omvsim.script._values import MISSING, BoundMethod, Class, Function, Instance, List, Native, NativeObject
from omvsim.tflm import plan_arena

if TYPE_CHECKING:
    from omvsim.firmware import LoadedModel
    from omvsim.graph import Model, Tensor
    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

INFERENCE_US = 30_000
"""Virtual time that passes in an inference; ``omvsim run --time`` predicts real ones."""
MAX_DIMENSIONS = 4


class Models:
    """Loads models for one runtime; a file is read and planned once."""

    def __init__(self, rt: Runtime, world: World) -> None:
        self.rt = rt
        self.make = rt.make
        self.world = world
        self.loader = ModelLoader(world.camera)
        self._files: dict[tuple[Path, str, LoadMode], ModelFile] = {}
        self._inferences: dict[Path, Inferences | None] = {}

    def file(self, path: str, *, to_fb: bool = False) -> tuple[ModelFile, Path]:
        """The model behind a path on the camera, and the host's file.

        Raises:
            ScriptError: OSError, there is no such file.
        """
        built_in = path in [model.name for model in self.world.board.built_in]
        found = self.world.files.find(f"/flash/{path}.tflite" if built_in else path)
        if found is None or not found.is_file():
            names = ", ".join(self.world.files.extra)
            given = f" (given: {names}; names must agree)" if names else ""
            wanted = f"{path}.tflite, which this firmware has built in" if built_in else path
            self.world.note(f"no file for {wanted}: give it with --model{given} or a folder rom/ (see --files)")
            self._missing("Could not find the file")
        mount, _ = self.world.files.mount(path)
        mode = LoadMode.ROM if built_in or mount == "rom" else LoadMode.FB if to_fb else LoadMode.FILE
        mode = self.world.load or mode
        key = (found, path, mode)
        if key not in self._files:
            graph = read_model(found)
            plan = plan_arena(graph, library_of(self.world.board))
            labels = ROM_LABELS.get(path) if built_in else self._labels(path, found)
            self._files[key] = ModelFile(path, graph, plan, mode, labels)
        file = self._files[key]
        self.world.models[path] = file
        self._check_stored(file, "" if built_in else self.world.files.absolute(path))
        return file, found

    def _check_stored(self, file: ModelFile, path: str) -> None:
        """The file is on the PC, but can it be on the camera? ``path`` is the absolute one, empty for a built-in."""
        board = self.world.board
        if self.world.load is not None:
            path = path_on_camera(board, file.mode, Path(file.graph.source).name, file.graph.size)
        try:
            check_stored(board, replace(file, path=path) if path else file)
        except DeviceNoFileError as error:
            self.world.note(error.reason)
            self._missing(error.text)

    def _missing(self, text: str) -> NoReturn:
        """What opening a file that is not there raises: from 4.7.0 the error's number, before a text."""
        by_number = generation_of(self.world.board.firmware).opens_through_vfs
        self.make.throw("OSError", 2 if by_number else text)

    def _labels(self, path: str, found: Path) -> tuple[bytes, ...] | None:
        """The text file beside the model, as the wrapper looks for it."""
        beside = self.world.files.find(path.partition(".")[0] + ".txt")
        if beside is not None and beside.is_file():
            return tuple(beside.read_bytes().splitlines(keepends=True))
        return ROM_LABELS.get(found.stem) if path.startswith("/rom/") else None

    def inferences(self, found: Path, graph: Model) -> Inferences | None:
        """The runtime with this model, or None where none works."""
        if found not in self._inferences:
            self._inferences[found] = self._open(found, graph) if self.world.run_models else None
        return self._inferences[found]

    def _open(self, found: Path, graph: Model) -> Inferences | None:
        try:
            return Inferences(choose_backend(), found, self.world.kernels, graph)
        except MissingExtraError as error:
            self.world.note(f"outputs are zeros: {error}")
        except RefusedError as error:
            self.world.note(f"outputs of {found.name} are zeros: {error}")
        return None

    def model(self, path: Any, *more: Any, **keywords: Any) -> ModelObject:
        """``ml.Model(path, load_to_fb=…, postprocess=…)``."""
        to_fb = bool(keywords.get("load_to_fb", more[0] if more else False))
        file, found = self.file(str(path), to_fb=to_fb)
        if self.world.collect_before_load:
            self.world.camera.heap.collect()
        with self.rt.memory.firmware():
            loaded = self.loader.load(file, keywords=len(keywords))
            held = self.rt.memory.hold(loaded.root)
        return ModelObject(self, loaded, found, held, keywords.get("postprocess"))


def spec_of(tensors: tuple[Tensor, ...]) -> tuple[OutputSpec, ...]:
    """Shapes and types as post-processing sees them."""
    return tuple(OutputSpec(tensor.shape, dtype_char(tensor)) for tensor in tensors)


class ModelObject(NativeObject):
    """A loaded ``ml.Model``."""

    __slots__ = ("labels", "last", "loaded", "models", "postprocess", "source")
    kind_name = "Model"
    methods: dict[str, Any]

    def __init__(self, models: Models, loaded: LoadedModel, source: Path, held: Any, postprocess: Any) -> None:
        super().__init__()
        self.models = models
        self.loaded = loaded
        self.source = source
        self.held = held
        self.postprocess = postprocess
        self.last: tuple[Any, ...] = ()
        lines = loaded.file.labels
        names = None if lines is None else [line.decode("utf-8", "replace").rstrip("\n") for line in lines]
        self.labels = None if names is None else List(list(names), held, held, 1 << 20)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The graph's inputs."""
        return self.loaded.file.graph.main.input_tensors

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """The graph's outputs."""
        return self.loaded.file.graph.main.output_tensors

    @property
    def spec(self) -> ModelSpec:
        """What decides the charges of post-processing."""
        return ModelSpec(spec_of(self.inputs), spec_of(self.outputs))

    def text(self) -> str:
        """As ``print`` shows it."""
        return f"{{ model_size: {self.loaded.file.graph.size}, ram_size: {self.loaded.ram} }}"

    def get(self, name: str) -> Any:
        """Attributes; asking for the types makes a tuple, the others are kept by the model."""
        tensors = self.inputs if name.startswith("input_") else self.outputs
        if name in ("input_dtype", "output_dtype"):
            return self.models.make.new_tuple([dtype_char(tensor) for tensor in tensors])
        if name in ("input_shape", "output_shape"):
            return tuple(tuple(int(n) for n in tensor.shape) for tensor in tensors)
        if name in ("input_scale", "output_scale"):
            return tuple(scale_of(tensor) for tensor in tensors)
        if name in ("input_zero_point", "output_zero_point"):
            return tuple(zero_point_of(tensor) for tensor in tensors)
        values = {"labels": self.labels, "ram": self.loaded.ram, "len": self.loaded.file.graph.size}
        return values.get(name, MISSING) if name != "postprocess" else self.postprocess

    def set(self, name: str, value: Any) -> None:
        """The script may replace the labels."""
        if name == "labels":
            self.labels = value

    # -- predict ------------------------------------------------------------------------------------------------

    def predict(self, arguments: Any, **keywords: Any) -> Any:
        """``model.predict([…], callback=…)``."""
        rt, make, world = self.models.rt, self.models.make, self.models.world
        rt.loops.event()
        names = [make.alloc(OBJECT, "keyword arguments")]
        if keywords:
            names.append(make.alloc(2 * WORD * len(keywords), "keyword arguments: table"))
        function = make.alloc(OBJECT, "function of the comprehension")
        wrapped = make.new_list()
        for item in rt.iterate(arguments):
            bound = NormalizationObject.made(self.models, 0).bind(item) if isinstance(item, ImageObject) else item
            make.append(wrapped, bound)
        del function
        vector = make.alloc(WORD * (2 + 2 * len(keywords)), "arguments")
        callback = keywords.get("callback") or self.postprocess
        values = self._run([self._input(wrapped, number) for number in range(len(self.inputs))])
        world.inferences += 1
        world.sleep_us(INFERENCE_US)
        self.last = values
        outputs = self._outputs(values, by_reference=callback is not None and world.camera.generation.by_reference)
        result = outputs if callback is None else rt.call(callback, self, wrapped, outputs)
        make.memory.free(vector)
        return result

    def _input(self, wrapped: List, number: int) -> Any:
        """The values of one input tensor, filled as the C module fills it."""
        make, tensor = self.models.make, self.inputs[number]
        if number >= len(wrapped.items):
            make.throw("IndexError", "list index out of range")
        given = wrapped.items[number]
        if isinstance(given, NdArray):
            if tuple(given.values.shape) != tuple(tensor.shape):
                make.throw("ValueError", "Input shape does not match the model input shape")
            return quantize_as_camera(given.values, tensor_info(tensor))
        if isinstance(given, NormalizationObject):
            return given.fill(tensor)
        if isinstance(given, Function | BoundMethod | Class | Native | Instance):
            return self._filled_by(given, tensor)
        make.throw("ValueError", "Unsupported input type")

    def _filled_by(self, function: Any, tensor: Tensor) -> Any:
        """A function of the script fills the tensor's buffer."""
        values = zeros_of(tensor)
        buffer = self.models.make.buffer_on(memoryview(values.reshape(-1).view(np.uint8).data), self)
        self.models.rt.call(function, buffer, tuple(int(n) for n in tensor.shape), ord(dtype_char(tensor)))
        return values

    def _run(self, inputs: list[Any]) -> tuple[Any, ...]:
        with self.models.rt.memory.firmware():
            invoke(self.models.world.camera.py, self.loaded.file, invoke_failed())
        inferences = self.models.inferences(self.source, self.loaded.file.graph)
        if inferences is None:
            return tuple(zeros_of(t) for t in self.outputs)
        return inferences.run(inputs)

    def _outputs(self, values: tuple[Any, ...], *, by_reference: bool) -> List:
        """An array for each output: a view of the tensor for a callback, else a float copy."""
        make, rt = self.models.make, self.models.rt
        result = make.new_list([None] * len(values), len(values))
        for number, (tensor, found) in enumerate(zip(self.outputs, values, strict=True)):
            if len(tensor.shape) > MAX_DIMENSIONS:
                make.throw("ValueError", "Output shape has too many dimensions")
            blocks = [make.alloc(52, "output"), make.alloc(OBJECT, "output: strides")]
            shaped = np.asarray(found).reshape(tensor.shape)
            if by_reference:
                result.items[number] = NdArray(rt, shaped, dtype_char(tensor), tuple(blocks), self)
                continue
            blocks.append(make.alloc(4 * tensor.elements, "output: data"))
            real = shaped.astype(np.float32)
            if shaped.dtype.kind != "f":
                real = (real - np.float32(zero_point_of(tensor))) * np.float32(scale_of(tensor))
            result.items[number] = NdArray(rt, real, "f", tuple(blocks))
        return result


ModelObject.methods = {"predict": ModelObject.predict}


__all__ = ["ModelObject", "Models", "spec_of"]
