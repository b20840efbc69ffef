"""Special methods that classes of scripts define (py/objtype.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestOperators(Pinned):
    """Binary and unary operators; the reflected method is asked when the first knows nothing."""

    setup = """
class V:
    def __init__(self, n): self.n = n
    def __add__(self, o): return 'add', o
    def __sub__(self, o): return 'sub', o
    def __mul__(self, o): return 'mul', o
    def __matmul__(self, o): return 'matmul', o
    def __truediv__(self, o): return 'truediv', o
    def __floordiv__(self, o): return 'floordiv', o
    def __mod__(self, o): return 'mod', o
    def __pow__(self, o): return 'pow', o
    def __lshift__(self, o): return 'lshift', o
    def __rshift__(self, o): return 'rshift', o
    def __and__(self, o): return 'and', o
    def __or__(self, o): return 'or', o
    def __xor__(self, o): return 'xor', o
    def __neg__(self): return 'neg'
    def __pos__(self): return 'pos'
    def __invert__(self): return 'invert'
    def __abs__(self): return 'abs'
class W:
    def __radd__(self, o): return 'radd', o
    def __rsub__(self, o): return 'rsub', o
    def __rmul__(self, o): return 'rmul', o
    def __rtruediv__(self, o): return 'rtruediv', o
    def __rfloordiv__(self, o): return 'rfloordiv', o
    def __rmod__(self, o): return 'rmod', o
    def __rpow__(self, o): return 'rpow', o
    def __rlshift__(self, o): return 'rlshift', o
    def __rand__(self, o): return 'rand', o
    def __ror__(self, o): return 'ror', o
    def __rxor__(self, o): return 'rxor', o
    def __rmatmul__(self, o): return 'rmatmul', o
class I:
    def __init__(self): self.log = []
    def __iadd__(self, o): self.log.append(o); return self
    def __isub__(self, o): return 'isub', o
    def __imul__(self, o): return 'imul', o
    def __ior__(self, o): return 'ior', o
class N:
    def __add__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
v, w, n = V(1), W(), N()
"""
    cases = r"""
v + 2 ==> ('add', 2)
v - 2 ==> ('sub', 2)
v * 2 ==> ('mul', 2)
v @ 2 ==> ('matmul', 2)
v / 2 ==> ('truediv', 2)
v // 2 ==> ('floordiv', 2)
v % 2 ==> ('mod', 2)
v ** 2 ==> ('pow', 2)
v << 2 ==> ('lshift', 2)
v >> 2 ==> ('rshift', 2)
v & 2 ==> ('and', 2)
v | 2 ==> ('or', 2)
v ^ 2 ==> ('xor', 2)
1 + w ==> ('radd', 1)
1 - w ==> ('rsub', 1)
1 * w ==> ('rmul', 1)
1 @ w ==> ('rmatmul', 1)
1 / w ==> ('rtruediv', 1)
1 // w ==> ('rfloordiv', 1)
1 % w ==> ('rmod', 1)
1 ** w ==> ('rpow', 1)
1 << w ==> ('rlshift', 1)
1 & w ==> ('rand', 1)
1 | w ==> ('ror', 1)
1 ^ w ==> ('rxor', 1)
'a' + w ==> ('radd', 'a')
'a' * w ==> ('rmul', 'a')
'a' % w ==> ! TypeError: format string didn't convert all arguments
[1] + w ==> ('radd', [1])
[1] * w ==> ('rmul', [1])
None + w ==> ('radd', None)
w + v ==> ! TypeError: unsupported types for __add__: 'W', 'V'
w + 1 ==> ! TypeError: unsupported types for __add__: 'W', 'int'
1 + v ==> ! TypeError: unsupported types for __add__: 'int', 'V'
-v, +v, ~v, abs(v) ==> ('neg', 'pos', 'invert', 'abs')
-w ==> ! TypeError: unsupported type for __neg__: 'W'
+w ==> ! TypeError: unsupported type for __pos__: 'W'
~w ==> ! TypeError: unsupported type for __invert__: 'W'
abs(w) ==> ! TypeError: unsupported type for __abs__: 'W'
i = I(); j = i; i += 5; i += 6; print(i.log, i is j) ==> [5, 6] True
i = I(); i -= 3; print(i) ==> ('isub', 3)
i = I(); i *= 3; print(i) ==> ! TypeError: unsupported types for __mul__: 'I', 'int'
i = I(); i |= 3; print(i) ==> ! TypeError: unsupported types for __or__: 'I', 'int'
i = I(); i /= 3 ==> ! TypeError: unsupported types for __truediv__: 'I', 'int'
x = v; x += 1; print(x) ==> ('add', 1)
x = 5; x += w; print(x) ==> ('radd', 5)
n + 1 ==> ! TypeError: unsupported types for __add__: 'N', 'int'
1 + n ==> ! TypeError: unsupported types for __add__: 'int', 'N'
n == 1, n == n, n != 1 ==> (False, True, True)
n < 1 ==> ! TypeError: unsupported types for __lt__: 'N', 'int'
divmod(v, 2) ==> ! TypeError: unsupported types for __divmod__: 'V', 'int'
pow(v, 2) ==> ('pow', 2)
v.__add__(3), V.__add__(v, 4) ==> (('add', 3), ('add', 4))
sum([w], 0) ==> ('radd', 0)
sum([v, 1]) ==> ! TypeError: unsupported types for __add__: 'int', 'V'
1.5 + w, 1j + w, (1,) + w, b'a' + w ==> (('radd', 1.5), ('radd', 1j), ('radd', (1,)), ('radd', b'a'))
True + w, (1 << 40) * w ==> (('radd', 1), ('rmul', 1099511627776))
"""


class TestComparison(Pinned):
    """Orders, equality, truth, hash."""

    setup = """
