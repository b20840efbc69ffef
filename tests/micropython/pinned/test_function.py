"""Functions: how arguments meet parameters, closures, scopes, decorators, lambda (py/objfun.c, py/bc.c, py/scope.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestArguments(Pinned):
    """Parameters of every kind against calls of every kind."""

    setup = """
def n(): return 'n'
def a(x): return x
def ab(x, y): return x, y
def d(x, y=2, z=3): return x, y, z
def s(*a): return a
def k(**kw): return sorted(kw.items())
def sk(*a, **kw): return a, sorted(kw.items())
def o(x, *, y): return x, y
def od(x, *, y=5, z): return x, y, z
def ao(x, *a, y=1): return x, a, y
def all(x, y=2, *a, z, w=4, **kw): return x, y, a, z, w, sorted(kw.items())
"""
    cases = r"""
n(), a(1), ab(1, 2), ab(y=1, x=2), ab(1, y=2) ==> ('n', 1, (1, 2), (2, 1), (1, 2))
n(1) ==> ! TypeError: n() takes 0 positional arguments but 1 were given
n(x=1) ==> ! TypeError: unexpected keyword argument 'x'
a() ==> ! TypeError: a() takes 1 positional arguments but 0 were given
a(1, 2) ==> ! TypeError: a() takes 1 positional arguments but 2 were given
a(y=1) ==> ! TypeError: unexpected keyword argument 'y'
a(1, x=2) ==> ! TypeError: function got multiple values for argument 'x'
a(x=1, x=2) ==> ! TypeError: function got multiple values for argument 'x'
ab(1) ==> ! TypeError: ab() takes 2 positional arguments but 1 were given
ab(y=1) ==> ! TypeError: function missing required positional argument #0
ab(1, x=2) ==> ! TypeError: function got multiple values for argument 'x'
ab(x=1) ==> ! TypeError: function missing required positional argument #1
ab(1, 2, 3) ==> ! TypeError: ab() takes 2 positional arguments but 3 were given
ab(1, 2, x=3) ==> ! TypeError: function got multiple values for argument 'x'
ab(1, z=2) ==> ! TypeError: unexpected keyword argument 'z'
d(1) ==> (1, 2, 3)
d(1, 5) ==> (1, 5, 3)
d(1, z=6) ==> (1, 2, 6)
d(1, 5, 6) ==> (1, 5, 6)
d(x=1) ==> (1, 2, 3)
d(z=1, x=0) ==> (0, 2, 1)
d(1, y=9) ==> (1, 9, 3)
d() ==> ! TypeError: d() takes 1 positional arguments but 0 were given
d(y=1) ==> ! TypeError: function missing required positional argument #0
d(1, 2, 3, 4) ==> ! TypeError: d() takes 3 positional arguments but 4 were given
d(1, 2, y=3) ==> ! TypeError: function got multiple values for argument 'y'
d(1, q=3) ==> ! TypeError: unexpected keyword argument 'q'
s() ==> ()
s(1) ==> (1,)
s(1, 2, 3) ==> (1, 2, 3)
s(*[1, 2]) ==> (1, 2)
s(*'ab', 1) ==> ('a', 'b', 1)
s(0, *(1,), 2, *[3]) ==> (0, 1, 2, 3)
s(*()) ==> ()
s(x=1) ==> ! TypeError: unexpected keyword argument 'x'
s(*1) ==> ! TypeError: 'int' object isn't iterable
s(*None) ==> ! TypeError: 'NoneType' object isn't iterable
k() ==> []
k(a=1) ==> [('a', 1)]
k(a=1, b=2) ==> [('a', 1), ('b', 2)]
k(**{'a': 1}) ==> [('a', 1)]
k(a=1, **{'b': 2}) ==> [('a', 1), ('b', 2)]
k(**{}) ==> []
k(1) ==> ! TypeError: k() takes 0 positional arguments but 1 were given
k(a=1, **{'a': 2}) ==> ! TypeError: function got multiple values for argument 'a'
k(**1) ==> ! AttributeError: 'int' object has no attribute 'keys'
k(**{1: 2}) ==> ! TypeError: can't convert 'int' object to str implicitly
k(**{'a': 1}, **{'b': 2}) ==> [('a', 1), ('b', 2)]
k(**{'a': 1}, **{'a': 2}) ==> ! TypeError: function got multiple values for argument 'a'
k(**[('a', 1)]) ==> ! AttributeError: 'list' object has no attribute 'keys'
sk(1, a=2), sk(*[1], **{'b': 2}), sk(*(), **{}) ==> (((1,), [('a', 2)]), ((1,), [('b', 2)]), ((), []))
exec('sk(**{}, 1)') ==> ! SyntaxError: positional arg after **
exec('sk(a=1, 2)') ==> ! SyntaxError: positional arg after keyword arg
sk(**{'a': 1}, *[1]) ==> ! SyntaxError: * arg after **
o(1, y=2), o(y=1, x=2) ==> ((1, 2), (2, 1))
o(1) ==> ! TypeError: function missing keyword-only argument
o(1, 2) ==> ! TypeError: o() takes 1 positional arguments but 2 were given
o(y=1) ==> ! TypeError: function missing required positional argument #0
od(1, z=2), od(1, z=2, y=3) ==> ((1, 5, 2), (1, 3, 2))
od(1) ==> ! TypeError: function missing required keyword argument 'z'
od(1, y=2) ==> ! TypeError: function missing required keyword argument 'z'
od(1, 2, z=3) ==> ! TypeError: od() takes 1 positional arguments but 2 were given
ao(1) ==> (1, (), 1)
ao(1, 2, 3) ==> (1, (2, 3), 1)
ao(1, y=5) ==> (1, (), 5)
ao(1, 2, y=5) ==> (1, (2,), 5)
ao(x=1) ==> (1, (), 1)
ao() ==> ! TypeError: function missing required positional argument #0
ao(1, z=2) ==> ! TypeError: unexpected keyword argument 'z'
all(1, z=3) ==> (1, 2, (), 3, 4, [])
all(1, 5, 6, 7, z=3, q=8, r=9) ==> (1, 5, (6, 7), 3, 4, [('q', 8), ('r', 9)])
all(z=1, x=2) ==> (2, 2, (), 1, 4, [])
all(*[1, 2, 3], **{'z': 4, 'w': 5}) ==> (1, 2, (3,), 4, 5, [])
all(1) ==> ! TypeError: function missing required keyword argument 'z'
all(1, 2, 3) ==> ! TypeError: function missing required keyword argument 'z'
all(z=1) ==> ! TypeError: function missing required positional argument #0
len() ==> ! TypeError: function takes 1 positional arguments but 0 were given
len(1, 2) ==> ! TypeError: function takes 1 positional arguments but 2 were given
len(obj=[]) ==> ! TypeError: function doesn't take keyword arguments
print(sep='-') ==>
print(1, 2, sep='-'), print(1, x=5) ==> 1-2¶! TypeError: extra keyword arguments given
int('5', base=10) ==> ! TypeError: function doesn't take keyword arguments
[].append() ==> ! TypeError: function takes 2 positional arguments but 1 were given
[].append(1, 2) ==> ! TypeError: function takes 2 positional arguments but 3 were given
''.join() ==> ! TypeError: function takes 2 positional arguments but 1 were given
max() ==> ! TypeError: function missing 1 required positional arguments
sorted([1], key=None, reverse=False, x=1) ==> ! TypeError: extra keyword arguments given
(lambda: 5)() ==> 5
(lambda x: x)(1) ==> 1
(lambda x, y=2: (x, y))(1) ==> (1, 2)
(lambda *a: a)(1, 2) ==> (1, 2)
(lambda **k: k)(a=1) ==> {'a': 1}
(lambda: 5)(1) ==> ! TypeError: <lambda>() takes 0 positional arguments but 1 were given
(lambda x: x)() ==> ! TypeError: <lambda>() takes 1 positional arguments but 0 were given
x = [1]; s(*x, *x), x ==>
def f(a, l=[]):¶    l.append(a)¶    return l¶print(f(1), f(2), f(3, [])) ==> [1, 2] [1, 2] [3]
n = 1¶def f(x=n): return x¶n = 2; print(f()) ==> 1
def f(x, y=x): pass ==>
def f(a, b, c, d, e, f, g, h, i, j, k, l, m): return m¶print(f(*range(13))) ==> 12
def f(*, a): return a¶print(f(a=1)); f(1) ==> 1¶! TypeError: f() takes 0 positional arguments but 1 were given
def f(a, *, b=1, **k): return a, b, k¶print(f(1, c=2), f(a=5, b=6)) ==> (1, 1, {'c': 2}) (5, 6, {})
def f(*a, b): return a, b¶print(f(1, b=2)); f(1) ==> ((1,), 2)¶! TypeError: function missing keyword-only argument
def f(x: int, y: str = 'a') -> list: return x, y¶print(f(1)) ==> (1, 'a')
"""


class TestScopes(Pinned):
    """Local, global, cells of outer functions; what is unbound."""

    setup = "g = 'global'\ndef outer(x):\n    def inner():\n        return x\n    x = x + 1\n    return inner\n"
    cases = r"""
