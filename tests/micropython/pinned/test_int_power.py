"""int: small and long (py/objint.c, py/objint_mpz.c, py/mpz.c, py/smallint.c, py/parsenum.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestPower(Pinned):
    """``**`` and ``pow``, with a modulus too."""

    setup = "B = 10 ** 25\n"
    cases = r"""
2 ** 0 ==> 1
2 ** 1 ==> 2
2 ** 10 ==> 1024
2 ** 29 ==> 536870912
2 ** 30 ==> 1073741824
2 ** 31 ==> 2147483648
2 ** 64 ==> 18446744073709551616
2 ** 100 ==> 1267650600228229401496703205376
-2 ** 0 ==> -1
-2 ** 1 ==> -2
-2 ** 2 ==> -4
-2 ** 3 ==> -8
-2 ** 5 ==> -32
-3 ** 0 ==> -1
-3 ** 1 ==> -3
-3 ** 2 ==> -9
-3 ** 3 ==> -27
-3 ** 5 ==> -243
0 ** 0 ==> 1
0 ** 1 ==> 0
0 ** 2 ==> 0
0 ** 3 ==> 0
0 ** 5 ==> 0
1 ** 0 ==> 1
1 ** 1 ==> 1
1 ** 2 ==> 1
1 ** 3 ==> 1
1 ** 5 ==> 1
-1 ** 0 ==> -1
-1 ** 1 ==> -1
-1 ** 2 ==> -1
-1 ** 3 ==> -1
-1 ** 5 ==> -1
3 ** 50 ==> 717897987691852588770249
(-3) ** 51 ==> -2153693963075557766310747
B ** 0 ==> 1
B ** 1 ==> 10000000000000000000000000
B ** 2 ==> 100000000000000000000000000000000000000000000000000
B ** 3 ==> 1000000000000000000000000000000000000000000000000000000000000000000000000000
(-B) ** 2 ==> 100000000000000000000000000000000000000000000000000
(-B) ** 3 ==> -1000000000000000000000000000000000000000000000000000000000000000000000000000
2 ** -1, 4 ** -2, (-2) ** -1 ==> (0.5, 0.0625, -0.5)
1 ** B, 0 ** B ==> (1, 0)
(-1) ** B ==> 1
0 ** -1 ==> ! ZeroDivisionError: divide by zero
2 ** 0.5 == 2 ** .5 ==> True
4 ** 0.5 ==> 2.0
(-8) ** 0.5 == 1j * 8 ** 0.5 ==> False
'a' ** 2 ==> ! TypeError: unsupported types for __pow__: 'str', 'int'
2 ** 'a' ==> ! TypeError: unsupported types for __pow__: 'int', 'str'
2 ** None ==> ! TypeError: unsupported types for __pow__: 'int', 'NoneType'
pow(2, 10) ==> 1024
pow(2, 0) ==> 1
pow(0, 0) ==> 1
pow(-2, 3) ==> -8
pow(2, 100) ==> 1267650600228229401496703205376
pow(3, 5, 7) ==> 5
pow(3, 0, 7) ==> 1
pow(3, 100, 7) ==> 4
pow(3, 1 << 70, 7) ==> 4
pow(-3, 5, 7) ==> 2
pow(3, 5, -7) ==> -2
pow(B, 3, 1000), pow(3, B, 1000), pow(B, B, B + 1) ==> (0, 1, 1)
pow(3, 5, 0) ==> ! ValueError: divide by zero
pow(3, 5, 1) ==> 0
pow(3, 5, -1) ==> 0
pow(3, -1, 7) ==> 0
pow(2.0, 2, 3) ==> ! TypeError: pow() with 3 arguments requires integers
pow(2, 2, 'a') ==> ! TypeError: pow() with 3 arguments requires integers
pow(2) ==> ! TypeError: function missing 1 required positional arguments
x = 3; x **= 4; print(x) ==> 81
"""


class TestOrder(Pinned):
    """Comparison with numbers of every kind."""

    setup = "B = 10 ** 25\n"
    cases = r"""
