"""bytes (py/objstr.c with ``is_bytes``)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestMaking(Pinned):
    """From a count, from a text with an encoding, from numbers, from a buffer."""

    setup = "def g():\n    yield 1\n    yield 255\n"
    cases = r"""
bytes() ==> b''
bytes(0) ==> b''
bytes(3) ==> b'\x00\x00\x00'
bytes(True) ==> ! TypeError: 'bool' object isn't iterable
bytes(-1) ==> ! ValueError:
bytes(1.0) ==> ! TypeError: 'float' object isn't iterable
bytes(None) ==> ! TypeError: 'NoneType' object isn't iterable
bytes('ab') ==> ! TypeError: string argument without an encoding
bytes('a') ==> ! TypeError: string argument without an encoding
bytes(b'ab') ==> b'ab'
bytes(bytearray(b'ab')) ==> b'ab'
bytes(memoryview(b'ab')) ==> b'ab'
bytes([1, 2]) ==> b'\x01\x02'
bytes((65, 66)) ==> b'AB'
bytes(range(3)) ==> b'\x00\x01\x02'
bytes(g()) ==> b'\x01\xff'
bytes({1: 2}) ==> b'\x01'
bytes([]) ==> b''
bytes([256]) ==> ! ValueError: bytes value out of range
bytes([-1]) ==> ! ValueError: bytes value out of range
bytes(['a']) ==> ! TypeError: can't convert str to int
bytes([1.0]) ==> ! TypeError: can't convert float to int
bytes([[1]]) ==> ! TypeError: can't convert list to int
bytes('añ', 'utf8') ==> b'a\xc3\xb1'
bytes('añ', 'utf-8') ==> b'a\xc3\xb1'
bytes('añ', 'ascii') ==> b'a\xc3\xb1'
bytes('añ', None) ==> b'a\xc3\xb1'
bytes('añ', 1) ==> b'a\xc3\xb1'
bytes('a', 'utf8', 'strict') ==> b'a'
bytes('a', 'utf8', 'strict', 1) ==> ! TypeError: string argument without an encoding
bytes(b'a', 'utf8') ==> b'a'
bytes(1, 2) ==> ! TypeError: wrong number of arguments
bytes(x=1) ==> ! NotImplementedError: keyword argument(s) not implemented - use normal args instead
bytes.fromhex('') ==> b''
bytes.fromhex('00') ==> b'\x00'
bytes.fromhex('ff0A') ==> b'\xff\n'
bytes.fromhex('01 02') ==> b'\x01\x02'
bytes.fromhex(' 01') ==> b'\x01'
bytes.fromhex('0') ==> ! ValueError: non-hex digit
bytes.fromhex('0g') ==> ! ValueError: non-hex digit
bytes.fromhex('é') ==> ! ValueError: non-hex digit
bytes.fromhex('0 1') ==> ! ValueError: non-hex digit
bytes.fromhex(b'01') ==> b'\x01'
bytes.fromhex(1) ==> ! TypeError: object with buffer protocol required
b'a' b'b' ==> b'ab'
b'\x00\xff\101\n\'"' ==> b'\x00\xffA\n\'"'
rb'\n', br'\x' ==> (b'\\n', b'\\x')
b'é' ==>
b'\u0041\U00000041' ==> b'\\u0041\\U00000041'
exec("b'\\400'") ==> ! SyntaxError: invalid syntax
exec("b'a' 'b'") ==> ! SyntaxError: invalid syntax
"""


class TestSearch(Pinned):
    """As for str, with bytes as arguments; a number is one byte only for ``in``."""

    cases = r"""
