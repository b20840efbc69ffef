"""list: every method and operator (py/objlist.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestMaking(Pinned):
    """From anything that can be gone through."""

    setup = "def g():\n    yield 1\n    yield 2\n"
    cases = r"""
list() ==> []
list('') ==> []
list('ab') ==> ['a', 'b']
list((1, 2)) ==> [1, 2]
list([]) ==> []
list([3]) ==> [3]
list({1: 2}) ==> [1]
list(range(3)) ==> [0, 1, 2]
list(b'ab') ==> [97, 98]
list(g()) ==> [1, 2]
list(set()) ==> []
list({'k'}.union()) ==> ! TypeError: function takes 2 positional arguments but 1 were given
list(bytearray(b'a')) ==> [97]
list(enumerate('a')) ==> [(0, 'a')]
list(zip('ab', 'cd')) ==> [('a', 'c'), ('b', 'd')]
list(1) ==> ! TypeError: 'int' object isn't iterable
list(None) ==> ! TypeError: 'NoneType' object isn't iterable
list(1.5) ==> ! TypeError: 'float' object isn't iterable
list(True) ==> ! TypeError: 'bool' object isn't iterable
list(list) ==> ! TypeError: 'type' object isn't iterable
list(len) ==> ! TypeError: 'function' object isn't iterable
list([1], [2]) ==> ! TypeError: function expected at most 1 arguments, got 2
list(a=1) ==> ! TypeError: function doesn't take keyword arguments
list(map(str, (1, 2))) ==> ['1', '2']
list(filter(None, (0, 1, '', 'a'))) ==> [1, 'a']
exec('[*(1, 2)]') ==> ! SyntaxError: *x must be assignment target
exec('[1, *[2]]') ==> ! SyntaxError: *x must be assignment target
[i * i for i in range(4)] ==> [0, 1, 4, 9]
[i for i in range(9) if i % 2 if i % 3] ==> [1, 5, 7]
[(i, j) for i in 'ab' for j in (1, 2)] ==> [('a', 1), ('a', 2), ('b', 1), ('b', 2)]
[[j for j in range(i)] for i in range(4)] ==> [[], [0], [0, 1], [0, 1, 2]]
x = [1]; y = x; y.append(2); print(x, x is y) ==> [1, 2] True
x = [1]; y = list(x); y.append(2); print(x, y) ==> [1] [1, 2]
l = []; l.append(l); print(l == l, len(l)) ==> True 1
"""


class TestChanging(Pinned):
    """Methods that change the list answer None, but for ``pop``."""

    setup = "def after(x, name, *args):\n    print(getattr(x, name)(*args), x)\n"
    cases = r"""
