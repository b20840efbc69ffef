"""The passes over a module, in the order in which they ask for memory (``mp_compile`` in py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.bodies import body
from omvsim.compiler.core import Compiler
from omvsim.compiler.emitter import Emitter, Pass
from omvsim.compiler.encoding import Signature, lay_out
from omvsim.compiler.equality import strictly_equal
from omvsim.compiler.rules import RULES
from omvsim.compiler.scopes import EmitOption, Flag, IdFlag, IdKind, ScopeKind
from omvsim.compiler.stale import StaleWords
from omvsim.compiler.tables import ConstantTable, NameTable
from omvsim.later import later
from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.isa import Children, Code, CodeObject, Context

if TYPE_CHECKING:
    from omvsim.compiler import shadow
    from omvsim.compiler.native import code as machine_code
    from omvsim.compiler.parsing.tree import ParseTree
    from omvsim.compiler.scopes import Scope
    from omvsim.micropython.isa import Instr
    from omvsim.micropython.machine import Machine
else:
    (shadow,) = later("omvsim.compiler", "shadow")
    (machine_code,) = later("omvsim.compiler.native", "code")

_JUMPS = frozenset(
    {
        Code.JUMP,
        Code.POP_JUMP_IF_TRUE,
        Code.POP_JUMP_IF_FALSE,
        Code.JUMP_IF_TRUE_OR_POP,
        Code.JUMP_IF_FALSE_OR_POP,
        Code.SETUP_WITH,
        Code.SETUP_EXCEPT,
        Code.SETUP_FINALLY,
        Code.POP_EXCEPT_JUMP,
        Code.FOR_ITER,
    }
)


def compile_tree(
    vm: Machine, tree: ParseTree, file: str, *, is_repl: bool = False, context_on_heap: bool = True
) -> CodeObject:
    """Compile a module; the tree is freed. The caller makes the function of the result (16 bytes), as for any other.

    Args:
        vm: what will run it.
        tree: as parsed; emptied.
        file: name of the source.
        is_repl: expressions are printed (input of kind "single").
        context_on_heap: the module's context is a chunk; ``compile()`` has it on the C stack.

    Raises:
        Raised: SyntaxError, MemoryError, or RuntimeError "bytecode overflow".
        Unknown: a function is to be machine code of a kind that is not modelled; or code is nested too deeply.
    """
    memory = vm.memory
    context = Context(file, memory.block(sizes.MODULE_CONTEXT) if context_on_heap else Block(memory, 0, 0))
    names = NameTable(memory, file)
    c = Compiler(vm, RULES, names, ConstantTable(memory, lambda a, b: strictly_equal(vm, a, b)))
    c.is_repl = is_repl
    module = c.open_scope(ScopeKind.MODULE, tree.root, EmitOption.NONE)
    c.emit = Emitter(memory, names, c.constants, vm.opt_level)
    most = _find_names(c)
    labels = memory.block(most * sizes.WORD)
    machine = _emit_all(c, context, most)
    if c.error is not None:
        c.locate_error(c.scope.tree)
        vm.add_traceback(c.error, file, c.error_line, c.scope.name)
    else:
        tables = -(-len(names.numbers) * sizes.NAME_SHORT // sizes.WORD) + len(c.constants.items)
        context.tables = memory.block(tables * sizes.WORD)
        context.constants = c.constants.items
    memory.free(labels)
    memory.free(c.emit.block)
    if machine is not None:
        machine.free()
    tree.clear()
    for scope in c.scopes:
        memory.free(scope.table)
        memory.free(scope.block)
    if c.error is not None:
        raise Raised(c.error)
    assert module.raw_code.code is not None
    vm.part(StaleWords).compiled(module.raw_code)
    return module.raw_code.code


def _walk(c: Compiler, scope: Scope, walk: Pass) -> int:
    """``compile_scope``: one walk over a scope; bytes of its names in the prelude."""
    c.walk = walk
    c.scope = scope
    c.next_label = 0
    c.memory.place.function = scope.name
    names = c.emit.start(walk, scope)
    c.reserve_labels(6)
    body(c, scope.tree)
    return names


def _find_names(c: Compiler) -> int:
    """The first walk over all scopes, those it finds included; the most labels that one of them needs."""
    most = 0
    for scope in c.scopes:
        if c.error is not None:
            break
        if scope.option is EmitOption.ASM:
            raise Unknown(f"micropython.{scope.option.value}", "the size of machine code is not modelled")
        _walk(c, scope, Pass.SCOPE)
        for name in scope.ids:
            if name.kind is IdKind.GLOBAL_IMPLICIT:
                scope.check_to_close_over(name)
        most = max(most, c.next_label)
    if c.error is None:
        for scope in c.scopes:
            scope.number()
    return most


def _emit_all(c: Compiler, context: Context, labels: int) -> machine_code.MachineCodeEmitter | None:
    """The other passes, scope by scope; the emitter of machine code, if one was needed."""
    if c.error is not None:
        return None
    bytecode, machine = c.emit, None
    for scope in c.scopes:
        if scope.option in (EmitOption.NATIVE, EmitOption.VIPER):
            machine = machine or machine_code.MachineCodeEmitter(c.vm, c.names, c.constants, labels)
            scope.raw_code.code = _machine_code(c, scope, machine, context)
        else:
            c.emit = bytecode
            names = _walk(c, scope, Pass.EMIT)
            scope.raw_code.code = _bytecode(c, scope, names, context)
    c.emit = bytecode
    return machine


def _children(c: Compiler) -> Children | None:
    """The table of a scope's children."""
    codes = c.emit.children
    return Children(c.memory.block(len(codes) * sizes.WORD), codes) if codes else None


