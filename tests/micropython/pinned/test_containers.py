"""namedtuple and deque (py/objnamedtuple.c, py/objdeque.c), bool, None, Ellipsis, NotImplemented (py/objbool.c, …)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestNamedtuple(Pinned):
    """A tuple whose items have names."""

    setup = "from collections import namedtuple\nP = namedtuple('P', ['x', 'y'])\np = P(1, 2)\n"
    cases = r"""
p ==> P(x=1, y=2)
P(1, y=2) ==> P(x=1, y=2)
P(x=1, y=2) ==> P(x=1, y=2)
P(y=1, x=2) ==> P(x=2, y=1)
P(*[3, 4]) ==> P(x=3, y=4)
P(**{'x': 5, 'y': 6}) ==> P(x=5, y=6)
P() ==> ! TypeError: P() takes 2 positional arguments but 0 were given
P(1) ==> ! TypeError: P() takes 2 positional arguments but 1 were given
P(1, 2, 3) ==> ! TypeError: P() takes 2 positional arguments but 3 were given
P(1, x=2) ==> ! TypeError: function got multiple values for argument 'x'
P(1, z=2) ==> ! TypeError: unexpected keyword argument 'z'
P(x=1, y=2, z=3) ==> ! TypeError: P() takes 2 positional arguments but 3 were given
p.x, p.y, p[0], p[-1], p[:], p[1:], len(p) ==> (1, 2, 1, 2, (1, 2), (2,), 2)
p.z ==> ! AttributeError: 'P' object has no attribute 'z'
p[2] ==> ! IndexError: P index out of range
p['x'] ==> ! TypeError: P indices must be integers, not str
p.x = 5 ==> ! AttributeError: can't set attribute
p[0] = 5 ==> ! TypeError: 'P' object doesn't support item assignment
del p.x ==> ! AttributeError: can't set attribute
p == (1, 2), p == P(1, 2), p != (1, 2), p < (1, 3), (1, 2) == p, p == [1, 2] ==> (True, True, False, True, True, False)
p + (3,), p * 2, (0,) + p ==> ((1, 2, 3), (1, 2, 1, 2), (0, 1, 2))
hash(p) == hash((1, 2)), {p: 1}[p] ==> (True, 1)
list(p), tuple(p), 1 in p, 5 in p, sum(p), max(p), sorted(p) ==> ([1, 2], (1, 2), True, False, 3, 2, [1, 2])
a, b = p; print(a, b) ==> 1 2
for v in p: print(v) ==> 1¶2
p.count(1) ==> ! AttributeError: 'P' object has no attribute 'count'
p.index(2) ==> ! AttributeError: 'P' object has no attribute 'index'
P.count(p, 1) ==> 1
p._asdict ==> ! AttributeError: 'P' object has no attribute '_asdict'
p._fields ==> ! AttributeError: 'P' object has no attribute '_fields'
p._replace ==> ! AttributeError: 'P' object has no attribute '_replace'
P._make ==> ! AttributeError: type object 'P' has no attribute '_make'
P._fields ==> ! AttributeError: type object 'P' has no attribute '_fields'
P.x ==> ! AttributeError: type object 'P' has no attribute 'x'
type(p) ==> <class 'P'>
P ==> <class 'P'>
type(P) ==> <class 'type'>
isinstance(p, tuple) ==> True
isinstance(p, P) ==> True
issubclass(P, tuple) ==> True
str(p), repr(p), '%s' % (p,), '{}'.format(p) ==> ('P(x=1, y=2)', 'P(x=1, y=2)', 'P(x=1, y=2)', 'P(x=1, y=2)')
'%s %s' % p ==> '1 2'
bool(p), not p ==> (True, False)
namedtuple('E', [])() ==> E()
namedtuple('E', ()) ==> <class 'E'>
namedtuple('S', 'a b c')(1, 2, 3) ==> S(a=1, b=2, c=3)
namedtuple('S', 'a')('x') ==> S(a='x')
namedtuple('S', 'a, b')(1, 2) ==> S(a,=1, b=2)
namedtuple('S', ('a', 'b'))(1, 2) ==> S(a=1, b=2)
namedtuple('S', {'a': 1})(5) ==> ! TypeError: object 'dict' isn't a tuple or list
namedtuple('S', 5) ==> ! TypeError: object 'int' isn't a tuple or list
namedtuple('S', [1]) ==> ! TypeError: can't convert 'int' object to str implicitly
namedtuple('S') ==> ! TypeError: function takes 2 positional arguments but 1 were given
namedtuple(1, ['a']) ==> ! TypeError: can't convert 'int' object to str implicitly
namedtuple('S', ['a', 'a'])(1, 2) ==> S(a=1, a=2)
namedtuple('S', (v for v in 'ab')) ==> ! TypeError: object 'generator' isn't a tuple or list
class Q(P):¶    def total(self): return self.x + self.y¶print(Q(1, 2).total(), Q(1, 2), Q(3, 4)[1], len(Q(1, 2))) ==> 3 P(x=1, y=2) 4 2
class Q(P): z = 9¶print(Q(1, 2).z, isinstance(Q(1, 2), P)) ==> 9 True
"""


class TestDeque(Pinned):
    """Both ends, a bound, what falls off."""

    setup = """
