"""list: every method and operator (py/objlist.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestOperators(Pinned):
    """``+``, ``*``, orders; in place the list stays itself."""

    cases = r"""
[1] + [] ==> [1]
[1] + [2] ==> [1, 2]
[1] + (2,) ==> ! TypeError: unsupported types for __add__: 'list', 'tuple'
[1] + 'a' ==> ! TypeError: unsupported types for __add__: 'list', 'str'
[1] + None ==> ! TypeError: unsupported types for __add__: 'list', 'NoneType'
[1] + 1 ==> ! TypeError: unsupported types for __add__: 'list', 'int'
() + [1] ==> ! TypeError: unsupported types for __add__: 'tuple', 'list'
1 + [1] ==> ! TypeError: unsupported types for __add__: 'int', 'list'
'a' + [1] ==> ! TypeError: unsupported types for __add__: 'str', 'list'
None + [1] ==> ! TypeError: unsupported types for __add__: 'NoneType', 'list'
[1, 2] * 0 ==> []
[1, 2] * 1 ==> [1, 2]
[1, 2] * 2 ==> [1, 2, 1, 2]
[1, 2] * -1 ==> []
[1, 2] * True ==> [1, 2]
[1, 2] * False ==> []
0 * [1, 2] ==> []
2 * [1, 2] ==> [1, 2, 1, 2]
-1 * [1, 2] ==> []
[1] * 1.0 ==> ! TypeError: unsupported types for __mul__: 'list', 'float'
[1] * 'a' ==> ! TypeError: unsupported types for __mul__: 'list', 'str'
[1] * [1] ==> ! TypeError: unsupported types for __mul__: 'list', 'list'
[1] * None ==> ! TypeError: unsupported types for __mul__: 'list', 'NoneType'
[] * 100 ==> []
[1] - [1] ==> ! TypeError: unsupported types for __sub__: 'list', 'list'
[1] % 2 ==> ! TypeError: unsupported types for __mod__: 'list', 'int'
-[1] ==> ! TypeError: unsupported type for __neg__: 'list'
~[] ==> ! TypeError: unsupported type for __invert__: 'list'
not [] ==> True
bool([0]) ==> True
x = [1]; y = x; x += [2]; print(x, y) ==> [1, 2] [1, 2]
x = [1]; y = x; x = x + [2]; print(x, y) ==> [1, 2] [1]
x = [1]; y = x; x *= 3; print(x, y) ==> [1, 1, 1] [1]
x = [1]; x *= 0; print(x) ==> []
x = [1]; x *= -1; print(x) ==> []
x = [1]; x += (2, 3); print(x) ==> [1, 2, 3]
x = [1]; x += 'ab'; print(x) ==> [1, 'a', 'b']
x = [1]; x += range(2); print(x) ==> [1, 0, 1]
x = [1]; x += {3: 4}; print(x) ==> [1, 3]
x = [1]; x += 1 ==> ! TypeError: 'int' object isn't iterable
x = [1]; x *= 1.5 ==> ! TypeError: unsupported types for __mul__: 'list', 'float'
[1, 2] == [1, 2] ==> True
[1, 2] == [1] ==> False
[1, 2] == [2, 1] ==> False
[1, 2] == (1, 2) ==> False
[1, 2] == [1.0, 2] ==> True
[1, 2] == None ==> False
[1, 2] != [1, 2] ==> False
[1, 2] != [1] ==> True
[1, 2] != (1, 2) ==> True
[1, 2] < [1, 2] ==> False
[1, 2] < [1, 3] ==> True
[1, 2] < [1, 2, 0] ==> True
[1, 2] < [2] ==> True
[1, 2] < [] ==> False
[1, 2] < [1] ==> False
[1, 2] <= [1, 2] ==> True
[1, 2] <= [1, 3] ==> True
[1, 2] <= [1] ==> False
[1, 2] <= [0] ==> False
[1, 2] > [1, 2] ==> False
[1, 2] > [1, 1] ==> True
[1, 2] > [1] ==> True
[1, 2] > [2] ==> False
[1, 2] > [] ==> True
[1, 2] >= [1, 2] ==> True
[1, 2] >= [1] ==> True
[1, 2] >= [1, 2, 0] ==> False
[1, 2] < (1, 3) ==> ! TypeError: unsupported types for __lt__: 'list', 'tuple'
[1, 2] < 1 ==> ! TypeError: unsupported types for __lt__: 'list', 'int'
[1, 2] < None ==> ! TypeError: unsupported types for __lt__: 'list', 'NoneType'
[1, 'a'] < [1, 2] ==> ! TypeError: unsupported types for __gt__: 'int', 'str'
[1, 'a'] < [2, 'a'] ==> True
[1, 'a'] < ['a', 1] ==> ! TypeError: unsupported types for __gt__: 'str', 'int'
[1, 'a'] < [0, None] ==> False
[[1], 2] < [[1, 0]] ==> True
hash([]) ==> ! TypeError: unsupported type for __hash__: 'list'
{[]: 1} ==> ! TypeError: unsupported type for __hash__: 'list'
"""


class TestSorting(Pinned):
    """``sort`` and ``sorted``: not stable for equal keys, an order of the same kind each time."""

    setup = "def by(x, **k):\n    x.sort(**k)\n    return x\ndef boom(v):\n    return 1 // v\n"
    cases = r"""
