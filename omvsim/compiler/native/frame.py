"""How machine code enters and leaves a function, and what its emitter keeps (py/emitnative.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.emitter import Emitter, Pass
from omvsim.compiler.encoding import Signature, prelude_size_size, uint_size
from omvsim.compiler.equality import FunctionTable
from omvsim.compiler.native.names import NameNumbers
from omvsim.compiler.native.stack import LOCAL_REGISTERS, Kind, MachineStack, Type
from omvsim.compiler.native.table import TYPES, F, not_modelled
from omvsim.compiler.native.thumb import Thumb
from omvsim.compiler.scopes import EmitOption, Flag, IdFlag, IdKind
from omvsim.memory import sizes

if TYPE_CHECKING:
    from omvsim.compiler.scopes import Scope
    from omvsim.compiler.tables import ConstantTable, NameTable
    from omvsim.micropython.isa import RawCode
    from omvsim.micropython.machine import Machine

_NLR_WORDS: Final = 18
"""``nlr_buf_t`` with floating-point registers (py/nlr.h)."""
_CODE_STATE_WORDS: Final = 5
"""``mp_code_state_native_t`` up to its state."""


class MachineFrame(Emitter):
    """``emit_t`` of emitnative.c: one for all functions of a module, made for the first.

    Args:
        vm: memory and names.
        names, constants: the module's tables.
        labels: the most labels that a scope needs.
    """

    def __init__(self, vm: Machine, names: NameTable, constants: ConstantTable, labels: int) -> None:
        self.memory = vm.memory
        self.names = names
        self.constants = constants
        self.block = vm.memory.block(sizes.MACHINE_EMITTER)
        self.code = Thumb()
        self.s = MachineStack(vm.memory, self.code)
        self.handlers_block = vm.memory.block(8 * sizes.MACHINE_HANDLER)
        self.code_block = vm.memory.block(sizes.ASSEMBLER)
        self.labels_block = vm.memory.block(labels * sizes.WORD)
        self.locals_block = vm.memory.block(0)
        self.numbers = NameNumbers(vm.strings)
        self.table = FunctionTable(vm.memory)
        self.info = 0
        self.saved = Type.OBJECT
        """Type of the last value that a jump left on the stack (``saved_stack_vtype``)."""

    def free(self) -> None:
        """What is freed when the module is compiled, in order."""
        for block in (
            *(self.labels_block, self.code_block, self.handlers_block),
            *(self.locals_block, self.s.block, self.block),
        ):
            self.memory.free(block)

    # -- entry and exit --------------------------------------------------------------------------------------------

    def start(self, walk: Pass, scope: Scope) -> int:
        """``emit_native_start_pass``: the code that enters the function."""
        if scope.exc_stack or Flag.GENERATOR in scope.flags:
            not_modelled("a handler or yield")
        if any(name.kind in (IdKind.CELL, IdKind.FREE) for name in scope.ids):
            not_modelled("a closure")
        self.walk = walk
        self.scope = scope
        self.children: list[RawCode] = []
        self.line = 1
        self.instrs = []
        self.loops = {}
        if self.locals_block.size < scope.locals:
            self.memory.resize(self.locals_block, scope.locals)
        self.typed = scope.option is EmitOption.VIPER
        self.locals = self._local_types(scope)
        self.code.start()
        self.s.start(typed=self.typed)
        self.s.deepest = scope.stack
        self.guarded = scope.uses_globals
        self.has_constants = scope.uses_constants
        table = self.constants.use(self.table)
        self.state = scope.locals + scope.stack
        if self.typed:
            self._enter_viper(table)
        else:
            self._enter_native(table)
        return 0

    def _local_types(self, scope: Scope) -> list[Type]:
        arguments = scope.pos_args + scope.keyword_only
        arguments += (Flag.VAR_ARGS in scope.flags) + (Flag.VAR_KEYWORDS in scope.flags)
        others = Type.UNBOUND if self.typed else Type.OBJECT
        kinds = [Type.OBJECT if i < arguments else others for i in range(scope.locals)]
        if self.typed:
            for name in scope.ids:
                if IdFlag.PARAM in name.flags:
                    kinds[name.number] = TYPES[name.annotation]
        return kinds

    def _enter_native(self, table: int) -> None:
        code = self.code
        code.put(4)  # where the prelude is
        start = (_NLR_WORDS + 1 if self.guarded else 0) + _CODE_STATE_WORDS
        code.enter(start + self.state)
        code.put(4)
        code.access(table)
        code.put(2)
        code.load_number(self.state)
        code.put(2 + 2)
        code.call(F["setup_code_state"])
        self._guard()
        code.put(2 * min(len(LOCAL_REGISTERS), self.scope.locals))

    def _enter_viper(self, table: int) -> None:
        code, scope = self.code, self.scope
        registers = len(LOCAL_REGISTERS)
        in_registers = min(scope.locals, registers) - (scope.pos_args > registers)
        start = _NLR_WORDS + 1 + 2 if self.guarded else int(self.has_constants)
        code.enter(start + self.state - in_registers)
        code.put(4)
        code.access(table)
        if self.guarded or self.has_constants:
            code.put(2)
        code.put(3 * 2)
        code.compare_and_jump(4)
        code.load_number(scope.pos_args)
        code.compare_and_jump(5)
        code.label(4)
        code.load_number(scope.pos_args << 17 | scope.pos_args << 1)
        code.call(F["arg_check"])
        code.label(5)
        for i in range(scope.pos_args):
            code.access(i)
            if self.locals[i] is not Type.OBJECT:
                self.s.call_with(F["to_native"], 1)
            code.put(2)
        if scope.pos_args > registers:
            code.put(2)
        self._guard()

    def _guard(self) -> None:
        """``emit_native_global_exc_entry``: a function that uses globals swaps them, and catches what passes."""
        if not self.guarded:
            return
        code = self.code
        code.put(3 * 2)
        code.call(F["swap_globals"])
        code.put(2)
        code.compare_and_jump(2)
        code.put(2)
        code.call(F["nlr_push"])
        code.compare_and_jump(2)
        code.put(2)
        code.call(F["swap_globals"])
        code.put(2)
        code.call(F["raise"])
        self.label(2)

    def end(self) -> int:
        """``emit_native_end_pass``: the way out and, of native code, the prelude; bytes of all."""
        code, scope = self.code, self.scope
        self.label(0)
        if self.guarded:
            code.put(2)
            code.compare_and_jump(1)
            code.call(F["swap_globals"])
            code.call(F["nlr_pop"])
            self.label(1)
            code.put(2)
        code.leave()
        if not self.typed:
            numbers = scope.pos_args, scope.keyword_only, scope.default_pos_args
            code.put(Signature(self.state, 0, int(scope.flags), *numbers).size())
            code.put(prelude_size_size(self.info, 0))
            self.info = sum(uint_size(self.names.use(name)) for name in (scope.name, *scope.argument_names()))
            code.put(self.info)
        scope.stack = self.s.deepest
        return code.offset

    # -- the stack, lines and labels -------------------------------------------------------------------------------

    def adjust(self, by: int, *, unsure: int = 0) -> None:
        """``emit_native_adjust_stack_size``."""
        if by > 0:
            self.s.ensure(by)
        for slot in self.s.slots[self.s.size : self.s.size + max(by, 0)]:
            slot.kind, slot.type = Kind.STACK, self.saved if by == 1 else Type.OBJECT
        self.s.adjust(by)

    @property
    def here(self) -> int:
        """Machine code is not run: its loops are those of the bytecode beside it."""
        return 0

    @property
    def source_line(self) -> int:
        """Machine code knows no lines."""
        return 0

    def turn_ends(self, top: int, line: int) -> None:
        """Nobody counts turns in machine code."""

    def set_line(self, line: int) -> None:
        """Machine code has no lines."""

    def label(self, number: int) -> None:
        self.s.settle()
        self.code.label(number)


__all__ = ["MachineFrame"]
