"""The object ``image.Image`` (py_image_obj_t): a width, a height, a format and where its pixels are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.image import formats
from omvsim.image.pixels import rgb_of_word, word_of_rgb
from omvsim.later import np
from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.types import list_
from omvsim.micropython.types.common import Iterator, index_of
from omvsim.micropython.types.sequences import fixed
from omvsim.micropython.types.slice_ import Slice, bounds
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import STOP, UNSUPPORTED, Obj, PrintKind, Sentinel, UnaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import NativeType
    from omvsim.micropython.values import Out, Value
    from omvsim.world.world import CameraMachine

    Store = bytearray | memoryview


class Image(Obj):
    """An image.

    ``store`` has its bytes on the host, from the first pixel on, and may be longer; ``keeper`` is what the device's
    object keeps alive for them: a chunk, another object, or nothing (frame buffer, fb_alloc).
    """

    __slots__ = ("code", "compressed", "height", "keeper", "native_type", "store", "width")
    type_name: ClassVar[str] = "Image"

    def __init__(  # noqa: PLR0917  # the fields of image_t
        self,
        vm: CameraMachine,
        address: int,
        width: int,
        height: int,
        code: int,
        store: Store,
        keeper: object,
        compressed: int = 0,
    ) -> None:
        super().__init__(vm.memory, address)
        self.native_type: NativeType = image_type(vm)  # type: ignore[misc]  # one a machine: methods differ by release
        self.width = width
        self.height = height
        self.code = code
        self.store = store
        self.keeper = keeper
        self.compressed = compressed

    # -- for the host ---------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """``image_size``."""
        return formats.size(self.width, self.height, self.code, self.compressed)

    @property
    def is_mutable(self) -> bool:
        """Whether methods may draw on it."""
        return self.code in formats.MUTABLE

    @property
    def is_compressed(self) -> bool:
        """JPEG or PNG."""
        return self.code in formats.COMPRESSED

    @property
    def line_size(self) -> int:
        """``image_line_size``."""
        return formats.line_size(self.width, self.code)

    @property
    def is_black(self) -> bool:
        """Whether all its bytes are 0."""
        return bytes(self.store[: self.size]) == bytes(self.size)

    def blacken(self, top: int, bottom: int, left: int, right: int) -> None:
        """Set pixels of bytes or words to 0, the second row and column behind the last one."""
        width = self.line_size // self.width
        zeros = bytes(width * (right - left))
        if len(zeros) == self.line_size:  # whole rows, one behind the other
            zeros *= max(0, bottom - top)
            bottom = min(bottom, top + 1)
        for y in range(top, bottom):
            at = y * self.line_size + width * left
            self.store[at : at + len(zeros)] = zeros

    def bytes_(self) -> NDArray[np.uint8]:
        """Its bytes, shared."""
        return np.frombuffer(self.store, np.uint8, self.size)

    def rows(self) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """Its pixels as (height, width) bytes or words, shared; of a binary image, rows of bytes with eight each."""
        data = self.bytes_()
        if self.code == formats.BINARY:
            return data.reshape(self.height, self.line_size)
        if self.code & 0xFF == 2:
            return data.view(np.uint16).reshape(self.height, self.width)
        return data.reshape(self.height, self.width)

    def same_as(self, other: Image) -> bool:
        """Whether both are the same memory (``img->data``)."""
        return self.store is other.store

    def take(self, other: Image) -> None:
        """``memcpy`` of another's struct: it is what that is from now on."""
        self.width, self.height, self.code = other.width, other.height, other.code
        self.store, self.keeper, self.compressed = other.store, other.keeper, other.compressed

    def get(self, x: int, y: int) -> int:
        """A pixel's value, inside."""
        if self.code == formats.BINARY:
            return self.store[y * self.line_size + x // 8] >> x % 8 & 1
        if self.code & 0xFF == 2:
            at = 2 * (y * self.width + x)
            return self.store[at] | self.store[at + 1] << 8
        return self.store[y * self.width + x]

    def put(self, x: int, y: int, value: int) -> None:
        """Set a pixel, inside."""
        if self.code == formats.BINARY:
            at = y * self.line_size + x // 8
            bit = 1 << x % 8
            self.store[at] = self.store[at] | bit if value & 1 else self.store[at] & ~bit
        elif self.code & 0xFF == 2:
            at = 2 * (y * self.width + x)
            self.store[at], self.store[at + 1] = value & 255, value >> 8 & 255
        else:
            self.store[y * self.width + x] = value & 255

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """``py_image_get_buffer``: to read only."""
        return None if writable else memoryview(self.store)[: self.size]

    def buffer_code(self) -> str:
        """Signed bytes."""
        return "b"

    # -- the language ---------------------------------------------------------------------------------------------

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.LEN:
            return self.compressed if self.is_compressed else self.height
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        name = formats.NAMES.get(self.code, "unknown")
        pieces = ('{"w":', str(self.width), ', "h":', str(self.height), ', "type":"', name, '", "size":')
        for piece in (*pieces, str(self.size), "}"):
            out(piece)

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return ImageIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def _length(self) -> int:
        return self.compressed if self.is_compressed else self.width * self.height

    def _value(self, vm: Machine, number: int) -> Value:
        """Pixel or byte of that number, as a script gets it."""
        if self.is_compressed:
            return self.store[number]
        pixel = self.get(number % self.width, number // self.width)
        if self.code in formats.YUV:
            return new_tuple(vm, (pixel & 255, pixel >> 8))
        return new_tuple(vm, rgb_of_word(pixel)) if self.code == formats.RGB565 else pixel

    def _store_value(self, vm: Machine, number: int, value: Value) -> None:
        if self.is_compressed:
            self.store[number] = vm.int_of(value) & 255
            return
        x, y = number % self.width, number // self.width
        if self.code == formats.RGB565 or self.code in formats.YUV:
            parts = fixed(vm, value, 3)
            self.put(x, y, word_of_rgb(*(vm.int_of(part) for part in parts)))
        else:
            self.put(x, y, vm.int_of(value))

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if not isinstance(index, Slice):
            return self._value(vm, index_of(vm, self.type_name, self._length(), index))
        start, stop = self._slice(vm, index)
        address = vm.memory.alloc(sizes.TUPLE + sizes.WORD * (stop - start)) if stop > start else 0
        items = tuple(self._value(vm, number) for number in range(start, stop))
        made = new_tuple(vm, ())
        return made if not items else type(made)(vm.memory, address, items)

    def _slice(self, vm: Machine, index: Slice) -> tuple[int, int]:
        start, stop, step = bounds(vm, index, self._length())
        if step != 1:
            vm.error(Error.OS, "only slices with step=1 (aka None) are supported")
        return start, max(start, stop)

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            return False
        if not isinstance(index, Slice):
            self._store_value(vm, index_of(vm, self.type_name, self._length(), index), value)
            return True
        start, stop = self._slice(vm, index)
        values: Sequence[Value] = [value] * (stop - start)
        if type(value) is list_.List:
            values = value.items
            if len(values) != stop - start:
                vm.error(Error.OS, "cannot grow or shrink image")
        for number, each in zip(range(start, stop), values, strict=True):
            self._store_value(vm, number, each)
        return True


class ImageIterator(Iterator):
    """Gives rows as lists of numbers; of a compressed image, its bytes."""

    __slots__ = ("at", "source")

    def __init__(self, memory: object, address: int, source: Image) -> None:
        super().__init__(memory, address)  # type: ignore[arg-type]  # a Memory
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        image, at = self.source, self.at
        if at >= (image.compressed if image.is_compressed else image.height):
            return STOP
        self.at = at + 1
        if image.is_compressed:
            return image.store[at]
        row = vm.new_list(())
        for x in range(image.width):
            vm.list_append(row, image.get(x, at))
        return row


def image_type(vm: CameraMachine) -> NativeType:
    """The type object of this machine."""
    module = vm.modules.get("image")
    assert module is not None
    kind: NativeType = module.attr(vm, "Image")  # type: ignore[assignment]  # it is the type
    return kind


def allocate(vm: CameraMachine, size: int) -> Block:
    """``image_alloc``: whole cache lines and the room to align them."""
    return vm.memory.block(vm.world.camera.generation.pixels_request(size))


def wrap(vm: CameraMachine, struct: Image | tuple[int, int, int], store: Store, keeper: object, size: int = 0) -> Image:
    """``py_image_from_struct``: a new object on pixels that are there."""
    width, height, code = struct if isinstance(struct, tuple) else (struct.width, struct.height, struct.code)
    address = vm.memory.alloc(vm.world.camera.generation.image_object)
    return Image(vm, address, width, height, code, store, keeper, size)


def on_heap(vm: CameraMachine, width: int, height: int, code: int, data: bytes | None = None) -> Image:
    """A new image on the heap; a compressed one is as large as its ``data``."""
    compressed = len(data) if data is not None and code in formats.COMPRESSED else 0
    size = formats.size(width, height, code, compressed)
    block = allocate(vm, size)
    store = bytearray(size) if data is None else bytearray(data)
    return wrap(vm, (width, height, code), store, block, compressed)


__all__ = ["Image", "ImageIterator", "allocate", "image_type", "on_heap", "wrap"]
