"""The one protocol of a value on the simulated heap.

MicroPython keeps some values in the word itself and the others in chunks of the heap. Here:

* small ints (31 bits, signed) are host ``int``, booleans host ``bool``, ``None`` is ``None``, and a *name* (a text of
  the string pool, a qstr) is a host ``str``: none of them costs anything to use.
* everything else is an :class:`Obj`: it owns the chunk the device gives it, and further :class:`Block`\\ s for tables.

Operations are methods. For the four immediate types the methods are those of their class in
:mod:`omvsim.micropython.types`, called with the host value as ``self``; :func:`kind_of` finds the class of any value.
A method that the type does not support answers :data:`UNSUPPORTED`; the machine raises the language's TypeError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, final

from omvsim.memory.requests import Chunk, Memory
from omvsim.records import Enum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import NativeType

    Out = Callable[[str], None]
    """Where a value's text goes, piece by piece as ``mp_print_t`` gets it: a buffer grows by the pieces."""

SMALL_INT_MIN: Final = -(1 << 30)
SMALL_INT_MAX: Final = (1 << 30) - 1
"""``MP_SMALL_INT_MAX`` of object representation A on 32 bits (py/smallint.h)."""


@final
class Sentinel:
    """A marker that no script can reach."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNSUPPORTED: Final = Sentinel("UNSUPPORTED")
"""``MP_OBJ_NULL`` as an operation's answer: the type does not have it."""
STOP: Final = Sentinel("STOP")
"""``MP_OBJ_STOP_ITERATION``: an iterator has no more."""
NULL: Final = Sentinel("NULL")
"""``MP_OBJ_NULL`` in a slot of a frame: an unbound local, or no self below a method call."""


class PrintKind(Enum):
    """How a value is printed (``mp_print_kind_t``): ``str()``, ``repr()``, exception text, JSON, bytes as they are."""

    STR = 0
    REPR = 1
    EXC = 2
    JSON = 3
    RAW = 4


class UnaryOp(Enum):
    """``mp_unary_op_t``. The first four have bytecodes."""

    POSITIVE = "__pos__"
    NEGATIVE = "__neg__"
    INVERT = "__invert__"
    NOT = ""
    BOOL = "__bool__"
    LEN = "__len__"
    HASH = "__hash__"
    ABS = "__abs__"
    INT = "__int__"
    FLOAT = "__float__"
    COMPLEX = "__complex__"
    SIZEOF = "__sizeof__"


class BinaryOp(Enum):
    """``mp_binary_op_t``: value is the operator as written (inplace ones with ``=``)."""

    LESS = "<"
    MORE = ">"
    EQUAL = "=="
    LESS_EQUAL = "<="
    MORE_EQUAL = ">="
    NOT_EQUAL = "!="
    IN = "in"
    IS = "is"
    EXCEPTION_MATCH = "exception match"
    INPLACE_OR = "|="
    INPLACE_XOR = "^="
    INPLACE_AND = "&="
    INPLACE_LSHIFT = "<<="
    INPLACE_RSHIFT = ">>="
    INPLACE_ADD = "+="
    INPLACE_SUBTRACT = "-="
    INPLACE_MULTIPLY = "*="
    INPLACE_MAT_MULTIPLY = "@="
    INPLACE_FLOOR_DIVIDE = "//="
    INPLACE_TRUE_DIVIDE = "/="
    INPLACE_MODULO = "%="
    INPLACE_POWER = "**="
    OR = "|"
    XOR = "^"
    AND = "&"
    LSHIFT = "<<"
    RSHIFT = ">>"
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    MAT_MULTIPLY = "@"
    FLOOR_DIVIDE = "//"
    TRUE_DIVIDE = "/"
    MODULO = "%"
    POWER = "**"
    DIVMOD = "divmod"
    CONTAINS = "contains"
    REVERSE_OR = "r|"
    REVERSE_XOR = "r^"
    REVERSE_AND = "r&"
    REVERSE_LSHIFT = "r<<"
    REVERSE_RSHIFT = "r>>"
    REVERSE_ADD = "r+"
    REVERSE_SUBTRACT = "r-"
    REVERSE_MULTIPLY = "r*"
    REVERSE_MAT_MULTIPLY = "r@"
    REVERSE_FLOOR_DIVIDE = "r//"
    REVERSE_TRUE_DIVIDE = "r/"
    REVERSE_MODULO = "r%"
    REVERSE_POWER = "r**"
    NOT_IN = "not in"
    IS_NOT = "is not"


