"""Functions by chance whose control flow goes through nested ``try`` statements, loops and ``with`` blocks."""

from __future__ import annotations

import random

PRELUDE = """
class Stop(Exception):
    pass

class Held:
    def __init__(self, name, swallows):
        self.name = name
        self.swallows = swallows
    def __enter__(self):
        print('enter', self.name)
        return self.name
    def __exit__(self, kind, value, traceback):
        print('exit', self.name, kind and kind.__name__, value)
        return self.swallows

def tried(f, *args):
    try:
        print('returned', f(*args))
    except BaseException as e:
        print('raised', type(e).__name__, e)

def drained(f, thrown):
    made = f(1)
    try:
        print('first', next(made))
        if thrown == 'close':
            print('closed', made.close())
        elif thrown is not None:
            print('threw', made.throw(thrown))
        for each in made:
            print('yielded', each)
    except BaseException as e:
        print('raised', type(e).__name__, e, e.args)
"""


class Writer:
    """Writes one function. Every statement has a number that it prints, so the path taken is what is printed."""

    def __init__(self, seed: int, *, generator: bool) -> None:
        self.chance = random.Random(seed)
        self.generator = generator
        self.number = 0
        self.loops = 0
        self.lines: list[str] = []

    def function(self) -> str:
        """``def f(x)``."""
        self.lines = ["def f(x):"]
        if self.generator:
            self.put(1, "yield 'started'")
        self.suite(1, 3, looping=False)
        self.put(1, "return 'end'")
        return "\n".join(self.lines) + "\n"

    def put(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def suite(self, depth: int, room: int, *, looping: bool) -> None:
        """One to three statements."""
        self.put(depth, f"print({self.next_number()})")
        for _ in range(self.chance.randint(1, 2)):
            self.statement(depth, room, looping=looping)

    def statement(self, depth: int, room: int, *, looping: bool) -> None:
        kinds = ["leave", "leave", "say"]
        if room > 0:
            kinds += ["finally", "finally", "except", "full", "for", "while", "with", "if"]
        getattr(self, "_" + self.chance.choice(kinds))(depth, room - 1, looping)

    def _say(self, depth: int, _room: int, _looping: bool) -> None:
        self.put(depth, f"print('said', {self.next_number()})")

    def _leave(self, depth: int, _room: int, looping: bool) -> None:
        """Something that may leave the block, mostly only for one value of x."""
        number = self.next_number()
        ways = [f"return {number}", f"raise Stop({number})", f"raise ValueError({number})", "x.missing", "1 // (x - 1)"]
        if looping:
            ways += ["break", "continue", "break", "continue"]
        if self.generator:
            ways += [f"print('got', (yield {number}))"] * 3
        if self.chance.random() < 0.2:
            ways.append("raise")
        way = self.chance.choice(ways)
        if self.chance.random() < 0.5:
            self.put(depth, f"if x == {self.chance.randint(0, 2)}:")
            depth += 1
        self.put(depth, way)

    def _if(self, depth: int, room: int, looping: bool) -> None:
        self.put(depth, f"if x < {self.chance.randint(0, 2)}:")
        self.suite(depth + 1, room, looping=looping)
        self.put(depth, "else:")
        self.suite(depth + 1, room, looping=looping)

    def _finally(self, depth: int, room: int, looping: bool) -> None:
        self.put(depth, "try:")
        self.suite(depth + 1, room, looping=looping)
        self.put(depth, "finally:")
        self.suite(depth + 1, room, looping=looping)

    def _except(self, depth: int, room: int, looping: bool) -> None:
        self.put(depth, "try:")
        self.suite(depth + 1, room, looping=looping)
        kind = self.chance.choice(["Stop as e", "ValueError", "(Stop, AttributeError) as e", "Exception as e", ""])
        self.put(depth, f"except {kind}:")
        if "as e" in kind:
            self.put(depth + 1, "print(type(e), e)")
        self.suite(depth + 1, room, looping=looping)
        if self.chance.random() < 0.4:
            self.put(depth, "else:")
            self.suite(depth + 1, room, looping=looping)

    def _full(self, depth: int, room: int, looping: bool) -> None:
        self._except(depth, room, looping)
        self.put(depth, "finally:")
        self.suite(depth + 1, room, looping=looping)

    def _for(self, depth: int, room: int, _looping: bool) -> None:
        self.loops += 1
        over = self.chance.choice(["range(2)", "(1, 2)", "range(x)", "[x] * 2"])
        self.put(depth, f"for n{self.loops} in {over}:")
        self.suite(depth + 1, room, looping=True)
        self._else(depth, room, _looping)

    def _while(self, depth: int, room: int, _looping: bool) -> None:
        self.loops += 1
        name = f"n{self.loops}"
        self.put(depth, f"{name} = 0")
        self.put(depth, f"while {name} < 2:")
        self.put(depth + 1, f"{name} += 1")
        self.suite(depth + 1, room, looping=True)
        self._else(depth, room, _looping)

    def _else(self, depth: int, room: int, looping: bool) -> None:
        if self.chance.random() < 0.3:
            self.put(depth, "else:")
            self.suite(depth + 1, room, looping=looping)

    def _with(self, depth: int, room: int, looping: bool) -> None:
        number = self.next_number()
        self.put(depth, f"with Held({number}, {self.chance.random() < 0.3}) as held:")
        self.suite(depth + 1, room, looping=looping)


def plain(seed: int) -> str:
    """A function called with three values."""
    return Writer(seed, generator=False).function() + "for x in (0, 1, 2):\n    tried(f, x)\n"


def generator(seed: int) -> str:
    """A generator that is drained, closed, and thrown an exception at its first yield."""
    text = Writer(seed, generator=True).function()
    return text + "for thrown in (None, 'close', Stop('thrown'), ValueError):\n    drained(f, thrown)\n"