from collections import deque
def after(x, name, *args):
    print(getattr(x, name)(*args), list(x))
def made(*a):
    d = deque((), 5)
    for v in a:
        d.append(v)
    return d
"""
    cases = r"""
list(deque((), 3)) ==> []
list(deque([1, 2], 3)) ==> [1, 2]
list(deque([1, 2, 3, 4], 3)) ==> [2, 3, 4]
list(deque('abc', 2)) ==> ['b', 'c']
list(deque(range(3), 3)) ==> [0, 1, 2]
deque() ==> ! TypeError: function missing 2 required positional arguments
deque([]) ==> ! TypeError: function missing 1 required positional arguments
deque((), 0) ==> <deque>
deque((), -1) ==> ! ValueError:
deque((), 'a') ==> ! TypeError: can't convert str to int
deque((), None) ==> ! TypeError: can't convert NoneType to int
deque(5, 3) ==> ! TypeError: 'int' object isn't iterable
deque((), 3, 0, 0) ==> ! TypeError: function expected at most 3 arguments, got 4
deque((), 3, 2) ==> <deque>
after(made(), 'append', 1) ==> None [1]
after(made(1, 2, 3, 4, 5), 'append', 6) ==> None [2, 3, 4, 5, 6]
after(made(1, 2), 'appendleft', 0) ==> None [0, 1, 2]
after(made(1, 2, 3, 4, 5), 'appendleft', 0) ==> None [0, 1, 2, 3, 4]
after(made(1, 2), 'pop') ==> 2 [1]
after(made(1, 2), 'popleft') ==> 1 [2]
after(made(), 'pop') ==> ! IndexError: empty
after(made(), 'popleft') ==> ! IndexError: empty
after(made(1), 'extend', [2, 3]) ==> None [1, 2, 3]
after(made(1, 2, 3, 4), 'extend', 'ab') ==> None [2, 3, 4, 'a', 'b']
after(made(1), 'extend', 5) ==> ! TypeError: 'int' object isn't iterable
after(made(), 'append') ==> ! TypeError: function takes 2 positional arguments but 1 were given
after(made(1, 2), 'clear') ==> ! AttributeError: 'deque' object has no attribute 'clear'
after(made(1, 2), 'rotate', 1) ==> ! AttributeError: 'deque' object has no attribute 'rotate'
x = deque((), 2, 1); x.append(1); x.append(2); x.append(3) ==> ! IndexError: full
x = deque((), 2, 1); x.append(1); x.append(2); x.appendleft(3) ==> ! IndexError: full
x = deque((), 2, 1); x.extend([1, 2, 3]) ==> ! IndexError: full
x = deque((), 2, 0); x.extend([1, 2, 3]); print(list(x)) ==> [2, 3]
len(made()), len(made(1, 2)), bool(made()), bool(made(1)) ==> (0, 2, False, True)
made(1, 2, 3)[0], made(1, 2, 3)[-1], made(1, 2, 3)[True] ==> (1, 3, 2)
made(1, 2)[2] ==> ! IndexError: deque index out of range
made(1, 2)[-3] ==> ! IndexError: deque index out of range
made(1, 2)['a'] ==> ! TypeError: deque indices must be integers, not str
made(1, 2)[0:1] ==> ! TypeError: deque indices must be integers, not slice
x = made(1, 2); x[0] = 5; x[-1] = 6; print(list(x)) ==> [5, 6]
x = made(1, 2); x[5] = 1 ==> ! IndexError: deque index out of range
x = made(1, 2); del x[0] ==> ! TypeError: 'deque' object doesn't support item deletion
1 in made(1), 3 in made(1) ==> (True, False)
for v in made(1, 2): print(v) ==> 1¶2
a, b = made(1, 2); print(a, b) ==> 1 2
made(1) == made(1) ==> False
made(1) < made(2) ==> ! TypeError: unsupported types for __lt__: 'deque', 'deque'
made(1) + made(2) ==> ! TypeError: unsupported types for __add__: 'deque', 'deque'
x = made(1); x += [2] ==> ! TypeError: unsupported types for __add__: 'deque', 'list'
hash(made(1)) ==> ! TypeError: unsupported type for __hash__: 'deque'
sum(made(1, 2)), max(made(1, 2)), sorted(made(2, 1)), tuple(made(1)) ==> (3, 2, [1, 2], (1,))
type(made()), isinstance(made(), deque) ==> (<class 'deque'>, True)
x = made(*range(5)); [x.append(x.popleft()) for _ in range(3)]; print(list(x)) ==> [3, 4, 0, 1, 2]
x = made(*range(9)); print(list(x), x[0], x[4]) ==> [4, 5, 6, 7, 8] 4 8
x = made(1); x.append(x); print(len(x)) ==> 2
"""


class TestSingletons(Pinned):
    """True, False, None, Ellipsis, NotImplemented, object."""

    cases = r"""
