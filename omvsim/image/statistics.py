"""Histograms and what is worked out of them (lib/imlib/stats.c, modules/py_image.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.heap import UmaFlag
from omvsim.image import draw_image, formats, histograms, pixels
from omvsim.image.arguments import Options, mutable, os_error, to_image, tuples_only
from omvsim.image.scratch import scratch
from omvsim.image.thresholds import release, thresholds_of
from omvsim.later import np
from omvsim.memory import sizes
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.types import float_, list_
from omvsim.micropython.types.common import index_of
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.slice_ import Slice, bounds
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel
from omvsim.numerals.floattext import format_float
from omvsim.world.camera_names import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value
    from omvsim.world.world import CameraMachine

OPTIONS: Final = ("thresholds", "invert", "roi", "bins", "l_bins", "a_bins", "b_bins", "difference")
MEASURES: Final = ("mean", "median", "mode", "stdev", "min", "max", "lq", "uq")
_STATISTICS: Final = (*MEASURES, *(f"{part}_{name}" for part in "lab" for name in MEASURES))
_VALUES: Final = ("value", "l_value", "a_value", "b_value")


class Record(Obj):
    """A result whose values are methods up to 4.8.1; ``values`` by name, ``indexed`` those that ``[…]`` gives."""

    __slots__ = ("indexed", "native_type", "text", "values")
    type_name: ClassVar[str] = "record"

    def __init__(self, vm: CameraMachine, address: int, kind: NativeType, values: dict[str, Value]) -> None:
        super().__init__(vm.memory, address)
        self.native_type = kind  # type: ignore[misc]  # one a kind of result and machine
        self.values = values
        self.indexed: Sequence[Value] = ()
        self.text: str | Callable[[], str] = "{}"

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, Slice):
            start, stop, _ = bounds(vm, index, len(self.indexed))
            return new_tuple(vm, tuple(self.indexed[start:stop]))
        return self.indexed[index_of(vm, self.native_type.name, len(self.indexed), index)]

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out(self.text if isinstance(self.text, str) else self.text())


class Kinds:
    """The types of results of one machine."""

    def __init__(self) -> None:
        self.made: dict[str, NativeType] = {}

    def of(self, vm: CameraMachine, name: str) -> NativeType:
        """The type of a kind of result: every name of it a method that gives its value."""
        if name not in self.made:
            members = table(f"image.{name}", vm.release.base)
            methods: dict[str, Value] = {each: _getter(each) for each in members}
            self.made[name] = NativeType(name, Record, None, constants=methods)
        return self.made[name]


def _getter(name: str) -> NativeFunction:
    def call(vm: CameraMachine, record: Value) -> Value:
        assert isinstance(record, Record)
        found = record.values[name]
        return found(vm) if callable(found) and not isinstance(found, Obj) else found

    return NativeFunction(call, name, 1, 1, keywords=False, is_method=False)


def record(vm: CameraMachine, name: str, words: int, values: dict[str, Value], indexed: Sequence[Value]) -> Record:
    """A new one of so many words."""
    made = Record(vm, vm.memory.alloc(words * sizes.WORD), vm.part(Kinds).of(vm, name), values)
    made.indexed = indexed
    return made


class Histogram(Obj):
    """``histogram``: three lists of floats."""

    __slots__ = ("bins", "code", "native_type")
    type_name: ClassVar[str] = "histogram"
    bins: Any
    code: int

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, Slice):
            start, stop, _ = bounds(vm, index, 3)
            return new_tuple(vm, self.bins[start:stop])
        found: Value = self.bins[index_of(vm, "histogram", 3, index)]
        return found

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        names = ("l_bins", "a_bins", "b_bins") if self.code == formats.RGB565 else ("bins",)
        for number, name in enumerate(names):
            out("{" if not number else ", ")
            out(f'"{name}":')
            vm.print(self.bins[number], out, kind)
        out("}")

    def weights(self) -> list[list[float]]:
        """Its bins on the host."""
        return [[each.value for each in bins.items] for bins in self.bins]


def counts(vm: CameraMachine, options: Options, image: Image) -> list[int]:
    """How many bins each channel has."""
    found = []
    letters = "lab"
    for number, (low, high) in enumerate(histograms.RANGES.get(image.code, ())):
        count = options.number("bins", high - low + 1)
        count = high - low + 1 if count < 0 else count
        if count < 2:
            os_error(vm, "bins must be >= 2")
        own = options.number(f"{letters[number]}_bins", -1)
        count = own if own >= 0 else count
        if count < 2:
            os_error(vm, f"{letters[number]}_bins must be >= 2")
        found.append(count)
    return found


def measured(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> tuple[Image, list[Array]]:
    """The shares of an image's pixels in bins, a list a channel; scratch memory has come and gone."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, OPTIONS, positional=0)
    given = options.obj("thresholds")
    thresholds = [] if given is None else thresholds_of(vm, given)
    invert, area = options.flag("invert"), options.roi(image)
    with scratch(vm) as work:
        other = options.obj("difference")
        counted = counts(vm, options, image)
        held = [work.alloc(4 * count, 0, UmaFlag.DTCM) for count in counted]
        values: Array = draw_image.values_of(image)
        if other is not None:
            values = _difference(vm, image, to_image(vm, other))
        x, y, width, height = area
        part = values[y : y + height, x : x + width]
        shares = histograms.shares_of(part, image.code, counted, thresholds, invert=invert)
        release(vm, thresholds)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image, shares