by([3, 1, 2]) ==> [1, 2, 3]
by([]) ==> []
by([1]) ==> [1]
by([1, 1]) ==> [1, 1]
by([2, 1]) ==> [1, 2]
by([5, 4, 3, 2, 1]) ==> [1, 2, 3, 4, 5]
by([1, 2, 3, 4]) ==> [1, 2, 3, 4]
by(['b', 'B', 'a', '', 'ab']) ==> ['', 'B', 'a', 'ab', 'b']
by([3, 1, 2], reverse=True) ==> [3, 2, 1]
by([3, 1, 2], reverse=False) ==> [1, 2, 3]
by([3, 1, 2], reverse=1) ==> [3, 2, 1]
by([3, 1, 2], reverse=0) ==> [1, 2, 3]
by([3, 1, 2], reverse=None) ==> [1, 2, 3]
by([3, 1, 2], reverse='x') ==> [3, 2, 1]
by([3, 1, 2], reverse='') ==> [1, 2, 3]
by([3, -1, 2, -5], key=abs) ==> [-1, 2, 3, -5]
by([3, -1, 2, -5], key=None) ==> [-5, -1, 2, 3]
by([3, -1, 2, -5], key=lambda v: -v) ==> [3, 2, -1, -5]
by([3, -1, 2, -5], key=str) ==> [-1, -5, 2, 3]
by([3, -1, 2, -5], key=abs, reverse=True) ==> [-5, 3, 2, -1]
by([1.5, 1, True, 0, False, -2]) ==> [-2, False, 0, True, 1, 1.5]
by([(2, 'a'), (1, 'b'), (1, 'a')]) ==> [(1, 'a'), (1, 'b'), (2, 'a')]
by([[2], [1, 5], []]) ==> [[], [1, 5], [2]]
by([1, 'a']) ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
by([None, None]) ==> ! TypeError: unsupported types for __lt__: 'NoneType', 'NoneType'
by([1, None, 2]) ==> ! TypeError: unsupported types for __lt__: 'NoneType', 'int'
by([1j, 2]) ==> ! TypeError: unsupported types for __lt__: 'complex', 'int'
by([0, 1], key=boom) ==> ! ZeroDivisionError: divide by zero
by([1], key=boom) ==> [1]
by([], key=boom) ==> []
by([1, 2], key=1) ==> ! TypeError: 'int' object isn't callable
by([1, 2], wrong=1) ==> ! TypeError: extra keyword arguments given
[3].sort(None) ==> ! TypeError: extra positional arguments given
[3, 1].sort(lambda v: v) ==> ! TypeError: extra positional arguments given
sorted([3, 1, 2]) ==> [1, 2, 3]
sorted((3, 1)) ==> [1, 3]
sorted('hello') ==> ['e', 'h', 'l', 'l', 'o']
sorted({3: 1, 2: 0}) ==> [2, 3]
sorted(range(3, 0, -1)) ==> [1, 2, 3]
sorted([]) ==> []
sorted('') ==> []
sorted({5}) ==> [5]
sorted(1) ==> ! TypeError: 'int' object isn't iterable
sorted(None) ==> ! TypeError: 'NoneType' object isn't iterable
sorted() ==> ! TypeError: function missing 1 required positional arguments
sorted([3, 1], reverse=True) ==> [3, 1]
sorted(['b', 'A'], key=lambda s: s.lower()) ==> ['A', 'b']
sorted([1, 2], None) ==> ! TypeError: must use keyword argument for key function
sorted([(1, 'b'), (0, 'a'), (1, 'a')], key=lambda t: t[0]) ==> [(0, 'a'), (1, 'a'), (1, 'b')]
sorted(range(12), key=lambda v: v % 3) ==> [3, 9, 6, 0, 7, 1, 4, 10, 11, 2, 8, 5]
sorted([1, 2, 3, 4, 5, 6, 7, 8], key=lambda v: 0) ==> [8, 5, 6, 7, 4, 1, 2, 3]
x = [2, 1]; print(sorted(x), x) ==> [1, 2] [2, 1]
"""


class TestShown(Pinned):
    """How a list is printed, also one that holds itself."""

    cases = r"""
[] ==> []
[1] ==> [1]
[1, 'a'] ==> [1, 'a']
[None, True] ==> [None, True]
[1.5] ==> [1.5]
[[]] ==> [[]]
[[[]], ()] ==> [[[]], ()]
[{}] ==> [{}]
[b'a'] ==> [b'a']
[...] ==> [Ellipsis]
[int] ==> [<class 'int'>]
['\n'] ==> ['\n']
str([1, 'a']) ==> "[1, 'a']"
print([1, 'a', "it's"]) ==> [1, 'a', "it's"]
print([]) ==> []
[].x ==> ! AttributeError: 'list' object has no attribute 'x'
[].append.x ==> ! AttributeError: 'bound_method' object has no attribute 'x'
type([].append) ==> <class 'bound_method'>
[1]() ==> ! TypeError: 'list' object isn't callable
iter([]).__next__() ==> ! StopIteration:
list(iter([1, 2])) ==> [1, 2]
i = iter([1, 2]); print(next(i), list(i), list(i)) ==> 1 [2] []
x = [1, 2, 3]; print([x.append(9) or v for v in x if len(x) < 6]) ==> [1, 2, 3]
x = [1, 2, 3, 4]; [x.remove(v) for v in x]; print(x) ==> [2, 4]
a, b = [1, 2]; print(a, b) ==> 1 2
a, *b = [1]; print(a, b) ==> 1 []
*a, b = [1, 2, 3]; print(a, b) ==> [1, 2] 3
a, *b, c = [1, 2, 3, 4]; print(a, b, c) ==> 1 [2, 3] 4
[a, [b, c]] = [1, [2, 3]]; print(a, b, c) ==> 1 2 3
a, b = [1] ==> ! ValueError: need more than 1 values to unpack
a, b = [1, 2, 3] ==> ! ValueError: too many values to unpack (expected 2)
a, *b, c = [1] ==> ! ValueError: need more than 1 values to unpack
"""
