"""The tree that the parser hands to the compiler, in MicroPython's own shape (py/parse.h).

What a node or child is:

* ``None``: an absent child.
* :class:`Node`: a rule and its children. Rules with one child are gone where the grammar says so.
* :class:`Const`: a constant object (a long text, bytes, float, big int, tuple …), the device's rule ``const_object``.
* :class:`Name`: an identifier. :class:`Token`: a token that means something by itself (an operator, ``None`` …).
* ``int``: a small int. ``str``: a text that is a name of the string pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.parsing.tokens import Tok
from omvsim.memory import sizes
from omvsim.memory.requests import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.compiler.parsing.rules import Rule
    from omvsim.memory.requests import Memory
    from omvsim.micropython.values import Value


class Name:
    """An identifier (``MP_PARSE_NODE_ID``)."""

    __slots__ = ("id",)

    def __init__(self, id: str) -> None:
        self.id = id

    def __repr__(self) -> str:
        return f"Name({self.id!r})"


class Token:
    """A token that is a child by itself (``MP_PARSE_NODE_TOKEN``)."""

    __slots__ = ("kind",)

    def __init__(self, kind: Tok) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"Token({self.kind.name})"


TOKENS: Final = tuple(Token(kind) for kind in Tok)
"""One leaf a kind of token, by its number."""


class Const:
    """A constant object. ``line`` is 0 where it was folded; ``place``: where the node is in the tree's chunks."""

    __slots__ = ("line", "place", "value")

    def __init__(self, value: Value, line: int, place: int) -> None:
        self.value = value
        self.line = line
        self.place = place

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class Node:
    """A rule and its children. ``line`` is that of its first token."""

    __slots__ = ("kids", "line", "place", "rule")

    def __init__(self, rule: Rule, kids: list[Child], line: int, place: int) -> None:
        self.rule = rule
        self.kids = kids
        self.line = line
        self.place = place

    def __repr__(self) -> str:
        return f"{self.rule.name}({', '.join(map(repr, self.kids))})"


Child = Node | Const | Name | Token | int | str | None


class TreeChunk(Block):
    """A chunk of nodes (``mp_parse_chunk_t``).

    ``values`` are the constants that its bytes point at, by offset: they live as long as it does, a node that was
    dropped from the tree included, until another one is written over it.
    """

    __slots__ = ("room", "used", "values", "written")

    def __init__(self, memory: Memory, address: int, room: int) -> None:
        super().__init__(memory, address, sizes.TREE_CHUNK_HEAD + room)
        self.room = room
        self.used = 0
        self.written = 0
        """Bytes that ever were part of a node."""
        self.values: dict[int, Value] = {}

    def overwrite(self, place: int, size: int) -> None:
        """A node is written where others were: constants whose word it covers are forgotten."""
        self.written = max(self.written, place + size)
        for offset in [offset for offset in self.values if place <= offset + sizes.NODE_HEAD < place + size]:
            del self.values[offset]


class ParseTree:
    """What was parsed (``mp_parse_tree_t``): the root and the chunks of its nodes, last one first."""

    __slots__ = ("chunks", "memory", "root")

    def __init__(self, memory: Memory, root: Child, chunks: list[TreeChunk]) -> None:
        self.memory = memory
        self.root = root
        self.chunks = chunks

    def clear(self) -> None:
        """``mp_parse_tree_clear``: free the chunks. The constants live on where the compiler put them."""
        for chunk in self.chunks:
            self.memory.free(chunk)
            chunk.values.clear()
        self.chunks.clear()
        self.root = None


def items(child: Child, rule: Rule) -> list[Child]:
    """``mp_parse_node_extract_list``: the children of a node of that rule; anything else is a list of itself."""
    if child is None:
        return []
    return child.kids if isinstance(child, Node) and child.rule is rule else [child]


def walk(child: Child) -> Iterator[Child]:
    """A node and everything below it, in order."""
    yield child
    if isinstance(child, Node):
        for kid in child.kids:
            yield from walk(kid)


__all__ = ["TOKENS", "Child", "Const", "Name", "Node", "ParseTree", "Token", "TreeChunk", "items", "walk"]
