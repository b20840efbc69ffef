"""Classes: attributes, inheritance, special methods, properties, super (py/objtype.c, py/objproperty.c, py/objobject.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestAttributes(Pinned):
    """Found in the instance, then in the class and its bases; set in the instance."""

    setup = """
class A:
    x = 1
    def m(self, *a, **k):
        return self.x, a, k
class B(A):
    y = 2
a, b = A(), B()
"""
    cases = r"""
a.x, b.x, b.y, A.x, B.x ==> (1, 1, 2, 1, 1)
a.y ==> ! AttributeError: 'A' object has no attribute 'y'
A.y ==> ! AttributeError: type object 'A' has no attribute 'y'
a.m(), b.m(1, k=2), A.m(a), A.m(b, 5) ==> ((1, (), {}), (1, (1,), {'k': 2}), (1, (), {}), (1, (5,), {}))
A.m() ==> ! TypeError: m() takes 1 positional arguments but 0 were given
A.m(5) ==> ! AttributeError: 'int' object has no attribute 'x'
A.m(A, 1) ==> (1, (1,), {})
a.x = 5; print(a.x, A.x, b.x) ==> 5 1 1
A.x = 7; print(a.x, A.x, b.x) ==> 5 7 7
B.x = 8; print(b.x, A.x); del B.x; print(b.x) ==> 8 7¶7
del a.x; print(a.x) ==> 7
del a.x ==> ! AttributeError: 'A' object has no attribute 'x'
del a.nothing ==> ! AttributeError: 'A' object has no attribute 'nothing'
del A.nothing ==> ! AttributeError: 'type' object has no attribute 'nothing'
del b.m ==> ! AttributeError: 'B' object has no attribute 'm'
a.new = [1]; print(a.new, hasattr(a, 'new'), hasattr(b, 'new')) ==> [1] True False
a.m = lambda *z: z; print(a.m(1), A.m is not a.m); del a.m ==> (1,) True
getattr(a, 'x'), getattr(a, 'q', 'd'), getattr(A, 'x') ==> (7, 'd', 7)
getattr(a, 'q') ==> ! AttributeError: 'A' object has no attribute 'q'
getattr(a) ==> ! TypeError: function missing 1 required positional arguments
getattr(a, 1) ==> ! TypeError: can't convert 'int' object to str implicitly
getattr(1, 'real') ==> ! AttributeError: 'int' object has no attribute 'real'
setattr(a, 'z', 3); print(a.z); delattr(a, 'z'); print(hasattr(a, 'z')) ==> 3¶False
setattr(a, 1, 2) ==> ! TypeError: can't convert 'int' object to str implicitly
delattr(a, 'q') ==> ! AttributeError: 'A' object has no attribute 'q'
hasattr(a, 'x'), hasattr(a, 'q'), hasattr(1, 'x'), hasattr(A, 'm') ==> (True, False, False, True)
hasattr(a, 1) ==> ! TypeError: can't convert 'int' object to str implicitly
a.__class__, b.__class__, a.__class__ is A ==> (<class 'A'>, <class 'B'>, True)
a.__dict__ ==> {'new': [1]}
b.v = 1; print(b.__dict__) ==> {'v': 1}
A.__name__, A.__bases__, B.__bases__ ==> ('A', (<class 'object'>,), (<class 'A'>,))
A.__module__ ==> '__main__'
type(a) ==> <class 'A'>
type(A) ==> <class 'type'>
type(type) ==> <class 'type'>
type(a) is A ==> True
type(B) is type ==> True
isinstance(b, A) ==> True
isinstance(a, B) ==> False
isinstance(A, type) ==> True
isinstance(b, (int, A)) ==> True
isinstance(1, ()) ==> False
isinstance(1, 1) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
isinstance(1, (int, 1)) ==> True
isinstance(1) ==> ! TypeError: function takes 2 positional arguments but 1 were given
issubclass(B, A) ==> True
issubclass(A, B) ==> False
issubclass(A, A) ==> True
issubclass(B, (int, A)) ==> True
issubclass(bool, int) ==> False
issubclass(1, A) ==> ! TypeError: issubclass() arg 1 must be a class
issubclass(A, 1) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
issubclass(A, object), isinstance(a, object) ==> (True, True)
a.m is a.m, a.m == a.m ==> (False, True)
callable(a), callable(A), callable(a.m), callable(1), callable(print) ==> (False, True, True, False, True)
dir(A)[-2:] and 'm' in dir(a) ==> True
id(a) == id(a), a is a, a == a, a != b, a == b ==> (True, True, True, True, False)
None.x ==> ! AttributeError: 'NoneType' object has no attribute 'x'
None.x = 1 ==> ! AttributeError: 'NoneType' object has no attribute 'x'
len.x = 1 ==> ! AttributeError: 'function' object has no attribute 'x'
(5).x = 1 ==> ! AttributeError: 'int' object has no attribute 'x'
'a'.x = 1 ==> ! AttributeError: 'str' object has no attribute 'x'
[].x = 1 ==> ! AttributeError: 'list' object has no attribute 'x'
int.x = 1 ==> ! AttributeError: 'type' object has no attribute 'x'
A.__init__(a) ==> ! AttributeError: type object 'A' has no attribute '__init__'
object().x = 1 ==> ! AttributeError: 'object' object has no attribute 'x'
object() == object(), object ==> (False, <class 'object'>)
object(1) ==> ! TypeError: function takes 0 positional arguments but 1 were given
"""


class TestMaking(Pinned):
    """``__new__`` and ``__init__``; classes made by ``type``."""

    setup = """
