"""The lexer: tokens, lines, indentation, literals, f-strings, and what it asks for."""

from __future__ import annotations

import io
import keyword
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.compiler.parsing.tokens import KEYWORDS, OPERATORS, Tok
from omvsim.micropython.errors import Error, Raised
from tests.compiler._parsing import machine, text_lexer, tokens

T = Tok


def kinds(source: str | bytes, release: str = "4.8.1") -> list[Tok]:
    return [kind for kind, _ in tokens(source, release)]


def texts(source: str | bytes, release: str = "4.8.1") -> list[bytes]:
    """The words of a source: everything that has a text."""
    return [text for kind, text in tokens(source, release) if text]


def lines(source: str, release: str = "4.8.1") -> list[tuple[Tok, int]]:
    lexer = text_lexer(machine(release), source)
    found = [(lexer.kind, lexer.token_line)]
    while lexer.kind is not Tok.END:
        lexer.next()
        found.append((lexer.kind, lexer.token_line))
    return found


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", sorted(KEYWORDS))
def test_keywords(text: bytes) -> None:
    assert keyword.iskeyword(text.decode())
    assert kinds(text) == [KEYWORDS[text], T.NEWLINE, T.END]
    assert kinds(text + b"x") == [T.NAME, T.NEWLINE, T.END]


@pytest.mark.parametrize("text", sorted(OPERATORS))
def test_operators(text: bytes) -> None:
    # where brackets do not match, lines do not end
    expected = [OPERATORS[text], T.END] if text in b"([{}])" else [OPERATORS[text], T.NEWLINE, T.END]
    assert kinds(text) == expected


def test_debug_is_true_until_optimised() -> None:
    assert kinds("__debug__")[0] is T.KW_TRUE
    vm = machine()
    vm.opt_level = 1
    assert text_lexer(vm, "__debug__").kind is T.KW_FALSE


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1", T.INTEGER),
        ("0x1F", T.INTEGER),
        ("0xe", T.INTEGER),
        ("0b1e", T.INTEGER),
        ("1e5", T.FLOAT_OR_IMAG),
        ("1E+5", T.FLOAT_OR_IMAG),
        ("1.", T.FLOAT_OR_IMAG),
        (".5", T.FLOAT_OR_IMAG),
        ("2j", T.FLOAT_OR_IMAG),
        ("0x1J", T.FLOAT_OR_IMAG),
        ("1_000", T.INTEGER),
        ("1abc", T.INTEGER),
    ],
)
def test_numbers(source: str, expected: Tok) -> None:
    assert kinds(source) == [expected, T.NEWLINE, T.END]


def test_a_number_keeps_no_underscore_and_a_small_e() -> None:
    assert texts("1_0E-5") == [b"10e-5"]
    assert texts("0x_FE") == [b"0xFE"]


def test_what_is_no_token_is_invalid_and_takes_one_byte() -> None:
    assert kinds("$ ? !") == [T.INVALID, T.INVALID, T.INVALID, T.NEWLINE, T.END]
    assert kinds("a != b")[1] is T.OP_NOT_EQUAL
    assert kinds("a..b") == [T.NAME, T.DEL_PERIOD, T.DEL_PERIOD, T.NAME, T.NEWLINE, T.END]


def test_names_may_hold_any_byte_beyond_ascii() -> None:
    assert texts(b"\xffa\xc3\xa4 = 1") == [b"\xffa\xc3\xa4", b"1"]


# -- lines and indentation ---------------------------------------------------------------------------------------------


def test_blank_lines_and_comments_are_nothing() -> None:
    assert kinds("a\n\n  # x\n\t\nb") == [T.NAME, T.NEWLINE, T.NAME, T.NEWLINE, T.END]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_ends(end: str) -> None:
    assert kinds(end.join(["if a:", "  b", "c", ""])) == kinds("if a:\n  b\nc\n")
    assert lines(end.join(["a", "b", "c"]))[-3:] == [(T.NAME, 3), (T.NEWLINE, 3), (T.END, 4)]


def test_an_empty_source_is_one_line_in_1_26_and_none_in_1_28() -> None:
    assert kinds("", "4.8.1") == [T.NEWLINE, T.END]
    assert kinds("", "5.0.0") == [T.END]


def test_a_tab_goes_to_the_next_multiple_of_eight() -> None:
    assert kinds("if a:\n\tb\n        c") == kinds("if a:\n\tb\n\tc")
    assert T.DEDENT_MISMATCH in kinds("if a:\n\tb\n    c")


def test_dedents_come_one_by_one_after_the_newline() -> None:
    assert kinds("if a:\n if b:\n  c\nd")[11:] == [T.NEWLINE, T.DEDENT, T.DEDENT, T.NAME, T.NEWLINE, T.END]


