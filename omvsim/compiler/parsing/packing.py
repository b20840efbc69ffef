"""Where the parser puts its nodes (py/parse.c, ``parser_alloc``): chunks that grow in place by exactly one node.

A chunk that something lies behind is cut to what is used, and the next one begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tree import Const, Node, TreeChunk
from omvsim.memory import sizes

if TYPE_CHECKING:
    from omvsim.compiler.parsing.tree import Child
    from omvsim.memory.requests import Memory
    from omvsim.micropython.values import Value

_RULES: Final = tuple(Rule)
_CHUNK: Final = 1 << 32
"""Places of nodes count chunks by this and bytes in them by 1."""
_CONST: Final = sizes.node_size(1)


class Packing:
    """The chunks of one tree while it is parsed."""

    __slots__ = ("_chunk", "_full", "_memory", "_number")

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._chunk: TreeChunk | None = None
        self._number = 0
        self._full: list[TreeChunk] = []

    def node(self, rule: int, kids: list[Child], line: int) -> Node:
        """A rule with its children."""
        return Node(_RULES[rule], kids, line, self._place(sizes.node_size(len(kids))))

    def const(self, value: Value, line: int) -> Const:
        """``make_node_const_object``."""
        place = self._place(_CONST)
        assert self._chunk is not None
        self._chunk.values[place % _CHUNK] = value
        return Const(value, line, place)

    def take_back(self, child: Child) -> None:
        """``parser_free_parse_node_struct``: a node's room is free again if it is in the current chunk."""
        if isinstance(child, (Node, Const)) and self._chunk is not None:
            number, offset = divmod(child.place, _CHUNK)
            if number == self._number and offset < self._chunk.used:
                self._chunk.used -= sizes.node_size(len(child.kids) if isinstance(child, Node) else 1)

    def end(self) -> list[TreeChunk]:
        """Nothing comes any more: the chunks, last one first, each as large as what is used of it."""
        if self._chunk is not None:
            self._close(self._chunk)
            self._chunk = None
        return self._full[::-1]

    def _close(self, chunk: TreeChunk) -> None:
        """Cut a chunk to what is used."""
        self._memory.resize_maybe(chunk, sizes.TREE_CHUNK_HEAD + chunk.used, move=False)
        chunk.room = chunk.used
        self._full.append(chunk)

    def _place(self, size: int) -> int:
        """``parser_alloc``: room for a node."""
        chunk = self._chunk
        memory = self._memory
        if chunk is not None and chunk.used + size > chunk.room:
            if memory.resize_maybe(chunk, sizes.TREE_CHUNK_HEAD + chunk.room + size, move=False):
                chunk.room += size
            else:
                self._close(chunk)
                chunk = None
        if chunk is None:
            room = max(size, sizes.TREE_CHUNK)
            chunk = self._chunk = TreeChunk(memory, memory.alloc(sizes.TREE_CHUNK_HEAD + room), room)
            self._number += 1
        place = chunk.used
        chunk.used += size
        if place < chunk.written:
            chunk.overwrite(place, size)
        else:
            chunk.written = chunk.used
        return self._number * _CHUNK + place


__all__ = ["Packing"]