after([], 'append', 1) ==> None [1]
after([], 'append', None) ==> None [None]
after([], 'append', []) ==> None [[]]
after([1], 'append') ==> ! TypeError: function takes 2 positional arguments but 1 were given
after([1], 'append', 1, 2) ==> ! TypeError: function takes 2 positional arguments but 3 were given
after([1, 2], 'extend', []) ==> None [1, 2]
after([1, 2], 'extend', [3]) ==> None [1, 2, 3]
after([1, 2], 'extend', (3, 4)) ==> None [1, 2, 3, 4]
after([1, 2], 'extend', 'ab') ==> None [1, 2, 'a', 'b']
after([1, 2], 'extend', {5: 6}) ==> None [1, 2, 5]
after([1, 2], 'extend', range(2)) ==> None [1, 2, 0, 1]
after([1, 2], 'extend', b'z') ==> None [1, 2, 122]
after([1, 2], 'extend', 1) ==> ! TypeError: 'int' object isn't iterable
after([1, 2], 'extend', None) ==> ! TypeError: 'NoneType' object isn't iterable
after([1, 2], 'extend') ==> ! TypeError: function takes 2 positional arguments but 1 were given
x = [1, 2]; x.extend(x); print(x) ==> [1, 2, 1, 2]
x = [1, 2]; x += x; print(x) ==> [1, 2, 1, 2]
after([1, 2, 3], 'insert', 0, 'n') ==> None ['n', 1, 2, 3]
after([1, 2, 3], 'insert', 1, 'n') ==> None [1, 'n', 2, 3]
after([1, 2, 3], 'insert', 2, 'n') ==> None [1, 2, 'n', 3]
after([1, 2, 3], 'insert', 3, 'n') ==> None [1, 2, 3, 'n']
after([1, 2, 3], 'insert', 4, 'n') ==> None [1, 2, 3, 'n']
after([1, 2, 3], 'insert', 100, 'n') ==> None [1, 2, 3, 'n']
after([1, 2, 3], 'insert', -1, 'n') ==> None [1, 2, 'n', 3]
after([1, 2, 3], 'insert', -2, 'n') ==> None [1, 'n', 2, 3]
after([1, 2, 3], 'insert', -3, 'n') ==> None ['n', 1, 2, 3]
after([1, 2, 3], 'insert', -4, 'n') ==> None ['n', 1, 2, 3]
after([1, 2, 3], 'insert', -100, 'n') ==> None ['n', 1, 2, 3]
after([1, 2, 3], 'insert', True, 'n') ==> None [1, 2, 3, 'n']
after([1, 2, 3], 'insert', None, 'n') ==> None [1, 2, 3, 'n']
after([1], 'insert', 0) ==> ! TypeError: function takes 3 positional arguments but 2 were given
after([1, 2, 3], 'pop') ==> 3 [1, 2]
after([1, 2, 3], 'pop', 0) ==> 1 [2, 3]
after([1, 2, 3], 'pop', 1) ==> 2 [1, 3]
after([1, 2, 3], 'pop', 2) ==> 3 [1, 2]
after([1, 2, 3], 'pop', -1) ==> 3 [1, 2]
after([1, 2, 3], 'pop', -3) ==> 1 [2, 3]
after([1, 2, 3], 'pop', True) ==> 2 [1, 3]
after([1, 2, 3], 'pop', 3) ==> ! IndexError: list index out of range
after([1, 2, 3], 'pop', -4) ==> ! IndexError: list index out of range
after([1, 2, 3], 'pop', 1.0) ==> ! TypeError: list indices must be integers, not float
after([1, 2, 3], 'pop', 'a') ==> ! TypeError: list indices must be integers, not str
after([1, 2, 3], 'pop', None) ==> ! TypeError: list indices must be integers, not NoneType
after([1, 2, 3], 'pop', 1 << 40) ==> ! OverflowError: overflow converting long int to machine word
after([], 'pop') ==> ! IndexError: pop from empty list
after([], 'pop', 0) ==> ! IndexError: pop from empty list
after([1, 2], 'pop', 0, 1) ==> ! TypeError: function expected at most 2 arguments, got 3
after([1, 2, 1, True, 1.0], 'remove', 1) ==> None [2, 1, True, 1.0]
after([1, 2, 1, True, 1.0], 'remove', 2) ==> None [1, 1, True, 1.0]
after([1, 2, 1, True, 1.0], 'remove', True) ==> None [2, 1, True, 1.0]
after([1, 2, 1, True, 1.0], 'remove', 1.0) ==> None [2, 1, True, 1.0]
after([1, 2, 1, True, 1.0], 'remove', 2.0) ==> None [1, 1, True, 1.0]
after([1, 'a', None], 'remove', 'a') ==> None [1, None]
after([1, 'a', None], 'remove', None) ==> None [1, 'a']
after([1, 'a', None], 'remove', 'b') ==> ! ValueError: object not in sequence
after([1, 'a', None], 'remove', 2) ==> ! ValueError: object not in sequence
after([1, 'a', None], 'remove', b'a') ==> ! ValueError: object not in sequence
after([], 'remove', 1) ==> ! ValueError: object not in sequence
after([1, 2, 3], 'clear') ==> None []
after([1, 2, 3], 'reverse') ==> None [3, 2, 1]
after([], 'reverse') ==> None []
after([1], 'reverse') ==> None [1]
after([1, 2], 'copy') ==> [1, 2] [1, 2]
x = [[1]]; y = x.copy(); y[0].append(2); print(x, y, x is y) ==> [[1, 2]] [[1, 2]] False
x = [1, 2, 3, 4]; print([x.pop(0) for _ in range(4)], x) ==> [1, 2, 3, 4] []
x = list(range(10)); print([x.pop() for _ in range(9)], x) ==> [9, 8, 7, 6, 5, 4, 3, 2, 1] [0]
"""


class TestLooking(Pinned):
    """``index``, ``count``, ``in``."""

    cases = r"""
