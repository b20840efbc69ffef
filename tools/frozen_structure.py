"""Writes down what running a frozen module's statements does: names, signatures, frames; none of its code.

``python -m tools.frozen_structure 4.8.1 path/to/pid.py > omvsim/frozen/data/pid.txt``; the files are read by
:mod:`omvsim.frozen.structure`, which has the format.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.running import compile_source, open_file
from omvsim.heap import GcHeap
from omvsim.memory import sizes
from omvsim.micropython.camera import new_machine
from omvsim.modules import install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.isa import CodeObject

AREAS = ((0x20280000, 65536), (0x20300000, 278528), (0x60000000, 8388608))


class NotSimple(Exception):
    """A statement that the format has no line for."""


def frame_bytes(code: CodeObject) -> int:
    """Bytes of a function's frame where it is a chunk, else 0."""
    state = code.n_state * sizes.WORD + code.n_exc_stack * sizes.EXCEPTION_HANDLER
    return sizes.CODE_STATE + state if state > sizes.STATE_ON_STACK else 0


CONSTANTS: dict[str, object] = {}
"""Names that the compiler replaces."""


def constant(node: ast.expr) -> object:
    """The value of an expression of constants."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const":
        node = node.args[0]
    return eval(compile(ast.Expression(node), "constant", "eval"), {"__builtins__": {}, **CONSTANTS})


def default(node: ast.expr) -> str:
    """A default as it is written down."""
    if isinstance(node, ast.Name):
        return repr(CONSTANTS[node.id]) if node.id in CONSTANTS else node.id
    if isinstance(node, ast.Dict) and not node.keys:
        return "{}"
    if isinstance(node, ast.Call) and ast.unparse(node) == "bytes()":
        return "b''"
    return repr(constant(node)).replace(" ", "")


def function(node: ast.FunctionDef, code: CodeObject) -> str:
    """``def name frame args``."""
    words = ["def" if not node.decorator_list else f"def@{ast.unparse(node.decorator_list[0]).rpartition('.')[2]}"]
    words += [node.name, str(frame_bytes(code))]
    arguments = node.args
    plain = [each.arg for each in arguments.args]
    first = len(plain) - len(arguments.defaults)
    for at, name in enumerate(plain):
        words.append(name if at < first else f"{name}={default(arguments.defaults[at - first])}")
    if arguments.kwonlyargs:
        raise NotSimple(node.name)
    words += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    words += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return " ".join(words)


def imported(node: ast.ImportFrom) -> str:
    """``from module names``."""
    names = [each.name + (f"={each.asname}" if each.asname else "") for each in node.names]
    return f"from {'.' * node.level}{node.module} {' '.join(names)}"


def statement(node: ast.stmt, codes: Iterator[CodeObject], indent: str) -> Iterator[str]:
    """The lines of one."""
    if isinstance(node, ast.Import):
        yield f"import {' '.join(each.name for each in node.names)}"
    elif isinstance(node, ast.ImportFrom):
        yield imported(node)
    elif isinstance(node, ast.FunctionDef):
        yield function(node, next(codes))
    elif isinstance(node, ast.ClassDef):
        yield " ".join(["class", node.name, *(ast.unparse(base) for base in node.bases)])
        yield from body(node.body, iter(children(next(codes))), indent + " ")
    elif isinstance(node, ast.Try):
        inner = node.body[0]
        assert isinstance(inner, ast.ImportFrom)
        yield f"try {imported(inner)}"
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            assert isinstance(target, ast.Name)
            yield from assignment(target.id, node.value)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"special {ast.unparse(node.value.func)}"
    elif not (isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))):
        raise NotSimple(ast.unparse(node))


def assignment(name: str, value: ast.expr) -> Iterator[str]:
    """``name = value``."""
    is_constant = isinstance(value, ast.Call) and ast.unparse(value.func) == "const"
    if is_constant:
        CONSTANTS[name] = constant(value)
    if is_constant and name.startswith("_"):
        return
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "bytes":
        yield f"bytes {name} {ast.unparse(value.args[0])[1:-1]}".replace(",", "")
    else:
        try:
            yield f"set {name} {constant(value)!r}"
        except NameError:
            yield f"special {name}"


def children(code: CodeObject) -> list[CodeObject]:
    """Functions and classes of a body, in order."""
    return [each.code for each in code.children.codes] if code.children else []  # type: ignore[misc]  # all are compiled


def body(nodes: list[ast.stmt], codes: Iterator[CodeObject], indent: str) -> Iterator[str]:
    """The lines of a body."""
    for node in nodes:
        for line in statement(node, codes, indent):
            yield indent + line if not line.startswith(" ") else line


def main() -> None:
    """Print the structure of a file."""
    release, path = sys.argv[1], Path(sys.argv[2])
    text = path.read_bytes()
    vm = new_machine(GcHeap(AREAS), known_release(release), print)
    install(vm)
    names = vm.new_dict(1)
    compiled = text.replace(b"@micropython.asm_thumb", b"").replace(b"@micropython.viper", b"")
    fun = compile_source(vm, open_file(vm, path.name, compiled), Input.FILE, names)  # type: ignore[arg-type]
    if frame_bytes(fun.code):
        print(f"frame {frame_bytes(fun.code)}")
    for line in body(ast.parse(text).body, iter(children(fun.code)), ""):
        print(line)


if __name__ == "__main__":
    main()