def test_the_first_token_must_stand_in_the_first_column() -> None:
    assert kinds("  a")[0] is T.INDENT
    assert kinds("\n  a")[:2] == [T.NEWLINE, T.INDENT]


def test_inside_brackets_and_behind_a_backslash_lines_go_on() -> None:
    assert T.INDENT not in kinds("a = (1,\n    2)")
    assert lines("a = (1,\n 2)")[-3] == (T.DEL_PAREN_CLOSE, 2)
    assert kinds("a = \\\n  1") == [T.NAME, T.DEL_EQUAL, T.INTEGER, T.NEWLINE, T.END]


def test_a_nul_byte_is_invalid_and_no_end() -> None:
    for release in ("4.8.1", "5.0.0"):
        assert kinds(b"a\0b", release) == [T.NAME, T.INVALID, T.NAME, T.NEWLINE, T.END]


# -- literals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"'a\n\t\\\'\"'", b"a\n\t\\'\""),
        (r"'\x41\u00e4\U0001F600\101\0'", "Aä\U0001f600A\0".encode()),
        (r"r'\n\''", rb"\n\'"),
        (r"'\q'", rb"\q"),
        ("'a' \"b\" '''c'''", b"abc"),
        ("'a\\\nb'", b"ab"),
        ("'''a\nb''c'''", b"a\nb''c"),
        ("u'x'", b"x"),
        ("'\\ud800'", b"\xed\xa0\x80"),
        (r"'\400'", "Ā".encode()),
    ],
)
def test_text_literals(source: str, text: bytes) -> None:
    assert tokens(source)[0] == (T.STRING, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [(r"b'\xff\u1234'", b"\xff\\u1234"), (r"br'\x'", rb"\x"), (r"rb'\x' b'\x00'", b"\\x\0"), ("b'\\377'", b"\xff")],
)
def test_bytes_literals(source: str, text: bytes) -> None:
    assert tokens(source)[0] == (T.BYTES, text)


@pytest.mark.parametrize("source", [r"b'\400'", r"'\x4'", r"'\u12'", r"'\U00110000'", "'a'x$"])
def test_escapes_out_of_range_make_the_token_invalid(source: str) -> None:
    assert {T.INVALID, T.LONELY_STRING_OPEN} & set(kinds(source))


@pytest.mark.parametrize("source", ["'a", '"a\nb"', "'''a\n", "'''a''"])
def test_a_literal_without_its_end(source: str) -> None:
    assert kinds(source)[0] is T.LONELY_STRING_OPEN


def test_text_and_bytes_are_not_joined() -> None:
    assert kinds("'a' b'b'")[:2] == [T.STRING, T.BYTES]


def test_names_of_characters_are_not_there() -> None:
    with pytest.raises(Raised) as raised:
        tokens(r"'\N{DIGIT ONE}'")
    assert raised.value.value.host[0] is Error.NOT_IMPLEMENTED  # type: ignore[attr-defined]


# -- f- and t-strings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize(
    ("source", "same_as"),
    [
        ("f'a{b}c'", "'a{}c'.format((b),)"),
        ("f'{a!r:>5}{b:{c}}'", "'{!r:>5}{:{}}'.format((a),(b),(c),)"),
        ("f'{a[1:2]}'", "'{}'.format((a[1:2]),)"),
        ("f'{a=}'", "'a={}'.format((a),)"),
        ("'x' f'{a}' 'y' f'{b}'", "'x{}y{}'.format((a),(b),)"),
        ("rf'\\n{a}'", "r'\\n{}'.format((a),)"),
        ("f'{{}}{a}'", "'{{}}{}'.format((a),)"),
        ("f'x'", "'x'.format()"),
        ("f'{a != b}' + c", "'{}'.format((a != b),) + c"),
    ],
)
def test_an_f_string_is_a_call_of_format(source: str, same_as: str, release: str) -> None:
    assert tokens(source, release) == tokens(same_as, release)


def test_f_strings_nest_in_1_28_only() -> None:
    assert tokens("f'{f\"{a}\"}'", "5.0.0") == tokens("'{}'.format((\"{}\".format((a),)),)", "5.0.0")
    # 1.26 appends the inner arguments to the text that it is reading
    assert tokens("f'{f\"{a}\"}'", "4.8.1") == tokens("'{}'.format((\"{}\"),)(a),", "4.8.1")


def test_braces_before_the_closing_quote_swallow_it_in_1_26_only() -> None:
    assert kinds("f'{{'", "4.8.1")[0] is T.LONELY_STRING_OPEN
    assert tokens("f'{{'", "5.0.0")[0] == (T.STRING, b"{{")


