"""Addresses that know which chunk they are of, and tell when somebody computes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class ChunkAddress(int):
    """Where a chunk is, as the heap gives it out while a run is recorded.

    Equality and hashing are those of the number, so that books by address work. Whatever makes another value of it
    (a text, a sum, an order) may carry the address into the script, so the recorder hears of it. ``int()`` gives the
    bare number to those who know what they do.
    """

    chunk: int
    """Number of the chunk among those of the run."""
    heard: Callable[[ChunkAddress], object]

    @classmethod
    def of(cls, address: int, chunk: int, heard: Callable[[ChunkAddress], object]) -> ChunkAddress:
        """The address of a chunk; ``heard`` is called when it is used."""
        made = cls(address)
        made.chunk, made.heard = chunk, heard
        return made

    def __int__(self) -> int:
        return int.__add__(self, 0)

    def __reduce__(self) -> tuple[type[int], tuple[int]]:
        return int, (int(self),)


def _telling(name: str) -> Callable[..., Any]:
    """An operation of ``int`` that tells first."""
    plain = getattr(int, name)

    def operation(self: ChunkAddress, *others: Any) -> Any:
        self.heard(self)
        return plain(int(self), *(int(each) if isinstance(each, ChunkAddress) else each for each in others))

    operation.__name__ = name
    return operation


_COMPUTING = (
    *("add", "sub", "mul", "floordiv", "truediv", "mod", "divmod", "pow", "lshift", "rshift", "and", "or", "xor"),
    *("radd", "rsub", "rmul", "rfloordiv", "rtruediv", "rmod", "rdivmod", "rpow", "rlshift", "rrshift"),
    *("rand", "ror", "rxor", "neg", "pos", "invert", "abs", "lt", "le", "gt", "ge"),
    *("index", "float", "str", "repr", "format"),
)
for _name in _COMPUTING:
    setattr(ChunkAddress, f"__{_name}__", _telling(f"__{_name}__"))

__all__ = ["ChunkAddress"]
