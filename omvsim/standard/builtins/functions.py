"""Built-in functions that go over values: all, any, dir, len, min, sorted, sum and the like (py/modbuiltins.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.strings import decode
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error, Fault, Raised, Unknown
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import list_, str_, texts
from omvsim.micropython.types.singletons import WORDS
from omvsim.micropython.values import NULL, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


@function("all", 1)
def _all(vm: Machine, value: Value) -> Value:
    return all(vm.truth(item) for item in vm.items(value))


@function("any", 1)
def _any(vm: Machine, value: Value) -> Value:
    return any(vm.truth(item) for item in vm.items(value))


@function("chr", 1)
def _chr(vm: Machine, value: Value) -> Value:
    code = vm.int_of(value)
    if not 0 <= code < 0x110000:
        vm.raise_value("chr() arg not in range(0x110000)")
    return vm.strings.intern(decode(chr(code).encode("utf-8", "surrogatepass")))


@function("dir", 0, 1)
def _dir(vm: Machine, *args: Value) -> Value:
    """Names of the current locals; of a value: every name of the pool is tried (``mp_load_method_protected``)."""
    made = vm.new_list(())
    if not args:
        table: Map = vm.locals.map  # type: ignore[attr-defined]  # a dict
        for entry in table.entries():
            vm.list_append(made, entry.key)
        return made
    for name in vm.strings.in_order():
        fun, bound = _protected(vm, args[0], name)
        if isinstance(fun, Sentinel):
            continue
        if name == "__dir__" and not isinstance(bound, Sentinel):
            return vm.call_method(fun, bound)
        vm.list_append(made, name)
    return made


def _protected(vm: Machine, value: Value, name: str) -> tuple[Value | Sentinel, Value | Sentinel]:
    """``mp_load_method_protected``: an AttributeError is nothing found."""
    try:
        return vm.method_maybe(value, name)
    except Raised as raised:
        error = raised.value
    if vm.is_subclass_fast(vm.type_of(error), vm.exception_type(Error.ATTRIBUTE)):
        return NULL, NULL
    raise Raised(error)


@function("hash", 1)
def _hash(vm: Machine, value: Value) -> Value:
    return vm.unary(UnaryOp.HASH, value)


@function("id", 1)
def _id(vm: Machine, value: Value) -> Value:
    """``mp_obj_id``: the word that stands for the value. What is in ROM has a place of ours, not the camera's."""
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, int):
        return vm.new_int(value << 1 | 1)
    if isinstance(value, str):
        vm.stand_in("id() of a name", "the camera's number of the name is not known")
        return vm.rom_number(value) << 3 | 2
    address = vm.address_of(value)
    if not address:
        vm.stand_in("id() of what is in ROM", "the camera's address is not known")
        address = vm.rom_address(value)
    return vm.new_int(address)


@function("input", 0, 1)
def _input(vm: Machine, *args: Value) -> Value:
    """Waits for a line at the terminal; nobody types one."""
    for prompt in args:
        vm.print(prompt, vm.write, PrintKind.STR)
    vm.memory.block(16)
    raise Fault("input() waits for somebody to type a line", hangs=True)


@function("len", 1)
def _len(vm: Machine, value: Value) -> Value:
    return vm.length_value(value)


def _extreme(vm: Machine, op: BinaryOp, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mp_builtin_min_max``. Other keywords are not looked at."""
    given = dict(kwargs)
    key = given.get("key", NULL)
    best_key: Value | Sentinel = NULL
    best: Value | Sentinel = NULL
    values: Iterable[Value] = vm.items(args[0]) if len(args) == 1 else args
    for item in values:
        rank = item if isinstance(key, Sentinel) else vm.call(key, (item,))
        if isinstance(best_key, Sentinel) or vm.binary(op, rank, best_key) is True:
            best_key, best = rank, item
    if isinstance(best, Sentinel):
        if "default" not in given:
            vm.raise_value("arg is an empty sequence")
        return given["default"]
    return best


@function("max", 1, None, keywords=True)
def _max(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _extreme(vm, BinaryOp.MORE, args, kwargs)


@function("min", 1, None, keywords=True)
def _min(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _extreme(vm, BinaryOp.LESS, args, kwargs)


@function("ord", 1)
def _ord(vm: Machine, value: Value) -> Value:
    found = texts.str_or_bytes(vm, value)
    if len(found) != 1:
        vm.raise_type("ord() expected a character, but string of length %d found", len(found))
    return found[0] if isinstance(found, bytes) else ord(found)


@function("repr", 1)
def _repr(vm: Machine, value: Value) -> Value:
    vstr = VStr(vm.memory, 16)
    vm.print(value, str_.writer(vstr), PrintKind.REPR)
    return str_.finish_str(vm, vstr)


@function("sorted", 1, None, keywords=True)
def _sorted(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    if len(args) > 1:
        vm.raise_type("must use keyword argument for key function")
    made = list_.list_of(vm, args[0])
    list_.sort(vm, made, (), kwargs)
    return made


@function("sum", 1, 2)
def _sum(vm: Machine, source: Value, start: Value = 0) -> Value:
    value = start
    for item in vm.items(source):
        value = vm.binary(BinaryOp.ADD, value, item)
    return value


@function("help", 0, 1)
def _help(vm: Machine, *args: Value) -> Value:
    """``help()`` of the port; of a value: its type and names (py/builtinhelp.c)."""
    if not args:
        vm.stand_in("help()", "the first line of the camera's text alone")
        vm.write(_HELP)
        return None
    value = args[0]
    if value == "modules":
        raise Unknown("help('modules')", "its list of names is not modelled")
    if not vm.address_of(value):
        vm.stand_in("help() of what is in ROM", "the order of its names is not known")
    vm.write("object ")
    vm.print(value, vm.write, PrintKind.STR)
    kind = vm.type_of(value)
    vm.write(f" is of type {vm.type_name(value)}\n")
    members: list[tuple[str, Value]] = []
    own = getattr(value, "names", None) if isinstance(value, Obj) else None
    locals_ = own if isinstance(own, dict) else getattr(value if vm.type_name(value) == "type" else kind, "locals", {})
    members.extend(locals_.items())
    for name, member in members:
        vm.write(f"  {name} -- ")
        vm.print(member, vm.write, PrintKind.STR)
        vm.write("\n")
    return None


_HELP: Final = "Welcome to MicroPython!\n"

FUNCTIONS: Final[tuple[NativeFunction, ...]] = (
    _all,
    _any,
    _chr,
    _dir,
    _hash,
    _help,
    _id,
    _input,
    _len,
    _max,
    _min,
    _ord,
    _repr,
    _sorted,
    _sum,
)

__all__ = ["FUNCTIONS"]
