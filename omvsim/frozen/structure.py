"""Frozen modules of which the structure is written down: what their statements bind, and what that asks for.

One line a statement, indented by one within a class (written by ``tools/frozen_structure.py`` from the file itself)::

    frame bytes (of the module's own, while it runs)
    import a b                from a b c=d          try from a *
    class Name base           def name frame self arg arg=default *rest **names
    set NAME value            bytes NAME 1 2 3      special what

``def@property`` and ``def@setter`` are decorated. ``frame`` is the size of the function's frame where it is a chunk.
What a function does is in the module :mod:`omvsim.frozen.hosts` names for it; calling another one ends the run
as not known. ``special`` statements are there as well.
"""

from __future__ import annotations

from ast import literal_eval
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import FrozenFunction, not_modelled
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.types import bytes_, dict_, float_, tuple_
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from omvsim.frozen.body import Body, Host
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

    Lines = list[tuple[int, list[str], str]]

_DATA: Final = Path(__file__).with_name("data")
HOSTS: Final = frozenset(
    (
        *("cbor2._decoder", "cbor2._encoder", "modbus", "mqtt", "mutex", "neopixel", "ntptime"),
        *("pid", "protocol", "requests", "rpc", "rtsp", "vl53l1x"),
    )
)
"""Modules whose functions or special statements are known: :mod:`omvsim.frozen.hosts`."""


class Unmodelled(FrozenFunction):
    """A function whose call, with whatever arguments, ends the run as not known."""

    __slots__ = ()

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        raise Unknown(self.name, "what this frozen function does is not modelled")


class WithRest(FrozenFunction):
    """A function with ``*rest``: the surplus in a tuple."""

    __slots__ = ()

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        count = len(self.args) - 1
        if kwargs or len(args) < count:
            raise Unknown(self.name, "names and defaults beside surplus arguments are not modelled")
        rest = vm.new_tuple(tuple(args[count:])) if len(args) > count else vm.empty_tuple()
        return [*args[:count], rest]


class WithNames(FrozenFunction):
    """A function with ``**names``: the names beyond its own in a dictionary, with room for all that were given."""

    __slots__ = ()

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        own = self.args[:-1]
        if len(args) != len(own) or any(name in own for name, _ in kwargs):
            raise Unknown(self.name, "its own arguments by name are not modelled")
        rest = vm.new_dict(len(kwargs))
        for name, value in kwargs:
            vm.dict_store(rest, name, value)
        return [*args, rest]


def rom_value(value: object) -> Value:
    """A constant in ROM."""
    if isinstance(value, int) and not isinstance(value, bool) and not SMALL_INT_MIN <= value <= SMALL_INT_MAX:
        raise Unknown("a big constant of a frozen module")
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, float):
        return float_.Float(None, 0, value)  # in ROM
    if isinstance(value, bytes):
        return bytes_.Bytes(None, 0, value, None)
    assert isinstance(value, tuple)
    return tuple_.Tuple(None, 0, tuple(rom_value(item) for item in value))