outer(1)(), outer(5)() ==> (2, 6)
def f(): return g¶print(f()) ==> global
def f():¶    g = 'local'¶    return g¶print(f(), g) ==> local global
def f():¶    global g¶    g = 'changed'¶f(); print(g) ==> changed
def f():¶    print(g)¶    g = 1¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    del g¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    x = 1¶    del x¶    return x¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    x = 1¶    del x¶    x = 2¶    return x¶print(f()) ==> 2
def f():¶    for i in (): pass¶    return i¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    if 0: z = 1¶    return z¶f() ==> ! NameError: name 'z' isn't defined
def f():¶    def h():¶        nonlocal x¶        x += 1¶        return x¶    x = 1¶    return h(), h(), x¶print(f()) ==> (2, 3, 3)
def f():¶    def h(): return x¶    return h()¶    x = 1¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    x = 1¶    def h(): return x¶    del x¶    return h()¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    x = 1¶    def h():¶        def i():¶            nonlocal x¶            x = 5¶        i()¶    h()¶    return x¶print(f()) ==> 5
def f():¶    r = []¶    for i in range(3): r.append(lambda: i)¶    return [h() for h in r]¶print(f()) ==> [2, 2, 2]
def f():¶    r = []¶    for i in range(3): r.append(lambda i=i: i)¶    return [h() for h in r]¶print(f()) ==> [0, 1, 2]
def f(): return [i for i in range(3)], [i for i in 'ab']¶print(f()) ==> ([0, 1, 2], ['a', 'b'])
i = 'kept'; [i for i in range(3)]; print(i) ==> kept
def f():¶    i = 'kept'¶    [i for i in range(3)]¶    return i¶print(f()) ==> kept
def f(n): return [n + i for i in range(2)]¶print(f(5)) ==> [5, 6]
def f():¶    a, b = 1, 2¶    def h(): return a, b¶    a, b = b, a¶    return h()¶print(f()) ==> (2, 1)
def f(x):¶    def h(x): return x¶    return h(x + 1)¶print(f(1)) ==> 2
def f(*a, **k):¶    def h(): return a, k¶    return h()¶print(f(1, b=2)) ==> ((1,), {'b': 2})
def f():¶    class C:¶        def m(self): return x¶    x = 'cell'¶    return C().m()¶print(f()) ==> cell
def f():¶    x = 1¶    def h():¶        x = 2¶        def i(): return x¶        return i()¶    return h(), x¶print(f()) ==> (2, 1)
def count():¶    n = 0¶    def up():¶        nonlocal n¶        n += 1¶        return n¶    return up¶c = count(); d = count(); print(c(), c(), d()) ==> 1 2 1
def f():¶    global made¶    made = 1¶f(); print(made) ==> 1
def f():¶    global h¶    def h(): return 'h'¶f(); print(h()) ==> h
def f():¶    global K¶    class K: x = 1¶f(); print(K.x) ==> 1
def f():¶    global math¶    import math¶f(); print(math.__name__) ==> math
def f():¶    global q¶    for q in (1, 2): pass¶f(); print(q) ==> 2
def f():¶    try: 1 / 0¶    except ZeroDivisionError as e: pass¶    return e¶f() ==> ! NameError: local variable referenced before assignment
def f():¶    import math as m¶    return m.__name__¶print(f()) ==> math
def f():¶    from math import pi as p¶    return p > 3¶print(f()) ==> True
del g; g ==> ! NameError: name 'g' isn't defined
def f(): return undefined_name¶f() ==> ! NameError: name 'undefined_name' isn't defined
len = 5; print(len); del len; print(len('ab')) ==> 5¶2
del len ==> ! KeyError: len
print = 5; del print; print('back') ==> back
'g' in globals(), 'nothing' in globals() ==> (False, False)
globals()['made_up'] = 7; print(made_up) ==> 7
def rec(n): return 1 if n == 0 else n * rec(n - 1)¶print(rec(5), rec(20)) ==> 120 2432902008176640000
def rec(): return rec()¶rec() =~> ! RuntimeError: maximum recursion depth exceeded
"""


class TestObjects(Pinned):
    """Function objects, decorators, lambda."""

    setup = """
