"""The command line's parser: argparse, with a near word where one is meant and with examples under the help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_ANY = 80
"""Columns, where nothing is printed."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Asks how wide the terminal is where help is printed: argparse asks at every argument that is added, with a
    module that takes 3 ms to import."""

    def __init__(self, prog: str, width: int | None = None) -> None:
        super().__init__(prog, width=width or _ANY)
        self._asks = width is None

    def format_help(self) -> str:
        """Argparse's own."""
        if self._asks:
            there = argparse.RawDescriptionHelpFormatter(self._prog)
            self._width, self._max_help_position = there._width, there._max_help_position
        return super().format_help()


class Parser(argparse.ArgumentParser):
    """What argparse prints, with the examples of a command as they are typed."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("formatter_class", _Formatter)
        self._typed: list[str] = []
        super().__init__(*args, **options)  # type: ignore[arg-type] # argparse's own arguments, handed on

    def show_examples(self, examples: Iterable[str]) -> None:
        """``examples`` are commands without the leading ``omvsim``; an action's help has those of its own."""
        shown = tuple(examples)
        self.epilog = "examples:\n" + "\n".join(f"  omvsim {example}" for example in shown)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    own = [example for example in shown if f"omvsim {example} ".startswith(f"{inner.prog} ")]
                    if own and isinstance(inner, Parser):
                        inner.show_examples(own)

    def words(self) -> Iterator[str]:
        """Every option of this parser and of the actions below it."""
        yield from self._option_string_actions
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    if isinstance(inner, Parser):
                        yield from inner.words()

    def actions(self) -> set[str]:
        """Commands and actions of this parser and of those below it."""
        found = set()
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, inner in action.choices.items():
                    found |= {name} | (inner.actions() if isinstance(inner, Parser) else set())
        return found

    def below(self, command: str) -> Parser:
        """The parser of one of this parser's commands."""
        return next(
            inner
            for action in self._actions
            if isinstance(action, argparse._SubParsersAction)
            for name, inner in action.choices.items()
            if name == command and isinstance(inner, Parser)
        )

    def parse_known_args(  # type: ignore[override] # argparse's overloads differ only in the namespace's type
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Argparse's own; what was typed is kept for the message of an error."""
        self._typed = list(args or ())
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Argparse's own; an option that there is not often explains why a required one is missing."""
        super().error(message + "".join(f"\n{line}" for line in self._strangers()))

    def unknown(self, rest: Sequence[str]) -> NoReturn:
        """``rest`` is what nothing took: exit code 2."""
        self._typed = list(rest)
        super().error(next(self._strangers(), "") or f"nothing takes {rest[0]!r}")

    def _strangers(self) -> Iterator[str]:
        """A clause for each typed option that there is not, with the one that may be meant."""
        known = list(self.words())
        end = self._typed.index("--") if "--" in self._typed else len(self._typed)
        for word in self._typed[:end]:
            name = word.split("=", 1)[0]
            if name.startswith("--") and not any(option.startswith(name) for option in known):
                action = name.removeprefix("--")
                yield f"no option {name!r}" + (
                    f"; did you mean {action!r}?" if action in self.actions() else meant(name, known)
                )


def meant(word: str, known: Iterable[str], cutoff: float = 0.7) -> str:
    """``; did you mean …?`` with the known word that is nearest to ``word``, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"; did you mean {near[0]!r}?" if near else ""
