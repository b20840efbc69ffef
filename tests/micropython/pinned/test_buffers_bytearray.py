"""bytearray, array, memoryview (py/objarray.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestBytearray(Pinned):
    """Making and showing."""

    cases = r"""
bytearray() ==> bytearray(b'')
bytearray(0) ==> bytearray(b'')
bytearray(3) ==> bytearray(b'\x00\x00\x00')
bytearray(True) ==> ! TypeError: 'bool' object isn't iterable
bytearray(-1) ==> ! MemoryError: memory allocation failed, allocating 4294967295 bytes
bytearray(1.0) ==> ! TypeError: 'float' object isn't iterable
bytearray(None) ==> ! TypeError: 'NoneType' object isn't iterable
bytearray('a') ==> ! TypeError: string argument without an encoding
bytearray(b'ab') ==> bytearray(b'ab')
bytearray([1, 2]) ==> bytearray(b'\x01\x02')
bytearray((65,)) ==> bytearray(b'A')
bytearray(range(3)) ==> bytearray(b'\x00\x01\x02')
bytearray({7: 8}) ==> bytearray(b'\x07')
bytearray([]) ==> bytearray(b'')
bytearray([256]) ==> bytearray(b'\x00')
bytearray([-1]) ==> bytearray(b'\xff')
bytearray(['a']) ==> ! TypeError: can't convert str to int
bytearray(bytearray(b'x')) ==> bytearray(b'x')
bytearray(memoryview(b'z')) ==> bytearray(b'z')
bytearray('añ', 'utf8') ==> bytearray(b'a\xc3\xb1')
bytearray('añ', 1) ==> bytearray(b'a\xc3\xb1')
bytearray('a', 'utf8', 'strict') ==> bytearray(b'a')
bytearray(1, 2, 3, 4) ==> ! TypeError: function expected at most 3 arguments, got 4
bytearray(x=1) ==> ! TypeError: function doesn't take keyword arguments
bytearray(''.encode()) ==> bytearray(b'')
bytearray("'.encode()) ==> ! SyntaxError: invalid syntax
bytearray(\\'.encode()) ==> ! SyntaxError: invalid syntax
bytearray(\n'.encode()) ==> ! SyntaxError: invalid syntax
bytearray(\xff'.encode()) ==> ! SyntaxError: invalid syntax
str(bytearray(b'a')), repr(bytearray(b"'")) ==> ("bytearray(b'a')", 'bytearray(b"\'")')
bool(bytearray()), bool(bytearray(1)), len(bytearray(5)) ==> (False, True, 5)
hash(bytearray()) ==> ! TypeError: unsupported type for __hash__: 'bytearray'
type(bytearray()), isinstance(bytearray(), bytes) ==> (<class 'bytearray'>, False)
bytearray(b'ab').decode(), bytes(bytearray(b'ab')) ==> ('ab', b'ab')
bytearray(b'\xff').decode() ==> ! UnicodeError:
bytearray(b'ab').hex() ==> '6162'
bytearray(b'a b').split() ==> [bytearray(b'a'), bytearray(b'b')]
bytearray(b'abc').find(b'c'), bytearray(b'abc').startswith(b'a') ==> (2, True)
bytearray(b'abc').upper() ==> bytearray(b'ABC')
bytearray(b'abc').x ==> ! AttributeError: 'bytearray' object has no attribute 'x'
bytearray.fromhex('01') ==> bytearray(b'\x01')
"""


class TestBytearrayChanging(Pinned):
    """Items, slices, methods: each shows the array afterwards."""

    setup = """
def after(x, name, *args):
    print(getattr(x, name)(*args), x)
def put(x, i, v):
    x[i] = v
    return x
def span(x, i, j, v):
    x[i:j] = v
    return x
"""
    cases = r"""
after(bytearray(b'ab'), 'append', 0) ==> None bytearray(b'ab\x00')
after(bytearray(b'ab'), 'append', 255) ==> None bytearray(b'ab\xff')
after(bytearray(b'ab'), 'append', True) ==> None bytearray(b'ab\x01')
after(bytearray(b'ab'), 'append', 256) ==> None bytearray(b'ab\x00')
after(bytearray(b'ab'), 'append', -1) ==> None bytearray(b'ab\xff')
after(bytearray(b'ab'), 'append', 'a') ==> ! TypeError: can't convert str to int
after(bytearray(b'ab'), 'append', 1.0) ==> ! TypeError: can't convert float to int
after(bytearray(b'ab'), 'append', None) ==> ! TypeError: can't convert NoneType to int
after(bytearray(b'ab'), 'append', 1 << 40) ==> None bytearray(b'ab\x00')
after(bytearray(b'ab'), 'append') ==> ! TypeError: function takes 2 positional arguments but 1 were given
after(bytearray(b'ab'), 'extend', b'cd') ==> None bytearray(b'abcd')
after(bytearray(b'ab'), 'extend', bytearray(b'cd')) ==> None bytearray(b'abcd')
after(bytearray(b'ab'), 'extend', b'') ==> None bytearray(b'ab')
after(bytearray(b'ab'), 'extend', memoryview(b'c')) ==> None bytearray(b'abc')
after(bytearray(b'ab'), 'extend', [1, 2]) ==> None bytearray(b'ab\x01\x02')
after(bytearray(b'ab'), 'extend', (1,)) ==> None bytearray(b'ab\x01')
after(bytearray(b'ab'), 'extend', range(2)) ==> None bytearray(b'ab\x00\x01')
after(bytearray(b'ab'), 'extend', 1) ==> ! TypeError: 'int' object isn't iterable
after(bytearray(b'ab'), 'extend', None) ==> ! TypeError: 'NoneType' object isn't iterable
after(bytearray(b'ab'), 'extend', 'cd') ==> None bytearray(b'abcd')
after(bytearray(b'ab'), 'pop') ==> ! AttributeError: 'bytearray' object has no attribute 'pop'
after(bytearray(b'ab'), 'insert') ==> ! AttributeError: 'bytearray' object has no attribute 'insert'
after(bytearray(b'ab'), 'reverse') ==> ! AttributeError: 'bytearray' object has no attribute 'reverse'
after(bytearray(b'ab'), 'clear') ==> ! AttributeError: 'bytearray' object has no attribute 'clear'
after(bytearray(b'ab'), 'remove') ==> ! AttributeError: 'bytearray' object has no attribute 'remove'
after(bytearray(b'ab'), 'copy') ==> ! AttributeError: 'bytearray' object has no attribute 'copy'
put(bytearray(b'abc'), 0, 120) ==> bytearray(b'xbc')
put(bytearray(b'abc'), 2, 120) ==> bytearray(b'abx')
put(bytearray(b'abc'), -1, 120) ==> bytearray(b'abx')
put(bytearray(b'abc'), -3, 120) ==> bytearray(b'xbc')
put(bytearray(b'abc'), True, 120) ==> bytearray(b'axc')
put(bytearray(b'abc'), 3, 120) ==> ! IndexError: bytearray index out of range
put(bytearray(b'abc'), -4, 120) ==> ! IndexError: bytearray index out of range
put(bytearray(b'abc'), 1.0, 120) ==> ! TypeError: bytearray indices must be integers, not float
put(bytearray(b'abc'), None, 120) ==> ! TypeError: bytearray indices must be integers, not NoneType
put(bytearray(b'abc'), 'a', 120) ==> ! TypeError: bytearray indices must be integers, not str
put(bytearray(b'abc'), 0, 0) ==> bytearray(b'\x00bc')
put(bytearray(b'abc'), 0, 255) ==> bytearray(b'\xffbc')
put(bytearray(b'abc'), 0, 256) ==> bytearray(b'\x00bc')
put(bytearray(b'abc'), 0, -1) ==> bytearray(b'\xffbc')
put(bytearray(b'abc'), 0, True) ==> bytearray(b'\x01bc')
put(bytearray(b'abc'), 0, 'a') ==> ! TypeError: can't convert str to int
put(bytearray(b'abc'), 0, 1.5) ==> ! TypeError: can't convert float to int
put(bytearray(b'abc'), 0, None) ==> ! TypeError: can't convert NoneType to int
put(bytearray(b'abc'), 0, b'a') ==> ! TypeError: can't convert bytes to int
put(bytearray(b'abc'), 0, 1 << 40) ==> bytearray(b'\x00bc')
span(bytearray(b'abcd'), 1, 3, b'') ==> bytearray(b'ad')
span(bytearray(b'abcd'), 1, 3, b'x') ==> bytearray(b'axd')
span(bytearray(b'abcd'), 1, 3, b'xy') ==> bytearray(b'axyd')
span(bytearray(b'abcd'), 1, 3, b'xyz') ==> bytearray(b'axyzd')
span(bytearray(b'abcd'), 1, 3, bytearray(b'q')) ==> bytearray(b'aqd')
span(bytearray(b'abcd'), 1, 3, bytearray(0)) ==> bytearray(b'ad')
span(bytearray(b'abcd'), 1, 3, memoryview(b'mn')) ==> bytearray(b'amnd')
span(bytearray(b'abcd'), 0, None, b'xy') ==> bytearray(b'xy')
span(bytearray(b'abcd'), 4, None, b'xy') ==> bytearray(b'abcdxy')
span(bytearray(b'abcd'), -1, None, b'xy') ==> bytearray(b'abcxy')
span(bytearray(b'abcd'), 9, None, b'xy') ==> bytearray(b'abcdxy')
span(bytearray(b'abcd'), None, None, b'xy') ==> bytearray(b'xy')
span(bytearray(b'abcd'), 1, 3, [1, 2]) ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(b'abcd'), 1, 3, (1,)) ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(b'abcd'), 1, 3, 'xy') ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(b'abcd'), 1, 3, 1) ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(b'abcd'), 1, 3, None) ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(b'abcd'), 1, 3, range(2)) ==> ! NotImplementedError: array/bytes required on right side
span(bytearray(), 0, 0, b'xy') ==> bytearray(b'xy')
x = bytearray(b'abcd'); x[1:1] = x; print(x) ==> bytearray(b'aabcdbcd')
x = bytearray(b'abcd'); x[::2] = b'xy' ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
x = bytearray(b'abcd'); del x[0] ==> ! TypeError: 'bytearray' object doesn't support item deletion
x = bytearray(b'abcd'); del x[1:3] ==> ! TypeError: 'bytearray' object doesn't support item deletion
x = bytearray(b'abcd'); x += b'ef'; print(x) ==> bytearray(b'abcdef')
x = bytearray(b'abcd'); y = x; x += b'ef'; print(y is x) ==> True
x = bytearray(b'ab'); x += [1]; print(x) ==> bytearray(b'ab\x01')
x = bytearray(b'ab'); x += 'a'; print(x) ==> bytearray(b'aba')
x = bytearray(b'ab'); x += 1; print(x) ==> ! TypeError: 'int' object isn't iterable
x = bytearray(b'ab'); x += None; print(x) ==> ! TypeError: 'NoneType' object isn't iterable
x = bytearray(b'ab'); x += bytearray(b'c'); print(x) ==> bytearray(b'abc')
x = bytearray(b'ab'); x += b''; print(x) ==> bytearray(b'ab')
x = bytearray(b'ab'); x *= 2 ==> ! TypeError: unsupported types for __mul__: 'bytearray', 'int'
x = bytearray(b'ab'); y = x + b'c'; y[0] = 0; print(x, y) ==> bytearray(b'ab') bytearray(b'\x00bc')
"""


class TestBytearrayReading(Pinned):
    """Items, slices (copies), operators."""

    setup = "b = bytearray(b'abcdef')\n"
    cases = r"""