[1, 2, 1, 2].index(1) ==> 0
[1, 2, 1, 2].index(2) ==> 1
[1, 2, 1, 2].index(3) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(True) ==> 0
[1, 2, 1, 2].index(1.0) ==> 0
[1, 2, 1, 2].index(1, 0) ==> 0
[1, 2, 1, 2].index(1, 1) ==> 2
[1, 2, 1, 2].index(1, 2) ==> 2
[1, 2, 1, 2].index(1, 3) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, -1) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, -2) ==> 2
[1, 2, 1, 2].index(1, -4) ==> 0
[1, 2, 1, 2].index(1, 100) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, -100) ==> 0
[1, 2, 1, 2].index(1, 0, 0) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, 0, 1) ==> 0
[1, 2, 1, 2].index(1, 0, 2) ==> 0
[1, 2, 1, 2].index(1, 0, -1) ==> 0
[1, 2, 1, 2].index(1, 0, -4) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, 0, 100) ==> 0
[1, 2, 1, 2].index(1, 1, 2) ==> ! ValueError: object not in sequence
[1, 2, 1, 2].index(1, 1, 3) ==> 2
[1, 2].index() ==> ! TypeError: function missing 1 required positional arguments
[1, 2].index(1, 2, 3, 4) ==> ! TypeError: function expected at most 4 arguments, got 5
[1, 2].index(1, None) ==> ! TypeError: list indices must be integers, not NoneType
[1, 2].index(1, 'a') ==> ! TypeError: list indices must be integers, not str
[1, 2].index(1, 1.0) ==> ! TypeError: list indices must be integers, not float
[].index(1) ==> ! ValueError: object not in sequence
[1, 2, 1, True, 1.0, '1'].count(1) ==> 4
[1, 2, 1, True, 1.0, '1'].count(True) ==> 4
[1, 2, 1, True, 1.0, '1'].count('1') ==> 1
[1, 2, 1, True, 1.0, '1'].count(None) ==> 0
[1, 2, 1, True, 1.0, '1'].count(2) ==> 1
[].count(1) ==> 0
[[], [1], []].count([]) ==> 2
[1].count() ==> ! TypeError: function takes 2 positional arguments but 1 were given
1 in [1, 'a', [], 2.0] ==> True
2 in [1, 'a', [], 2.0] ==> True
1.0 in [1, 'a', [], 2.0] ==> True
True in [1, 'a', [], 2.0] ==> True
'a' in [1, 'a', [], 2.0] ==> True
None in [1, 'a', [], 2.0] ==> False
[] in [1, 'a', [], 2.0] ==> True
1 not in [1, 2] ==> False
3 not in [1, 2] ==> True
None not in [1, 2] ==> True
float('nan') in [float('nan')] ==> False
n = float('nan'); print(n in [n], [n].index(n), [n] == [n]) ==> ! ValueError: object not in sequence
1 in [] ==> False
"""


class TestItems(Pinned):
    """Items by place: read, written, deleted."""

    setup = (
        "x = [10, 20, 30]\ndef put(l, i, v):\n    l[i] = v\n    return l\ndef cut(l, i):\n    del l[i]\n    return l\n"
    )
    cases = r"""
