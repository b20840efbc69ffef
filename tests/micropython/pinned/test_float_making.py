"""float and complex where single and double precision print alike (py/objfloat.c, py/objcomplex.c, py/parsenum.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestMaking(Pinned):
    """``float`` of texts, numbers, buffers; literals."""

    setup = "class C:\n    def __float__(self):\n        return 2.5\n"
    cases = r"""
float() ==> 0.0
float(5) ==> 5.0
float(True) ==> 1.0
float(1.5) ==> 1.5
float(-3) ==> -3.0
float(1 << 20) ==> 1048576.0
float('1.5') ==> 1.5
float('-1.5') ==> -1.5
float('+.5') ==> 0.5
float('5.') ==> 5.0
float('.5') ==> 0.5
float(' 1.5 ') ==> 1.5
float('1e3') ==> 1000.0
float('1E-2') ==> 0.01
float('1e+2') ==> 100.0
float('-0') ==> -0.0
float('00.50') ==> 0.5
float('1_0.5') ==> 10.5
float('1_0') ==> 10.0
float('inf') ==> inf
float('-inf') ==> -inf
float('Infinity') ==> inf
float('INF') ==> inf
float('nan') ==> nan
float('NaN') ==> nan
float('-nan') ==> nan
float('+inf') ==> inf
float('infin') ==> ! ValueError: invalid syntax for number
float('in') ==> ! ValueError: invalid syntax for number
float('infx') ==> ! ValueError: invalid syntax for number
float('nanx') ==> ! ValueError: invalid syntax for number
float('') ==> ! ValueError: invalid syntax for number
float(' ') ==> ! ValueError: invalid syntax for number
float('.') ==> 0.0
float('e') ==> ! ValueError: invalid syntax for number
float('1e') ==> ! ValueError: invalid syntax for number
float('1e+') ==> ! ValueError: invalid syntax for number
float('-') ==> ! ValueError: invalid syntax for number
float('1.5.5') ==> ! ValueError: invalid syntax for number
float('a') ==> ! ValueError: invalid syntax for number
float('1a') ==> ! ValueError: invalid syntax for number
float('1 2') ==> ! ValueError: invalid syntax for number
float('0x1') ==> ! ValueError: invalid syntax for number
float('1j') ==> ! ValueError: invalid syntax for number
float('1__0') ==> 10.0
float('1e1.5') ==> ! ValueError: invalid syntax for number
float('--1') ==> ! ValueError: invalid syntax for number
float('é') ==> ! ValueError: invalid syntax for number
float(b'1.5') ==> 1.5
float(bytearray(b'2')) ==> 2.0
float(b'') ==> ! ValueError: invalid syntax for number
float(b'a') ==> ! ValueError: invalid syntax for number
float(memoryview(b'3')) ==> 3.0
float(None) ==> ! TypeError: can't convert NoneType to float
float([]) ==> ! TypeError: can't convert list to float
float(1j) ==> ! TypeError: can't convert complex to float
float(float) ==> ! TypeError: can't convert type to float
float({}) ==> ! TypeError: can't convert dict to float
float(C()) ==> 2.5
float(1, 2) ==> ! TypeError: function expected at most 1 arguments, got 2
float(x=1) ==> ! TypeError: function doesn't take keyword arguments
1.5 ==> 1.5
.5 ==> 0.5
5. ==> 5.0
1e3 ==> 1000.0
1E3 ==> 1000.0
1e-2 ==> 0.01
1.5e+2 ==> 150.0
0.0 ==> 0.0
00.5 ==> 0.5
1_000.5 ==> 1000.5
1_0e1_0 > 1 ==> True
0e0 ==> 0.0
exec('1e') ==> ! SyntaxError: invalid syntax for number
exec('1e+') ==> ! SyntaxError: invalid syntax for number
exec('1.5.5') ==> ! SyntaxError: invalid syntax for number
exec('1.e') ==> ! SyntaxError: invalid syntax for number
exec('.e1') ==> ! SyntaxError: invalid syntax
exec('1.a') ==> ! SyntaxError: invalid syntax for number
exec('1..real') ==> ! SyntaxError: invalid syntax for number
(1.5).real ==> ! AttributeError: 'float' object has no attribute 'real'
(1.5).is_integer ==> ! AttributeError: 'float' object has no attribute 'is_integer'
(1.5).hex() ==> ! AttributeError: 'float' object has no attribute 'hex'
1.5 .x ==> ! AttributeError: 'float' object has no attribute 'x'
1.5() ==> ! TypeError: 'float' object isn't callable
1.5[0] ==> ! TypeError: 'float' object isn't subscriptable
type(1.5), isinstance(1.5, float), isinstance(1, float) ==> (<class 'float'>, True, False)
round(1.5) ==> 2
round(2.5) ==> 2
round(-0.5) ==> 0
round(-1.5) ==> -2
round(0.5) ==> 0
round(1.25) ==> 1
round(5) ==> 5
round(1e9) ==> 1000000000
round(True) ==> 1
round(1.25, 1) ==> 1.2
round(0.75, 1) ==> 0.8
round(1.5, 0) ==> 2.0
round(12.5, -1) ==> 10.0
round(15, -1) ==> 20
round(25, -1) ==> 20
round(1234, -2) ==> 1200
round(1.5, None) ==> ! TypeError: can't convert NoneType to int
round(15, 1) ==> 15
round(float('inf')) ==> ! OverflowError: can't convert inf to int
round(float('nan')) ==> ! ValueError: can't convert NaN to int
round('a') ==> ! TypeError: can't convert str to float
round(None) ==> ! TypeError: can't convert NoneType to float
round(1j) ==> ! TypeError: can't convert complex to float
round() ==> ! TypeError: function missing 1 required positional arguments
int(1.9), int(-1.9), int(1e9), bool(0.1), str(1.5), repr(-2.5) ==> (1, -1, 1000000000, True, '1.5', '-2.5')
print(1.5, 1e10, 1e-5, 100.0, 0.5, 1e100 > 1, -0.0) ==> 1.5 10000000000.0 1e-05 100.0 0.5 True -0.0
1e10 ==> 10000000000.0
1e15 ==> 1000000000000000.0
1e16 ==> 1e+16
1e17 ==> 1e+17
1e20 ==> 1e+20
0.001 ==> 0.001
0.0001 ==> 0.0001
0.00001 ==> 1e-05
123456.0 ==> 123456.0
1234567.0 ==> 1234567.0
"""


class TestComplex(Pinned):
    """complex."""

    setup = "z = 1 + 2j\n"
    cases = r"""
