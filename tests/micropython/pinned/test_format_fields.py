"""str.format and the language of its fields (py/objstr.c, py/mpprint.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestFields(Pinned):
    """Which argument, its attributes and items, its conversion."""

    setup = "class C:\n    x = 5\n    y = {'k': [1, 2]}\nc = C()\n"
    cases = r"""
''.format(), 'a'.format(), '{{}}'.format(), '{{{}}}'.format(1), '}}{{'.format() ==> ('', 'a', '{}', '{1}', '}{')
'{}'.format(1) ==> '1'
'{}'.format('a') ==> 'a'
'{}'.format(None) ==> 'None'
'{}'.format(1.5) ==> '1.5'
'{}'.format([1, 'a']) ==> "[1, 'a']"
'{}'.format((1,)) ==> '(1,)'
'{}'.format({}) ==> '{}'
'{}'.format(b'a') ==> "b'a'"
'{}'.format(True) ==> 'True'
'{}'.format(C is C) ==> 'True'
'{} {}'.format(1, 2) ==> '1 2'
'{1} {0} {1}'.format('a', 'b') ==> 'b a b'
'{a} {b}'.format(a=1, b='x') ==> '1 x'
'{} {a}'.format(1, a=2) ==> '1 2'
'{a} {}'.format(1, a=2) ==> '2 1'
'{}'.format() ==> ! IndexError: tuple index out of range
'{} {}'.format(1) ==> ! IndexError: tuple index out of range
'{1}'.format(1) ==> ! IndexError: tuple index out of range
'{a}'.format(1) ==> ! KeyError: a
'{a}'.format() ==> ! KeyError: a
'{0} {}'.format(1, 2) ==> ! ValueError: can't switch from manual field specification to automatic field numbering
'{} {0}'.format(1, 2) ==> ! ValueError: can't switch from automatic field numbering to manual field specification
'{0.x}'.format(c) ==> ! NotImplementedError: attributes not supported
'{.x}'.format(c) ==> ! KeyError:
'{0[0]}'.format([5]) ==> ! NotImplementedError: attributes not supported
'{a.x}'.format(a=c) ==> ! NotImplementedError: attributes not supported
'{c[k]}'.format(c={'k': 1}) ==> ! NotImplementedError: attributes not supported
'{-1}'.format(1) ==> ! KeyError: -1
'{ }'.format(1) ==> ! KeyError:
'{0 }'.format(1) ==> ! NotImplementedError: attributes not supported
'{!r} {!s}'.format('a', 'b') ==> "'a' b"
'{0!r}'.format("a'b") ==> '"a\'b"'
'{!a}'.format(1) ==> ! ValueError: unknown conversion specifier a
'{!}'.format(1) ==> ! ValueError: unknown conversion specifier }
'{!r'.format(1) ==> ! ValueError: unmatched '{' in format
'{!rx}'.format(1) ==> ! ValueError: expected ':' after format specifier
'{!r:>5}'.format('a') ==> "  'a'"
'{'.format(1) ==> ! ValueError: unmatched '{' in format
'}'.format(1) ==> ! ValueError: single '}' encountered in format string
'{}}'.format(1) ==> ! ValueError: single '}' encountered in format string
'{{}'.format(1) ==> ! ValueError: single '}' encountered in format string
'{0'.format(1) ==> ! ValueError: unmatched '{' in format
'{:'.format(1) ==> ! ValueError: unmatched '{' in format
'{:5'.format(1) ==> ! ValueError: unmatched '{' in format
'{a'.format(a=1) ==> ! ValueError: unmatched '{' in format
'a{}b{}c'.format(1, 2) ==> 'a1b2c'
'{}{}'.format('ñ', '€') ==> '\xf1\u20ac'
'{:{}}'.format('a', 5) ==> 'a    '
'{:{}.{}}'.format('abcdef', 8, 3) ==> 'abc     '
'{:{w}}'.format('a', w=4) ==> 'a   '
'{0:{1}}'.format('a', 4) ==> 'a   '
'{:{}'.format(1, 2) ==> ! ValueError: unmatched '{' in format
'{:>{}}'.format(5, '06') if False else 0 ==> 0
str.format('{}', 1) ==> '1'
'{}'.format(*[1, 2]), '{a}'.format(**{'a': 1}) ==> ('1', '1')
b'{}'.format(1) ==> b'1'
"""


class TestIntegers(Pinned):
    """Types, signs, fills, widths, prefixes, groups."""

    setup = "B = 10 ** 20\n"
    cases = r"""
