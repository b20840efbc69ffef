"""``json`` (extmod/modjson.c): a parser that is lenient about commas, colons and which bracket closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.memory.strings import decode
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import buffers, dict_, inttext, list_, numbertext, str_
from omvsim.micropython.types.sequences import fixed
from omvsim.micropython.values import NULL, Sentinel
from omvsim.standard.builtins.printing import writer_of
from omvsim.standard.jsonprint import print_json
from omvsim.standard.streams import Stream, stream_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

_WORDS: Final = {b"n": (b"ull", None), b"f": (b"alse", False), b"t": (b"rue", True)}
_ESCAPES: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_DIGITS: Final = frozenset(b"-0123456789")
_SPACE: Final = b" \t\n\r\v\f"


class _Parser:
    """One text being read, a byte ahead."""

    def __init__(self, vm: Machine, pull: Callable[[], bytes]) -> None:
        self.vm = vm
        self.pull = pull
        self.vstr = VStr(vm.memory, 8)
        self.stack: list[Value] = []
        self.table: Block | None = None
        self.room = 0
        self.current = b""

    def _next(self) -> bytes:
        self.current = self.pull()
        return self.current

    def _fail(self) -> NoReturn:
        self.vm.raise_value("syntax error in JSON")

    def run(self) -> Value:  # noqa: PLR0912 -- the states of mod_json_load
        """The value of the whole text."""
        vm = self.vm
        top: Value | Sentinel = NULL
        key: Value | Sentinel = NULL
        self._next()
        while True:
            if self.current in (b"", b"\0"):
                self._fail()
            letter = self.current
            self._next()
            if letter in b",: \t\n\r":
                continue
            if letter in b"]}":
                if isinstance(top, Sentinel):
                    self._fail()
                if not self.stack:
                    break
                top = self.stack.pop()
                continue
            enter = letter in b"[{"
            value = self._value(letter)
            if isinstance(top, Sentinel):
                top = value
                if not enter:
                    break
                continue
            if isinstance(top, list_.List):
                vm.list_append(top, value)
            elif isinstance(key, Sentinel):
                key = value
                if enter:
                    self._fail()
            else:
                vm.dict_store(top, key, value)
                key = NULL
            if enter:
                self._push(top)
                top = value
        return self._end(top)

    def _end(self, top: Value) -> Value:
        while self.current and self.current in _SPACE:
            self._next()
        if self.current not in (b"", b"\0") or self.stack:
            self._fail()
        self.vstr.free()
        return top

    def _push(self, value: Value) -> None:
        """The stack is a list of its own: four words at first, doubled when it is full."""
        memory = self.vm.memory
        if self.table is None:
            self.room = 4
            self.table = memory.block(self.room * 4)
        elif len(self.stack) >= self.room:
            memory.resize(self.table, self.room * 2 * 4)
            self.room *= 2
        self.stack.append(value)

    def _value(self, letter: bytes) -> Value:
        if letter in _WORDS:
            rest, value = _WORDS[letter]
            for at in range(len(rest)):
                if (self.current if at == 0 else self._next()) != rest[at : at + 1]:
                    self._fail()
            self._next()
            return value
        if letter == b'"':
            return self._text()
        if letter[0] in _DIGITS:
            return self._number(letter)
        if letter == b"[":
            return self.vm.new_list(())
        if letter == b"{":
            return dict_.new_dict(self.vm, 0)
        self._fail()
        return None

    def _text(self) -> Value:
        self.vstr.reset()
        while self.current not in (b"", b"\0", b'"'):
            letter = self.current
            if letter == b"\\":
                letter = self._next()
                if letter == b"u":
                    self.vstr.add(self._unicode())
                    self._next()
                    continue
                letter = _ESCAPES.get(letter, letter or b"\0")
            self.vstr.add(letter)
            self._next()
        if self.current != b'"':
            self._fail()
        self._next()
        return str_.new_str(self.vm, decode(self.vstr.data))

    def _unicode(self) -> bytes:
        """Four digits, whatever they are; half a pair is three bytes of its own."""
        number = 0
        for _ in range(4):
            code = (((self._next() or b"\0")[0] | 0x20) - 0x30) & 0xFF
            if code > 9:
                code = (code - (0x61 - 0x3A)) & 0xFF
            number = (number << 4 | code) & 0xFFFFFFFF
        return chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")

    def _number(self, letter: bytes) -> Value:
        self.vstr.reset()
        is_float = False
        while True:
            self.vstr.add(letter)
            letter = self.current
            if letter in (b".", b"e", b"E"):
                is_float = True
            elif not letter or letter not in b"+-0123456789":
                break
            self._next()
        text = decode(self.vstr.data)
        if is_float:
            return numbertext.parse_decimal(self.vm, text, imaginary=False, force_complex=False)
        return inttext.parse_int(self.vm, text, 10)


def _load(vm: Machine, stream: Stream) -> Value:
    def pull() -> bytes:
        data = stream.pull(vm, 1)
        if data is None:
            vm.raise_arg(vm.exception_type(Error.OS), 11)
        return data

    return _Parser(vm, pull).run()


@function("load", 1)
def load(vm: Machine, stream: Value) -> Value:
    """A value read from a stream, byte by byte."""
    return _load(vm, stream_of(vm, stream, "read"))


@function("loads", 1)
def loads(vm: Machine, text: Value) -> Value:
    """A value from a text or bytes."""
    data = bytes(buffers.buffer_of(vm, text))
    letters = (data[at : at + 1] for at in range(len(data)))
    return _Parser(vm, lambda: next(letters, b"")).run()


def _separators(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> tuple[str, str]:
    (given,) = vm.parse_keywords(args, kwargs, ("separators",), 0, 0)
    if isinstance(given, Sentinel) or given is None:
        return ", ", ": "
    item, key = fixed(vm, given, 2)
    return vm.str_of(item), vm.str_of(key)


@function("dump", 2, None, keywords=True)
def dump(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Print to a stream."""
    between, after_key = _separators(vm, args[2:], kwargs)
    print_json(vm, args[0], writer_of(vm, args[1]), between, after_key)
    return None


@function("dumps", 1, None, keywords=True)
def dumps(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A text: its buffer starts with eight bytes."""
    between, after_key = _separators(vm, args[1:], kwargs)
    vstr = VStr(vm.memory, 8)
    print_json(vm, args[0], str_.writer(vstr), between, after_key)
    return str_.finish_str(vm, vstr)


def module(vm: Machine) -> NativeModule:
    """``json``."""
    return NativeModule("json", {each.name: each for each in (dump, dumps, load, loads)})


__all__ = ["dump", "dumps", "load", "loads", "module"]
