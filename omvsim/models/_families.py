"""The list of families, what each can be told, and the checks of what it is told."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from omvsim.errors import InputError
from omvsim.models import _blazeface, _mobilenet, _small, _yolo
from omvsim.models._net import DTYPES, Net

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from omvsim.models._net import Value

Setting: TypeAlias = int | float | str


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a family can be told; a number lies in ``low`` .. ``high`` and is a multiple of ``step``."""

    name: str
    default: Setting
    low: float = 0
    high: float = 0
    step: int = 1
    choices: tuple[str, ...] = ()

    def check(self, value: Setting) -> Setting:
        """``value`` (text from a command line too) as this option's type.

        Raises:
            InputError: not a value of this option; names the option and what it takes.
        """
        if self.choices:
            if value not in self.choices:
                raise InputError(f"--{self.name} {value}", f"must be one of {', '.join(self.choices)}")
            return value
        try:
            number = float(value) if isinstance(self.default, float) else int(value)
        except ValueError:
            raise InputError(f"--{self.name} {value}", f"is not a number; it takes {self.range}") from None
        if not self.low <= number <= self.high or (self.step > 1 and number % self.step):
            raise InputError(f"--{self.name} {value}", f"must be {self.range}")
        return number

    @property
    def range(self) -> str:
        """What the option takes, for people."""
        if self.choices:
            return "|".join(self.choices)
        multiples = f"a multiple of {self.step} from " if self.step > 1 else ""
        return f"{multiples}{_plain(self.low)} to {_plain(self.high)}"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of model that :func:`make` can generate."""

    name: str
    summary: str
    options: tuple[Option, ...]
    build: Callable[..., Sequence[Value]]

    @property
    def defaults(self) -> Mapping[str, Setting]:
        """Every option's default."""
        return MappingProxyType({option.name: option.default for option in self.options})


_COMMON = (Option("dtype", "int8", choices=DTYPES), Option("seed", 0, high=2**32 - 1))


def _size(default: int, step: int, high: int = 1024) -> Option:
    return Option("size", default, low=step, high=high, step=step)


def _classes(default: int, low: int = 1) -> Option:
    return Option("classes", default, low=low, high=10000)


def _alpha(default: float) -> Option:
    return Option("alpha", default, low=0.05, high=2)


_FAMILIES = (
    Family(
        "tiny-conv",
        "first model to try: gray person detector of a few kilobytes",
        (_size(96, 16), _classes(2, 2), *_COMMON),
        _mobilenet.tiny_conv,
    ),
    Family(
        "mobilenet-like",
        "MobileNetV1 classifier",
        (_size(96, 32), _alpha(0.25), _classes(2, 2), *_COMMON),
        _mobilenet.mobilenet,
    ),
    Family(
        "classifier",
        "plain convolution, max pool and dense layers",
        (_size(32, 8, 512), _classes(10, 2), *_COMMON),
        _small.classifier,
    ),
    Family(
        "fomo-like",
        "centroid detector on a cut MobileNetV2",
        (_size(96, 8), _alpha(0.35), _classes(1), *_COMMON),
        _mobilenet.fomo,
    ),
    Family(
        "yolov8n-like",
        "YOLOv8n detector, operator by operator",
        (_size(640, 32), _classes(80), *_COMMON),
        _yolo.yolov8n,
    ),
    Family(
        "yolov5nu-like",
        "YOLOv5n backbone with the v8 head",
        (_size(640, 32), _classes(80), *_COMMON),
        _yolo.yolov5nu,
    ),
    Family(
        "yolov8n-cls-like",
        "YOLOv8n classifier",
        (_size(224, 32), _classes(1000, 2), *_COMMON),
        _yolo.yolov8n_cls,
    ),
    Family(
        "keyword-spotting",
        "micro_speech's shape: 1960 audio features",
        (_classes(4, 2), *_COMMON),
        _small.keyword_spotting,
    ),
    Family("autoencoder", "dense layers for anomaly detection", (_size(640, 1, 4096), *_COMMON), _small.autoencoder),
    Family("blazeface-like", "face detector with SSD heads", (_size(128, 16), *_COMMON), _blazeface.blazeface),
    Family("lstm", "one LSTM with state in variables", (_classes(10, 2), *_COMMON), _small.lstm),
)


def families() -> tuple[Family, ...]:
    """Every family, in the order they are listed."""
    return _FAMILIES


def family(name: str) -> Family:
    """The family called ``name``.

    Raises:
        InputError: there is none; says which ones there are, or the nearest.
    """
    names = [one.name for one in _FAMILIES]
    if name in names:
        return _FAMILIES[names.index(name)]
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]}?" if near else f"the families are {', '.join(names)}"
    raise InputError(name, f"is not a model family; {hint}")


def make(name: str, **options: Setting) -> bytes:
    """The ``.tflite`` bytes of a model of family ``name``; the same call gives the same bytes.

    Options left out have the family's defaults (``families()``).

    Raises:
        InputError: no such family or option, or a value that the option does not take.
    """
    chosen = family(name)
    known = {option.name: option for option in chosen.options}
    settings: dict[str, Setting] = dict(chosen.defaults)
    for key, value in options.items():
        if key not in known:
            raise InputError(f"--{key}", f"{name} has no such option; it has {', '.join(known)}")
        settings[key] = known[key].check(value)
    description = " ".join([f"omvsim {name}", *(f"{key}={value}" for key, value in settings.items())])
    net = Net(description, str(settings.pop("dtype")), int(settings.pop("seed")))
    return net.finish(chosen.build(net, **settings))
