"""The small modules: ``gc``, ``time``, ``math``, ``os``, ``struct``, ``random`` and the like.

Facts: micropython/micropython v1.26.0 ``py/modgc.c``, ``extmod/``; requests measured on 4.8.1 and 5.0.0.
"""

# ruff: noqa: PLW0108 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import base64
import json
import math
import random
import struct
import zlib
from typing import TYPE_CHECKING, Any

from omvsim.script._errors import ScriptStopped
from omvsim.script._make import OBJECT, WORD
from omvsim.script._operators import as_bytes
from omvsim.script._regex import regex_module
from omvsim.script._streams import memory_stream
from omvsim.script._stubs import Stub
from omvsim.script._text import representation
from omvsim.script._values import Buffer, Dict, List, Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

TICKS = 1 << 30
EPOCH_SECONDS = 1_767_225_600
"""1 January 2026; more than 31 bits, so a big int on the heap."""


class Clock(NativeObject):
    """A ``time.clock()``."""

    __slots__ = ("count", "rt", "start", "world")
    kind_name = "clock"
    methods: dict[str, Any]

    def __init__(self, rt: Runtime, world: World) -> None:
        super().__init__()
        self.rt = rt
        self.world = world
        self.start = 0
        self.count = 0
        self.blocks = (rt.make.alloc(OBJECT, "clock"),)

    def tick(self) -> None:
        """A frame begins."""
        self.start = self.world.now_us
        self.count += 1

    def average(self) -> float:
        """Milliseconds of a frame."""
        return max(self.world.now_us - self.start, 1) / 1000


Clock.methods = {
    "tick": Clock.tick,
    "fps": lambda clock: clock.rt.make.real(1000.0 / clock.average()),
    "avg": lambda clock: clock.rt.make.real(clock.average()),
    "reset": lambda clock: clock.tick(),
}


