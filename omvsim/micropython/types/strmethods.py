"""Methods that str, bytes and bytearray share (py/objstr.c). ASCII only, as the firmware's are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from omvsim.memory.strings import decode, encode, size_of
from omvsim.micropython.errors import Fault
from omvsim.micropython.native import method
from omvsim.micropython.types import bytes_, list_, splitting, str_, strformat, texts, tuple_
from omvsim.micropython.types.common import slice_index_of
from omvsim.micropython.values import Obj, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Keywords, Machine

_WHITESPACE = b" \t\n\r\v\f"


def _span(vm: Machine, value: object, data: str | bytes, args: Sequence[Value]) -> tuple[int, int]:
    """Start and end of a search, from two optional positions (None: the whole)."""
    start = _position(vm, value, data, args[0]) if args and args[0] is not None else 0
    end = _position(vm, value, data, args[1]) if len(args) > 1 and args[1] is not None else len(data)
    return start, end


def _position(vm: Machine, value: object, data: str | bytes, index: Value) -> int:
    if isinstance(data, str):
        return str_.clamped(vm, data, index)
    return slice_index_of(vm, "bytes" if isinstance(value, bytes_.Bytes) else "bytearray", len(data), index)


def _find(vm: Machine, value: object, args: Sequence[Value], *, last: bool) -> int:
    data: Any = texts.raw(value)
    wanted = texts.same_kind(vm, value, args[0])
    start, end = _span(vm, value, data, args[1:])
    if end < start:
        return -1
    found: int = (data.rfind if last else data.find)(wanted, start, end)
    return found


def _index(vm: Machine, value: object, args: Sequence[Value], *, last: bool) -> int:
    found = _find(vm, value, args, last=last)
    if found < 0:
        vm.raise_value("substring not found")
    return found


def _starts(vm: Machine, value: object, args: Sequence[Value], *, end: bool) -> bool:
    data: Any = texts.raw(value)
    if len(args) > 1:
        start, stop = _span(vm, value, data, args[1:])
        data = data[start : max(start, stop)]
    prefixes = args[0].items if type(args[0]) is tuple_.Tuple else args[:1]
    whole = texts.data_of(value) if len(args) == 1 else (encode(data) if isinstance(data, str) else data)
    for prefix in prefixes:
        found = texts.str_or_bytes(vm, prefix)
        part = texts.data_of(prefix) if isinstance(found, str) else found
        if whole.endswith(part) if end else whole.startswith(part):
            return True
    return False


def _strip(vm: Machine, value: Value, args: Sequence[Value], *, left: bool, right: bool) -> Value:
    """``str_uni_strip``: byte by byte, so that of a character's bytes some may go."""
    given = texts.same_kind(vm, value, args[0]) if args else _WHITESPACE
    chars = encode(given) if isinstance(given, str) else given
    data = stripped = texts.data_of(value)
    if left and chars:
        stripped = stripped.lstrip(chars)
    if right and chars:
        stripped = stripped.rstrip(chars)
    if not stripped:
        return texts.empty(value)
    if len(stripped) == len(data):
        return value
    return texts.part(vm, value, decode(stripped) if str_.is_str(value) else stripped)


def _partition(vm: Machine, value: Value, separator: Value, *, last: bool) -> Value:
    data: Any = texts.raw(value)
    wanted: Any = texts.same_kind(vm, value, separator)
    if not wanted:
        vm.raise_value("empty separator")
    if type(separator) is not str and vm.type_of(separator) is not vm.type_of(value):
        separator = texts.part(vm, value, wanted)
    at = data.rfind(wanted) if last else data.find(wanted)
    nothing = texts.empty(value)
    if at < 0:
        return tuple_.new_tuple(vm, (nothing, nothing, value) if last else (value, nothing, nothing))
    head = texts.part(vm, value, data[:at])
    tail = texts.part(vm, value, data[at + len(wanted) :])
    return tuple_.new_tuple(vm, (head, separator, tail))


