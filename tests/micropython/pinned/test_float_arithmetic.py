"""float and complex where single and double precision print alike (py/objfloat.c, py/objcomplex.c, py/parsenum.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestArithmetic(Pinned):
    """Operators; what divides by nothing; what has no result."""

    setup = "inf = float('inf')\nnan = float('nan')\n"
    cases = r"""
1.5 + 2 ==> 3.5
1.5 + 0.5 ==> 2.0
1.5 + -0.5 ==> 1.0
1.5 + True ==> 2.5
1.5 + 1.5 ==> 3.0
1.5 - 2 ==> -0.5
1.5 - 0.5 ==> 1.0
1.5 - -0.5 ==> 2.0
1.5 - True ==> 0.5
1.5 - 1.5 ==> 0.0
1.5 * 2 ==> 3.0
1.5 * 0.5 ==> 0.75
1.5 * -0.5 ==> -0.75
1.5 * True ==> 1.5
1.5 * 1.5 ==> 2.25
1.5 / 2 ==> 0.75
1.5 / 0.5 ==> 3.0
1.5 / -0.5 ==> -3.0
1.5 / True ==> 1.5
1.5 / 1.5 ==> 1.0
1.5 // 2 ==> 0.0
1.5 // 0.5 ==> 3.0
1.5 // -0.5 ==> -3.0
1.5 // True ==> 1.0
1.5 // 1.5 ==> 1.0
1.5 % 2 ==> 1.5
1.5 % 0.5 ==> 0.0
1.5 % -0.5 ==> -0.0
1.5 % True ==> 0.5
1.5 % 1.5 ==> 0.0
1.5 ** 2 ==> 2.25
1.5 ** 0.5 =~> 1.2247449
1.5 ** -0.5 =~> 0.8164966
1.5 ** True ==> 1.5
1.5 ** 1.5 =~> 1.83711732
-2.5 // 2 ==> -2.0
-2.5 // -2 ==> 1.0
-2.5 // 0.5 ==> -5.0
-2.5 // 1.5 ==> -2.0
-2.5 // -1.5 ==> 1.0
-2.5 % 2 ==> 1.5
-2.5 % -2 ==> -0.5
-2.5 % 0.5 ==> 0.0
-2.5 % 1.5 ==> 0.5
-2.5 % -1.5 ==> -1.0
2.5 // 2 ==> 1.0
2.5 // -2 ==> -2.0
2.5 // 0.5 ==> 5.0
2.5 // -1.5 ==> -2.0
2.5 // inf ==> 0.0
2.5 // -inf ==> -1.0
2.5 % 2 ==> 0.5
2.5 % -2 ==> -1.5
2.5 % 0.5 ==> 0.0
2.5 % -1.5 ==> -0.5
2.5 % inf ==> 2.5
2.5 % -inf ==> -inf
7 // 2.0 ==> 3.0
7 // -2.0 ==> -4.0
7 // 0.5 ==> 14.0
7 % 2.0 ==> 1.0
7 % -2.0 ==> -1.0
7 % 0.5 ==> 0.0
-7 // 2.0 ==> -4.0
-7 // -2.0 ==> 3.0
-7 // 0.5 ==> -14.0
-7 % 2.0 ==> 1.0
-7 % -2.0 ==> -1.0
-7 % 0.5 ==> 0.0
1.5 / 0 ==> ! ZeroDivisionError: divide by zero
1.5 / 0.0 ==> ! ZeroDivisionError: divide by zero
1.5 / False ==> ! ZeroDivisionError: divide by zero
1.5 / -0.0 ==> ! ZeroDivisionError: divide by zero
1.5 // 0 ==> ! ZeroDivisionError: divide by zero
1.5 // 0.0 ==> ! ZeroDivisionError: divide by zero
1.5 // False ==> ! ZeroDivisionError: divide by zero
1.5 // -0.0 ==> ! ZeroDivisionError: divide by zero
1.5 % 0 ==> ! ZeroDivisionError: divide by zero
1.5 % 0.0 ==> ! ZeroDivisionError: divide by zero
1.5 % False ==> ! ZeroDivisionError: divide by zero
1.5 % -0.0 ==> ! ZeroDivisionError: divide by zero
0.0 / 0.0 ==> ! ZeroDivisionError: divide by zero
0.0 // 0.0 ==> ! ZeroDivisionError: divide by zero
0.0 % 0.0 ==> ! ZeroDivisionError: divide by zero
1 / 0.0 ==> ! ZeroDivisionError: divide by zero
1 // 0.0 ==> ! ZeroDivisionError: divide by zero
1 % 0.0 ==> ! ZeroDivisionError: divide by zero
inf + 1 ==> inf
inf + inf ==> inf
inf + -inf ==> nan
inf + 0.0 ==> inf
inf + 2.0 ==> inf
inf - 1 ==> inf
inf - inf ==> nan
inf - -inf ==> inf
inf - 0.0 ==> inf
inf - 2.0 ==> inf
inf * 1 ==> inf
inf * inf ==> inf
inf * -inf ==> -inf
inf * 0.0 ==> nan
inf * 2.0 ==> inf
inf / 1 ==> inf
inf / inf ==> nan
inf / -inf ==> nan
inf / 0.0 ==> ! ZeroDivisionError: divide by zero
inf / 2.0 ==> inf
inf // 1 ==> nan
inf // inf ==> nan
inf // -inf ==> nan
inf // 0.0 ==> ! ZeroDivisionError: divide by zero
inf // 2.0 ==> nan
inf % 1 ==> nan
inf % inf ==> nan
inf % -inf ==> nan
inf % 0.0 ==> ! ZeroDivisionError: divide by zero
inf % 2.0 ==> nan
inf ** 1 ==> inf
inf ** inf ==> inf
inf ** -inf ==> 0.0
inf ** 0.0 ==> 1.0
inf ** 2.0 ==> inf
-inf + inf ==> nan
-inf + 2.0 ==> -inf
-inf + 3.0 ==> -inf
-inf + 0.0 ==> -inf
-inf * inf ==> -inf
-inf * 2.0 ==> -inf
-inf * 3.0 ==> -inf
-inf * 0.0 ==> nan
-inf ** inf ==> -inf
-inf ** 2.0 ==> -inf
-inf ** 3.0 ==> -inf
-inf ** 0.0 ==> -1.0
nan + 1 ==> nan
nan + 0 ==> nan
nan + inf ==> nan
nan + nan ==> nan
nan * 1 ==> nan
nan * 0 ==> nan
nan * inf ==> nan
nan * nan ==> nan
nan ** 1 ==> nan
nan ** 0 ==> 1.0
nan ** inf ==> nan
nan ** nan ==> nan
1.0 ** nan ==> 1.0
1.0 ** inf ==> 1.0
1.0 ** -inf ==> 1.0
0.0 ** 0 ==> 1.0
0.0 ** 1 ==> 0.0
0.0 ** -1 ==> ! ZeroDivisionError: divide by zero
0.0 ** 0.5 ==> 0.0
0.0 ** inf ==> 0.0
0.0 ** -inf ==> inf
(-2.0) ** 2 ==> 4.0
(-2.0) ** 3 ==> -8.0
(-2.0) ** -1 ==> -0.5
2.0 ** 10 ==> 1024.0
2.0 ** -1 ==> 0.5
2.0 ** 100 - 100 =~> 1.2676506e+30
-0.0, 0.0 * -1, -(0.0), 0.0 + -0.0, -0.0 + -0.0, 0 * -1.0 ==> (-0.0, -0.0, -0.0, 0.0, -0.0, -0.0)
abs(-1.5) ==> 1.5
abs(0.0) ==> 0.0
abs(-0.0) ==> 0.0
abs(-inf) ==> inf
abs(nan) ==> nan
divmod(7.5, 2) ==> (3.0, 1.5)
divmod(-7.5, 2) ==> (-4.0, 0.5)
divmod(7.5, -2) ==> (-4.0, -0.5)
divmod(7, 2.5) ==> (2.0, 2.0)
divmod(-0.5, 1) ==> (-1.0, 0.5)
divmod(1.5, 0) ==> ! ZeroDivisionError: divide by zero
divmod(1.5, 'a') ==> ! TypeError: unsupported types for __divmod__: 'float', 'str'
pow(1.5, 2), pow(4, 0.5), pow(0.25, -1) ==> (2.25, 2.0, 4.0)
1.5 + 'a' ==> ! TypeError: unsupported types for __add__: 'float', 'str'
1.5 + None ==> ! TypeError: unsupported types for __add__: 'float', 'NoneType'
1.5 + [1] ==> ! TypeError: unsupported types for __add__: 'float', 'list'
1.5 - 'a' ==> ! TypeError: unsupported types for __sub__: 'float', 'str'
1.5 - None ==> ! TypeError: unsupported types for __sub__: 'float', 'NoneType'
1.5 - [1] ==> ! TypeError: unsupported types for __sub__: 'float', 'list'
1.5 * 'a' ==> ! TypeError: unsupported types for __mul__: 'float', 'str'
1.5 * None ==> ! TypeError: unsupported types for __mul__: 'float', 'NoneType'
1.5 * [1] ==> ! TypeError: unsupported types for __mul__: 'float', 'list'
1.5 / 'a' ==> ! TypeError: unsupported types for __truediv__: 'float', 'str'
1.5 / None ==> ! TypeError: unsupported types for __truediv__: 'float', 'NoneType'
1.5 / [1] ==> ! TypeError: unsupported types for __truediv__: 'float', 'list'
1.5 << 1 ==> ! TypeError: unsupported types for __lshift__: 'float', 'int'
1.5 >> 1 ==> ! TypeError: unsupported types for __rshift__: 'float', 'int'
1.5 & 1 ==> ! TypeError: unsupported types for __and__: 'float', 'int'
1.5 | 1 ==> ! TypeError: unsupported types for __or__: 'float', 'int'
1.5 ^ 1 ==> ! TypeError: unsupported types for __xor__: 'float', 'int'
1.5 @ 1 ==> ! TypeError: unsupported types for __matmul__: 'float', 'int'
~1.5 ==> ! TypeError: unsupported type for __invert__: 'float'
+1.5, -1.5, not 0.0, not 1.5, bool(nan), bool(-0.0) ==> (1.5, -1.5, True, False, True, False)
'a' * 1.5 ==> ! TypeError: unsupported types for __mul__: 'str', 'float'
x = 1.5; x += 1; print(x) ==> 2.5
x = 1.5; x //= 1; print(x) ==> 1.0
x = 1.5; x **= 2; print(x) ==> 2.25
x = 6; x /= 4; print(x) ==> 1.5
1 / 2, 4 / 2, -1 / 4, 0 / 5, (1 << 40) / (1 << 38) ==> (0.5, 2.0, -0.25, 0.0, 4.0)
"""


class TestOrder(Pinned):
    """Comparison; nan is not ordered; hashes of whole values are those of ints."""

    setup = "inf = float('inf')\nnan = float('nan')\n"
    cases = r"""
