"""``re`` (extmod/modre.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.strings import decode, encode
from omvsim.memory.vstr import VStr
from omvsim.micropython.attributes import is_callable
from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import bytes_, str_, texts
from omvsim.micropython.values import Obj, PrintKind
from omvsim.standard.re_.program import PatternError, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value

PATTERN: Final = 16
"""``mp_obj_re_t`` without its program: base, bytelen, len, sub."""
MATCH: Final = 12
"""``mp_obj_match_t`` without its captures: base, num_matches, str."""
CALL: Final = 56
"""Bytes of the C stack that an open choice of the matcher holds (``recursiveloop``)."""


class Match(Obj):
    """What was found: captures in bytes of the subject."""

    __slots__ = ("caps", "subject")
    type_name: ClassVar[str] = "match"

    def __init__(self, memory: Memory, address: int, caps: list[int | None], subject: Value) -> None:
        super().__init__(memory, address)
        self.caps = caps
        self.subject = subject

    def part(self, number: int) -> bytes | None:
        """A group's bytes."""
        start, end = self.caps[2 * number], self.caps[2 * number + 1]
        return None if start is None else texts.data_of(self.subject)[start:end]

    @method("group", 2)
    def group(self, vm: Machine, number: Value) -> Value:
        """A group, None if it took no part."""
        at = vm.int_of(number)
        if not 0 <= at < len(self.caps) // 2:
            vm.raise_arg(vm.exception_type(Error.INDEX), number)
        data = self.part(at)
        return None if data is None else like(vm, self.subject, data)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<match num=n>``."""
        out(f"<match num={len(self.caps) // 2}>")


def like(vm: Machine, subject: Value, data: bytes) -> Value:
    """``mp_obj_new_str_of_type``."""
    return vm.new_str(decode(data)) if str_.is_str(subject) else bytes_.new_bytes(vm, data)


class Pattern(Obj):
    """A compiled expression."""

    __slots__ = ("program",)
    type_name: ClassVar[str] = "re"

    def __init__(self, memory: Memory, address: int, program: Program) -> None:
        super().__init__(memory, address)
        self.program = program

    def find(self, vm: Machine, data: bytes, begin: int, *, anchored: bool) -> list[int | None] | None:
        """Match; choices use up the C stack."""
        left = (vm.depth_limit - vm.depth) // CALL

        def check(calls: int) -> None:
            if calls > left:
                vm.error(Error.RUNTIME, "maximum recursion depth exceeded")

        return self.program.match(data, begin, anchored=anchored, check=check)

    def execute(self, vm: Machine, subject: Value, *, anchored: bool) -> Value:
        """``re_exec_helper``: the match is asked for first, and given back if there is none."""
        raw = texts.str_or_bytes(vm, subject)
        data = raw if isinstance(raw, bytes) else encode(raw)
        block = vm.memory.block(MATCH + 8 * (self.program.groups + 1))
        caps = self.find(vm, data, 0, anchored=anchored)
        if caps is None:
            vm.memory.free(block)
            return None
        address, block.address = block.address, 0
        return Match(vm.memory, address, caps, subject)

    @method("match", 2, 4)
    def match(self, vm: Machine, subject: Value, *rest: Value) -> Value:
        """From the beginning."""
        return self.execute(vm, subject, anchored=True)

    @method("search", 2, 4)
    def search(self, vm: Machine, subject: Value, *rest: Value) -> Value:
        """Anywhere."""
        return self.execute(vm, subject, anchored=False)

    @method("split", 2, 3)
    def split(self, vm: Machine, subject: Value, *most: Value) -> Value:
        """What is between the matches; groups are refused once there is one."""
        raw = texts.str_or_bytes(vm, subject)
        data = raw if isinstance(raw, bytes) else encode(raw)
        left = vm.int_of(most[0]) if most else 0
        parts = vm.new_list(())
        begin = 0
        while (caps := self.find(vm, data, begin, anchored=False)) is not None and caps[0] != caps[1]:
            vm.list_append(parts, like(vm, subject, data[begin : caps[0]]))
            if self.program.groups:
                vm.error(Error.NOT_IMPLEMENTED, "splitting with sub-captures")
            assert caps[1] is not None
            begin = caps[1]
            left -= 1
            if left == 0:
                break
        vm.list_append(parts, like(vm, subject, data[begin:]))
        return parts

    @method("sub", 3, 5)
    def sub(self, vm: Machine, new: Value, subject: Value, *rest: Value) -> Value:
        """Replace matches."""
        return substitute(vm, self, new, subject, rest)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<re address>``."""
        out(f"<re {self.address:x}>")


