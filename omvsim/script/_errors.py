"""The script's exceptions: the camera's classes as classes of the host, so that ``try`` works as written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.errors import (
    DeviceCrash,
    DeviceError,
    DeviceMemoryError,
    DeviceOSError,
    DeviceRuntimeError,
    DeviceTypeError,
    DeviceValueError,
    ScriptSourceError,
)

if TYPE_CHECKING:
    from omvsim.script._memory import Block


class ScriptError(Exception):
    """An exception of the simulated script; subclasses are the camera's classes. ``values`` are its arguments."""

    device_name = "BaseException"

    def __init__(self, *values: Any, blocks: tuple[Block, ...] = ()) -> None:
        super().__init__(*values)
        self.values = values
        self.blocks = blocks
        self.members: dict[str, Any] = {}
        self.klass: Any = None
        """The script's own class, for exceptions it defines."""


class FrameLimit(BaseException):
    """The loop has done as many frames as were asked for; no handler of the script sees it."""


class TimeLimit(BaseException):
    """The run has taken as much of the host's time as it may; no handler of the script sees it."""


class NotModelled(BaseException):
    """The script asked for something that omvsim lacks and the camera may have; no handler of the script sees it.

    ``what`` is a noun phrase, e.g. ``machine.UART.irq``.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class ScriptStopped(BaseException):
    """The script ended itself (``sys.exit()``, ``machine.reset()``)."""


_TREE = {
    "SystemExit": "BaseException",
    "KeyboardInterrupt": "BaseException",
    "GeneratorExit": "BaseException",
    "Exception": "BaseException",
    "ArithmeticError": "Exception",
    "OverflowError": "ArithmeticError",
    "ZeroDivisionError": "ArithmeticError",
    "AssertionError": "Exception",
    "AttributeError": "Exception",
    "EOFError": "Exception",
    "ImportError": "Exception",
    "LookupError": "Exception",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "MemoryError": "Exception",
    "NameError": "Exception",
    "OSError": "Exception",
    "RuntimeError": "Exception",
    "NotImplementedError": "RuntimeError",
    "StopAsyncIteration": "Exception",
    "StopIteration": "Exception",
    "SyntaxError": "Exception",
    "IndentationError": "SyntaxError",
    "TypeError": "Exception",
    "ValueError": "Exception",
    "UnicodeError": "ValueError",
}


def _classes() -> dict[str, type[ScriptError]]:
    found: dict[str, type[ScriptError]] = {"BaseException": ScriptError}
    for name, parent in _TREE.items():
        found[name] = type(name, (found[parent],), {"device_name": name, "__doc__": f"The camera's {name}."})
    return found


CLASSES = _classes()

_FIRMWARE: dict[type[DeviceError], str] = {
    DeviceMemoryError: "MemoryError",
    DeviceValueError: "ValueError",
    DeviceRuntimeError: "RuntimeError",
    DeviceTypeError: "TypeError",
    DeviceOSError: "OSError",
}
_HOST: dict[type[BaseException], str] = {NameError: "NameError", RecursionError: "RuntimeError"}


def caught_by(wanted: type[ScriptError]) -> tuple[type[BaseException], ...]:
    """Host classes that ``except wanted`` takes: the class itself, and what firmware code and the host raise for it."""
    others: list[type[BaseException]] = [wanted]
    for table in (_FIRMWARE, _HOST):
        others += [host for host, name in table.items() if issubclass(CLASSES[name], wanted)]
    return tuple(others)


def describe(error: BaseException) -> str:
    """The last line of the camera's traceback."""
    if isinstance(error, DeviceError):
        return str(error)
    if isinstance(error, UnboundLocalError):
        return "NameError: local variable referenced before assignment"
    if isinstance(error, NameError):
        name = getattr(error, "name", None) or str(error)
        return f"NameError: name '{name}' isn't defined"
    if isinstance(error, RecursionError):
        return "RuntimeError: maximum recursion depth exceeded"
    if isinstance(error, ScriptError):
        name = error.klass.name if error.klass is not None else error.device_name
        return f"{name}: {text_of(error)}"
    return f"{type(error).__name__}: {error}"


def text_of(error: BaseException) -> str:
    """``str(error)``."""
    if isinstance(error, DeviceError):
        return error.text
    if isinstance(error, ScriptError):
        values = error.values
        if not values:
            return ""
        if error.device_name == "OSError" and isinstance(values[0], int):
            return f"[Errno {values[0]}] {ERRNO.get(values[0], '')}".rstrip()
        if len(values) == 1:
            return str(values[0])
        return "(" + ", ".join(map(repr, values)) + ")"
    return describe(error).partition(": ")[2]


ERRNO = {1: "EPERM", 2: "ENOENT", 5: "EIO", 13: "EACCES", 17: "EEXIST", 19: "ENODEV", 20: "ENOTDIR", 21: "EISDIR"}

__all__ = [
    "CLASSES",
    "ERRNO",
    "DeviceCrash",
    "FrameLimit",
    "NotModelled",
    "ScriptError",
    "ScriptSourceError",
    "ScriptStopped",
    "TimeLimit",
    "caught_by",
    "describe",
    "text_of",
]
