"""Arguments of image methods (modules/py_helper.c).

Up to 4.8.1 most methods take coordinates as one tuple or as numbers, then options by position or by name, and any other
name is ignored. From 5.0.0 on coordinates are a tuple and options are parsed as everywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.image import formats, pixels
from omvsim.image.value import Image, image_type
from omvsim.micropython.errors import Error
from omvsim.micropython.types import list_, tuple_
from omvsim.micropython.types.int_ import is_int
from omvsim.micropython.types.sequences import fixed
from omvsim.micropython.values import Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Given = dict[str, Any]
    """Arguments by name, some of them already numbers or pictures."""
    Method = Callable[[CameraMachine, Sequence[Value], Keywords], Value]
    Methods = dict[str, tuple[Method, int] | tuple[Method, int, int]]
    """With the least and, of those without keywords, the most arguments."""

Roi = tuple[int, int, int, int]


def tuples_only(vm: CameraMachine) -> bool:
    """Whether the release parses options strictly."""
    return vm.world.camera.generation.strict_options


def os_error(vm: CameraMachine, text: str) -> NoReturn:
    """``PY_ASSERT_TRUE_MSG``."""
    vm.error(Error.OS, text)


def to_image(vm: CameraMachine, value: Value) -> Image:
    """``py_image_cobj``."""
    if not isinstance(value, Image):
        vm.raise_type("Can't convert %s to %s", vm.type_name(value), "type")
    vm.world.worked_on = True
    return value


def image_of(vm: CameraMachine, value: Value) -> Image:
    """``py_helper_arg_to_image(…, ARG_IMAGE_ANY)``."""
    return to_image(vm, value)


def mutable(vm: CameraMachine, value: Value) -> Image:
    """``ARG_IMAGE_MUTABLE``."""
    image = to_image(vm, value)
    if not image.is_mutable:
        vm.raise_value("Expected a mutable image")
    return image


def uncompressed(vm: CameraMachine, value: Value) -> Image:
    """``ARG_IMAGE_UNCOMPRESSED``."""
    image = to_image(vm, value)
    if image.is_compressed:
        vm.raise_value("Expected an uncompressed image")
    return image


def grayscale(vm: CameraMachine, value: Value) -> Image:
    """``ARG_IMAGE_GRAYSCALE``."""
    image = to_image(vm, value)
    if image.code != formats.GRAYSCALE:
        vm.raise_value("Expected a grayscale image")
    return image


def is_sequence(value: Value) -> bool:
    """``MP_OBJ_IS_TYPE`` of tuple or list, exactly."""
    return type(value) is tuple_.Tuple or type(value) is list_.List


def at_least(vm: CameraMachine, value: Value, count: int) -> Sequence[Value]:
    """``py_helper_get_array_min_n`` (5.0.0): attrtuples count as tuples."""
    items = value.items if isinstance(value, tuple_.Tuple) else vm.sequence(value)
    if len(items) < count:
        vm.raise_type("expected tuple/list of at least %d elements", count)
    return items


def points(
    vm: CameraMachine, args: Sequence[Value], count: int, *, exact: bool = False, index: int = 1
) -> tuple[list[Value], int]:
    """Coordinates from ``args[index]`` on, and where the options start (``py_helper_consume_array``)."""
    if tuples_only(vm):
        found = fixed(vm, args[index], count) if exact else at_least(vm, args[index], count)
        return list(found[:count]), index + 1
    if is_sequence(args[index]):
        return list(fixed(vm, args[index], count)), index + 1
    if len(args) - index < count:
        os_error(vm, "Not enough positional arguments!")
    return list(args[index : index + count]), index + count


def numbers(vm: CameraMachine, values: Sequence[Value]) -> list[int]:
    """Each by ``mp_obj_get_int``."""
    return [vm.int_of(value) for value in values]


class Options:
    """Options behind the coordinates, by position or name.

    Args:
        names: in order; the first stands at ``args[offset]``.
        keyword_only: how many of them may stand there in a strict release (None: all).
    """

    def __init__(  # a call's arguments and the shape of the method
        self,
        vm: CameraMachine,
        args: Sequence[Value],
        kwargs: Keywords,
        offset: int,
        names: tuple[str, ...],
        *,
        positional: int | None = None,
        strict: bool | None = None,
    ) -> None:
        self.vm = vm
        self.found: dict[str, Value] = {}
        strict = tuples_only(vm) if strict is None else strict
        if strict:
            most = len(names) if positional is None else positional
            for name, value in zip(names, vm.parse_keywords(args[offset:], kwargs, names, 0, most), strict=True):
                if not isinstance(value, Sentinel):
                    self.found[name] = value
            return
        named = dict(kwargs)
        for at, name in enumerate(names, offset):
            if name in named:
                self.found[name] = named[name]
            elif at < len(args):
                self.found[name] = args[at]

    def obj(self, name: str, default: Value = None) -> Value:
        """As given."""
        return self.found.get(name, default)

    def number(self, name: str, default: int) -> int:
        """``mp_obj_get_int``."""
        return self.vm.int_of(self.found[name]) if name in self.found else default

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether it is true."""
        return self.vm.truth(self.found[name]) if name in self.found else default

    def real(self, name: str, default: float) -> float:
        """``mp_obj_get_float``; None is the default."""
        value = self.found.get(name)
        return default if value is None else self.vm.float_of(value)

    def colour(self, image: Image, name: str = "color", default: int = -1) -> int:
        """``py_helper_keyword_color``."""
        return colour(self.vm, image, self.found.get(name), default)

    def roi(self, image: Image, name: str = "roi") -> Roi:
        """``py_helper_arg_to_roi``."""
        return roi(self.vm, image, self.found.get(name))

    def image(self, name: str = "mask") -> Image | None:
        """Another image, mutable; None if there is none."""
        value = self.found.get(name)
        return None if value is None else mutable(self.vm, value)


