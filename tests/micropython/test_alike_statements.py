"""Statements and expressions of every rule of the grammar: what they print, and the class and text of what they raise,
are MicroPython's own. Compile-time errors with their text; values computed while compiling as while running.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = (
    *(
        "a b",
        "1 2",
        "a = ",
        "= 1",
        "x +",
        "if x",
        "if x:",
        "while:",
        "for in x: pass",
        "for 1 in x: pass",
        "def f: pass",
    ),
    *(
        "def f(: pass",
        "def f(a, a): pass",
        "def f(*): pass",
        "def f(*a, *b): pass",
        "def f(**a, b): pass",
        "class: pass",
    ),
    *("def f(a=1, b): pass", "lambda a=1, b: 0", "lambda *: 0", "return 1", "yield 1", "break", "continue", "await x"),
    *("for i in []: pass\nelse: break", "try: pass", "try: pass\nexcept: pass\nexcept ValueError: pass", "raise a b"),
    *("try: pass\nelse: pass", "1 = x", "f() = 1", "a + b = 1", "(a, 1) = x", "[a, f()] = x", "*a = x", "*a, *b = x"),
    *("x = *a, 1", "del 1", "del f()", "del a + b", "del (a, 1)", "del *a", "a += 1 = 2", "(a, b) += 1", "[a] += 1"),
    *("global x, 1", "nonlocal x", "def f():\n nonlocal y", "def f(x):\n global x", "def f():\n x = 1\n global x"),
    *(
        "def f():\n x = 1\n def g():\n  nonlocal x\n  global x",
        "def f():\n global x\n nonlocal x",
        "import",
        "import a b",
    ),
    *(
        "import a.b as",
        "from import a",
        "from a import",
        "from a import (b",
        "from . import *, a",
        "def f():\n import *",
    ),
    *("a[", "a[]", "a[1:2:3:4]", "{1: 2, 3}", "{1, 2: 3}", "{1:}", "f(a=1, 2)", "f(**a, 1)", "f(a=1, a=2)", "f(1=2)"),
    *("f(*)", "f(x for x in y, 1)", "[x for]", "[for x in y]", "[x for x in]", "(x, y for x in z)", "lambda: (yield)"),
    *(
        "'abc",
        '"abc',
        "'''abc",
        "b'é'",
        "'\\x1'",
        "'\\u12'",
        "'\\N{DASH}'",
        "'\\U00110000'",
        "b'a' 'b'",
        "f'{'",
        "f'}'",
    ),
    *(
        "f'{}'",
        "f'{a'",
        "f'{a!q}'",
        "f'{a' 'b}'",
        "rb'\\",
        "u'x' b'y'",
        "0777",
        "0x",
        "0b2",
        "1__0",
        "1_",
        "0o8",
        "12abc",
    ),
    *("1.2.3", "1e", "1e+", "$", "?", "a ? b", "a!b", "`a`", "!", "a <> b", "  a = 1", "if 1:\na", "if 1:\n  a\n b"),
    *(
        "if 1:\n\ta\n        b",
        "if 1:\n        a\n\tb",
        "a\\ b",
        "a\\",
        "(",
        ")",
        "[",
        "(]",
        "{)",
        "(1",
        "@",
        "@a",
        "@a\nb",
    ),
    *("@1\ndef f(): pass", "@a +\ndef f(): pass", "@native.x\ndef f(): pass", "@micropython.unknown\ndef f(): pass"),
    *(
        "async",
        "async x",
        "async def",
        "async for x in y: pass",
        "async with x: pass",
        "def f():\n async for x in y: 1",
    ),
    *(
        "def f():\n await x",
        "x: int: 3",
        "x: ",
        "(x): int = 1",
        "f(): int",
        "a, b: int",
        "with: pass",
        "with a as: pass",
    ),
    *("with a as 1: pass", "with a, : pass", "assert", "assert a,", "pass 1", "None = 1", "True = 1", "None: int = 2"),
    *(
        "def None(): pass",
        "x.None",
        "f(None=1)",
        "for None in x: pass",
        "(a := 1) = 2",
        "a := 1",
        "(a.b := 1)",
        "(1 := 2)",
    ),
    *(
        "[x := 1 for y in ()]",
        "class C:\n return",
        "class C(a=1, 2): pass",
        "not",
        "a not b",
        "a is not",
        "a in",
        "a if b",
    ),
    *(
        "a if b else",
        "lambda",
        "lambda x",
        "x = yield",
        "yield from",
        "def f(): yield from",
        "...1",
        "a..b",
        "a.1",
        "1.a",
    ),
    *(
        "exec 'a'",
        "print 'a'",
        "from __future__ import x, ",
        "super() = 1",
        "else: 1",
        "elif 1: 2",
        "except: 1",
        "finally: 1",
    ),
)
FOLDED = ("0", "1", "-1", "-13", "255", "1 << 29", "-(1 << 30)", "1 << 62", "True", "None", "'s'")
OPERATORS = ("+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "**", "==", "<", "in", "is", "and")
LARGE = ("255", "1 << 29", "1 << 62")
"""Not as a count of bits to shift by; a power of these or with a negative exponent is too large or a float."""
NO_POWER = (*LARGE, "-1", "-13", "-(1 << 30)")


TARGETS = (
    *(
        "a, b = {}",
        "a, b, c = {}",
        "[a, b] = {}",
        "a, *b = {}",
        "*a, b = {}",
        "a, *b, c = {}",
        "(a, b), c = {}",
        "a = b = {}",
    ),
    *("a, = {}", "*a, = {}", "(a, *b), *c = {}", "[[a]] = {}", "for a, b in {}: pass", "for a, *b in {}: pass"),
    *("a, b = b, a = {}", "d = {{}}\nd['k'], a = {}", "l = [0, 0]\nl[:], a = {}\nprint(l)", "[a for a, b in {}]"),
)
SOURCES = (
    "()",
    "(1,)",
    "(1, 2)",
    "[1, 2, 3]",
    "'xy'",
    "{1: 2, 3: 4}",
    "range(4)",
    "((1, 2), 3)",
    "5",
    "None",
    "[[[9]]]",
    "iter([1, 2])",
)
PROGRAMS = """
for i in range(3):
    if i == 1: continue
    print(i)
