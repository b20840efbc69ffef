"""The compiler's state and what every rule uses of it (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.emitter import Emitter, Pass
from omvsim.compiler.nodes import Const, Name, Node, Token, truth_of
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.scopes import EmitOption, IdKind, Scope, ScopeKind
from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.isa import Code, RawCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from omvsim.compiler.parsing.rules import Rule
    from omvsim.compiler.parsing.tree import Child
    from omvsim.compiler.scopes import Id
    from omvsim.compiler.tables import ConstantTable, NameTable
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj

    Handler = Callable[["Compiler", Node], None]

_SCOPE_NAMES: Final = {
    ScopeKind.MODULE: "<module>",
    ScopeKind.LAMBDA: "<lambda>",
    ScopeKind.LIST_COMP: "<listcomp>",
    ScopeKind.DICT_COMP: "<dictcomp>",
    ScopeKind.SET_COMP: "<setcomp>",
    ScopeKind.GEN_EXPR: "<genexpr>",
}
_NESTED_MOST: Final = 200
"""Nodes inside each other. The device recurses on 32 KB of C stack without looking (OMV_STACK_SIZE, OPENMV_RT1060)."""
_TOKENS: Final = {
    Tok.KW_FALSE: Code.LOAD_CONST_FALSE,
    Tok.KW_NONE: Code.LOAD_CONST_NONE,
    Tok.KW_TRUE: Code.LOAD_CONST_TRUE,
}


class Loop:
    """Where ``break`` and ``continue`` go, and how many handlers were active outside of the loop."""

    __slots__ = ("break_label", "continue_label", "is_for", "level")

    def __init__(self, break_label: int, continue_label: int, level: int, *, is_for: bool) -> None:
        self.break_label = break_label
        self.continue_label = continue_label
        self.level = level
        self.is_for = is_for


class Compiler:
    """``compiler_t``.

    Args:
        vm: what runs the code: memory, names, exceptions.
        rules: what compiles a node of each rule.
        names, constants: the module's tables.
    """

    def __init__(
        self,
        vm: Machine,
        rules: Mapping[Rule, Handler],
        names: NameTable,
        constants: ConstantTable,
    ) -> None:
        self.vm = vm
        self.memory = vm.memory
        self.rules = rules
        self.names = names
        self.constants = constants
        self.scopes: list[Scope] = []
        self.scope_of: dict[Node, Scope] = {}
        """The scope that each function, class, lambda or comprehension opens."""
        self.emit: Emitter
        self.scope: Scope
        self.walk = Pass.SCOPE
        self.error: Obj | None = None
        self.error_line = 0
        self.next_label = 0
        self.loop: Loop | None = None
        self.except_level = 0
        self.is_repl = False
        self.nested = 0
        self.have_star = False
        self.dict_params = 0
        self.default_params = 0

    @property
    def first(self) -> bool:
        """Whether this is the walk that finds the names."""
        return self.walk is Pass.SCOPE

    # -- scopes ----------------------------------------------------------------------------------------------------

    def open_scope(self, kind: ScopeKind, tree: Child, option: EmitOption, name: str = "") -> Scope:
        """``scope_new_and_link``: a scope inside the current one; ``name`` of a function or class."""
        memory = self.memory
        block = memory.block(sizes.SCOPE)
        raw_code = RawCode(memory.block(sizes.RAW_CODE))
        table = memory.block(sizes.SCOPE_IDS_FIRST * sizes.SCOPE_ID)
        parent = self.scope if self.scopes else None
        scope = Scope(memory, kind, tree, name or _SCOPE_NAMES[kind], option, parent, block, raw_code, table)
        self.scopes.append(scope)
        return scope

    def inner_scope(self, kind: ScopeKind, node: Node, option: EmitOption | None = None, name: str = "") -> Scope:
        """The scope that a node opens; made in the first walk."""
        if self.walk is Pass.SCOPE:
            self.scope_of[node] = self.open_scope(kind, node, option or self.scope.option, name)
        return self.scope_of[node]

    # -- labels and handlers ---------------------------------------------------------------------------------------

    def new_label(self) -> int:
        """``comp_next_label``."""
        self.next_label += 1
        return self.next_label - 1

    def reserve_labels(self, count: int) -> None:
        """``reserve_labels_for_native``: unless a decorator asked for bytecode, machine code might need them."""
        if self.scope.option is not EmitOption.BYTECODE:
            self.next_label += count

    def enter_handler(self, label: int, code: Code) -> None:
        """``compile_increase_except_level``: a block whose exceptions go to ``label``."""
        self.emit.jump_by(code, 2 if code is Code.SETUP_WITH else 0, label)
        self.except_level += 1
        self.scope.exc_stack = max(self.scope.exc_stack, self.except_level)

    def leave_handler(self) -> None:
        """``compile_decrease_except_level``."""
        self.except_level -= 1
        self.emit.end_finally()
        self.reserve_labels(1)

    # -- errors ----------------------------------------------------------------------------------------------------

    def syntax_error(self, where: Child, text: str) -> None:
        """Remember the first error; compiling goes on until somebody asks."""
        if self.error is None:
            self.error = self.vm.new_error(Error.SYNTAX, text)
            self.locate_error(where)

    def declare(self, where: Child, name: Id, *, is_global: bool) -> None:
        """``global`` or ``nonlocal`` of a name (``compile_declare_global_or_nonlocal``)."""
        if is_global:
            if name.kind not in (IdKind.UNDECIDED, IdKind.GLOBAL_EXPLICIT):
                self.syntax_error(where, "identifier redefined as global")
                return
            name.kind = IdKind.GLOBAL_EXPLICIT
            outermost = self.scope.find_global(name.name)
            if outermost is not None:
                outermost.kind = IdKind.GLOBAL_EXPLICIT
        elif name.kind is IdKind.UNDECIDED:
            name.kind = IdKind.GLOBAL_IMPLICIT
            self.scope.check_to_close_over(name)
            if name.kind is IdKind.GLOBAL_IMPLICIT:
                self.syntax_error(where, "no binding for nonlocal found")
        elif name.kind is not IdKind.FREE:
            self.syntax_error(where, "identifier redefined as nonlocal")

    def locate_error(self, where: Child) -> None:
        """``compile_error_set_line``: the line of a node, unless one is known."""
        if self.error_line == 0 and isinstance(where, Node | Const):
            self.error_line = where.line

    # -- names and nodes -------------------------------------------------------------------------------------------

    def load(self, name: str) -> None:
        """``compile_load_id``."""
        if self.walk is Pass.SCOPE:
            self.scope.find_or_add(name, IdKind.GLOBAL_IMPLICIT)
        else:
            self.emit.load_id(name)

    def store(self, name: str) -> None:
        """``compile_store_id``."""
        if self.walk is Pass.SCOPE:
            self.scope.modified(name)
        else:
            self.emit.store_id(name)

    def delete(self, name: str) -> None:
        """``compile_delete_id``."""
        if self.walk is Pass.SCOPE:
            self.scope.modified(name)
        else:
            self.emit.delete_id(name)

    def node(self, child: Child) -> None:
        """``compile_node``. A constant object stands in a node with a line; a text that is a name does not."""
        if child is None:
            return
        if isinstance(child, Node):
            self.nested += 1
            if self.nested > _NESTED_MOST:
                raise Unknown("deeply nested code", "whether the camera's C stack holds it is not modelled")
            self.emit.set_line(child.line)
            self.rules[child.rule](self, child)
            self.nested -= 1
        elif isinstance(child, Name):
            self.load(child.id)
        elif isinstance(child, str):
            self.emit.load_string(child)
        elif isinstance(child, Const):
            self.emit.set_line(child.line)
            self.emit.load_object(child.value)
        elif isinstance(child, Token):
            self.token(child.kind)
        else:
            self.emit.load_int(child)

    def truth(self, child: Child) -> bool | None:
        """What a constant is as a condition; None where it is none."""
        return self.vm.truth(child.value) if isinstance(child, Const) else truth_of(child)

    def token(self, kind: Tok) -> None:
        """None, True, False or ``...``; a blank line is nothing."""
        if kind is Tok.ELLIPSIS:
            self.emit.load_object(self.vm.ellipsis)
        elif kind is not Tok.NEWLINE:
            self.emit.emit(_TOKENS[kind], 1)

    def all_nodes(self, node: Node) -> None:
        """``compile_generic_all_nodes``."""
        for kid in node.kids:
            self.node(kid)
            if self.error is not None:
                self.locate_error(kid)
                return


__all__ = ["Compiler", "Loop"]
