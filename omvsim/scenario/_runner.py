"""How a model is loaded and called: by the ``ml`` module (4.5.6 and later) or by the ``tf`` module (up to 4.5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from omvsim.errors import DeviceCrash
from omvsim.firmware import (
    Camera,
    InputKind,
    LoadedModel,
    ModelLoader,
    TfModel,
    TfModule,
    describe,
    fitting_input,
    make_inputs,
    predict,
)
from omvsim.scenario._result import ModelState

if TYPE_CHECKING:
    from omvsim.firmware import ModelFile
    from omvsim.heap import Chunk
    from omvsim.scenario._steps import Postprocess, Predict

Model = TypeVar("Model", LoadedModel, TfModel)


class Runner(Protocol):
    """One release's way of running models. A model is known by the name the script gave it."""

    history: list[ModelState]
    """Every model that was loaded, in order; one whose loading may have crashed as well."""

    def load(self, name: str, file: ModelFile, keywords: int = 0) -> Chunk:
        """Load ``file`` with so many keyword arguments; returns the model object."""

    def forget(self, name: str) -> None:
        """The script dropped the model."""

    def move(self, name: str, into: str) -> None:
        """The script binds the model to another name."""

    def file(self, name: str) -> ModelFile | None:
        """The file of a model that is loaded."""

    def input_kind(self, name: str) -> InputKind:
        """What suits the model's input."""

    def describe(self, name: str) -> None:
        """The script prints the model's shapes."""

    def make_input(self, name: str, kind: InputKind) -> Chunk:
        """The script makes the input."""

    def root(self, name: str) -> Chunk | None:
        """The object of a model that is loaded."""

    def input_shape(self, name: str, index: int) -> Chunk | None:
        """The tuple ``name.input_shape[index]``; None where the release has none on the heap."""

    def call(self, step: Predict, kind: InputKind, *, callback: bool) -> Chunk:
        """One inference; returns what the script gets."""


class _Models(Generic[Model]):
    """The models that a script has loaded, by the names it gave them."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.models: dict[str, Model] = {}
        self.history: list[ModelState] = []

    def forget(self, name: str) -> None:
        """The script dropped the model."""
        self.models.pop(name, None)

    def move(self, name: str, into: str) -> None:
        """The script binds the model to another name."""
        if name in self.models:
            self.models[into] = self.models.pop(name)

    def file(self, name: str) -> ModelFile | None:
        """The file of a model that is loaded."""
        model = self.models.get(name)
        return None if model is None else model.file

    def root(self, name: str) -> Chunk | None:
        """The object of a model that is loaded."""
        return self.models[name].root if name in self.models else None

    def _note(self, model: Model, arena_address: int | None, arena_area: str) -> None:
        heap, data = self.camera.heap, model.data
        area = heap.area_name(data.address or 0) if data.area == "gc" else data.area
        self.history.append(ModelState(model.file.path, model.ram, arena_address, arena_area, data.address, area))


class MlRunner(_Models[LoadedModel]):
    """The ``ml`` module, with a post-processing object for every model if one is given."""

    def __init__(self, camera: Camera, postprocess: Postprocess | None = None) -> None:
        super().__init__(camera)
        self.postprocess = postprocess
        self.loader = ModelLoader(camera)

    def load(self, name: str, file: ModelFile, keywords: int = 0) -> Chunk:
        """``ml.Model(path)``."""
        keywords = max(keywords, (file.mode == "fb") + (self.postprocess is not None))
        processor = None
        if self.postprocess is not None:  # made as an argument of ml.Model(), so before the arena is sized
            from omvsim.scenario._postprocessing import construct  # noqa: PLC0415 - most runs have none

            processor = construct(self.camera, self.postprocess)
        try:
            model = self.loader.load(file, keywords=keywords)
        except DeviceCrash:
            if self.loader.crashed is not None:
                self._loaded(self.loader.crashed)
            raise
        if processor is not None:
            model.native.holds(processor)
        self.models[name] = model
        self._loaded(model)
        return model.root

    def _loaded(self, model: LoadedModel) -> None:
        self._note(model, model.arena_address, self.camera.heap.area_name(model.arena_address))

    def input_kind(self, name: str) -> InputKind:
        """What suits the model's input."""
        model = self.models.get(name)
        return InputKind.NDARRAY if model is None else fitting_input(model.file.graph)

    def describe(self, name: str) -> None:
        """The script prints the model's shapes."""
        describe(self.camera.py, self.models[name])

    def make_input(self, name: str, kind: InputKind) -> Chunk:
        """The script makes the list of inputs."""
        return make_inputs(self.camera.py, self.models[name].file.graph, kind)

    def input_shape(self, name: str, index: int) -> Chunk | None:
        """The tuple ``name.input_shape[index]``."""
        tuples = {chunk.what: chunk for chunk in self.models[name].native.refs}
        return tuples["input shapes"].refs[index]

    def call(self, step: Predict, kind: InputKind, *, callback: bool) -> Chunk:
        """``m.predict([…])``."""
        model = self.models[step.model]
        if self.postprocess is not None and not callback:
            from omvsim.scenario._postprocessing import predict_and_process  # noqa: PLC0415 - as above

            return predict_and_process(self.camera, self.postprocess, model, kind)
        item = None if step.item is None else self.camera.heap.globals.get(step.item)
        return predict(self.camera.py, model, kind, callback=callback, literal=step.literal, item=item).outputs


class TfRunner(_Models[TfModel]):
    """The ``tf`` module."""

    def __init__(self, camera: Camera) -> None:
        super().__init__(camera)
        self.module = TfModule(camera)

    def load(self, name: str, file: ModelFile, keywords: int = 0) -> Chunk:  # noqa: ARG002 - on the C stack
        """``tf.load(path, load_to_fb=…)``."""
        model = self.module.load(file)
        self.models[name] = model
        self._note(model, None, "fb_alloc")
        return model.root

    def input_kind(self, name: str) -> InputKind:  # noqa: ARG002 - the module takes nothing else
        """Always a frame of the camera."""
        return InputKind.CAMERA

    def describe(self, name: str) -> None:
        """The attributes are plain numbers: nothing is allocated."""

    def make_input(self, name: str, kind: InputKind) -> Chunk:  # noqa: ARG002 - a frame is a frame
        """``sensor.snapshot()``: an object that points into the frame buffer."""
        return self.camera.py.malloc(self.camera.generation.image_object, "image.Image")

    def input_shape(self, name: str, index: int) -> Chunk | None:  # noqa: ARG002 - plain numbers
        """Not a thing of this module."""
        return None

    def call(self, step: Predict, kind: InputKind, *, callback: bool) -> Chunk:  # noqa: ARG002 - of the later module
        """``net.classify(img)`` or the step's method."""
        model = self.models[step.model]
        method = step.method or model.output.method
        return self.module.invoke(model, method, thresholds=step.thresholds, blobs=step.blobs)


def runner_for(camera: Camera, postprocess: Postprocess | None = None) -> Runner:
    """The runner of the camera's release; the ``tf`` module knows no post-processing objects."""
    return TfRunner(camera) if camera.board.release.module == "tf" else MlRunner(camera, postprocess)