def _converted(vm: Machine, value: object, convert: Callable[[Any], Any]) -> Value:
    data = texts.raw(value)
    block = vm.memory.block((size_of(data) if isinstance(data, str) else len(data)) + 1)
    return texts.from_block(vm, value, convert(data), block)


def _ascii(convert: str) -> Callable[[Any], Any]:
    """``bytes.lower`` and ``upper`` change ASCII letters only; so do these for texts."""

    def change(data: str | bytes) -> str | bytes:
        if isinstance(data, bytes):
            return data.lower() if convert == "lower" else data.upper()
        if data.isascii():
            return data.lower() if convert == "lower" else data.upper()
        return "".join((c.lower() if convert == "lower" else c.upper()) if c.isascii() else c for c in data)

    return change


_LOWER, _UPPER = _ascii("lower"), _ascii("upper")


def _all(value: object, test: Callable[[bytes], bool]) -> bool:
    data = texts.data_of(value)
    return data != b"" and data.isascii() and test(data)


def _case(value: object, *, upper: bool) -> bool:
    """Whether there are ASCII letters, all of one case; whatever else is there."""
    letters = [byte for byte in texts.data_of(value) if byte < 0x80 and chr(byte).isalpha()]
    return bool(letters) and all(chr(byte).isupper() is upper for byte in letters)


