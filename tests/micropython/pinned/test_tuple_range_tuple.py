"""tuple, range, slice, and what goes through them (py/objtuple.c, py/objrange.c, py/objslice.c, py/objenumerate.c …)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestTuple(Pinned):
    """Making, items, slices, looking."""

    setup = "t = (1, 'a', None, 1.5, ())\ndef g():\n    yield 1\n    yield 2\n"
    cases = r"""
tuple() ==> ()
tuple(()) ==> ()
tuple((1,)) ==> (1,)
tuple([1, 2]) ==> (1, 2)
tuple('ab') ==> ('a', 'b')
tuple(b'ab') ==> (97, 98)
tuple({1: 2}) ==> (1,)
tuple(range(3)) ==> (0, 1, 2)
tuple(g()) ==> (1, 2)
tuple(set()) ==> ()
tuple(bytearray(b'a')) ==> (97,)
tuple(enumerate('a')) ==> ((0, 'a'),)
tuple(1) ==> ! TypeError: 'int' object isn't iterable
tuple(None) ==> ! TypeError: 'NoneType' object isn't iterable
tuple(1.5) ==> ! TypeError: 'float' object isn't iterable
tuple(tuple) ==> ! TypeError: 'type' object isn't iterable
tuple([1], [2]) ==> ! TypeError: function expected at most 1 arguments, got 2
t[0] ==> 1
t[-1] ==> ()
t[4] ==> ()
t[-5] ==> 1
t[True] ==> 'a'
t[5] ==> ! IndexError: tuple index out of range
t[-6] ==> ! IndexError: tuple index out of range
t[1.0] ==> ! TypeError: tuple indices must be integers, not float
t['a'] ==> ! TypeError: tuple indices must be integers, not str
t[None] ==> ! TypeError: tuple indices must be integers, not NoneType
t[1 << 40] ==> ! OverflowError: overflow converting long int to machine word
t[:] ==> (1, 'a', None, 1.5, ())
t[1:] ==> ('a', None, 1.5, ())
t[:2] ==> (1, 'a')
t[1:3] ==> ('a', None)
t[-2:] ==> (1.5, ())
t[:-2] ==> (1, 'a', None)
t[3:1] ==> ()
t[9:] ==> ()
t[::1] ==> (1, 'a', None, 1.5, ())
t[::2] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
t[::-1] ==> ! NotImplementedError: only slices with step=1 (aka None) are supported
t[:] is t ==> False
t[0] = 1 ==> ! TypeError: 'tuple' object doesn't support item assignment
del t[0] ==> ! TypeError: 'tuple' object doesn't support item deletion
t.index(1) ==> 0
t.index('a') ==> 1
t.index(None) ==> 2
t.index(True) ==> 0
t.index(1.0) ==> 0
t.index(2) ==> ! ValueError: object not in sequence
t.index(1, 1) ==> ! ValueError: object not in sequence
t.index('a', 1, 2) ==> 1
t.index() ==> ! TypeError: function missing 1 required positional arguments
t.count(1) ==> 1
t.count(True) ==> 1
t.count(None) ==> 1
t.count(()) ==> 1
t.count('b') ==> 0
t.count() ==> ! TypeError: function takes 2 positional arguments but 1 were given
t.append(1) ==> ! AttributeError: 'tuple' object has no attribute 'append'
1 in t ==> True
'a' in t ==> True
() in t ==> True
2 in t ==> False
b'a' in t ==> False
len(t), len(()), bool(()), bool((0,)) ==> (5, 0, False, True)
(1, 2) + (3,) ==> (1, 2, 3)
(1, 2) + () ==> (1, 2)
(1, 2) + [3] ==> ! TypeError: unsupported types for __add__: 'tuple', 'list'
(1, 2) + None ==> ! TypeError: unsupported types for __add__: 'tuple', 'NoneType'
(1, 2) + 1 ==> ! TypeError: unsupported types for __add__: 'tuple', 'int'
() + (1,) ==> (1,)
(1, 2) * 0 ==> ()
(1, 2) * 1 ==> (1, 2)
(1, 2) * 2 ==> (1, 2, 1, 2)
(1, 2) * -1 ==> ()
(1, 2) * True ==> (1, 2)
(1, 2) * 1.0 ==> ! TypeError: unsupported types for __mul__: 'tuple', 'float'
(1, 2) * None ==> ! TypeError: unsupported types for __mul__: 'tuple', 'NoneType'
(1, 2) * (1,) ==> ! TypeError: unsupported types for __mul__: 'tuple', 'tuple'
2 * (1, 2) ==> (1, 2, 1, 2)
() * 5 ==> ()
x = (1,); y = x; x += (2,); print(x, y) ==> (1, 2) (1,)
x = (1,); x *= 3; print(x) ==> (1, 1, 1)
x = (1,); x += [2] ==> ! TypeError: unsupported types for __add__: 'tuple', 'list'
(1, 2) == (1, 2) ==> True
(1, 2) == (1,) ==> False
(1, 2) == (2, 1) ==> False
(1, 2) == [1, 2] ==> False
(1, 2) == (1.0, True + 1) ==> True
(1, 2) == None ==> False
(1, 2) < (1, 3) ==> True
(1, 2) < (1, 2) ==> False
(1, 2) < (1, 2, 0) ==> True
(1, 2) < (2,) ==> True
(1, 2) < () ==> False
(1, 2) < (1,) ==> False
(1, 2) < [1, 3] ==> ! TypeError: unsupported types for __lt__: 'tuple', 'list'
(1, 'a') < (1, 2) ==> ! TypeError: unsupported types for __gt__: 'int', 'str'
(1, 'a') < (2, 3) ==> True
(1, 'a') < (0, None) ==> False
(1, 2) >= (1, 2), (1, 2) > (1,), (1, 2) <= (1,) ==> (True, True, False)
hash((1, [])) ==> ! TypeError: unsupported type for __hash__: 'list'
hash(()) == hash(()), hash((1, 'a')) == hash((1, 'a')), hash((1,)) == hash((2,)) ==> (True, True, False)
() ==> ()
(1,) ==> (1,)
(1, 2) ==> (1, 2)
('a',) ==> ('a',)
((),) ==> ((),)
(None, True) ==> (None, True)
(1.5, b'a') ==> (1.5, b'a')
([],) ==> ([],)
(..., int) ==> (Ellipsis, <class 'int'>)
print((1,), ('a', "it's"), ()) ==> (1,) ('a', "it's") ()
str(()), repr((1,)), "%s" % ((1,),), "%s %s" % (1, 2) ==> ('()', '(1,)', '(1,)', '1 2')
-(1,) ==> ! TypeError: unsupported type for __neg__: 'tuple'
()() ==> ! TypeError: 'tuple' object isn't callable
a, b = (1, 2); print(a, b) ==> 1 2
(a, (b, c)), d = (1, (2, 3)), 4; print(a, b, c, d) ==> 1 2 3 4
a, = (1,); print(a) ==> 1
a, b = 1 ==> ! TypeError: 'int' object isn't iterable
a, b = (1, 2, 3) ==> ! ValueError: too many values to unpack (expected 2)
a, b = () ==> ! ValueError: need more than 0 values to unpack
x = ([],); x[0].append(1); print(x) ==> ([1],)
x = ([1],); x[0] += [2] ==> ! TypeError: 'tuple' object doesn't support item assignment
tuple(v for v in (1, 2)) ==> (1, 2)
sorted((3, 1)), list(reversed((1, 2))), sum((1, 2)), max((1, 2)), min((1, 2)) ==> ([1, 3], [2, 1], 3, 2, 1)
"""


class TestRange(Pinned):
    """Numbers with a step, never held."""

    setup = "r = range(2, 20, 3)\n"
    cases = r"""
