"""The macros that a configuration header leaves defined: the preprocessor's work, then sums of sizes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.boards.importing.files import text_of
from omvsim.errors import BoardError, MissingExtraError
from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNITS = {"K": 1024, "M": 1024 * 1024}
_NUMBER = re.compile(r"\b(0[xX][0-9A-Fa-f]+|\d+)(?:[uU]?[lL]{0,2})([KM]?)\b")
_SUMS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.LShift)


@dataclass(frozen=True, slots=True)
class Defines:
    """Macros without arguments, as text; ``unread`` are includes that were not found and lines with errors."""

    source: str
    macros: Mapping[str, str]
    unread: tuple[str, ...] = field(default=())

    def __contains__(self, name: str) -> bool:
        return name in self.macros

    def word(self, name: str) -> str | None:
        """What a macro stands for, other macros in it replaced: a memory's name, a text without its quotes."""
        seen: set[str] = set()
        text = self.macros.get(name)
        while text is not None and text in self.macros and text not in seen:
            seen.add(text)
            text = self.macros[text]
        return None if text is None else text.strip().strip("()").strip('"')

    def size(self, name: str) -> int | None:
        """The number behind a macro (``(3 * 1024)``, ``267K``, ``0x3800_0000``); None where there is none.

        Raises:
            BoardError: it is there and no sum of numbers.
        """
        text = self.macros.get(name)
        if text is None or not text:
            return None
        try:
            return _value(self._expanded(text))
        except (ValueError, SyntaxError, ZeroDivisionError, RecursionError, OverflowError) as error:
            raise BoardError(self.source, f"{name} is {text!r}, which is no sum of numbers") from error

    def _expanded(self, text: str, depth: int = 20) -> str:
        if not depth:
            raise ValueError("macros that lead back to themselves")
        found = re.sub(r"[A-Za-z_]\w*", lambda word: self.macros.get(word[0], word[0]), text)
        return text if found == text else self._expanded(found, depth - 1)


def read_header(path: str | Path, defined: Iterable[str] = ()) -> Defines:
    """Preprocess a header; ``defined`` are macros of the build, ``NAME`` or ``NAME=VALUE``.

    Raises:
        BoardError: the file cannot be read.
        MissingExtraError: no preprocessor is installed.
    """
    return preprocess(text_of(path), str(path), defined)


def preprocess(text: str, source: str, defined: Iterable[str] = ()) -> Defines:
    """As :func:`read_header`, of a text."""
    try:
        import pcpp  # type: ignore[import-untyped] # noqa: PLC0415 - an extra, and of use here only
    except ImportError as error:
        raise MissingExtraError("reading a header takes the preprocessor pcpp", "pip install pcpp") from error
    unread: list[str] = []

    class _Quiet(pcpp.Preprocessor):  # type: ignore[misc] # pcpp has no types
        def on_error(self, file: str, line: int, msg: str) -> None:
            del file
            unread.append(f"line {line}: {msg}")

        def on_include_not_found(
            self, is_malformed: bool, is_system_include: bool, curdir: str, includepath: str
        ) -> None:
            del is_malformed, is_system_include, curdir
            unread.append(f"#include {includepath}")
            raise pcpp.OutputDirective(pcpp.Action.IgnoreAndRemove)

        def on_directive_unknown(self, directive: Any, toks: list[Any], *_: object) -> bool:
            """``#error`` and ``#warning`` are told as lines of the header, ``#pragma`` and the like are passed over."""
            if directive.value in ("error", "warning"):
                unread.append(f"line {directive.lineno}: #{directive.value} {''.join(each.value for each in toks)}")
            return True

    reader: Any = _Quiet()
    reader.line_directive = None
    for each in defined:
        name, _, value = each.partition("=")
        reader.define(f"{name} {value or 1}")
    before = set(reader.macros)
    reader.parse(text, str(Path(source).parent / Path(source).name))
    while reader.token():
        pass
    macros = {
        name: "".join(token.value for token in macro.value).strip()
        for name, macro in reader.macros.items()
        if name not in before and macro.arglist is None
    }
    return Defines(source, macros, tuple(dict.fromkeys(unread)))


def _value(text: str) -> int:
    plain = _NUMBER.sub(lambda found: str(int(found[1], 0) * _UNITS.get(found[2], 1)), text)
    return _sum(ast.parse(plain.replace("/", "//").strip(), mode="eval").body)


def _sum(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.BinOp(left=left, op=operator, right=right) if isinstance(operator, _SUMS):
            a, b = _sum(left), _sum(right)
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.FloorDiv():
                    return a // b
                case _:
                    if b > 64:
                        raise ValueError("shifts that far")
                    return a << b
        case _:
            raise ValueError("not a sum")


__all__ = ["Defines", "preprocess", "read_header"]
