"""Numbers and texts padded to a width, in the pieces the device prints (py/mpprint.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.numerals.floattext import format_float
from omvsim.records import dataclass

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out


@dataclass(slots=True)
class Spec:
    """How to print one thing (``PF_FLAG_*``, fill, width and precision of py/mpprint.h)."""

    left: bool = False
    center: bool = False
    after_sign: bool = False
    sign: str = ""
    """What a number that is not negative starts with: nothing, ``+`` or a space."""
    prefix: bool = False
    octal_letter: bool = False
    percent: bool = False
    always_decimal: bool = False
    grouping: str = ""
    fill: str = " "
    width: int = -1
    precision: int = -1


def print_padded(vm: Machine, out: Out, text: str, size: int, spec: Spec, width: int) -> None:
    """``mp_print_strn``: ``text`` of ``size`` bytes, padded in pieces of at most 16 (one by one for an odd fill)."""
    pad = width - size
    chars, piece = _pad_chars(vm, spec)
    if spec.fill == "0" and spec.grouping and vm.dialect.grouped_zeroes:
        if width % piece == 0:
            pad += 1
            width += 1
        shift = piece - 1 - width % piece
        chars = chars[shift:]
    left, right = (pad // 2, pad - pad // 2) if spec.center else (0, pad) if spec.left else (pad, 0)
    _pad(out, chars, piece, left)
    if size:
        out(text)
    _pad(out, chars, piece, right)


def _pad_chars(vm: Machine, spec: Spec) -> tuple[str, int]:
    if spec.fill in ("", " "):
        return " " * 16, 16
    if spec.fill == "0":
        if spec.grouping and vm.dialect.grouped_zeroes:
            return ("0000_0000", 5) if spec.grouping == "_" else ("000,000", 4)
        return "0" * 16, 16
    return spec.fill, 1


def _pad(out: Out, chars: str, piece: int, count: int) -> None:
    while count > 0:
        step = min(piece, count)
        out(chars[:step])
        count -= step


def print_float(vm: Machine, out: Out, value: float, style: str, spec: Spec) -> None:
    """``mp_print_float``. ``style``: one of ``eEfFgG``."""
    text = format_float(value, style, spec.precision, spec.sign)
    if spec.always_decimal and not any(char in text for char in ".en"):
        text += ".0"
    if spec.percent:
        text += "%"
    width = spec.width
    if spec.after_sign and text[0] < "0":
        out(text[0])
        text = text[1:]
        width -= 1
    print_padded(vm, out, text, len(text), spec, width)


__all__ = ["Spec", "print_float", "print_padded"]
