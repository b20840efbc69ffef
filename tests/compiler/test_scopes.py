"""Scopes by themselves: what a name is, which local it gets, how their tables grow; the tables a module shares."""

from __future__ import annotations

import pytest

from omvsim.compiler.scopes import EmitOption, Flag, IdFlag, IdKind, Scope, ScopeKind
from omvsim.compiler.tables import ConstantTable, NameTable
from omvsim.memory import sizes
from omvsim.micropython.isa import RawCode
from tests.compiler._compiling import CompilerMachine, compiled, inner, listing, machine


def scope(vm: CompilerMachine, kind: ScopeKind, parent: Scope | None = None) -> Scope:
    memory = vm.memory
    table = memory.block(sizes.SCOPE_IDS_FIRST * sizes.SCOPE_ID)
    block, raw_code = memory.block(sizes.SCOPE), RawCode(memory.block(sizes.RAW_CODE))
    return Scope(memory, kind, None, "s", EmitOption.NONE, parent, block, raw_code, table)


def nested() -> tuple[Scope, Scope, Scope]:
    """A module, a function in it, a function in that."""
    vm = machine()
    module = scope(vm, ScopeKind.MODULE)
    outer = scope(vm, ScopeKind.FUNCTION, module)
    return module, outer, scope(vm, ScopeKind.FUNCTION, outer)


def kinds(one: Scope) -> dict[str, IdKind]:
    return {name.name: name.kind for name in one.ids}


# -- kinds of names ----------------------------------------------------------------------------------------------------


def test_assigning_makes_a_name_local_only_in_a_function() -> None:
    module, outer, _ = nested()
    assert module.modified("a").kind is IdKind.GLOBAL_IMPLICIT_ASSIGNED
    assert outer.modified("a").kind is IdKind.LOCAL


def test_a_name_read_first_is_local_once_it_is_assigned() -> None:
    _, outer, _ = nested()
    outer.find_or_add("a", IdKind.GLOBAL_IMPLICIT)
    assert outer.modified("a").kind is IdKind.LOCAL
    outer.find_or_add("b", IdKind.GLOBAL_EXPLICIT)
    assert outer.modified("b").kind is IdKind.GLOBAL_EXPLICIT


def test_a_name_of_the_enclosing_function_is_closed_over() -> None:
    _, outer, within = nested()
    outer.modified("a")
    name = within.find_or_add("a", IdKind.GLOBAL_IMPLICIT)
    within.check_to_close_over(name)
    assert (name.kind, kinds(outer)) == (IdKind.FREE, {"a": IdKind.CELL})


def test_a_name_passes_through_functions_that_do_not_use_it() -> None:
    _, outer, middle = nested()
    within = scope(machine(), ScopeKind.LIST_COMP, middle)
    outer.modified("a")
    within.check_to_close_over(within.find_or_add("a", IdKind.GLOBAL_IMPLICIT))
    assert (kinds(middle), kinds(outer)) == ({"a": IdKind.FREE}, {"a": IdKind.CELL})


def test_a_name_of_the_module_or_a_global_is_not() -> None:
    module, outer, within = nested()
    module.modified("a")
    outer.find_or_add("b", IdKind.GLOBAL_EXPLICIT)
    for text in "ab":
        name = within.find_or_add(text, IdKind.GLOBAL_IMPLICIT)
        within.check_to_close_over(name)
        assert name.kind is IdKind.GLOBAL_IMPLICIT


def test_the_global_scope_is_the_outermost() -> None:
    module, _, within = nested()
    name = module.modified("a")
    assert within.find_global("a") is name
    assert within.find_global("b") is None
    assert within.find("a") is None


# -- numbers of locals -------------------------------------------------------------------------------------------------


def test_arguments_come_first_then_locals_then_cells() -> None:
    _, outer, _ = nested()
    for text, kind, flags in (
        ("a", IdKind.CELL, IdFlag.PARAM),
        ("b", IdKind.CELL, IdFlag.NONE),
        ("c", IdKind.LOCAL, IdFlag.NONE),
    ):
        outer.find_or_add(text, kind).flags = flags
    outer.pos_args = 1
    outer.number()
    assert {name.name: name.number for name in outer.ids} == {"a": 0, "c": 1, "b": 2}
    assert (outer.locals, outer.argument_names()) == (3, ("a",))


def test_names_closed_over_come_before_all_in_the_order_outside() -> None:
    _, outer, within = nested()
    outer.modified("a")
    outer.modified("b")
    within.find_or_add("x", IdKind.LOCAL).flags = IdFlag.PARAM
    within.pos_args = 1
    for text in ("b", "a"):
        within.check_to_close_over(within.find_or_add(text, IdKind.GLOBAL_IMPLICIT))
    for one in (outer, within):
        one.number()
    assert {name.name: name.number for name in within.ids} == {"a": 0, "b": 1, "x": 2}
    assert (within.pos_args, within.locals, within.argument_names()) == (3, 3, ("*", "*", "x"))


def test_the_star_goes_behind_the_other_arguments() -> None:
    _, outer, _ = nested()
    for text, flags in (
        ("a", IdFlag.PARAM),
        ("s", IdFlag.PARAM | IdFlag.STAR),
        ("k", IdFlag.PARAM),
        ("d", IdFlag.PARAM | IdFlag.DOUBLE_STAR),
    ):
        outer.find_or_add(text, IdKind.LOCAL).flags = flags
    outer.flags = Flag.VAR_ARGS
    outer.number()
    assert [name.name for name in outer.ids] == ["a", "k", "s", "d"]