x[0] ==> 10
x[1] ==> 20
x[2] ==> 30
x[-1] ==> 30
x[-3] ==> 10
x[True] ==> 20
x[False] ==> 10
x[3] ==> ! IndexError: list index out of range
x[-4] ==> ! IndexError: list index out of range
x[100] ==> ! IndexError: list index out of range
x[1 << 40] ==> ! OverflowError: overflow converting long int to machine word
x[-(1 << 40)] ==> ! OverflowError: overflow converting long int to machine word
x[1.0] ==> ! TypeError: list indices must be integers, not float
x['a'] ==> ! TypeError: list indices must be integers, not str
x[None] ==> ! TypeError: list indices must be integers, not NoneType
x[(1,)] ==> ! TypeError: list indices must be integers, not tuple
x[[]] ==> ! TypeError: list indices must be integers, not list
put([1, 2, 3], 0, 'n') ==> ['n', 2, 3]
put([1, 2, 3], 2, 'n') ==> [1, 2, 'n']
put([1, 2, 3], -1, 'n') ==> [1, 2, 'n']
put([1, 2, 3], -3, 'n') ==> ['n', 2, 3]
put([1, 2, 3], True, 'n') ==> [1, 'n', 3]
put([1, 2, 3], 3, 'n') ==> ! IndexError: list index out of range
put([1, 2, 3], -4, 'n') ==> ! IndexError: list index out of range
put([1, 2, 3], 1.0, 'n') ==> ! TypeError: list indices must be integers, not float
put([1, 2, 3], 'a', 'n') ==> ! TypeError: list indices must be integers, not str
put([1, 2, 3], None, 'n') ==> ! TypeError: list indices must be integers, not NoneType
cut([1, 2, 3], 0) ==> [2, 3]
cut([1, 2, 3], 1) ==> [1, 3]
cut([1, 2, 3], 2) ==> [1, 2]
cut([1, 2, 3], -1) ==> [1, 2]
cut([1, 2, 3], -3) ==> [2, 3]
cut([1, 2, 3], 3) ==> ! IndexError: list index out of range
cut([1, 2, 3], -4) ==> ! IndexError: list index out of range
cut([1, 2, 3], 1.0) ==> ! TypeError: list indices must be integers, not float
cut([1, 2, 3], 'a') ==> ! TypeError: list indices must be integers, not str
cut([1, 2, 3], None) ==> ! TypeError: list indices must be integers, not NoneType
cut([], 0) ==> ! IndexError: pop from empty list
[][0] ==> ! IndexError: list index out of range
[][-1] ==> ! IndexError: list index out of range
x = [1, 2, 3]; x[0] += 5; x[-1] *= 2; print(x) ==> [6, 2, 6]
x = [1, 2]; x[0], x[1] = x[1], x[0]; print(x) ==> [2, 1]
x = [1, 2, 3]; del x[0], x[0]; print(x) ==> [3]
i = 0; x = [1, 2]; i, x[i] = 1, 9; print(i, x) ==> 1 [1, 9]
x = [[0] * 2] * 2; x[0][0] = 1; print(x) ==> [[1, 0], [1, 0]]
"""


class TestSlices(Pinned):
    """Slices with steps when read; without when written."""

    setup = "x = [0, 1, 2, 3, 4, 5]\ndef f(l, *a):\n    l[a[0] : a[1]] = a[2]\n    return l\n"
    cases = r"""
