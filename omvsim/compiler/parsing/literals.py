"""String, bytes, f- and t-string literals (py/lexer.c, ``parse_string_literal``).

What an f-string shows is replaced by ``{}`` and gathered as arguments of ``.format``; a t-string becomes a call of
``__template__`` whose arguments are gathered the same way. What is gathered is read as source after the literal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from omvsim.compiler.parsing.tokens import Tok
from omvsim.micropython.errors import Error

if TYPE_CHECKING:
    from omvsim.compiler.parsing.lexer import Lexer

_STARTS: Final = re.compile(rb"""(?:[rubf]?|rf|fr|rb|br)['"]""")
_STARTS_TEMPLATES: Final = re.compile(rb"""(?:[rubft]?|rf|fr|rb|br|rt|tr)['"]""")
_PLAIN: Final = {
    (quote, formatted): re.compile(rb"[^\0\n\\" + bytes([quote]) + (rb"{" if formatted else rb"") + rb"]+")
    for quote in b"'\""
    for formatted in (False, True)
}
"""What a literal just takes over, up to a quote, a backslash, a line's end, or a brace in an f-string."""
_ESCAPES: Final = dict(zip(b"\\'\"abtnvfr", b"\\'\"\x07\x08\x09\x0a\x0b\x0c\x0d", strict=True))
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_DIGITS: Final = {ord("x"): 2, ord("u"): 4, ord("U"): 8}
_SPACES: Final = b" \t\n\v\f\r"


def starts(lexer: Lexer) -> bool:
    """``is_string_or_bytes``."""
    pattern = _STARTS_TEMPLATES if lexer.splices else _STARTS
    return pattern.match(lexer.buf, lexer.pos) is not None


def utf8(code: int) -> bytes:
    """A character's bytes as ``vstr_add_char`` makes them: surrogates like any other."""
    return chr(code).encode("utf-8", "surrogatepass")


def one(lexer: Lexer) -> bool:
    """Read one literal, if it is of the kind that those before it were. Sets the token's kind if it is the first."""
    prefix = lexer.buf[lexer.pos : lexer.pos + 2]
    letters = prefix[: next(at for at in (0, 1, 2) if at == 2 or prefix[at] in b"'\"")]
    kind = Tok.BYTES if b"b" in letters else Tok.STRING
    if b"t" in letters:
        lexer.has_template = True
    if lexer.kind is Tok.END:
        lexer.kind = kind
    elif lexer.kind is not kind:
        return False
    lexer.advance(len(letters))
    _Literal(lexer, raw=b"r" in letters, formatted=b"f" in letters, template=b"t" in letters).read()
    return True


class _Literal:
    """A literal being read: from its first quote to behind its last."""

    def __init__(self, lexer: Lexer, *, raw: bool, formatted: bool, template: bool) -> None:
        self.lexer = lexer
        self.vstr = lexer.vstr
        self.args = lexer.args
        self.raw = raw
        self.formatted = formatted
        self.template = template
        self.quote = lexer.buf[lexer.pos : lexer.pos + 1]
        lexer.advance()
        self.quotes = 3 if lexer.buf[lexer.pos : lexer.pos + 2] == self.quote * 2 else 1
        if self.quotes == 3:
            lexer.advance(2)
        self.shown = 0
        """Values a t-string shows."""
        self.format_depth = 0
        """Braces open in the format of what a t-string shows."""
        self.format_start = 0
        self.format_shows = False

    def read(self) -> None:
        """``parse_string_literal`` behind the opening quotes."""
        if not self.args.data:
            if self.formatted:
                self.args.add(b".format(")
            elif self.template:
                self.vstr.add_each(b"((" + self.quote * self.quotes)
        closing = self._contents()
        if closing < self.quotes:
            self.lexer.kind = Tok.LONELY_STRING_OPEN
        if not self.template:
            del self.vstr.data[len(self.vstr.data) - closing :]
            return
        if self.format_depth > 0:
            self.lexer.kind = Tok.MALFORMED_FSTRING
        if 1 + self.shown * 4 > 255:
            self.args.insert(0, b"(")
            self.args.add(b")")

    def _contents(self) -> int:
        """Everything up to the closing quotes or where it has to end; returns how many closing quotes there were."""
        lexer, quote = self.lexer, self.quote[0]
        plain = _PLAIN[quote, self.formatted]
        closing = 0
        while closing < self.quotes and not lexer.at_end():
            byte = lexer.buf[lexer.pos]
            if byte == 10 and self.quotes == 1:
                break
            if byte == quote:
                closing += 1
                self.vstr.add(self.quote)
                lexer.advance()
            elif byte == 10 and self.template:
                self.vstr.add_each(b"\\n")
                lexer.advance()
            else:
                closing = 0
                found = None if self.template else plain.match(lexer.buf, lexer.pos)
                if found is None:
                    self._special()
                else:
                    self.vstr.add_each(found.group())
                    self._pass(found.end())
        return closing

    def _pass(self, end: int) -> None:
        """Go on behind a run of ordinary bytes."""
        lexer = self.lexer
        lexer.pos = end - 1
        lexer.advance()

    def _special(self) -> None:
        """``{``, ``\\``, or one byte that stands for itself."""
        lexer = self.lexer
        if self.formatted or self.template:
            while lexer.buf[lexer.pos] == 123:
                if self.format_depth:
                    self.format_depth += 1
                    break
                self._brace()
                if lexer.splices:
                    return
        byte = lexer.buf[lexer.pos]
        if byte == 92 and self.template:
            self._template_escape()
        elif byte == 92:
            self._escape()
        elif byte == 125 and self.format_depth:
            self._close_format()
        else:
            self.vstr.add_each(b"\xff" if lexer.at_end() else lexer.buf[lexer.pos : lexer.pos + 1])
            if byte == 125 and self.template:
                if lexer.buf[lexer.pos + 1] == 125:
                    lexer.advance()
                else:
                    lexer.kind = Tok.MALFORMED_FSTRING
        lexer.advance()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _brace(self) -> None:
        """``{{``, or what is shown up to its format or end."""
        lexer = self.lexer
        lexer.advance()
        if lexer.buf[lexer.pos] == 123:
            if not self.template:
                self.vstr.add(b"{")
            lexer.advance()
        else:
            self._argument()
        self.vstr.add(b"{")

    def _argument(self) -> None:
        """Gather an expression, in brackets, knowing nothing of it but its brackets."""
        lexer, args = self.lexer, self.args
        args.add(b"(")
        start = len(args)
        depth = 0
        while not lexer.at_end() and (depth or not self._argument_ends()):
            byte = lexer.buf[lexer.pos]
            if byte in b"[{":
                depth += 1
            elif byte in b"]}":
                depth = (depth - 1) & 0xFFFFFFFF
            args.add(lexer.buf[lexer.pos : lexer.pos + 1])
            lexer.advance()
        says_itself = args.data[-1] == 61
        if says_itself:
            self.vstr.add(args.data[start:])
            del args.data[-1:]
        if self.template:
            while args.data and args.data[-1] in _SPACES:
                del args.data[-1:]
        if lexer.splices and len(args) == start:
            lexer.kind = Tok.MALFORMED_FSTRING
        args.add_each(b"),")
        if self.template:
            self._interpolation(start, says_itself)

    def _argument_ends(self) -> bool:
        """At ``:``, ``}``, or a conversion ``!r`` or ``!s`` before one of them."""
        ahead = self.lexer.buf[self.lexer.pos : self.lexer.pos + 3]
        return ahead[0] in b":}" or (ahead[0] == 33 and ahead[1] in b"rs" and ahead[2] in b":}")

    # -- t-strings (1.28) ---------------------------------------------------------------------------------------------

    def _interpolation(self, start: int, says_itself: bool) -> None:
        """Behind the value: its text, its conversion; its format follows."""
        lexer, args, quote = self.lexer, self.args, self.quote
        args.add(quote)
        for byte in bytes(args.data[start : len(args) - 3]):
            if byte in (quote[0], 92):
                args.add(b"\\")
            args.add(bytes([byte]))
        args.add_each(quote + b",")
        self.vstr.add_each(quote * self.quotes + b"," + quote * self.quotes)
        if lexer.buf[lexer.pos] == 33:
            lexer.advance()
            args.add_each(quote + lexer.buf[lexer.pos : lexer.pos + 1])
            lexer.advance()
            args.add_each(quote + b",")
        elif says_itself and lexer.buf[lexer.pos] != 58:
            args.add(b"'r',")
        else:
            args.add(b"None,")
        if lexer.buf[lexer.pos] == 58:
            lexer.advance()
        self.format_depth = 1
        self.format_start = len(self.vstr)

    def _close_format(self) -> None:
        """A brace in the format, or at its end: the format becomes the last argument of this value."""
        self.format_depth -= 1
        if self.format_depth > 0:
            self.format_shows = True
            self.vstr.add(b"}")
            return
        self.shown += 1
        if self.format_shows:
            self.args.add(b"f")
            self.format_shows = False
        self.args.add(self.quote)
        self.args.add(self.vstr.data[self.format_start + 1 :])
        del self.vstr.data[self.format_start :]
        self.args.add_each(self.quote + b",")

    def _template_escape(self) -> None:
        """A backslash in a t-string: the literal is read again later."""
        lexer = self.lexer
        self.vstr.add(b"\\")
        if not self.raw:
            lexer.advance()
        self.vstr.add(lexer.buf[lexer.pos : lexer.pos + 1])

    # -- escapes ------------------------------------------------------------------------------------------------------

    def _escape(self) -> None:
        """A backslash and what follows; stops at its last byte."""
        lexer = self.lexer
        lexer.advance()
        byte = lexer.buf[lexer.pos]
        if self.raw:
            self.vstr.add(b"\\")
            code = byte
        elif byte == 10:
            return
        else:
            code = self._escaped(byte)
        if lexer.kind is Tok.STRING and code < 0x110000:
            self.vstr.add(utf8(code))
        elif lexer.kind is Tok.BYTES and code < 0x100:
            self.vstr.add(bytes([code]))
        else:
            lexer.kind = Tok.INVALID

    def _escaped(self, byte: int) -> int:
        """The character that an escape means. An unknown one is a backslash and itself."""
        lexer = self.lexer
        if byte in _ESCAPES:
            return _ESCAPES[byte]
        if byte in _DIGITS and not (byte != 120 and lexer.kind is Tok.BYTES):
            return self._hex(_DIGITS[byte])
        if byte == 78:
            lexer.vm.error(Error.NOT_IMPLEMENTED, "unicode name escapes")
        if byte not in b"01234567":
            self.vstr.add(b"\\")
            return byte
        code, digits = byte - 48, 1
        while digits < 3 and lexer.buf[lexer.pos + 1] in b"01234567":
            lexer.advance()
            code = code * 8 + lexer.buf[lexer.pos] - 48
            digits += 1
        return code

    def _hex(self, digits: int) -> int:
        """``get_hex``: the value; 0, and the token is invalid, where a digit is missing."""
        lexer = self.lexer
        code = 0
        for _ in range(digits):
            lexer.advance()
            if lexer.buf[lexer.pos] not in _HEX:
                lexer.kind = Tok.INVALID
                return 0
            code = code << 4 | int(lexer.buf[lexer.pos : lexer.pos + 1], 16)
        return code


__all__ = ["one", "starts", "utf8"]