def test_nothing_to_show_is_malformed_in_1_28_only() -> None:
    assert kinds("f'{}'", "4.8.1")[0] is T.STRING
    assert kinds("f'{}'", "5.0.0")[0] is T.MALFORMED_FSTRING


def test_lines_inside_what_is_shown_count_twice() -> None:
    for release in ("4.8.1", "5.0.0"):
        assert lines("f'''{a +\n b}'''\nc", release)[-3] == (T.NAME, 4)


@pytest.mark.parametrize(
    ("source", "same_as"),
    [
        ("t'a{b}c'", "__template__(('a','c',),(b),'b',None,'',)"),
        ("t'{b!r:>3}'", "__template__(('','',),(b),'b','r','>3',)"),
        ("t'{b=}'", "__template__(('b=','',),(b),'b','r','',)"),
        ("t'x'", "__template__(('x',),)"),
        ("t'{a:{w}}'", "__template__(('','',),(a),'a',None,f'{w}',)"),
    ],
)
def test_a_t_string_is_a_call_of_template(source: str, same_as: str) -> None:
    assert tokens(source, "5.0.0") == tokens(same_as, "5.0.0")
    assert kinds(source, "4.8.1")[:2] == [T.NAME, T.STRING]


# -- requests ----------------------------------------------------------------------------------------------------------


def asked(source: str, release: str = "4.8.1") -> list[tuple[str, int]]:
    vm = machine(release)
    lexer = text_lexer(vm, source)
    while lexer.kind is not Tok.END:
        lexer.next()
    lexer.free()
    assert vm.memory.tape is not None
    return [(request.kind, request.size) for request in vm.memory.tape]


def test_a_lexer_takes_its_buffers_and_gives_them_back() -> None:
    assert [size for kind, size in asked("a") if kind == "alloc"] == [16, 116, 20, 32, 1]
    assert [size for kind, size in asked("a", "5.0.0") if kind == "alloc"] == [16, 116, 20, 32, 1, 1]
    vm = machine()
    text_lexer(vm, "f'{a}' " + "x" * 300 + "\n").free()
    assert vm.memory.heap.used == 0


@pytest.mark.parametrize(("length", "rooms"), [(31, []), (32, [33]), (33, [56]), (56, [56, 57]), (57, [56, 80])])
def test_a_long_name_grows_the_token_text_and_ends_it_with_a_zero(length: int, rooms: list[int]) -> None:
    assert [size for kind, size in asked("x" * length) if kind == "realloc"] == rooms


def test_deep_indentation_grows_by_eight_levels() -> None:
    source = "".join(" " * level + "if a:\n" for level in range(20)) + " " * 20 + "b"
    assert [size for kind, size in asked(source) if kind == "realloc"] == [36, 52]


def test_arguments_of_an_f_string_are_gathered_in_a_buffer() -> None:
    assert [size for kind, size in asked("f'{a}'") if kind == "realloc"] == [32]
    assert [size for kind, size in asked("f'{a}'", "5.0.0") if kind == "realloc"] == [32, 24]


# -- properties --------------------------------------------------------------------------------------------------------

_WORD = st.sampled_from([*map(bytes.decode, OPERATORS), "a", "bc", "1", "0x1f", "'s'", '"t"', "b'u'", "if", "not"])


@settings(deadline=None)
@given(st.lists(_WORD, min_size=1, max_size=20))
def test_words_with_spaces_between_are_what_the_reference_finds(words: list[str]) -> None:
    source = " ".join(words)
    try:
        theirs = [
            token.string
            for token in tokenize.generate_tokens(io.StringIO("(" + source + ")\n").readline)
            if token.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER)
        ]
    except (tokenize.TokenError, SyntaxError, IndentationError):
        theirs = []
    ours = [kind for kind, _ in tokens("(" + source + ")") if kind not in (T.NEWLINE, T.END, T.STRING, T.BYTES)]
    if theirs:
        assert len(ours) == len(theirs)


@settings(deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["4.8.1", "5.0.0"]))
def test_any_bytes_end_in_an_end_and_leave_nothing_behind(source: bytes, release: str) -> None:
    vm = machine(release)
    lexer = text_lexer(vm, source.replace(b"\\N", b"N"))
    for _ in range(2000):
        if lexer.kind is Tok.END:
            break
        lexer.next()
    else:
        raise AssertionError("no end")
    lexer.free()
    assert vm.memory.heap.used == 0


@settings(deadline=None)
@given(st.text(alphabet="f'\"{}a:=!r\n\\() ", max_size=30), st.sampled_from(["4.8.1", "5.0.0"]))
def test_any_f_string_ends(source: str, release: str) -> None:
    assert kinds(source, release)[-1] is T.END
