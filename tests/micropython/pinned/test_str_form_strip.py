"""Letters of a str: stripping, case, width, concatenation, items, slices, order, representation (py/objstr.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestStrip(Pinned):
    """Of white space without an argument; characters of a set with one."""

    cases = r"""
''.strip() ==> ''
' '.strip() ==> ''
'a'.strip() ==> 'a'
' a '.strip() ==> 'a'
'\t\n\r\x0b\x0ca b\n'.strip() ==> 'a b'
'\x00 a'.strip() ==> '\x00 a'
'\xa0a'.strip() ==> '\xa0a'
' ñ '.strip() ==> '\xf1'
''.lstrip() ==> ''
' '.lstrip() ==> ''
' a b '.lstrip() ==> 'a b '
'\n\ta'.lstrip() ==> 'a'
''.rstrip() ==> ''
' '.rstrip() ==> ''
' a b '.rstrip() ==> ' a b'
'abcba'.strip('a') ==> 'bcb'
'abcba'.strip('ab') ==> 'c'
'abcba'.strip('abc') ==> ''
'abcba'.strip('c') ==> 'abcba'
'abcba'.strip('') ==> 'abcba'
'abcba'.strip(' ') ==> 'abcba'
'abcba'.strip('ba') ==> 'c'
'abcba'.strip('xyz') ==> 'abcba'
'abcba'.lstrip('a') ==> 'bcba'
'abcba'.lstrip('ab') ==> 'cba'
'abcba'.lstrip('abc') ==> ''
'abcba'.lstrip('c') ==> 'abcba'
'abcba'.lstrip('') ==> 'abcba'
'abcba'.rstrip('a') ==> 'abcb'
'abcba'.rstrip('ab') ==> 'abc'
'abcba'.rstrip('abc') ==> ''
'abcba'.rstrip('c') ==> 'abcba'
'abcba'.rstrip('') ==> 'abcba'
'abc'.strip(None]) ==> ! SyntaxError: invalid syntax
'abc'.strip(1]) ==> ! SyntaxError: invalid syntax
'abc'.strip(b'a']) ==> ! SyntaxError: invalid syntax
'abc'.strip(['a']) ==> ! TypeError: can't convert 'list' object to str implicitly
'abc'.lstrip(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'abc'.lstrip(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'ab'.strip('a', 'b') ==> ! TypeError: function expected at most 2 arguments, got 3
'ñaañ'.strip('ñ') ==> 'aa'
'ñaañ'.strip('a') ==> '\xf1aa\xf1'
'ñaañ'.strip('ña') ==> ''
'ñaañ'.lstrip('ñ') ==> 'aa\xf1'
'ãña'.lstrip('ñ') ==> ! UnicodeError:
'xx'.strip('x') ==> ''
'xx'.lstrip('xx') ==> ''
"""


class TestCase(Pinned):
    """Only the letters of ASCII have a case."""

    cases = r"""
''.upper() ==> ''
'a'.upper() ==> 'A'
'aBc 1_z'.upper() ==> 'ABC 1_Z'
'ñÑß'.upper() ==> '\xf1\xd1\xdf'
'ZzAa@[`{'.upper() ==> 'ZZAA@[`{'
''.lower() ==> ''
'A'.lower() ==> 'a'
'aBc 1_z'.lower() ==> 'abc 1_z'
'ñÑß'.lower() ==> '\xf1\xd1\xdf'
'ZzAa@[`{'.lower() ==> 'zzaa@[`{'
''.isalpha() ==> False
'a'.isalpha() ==> True
'ab'.isalpha() ==> True
'a1'.isalpha() ==> False
'a b'.isalpha() ==> False
'Az'.isalpha() ==> True
'ñ'.isalpha() ==> False
'1'.isalpha() ==> False
'_'.isalpha() ==> False
''.isdigit() ==> False
'1'.isdigit() ==> True
'12'.isdigit() ==> True
'1a'.isdigit() ==> False
'-1'.isdigit() ==> False
'1.0'.isdigit() ==> False
'٣'.isdigit() ==> False
' 1'.isdigit() ==> False
''.isspace() ==> False
' '.isspace() ==> True
'\t\n\r\x0b\x0c'.isspace() ==> True
'a '.isspace() ==> False
'\xa0'.isspace() ==> False
'\x1c'.isspace() ==> False
''.isupper() ==> False
'A'.isupper() ==> True
'AB'.isupper() ==> True
'A1'.isupper() ==> True
'1'.isupper() ==> False
'aB'.isupper() ==> False
'Ñ'.isupper() ==> False
'A b'.isupper() ==> False
'A B'.isupper() ==> True
''.islower() ==> False
'a'.islower() ==> True
'ab'.islower() ==> True
'a1'.islower() ==> True
'1'.islower() ==> False
'aB'.islower() ==> False
'ñ'.islower() ==> False
'a B'.islower() ==> False
'a b'.islower() ==> True
'abc'.capitalize() ==> ! AttributeError: 'str' object has no attribute 'capitalize'
'abc'.title() ==> ! AttributeError: 'str' object has no attribute 'title'
'abc'.swapcase() ==> ! AttributeError: 'str' object has no attribute 'swapcase'
'abc'.isalnum() ==> ! AttributeError: 'str' object has no attribute 'isalnum'
'abc'.casefold() ==> ! AttributeError: 'str' object has no attribute 'casefold'
'abc'.zfill() ==> ! AttributeError: 'str' object has no attribute 'zfill'
'abc'.ljust() ==> ! AttributeError: 'str' object has no attribute 'ljust'
'abc'.expandtabs() ==> ! AttributeError: 'str' object has no attribute 'expandtabs'
'abc'.translate() ==> ! AttributeError: 'str' object has no attribute 'translate'
'abc'.isdecimal() ==> ! AttributeError: 'str' object has no attribute 'isdecimal'
'abc'.isidentifier() ==> ! AttributeError: 'str' object has no attribute 'isidentifier'
"""


class TestWidth(Pinned):
    """``center``, the only one that fills up."""

    cases = r"""
'ab'.center(0) ==> 'ab'
'ab'.center(1) ==> 'ab'
'ab'.center(2) ==> 'ab'
'ab'.center(3) ==> 'ab '
'ab'.center(4) ==> ' ab '
'ab'.center(5) ==> ' ab  '
'ab'.center(6) ==> '  ab  '
'ab'.center(9) ==> '   ab    '
''.center(0) ==> ''
''.center(1) ==> ' '
''.center(3) ==> '   '
'abc'.center(4) ==> 'abc '
'abc'.center(5) ==> ' abc '
'abc'.center(6) ==> ' abc  '
'abc'.center(7) ==> '  abc  '
'ab'.center('a') ==> ! TypeError: can't convert str to int
'ab'.center(None) ==> ! TypeError: can't convert NoneType to int
'ab'.center(2.0) ==> ! TypeError: can't convert float to int
'ab'.center(True) ==> 'ab'
'ab'.center(1 << 40) ==> ! OverflowError: overflow converting long int to machine word
'ab'.center() ==> ! TypeError: function takes 2 positional arguments but 1 were given
'ab'.center(5, 'x') ==> ! TypeError: function takes 2 positional arguments but 3 were given
len('ñ'.center(4)) ==> 3
"""


class TestPlus(Pinned):
    """``+`` and ``*``."""

    cases = r"""
'a' + 'b' ==> 'ab'
'a' + '' ==> 'a'
'a' + b'b' ==> ! TypeError: unsupported types for __add__: 'str', 'bytes'
'a' + 1 ==> ! TypeError: unsupported types for __add__: 'str', 'int'
'a' + None ==> ! TypeError: unsupported types for __add__: 'str', 'NoneType'
'a' + ['b'] ==> ! TypeError: unsupported types for __add__: 'str', 'list'
'a' + 1.5 ==> ! TypeError: unsupported types for __add__: 'str', 'float'
'' + 'a' ==> 'a'
1] + 'a' ==> ! SyntaxError: invalid syntax
None] + 'a' ==> ! SyntaxError: invalid syntax
b'a'] + 'a' ==> ! SyntaxError: invalid syntax
[] + 'a' ==> ! TypeError: unsupported types for __add__: 'list', 'str'
'ab' * 0 ==> ''
'ab' * 1 ==> 'ab'
'ab' * 3 ==> 'ababab'
'ab' * -1 ==> ''
'ab' * True ==> 'ab'
'ab' * False ==> ''
0 * 'ab' ==> ''
2 * 'ab' ==> 'abab'
-1 * 'ab' ==> ''
'' * 100 ==> ''
'ab' * 1.0 ==> ! TypeError: unsupported types for __mul__: 'str', 'float'
'ab' * 'a' ==> ! TypeError: unsupported types for __mul__: 'str', 'str'
'ab' * None ==> ! TypeError: unsupported types for __mul__: 'str', 'NoneType'
'ab' * 1 << 40 ==> ! TypeError: unsupported types for __lshift__: 'str', 'int'
'ab' * -(1 << 40) ==> ! OverflowError: overflow converting long int to machine word
'ab' * 1000000000 ==> ! MemoryError: memory allocation failed, allocating 2000000001 bytes
'a' 'b' "c" ==> 'abc'
'a' - 'b' ==> ! TypeError: unsupported types for __sub__: 'str', 'str'
'a' / 'b' ==> ! TypeError: unsupported types for __truediv__: 'str', 'str'
'a' & 'b' ==> ! TypeError: unsupported types for __and__: 'str', 'str'
-'a' ==> ! TypeError: unsupported type for __neg__: 'str'
+'a' ==> ! TypeError: unsupported type for __pos__: 'str'
~'a' ==> ! TypeError: unsupported type for __invert__: 'str'
not 'a' ==> False
not '' ==> True
s = 'a'; s += 'b'; s += 'ñ'; print(s, len(s)) ==> abñ 3
s = 'ab'; s *= 3; print(s) ==> ababab
s = 'ab'; t = s; s += 'c'; print(s, t) ==> abc ab
"""


class TestItems(Pinned):
    """Characters by place."""

    setup = "s = 'abc'\nu = 'añ€𝄞z'"
    cases = r"""
