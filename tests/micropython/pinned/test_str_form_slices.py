"""Letters of a str: stripping, case, width, concatenation, items, slices, order, representation (py/objstr.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestSlices(Pinned):
    """Slices of a str have no steps but 1."""

    setup = "s = 'abcdef'\nu = 'añ€𝄞z'"
    cases = r"""
s[:] ==> 'abcdef'
s1:] ==> ! SyntaxError: invalid syntax
s:2] ==> ! SyntaxError: invalid syntax
s1:3] ==> ! SyntaxError: invalid syntax
s-2:] ==> ! SyntaxError: invalid syntax
s:-2] ==> ! SyntaxError: invalid syntax
s-3:-1] ==> ! SyntaxError: invalid syntax
s3:1] ==> ! SyntaxError: invalid syntax
s6:] ==> ! SyntaxError: invalid syntax
s7:] ==> ! SyntaxError: invalid syntax
s:100] ==> ! SyntaxError: invalid syntax
s-100:] ==> ! SyntaxError: invalid syntax
s:-100] ==> ! SyntaxError: invalid syntax
s0:0] ==> ! SyntaxError: invalid syntax
s2:2] ==> ! SyntaxError: invalid syntax
s[::] ==> 'abcdef'
s::1] ==> ! SyntaxError: invalid syntax
s1:5:1] ==> ! SyntaxError: invalid syntax
s::None] ==> ! SyntaxError: invalid syntax
s[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
s::-1] ==> ! SyntaxError: invalid syntax
s1:5:2] ==> ! SyntaxError: invalid syntax
s[None:None] ==> 'abcdef'
s['a':] ==> ! TypeError: string indices must be integers, not str
s:1.0] ==> ! SyntaxError: invalid syntax
sNone:2] ==> ! SyntaxError: invalid syntax
sTrue:] ==> ! SyntaxError: invalid syntax
s[1 << 40:] ==> ! OverflowError: overflow converting long int to machine word
s[:1 << 40] ==> ! OverflowError: overflow converting long int to machine word
s[-(1 << 40):2] ==> ! OverflowError: overflow converting long int to machine word
u[:] ==> 'a\xf1\u20ac\U0001d11ez'
u1:] ==> ! SyntaxError: invalid syntax
u:2] ==> ! SyntaxError: invalid syntax
u1:3] ==> ! SyntaxError: invalid syntax
u-2:] ==> ! SyntaxError: invalid syntax
u:-2] ==> ! SyntaxError: invalid syntax
u2:4] ==> ! SyntaxError: invalid syntax
u-4:-1] ==> ! SyntaxError: invalid syntax
u4:] ==> ! SyntaxError: invalid syntax
u5:] ==> ! SyntaxError: invalid syntax
u:0] ==> ! SyntaxError: invalid syntax
u[::-1] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
''[:] ==> ''
''[1:] ==> ''
s[1:3][0:1] ==> 'b'
s[slice(1, 3)] ==> ! TypeError: can't create 'slice' instances
"""


class TestOrder(Pinned):
    """Texts are ordered by their bytes; other types are never equal."""

    cases = r"""
'a' < 'b' ==> True
'a' < 'a' ==> False
'a' < 'aa' ==> True
'a' < '' ==> False
'a' < 'B' ==> False
'a' < 'ñ' ==> True
'abc' <= 'abc' ==> True
'abc' <= 'abd' ==> True
'abc' <= 'ab' ==> False
'abc' <= 'abcd' ==> True
'abc' > 'ab' ==> True
'abc' > 'abd' ==> False
'abc' > '' ==> True
'ñ' >= 'z' ==> True
'ñ' >= 'ñ' ==> True
'ñ' >= '€' ==> False
'a' < 1] ==> ! SyntaxError: invalid syntax
'a' < None] ==> ! SyntaxError: invalid syntax
'a' < b'a'] ==> ! SyntaxError: invalid syntax
'a' < ['a'] ==> ! TypeError: unsupported types for __lt__: 'str', 'list'
1 < 'a' ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
'a' == 'a' ==> True
'a' == b'a' ==> False
'a' == 97 ==> False
'a' == None ==> False
'a' == ('a',) ==> False
'a' != 'a' ==> False
'a' != 'b' ==> True
'a' != b'a' ==> True
'a' != 1 ==> True
'' == '' ==> True
'a' * 20 == 'a' * 19 + 'a' ==> True
'abc' is 'abc' ==> True
'x' in {'x': 1} ==> True
hash('') == hash('') ==> True
"""


class TestShown(Pinned):
    """Representation: which quotes, what is escaped; what texts mean in source."""

    cases = r"""
