"""What MicroPython's own objects cost on the heap, in the order the interpreter asks for them.

Sizes are those measured by ``sizeof`` on the real firmware (32-bit, object representation A: every float is a heap
object). Request orders follow micropython/micropython v1.26.0 ``py/objexcept.c``, ``py/map.c``, ``py/objlist.c``,
``py/objstr.c``, ``py/vstr.c`` and were measured on OpenMV 4.8.1.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from omvsim.errors import DeviceCrash, DeviceError, DeviceMemoryError, DeviceValueError
from omvsim.firmware._arrays import dense_bytes
from omvsim.heap import Chunk, ObjectHeap, OutOfHeap
from omvsim.micropython.sizes import hash_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from omvsim.boards import Release

WORD = 4
OBJECT = 16
"""Bytes of a list, dict, str, bytearray, function, exception or plain instance object."""
MIN_LIST_SLOTS = 4
FLOAT_BYTES = 4
"""Bytes of a float in a tensor or in an array of ulab."""
MAP_ENTRY = 8
TRACEBACK_ENTRY = 12
FORMAT_BUFFER = 16
"""First buffer of a text that ``%`` makes (``vstr_init`` in ``py/objstr.c``); it grows as ``py/vstr.c`` says."""

_MEMORY_ERROR_PREFIX = "memory allocation failed, allocating "


class MicroPython:
    """Allocates MicroPython objects on an :class:`ObjectHeap` and raises the camera's exceptions."""

    def __init__(self, heap: ObjectHeap, generation: Release) -> None:
        self.heap = heap
        self.generation = generation
        self._globals_used = 0
        self._globals_table: Chunk | None = None
        self._globals_entries = 0
        self._names_without_chunk: set[str] = set()
        self._traceback: Chunk | None = None
        self._raised: list[Chunk] = []
        self._slots: dict[int, Chunk] = {}
        self.argument: Chunk | None = None
        """The list that the script wrote as the argument of its last call of predict()."""
        self.on_raise: Callable[[], None] | None = None
        """The port's hook in ``nlr_jump``."""
        self.on_handler: Callable[[], None] | None = None
        """The port's hook in the virtual machine, once for each frame that sees an exception."""

    # -- plain requests -----------------------------------------------------------------------------------------

    def malloc(self, size: int, what: str, *, has_finaliser: bool = False) -> Chunk:
        """``m_malloc``: raises the camera's MemoryError when there is no room."""
        try:
            return self.heap.alloc(size, what, has_finaliser=has_finaliser)
        except OutOfHeap as failure:
            self.memory_error(failure)

    def list_of(self, items: Iterable[Chunk], what: str, slots: int = 0) -> Chunk:
        """A list object and its table of ``slots`` entries (at least 4), holding ``items``."""
        header = self.malloc(OBJECT, what)
        table = self.malloc(WORD * max(slots, MIN_LIST_SLOTS), f"{what}: slots").holds(*items)
        return header.holds(table)

    def append(self, header: Chunk, count: int, item: Chunk | None) -> None:
        """``list.append`` as the ``count``-th append (from 0): a full table doubles, in place if it can."""
        table = header.refs[0]
        slots = table.size // WORD
        if count >= slots and not self.heap.realloc(table, WORD * slots * 2):
            self.memory_error(OutOfHeap(WORD * slots * 2))
        if item is not None:
            table.holds(item)

    def tuple_of(self, count: int, what: str) -> Chunk:
        """A tuple of ``count`` entries (the empty one is a constant of the firmware, not a request)."""
        return self.malloc(2 * WORD + WORD * count, what)

    def string(self, length: int, what: str) -> Chunk:
        """A str object, then its text with the closing zero."""
        header = self.malloc(OBJECT, what)
        return header.holds(self.malloc(length + 1, f"{what}: text"))

    def format_text(self, length: int) -> None:
        """``"…" % …`` of ``length`` characters: a buffer that grows on the way, cut to size, then the object."""
        buffer = self.malloc(FORMAT_BUFFER, "text")
        if length > FORMAT_BUFFER:
            self.heap.realloc(buffer, ((FORMAT_BUFFER + 1) & ~7) + 8 + 16)
        self.heap.realloc(buffer, length + 1)
        self.malloc(OBJECT, "text")

    def ndarray(self, shape: Sequence[int], what: str) -> Chunk:
        """A dense ulab array of floats: object of 52 bytes, its strides (copied, then garbage: measured), the data."""
        if self.generation.strides_first:
            self.malloc(OBJECT, f"{what}: strides")
        array = self.malloc(52, what)
        if not self.generation.strides_first:
            self.malloc(OBJECT, f"{what}: strides")
        try:
            size = dense_bytes(shape, FLOAT_BYTES)
        except DeviceValueError as error:
            self.exception(error)
        return array.holds(self.malloc(size, f"{what}: data"))

    # -- the script's global names ------------------------------------------------------------------------------

    def adopt_globals(self, table: Chunk, used: int) -> None:
        """Take over the table that boot made for the script's globals, ``used`` entries of it taken."""
        self._globals_table, self._globals_used = table, used
        self._globals_entries = table.size // MAP_ENTRY

    def set_global(self, name: str, value: Chunk | None) -> None:
        """Bind a global name; a new name in a full table makes a larger table and frees the old one."""
        heap = self.heap
        if name not in heap.globals and name not in self._names_without_chunk:
            if self._globals_used == self._globals_entries and self._globals_table is not None:
                entries = hash_size(self._globals_entries + 1)
                table = self.malloc(entries * MAP_ENTRY, "table of the script's globals")
                heap.permanent.append(table)
                heap.permanent.remove(self._globals_table)
                heap.free(self._globals_table)
                self._globals_table, self._globals_entries = table, entries
            self._globals_used += 1
        heap.globals.pop(name, None)
        self._names_without_chunk.discard(name)
        if value is None:
            self._names_without_chunk.add(name)
        else:
            heap.globals[name] = value

    def del_global(self, name: str) -> None:
        """Delete a global name: its entry is free for the next one, the table keeps its size."""
        if self.heap.globals.pop(name, None) is not None or name in self._names_without_chunk:
            self._names_without_chunk.discard(name)
            self._globals_used -= 1

    # -- exceptions ---------------------------------------------------------------------------------------------

    def memory_error(self, failure: OutOfHeap) -> NoReturn:
        """Raise MemoryError with the text the heap still has room to build (``mp_obj_new_exception_msg_vlist``)."""
        if failure.locked:
            self.exception(DeviceMemoryError("memory allocation failed, heap is locked"))
        text = f"{_MEMORY_ERROR_PREFIX}{failure.size} bytes"
        holder = self.heap.alloc_maybe(OBJECT, "exception text")
        buffer = self.heap.alloc_maybe(self.generation.message_buffer, "exception text: buffer")
        if buffer is None:
            text = f"{_MEMORY_ERROR_PREFIX}%u bytes"
        else:
            text = self._format(buffer, failure.size, text)
            if holder is not None:
                holder.holds(buffer)
        if holder is None:
            text = ""
        self._finish(DeviceMemoryError(text), holder)

    def _format(self, buffer: Chunk, size: int, text: str) -> str:
        """Print the message piece by piece; the buffer grows by the piece and 16, or the text is cut there."""
        length = 0
        for piece in (_MEMORY_ERROR_PREFIX, str(size), " bytes"):
            if length + len(piece) >= buffer.size and not self.heap.realloc(buffer, buffer.size + len(piece) + 16):
                return text[: buffer.size - 1]
            length += len(piece)
        return text

    def exception(self, error: DeviceError) -> NoReturn:
        """Raise an exception with a constant text: a str object points to the text in flash."""
        self._finish(error, self.heap.alloc_maybe(OBJECT, "exception text") if error.text else None)

    def raise_constant(self, error: DeviceError) -> NoReturn:
        """``raise`` of an exception whose text is a constant of the script: no text object."""
        self._finish(error, None)

    def os_error(self, error: DeviceError) -> NoReturn:
        """Raise OSError with an error number: no text object."""
        self._finish(error, None)

    def _finish(self, error: DeviceError, text: Chunk | None) -> NoReturn:
        header = self.heap.alloc_maybe(OBJECT, "exception")
        arguments = self.heap.alloc_maybe(2 * WORD + WORD, "exception arguments")
        if arguments is None and error.text:
            error = type(error)("")
        elif arguments is not None and text is not None:
            arguments.holds(text)
        # The frame that catches it keeps the last exception in a dead slot of its stack, which is marked too.
        self._raised = [chunk for chunk in (header, arguments, text) if chunk is not None]
        self._mark_stale()
        self._traceback = None
        if self.on_raise is not None:
            self.on_raise()
        raise error

    def leave_in_stack(self, slots: Mapping[int, Chunk]) -> None:
        """Arguments of the script's last call, left in slots of its value stack that are dead by now."""
        self._slots |= slots
        self._mark_stale()

    def reuse_stack(self, depth: int) -> None:
        """A later statement of the script uses its value stack up to ``depth`` slots and so overwrites them."""
        self._slots = {slot: chunk for slot, chunk in self._slots.items() if slot >= depth}
        self._mark_stale()

    def forget_exception(self) -> None:
        """The frame that caught the last exception has returned: nothing points to the exception any more."""
        self._raised.clear()
        self._mark_stale()

    def _mark_stale(self) -> None:
        self.heap.stale[:] = [*self._raised, *self._slots.values()]

    @contextmanager
    def python_frames(self, count: int) -> Iterator[None]:
        """``count`` nested Python functions, the catching one included: an exception is entered in its traceback."""
        try:
            yield
        except DeviceCrash:
            raise  # nothing catches it, so no traceback is built
        except DeviceError:
            for _ in range(count):
                self.unwind()
            raise

    def unwind(self) -> None:
        """An exception leaves a Python function: one more traceback entry, if there is room for it."""
        if self.on_handler is not None:
            self.on_handler()
        if self._traceback is None:
            self._traceback = self.heap.alloc_maybe(TRACEBACK_ENTRY, "traceback")
            if self._traceback is not None:
                self._raised.append(self._traceback)
                self._mark_stale()
        else:
            self.heap.realloc(self._traceback, self._traceback.size + TRACEBACK_ENTRY)


__all__ = ["MAP_ENTRY", "OBJECT", "WORD", "MicroPython"]