z ==> (1+2j)
-z ==> (-1-2j)
+z ==> (1+2j)
1j ==> 1j
-1j ==> -1j
0j ==> 0j
1.5j ==> 1.5j
1e2j ==> 100j
1J ==> 1j
.5j ==> 0.5j
2 - 0.5j ==> (2-0.5j)
z + 1 ==> (2+2j)
z + 2.5 ==> (3.5+2j)
z + True ==> (2+2j)
z + z ==> (2+4j)
z + 1j ==> (1+3j)
z + 1 - 2j ==> (2+0j)
z - 1 ==> 2j
z - 2.5 ==> (-1.5+2j)
z - True ==> 2j
z - z ==> 0j
z - 1j ==> (1+1j)
z - 1 - 2j ==> 0j
z * 1 ==> (1+2j)
z * 2.5 ==> (2.5+5j)
z * True ==> (1+2j)
z * z ==> (-3+4j)
z * 1j ==> (-2+1j)
z * 1 - 2j ==> (1+0j)
z / 1 ==> (1+2j)
z / 2.5 ==> (0.4+0.8j)
z / True ==> (1+2j)
z / z ==> (1+0j)
z / 1j ==> (2-1j)
z / 1 - 2j ==> (1+0j)
1 + z ==> (2+2j)
1 - z ==> -2j
1 * z ==> (1+2j)
1 / z ==> (0.2-0.4j)
2.5 + z ==> (3.5+2j)
2.5 - z ==> (1.5-2j)
2.5 * z ==> (2.5+5j)
z ** 0 ==> (1+0j)
z / 0 ==> ! ZeroDivisionError: complex divide by zero
z / 0j ==> ! ZeroDivisionError: complex divide by zero
z / 0.0 ==> ! ZeroDivisionError: complex divide by zero
0j ** 0 ==> (1+0j)
0j ** 1 ==> 0j
0j ** -1 ==> ! ZeroDivisionError: 0.0 to a complex power
0j ** 1j ==> ! ZeroDivisionError: 0.0 to a complex power
z // 1 ==> ! TypeError: can't truncate-divide a complex number
z % 1 ==> ! TypeError: unsupported types for __mod__: 'complex', 'int'
z < 1 ==> ! TypeError: unsupported types for __lt__: 'complex', 'int'
z > 1 ==> ! TypeError: unsupported types for __gt__: 'complex', 'int'
z <= 1 ==> ! TypeError: unsupported types for __le__: 'complex', 'int'
z >= 1 ==> ! TypeError: unsupported types for __ge__: 'complex', 'int'
z << 1 ==> ! TypeError: unsupported types for __lshift__: 'complex', 'int'
z & 1 ==> ! TypeError: unsupported types for __and__: 'complex', 'int'
1 < 1j ==> ! TypeError: unsupported types for __lt__: 'int', 'complex'
z == 1 + 2j ==> True
z == 1 ==> False
z == 1.0 ==> False
z == 'a' ==> False
z == 1 - 2j ==> False
z == None ==> False
1j == 1j, 1 + 0j == 1, 0j == 0, 1.5 == 1.5 + 0j, True == 1 + 0j ==> (True, True, True, True, True)
z != z, z != 1 ==> (False, True)
abs(3 + 4j), abs(-5j), abs(0j) ==> (5.0, 5.0, 0.0)
z.real, z.imag, (2j).real, (-0.5j).imag ==> (1.0, 2.0, 0.0, -0.5)
z.real = 1 ==> ! AttributeError: 'complex' object has no attribute 'real'
z.conjugate() ==> ! AttributeError: 'complex' object has no attribute 'conjugate'
~z ==> ! TypeError: unsupported type for __invert__: 'complex'
complex() ==> 0j
complex(1) ==> (1+0j)
complex(1.5) ==> (1.5+0j)
complex(True) ==> (1+0j)
complex(z) ==> (1+2j)
complex(1, 2) ==> (1+2j)
complex(1.5, -2) ==> (1.5-2j)
complex(z, 1) ==> (1+3j)
complex(1, 1j) ==> 0j
complex(z, z) ==> (-1+3j)
complex('1+2j') ==> (1+2j)
complex('1') ==> (1+0j)
complex('2j') ==> 2j
complex('-1.5-2j') ==> (-1.5-2j)
complex('j') ==> 1j
complex(' 1 ') ==> (1+0j)
complex('1 + 2j') ==> ! ValueError: invalid syntax for number
complex('(1+2j)') ==> ! ValueError: invalid syntax for number
complex('a') ==> ! ValueError: invalid syntax for number
complex('') ==> ! ValueError: invalid syntax for number
complex('1+') ==> ! ValueError: invalid syntax for number
complex(None) ==> ! TypeError: can't convert NoneType to complex
complex([]) ==> ! TypeError: can't convert list to complex
complex('1', 2) ==> ! TypeError: can't convert str to float
complex(1, '2') ==> ! TypeError: can't convert str to float
complex(1, None) ==> ! TypeError: can't convert NoneType to float
complex(1, 2, 3) ==> ! TypeError: function expected at most 2 arguments, got 3
complex(real=1) ==> ! TypeError: function doesn't take keyword arguments
bool(0j), bool(1j), not 0j ==> (False, True, True)
hash(1j) == hash(1j), hash(1 + 0j) == hash(1 + 0j) ==> (True, True)
int(1j) ==> ! TypeError: can't convert complex to int
float(1j) ==> ! TypeError: can't convert complex to float
round(1j) ==> ! TypeError: can't convert complex to float
divmod(1j, 1) ==> ! TypeError: unsupported types for __divmod__: 'complex', 'int'
str(z), repr(z), '%s' % z, '{}'.format(z), [z] ==> ('(1+2j)', '(1+2j)', '(1+2j)', '(1+2j)', [(1+2j)])
z[0] ==> ! TypeError: 'complex' object isn't subscriptable
z.x ==> ! AttributeError: 'complex' object has no attribute 'x'
{1j: 1}[1j] ==> 1
float('inf') * 1j ==> (nan+infj)
max(1j, 2j) ==> ! TypeError: unsupported types for __gt__: 'complex', 'complex'
1j * 1j, 1j / 1j, (1 + 1j) * (1 - 1j), (4 + 2j) / 2, (1 + 2j) - (1 + 2j) ==> ((-1+0j), (1-0j), (2+0j), (2+1j), 0j)
"""
