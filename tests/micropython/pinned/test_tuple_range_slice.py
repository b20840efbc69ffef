"""tuple, range, slice, and what goes through them (py/objtuple.c, py/objrange.c, py/objslice.c, py/objenumerate.c …)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestSlice(Pinned):
    """``slice`` is known as a type only, its objects are seen by ``__getitem__``."""

    setup = """
class S:
    def __getitem__(self, i):
        return i
    def __setitem__(self, i, v):
        print('set', i, v)
    def __delitem__(self, i):
        print('del', i)
s = S()
"""
    cases = r"""
s[1] ==> 1
s[:] ==> slice(None, None, None)
s[1:] ==> slice(1, None, None)
s[:2] ==> slice(None, 2, None)
s[1:2] ==> slice(1, 2, None)
s[1:2:3] ==> slice(1, 2, 3)
s[::3] ==> slice(None, None, 3)
s[::] ==> slice(None, None, None)
s['a':None] ==> slice('a', None, None)
s[-1:] ==> slice(-1, None, None)
s[:, 1] ==> (slice(None, None, None), 1)
s[1, 2] ==> (1, 2)
s[1:2, 3:4] ==> (slice(1, 2, None), slice(3, 4, None))
s[(1,)] ==> (1,)
s[...] ==> Ellipsis
s[[]] ==> []
s[1] = 5 ==> set 1 5
s[:] = 5 ==> set slice(None, None, None) 5
s[1:2] = 5 ==> set slice(1, 2, None) 5
s[1:2:3] = 5 ==> set slice(1, 2, 3) 5
s['k'] = 5 ==> set k 5
del s[1] ==> del 1
del s[:] ==> del slice(None, None, None)
del s[1:2] ==> del slice(1, 2, None)
s[1:2] += 1 ==> ! TypeError: unsupported types for __add__: 'slice', 'int'
x = s[1:2:3]; print(x.start, x.stop, x.step) ==> 1 2 3
x = s[:]; print(x.start, x.stop, x.step) ==> None None None
s[1:2].x ==> ! AttributeError: 'slice' object has no attribute 'x'
s[1:2] == s[1:2] ==> False
s[1:2].indices(10) ==> (1, 2, 1)
s[1:2].indices(1) ==> (1, 1, 1)
s[1:2].indices(0) ==> (0, 0, 1)
s[1:2].indices(-1) ==> (-1, -1, 1)
s[1:2].indices('a') ==> ! TypeError: can't convert str to int
s[::-1].indices(5) ==> (4, -1, -1)
s[::-1].indices(0) ==> (-1, -1, -1)
s[-3:9:2].indices(5) ==> (2, 5, 2)
s[::0].indices(5) ==> ! ValueError: slice step can't be zero
s[1:2].start = 5 ==> ! AttributeError: 'slice' object has no attribute 'start'
hash(s[1:2]) ==> ! TypeError: unsupported type for __hash__: 'slice'
slice ==> <class 'slice'>
slice(1) ==> ! TypeError: can't create 'slice' instances
slice(1, 2, 3) ==> ! TypeError: can't create 'slice' instances
type(s[:]) ==> <class 'slice'>
isinstance(s[:], slice) ==> True
[1, 2, 3][s[1:]] ==> [2, 3]
'abc'[s[:2]] ==> 'ab'
{s[1:2]: 1} ==> ! TypeError: unsupported type for __hash__: 'slice'
"""


class TestIterators(Pinned):
    """``iter``, ``next``, ``enumerate``, ``zip``, ``map``, ``filter``, ``reversed``."""

    setup = """
class I:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n
class G:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i
"""
    cases = r"""
