"""The small modules: ``gc``, ``time``, ``math``, ``os``, ``struct``, ``random`` and the like.

Facts: micropython/micropython v1.26.0 ``py/modgc.c``, ``extmod/``; requests measured on 4.8.1 and 5.0.0.
"""

# ruff: noqa: PLW0108 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

from omvsim.script._errors import ScriptStopped
from omvsim.script._make import OBJECT
from omvsim.script._modules_data import DataModules, module_of
from omvsim.script._operators import as_bytes
from omvsim.script._regex import regex_module
from omvsim.script._streams import memory_stream
from omvsim.script._text import representation
from omvsim.script._values import Dict, List, Module, NativeObject

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def no_figure(self, name: str) -> Any:
        """A frame's time is not simulated: no figure rather than an invented one. NaN is as large as any float."""
        self.rt.no_figure = f"clock.{name}()"
        self.world.note("clock.fps() and clock.avg() are nan: omvsim exec has no figure for them, see omvsim time")
        return self.rt.make.real(math.nan)


Clock.methods = {
    "tick": Clock.tick,
    "fps": lambda clock: clock.no_figure("fps"),
    "avg": lambda clock: clock.no_figure("avg"),
    "reset": lambda clock: clock.tick(),
}


class Modules(DataModules):
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

        return module_of(
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

        return module_of(
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

        return module_of(
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
        return module_of(
            "math", functions, {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
        )

    def _random(self) -> Module:
        generator, make = self.random, self.make
        return module_of(
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

    # -- system -------------------------------------------------------------------------------------------------

    def _sys(self) -> Module:
        def leave(*_code: Any) -> None:
            raise ScriptStopped

        modules = Dict(None, None, 1 << 20)
        modules.items = self.rt.modules
        implementation = Module("implementation", {"name": "micropython", "version": (1, 26, 0)})
        return module_of(
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
        return module_of(
            "stream", {"write": lambda text: self.world.write(str(text)), "read": lambda *_n: "", "flush": lambda: None}
        )

    def _io(self) -> Module:
        return module_of(
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
        return module_of(
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
        return module_of(
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


__all__ = ["Clock", "Modules"]
