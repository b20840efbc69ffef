"""int: small and long (py/objint.c, py/objint_mpz.c, py/mpz.c, py/smallint.c, py/parsenum.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestText(Pinned):
    """As text: decimal, and in other bases."""

    setup = "B = 10 ** 25\n"
    cases = r"""
0 ==> 0
-0 ==> 0
5 ==> 5
-5 ==> -5
1073741823 ==> 1073741823
1073741824 ==> 1073741824
-1073741824 ==> -1073741824
-1073741825 ==> -1073741825
10 ** 9 ==> 1000000000
10 ** 10 ==> 10000000000
10 ** 18 ==> 1000000000000000000
10 ** 19 ==> 10000000000000000000
10 ** 20 ==> 100000000000000000000
-10 ** 20 ==> -100000000000000000000
B ==> 10000000000000000000000000
-B ==> -10000000000000000000000000
2 ** 64 ==> 18446744073709551616
2 ** 100 ==> 1267650600228229401496703205376
3 ** 60 ==> 42391158275216203514294433201
str(B) ==> '10000000000000000000000000'
repr(-B) ==> '-10000000000000000000000000'
'%d' % B ==> '10000000000000000000000000'
'{}'.format(B) ==> '10000000000000000000000000'
hex(0) ==> '0x0'
hex(1) ==> '0x1'
hex(-1) ==> '-0x1'
hex(255) ==> '0xff'
hex(-255) ==> '-0xff'
hex(10 ** 25) ==> '0x84595161401484a000000'
hex(-10 ** 25) ==> '-0x84595161401484a000000'
hex(True) ==> '0x1'
hex(1 << 64) ==> '0x10000000000000000'
oct(0) ==> '0o0'
oct(1) ==> '0o1'
oct(-1) ==> '-0o1'
oct(8) ==> '0o10'
oct(-255) ==> '-0o377'
oct(10 ** 25) ==> '0o4105452130240024411200000000'
oct(True) ==> '0o1'
bin(0) ==> '0b0'
bin(1) ==> '0b1'
bin(-1) ==> '-0b1'
bin(10) ==> '0b1010'
bin(-255) ==> '-0b11111111'
bin(1 << 40) ==> '0b10000000000000000000000000000000000000000'
bin(True) ==> '0b1'
bin(-(1 << 33)) ==> '-0b1000000000000000000000000000000000'
hex(1.5) ==> ! TypeError: can't convert float to int
bin('a') ==> ! ValueError: unknown format code 'b' for object of type 'str'
oct(None) ==> ! TypeError: can't convert NoneType to int
hex() ==> ! TypeError: function takes 1 positional arguments but 0 were given
0x1F, 0XaB, 0o17, 0O7, 0b101, 0B1, 1_000, 0x_ff, 0b1_0 ==> (31, 171, 15, 7, 5, 1, 1000, 255, 2)
0xffffffffffffffffffff, 0b1111111111111111111111111111111111111111 ==> (1208925819614629174706175, 1099511627775)
00, 0_0, 1_2_3 ==> (0, 0, 123)
exec('01') ==> ! SyntaxError: invalid syntax for integer with base 0: '01'
exec('0x') ==> ! SyntaxError: invalid syntax for integer with base 16: ''
exec('0b2') ==> ! SyntaxError: invalid syntax for integer with base 2: '2'
exec('1__') ==> None
exec('1_') ==> None
exec('0o9') ==> ! SyntaxError: invalid syntax for integer with base 8: '9'
exec('1a') ==> ! SyntaxError: invalid syntax for integer with base 10: '1a'
exec('print(1 if 1else 2)') ==> ! SyntaxError: invalid syntax for number
'%x' % B ==> '84595161401484a000000'
'%X' % B ==> '84595161401484A000000'
'%o' % B ==> '4105452130240024411200000000'
'%x' % -B ==> '-84595161401484a000000'
'{:x}'.format(B) ==> '84595161401484a000000'
'{:#x}'.format(B) ==> '0x84595161401484a000000'
'{:b}'.format(5) ==> '101'
'{:,}'.format(B) ==> '10,000,000,000,000,000,000,000,000'
"""


class TestBytes(Pinned):
    """``to_bytes``, ``from_bytes``, ``bit_length``."""

    setup = "B = 10 ** 25\n"
    cases = r"""