class C:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return ('lt', o)
    def __gt__(self, o): return ('gt', o)
    def __le__(self, o): return 0
    def __ge__(self, o): return []
class E:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return isinstance(o, E) and self.n == o.n
    def __hash__(self): return self.n
class F:
    def __eq__(self, o): return True
class L:
    def __init__(self, n): self.n = n
    def __lt__(self, o): return self.n < o.n
    def __repr__(self): return 'L%d' % self.n
class T:
    def __init__(self, v): self.v = v
    def __bool__(self): return self.v
class Z:
    def __init__(self, v): self.v = v
    def __len__(self): return self.v
c = C(1)
"""
    cases = r"""
c < 5 ==> ('lt', 5)
c > 5 ==> ('gt', 5)
c <= 5 ==> 0
c >= 5 ==> []
5 < c ==> ! TypeError: unsupported types for __lt__: 'int', 'C'
5 > c ==> ! TypeError: unsupported types for __gt__: 'int', 'C'
5 <= c ==> ! TypeError: unsupported types for __le__: 'int', 'C'
5 >= c ==> ! TypeError: unsupported types for __ge__: 'int', 'C'
E(1) == E(1), E(1) == E(2), E(1) != E(2), E(1) == 1, 1 == E(1) ==> (True, False, True, False, False)
hash(E(5)), {E(1): 'a'}[E(1)], E(2) in {E(2)}, E(2) in [E(1), E(2)], len({E(1), E(1)}) ==> (5, 'a', True, True, 1)
hash(F()) ==> ! TypeError: unsupported type for __hash__: 'F'
{F(): 1} ==> ! TypeError: unsupported type for __hash__: 'F'
F() == 5, 5 == F(), F() != 5, 5 in [F()] ==> (True, True, False, True)
[E(1)] == [E(1)], (E(1),) == (E(2),), {1: E(1)} == {1: E(1)} ==> (True, False, True)
[1, E(3), 2].index(E(3)), [E(1), E(1)].count(E(1)) ==> (1, 2)
sorted([L(3), L(1), L(2)]), min(L(2), L(1)), max([L(2), L(5)]) ==> ! TypeError: unsupported types for __gt__: 'L', 'L'
L(1) > L(2), L(2) > L(1) ==> ! TypeError: unsupported types for __gt__: 'L', 'L'
L(1) <= L(2) ==> ! TypeError: unsupported types for __le__: 'L', 'L'
bool(T(True)), bool(T(False)), not T(True) ==> (True, False, False)
bool(T(5)) ==> False
bool(T(None)) ==> False
1 if T(False) else 2 ==> 2
while T(False): pass ==>
bool(Z(0)), bool(Z(3)), len(Z(4)), not Z(0) ==> (False, True, 4, True)
len(Z(-1)) ==> -1
len(Z('a')) ==> 'a'
bool(Z('a')) ==> True
len(Z(None)) ==> None
len(c) ==> ! TypeError: object of type 'C' has no len()
T(True) and 5, T(False) or 6 ==> (5, 6)
any([T(False), Z(1)]), all([T(True), Z(0)]) ==> (True, False)
hash(C(1)) == hash(C(1)) or 1 ==> 1
"""


class TestContainers(Pinned):
    """Items, ``in``, iteration, calls, attributes on demand."""

    setup = """
