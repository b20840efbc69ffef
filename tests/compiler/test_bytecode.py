"""Our instructions against the bytecode that MicroPython's own cross compiler writes for the same sources.

What differs by configuration is left out of the sources: constants of modules, ``OrderedDict({…})``, long texts that
the camera has as names.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.compiler._compiling import compiled, listing
from tests.compiler._mpy import Mpy

if TYPE_CHECKING:
    from omvsim.micropython.isa import CodeObject
    from tests.compiler._mpy import Function

DATA = json.loads((Path(__file__).parent / "data" / "compiler_bytecode.json").read_text())
STATIC = tuple(DATA["static"])
ROWS = DATA["compiled"]
SHRUNK_MOST = 6
"""Bytes by which code shrinks after its chunk was sized, in these sources (each a jump that became short)."""


def _pairs(code: CodeObject, function: Function) -> list[tuple[CodeObject, Function]]:
    """Functions of both sides, the module's first."""
    children = [] if code.children is None else [raw.code for raw in code.children.codes]
    assert len(children) == len(function.children)
    found = [(code, function)]
    for child, other in zip(children, function.children, strict=True):
        assert child is not None
        found += _pairs(child, other)
    return found


def _row(row: dict[str, object]) -> list[tuple[CodeObject, Function]]:
    source, level, data = str(row["source"]), row["opt_level"], bytes.fromhex(str(row["mpy"]))
    assert isinstance(level, int)
    return _pairs(compiled(source, opt_level=level), Mpy(data, STATIC).module)


def _name(row: dict[str, object]) -> str:
    return f"{str(row['source'])[:30]!r}-O{row['opt_level']}"


@pytest.mark.parametrize("row", ROWS, ids=map(_name, ROWS))
def test_instructions_and_lines(row: dict[str, object]) -> None:
    for code, function in _row(row):
        assert listing(code) == function.listing
        assert [instr.line for instr in code.instrs] == function.lines


@pytest.mark.parametrize("row", ROWS, ids=map(_name, ROWS))
def test_preludes(row: dict[str, object]) -> None:
    for code, function in _row(row):
        assert (code.name, code.arg_names) == (function.name, function.arguments)
        assert (code.n_state, code.n_exc_stack, code.cells) == (function.n_state, function.n_exc_stack, function.cells)
        assert (code.n_pos_args, code.n_kwonly_args, code.n_default_pos_args) == function.counts
        flags = (code.is_generator, code.has_varkeywords, code.has_varargs, code.has_default_kwargs)
        assert sum(flag << bit for bit, flag in enumerate(flags)) == function.flags


@pytest.mark.parametrize("row", ROWS, ids=map(_name, ROWS))
def test_sizes(row: dict[str, object]) -> None:
    """The file has the code as it came to be; its chunk may be larger, never smaller."""
    for code, function in _row(row):
        assert 0 <= code.bytecode.size - function.size <= SHRUNK_MOST