def deco(f):
    print('deco', f.__name__)
    return lambda *a: ('decorated', f(*a))
def arg(x):
    print('arg', x)
    return deco
def f(): 'doc'
"""
    cases = r"""
@deco¶def h(x): return x¶print(h(1)) ==> deco h¶('decorated', 1)
@arg(1)¶@arg(2)¶def h(): return 'h'¶print(h()) ==> arg 1¶arg 2¶deco h¶deco <lambda>¶('decorated', ('decorated', 'h'))
@deco¶class K: pass ==> deco K
@len¶def h(): pass ==> ! TypeError: object of type 'function' has no len()
exec('@5\ndef h(): pass') ==> ! SyntaxError: invalid syntax
exec('@(lambda f: f)\ndef h(): return 1\nprint(h())') ==> ! SyntaxError: invalid syntax
@undefined¶def h(): pass ==> ! NameError: name 'undefined' isn't defined
exec('@deco\n\ndef h(): pass') ==> deco h¶None
f.__name__, f(), deco.__name__, (lambda: 0).__name__ ==> ('f', None, 'deco', '<lambda>')
f.__doc__ ==> ! AttributeError: 'function' object has no attribute '__doc__'
f.x = 1 ==> ! AttributeError: 'function' object has no attribute 'x'
f.__dict__ ==> ! AttributeError: 'function' object has no attribute '__dict__'
f == f, f != deco, hash(f) == hash(f), bool(f) ==> (True, True, True, True)
f < f ==> ! TypeError: unsupported types for __lt__: 'function', 'function'
f + 1 ==> ! TypeError: unsupported types for __add__: 'function', 'int'
f[0] ==> ! TypeError: 'function' object isn't subscriptable
len(f) ==> ! TypeError: object of type 'function' has no len()
for x in f: pass ==> ! TypeError: 'function' object isn't iterable
str(f)[:11], repr(lambda: 0)[:19] ==> ('<function f', '<function <lambda> ')
type(f) ==> <class 'function'>
type(lambda: 0) is type(f) ==> True
type(len) ==> <class 'function'>
type([].append) ==> <class 'bound_method'>
callable(f), callable(lambda: 0) ==> (True, True)
(lambda x: lambda y: x + y)(1)(2) ==> 3
(lambda: (yield)) ==> <generator>
[h(2) for h in [lambda v: v + 1, lambda v: v * 3]] ==> [3, 6]
(lambda *a, b=1, **k: (a, b, k))(1, 2, b=3, c=4) ==> ((1, 2), 3, {'c': 4})
x = lambda: undefined ==>
x() ==> ! NameError: name 'undefined' isn't defined
(lambda a: a if a else 'none')(0) ==> 'none'
f = lambda: (1, 2); print(f()) ==> (1, 2)
h = lambda x, y=[]: y.append(x) or y; print(h(1), h(2)) ==> [1, 2] [1, 2]
def h(): pass¶print(h()) ==> None
def h(): return¶print(h()) ==> None
def h(): return 1, 2¶print(h()) ==> (1, 2)
def h():¶    return¶    print('never')¶h() ==>
def h(x):¶    if x: return 'yes'¶print(h(1), h(0)) ==> yes None
def h(a): a = 5¶x = 1; h(x); print(x) ==> 1
def h(a): a.append(5)¶x = []; h(x); print(x) ==> [5]
def h(a): a += [5]¶x = []; h(x); print(x) ==> [5]
def h(a): a = a + [5]¶x = []; h(x); print(x) ==> []
"""
