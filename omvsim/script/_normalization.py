"""``ml.preprocessing.Normalization``.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``scripts/libraries/ml/ml-core/ml/preprocessing.py``: called with a picture it
returns a copy that remembers it; called by ``predict`` it draws the picture into the tensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.firmware import dtype_char
from omvsim.firmware.charges import AttributeCharge, Tape, fill_input
from omvsim.runtime import InputDataError, normalize
from omvsim.script._image import ImageObject
from omvsim.script._tensors import tensor_info
from omvsim.script._values import MISSING, NativeObject

if TYPE_CHECKING:
    from omvsim.graph import Tensor
    from omvsim.script._models import Models

ATTRIBUTES = ("scale", "mean", "stdev", "roi")
CALL_SLOTS = 27
"""``n_state`` of ``Normalization.__call__``."""


class NormalizationObject(NativeObject):
    """A ``Normalization``."""

    __slots__ = ("_models", "mean", "picture", "roi", "scale", "stdev")
    kind_name = "Normalization"
    methods: dict[str, Any]

    def __init__(self, models: Models, blocks: tuple[Any, ...], **settings: Any) -> None:
        super().__init__()
        self._models = models
        self.blocks = blocks
        self.scale = settings.get("scale", (0.0, 1.0))
        self.mean = settings.get("mean", (0.0, 0.0, 0.0))
        self.stdev = settings.get("stdev", (1.0, 1.0, 1.0))
        self.roi = settings.get("roi")
        self.picture: ImageObject | None = None

    @classmethod
    def made(cls, models: Models, arguments: int, **settings: Any) -> NormalizationObject:
        """A new object: instance, argument vector, a table of five attributes that grows."""
        tape = Tape()
        vector = tape.instance(arguments, "Normalization", kept=True)
        AttributeCharge(tape, "Normalization", kept=True).store(5)
        tape.leave(vector)
        return cls(models, tuple(models.make.play(tape.charges)), **settings)

    def get(self, name: str) -> Any:
        """Its attributes."""
        if name == "_image":
            return self.picture
        return getattr(self, name) if name in ATTRIBUTES else MISSING

    def set(self, name: str, value: Any) -> None:
        """Attributes may be changed."""
        if name in ATTRIBUTES:
            setattr(self, name, value)

    def bind(self, picture: Any) -> NormalizationObject:
        """``n(img)``."""
        models, make = self._models, self._models.make
        tape = Tape()
        tape.frame(CALL_SLOTS, "call")
        frame = make.alloc(tape.charges[0].size, "Normalization.__call__: frame")
        arguments = make.new_tuple((picture,))
        if not isinstance(picture, ImageObject):
            make.throw("ValueError", "Expected an image input")
        if self.roi is None:
            self.roi = make.new_tuple((0, 0, picture.width, picture.height))
        made = self.made(models, 4, scale=self.scale, mean=self.mean, stdev=self.stdev, roi=self.roi)
        made.picture = picture
        make.memory.free(frame)
        del arguments
        return made

    def fill(self, tensor: Tensor) -> Any:
        """What ``predict`` has it write into an input tensor."""
        make, shape = self._models.make, tensor.shape
        if len(shape) != 4:
            make.throw("ValueError", "Expected input tensor with shape: (1, H, W, C)")
        if shape[0] != 1:
            make.throw("ValueError", "Expected batches to be 1")
        if shape[3] not in (1, 3):
            make.throw("ValueError", "Expected channels to be 1 or 3")
        tape = Tape()
        in_place = self._models.world.camera.generation.normalises_in_place
        fill_input(tape, tuple(int(n) for n in shape), dtype_char(tensor), in_place=in_place)
        make.play(tape.charges)
        return self._values(tensor)

    def _values(self, tensor: Tensor) -> Any:
        picture, make = self.picture, self._models.make
        if picture is None:
            make.throw("TypeError", "can't convert NoneType to image")
        x, y, width, height = self.region
        frame = picture.rgb()[y : y + height, x : x + width]
        settings: dict[str, Any] = {
            name: tuple(float(v) for v in getattr(self, name)) for name in ("scale", "mean", "stdev")
        }
        try:
            return normalize(frame, tensor_info(tensor), keep_aspect=self._models.world.release < (5,), **settings)
        except InputDataError as error:
            make.throw("ValueError", error.cause)

    @property
    def region(self) -> tuple[int, int, int, int]:
        """The region of interest inside the picture."""
        picture = self.picture
        assert picture is not None
        if self.roi is None:
            return 0, 0, picture.width, picture.height
        x, y, width, height = (int(part) for part in self.roi)
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + width, picture.width), min(y + height, picture.height)
        if left >= right or top >= bottom:
            self._models.make.throw("ValueError", "ROI does not overlap on the image!")
        return left, top, right - left, bottom - top


def _called(made: NormalizationObject, *values: Any) -> Any:
    if len(values) == 1:
        return made.bind(values[0])
    made._models.make.throw("NotImplementedError", "Normalization is only simulated inside predict()")
    return None


NormalizationObject.methods = {"__call__": _called}
