"""The ``tf`` module of 4.5.5 and older, on :class:`omvsim.firmware.TfModule`.

Facts: openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.firmware import TfMethod, TfModule
from omvsim.script._values import MISSING, Float, List, Module, Native, NativeObject, NativeType
from omvsim.tflm import Fault

if TYPE_CHECKING:
    from omvsim.firmware import TfModel
    from omvsim.script._models import Models


class TensorFlow:
    """Makes the module for one runtime."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.make = models.make
        self.module_of_camera = TfModule(models.world.camera)

    def module(self) -> Module:
        """The module ``tf``."""
        names: dict[str, Any] = {
            "load": Native("load", self.load),
            "tf_model": NativeType("tf_model", None, (TfObject,)),
        }
        names["load_builtin_model"] = Native("load_builtin_model", self.load_builtin)
        names["free_from_fb"] = Native("free_from_fb", lambda: None)
        for method in TfMethod:
            names[method.value] = Native(method.value, self._on_module(method))
        return Module("tf", names)

    def load(self, path: Any, *more: Any, load_to_fb: Any = False) -> TfObject:
        """``tf.load(path, load_to_fb=…)``."""
        file, _ = self.models.file(str(path), to_fb=bool(more[0] if more else load_to_fb))
        if self.models.world.collect_before_load:
            self.models.world.camera.heap.collect()
        with self.models.rt.memory.firmware():
            loaded = self.module_of_camera.load(file)
            held = self.models.rt.memory.hold(loaded.root)
        return TfObject(self, loaded, held)

    def load_builtin(self, name: Any) -> Any:
        """``tf.load_builtin_model(name)``: labels and model; the model is in flash."""
        model = self.load(name)
        return self.make.new_tuple((self.make.new_list(), model))

    def _on_module(self, method: TfMethod) -> Any:
        return lambda path, image, **more: self.load(path).invoke(method, image, **more)


class TfObject(NativeObject):
    """A ``tf_model``."""

    __slots__ = ("loaded", "tf")
    kind_name = "tf_model"
    methods: dict[str, Any]

    def __init__(self, tf: TensorFlow, loaded: TfModel, held: Any) -> None:
        super().__init__()
        self.tf = tf
        self.loaded = loaded
        self.held = held

    def get(self, name: str) -> Any:
        """Sizes of the model."""
        output = self.loaded.output
        shape = self.loaded.file.graph.main.input_tensors[0].shape
        values = {
            "len": self.loaded.file.graph.size,
            "ram": self.loaded.ram,
            "input_height": shape[1] if len(shape) == 4 else 1,
            "input_width": shape[2] if len(shape) == 4 else 1,
            "input_channels": shape[-1],
            "output_height": output.height,
            "output_width": output.width,
            "output_channels": output.channels,
        }
        return values.get(name, MISSING)

    def invoke(self, method: TfMethod, _image: Any, *, thresholds: Any = None, **_more: Any) -> List:
        """``net.classify(img)``, ``segment``, ``detect`` or ``regression``."""
        models = self.tf.models
        models.rt.loops.event()
        models.world.inferences += 1
        models.world.note("outputs of the tf module are not computed: scores are zeros")
        fault = self.loaded.file.plan.run_fault
        if fault is not None and fault.fault is Fault.UNKNOWN:
            models.world.lacks(str(fault))
        blobs = models.world.forced_detections or 0
        with models.rt.memory.firmware():
            chunk = self.tf.module_of_camera.invoke(
                self.loaded, method, thresholds=max(1, len(thresholds or ())), blobs=blobs
            )
            held = models.rt.memory.hold(chunk)
        channels = self.loaded.output.channels
        if method is TfMethod.DETECT:
            boxes = [Detection(number, held) for number in range(blobs)]
            return _list([_list(list(boxes), held) for _ in range(channels)], held)
        if method is TfMethod.CLASSIFY:
            return _list([Classification([Float(0.0)] * channels, held)], held)
        if method is TfMethod.SEGMENT:
            return _list([None] * channels, held)
        return _list([Float(0.0)] * channels, held)


def _list(items: list[Any], held: Any) -> List:
    return List(items, held, held, 1 << 20)


class Detection(NativeObject):
    """A detection of ``detect()``."""

    __slots__ = ("box",)
    kind_name = "tf_classification"
    methods: dict[str, Any]

    def __init__(self, number: int, held: Any) -> None:
        super().__init__()
        self.held = held
        self.box = (10 * number, 10, 8, 8)

    def output(self) -> Any:
        """Its score."""
        return Float(0.9)


Detection.methods = {
    "rect": lambda found: tuple(found.box),
    "x": lambda found: found.box[0],
    "y": lambda found: found.box[1],
    "w": lambda found: found.box[2],
    "h": lambda found: found.box[3],
    "output": Detection.output,
}


class Classification(NativeObject):
    """A result of ``classify()``."""

    __slots__ = ("scores",)
    kind_name = "tf_classification"
    methods: dict[str, Any]

    def __init__(self, scores: list[Any], held: Any) -> None:
        super().__init__()
        self.held = held
        self.scores = _list(scores, held)


Classification.methods = {
    "rect": lambda _found: (0, 0, 1, 1),
    "x": lambda _found: 0,
    "y": lambda _found: 0,
    "w": lambda _found: 1,
    "h": lambda _found: 1,
    "output": lambda found: found.scores,
}
TfObject.methods = {
    method.value: (lambda model, image, method=method, **more: model.invoke(method, image, **more))
    for method in TfMethod
}
TfObject.methods |= {
    name: (lambda model, name=name: model.get(name))
    for name in (
        "len",
        "ram",
        "input_height",
        "input_width",
        "input_channels",
        "output_height",
        "output_width",
        "output_channels",
    )
}
