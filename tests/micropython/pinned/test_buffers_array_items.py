"""bytearray, array, memoryview (py/objarray.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestArrayItems(Pinned):
    """Read and written; equal to arrays of other typecodes by their items' bytes."""

    setup = "from array import array\na = array('h', [1, -2, 300])\n"
    cases = r"""
a[0] ==> 1
a[2] ==> 300
a[-1] ==> 300
a[3] ==> ! IndexError: array index out of range
a[-4] ==> ! IndexError: array index out of range
a[1.0] ==> ! TypeError: array indices must be integers, not float
a[None] ==> ! TypeError: array indices must be integers, not NoneType
a[:] ==> array('h', [1, -2, 300])
a[1:] ==> array('h', [-2, 300])
a[:1] ==> array('h', [1])
a[1:1] ==> array('h')
a[-1:] ==> array('h', [300])
a[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
a[::-1] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
x = array('h', [1, 2]); x[0] = 9; x[-1] = -9; print(x) ==> array('h', [9, -9])
x = array('h', [1, 2]); x[2] = 9 ==> ! IndexError: array index out of range
x = array('h', [1, 2]); x[0] = 'a' ==> ! TypeError: can't convert str to int
x = array('h', [1, 2]); x[0] = 1.5 ==> ! TypeError: can't convert float to int
x = array('h', [1, 2]); x[0] = None ==> ! TypeError: can't convert NoneType to int
x = array('h', [1, 2, 3]); x[0:2] = array('h', [7]); print(x) ==> array('h', [7, 3])
x = array('h', [1, 2, 3]); x[0:2] = array('h', [7, 8, 9]); print(x) ==> array('h', [7, 8, 9, 3])
x = array('h', [1, 2, 3]); x[0:2] = array('b', [7, 8]) ==> ! ValueError: lhs and rhs should be compatible
x = array('h', [1, 2, 3]); x[0:2] = b'ab'; print(x) ==> ! ValueError: lhs and rhs should be compatible
x = array('h', [1, 2, 3]); x[0:2] = [1] ==> ! NotImplementedError: array/bytes required on right side
x = array('h', [1, 2, 3]); del x[0] ==> ! TypeError: 'array' object doesn't support item deletion
x = array('h', [1, 2]); x[0] += 5; print(x) ==> array('h', [6, 2])
len(a), len(array('d')), bool(array('b')), bool(a) ==> (3, 0, False, True)
list(a), sum(a), max(a), min(a), sorted(a) ==> ([1, -2, 300], 299, 300, -2, [-2, 1, 300])
for v in a: print(v) ==> 1¶-2¶300
a == array('h', [1, -2, 300]) ==> True
a == array('h', [1]) ==> False
a == [1, -2, 300] ==> False
a == array('i', [1, -2, 300]) ==> ! NotImplementedError:
a == b'\x01\x00\xfe\xff\x2c\x01' ==> False
array('b', [1, 2]) == array('B', [1, 2]) ==> True
array('b', [1, 2]) == b'\x01\x02' ==> False
array('h', [1]) < array('h', [2]) ==> ! NotImplementedError:
array('b', [1]) < array('b', [2]) ==> ! NotImplementedError:
1 in array('b', [1]) ==> ! NotImplementedError:
hash(a) ==> ! TypeError: unsupported type for __hash__: 'array'
bytes(a), bytearray(a) ==> (b'\x01\x00\xfe\xff,\x01', bytearray(b'\x01\x00\xfe\xff,\x01'))
str(a), repr(array('f', [0.5])) ==> ("array('h', [1, -2, 300])", "array('f', [0.5])")
a.decode() ==> ! AttributeError: 'array' object has no attribute 'decode'
a.x ==> ! AttributeError: 'array' object has no attribute 'x'
type(a), isinstance(a, array) ==> (<class 'array'>, True)
a.append is None ==> False
"""


