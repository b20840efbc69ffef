"""What the transformed script calls: one entry point for every operation that the interpreter would do.

The script keeps its own control flow (see :mod:`omvsim.script._transform`); values, calls, attributes and iteration
come here, where they are charged to the simulated heap.
"""

# ruff: noqa: RET503, PLR0911, SIM101 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.errors import DeviceError
from omvsim.script._arrays import NdArray
from omvsim.script._barrier import RUNTIME
from omvsim.script._buffers import Buffers
from omvsim.script._calls import Calls, Descriptor
from omvsim.script._errors import CLASSES, NotModelled, ScriptError, caught_by, text_of
from omvsim.script._loops import Loops
from omvsim.script._make import ENTRY, OBJECT, Maker, larger_map, type_name
from omvsim.script._methods import exception_attribute, method_of
from omvsim.script._operators import Operators
from omvsim.script._text import format_text, representation
from omvsim.script._unmodelled import may_have
from omvsim.script._values import (
    MISSING,
    AttrTuple,
    BoundMethod,
    Buffer,
    Class,
    Dict,
    Function,
    Generator,
    Instance,
    Iter,
    List,
    Module,
    Native,
    NativeObject,
    NativeType,
    Range,
    Set,
    Slice,
    Super,
    View,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from omvsim.script._frames import Frame
    from omvsim.script._memory import Memory

ITERATOR = 16
BOUND_METHOD = 12


class Runtime(Calls):
    """The interpreter of one script.

    Args:
        memory: the heap.
        frame_limit: frames after which an endless loop ends; None for no limit.
    """

    def __init__(self, memory: Memory, frame_limit: int | None = None) -> None:
        self.memory = memory
        self.make = Maker(memory)
        super().__init__()
        self.buffers = Buffers(self)
        self.operators = Operators(self)
        self.loops = Loops(memory, frame_limit)
        self.frames: dict[int, Frame] = {}
        self.builtins: dict[str, Any] = {}
        self.importer: Callable[[str], None] | None = None
        self.modules: dict[str, Any] = {}
        self.sort: Callable[[List, Any, bool], None] = lambda _items, _key, _reverse: None
        operators = self.operators
        self.bin, self.iop, self.un = operators.binary, operators.in_place, operators.unary
        self.cmp, self.has = operators.compare, operators.contains
        self.index, self.setitem, self.delitem = operators.index, operators.store, operators.delete
        make = self.make
        self.MISSING = MISSING
        self.EVERYTHING = ScriptError
        self.no_figure: str | None = None
        """What the script asked for and got NaN."""
        self.names_of_camera: frozenset[str] = frozenset()
        """Names in the firmware: what it may have beside what omvsim has."""
        self.display_list, self.display_tuple = make.new_list, make.new_tuple
        self.enter, self.step, self.leave = self.loops.enter, self.loops.step, self.loops.leave

    # -- literals -----------------------------------------------------------------------------------------------

    def display_dict(self, *pairs: Any) -> Dict:
        """A dict display; a pair whose key is MISSING is ``**mapping``."""
        result = self.make.new_dict(len(pairs) // 2)
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if key is MISSING:
                for each, item in value.items.items():
                    self.make.store(result, each, item)
            else:
                self.make.store(result, key, value)
        return result

    def display_set(self, *items: Any) -> Set:
        """A set display."""
        block = self.make.alloc(OBJECT, "set")
        entries = len(items)
        table = self.make.alloc(4 * entries, "set: table") if entries else None
        return Set(dict.fromkeys(items), block, table, entries)

    def spread(self, kind: str, *parts: Any) -> Any:
        """A list or tuple display with stars: ``(value,)`` or ``[iterable]`` for each part."""
        items: list[Any] = []
        for part in parts:
            if isinstance(part, list):
                items += list(self.iterate(part[0]))
            else:
                items.append(part[0])
        return self.make.new_list(items) if kind == "list" else self.make.new_tuple(items)

    def slice(self, container: Any, lower: Any, upper: Any, step: Any) -> Slice:
        """A slice: on the C stack for buffers, else an object."""
        if isinstance(container, Buffer):
            return Slice(slice(lower, upper, step), None)
        return Slice(slice(lower, upper, step), self.make.alloc(OBJECT, "slice"))

    def sliced(self, container: Any, lower: Any, upper: Any, step: Any) -> Any:
        """``container[lower:upper:step]``."""
        return self.operators.index(container, self.slice(container, lower, upper, step))

    def store(self, value: Any, container: Any, key: Any) -> None:
        """``container[key] = value``."""
        self.operators.store(container, key, value)

    def store_slice(self, value: Any, container: Any, lower: Any, upper: Any, step: Any) -> None:
        """``container[lower:upper:step] = value``."""
        self.operators.store(container, self.slice(container, lower, upper, step), value)

    def fstring(self, template: str, *values: Any) -> str:
        """An f-string: the lexer makes ``template.format(…)`` of it."""
        return format_text(self.make, template, values, {}, self.show, self.attr)

    def show(self, value: Any, quoted: bool = False) -> str:
        """``str()`` or ``repr()`` of a value as printing writes it; only the script's own ``__str__`` may allocate."""
        if isinstance(value, Instance):
            for name in ("__repr__",) if quoted else ("__str__", "__repr__"):
                method = value.klass.find(name)
                if method:
                    return str(self.call(method, value))
            if value.native is not None:
                return self.show(value.native, quoted)
        if isinstance(value, NdArray):
            self.make.alloc(OBJECT, "printing an array")
        return representation(value, quoted=quoted)

    # -- attributes ---------------------------------------------------------------------------------------------

    def attr(self, owner: Any, name: str) -> Any:
        """``owner.name``."""
        found, bound = self.lookup(owner, name)
        if found is MISSING:
            self.no_attribute(owner, name)
        if bound:
            return BoundMethod(found, owner, self.make.alloc(BOUND_METHOD, "bound method"))
        return found

    def lookup(self, owner: Any, name: str) -> tuple[Any, bool]:
        """(what is found, whether it is a method still to be bound to ``owner``)."""
        if isinstance(owner, NativeObject):
            method = owner.methods.get(name)
            if method is not None:
                return Native(name, method), True
            return owner.get(name), False
        if isinstance(owner, Instance):
            return self._of_instance(owner, name)
        if isinstance(owner, Module):
            getter = owner.getters.get(name)
            return (getter() if getter is not None else owner.members.get(name, MISSING)), False
        if isinstance(owner, Class):
            return self._of_class(owner, name)
        if isinstance(owner, NativeType):
            return owner.statics.get(name, owner.name if name == "__name__" else MISSING), False
        if isinstance(owner, Super):
            return self._of_super(owner, name)
        method = method_of(owner, name)
        if method is not None:
            return Native(name, lambda itself, *values, **names: method(self, itself, *values, **names)), True
        return self._of_other(owner, name), False

    def _of_other(self, owner: Any, name: str) -> Any:
        if isinstance(owner, AttrTuple) and name in owner.names:
            return owner[owner.names.index(name)]
        if isinstance(owner, BaseException):
            return exception_attribute(self, owner, name)
        if isinstance(owner, Function | Native) and name == "__name__":
            return owner.name
        if isinstance(owner, type) and issubclass(owner, ScriptError) and name == "__name__":
            return owner.device_name
        return MISSING

    def _of_instance(self, owner: Instance, name: str) -> tuple[Any, bool]:
        if name in owner.members:
            return owner.members[name], False
        if name == "__class__":
            return owner.klass, False
        found = owner.klass.find(name)
        if found is MISSING:
            if owner.native is not None:
                inner, bound = self.lookup(owner.native, name)
                if bound:
                    return BoundMethod(inner, owner.native, None), False
                return inner, False
            return MISSING, False
        return self._bind(found, owner)

    def _bind(self, found: Any, owner: Any) -> tuple[Any, bool]:
        if isinstance(found, Function):
            return found, True
        if isinstance(found, Descriptor):
            if found.kind == "property":
                return self.call(found.function, owner), False
            if found.kind == "classmethod":
                return BoundMethod(found.function, owner.klass if isinstance(owner, Instance) else owner, None), False
            return found.function, False
        return found, False

    def _of_class(self, owner: Class, name: str) -> tuple[Any, bool]:
        if name == "__name__":
            return owner.name, False
        found = owner.find(name)
        if isinstance(found, Descriptor):
            return self._bind(found, owner)
        return found, False

    def _of_super(self, owner: Super, name: str) -> tuple[Any, bool]:
        for base in owner.klass.bases:
            if isinstance(base, Class):
                found = base.find(name)
                if found is not MISSING:
                    return self._bind(found, owner.owner)
            else:
                return Native(name, self.native_super(base, name)), True
        return Native(name, lambda _itself, *_values, **_names: None), True

    def no_attribute(self, owner: Any, name: str) -> NoReturn:
        """The camera's AttributeError.

        Raises:
            NotModelled: the camera may have that attribute.
        """
        self._refuse_lacking(owner, name)
        if isinstance(owner, Module):
            self.make.throw_formatted("AttributeError", f"'module' object has no attribute '{name}'")
        if isinstance(owner, Class | NativeType):
            self.make.throw_formatted("AttributeError", f"type object '{owner.name}' has no attribute '{name}'")
        self.make.throw_formatted("AttributeError", f"'{type_name(owner)}' object has no attribute '{name}'")

    def _refuse_lacking(self, owner: Any, name: str) -> None:
        if isinstance(owner, Class | Instance | Super | ScriptError | Function):
            return
        if isinstance(owner, Module) and owner.whole:
            return
        of_script = isinstance(owner, Module) and RUNTIME in owner.members
        of_firmware = isinstance(owner, Module | NativeType | NativeObject) and not of_script
        kind = owner.name if isinstance(owner, Module | NativeType) else type_name(owner)
        if may_have(kind, name, self.names_of_camera if of_firmware else None):
            raise NotModelled(f"{kind}.{name}")

    def setattr(self, owner: Any, name: str, value: Any) -> None:
        """``owner.name = value``: a new name may make the object's table larger."""
        if isinstance(owner, Instance):
            found = owner.klass.find(name)
            if isinstance(found, Descriptor) and found.kind == "property":
                if found.setter is None:
                    self.no_attribute(owner, name)
                self.call(found.setter, owner, value)
                return
            if name not in owner.members and len(owner.members) >= owner.entries:
                owner.entries = larger_map(owner.entries)
                table = self.make.alloc(ENTRY * owner.entries, "attributes")
                if owner.table is not None:
                    self.memory.free(owner.table)
                owner.table = table
            owner.members[name] = value
        elif isinstance(owner, Class | Module) or isinstance(owner, ScriptError):
            owner.members[name] = value
        elif isinstance(owner, NativeObject) and hasattr(owner, "set"):
            owner.set(name, value)
        else:
            self.no_attribute(owner, name)

    def delattr(self, owner: Any, name: str) -> None:
        """``del owner.name``."""
        members = getattr(owner, "members", None)
        if members is None or name not in members:
            self.no_attribute(owner, name)
        del members[name]

    def aug_attr(self, owner: Any, name: str, sign: str, value: Callable[[], Any]) -> None:
        """``owner.name sign= value``."""
        before = self.attr(owner, name)
        self.setattr(owner, name, self.operators.in_place(sign, before, value()))

    def aug_item(self, owner: Any, key: Any, sign: str, value: Callable[[], Any]) -> None:
        """``owner[key] sign= value``."""
        before = self.operators.index(owner, key)
        self.operators.store(owner, key, self.operators.in_place(sign, before, value()))

    def special(self, owner: Any, name: str, *values: Any, text: str) -> Any:
        """A special method of the script's class."""
        method = owner.klass.find(name) if isinstance(owner, Instance) else MISSING
        if not method:
            self.make.throw_formatted("TypeError", f"'{type_name(owner)}' object {text}")
        return self.call(method, owner, *values)

    # -- iteration ----------------------------------------------------------------------------------------------

    def iterate(self, value: Any) -> Iterator[Any]:
        """Items of a value, its iterator on the C stack as in a ``for`` loop."""
        if isinstance(value, List):
            return self._list_items(value)
        if isinstance(value, tuple | bytes):
            return iter(value)
        if isinstance(value, str):
            return iter(str(value))
        if isinstance(value, Range):
            return iter(value.span)
        if isinstance(value, Dict | Set):
            return iter(list(value.items))
        if isinstance(value, Iter):
            return value.it
        if isinstance(value, Generator):
            return value.host  # type: ignore[no-any-return]
        if isinstance(value, View):
            return self._view_items(value)
        if isinstance(value, Buffer):
            return (self.make.number(item) for item in value.data.tolist())
        if isinstance(value, NativeObject) and hasattr(value, "iterate"):
            return value.iterate()  # type: ignore[no-any-return]
        if isinstance(value, Instance):
            return self._instance_items(value)
        self.make.throw_formatted("TypeError", f"'{type_name(value)}' object isn't iterable")

    @staticmethod
    def _list_items(value: List) -> Iterator[Any]:
        place = 0
        while place < len(value.items):
            yield value.items[place]
            place += 1

    def _view_items(self, view: View) -> Iterator[Any]:
        for key, item in list(view.of.items.items()):
            if view.what == "items":
                yield self.make.new_tuple((key, item))
            else:
                yield key if view.what == "keys" else item

    def _instance_items(self, value: Instance) -> Iterator[Any]:
        method = value.klass.find("__iter__")
        if not method:
            self.make.throw_formatted("TypeError", f"'{type_name(value)}' object isn't iterable")
        source = self.call(method, value)
        if not isinstance(source, Instance):
            yield from self.iterate(source)
            return
        step = source.klass.find("__next__")
        while True:
            try:
                item = self.call(step, source)
            except CLASSES["StopIteration"]:
                return
            yield item

    def heap_iterate(self, value: Any) -> tuple[Iterator[Any], Any]:
        """Items with the iterator on the heap, as built-in functions take them, and its block."""
        if isinstance(value, Iter | Generator):
            return self.iterate(value), None
        block = None if isinstance(value, Instance) else self.make.alloc(ITERATOR, "iterator")
        return self.iterate(value), block

    def each(self, value: Any, shape: Any = None) -> Iterator[Any]:
        """A ``for`` loop's items, unpacked to ``shape``."""
        items = self.iterate(value)
        if shape is None:
            yield from items
            return
        for item in items:
            unpacked = self.unpack(item, shape)
            del item
            yield unpacked
            del unpacked

    def count(self, *limits: Any) -> Iterable[int]:
        """``for i in range(…)``: counted on the stack, no range object."""
        try:
            return range(*(int(limit) for limit in limits))
        except ValueError:
            self.make.throw("ValueError", "range() arg 3 must not be zero")
        except TypeError:
            self.make.throw_formatted("TypeError", "can't convert object to int")

    def unpack(self, value: Any, shape: Any) -> tuple[Any, ...]:
        """Host tuple of a value's items. ``shape`` is their number, or a tuple of shapes (None = one item)."""
        parts: Sequence[Any] = (None,) * shape if isinstance(shape, int) else shape
        items = list(value) if isinstance(value, tuple | List) else list(self.iterate(value))
        star = next((n for n, part in enumerate(parts) if part == "*"), None)
        if star is not None:
            after = len(parts) - star - 1
            middle = self.make.new_list(items[star : len(items) - after])
            items = [*items[:star], middle, *items[len(items) - after :]]
            parts = [None if part == "*" else part for part in parts]
        if len(items) != len(parts):
            text = (
                "need more than %d values to unpack"
                if len(items) < len(parts)
                else "too many values to unpack (expected %d)"
            )
            self.make.throw_formatted("ValueError", text % (len(items) if len(items) < len(parts) else len(parts)))
        return tuple(item if part is None else self.unpack(item, part) for item, part in zip(items, parts, strict=True))

    def next(self, iterator: Any, *default: Any) -> Any:
        """``next(iterator)``."""
        if isinstance(iterator, Instance):
            return self.special(iterator, "__next__", text="isn't an iterator")
        try:
            return next(self.iterate(iterator))
        except StopIteration:
            if default:
                return default[0]
            self.make.throw("StopIteration")

    # -- comprehensions -----------------------------------------------------------------------------------------

    def comp_function(self, frame: int, cells: int) -> tuple[Any, ...]:
        """The function that a comprehension is compiled to."""
        return self.function_blocks(self.frames[frame], cells)

    def list_comp(self, frame: int, _blocks: Any, items: Iterator[Any]) -> List:
        """``[… for …]``."""
        with self.frame_block(self.frames[frame]):
            return self.make.extended(items)

    def set_comp(self, frame: int, _blocks: Any, items: Iterator[Any]) -> Set:
        """``{… for …}``."""
        with self.frame_block(self.frames[frame]):
            return self.make.new_set(items)

    def dict_comp(self, frame: int, _blocks: Any, pairs: Iterator[tuple[Any, Any]]) -> Dict:
        """``{… : … for …}``."""
        with self.frame_block(self.frames[frame]):
            result = self.make.new_dict()
            for key, value in pairs:
                self.make.store(result, key, value)
            return result

    def gen_comp(self, frame: int, blocks: Any, items: Iterator[Any]) -> Generator:
        """``(… for …)``: the iterator and the generator's state are on the heap."""
        self.make.alloc(ITERATOR, "iterator")
        return Generator(items, (self.generator_block(self.frames[frame]), *blocks))

    # -- exceptions ---------------------------------------------------------------------------------------------

    def catch(self, wanted: Any) -> tuple[type[BaseException], ...]:
        """What ``except wanted`` takes."""
        kinds = wanted if isinstance(wanted, tuple) else (wanted,)
        classes: list[type[BaseException]] = []
        for kind in kinds:
            host = kind.error if isinstance(kind, Class) else kind
            if not (isinstance(host, type) and issubclass(host, ScriptError)):
                self.make.throw("TypeError", "exceptions must derive from BaseException")
            classes += caught_by(host)
        return tuple(classes)

    def thrown(self, error: Any, _cause: Any = None) -> BaseException:
        """What ``raise error`` raises."""
        if isinstance(error, type | Class):
            error = self.call(error)
        if isinstance(error, ScriptError):
            return self.make.traced(error)
        if isinstance(error, BaseException):
            return error
        self.make.throw("TypeError", "exceptions must derive from BaseException")

    def assertion(self, *text: Any) -> BaseException:
        """What a failed ``assert`` raises."""
        return self.make.traced(self.make.error("AssertionError", *text, text_object=False))

    def context(self, manager: Any) -> Context:
        """A ``with`` statement's manager."""
        return Context(self, manager)

    @staticmethod
    def same(function: Any) -> Any:
        """A decorator that changes nothing."""
        return function

    def decorator(self, function: Any) -> Callable[[Any], Any]:
        """A decorator of the script."""
        return lambda decorated: self.call(function, decorated)

    # -- imports ------------------------------------------------------------------------------------------------

    def import_module(self, name: str, whole: bool) -> Any:
        """``import a.b`` (the package) or ``import a.b as c`` (the module)."""
        module = self.imported(name)
        return module if whole else self.imported(name.partition(".")[0])

    def import_from(self, name: str, *wanted: str) -> tuple[Any, ...]:
        """``from name import …``: the names are put into a tuple first."""
        names = self.make.new_tuple(wanted)
        module = self.imported(name)
        found = []
        for each in wanted:
            value, _ = self.lookup(module, each)
            if value is MISSING:
                value = self.submodule(f"{name}.{each}")
            if value is MISSING:
                self.make.throw_formatted("ImportError", f"can't import name {each}")
            found.append(value)
        del names
        return tuple(found)

    def import_star(self, name: str, target: dict[str, Any]) -> None:
        """``from name import *``."""
        module = self.imported(name)
        target.update({key: value for key, value in module.members.items() if not key.startswith("_")})

    def imported(self, name: str) -> Any:
        """A module that is loaded, or is loaded now."""
        if name not in self.modules:
            if self.importer is None:
                self.make.throw_formatted("ImportError", f"no module named '{name}'")
            self.importer(name)
        return self.modules[name]

    def submodule(self, name: str) -> Any:
        """A module of a package, or MISSING."""
        try:
            return self.imported(name)
        except CLASSES["ImportError"]:
            return MISSING

    @staticmethod
    def message(error: BaseException) -> str:
        """``str(error)`` without charging."""
        return text_of(error)


class Context:
    """Calls ``__enter__`` and ``__exit__`` of the script's object."""

    def __init__(self, runtime: Runtime, manager: Any) -> None:
        self.runtime = runtime
        self.manager = manager

    def __enter__(self) -> Any:
        return self.runtime.callm(self.manager, "__enter__")

    def __exit__(self, kind: Any, error: BaseException | None, _traceback: Any) -> bool:
        known = isinstance(error, ScriptError | DeviceError)
        result = self.runtime.callm(self.manager, "__exit__", kind if known else None, error if known else None, None)
        return bool(result) and known
