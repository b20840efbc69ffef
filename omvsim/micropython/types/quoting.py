"""``repr`` and JSON of texts and bytes, character by character as the device prints them (py/objstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.strings import decode, encode

if TYPE_CHECKING:
    from omvsim.micropython.values import Out

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TOP: Final = 0xDC80
"""Host code points from here to 0xDCFF stand for single bytes that are no UTF-8."""


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
    for char in text:
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
            code = ord(char)
            if _TOP <= code < _TOP + 0x80:
                code -= _TOP - 0x80
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