class TestMemoryview(Pinned):
    """A window of a buffer: changed through it, never resized."""

    setup = "from array import array\nb = bytearray(b'abcdef')\nm = memoryview(b)\n"
    cases = r"""
bytes(memoryview(b'ab')), list(memoryview(b'ab')), len(memoryview(b'ab')) ==> (b'ab', [97, 98], 2)
memoryview() ==> ! TypeError: function takes 1 positional arguments but 0 were given
memoryview(1) ==> ! TypeError: object with buffer protocol required
memoryview('ab') ==> <memoryview>
memoryview(None) ==> ! TypeError: object with buffer protocol required
memoryview([1]) ==> ! TypeError: object with buffer protocol required
memoryview(b'ab', 1) ==> ! TypeError: function takes 1 positional arguments but 2 were given
m[0] ==> 97
m[-1] ==> 102
m[6] ==> ! IndexError: memoryview index out of range
m[-7] ==> ! IndexError: memoryview index out of range
m[1.0] ==> ! TypeError: memoryview indices must be integers, not float
m['a'] ==> ! TypeError: memoryview indices must be integers, not str
bytes(m[:]) ==> b'abcdef'
bytes(m[1:]) ==> b'bcdef'
bytes(m[:2]) ==> b'ab'
bytes(m[1:3]) ==> b'bc'
bytes(m[-2:]) ==> b'ef'
bytes(m[4:2]) ==> b''
bytes(m[9:]) ==> b''
bytes(m[::1]) ==> b'abcdef'
m[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
bytes(m[1:][1:3]), bytes(m[2:5][-1:]) ==> (b'cd', b'e')
x = bytearray(b'abcd'); y = memoryview(x); y[0] = 120; print(x) ==> bytearray(b'xbcd')
x = bytearray(b'abcd'); y = memoryview(x)[1:3]; y[0] = 120; y[1] = 121; print(x) ==> bytearray(b'axyd')
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = b'xy'; print(x) ==> bytearray(b'axyd')
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = b'x' ==> ! ValueError: lhs and rhs should be compatible
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = b'xyz' ==> ! ValueError: lhs and rhs should be compatible
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = b'' ==> ! ValueError: lhs and rhs should be compatible
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = [1, 2] ==> ! NotImplementedError: array/bytes required on right side
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = 'xy' ==> ! NotImplementedError: array/bytes required on right side
x = bytearray(b'abcd'); y = memoryview(x); y[1:3] = 1 ==> ! NotImplementedError: array/bytes required on right side
x = bytearray(b'abcd'); y = memoryview(x); y[0:2] = y[2:4]; print(x) ==> bytearray(b'cdcd')
x = bytearray(b'abcd'); y = memoryview(x); y[0:3] = y[1:4]; print(x) ==> bytearray(b'bcdd')
x = bytearray(b'abcd'); y = memoryview(x); y[1:4] = y[0:3]; print(x) ==> bytearray(b'aabc')
x = bytearray(2); y = memoryview(x); y[:] = memoryview(array('h', [1])) ==> ! ValueError: lhs and rhs should be compatible
x = bytearray(b'abcd'); y = memoryview(x); y[0] = 256; print(x) ==> bytearray(b'\x00bcd')
x = bytearray(b'abcd'); y = memoryview(x); y[0] = -1; print(x) ==> bytearray(b'\xffbcd')
x = bytearray(b'abcd'); y = memoryview(x); y[0] = 'a'; print(x) ==> ! TypeError: can't convert str to int
x = bytearray(b'abcd'); y = memoryview(x); y[0] = 1.5; print(x) ==> ! TypeError: can't convert float to int
x = bytearray(b'abcd'); y = memoryview(x); y[0] = None; print(x) ==> ! TypeError: can't convert NoneType to int
x = bytearray(b'abcd'); y = memoryview(x); y[4] = 1 ==> ! IndexError: memoryview index out of range
memoryview(b'ab')[0] = 1 ==> ! TypeError: 'memoryview' object doesn't support item assignment
memoryview(b'ab')[0:1] = b'x' ==> ! TypeError: 'memoryview' object doesn't support item assignment
x = memoryview(b'ab'); del x[0] ==> ! TypeError: 'memoryview' object doesn't support item deletion
m == m ==> True
m == b'abcdef' ==> True
m == bytearray(b'abcdef') ==> True
m == memoryview(b'abcdef') ==> True
m == 'abcdef' ==> True
m == b'abc' ==> False
m < b'b' ==> True
m + b'x' ==> ! TypeError: unsupported types for __add__: 'memoryview', 'bytes'
m + m ==> ! TypeError: unsupported types for __add__: 'memoryview', 'memoryview'
b'x' + m ==> b'xabcdef'
m * 2 ==> ! TypeError: unsupported types for __mul__: 'memoryview', 'int'
hash(m) ==> ! TypeError: unsupported type for __hash__: 'memoryview'
97 in m ==> ! NotImplementedError:
b'a' in m ==> False
bool(memoryview(b'')), bool(m) ==> (False, True)
for v in memoryview(b'ab'): print(v) ==> 97¶98
bytes(memoryview(array('h', [1, -2]))) ==> b'\x01\x00\xfe\xff'
memoryview(array('h', [1, -2]))[1] ==> -2
x = array('h', [1, 2]); y = memoryview(x); y[0] = 500; print(x, len(y)) ==> array('h', [500, 2]) 2
x = array('i', [1, 2, 3]); y = memoryview(x)[1:]; y[0] = 7; print(x, list(y)) ==> array('i', [1, 7, 3]) [7, 3]
x = array('f', [1.5]); y = memoryview(x); y[0] = 2; print(x) ==> array('f', [2.0])
m.decode() ==> ! AttributeError: 'memoryview' object has no attribute 'decode'
m.append(1) ==> ! AttributeError: 'memoryview' object has no attribute 'append'
m.hex() ==> '616263646566'
str(m)[:11] ==> '<memoryview'
type(m) ==> <class 'memoryview'>
bytearray(m[1:3]) ==> bytearray(b'bc')
b''.join([m[0:1], b'z']) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
b'abc'.find(m[1:2]) ==> ! TypeError: can't convert 'memoryview' object to str implicitly
int(memoryview(b'12')) ==> 12
"""