class D:
    def __getitem__(self, k): return 'get', k
    def __setitem__(self, k, v): print('set', k, v)
    def __delitem__(self, k): print('del', k)
    def __contains__(self, k): return k == 1
    def __len__(self): return 3
    def __call__(self, *a, **k): return 'call', a, k
class G:
    def __getattr__(self, name):
        if name == 'no': raise AttributeError(name)
        return 'attr ' + name
    x = 1
class S:
    def __setattr__(self, n, v): print('setattr', n, v)
    def __delattr__(self, n): print('delattr', n)
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return iter(range(self.n))
class Bad:
    def __iter__(self): return 5
class Own:
    def __iter__(self): return self
    def __next__(self): raise ValueError('next')
class Empty: pass
d, g = D(), G()
"""
    cases = r"""
d[1] ==> ('get', 1)
d['a'] ==> ('get', 'a')
d[1:2] ==> ('get', slice(1, 2, None))
d[1, 2] ==> ('get', (1, 2))
d[None] ==> ('get', None)
d[1] = 2 ==> set 1 2
d[1:2] = 3 ==> set slice(1, 2, None) 3
del d[1] ==> del 1
d[1] += 5 ==> ! TypeError: unsupported types for __add__: 'tuple', 'int'
1 in d, 2 in d, 1 not in d ==> (True, False, False)
len(d) ==> 3
bool(d) ==> True
d() ==> ('call', (), {})
d(1, 2, k=3) ==> ('call', (1, 2), {'k': 3})
d(*[1], **{'a': 2}) ==> ('call', (1,), {'a': 2})
g.x, g.foo, g.bar ==> (1, 'attr foo', 'attr bar')
g.no ==> ! AttributeError: no
hasattr(g, 'no'), hasattr(g, 'yes'), getattr(g, 'no', 5) ==> (False, True, 5)
g.foo = 3; print(g.foo) ==> 3
g() ==> ! TypeError: 'G' object isn't callable
g[1] ==> ! TypeError: 'G' object isn't subscriptable
g + 1 ==> ! TypeError: unsupported types for __add__: 'G', 'int'
len(g) ==> ! TypeError: object of type 'G' has no len()
s = S(); s.x = 1; del s.x ==> setattr x 1¶delattr x
s = S(); s.x = 1; s.x ==> setattr x 1¶! AttributeError: 'S' object has no attribute 'x'
list(It(3)), tuple(It(0)), 2 in It(3), sum(It(4)) ==> ([0, 1, 2], (), True, 6)
a, b = It(2); print(a, b) ==> 0 1
for x in Bad(): print(x) ==> ! TypeError: 'int' object isn't an iterator
for x in Own(): print(x) ==> ! ValueError: next
iter(Bad()) ==> 5
next(iter(Bad())) ==> ! TypeError: 'int' object isn't an iterator
list(Own()) ==> ! ValueError: next
for x in Empty(): print(x) ==> ! TypeError: 'Empty' object isn't iterable
Empty()[0] ==> ! TypeError: 'Empty' object isn't subscriptable
Empty()[0] = 1 ==> ! TypeError: 'Empty' object doesn't support item assignment
del Empty()[0] ==> ! TypeError: 'Empty' object doesn't support item deletion
1 in Empty() ==> ! TypeError: 'Empty' object isn't iterable
Empty()() ==> ! TypeError: 'Empty' object isn't callable
len(Empty()) ==> ! TypeError: object of type 'Empty' has no len()
-Empty() ==> ! TypeError: unsupported type for __neg__: 'Empty'
Empty() + 1 ==> ! TypeError: unsupported types for __add__: 'Empty', 'int'
Empty() < Empty() ==> ! TypeError: unsupported types for __lt__: 'Empty', 'Empty'
int(Empty()) ==> ! TypeError: can't convert Empty to int
float(Empty()) ==> ! TypeError: can't convert Empty to float
abs(Empty()) ==> ! TypeError: unsupported type for __abs__: 'Empty'
round(Empty()) ==> ! TypeError: can't convert Empty to float
'%d' % Empty() ==> ! TypeError: can't convert Empty to int
[1][Empty()] ==> ! TypeError: list indices must be integers, not Empty
range(Empty()) ==> ! TypeError: can't convert Empty to int
"""


class TestShown(Pinned):
    """Text and conversions."""

    setup = """