'' ==> ''
'a' ==> 'a'
"it's" ==> "it's"
'"' ==> '"'
'\'"' ==> '\'"'
'\\' ==> '\\'
'\n\r\t' ==> '\n\r\t'
'\x00\x01\x1f\x7f' ==> '\x00\x01\x1f\x7f'
'\x80\xff' ==> '\x80\xff'
'ñ€𝄞' ==> '\xf1\u20ac\U0001d11e'
'\x1b' ==> '\x1b'
'\a\b\f\v' ==> '\x07\x08\x0c\x0b'
str('a') ==> 'a'
str(1) ==> '1'
str(None) ==> 'None'
str(1.5) ==> '1.5'
str([1, 'a']) ==> "[1, 'a']"
str(('a',)) ==> "('a',)"
str({'a': 1}) ==> "{'a': 1}"
str(b'a') ==> "b'a'"
str(True) ==> 'True'
str() ==> ''
str('') ==> ''
str(b'a\xc3\xb1', 'utf8') ==> 'a\xf1'
str(b'a\xc3\xb1', 'utf-8') ==> 'a\xf1'
str(b'a\xc3\xb1', 'ascii') ==> 'a\xf1'
str(b'a\xc3\xb1', 'utf-8', 'strict') ==> 'a\xf1'
str(b'', 'utf8') ==> ''
str(bytearray(b'ab'), 'utf8') ==> 'ab'
str(memoryview(b'ab'), 'utf8') ==> 'ab'
str(b'\xff', 'utf8') ==> ! UnicodeError:
str(b'\xc3', 'utf8') ==> ! UnicodeError:
str(b'a\x80', 'utf8') ==> ! UnicodeError:
str(b'\xed\xa0\x80', 'utf8') ==> '\ud800'
str(b'\xf0\x9d\x84\x9e', 'utf8') ==> '\U0001d11e'
str('a', 'utf8') ==> 'a'
str(1, 'utf8') ==> ! TypeError: object with buffer protocol required
str([97], 'utf8') ==> ! TypeError: object with buffer protocol required
str('a', 'b', 'c', 'd') ==> ! TypeError: function expected at most 3 arguments, got 4
repr('a') ==> "'a'"
repr("'") ==> '"\'"'
repr('\n') ==> "'\\n'"
repr([]) ==> '[]'
repr({}) ==> '{}'
repr(set()) ==> 'set()'
'\101\7\x41\u0041\U00000041\N' ==> ! NotImplementedError: unicode name escapes
'\q\ \8' ==> '\\q\\ \\8'
'\400' ==> '\u0100'
'\777' ==> '\u01ff'
print('a', 'b', sep='-', end='!\n') ==> a-b!
print('a\tb', 'c') ==> a	b c
'a\¶b' ==> 'ab'
'''a¶b''' ==> 'a\nb'
[chr(i) for i in (0, 9, 65, 127, 128, 255)] ==> ['\x00', '\t', 'A', '\x7f', '\x80', '\xff']
[chr(i) for i in (0x7ff, 0x800, 0xffff, 0x10000)] ==> ['\u07ff', '\u0800', '\uffff', '\U00010000']
u'a' ==> 'a'
'a' if '' else 'b' ==> 'b'
"".join(['%c' % c for c in (65, 'b', 0xf1)]) ==> 'Ab\x01'
"%r %s" % ("a'b", "a'b") ==> '"a\'b" a\'b'
'abc'.encode() ==> b'abc'
'ñ€'.encode() ==> b'\xc3\xb1\xe2\x82\xac'
'ñ'.encode('utf8') ==> b'\xc3\xb1'
'ñ'.encode('ascii') ==> b'\xc3\xb1'
'ñ'.encode(1) ==> b'\xc3\xb1'
'a'.encode('utf8', 'strict') ==> b'a'
dir('')[:4] ==> ['__class__', 'count', 'endswith', 'find']
'abc'.nothing ==> ! AttributeError: 'str' object has no attribute 'nothing'
'abc'.x = 1 ==> ! AttributeError: 'str' object has no attribute 'x'
str.upper('abc') ==> 'ABC'
str.upper(1) ==> ! TypeError: argument should be a 'str' not a 'int'
str.join('-', ['a', 'b']) ==> 'a-b'
isinstance('', (int, str)) ==> True
'a'() ==> ! TypeError: 'str' object isn't callable
"""
