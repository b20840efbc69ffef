"""Decimal numbers as text: float and complex (py/parsenum.c, mp_parse_num_decimal)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.micropython.types import complex_, float_
from omvsim.numerals.floattext import INFINITY, NAN, read_decimal

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

_SPACE = " \t\n\r\v\f"


def _syntax(vm: Machine) -> NoReturn:
    vm.raise_value("invalid syntax for number")


def read_number(text: str, at: int) -> tuple[float, int] | None:
    """``inf``, ``infinity``, ``nan`` or digits at a place: the number and where it ends; None: a bare exponent."""
    word = text[at : at + 3].lower()
    if word == "inf":
        return INFINITY, at + (8 if text[at + 3 : at + 8].lower() == "inity" and len(text) > at + 7 else 3)
    if word == "nan":
        return NAN, at + 3
    found = read_decimal(text[at:])
    return None if found is None else (found[0], at + found[1])


def parse_decimal(vm: Machine, text: str, *, imaginary: bool, force_complex: bool) -> Value:
    """A float; with ``imaginary`` a ``j`` may follow; with ``force_complex`` a complex of one or two parts.

    Raises:
        Raised: ValueError "invalid syntax for number".
    """
    real: float | None = None
    at = 0
    while True:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        negative = text[at : at + 1] == "-"
        if at < len(text) and text[at] in "+-":
            at += 1
        start = at
        found = read_number(text, at)
        if found is None:
            _syntax(vm)
        value, at = found
        has_imaginary = imaginary and text[at : at + 1] in ("j", "J")
        if has_imaginary:
            value = 1.0 if at == start else value
            at += 1
        value = -value if negative else value
        if at == start:
            _syntax(vm)
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if at == len(text):
            break
        if not force_complex or real is not None or has_imaginary:
            _syntax(vm)
        real = value
    if real is not None and not has_imaginary:
        _syntax(vm)
    if has_imaginary:
        return complex_.new_complex(vm, real or 0.0, value)
    return complex_.new_complex(vm, value, 0.0) if force_complex else float_.new_float(vm, value)


__all__ = ["parse_decimal", "read_number"]
