"""Operators, subscripts and membership on the script's values."""

# ruff: noqa: RET503, PLR0911, PLR0912 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.script._make import OBJECT, WORD, type_name
from omvsim.script._text import percent_text, representation
from omvsim.script._values import SMALL_INT, Buffer, Bytes, Dict, Instance, List, NativeObject, Range, Set, Slice, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._runtime import Runtime

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_SPECIAL = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "&": "and",
    "|": "or",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
    "<": "lt",
    ">": "gt",
    "<=": "le",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
}


class Operators:
    """What ``+``, ``[…]``, ``in`` and the like do."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.make = runtime.make

    # -- arithmetic ---------------------------------------------------------------------------------------------

    def binary(self, sign: str, left: Any, right: Any) -> Any:
        """``left sign right``."""
        if isinstance(left, int | float) and isinstance(right, int | float):
            return self._numbers(sign, left, right)
        for side, other, reflected in ((left, right, False), (right, left, True)):
            if isinstance(side, NativeObject):
                handler = getattr(side, "binary", None)
                if handler is not None:
                    return handler(sign, other, reflected)
        if isinstance(left, Instance) or isinstance(right, Instance):
            return self._of_instances(sign, left, right)
        if isinstance(left, str) and not isinstance(left, Value):
            return self._text(sign, left, right)
        return self._sequences(sign, left, right)

    def _numbers(self, sign: str, left: Any, right: Any) -> Any:
        make = self.make
        try:
            if type(left) is int and type(right) is int and sign != "/":
                value = _ARITHMETIC[sign](left, right)
                if not -SMALL_INT <= value < SMALL_INT:
                    make.whole(SMALL_INT)  # the left side is made a big int first
                return make.number(value) if not isinstance(value, complex) else self.unsupported(sign, left, right)
            plain = [float(v) if isinstance(v, float) else int(v) for v in (left, right)]
            value = _ARITHMETIC[sign](*plain)
        except ZeroDivisionError:
            make.throw("ZeroDivisionError", "divide by zero")
        except OverflowError:
            return make.real(float("inf"))
        except TypeError:
            self.unsupported(sign, left, right)
        except ValueError:
            make.throw("ValueError", "negative shift count")
        if isinstance(value, complex):
            make.throw("ValueError", "complex values not supported")
        if isinstance(value, bool):
            return value
        return make.real(value) if isinstance(value, float) else make.whole(int(value))

    def _text(self, sign: str, left: str, right: Any) -> Any:
        if sign == "%":
            return percent_text(self.make, left, right, self.runtime.show)
        if sign == "+" and isinstance(right, str):
            if not left or not right:
                return left or right
            return self.make.joined(str(left) + str(right))
        if sign == "*" and isinstance(right, int):
            return self.make.joined(str(left) * int(right))
        return self.unsupported(sign, left, right)

    def _sequences(self, sign: str, left: Any, right: Any) -> Any:
        make = self.make
        if isinstance(right, int) and sign == "*":
            if isinstance(left, List):
                return make.new_list(left.items * int(right))
            if isinstance(left, tuple):
                return make.new_tuple(tuple(left) * int(right))
            if isinstance(left, bytes):
                return make.new_bytes(bytes(left) * int(right))
            if isinstance(left, Buffer):
                return make.new_bytearray(bytes(left.data) * int(right))
        if isinstance(left, int) and sign == "*":
            return self.binary(sign, right, left)
        if sign == "+":
            if isinstance(left, List) and isinstance(right, List):
                return make.new_list(left.items + right.items)
            if isinstance(left, tuple) and isinstance(right, tuple):
                return make.new_tuple(tuple(left) + tuple(right))
            if isinstance(left, bytes) and isinstance(right, bytes | Buffer):
                return make.new_bytes(bytes(left) + as_bytes(right))
            if isinstance(left, Buffer) and isinstance(right, bytes | Buffer):
                return make.new_bytearray(bytes(left.data) + as_bytes(right))
        if isinstance(left, bytes) and sign == "%":
            text = percent_text(make, left.decode("latin-1"), right, self.runtime.show)
            return Bytes(text.encode("latin-1"))
        if isinstance(left, Set) and isinstance(right, Set) and sign in "&|-^":
            return make.new_set(_ARITHMETIC[sign](set(left.items), set(right.items)))
        if isinstance(left, Dict) and isinstance(right, Dict) and sign == "|":
            merged = make.new_dict(len(left.items))
            for part in (left, right):
                for key, value in part.items.items():
                    make.store(merged, key, value)
            return merged
        return self.unsupported(sign, left, right)

    def _of_instances(self, sign: str, left: Any, right: Any) -> Any:
        name = _SPECIAL[sign]
        for side, other, prefix in ((left, right, "__"), (right, left, "__r")):
            if isinstance(side, Instance):
                method = side.klass.find(f"{prefix}{name}__")
                if method:
                    return self.runtime.call(method, side, other)
        return self.unsupported(sign, left, right)

    def unsupported(self, sign: str, left: Any, right: Any) -> NoReturn:
        """The camera's TypeError."""
        word = f"__{_SPECIAL.get(sign, sign)}__"
        self.make.throw_formatted(
            "TypeError", f"unsupported types for {word}: '{type_name(left)}', '{type_name(right)}'"
        )

    def in_place(self, sign: str, left: Any, right: Any) -> Any:
        """``left sign= right``; lists, buffers and arrays change in place."""
        if isinstance(left, List) and sign == "+":
            self.extend(left, right)
            return left
        if isinstance(left, Buffer) and sign == "+" and left.kind != "memoryview":
            self.runtime.buffers.extend(left, right)
            return left
        handler = getattr(left, "in_place", None) if isinstance(left, NativeObject) else None
        if handler is not None:
            return handler(sign, right)
        if isinstance(left, Instance):
            method = left.klass.find(f"__i{_SPECIAL[sign]}__")
            if method:
                return self.runtime.call(method, left, right)
        return self.binary(sign, left, right)

    def extend(self, target: List, items: Any) -> None:
        """``list.extend``: a list is copied at once, into a table that grows to the sum and four more."""
        if isinstance(items, List | tuple):
            more = list(items)
            total = len(target.items) + len(more)
            if total > target.slots:
                target.slots = total + 4
                self.make.memory.realloc(target.table, WORD * target.slots)
            target.items.extend(more)
            return
        for item in self.runtime.iterate(items):
            self.make.append(target, item)

    def unary(self, sign: str, value: Any) -> Any:
        """``-x``, ``+x``, ``~x``."""
        if isinstance(value, int | float):
            if sign == "-":
                return self.make.number(-(float(value) if isinstance(value, float) else int(value)))
            if sign == "+":
                return value
            if not isinstance(value, float):
                return self.make.whole(~int(value))
        if isinstance(value, Instance):
            method = value.klass.find({"-": "__neg__", "+": "__pos__", "~": "__invert__"}[sign])
            if method:
                return self.runtime.call(method, value)
        handler = getattr(value, "negative", None)
        if handler is not None and sign == "-":
            return handler()
        self.make.throw_formatted("TypeError", f"unsupported type for {sign}: '{type_name(value)}'")

    # -- comparisons --------------------------------------------------------------------------------------------

    def compare(self, sign: str, left: Any, right: Any) -> Any:
        """``left sign right``."""
        for side, other, reflected in ((left, right, False), (right, left, True)):
            handler = getattr(side, "compare", None) if isinstance(side, NativeObject) else None
            if handler is not None:
                return handler(_MIRRORED.get(sign, sign) if reflected else sign, other)
        if isinstance(left, Instance):
            method = left.klass.find(f"__{_SPECIAL[sign]}__")
            if method:
                return self.runtime.call(method, left, right)
        if sign in ("==", "!="):
            equal = bool(left == right) or (isinstance(left, Buffer | bytes) and self._same_bytes(left, right))
            return equal if sign == "==" else not equal
        if isinstance(left, List) and isinstance(right, List):
            left, right = left.items, right.items
        if isinstance(left, Set) and isinstance(right, Set):
            left, right = set(left.items), set(right.items)
        try:
            return _COMPARE[sign](left, right)
        except TypeError:
            self.unsupported(sign, left, right)

    @staticmethod
    def _same_bytes(left: Any, right: Any) -> bool:
        return isinstance(right, Buffer | bytes) and as_bytes(left) == as_bytes(right)

    def contains(self, item: Any, container: Any) -> bool:
        """``item in container``."""
        if isinstance(container, str):
            if not isinstance(item, str):
                self.make.throw_formatted("TypeError", f"can't convert '{type_name(item)}' object to str implicitly")
            return str(item) in str(container)
        if isinstance(container, Dict | Set):
            try:
                return item in container.items
            except TypeError:
                self.make.throw_formatted("TypeError", f"unhashable type: '{type_name(item)}'")
        if isinstance(container, List | tuple):
            return any(bool(self.compare("==", each, item)) for each in container)
        if isinstance(container, Buffer | bytes):
            data = as_bytes(container)
            return (int(item) in data) if isinstance(item, int) else as_bytes(item) in data
        if isinstance(container, Range):
            return item in container.span
        if isinstance(container, Instance):
            method = container.klass.find("__contains__")
            if method:
                return bool(self.runtime.call(method, container, item))
        return any(bool(self.compare("==", each, item)) for each in self.runtime.iterate(container))

    # -- subscripts ---------------------------------------------------------------------------------------------

    def index(self, container: Any, key: Any) -> Any:
        """``container[key]``."""
        if isinstance(container, List | tuple):
            items = container.items if isinstance(container, List) else tuple(container)
            if isinstance(key, Slice):
                part = items[key.span]
                return self.make.new_list(part) if isinstance(container, List) else self.make.new_tuple(part)
            return items[self.position(key, len(items), type_name(container))]
        if isinstance(container, Dict):
            try:
                return container.items[key]
            except KeyError:
                raise self.make.traced(self.make.error("KeyError", key, text_object=False)) from None
            except TypeError:
                self.make.throw_formatted("TypeError", f"unhashable type: '{type_name(key)}'")
        if isinstance(container, str | bytes):
            return self._of_text(container, key)
        if isinstance(container, Buffer):
            return self.runtime.buffers.index(container, key)
        if isinstance(container, Range):
            if isinstance(key, Slice):
                return Range(container.span[key.span], self.make.alloc(OBJECT, "range"))
            return container.span[self.position(key, len(container.span), "range")]
        handler = getattr(container, "index", None) if isinstance(container, NativeObject) else None
        if handler is not None:
            return handler(key)
        return self.runtime.special(container, "__getitem__", key, text="isn't subscriptable")

    def _of_text(self, container: Any, key: Any) -> Any:
        if isinstance(key, Slice):
            part = container[key.span]
            if isinstance(container, str):
                return self.make.text(part)
            return self.make.new_bytes(part, copy=True)
        position = self.position(key, len(container), type_name(container))
        return str(container[position]) if isinstance(container, str) else container[position]

    def position(self, key: Any, length: int, kind: str) -> int:
        """A checked index."""
        if not isinstance(key, int):
            self.make.throw_formatted("TypeError", f"{kind} indices must be integers, not {type_name(key)}")
        place = int(key) + (length if key < 0 else 0)
        if not 0 <= place < length:
            self.make.throw_formatted("IndexError", f"{kind} index out of range")
        return place

    def store(self, container: Any, key: Any, value: Any) -> None:
        """``container[key] = value``."""
        if isinstance(container, List):
            if isinstance(key, Slice):
                self._store_slice(container, key, value)
            else:
                container.items[self.position(key, len(container.items), "list")] = value
        elif isinstance(container, Dict):
            self.make.store(container, key, value)
        elif isinstance(container, Buffer):
            self.runtime.buffers.store(container, key, value)
        elif isinstance(container, NativeObject) and hasattr(container, "store"):
            container.store(key, value)
        elif isinstance(container, Instance):
            self.runtime.special(container, "__setitem__", key, value, text="doesn't support item assignment")
        else:
            self.make.throw_formatted("TypeError", f"'{type_name(container)}' object doesn't support item assignment")

    def _store_slice(self, target: List, key: Slice, value: Any) -> None:
        if not isinstance(value, List | tuple):
            self.make.throw_formatted("TypeError", f"object '{type_name(value)}' isn't a tuple or list")
        changed = list(target.items)
        changed[key.span] = list(value)
        if len(changed) > target.slots:
            target.slots = len(changed)
            self.make.memory.realloc(target.table, WORD * target.slots)
        target.items = changed

    def delete(self, container: Any, key: Any) -> None:
        """``del container[key]``."""
        if isinstance(container, List):
            if isinstance(key, Slice):
                del container.items[key.span]
            else:
                del container.items[self.position(key, len(container.items), "list")]
        elif isinstance(container, Dict):
            if key not in container.items:
                raise self.make.traced(self.make.error("KeyError", key, text_object=False))
            del container.items[key]
        else:
            self.runtime.special(container, "__delitem__", key, text="doesn't support item deletion")


_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def as_bytes(value: Any) -> bytes:
    """Bytes of a bytes-like value of the script.

    Raises:
        TypeError: it has none.
    """
    if isinstance(value, Buffer):
        return value.data.tobytes()
    if isinstance(value, str):
        return str(value).encode()
    if isinstance(value, bytes):
        return bytes(value)
    data = getattr(value, "buffer_bytes", None)
    if data is None:
        raise TypeError(representation(value))
    result: bytes = data()
    return result
