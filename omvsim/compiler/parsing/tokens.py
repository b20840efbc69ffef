"""Kinds of tokens, keywords and operators of the language (py/lexer.h, v1.26.0)."""

from __future__ import annotations

from typing import Final

from omvsim.records import IntEnum


class Tok(IntEnum):
    """Kind of a token. Members named KW_ are keywords, OP_ operators of expressions, DEL_ the other delimiters."""

    END = 0
    INVALID = 1
    DEDENT_MISMATCH = 2
    LONELY_STRING_OPEN = 3
    MALFORMED_FSTRING = 4
    NEWLINE = 5
    INDENT = 6
    DEDENT = 7
    NAME = 8
    INTEGER = 9
    FLOAT_OR_IMAG = 10
    STRING = 11
    BYTES = 12
    ELLIPSIS = 13
    KW_FALSE = 14
    KW_NONE = 15
    KW_TRUE = 16
    KW_AND = 17
    KW_AS = 18
    KW_ASSERT = 19
    KW_ASYNC = 20
    KW_AWAIT = 21
    KW_BREAK = 22
    KW_CLASS = 23
    KW_CONTINUE = 24
    KW_DEF = 25
    KW_DEL = 26
    KW_ELIF = 27
    KW_ELSE = 28
    KW_EXCEPT = 29
    KW_FINALLY = 30
    KW_FOR = 31
    KW_FROM = 32
    KW_GLOBAL = 33
    KW_IF = 34
    KW_IMPORT = 35
    KW_IN = 36
    KW_IS = 37
    KW_LAMBDA = 38
    KW_NONLOCAL = 39
    KW_NOT = 40
    KW_OR = 41
    KW_PASS = 42
    KW_RAISE = 43
    KW_RETURN = 44
    KW_TRY = 45
    KW_WHILE = 46
    KW_WITH = 47
    KW_YIELD = 48
    OP_ASSIGN = 49
    OP_TILDE = 50
    OP_LESS = 51
    OP_MORE = 52
    OP_DBL_EQUAL = 53
    OP_LESS_EQUAL = 54
    OP_MORE_EQUAL = 55
    OP_NOT_EQUAL = 56
    OP_PIPE = 57
    OP_CARET = 58
    OP_AMPERSAND = 59
    OP_DBL_LESS = 60
    OP_DBL_MORE = 61
    OP_PLUS = 62
    OP_MINUS = 63
    OP_STAR = 64
    OP_AT = 65
    OP_DBL_SLASH = 66
    OP_SLASH = 67
    OP_PERCENT = 68
    OP_DBL_STAR = 69
    DEL_PIPE_EQUAL = 70
    DEL_CARET_EQUAL = 71
    DEL_AMPERSAND_EQUAL = 72
    DEL_DBL_LESS_EQUAL = 73
    DEL_DBL_MORE_EQUAL = 74
    DEL_PLUS_EQUAL = 75
    DEL_MINUS_EQUAL = 76
    DEL_STAR_EQUAL = 77
    DEL_AT_EQUAL = 78
    DEL_DBL_SLASH_EQUAL = 79
    DEL_SLASH_EQUAL = 80
    DEL_PERCENT_EQUAL = 81
    DEL_DBL_STAR_EQUAL = 82
    DEL_PAREN_OPEN = 83
    DEL_PAREN_CLOSE = 84
    DEL_BRACKET_OPEN = 85
    DEL_BRACKET_CLOSE = 86
    DEL_BRACE_OPEN = 87
    DEL_BRACE_CLOSE = 88
    DEL_COMMA = 89
    DEL_COLON = 90
    DEL_PERIOD = 91
    DEL_SEMICOLON = 92
    DEL_EQUAL = 93
    DEL_MINUS_MORE = 94


KEYWORDS: Final = {
    (name.title() if name in ("FALSE", "NONE", "TRUE") else name.lower()).encode(): tok
    for tok, name in ((tok, tok.name.removeprefix("KW_")) for tok in Tok if tok.name.startswith("KW_"))
}
DEBUG_NAME: Final = b"__debug__"
"""Read as True, or as False where ``micropython.opt_level`` is above 0."""

OPERATORS: Final = {
    b"(": Tok.DEL_PAREN_OPEN,
    b")": Tok.DEL_PAREN_CLOSE,
    b"[": Tok.DEL_BRACKET_OPEN,
    b"]": Tok.DEL_BRACKET_CLOSE,
    b"{": Tok.DEL_BRACE_OPEN,
    b"}": Tok.DEL_BRACE_CLOSE,
    b",": Tok.DEL_COMMA,
    b";": Tok.DEL_SEMICOLON,
    b"~": Tok.OP_TILDE,
    b":": Tok.DEL_COLON,
    b":=": Tok.OP_ASSIGN,
    b"<": Tok.OP_LESS,
    b"<=": Tok.OP_LESS_EQUAL,
    b"<<": Tok.OP_DBL_LESS,
    b"<<=": Tok.DEL_DBL_LESS_EQUAL,
    b">": Tok.OP_MORE,
    b">=": Tok.OP_MORE_EQUAL,
    b">>": Tok.OP_DBL_MORE,
    b">>=": Tok.DEL_DBL_MORE_EQUAL,
    b"*": Tok.OP_STAR,
    b"*=": Tok.DEL_STAR_EQUAL,
    b"**": Tok.OP_DBL_STAR,
    b"**=": Tok.DEL_DBL_STAR_EQUAL,
    b"+": Tok.OP_PLUS,
    b"+=": Tok.DEL_PLUS_EQUAL,
    b"-": Tok.OP_MINUS,
    b"-=": Tok.DEL_MINUS_EQUAL,
    b"->": Tok.DEL_MINUS_MORE,
    b"&": Tok.OP_AMPERSAND,
    b"&=": Tok.DEL_AMPERSAND_EQUAL,
    b"|": Tok.OP_PIPE,
    b"|=": Tok.DEL_PIPE_EQUAL,
    b"/": Tok.OP_SLASH,
    b"/=": Tok.DEL_SLASH_EQUAL,
    b"//": Tok.OP_DBL_SLASH,
    b"//=": Tok.DEL_DBL_SLASH_EQUAL,
    b"%": Tok.OP_PERCENT,
    b"%=": Tok.DEL_PERCENT_EQUAL,
    b"^": Tok.OP_CARET,
    b"^=": Tok.DEL_CARET_EQUAL,
    b"@": Tok.OP_AT,
    b"@=": Tok.DEL_AT_EQUAL,
    b"=": Tok.DEL_EQUAL,
    b"==": Tok.OP_DBL_EQUAL,
    b"!=": Tok.OP_NOT_EQUAL,
    b".": Tok.DEL_PERIOD,
    b"...": Tok.ELLIPSIS,
}

__all__ = ["DEBUG_NAME", "KEYWORDS", "OPERATORS", "Tok"]
