"""Instructions as they are emitted, the depth of the value stack before each (py/emitbc.c).

A scope is walked twice: once to find its names (:attr:`Pass.SCOPE`, nothing is emitted but names and constants are
counted), once to emit. The device walks it twice more, to size the code and to write it; that makes no request beyond
the two chunks :meth:`Emitter.finish` asks for, so their lengths are computed from what the second walk recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.encoding import Jump, Label, Line, Plain, Record, int_size, uint_size
from omvsim.compiler.scopes import Flag, IdKind
from omvsim.memory import sizes
from omvsim.micropython.isa import Code, Instr
from omvsim.micropython.values import BinaryOp, UnaryOp
from omvsim.records import Enum, auto

if TYPE_CHECKING:
    from omvsim.compiler.scopes import Scope
    from omvsim.compiler.tables import ConstantTable, NameTable
    from omvsim.memory.requests import Memory
    from omvsim.micropython.isa import RawCode
    from omvsim.micropython.values import Value

ITERATOR_SLOTS: Final = 4
"""``MP_OBJ_ITER_BUF_NSLOTS``: slots of the value stack that an iterator on it takes."""
UNWIND_SLOTS: Final = 3
"""Slots that compiling adds where a return or jump may be under way in a ``finally``."""
_SHORT_LOCALS: Final = 16
"""``MP_BC_LOAD_FAST_MULTI_NUM``: so many locals have bytecodes of their own."""
_SHORT_INTS: Final = range(-16, 48)
"""``MP_BC_LOAD_CONST_SMALL_INT_MULTI_*``."""
_NO_LINES_FROM: Final = 3
"""Level of optimisation from which on no line table is made."""
_SIGNED: Final = frozenset({Code.UNWIND_JUMP, Code.JUMP, Code.POP_JUMP_IF_TRUE, Code.POP_JUMP_IF_FALSE})
"""Jumps that may go back (opcodes up to ``MP_BC_POP_JUMP_IF_FALSE``)."""


class Pass(Enum):
    """The two walks over a scope."""

    SCOPE = auto()
    EMIT = auto()


class Emitter:
    """``emit_t``: what the current scope has come to.

    Args:
        memory: where its own chunk and the table of labels stand.
        names: table of names of the module.
        constants: table of constants of the module.
        optimise: ``micropython.opt_level()``.
    """

    def __init__(self, memory: Memory, names: NameTable, constants: ConstantTable, optimise: int) -> None:
        self.memory = memory
        self.names = names
        self.constants = constants
        self.lines = optimise < _NO_LINES_FROM
        self.block = memory.block(sizes.EMITTER)
        self.walk = Pass.SCOPE
        self.scope: Scope

    def start(self, walk: Pass, scope: Scope) -> int:
        """Begin a walk; bytes that the names of the function and its arguments take in the prelude."""
        self.walk = walk
        self.scope = scope
        self.stack = 0
        self.unsure = 0
        self.dead = False
        self.line = 1
        self.children: list[RawCode] = []
        self.instrs: list[Instr] = []
        self.record: Record = []
        self.labels: dict[int, int] = {}
        self.loops: dict[int, tuple[int, int]] = {}
        return sum(uint_size(self.names.use(name)) for name in (scope.name, *scope.argument_names()))

    # -- the stack, lines and labels -------------------------------------------------------------------------------

    def adjust(self, by: int, *, unsure: int = 0) -> None:
        """``mp_emit_bc_adjust_stack_size``; ``unsure``: so many are there only while a return or jump unwinds."""
        self.stack += by
        self.unsure += unsure
        if self.walk is Pass.EMIT and self.stack > self.scope.stack:
            self.scope.stack = self.stack

    def set_line(self, line: int) -> None:
        """``mp_emit_bc_set_source_line``: lines only go down the source."""
        if self.lines and line > self.line:
            self.record.append(Line(line - self.line))
            self.line = line

    def label(self, number: int) -> None:
        """Code from here on is alive again."""
        self.dead = False
        self.labels[number] = len(self.instrs)
        self.record.append(Label(number))

    @property
    def source_line(self) -> int:
        """The line that code belongs to from here on."""
        return self.line

    def turn_ends(self, top: int, line: int) -> None:
        """A turn of the loop of the statement at ``line`` ends here, if it began: its instructions begin at ``top``."""
        self.loops[len(self.instrs)] = top, line

    @property
    def here(self) -> int:
        """Instructions so far."""
        return len(self.instrs) if self.walk is not Pass.SCOPE else 0

    def emit(self, code: Code, by: int, arg: object = None, size: int = 1) -> None:
        """One bytecode of ``size`` bytes which changes the depth of the stack ``by``."""
        if self.walk is Pass.SCOPE:
            return
        depth = self.stack - self.unsure
        self.adjust(by)
        if not self.dead:
            self.instrs.append(Instr(code, arg, self.line, depth))
            self.record.append(Plain(size))

    def _uint(self, code: Code, by: int, value: int) -> None:
        self.emit(code, by, value, 1 + uint_size(value))

    def _name(self, code: Code, by: int, name: str) -> None:
        self.emit(code, by, name, 1 + uint_size(self.names.use(name)))

    def jump_by(self, code: Code, by: int, label: int, arg: object = None) -> None:
        """A bytecode with a label (``emit_write_bytecode_byte_label``)."""
        if self.walk is Pass.SCOPE:
            return
        depth = self.stack - self.unsure
        self.adjust(by)
        if not self.dead:
            self.instrs.append(Instr(code, label if arg is None else arg, self.line, depth))
            self.record.append(Jump(label, code in _SIGNED))

    # -- constants and names ---------------------------------------------------------------------------------------

    def load_none(self) -> None:
        self.emit(Code.LOAD_CONST_NONE, 1)

    def load_int(self, value: int) -> None:
        """A small int."""
        self.emit(Code.LOAD_CONST_SMALL_INT, 1, value, 1 if value in _SHORT_INTS else 1 + int_size(value))

    def load_string(self, name: str) -> None:
        """A text that is a name."""
        self._name(Code.LOAD_CONST_STRING, 1, name)

    def load_object(self, value: Value) -> None:
        """A constant object."""
        number = self.constants.use(value)
        # Of equal constants the code holds the first: the others die with the parse tree.
        self.emit(Code.LOAD_CONST_OBJ, 1, self.constants.items[number], 1 + uint_size(number))

    def load_null(self) -> None:
        self.emit(Code.LOAD_NULL, 1)

    def load_fast(self, number: int) -> None:
        """A local, or the cell in it."""
        self.emit(Code.LOAD_FAST, 1, number, 1 if number < _SHORT_LOCALS else 1 + uint_size(number))

    def load_global(self, name: str) -> None:
        self._name(Code.LOAD_GLOBAL, 1, name)

    def load_id(self, name: str) -> None:
        """``mp_emit_common_id_op`` for loading."""
        found = self.scope.index[name]
        if found.kind in (IdKind.GLOBAL_IMPLICIT, IdKind.GLOBAL_IMPLICIT_ASSIGNED):
            self._name(Code.LOAD_NAME, 1, name)
        elif found.kind is IdKind.GLOBAL_EXPLICIT:
            self.load_global(name)
        elif found.kind is IdKind.LOCAL:
            self.load_fast(found.number)
        else:
            self._uint(Code.LOAD_DEREF, 1, found.number)

    def store_id(self, name: str) -> None:
        found = self.scope.index[name]
        if found.kind in (IdKind.GLOBAL_IMPLICIT, IdKind.GLOBAL_IMPLICIT_ASSIGNED):
            self._name(Code.STORE_NAME, -1, name)
        elif found.kind is IdKind.GLOBAL_EXPLICIT:
            self._name(Code.STORE_GLOBAL, -1, name)
        elif found.kind is IdKind.LOCAL:
            number = found.number
            self.emit(Code.STORE_FAST, -1, number, 1 if number < _SHORT_LOCALS else 1 + uint_size(number))
        else:
            self._uint(Code.STORE_DEREF, -1, found.number)

    def delete_id(self, name: str) -> None:
        found = self.scope.index[name]
        if found.kind in (IdKind.GLOBAL_IMPLICIT, IdKind.GLOBAL_IMPLICIT_ASSIGNED):
            self._name(Code.DELETE_NAME, 0, name)
        elif found.kind is IdKind.GLOBAL_EXPLICIT:
            self._name(Code.DELETE_GLOBAL, 0, name)
        elif found.kind is IdKind.LOCAL:
            self._uint(Code.DELETE_FAST, 0, found.number)
        else:
            self._uint(Code.DELETE_DEREF, 0, found.number)

    # -- attributes and items --------------------------------------------------------------------------------------

    def load_attr(self, name: str) -> None:
        self._name(Code.LOAD_ATTR, 0, name)

    def store_attr(self, name: str) -> None:
        self._name(Code.STORE_ATTR, -2, name)

    def delete_attr(self, name: str) -> None:
        """Storing NULL deletes."""
        self.load_null()
        self.rot_two()
        self.store_attr(name)

    def load_method(self, name: str, *, is_super: bool = False) -> None:
        if is_super:
            self._name(Code.LOAD_SUPER_METHOD, -1, name)
        else:
            self._name(Code.LOAD_METHOD, 1, name)

    def load_build_class(self) -> None:
        self.emit(Code.LOAD_BUILD_CLASS, 1)

    def load_subscr(self) -> None:
        self.emit(Code.LOAD_SUBSCR, -1)

    def store_subscr(self) -> None:
        self.emit(Code.STORE_SUBSCR, -3)

    def delete_subscr(self) -> None:
        """Storing NULL deletes."""
        self.load_null()
        self.rot_three()
        self.store_subscr()

    # -- moving values ---------------------------------------------------------------------------------------------

    def dup_top(self) -> None:
        self.emit(Code.DUP_TOP, 1)

    def dup_top_two(self) -> None:
        self.emit(Code.DUP_TOP_TWO, 2)

    def pop_top(self) -> None:
        self.emit(Code.POP_TOP, -1)

    def rot_two(self) -> None:
        self.emit(Code.ROT_TWO, 0)

    def rot_three(self) -> None:
        self.emit(Code.ROT_THREE, 0)

    # -- control flow ----------------------------------------------------------------------------------------------

    def jump(self, label: int) -> None:
        self.jump_by(Code.JUMP, 0, label)
        self.dead = True

    def pop_jump_if(self, condition: bool, label: int) -> None:
        self.jump_by(Code.POP_JUMP_IF_TRUE if condition else Code.POP_JUMP_IF_FALSE, -1, label)

    def jump_if_or_pop(self, condition: bool, label: int) -> None:
        self.jump_by(Code.JUMP_IF_TRUE_OR_POP if condition else Code.JUMP_IF_FALSE_OR_POP, -1, label)

    def unwind_jump(self, label: int, levels: int, *, out_of_for: bool) -> None:
        """``break`` and ``continue`` out of ``levels`` blocks with handlers."""
        if levels:
            self.jump_by(Code.UNWIND_JUMP, 0, label, (label, levels, out_of_for))
            if self.walk is Pass.EMIT and not self.dead:
                self.record.append(Plain(1))
        else:
            if out_of_for:
                for _ in range(ITERATOR_SLOTS):
                    self.emit(Code.POP_TOP, -1)
            self.jump_by(Code.JUMP, 0, label)
            if out_of_for:
                self.adjust(ITERATOR_SLOTS)
        self.dead = True

    def pop_except_jump(self, label: int) -> None:
        self.jump_by(Code.POP_EXCEPT_JUMP, 0, label)
        self.dead = True

    def with_cleanup(self, label: int) -> None:
        """Call ``__exit__``: two more slots than before are needed for it."""
        self.load_none()
        self.label(label)
        self.emit(Code.WITH_CLEANUP, 2)
        self.adjust(-4)

    def end_finally(self) -> None:
        self.emit(Code.END_FINALLY, -1)

    def get_iter(self, *, on_stack: bool) -> None:
        if on_stack:
            self.emit(Code.GET_ITER_STACK, ITERATOR_SLOTS - 1)
        else:
            self.emit(Code.GET_ITER, 0)

    def for_iter(self, label: int) -> None:
        self.jump_by(Code.FOR_ITER, 1, label)

    def for_iter_end(self) -> None:
        self.adjust(-ITERATOR_SLOTS)

    def return_value(self) -> None:
        self.emit(Code.RETURN_VALUE, -1)
        self.dead = True

    def raise_(self, values: int) -> None:
        """``raise``, ``raise x`` or ``raise x from y``."""
        self.emit((Code.RAISE_LAST, Code.RAISE_OBJ, Code.RAISE_FROM)[values], -values)
        self.dead = True

    def yield_value(self) -> None:
        self.emit(Code.YIELD_VALUE, 0)
        self.scope.flags |= Flag.GENERATOR

    def yield_from(self) -> None:
        self.emit(Code.YIELD_FROM, -1)
        self.scope.flags |= Flag.GENERATOR

    # -- operations, building, calling -----------------------------------------------------------------------------

    def unary(self, op: UnaryOp) -> None:
        self.emit(Code.UNARY_OP, 0, op)

    def binary(self, op: BinaryOp) -> None:
        """``not in`` and ``is not`` are ``in`` and ``is``, then ``not``."""
        straight = {BinaryOp.NOT_IN: BinaryOp.IN, BinaryOp.IS_NOT: BinaryOp.IS}.get(op)
        self.emit(Code.BINARY_OP, -1, op if straight is None else straight)
        if straight is not None:
            self.unary(UnaryOp.NOT)

    def build(self, code: Code, n: int) -> None:
        """A display of ``n`` values; a dict's are stored one by one afterwards."""
        self._uint(code, 1 if code is Code.BUILD_MAP else 1 - n, n)

    def store_map(self) -> None:
        self.emit(Code.STORE_MAP, -2)

    def store_comp(self, kind: int, depth: int, values: int) -> None:
        """Put the ``values`` on top into the collection ``depth`` below; kind 0 list, 1 dict, 2 set."""
        self._uint(Code.STORE_COMP, -values, (depth + values - 1) << 2 | kind)

    def unpack_sequence(self, n: int) -> None:
        self._uint(Code.UNPACK_SEQUENCE, n - 1, n)

    def unpack_ex(self, left: int, right: int) -> None:
        self._uint(Code.UNPACK_EX, left + right, left | right << 8)

    def make(self, inner: RawCode, closed_over: int, *, defaults: bool) -> None:
        """A function of the next child, or a closure; dead code has its child as well."""
        child = len(self.children)
        self.children.append(inner)
        by = (-2 if defaults else 0) + 1 - closed_over
        if closed_over:
            code = Code.MAKE_CLOSURE_DEFARGS if defaults else Code.MAKE_CLOSURE
            self.emit(code, by, (child, closed_over), 2 + uint_size(child))
        else:
            code = Code.MAKE_FUNCTION_DEFARGS if defaults else Code.MAKE_FUNCTION
            self.emit(code, by, child, 1 + uint_size(child))

    def call(self, positional: int, keyword: int, *, method: bool = False, starred: bool = False) -> None:
        """Call what is below the arguments."""
        by = -positional - 2 * keyword - (1 if method else 0) - (1 if starred else 0)
        plain, var = (
            (Code.CALL_METHOD, Code.CALL_METHOD_VAR_KW) if method else (Code.CALL_FUNCTION, Code.CALL_FUNCTION_VAR_KW)
        )
        self._uint(var if starred else plain, by, keyword << 8 | positional)

    def import_name(self, name: str) -> None:
        self._name(Code.IMPORT_NAME, -1, name)

    def import_from(self, name: str) -> None:
        self._name(Code.IMPORT_FROM, 1, name)

    def import_star(self) -> None:
        self.emit(Code.IMPORT_STAR, -1)


__all__ = ["ITERATOR_SLOTS", "UNWIND_SLOTS", "Emitter", "Pass"]