class Runner:
    """The statements of one module.

    Args:
        module: its name, as calls are reported.
        functions: what its functions do, by dotted name; ``special`` statements likewise.
    """

    def __init__(self, module: str, functions: Mapping[str, Callable[..., Value]]) -> None:
        self.module = module
        self.functions = functions

    def run(self, body: Body, lines: Lines, prefix: str = "") -> None:
        """One body's lines."""
        at = 0
        while at < len(lines):
            depth, words, text = lines[at]
            end = at + 1
            while end < len(lines) and lines[end][0] > depth:
                end += 1
            self._statement(body, words, text, lines[at + 1 : end], prefix)
            at = end

    def _statement(self, body: Body, words: list[str], text: str, inner: Lines, prefix: str) -> None:
        what, *rest = words
        if what == "import":
            body.import_(*rest)
        elif what == "from":
            self._from(body, rest)
        elif what == "try":
            self._try(body, rest[1:])
        elif what == "class":
            name, *bases = rest
            found = tuple(self._load(body, base) for base in bases)
            body.klass(name, found, lambda own: self.run(own, inner, f"{prefix}{name}."))
        elif what.startswith("def"):
            self._function(body, what, rest, prefix)
        elif what == "set":
            body.store(rest[0], rom_value(literal_eval(text.split(" ", 2)[2])))
        elif what == "bytes":
            items = body.vm.new_list(tuple(map(int, rest[1:])))
            body.store(rest[0], body.vm.call(self._load(body, "bytes"), (items,)))
        else:
            self._special(body, rest[0])

    @staticmethod
    def _load(body: Body, name: str) -> Value:
        entry = body.names.map.found.get(name)  # type: ignore[attr-defined]  # a dict
        if entry is not None:
            found: Value = entry.value
            return found
        built_in = body.vm.builtin(name)
        assert not isinstance(built_in, Sentinel)
        return built_in

    @staticmethod
    def _from(body: Body, rest: list[str]) -> None:
        module = rest[0].lstrip(".")
        body.from_import(module, *rest[1:], level=len(rest[0]) - len(module))

    def _try(self, body: Body, rest: list[str]) -> None:
        """``except (ImportError, AttributeError): pass``."""
        vm = body.vm
        try:
            self._from(body, rest)
        except Raised as raised:
            error = raised.value
        else:
            return
        vm.add_traceback(error, vm.str_of(body.load("__file__")), 1, "<module>")
        held = vm.new_tuple((vm.exception_type(Error.IMPORT), vm.exception_type(Error.ATTRIBUTE)))
        if not any(vm.exception_match(error, kind) for kind in vm.sequence(held)):
            raise Raised(error)

    def _function(self, body: Body, what: str, rest: list[str], prefix: str) -> None:
        vm = body.vm
        name, frame, *arguments = rest
        names = [each.partition("=")[0] for each in arguments]
        defaults = [self._default(body, each.partition("=")[2]) for each in arguments if "=" in each]
        setter = vm.attr(self._load(body, name), "setter") if what == "def@setter" else None
        held = vm.new_tuple(tuple(defaults)) if defaults else None
        dotted = f"{self.module}.{prefix}{name}"
        host = self.functions.get(prefix + name)
        if host is None:
            made: Value = Unmodelled(vm, name, tuple(names), not_modelled(dotted), 0, tuple(defaults))
            made.name = dotted  # type: ignore[union-attr]  # a function
        else:
            last = names[-1] if names else ""
            kind = WithNames if last.startswith("**") else WithRest if last.startswith("*") else FrozenFunction
            size = 0 if what == "def@viper" else int(frame)  # machine code has its values on the C stack
            made = kind(vm, name, tuple(names), host, size, tuple(defaults))
        del held
        if what == "def@property":
            made = vm.call(self._load(body, "property"), (made,))
        elif setter is not None:
            made = vm.call(setter, (made,))
        body.store(name, made)

    def _default(self, body: Body, text: str) -> Value:
        if text == "{}":
            return dict_.new_dict(body.vm, 0)
        try:
            return rom_value(literal_eval(text))
        except ValueError:
            return self._load(body, text)

    def _special(self, body: Body, what: str) -> None:
        host: Host | None = self.functions.get(f"special {what}")
        if host is None:
            raise Unknown(f"import {self.module}", f"its statement {what} is not modelled")
        host(body.vm, (body.names,))


def read_structure(name: str) -> Lines:
    """The lines of a module: depth, words, text."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    found: Lines = []
    for line in text.splitlines():
        inner = line.lstrip(" ")
        found.append((len(line) - len(inner), inner.split(), inner))
    return found


def has_structure(path: str) -> bool:
    """Whether the structure of a frozen file is written down."""
    return _is_written_down(structure_name(path))


def _is_written_down(name: str) -> bool:
    return (_DATA / f"{name}.txt").is_file()


def structure_name(path: str) -> str:
    """Name of the data of a frozen file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def statements_of(path: str) -> Callable[[Body], None]:
    """What running that file does: in the release's own form (``rpc-4.8.1``) if it has one."""
    name = structure_name(path)

    def statements(body: Body) -> None:
        own = f"{name}-{body.vm.dialect.names}"
        form = own if _is_written_down(own) else name
        functions = import_module(f"omvsim.frozen.hosts.{name.replace('._', '_')}").FUNCTIONS if name in HOSTS else {}
        lines = read_structure(form)
        frame = int(lines.pop(0)[1][1]) if lines[0][1][0] == "frame" else 0
        block = body.vm.memory.block_maybe(frame) if frame else None
        Runner(name, functions).run(body, lines)
        if block is not None:
            body.vm.memory.free(block)

    return statements


__all__ = ["has_structure", "read_structure", "statements_of"]
