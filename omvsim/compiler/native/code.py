"""The emitter of machine code (``@micropython.native`` and ``viper``, py/emitnative.c) as far as its lengths go.

What it would write is only counted. Functions with handlers, ``with``, ``yield`` or cells are not modelled: Unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.emitter import ITERATOR_SLOTS
from omvsim.compiler.native.operators import binary, unary
from omvsim.compiler.native.stack import NATIVE_TO_OBJ, R0, R1, R2, WHOLE, Type
from omvsim.compiler.native.table import TYPES, F, not_modelled
from omvsim.compiler.native.values import CASTS, MachineValues
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.micropython.isa import RawCode
    from omvsim.micropython.values import BinaryOp, UnaryOp

_BUILDS: Final = {
    Code.BUILD_TUPLE: F["build_tuple"],
    Code.BUILD_LIST: F["build_list"],
    Code.BUILD_SET: F["build_set"],
    Code.BUILD_MAP: F["build_map"],
}


class MachineCodeEmitter(MachineValues):
    """Every construct, as its instructions count."""

    # -- moving values ---------------------------------------------------------------------------------------------

    def dup_top(self) -> None:
        kind, register = self.s.pop_where_it_is(R0)
        self.s.push(kind, register)
        self.s.push(kind, register)

    def dup_top_two(self) -> None:
        top, second = self.s.pop(R0), self.s.pop(R1)
        for kind, register in ((second, R1), (top, R0)) * 2:
            self.s.push(kind, register)

    def pop_top(self) -> None:
        self.s.adjust(-1)

    def rot_two(self) -> None:
        top, second = self.s.pop(R0), self.s.pop(R1)
        self.s.push(top, R0)
        self.s.push(second, R1)

    def rot_three(self) -> None:
        top, second, third = self.s.pop(R0), self.s.pop(R1), self.s.pop(R2)
        self.s.push(top, R0)
        self.s.push(third, R2)
        self.s.push(second, R1)

    # -- control flow ----------------------------------------------------------------------------------------------

    def jump(self, label: int) -> None:
        self.s.settle()
        self.code.jump(label)
        self.code.dead = True

    def pop_jump_if(self, condition: bool, label: int) -> None:
        self._jump_if(label, pop=True)

    def jump_if_or_pop(self, condition: bool, label: int) -> None:
        self._jump_if(label, pop=False)

    def _jump_if(self, label: int, *, pop: bool) -> None:
        """``emit_native_jump_helper``."""
        kind = self.s.type()
        self.s.pop(R0)
        if not pop:
            self.s.adjust(1)
        if kind is Type.OBJECT:
            self.s.call(F["is_true"])
        elif kind not in (Type.BOOL, *WHOLE):
            not_modelled(f"a condition of type {kind.value}")
        if not pop:
            self.saved = kind
        self.s.settle()
        self.code.compare_and_jump(label)
        if not pop:
            self.s.adjust(-1)

    def unwind_jump(self, label: int, levels: int, *, out_of_for: bool) -> None:
        """``break`` and ``continue``; there are no handlers to leave."""
        self.jump(label)

    def get_iter(self, *, on_stack: bool) -> None:
        self.pop_checked(R0)
        if on_stack:
            self.s.pointer_to_push(ITERATOR_SLOTS)
            self.s.call(F["getiter"])
        else:
            self.code.load_number(0)
            self.s.call(F["getiter"])
            self.s.push(Type.OBJECT, R0)

    def for_iter(self, label: int) -> None:
        self.s.pointer_to_pop(ITERATOR_SLOTS)
        self.s.adjust(ITERATOR_SLOTS)
        self.s.call(F["iternext"])
        self.code.compare_and_jump(label)
        self.s.push(Type.OBJECT, R0)

    def return_value(self) -> None:
        """The value, converted to what viper says it returns, then a jump to the end."""
        if self.typed:
            wanted = TYPES[self.scope.returns]
            if self.s.type() is Type.NONE:
                self.s.adjust(-1)
                self.code.put(2)
            elif self.s.pop(R0) is not wanted:
                not_modelled("a return value of another type than said")
            if wanted is not Type.OBJECT:
                self.s.call_with(NATIVE_TO_OBJ, 1)
        else:
            self.s.pop(R0)
        if self.guarded:
            self.code.put(2)
        self.jump(0)

    def raise_(self, values: int) -> None:
        """``raise x``: the others are treated as that, with what happens to be on the stack."""
        if values != 1:
            not_modelled("raise without one value")
        self.pop_checked(R0)
        self.s.call(F["raise"])
        self.code.dead = True

    def pop_except_jump(self, label: int) -> None:
        not_modelled("a handler")

    def with_cleanup(self, label: int) -> None:
        not_modelled("with")

    def end_finally(self) -> None:
        not_modelled("a handler")

    def yield_value(self) -> None:
        not_modelled("yield")

    def yield_from(self) -> None:
        not_modelled("yield")

    # -- operations, building, calling -----------------------------------------------------------------------------

    def unary(self, op: UnaryOp) -> None:
        unary(self.s, op)

    def binary(self, op: BinaryOp) -> None:
        binary(self.s, op)

    def build(self, code: Code, n: int) -> None:
        """A display; a slice has a function of its own."""
        if code is Code.BUILD_SLICE:
            for register in (R2, R1, R0)[3 - n :]:
                self.pop_checked(register)
            if n == 2:
                self.code.put(2)
            self.s.call(F["new_slice"])
        else:
            if code is not Code.BUILD_MAP:
                self.s.pointer_to_pop(n)
            self.s.call_with(_BUILDS[code], n)
        self.s.push(Type.OBJECT, R0)

    def store_map(self) -> None:
        for register in (R1, R2, R0):
            self.pop_checked(register)
        self.s.call(F["store_map"])
        self.s.push(Type.OBJECT, R0)

    def store_comp(self, kind: int, depth: int, values: int) -> None:
        for register in (R1, R2)[:values]:
            self.pop_checked(register)
        self.s.access(depth, R0)
        self.s.call(F[("list_append", "store_map", "store_set")[kind]])

    def unpack_sequence(self, n: int) -> None:
        self.pop_checked(R0)
        self.s.pointer_to_push(n)
        self.s.call_with(F["unpack_sequence"], n)

    def unpack_ex(self, left: int, right: int) -> None:
        self.pop_checked(R0)
        self.s.pointer_to_push(left + right + 1)
        self.s.call_with(F["unpack_ex"], left | right << 8)

    def make(self, inner: RawCode, closed_over: int, *, defaults: bool) -> None:
        """A function of the next child."""
        if closed_over:
            not_modelled("a closure")
        self.code.put(2 * 2)
        if defaults:
            self.s.pointer_to_pop(2)
        self.s.spill_all()
        if not defaults:
            self.code.put(2)
        self.children.append(inner)
        self.code.put(2 * 2)
        self.code.access(len(self.children) - 1)
        self.code.call(F["make_function"])
        self.s.push(Type.OBJECT, R0)

    def call(self, positional: int, keyword: int, *, method: bool = False, starred: bool = False) -> None:
        """Call what is below the arguments; a cast of viper is no call."""
        s, count, packed = self.s, positional + 2 * keyword, positional | keyword << 8
        if starred:
            s.pointer_to_pop(count + 2 + method)
            s.call_with(F["call_method_var"], int(method), packed)
        elif method:
            s.pointer_to_pop(count + 2)
            s.call_with(F["call_method"], positional, keyword)
        elif s.type(count) is Type.CAST:
            self._cast(CASTS[s.top(1).data])
            return
        else:
            if count:
                s.pointer_to_pop(count)
            self.pop_checked(R0)
            s.call_with(F["call_function"], packed)
        s.push(Type.OBJECT, R0)

    def _cast(self, to: Type) -> None:
        kind = self.s.type()
        if kind is Type.OBJECT:
            self.s.pop(R0)
            self.s.adjust(-1)
            self.s.call_with(F["to_native"], 1)
            self.s.push(to, R0)
        elif kind is Type.CAST:
            not_modelled("a cast of a cast")
        else:
            self.s.fold(R0)
            self.s.top().type = to

    def import_name(self, name: str) -> None:
        """Its arguments are objects, whatever viper would make of them."""
        typed, self.s.typed = self.s.typed, False
        self.s.pop(R1)
        self.s.pop(R2)
        self.s.typed = typed
        self.call_named("import_name", name)
        self.s.push(Type.OBJECT, R0)

    def import_from(self, name: str) -> None:
        self.s.access(1, R0)
        self.call_named("import_from", name)
        self.s.push(Type.OBJECT, R0)

    def import_star(self) -> None:
        self.pop_checked(R0)
        self.s.call(F["import_all"])


__all__ = ["MachineCodeEmitter"]