class A:
    def __init__(self, x, y=2, *a, k=3, **kw):
        self.v = x, y, a, k, kw
class N:
    def __new__(cls, *a):
        print('new', a)
        return object.__new__(cls)
    def __init__(self, *a):
        print('init', a)
class M:
    def __new__(cls):
        return 5
class R:
    def __init__(self):
        return 1
class E:
    def __init__(self):
        raise ValueError('no')
"""
    cases = r"""
A(1).v ==> (1, 2, (), 3, {})
A(1, 3, 4, k=5, z=6).v ==> (1, 3, (4,), 5, {'z': 6})
A(x=1).v ==> (1, 2, (), 3, {})
A(1, y=9).v ==> (1, 9, (), 3, {})
A() ==> ! TypeError: function missing required positional argument #1
A(1, x=2) ==> ! TypeError: function got multiple values for argument 'x'
A(y=1) ==> ! TypeError: function missing required positional argument #1
N(1, 2) is not None ==> new (1, 2)¶init (1, 2)¶True
N.__new__(N, 1) is not None ==> new (1,)¶True
M() ==> 5
R() ==> ! TypeError: __init__() should return None, not 'int'
E() ==> ! ValueError: no
class C: pass ==>
class C: pass¶print(C, C().__class__ is C) ==> <class 'C'> True
class C(): x = 1; y = x + 1¶print(C.x, C.y) ==> 1 2
class C(1): pass ==> ! TypeError: function expected at most 2 arguments, got 3
class C(A, x=1): pass ==> ! TypeError: function doesn't take keyword arguments
class C(A, 1): pass ==> ! TypeError:
class C(None): pass ==> ! TypeError: can't create 'NoneType' instances
class C(undefined): pass ==> ! NameError: name 'undefined' isn't defined
class C:¶    for i in range(3):¶        pass¶print(C.i) ==> 2
class C:¶    def f(self): return __class__¶print(C().f() is C) ==> True
class C:¶    x = [1]¶    y = [v for v in x]¶print(C.y) ==> [1]
class C:¶    if 1:¶        a = 1¶    else:¶        b = 2¶print(C.a, hasattr(C, 'b')) ==> 1 False
class C:¶    'doc'¶    x = 1¶print(C.x) ==> 1
class C:¶    def __init__(s): s.a, s.b = 1, 2¶c = C(); print(c.a, c.b) ==> 1 2
x = 1¶class C:¶    x = x + 1¶print(x, C.x) ==> 1 2
def f(n):¶    class C:¶        v = n¶        def g(self): return n¶    return C¶print(f(1).v, f(2)().g()) ==> 1 2
T = type('T', (), {'x': 1, 'f': lambda s: s.x}); print(T.x, T().f(), T.__name__) ==> 1 1 T
T = type('T', (A,), {}); print(T(5).v) ==> (5, 2, (), 3, {})
type('T', (1,), {}) ==> ! TypeError:
type('T', (), 1) ==> ! TypeError:
type('T', 1, {}) ==> ! TypeError:
type(1, (), {}) ==> ! TypeError: can't convert 'int' object to str implicitly
type(1, 2) ==> ! TypeError: type takes 1 or 3 arguments
type() ==> ! TypeError: function missing 1 required positional arguments
type(1) ==> <class 'int'>
type(None) ==> <class 'NoneType'>
type(...) ==> <class ''>
type(NotImplemented) ==> <class ''>
type(type) ==> <class 'type'>
type(print) ==> <class 'function'>
type(lambda: 0) ==> <class 'function'>
class C(type): pass ==>
class C(bool): pass ==>
class C(type(None)): pass ==> ! TypeError: type 'NoneType' isn't an acceptable base type
class C(range): pass ==>
"""


class TestInheritance(Pinned):
    """Order of bases, ``super``, calls of a base's methods."""

    setup = """
class A:
    n = 'A'
    def f(self): return 'A.f'
    def who(self): return self.n
class B(A):
    n = 'B'
    def f(self): return 'B.f ' + super().f()
class C(A):
    def f(self): return 'C.f ' + A.f(self)
class D(B, C):
    pass
class E(B, C):
    def f(self): return 'E ' + super().f()
class X: pass
class Y:
    def f(self): return 'Y'
    z = 1
class Z(X, Y): pass
"""
    cases = r"""
A().f() ==> 'A.f'
B().f() ==> 'B.f A.f'
C().f() ==> 'C.f A.f'
D().f() ==> 'B.f A.f'
E().f() ==> 'E B.f A.f'
Z().f() ==> 'Y'
Z.z ==> 1
A().who(), B().who(), C().who(), D().who() ==> ('A', 'B', 'A', 'B')
D.__bases__, Z.__bases__ ==> ((<class 'B'>, <class 'C'>), (<class 'X'>, <class 'Y'>))
issubclass(D, A), isinstance(D(), C), isinstance(Z(), A) ==> (True, True, False)
super(B, B()).f() ==> 'A.f'
super(A, B()).f() ==> ! AttributeError: 'super' object has no attribute 'f'
super(D, D()).n, super(B, D()).n ==> ('B', 'A')
super().f() ==> ! TypeError: function takes 2 positional arguments but 0 were given
super(1, 2).f() ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
super(B).f() ==> ! TypeError: function takes 2 positional arguments but 1 were given
super(B, B()).x ==> ! AttributeError: 'super' object has no attribute 'x'
class P(A):¶    def f(self):¶        return super().g()¶P().f() ==> ! AttributeError: 'super' object has no attribute 'g'
class P(A):¶    def f(self):¶        super().n = 5¶P().f() ==> ! TypeError: function takes 2 positional arguments but 0 were given
class P(A):¶    def __init__(self):¶        super().__init__()¶        self.q = 1¶print(P().q) ==> 1
class P(A):¶    def f(self):¶        g = super().f¶        return g()¶print(P().f()) ==> A.f
class P(A):¶    def f(self):¶        return [super(P, self).f() for _ in (1,)]¶print(P().f()) ==> ['A.f']
class P(A):¶    n = A.n + '2'¶print(P.n, P().who()) ==> A2 A2
class P(X, Y):¶    def f(self): return super().f() + '!'¶print(P().f()) ==> Y!
class P(Exception):¶    pass¶print(P('a').args, P(1, 2), repr(P())) ==> ('a',) (1, 2) P()
class P(X, list): pass¶print(P([1, 2]), len(P())) ==> [1, 2] 0
class P(list, dict): pass ==> ! TypeError: multiple bases have instance lay-out conflict
class P(int, str): pass ==> ! TypeError: multiple bases have instance lay-out conflict
class P(A, A): pass¶print(P().f()) ==> A.f
print(super) ==> <class 'super'>
type(super(B, B())) ==> <class 'super'>
super(B, 5) ==> ! TypeError:
super(5, B()) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
str(super(B, B()))[:12] ==> '<super: <cla'
"""


