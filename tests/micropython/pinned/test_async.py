"""``async`` and ``await`` without a scheduler: coroutines are generators, their protocols methods (py/compile.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestCoroutines(Pinned):
    """Made, driven with ``send``, awaited."""

    setup = """
def run(co):
    out = []
    try:
        while True:
            out.append(co.send(None))
    except StopIteration as e:
        return out, e.value
class Aw:
    def __init__(self, *v): self.v = v
    def __await__(self):
        for x in self.v:
            yield x
        return 'awaited'
class Iter:
    def __init__(self, n): self.n = n
    def __iter__(self): yield self.n; return 'iter'
async def simple(x): return x
async def two(x):
    a = await Aw(1, 2)
    b = await simple(x)
    return a, b
"""
    cases = r"""
run(simple(5)), run(two(6)) ==> ! TypeError: 'Aw' object isn't iterable
type(simple(1)), type(simple) ==> (<class 'generator'>, <class 'generator'>)
async def f(): pass¶print(run(f())) ==> ([], None)
async def f(): return await simple(1) + await simple(2)¶print(run(f())) ==> ([], 3)
async def f(): return [await simple(1), await simple(2)]¶print(run(f())) ==> ([], [1, 2])
async def f(): await Aw(1); await Aw(2, 3)¶print(run(f())) ==> ! TypeError: 'Aw' object isn't iterable
async def f(): return await Iter(3)¶print(run(f())) ==> ([3], 'iter')
async def f(): return await 5¶run(f()) ==> ! TypeError: 'int' object isn't iterable
async def f(): return await None¶run(f()) ==> ! TypeError: 'NoneType' object isn't iterable
async def f(): return await [1, 2]¶print(run(f())) ==> ([1, 2], None)
async def f(): raise ValueError('v')¶run(f()) ==> ! ValueError: v
async def f():¶    try: await g()¶    except KeyError as e: return 'caught', e¶async def g(): raise KeyError('k')¶print(run(f())) ==> ([], ('caught', KeyError('k',)))
async def f():¶    try: return await Aw(1)¶    finally: print('finally')¶print(run(f())) ==> finally¶! TypeError: 'Aw' object isn't iterable
async def f():¶    try: await Aw(1)¶    finally: print('closed')¶x = f(); x.send(None); x.close() ==> closed¶! TypeError: 'Aw' object isn't iterable
async def f():¶    try: await Aw(1)¶    except ValueError as e: return e.args¶x = f(); x.send(None); x.throw(ValueError('t')) ==> ! TypeError: 'Aw' object isn't iterable
async def f(*a, k=1, **kw): return a, k, kw¶print(run(f(1, 2, k=3, z=4))) ==> ([], ((1, 2), 3, {'z': 4}))
async def f(x):¶    async def g(): return x¶    return await g()¶print(run(f(7))) ==> ([], 7)
class C:¶    async def m(self): return self¶    async def n(self): return await self.m() is self¶print(run(C().n())) ==> ([], True)
f = lambda: simple(4); print(run(f())) ==> ([], 4)
async def f(n): return n if n == 0 else n + await f(n - 1)¶print(run(f(4))) ==> ([], 10)
async def f():¶    for i in range(3): await Aw(i)¶print(run(f())) ==> ! TypeError: 'Aw' object isn't iterable
async def f():¶    x = 1 if await simple(0) else 2¶    return x¶print(run(f())) ==> ([], 2)
async def f(): return f'{await simple(1)}'¶print(run(f())) ==> ([], '1')
simple(1).send(5) ==> ! TypeError: can't send non-None value to a just-started generator
simple() ==> ! TypeError: simple() takes 1 positional arguments but 0 were given
list(two(1)) ==> ! TypeError: 'Aw' object isn't iterable
for x in two(1): print(x) ==> ! TypeError: 'Aw' object isn't iterable
next(simple(1)) ==> ! StopIteration: 1
simple(1) == simple(1) ==> False
def f(): return simple(1)¶print(run(f())) ==> ([], 1)
def f(): return (yield from simple(8))¶print(run(f())) ==> ([], 8)
exec('await simple(1)') ==> ! SyntaxError: 'await' outside function
exec('def f(): await simple(1)') ==> None
exec('lambda: await x') ==> None
exec('class C: await x') ==> ! SyntaxError: 'await' outside function
exec('async def f():\n yield 1') ==> None
exec('async def f(): yield from x') ==> None
exec('async lambda: 1') ==> ! SyntaxError: invalid syntax
exec('async with x: pass') ==> ! SyntaxError: async for/with outside async function
exec('async for x in y: pass') ==> ! SyntaxError: async for/with outside async function
exec('def f():\n async with x: pass') ==> ! SyntaxError: async for/with outside async function
exec('def f():\n async for x in y: pass') ==> ! SyntaxError: async for/with outside async function
exec('async class C: pass') ==> ! SyntaxError: invalid syntax
exec('async = 1') ==> ! SyntaxError: invalid syntax
exec('await = 1') ==> ! SyntaxError: invalid syntax
"""


class TestProtocols(Pinned):
    """``async for`` and ``async with``."""

    setup = """
