"""``ulab.numpy``: the functions that OpenMV's build has, on :class:`NdArray`.

Facts: openmv/openmv v4.8.1 ``boards/OPENMV_RT1060/ulab_config.h``; costs as in :mod:`omvsim.script._arrays`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware.charges import Array, Tape, Ulab
from omvsim.script._arrays import HOST_TYPES, NdArray, _wide
from omvsim.script._operators import as_bytes
from omvsim.script._values import Buffer, List, Module, Native, Tuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._runtime import Runtime

FLOAT = ord("f")
_OBJECT = 52
_DIMS = 16
_ONE_ARGUMENT = (
    *("exp", "expm1", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log"),
    *("log2", "log10", "ceil", "floor", "degrees", "radians"),
)
_HOST_ALIASES = {"acos": "arccos", "asin": "arcsin", "atan": "arctan"}


class Numpy:
    """Makes the module for one runtime."""

    def __init__(self, rt: Runtime) -> None:
        self.rt = rt
        self.make = rt.make

    def module(self) -> Module:
        """The module ``ulab.numpy``."""
        names: dict[str, Any] = {
            "uint8": ord("B"),
            "int8": ord("b"),
            "uint16": ord("H"),
            "int16": ord("h"),
            "float": ord("f"),
            "bool": ord("?"),
            "pi": math.pi,
            "e": math.e,
            "inf": math.inf,
            "nan": math.nan,
        }
        functions = [name for name in dir(self) if not name.startswith("_") and name not in ("rt", "make", "module")]
        for name in functions:
            names[name.rstrip("_")] = Native(name.rstrip("_"), getattr(self, name))
        for name in _ONE_ARGUMENT:
            names[name] = Native(name, self._function(getattr(np, name)))
        for name, host in _HOST_ALIASES.items():
            names[name] = names[host]
        return Module("numpy", names)

    # -- making arrays ------------------------------------------------------------------------------------------

    def _new(self, tape: Tape, values: Any, kind: str, last: int = 3, owner: object = None) -> NdArray:
        blocks = self.make.play(tape.charges, last)
        data = np.asarray(values)
        if kind != "?":
            data = data.astype(HOST_TYPES[kind], copy=False)
        return NdArray(self.rt, data, kind, tuple(blocks), owner)

    def _fresh(self, values: Any, kind: str) -> NdArray:
        tape = Tape()
        Ulab(tape).new(tuple(np.shape(values)), "B" if kind == "?" else kind, "array")
        return self._new(tape, values, kind)

    def _kind(self, dtype: Any) -> str:
        kind = chr(int(dtype)) if isinstance(dtype, int) else str(dtype)
        if kind not in HOST_TYPES:
            self.make.throw("TypeError", "data type not understood")
        return kind

    def _shape(self, shape: Any) -> tuple[int, ...]:
        return (int(shape),) if isinstance(shape, int) else tuple(int(n) for n in shape)

    def _host(self, value: Any) -> Any:
        """A value of the script as numpy's."""
        if isinstance(value, NdArray):
            return value.values
        if isinstance(value, List | tuple):
            return [self._host(item) for item in value]
        if isinstance(value, Buffer):
            return np.frombuffer(value.data, dtype=value.data.format)
        if isinstance(value, int | float):
            return float(value) if isinstance(value, float) else int(value)
        return [self._host(item) for item in self.rt.iterate(value)]

    def array(self, source: Any, *, dtype: Any = FLOAT) -> NdArray:
        """From nested lists, an array or an iterable."""
        kind = self._kind(dtype)
        values = np.array(self._host(source), dtype=np.float64)
        tape = Tape()
        data = Array(tuple(values.shape), "B" if kind == "?" else kind).data_bytes
        tape.take_all((_DIMS, _OBJECT, data) if isinstance(source, NdArray) else (_OBJECT, _DIMS, data), "array")
        with np.errstate(all="ignore"):
            cast = values.astype(np.int64) if kind not in "f?" else values
        return self._new(tape, cast.astype(HOST_TYPES[kind]), kind)

    asarray = array

    def zeros(self, shape: Any, *, dtype: Any = FLOAT) -> NdArray:
        """Zeros."""
        return self._fresh(np.zeros(self._shape(shape)), self._kind(dtype))

    empty = zeros

    def ones(self, shape: Any, *, dtype: Any = FLOAT) -> NdArray:
        """Ones."""
        return self._fresh(np.ones(self._shape(shape)), self._kind(dtype))

    def full(self, shape: Any, value: Any, *, dtype: Any = FLOAT) -> NdArray:
        """One value."""
        return self._fresh(np.full(self._shape(shape), self._host(value)), self._kind(dtype))

    def eye(self, size: int, *, M: Any = None, k: int = 0, dtype: Any = FLOAT) -> NdArray:
        """A diagonal of ones."""
        return self._fresh(np.eye(int(size), None if M is None else int(M), int(k)), self._kind(dtype))

    def arange(self, *limits: Any, dtype: Any = None) -> NdArray:
        """A range: 16-bit numbers where they fit, else floats."""
        values = np.arange(*(self._host(limit) for limit in limits))
        whole = values.dtype.kind != "f"
        fits = "H" if whole and values.size and values.min() >= 0 else "h"
        kind = self._kind(dtype) if dtype is not None else fits if whole else "f"
        return self._fresh(values, kind)

    def linspace(self, start: Any, stop: Any, num: int = 50, *, endpoint: Any = True, dtype: Any = FLOAT) -> NdArray:
        """Evenly spaced numbers."""
        return self._fresh(np.linspace(float(start), float(stop), int(num), bool(endpoint)), self._kind(dtype))

    def concatenate(self, parts: Any, *, axis: int = 0) -> NdArray:
        """Arrays joined along an axis."""
        arrays = list(self.rt.iterate(parts))
        return self._fresh(np.concatenate([part.values for part in arrays], axis=int(axis)), arrays[0].kind)

    def frombuffer(self, source: Any, *, dtype: Any = FLOAT, count: int = -1, offset: int = 0) -> NdArray:
        """An array on a buffer's data."""
        kind = self._kind(dtype)
        data = source.data.cast("B") if isinstance(source, Buffer) else as_bytes(source)
        values = np.frombuffer(data, dtype=HOST_TYPES[kind], count=int(count), offset=int(offset))
        tape = Tape()
        tape.take(_DIMS, "shape of a buffer")
        Ulab(tape).by_reference(tuple(values.shape), kind, "array on a buffer")
        return self._new(tape, values, kind, 2, source)

    # -- element by element -------------------------------------------------------------------------------------

    def _function(self, host: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(value: Any) -> Any:
            with np.errstate(all="ignore"):
                if not isinstance(value, NdArray):
                    if isinstance(value, int | float):
                        return self.make.real(float(host(np.float32(value))))
                    return self._fresh(host(np.array(self._host(value), dtype=np.float32)), "f")
                tape = Tape()
                Ulab(tape).function(value.cost, "array")
                return self._new(tape, host(value.values.astype(np.float32)), "f", 4)

        return call

    def _pairwise(self, host: Any, left: Any, right: Any) -> NdArray:
        kinds = [side.kind for side in (left, right) if isinstance(side, NdArray)]
        values = host(_wide(self._host(left)), _wide(self._host(right)))
        return self._fresh(values, kinds[0] if len(set(kinds)) == 1 else "f")

    def minimum(self, left: Any, right: Any) -> Any:
        """The smaller of two."""
        return self._pairwise(np.minimum, left, right)

    def maximum(self, left: Any, right: Any) -> Any:
        """The larger of two."""
        return self._pairwise(np.maximum, left, right)

    def clip(self, value: Any, low: Any, high: Any) -> NdArray:
        """Limited to a range."""
        return self._fresh(np.clip(_wide(self._host(value)), self._host(low), self._host(high)), value.kind)

    def where(self, condition: NdArray, left: Any, right: Any) -> NdArray:
        """One or the other."""
        return self._fresh(np.where(condition.values.astype(bool), self._host(left), self._host(right)), "f")

    def around(self, value: NdArray, *, decimals: int = 0) -> NdArray:
        """Rounded."""
        return self._fresh(np.around(value.values.astype(np.float32), int(decimals)), "f")

    def arctan2(self, left: Any, right: Any) -> NdArray:
        """Angle of a vector."""
        return self._fresh(np.arctan2(self._host(left), self._host(right)), "f")

    def isfinite(self, value: NdArray) -> NdArray:
        """Whether finite."""
        return self._fresh(np.isfinite(value.values), "?")

    def isinf(self, value: NdArray) -> NdArray:
        """Whether infinite."""
        return self._fresh(np.isinf(value.values), "?")

    # -- reductions ---------------------------------------------------------------------------------------------

    def _extreme(self, host: Any, value: Any, axis: Any, keepdims: Any, index: bool) -> Any:
        if not isinstance(value, NdArray):
            value = self.array(value)
        if axis is None:
            found = host(value.values)
            return int(found) if index else value.scalar(found)
        tape = Tape()
        Ulab(tape).extreme(value.cost, int(axis) % value.values.ndim, "array", index=index, keepdims=bool(keepdims))
        if value.values.ndim == 1 and not keepdims:
            self.make.play(tape.charges)
            found = host(value.values)
            return int(found) if index else value.scalar(found)
        options = {"keepdims": True} if keepdims else {}
        return self._new(tape, host(value.values, axis=int(axis), **options), "h" if index else value.kind)

    def max_(self, value: Any, *, axis: Any = None, keepdims: Any = False) -> Any:
        """Largest."""
        return self._extreme(np.max, value, axis, keepdims, False)

    def min_(self, value: Any, *, axis: Any = None, keepdims: Any = False) -> Any:
        """Smallest."""
        return self._extreme(np.min, value, axis, keepdims, False)

    def argmax(self, value: Any, *, axis: Any = None) -> Any:
        """Place of the largest."""
        return self._extreme(np.argmax, value, axis, False, True)

    def argmin(self, value: Any, *, axis: Any = None) -> Any:
        """Place of the smallest."""
        return self._extreme(np.argmin, value, axis, False, True)

    def _total(self, host: Any, value: Any, axis: Any, keepdims: Any, kind: str | None) -> Any:
        if not isinstance(value, NdArray):
            value = self.array(value)
        if axis is None:
            found = host(value.values.astype(np.float64))
            if kind is None and value.kind != "f":
                return self.make.whole(int(found))
            return self.make.real(float(found))
        tape = Tape()
        cost = value.cost if kind is None else Array(value.cost.shape, kind)
        Ulab(tape).total(cost, int(axis) % value.values.ndim, "array", keepdims=bool(keepdims))
        values = host(value.values.astype(np.float64), axis=int(axis), keepdims=bool(keepdims))
        return self._new(tape, values, kind or value.kind)

    def sum_(self, value: Any, *, axis: Any = None, keepdims: Any = False) -> Any:
        """Sum."""
        return self._total(np.sum, value, axis, keepdims, None)

    def mean(self, value: Any, *, axis: Any = None, keepdims: Any = False) -> Any:
        """Mean."""
        return self._total(np.mean, value, axis, keepdims, "f")

    def std(self, value: Any, *, axis: Any = None, ddof: int = 0, keepdims: Any = False) -> Any:
        """Standard deviation."""
        return self._total(lambda v, **o: np.std(v, ddof=int(ddof), **o), value, axis, keepdims, "f")

    def median(self, value: NdArray, *, axis: Any = None) -> Any:
        """Median."""
        if axis is None:
            return self.make.real(float(np.median(value.values)))
        return self._fresh(np.median(value.values, axis=int(axis)), "f")

    def all_(self, value: Any, *, axis: Any = None) -> Any:
        """Whether all are true."""
        return bool(np.all(self._host(value))) if axis is None else self._fresh(np.all(value.values, int(axis)), "?")

    def any_(self, value: Any, *, axis: Any = None) -> Any:
        """Whether any is true."""
        return bool(np.any(self._host(value))) if axis is None else self._fresh(np.any(value.values, int(axis)), "?")

    # -- places -------------------------------------------------------------------------------------------------

    def nonzero(self, value: NdArray) -> Any:
        """Indices of what is not zero: a tuple of one array a dimension."""
        found = np.nonzero(value.values)
        tape = Tape()
        Ulab(tape).nonzero(value.cost, len(found[0]), "indices")
        blocks = self.make.play(tape.charges, 4 * len(found) + 1)
        arrays = []
        for number, indices in enumerate(found):
            own = tuple(blocks[-(4 * (len(found) - number)) :][:3])
            arrays.append(NdArray(self.rt, indices.astype(np.uint16), "H", own))
        result = Tuple(arrays)
        result.block = blocks[-1]
        return result

    def take(self, value: NdArray, indices: Any, *, axis: Any = None) -> NdArray:
        """Rows by index."""
        places = np.asarray(self._host(indices)).astype(np.intp)
        tape = Tape()
        along = 0 if axis is None else int(axis)
        Ulab(tape).pick(value.cost, Array(tuple(places.shape), "H"), along, "picked")
        try:
            values = np.take(value.values, places, axis=None if axis is None else along)
        except IndexError:
            self.make.throw("ValueError", "index out of range")
        return self._new(tape, values, value.kind)

    def argsort(self, value: NdArray, *, axis: Any = -1) -> NdArray:
        """Order of the elements."""
        return self._fresh(np.argsort(value.values, axis=None if axis is None else int(axis)), "H")

    def sort(self, value: NdArray, *, axis: Any = -1) -> NdArray:
        """A sorted copy."""
        return self._fresh(np.sort(value.values, axis=None if axis is None else int(axis)), value.kind)

    def roll(self, value: NdArray, distance: int, *, axis: Any = None) -> NdArray:
        """Rolled along an axis: four blocks to walk both arrays."""
        tape = Tape()
        tape.take_all((_OBJECT, _DIMS, value.cost.data_bytes), "rolled")
        blocks = [tape.take(_DIMS, "walk") for _ in range(0 if axis is None else 4)]
        for block in blocks:
            tape.free(block)
        made = self.make.play(tape.charges, len(tape.charges))
        values = np.roll(value.values, int(distance), axis=None if axis is None else int(axis))
        return NdArray(self.rt, values, value.kind, tuple(made[:3]))

    def flip(self, value: NdArray, *, axis: Any = None) -> NdArray:
        """Reversed."""
        return self._fresh(np.flip(value.values, axis=None if axis is None else int(axis)), value.kind)

    def diff(self, value: NdArray, *, n: int = 1, axis: int = -1) -> NdArray:
        """Differences of neighbours."""
        return self._fresh(np.diff(value.values, int(n), int(axis)), value.kind)

    def cross(self, left: NdArray, right: NdArray) -> NdArray:
        """Cross product."""
        return self._fresh(np.cross(left.values, right.values), "f")

    def dot(self, left: NdArray, right: NdArray) -> Any:
        """Matrix product."""
        found = np.dot(left.values.astype(np.float32), right.values.astype(np.float32))
        return self.make.real(float(found)) if np.ndim(found) == 0 else self._fresh(found, "f")

    def trace(self, value: NdArray) -> Any:
        """Sum of the diagonal."""
        return value.scalar(np.trace(value.values))

    def diag(self, value: NdArray, *, k: int = 0) -> NdArray:
        """Diagonal."""
        return self._fresh(np.diag(value.values, int(k)), value.kind)

    def polyval(self, factors: Any, value: Any) -> Any:
        """A polynomial."""
        return self._fresh(np.polyval(self._host(factors), self._host(value)), "f")

    def interp(self, value: Any, xp: Any, fp: Any) -> NdArray:
        """Linear interpolation."""
        return self._fresh(np.interp(self._host(value), self._host(xp), self._host(fp)), "f")
