"""The ``re`` module: the host's engine on the camera's objects, a program and a match.

Sizes are near those measured for one pattern (30 and 20 bytes); the engines differ in what they accept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from omvsim.script._make import WORD
from omvsim.script._values import Module, Native, NativeObject

if TYPE_CHECKING:
    from omvsim.script._runtime import Runtime


class Match(NativeObject):
    """A match."""

    __slots__ = ("match", "rt")
    kind_name = "match"
    methods: dict[str, Any]

    def __init__(self, rt: Runtime, match: re.Match[str]) -> None:
        super().__init__()
        self.rt = rt
        self.match = match
        self.blocks = (rt.make.alloc(12 + 2 * WORD * (1 + len(match.groups())), "match"),)

    def group(self, number: Any = 0) -> Any:
        """One group."""
        found = self.match[int(number)]
        return None if found is None else self.rt.make.text(found)

    def groups(self) -> Any:
        """All groups."""
        return self.rt.make.new_tuple([self.group(number + 1) for number in range(len(self.match.groups()))])

    def span(self, number: Any = 0) -> Any:
        """Where a group is."""
        return self.rt.make.new_tuple(self.match.span(int(number)))


Match.methods = {"group": Match.group, "groups": Match.groups, "span": Match.span}


class Pattern(NativeObject):
    """A compiled expression."""

    __slots__ = ("program", "rt")
    kind_name = "re"
    methods: dict[str, Any]

    def __init__(self, rt: Runtime, text: Any) -> None:
        super().__init__()
        self.rt = rt
        try:
            self.program = re.compile(str(text))
        except re.error:
            rt.make.throw("ValueError", "error in regex")
        self.blocks = (rt.make.alloc(24 + 3 * len(str(text)), "regular expression"),)

    def _found(self, match: re.Match[str] | None) -> Match | None:
        return None if match is None else Match(self.rt, match)

    def match(self, text: Any) -> Match | None:
        """At the start."""
        return self._found(self.program.match(str(text)))

    def search(self, text: Any) -> Match | None:
        """Anywhere."""
        return self._found(self.program.search(str(text)))

    def sub(self, new: Any, text: Any) -> str:
        """Replaced."""
        return self.rt.make.joined(self.program.sub(str(new), str(text)))

    def split(self, text: Any) -> Any:
        """Cut at the matches."""
        return self.rt.make.extended([self.rt.make.text(part or "") for part in self.program.split(str(text))])


Pattern.methods = {
    "match": Pattern.match,
    "search": Pattern.search,
    "sub": Pattern.sub,
    "split": Pattern.split,
}


def regex_module(rt: Runtime) -> Module:
    """The module on one runtime."""
    functions: dict[str, Any] = {
        "compile": lambda pattern: Pattern(rt, pattern),
        "match": lambda pattern, text: Pattern(rt, pattern).match(text),
        "search": lambda pattern, text: Pattern(rt, pattern).search(text),
        "sub": lambda pattern, new, text: Pattern(rt, pattern).sub(new, text),
    }
    return Module("re", {name: Native(name, function) for name, function in functions.items()})