def run(co):
    out = []
    try:
        while True:
            out.append(co.send(None))
    except StopIteration as e:
        return out, e.value
class AI:
    def __init__(self, n): self.n = n
    def __aiter__(self): return self
    async def __anext__(self):
        if not self.n: raise StopAsyncIteration
        self.n -= 1
        return self.n
class AM:
    def __init__(self, swallow=False): self.swallow = swallow
    async def __aenter__(self): print('aenter'); return 'value'
    async def __aexit__(self, kind, value, tb): print('aexit', kind, value); return self.swallow
class Bad:
    async def __aenter__(self): raise KeyError('enter')
    async def __aexit__(self, *a): print('never')
"""
    cases = r"""
async def f():¶    async for x in AI(3): print(x)¶run(f()) ==> 2¶1¶0
async def f():¶    async for x in AI(2): pass¶    else: return 'else'¶print(run(f())) ==> ([], 'else')
async def f():¶    async for x in AI(5):¶        if x == 3: break¶    else: print('no')¶    return x¶print(run(f())) ==> ([], 3)
async def f():¶    async for x in AI(3):¶        if x == 1: continue¶        print(x)¶run(f()) ==> 2¶0
async def f():¶    async for a in AI(2):¶        async for b in AI(2): print(a, b)¶run(f()) ==> 1 1¶1 0¶0 1¶0 0
async def f():¶    async for x in [1]: pass¶run(f()) ==> ! AttributeError: 'list' object has no attribute '__aiter__'
async def f():¶    async for x in 5: pass¶run(f()) ==> ! AttributeError: 'int' object has no attribute '__aiter__'
async def f():¶    async with AM() as v: print(v)¶run(f()) ==> aenter¶value¶aexit None None
async def f():¶    async with AM(): return 'r'¶print(run(f())) ==> aenter¶aexit None None¶([], 'r')
async def f():¶    async with AM(): raise ValueError('v')¶run(f()) ==> aenter¶aexit <class 'ValueError'> v¶! ValueError: v
async def f():¶    async with AM(True): raise ValueError('v')¶    return 'after'¶print(run(f())) ==> aenter¶aexit <class 'ValueError'> v¶([], 'after')
async def f():¶    async with AM(), AM() as v: print(v)¶run(f()) ==> aenter¶aenter¶value¶aexit None None¶aexit None None
async def f():¶    async with Bad(): print('no')¶run(f()) ==> ! KeyError: enter
async def f():¶    async with 5: print('no')¶run(f()) ==> ! AttributeError: 'int' object has no attribute '__aenter__'
async def f():¶    for i in range(2):¶        async with AM(): continue¶run(f()) ==> aenter¶aexit None None¶aenter¶aexit None None
async def f():¶    while True:¶        async with AM(): break¶    return 'out'¶print(run(f())) ==> aenter¶aexit None None¶([], 'out')
async def f():¶    async with AM(True) as v:¶        async for x in AI(2): 1 / x¶    return x¶print(run(f())) ==> aenter¶aexit <class 'ZeroDivisionError'> divide by zero¶([], 0)
async def f():¶    try:¶        async with AM(): 1 / 0¶    except ZeroDivisionError as e: return e.args¶print(run(f())) ==> aenter¶aexit <class 'ZeroDivisionError'> divide by zero¶([], ('divide by zero',))
async def f():¶    async with AM():¶        try: return 1¶        finally: print('finally')¶print(run(f())) ==> aenter¶finally¶aexit None None¶([], 1)
"""