class Obj(Chunk):
    """A value on the heap (or in ROM: ``address`` 0). Subclasses are the language's types.

    ``vm`` is the running machine. A method raises :class:`~omvsim.micropython.errors.Raised` where the device raises,
    and asks ``vm.memory`` for every chunk *before* it makes the host object that stands for it.
    """

    __slots__ = ()
    type_name: ClassVar[str] = "object"
    native_type: ClassVar[NativeType]
    """Its type object: the first :class:`NativeType` made for the class (instances of classes have their own)."""
    immediates: ClassVar[tuple[type, ...]] = ()
    """Host types that are such values too: ``(int,)`` for the language's int."""
    without_slots: ClassVar[frozenset[str]] = frozenset()
    """Slots that the device's type has not, though the host's class has the method."""
    equals_other_types: ClassVar[bool] = False
    """``MP_TYPE_FLAG_EQ_CHECKS_OTHER_TYPE``: ``==`` asks the type even if the other value is of another type."""
    equals_itself: ClassVar[bool] = True
    """False: ``MP_TYPE_FLAG_EQ_NOT_REFLEXIVE`` (a float may be NaN)."""

    has_not_equal: ClassVar[bool] = False
    """``MP_TYPE_FLAG_EQ_HAS_NEQ_TEST``: ``!=`` is asked for before ``==``."""
    custom_iterate: ClassVar[bool] = False
    """``MP_TYPE_FLAG_ITER_IS_CUSTOM``: an iterator whose ``iterate`` is asked all the same."""
    binds_self: ClassVar[bool] = False
    """``MP_TYPE_FLAG_BINDS_SELF``: as a member of a class it gets the object it was looked up on."""

    def __init__(self, memory: Memory, address: int = 0) -> None:
        self.memory = memory
        self.address = address

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        """``unary_op`` slot. Types without a slot are true (BOOL)."""
        return UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        """``binary_op`` slot, self on the left (REVERSE_*: self is the right operand)."""
        return UNSUPPORTED

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """``attr`` slot, loading. Methods are looked up elsewhere; this is for other attributes."""
        return UNSUPPORTED

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """``attr`` slot, storing (deleting with :data:`NULL`): whether it was done."""
        return False

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        """``subscr`` slot, loading."""
        return UNSUPPORTED

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        """``subscr`` slot, storing (deleting with :data:`NULL`): whether the type has it."""
        return False

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Sequence[tuple[str, Value]]) -> Value | Sentinel:
        """``call`` slot."""
        return UNSUPPORTED

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        """``iter`` slot: an iterator; ``on_stack``: its 16 bytes are in the frame (a for loop), not in a chunk."""
        return UNSUPPORTED

    def next(self, vm: Machine) -> Value | Sentinel:
        """``iternext`` slot: the next value or :data:`STOP`."""
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``print`` slot: the text, in the device's pieces. May run the script's own ``__str__``."""
        out(f"<{self.type_name}>")

    def key(self) -> object:
        """What makes it equal to another key in a dict or set: a hashable host value (default: itself)."""
        return self

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


Value = int | bool | None | str | Obj
"""A value of the language. ``str`` is a name of the string pool (qstr); a text on the heap is an :class:`Obj`."""

__all__ = [
    "NULL",
    "SMALL_INT_MAX",
    "SMALL_INT_MIN",
    "STOP",
    "UNSUPPORTED",
    "BinaryOp",
    "Obj",
    "PrintKind",
    "Sentinel",
    "UnaryOp",
    "Value",
]
