"""dict and OrderedDict over :class:`omvsim.micropython.maps.Map` (py/objdict.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.maps import Entry, Map
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.static_methods import rom_class_method
from omvsim.micropython.types import bytes_, str_, tuple_, views
from omvsim.micropython.values import NULL, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class Dict(Obj):
    """16 bytes and the table of its map."""

    __slots__ = ("map",)
    type_name: ClassVar[str] = "dict"
    map: Map

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return len(self.map) != 0
        return len(self.map) if op is UnaryOp.LEN else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.CONTAINS:
            return self.map.lookup(vm, rhs) is not None
        if op is BinaryOp.EQUAL:
            return _equal(vm, self, rhs)
        if op in (BinaryOp.OR, BinaryOp.INPLACE_OR):
            target = copy_of(vm, self.map, type(self)) if op is BinaryOp.OR else self
            update(vm, target, (rhs,), ())
            return target
        return UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        return get_item(vm, self, index)

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            _taken(vm, self, (index,))
        else:
            store(vm, self, index, value)
        return True

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        address = 0 if on_stack else vm.memory.alloc(sizes.ITERATOR)
        return views.DictIterator(vm.memory, address, self, views.ViewKind.KEYS)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        json = kind is PrintKind.JSON
        named = type(self) is not Dict and not json
        if named:
            out(self.type_name)
            out("(")
        out("{")
        first = True
        for entry in self.map.entries():
            if not first:
                out(", ")
            first = False
            _print_key(vm, out, entry.key, json=json)
            out(": ")
            vm.print(entry.value, out, PrintKind.JSON if json else PrintKind.REPR)
        out("}")
        if named:
            out(")")

    @method("clear", 1)
    def clear(self, vm: Machine) -> Value:
        """The table is given back."""
        _ensure_not_fixed(vm, self)
        self.map.clear()
        return None

    @method("copy", 1)
    def copy(self, vm: Machine) -> Value:
        """With a table of the same size."""
        return copy_of(vm, self.map, type(self))

    @method("get", 2, 3)
    def get(self, vm: Machine, key: Value, default: Value = None) -> Value:
        """The value, or a default."""
        entry = self.map.lookup(vm, key)
        return default if entry is None else entry.value

    @method("items", 1)
    def items(self, vm: Machine) -> Value:
        """A view of pairs."""
        return views.new_view(vm, self, views.ViewKind.ITEMS)

    @method("keys", 1)
    def keys(self, vm: Machine) -> Value:
        """A view of keys."""
        return views.new_view(vm, self, views.ViewKind.KEYS)

    @method("values", 1)
    def values(self, vm: Machine) -> Value:
        """A view of values."""
        return views.new_view(vm, self, views.ViewKind.VALUES)

    @method("pop", 2, 3)
    def pop(self, vm: Machine, *args: Value) -> Value:
        """Taken out, or a default."""
        return _taken(vm, self, args)

    @method("popitem", 1)
    def popitem(self, vm: Machine) -> Value:
        """The first pair of the table, the last of an OrderedDict."""
        _ensure_not_fixed(vm, self)
        entry = self.map.pop_last() if self.map.ordered else self.map.pop_first()
        if entry is None:
            vm.error(Error.KEY, "popitem(): dictionary is empty")
        return tuple_.new_tuple(vm, (entry.key, entry.value))

    @method("setdefault", 2, 3)
    def setdefault(self, vm: Machine, key: Value, default: Value = None) -> Value:
        """The value, stored first if there is none."""
        _ensure_not_fixed(vm, self)
        return self.map.default(vm, key, default)

    @method("update", 1, None, keywords=True)
    def update(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """From a dict or pairs, then from keywords."""
        _ensure_not_fixed(vm, self)
        vm.check_args(len(args) + 1, len(kwargs), 1, 2, keywords=True)
        update(vm, self, args, kwargs)
        return None

    @method("__getitem__", 2)
    def getitem(self, vm: Machine, key: Value) -> Value:
        """As a subscript."""
        return get_item(vm, self, key)

    @method("__setitem__", 3)
    def setitem(self, vm: Machine, key: Value, value: Value) -> Value:
        """As a subscript."""
        store(vm, self, key, value)
        return None

    @method("__delitem__", 2)
    def delitem(self, vm: Machine, key: Value) -> Value:
        """As a subscript."""
        _taken(vm, self, (key,))
        return None


class OrderedDict(Dict):
    """A linear table that grows by four entries."""

    __slots__ = ()
    type_name: ClassVar[str] = "OrderedDict"


def _print_key(vm: Machine, out: Out, key: Value, *, json: bool) -> None:
    """JSON puts quotes around what is no text."""
    quote = json and not (str_.is_str(key) or isinstance(key, bytes_.Bytes))
    if quote:
        out('"')
    vm.print(key, out, PrintKind.JSON if json else PrintKind.REPR)
    if quote:
        out('"')


def _ensure_not_fixed(vm: Machine, target: Dict) -> None:
    if target.map.fixed:
        vm.raise_type()


def _equal(vm: Machine, mine: Dict, other: Value) -> bool:
    if isinstance(mine, OrderedDict) and isinstance(other, OrderedDict):
        pairs, others = list(mine.map.entries()), list(other.map.entries())
        for one, two in zip(pairs, others, strict=False):
            if not vm.equal(one.key, two.key) or not vm.equal(one.value, two.value):
                return False
        return len(pairs) == len(others)
    if type(other) is not Dict or len(mine.map) != len(other.map):
        return False
    for entry in mine.map.entries():
        found = other.map.lookup(vm, entry.key)
        if found is None or not vm.equal(entry.value, found.value):
            return False
    return True


def _taken(vm: Machine, target: Dict, args: Sequence[Value]) -> Value:
    _ensure_not_fixed(vm, target)
    entry: Entry | None = target.map.remove(vm, args[0])
    if entry is not None:
        return entry.value
    if len(args) == 1:
        vm.raise_arg(vm.exception_type(Error.KEY), args[0])
    return args[1]


def get_item(vm: Machine, source: Dict, key: Value) -> Value:
    """``mp_obj_dict_get``."""
    entry = source.map.lookup(vm, key)
    if entry is None:
        vm.raise_arg(vm.exception_type(Error.KEY), key)
    return entry.value


def store(vm: Machine, target: Dict, key: Value, value: Value) -> None:
    """``mp_obj_dict_store``."""
    _ensure_not_fixed(vm, target)
    target.map.store(vm, key, value)


def new_dict(vm: Machine, size: int, kind: type[Dict] = Dict) -> Dict:
    """``mp_obj_new_dict``."""
    made = kind(vm.memory, vm.memory.alloc(sizes.DICT))
    made.map = Map(vm.memory, size, ordered=kind is OrderedDict)
    return made


def copy_of(vm: Machine, source: Map, kind: type[Dict] = Dict, *, fixed: bool = False) -> Dict:
    """``mp_obj_dict_copy``: entries stand where they stood."""
    made = kind(vm.memory, vm.memory.alloc(sizes.DICT))
    made.map = source.copy(vm.memory)
    made.map.fixed = fixed
    return made


def update(vm: Machine, target: Dict, args: Sequence[Value], kwargs: Keywords) -> None:
    """``dict_update``: from a dict's table, or from pairs of an iterable."""
    if args and isinstance(args[0], Dict):
        if args[0] is not target:
            for entry in args[0].map.entries():
                target.map.store(vm, entry.key, entry.value)
    elif args:
        for pair in vm.items(args[0], on_stack=False):
            inner = vm.iterate(pair)
            key = vm.next(inner)
            value = vm.next(inner)
            if isinstance(key, Sentinel) or isinstance(value, Sentinel) or not isinstance(vm.next(inner), Sentinel):
                vm.raise_value("dict update sequence has wrong length")
            target.map.store(vm, key, value)
    for name, value in kwargs:
        target.map.store(vm, name, value)