b[0] ==> 97
b[-1] ==> 102
b[6] ==> ! IndexError: bytearray index out of range
b[-7] ==> ! IndexError: bytearray index out of range
b[1.0] ==> ! TypeError: bytearray indices must be integers, not float
b[None] ==> ! TypeError: bytearray indices must be integers, not NoneType
b['a'] ==> ! TypeError: bytearray indices must be integers, not str
b[:] ==> bytearray(b'abcdef')
b[1:3] ==> bytearray(b'bc')
b[-2:] ==> bytearray(b'ef')
b[4:2] ==> bytearray(b'')
b[9:] ==> bytearray(b'')
b[::1] ==> bytearray(b'abcdef')
b[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
b[::-1] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
b[:] is b ==> False
b + b'x' ==> bytearray(b'abcdefx')
b + bytearray(b'x') ==> bytearray(b'abcdefx')
b + b'' ==> bytearray(b'abcdef')
b + memoryview(b'x') ==> bytearray(b'abcdefx')
b + 'x' ==> bytearray(b'abcdefx')
b + 1 ==> ! TypeError: object with buffer protocol required
b + [1] ==> ! TypeError: object with buffer protocol required
b'x' + b ==> b'xabcdef'
b * 2 ==> ! TypeError: unsupported types for __mul__: 'bytearray', 'int'
b == b'abcdef' ==> True
b == bytearray(b'abcdef') ==> True
b == 'abcdef' ==> True
b == memoryview(b'abcdef') ==> True
b == b'abc' ==> False
b < b'b' ==> True
b < bytearray(b'a') ==> False
b < 'b' ==> True
b < 1 ==> False
b > b'abc', b >= b, b <= b'z', b != b ==> (True, True, True, False)
97 in b ==> ! NotImplementedError:
b'a' in b ==> True
b'cd' in b ==> True
b'dc' in b ==> False
bytearray(b'f') in b ==> True
b'' in b ==> True
256 in b ==> ! NotImplementedError:
-1 in b ==> ! NotImplementedError:
'a' in b ==> True
None in b ==> False
1.0 in b ==> ! NotImplementedError:
list(b), sum(b), max(b), sorted(bytearray(b'ba')) ==> ([97, 98, 99, 100, 101, 102], 597, 102, [97, 98])
for x in bytearray(b'ab'): print(x) ==> 97¶98
x = bytearray(b'a'); [x.append(v) for v in x if len(x) < 4]; print(x) ==> bytearray(b'aaaa')
"""


class TestArray(Pinned):
    """Typecodes, what an item may be, growth by one and by many."""

    setup = "from array import array\ndef after(x, name, *args):\n    print(getattr(x, name)(*args), x)\n"
    cases = r"""
array('b') ==> array('b')
array('B') ==> array('B')
array('h') ==> array('h')
array('H') ==> array('H')
array('i') ==> array('i')
array('I') ==> array('I')
array('l') ==> array('l')
array('L') ==> array('L')
array('q') ==> array('q')
array('Q') ==> array('Q')
array('f') ==> array('f')
array('d') ==> array('d')
array('x') ==> ! ValueError: bad typecode
array('') ==> ! ValueError: bad typecode
array('bb') ==> array('b')
array(1) ==> ! TypeError: can't convert 'int' object to str implicitly
array(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
array('O') ==> array('O')
array('P') ==> array('P')
array('s') ==> ! ValueError: bad typecode
array() ==> ! TypeError: function missing 1 required positional arguments
array('b', [1], 2) ==> ! TypeError: function expected at most 2 arguments, got 3
array('b', [1, -1]) ==> array('b', [1, -1])
array('b', (2, 3)) ==> array('b', [2, 3])
array('b', range(3)) ==> array('b', [0, 1, 2])
array('b', b'\x01\xff') ==> array('b', [1, -1])
array('b', bytearray(2)) ==> array('b', [0, 0])
array('b', []) ==> array('b')
array('b', 'ab') ==> ! TypeError: can't convert str to int
array('b', 1) ==> ! TypeError: 'int' object isn't iterable
array('b', None) ==> ! TypeError: 'NoneType' object isn't iterable
array('b', [127]) ==> array('b', [127])
array('b', [128]) ==> array('b', [-128])
array('b', [-129]) ==> array('b', [127])
array('b', [300]) ==> array('b', [44])
array('B', [255]) ==> array('B', [255])
array('B', [256]) ==> array('B', [0])
array('B', [-1]) ==> array('B', [255])
array('h', [32767]) ==> array('h', [32767])
array('h', [32768]) ==> array('h', [-32768])
array('h', b'\x01\x02') ==> array('h', [513])
array('h', b'\x01\x02\x03') ==> array('h', [513])
array('H', [65535]), array('H', [65536]) ==> (array('H', [65535]), array('H', [0]))
array('i', [2147483647]) ==> array('i', [2147483647])
array('i', [-2147483648]) ==> array('i', [-2147483648])
array('i', [2147483648]) ==> array('i', [-2147483648])
array('i', [1 << 40]) ==> array('i', [0])
array('I', [4294967295]) ==> array('I', [4294967295])
array('I', [4294967296]) ==> array('I', [0])
array('I', [-1]) ==> array('I', [4294967295])
array('q', [9223372036854775807]) ==> array('q', [9223372036854775807])
array('q', [-9223372036854775808]) ==> array('q', [-9223372036854775808])
array('q', [9223372036854775808]) ==> array('q', [-9223372036854775808])
array('q', [1 << 80]) ==> array('q', [0])
array('Q', [18446744073709551615]) ==> array('Q', [18446744073709551615])
array('Q', [-1]) ==> array('Q', [18446744073709551615])
array('f', [1, 2.5, -0.0, True]) ==> array('f', [1.0, 2.5, -0.0, 1.0])
array('d', [1, 2.5, -0.5]) ==> array('d', [1.0, 2.5, -0.5])
array('b', ['a']) ==> ! TypeError: can't convert str to int
array('b', [1.5]) ==> ! TypeError: can't convert float to int
array('f', ['a']) ==> ! TypeError: can't convert str to float
array('f', [None]) ==> ! TypeError: can't convert NoneType to float
after(array('b', [1]), 'append', 2) ==> None array('b', [1, 2])
after(array('b', [1]), 'append', -1) ==> None array('b', [1, -1])
after(array('b', [1]), 'append', 200) ==> None array('b', [1, -56])
after(array('b', [1]), 'append', 'a') ==> ! TypeError: can't convert str to int
after(array('b', [1]), 'append', 1.5) ==> ! TypeError: can't convert float to int
after(array('b', [1]), 'append', None) ==> ! TypeError: can't convert NoneType to int
after(array('f'), 'append', 2) ==> None array('f', [2.0])
after(array('f'), 'append', 1.5) ==> None array('f', [1.5])
after(array('f'), 'append', 'a') ==> ! TypeError: can't convert str to float
after(array('b', [1]), 'extend', array('b', [2, 3])) ==> None array('b', [1, 2, 3])
after(array('b', [1]), 'extend', b'\x02') ==> None array('b', [1, 2])
after(array('b', [1]), 'extend', array('b')) ==> None array('b', [1])
after(array('b', [1]), 'extend', array('h', [1])) ==> None array('b', [1, 1, 0])
after(array('b', [1]), 'extend', [1, 2]) ==> None array('b', [1, 1, 2])
after(array('b', [1]), 'extend', (1,)) ==> None array('b', [1, 1])
after(array('b', [1]), 'extend', range(2)) ==> None array('b', [1, 0, 1])
after(array('b', [1]), 'extend', 1) ==> ! TypeError: 'int' object isn't iterable
after(array('b', [1]), 'extend', None) ==> ! TypeError: 'NoneType' object isn't iterable
after(array('h', [1]), 'extend', array('b', [1])) ==> None array('h', [1])
after(array('b', [1]), 'append') ==> ! TypeError: function takes 2 positional arguments but 1 were given
x = array('b', [1]); x += array('b', [2]); print(x) ==> array('b', [1, 2])
x = array('h', [1]); x += [2]; print(x) ==> array('h', [1, 2])
array('b', [1]) + array('b', [2]) ==> array('b', [1, 2])
array('b', [1]) + [2] ==> ! TypeError: object with buffer protocol required
array('b', [1]) + b'\x02' ==> array('b', [1, 2])
array('b', [1]) * 2 ==> ! TypeError: unsupported types for __mul__: 'array', 'int'
"""
