"""The script's values. Each owns the blocks that it has on the simulated heap.

Small ints, ``None``, booleans, texts the firmware knows, and constants of the code are plain host values: they cost
nothing when the script uses them. Sizes: ``sizeof`` on the real firmware, and the requests measured for each type.
"""

# ruff: noqa: PLR0917 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.script._errors import ScriptError
    from omvsim.script._frames import Frame
    from omvsim.script._memory import Block, Held

SMALL_INT = 1 << 30


class Float(float):
    """A float: an object of its own, 8 bytes."""

    __slots__ = ("block",)
    block: Block


class BigInt(int):
    """An int outside 31 bits: object and digits."""

    blocks: tuple[Block, ...]


class Str(str):
    """A text on the heap: its object, and its characters."""

    blocks: tuple[Block, ...]


class Bytes(bytes):
    """Bytes on the heap."""

    blocks: tuple[Block, ...]


class Tuple(tuple[Any, ...]):
    """A tuple made at run time."""

    block: Block


class AttrTuple(Tuple):
    """A tuple with names (``get_statistics()``, a named tuple)."""

    names: tuple[str, ...]


class Value:
    """Base of values that only the runtime understands."""

    __slots__ = ()

    @property
    def type_name(self) -> str:
        """The camera's name of its type."""
        return _TYPE_NAMES.get(type(self).__name__, "object")


class List(Value):
    """A list: header and a table of slots."""

    __slots__ = ("block", "items", "slots", "table")

    def __init__(self, items: list[Any], block: Block, table: Block, slots: int) -> None:
        self.items = items
        self.block = block
        self.table = table
        self.slots = slots

    def __bool__(self) -> bool:
        return bool(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, List) and self.items == other.items

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Dict(Value):
    """A dict: header and a hash table of ``entries`` entries."""

    __slots__ = ("block", "entries", "items", "table", "used")

    def __init__(self, block: Block | None, table: Block | None, entries: int) -> None:
        self.items: dict[Any, Any] = {}
        self.block = block
        self.table = table
        self.entries = entries
        self.used = 0

    def __bool__(self) -> bool:
        return bool(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dict) and self.items == other.items

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.items)


class Set(Value):
    """A set: header and a table of slots."""

    __slots__ = ("block", "entries", "items", "table")

    def __init__(self, items: dict[Any, None], block: Block, table: Block | None, entries: int) -> None:
        self.items = items
        self.block = block
        self.table = table
        self.entries = entries

    def __bool__(self) -> bool:
        return bool(self.items)

    def __len__(self) -> int:
        return len(self.items)

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Set) and self.items == other.items


class Buffer(Value):
    """A ``bytearray``, ``array`` or ``memoryview``: ``data`` may belong to something else (``owner``)."""

    __slots__ = ("block", "data", "kind", "owner", "table", "typecode")

    def __init__(
        self, kind: str, data: memoryview, typecode: str, block: Block, table: Block | None, owner: object = None
    ) -> None:
        self.kind = kind
        self.data = data
        self.typecode = typecode
        self.block = block
        self.table = table
        self.owner = owner

    @property
    def type_name(self) -> str:
        """Name of its type."""
        return self.kind

    def __len__(self) -> int:
        return len(self.data)

    def __bool__(self) -> bool:
        return len(self.data) > 0


class Range(Value):
    """A range object."""

    __slots__ = ("block", "span")

    def __init__(self, span: range, block: Block) -> None:
        self.span = span
        self.block = block

    def __bool__(self) -> bool:
        return bool(self.span)

    def __len__(self) -> int:
        return len(self.span)


class Slice(Value):
    """A slice object; without a block where the interpreter keeps it on the C stack."""

    __slots__ = ("block", "span")

    def __init__(self, span: slice, block: Block | None) -> None:
        self.span = span
        self.block = block


class Function(Value):
    """A function, lambda or generator function of the script."""

    __slots__ = ("blocks", "cells", "frame", "generator", "host", "members", "name")

    def __init__(
        self,
        name: str,
        host: Callable[..., Any],
        frame: Frame,
        blocks: tuple[Block, ...],
        *,
        cells: int,
        generator: bool,
    ) -> None:
        self.name = name
        self.host = host
        self.frame = frame
        self.blocks = blocks
        self.cells = cells
        self.generator = generator


class BoundMethod(Value):
    """A method with its object."""

    __slots__ = ("block", "function", "owner")

    def __init__(self, function: Any, owner: Any, block: Block | None) -> None:
        self.function = function
        self.owner = owner
        self.block = block


