"""Generators: values sent in, exceptions thrown in, closing, ``yield from`` (py/objgenerator.c, py/vm.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestNext(Pinned):
    """Going through."""

    setup = """
def g(n):
    for i in range(n):
        yield i
def none():
    return
    yield
def value():
    yield 1
    return 'end'
def boom():
    yield 1
    raise KeyError('k')
def bare():
    x = yield
    print('got', x)
    y = yield x
    print('got', y)
"""
    cases = r"""
list(g(3)) ==> [0, 1, 2]
tuple(g(0)) ==> ()
sum(g(4)) ==> 6
max(g(3)) ==> 2
sorted(g(3)) ==> [0, 1, 2]
2 in g(3) ==> True
5 in g(3) ==> False
next(g(1)) ==> 0
next(g(0)) ==> ! StopIteration:
next(g(0), 'd') ==> 'd'
x = g(2); print(next(x), next(x), next(x, 'd'), next(x, 'e')) ==> 0 1 d e
list(none()) ==> []
next(none()) ==> ! StopIteration:
x = value(); print(next(x)); next(x) ==> 1¶! StopIteration: end
x = value(); print(list(x), list(x)) ==> [1] []
x = boom(); print(next(x)); next(x) ==> 1¶! KeyError: k
x = boom()¶for i in x: print(i) ==> 1¶! KeyError: k
x = boom(); print(next(x))¶try: next(x)¶except KeyError as e: print('caught', e)¶print(next(x, 'over')) ==> 1¶caught k¶over
x = g(3)¶for i in x: print(i); break¶print(list(x)) ==> 0¶[1, 2]
a, b = g(2); print(a, b) ==> 0 1
a, b = g(3) ==> ! ValueError: too many values to unpack (expected 2)
a, *b = g(3); print(a, b) ==> 0 [1, 2]
iter(g(1)) is not None ==> True
x = g(1); print(iter(x) is x) ==> True
type(g(1)), type(g) ==> (<class 'generator'>, <class 'generator'>)
str(g(1))[:18] ==> '<generator object '
g(1).x ==> ! AttributeError: 'generator' object has no attribute 'x'
g() ==> ! TypeError: g() takes 1 positional arguments but 0 were given
len(g(1)) ==> ! TypeError: object of type 'generator' has no len()
g(1)[0] ==> ! TypeError: 'generator' object isn't subscriptable
g(1) + 1 ==> ! TypeError: unsupported types for __add__: 'generator', 'int'
bool(g(0)) ==> True
g(1)() ==> ! TypeError: 'generator' object isn't callable
x = (i * i for i in range(3)); print(list(x), list(x)) ==> [0, 1, 4] []
x = (i for i in range(2)); print(next(x), next(x)); next(x) ==> 0 1¶! StopIteration:
sum(i for i in range(4) if i % 2) ==> 4
list(i for i in range(2)) ==> [0, 1]
list((i, j) for i in 'ab' for j in range(2)) ==> [('a', 0), ('a', 1), ('b', 0), ('b', 1)]
(i for i in 5) ==> ! TypeError: 'int' object isn't iterable
n = 3; x = (n for _ in range(2)); n = 4; print(list(x)) ==> [4, 4]
def f(n): return (n + i for i in range(2))¶print(list(f(5))) ==> [5, 6]
x = [g(1), g(2)]; print([list(v) for v in x]) ==> [[0], [0, 1]]
def self():¶    next(me)¶    yield¶me = self(); next(me) ==> ! ValueError: generator already executing
def deep(n):¶    if n: yield from deep(n - 1)¶    yield n¶print(list(deep(5))) ==> [0, 1, 2, 3, 4, 5]
def cleanup():¶    try:¶        yield 1¶    finally:¶        print('finally')¶for v in cleanup(): print(v) ==> 1¶finally
"""


class TestSend(Pinned):
    """``send``: only None before the first value."""

    setup = """
def echo():
    x = None
    while x != 'stop':
        x = yield x
    return 'done'
def tally():
    total = 0
    while True:
        total += yield total
"""
    cases = r"""
