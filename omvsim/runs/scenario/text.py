"""A scenario's text: options as globals, branches on them decided before the camera sees it, labels of its steps.

Between ``# options`` and ``# end of options`` a scenario says what can be chosen, one global a line. A text or number
stands where the option's name stands; a bare word (``PIXFORMAT = RGB565``) takes the place of the name itself, so that
``sensor.PIXFORMAT`` becomes ``sensor.RGB565``. A branch whose condition depends on options alone is decided and left
out. What remains is a script as a user writes it, and what ``omvsim run --show-script`` prints.
"""

from __future__ import annotations

import _ast as ast  # the nodes alone: the module around them takes 5 ms to import, a tenth of that to do without
import re
from typing import TYPE_CHECKING, Any, Final

from omvsim.errors import ScenarioError
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BEGIN: Final = re.compile(r"#\s*options\b")
END: Final = re.compile(r"#\s*end of options\b")
STEP: Final = re.compile(r"\s*#\s*step:\s*(.+?)\s*$")
HEADER: Final = re.compile(r"#\s*(board|firmware|models):\s*(.+?)\s*$")
NAME: Final = re.compile(
    r"""#.*|(?:\b[rRbBuUfF]{1,2})?(?:\"{3}(?s:.*?)\"{3}|'{3}(?s:.*?)'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"|(?P<name>\b[^\W\d]\w*)"
)
"""A name, or a comment or string literal, in which there are none."""

Option = str | int | bool | None
MOST_KEPT: Final = 64
"""Choices of options whose script is kept: a gate and a search ask for a few again and again."""


class Word(str):
    """A bare word: it stands in the script as it is."""

    __slots__ = ()


class Prepared(NamedTuple):
    """A script for the camera, and what its lines (from 1) are called in reports."""

    text: str
    labels: Mapping[int, str]


class ScenarioText:
    """A scenario's file, taken apart.

    Attributes:
        title: the first line of its comment.
        header: what the comment says of ``board``, ``firmware`` and ``models``.
        options: defaults, by name; empty for a script without a block of options.

    Raises:
        ScenarioError: its block of options is not one.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.options: dict[str, Option] = {}
        lines = self.text.splitlines()
        comments = _leading_comments(lines)
        self.title = next((line.lstrip("# ").rstrip(".") for line in comments if line.strip("# ")), self.name)
        self.header: dict[str, str] = {match[1]: match[2] for line in comments if (match := HEADER.match(line))}
        first = next((at for at, line in enumerate(lines) if BEGIN.match(line)), None)
        self._block = (0, 0)
        self._parsed: ast.Module | None = None
        self._prepared: dict[object, Prepared] = {}
        if first is None:
            return
        last = next((at for at, line in enumerate(lines) if at > first and END.match(line)), None)
        if last is None:
            raise ScenarioError(self.name, f"line {first + 1} begins a block of options that does not end")
        self._block = (first, last + 1)
        for at in range(first + 1, last):
            if lines[at].strip():
                self.options.update([self._option(at + 1, lines[at])])

    def _option(self, number: int, line: str) -> tuple[str, Option]:
        try:
            (statement,) = _parsed(line).body
            assert isinstance(statement, ast.Assign)
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            given = statement.value
            value: Any = Word(given.id) if isinstance(given, ast.Name) else _literal(given)
            assert isinstance(value, str | int | None)
        except (SyntaxError, ValueError, AssertionError):
            raise ScenarioError(self.name, f"line {number} is no option of the form NAME = value") from None
        return target.id, value

    def prepare(self, values: Mapping[str, Option]) -> Prepared:
        """The script with these options; others keep their defaults.

        Raises:
            ScenarioError: it has no option of such a name, or a condition on options cannot be decided.
        """
        for name in values:
            if name not in self.options:
                raise ScenarioError(self.name, f"this script has no option {name}, so it cannot be set")
        if not self.options:
            return Prepared(self.text, _labels(self.text.splitlines()))
        chosen = self.options | dict(values)
        key = tuple((name, type(value), value) for name, value in chosen.items())  # True is not 1 here
        if key not in self._prepared:
            if len(self._prepared) >= MOST_KEPT:
                self._prepared.clear()
            self._prepared[key] = self._made(chosen)
        return self._prepared[key]

    def _made(self, chosen: Mapping[str, Option]) -> Prepared:
        decided = _Deciding(self.name, self.text, self._tree(), self._block, chosen)
        lines = _substituted(decided.lines(), chosen)
        labels = _labels(lines)
        return Prepared("\n".join(STEP.sub("", line) for line in lines) + "\n", labels)

    def _tree(self) -> ast.Module:
        """Parsed once, however often it is prepared."""
        if self._parsed is None:
            try:
                self._parsed = _parsed(self.text)
            except (SyntaxError, ValueError) as error:
                where = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
                cause = f"{where}{error.msg if isinstance(error, SyntaxError) else error}"
                raise ScenarioError(self.name, cause) from None
        return self._parsed


def _leading_comments(lines: Sequence[str]) -> list[str]:
    found = []
    for line in lines:
        if line.strip() and not line.startswith("#"):
            break
        if BEGIN.match(line):
            break
        found.append(line)
    return found


def _labels(lines: Iterable[str]) -> dict[int, str]:
    return {number: match[1] for number, line in enumerate(lines, 1) if (match := STEP.search(line))}


class _Deciding:
    """Leaves out branches that the options rule out."""

    def __init__(
        self, name: str, text: str, tree: ast.Module, block: tuple[int, int], options: Mapping[str, Option]
    ) -> None:
        self.name = name
        self.text = text.splitlines()
        self.options = options
        self.left_out = set(range(block[0] + 1, block[1] + 1))
        self.shift = [0] * (len(self.text) + 1)
        self._look([statement for statement in tree.body if statement.lineno > block[1]])

    def lines(self) -> list[str]:
        """What is left, with at most one empty line in a row."""
        kept: list[str] = []
        for number, line in enumerate(self.text, 1):
            if number in self.left_out or (not line.strip() and (not kept or not kept[-1])):
                continue
            kept.append(line[self.shift[number] :] if line.strip() else "")
        while kept and not kept[-1]:
            kept.pop()
        return kept

    def _look(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.If) and self._on_options(statement.test):
                self._decide(statement)
            else:
                for part in ("body", "orelse", "finalbody"):
                    self._look(getattr(statement, part, ()))
                for handler in getattr(statement, "handlers", ()):
                    self._look(handler.body)

    def _decide(self, statement: ast.If) -> None:
        branch = statement.body if self._value(statement.test) else statement.orelse
        last = statement.end_lineno or statement.lineno
        kept: range = range(0)
        if branch:
            kept = range(branch[0].lineno, (branch[-1].end_lineno or branch[-1].lineno) + 1)
        self.left_out.update(number for number in range(statement.lineno, last + 1) if number not in kept)
        for number in kept:
            self.shift[number] += branch[0].col_offset - statement.col_offset
        self._look(branch)

    # -- conditions ---------------------------------------------------------------------------------------------

    def _on_options(self, test: ast.expr) -> bool:
        names = [node.id for node in _walked(test) if isinstance(node, ast.Name)]
        return bool(names) and all(name in self.options for name in names)

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.options[name]
            case ast.Tuple(elts=items):
                return tuple(self._value(item) for item in items)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._value(operand)
            case ast.BoolOp(op=ast.And(), values=values):
                return all(self._value(value) for value in values)
            case ast.BoolOp(values=values):
                return any(self._value(value) for value in values)
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                return self._value(left) == self._value(right)
            case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]):
                return self._value(left) != self._value(right)
            case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
                return self._value(left) in self._value(right)
        raise ScenarioError(self.name, f"line {node.lineno}: a condition on options compares with ==, != or in")