def _bytecode(c: Compiler, scope: Scope, names: int, context: Context) -> CodeObject:
    """The chunks of a scope's code (``mp_emit_bc_end_pass``): its children, then prelude and bytecode in one."""
    children = _children(c)
    cells = sum(name.kind is IdKind.CELL for name in scope.ids)
    layout = lay_out(c.emit.record, _signature(scope), names, cells)
    chunk = c.memory.block(layout.asked)
    if layout.overflow:
        c.vm.error(Error.RUNTIME, "bytecode overflow")
    return _code_object(c, scope, context, chunk, children)


def _machine_code(c: Compiler, scope: Scope, machine: machine_code.MachineCodeEmitter, context: Context) -> CodeObject:
    """The chunks of machine code (``emit_native_end_pass``); what runs is what bytecode would be."""
    c.emit = machine
    _walk(c, scope, Pass.EMIT)
    machine.end()
    children = _children(c)
    _walk(c, scope, Pass.EMIT)
    chunk = c.memory.block(machine.end())
    if children is not None and not machine.typed:
        c.memory.resize(children.block, children.block.size + sizes.WORD)
    c.emit = shadow.Shadow(c.memory)
    scope.stack = 0
    _walk(c, scope, Pass.EMIT)
    code = _code_object(c, scope, context, chunk, children)
    code.machine_code = scope.option.value
    if machine.typed:
        types = {name.number: name.annotation for name in scope.ids if IdFlag.PARAM in name.flags}
        code.viper_types = (*(types.get(number, "object") for number in range(scope.pos_args)), scope.returns)
    return code


def _signature(scope: Scope) -> Signature:
    """The numbers of a function's prelude."""
    states = max(1, scope.locals + scope.stack)
    arguments = scope.pos_args, scope.keyword_only, scope.default_pos_args
    return Signature(states, scope.exc_stack, int(scope.flags), *arguments)


def _code_object(c: Compiler, scope: Scope, context: Context, chunk: Block, children: Children | None) -> CodeObject:
    """A scope's code, as it was last emitted."""
    _resolve(c.emit.instrs, c.emit.labels)
    return CodeObject(
        name=scope.name,
        file=context.file,
        instrs=c.emit.instrs,
        n_state=max(1, scope.locals + scope.stack),
        n_exc_stack=scope.exc_stack,
        is_generator=Flag.GENERATOR in scope.flags,
        has_varargs=Flag.VAR_ARGS in scope.flags,
        has_varkeywords=Flag.VAR_KEYWORDS in scope.flags,
        has_default_kwargs=Flag.DEFAULT_KEYWORDS in scope.flags,
        n_pos_args=scope.pos_args,
        n_kwonly_args=scope.keyword_only,
        n_default_pos_args=scope.default_pos_args,
        arg_names=scope.argument_names(),
        cells=tuple(name.number for name in scope.ids if name.kind is IdKind.CELL),
        loops=c.emit.loops,
        context=context,
        bytecode=chunk,
        children=children,
    )


def _resolve(instrs: list[Instr], labels: dict[int, int]) -> None:
    """Labels become indices of instructions."""
    for instr in instrs:
        if instr.code in _JUMPS:
            assert isinstance(instr.arg, int)
            instr.arg = labels[instr.arg]
        elif instr.code is Code.UNWIND_JUMP:
            assert isinstance(instr.arg, tuple)
            label, levels, out_of_for = instr.arg
            instr.arg = labels[label], levels, out_of_for


__all__ = ["compile_tree"]
