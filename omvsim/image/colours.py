"""Functions that turn one colour into another (``binary_to_rgb`` and its kind; lib/imlib/imlib.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.image import pixels
from omvsim.image.arguments import fixed, is_sequence, numbers, os_error
from omvsim.micropython.native import NativeFunction
from omvsim.micropython.types.tuple_ import new_tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine


def _signed(value: int) -> int:
    return (value & 255 ^ 128) - 128


def _cut(value: int) -> int:
    return min(max(value, 0), 255)


def word_of_yuv(y: int, u: int, v: int) -> int:
    """``imlib_yuv_to_rgb``."""
    red = _cut(y + (91881 * v >> 16))
    green = _cut(y - (22554 * u + 46802 * v >> 16))
    return pixels.word_of_rgb(red, green, _cut(y + (116130 * u >> 16)))


def word_of_lab(lightness: int, a: int, b: int) -> int:
    """``imlib_lab_to_rgb``."""
    y = (lightness + 16) * 0.008621
    parts = (y + a * 0.002, y, y - b * 0.005)
    curved = [part**3 if part > 0.206897 else 0.128419 * part - 0.017713 for part in parts]
    x, y, z = (part * white for part, white in zip(curved, (95.047, 100.0, 108.883), strict=True))
    linear = (
        (x * 3.2406 - y * 1.5372 - z * 0.4986) / 100,
        (-x * 0.9689 + y * 1.8758 + z * 0.0415) / 100,
        (x * 0.0557 - y * 0.2040 + z * 1.0570) / 100,
    )
    made = [1.055 * part**0.416666 - 0.055 if part > 0.0031308 else part * 12.92 for part in linear]
    return pixels.word_of_rgb(*(_cut(int(part * 255 // 1)) for part in made))


def _of_grey(value: int) -> int:
    y = value & 255
    return pixels.word_of_rgb(y, y, y)


_FROM: dict[str, tuple[int, Callable[..., int]]] = {
    "binary": (1, lambda bit: 0xFFFF if bit & 1 else 0),
    "grayscale": (1, _of_grey),
    "rgb": (3, lambda r, g, b: pixels.word_of_rgb(r & 255, g & 255, b & 255)),
    "lab": (3, lambda light, a, b: word_of_lab((light & 255) % 100, _signed(a), _signed(b))),
    "yuv": (3, lambda y, u, v: word_of_yuv(_signed(y) + 128 & 255, _signed(u), _signed(v))),
}


def _yuv(word: int) -> tuple[int, ...]:
    red, green, blue = pixels.rgb_of_word(word)
    y = pixels.y_of_rgb(red, green, blue)
    return y, (-red * 21 - green * 43 + blue * 64) >> 7, (red * 64 - green * 54 - blue * 10) >> 7


_TO: dict[str, Callable[[int], int | tuple[int, ...]]] = {
    "binary": lambda word: int(pixels.y_of_word(word) > pixels.HALF),
    "grayscale": pixels.y_of_word,
    "rgb": pixels.rgb_of_word,
    "lab": lambda word: tuple(int(part) for part in pixels.lab_table()[word]),
    "yuv": _yuv,
}


def _function(source: str, target: str) -> NativeFunction:
    count, read = _FROM[source]
    write = _TO[target]

    def made(vm: CameraMachine, values: Sequence[int]) -> Value:
        result = write(read(*values))
        return new_tuple(vm, result) if isinstance(result, tuple) else result

    def one(vm: CameraMachine, value: Value) -> Value:
        return made(vm, [vm.int_of(value)])

    def three(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
        if is_sequence(args[0]):
            return made(vm, numbers(vm, fixed(vm, args[0], 3)))
        if len(args) < 3:
            os_error(vm, "Not enough positional arguments!")
        return made(vm, numbers(vm, args[:3]))

    name = f"{source}_to_{target}"
    if count == 1:
        return NativeFunction(one, name, 1, 1, keywords=False, is_method=False)
    return NativeFunction(three, name, 1, None, keywords=True, is_method=False)


def functions() -> dict[str, Value]:
    """Every one, by name."""
    pairs = [(source, target) for source in _FROM for target in _TO if source != target]
    return {f"{source}_to_{target}": _function(source, target) for source, target in pairs}


__all__ = ["functions", "word_of_lab", "word_of_yuv"]
