"""Tables of texts and what they print, checked twice: on the interpreter and on MicroPython's own build.

A line is ``TEXT ==> PRINTED``: the representation of an expression, what statements print, or ``! CLASS: text`` of what
they raise. ``¶`` is a new line in either. ``TEXT =~> PRINTED`` is not asked of that build: it is configured differently
there, and the table's docstring says by which option. The names of one table are shared by its lines, in order.
"""

from __future__ import annotations

import ast
import sys
import textwrap
import warnings
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from tests.micropython.types._machine import run
from tests.oracles.npm import run_micropython

if TYPE_CHECKING:
    from pathlib import Path

SAME, OURS = " ==> ", " =~> "
HEAD = "@@ "
PRINTS = ("print(", "after(")
"""An expression that begins so prints for itself."""
RAISED = "except BaseException as _e:\n    print('!', type(_e).__name__ + ':', _e)\n"
_theirs: dict[str, dict[str, list[str]]] = {}


class Case(NamedTuple):
    """A line of a table."""

    text: str
    printed: str
    everywhere: bool

    def __str__(self) -> str:
        return self.text + (SAME if self.everywhere else OURS) + self.printed


class Pinned:
    """A table; a class that has ``cases`` is a test."""

    setup: ClassVar[str] = ""
    cases: ClassVar[str]

    def test_interpreter(self) -> None:
        found = sections(run(script(self), size=8 << 20).text)
        wanted = table(self)
        both = zip(wanted, found, strict=True)
        assert [str(case._replace(printed=text)) for case, text in both] == [*map(str, wanted)]

    def test_oracle(self, tmp_path: Path) -> None:
        found = theirs(type(self), tmp_path)
        wanted = table(self)
        both = [(case, text) for case, text in zip(wanted, found, strict=True) if case.everywhere]
        assert [str(case._replace(printed=text)) for case, text in both] == [str(case) for case, _ in both]


def table(pinned: Pinned | type[Pinned]) -> list[Case]:
    """The lines of a table."""
    found = []
    for line in pinned.cases.strip().splitlines():
        whole = f"{line} "  # a line that prints nothing ends with its mark
        mark = OURS if OURS in whole else SAME
        text, printed = whole.split(mark, 1)
        found.append(Case(text, printed.rstrip(), mark == SAME))
    return found


def script(pinned: Pinned | type[Pinned], *, oracle: bool = False) -> str:
    """All lines of a table as one script that goes on after what a line raises."""
    parts = [pinned.setup]
    for number, case in enumerate(table(pinned)):
        body = _body(case.text) if case.everywhere or not oracle else "    pass\n"
        parts.append(f"print('{HEAD}{number}')\ntry:\n{body}{RAISED}")
    return "\n".join(parts)


def theirs(kind: type[Pinned], folder: Path) -> list[str]:
    """What MicroPython's own build prints, line by line: the tables of one module are run together, once."""
    name = kind.__module__
    if name not in _theirs:
        classes = [value for value in vars(sys.modules[name]).values() if isinstance(value, type)]
        tables = [value for value in classes if "cases" in vars(value)]
        files = []
        for each in tables:
            files.append(folder / f"{each.__name__}.py")
            files[-1].write_text(f"print('{HEAD}{HEAD}')\n{script(each, oracle=True)}", encoding="utf-8")
        printed = run_micropython(*files, heap=4 << 20).split(f"{HEAD}{HEAD}\n")[1:]
        _theirs[name] = {each.__name__: sections(text) for each, text in zip(tables, printed, strict=True)}
    return _theirs[name][kind.__name__]


def sections(text: str) -> list[str]:
    """What each line printed."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith(HEAD):
            found.append([])
        elif found:
            found[-1].append(line)
    return ["¶".join(lines).rstrip() for lines in found]


def _body(text: str) -> str:
    """A case's statements: an expression is printed, what no Python can read is given to ``exec``."""
    source = text.replace("¶", "\n")
    for mode in ("eval", "exec"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(source, mode=mode)
        except (SyntaxError, ValueError):
            continue
        if mode == "eval" and not text.startswith(PRINTS):
            return f"    print(repr(({source})))\n"
        return textwrap.indent(source, "    ") + "\n"
    return f"    exec({source!r})\n"