else: print('else')
---
n = 5
while n:
    n -= 1
    if n == 2: break
else: print('never')
print(n)
---
def f(a, *b, c=3, **d): return a, b, c, sorted(d.items())
print(f(1), f(1, 2, 3), f(1, c=4, e=5), f(*[1, 2], **{'z': 0}))
---
def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    return up
a, b = counter(), counter()
print(a(), a(), b())
---
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
---
def f():
    try: return 1
    finally: print('fin')
print(f())
---
def f():
    for i in range(3):
        try: continue
        finally: print('fin', i)
    return 'end'
print(f())
---
def f():
    while True:
        try: return 'a'
        finally: break
    return 'b'
print(f())
---
try:
    try: raise ValueError(1)
    except ValueError as e:
        raise KeyError(2) from e
except KeyError as e: print(repr(e), e.args, getattr(e, '__cause__', 'none'))
---
try:
    try: 1 // 0
    finally: print('f')
except ZeroDivisionError as e: print(e)
print('e' in globals())
---
class A:
    x = 1
    def f(self): return 'A.f', self.x
    @property
    def p(self): return self._p
    @p.setter
    def p(self, v): self._p = v * 2
    @staticmethod
    def s(a): return a
    @classmethod
    def c(cls): return cls.__name__
class B(A):
    x = 2
    def f(self): return ('B.f', super().f())
b = B()
b.p = 4
print(b.f(), b.p, b.s(3), b.c(), A.c(), B.s(1), isinstance(b, A), issubclass(A, B))
---
class A:
    def __getattr__(self, n): return 'got ' + n