(0).to_bytes(2, 'little') ==> b'\x00\x00'
(1).to_bytes(2, 'little') ==> b'\x01\x00'
(255).to_bytes(2, 'little') ==> b'\xff\x00'
(256).to_bytes(2, 'little') ==> b'\x00\x01'
(-1).to_bytes(2, 'little') ==> b'\xff\xff'
(-128).to_bytes(2, 'little') ==> b'\x80\xff'
(-129).to_bytes(2, 'little') ==> b'\x7f\xff'
(True).to_bytes(2, 'little') ==> ! AttributeError: 'bool' object has no attribute 'to_bytes'
(65535).to_bytes(2, 'little') ==> b'\xff\xff'
(1 << 30).to_bytes(2, 'little') ==> ! OverflowError: buffer too small
(0).to_bytes(2, 'big') ==> b'\x00\x00'
(1).to_bytes(2, 'big') ==> b'\x00\x01'
(255).to_bytes(2, 'big') ==> b'\x00\xff'
(256).to_bytes(2, 'big') ==> b'\x01\x00'
(-1).to_bytes(2, 'big') ==> b'\xff\xff'
(-128).to_bytes(2, 'big') ==> b'\xff\x80'
(-129).to_bytes(2, 'big') ==> b'\xff\x7f'
(True).to_bytes(2, 'big') ==> ! AttributeError: 'bool' object has no attribute 'to_bytes'
(65535).to_bytes(2, 'big') ==> b'\xff\xff'
(1 << 30).to_bytes(2, 'big') ==> ! OverflowError: buffer too small
(0).to_bytes(8, 'big') ==> b'\x00\x00\x00\x00\x00\x00\x00\x00'
(255).to_bytes(8, 'big') ==> b'\x00\x00\x00\x00\x00\x00\x00\xff'
(256).to_bytes(8, 'big') ==> b'\x00\x00\x00\x00\x00\x00\x01\x00'
(-1).to_bytes(8, 'big') ==> b'\xff\xff\xff\xff\xff\xff\xff\xff'
(10 ** 25).to_bytes(8, 'big') ==> ! OverflowError: buffer too small
(-10 ** 25).to_bytes(8, 'big') ==> ! OverflowError: buffer too small
(1 << 62).to_bytes(8, 'big') ==> b'@\x00\x00\x00\x00\x00\x00\x00'
(1 << 63).to_bytes(8, 'big') ==> b'\x80\x00\x00\x00\x00\x00\x00\x00'
(-(1 << 63)).to_bytes(8, 'big') ==> b'\x80\x00\x00\x00\x00\x00\x00\x00'
((1 << 64) - 1).to_bytes(8, 'big') ==> b'\xff\xff\xff\xff\xff\xff\xff\xff'
(1 << 64).to_bytes(8, 'big') ==> ! OverflowError: buffer too small
B.to_bytes(11, 'little') ==> b'\x00\x00\x00JH\x01\x14\x16\x95E\x08'
B.to_bytes(10, 'little') ==> ! OverflowError: buffer too small
B.to_bytes(20, 'little') ==> b'\x00\x00\x00JH\x01\x14\x16\x95E\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00'
(-B).to_bytes(12, 'big') ==> b'\xff\xf7\xbaj\xe9\xeb\xfe\xb7\xb6\x00\x00\x00'
(1).to_bytes(0, 'big') ==> ! OverflowError: buffer too small
(1).to_bytes(1, 'big') ==> b'\x01'
(1).to_bytes(3, 'big') ==> b'\x00\x00\x01'
(1).to_bytes(-1, 'big') ==> ! ValueError:
(1).to_bytes('a', 'big') ==> ! TypeError: can't convert str to int
(1).to_bytes(None, 'big') ==> ! TypeError: can't convert NoneType to int
(1).to_bytes(1.0, 'big') ==> ! TypeError: can't convert float to int
(0).to_bytes(0, 'big') ==> b''
(1).to_bytes(2, 'x') ==> b'\x00\x01'
(1).to_bytes(2, '') ==> b'\x00\x01'
(1).to_bytes(2, 1) ==> b'\x00\x01'
(1).to_bytes(2, None) ==> b'\x00\x01'
(1).to_bytes() ==> b'\x01'
(1).to_bytes(2) ==> b'\x00\x01'
(1).to_bytes(2, byteorder='big') ==> ! TypeError: function doesn't take keyword arguments
(5).to_bytes(1, 'big', True) ==> b'\x05'
(-5).to_bytes(1, 'big', signed=True) ==> ! TypeError: function doesn't take keyword arguments
int.from_bytes(b'', 'little') ==> 0
int.from_bytes(b'\x01', 'little') ==> 1
int.from_bytes(b'\x01\x02', 'little') ==> 513
int.from_bytes(b'\xff\xff', 'little') ==> 65535
int.from_bytes(b'\xff' * 4, 'little') ==> 4294967295
int.from_bytes(b'\xff' * 9, 'little') ==> 4722366482869645213695
int.from_bytes(bytearray(b'\x01\x00'), 'little') ==> 1
int.from_bytes(memoryview(b'\x02'), 'little') ==> 2
int.from_bytes(b'', 'big') ==> 0
int.from_bytes(b'\x01', 'big') ==> 1
int.from_bytes(b'\x01\x02', 'big') ==> 258
int.from_bytes(b'\xff\xff', 'big') ==> 65535
int.from_bytes(b'\xff' * 4, 'big') ==> 4294967295
int.from_bytes(b'\xff' * 9, 'big') ==> 4722366482869645213695
int.from_bytes('ab', 'big') ==> 24930
int.from_bytes([1, 2], 'big') ==> ! TypeError: object with buffer protocol required
int.from_bytes(5, 'big') ==> ! TypeError: object with buffer protocol required
int.from_bytes(None, 'big') ==> ! TypeError: object with buffer protocol required
int.from_bytes(b'\xff', 'big', True) ==> 255
int.from_bytes(b'\xff', 'big', signed=True) ==> ! TypeError: function doesn't take keyword arguments
int.from_bytes(b'\x01\x02', 'x') ==> 258
int.from_bytes(b'\x01\x02', '') ==> 258
int.from_bytes(b'\x01\x02', 1) ==> 258
int.from_bytes(b'\x01\x02') ==> 258
int.from_bytes() ==> ! TypeError: function missing 1 required positional arguments
(5).from_bytes(b'\x01', 'big') ==> 1
(5).bit_length() ==> ! AttributeError: 'int' object has no attribute 'bit_length'
"""