class TestProperty(Pinned):
    """property, staticmethod, classmethod."""

    setup = """
class P:
    def __init__(self): self._x = 1
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v): self._x = v * 10
    @x.deleter
    def x(self): print('deleted')
    @property
    def ro(self): return 'ro'
    @staticmethod
    def s(*a): return a
    @classmethod
    def c(cls, *a): return cls.__name__, a
    k = property(lambda self: 'k')
    w = property(None, lambda self, v: print('w', v))
class Q(P): pass
p = P()
"""
    cases = r"""
p.x, p.ro, p.k ==> (1, 'ro', 'k')
p.x = 5; print(p.x) ==> 50
del p.x ==> deleted
p.ro = 1 ==> ! AttributeError: 'P' object has no attribute 'ro'
del p.ro ==> ! AttributeError: 'P' object has no attribute 'ro'
p.k = 1 ==> ! AttributeError: 'P' object has no attribute 'k'
p.w ==> ! AttributeError: unreadable attribute
p.w = 3 ==> w 3
P.x ==> <property>
type(P.x) is property ==> True
p.s(1), P.s(1, 2), Q.s(), Q().s(3) ==> ((1,), (1, 2), (), (3,))
p.c(1), P.c(), Q.c(2), Q().c() ==> (('P', (1,)), ('P', ()), ('Q', (2,)), ('Q', ()))
Q().x, Q().k ==> (1, 'k')
q = Q(); q.x = 2; print(q.x) ==> 20
q = Q(); q._x = 4; print(q.x, q.__dict__) ==> 4 {'_x': 4}
P.x = 9; print(p.x); del P.x ==> 9
property() ==> <property>
property(1) ==> <property>
property(1, 2, 3, 4, 5) ==> ! TypeError: extra positional arguments given
staticmethod() ==> ! TypeError: function takes 1 positional arguments but 0 were given
staticmethod(1) ==> <staticmethod>
classmethod(len) ==> <classmethod>
class R:¶    s = staticmethod(len)¶print(R.s('abc'), R().s([1])) ==> 3 1
class R:¶    c = classmethod(lambda cls, n: (cls.__name__, n))¶print(R.c(1), R().c(2)) ==> ('R', 1) ('R', 2)
class R:¶    f = len¶print(R().f('ab')) ==> 2
class R:¶    @staticmethod¶    @staticmethod¶    def f(): return 1¶print(R.f()) ==> ! TypeError: 'staticmethod' object isn't callable
class R:¶    @property¶    def e(self): raise AttributeError('inner')¶R().e ==> ! AttributeError: inner
class R:¶    @property¶    def e(self): raise ValueError('v')¶print(hasattr(R(), 'e')) ==> ! ValueError: v
class R:¶    @property¶    def e(self): return self.missing¶getattr(R(), 'e', 'default') ==>
@property¶def f(s): return 1¶print(type(f)) ==> <class 'property'>
@staticmethod¶def f(): return 1¶f() ==> ! TypeError: 'staticmethod' object isn't callable
"""