'{:d}'.format(65) ==> '65'
'{:d}'.format(-10) ==> '-10'
'{:d}'.format(0) ==> '0'
'{:b}'.format(65) ==> '1000001'
'{:b}'.format(-10) ==> '-1010'
'{:b}'.format(0) ==> '0'
'{:o}'.format(65) ==> '101'
'{:o}'.format(-10) ==> '-12'
'{:o}'.format(0) ==> '0'
'{:x}'.format(65) ==> '41'
'{:x}'.format(-10) ==> '-a'
'{:x}'.format(0) ==> '0'
'{:X}'.format(65) ==> '41'
'{:X}'.format(-10) ==> '-A'
'{:X}'.format(0) ==> '0'
'{:c}'.format(65) ==> 'A'
'{:c}'.format(-10) ==> '\x06'
'{:c}'.format(0) ==> '\x00'
'{:n}'.format(65) ==> '65'
'{:n}'.format(-10) ==> '-10'
'{:n}'.format(0) ==> '0'
'{:}'.format(65) ==> '65'
'{:}'.format(-10) ==> '-10'
'{:}'.format(0) ==> '0'
'{:#b}'.format(5) ==> '0b101'
'{:#b}'.format(-255) ==> '-0b11111111'
'{:#b}'.format(0) ==> '0b0'
'{:#o}'.format(5) ==> '0o5'
'{:#o}'.format(-255) ==> '-0o377'
'{:#o}'.format(0) ==> '0o0'
'{:#x}'.format(5) ==> '0x5'
'{:#x}'.format(-255) ==> '-0xff'
'{:#x}'.format(0) ==> '0x0'
'{:#X}'.format(5) ==> '0X5'
'{:#X}'.format(-255) ==> '-0XFF'
'{:#X}'.format(0) ==> '0X0'
'{:#d}'.format(5) ==> '5'
'{:#d}'.format(-255) ==> '-255'
'{:#d}'.format(0) ==> '0'
'{:5}'.format(42) ==> '   42'
'{:5}'.format(-42) ==> '  -42'
'{:05}'.format(42) ==> '00042'
'{:05}'.format(-42) ==> '-0042'
'{:<5}'.format(42) ==> '42   '
'{:<5}'.format(-42) ==> '-42  '
'{:>5}'.format(42) ==> '   42'
'{:>5}'.format(-42) ==> '  -42'
'{:^5}'.format(42) ==> ' 42  '
'{:^5}'.format(-42) ==> ' -42 '
'{:=5}'.format(42) ==> '   42'
'{:=5}'.format(-42) ==> '-  42'
'{:*<5}'.format(42) ==> '42***'
'{:*<5}'.format(-42) ==> '-42**'
'{:*>5}'.format(42) ==> '***42'
'{:*>5}'.format(-42) ==> '**-42'
'{:*^6}'.format(42) ==> '**42**'
'{:*^6}'.format(-42) ==> '*-42**'
'{:*=5}'.format(42) ==> '***42'
'{:*=5}'.format(-42) ==> '-**42'
'{:+}'.format(42) ==> '+42'
'{:+}'.format(-42) ==> '-42'
'{:+5}'.format(42) ==> '  +42'
'{:+5}'.format(-42) ==> '  -42'
'{:-}'.format(42) ==> '42'
'{:-}'.format(-42) ==> '-42'
'{: }'.format(42) ==> ' 42'
'{: }'.format(-42) ==> '-42'
'{: 5}'.format(42) ==> '   42'
'{: 5}'.format(-42) ==> '  -42'
'{:+05}'.format(42) ==> '+0042'
'{:+05}'.format(-42) ==> '-0042'
'{:1}'.format(42) ==> '42'
'{:1}'.format(-42) ==> '-42'
'{:0}'.format(42) ==> '42'
'{:0}'.format(-42) ==> '-42'
'{:+d}'.format(0) ==> '+0'
'{:-d}'.format(0) ==> '0'
'{: d}'.format(0) ==> ' 0'
'{:,}'.format(1234567) ==> '1,234,567'
'{:,d}'.format(1234567) ==> '1,234,567'
'{:10,}'.format(1234567) ==> ' 1,234,567'
'{:+,}'.format(1234567) ==> '+1,234,567'
'{:_}'.format(1234567) ==> '1_234_567'
'{:_d}'.format(1234567) ==> '1_234_567'
'{:,x}'.format(1234567) ==> '12,d687'
'{:,}'.format(0) ==> '0'
'{:,}'.format(999) ==> '999'
'{:,}'.format(1000) ==> '1,000'
'{:,}'.format(-1000) ==> '-1,000'
'{:,}'.format(-999999) ==> '-999,999'
'{:,}'.format(10 ** 9) ==> '1,000,000,000'
'{:,}'.format(10 ** 20) ==> '100,000,000,000,000,000,000'
'{:#06x}'.format(10) ==> '0x000a'
'{:#6x}'.format(10) ==> '   0xa'
'{:<#6x}'.format(10) ==> '0xa   '
'{:^#6x}'.format(10) ==> ' 0xa  '
'{:#b}'.format(10) ==> '0b1010'
'{:#o}'.format(10) ==> '0o12'
'{:08b}'.format(10) ==> '00001010'
'{:+x}'.format(10) ==> '+a'
'{:#+x}'.format(10) ==> ! ValueError: invalid format specifier
'{:= 6}'.format(10) ==> '    10'
'{:=+6}'.format(10) ==> '+   10'
'{:0=6}'.format(10) ==> '000010'
'{:06d}'.format(10) ==> '000010'
'{:6d}'.format(10) ==> '    10'
'{:d}'.format(B) ==> '100000000000000000000'
'{:x}'.format(B) ==> '56bc75e2d63100000'
'{:b}'.format(B) ==> '1010110101111000111010111100010110101100011000100000000000000000000'
'{:20}'.format(B) ==> '100000000000000000000'
'{:<30}'.format(B) ==> '100000000000000000000         '
'{:+}'.format(B) ==> '+100000000000000000000'
'{:,}'.format(B) ==> '100,000,000,000,000,000,000'
'{:e}'.format(B) ==> '1.000000e+20'
'{:.2}'.format(5) ==> '5'
'{:.2d}'.format(5) ==> '5'
'{:s}'.format(5) ==> ! ValueError: unknown format code 's' for object of type 'int'
'{:5s}'.format(5) ==> ! ValueError: unknown format code 's' for object of type 'int'
'{:q}'.format(5) ==> ! ValueError: invalid format specifier
'{:y}'.format(5) ==> ! ValueError: invalid format specifier
'{:z}'.format(5) ==> ! ValueError: invalid format specifier
'{:%}'.format(5) ==> '500.000000%'
'{:5.1}'.format(5) ==> '    5'
'{:d}'.format('a') ==> ! ValueError: unknown format code 'd' for object of type 'str'
'{:d}'.format(None) ==> ! ValueError: unknown format code 'd' for object of type 'NoneType'
'{:d}'.format(1.5) ==> ! ValueError: unknown format code 'd' for object of type 'float'
'{:d}'.format(1.0) ==> ! ValueError: unknown format code 'd' for object of type 'float'
'{:d}'.format(True) ==> '1'
'{:d}'.format([]) ==> ! ValueError: unknown format code 'd' for object of type 'list'
'{:x}'.format('a') ==> ! ValueError: unknown format code 'x' for object of type 'str'
'{:x}'.format(True) ==> '1'
'{:x}'.format(1.0) ==> ! ValueError: unknown format code 'x' for object of type 'float'
'{:c}'.format(97) ==> 'a'
'{:c}'.format('a') ==> ! ValueError: unknown format code 'c' for object of type 'str'
'{:c}'.format('ab') ==> ! ValueError: unknown format code 'c' for object of type 'str'
'{:c}'.format(0xf1) ==> '\x01'
'{:c}'.format(-1) ==> '\x00'
'{:c}'.format(300) ==> ','
'{:5c}|{:<5c}|{:^5c}'.format(97, 98, 99) ==> '    a|b    |  c  '
'{:5}'.format(True) ==> '    1'
'{:05}'.format(True) ==> '00001'
'{:<5}'.format(True) ==> '1    '
'{:}'.format(True) ==> 'True'
'{:d}{:x}'.format(True, False) ==> '10'
'{:1000d}'.format(1)[:3], len('{:1000d}'.format(1)) ==> ('   ', 1000)
'{:>+5}{:<+5}{:^+5}'.format(1, 2, 3) ==> '   +1+2    +3  '
'{:ñ>4}'.format(1) ==> ! ValueError: invalid format specifier
'{:{>4}'.format(1) ==> ! ValueError: unmatched '{' in format
'{:}>4}'.format(1) ==> ! ValueError: single '}' encountered in format string
'{:>>4}'.format(1) ==> ! ValueError: invalid format specifier
'{:5 }'.format(1) ==> ! ValueError: invalid format specifier
'{: >5}'.format(1) ==> '    1'
'{:5>}'.format(1) ==> '1'
'{:05}'.format(-3) ==> '-0003'
'{:<05}'.format(-3) ==> '-3000'
'{:>05}'.format(-3) ==> '000-3'
'{:^05}'.format(-3) ==> '0-300'
'{:=-5}'.format(3) ==> '    3'
'{:-5}'.format(3) ==> '    3'
'{:x>#6x}'.format(255) ==> 'xx0xff'
'{:.}'.format(1) ==> '1'
'{:..}'.format(1) ==> ! ValueError: invalid format specifier
'{:.a}'.format(1) ==> ! ValueError: invalid format specifier
'{:5,d}'.format(12345), '{:9,}'.format(12345), '{:09,}'.format(12345) ==> ('12,345', '   12,345', '00012,345')
"""


class TestTexts(Pinned):
    """Alignment, width and precision of texts; of other objects only their text."""

    setup = "class C:\n    def __str__(self):\n        return 'see'\n    def __repr__(self):\n        return 'rep'\n"
    cases = r"""
