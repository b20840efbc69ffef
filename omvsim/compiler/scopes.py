"""Scopes and what their names are: local, cell, free or global (py/scope.c, py/emitcommon.c)."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes
from omvsim.records import Enum, IntEnum, auto, dataclass, field

if TYPE_CHECKING:
    from omvsim.compiler.parsing.tree import Child
    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.isa import RawCode


class ScopeKind(IntEnum):
    """``scope_kind_t``: those from LAMBDA on are functions."""

    MODULE = 0
    CLASS = 1
    LAMBDA = 2
    LIST_COMP = 3
    DICT_COMP = 4
    SET_COMP = 5
    GEN_EXPR = 6
    FUNCTION = 7

    @property
    def is_function(self) -> bool:
        """``SCOPE_IS_FUNC_LIKE``."""
        return self >= ScopeKind.LAMBDA

    @property
    def is_comprehension(self) -> bool:
        """``SCOPE_IS_COMP_LIKE``."""
        return ScopeKind.LIST_COMP <= self <= ScopeKind.GEN_EXPR


class IdKind(Enum):
    """``id_info_kind_t``."""

    UNDECIDED = auto()
    GLOBAL_IMPLICIT = auto()
    GLOBAL_IMPLICIT_ASSIGNED = auto()
    GLOBAL_EXPLICIT = auto()
    LOCAL = auto()
    CELL = auto()
    FREE = auto()


class IdFlag(IntFlag):
    """What kind of parameter a name is."""

    NONE = 0
    PARAM = 1
    STAR = 2
    DOUBLE_STAR = 4


class Flag(IntFlag):
    """``MP_SCOPE_FLAG_*``: the four that the prelude of a function holds."""

    NONE = 0
    GENERATOR = 1
    VAR_KEYWORDS = 2
    VAR_ARGS = 4
    DEFAULT_KEYWORDS = 8


class EmitOption(Enum):
    """``MP_EMIT_OPT_*``: by which decorator a function is compiled. NONE emits bytecode, as BYTECODE does."""

    NONE = "bytecode (default)"
    BYTECODE = "bytecode"
    NATIVE = "native"
    VIPER = "viper"
    ASM = "asm_thumb"


_CASTS: Final = frozenset({"int", "uint", "ptr", "ptr8", "ptr16", "ptr32"})
"""In viper these are no globals (py/compile.c, scope_compute_things)."""


@dataclass(slots=True, eq=False)
class Id:
    """One name of a scope (``id_info_t``)."""

    name: str
    kind: IdKind
    flags: IdFlag = IdFlag.NONE
    number: int = 0
    annotation: str = "object"
    """Viper: the type of a parameter."""


@dataclass(slots=True, eq=False)
class Scope:
    """One block of code (``scope_t``). ``ids`` keep their order; the table they stand in grows by six."""

    memory: Memory
    kind: ScopeKind
    tree: Child
    name: str
    option: EmitOption
    parent: Scope | None
    block: Block
    raw_code: RawCode
    table: Block
    ids: list[Id] = field(default_factory=list)
    flags: Flag = Flag.NONE
    pos_args: int = 0
    keyword_only: int = 0
    default_pos_args: int = 0
    locals: int = 0
    stack: int = 0
    exc_stack: int = 0
    index: dict[str, Id] = field(default_factory=dict)
    uses_globals: bool = False
    """``MP_SCOPE_FLAG_REFGLOBALS``, which matters to machine code only."""
    uses_constants: bool = False
    """``MP_SCOPE_FLAG_HASCONSTS``, likewise."""
    returns: str = "object"
    """Viper: the type it returns."""

    def argument_names(self) -> tuple[str, ...]:
        """Names of the arguments by position; ``*`` where a name is closed over instead."""
        by_number: dict[int, str] = {}
        for name in self.ids:
            if IdFlag.PARAM in name.flags:
                by_number.setdefault(name.number, name.name)
        return tuple(by_number.get(number, "*") for number in range(self.pos_args + self.keyword_only))

    def find(self, name: str) -> Id | None:
        """``scope_find``."""
        return self.index.get(name)

    def find_or_add(self, name: str, kind: IdKind) -> Id:
        """``scope_find_or_add_id``."""
        found = self.index.get(name)
        if found is not None:
            return found
        if len(self.ids) * sizes.SCOPE_ID >= self.table.size:
            self.memory.resize(self.table, self.table.size + sizes.SCOPE_IDS_MORE * sizes.SCOPE_ID)
        made = self.index[name] = Id(name, kind)
        self.ids.append(made)
        return made

    def find_global(self, name: str) -> Id | None:
        """``scope_find_global``."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope.find(name)

    def modified(self, name: str) -> Id:
        """``mp_emit_common_get_id_for_modification``: assigning to a name makes it local in a function."""
        found = self.find_or_add(name, IdKind.GLOBAL_IMPLICIT)
        if found.kind is IdKind.GLOBAL_IMPLICIT:
            found.kind = IdKind.LOCAL if self.kind.is_function else IdKind.GLOBAL_IMPLICIT_ASSIGNED
        return found

    def check_to_close_over(self, name: Id) -> None:
        """``scope_check_to_close_over``: whether an enclosing function has the name."""
        outer = self.parent
        while outer is not None and outer.parent is not None:
            found = outer.find(name.name)
            if found is not None:
                if found.kind in (IdKind.LOCAL, IdKind.CELL, IdKind.FREE):
                    name.kind = IdKind.FREE
                    self._close_over_in_parents(name.name)
                return
            outer = outer.parent

    def _close_over_in_parents(self, name: str) -> None:
        scope = self.parent
        while scope is not None:
            found = scope.find_or_add(name, IdKind.UNDECIDED)
            if found.kind is not IdKind.UNDECIDED:
                if found.kind is IdKind.LOCAL:
                    found.kind = IdKind.CELL
                return
            found.kind = IdKind.FREE
            scope = scope.parent

    def number(self) -> None:
        """``scope_compute_things``: which local is which, once all scopes know their names."""
        if Flag.VAR_ARGS in self.flags:
            self._move_star_last()
        self._number_locals()
        for name in self.ids:
            if name.kind is IdKind.CELL and IdFlag.PARAM not in name.flags:
                name.number = self.locals
                self.locals += 1
        if self.parent is not None:
            self._number_free(self.parent)

    def _move_star_last(self) -> None:
        """The ``*x`` parameter stands behind all others but ``**y``."""
        last = None
        for i in range(len(self.ids) - 1, -1, -1):
            flags = self.ids[i].flags
            if IdFlag.STAR in flags:
                if last is not None:
                    self.ids[i], self.ids[last] = self.ids[last], self.ids[i]
                return
            if last is None and flags == IdFlag.PARAM:
                last = i

    def _number_locals(self) -> None:
        self.locals = 0
        for name in self.ids:
            if self.kind is ScopeKind.CLASS and name.name == "__class__":
                continue
            if self.kind.is_function and name.kind is IdKind.GLOBAL_IMPLICIT:
                name.kind = IdKind.GLOBAL_EXPLICIT
            if name.kind is IdKind.GLOBAL_EXPLICIT:
                self.uses_globals |= self.option is not EmitOption.VIPER or name.name not in _CASTS
            if name.kind is IdKind.LOCAL or IdFlag.PARAM in name.flags:
                name.number = self.locals
                self.locals += 1

    def _number_free(self, parent: Scope) -> None:
        """Free names come first, in the order of the parent, and count as positional arguments."""
        free = 0
        for outer in parent.ids:
            if outer.kind in (IdKind.CELL, IdKind.FREE):
                inner = self.find(outer.name)
                if inner is not None and inner.kind is IdKind.FREE:
                    inner.number = free
                    free += 1
        if free:
            for name in self.ids:
                if name.kind is not IdKind.FREE or IdFlag.PARAM in name.flags:
                    name.number += free
            self.pos_args += free
            self.locals += free


__all__ = ["EmitOption", "Flag", "Id", "IdFlag", "IdKind", "Scope", "ScopeKind"]