1 < 1 ==> False
1 < 2 ==> True
1 < 0 ==> False
1 < True ==> False
1 < B ==> True
1 < -B ==> False
1 < 1.0 ==> False
1 < 1.5 ==> True
1 <= 1 ==> True
1 <= 2 ==> True
1 <= 0 ==> False
1 <= True ==> True
1 <= B ==> True
1 <= -B ==> False
1 <= 1.0 ==> True
1 <= 1.5 ==> True
1 == 1 ==> True
1 == 2 ==> False
1 == 0 ==> False
1 == True ==> True
1 == B ==> False
1 == -B ==> False
1 == 1.0 ==> True
1 == 1.5 ==> False
1 != 1 ==> False
1 != 2 ==> True
1 != 0 ==> True
1 != True ==> False
1 != B ==> True
1 != -B ==> True
1 != 1.0 ==> False
1 != 1.5 ==> True
1 > 1 ==> False
1 > 2 ==> False
1 > 0 ==> True
1 > True ==> False
1 > B ==> False
1 > -B ==> True
1 > 1.0 ==> False
1 > 1.5 ==> False
1 >= 1 ==> True
1 >= 2 ==> False
1 >= 0 ==> True
1 >= True ==> True
1 >= B ==> False
1 >= -B ==> True
1 >= 1.0 ==> True
1 >= 1.5 ==> False
B < B + 1 ==> True
B < B - 1 ==> False
B < 10 ** 25 ==> False
B < 0 ==> False
B < -B ==> False
B <= B + 1 ==> True
B <= B - 1 ==> False
B <= 10 ** 25 ==> True
B <= 0 ==> False
B <= -B ==> False
B == B + 1 ==> False
B == B - 1 ==> False
B == 10 ** 25 ==> True
B == 0 ==> False
B == -B ==> False
B != B + 1 ==> True
B != B - 1 ==> True
B != 10 ** 25 ==> False
B != 0 ==> True
B != -B ==> True
B > B + 1 ==> False
B > B - 1 ==> True
B > 10 ** 25 ==> False
B > 0 ==> True
B > -B ==> True
B >= B + 1 ==> False
B >= B - 1 ==> True
B >= 10 ** 25 ==> True
B >= 0 ==> True
B >= -B ==> True
-B < B ==> True
-B < -B ==> False
-B < 0 ==> True
-B < -B - 1 ==> False
-B > B ==> False
-B > -B ==> False
-B > 0 ==> False
-B > -B - 1 ==> True
-B == B ==> False
-B == -B ==> True
-B == 0 ==> False
-B == -B - 1 ==> False
1 < 'a' ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
1 < None ==> ! TypeError: unsupported types for __lt__: 'int', 'NoneType'
1 < [1] ==> ! TypeError: unsupported types for __lt__: 'int', 'list'
1 < 1j ==> ! TypeError: unsupported types for __lt__: 'int', 'complex'
1 >= 'a' ==> ! TypeError: unsupported types for __ge__: 'int', 'str'
1 >= None ==> ! TypeError: unsupported types for __ge__: 'int', 'NoneType'
1 >= [1] ==> ! TypeError: unsupported types for __ge__: 'int', 'list'
1 >= 1j ==> ! TypeError: unsupported types for __ge__: 'int', 'complex'
1 == '1' ==> False
1 == None ==> False
1 == [1] ==> False
1 == 1j ==> False
1 == 1 + 0j ==> True
B == 'a' ==> False
B == None ==> False
B < 'a' ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2 > 1 ==> (True, False, True)
1 < 2 == True ==> False
not B, not 0, bool(B), bool(-1), bool(1 << 64) ==> (False, True, True, True, True)
1 is 1, 1 is not True ==> (True, True)
max(B, 1) ==> 10000000000000000000000000
min(-B, 1) ==> -10000000000000000000000000
sorted([B, 1, -B, 0]) ==> [-10000000000000000000000000, 0, 1, 10000000000000000000000000]
hash(1), hash(-1), hash(True), hash(1 << 29) ==> (1, -1, 1, 536870912)
hash(B) == hash(10 ** 25), hash(0) ==> (True, 0)
{B: 1}[10 ** 25], B in [10 ** 25] ==> (1, True)
"""


class TestMaking(Pinned):
    """``int`` of texts, floats, buffers."""

    setup = "class C:\n    def __int__(self):\n        return 7\n"
    cases = r"""
