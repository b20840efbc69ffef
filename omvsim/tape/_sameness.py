"""Whether a script is in a state that it was in before, whatever has become of its addresses.

A *print* is everything that what the script does next can depend on beside the heap: its names, objects, running frame,
modules, files, camera. It is read off the host's objects without knowing them, so that nothing is forgotten: what
cannot be read makes no print. Two equal prints hold the same chunks in the same order, under other numbers.

Left out is what no script can see: the books of the run, and the clock, whose readers say so
(:meth:`omvsim.world.clock.Clock.told`, which makes a tape unrepeatable).
"""

from __future__ import annotations

import functools
import hashlib
import pathlib
import types
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from omvsim.boards import Board
from omvsim.errors import OmvsimError
from omvsim.firmware import ModelFile
from omvsim.heap import GcHeap
from omvsim.later import np
from omvsim.memory.requests import Memory
from omvsim.micropython.isa import Code, CodeObject
from omvsim.modules.capture import Capture
from omvsim.runs.limits import Limits
from omvsim.runs.turns import Turns
from omvsim.tape._address import ChunkAddress
from omvsim.tape._recording import TapeRecorder
from omvsim.world.clock import Clock
from omvsim.world.ledger import Ledger
from omvsim.world.spent import Times
from omvsim.world.world import CameraMachine, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from omvsim.micropython.maps import Entry

_BOOKS: Final = (Memory, GcHeap, Ledger, Limits, Times, Turns, TapeRecorder, Capture, Board, ModelFile)
"""Of the heap and of time, both seen by tapes; of the run; what never changes."""
_UNSEEN: Final[dict[type, frozenset[str]]] = {
    Clock: frozenset({"now", "watched"}),
    CameraMachine: frozenset({"ticks"}),
    World: frozenset(
        {"pictures", "inferences", "output", "boxes", "suggested", "marks", "measured", "notes", "lacking"}
    ),
}
"""Fields that count what happened, for reports."""
_PLAIN: Final = (int, float, complex, str, bytes, range, pathlib.PurePath)
_NAMED: Final = (type, types.ModuleType, types.CodeType)
_READS: Final = frozenset({Code.LOAD_NAME, Code.LOAD_GLOBAL, Code.DELETE_NAME})
_NAMES_BY_TEXT: Final = frozenset({"globals", "locals", "vars", "dir", "eval", "exec", "__main__", "__import__"})
"""Who has one of these may look up a name that stands nowhere in the script."""


class NotReadError(OmvsimError):
    """A host object that no print can be made of, or a script whose names cannot be followed."""


class StatePrint:
    """One print.

    Args:
        roots: where to begin.
        books: objects that only look on.
        counter: the name that holds the number of the turn, and its entry: left out if no code reads that name.

    Raises:
        NotReadError: there is something that cannot be read, or the name is read.
    """

    def __init__(self, roots: Iterable[object], books: Iterable[object], counter: tuple[str, Entry]) -> None:
        self.chunks: list[int] = []
        """Numbers of the chunks that are held, in the order in which they were come to."""
        self.addresses: list[int] = []
        """Where they are."""
        self._digest = hashlib.blake2b(digest_size=16)
        self._seen: dict[int, int] = {}
        for unseen in (*books, counter[1]):
            self._seen[id(unseen)] = len(self._seen)
        self._kept: list[object] = []
        self._numbers: dict[int, int] = {}
        codes = self._walk(list(roots))
        for code in codes:
            _check_names(code, counter[0])
        self.digest = self._digest.digest()
        self._kept.clear()  # a print must keep nothing alive

    def _walk(self, waiting: list[object]) -> list[CodeObject]:
        codes = []
        while waiting:
            each = waiting.pop()
            kind = type(each)
            if kind is ChunkAddress:
                self._chunk(each)  # type: ignore[arg-type]  # by its class
            elif each is None or isinstance(each, _PLAIN):
                self._say(kind.__name__, repr(each))
            elif isinstance(each, _NAMED):
                self._say("named", f"{id(each)}")
            elif not isinstance(each, _BOOKS):
                known = len(self._seen)
                number = self._seen.setdefault(id(each), known)
                self._say(kind.__name__, str(number))
                if number == known:
                    self._kept.append(each)
                    if isinstance(each, CodeObject):
                        codes.append(each)
                    parts = list(self._parts(each))
                    self._say("parts", str(len(parts)))
                    waiting += reversed(parts)
        return codes

    def _chunk(self, address: ChunkAddress) -> None:
        number = self._numbers.setdefault(address.chunk, len(self.chunks))
        if number == len(self.chunks):
            self.chunks.append(address.chunk)
            self.addresses.append(int(address))
        elif self.addresses[number] != int(address):
            raise NotReadError("the state holds an address that a chunk has no more")
        self._say("chunk", str(number))

    def _say(self, kind: str, what: str) -> None:
        self._digest.update(f"{kind} {what}\0".encode("utf-8", "surrogatepass"))

    def _parts(self, each: Any) -> Iterator[object]:
        kind = type(each)
        known = kind.__module__.partition(".")[0] == "omvsim"
        if isinstance(each, dict | types.MappingProxyType):
            yield from each.keys()
            yield from each.values()
        elif isinstance(each, list | tuple | deque):
            yield from each
        elif isinstance(each, set | frozenset):
            yield from sorted(each, key=_order)
        elif isinstance(each, bytearray):
            yield hashlib.blake2b(each).digest()
        elif isinstance(each, types.FunctionType):
            yield from (each.__code__, each.__defaults__, each.__kwdefaults__)
            yield from (cell.cell_contents for cell in each.__closure__ or ())
        elif isinstance(each, types.MethodType):
            yield from (each.__self__, each.__func__)
        elif isinstance(each, types.BuiltinFunctionType):
            yield from (each.__name__, each.__self__)
        elif isinstance(each, functools.partial):
            yield from (each.func, each.args, each.keywords)
        elif isinstance(each, np.ndarray):
            if each.dtype.hasobject:
                raise NotReadError("the state holds an array of objects of the host")
            yield from (each.dtype.str, each.shape, hashlib.blake2b(each.tobytes()).digest())
        elif not known:
            raise NotReadError(f"the state holds a {kind.__module__}.{kind.__qualname__} of the host")
        if known:
            yield from self._fields(each)

    def _fields(self, each: object) -> Iterator[object]:
        unseen = _UNSEEN.get(type(each), frozenset())
        for kind in type(each).__mro__:
            slots = kind.__dict__.get("__slots__", ())
            for slot in (slots,) if isinstance(slots, str) else slots:
                if slot in ("__weakref__", "__dict__") or slot in unseen:
                    continue
                hidden = slot.startswith("__") and not slot.endswith("__")
                name = f"_{kind.__name__.lstrip('_')}{slot}" if hidden else slot
                yield getattr(each, name, NotReadError)  # a slot without a value says this class
        for name, value in getattr(each, "__dict__", {}).items():
            if name not in unseen:
                yield name
                yield value


def _order(each: object) -> str:
    if not isinstance(each, str | int | bytes | tuple):
        raise NotReadError(f"a set of {type(each).__name__}")
    return repr(each)


def _check_names(code: CodeObject, counter: str) -> None:
    for instr in code.instrs:
        if instr.arg == counter and instr.code in _READS:
            raise NotReadError(f"the loop's {counter} is read in line {instr.line} of {code.file}")
        if isinstance(instr.arg, str) and instr.arg in _NAMES_BY_TEXT:
            raise NotReadError(f"{instr.arg} in line {instr.line} of {code.file} may look up any name")


__all__ = ["NotReadError", "StatePrint"]
