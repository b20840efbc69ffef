"""From instructions to host functions.

A :class:`Translation` makes *blocks* of a code object as they are needed. A block begins at an instruction that can be
come to in more than one way and holds all that is reached from there alone; jumps back to its own beginning are a host
loop. Its text is made of the templates of this module and :mod:`omvsim.micropython.templates`, of integers and of names
``kN`` of constants: no text of a script ever becomes host source, so nothing runs but what was translated here.

How it was chosen (seconds of CPU for a million empty turns, and for 300 000 turns with work; docs/exec.md): one host
function an instruction 1.45 and 1.53, one a basic block 0.65 and 0.85, what stands here 0.44 and 0.76.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes
from omvsim.micropython.frames import where
from omvsim.micropython.isa import Code
from omvsim.micropython.templates import GLOBALS, Writer, write

if TYPE_CHECKING:
    from types import CodeType, TracebackType

    from omvsim.micropython.frames import Frame, Step
    from omvsim.micropython.isa import CodeObject, Instr

JUMPS: Final = frozenset(
    {
        Code.JUMP,
        Code.POP_JUMP_IF_TRUE,
        Code.POP_JUMP_IF_FALSE,
        Code.JUMP_IF_TRUE_OR_POP,
        Code.JUMP_IF_FALSE_OR_POP,
        Code.FOR_ITER,
        Code.POP_EXCEPT_JUMP,
    }
)
"""Their target is reached with the stack known from here."""
ENDS: Final = frozenset(
    {
        Code.JUMP,
        Code.POP_EXCEPT_JUMP,
        Code.UNWIND_JUMP,
        Code.RETURN_VALUE,
        Code.RAISE_LAST,
        Code.RAISE_OBJ,
        Code.RAISE_FROM,
        Code.YIELD_VALUE,
    }
)
"""Nothing is fallen into behind these."""
DEEPEST: Final = 30
"""Host blocks nested in one function before a new one is begun."""
TURNS: Final = 10000
"""Turns of a host loop before the run loop gets to see the clock."""
NAMES_AND_LINES: Final = "__script_lines__"
SOURCE: Final = "__script_source__"
"""Among a block's names: the function that it is of, and the source line of each line of its text."""


class Translation:
    """The blocks of one code object.

    ``frame_bytes`` is what a frame asks for, ``on_heap`` whether it asks; ``plain`` calls need no more than putting
    their arguments into place.
    """

    def __init__(self, code: CodeObject) -> None:
        self.code = code
        self.instrs: list[Instr] = code.instrs
        state = code.n_state * sizes.WORD + code.n_exc_stack * sizes.EXCEPTION_HANDLER
        self.frame_bytes = sizes.CODE_STATE + state
        self.on_heap = state > sizes.STATE_ON_STACK and not code.machine_code
        self.stack_bytes = sizes.CALL_ON_STACK + (0 if self.on_heap else self.frame_bytes)
        self.plain = not (
            code.has_varargs or code.has_varkeywords or code.n_kwonly_args or code.has_default_kwargs or code.cells
        )
        self.steps: dict[tuple[int, int], Step] = {}
        self._reached = _count_ways(code.instrs)
        deleted = {instr.arg for instr in code.instrs if instr.code is Code.DELETE_FAST}
        self._bound = frozenset(range(code.n_pos_args + code.n_kwonly_args)) - deleted
        self._extra_of_last = 0

    def step(self, at: int, extra: int) -> Step:
        """The block that begins at an instruction, with ``extra`` objects on the stack more than it says."""
        found = self.steps.get((at, extra))
        if found is None:
            self._generate(at, extra)
            found = self.steps[at, extra]
        return found

    def instruction_of(self, traceback: TracebackType | None) -> int:
        """The instruction an exception came from; remembers how many extra objects the stack had."""
        names, line = where(traceback)
        lines: list[tuple[int, int]] = names[NAMES_AND_LINES]  # type: ignore[assignment]  # put there below
        at, self._extra_of_last = lines[line - 1]
        return at

    def extra_of_last(self, frame: Frame) -> int:
        """What :meth:`instruction_of` remembered."""
        return self._extra_of_last

    def source(self, at: int, extra: int) -> str:
        """The host text of a block and of those it leads to."""
        return "\n".join(self._write((at, extra))[0].text)

    def _write(self, head: tuple[int, int]) -> tuple[Writer, list[tuple[int, int]]]:
        """The text of a block and all it leads to that is not made yet; which these are."""
        writer = Writer(dict(GLOBALS), self._bound)
        todo = [head]
        made: list[tuple[int, int]] = []
        while todo:
            at = todo.pop()
            if at not in self.steps and at not in made:
                made.append(at)
                todo.extend(_Block(self, writer, at).write())
        return writer, made

    def _generate(self, at: int, extra: int) -> None:
        """Make a block and all it leads to, with names of their own."""
        writer, made = self._write((at, extra))
        names = writer.names
        names[NAMES_AND_LINES] = writer.lines
        names[SOURCE] = self.code.name, [self.instrs[at].line for at, _ in writer.lines]
        for head, step in self.steps.items():
            names[_name(head)] = step
        exec(_compiled("\n".join(writer.text)), names)
        for head in made:
            self.steps[head] = names[_name(head)]  # type: ignore[assignment]  # a function just made

    def ways_to(self, at: int) -> int:
        """From how many places an instruction is reached."""
        return self._reached[at]