True + True ==> 2
True * 5 ==> 5
-True ==> -1
~False ==> -1
True - 1 ==> 0
True / 2 ==> 0.5
True // 1 ==> 1
True % 1 ==> 0
True ** 2 ==> 1
True << 3 ==> 8
True | 2 ==> 3
True & 3 ==> 1
True == 1 ==> True
True is True ==> True
True < 2 ==> True
False == 0 ==> True
True == 1.0 ==> True
True in [1] ==> True
{True: 'a'}[1] ==> 'a'
hash(True) ==> 1
str(True) ==> 'True'
repr(False) ==> 'False'
'%d' % True ==> '1'
'{}'.format(True) ==> 'True'
'%s' % False ==> 'False'
int(True) ==> 1
float(False) ==> 0.0
bool() ==> False
bool(0) ==> False
bool('0') ==> True
bool([]) ==> False
bool(None) ==> False
bool(...) ==> True
bool(NotImplemented) ==> True
bool(object) ==> True
bool(1, 2) ==> ! TypeError: function expected at most 1 arguments, got 2
True.x ==> ! AttributeError: 'bool' object has no attribute 'x'
True[0] ==> ! TypeError: 'bool' object isn't subscriptable
True() ==> ! TypeError: 'bool' object isn't callable
len(True) ==> ! TypeError: object of type 'bool' has no len()
True.bit_length ==> ! AttributeError: 'bool' object has no attribute 'bit_length'
isinstance(True, int), isinstance(True, bool), type(True), bool.__name__ ==> (False, True, <class 'bool'>, 'bool')
[True, False].index(1), [0, 1].index(True), sorted([True, 0, False, 1]) ==> (0, 1, [0, False, 1, True])
max(True, 0), sum([True, True]), abs(True) ==> (True, 2, 1)
None == None ==> True
None is None ==> True
None == 0 ==> False
None != 0 ==> True
not None ==> True
str(None) ==> 'None'
[None] ==> [None]
hash(None) == hash(None) ==> True
None + 1 ==> ! TypeError: unsupported types for __add__: 'NoneType', 'int'
None < 1 ==> ! TypeError: unsupported types for __lt__: 'NoneType', 'int'
None[0] ==> ! TypeError: 'NoneType' object isn't subscriptable
None() ==> ! TypeError: 'NoneType' object isn't callable
len(None) ==> ! TypeError: object of type 'NoneType' has no len()
iter(None) ==> ! TypeError: 'NoneType' object isn't iterable
-None ==> ! TypeError: unsupported type for __neg__: 'NoneType'
None.x ==> ! AttributeError: 'NoneType' object has no attribute 'x'
type(None) ==> <class 'NoneType'>
... ==> Ellipsis
Ellipsis ==> Ellipsis
... is Ellipsis ==> True
str(...) ==> 'Ellipsis'
type(...) ==> <class ''>
[...] ==> [Ellipsis]
... + 1 ==> ! TypeError: unsupported types for __add__: '', 'int'
...() ==> ! TypeError: '' object isn't callable
NotImplemented ==> NotImplemented
str(NotImplemented) ==> 'NotImplemented'
type(NotImplemented) ==> <class ''>
NotImplemented == NotImplemented ==> True
NotImplemented + 1 ==> ! TypeError: unsupported types for __add__: '', 'int'
object ==> <class 'object'>
type(object()) ==> <class 'object'>
isinstance(5, object) ==> True
issubclass(int, object) ==> True
object == object ==> True
object() < object() ==> ! TypeError: unsupported types for __lt__: 'object', 'object'
object() + 1 ==> ! TypeError: unsupported types for __add__: 'object', 'int'
exec('None = 1') ==> ! SyntaxError: can't assign to expression
exec('True = 1') ==> ! SyntaxError: can't assign to expression
exec('... = 1') ==> ! SyntaxError: can't assign to expression
exec('def None(): pass') ==> ! SyntaxError: invalid syntax
exec('import None') ==> ! SyntaxError: invalid syntax
exec('x.None') ==> ! SyntaxError: invalid syntax
exec('f(None=1)') ==> ! SyntaxError: LHS of keyword arg must be an id
exec('for None in x: pass') ==> ! SyntaxError: can't assign to expression
exec('del True') ==> ! SyntaxError: can't delete expression
int is int ==> True
int == int ==> True
int != str ==> True
hash(int) == hash(int) ==> True
{int: 1}[int] ==> 1
int in (int, str) ==> True
int < str ==> ! TypeError: unsupported types for __lt__: 'type', 'type'
int + 1 ==> ! TypeError: unsupported types for __add__: 'type', 'int'
int[0] ==> ! TypeError: 'type' object isn't subscriptable
str(int), repr(list), [dict] ==> ("<class 'int'>", "<class 'list'>", [<class 'dict'>])
len.__name__ ==> ! AttributeError: 'function' object has no attribute '__name__'
__name__ ==> '__main__'
__debug__ ==> True
__file__ ==> ! NameError: name '__file__' isn't defined
"""
