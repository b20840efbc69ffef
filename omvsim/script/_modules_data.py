"""Modules that work on data: ``struct``, ``json``, ``array``, ``collections``, ``binascii``, ``hashlib``, ``re``.

Facts: micropython/micropython v1.26.0 ``extmod/``; requests measured on 4.8.1 and 5.0.0.
"""

# ruff: noqa: PLW0108 - stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from omvsim.script._make import WORD
from omvsim.script._operators import as_bytes
from omvsim.script._stubs import Stub
from omvsim.script._text import representation
from omvsim.script._values import Buffer, Dict, List, Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.script._make import Maker
    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World


def module_of(name: str, functions: dict[str, Any], constants: dict[str, Any] | None = None) -> Module:
    """A module of functions and constants."""
    return Module(name, {**{key: Native(key, call) for key, call in functions.items()}, **(constants or {})})


class DataModules:
    """The half of :class:`omvsim.script._modules.Modules` that works on data."""

    rt: Runtime
    make: Maker
    world: World

    # -- data ---------------------------------------------------------------------------------------------------

    def _struct(self) -> Module:
        make = self.make

        def guard(action: Callable[[], Any]) -> Any:
            try:
                return action()
            except struct.error:
                make.throw("ValueError", "buffer too small")

        def values(found: tuple[Any, ...]) -> Any:
            items = [
                make.new_bytes(item, copy=True) if isinstance(item, bytes) else make.number(item) for item in found
            ]
            return make.new_tuple(items)

        def pack(template: Any, *items: Any) -> Any:
            data = guard(lambda: struct.pack(_native(template), *(_plain(item) for item in items)))
            return make.new_bytes(data)

        def pack_into(template: Any, target: Buffer, offset: Any, *items: Any) -> None:
            data = guard(lambda: struct.pack(_native(template), *(_plain(item) for item in items)))
            view = target.data.cast("B")
            view[int(offset) : int(offset) + len(data)] = data

        return module_of(
            "struct",
            {
                "calcsize": lambda template: struct.calcsize(_native(template)),
                "pack": pack,
                "pack_into": pack_into,
                "unpack": lambda template, data: values(
                    guard(lambda: struct.unpack_from(_native(template), as_bytes(data)))
                ),
                "unpack_from": lambda template, data, offset=0: values(
                    guard(lambda: struct.unpack_from(_native(template), as_bytes(data), int(offset)))
                ),
            },
        )

    def _json(self) -> Module:
        make = self.make

        def dumps(value: Any, **_options: Any) -> str:
            return make.joined(json.dumps(self._host(value)))

        def loads(text: Any) -> Any:
            buffer = make.alloc(8, "json text")
            try:
                found = json.loads(str(text) if isinstance(text, str) else as_bytes(text))
            except ValueError:
                make.throw("ValueError", "syntax error in JSON")
            nested = isinstance(found, dict | list) and any(isinstance(v, dict | list) for v in _children(found))
            stack = make.alloc(4 * WORD, "json: open containers") if nested else None
            result = self._script_value(found)
            make.memory.free(buffer)
            del stack
            return result

        return module_of(
            "json",
            {
                "dumps": dumps,
                "loads": loads,
                "dump": lambda value, stream: self.rt.callm(stream, "write", dumps(value)),
                "load": lambda stream: loads(self.rt.callm(stream, "read")),
            },
        )

    def _host(self, value: Any) -> Any:
        if isinstance(value, List | tuple):
            return [self._host(item) for item in value]
        if isinstance(value, Dict):
            return {str(key): self._host(item) for key, item in value.items.items()}
        if value is None or isinstance(value, bool | int | float | str):
            return value
        return representation(value)

    def _script_value(self, value: Any) -> Any:
        make = self.make
        if isinstance(value, dict):
            result = make.new_dict()
            for key, item in value.items():
                make.store(result, make.text(key), self._script_value(item))
            return result
        if isinstance(value, list):
            items = make.new_list()
            for item in value:
                make.append(items, self._script_value(item))
            return items
        if isinstance(value, str):
            return make.text(value)
        return value if value is None or isinstance(value, bool) else make.number(value)

    def _array(self) -> Module:
        return Module("array", {"array": NativeType("array", self.rt.buffers.array, (Buffer,))})

    def _collections(self) -> Module:
        def namedtuple(name: Any, fields: Any) -> NativeType:
            names = [
                str(each) for each in (str(fields).split() if isinstance(fields, str) else self.rt.iterate(fields))
            ]
            block = self.make.alloc(14 * WORD + WORD * len(names), "named tuple type")

            def make_new(*values: Any, **more: Any) -> Any:
                _ = block
                items = [*values, *(more[each] for each in names[len(values) :])]
                return self.make.attrtuple(names, items)

            return NativeType(str(name), make_new, (tuple,))

        def deque(items: Any, size: Any, *_flags: Any) -> Any:
            return Deque(self.rt, list(self.rt.iterate(items)), int(size))

        ordered = lambda *values, **names: self.rt.call(self.rt.builtins["dict"], *values, **names)  # noqa: E731
        return module_of("collections", {"namedtuple": namedtuple, "deque": deque, "OrderedDict": ordered})

    def _binascii(self) -> Module:
        make = self.make
        return module_of(
            "binascii",
            {
                "hexlify": lambda data, *sep: make.new_bytes(
                    (as_bytes(data).hex(as_bytes(sep[0]).decode()) if sep else as_bytes(data).hex()).encode()
                ),
                "unhexlify": lambda data: make.new_bytes(bytes.fromhex(as_bytes(data).decode())),
                "b2a_base64": lambda data, **_more: make.new_bytes(
                    base64.encodebytes(as_bytes(data)).replace(b"\n", b"") + b"\n"
                ),
                "a2b_base64": lambda data: make.new_bytes(base64.b64decode(as_bytes(data))),
                "crc32": lambda data, start=0: make.whole(zlib.crc32(as_bytes(data), int(start))),
            },
        )

    def _hashlib(self) -> Module:
        def sha256(*_data: Any) -> Stub:
            self.world.lacks("hashlib")
            return Stub(self.world, self.rt, "sha256", 128, {"digest": lambda *_: self.make.new_bytes(bytes(32))})

        return module_of("hashlib", {"sha256": sha256, "sha1": sha256, "md5": sha256})

    def _uctypes(self) -> Module:
        return module_of("uctypes", {"addressof": lambda _value: 0x20280000, "sizeof": lambda value: len(value)})

    def _errno(self) -> Module:
        return Module("errno", {"ENOENT": 2, "EIO": 5, "EEXIST": 17, "ENODEV": 19, "EINVAL": 22, "ETIMEDOUT": 110})