def translate(code: CodeObject) -> Translation:
    """The translation of a code object, made once."""
    if code.translation is None:
        code.translation = Translation(code)
    return code.translation


@lru_cache(maxsize=256)
def _compiled(text: str) -> CodeType:
    """Host code of a text, which names no constant: runs of one script on other cameras share it, and so do those with
    other values for its options."""
    return compile(text, "<blocks>", "exec")


def _count_ways(instrs: list[Instr]) -> list[int]:
    """How often each instruction is a target or is fallen into; handlers and the start count as two."""
    ways = [0] * (len(instrs) + 1)
    ways[0] = 2
    for at, instr in enumerate(instrs):
        if instr.code in JUMPS:
            assert isinstance(instr.arg, int)
            ways[instr.arg] += 1
        elif instr.code in (Code.SETUP_WITH, Code.SETUP_EXCEPT, Code.SETUP_FINALLY):
            assert isinstance(instr.arg, int)
            ways[instr.arg] += 2
        elif instr.code is Code.UNWIND_JUMP:
            assert isinstance(instr.arg, tuple)
            ways[instr.arg[0]] += 2
        if instr.code not in ENDS:
            ways[at + 1] += 1
        elif instr.code is Code.YIELD_VALUE:
            ways[at + 1] += 2
    return ways


def _name(head: tuple[int, int]) -> str:
    return f"b{head[0]}_{head[1]}"


class _Block:
    """Writes one host function."""

    def __init__(self, translation: Translation, writer: Writer, head: tuple[int, int]) -> None:
        self.translation = translation
        self.writer = writer
        self.head = head
        self.leads_to: list[tuple[int, int]] = []
        self.loops = False

    def write(self) -> list[tuple[int, int]]:
        """Write it; gives the heads it goes on to."""
        writer = self.writer
        writer.begin(self.head)
        writer.line(0, f"def {_name(self.head)}(f, s):")
        start = len(writer.text)
        self._run(*self.head, nesting=1)
        if self.loops:
            writer.indent_from(start)
            writer.insert(start, f" n = {TURNS}")
            writer.insert(start + 1, " while True:")
        return self.leads_to

    def _run(self, at: int, extra: int, nesting: int) -> None:
        """Instructions from ``at`` to where control leaves."""
        instrs = self.translation.instrs
        writer = self.writer
        writer.after_int = False
        while True:
            instr = instrs[at]
            writer.begin((at, extra))
            depth = instr.depth + extra
            code = instr.code
            if code is Code.JUMP or code is Code.POP_EXCEPT_JUMP:
                assert isinstance(instr.arg, int)
                if code is Code.POP_EXCEPT_JUMP:
                    writer.line(nesting, "f.handled -= 1")
                target = instr.arg
            elif code in JUMPS:
                assert isinstance(instr.arg, int)
                test = write(writer, nesting, instrs, at, extra)
                self._branch(instr.arg, extra, nesting, test)
                if code is Code.FOR_ITER:
                    writer.begin((at, extra))
                    writer.line(nesting, f"s[{depth}] = v")
                    writer.line(nesting, "v = 0")
                target = at + 1
            else:
                write(writer, nesting, instrs, at, extra)
                if code in ENDS:
                    return
                target = at + 1
                if code is Code.END_FINALLY and extra:
                    return
            writer.after_int = code is Code.LOAD_CONST_SMALL_INT
            self._turn(at, target, nesting)
            if not self._inline(target, extra, nesting):
                self._leave(target, extra, nesting)
                return
            at = target

    def _inline(self, at: int, extra: int, nesting: int) -> bool:
        """Whether an instruction is written here rather than being a block of its own."""
        return (at, extra) != self.head and self.translation.ways_to(at) <= 1 and nesting < DEEPEST

    def _branch(self, target: int, extra: int, nesting: int, test: str) -> None:
        """``if test: go to target``, the rest following."""
        self.writer.line(nesting, f"if {test}:")
        self._turn(self.writer.at[0], target, nesting + 1)
        if self._inline(target, extra, nesting + 1):
            self._run(target, extra, nesting + 1)
        else:
            self._leave(target, extra, nesting + 1)

    def _turn(self, at: int, target: int, nesting: int) -> None:
        """Where a turn of a loop ends between two instructions, whoever counts them may want to know."""
        top, line = self.translation.code.loops.get(target, (at + 1, 0))
        if at >= top:
            last = max(instr.line for instr in self.translation.instrs[top : at + 1])
            self.writer.line(nesting, f"if f.vm.pending: f.vm.turn({line}, {last})")

    def _leave(self, at: int, extra: int, nesting: int) -> None:
        """Go on at the head of a block."""
        at = self._thread(at)
        if (at, extra) == self.head:
            self.loops = True
            self.writer.line(nesting, "n -= 1")
            self.writer.line(nesting, "if n: continue")
        else:
            self.leads_to.append((at, extra))
        self.writer.line(nesting, f"return {_name((at, extra))}")

    def _thread(self, at: int) -> int:
        """Follow plain jumps."""
        seen = set()
        while self.translation.instrs[at].code is Code.JUMP and at not in seen:
            seen.add(at)
            target = self.translation.instrs[at].arg
            assert isinstance(target, int)
            at = target
        return at


__all__ = ["Translation", "translate"]