1.5 < 1 ==> False
1.5 < 2 ==> True
1.5 < 1.5 ==> False
1.5 < True ==> False
1.5 < inf ==> True
1.5 < -inf ==> False
1.5 < nan ==> False
1.5 <= 1 ==> False
1.5 <= 2 ==> True
1.5 <= 1.5 ==> True
1.5 <= True ==> False
1.5 <= inf ==> True
1.5 <= -inf ==> False
1.5 <= nan ==> False
1.5 == 1 ==> False
1.5 == 2 ==> False
1.5 == 1.5 ==> True
1.5 == True ==> False
1.5 == inf ==> False
1.5 == -inf ==> False
1.5 == nan ==> False
1.5 != 1 ==> True
1.5 != 2 ==> True
1.5 != 1.5 ==> False
1.5 != True ==> True
1.5 != inf ==> True
1.5 != -inf ==> True
1.5 != nan ==> True
1.5 > 1 ==> True
1.5 > 2 ==> False
1.5 > 1.5 ==> False
1.5 > True ==> True
1.5 > inf ==> False
1.5 > -inf ==> True
1.5 > nan ==> False
1.5 >= 1 ==> True
1.5 >= 2 ==> False
1.5 >= 1.5 ==> True
1.5 >= True ==> True
1.5 >= inf ==> False
1.5 >= -inf ==> True
1.5 >= nan ==> False
nan < nan ==> False
nan <= nan ==> False
nan == nan ==> False
nan != nan ==> True
nan > nan ==> False
nan >= nan ==> False
inf < inf ==> False
inf < -inf ==> False
inf < 1 << 100 ==> False
inf < 1 ==> False
inf == inf ==> True
inf == -inf ==> False
inf == 1 << 100 ==> False
inf == 1 ==> False
inf > inf ==> False
inf > -inf ==> True
inf > 1 << 100 ==> True
inf > 1 ==> True
0.0 == -0.0, 0.0 is 0.0, 1.0 == True, 1.0 == 1 ==> (True, True, True, True)
1.5 == '1.5' ==> False
1.5 == None ==> False
1.5 == [1.5] ==> False
1.5 == 1.5 + 0j ==> True
1.5 < 'a' ==> ! TypeError: unsupported types for __lt__: 'float', 'str'
1.5 < None ==> ! TypeError: unsupported types for __lt__: 'float', 'NoneType'
1.5 < 1j ==> ! TypeError: unsupported types for __lt__: 'float', 'complex'
1.5 < [] ==> ! TypeError: unsupported types for __lt__: 'float', 'list'
1.5 >= 'a' ==> ! TypeError: unsupported types for __ge__: 'float', 'str'
1.5 >= None ==> ! TypeError: unsupported types for __ge__: 'float', 'NoneType'
1.5 >= 1j ==> ! TypeError: unsupported types for __ge__: 'float', 'complex'
1.5 >= [] ==> ! TypeError: unsupported types for __ge__: 'float', 'list'
hash(1.0) == hash(1), hash(0.0), hash(-0.0), hash(1e9) == hash(10 ** 9) ==> (True, 0, 0, True)
hash(0.5), hash(-0.5), hash(1.5) ==> (0, 0, 1)
hash(inf) ==> -1
hash(-inf) ==> 0
hash(nan) ==> 0
{1.0: 'a'}[1], {1: 'a'}[1.0], 0.5 in {0.5} ==> ('a', 'a', True)
max(1, 1.5), min(-0.5, 0), max(1, 1.0), sorted([1.5, 1, -inf, inf]) ==> (1.5, -0.5, 1, [-inf, 1, 1.5, inf])
"""
