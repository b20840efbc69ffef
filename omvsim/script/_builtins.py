"""The built-in functions and types.

Facts: micropython/micropython v1.26.0 ``py/modbuiltins.c``, ``py/objzip.c``, ``py/objmap.c``, ``py/objfilter.c``,
``py/objenumerate.c``; requests measured on 4.8.1 and 5.0.0.
"""

# ruff: noqa: RET503 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from omvsim.script._calls import Descriptor
from omvsim.script._errors import CLASSES, NotModelled, ScriptError, text_of
from omvsim.script._make import OBJECT, WORD, type_name
from omvsim.script._operators import as_bytes
from omvsim.script._sorting import quicksort
from omvsim.script._text import Vstr, format_text, percent_text
from omvsim.script._values import (
    MISSING,
    Buffer,
    Class,
    Dict,
    Function,
    Generator,
    Instance,
    Iter,
    List,
    Native,
    NativeType,
    Range,
    Set,
    Tuple,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.script._runtime import Runtime


class Builtins:
    """Makes the table of built-in names for one runtime.

    Args:
        runtime: the interpreter.
        write: where ``print`` writes.
        release: the firmware's release, for what differs between interpreters.
    """

    def __init__(self, runtime: Runtime, write: Callable[[str], None], release: tuple[int, ...]) -> None:
        self.rt = runtime
        self.make = runtime.make
        self.write = write
        self.release = release
        self.types: dict[str, NativeType] = {}

    def table(self) -> dict[str, Any]:
        """Every built-in name."""
        names: dict[str, Any] = dict(CLASSES)
        for name, method in _functions(self).items():
            names[name] = Native(name, method)
        for name, (make_new, classes) in _types(self).items():
            names[name] = self.types[name] = NativeType(name, make_new, classes)
        self.types["dict"].statics["fromkeys"] = Native("fromkeys", self.fromkeys)
        self.types["int"].statics["from_bytes"] = Native("from_bytes", self.from_bytes)
        self.types["bytes"].statics["fromhex"] = Native(
            "fromhex", lambda text: self.make.new_bytes(bytes.fromhex(str(text)))
        )
        names["Ellipsis"] = ...
        names["NotImplemented"] = NotImplemented
        return names

    # -- output -------------------------------------------------------------------------------------------------

    def print_(self, *values: Any, sep: Any = " ", end: Any = "\n", **_file: Any) -> None:
        self.write(str(sep).join(self.rt.show(value, False) for value in values) + str(end))

    def repr_(self, value: Any) -> str:
        out = Vstr(self.make)
        out.add(self.rt.show(value, True))
        return out.finish()

    def str_(self, *values: Any) -> str:
        if not values:
            return ""
        value = values[0]
        if isinstance(value, str):
            return value
        if len(values) > 1:
            return self.make.text_copy(as_bytes(value).decode())
        out = Vstr(self.make)
        out.add(text_of(value) if isinstance(value, BaseException) else self.rt.show(value, False))
        return out.finish()

    # -- numbers ------------------------------------------------------------------------------------------------

    def int_(self, value: Any = 0, base: int = 10) -> int:
        if isinstance(value, str | bytes):
            try:
                text = value.decode() if isinstance(value, bytes) else str(value)
                return self.make.whole(int(text, base))
            except ValueError:
                self.make.throw_formatted("ValueError", f"invalid syntax for integer with base {base}")
        if isinstance(value, float):
            if math.isnan(value) and self.rt.no_figure is not None:
                raise NotModelled(f"a whole number of {self.rt.no_figure}")
            if not math.isfinite(value):
                self.make.throw(
                    "OverflowError", "can't convert NaN to int" if math.isnan(value) else "can't convert inf to int"
                )
            return self.make.whole(int(float(value)))
        if isinstance(value, int):
            return self.make.whole(int(value))
        return self.rt.special(value, "__int__", text="can't convert to int")  # type: ignore[no-any-return]

    def float_(self, value: Any = 0.0) -> float:
        if isinstance(value, float):
            return value
        if isinstance(value, str):
            try:
                return self.make.real(float(str(value)))
            except ValueError:
                self.make.throw("ValueError", "invalid syntax for number")
        if isinstance(value, int):
            return self.make.real(float(int(value)))
        self.make.throw_formatted("TypeError", f"can't convert {type_name(value)} to float")

    def abs_(self, value: Any) -> Any:
        return self.make.number(abs(float(value) if isinstance(value, float) else int(value)))

    def round_(self, value: Any, digits: Any = None) -> Any:
        if isinstance(value, int):
            return value
        if digits is None:
            return self.make.whole(round(float(value))) if math.isfinite(value) else self.int_(value)
        return self.make.real(round(float(value), int(digits)))

    def divmod_(self, left: Any, right: Any) -> Any:
        operators = self.rt.operators
        return self.make.new_tuple((operators.binary("//", left, right), operators.binary("%", left, right)))

    def pow_(self, left: Any, right: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            return self.make.whole(pow(int(left), int(right), int(modulo)))
        return self.rt.operators.binary("**", left, right)

    def sum_(self, items: Any, start: Any = 0) -> Any:
        for item in self.rt.iterate(items):
            start = self.rt.operators.binary("+", start, item)
        return start

    def _extreme(self, sign: str, values: tuple[Any, ...], key: Any, default: Any) -> Any:
        items = self.rt.iterate(values[0]) if len(values) == 1 else iter(values)
        best: Any = MISSING
        best_key: Any = None
        for item in items:
            item_key = item if key is None else self.rt.call(key, item)
            if best is MISSING or self.rt.operators.compare(sign, item_key, best_key):
                best, best_key = item, item_key
        if best is MISSING:
            if default is not MISSING:
                return default
            self.make.throw("ValueError", "arg is an empty sequence")
        return best

    def max_(self, *values: Any, key: Any = None, default: Any = MISSING) -> Any:
        return self._extreme(">", values, key, default)

    def min_(self, *values: Any, key: Any = None, default: Any = MISSING) -> Any:
        return self._extreme("<", values, key, default)

    # -- iteration ----------------------------------------------------------------------------------------------

    def enumerate_(self, items: Any, start: int = 0) -> Iter:
        block = self.make.alloc(12, "enumerate")
        source, inner = self.rt.heap_iterate(items)
        return Iter("enumerate", self._numbered(source, int(start)), (block, inner))

    def _numbered(self, source: Iterator[Any], count: int) -> Iterator[Any]:
        for item in source:
            yield self.make.new_tuple((count, item))
            count += 1

    def zip_(self, *sources: Any) -> Iter:
        block = self.make.alloc(2 * WORD + WORD * len(sources), "zip")
        pairs = [self.rt.heap_iterate(source) for source in sources]
        return Iter("zip", self._zipped([pair[0] for pair in pairs]), (block, *(pair[1] for pair in pairs)))

    def _zipped(self, sources: list[Iterator[Any]]) -> Iterator[Any]:
        """4.8.1's interpreter makes the tuple first and frees it when an iterator ends."""
        while sources:
            early = self.make.alloc(2 * WORD + WORD * len(sources), "tuple") if self.release < (5,) else None
            items = []
            for source in sources:
                item = next(source, MISSING)
                if item is MISSING:
                    if early is not None:
                        self.make.memory.free(early)
                    return
                items.append(item)
            if early is None:
                yield self.make.new_tuple(items)
            else:
                yield _tuple_in(items, early)

    def map_(self, function: Any, *sources: Any) -> Iter:
        block = self.make.alloc(3 * WORD + WORD * len(sources), "map")
        pairs = [self.rt.heap_iterate(source) for source in sources]
        return Iter("map", self._mapped(function, [p[0] for p in pairs]), (block, *(p[1] for p in pairs)))

    def _mapped(self, function: Any, sources: list[Iterator[Any]]) -> Iterator[Any]:
        while True:
            values = self.make.alloc(WORD * len(sources), "map: arguments")
            items = [next(source, MISSING) for source in sources]
            if any(item is MISSING for item in items):
                self.make.memory.free(values)
                return
            yield self.rt.call(function, *items)

    def filter_(self, function: Any, items: Any) -> Iter:
        block = self.make.alloc(12, "filter")
        source, inner = self.rt.heap_iterate(items)
        return Iter("filter", self._filtered(function, source), (block, inner))

    def _filtered(self, function: Any, source: Iterator[Any]) -> Iterator[Any]:
        for item in source:
            if item if function is None else self.rt.call(function, item):
                yield item

    def reversed_(self, items: Any) -> Iter:
        block = self.make.alloc(12, "reversed")
        values = list(items.span) if isinstance(items, Range) else list(self.rt.iterate(items))
        return Iter("reversed", iter(values[::-1]), (block,))

    def iter_(self, items: Any) -> Any:
        if isinstance(items, Iter | Generator):
            return items
        source, block = self.rt.heap_iterate(items)
        return Iter("iterator", source, (block,))

    def sorted_(self, items: Any, *, key: Any = None, reverse: Any = False) -> List:
        result = self.list_(items)
        self.sort(result, key, bool(reverse))
        return result

    def sort(self, items: List, key: Any, reverse: bool) -> None:
        """Sort a list in place."""
        keyed = None if key is None else lambda item: self.rt.call(key, item)
        quicksort(items.items, lambda a, b: bool(self.rt.operators.compare("<", a, b)), keyed, reverse)

    # -- containers ---------------------------------------------------------------------------------------------

    def list_(self, *values: Any) -> List:
        if not values:
            return self.make.new_list()
        result = self.make.new_list()
        source, block = self.rt.heap_iterate(values[0])
        for item in source:
            self.make.append(result, item)
        del block
        return result

    def tuple_(self, *values: Any) -> Any:
        if not values or isinstance(values[0], tuple):
            return values[0] if values else ()
        scratch = self.make.alloc(4 * WORD, "tuple being made")
        source, block = self.rt.heap_iterate(values[0])
        items: list[Any] = []
        room = 4
        for item in source:
            if len(items) >= room:
                room *= 2
                self.make.memory.realloc(scratch, WORD * room)
            items.append(item)
        result = self.make.new_tuple(items)
        self.make.memory.free(scratch)
        del block
        return result

    def dict_(self, *values: Any, **names: Any) -> Dict:
        result = self.make.new_dict(len(names))
        for value in values:
            pairs = (
                value.items.items()
                if isinstance(value, Dict)
                else [self.rt.unpack(p, 2) for p in self.rt.iterate(value)]
            )
            for key, item in list(pairs):
                self.make.store(result, key, item)
        for name, item in names.items():
            self.make.store(result, name, item)
        return result

    def fromkeys(self, keys: Any, value: Any = None) -> Dict:
        """``dict.fromkeys``."""
        result = self.make.new_dict()
        for key in self.rt.iterate(keys):
            self.make.store(result, key, value)
        return result

    def from_bytes(self, data: Any, order: Any, *_signed: Any) -> int:
        """``int.from_bytes``."""
        return self.make.whole(int.from_bytes(as_bytes(data), "little" if str(order) == "little" else "big"))

    def set_(self, *values: Any) -> Set:
        return self.make.new_set(self.rt.iterate(values[0]) if values else ())

    def range_(self, *limits: Any) -> Range:
        span = self.rt.count(*limits)
        assert isinstance(span, range)
        return Range(span, self.make.alloc(OBJECT, "range"))

    def len_(self, value: Any) -> int:
        if isinstance(value, View):
            return len(value.of)
        if isinstance(value, Instance):
            return int(self.rt.special(value, "__len__", text="has no len()"))
        try:
            return len(value)
        except TypeError:
            self.make.throw_formatted("TypeError", f"object of type '{type_name(value)}' has no len()")

    def all_(self, items: Any) -> bool:
        return all(bool(item) for item in self.rt.iterate(items))

    def any_(self, items: Any) -> bool:
        return any(bool(item) for item in self.rt.iterate(items))

    # -- objects ------------------------------------------------------------------------------------------------

    def getattr_(self, owner: Any, name: Any, *default: Any) -> Any:
        if default and self.rt.lookup(owner, str(name))[0] is MISSING:
            return default[0]
        return self.rt.attr(owner, str(name))

    def hasattr_(self, owner: Any, name: Any) -> bool:
        return self.rt.lookup(owner, str(name))[0] is not MISSING

    def type_(self, value: Any) -> Any:
        if isinstance(value, Instance):
            return value.klass
        if isinstance(value, ScriptError):
            return value.klass or type(value)
        return self.types.get(type_name(value), NativeType(type_name(value), None, (type(value),)))

    def callable_(self, value: Any) -> bool:
        return isinstance(value, Function | Native | NativeType | Class) or self.hasattr_(value, "__call__")

    def issubclass_(self, kind: Any, others: Any) -> bool:
        for other in others if isinstance(others, tuple) else (others,):
            if isinstance(kind, Class) and (
                kind.is_under(other) or (kind.error and isinstance(other, type) and issubclass(kind.error, other))
            ):
                return True
            if kind is other or (isinstance(kind, type) and isinstance(other, type) and issubclass(kind, other)):
                return True
        return False

    def descriptor(self, kind: str) -> Callable[[Any], Descriptor]:
        """``property``, ``staticmethod``, ``classmethod``."""
        return lambda function=None, *_more: Descriptor(kind, function, self.make.alloc(OBJECT, kind))

    def memoryview_(self, source: Any) -> Buffer:
        return self.rt.buffers.memoryview_(source)

    def chr_(self, code: int) -> str:
        return chr(int(code))

    def ord_(self, text: Any) -> int:
        data = str(text) if isinstance(text, str) else as_bytes(text)
        if len(data) != 1:
            self.make.throw_formatted(
                "TypeError", f"ord() expected a character, but string of length {len(data)} found"
            )
        return ord(data)

    def hex_(self, value: int) -> str:
        return percent_text(self.make, "%#x", int(value), self.rt.show)

    def oct_(self, value: int) -> str:
        return percent_text(self.make, "%#o", int(value), self.rt.show)

    def bin_(self, value: int) -> str:
        return format_text(self.make, "{:#b}", (int(value),), {}, self.rt.show, self.rt.attr)

    def refuse(self, name: str) -> Callable[..., Any]:
        """A built-in that is not simulated."""

        def call(*_values: Any, **_names: Any) -> Any:
            self.make.throw_formatted("NotImplementedError", f"{name}() is not simulated")

        return call


def _tuple_in(items: list[Any], block: Any) -> Any:
    result = Tuple(items)
    result.block = block
    return result


def _functions(b: Builtins) -> dict[str, Callable[..., Any]]:
    names = (
        *("print", "repr", "abs", "round", "divmod", "pow", "sum", "max", "min", "iter", "sorted", "len", "all", "any"),
        *("getattr", "hasattr", "callable", "issubclass", "chr", "ord", "hex", "oct", "bin"),
    )
    table: dict[str, Callable[..., Any]] = {name: getattr(b, f"{name}_") for name in names}
    rt = b.rt
    table["next"] = rt.next
    table["isinstance"] = rt.isinstance
    table["setattr"] = lambda owner, name, value: rt.setattr(owner, str(name), value)
    table["delattr"] = lambda owner, name: rt.delattr(owner, str(name))
    table["id"] = lambda value: b.make.whole(id(value) & 0x3FFFFFFF)
    table["hash"] = lambda value: b.make.whole(hash(value) & 0x1FFFFFFF)
    table["dir"] = lambda *owner: b.make.new_list(sorted(getattr(owner[0], "members", {})) if owner else [])
    for name in ("exec", "eval", "compile", "input", "locals"):
        table[name] = b.refuse(name)
    return table


def _types(b: Builtins) -> dict[str, tuple[Callable[..., Any] | None, tuple[type, ...]]]:
    rt = b.rt
    return {
        "int": (b.int_, (int,)),
        "float": (b.float_, (float,)),
        "bool": (lambda value=False: bool(value), (bool,)),
        "str": (b.str_, (str,)),
        "bytes": (rt.buffers.bytes_, (bytes,)),
        "bytearray": (rt.buffers.bytearray_, (Buffer,)),
        "memoryview": (b.memoryview_, (Buffer,)),
        "list": (b.list_, (List,)),
        "tuple": (b.tuple_, (tuple,)),
        "dict": (b.dict_, (Dict,)),
        "set": (b.set_, (Set,)),
        "frozenset": (b.set_, (Set,)),
        "range": (b.range_, (Range,)),
        "enumerate": (b.enumerate_, (Iter,)),
        "zip": (b.zip_, (Iter,)),
        "map": (b.map_, (Iter,)),
        "filter": (b.filter_, (Iter,)),
        "reversed": (b.reversed_, (Iter,)),
        "property": (b.descriptor("property"), (Descriptor,)),
        "staticmethod": (b.descriptor("staticmethod"), (Descriptor,)),
        "classmethod": (b.descriptor("classmethod"), (Descriptor,)),
        "type": (b.type_, (Class, NativeType)),
        "object": (None, (object,)),
        "super": (None, ()),
    }
