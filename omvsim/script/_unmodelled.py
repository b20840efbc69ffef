"""What the camera has and omvsim lacks: never the camera's exception, never a pass.

A name that no table of omvsim holds is an AttributeError of the camera only if the camera cannot have it. For what the
firmware implements in C that is decided by its measured pool of names: an attribute whose name is not in the firmware
cannot be one of its modules' or types'. Frozen modules: ``boards/OPENMV_RT1060/manifest.py`` of openmv/openmv v4.8.1
and v5.0.0. Methods: micropython/micropython v1.26.0 ``py/obj*.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.pools import built_in_names

if TYPE_CHECKING:
    from collections.abc import Iterable

_FROZEN = frozenset(
    (
        *("aioble", "asyncio", "bno055", "dht", "display", "ds18x20", "logging", "microdot", "modbus", "mqtt", "mutex"),
        *(
            "neopixel",
            "ntptime",
            "onewire",
            "pca9674a",
            "pid",
            "protocol",
            "requests",
            "rpc",
            "rtsp",
            "senml",
            "ssd1306",
        ),
        *("ssd1351", "ssl", "tb6612", "uasyncio", "urequests", "vl53l1x", "webrepl", "webrepl_setup"),
    )
)
_BUILT_IN = frozenset(
    (
        *("_asyncio", "bluetooth", "builtins", "cmath", "cryptolib", "deflate", "framebuf", "heapq", "lwip", "mimxrt"),
        *("network", "platform", "select", "socket", "tls", "uctypes", "umalloc", "uselect", "usocket", "vfs"),
        *("websocket", "onewire"),
    )
)
BUILTINS = (
    *("__import__", "bytes", "callable", "classmethod", "compile", "complex", "delattr", "dir", "eval", "exec"),
    *("execfile", "frozenset", "globals", "hash", "id", "input", "locals", "memoryview", "oct", "pow", "slice"),
)
"""Built-in functions of the camera; those that omvsim has are looked up first."""
_TEXT = (
    *("center", "count", "endswith", "find", "format", "index", "isalpha", "isdigit", "islower", "isspace", "isupper"),
    *("join", "lower", "lstrip", "partition", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split"),
    *("splitlines", "startswith", "strip", "upper"),
)
_METHODS: dict[str, frozenset[str]] = {
    "str": frozenset((*_TEXT, "encode")),
    "bytes": frozenset((*_TEXT, "decode")),
    "bytearray": frozenset(("append", "decode", "extend")),
    "array": frozenset(("append", "extend")),
    "memoryview": frozenset(("itemsize",)),
    "int": frozenset(("from_bytes", "to_bytes")),
    "tuple": frozenset(("count", "index")),
    "list": frozenset(
        ("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort")
    ),
    "dict": frozenset(
        ("clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values")
    ),
    "set": frozenset(
        (
            *("add", "clear", "copy", "difference", "difference_update", "discard", "intersection"),
            *("intersection_update", "isdisjoint", "issubset", "issuperset", "pop", "remove", "symmetric_difference"),
            *("symmetric_difference_update", "union", "update"),
        )
    ),
    "generator": frozenset(("close", "pend_throw", "send", "throw")),
}
"""Methods of the interpreter's own types; types that are not here have no method that omvsim lacks."""
_FIRST_UMALLOC = (5,)


def names_of(release: tuple[int, ...]) -> frozenset[str]:
    """Names in the ROM of that release, or of the measured one that is nearest."""
    return built_in_names("5.0.0" if release >= (5,) else "4.8.1")


def has_module(name: str, release: tuple[int, ...]) -> bool:
    """Whether the RT1062's firmware has a module that omvsim was asked for and did not find."""
    first = name.partition(".")[0]
    if first == "umalloc":
        return release >= _FIRST_UMALLOC
    return first in _FROZEN or first in _BUILT_IN


def may_have(kind: str, name: str, names: Iterable[str] | None) -> bool:
    """Whether the camera may know attribute ``name``.

    Args:
        kind: name of the interpreter's own type, or of the firmware's module or type.
        name: the attribute.
        names: the firmware's names for something of the firmware; None for the interpreter's own types.
    """
    if names is None:
        return name in _METHODS.get(kind, ())
    return name in names


class Unmodelled:
    """What the script called and omvsim does not model, with the lines it was called at, in order."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, int], None] = {}

    def add(self, what: str, line: int) -> None:
        """One more; the same at the same line is one."""
        self._calls.setdefault((what, line))

    @property
    def calls(self) -> tuple[tuple[str, int], ...]:
        """(what, line)."""
        return tuple(self._calls)