def _make(kind: type[Dict], vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    made = new_dict(vm, 0, kind)
    if args or kwargs:
        vm.check_args(len(args) + 1, len(kwargs), 1, 2, keywords=True)
        update(vm, made, args, kwargs)
    return made


def _new_dict(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _make(Dict, vm, args, kwargs)


def _new_ordered(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _make(OrderedDict, vm, args, kwargs)


@function("fromkeys", 2, 3)
def _fromkeys(vm: Machine, klass: Value, keys: Value, value: Value = None) -> Value:
    """A class method: room for as many entries as the keys say they are."""
    iterator = vm.iterate(keys)
    length = vm.length_maybe(keys)
    made = new_dict(vm, length if isinstance(length, int) else 0)
    while True:
        key = vm.next(iterator)
        if isinstance(key, Sentinel):
            return made
        made.map.store(vm, key, value)


DICT = NativeType("dict", Dict, _new_dict, constants={"fromkeys": rom_class_method(_fromkeys)})
ORDERED_DICT = NativeType("OrderedDict", OrderedDict, _new_ordered, constants=dict(DICT.locals), parent=DICT)

__all__ = [
    "DICT",
    "NULL",
    "ORDERED_DICT",
    "Dict",
    "OrderedDict",
    "copy_of",
    "get_item",
    "new_dict",
    "store",
    "update",
]