range(0) ==> range(0, 0)
range(3) ==> range(0, 3)
range(-3) ==> range(0, -3)
range(True) ==> range(0, 1)
range(1, 3) ==> range(1, 3)
range(3, 1) ==> range(3, 1)
range(1, 9, 2) ==> range(1, 9, 2)
range(9, 1, -2) ==> range(9, 1, -2)
range(1, 9, -1) ==> range(1, 9, -1)
range(0, 0, 1) ==> range(0, 0)
range(-3, 3) ==> range(-3, 3)
range(5, 5) ==> range(5, 5)
range(1, 2, 100) ==> range(1, 2, 100)
list(range(0)) ==> []
list(range(3)) ==> [0, 1, 2]
list(range(-3)) ==> []
list(range(1, 3)) ==> [1, 2]
list(range(3, 1)) ==> []
list(range(1, 9, 2)) ==> [1, 3, 5, 7]
list(range(1, 10, 2)) ==> [1, 3, 5, 7, 9]
list(range(9, 1, -2)) ==> [9, 7, 5, 3]
list(range(9, 0, -2)) ==> [9, 7, 5, 3, 1]
list(range(1, 9, -1)) ==> []
list(range(-3, 3)) ==> [-3, -2, -1, 0, 1, 2]
list(range(1, 2, 100)) ==> [1]
len(range(0)) ==> 0
len(range(3)) ==> 3
len(range(-3)) ==> 0
len(range(1, 9, 2)) ==> 4
len(range(1, 10, 2)) ==> 5
len(range(9, 1, -2)) ==> 4
len(range(9, 0, -2)) ==> 5
len(range(1, 9, -1)) ==> 0
len(range(1, 2, 100)) ==> 1
range() ==> ! TypeError: function missing 1 required positional arguments
range(1, 2, 0) ==> ! ValueError: zero step
range(1.5) ==> ! TypeError: can't convert float to int
range('a') ==> ! TypeError: can't convert str to int
range(None) ==> ! TypeError: can't convert NoneType to int
range(1, 2, 3, 4) ==> ! TypeError: function expected at most 3 arguments, got 4
range(1, None) ==> ! TypeError: can't convert NoneType to int
range(1 << 40) ==> ! OverflowError: overflow converting long int to machine word
r[0] ==> 2
r[1] ==> 5
r[-1] ==> 17
r[5] ==> 17
r[-6] ==> 2
r[True] ==> 5
r[6] ==> ! IndexError: range index out of range
r[-7] ==> ! IndexError: range index out of range
r[1.0] ==> ! TypeError: range indices must be integers, not float
r['a'] ==> ! TypeError: range indices must be integers, not str
r[None] ==> ! TypeError: range indices must be integers, not NoneType
r[:] ==> range(2, 20, 3)
r[1:] ==> range(5, 20, 3)
r[:2] ==> range(2, 8, 3)
r[1:3] ==> range(5, 11, 3)
r[-2:] ==> range(14, 20, 3)
r[::2] ==> range(2, 20, 6)
r[::-1] ==> range(17, -1, -3)
r[4:1:-1] ==> range(14, 5, -3)
r[9:] ==> range(20, 20, 3)
r[3:1] ==> range(11, 5, 3)
r[-100:100] ==> range(2, 20, 3)
r[::-2] ==> range(17, -1, -6)
list(r[1:]) ==> [5, 8, 11, 14, 17]
list(r[::2]) ==> [2, 8, 14]
list(r[::-1]) ==> [17, 14, 11, 8, 5, 2]
list(r[4:1:-1]) ==> [14, 11, 8]
list(r[3:1]) ==> []
list(r[1:5:2]) ==> [5, 11]
r.start, r.stop, r.step ==> (2, 20, 3)
range(3).start, range(3).stop, range(3).step ==> (0, 3, 1)
r.start = 1 ==> ! AttributeError: 'range' object has no attribute 'start'
2 in r ==> True
3 in r ==> False
5 in r ==> True
17 in r ==> True
20 in r ==> False
-1 in r ==> False
5.0 in r ==> True
'a' in r ==> False
None in r ==> False
0 in range(0), 2 in range(0, 4, 2), -2 in range(0, -4, -2) ==> (False, True, True)
range(3) == range(3) ==> False
range(3) == range(0, 3) ==> False
range(3) == range(4) ==> False
range(3) == [0, 1, 2] ==> False
range(3) == range(0, 3, 1) ==> False
range(0) == range(5, 5), range(1, 2, 5) == range(1, 2), range(0, 4, 2) == range(0, 3, 2) ==> (False, False, False)
range(3) != range(3) ==> True
range(3) < range(4) ==> ! TypeError: unsupported types for __lt__: 'range', 'range'
range(3) + range(3) ==> ! TypeError: unsupported types for __add__: 'range', 'range'
hash(range(3)) ==> ! TypeError: unsupported type for __hash__: 'range'
bool(range(0)), bool(range(1)) ==> (False, True)
r.index(5) ==> ! AttributeError: 'range' object has no attribute 'index'
r.count(5) ==> ! AttributeError: 'range' object has no attribute 'count'
list(reversed(range(3))) ==> [2, 1, 0]
reversed(range(3)) ==> <reversed>
iter(range(2)).__next__() ==> 0
i = iter(range(3)); print(next(i), next(i), next(i), next(i, 'end')) ==> 0 1 2 end
next(iter(range(0))) ==> ! StopIteration:
for i in range(3): print(i) ==> 0¶1¶2
for i in range(3, 0, -1): print(i) ==> 3¶2¶1
for i in range(0): print(i)¶else: print('none', i) ==> none 1
for i in range(2): i = 9; print(i) ==> 9¶9
n = 2¶for i in range(n): n = 5; print(i) ==> 0¶1
for i in range(5, 0, -2): print(i) ==> 5¶3¶1
for i in range(1, 2, 0): print(i) ==> ! ValueError: zero step
for i in range(1.5): print(i) ==> 0¶1
for i in range('a'): print(i) ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
sum(range(101)), max(range(5)), min(range(5)), sorted(range(3, 0, -1)) ==> (5050, 4, 0, [1, 2, 3])
a, b, c = range(3); print(a, b, c) ==> 0 1 2
print(range(2), str(range(1, 2)), repr(range(1, 2, 3))) ==> range(0, 2) range(1, 2) range(1, 2, 3)
for i in range((1 << 30) - 2, (1 << 30) + 1): print(i) ==> 1073741822¶1073741823¶1073741824
"""