'{:5}'.format('abc') ==> 'abc  '
'{:<5}'.format('abc') ==> 'abc  '
'{:>5}'.format('abc') ==> '  abc'
'{:^5}'.format('abc') ==> ' abc '
'{:^4}'.format('abc') ==> 'abc '
'{:*^5}'.format('abc') ==> '*abc*'
'{:1}'.format('abc') ==> 'abc'
'{:0}'.format('abc') ==> 'abc'
'{:.2}'.format('abc') ==> 'ab'
'{:5.2}'.format('abc') ==> 'ab   '
'{:<5.2}'.format('abc') ==> 'ab   '
'{:>5.2}'.format('abc') ==> '   ab'
'{:^6.1}'.format('abc') ==> '  a   '
'{:.0}'.format('abc') ==> ''
'{:.9}'.format('abc') ==> 'abc'
'{:s}'.format('abc') ==> 'abc'
'{:5s}'.format('abc') ==> 'abc  '
'{:.1s}'.format('abc') ==> 'a'
'{:}'.format('abc') ==> 'abc'
'{:=5}'.format('abc') ==> ! ValueError: '=' alignment not allowed in string format specifier
'{:+}'.format('abc') ==> 'abc'
'{:-}'.format('abc') ==> 'abc'
'{: }'.format('abc') ==> 'abc'
'{:d}'.format('abc') ==> ! ValueError: unknown format code 'd' for object of type 'str'
'{:x}'.format('abc') ==> ! ValueError: unknown format code 'x' for object of type 'str'
'{:e}'.format('abc') ==> ! ValueError: unknown format code 'e' for object of type 'str'
'{:c}'.format('abc') ==> ! ValueError: unknown format code 'c' for object of type 'str'
'{:q}'.format('abc') ==> ! ValueError: invalid format specifier
'{:,}'.format('abc') ==> 'abc'
'{:#}'.format('abc') ==> 'abc'
'{:05}'.format('abc') ==> 'abc00'
'{:5}'.format('ñ€') ==> '\xf1\u20ac'
'{:>5}'.format('ñ€') ==> '\xf1\u20ac'
'{:^5}'.format('ñ€') ==> '\xf1\u20ac'
'{:.1}'.format('ñ€') ==> '\x03'
'{:3.1}'.format('ñ€') ==> '\x03  '
'{:5}'.format('') ==> '     '
'{:>5}'.format('') ==> '     '
'{:.2}'.format('') ==> ''
'{:5}'.format(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'{:>6}'.format(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'{:.2}'.format(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'{:d}'.format(None) ==> ! ValueError: unknown format code 'd' for object of type 'NoneType'
'{:x}'.format(None) ==> ! ValueError: unknown format code 'x' for object of type 'NoneType'
'{:f}'.format(None) ==> ! ValueError: unknown format code 'f' for object of type 'NoneType'
'{:10}'.format([1, 2]) ==> ! TypeError: can't convert 'list' object to str implicitly
'{:>10}'.format([1, 2]) ==> ! TypeError: can't convert 'list' object to str implicitly
'{:.3}'.format([1, 2]) ==> ! TypeError: can't convert 'list' object to str implicitly
'{:d}'.format([1, 2]) ==> ! ValueError: unknown format code 'd' for object of type 'list'
'{:5}|{:>5}'.format((1,), {}) ==> ! TypeError: can't convert 'tuple' object to str implicitly
'{} {!r} {!s}'.format(C(), C(), C()) ==> 'see rep see'
'{:5}|{:>5}|{:.1}'.format(C(), C(), C()) ==> ! TypeError: can't convert 'C' object to str implicitly
'{!r:7}|'.format(C()) ==> 'rep    |'
'{:d}'.format(C()) ==> ! ValueError: unknown format code 'd' for object of type 'C'
'{:5}|'.format(b'a') ==> 'a    |'
'{:}'.format('a'), '{0:}'.format('a'), '{!s:}'.format(1) ==> ('a', 'a', '1')
"""
