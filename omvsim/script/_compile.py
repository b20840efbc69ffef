"""What compiling ``main.py`` leaves on the heap: an estimate.

Facts: measured on 4.8.1 and 5.0.0 for seven kinds of text at seven lengths (0 to 400 lines): an empty script leaves
560 bytes; comments nothing; a name that the firmware does not know about 24; a function's code its bytecode and a
record; a float, a text of more than ten characters or a tuple of constants an object. Bytecode is counted from the
syntax tree, so the figure is an estimate (within 15 % on the measured kinds); requests of the parser itself are freed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from omvsim.script._frames import is_constant_tuple
from omvsim.units import align_up

BASE = 560
NAME_BYTES = 24
FUNCTION_RECORD = 48
TUPLE_HEADER = 8
GARBAGE_SHARE = 0.32
"""Measured on four scripts: 28 to 37 % of what compiling leaves behind is swept by the first collection."""
PARSE_BYTES_PER_NODE = 14
INTERNED_LENGTH = 10


@dataclass(frozen=True, slots=True)
class CompileCost:
    """Bytes that stay, block by block, and bytes that are used on the way and freed."""

    kept: tuple[int, ...]
    garbage: int
    """Bytes that nothing frees until the first collection, a third of all."""
    temporary: int


_CODE_BYTES: dict[type[ast.AST], int] = {
    ast.Constant: 2,
    ast.Name: 2,
    ast.Attribute: 2,
    ast.Call: 2,
    ast.BinOp: 1,
    ast.Compare: 1,
    ast.Subscript: 1,
    ast.Expr: 1,
    ast.If: 3,
    ast.While: 4,
    ast.For: 5,
    ast.Try: 8,
    ast.With: 6,
    ast.FunctionDef: 4,
    ast.Import: 4,
    ast.ImportFrom: 5,
    ast.alias: 3,
    ast.keyword: 2,
    ast.Return: 1,
    ast.Tuple: 2,
    ast.List: 2,
    ast.Slice: 2,
}


def compile_cost(tree: ast.Module, known: set[str]) -> CompileCost:
    """The cost of compiling ``tree``; ``known`` are names that the firmware has already."""
    names: set[str] = set()
    kept: list[int] = [BASE]
    nodes = 0
    code: dict[ast.AST, int] = {}
    for owner, node in _owned(tree):
        nodes += 1
        code[owner] = code.get(owner, 0) + _CODE_BYTES.get(type(node), 0)
        names.update(_names(node))
        if is_constant_tuple(node) and isinstance(node, ast.Tuple) and node.elts:
            kept.append(TUPLE_HEADER + 4 * len(node.elts))
        if isinstance(node, ast.Constant):
            if isinstance(node.value, float):
                kept.append(20)
            elif isinstance(node.value, str | bytes) and len(node.value) > INTERNED_LENGTH:
                kept += [16, len(node.value) + 1]
    for owner, size in code.items():
        kept.append(size + (0 if isinstance(owner, ast.Module) else FUNCTION_RECORD))
    kept.append(max(1, NAME_BYTES * len(names - known)))
    total = sum(align_up(size, 16) for size in kept)
    garbage = align_up(int(total * GARBAGE_SHARE), 16)
    left = garbage
    for place, size in enumerate(kept):
        taken = min(left, max(0, size - 16))
        kept[place], left = size - taken, left - taken
    return CompileCost(tuple(kept), garbage - left, total + PARSE_BYTES_PER_NODE * nodes)


def _owned(tree: ast.Module) -> list[tuple[ast.AST, ast.AST]]:
    """Every node with the function, class or module whose code it is part of."""
    found: list[tuple[ast.AST, ast.AST]] = []
    pending: list[tuple[ast.AST, ast.AST]] = [(tree, node) for node in tree.body]
    while pending:
        owner, node = pending.pop()
        found.append((owner, node))
        inner = node if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.ListComp) else owner
        pending += [(inner, child) for child in ast.iter_child_nodes(node)]
    return found


def _names(node: ast.AST) -> set[str]:
    values = (getattr(node, name, None) for name in ("id", "attr", "name", "arg", "asname"))
    found = {value for value in values if isinstance(value, str)}
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= INTERNED_LENGTH:
        found.add(node.value)
    return found
