"""What the tests of lexer and parser share: a machine with just the values they make, and the traces' requests."""

from __future__ import annotations

import errno
import gzip
import json
import math
import operator
import struct
from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.boards import known_release
from omvsim.compiler.parsing.lexer import Lexer
from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.parsing.readers import FileReader, TextReader
from omvsim.compiler.parsing.tokens import Tok
from omvsim.heap import GcHeap, GcReplay
from omvsim.memory import sizes
from omvsim.memory.firmware_names import Build, built_in_names
from omvsim.memory.requests import Block, Memory, Phase, Request
from omvsim.memory.strings import StringPool, size_of
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.machine import Machine
from omvsim.micropython.parts import Parts
from omvsim.micropython.values import NULL, SMALL_INT_MAX, SMALL_INT_MIN, BinaryOp, Obj, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omvsim.compiler.parsing.tree import ParseTree

_OPERATORS = {
    BinaryOp.OR: operator.or_,
    BinaryOp.XOR: operator.xor,
    BinaryOp.AND: operator.and_,
    BinaryOp.POWER: operator.pow,
    BinaryOp.LSHIFT: operator.lshift,
    BinaryOp.RSHIFT: operator.rshift,
    BinaryOp.ADD: operator.add,
    BinaryOp.SUBTRACT: operator.sub,
    BinaryOp.MULTIPLY: operator.mul,
    BinaryOp.FLOOR_DIVIDE: operator.floordiv,
    BinaryOp.TRUE_DIVIDE: operator.truediv,
    BinaryOp.MODULO: operator.mod,
    BinaryOp.MAT_MULTIPLY: operator.matmul,
}


class Thing(Obj):
    """A value of any type: its host value and the type's name."""

    __slots__ = ("blocks", "host", "kind")

    def __init__(self, memory: Memory, size: int, host: Any, kind: str, *blocks: int) -> None:
        super().__init__(memory, memory.alloc(size) if size else 0)
        self.host = host
        self.kind = kind
        self.blocks = [memory.block(size) for size in blocks]

    @property
    def type_name(self) -> str:  # type: ignore[override]
        return self.kind

    def __repr__(self) -> str:
        return f"{self.kind}:{self.host!r}"