def test_a_class_does_not_count_its_own_name() -> None:
    vm = machine()
    body = scope(vm, ScopeKind.CLASS, scope(vm, ScopeKind.MODULE))
    body.find_or_add("__class__", IdKind.LOCAL)
    body.find_or_add("x", IdKind.GLOBAL_IMPLICIT_ASSIGNED)
    body.number()
    assert body.locals == 0
    body.index["__class__"].kind = IdKind.CELL
    body.number()
    assert body.locals == 1


def test_a_function_that_names_a_global_uses_globals() -> None:
    _, outer, _ = nested()
    outer.find_or_add("int", IdKind.GLOBAL_IMPLICIT)
    outer.option = EmitOption.VIPER
    outer.number()
    assert not outer.uses_globals
    assert outer.index["int"].kind is IdKind.GLOBAL_EXPLICIT
    outer.option = EmitOption.NATIVE
    outer.number()
    assert outer.uses_globals


# -- tables ------------------------------------------------------------------------------------------------------------


def test_a_scope_has_room_for_four_names_then_six_more_each_time() -> None:
    one = nested()[0]
    room = []
    for number in range(17):
        one.find_or_add(f"n{number}", IdKind.LOCAL)
        room.append(one.table.size // sizes.SCOPE_ID)
    assert room == [4] * 4 + [10] * 6 + [16] * 6 + [22]
    assert one.find_or_add("n3", IdKind.FREE).kind is IdKind.LOCAL


def test_names_are_numbered_by_first_use() -> None:
    table = NameTable(machine().memory, "main.py")
    assert [table.use(name) for name in ("a", "b", "a", "main.py", "c")] == [1, 2, 1, 0, 3]


def test_a_full_table_of_names_is_replaced_by_the_next_size_of_hash_tables() -> None:
    vm = machine()
    table = NameTable(vm.memory, "main.py")
    vm.memory.tape = tape = []
    for number in range(30):
        table.use(f"n{number}")
    asked = [request.size // 8 for request in tape if request.kind == "alloc"]
    assert asked == [2, 4, 6, 8, 10, 12, 17, 23, 29, 37]
    assert [request.kind for request in tape] == ["alloc", "free"] * 10


def test_constants_are_found_by_the_rule_they_are_given() -> None:
    vm = machine()
    table = ConstantTable(vm.memory, lambda a, b: str(a) == str(b))
    assert [table.use(value) for value in (1, "1", 2, "2", 3)] == [0, 0, 1, 1, 2]
    assert table.items == [1, 2, 3]


@pytest.mark.parametrize("count", [1, 4, 5, 9])
def test_room_for_constants(count: int) -> None:
    table = ConstantTable(machine().memory, lambda a, b: a is b)
    for number in range(count):
        table.use(number)
    assert table.block.size == 4 * {1: 4, 4: 4, 5: 8, 9: 16}[count]


# -- as they come out --------------------------------------------------------------------------------------------------


def test_a_walrus_in_a_comprehension_makes_a_local_of_the_function_around() -> None:
    module = compiled("def f(z):\n  if [y for x in z if (y := x)]: pass\n  return y\n")
    assert inner(module, 0).cells == (1,)
    assert "LOAD_DEREF 1" in listing(inner(module, 0))


def test_a_comprehension_in_a_class_does_not_see_its_names() -> None:
    module = compiled("class A:\n  x = 1\n  y = [x for _ in z]\n")
    assert "LOAD_GLOBAL x" in listing(inner(module, 0, 0))


def test_a_method_sees_through_its_class_unless_the_class_assigns_the_name() -> None:
    """The search for an enclosing function ends at the first scope that has the name, a class as well."""
    through = compiled("def f(a):\n  class A:\n    def m(self): return a\n  return A\n")
    assert "LOAD_DEREF 0" in listing(inner(through, 0, 0, 0))
    hidden = compiled("def f(a):\n  class A:\n    a = 2\n    def m(self): return a\n  return A\n")
    assert "LOAD_GLOBAL a" in listing(inner(hidden, 0, 0, 0))


def test_a_lambda_in_a_default_belongs_to_the_code_around() -> None:
    module = compiled("def f(a=lambda b=1: b): pass\n")
    assert module.children is not None
    assert [raw.code.name for raw in module.children.codes if raw.code] == ["<lambda>", "f"]


def test_arguments_that_are_cells_keep_their_places() -> None:
    code = inner(compiled("def f(a, b, c):\n  return lambda: (c, a)\n"), 0)
    assert code.cells == (0, 2)
    assert listing(code)[:3] == ["LOAD_FAST 0", "LOAD_FAST 2", "MAKE_CLOSURE (0, 2)"]


def test_an_exceptions_name_is_deleted_in_a_function_as_a_local() -> None:
    code = inner(compiled("def f():\n  try: a\n  except E as e: b\n"), 0)
    texts = listing(code)
    at = texts.index("DELETE_FAST 0")
    assert texts[at - 2 : at + 2] == ["LOAD_CONST_NONE", "STORE_FAST 0", "DELETE_FAST 0", "END_FINALLY"]
    assert texts.count("STORE_FAST 0") == 2