def _difference(vm: Machine, image: Image, other: Image) -> Array:
    """The image less another one, pixel by pixel; stats.c reads the other one as if it were alike."""
    if (image.width, image.height, image.code) != (other.width, other.height, other.code):
        raise Unknown("image.Image.get_statistics", "the difference of images that are not alike is not modelled")
    return _absolute(np.array(draw_image.values_of(image)), draw_image.values_of(other))


def _absolute(old: Array, new: Array) -> Array:
    if old.dtype != np.uint16:
        return abs(old.astype(np.int32) - new.astype(np.int32)).astype(old.dtype)
    return pixels.join(*(abs(a - b) for a, b in zip(pixels.split(old), pixels.split(new), strict=True)))


def get_histogram(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``get_histogram``: an object, three lists, and a float a bin."""
    image, shares = measured(vm, args, kwargs)
    made = Histogram(vm.memory, vm.memory.alloc(5 * sizes.WORD))
    made.native_type = _histogram_type(vm)  # type: ignore[misc]  # one a machine
    made.code = image.code
    shares += [np.zeros(0)] * (3 - len(shares))
    lists = [list_.new_list(vm, [None] * len(bins)) for bins in shares]
    made.bins = tuple(lists)
    for target, bins in zip(lists, shares, strict=True):
        for number, share in enumerate(bins):
            target.items[number] = vm.new_float(float(share))
    return made


class _Types:
    """The type of histograms of one machine."""

    def __init__(self) -> None:
        self.histogram: NativeType | None = None


def _histogram_type(vm: CameraMachine) -> NativeType:
    part = vm.part(_Types)
    if part.histogram is None:
        names: dict[str, Value] = {}
        for number, name in enumerate(("bins", "l_bins", "a_bins", "b_bins")):
            names[name] = _bins_of(name, max(0, number - 1))
        names["get_percentile"] = NativeFunction(_percentile, "get_percentile", 2, 2, keywords=False, is_method=False)
        names["get_threshold"] = NativeFunction(_threshold, "get_threshold", 1, 1, keywords=False, is_method=False)
        for name in ("get_stats", "get_statistics", "statistics"):
            names[name] = NativeFunction(_statistics_of, name, 1, 1, keywords=False, is_method=False)
        part.histogram = NativeType("histogram", Histogram, None, constants=names)
    return part.histogram


def _bins_of(name: str, number: int) -> NativeFunction:
    def call(_vm: CameraMachine, histogram: Value) -> Value:
        assert isinstance(histogram, Histogram)
        found: Value = histogram.bins[number]
        return found

    return NativeFunction(call, name, 1, 1, keywords=False, is_method=False)


def _back(vm: CameraMachine, histogram: Histogram) -> list[list[float]]:
    """The bins, copied into scratch memory and given back."""
    with scratch(vm) as work:
        lengths = [len(bins.items) for bins in histogram.bins]
        held = [work.alloc(4 * count, 0, UmaFlag.DTCM) for count in lengths if count or work.fb is None]
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return [weights for weights in histogram.weights() if weights]


def _values(vm: CameraMachine, name: str, found: list[int], code: int) -> Value:
    found += [0] * (3 - len(found))
    if tuples_only(vm):
        return new_attrtuple(vm, _VALUES, [found[0], *found])
    values: dict[str, Value] = dict(zip(_VALUES, [found[0], *found], strict=True))
    made = record(vm, name, 5, values, found)
    made.text = f'{{"value":{found[0]}}}'
    if code == formats.RGB565:
        first = 'l_value:%d"' if name == "percentile" else 'l_value":%d'  # a quotation mark is misplaced in one
        made.text = ('{"' + first + ', "a_value":%d, "b_value":%d}') % tuple(found)
    return made


def _percentile(vm: CameraMachine, histogram: Value, share: Value) -> Value:
    assert isinstance(histogram, Histogram)
    weights, part = _back(vm, histogram), vm.float_of(share)
    found = [histograms.percentile(bins, histogram.code, number, part) for number, bins in enumerate(weights)]
    return _values(vm, "percentile", found, histogram.code)


def _threshold(vm: CameraMachine, histogram: Value) -> Value:
    assert isinstance(histogram, Histogram)
    code = histogram.code
    found = [histograms.threshold(bins, code, number) for number, bins in enumerate(_back(vm, histogram))]
    return _values(vm, "threshold", found, code)


def statistics_of(vm: CameraMachine, shares: Sequence[histograms.Bins], code: int) -> Value:
    """The object (4.8.1: 26 words) or attrtuple (5.0.0) of statistics."""
    found = [histograms.measures(bins, code, number) for number, bins in enumerate(shares)]
    found += [[0] * 8] * (3 - len(found))
    flat = [value for part in found for value in part]
    if tuples_only(vm):
        return new_attrtuple(vm, _STATISTICS, [*found[0], *flat])
    values: dict[str, Value] = dict(zip(_STATISTICS, [*found[0], *flat], strict=True))
    made = record(vm, "statistics", 26, values, flat)
    names = MEASURES if code != formats.RGB565 else _STATISTICS[8:]
    made.text = "{" + ", ".join(f'"{name}":{values[name]}' for name in names) + "}"
    return made


def _statistics_of(vm: CameraMachine, histogram: Value) -> Value:
    assert isinstance(histogram, Histogram)
    return statistics_of(vm, _back(vm, histogram), histogram.code)


def get_statistics(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``get_statistics``."""
    image, shares = measured(vm, args, kwargs)
    return statistics_of(vm, shares, image.code)


def similarity_of(vm: CameraMachine, numbers: Sequence[float]) -> Value:
    """``similarity``: average, deviation, least, largest."""
    names = ("mean", "stdev", "min", "max")
    if tuples_only(vm):
        return new_attrtuple(vm, names, [vm.new_float(number) for number in numbers])
    made = record(vm, "similarity", 5, {}, ())
    floats = [vm.new_float(number) for number in numbers]
    made.values, made.indexed = dict(zip(names, floats, strict=True)), floats
    made.text = ", ".join(
        f'"{n}":{format_float(f.value, "f", 6)}'
        for n, f in zip(names, floats, strict=True)
        if isinstance(f, float_.Float)
    )
    made.text = "{" + made.text + "}"
    return made


METHODS = {
    "get_hist": (get_histogram, 1),
    "get_histogram": (get_histogram, 1),
    "get_statistics": (get_statistics, 1),
    "get_stats": (get_statistics, 1),
    "histogram": (get_histogram, 1),
    "statistics": (get_statistics, 1),
}

__all__ = ["METHODS", "Kinds", "Record", "measured", "record", "similarity_of"]