def colour(vm: CameraMachine, image: Image, value: Value, default: int) -> int:
    """A number as it is, or three parts in the image's format."""
    if value is None:
        return default
    if is_int(value):
        return vm.int_of(value)
    red, green, blue = (min(max(part, 0), 255) for part in numbers(vm, fixed(vm, value, 3)))
    word = pixels.word_of_rgb(red, green, blue)
    if image.code == formats.BINARY:
        return int(pixels.y_of_word(word) > pixels.HALF)
    return pixels.y_of_word(word) if image.code == formats.GRAYSCALE else word


def roi(vm: CameraMachine, image: Image, value: Value) -> Roi:
    """A rectangle cut to the image."""
    if value is None:
        return 0, 0, image.width, image.height
    x, y, width, height = numbers(vm, fixed(vm, value, 4))
    if width < 1 or height < 1:
        os_error(vm, "Invalid ROI dimensions!")
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.width), min(y + height, image.height)
    if left >= right or top >= bottom:
        os_error(vm, "ROI does not overlap on the image!")
    return left, top, right - left, bottom - top


def parsed(  # noqa: PLR0917  # as mp_arg_parse_all
    vm: CameraMachine,
    args: Sequence[Value],
    kwargs: Keywords,
    names: tuple[str, ...],
    required: int = 0,
    positional: int = 0,
) -> Given:
    """``mp_arg_parse_all``: what was given, by name."""
    values = vm.parse_keywords(args, kwargs, names, required, positional)
    return {name: value for name, value in zip(names, values, strict=True) if not isinstance(value, Sentinel)}


__all__ = [
    "Options",
    "Roi",
    "at_least",
    "colour",
    "fixed",
    "grayscale",
    "image_of",
    "image_type",
    "is_sequence",
    "mutable",
    "numbers",
    "os_error",
    "parsed",
    "points",
    "roi",
    "to_image",
    "tuples_only",
    "uncompressed",
]