class R:
    def __repr__(self): return 'R!'
class S:
    def __str__(self): return 'S!'
class B(R, S): pass
class N:
    def __repr__(self): return 5
class X:
    def __str__(self): raise ValueError('str')
class H:
    def __hash__(self): return 'a'
class K:
    def __int__(self): return 7
    def __float__(self): return 1.5
    def __index__(self): return 2
class W:
    def __enter__(self): print('enter'); return 'it'
    def __exit__(self, *a): print('exit', a[0], a[1]); return a[0] is KeyError
class Fmt:
    def __format__(self, s): return 'fmt' + s
"""
    cases = r"""
R(), [R()], {R(): 1} and (R(),) ==> (R!, [R!], (R!,))
str(R()), repr(R()), '%s %r' % (R(), R()), '{} {!r}'.format(R(), R()), f'{R()}' ==> ('R!', 'R!', 'R! R!', 'R! R!', 'R!')
str(S()), '%s' % S(), f'{S()}' ==> ('S!', 'S!', 'S!')
str([S()])[:3] ==> '[<S'
repr(S())[:3] ==> '<S '
str(B()), repr(B()), [B()] ==> ('S!', 'R!', [R!])
print(R(), S(), B()) ==> R! S! S!
str(N()) ==> '5'
print(N()) ==> 5
str(X()) ==> ! ValueError: str
print(X()) ==> ! ValueError: str
'%s' % X() ==> ! ValueError: str
[X()] and 1 ==> 1
hash(H()) ==> ! TypeError: can't convert str to int
{H(): 1} ==> ! TypeError: can't convert str to int
int(K()), float(K()) ==> (7, 1.5)
[1, 2, 3][K()] ==> ! IndexError: list index out of range
range(K()) ==> range(0, 7)
'ab' * K() ==> 'ababababababab'
hex(K()) ==> '0x7'
bytes(K()) ==> ! TypeError: 'K' object isn't iterable
K() + 1 ==> ! TypeError: unsupported types for __add__: 'K', 'int'
with W() as w: print(w) ==> enter¶it¶exit None None
with W() as w: raise KeyError(1) ==> enter¶exit <class 'KeyError'> 1
with W() as w: raise ValueError(2) ==> enter¶exit <class 'ValueError'> 2¶! ValueError: 2
with W(), W() as w: print(w) ==> enter¶enter¶it¶exit None None¶exit None None
with R() as w: print(w) ==> ! AttributeError: 'R' object has no attribute '__exit__'
with 5: pass ==> ! AttributeError: 'int' object has no attribute '__exit__'
'{}'.format(Fmt())[:5] ==> '<Fmt '
f'{Fmt():x}' ==> ! ValueError: unknown format code 'x' for object of type 'Fmt'
f'{R()!r:>5}|{S()!s:4}|' ==> '   R!|S!  |'
"""
