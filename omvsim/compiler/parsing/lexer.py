"""From text to tokens as MicroPython's lexer does it (py/lexer.c), with every request it makes on the way.

The lexer looks three bytes ahead in its stream; here the stream is the whole text and a position in it. Line ends are
made ``\\n`` and the last line is ended, as the device does byte by byte.

Arguments of an f-string are not parsed where they stand: they are gathered as the text of a call of ``.format`` and
read after the literal. 1.26 reads them from the buffer they were gathered in, so an f-string inside an f-string appends
to the text being read; 1.28 puts them into the stream.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from omvsim.compiler.parsing import literals
from omvsim.compiler.parsing.tokens import DEBUG_NAME, KEYWORDS, OPERATORS, Tok
from omvsim.memory import sizes
from omvsim.memory.vstr import VStr

if TYPE_CHECKING:
    from omvsim.compiler.parsing.readers import Reader
    from omvsim.micropython.machine import Machine

_SPACE: Final = re.compile(rb"[ \t\v\f]*")
_NAME: Final = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")
_TAIL: Final = re.compile(rb"[A-Za-z0-9_\x80-\xff]*")
_NUMBER: Final = re.compile(rb"\.?[0-9]")
_DECIMAL: Final = re.compile(rb"(?:[eE][+-]?|[A-DF-Za-df-z0-9._])*")
_BASED: Final = re.compile(rb"[A-Za-z0-9._]*")
_HAS_BASE: Final = re.compile(rb"0[bBoOxX]")
_OPERATOR: Final = re.compile(b"|".join(re.escape(text) for text in sorted(OPERATORS, key=len, reverse=True)))
_OPENING: Final = frozenset({Tok.DEL_PAREN_OPEN, Tok.DEL_BRACKET_OPEN, Tok.DEL_BRACE_OPEN})
_CLOSING: Final = frozenset({Tok.DEL_PAREN_CLOSE, Tok.DEL_BRACKET_CLOSE, Tok.DEL_BRACE_CLOSE})
_TAB: Final = 8
_PAST_END: Final = b"\0\0\0"
"""Stands for what is read behind the end of a stream."""


class Lexer:
    """A source being read; :meth:`next` moves to the next token.

    ``kind`` is the token's kind, ``text`` its bytes (names, numbers, literals), ``token_line`` its line.

    Args:
        vm: for its memory, its dialect, and to raise what the lexer itself raises.
        source: name of the source, for tracebacks.
        reader: where the text comes from; the lexer closes it when it is freed.

    Raises:
        Raised: MemoryError, or NotImplementedError for ``\\N{…}``.
    """

    def __init__(self, vm: Machine, source: str, reader: Reader) -> None:
        memory = vm.memory
        self.vm = vm
        self.source = source
        self.reader = reader
        self._block = memory.block(sizes.LEXER)
        self._indents = [0]
        self._indents_block = memory.block(sizes.INDENTS_FIRST * sizes.INDENT_LEVEL)
        self.vstr = VStr(memory, sizes.TOKEN_TEXT)
        self.splices = vm.dialect.template_strings
        self._injected: VStr | None = VStr(memory, 0) if self.splices else None
        self.args = VStr(memory, 0)
        """What an f-string's ``.format`` call is gathered in (``fstring_args``)."""
        self.buf = self._stream(reader.data)
        self.end = len(self.buf) - len(_PAST_END)
        self.pos = 0
        self.line = 1
        self._injected_end = 0
        """1.28: where injected text, and the three bytes that were read ahead, end in the stream."""
        self._away: tuple[bytes, int] | None = None
        """1.26: the stream and place to go back to while the arguments of an f-string are read."""
        self.has_template = False
        """Whether the literal being read has a t-string in it."""
        self._nested = 0
        self._dents = 0
        self._mark = 0
        self._mark_column = 1
        """A place in the stream and its column."""
        self.kind: Tok = Tok.END
        self.text = b""
        self.token_line = 1
        self._first_column = 0
        self.next()
        if self._first_column != 1 and self.kind is not Tok.NEWLINE:
            self.kind = Tok.INDENT

    def _stream(self, data: bytes) -> bytes:
        """The text as the device comes to see it."""
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self.splices:
            data = data.replace(b"\0", b"\1")
        if not data.endswith(b"\n") and (data or not self.splices):
            data += b"\n"
        return data + _PAST_END

    def free(self) -> None:
        """``mp_lexer_free``."""
        self.reader.close()
        self.vstr.free()
        if self._injected is not None:
            self._injected.free()
        self.args.free()
        memory = self.vm.memory
        memory.free(self._indents_block)
        memory.free(self._block)

    # -- the stream -----------------------------------------------------------------------------------------------

    def at_end(self) -> bool:
        """``is_end``."""
        return self.pos >= self.end and self._away is None

    def advance(self, count: int = 1) -> None:
        """``next_char``, ``count`` times."""
        for _ in range(count):
            if self.buf[self.pos] == 10:
                self.line += 1
            self.pos += 1
            if self._away is not None and self.buf[self.pos] == 0:
                self._come_back()

    def _column(self) -> int:
        column = self._mark_column
        for byte in self.buf[self._mark : self.pos]:
            column = ((column - 1 + _TAB) // _TAB) * _TAB + 1 if byte == 9 else column + 1
        return column

    def _move(self, buf: bytes, pos: int) -> None:
        """Read on elsewhere."""
        self._mark_column = self._column()
        self.buf = buf
        self.pos = self._mark = pos

    def _go_away(self) -> None:
        """1.26: read the arguments of the f-string that just ended."""
        self.args.add(b")")
        self._away = self.buf, self.pos
        self._move(bytes(self.args.data) + _PAST_END, 0)

    def _come_back(self) -> None:
        assert self._away is not None
        self._move(*self._away)
        self._away = None
        self.args.reset()

    def _splice(self) -> None:
        """1.28: put the arguments of the f-string that just ended into the stream."""
        self.args.add(b")")
        text = bytes(self.args.data)
        injected = self._injected
        assert injected is not None
        if self.pos + 3 < self._injected_end:
            injected.insert(0, text)
            self._injected_end += len(text)
        else:
            injected.reset()
            injected.add(_PAST_END)
            injected.insert(0, text)
            self._injected_end = self.pos + len(text) + 3
        self.args.reset()
        self.buf = self.buf[: self.pos] + text + self.buf[self.pos :]
        self.end += len(text)

    # -- tokens ---------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """``mp_lexer_to_next``."""
        if not self.splices and self._away is None and self.args.data:
            self._go_away()
        self.text = b""
        newline = self._skip(stop=True)
        self.token_line = self.vm.memory.place.line = self.line
        if not self._first_column:
            self._first_column = self._column()
        if self._dents:
            self.kind = Tok.DEDENT if self._dents < 0 else Tok.INDENT
            self._dents += 1 if self._dents < 0 else -1
        elif newline:
            self._skip(stop=False)
            self._indentation(self._column() - 1)
        elif self.at_end():
            self.kind = Tok.END
        elif literals.starts(self):
            self._literal()
        else:
            self._word()

    def _skip(self, *, stop: bool) -> bool:
        """``skip_whitespace``: whether it stopped at the end of a line."""
        while True:
            self.pos = self._match(_SPACE)
            byte = self.buf[self.pos]
            if byte == 10:
                if stop and self._nested == 0:
                    return True
                self._newline()
            elif byte == 35:
                self._comment()
            elif byte == 92 and self.buf[self.pos + 1] == 10:
                self.pos += 1
                self._newline()
            elif byte or self._away is None:
                return False
            if self._away is not None and self.buf[self.pos] == 0:
                self._come_back()

    def _newline(self) -> None:
        """Pass the end of a line."""
        self.pos += 1
        self.line += 1
        self._mark = self.pos
        self._mark_column = 1

    def _comment(self) -> None:
        """Pass a comment; one in the arguments of an f-string goes on behind it in 1.26."""
        end = self.buf.find(b"\n", self.pos)
        if self._away is not None:
            nul = self.buf.find(b"\0", self.pos)
            if end < 0 or nul < end:
                self.pos = nul
                self._come_back()
                end = self.buf.find(b"\n", self.pos)
        self.pos = end

    def _match(self, pattern: re.Pattern[bytes]) -> int:
        found = pattern.match(self.buf, self.pos)
        return found.end() if found else self.pos

    def _indentation(self, column: int) -> None:
        """The end of a line, and what the next one's indentation means."""
        self.kind = Tok.NEWLINE
        indents = self._indents
        if column > indents[-1]:
            room = len(self._room())
            if len(indents) >= room:
                self.vm.memory.resize(self._indents_block, (room + sizes.INDENTS_MORE) * sizes.INDENT_LEVEL)
            indents.append(column & 0xFFFF)
            self._dents += 1
            return
        while column < indents[-1]:
            indents.pop()
            self._dents -= 1
        if column != indents[-1]:
            self.kind = Tok.DEDENT_MISMATCH

    def _room(self) -> range:
        return range(self._indents_block.size // sizes.INDENT_LEVEL)

    def _literal(self) -> None:
        """A string or bytes literal with all that are joined to it."""
        self.vstr.reset()
        self.kind = Tok.END
        self.has_template = False
        while literals.one(self):
            self._skip(stop=True)
            if not literals.starts(self):
                break
        if self.has_template:
            self.vstr.add_each(b",),")
            self.args.insert(0, self.vstr.data)
            if self.kind > Tok.MALFORMED_FSTRING:
                self.kind = Tok.NAME
                self.vstr.reset()
                self.vstr.add(b"__template__")
        if self.splices and self.args.data:
            self._splice()
        elif self._away is not None:
            self.buf = bytes(self.args.data) + _PAST_END
        self.text = bytes(self.vstr.data)

    def _word(self) -> None:
        """A name, a number, an operator, or nothing of the language."""
        buf, pos = self.buf, self.pos
        found = _NAME.match(buf, pos)
        if found is not None:
            self._name(found.group(), found.end())
            return
        if _NUMBER.match(buf, pos) is not None:
            self._number()
            return
        found = _OPERATOR.match(buf, pos)
        if found is None:
            self.kind = Tok.INVALID
            self.advance()
            return
        self.kind = kind = OPERATORS[found.group()]
        self.pos = found.end()
        if kind in _OPENING:
            self._nested += 1
        elif kind in _CLOSING:
            self._nested -= 1
        if self._away is not None and self.buf[self.pos] == 0:
            self._come_back()

    def _name(self, text: bytes, end: int) -> None:
        self.pos = end
        while self._away is not None and self.buf[self.pos] == 0:
            self._come_back()
            end = self._match(_TAIL)
            text += self.buf[self.pos : end]
            self.pos = end
        self._keep(text)
        if len(text) >= self.vstr.room:
            self.vstr.terminate()
        if text == DEBUG_NAME:
            self.kind = Tok.KW_TRUE if self.vm.opt_level == 0 else Tok.KW_FALSE
        else:
            self.kind = KEYWORDS.get(text, Tok.NAME)

    def _number(self) -> None:
        pos = self.pos
        based = _HAS_BASE.match(self.buf, pos) is not None
        end = (_BASED if based else _DECIMAL).match(self.buf, pos + 1).end()  # type: ignore[union-attr] # matches nothing, too
        tail = self.buf[pos + 1 : end]
        if not based:
            tail = tail.replace(b"E", b"e")
        text = self.buf[pos : pos + 1] + tail.replace(b"_", b"")
        self.pos = end
        is_float = any(mark in text for mark in (b".", b"j", b"J")) or (not based and b"e" in text)
        self.kind = Tok.FLOAT_OR_IMAG if is_float else Tok.INTEGER
        self._keep(text)
        if self._away is not None and self.buf[self.pos] == 0:
            self._come_back()

    def _keep(self, text: bytes) -> None:
        """The token's text, in its buffer byte by byte."""
        self.text = text
        if len(text) >= self.vstr.room:
            self.vstr.reset()
            self.vstr.add_each(text)


__all__ = ["Lexer"]