def substitute(vm: Machine, pattern: Pattern, new: Value, subject: Value, rest: Sequence[Value]) -> Value:
    """``re_sub_helper``: the buffer starts with what stands before the first match."""
    left = vm.int_of(rest[0]) if rest else 0
    raw = texts.str_or_bytes(vm, subject)
    data = raw if isinstance(raw, bytes) else encode(raw)
    vstr: VStr | None = None
    begin = 0
    while (caps := pattern.find(vm, data, begin, anchored=False)) is not None and caps[0] != caps[1]:
        assert caps[0] is not None
        assert caps[1] is not None
        if vstr is None:
            vstr = VStr(vm.memory, caps[0] - begin)
        vstr.add(data[begin : caps[0]])
        match = Match(vm.memory, 0, caps, subject)
        text = vm.call(new, (match,)) if is_callable(vm, new) else new
        _append(vm, vstr, encode(vm.str_of(text)), match)
        begin = caps[1]
        left -= 1
        if left == 0:
            break
    if vstr is None:
        return subject
    vstr.add(data[begin:])
    return str_.finish_str(vm, vstr) if str_.is_str(subject) else bytes_.finish_bytes(vm, vstr)


def _append(vm: Machine, vstr: VStr, new: bytes, match: Match) -> None:
    r"""The new text, byte by byte, with ``\1`` and ``\g<1>`` as groups."""
    at = 0
    while at < len(new) and new[at]:
        if new[at] != 0x5C:
            vstr.add(new[at : at + 1])
            at += 1
            continue
        at += 1
        named = new[at : at + 2] == b"g<"
        at += 2 * named
        first = at
        while new[at : at + 1].isdigit():
            at += 1
        if at > first:
            number = int(new[first:at])
            at += named and new[at : at + 1] == b">"
            if number >= len(match.caps) // 2:
                vm.raise_arg(vm.exception_type(Error.INDEX), number)
            vstr.add(match.part(number) or b"")
        elif new[at : at + 1] == b"\\":
            vstr.add(b"\\")
            at += 1


def compiled(vm: Machine, text: Value) -> Pattern:
    """``re.compile``. A parenthesis too many is only found while compiling, after the room was asked for."""
    source = encode(vm.str_of(text)).split(b"\0")[0]
    size: int | None = None
    program: Program | None = None
    try:
        program = Program(source)
    except PatternError as error:
        size = error.size
    if program is None:
        if size is None:
            vm.raise_value("regex too complex")
        vm.memory.block(PATTERN + size)
        vm.raise_value("error in regex")
    return Pattern(vm.memory, vm.memory.alloc(PATTERN + len(program.code)), program)


def _pattern(vm: Machine, value: Value) -> Pattern:
    return value if isinstance(value, Pattern) else compiled(vm, value)


@function("compile", 1, 2)
def _compile(vm: Machine, text: Value, *flags: Value) -> Value:
    return compiled(vm, text)


@function("match", 2, 4)
def _match(vm: Machine, pattern: Value, subject: Value, *rest: Value) -> Value:
    return _pattern(vm, pattern).execute(vm, subject, anchored=True)


@function("search", 2, 4)
def _search(vm: Machine, pattern: Value, subject: Value, *rest: Value) -> Value:
    return _pattern(vm, pattern).execute(vm, subject, anchored=False)


@function("sub", 3, 5)
def _sub(vm: Machine, pattern: Value, new: Value, subject: Value, *rest: Value) -> Value:
    return substitute(vm, _pattern(vm, pattern), new, subject, rest)


MATCH_TYPE: Final = NativeType("match", Match)
PATTERN_TYPE: Final = NativeType("re", Pattern)


def module(vm: Machine) -> NativeModule:
    """``re``."""
    return NativeModule("re", {each.name: each for each in (_compile, _match, _search, _sub)})


__all__ = ["Match", "Pattern", "module"]