x[:] ==> [0, 1, 2, 3, 4, 5]
x[1:] ==> [1, 2, 3, 4, 5]
x[:2] ==> [0, 1]
x[1:3] ==> [1, 2]
x[-2:] ==> [4, 5]
x[:-2] ==> [0, 1, 2, 3]
x[3:1] ==> []
x[6:] ==> []
x[100:] ==> []
x[:100] ==> [0, 1, 2, 3, 4, 5]
x[-100:] ==> [0, 1, 2, 3, 4, 5]
x[:-100] ==> []
x[::2] ==> [0, 2, 4]
x[::3] ==> [0, 3]
x[1::2] ==> [1, 3, 5]
x[::-1] ==> [5, 4, 3, 2, 1, 0]
x[::-2] ==> [5, 3, 1]
x[4:1:-1] ==> [4, 3, 2]
x[1:4:-1] ==> []
x[-1:-4:-1] ==> [5, 4, 3]
x[::-100] ==> [5]
x[5::-2] ==> [5, 3, 1]
x[:2:-1] ==> [5, 4, 3]
x[10::-1] ==> [5, 4, 3, 2, 1, 0]
x[:-10:-1] ==> [5, 4, 3, 2, 1, 0]
x[1:100:2] ==> [1, 3, 5]
x[::0] ==> ! ValueError: slice step can't be zero
x[:'a'] ==> ! TypeError: can't convert str to int
x[1.0:] ==> ! TypeError: can't convert float to int
x[::1.5] ==> ! TypeError: can't convert float to int
x[None:None:None] ==> [0, 1, 2, 3, 4, 5]
x[:] is x ==> False
f([0, 1, 2, 3], 0, 2, ['n']) ==> ['n', 2, 3]
f([0, 1, 2, 3], 1, 2, ['n']) ==> [0, 'n', 2, 3]
f([0, 1, 2, 3], 2, 2, ['n']) ==> [0, 1, 'n', 2, 3]
f([0, 1, 2, 3], 3, 2, ['n']) ==> [0, 1, 2, 'n', 3]
f([0, 1, 2, 3], 4, 2, ['n']) ==> [0, 1, 2, 3, 'n']
f([0, 1, 2, 3], -1, 2, ['n']) ==> [0, 1, 2, 'n', 3]
f([0, 1, 2, 3], -9, 2, ['n']) ==> ['n', 2, 3]
f([0, 1, 2, 3], 9, 2, ['n']) ==> [0, 1, 2, 3, 'n']
f([0, 1, 2, 3], 1, 0, ['n', 'm']) ==> [0, 'n', 'm', 1, 2, 3]
f([0, 1, 2, 3], 1, 1, ['n', 'm']) ==> [0, 'n', 'm', 1, 2, 3]
f([0, 1, 2, 3], 1, 3, ['n', 'm']) ==> [0, 'n', 'm', 3]
f([0, 1, 2, 3], 1, 4, ['n', 'm']) ==> [0, 'n', 'm']
f([0, 1, 2, 3], 1, -1, ['n', 'm']) ==> [0, 'n', 'm', 3]
f([0, 1, 2, 3], 1, 9, ['n', 'm']) ==> [0, 'n', 'm']
f([0, 1, 2, 3], 1, None, ['n', 'm']) ==> [0, 'n', 'm']
f([0, 1, 2, 3], 1, 3, []) ==> [0, 3]
f([0, 1, 2, 3], 1, 3, ['n']) ==> [0, 'n', 3]
f([0, 1, 2, 3], 1, 3, ('n', 'm', 'o')) ==> [0, 'n', 'm', 'o', 3]
f([0, 1, 2, 3], 1, 3, [[]]) ==> [0, [], 3]
f([0, 1, 2, 3], 1, 3, [1, 2, 3, 4, 5]) ==> [0, 1, 2, 3, 4, 5, 3]
f([0, 1, 2, 3], 1, 3, 'ab') ==> ! TypeError: object 'str' isn't a tuple or list
f([0, 1, 2, 3], 1, 3, 1) ==> ! TypeError: object 'int' isn't a tuple or list
f([0, 1, 2, 3], 1, 3, None) ==> ! TypeError: object 'NoneType' isn't a tuple or list
f([0, 1, 2, 3], 1, 3, range(2)) ==> ! TypeError: object 'range' isn't a tuple or list
f([0, 1, 2, 3], 1, 3, {1: 2}) ==> ! TypeError: object 'dict' isn't a tuple or list
f([0, 1, 2, 3], 1, 3, b'ab') ==> ! TypeError: object 'bytes' isn't a tuple or list
f([], 0, 0, [1, 2]) ==> [1, 2]
f([0, 1, 2], None, None, []) ==> []
f([0, 1, 2], 3, 3, (7,)) ==> [0, 1, 2, 7]
x = [0, 1, 2]; x[1:1] = x; print(x) ==> [0, 0, 1, 2, 1, 2]
x = [0, 1, 2]; x[:] = x[1:]; print(x) ==> [1, 2]
x = [0, 1, 2]; x[::2] = [7, 8] ==> ! NotImplementedError:
x = [0, 1, 2]; x[::-1] = [7, 8, 9] ==> ! NotImplementedError:
x = [0, 1, 2, 3]; del x[1:3]; print(x) ==> [0, 3]
x = [0, 1, 2, 3]; del x[:]; print(x) ==> []
x = [0, 1, 2, 3]; del x[2:]; print(x) ==> [0, 1]
x = [0, 1, 2, 3]; del x[-1:]; print(x) ==> [0, 1, 2]
x = [0, 1, 2, 3]; del x[3:1]; print(x) ==> [0, 1, 2, 3]
x = [0, 1, 2, 3]; del x[9:]; print(x) ==> [0, 1, 2, 3]
x = [0, 1, 2, 3]; del x[::2] ==> ! NotImplementedError:
x = [0, 1, 2, 3]; del x[::1]; print(x) ==> []
"""
