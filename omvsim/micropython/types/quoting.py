"""``repr`` and JSON of texts and bytes, character by character as the device prints them (py/objstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.strings import decode, encode, has_loose_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.values import Out

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


_BEYOND: Final = 0x80
"""From here on everything is escaped."""


def _codes(data: bytes) -> Iterator[int]:
    """``utf8_get_char``, ``utf8_next_char``: any byte begins a character, those of the form 10xxxxxx after it go on."""
    at = 0
    while at < len(data):
        first = code = data[at]
        at += 1
        if first >= 0x80:
            code &= 0x7F
            mask = 0x40
            while code & mask:
                code &= ~mask
                mask >>= 1
        while at < len(data) and data[at] & 0xC0 == 0x80:
            code = (code << 6 | data[at] & 0x3F) & 0xFFFFFFFF if first >= 0x80 else code
            at += 1
        yield code


def _quote(text: str) -> str:
    return '"' if "'" in text and '"' not in text else "'"


def _hex(out: Out, mark: str, code: int, width: int) -> None:
    """``mp_printf("\\x%02x")``: mark, padding and digits are pieces of their own."""
    digits = f"{code:x}"
    out(mark)
    if len(digits) < width:
        out("0" * (width - len(digits)))
    out(digits)


def quoted_text(out: Out, text: str) -> None:
    """``uni_print_quoted``: ASCII as it is, everything else escaped."""
    quote = _quote(text)
    out(quote)
    for code in _codes(encode(text)) if has_loose_bytes(text) else map(ord, text):
        char = chr(code) if code < _BEYOND else ""
        if char == quote:
            out("\\")
            out(char)
        elif char == "\\":
            out("\\\\")
        elif " " <= char <= "~":
            out(char)
        elif char in _SHORT:
            out(_SHORT[char])
        else:
            mark, width = ("\\x", 2) if code < 0x100 else ("\\u", 4) if code < 0x10000 else ("\\U", 8)
            _hex(out, mark, code, width)
    out(quote)


def quoted_bytes(out: Out, data: bytes) -> None:
    """``mp_str_print_quoted`` with ``is_bytes``."""
    quote = '"' if b"'" in data and b'"' not in data else "'"
    out(quote)
    for byte in data:
        char = chr(byte)
        if char == quote:
            out("\\")
            out(char)
        elif char == "\\":
            out("\\\\")
        elif 0x20 <= byte < 0x7F:
            out(char)
        elif char in _SHORT:
            out(_SHORT[char])
        else:
            _hex(out, "\\x", byte, 2)
    out(quote)


def json_text(out: Out, text: str) -> None:
    """``mp_str_print_json``: a byte a piece; what is beyond ASCII stands as it is."""
    out('"')
    for byte in encode(text):
        char = chr(byte)
        if char in '"\\':
            out("\\")
            out(char)
        elif byte >= 0x80:
            out(decode(bytes((byte,))))
        elif char >= " ":
            out(char)
        elif char in _SHORT:
            out(_SHORT[char])
        else:
            _hex(out, "\\u", byte, 4)
    out('"')


__all__ = ["json_text", "quoted_bytes", "quoted_text"]