list(I(3)), tuple(I(2)), set(I(1)), sum(I(4)), max(I(4)), sorted(I(3)) ==> ([2, 1, 0], (1, 0), {0}, 6, 3, [0, 1, 2])
list(G()), 4 in G(), 5 in G() ==> ([0, 1, 4], True, False)
next(I(0)) ==> ! StopIteration:
next(I(0), 'd') ==> 'd'
next(I(2)) ==> 1
next([]) ==> ! TypeError: 'list' object isn't an iterator
next(1) ==> ! TypeError: 'int' object isn't an iterator
next([], 1) ==> ! TypeError: 'list' object isn't an iterator
next() ==> ! TypeError: function missing 1 required positional arguments
iter(1) ==> ! TypeError: 'int' object isn't iterable
iter() ==> ! TypeError: function takes 1 positional arguments but 0 were given
iter(None) ==> ! TypeError: 'NoneType' object isn't iterable
iter(I(1)).n ==> 1
iter([1], 2) ==> ! TypeError: function takes 1 positional arguments but 2 were given
for x in I(2): print(x) ==> 1¶0
for x in 1: print(x) ==> ! TypeError: 'int' object isn't iterable
for x in G(): print(x) ==> 0¶1¶4
enumerate() ==> ! TypeError: 'iterable' argument required
enumerate(1) ==> ! TypeError: 'int' object isn't iterable
list(enumerate('')) ==> []
list(enumerate('ab')) ==> [(0, 'a'), (1, 'b')]
list(enumerate([])) ==> []
list(enumerate(I(2))) ==> [(0, 1), (1, 0)]
list(enumerate('ab', 5)) ==> [(5, 'a'), (6, 'b')]
list(enumerate('ab', -1)) ==> [(-1, 'a'), (0, 'b')]
list(enumerate('ab', start=2)) ==> [(2, 'a'), (3, 'b')]
list(enumerate(iterable='ab')) ==> [(0, 'a'), (1, 'b')]
enumerate('a', 'b') ==> ! TypeError: can't convert str to int
enumerate('ab', 1 << 40) ==> ! OverflowError: overflow converting long int to machine word
next(enumerate('ab')) ==> (0, 'a')
list(zip()) ==> []
list(zip('ab')) ==> [('a',), ('b',)]
list(zip('ab', 'cd')) ==> [('a', 'c'), ('b', 'd')]
list(zip('abc', 'de')) ==> [('a', 'd'), ('b', 'e')]
list(zip([], 'a')) ==> []
list(zip('ab', I(3), range(9))) ==> [('a', 2, 0), ('b', 1, 1)]
list(zip('ab', '')) ==> []
zip(1) ==> ! TypeError: 'int' object isn't iterable
zip('a', 1) ==> ! TypeError: 'int' object isn't iterable
next(zip([1], [2])) ==> (1, 2)
list(map(str, [1, 2])) ==> ['1', '2']
list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])) ==> [4, 6]
list(map(abs, (-1, 1))) ==> [1, 1]
list(map(len, [])) ==> []
list(map(str.upper, 'ab')) ==> ['A', 'B']
map(str) ==> ! TypeError: function missing 1 required positional arguments
map() ==> ! TypeError: function missing 2 required positional arguments
map(1, [1]) ==> <map>
list(map(1, [1])) ==> ! TypeError: 'int' object isn't callable
list(map(None, [1])) ==> ! TypeError: 'NoneType' object isn't callable
map(str, 1) ==> ! TypeError: 'int' object isn't iterable
list(filter(None, [0, 1, '', 'a'])) ==> [1, 'a']
list(filter(lambda v: v > 1, (1, 2, 3))) ==> [2, 3]
list(filter(str.isdigit, 'a1b2')) ==> ['1', '2']
list(filter(bool, [])) ==> []
filter(None) ==> ! TypeError: function takes 2 positional arguments but 1 were given
filter(None, 1) ==> ! TypeError: 'int' object isn't iterable
list(filter(1, [1])) ==> ! TypeError: 'int' object isn't callable
list(reversed([1, 2])) ==> [2, 1]
list(reversed((1, 2))) ==> [2, 1]
list(reversed('ab')) ==> ['b', 'a']
list(reversed(b'ab')) ==> [98, 97]
list(reversed(range(3))) ==> [2, 1, 0]
list(reversed([])) ==> []
list(reversed(G)) ==> ! TypeError: object of type 'type' has no len()
reversed({1: 2}) ==> <reversed>
reversed(1) ==> ! TypeError: object of type 'int' has no len()
reversed(I(2)) ==> ! TypeError: object of type 'I' has no len()
next(reversed([1, 2])) ==> 2
type(zip()) ==> <class 'zip'>
type(map(str, [])) ==> <class 'map'>
type(filter(None, [])) ==> <class 'filter'>
type(enumerate([])) ==> <class 'enumerate'>
i = enumerate('ab'); print(iter(i) is i, next(i), list(i), list(i)) ==> True (0, 'a') [(1, 'b')] []
z = zip('ab', 'cd'); print(next(z), list(z), list(z)) ==> ('a', 'c') [('b', 'd')] []
any([]), all([]), any([0, 1]), all([0, 1]), any(I(2)), all(I(2)) ==> (False, True, True, False, True, False)
any(1) ==> ! TypeError: 'int' object isn't iterable
all(None) ==> ! TypeError: 'NoneType' object isn't iterable
sum([]), sum([1, 2], 10), sum((1.5, 2)) ==> (0, 13, 3.5)
sum('ab') ==> ! TypeError: unsupported types for __add__: 'int', 'str'
sum(['a'], '') ==> 'a'
sum([[1], [2]], []) ==> [1, 2]
sum([1], None) ==> ! TypeError: unsupported types for __add__: 'NoneType', 'int'
min(1, 2), min([3, 1]), max(1, 2, 3), max('b', 'a'), min(-1.5, 2) ==> (1, 1, 3, 'b', -1.5)
min() ==> ! TypeError: function missing 1 required positional arguments
min(1) ==> ! TypeError: 'int' object isn't iterable
min([]) ==> ! ValueError: arg is an empty sequence
max([], default=5), min((), default=None) ==> (5, None)
max([1, -2], key=abs), min(1, -2, key=abs) ==> (-2, 1)
max([1, 'a']) ==> ! TypeError: unsupported types for __gt__: 'str', 'int'
max(1, 2, default=3) ==> 2
"""