b'abcabc'.find(b'a') ==> 0
b'abcabc'.find(b'c') ==> 2
b'abcabc'.find(b'') ==> 0
b'abcabc'.find(b'bc') ==> 1
b'abcabc'.find(b'x') ==> -1
b'abcabc'.find(bytearray(b'b')) ==> 1
b'abcabc'.find(b'c', 3) ==> 5
b'abcabc'.find(b'a', 1, 3) ==> -1
b'abcabc'.find(b'a', -3) ==> 3
b'abcabc'.find(97) ==> ! TypeError: can't convert 'int' object to str implicitly
b'abcabc'.find('a') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b'abcabc'.find(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
b'abcabc'.find(memoryview(b'a')) ==> ! TypeError: can't convert 'memoryview' object to str implicitly
b'abcabc'.rfind(b'a') ==> 3
b'abcabc'.rfind(b'') ==> 6
b'abcabc'.rfind(b'x') ==> -1
b'abcabc'.rfind(b'a', 0, 3) ==> 0
b'abcabc'.index(b'c') ==> 2
b'abcabc'.index(b'x') ==> ! ValueError: substring not found
b'abcabc'.index(97) ==> ! TypeError: can't convert 'int' object to str implicitly
b'abcabc'.rindex(b'c') ==> 5
b'abcabc'.rindex(b'x') ==> ! ValueError: substring not found
b'abcabc'.count(b'a') ==> 2
b'abcabc'.count(b'') ==> 7
b'abcabc'.count(b'bc') ==> 2
b'abcabc'.count(97) ==> ! TypeError: can't convert 'int' object to str implicitly
b'abcabc'.count('a') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b'abcabc'.count(b'a', 1) ==> 1
b'abc'.startswith(b'a') ==> True
b'abc'.startswith(b'') ==> True
b'abc'.startswith(b'b') ==> False
b'abc'.startswith(b'b', 1) ==> True
b'abc'.startswith((b'x', b'a')) ==> True
b'abc'.startswith('a') ==> True
b'abc'.startswith(97) ==> ! TypeError: can't convert 'int' object to str implicitly
b'abc'.endswith(b'c') ==> True
b'abc'.endswith(b'bc') ==> True
b'abc'.endswith(b'') ==> True
b'abc'.endswith('c') ==> True
b'abc'.endswith((b'c',)) ==> True
b'a' in b'abc' ==> True
97 in b'abc' ==> True
98 in b'abc' ==> True
b'bc' in b'abc' ==> True
b'' in b'abc' ==> True
b'x' in b'abc' ==> False
255 in b'abc' ==> False
0 in b'abc' ==> False
256 in b'abc' ==> False
-1 in b'abc' ==> False
'a' in b'abc' ==> True
None in b'abc' ==> False
1.0 in b'abc' ==> False
bytearray(b'a') in b'abc' ==> True
b'banana'.replace(b'a', b'o') ==> b'bonono'
b'banana'.replace(b'a', b'') ==> b'bnn'
b'banana'.replace(b'a', b'aa') ==> b'baanaanaa'
b'banana'.replace(b'an', b'x', 1) ==> b'bxana'
b'banana'.replace('a', b'b') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b' a b '.strip(), b' a b '.lstrip(), b' a b '.rstrip() ==> (b'a b', b'a b ', b' a b')
b'abcba'.strip(b'a') ==> b'bcb'
b'abcba'.strip(b'ab') ==> b'c'
b'abcba'.strip(b'') ==> b'abcba'
b'abcba'.strip('a') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b'abcba'.strip(97) ==> ! TypeError: can't convert 'int' object to str implicitly
b'a,b,,c'.split(b',') ==> [b'a', b'b', b'', b'c']
b'a,b,,c'.split(b',', 1) ==> [b'a', b'b,,c']
b'a,b,,c'.split(b',,') ==> [b'a,b', b'c']
b'a,b,,c'.split(b'') ==> ! ValueError: empty separator
b'a,b,,c'.split(',') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b' a  b '.split() ==> [b'a', b'b']
b' a  b '.split(None, 1) ==> [b'a', b'b ']
b'a,b,c'.rsplit(b',', 1) ==> [b'a,b', b'c']
b'a\nb\r\nc'.splitlines() ==> [b'a', b'b', b'c']
b'a\nb'.splitlines(True) ==> [b'a\n', b'b']
b'a.b.c'.partition(b'.') ==> (b'a', b'.', b'b.c')
b'a.b.c'.partition(b'x') ==> (b'a.b.c', b'', b'')
b'a.b.c'.partition(b'') ==> ! ValueError: empty separator
b'a.b.c'.partition('.') ==> ! TypeError: can't convert 'str' object to bytes implicitly
b'a.b.c'.rpartition(b'.') ==> (b'a.b', b'.', b'c')
b'-'.join([b'a', b'b']) ==> b'a-b'
b'-'.join((b'a',)) ==> b'a'
b'-'.join([]) ==> b''
b'-'.join([bytearray(b'x')]) ==> b'x'
b'-'.join(['a']) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
b'-'.join(b'ab') ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
b'-'.join([1]) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
b'-'.join([b'a', 'b']) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
b'-'.join([bytearray(b'a'), b'b']) ==> b'a-b'
b'aB1'.upper(), b'aB1'.lower() ==> (b'AB1', b'ab1')
b'ab'.isalpha(), b'12'.isdigit(), b' '.isspace(), b'AB'.isupper(), b'ab'.islower() ==> (True, True, True, True, True)
b'ab'.center(5) ==> b' ab  '
b'ab'.center(1) ==> b'ab'
b'%d %s' % (1, b'a') ==> b'1 a'
b'%s' % 'a' ==> b'a'
b'%r' % b'a' ==> b"b'a'"
b'%s' % b'a' ==> b'a'
b'{}'.format(b'x') ==> b"b'x'"
"""


class TestText(Pinned):
    """``decode`` and ``hex``."""

    cases = r"""
b''.decode(), b'a\xc3\xb1'.decode() ==> ('', 'a\xf1')
b'ab'.decode('utf8') ==> 'ab'
b'ab'.decode('ascii') ==> 'ab'
b'ab'.decode('latin-1') ==> 'ab'
b'ab'.decode(1) ==> 'ab'
b'ab'.decode(None) ==> 'ab'
b'ab'.decode('utf8', 'strict') ==> 'ab'
b'ab'.decode('utf8', 'ignore') ==> 'ab'
b'\xff'.decode() ==> ! UnicodeError:
b'\xc3'.decode() ==> ! UnicodeError:
b'a\x80'.decode() ==> ! UnicodeError:
b'\xe2\x82'.decode() ==> ! UnicodeError:
b'\xff'.decode('utf8', 'ignore') ==> ! UnicodeError:
b''.hex(), b'\x00\xffA'.hex() ==> (b'', '00ff41')
b'\x00\xffA'.hex(':') ==> '00:ff:41'
b'\x00\xffA'.hex('') ==> '00\x00ff\x0041'
b'\x00\xffA'.hex('::') ==> '00:ff:41'
b'\x00\xffA'.hex(b'-') ==> '00-ff-41'
b'\x00\xffA'.hex(1) ==> ! TypeError: can't convert 'int' object to str implicitly
b'\x00\xffA'.hex(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
b'\x00\xffA'.hex(':', 2) ==> ! TypeError: function expected at most 2 arguments, got 3
b'\x00\xffA'.hex(':', -2) ==> ! TypeError: function expected at most 2 arguments, got 3
b'abcde'.hex('-', 1) ==> ! TypeError: function expected at most 2 arguments, got 3
b'abcde'.hex('-', 2) ==> ! TypeError: function expected at most 2 arguments, got 3
b'abcde'.hex('-', 3) ==> ! TypeError: function expected at most 2 arguments, got 3
b'abcde'.hex('-', -2) ==> ! TypeError: function expected at most 2 arguments, got 3
"""


class TestItems(Pinned):
    """Numbers by place; slices without steps."""

    setup = "b = b'abcdef'\n"
    cases = r"""
b[0] ==> 97
b[5] ==> 102
b[-1] ==> 102
b[-6] ==> 97
b[True] ==> 98
b[6] ==> ! IndexError: bytes index out of range
b[-7] ==> ! IndexError: bytes index out of range
b[1.0] ==> ! TypeError: bytes indices must be integers, not float
b['a'] ==> ! TypeError: bytes indices must be integers, not str
b[None] ==> ! TypeError: bytes indices must be integers, not NoneType
b[1 << 40] ==> ! OverflowError: overflow converting long int to machine word
b[:] ==> b'abcdef'
b[1:] ==> b'bcdef'
b[:2] ==> b'ab'
b[1:3] ==> b'bc'
b[-2:] ==> b'ef'
b[:-2] ==> b'abcd'
b[3:1] ==> b''
b[6:] ==> b''
b[100:] ==> b''
b[:100] ==> b'abcdef'
b[::1] ==> b'abcdef'
b[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
b[::-1] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
b[0] = 1 ==> ! TypeError: 'bytes' object doesn't support item assignment
del b[0] ==> ! TypeError: 'bytes' object doesn't support item deletion
list(b), tuple(b"ab") ==> ([97, 98, 99, 100, 101, 102], (97, 98))
sorted(b'ba'), max(b), min(b), sum(b'ab') ==> ([97, 98], 102, 97, 195)
for x in b'ab': print(x) ==> 97¶98
list(reversed(b'ab')) ==> [98, 97]
len(b), len(b''), bool(b''), bool(b'\x00') ==> (6, 0, False, True)
b''[0] ==> ! IndexError: bytes index out of range
ord(b'a') ==> 97
iter(b) ==> <iterator>
"""


class TestOperators(Pinned):
    """``+``, ``*``, orders, hashes; buffers of other kinds may stand on the right."""

    cases = r"""
b'a' + b'b' ==> b'ab'
b'a' + b'' ==> b'a'
b'a' + bytearray(b'b') ==> b'ab'
b'a' + memoryview(b'b') ==> b'ab'
b'a' + 'b' ==> b'ab'
b'a' + 1 ==> ! TypeError: unsupported types for __add__: 'bytes', 'int'
b'a' + None ==> ! TypeError: unsupported types for __add__: 'bytes', 'NoneType'
b'a' + [1] ==> ! TypeError: unsupported types for __add__: 'bytes', 'list'
b'' + bytearray(b'b') ==> b'b'
b'ab' * 0 ==> b''
b'ab' * 1 ==> b'ab'
b'ab' * 3 ==> b'ababab'
b'ab' * -1 ==> b''
b'ab' * True ==> b'ab'
b'ab' * 1.0 ==> ! TypeError: unsupported types for __mul__: 'bytes', 'float'
b'ab' * None ==> ! TypeError: unsupported types for __mul__: 'bytes', 'NoneType'
b'ab' * b'a' ==> ! TypeError: unsupported types for __mul__: 'bytes', 'bytes'
2 * b'ab' ==> b'abab'
b'a' == b'a' ==> True
b'a' == 'a' ==> False
b'a' == bytearray(b'a') ==> True
b'a' == memoryview(b'a') ==> True
b'a' == 97 ==> False
b'a' == [97] ==> False
b'a' == b'b' ==> False
b'a' != b'a' ==> False
b'a' != b'b' ==> True
b'a' != 'a' ==> True
b'ab' < b'ac' ==> True
b'ab' < b'ab' ==> False
b'ab' < b'b' ==> True
b'ab' < b'' ==> False
b'ab' < bytearray(b'b') ==> True
b'ab' < 'b' ==> True
b'ab' < 1 ==> ! TypeError: unsupported types for __lt__: 'bytes', 'int'
b'ab' <= b'ab', b'ab' > b'aa', b'ab' >= b'abc' ==> (True, True, False)
hash(b'ab') == hash(b'a' + b'b'), hash(b'') is not None ==> (True, True)
{b'a': 1}[b'a'] ==> 1
-b'a' ==> ! TypeError: unsupported type for __neg__: 'bytes'
b'a' - b'a' ==> ! TypeError: unsupported types for __sub__: 'bytes', 'bytes'
b'a' % b'a' ==> ! TypeError: format string didn't convert all arguments
x = b'a'; y = x; x += b'b'; print(x, y) ==> b'ab' b'a'
x = b'a'; x *= 3; print(x) ==> b'aaa'
x = b'a'; x += bytearray(b'c'); print(x) ==> b'ac'
x = b'a'; x += 'c' ==>
b'a' is b'a' ==> True
b'\xff\x00' > b'\xff' ==> True
"""


class TestShown(Pinned):
    """Representation."""

    cases = r"""
b'' ==> b''
b'a' ==> b'a'
b"it's" ==> b"it's"
b'"' ==> b'"'
b'\'"' ==> b'\'"'
b'\\' ==> b'\\'
b'\n\r\t' ==> b'\n\r\t'
b'\x00\x7f\x80\xff' ==> b'\x00\x7f\x80\xff'
print(b'a', [b'a'], str(b'a')) ==> b'a' [b'a'] b'a'
str(b'a'), repr(b"'"), "%s" % b'a', "{}".format(b'a') ==> ("b'a'", 'b"\'"', "b'a'", "b'a'")
b'a'.x ==> ! AttributeError: 'bytes' object has no attribute 'x'
b'a'.append(1) ==> ! AttributeError: 'bytes' object has no attribute 'append'
b'a'() ==> ! TypeError: 'bytes' object isn't callable
type(b''), isinstance(b'', bytes), isinstance(b'', bytearray) ==> (<class 'bytes'>, True, False)
print(b'\xc3\xb1') ==> b'\xc3\xb1'
"""