def _parsed(text: str) -> ast.Module:
    """``ast.parse``."""
    tree = compile(text, "<unknown>", "exec", ast.PyCF_ONLY_AST)
    assert isinstance(tree, ast.Module)
    return tree


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """``ast.walk``, each node before those below it."""
    yield node
    for name in node._fields:
        value = getattr(node, name)
        for below in value if isinstance(value, list) else (value,):
            if isinstance(below, ast.AST):
                yield from _walked(below)


def _literal(node: ast.expr) -> object:
    """``ast.literal_eval`` of a text, a number, True, False or None.

    Raises:
        ValueError: it is something else.
    """
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case ast.UnaryOp(op=ast.UAdd(), operand=ast.Constant(value=int(value))):
            return value
    raise ValueError(node)


def _substituted(lines: Sequence[str], options: Mapping[str, Option]) -> list[str]:
    """Every name of an option becomes its value."""

    def value(found: re.Match[str]) -> str:
        if found.lastgroup != "name" or found[0] not in options:
            return found[0]
        given = options[found[0]]
        return given if isinstance(given, Word) else repr(given)

    found = NAME.sub(value, "\n".join(lines)).split("\n")
    return [line.replace("'", '"') if "'" in line and '"' not in line else line for line in found]


__all__ = ["Option", "Prepared", "ScenarioText", "Word"]