s[0] ==> 'a'
s1] ==> ! SyntaxError: invalid syntax
s2] ==> ! SyntaxError: invalid syntax
s-1] ==> ! SyntaxError: invalid syntax
s-3] ==> ! SyntaxError: invalid syntax
sTrue] ==> ! SyntaxError: invalid syntax
s[3] ==> ! IndexError: string index out of range
s-4] ==> ! SyntaxError: invalid syntax
s1 << 40] ==> ! SyntaxError: invalid syntax
s-(1 << 40)] ==> ! SyntaxError: invalid syntax
s[1.0] ==> ! TypeError: string indices must be integers, not float
s'a'] ==> ! SyntaxError: invalid syntax
sNone] ==> ! SyntaxError: invalid syntax
s(1,)] ==> ! SyntaxError: invalid syntax
u[0] ==> 'a'
u1] ==> ! SyntaxError: invalid syntax
u2] ==> ! SyntaxError: invalid syntax
u3] ==> ! SyntaxError: invalid syntax
u4] ==> ! SyntaxError: invalid syntax
u-1] ==> ! SyntaxError: invalid syntax
u-2] ==> ! SyntaxError: invalid syntax
u-4] ==> ! SyntaxError: invalid syntax
u-5] ==> ! SyntaxError: invalid syntax
u5] ==> ! SyntaxError: invalid syntax
u-6] ==> ! SyntaxError: invalid syntax
''[0] ==> ! IndexError: string index out of range
s[0] = 'x' ==> ! TypeError: 'str' object doesn't support item assignment
del s[0] ==> ! TypeError: 'str' object doesn't support item deletion
[c for c in u] ==> ['a', '\xf1', '\u20ac', '\U0001d11e', 'z']
list('') ==> []
list(reversed(s)) ==> ['c', 'b', 'a']
iter(s) ==> <iterator>
tuple(u) ==> ('a', '\xf1', '\u20ac', '\U0001d11e', 'z')
sorted('hello') ==> ['e', 'h', 'l', 'l', 'o']
min('') ==> ! ValueError: arg is an empty sequence
[ord(c) for c in u] ==> [97, 241, 8364, 119070, 122]
ord('') ==> ! TypeError: ord() expected a character, but string of length 0 found
ord('ab') ==> ! TypeError: ord() expected a character, but string of length 2 found
ord(1) ==> ! TypeError: can't convert 'int' object to str implicitly
ord(b'a') ==> 97
ord(b'ab') ==> ! TypeError: ord() expected a character, but string of length 2 found
ord(b'') ==> ! TypeError: ord() expected a character, but string of length 0 found
ord(bytearray(b'x')) ==> ! TypeError: can't convert 'bytearray' object to str implicitly
chr(-1) ==> ! ValueError: chr() arg not in range(0x110000)
chr(0x110000) ==> ! ValueError: chr() arg not in range(0x110000)
chr(0x10ffff) ==> '\U0010ffff'
chr('a') ==> ! TypeError: can't convert str to int
chr(1.0) ==> ! TypeError: can't convert float to int
chr(True) ==> '\x01'
"""