class TextMethods(Obj):
    """The methods. ``self`` may be a host ``str``."""

    __slots__ = ()
    immediates: ClassVar[tuple[type, ...]] = (str,)

    @method("find", 2, 4)
    def find(self, vm: Machine, *args: Value) -> Value:
        """Where a part starts; -1."""
        return _find(vm, self, args, last=False)

    @method("rfind", 2, 4)
    def rfind(self, vm: Machine, *args: Value) -> Value:
        """The last of them."""
        return _find(vm, self, args, last=True)

    @method("index", 2, 4)
    def index(self, vm: Machine, *args: Value) -> Value:
        """As find; ValueError."""
        return _index(vm, self, args, last=False)

    @method("rindex", 2, 4)
    def rindex(self, vm: Machine, *args: Value) -> Value:
        """As rfind; ValueError."""
        return _index(vm, self, args, last=True)

    @method("join", 2)
    def join(self, vm: Machine, parts: Value) -> Value:
        """Anything but a list or tuple becomes a list first."""
        if type(parts) is not list_.List and type(parts) is not tuple_.Tuple:
            parts = list_.list_of(vm, parts)
        items = vm.sequence(parts)
        separator: Any = texts.raw(self)
        found: list[Any] = []
        for item in items:
            if not (str_.is_str(item) if isinstance(separator, str) else texts.is_bytes_like(item)):
                vm.raise_type("join expects a list of str/bytes objects consistent with self object")
            found.append(texts.raw(item))
        measure = size_of if isinstance(separator, str) else len
        size = sum(measure(part) for part in found) + measure(separator) * max(len(found) - 1, 0)
        block = vm.memory.block(size + 1)
        return texts.from_block(vm, self, separator.join(found), block)

    @method("split", 1, 3)
    def split(self, vm: Machine, *args: Value) -> Value:
        """A list of parts."""
        return splitting.split(vm, self, args)

    @method("rsplit", 1, 3)
    def rsplit(self, vm: Machine, *args: Value) -> Value:
        """Likewise, counted from the right."""
        return splitting.rsplit(vm, self, args)

    @method("splitlines", 1, None, keywords=True)
    def splitlines(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """A list of lines."""
        return splitting.splitlines(vm, self, args, kwargs)

    @method("startswith", 2, 4)
    def startswith(self, vm: Machine, *args: Value) -> Value:
        """One prefix, or any of a tuple."""
        return _starts(vm, self, args, end=False)

    @method("endswith", 2, 4)
    def endswith(self, vm: Machine, *args: Value) -> Value:
        """One suffix, or any of a tuple."""
        return _starts(vm, self, args, end=True)

    @method("strip", 1, 2)
    def strip(self, vm: Machine, *args: Value) -> Value:
        """Itself where nothing is to strip."""
        return _strip(vm, self, args, left=True, right=True)

    @method("lstrip", 1, 2)
    def lstrip(self, vm: Machine, *args: Value) -> Value:
        """On the left."""
        return _strip(vm, self, args, left=True, right=False)

    @method("rstrip", 1, 2)
    def rstrip(self, vm: Machine, *args: Value) -> Value:
        """On the right."""
        return _strip(vm, self, args, left=False, right=True)

    @method("format", 1, None, keywords=True)
    def format(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``str.format``."""
        return strformat.format_(vm, self, args, kwargs)

    @method("replace", 3, 4)
    def replace(self, vm: Machine, *args: Value) -> Value:
        """Itself where nothing is to replace."""
        most = vm.int_of(args[2]) if len(args) == 3 else -1
        if most == 0:
            return self
        data: Any = texts.raw(self)
        old: Any = texts.same_kind(vm, self, args[0])
        new: Any = texts.same_kind(vm, self, args[1])
        if old not in data:
            return self
        replaced = data.replace(old, new, most)
        block = vm.memory.block((size_of(replaced) if isinstance(replaced, str) else len(replaced)) + 1)
        return texts.from_block(vm, self, replaced, block)

    @method("count", 2, 4)
    def count(self, vm: Machine, *args: Value) -> Value:
        """Without overlaps."""
        data: Any = texts.raw(self)
        wanted = texts.same_kind(vm, self, args[0])
        start, end = _span(vm, self, data, args[1:])
        if not wanted:
            return max(end - start, 0) + 1
        found: int = data.count(wanted, start, end)
        return found

    @method("partition", 2)
    def partition(self, vm: Machine, separator: Value) -> Value:
        """Three parts."""
        return _partition(vm, self, separator, last=False)

    @method("rpartition", 2)
    def rpartition(self, vm: Machine, separator: Value) -> Value:
        """Three parts, at the last separator."""
        return _partition(vm, self, separator, last=True)

    @method("center", 2)
    def center(self, vm: Machine, width: Value) -> Value:
        """Width in bytes. -1 is one less than what a length holds: of one byte of room, all memory is filled."""
        data = texts.data_of(self)
        wanted = vm.int_of(width) & 0xFFFFFFFF
        if len(data) >= wanted:
            return self
        block = vm.memory.block((wanted + 1) & 0xFFFFFFFF or 1)
        if wanted == 0xFFFFFFFF:
            raise Fault("center(-1) fills all memory with spaces")
        left = (wanted - len(data)) // 2
        padded = b" " * left + data + b" " * (wanted - len(data) - left)
        return texts.from_block(vm, self, texts.decode(padded) if str_.is_str(self) else padded, block)

    @method("lower", 1)
    def lower(self, vm: Machine) -> Value:
        """ASCII letters."""
        return _converted(vm, self, _LOWER)

    @method("upper", 1)
    def upper(self, vm: Machine) -> Value:
        """ASCII letters."""
        return _converted(vm, self, _UPPER)

    @method("isspace", 1)
    def isspace(self, vm: Machine) -> Value:
        """Whether all are spaces."""
        return _all(self, bytes.isspace)

    @method("isalpha", 1)
    def isalpha(self, vm: Machine) -> Value:
        """Whether all are letters."""
        return _all(self, bytes.isalpha)

    @method("isdigit", 1)
    def isdigit(self, vm: Machine) -> Value:
        """Whether all are digits."""
        return _all(self, bytes.isdigit)

    @method("isupper", 1)
    def isupper(self, vm: Machine) -> Value:
        """Whether letters are upper case."""
        return _case(self, upper=True)

    @method("islower", 1)
    def islower(self, vm: Machine) -> Value:
        """Whether letters are lower case."""
        return _case(self, upper=False)


__all__ = ["TextMethods"]