class Modules:
    """Makes the small modules for one runtime."""

    def __init__(self, rt: Runtime, world: World) -> None:
        self.rt = rt
        self.make = rt.make
        self.world = world
        self.random = random.Random(world.seed)

    def table(self) -> dict[str, Callable[[], Module]]:
        """Module name to what makes it."""
        own = ("gc", "time", "math", "os", "sys", "struct", "json", "random", "array", "micropython", "collections")
        found: dict[str, Callable[[], Module]] = {name: getattr(self, f"_{name}") for name in own}
        for name in ("time", "os", "sys", "struct", "json", "random", "array", "collections", "io", "binascii"):
            found[f"u{name}"] = found.get(name) or getattr(self, f"_{name}")
        found["ure"] = self._re
        for name in ("io", "binascii", "errno", "uctypes", "hashlib", "omv", "re"):
            found[name] = getattr(self, f"_{name}")
        return found

    def _module(self, name: str, functions: dict[str, Any], constants: dict[str, Any] | None = None) -> Module:
        return Module(name, {**{key: Native(key, call) for key, call in functions.items()}, **(constants or {})})

    # -- gc, micropython ----------------------------------------------------------------------------------------

    def _gc(self) -> Module:
        heap = self.rt.memory.heap

        def enable(on: bool) -> None:
            heap.gc.auto_collect = on

        def threshold(*amount: Any) -> Any:
            if not amount:
                return -1 if heap.gc.threshold is None else heap.gc.threshold * 16
            heap.gc.threshold = None if int(amount[0]) < 0 else int(amount[0]) // 16
            return None

        return self._module(
            "gc",
            {
                "collect": heap.collect,
                "mem_free": lambda: self.make.whole(heap.gc.free_bytes),
                "mem_alloc": lambda: self.make.whole(heap.gc.used),
                "enable": lambda: enable(True),
                "disable": lambda: enable(False),
                "isenabled": lambda: heap.gc.auto_collect,
                "threshold": threshold,
            },
        )

    def _micropython(self) -> Module:
        heap = self.rt.memory.heap

        def lock() -> None:
            heap.gc.lock_depth += 1

        def unlock() -> int:
            heap.gc.lock_depth = max(0, heap.gc.lock_depth - 1)
            return heap.gc.lock_depth

        def mem_info(*_verbose: Any) -> None:
            self.world.write(
                f"GC: total: {heap.gc.used + heap.gc.free_bytes}, used: {heap.gc.used}, free: {heap.gc.free_bytes}\n"
            )

        return self._module(
            "micropython",
            {
                "const": lambda value: value,
                "mem_info": mem_info,
                "heap_lock": lock,
                "heap_unlock": unlock,
                "stack_use": lambda: 500,
                "alloc_emergency_exception_buf": lambda _size: None,
                "opt_level": lambda *_level: 0,
                "schedule": lambda function, value: self.rt.call(function, value),
                "kbd_intr": lambda _key: None,
                "native": self.rt.same,
                "viper": self.rt.same,
            },
        )

    # -- time ---------------------------------------------------------------------------------------------------

    def _time(self) -> Module:
        world = self.world

        def now(unit: int) -> int:
            world.now_us += 1
            return world.now_us // unit % TICKS

        def diff(end: Any, start: Any) -> int:
            return (int(end) - int(start) + TICKS // 2) % TICKS - TICKS // 2

        def localtime(*_seconds: Any) -> Any:
            return self.make.new_tuple((2026, 1, 1, 0, 0, world.now_us // 1_000_000 % 60, 3, 1))

        return self._module(
            "time",
            {
                "clock": lambda: Clock(self.rt, world),
                "ticks_ms": lambda: now(1000),
                "ticks_us": lambda: now(1),
                "ticks_cpu": lambda: now(1),
                "ticks_diff": diff,
                "ticks_add": lambda ticks, delta: (int(ticks) + int(delta)) % TICKS,
                "sleep": lambda seconds: world.sleep_us(float(seconds) * 1e6),
                "sleep_ms": lambda ms: world.sleep_us(int(ms) * 1000),
                "sleep_us": world.sleep_us,
                "time": lambda: self.make.whole(EPOCH_SECONDS + world.now_us // 1_000_000),
                "time_ns": lambda: self.make.whole(world.now_us * 1000),
                "localtime": localtime,
                "gmtime": localtime,
                "mktime": lambda _parts: self.make.whole(EPOCH_SECONDS),
            },
        )

    # -- numbers ------------------------------------------------------------------------------------------------

    def _math(self) -> Module:
        def real(host: Callable[..., float]) -> Callable[..., Any]:
            def call(*values: Any) -> Any:
                try:
                    return self.make.real(host(*(float(value) for value in values)))
                except (ValueError, ZeroDivisionError):
                    self.make.throw("ValueError", "math domain error")
                except OverflowError:
                    return self.make.real(math.inf)

            return call

        def whole(host: Callable[[float], int]) -> Callable[[Any], int]:
            return lambda value: self.make.whole(host(float(value)))

        names = (
            *("sqrt", "pow", "exp", "log", "cos", "sin", "tan", "acos", "asin", "atan", "atan2", "fabs", "fmod"),
            *("ldexp", "degrees", "radians", "log2", "log10", "cosh", "sinh", "tanh", "acosh", "asinh", "atanh"),
            *("copysign", "expm1", "erf", "erfc", "gamma", "lgamma"),
        )
        functions: dict[str, Any] = {name: real(getattr(math, name)) for name in names}
        functions["ldexp"] = lambda value, power: self.make.real(math.ldexp(float(value), int(power)))
        functions.update({"floor": whole(math.floor), "ceil": whole(math.ceil), "trunc": whole(math.trunc)})
        for name in ("isnan", "isinf", "isfinite"):
            functions[name] = getattr(math, name)
        functions["isclose"] = lambda a, b, rel_tol=1e-9, abs_tol=0.0: math.isclose(
            a, b, rel_tol=rel_tol, abs_tol=abs_tol
        )
        functions["factorial"] = lambda value: self.make.whole(math.factorial(int(value)))
        functions["modf"] = lambda value: self.make.new_tuple(
            [self.make.real(part) for part in math.modf(float(value))]
        )
        return self._module(
            "math", functions, {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
        )

    def _random(self) -> Module:
        generator, make = self.random, self.make
        return self._module(
            "random",
            {
                "randint": lambda low, high: make.whole(generator.randint(int(low), int(high))),
                "randrange": lambda *limits: make.whole(generator.randrange(*map(int, limits))),
                "getrandbits": lambda bits: make.whole(generator.getrandbits(int(bits))),
                "random": lambda: make.real(generator.random()),
                "uniform": lambda low, high: make.real(generator.uniform(float(low), float(high))),
                "choice": lambda items: self.rt.operators.index(items, generator.randrange(len(items))),
                "seed": lambda *value: generator.seed(int(value[0]) if value else 0),
            },
        )

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

        return self._module(
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

        return self._module(
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
        return self._module("collections", {"namedtuple": namedtuple, "deque": deque, "OrderedDict": ordered})

    def _binascii(self) -> Module:
        make = self.make
        return self._module(
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
            self.world.note("hashlib is a stand-in: digests are zeros")
            return Stub(self.world, self.rt, "sha256", 128, {"digest": lambda *_: self.make.new_bytes(bytes(32))})

        return self._module("hashlib", {"sha256": sha256, "sha1": sha256, "md5": sha256})

    def _uctypes(self) -> Module:
        return self._module("uctypes", {"addressof": lambda _value: 0x20280000, "sizeof": lambda value: len(value)})

    def _errno(self) -> Module:
        return Module("errno", {"ENOENT": 2, "EIO": 5, "EEXIST": 17, "ENODEV": 19, "EINVAL": 22, "ETIMEDOUT": 110})

    # -- system -------------------------------------------------------------------------------------------------

    def _sys(self) -> Module:
        def leave(*_code: Any) -> None:
            raise ScriptStopped

        modules = Dict(None, None, 1 << 20)
        modules.items = self.rt.modules
        implementation = Module("implementation", {"name": "micropython", "version": (1, 26, 0)})
        return self._module(
            "sys",
            {"exit": leave, "print_exception": lambda error, *_file: self.world.write(representation(error) + "\n")},
            {
                "modules": modules,
                "path": List(["", ".frozen", "/flash", "/flash/lib"], None, None, 1 << 20),  # type: ignore[arg-type]
                "platform": "mimxrt",
                "version": "3.4.0; OpenMV",
                "implementation": implementation,
                "byteorder": "little",
                "maxsize": 2147483647,
                "stdout": self._stream(),
                "stdin": self._stream(),
                "stderr": self._stream(),
            },
        )

    def _stream(self) -> Module:
        return self._module(
            "stream", {"write": lambda text: self.world.write(str(text)), "read": lambda *_n: "", "flush": lambda: None}
        )

    def _io(self) -> Module:
        return self._module(
            "io",
            {
                "StringIO": lambda *text: memory_stream(
                    self.rt, self.world, str(text[0]).encode() if text else b"", False
                ),
                "BytesIO": lambda *data: memory_stream(self.rt, self.world, as_bytes(data[0]) if data else b"", True),
                "open": lambda *values, **more: self.rt.call(self.rt.builtins["open"], *values, **more),
            },
        )

    def _os(self) -> Module:
        files, make = self.world.files, self.make

        def listdir(path: Any = "") -> List:
            make.alloc(96, "directory")
            result = make.new_list()
            for name in files.names(str(path)):
                text = make.text(name)
                make.new_tuple((text, 0x8000, 0, 0))
                make.append(result, text)
            return result

        def stat(path: Any) -> Any:
            _, rest = files.mount(str(path))
            name = [make.alloc(OBJECT, "path"), make.alloc(len(rest) + 2, "path: text")]
            found = files.find(str(path))
            if found is None:
                make.throw("OSError", 2)
            del name
            mode = 0x4000 if found.is_dir() else 0x8000
            result = make.allotted(10)
            times = [make.whole(EPOCH_SECONDS) for _ in range(3)]
            return result((mode, 0, 0, 0, 0, 0, found.stat().st_size, *times))

        def remove(path: Any) -> None:
            target = files.target(str(path))
            if target is None or not target.is_file():
                make.throw("OSError", 2)
            target.unlink()

        def mkdir(path: Any) -> None:
            target = files.target(str(path))
            if target is None:
                make.throw("OSError", 13)
            if target.exists():
                make.throw("OSError", 17)
            target.mkdir()

        def chdir(path: Any) -> None:
            files.current = files.absolute(str(path))

        uname = (
            "mimxrt",
            "mimxrt",
            "1.26.0",
            "OpenMV",
            self.world.board.title if hasattr(self.world.board, "title") else "OpenMV RT1062",
        )
        return self._module(
            "os",
            {
                "listdir": listdir,
                "ilistdir": lambda path="": make.new_list(
                    [make.new_tuple((make.text(name), 0x8000, 0)) for name in files.names(str(path))]
                ),
                "stat": stat,
                "remove": remove,
                "unlink": remove,
                "mkdir": mkdir,
                "chdir": chdir,
                "getcwd": lambda: make.text(files.current),
                "uname": lambda: make.attrtuple(("sysname", "nodename", "release", "version", "machine"), uname),
                "sync": lambda: None,
                "statvfs": lambda _path: make.new_tuple((4096, 4096, 2048, 1024, 1024, 0, 0, 0, 0, 255)),
                "urandom": lambda count: make.new_bytes(self.random.randbytes(int(count))),
                "rename": lambda *_paths: make.throw("OSError", 13),
            },
        )

    def _re(self) -> Module:
        return regex_module(self.rt)

    def _omv(self) -> Module:
        parts = self.world.release
        return self._module(
            "omv",
            {
                "version_string": lambda: self.world.board.firmware,
                "board_type": lambda: "IMXRT1062",
                "arch": lambda: "OpenMV IMXRT1060",
                "board_id": lambda: "0" * 24,
                "disable_fb": lambda *_on: None,
            },
            {"version_major": parts[0], "version_minor": parts[1], "version_patch": parts[2] if len(parts) > 2 else 0},
        )


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


__all__ = ["Clock", "Modules"]
