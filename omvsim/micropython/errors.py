"""How a simulated run leaves host code: the language's exceptions, and what a script can never catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import OmvsimError
from omvsim.records import Enum

if TYPE_CHECKING:
    from omvsim.micropython.values import Obj


class Error(Enum):
    """A built-in exception that the interpreter itself raises; value: its name."""

    ARITHMETIC = "ArithmeticError"
    ASSERTION = "AssertionError"
    ATTRIBUTE = "AttributeError"
    EOF = "EOFError"
    GENERATOR_EXIT = "GeneratorExit"
    IMPORT = "ImportError"
    INDENTATION = "IndentationError"
    INDEX = "IndexError"
    KEY = "KeyError"
    MEMORY = "MemoryError"
    NAME = "NameError"
    NOT_IMPLEMENTED = "NotImplementedError"
    OS = "OSError"
    OVERFLOW = "OverflowError"
    RUNTIME = "RuntimeError"
    STOP_ASYNC_ITERATION = "StopAsyncIteration"
    STOP_ITERATION = "StopIteration"
    SYNTAX = "SyntaxError"
    TYPE = "TypeError"
    UNICODE = "UnicodeError"
    VALUE = "ValueError"
    ZERO_DIVISION = "ZeroDivisionError"


class Raised(Exception):
    """An exception of the language on its way up (``nlr_raise``); ``value`` is the exception object."""

    def __init__(self, value: Obj) -> None:
        super().__init__(value)
        self.value = value


class Unknown(OmvsimError):
    """The script called something whose memory or result is not modelled: the run ends, the verdict is "not known".

    ``what`` names it as the script does, e.g. ``image.Image.find_hog``.
    """

    def __init__(self, what: str, why: str = "") -> None:
        super().__init__(f"{what}: {why}" if why else what)
        self.what = what
        self.why = why


class LimitReached(OmvsimError):
    """A limit on host time, host memory or frames ended the run; what was recorded until then stands."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Fault(OmvsimError):
    """The camera would take a HardFault or loop for ever here; ``hangs`` tells which."""

    def __init__(self, what: str, *, hangs: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.hangs = hangs


class ScriptOver(OmvsimError):
    """Nothing of the script runs after this: the camera restarts or sleeps, or waits for what never comes."""


__all__ = ["Error", "Fault", "LimitReached", "Raised", "ScriptOver", "Unknown"]