a = A()
a.real = 1
print(a.real, a.other, hasattr(a, 'zz'), getattr(a, 'q', 3))
---
class A:
    def __init__(self, v): self.v = v
    def __add__(self, o): return ('add', self.v, o)
    def __radd__(self, o): return ('radd', self.v, o)
    def __eq__(self, o): return ('eq', o) == o
    def __lt__(self, o): return self.v < o.v
    def __len__(self): return self.v
    def __getitem__(self, k): return ('item', k)
    def __setitem__(self, k, v): print('set', k, v)
    def __delitem__(self, k): print('del', k)
    def __contains__(self, k): return k == self.v
    def __call__(self, *a, **k): return ('call', a, k)
    def __neg__(self): return -self.v
    def __bool__(self): return self.v > 1
    def __iter__(self): return iter(range(self.v))
    def __repr__(self): return 'A<%d>' % self.v
    def __str__(self): return 'str'
    def __hash__(self): return self.v
a = A(2)
print(a + 1, 1 + a, a == 2, a < A(3), A(3) > a, len(a), a[1], a[1:2], a[1, 2], 2 in a, 3 in a, a(1, k=2))
print(-a, bool(a), list(a))
a[5] = 6
del a[7]
print(a, [a], str(a), '%s %r' % (a, a), '{}'.format(a), hash(a), sorted([A(3), a]), max(a, A(1)))
---
class E(Exception):
    def __init__(self, a, b): self.both = a, b
try: raise E(1, 2)
except E as e: print(e.both, e.args, repr(e), str(e))
---
class E(Exception): pass
for make in (lambda: E, lambda: E(), lambda: E(1), lambda: E(1, 2), lambda: 5, lambda: None, lambda: int):
    try: raise make()
    except BaseException as e: print(type(e).__name__, e, e.args)
---
def g():
    x = yield 1
    print('got', x)
    y = yield x
    print('got', y)
    return 'r'
i = g()
print(next(i), i.send('a'))
try: i.send('b')
except StopIteration as e: print('stop', e.value, e.args)
print(next(i, 'none'))
---
def inner():
    try:
        r = yield 1
        print('inner got', r)
    except ValueError as e: print('inner caught', e)
    yield 2
    return 3
def outer():
    v = yield from inner()
    print('v', v)
    yield from [10, 20]
i = outer()
print(next(i), i.throw(ValueError('t')), list(i))
---
def g():
    try: yield 1
    finally: print('closed')
i = g()
next(i)
i.close()
print(list(i))
i = g()
i.close()
---
def g():
    try: yield 1
    except GeneratorExit: yield 2
i = g()
next(i)
try: i.close()
except RuntimeError as e: print('runtime', e)
---
def g(): yield from g2
g2 = (x * 2 for x in range(3))
print(list(g()), list(g()))
i = g()
try: i.send(1)
except TypeError as e: print(e)
---
class C:
    def __enter__(self): print('in'); return self
    def __exit__(self, *a): print('out', a[0], a[1]); return a[0] is ValueError
with C() as c, C(): print('body')
with C(): raise ValueError('v')
try:
    with C(): raise KeyError('k')
except KeyError as e: print('outside', e)
---
class C:
    def __init__(self): raise ValueError
try:
    with C(): pass
except ValueError: print('v')
try:
    with 5: pass
except AttributeError as e: print(e)
---
async def a(): return 1
async def b(): return await a() + 1
try: b().send(None)
except StopIteration as e: print(e.value)
---
class AI:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 3: raise StopAsyncIteration
        return self.n
class AC:
    async def __aenter__(self): print('enter'); return 'x'
    async def __aexit__(self, *a): print('exit', a[0])
async def m():
    async for i in AI(): print(i)
    else: print('else')
    async with AC() as x: print(x)
    return 'end'
try: m().send(None)
except StopIteration as e: print(e.value)
---
x = 10
class C:
    x = x + 1
    y = [x for _ in range(2)]
    def f(self): return x
