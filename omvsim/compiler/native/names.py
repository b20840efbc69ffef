"""Which names have low numbers: machine code holds numbers of names, and a number below 256 takes less of it.

MicroPython fixes the numbers of the names that its compiler and its .mpy files need (py/makeqstrdata.py: the static
names, and those kept in bytes); the other built-in names follow sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from omvsim.memory.strings import StringPool

_STATIC: Final = """
__dir__ * / <module> _ __call__ __class__ __delitem__ __enter__ __exit__ __getattr__ __getitem__ __hash__
__init__ __int__ __iter__ __len__ __main__ __module__ __name__ __new__ __next__ __qualname__ __repr__
__setitem__ __str__ ArithmeticError AssertionError AttributeError BaseException EOFError Ellipsis Exception
GeneratorExit ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError
NameError NoneType NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError SystemExit
TypeError ValueError ZeroDivisionError abs all any append args bool builtins bytearray bytecode bytes callable
chr classmethod clear close const copy count dict dir divmod end endswith eval exec extend find format
from_bytes get getattr globals hasattr hash id index insert int isalpha isdigit isinstance islower isspace
issubclass isupper items iter join key keys len list little locals lower lstrip main map micropython next object
open ord pop popitem pow print range read readinto readline remove replace repr reverse rfind rindex round
rsplit rstrip self send sep set setattr setdefault sort sorted split start startswith staticmethod step stop str
strip sum super throw to_bytes tuple type update upper utf-8 value values write zip <dictcomp> <genexpr>
<lambda> <listcomp> <setcomp> __abs__ __add__ __and__ __bool__ __complex__ __contains__ __delete__ __divmod__
__eq__ __float__ __floordiv__ __ge__ __get__ __gt__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__
__imod__ __imul__ __invert__ __ior__ __ipow__ __irshift__ __isub__ __itruediv__ __ixor__ __le__ __lshift__
__lt__ __matmul__ __mod__ __mul__ __ne__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rfloordiv__
__rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__
__set__ __sizeof__ __sub__ __truediv__ __xor__
"""
"""In the order of their numbers, which start at 2; three that cannot stand here come in between: the empty name, a line
feed and a blank, numbers 1, 3 and 4."""
_FIXED: Final = frozenset({"", "\n", " ", *_STATIC.split()})
_LOWEST: Final = frozenset({"", "\n", " ", *_STATIC.split()[: 31 - 3]})
"""Those whose objects (number, shifted by three) fit in a byte as well."""
_BYTE: Final = 256


class NameNumbers:
    """Whether numbers of names fit in a byte.

    Args:
        strings: the pool, which knows the built-in names.
    """

    def __init__(self, strings: StringPool) -> None:
        others = sorted(name for name in strings.built_in if name not in _FIXED)
        self._low = _FIXED.union(others[: _BYTE - 1 - len(_FIXED)])

    def text_stand_in(self, name: str) -> int:
        """Likewise for the text as an object; no pool has 8192 names, so two bytes hold any."""
        return 1 if name in _LOWEST else _BYTE

    def stand_in(self, name: str) -> int:
        """A number of the same length as the name's."""
        return 1 if name in self._low else _BYTE


__all__ = ["NameNumbers"]
