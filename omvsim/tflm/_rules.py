"""What one operator costs in the arena, as data plus one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from omvsim.records import NamedTuple
from omvsim.tflm._node import Node

Prepare: TypeAlias = Callable[[Node], None]


class Rule(NamedTuple):
    """An operator's arena behaviour; layouts are those of :mod:`omvsim.tflm._abi`, empty = nothing is taken."""

    params: str = ""
    """Builtin parameter struct, taken when the operator is read from the file (even if the file has no options)."""
    data: str = ""
    """OpData struct taken by the kernel's Init."""
    prepare: Prepare | None = None
    """The kernel's Prepare: temporary tensors, persistent bytes, scratch requests and refusals, in its order."""
    init: Prepare | None = None
    """What Init takes beyond ``data`` (the signal operators read their options there)."""
    parse: Prepare | None = None
    """Conditions checked while the operator is read."""


Rules: TypeAlias = Mapping[str, Rule]