int() ==> 0
int(5) ==> 5
int(True) ==> 1
int(False) ==> 0
int(1 << 70) ==> 1180591620717411303424
int(-5) ==> -5
int(1.9) ==> 1
int(-1.9) ==> -1
int(0.0) ==> 0
int(-0.5) ==> 0
int(1e9) ==> 1000000000
int(-1e9) ==> -1000000000
int(float('inf')) ==> ! OverflowError: can't convert inf to int
int(float('nan')) ==> ! ValueError: can't convert NaN to int
int(-float('inf')) ==> ! OverflowError: can't convert inf to int
int('0') ==> 0
int('12') ==> 12
int('-12') ==> -12
int('+12') ==> 12
int(' 12 ') ==> 12
int('\n1\t') ==> 1
int('1_000') ==> 1000
int('_1') ==> 1
int('1__0') ==> 10
int('1_') ==> 1
int('') ==> ! ValueError: invalid syntax for integer with base 10: ''
int(' ') ==> ! ValueError: invalid syntax for integer with base 10: ''
int('-') ==> ! ValueError: invalid syntax for integer with base 10: ''
int('+') ==> ! ValueError: invalid syntax for integer with base 10: ''
int('- 1') ==> ! ValueError: invalid syntax for integer with base 10: ' 1'
int('--1') ==> ! ValueError: invalid syntax for integer with base 10: '-1'
int('12a') ==> ! ValueError: invalid syntax for integer with base 10: '12a'
int('a') ==> ! ValueError: invalid syntax for integer with base 10: 'a'
int('0x10') ==> ! ValueError: invalid syntax for integer with base 10: '0x10'
int('0b1') ==> ! ValueError: invalid syntax for integer with base 10: '0b1'
int('0o7') ==> ! ValueError: invalid syntax for integer with base 10: '0o7'
int('1.5') ==> ! ValueError: invalid syntax for integer with base 10: '1.5'
int('1e3') ==> ! ValueError: invalid syntax for integer with base 10: '1e3'
int('12 3') ==> ! ValueError: invalid syntax for integer with base 10: '12 3'
int('é') ==> ! ValueError: invalid syntax for integer with base 10: '\xc3\xa9'
int('\x00') ==> ! ValueError: invalid syntax for integer with base 10: '\x00'
int('1\x00') ==> ! ValueError: invalid syntax for integer with base 10: '1\x00'
int('99999999999999999999') ==> 99999999999999999999
int('-99999999999999999999') ==> -99999999999999999999
int('00000000000000000000012') ==> 12
int('1073741823') ==> 1073741823
int('1073741824') ==> 1073741824
int('-1073741825') ==> -1073741825
int('12', 10) ==> 12
int('12', 3) ==> 5
int('12', 16) ==> 18
int('12', 36) ==> 38
int('12', 8) ==> 10
int('12', 2) ==> ! ValueError: invalid syntax for integer with base 2: '12'
int('ff', 16) ==> 255
int('FF', 16) ==> 255
int('0xff', 16) ==> 255
int('-0Xff', 16) ==> -255
int('zz', 36) ==> 1295
int('Zz', 36) ==> 1295
int('0x10', 0), int('0b11', 0), int('0o17', 0), int('12', 0), int('0B1', 0), int('0X1F', 0) ==> (16, 3, 15, 12, 1, 31)
int('0x', 0) ==> ! ValueError: invalid syntax for integer with base 16: ''
int('0b', 0) ==> ! ValueError: invalid syntax for integer with base 2: ''
int('0o', 0) ==> ! ValueError: invalid syntax for integer with base 8: ''
int('0b2', 0) ==> ! ValueError: invalid syntax for integer with base 2: '2'
int('0o8', 0) ==> ! ValueError: invalid syntax for integer with base 8: '8'
int('0xg', 0) ==> ! ValueError: invalid syntax for integer with base 16: 'g'
int('012', 0) ==> ! ValueError: invalid syntax for integer with base 0: '012'
int('00', 0) ==> 0
int('1', 1) ==> ! ValueError: int() arg 2 must be >= 2 and <= 36
int('1', -1) ==> ! ValueError: int() arg 2 must be >= 2 and <= 36
int('1', 37) ==> ! ValueError: int() arg 2 must be >= 2 and <= 36
int('1', 100) ==> ! ValueError: int() arg 2 must be >= 2 and <= 36
int('1', 'a') ==> ! TypeError: can't convert str to int
int('1', None) ==> ! TypeError: can't convert NoneType to int
int('1', 1.0) ==> ! TypeError: can't convert float to int
int('0b1', 2), int('0o7', 8) ==> (1, 7)
int('0b1', 16) ==> 177
int('0o7', 10) ==> ! ValueError: invalid syntax for integer with base 10: '0o7'
int('z', 35) ==> ! ValueError: invalid syntax for integer with base 35: 'z'
int(b'12'), int(bytearray(b'-3')), int(memoryview(b'4')) ==> (12, -3, 4)
int(b'12', 16) ==> 18
int(b'') ==> ! ValueError: invalid syntax for integer with base 10: ''
int(b'a') ==> ! ValueError: invalid syntax for integer with base 10: 'a'
int(b'\xff') ==> ! ValueError: invalid syntax for integer with base 10: '\xff'
int(5, 10) ==> ! TypeError: can't convert 'int' object to str implicitly
int(1.5, 10) ==> ! TypeError: can't convert 'float' object to str implicitly
int(None) ==> ! TypeError: can't convert NoneType to int
int([]) ==> ! TypeError: can't convert list to int
int(()) ==> ! TypeError: can't convert tuple to int
int(1j) ==> ! TypeError: can't convert complex to int
int(int) ==> ! TypeError: can't convert type to int
int(C()) ==> 7
int('1', 2, 3) ==> ! TypeError: function expected at most 2 arguments, got 3
int(x='1') ==> ! TypeError: function doesn't take keyword arguments
int('f' * 20, 16) ==> 1208925819614629174706175
int('7' * 20, 8) ==> 1152921504606846975
int('1' * 40, 2) ==> 1099511627775
int.x ==> ! AttributeError: type object 'int' has no attribute 'x'
(5).x ==> ! AttributeError: 'int' object has no attribute 'x'
(5).real ==> ! AttributeError: 'int' object has no attribute 'real'
5() ==> ! TypeError: 'int' object isn't callable
5[0] ==> ! TypeError: 'int' object isn't subscriptable
"""