x = echo(); print(x.send(None), x.send(1), x.send('a')) ==> None 1 a
x = echo(); x.send(1) ==> ! TypeError: can't send non-None value to a just-started generator
x = echo(); next(x); x.send('stop') ==> ! StopIteration: done
x = echo(); next(x)¶try: x.send('stop')¶except StopIteration as e: print(e.value, e.args) ==> done ('done',)
x = echo(); next(x); print(list(zip(range(2), x))) ==> [(0, None), (1, None)]
x = tally(); next(x); print(x.send(1), x.send(2), x.send(3.5)) ==> 1 3 6.5
x = tally(); next(x); x.send('a') ==> ! TypeError: unsupported types for __add__: 'int', 'str'
x = echo(); next(x); x.close(); x.send(1) ==> ! StopIteration:
echo().send() ==> ! TypeError: function takes 2 positional arguments but 1 were given
echo().send(1, 2) ==> ! TypeError: function takes 2 positional arguments but 3 were given
x = echo(); x.send(None); print(x.send(x) is x) ==> True
def f():¶    a = (yield 1) + (yield 2)¶    yield a¶x = f(); print(next(x), x.send(10), x.send(5)) ==> 1 2 15
exec('def f():\n    print([(yield i) for i in ()])\n    yield\nnext(f())') ==> ! SyntaxError: 'yield' outside function
def f():¶    d = {(yield 'k'): (yield 'v')}¶    yield d¶x = f(); print(next(x), x.send(1), x.send(2)) ==> v k {2: 1}
def f():¶    yield¶print(next(f())) ==> None
def f():¶    yield 1, 2¶print(next(f())) ==> (1, 2)
def f():¶    x = yield¶    yield x, x¶y = f(); next(y); print(y.send(3)) ==> (3, 3)
lambda: (yield) ==> <generator>
f = lambda: (yield 5); print(list(f())) ==> [5]
"""


class TestThrow(Pinned):
    """``throw`` and ``close``."""

    setup = """
def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print('caught', e)
        yield 'handled'
    finally:
        print('finally')
def stubborn():
    try:
        yield 1
    except GeneratorExit:
        print('ignored')
        yield 2
def plain():
    yield 1
    yield 2
def swallow():
    while True:
        try:
            yield 'v'
        except ValueError:
            pass
"""
    cases = r"""
x = g(); next(x); print(x.throw(ValueError('v'))); print(next(x, 'end')) ==> caught v¶handled¶finally¶end
x = g(); next(x); print(x.throw(ValueError)); print(next(x, 'end')) ==> caught ¶handled¶finally¶end
x = g(); next(x); x.throw(KeyError('k')) ==> finally¶! KeyError: k
x = g(); x.throw(ValueError('early')) ==> ! ValueError: early
x = g()¶try: x.throw(ValueError('early'))¶except ValueError as e: print(e)¶print(next(x, 'over')) ==> early¶over
x = plain(); next(x); x.throw(ValueError, 'text') ==> ! TypeError: exceptions must derive from BaseException
x = plain(); next(x); x.throw(ValueError, ValueError('inst')) ==> ! ValueError: inst
x = plain(); next(x); x.throw(ValueError, None, None) ==> ! ValueError:
x = plain(); next(x); x.throw(1) ==> ! TypeError: exceptions must derive from BaseException
x = plain(); next(x); x.throw('a') ==> ! TypeError: exceptions must derive from BaseException
x = plain(); next(x); x.throw() ==> ! TypeError: function missing 1 required positional arguments
x = plain(); next(x); x.throw(StopIteration) ==> ! RuntimeError: generator raised StopIteration
x = plain(); next(x); x.throw(GeneratorExit) ==> ! GeneratorExit:
x = plain(); list(x); x.throw(ValueError('after')) ==> ! StopIteration:
x = swallow(); print(next(x), x.throw(ValueError), x.throw(ValueError('b'))) ==> v v v
x = g(); next(x); print(x.close()); print(next(x, 'end')) ==> finally¶None¶end
x = g(); print(x.close(), next(x, 'end')) ==> None end
x = g(); list(x); print(x.close()) ==> finally¶None
x = stubborn(); next(x); x.close() ==> ignored¶! RuntimeError: generator ignored GeneratorExit
x = plain(); next(x); x.close(); x.close(); print(list(x)) ==> []
x = plain(); x.close(); print(list(x)) ==> []
def f():¶    try: yield 1¶    finally: raise KeyError('in close')¶x = f(); next(x); x.close() ==> ! KeyError: in close
def f():¶    try: yield 1¶    except GeneratorExit: return¶x = f(); next(x); print(x.close()) ==> None
def f():¶    try: yield 1¶    except: pass¶    yield 2¶x = f(); next(x); x.close() ==> ! RuntimeError: generator ignored GeneratorExit
def f():¶    try: yield 1¶    except BaseException as e: print(repr(e))¶x = f(); next(x); x.close() ==> GeneratorExit()
x = plain(); next(x); x.close(1) ==> ! TypeError: function takes 1 positional arguments but 2 were given
def f():¶    raise StopIteration('own')¶    yield¶next(f()) ==> ! RuntimeError: generator raised StopIteration
def f():¶    raise StopIteration('own')¶    yield¶print(list(f())) ==> ! RuntimeError: generator raised StopIteration
def f():¶    next(iter([]))¶    yield 1¶print(list(f())) ==> ! RuntimeError: generator raised StopIteration
"""


class TestYieldFrom(Pinned):
    """Delegating: values, sends, throws, the value of the whole."""

    setup = """