class ParserMachine(Machine):
    """A machine that has what lexer and parser ask for, and of the types only sizes."""

    opt_level = 0
    ellipsis = None  # type: ignore[assignment]

    def __init__(self, heap: GcHeap, release: str = "4.8.1") -> None:
        Parts.__init__(self)
        self.memory = Memory(heap, self._no_room)
        self.strings = StringPool(self.memory, built_in_names(release, Build.FULL), self._too_long)
        self.dialect = known_release(release).dialect
        self.ellipsis = Thing(self.memory, 0, ..., "ellipsis")
        self.memory.tape = []

    def _no_room(self, size: int) -> NoReturn:
        raise Raised(Thing(self.memory, 0, ("MemoryError", size), "exception"))

    def _too_long(self) -> NoReturn:
        self.error(Error.RUNTIME, "name too long")

    def make(self, host: float) -> Value:
        if isinstance(host, float):
            return Thing(self.memory, 8, struct.unpack("f", struct.pack("f", host))[0], "float")
        if SMALL_INT_MIN <= host <= SMALL_INT_MAX:
            return host
        return Thing(self.memory, 16, host, "int", 2 * max(2, -(-host.bit_length() // 16)))

    def truth(self, value: Value) -> bool:
        return bool(host_of(value))

    def binary(self, op: BinaryOp, lhs: Value, rhs: Value) -> Value:
        try:
            result = _OPERATORS[op](host_of(lhs), host_of(rhs))
        except (ArithmeticError, TypeError, ValueError):
            self.error(Error.VALUE, "refused")
        return Thing(self.memory, 12, result, "complex") if isinstance(result, complex) else self.make(result)

    def unary(self, op: UnaryOp, value: Value) -> Value:
        host = host_of(value)
        return self.make(-host if op is UnaryOp.NEGATIVE else ~host if op is UnaryOp.INVERT else +host)

    def new_str(self, text: str) -> Value:
        return Thing(self.memory, 16, text, "str", size_of(text) + 1)

    def new_bytes(self, data: bytes) -> Value:
        return Thing(self.memory, 16, data, "bytes", len(data) + 1)

    def new_tuple(self, items: Sequence[Value]) -> Value:
        return Thing(self.memory, 8 + 4 * len(items) if items else 0, tuple(items), "tuple")

    def parse_int(self, text: str, base: int) -> Value:
        digits = text[2:] if text[:2].lower() in ("0x", "0o", "0b") else text
        try:
            value = int(text, base) if text.strip("0") else 0
        except ValueError:
            self.error(Error.VALUE, "invalid syntax for integer")
        if value <= SMALL_INT_MAX:
            return value
        return Thing(self.memory, 16, value, "int", 2 * max(2, len(digits) * 8 // 16 + 1))

    def parse_decimal(self, text: str) -> Value:
        try:
            if text[-1] in "jJ":
                return Thing(self.memory, 12, complex(text), "complex")
            return self.make(float(text))
        except ValueError:
            self.error(Error.VALUE, "invalid syntax for number")

    def module_constant(self, module: str, name: str) -> Value | Sentinel:
        known = getattr({"math": math, "errno": errno}.get(module), name, None)
        if isinstance(known, float):
            return Thing(self.memory, 0, known, "float")
        return known if isinstance(known, int) else NULL

    def new_error(self, error: Error, text: str | None = None, *values: object) -> Obj:  # noqa: ARG002 - as the machine has it
        message = Thing(self.memory, 16, text, "str")
        made = Thing(self.memory, 16, [error, text], "exception", 12)
        made.host.append(message)
        return made

    def error(self, error: Error, text: str | None = None, *values: object) -> NoReturn:  # noqa: ARG002
        raise Raised(self.new_error(error, text))

    def add_traceback(self, exception: Obj, file: str, line: int, function: str | None) -> None:  # noqa: ARG002
        assert isinstance(exception, Thing)
        exception.blocks.append(self.memory.block(12))
        exception.host.append((file, line))

    def retype(self, exception: Obj, error: Error, new: Error) -> bool:
        assert isinstance(exception, Thing)
        if exception.host[0] is not error:
            return False
        exception.host[0] = new
        return True


def host_of(value: Value) -> Any:
    return value.host if isinstance(value, Thing) else value


def machine(release: str = "4.8.1", blocks: int = 40000) -> ParserMachine:
    """A machine with an empty heap."""
    return ParserMachine(GcHeap([(0x20000000, blocks * 16 + blocks // 4 + blocks // 8 + 64)]), release)


def text_lexer(vm: Machine, source: str | bytes) -> Lexer:
    """A lexer over a text, as ``exec`` makes one."""
    data = source if isinstance(source, bytes) else source.encode()
    return Lexer(vm, "<string>", TextReader(vm.memory, data))


def tokens(source: str | bytes, release: str = "4.8.1") -> list[tuple[Tok, bytes]]:
    """Kinds and texts of the tokens."""
    lexer = text_lexer(machine(release), source)
    found = [(lexer.kind, lexer.text)]
    while lexer.kind is not Tok.END and len(found) < 5000:
        lexer.next()
        found.append((lexer.kind, lexer.text))
    return found


def parsed(source: str | bytes, release: str = "4.8.1", kind: Input = Input.FILE) -> ParseTree:
    """The tree of a text."""
    vm = machine(release)
    return parse(vm, text_lexer(vm, source), kind)


def refused(source: str | bytes, release: str = "4.8.1", kind: Input = Input.FILE) -> tuple[Error, str, int]:
    """Exception, text and line of a text that cannot be parsed."""
    vm = machine(release)
    try:
        parse(vm, text_lexer(vm, source), kind)
    except Raised as raised:
        error, text, _, *place = raised.value.host  # type: ignore[attr-defined]
        return error, text, place[0][1] if place else 0
    raise AssertionError(f"{source!r} was parsed")


# -- traces ------------------------------------------------------------------------------------------------------------

Asked = tuple[str, int, int]
"""Kind, bytes and address of a request."""


def load(path: Path) -> list[dict[str, Any]]:
    """A trace, its header first."""
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def recorded(events: Sequence[dict[str, Any]]) -> list[Asked]:
    """Requests among events; a realloc that moved is one, nothing is said of freeing nothing."""
    return [
        (event["ev"], event.get("n", 0), event["addr"] or 0)
        for event in events
        if event["ev"] in ("alloc", "free", "realloc")
        and not event.get("in_realloc")
        and (event["ev"] != "free" or event["addr"] is not None)
    ]


def until(events: Sequence[dict[str, Any]], *labels: str) -> int:
    """Index of the first mark with one of these labels."""
    return next(at for at, event in enumerate(events) if event.get("label") in labels)


def lines_of(events: Sequence[dict[str, Any]]) -> list[int]:
    """Lines of the token at the requests that have one, moved reallocs being one."""
    return [event["pl"] for event in events if "pl" in event and not event.get("in_realloc") and event["ev"] != "free"]


def tape_of(areas: list[tuple[int, int]], boot: Sequence[dict[str, Any]], script: str, release: str) -> list[Request]:
    """What opening and parsing a script asks for on the heap that boot left."""
    replay = GcReplay(areas)
    for event in boot:
        replay.feed(event)
    replay.heap.auto_collect = True
    vm = ParserMachine(replay.heap, release)
    memory = vm.memory
    memory.place.phase = Phase.OPEN
    vm.strings.intern("main.py")
    file = Block(memory, memory.alloc(sizes.FILE_OBJECT, finaliser=True), sizes.FILE_OBJECT)
    lexer = Lexer(vm, "main.py", FileReader(memory, file, script.encode()))
    memory.place.phase = Phase.PARSE
    try:
        parse(vm, lexer, Input.FILE)
    except Raised as raised:
        raised.__traceback__ = None
    assert memory.tape is not None
    return memory.tape


def asked(tape: Sequence[Request]) -> list[Asked]:
    """Requests as :func:`recorded` has them."""
    return [(request.kind, request.size, request.address) for request in tape]
