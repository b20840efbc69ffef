"""Regular expressions as the camera compiles and runs them: a byte program and a backtracking matcher (re1.5)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class Op(IntEnum):
    """Instructions of a program (lib/re1.5/re1.5.h)."""

    CHAR = 1
    ANY = 2
    CLASS = 3
    CLASS_NOT = 4
    NAMED = 5
    BEGIN = 0x50
    END = 0x51
    JUMP = 0x60
    SPLIT = 0x61
    SPLIT_BACK = 0x62
    SAVE = 0x7E
    MATCH = 0x7F


SEARCH: Final = (Op.SPLIT_BACK, 3, Op.ANY, Op.JUMP, 0xFB)
"""What an expression that is searched for starts with; a match skips it."""
OVERHEAD: Final = 5 + len(SEARCH)
NAMED: Final = frozenset(b"dDsSwW")
CONSUMERS: Final = frozenset({Op.CHAR, Op.ANY, Op.CLASS, Op.CLASS_NOT, Op.NAMED})


class PatternError(Exception):
    """An expression that does not compile; ``size`` bytes of a program come before what is wrong (None: none do)."""

    def __init__(self, size: int | None = None) -> None:
        super().__init__(size)
        self.size = size


class _Compiler:
    """One expression. A group is compiled by itself, from where its text begins."""

    def __init__(self, text: bytes) -> None:
        self.text = text + b"\0\0\0"
        self.at = 0
        self.code: list[int] = [*SEARCH, Op.SAVE, 0]
        self.groups = 0
        self.failed = False

    def _put_offset(self, place: int, value: int) -> None:
        """A byte that holds a signed number; a number that does not fit fails the expression."""
        self.failed |= not -128 <= value <= 127
        self.code[place] = value & 0xFF

    def run(self) -> list[int]:
        """The program."""
        self.part()
        if self.text[self.at]:
            raise PatternError(len(self.code) + 3)
        return [*self.code, Op.SAVE, 1, Op.MATCH]

    def part(self) -> None:
        """Up to a closing parenthesis or the end."""
        start = term = len(self.code)
        other = 0
        code = self.code
        while self.text[self.at] and self.text[self.at] != 0x29:
            letter = chr(self.text[self.at])
            if letter in "?*+":
                if len(code) == term:
                    raise PatternError
                self._repeat(letter, term)
                term = len(code)
            elif letter == "|":
                if other:
                    self._put_offset(other, len(code) - other - 1)
                code[start:start] = [Op.SPLIT, 0]
                code += [Op.JUMP, 0]
                other = len(code) - 1
                self._put_offset(start + 1, len(code) - start - 2)
                term = len(code)
            elif letter in "^$":
                code.append(Op.BEGIN if letter == "^" else Op.END)
                term = len(code)
            else:
                term = len(code)
                self._atom(letter)
            self.at += 1
        if other:
            self._put_offset(other, len(code) - other - 1)
        if self.failed:
            raise PatternError

    def _atom(self, letter: str) -> None:
        if letter == ".":
            self.code.append(Op.ANY)
        elif letter == "[":
            self._set()
        elif letter == "(":
            self._group()
        elif letter == "\\":
            self.at += 1
            byte = self.text[self.at]
            if not byte:
                raise PatternError
            self.code += [Op.NAMED if byte in NAMED else Op.CHAR, byte]
        else:
            self.code += [Op.CHAR, self.text[self.at]]

    def _set(self) -> None:
        self.at += 1
        kind = Op.CLASS
        if self.text[self.at] == 0x5E:
            kind = Op.CLASS_NOT
            self.at += 1
        self.code += [kind, 0]
        place = len(self.code) - 1
        count = 0
        while self.text[self.at] != 0x5D:
            first = self.text[self.at]
            if first == 0x5C:
                self.at += 1
                first = self.text[self.at]
                if first in NAMED:
                    self.code += [0, first]
                    self.at += 1
                    count += 1
                    continue
            if not first:
                raise PatternError
            if self.text[self.at + 1] == 0x2D and self.text[self.at + 2] != 0x5D:
                self.at += 2
            self.code += [first, self.text[self.at]]
            self.at += 1
            count += 1
        self._put_offset(place, count)

    def _group(self) -> None:
        kept = self.text[self.at + 1 : self.at + 3] != b"?:"
        number = 0
        if kept:
            self.groups += 1
            number = self.groups
            self.code += [Op.SAVE, 0]
            self._put_offset(len(self.code) - 1, 2 * number)
        self.at += 1 if kept else 3
        self.part()
        if self.text[self.at] != 0x29:
            raise PatternError
        if kept:
            self.code += [Op.SAVE, 0]
            self._put_offset(len(self.code) - 1, 2 * number + 1)

    def _repeat(self, letter: str, term: int) -> None:
        code = self.code
        lazy = self.text[self.at + 1] == 0x3F
        self.at += lazy
        if letter == "+":
            code += [Op.SPLIT if lazy else Op.SPLIT_BACK, 0]
            self._put_offset(len(code) - 1, term - len(code))
            return
        code[term:term] = [Op.SPLIT_BACK if lazy else Op.SPLIT, 0]
        if letter == "*":
            code += [Op.JUMP, 0]
            self._put_offset(len(code) - 1, term - len(code))
        self._put_offset(term + 1, len(code) - term - 2)


class Program:
    """A compiled expression: ``code`` bytes, ``groups`` captures besides the whole.

    Raises:
        PatternError: the expression is wrong or too long for its offsets.
    """

    def __init__(self, text: bytes) -> None:
        compiler = _Compiler(text)
        self.code = compiler.run()
        self.groups = compiler.groups

    def match(
        self, subject: bytes, begin: int, *, anchored: bool, check: Callable[[int], None]
    ) -> list[int | None] | None:
        """Start and end of the whole and of each group, None where there is none; or nothing.

        ``check`` is called with the number of choices that are open: each is a call on the camera's C stack.
        """
        return _Matcher(self, subject, check).run(begin, len(SEARCH) if anchored else 0)


class _Matcher:
    """One try. Choices that are left are on a stack of their own, as the calls on the camera's C stack are."""

    def __init__(self, program: Program, subject: bytes, check: Callable[[int], None]) -> None:
        self.code = program.code
        self.subject = subject
        self.check = check
        self.caps: list[int | None] = [None] * (2 * (program.groups + 1))
        self.choices: list[tuple[int, int, int, int | None]] = []
        """Where to go on (pc, place); or (-1, 0, number, old value): a capture to put back."""

    def run(self, at: int, pc: int) -> list[int | None] | None:
        """Go on until the program matches or no choice is left."""
        while True:
            end = self._straight(pc, at)
            if end is not None:
                return self.caps
            while self.choices and self.choices[-1][0] < 0:
                _, _, number, old = self.choices.pop()
                self.caps[number] = old
            if not self.choices:
                return None
            pc, at, _, _ = self.choices.pop()

    def _choose(self, pc: int, at: int) -> None:
        self.choices.append((pc, at, 0, None))
        self.check(len(self.choices))

    def _straight(self, pc: int, at: int) -> int | None:  # noqa: PLR0912 -- a case an instruction
        """Until it matches (where it ends) or fails."""
        code, subject = self.code, self.subject
        while True:
            op = code[pc]
            if op in CONSUMERS:
                if at >= len(subject):
                    return None
                size = self._consume(op, pc, subject[at])
                if not size:
                    return None
                pc += size
                at += 1
            elif op == Op.MATCH:
                return at
            elif op == Op.SAVE:
                number = code[pc + 1]
                if number < len(self.caps):
                    self.choices.append((-1, 0, number, self.caps[number]))
                    self.caps[number] = at
                pc += 2
            elif op in (Op.BEGIN, Op.END):
                if at != (0 if op == Op.BEGIN else len(subject)):
                    return None
                pc += 1
            else:
                offset = code[pc + 1] - 256 if code[pc + 1] > 127 else code[pc + 1]
                pc += 2
                if op == Op.SPLIT:
                    self._choose(pc + offset, at)
                elif op == Op.SPLIT_BACK:
                    self._choose(pc, at)
                    pc += offset
                else:
                    pc += offset

    def _consume(self, op: int, pc: int, byte: int) -> int:
        """Length of the instruction if it takes the byte, else 0."""
        code = self.code
        if op == Op.ANY:
            return 1
        if op == Op.CHAR:
            return 2 if code[pc + 1] == byte else 0
        if op == Op.NAMED:
            return 2 if is_in(code[pc + 1], byte) else 0
        count = code[pc + 1]
        pairs = code[pc + 2 : pc + 2 + 2 * count]
        found = any(
            is_in(high, byte) if low == 0 else low <= byte <= high
            for low, high in zip(pairs[::2], pairs[1::2], strict=True)
        )
        return 2 + 2 * count if found is (op == Op.CLASS) else 0


def is_in(name: int, byte: int) -> bool:
    r"""Whether a byte is in the class of a letter as in ``\d``; capitals mean the others."""
    lower = chr(name | 0x20)
    if lower == "d":
        found = 0x30 <= byte <= 0x39
    elif lower == "s":
        found = byte == 0x20 or 9 <= byte <= 13
    else:
        found = (chr(byte).isalnum() and byte < 0x80) or byte == 0x5F
    return found is bool(name & 0x20)


__all__ = ["OVERHEAD", "PatternError", "Program", "is_in"]
