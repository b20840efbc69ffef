"""What a token is in the tree (py/parse.c, ``push_result_token``), with what the making of its value asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.parsing.tree import TOKENS, Name
from omvsim.memory import sizes
from omvsim.memory.strings import decode
from omvsim.micropython.errors import Error, Raised

if TYPE_CHECKING:
    from omvsim.compiler.parsing.parser import Parser
    from omvsim.compiler.parsing.tree import Child
    from omvsim.micropython.values import Value


def leaf(parser: Parser, rule: int) -> Child:
    """The current token as a child of ``rule``."""
    lexer = parser.lexer
    kind = lexer.kind
    if kind is Tok.NAME:
        name = parser.vm.strings.intern(decode(lexer.text))
        entry = parser.consts.get(name) if rule == Rule.atom else None
        return Name(name) if entry is None else constant(parser, entry.value, lexer.token_line)
    if kind is Tok.INTEGER or kind is Tok.FLOAT_OR_IMAG:
        return constant(parser, _number(parser, kind), lexer.token_line)
    if kind is Tok.STRING:
        return _text(parser)
    if kind is Tok.BYTES:
        return parser.packing.const(parser.vm.new_bytes(lexer.text), lexer.token_line)
    return TOKENS[kind]


def constant(parser: Parser, value: Value, line: int) -> Child:
    """``make_node_const_object_optimised``: small ints are no nodes."""
    return value if type(value) is int else parser.packing.const(value, line)


def _text(parser: Parser) -> Child:
    """A string literal: a name of the pool if it is short or there already, else an object."""
    vm, lexer = parser.vm, parser.lexer
    text = decode(lexer.text)
    if len(lexer.text) <= sizes.INTERNED_TEXT_MAX:
        return vm.strings.intern(text)
    if vm.strings.has(text):
        return text
    return parser.packing.const(vm.new_str(text), lexer.token_line)


def _number(parser: Parser, kind: Tok) -> Value:
    """The number that is the current token; a ValueError of its reader is a SyntaxError here."""
    vm, lexer = parser.vm, parser.lexer
    text = decode(lexer.text)
    try:
        return vm.parse_int(text, 0) if kind is Tok.INTEGER else vm.parse_decimal(text)
    except Raised as raised:
        if vm.retype(raised.value, Error.VALUE, Error.SYNTAX):
            vm.add_traceback(raised.value, lexer.source, lexer.token_line, None)
        raise


__all__ = ["constant", "leaf"]