class Native(Value):
    """A function of the firmware: one of our stand-ins."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: Callable[..., Any]) -> None:
        self.name = name
        self.call = call


class NativeType(Value):
    """A type of the firmware: called it makes an object; ``classes`` are what ``isinstance`` takes."""

    __slots__ = ("call", "classes", "name", "statics")

    def __init__(
        self,
        name: str,
        call: Callable[..., Any] | None,
        classes: tuple[type, ...],
        statics: dict[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.call = call
        self.classes = classes
        self.statics = {} if statics is None else statics  # an empty table may know more than it holds


class Class(Value):
    """A class of the script."""

    __slots__ = ("bases", "blocks", "error", "members", "name")

    def __init__(self, name: str, bases: tuple[Any, ...], members: dict[str, Any], blocks: tuple[Block, ...]) -> None:
        self.name = name
        self.bases = bases
        self.members = members
        self.blocks = blocks
        self.error: type[ScriptError] | None = None

    def find(self, name: str) -> Any:
        """A member of the class or a base, depth first; :data:`MISSING` if there is none."""
        found = self.members.get(name, MISSING)
        for base in self.bases if found is MISSING else ():
            if isinstance(base, Class):
                found = base.find(name)
                if found is not MISSING:
                    break
        return found

    def is_under(self, other: object) -> bool:
        """Whether it is ``other`` or derives from it."""
        return self is other or any(
            base is other or (isinstance(base, Class) and base.is_under(other)) for base in self.bases
        )


class Instance(Value):
    """An object of a class of the script; ``native`` is the firmware's object it extends."""

    __slots__ = ("block", "entries", "klass", "members", "native", "table")

    def __init__(self, klass: Class, block: Block) -> None:
        self.klass = klass
        self.block = block
        self.table: Block | None = None
        self.entries = 0
        self.members: dict[str, Any] = {}
        self.native: Any = None

    @property
    def type_name(self) -> str:
        """Name of its class."""
        return self.klass.name


class Super(Value):
    """``super()`` inside a method: never an object of its own in a call."""

    __slots__ = ("klass", "owner")

    def __init__(self, klass: Class, owner: Any) -> None:
        self.klass = klass
        self.owner = owner


class Module(Value):
    """A module; ``members`` are what the script sees, ``whole`` whether the camera's has no others."""

    __slots__ = ("getters", "members", "name", "whole")

    def __init__(
        self,
        name: str,
        members: dict[str, Any],
        getters: dict[str, Callable[[], Any]] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        self.name = name
        self.whole = whole
        self.members = members
        self.getters = getters or {}


class Iter(Value):
    """An iterator object: ``zip``, ``enumerate``, ``map``, ``filter``, ``reversed``, ``iter``, a dict's view."""

    __slots__ = ("blocks", "it", "kind")

    def __init__(self, kind: str, it: Iterator[Any], blocks: tuple[Block, ...]) -> None:
        self.kind = kind
        self.it = it
        self.blocks = blocks

    @property
    def type_name(self) -> str:
        """Name of its type."""
        return self.kind


class View(Value):
    """``d.items()``, ``d.keys()``, ``d.values()``."""

    __slots__ = ("block", "of", "what")

    def __init__(self, of: Dict, what: str, block: Block) -> None:
        self.of = of
        self.what = what
        self.block = block


class Generator(Value):
    """A generator: its state is on the heap."""

    __slots__ = ("blocks", "host")

    def __init__(self, host: Any, blocks: tuple[Block, ...]) -> None:
        self.host = host
        self.blocks = blocks


class NativeObject(Value):
    """Base of the firmware's objects: an attribute is found in ``methods`` or by ``get``."""

    __slots__ = ("blocks", "held")
    kind_name: ClassVar[str] = "object"
    methods: dict[str, Callable[..., Any]]

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] = ()
        self.held: Held | None = None

    @property
    def type_name(self) -> str:
        """The camera's name of its type."""
        return self.kind_name

    def get(self, _name: str) -> Any:
        """An attribute that is not a method; :data:`MISSING` if there is none."""
        return MISSING


_TYPE_NAMES = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "Range": "range",
    "Slice": "slice",
    "Function": "function",
    "BoundMethod": "bound_method",
    "Native": "function",
    "NativeType": "type",
    "Class": "type",
    "Super": "super",
    "Module": "module",
    "View": "dict_view",
    "Generator": "generator",
}


class _Missing:
    def __bool__(self) -> bool:
        return False


MISSING: Any = _Missing()