print(C.x, C.y, C().f())
---
x = 1
def f():
    print(x)
    x = 2
try: f()
except NameError as e: print(type(e), e)
---
def f():
    del x
    x = 1
try: f()
except NameError as e: print(e)
---
a = 5
del a
try: a
except NameError as e: print(e)
try: del a
except NameError as e: print(e)
---
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 == 2, 1 in [1] == True, not 1 == 2, 1 if 0 else 2 if 0 else 3)
print([] or 0 or 'x' and 'y', 1 and 2 or 3, None or (), not not 'a')
---
def t(n): print('t', n); return n
t(1) + t(2) * t(3)
[t(4)][t(0)]
d = {t(1): t(2), t(3): t(4)}
t(5) < t(6) < t(7)
t(8) if t(0) else t(9)
(lambda *a, **k: print(a, k))(t(1), *[t(2)], k=t(3), **{'m': t(4)})
---
print([x for x in range(10) if x % 2 if x > 3], {x: y for x, y in zip('ab', 'cd')}, sorted({x % 3 for x in range(9)}))
print([(x, y) for x in range(3) for y in range(x)], [[y for y in range(x)] for x in range(3)], sum(x for x in range(5)))
---
if (n := 10) > 5: print(n)
print([y := 1, y ** 2], [z for x in range(3) if (z := x * 2)], n)
---
print(f'{1 + 1} {"a":>3} {n!r:^5} {3:{"0"}4}' if (n := 'x') else '', f'{{}} {n=}' if 1 else 0, f'a' 'b' f'{n}')
---
l = [1, 2, 3, 4, 5]
l[1:3] = [9]
l += (7,)
l *= 2
print(l, l[::-2], l[-100:100], l[3:1])
del l[0], l[-1], l[1:4]
print(l)
---
a = b = []
a += [1]
b = b + [2]
print(a, b, a is b)
t = (1,)
u = t
t += (2,)
print(t, u)
---
s = 'abc'
try: s[0] = 'x'
except TypeError as e: print(e)
try: (1, 2)[0] = 1
except TypeError as e: print(e)
try: del s[0]
except TypeError as e: print(e)
try: 5()
except TypeError as e: print(e)
try: 5[0]
except TypeError as e: print(e)
try: None.x
except AttributeError as e: print(e)
try: [].x = 1
except AttributeError as e: print(e)
try: iter(5)
except TypeError as e: print(e)
try: len(5)
except TypeError as e: print(e)
try: {}[[]]
except TypeError as e: print(e)
try: {}['k']
except KeyError as e: print(e)
try: [][0]
except IndexError as e: print(e)
try: 1 + 'a'
except TypeError as e: print(e)
try: -'a'
except TypeError as e: print(e)
try: 1 < 'a'
except TypeError as e: print(e)
try: 'a' + 1
except TypeError as e: print(e)
try: [1] + (2,)
except TypeError as e: print(e)
try: int('x')
except ValueError as e: print(e)
try: assert 0, 'msg'
except AssertionError as e: print(repr(e))
try: assert ()
except AssertionError as e: print(repr(e))
try: import nothere
except ImportError as e: print(e)
try: from sys import nothere
except ImportError as e: print(e)
---
def dec(n):
    def d(f):
        def w(*a): return (n, f(*a))
        return w
    return d
@dec(1)
@dec(2)
def f(x): return x
print(f(5))
---
def f(x: int = 3, *y: str) -> None:
    z: int = x
    w: int
    return z
q: int = 4
r: str
print(f(), q, 'r' in globals())
---
import sys as s, gc
from sys import byteorder as b, maxsize
print(s.byteorder == b, gc.__name__, maxsize > 0)
---
class A: pass
class B(A): pass
class C(B): pass
class D(C, A):
    def f(self): return super().__init__
