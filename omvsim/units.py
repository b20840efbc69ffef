"""Sizes and addresses as people write them.

Sizes are bytes everywhere inside omvsim; ``64K`` and ``8M`` exist only at the edges. K and M are binary, as in
the firmware's own ``board_config.h`` (``OMV_GC_BLOCK2_SIZE (8M)``).
"""

from __future__ import annotations

import re

_UNITS = {"": 1, "B": 1, "K": 1024, "KB": 1024, "KIB": 1024, "M": 1024**2, "MB": 1024**2, "MIB": 1024**2}
_SIZE = re.compile(r"(0x[0-9a-f_]+|[0-9][0-9_]*(?:\.[0-9]+)?)\s*([a-z]*)", re.IGNORECASE)


def parse_size(text: str | int) -> int:
    """Bytes of ``64K``, ``8M``, ``0x10000``, ``15.5M`` or a plain number.

    Raises:
        ValueError: not a size, or not a whole number of bytes.
    """
    if isinstance(text, int):
        return text
    match = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(match[2].upper()) if match else None
    if match is None or unit is None:
        raise ValueError(f"{text!r} is not a size (try 65536, 64K, 8M or 0x10000)")
    digits = match[1].replace("_", "")
    if digits.lower().startswith("0x"):
        return int(digits, 16) * unit
    value = float(digits) * unit if "." in digits else int(digits) * unit
    if value != int(value):
        raise ValueError(f"{text!r} is not a whole number of bytes")
    return int(value)


def format_size(size: int) -> str:
    """``64K`` for 65536, ``8M`` for 8388608, digits for anything that is not a whole K: never rounds."""
    if size and size % 1024**2 == 0:
        return f"{size // 1024**2}M"
    if size and size % 1024 == 0:
        return f"{size // 1024}K"
    return str(size)


def format_bytes(size: int) -> str:
    """Digits in groups of three, ``8 532 480``, for tables that people read."""
    return f"{size:,}".replace(",", " ")


def parse_address(text: str | int) -> int:
    """An address, ``0x20280000`` or decimal.

    Raises:
        ValueError: not a number, or outside 32 bits.
    """
    value = text if isinstance(text, int) else int(text.strip().replace("_", ""), 0)
    if not 0 <= value < 2**32:
        raise ValueError(f"{text!r} is not a 32-bit address")
    return value


def format_address(address: int) -> str:
    """``0x20280000``: eight hex digits."""
    return f"0x{address:08x}"


def align_up(value: int, alignment: int) -> int:
    """The next multiple of ``alignment`` (any positive integer) at or above ``value``."""
    return -(-value // alignment) * alignment


def align_down(value: int, alignment: int) -> int:
    """The multiple of ``alignment`` at or below ``value``."""
    return value // alignment * alignment