def inner():
    x = yield 1
    print('inner got', x)
    y = yield 2
    print('inner got', y)
    return 'result'
def outer():
    r = yield from inner()
    print('outer got', r)
    yield 3
def guard():
    try:
        yield from inner()
    except ValueError as e:
        print('guard', e)
        yield 'guarded'
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if not self.n: raise StopIteration('it done')
        self.n -= 1
        return self.n
"""
    cases = r"""
list(outer()) ==> inner got None¶inner got None¶outer got result¶[1, 2, 3]
x = outer(); print(next(x), x.send('a'), x.send('b')) ==> inner got a¶inner got b¶outer got result¶1 2 3
x = guard(); next(x); print(x.throw(ValueError('t'))) ==> guard t¶guarded
x = guard(); next(x); x.throw(KeyError('t')) ==> ! KeyError: t
x = outer(); next(x); x.close(); print(next(x, 'end')) ==> end
def f(): yield from [1, 2]¶print(list(f())) ==> [1, 2]
def f(): yield from 'ab'; yield from range(2); yield from ()¶print(list(f())) ==> ['a', 'b', 0, 1]
def f(): yield from 5¶list(f()) ==> ! TypeError: 'int' object isn't iterable
def f(): yield from None¶list(f()) ==> ! TypeError: 'NoneType' object isn't iterable
def f():¶    r = yield from It(2)¶    print(r)¶print(list(f())) ==> it done¶[1, 0]
def f():¶    r = yield from []¶    print(r)¶print(list(f())) ==> None¶[]
def f(): yield from [1, 2]¶x = f(); next(x); x.send(5) ==> ! AttributeError: 'iterator' object has no attribute 'send'
def f(): yield from [1, 2]¶x = f(); next(x); x.throw(ValueError('l')) ==> ! ValueError: l
def f(): return (yield from inner())¶x = f(); next(x); next(x)¶try: next(x)¶except StopIteration as e: print(e.value) ==> inner got None¶inner got None¶result
def f():¶    x = inner(); next(x)¶    yield from x¶print(list(f())) ==> inner got None¶inner got None¶[2]
def f(n):¶    if n == 0: return 0¶    r = yield n¶    return 1 + (yield from f(n - 1))¶print(list(f(3))) ==> [3, 2, 1]
def a(): yield from b()¶def b(): yield 1; raise KeyError('b')¶x = a(); print(next(x)); next(x) ==> 1¶! KeyError: b
def f():¶    try: yield from inner()¶    finally: print('outer finally')¶x = f(); next(x); x.close() ==> outer finally
def f():¶    for v in (yield from inner()): yield v¶print(list(f())) ==> inner got None¶inner got None¶[1, 2, 'r', 'e', 's', 'u', 'l', 't']
async def co(): return 5¶def f(): return (yield from co())¶x = f(); next(x) ==> ! StopIteration: 5
x = inner(); y = (v for v in x); print(next(y), list(y)) ==> inner got None¶inner got None¶1 [2]
"""