print(D.__name__, D.__bases__, isinstance(D(), (int, A)), type(D()) is D)
try: isinstance(1, 5)
except TypeError as e: print(e)
try: class_ = type('N', (A,), {'v': 3})
except TypeError as e: print(e)
print(class_.v, class_().v, class_.__name__)
---
class L(list):
    def append(self, x): super().append(x * 2)
l = L([1, 2])
l.append(3)
print(l, len(l), l[2], sum(l), l == [1, 2, 6], isinstance(l, list))
---
class I(int):
    def __add__(self, o): return 'added'
print(I(3) + 1, I(3) * 2, I(5) == 5)
---
class S(str): pass
print(S('ab').upper(), S('ab') + 'c', len(S('abc')), S('a') == 'a')
---
class D(dict):
    def __missing__(self, k): return 'm'
d = D()
d['a'] = 1
print(d['a'], len(d), list(d), d.get('z'))
---
class T(tuple): pass
print(T((1, 2)), T((1, 2)) + (3,), len(T()))
---
from collections import namedtuple, OrderedDict, deque
P = namedtuple('P', 'x y')
p = P(1, y=2)
print(p, p.x, p[1], p == (1, 2), tuple(p), P(*[3, 4]), p._fields if hasattr(p, '_fields') else 'none')
for bad in (lambda: P(1), lambda: P(1, 2, 3), lambda: P(1, x=1), lambda: P(1, z=2)):
    try: bad()
    except TypeError as e: print(e)
o = OrderedDict([('b', 1), ('a', 2)])
o['c'] = 3
del o['b']
o['b'] = 9
print(o, list(o.items()), o.popitem())
d = deque((1, 2, 3), 3)
d.append(4)
d.appendleft(9)
print(list(d), d.popleft(), d.pop(), len(d), bool(d), list(d))
try: deque((), 1, 1).append(1); d = deque((), 1, 1); d.append(1); d.append(2)
except IndexError as e: print(e)
"""


def compiled(text: str) -> str:
    """A text compiled within another; what is refused, printed."""
    return (
        f"try:\n    exec({text!r})\n    print('accepted')\nexcept BaseException as e:\n    print(type(e).__name__, e)\n"
    )


def test_what_is_refused(tmp_path: Path) -> None:
    assert_alike([compiled(text) for text in REFUSED], tmp_path)


def test_constants_are_folded_to_what_running_gives(tmp_path: Path) -> None:
    """Each once as a constant expression, once with names."""
    texts = []
    for left, right in list(itertools.product(FOLDED, FOLDED))[::13]:
        cases = [
            op for op in OPERATORS if not (op == "<<" and right in LARGE) and not (op == "**" and right in NO_POWER)
        ]
        tries = "".join(compiled(f"print({op!r}, ({left}) {op} ({right}))") for op in cases)
        named = "".join(compiled(f"print({op!r}, a {op} b)") for op in cases)
        texts.append(f"{tries}a = {left}\nb = {right}\n{named}")
    assert_alike(texts, tmp_path)


def test_unpacking(tmp_path: Path) -> None:
    shown = "print([(n, globals()[n]) for n in 'abc' if n in globals()])"
    texts = [
        f"for n in 'abc': globals().pop(n, None)\n{compiled(target.format(source))}{shown}\n"
        for target, source in list(itertools.product(TARGETS, SOURCES))[::5]
    ]
    assert_alike(texts, tmp_path)


def test_programs(tmp_path: Path) -> None:
    assert_alike(PROGRAMS.split("---\n"), tmp_path)


def test_a_number_holds_nothing(tmp_path: Path) -> None:
    """``in`` between numbers: what the operators of small ints refuse, or what cannot be iterated over."""
    values = ("0", "True", "None", "1 << 40", "1.5", "2j", "()", "len", "'s'", "[0]", "{0}", "b'a'", "range(3)")
    texts = [compiled(f"print(({a}) {op} ({b}))") for a in values for b in values for op in ("in",)]
    assert_alike(["".join(texts[at::9]) for at in range(9)], tmp_path)