class Deque(NativeObject):
    """A ``collections.deque``."""

    __slots__ = ("items", "rt", "size")
    kind_name = "deque"
    methods: dict[str, Any]

    def __init__(self, rt: Runtime, items: list[Any], size: int) -> None:
        super().__init__()
        self.rt = rt
        self.items = items
        self.size = size
        self.blocks = (rt.make.alloc(24, "deque"), rt.make.alloc(WORD * (size + 1), "deque: slots"))

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)

    def iterate(self) -> Iterator[Any]:
        """Its items."""
        return iter(list(self.items))

    def index(self, key: Any) -> Any:
        """``self[key]``."""
        return self.items[self.rt.operators.position(key, len(self.items), "deque")]

    def append(self, value: Any) -> None:
        """At the end; a full one drops its first item."""
        self.items.append(value)
        if len(self.items) > self.size:
            self.items.pop(0)

    def take(self, place: int) -> Any:
        """An item off one end."""
        if not self.items:
            self.rt.make.throw("IndexError", "empty")
        return self.items.pop(place)


Deque.methods = {
    "append": Deque.append,
    "appendleft": lambda deque, value: deque.items.insert(0, value),
    "popleft": lambda deque: deque.take(0),
    "pop": lambda deque: deque.take(-1),
    "extend": lambda deque, values: [deque.append(value) for value in deque.rt.iterate(values)] and None,
    "clear": lambda deque: deque.items.clear(),
}


def _children(value: Any) -> list[Any]:
    return list(value.values() if isinstance(value, dict) else value)


def _native(template: Any) -> str:
    """The camera's formats: without a prefix native and aligned as on a 32-bit machine."""
    text = str(template)
    return text if text[:1] in "<>=!@" and text[:1] != "@" else "<" + text.lstrip("@")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | Buffer | str):
        return as_bytes(value)
    return float(value) if isinstance(value, float) else int(value)
