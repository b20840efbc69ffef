"""Generators: send, throw, close, delegation, their chunk; iteration by special methods; async."""

from __future__ import annotations

from tests.micropython._running import printed, run


def test_send_throw_and_close() -> None:
    assert printed(
        """
        def g():
            try:
                x = yield 1
                print("x", x)
                y = yield 2
            except ValueError as e:
                print("caught", e)
                yield 3
            finally:
                print("finally")
        a = g()
        print(next(a), a.send("s"), a.throw(ValueError("v")))
        a.close()
        try: next(a)
        except StopIteration as e: print("stop", e.value)
        b = g()
        try: b.send(1)
        except TypeError as e: print(e)
        next(b)
        try: b.throw(KeyError)
        except KeyError: print("key")
        """
    ) == [
        "x s",
        "caught v",
        "1 2 3",
        "finally",
        "stop None",
        "can't send non-None value to a just-started generator",
        "finally",
        "key",
    ]


def test_delegation() -> None:
    assert printed(
        """
        def inner():
            got = yield 1
            print("got", got)
            try: yield 2
            except ValueError: print("inner caught")
            return "result"
        def outer():
            r = yield from inner()
            print("r", r)
            yield from (10, 20)
            return r
        o = outer()
        print(next(o), o.send("hi"), o.throw(ValueError), list(o))
        class It:
            def __iter__(self): return self
            def __next__(self): raise StopIteration("end")
        def deleg(): return (yield from It())
        try: next(deleg())
        except StopIteration as e: print(e.value)
        """
    ) == ["got hi", "inner caught", "r result", "1 2 10 [20]", "end"]


def test_errors_of_generators() -> None:
    assert printed(
        """
        def stops():
            yield 1
            raise StopIteration
        try: list(stops())
        except RuntimeError as e: print(e)
        def ignores():
            while True:
                try: yield
                except GeneratorExit: pass
        i = ignores()
        next(i)
        try: i.close()
        except RuntimeError as e: print(e)
        def itself():
            yield next(me)
        me = itself()
        try: next(me)
        except ValueError as e: print(e)
        """
    ) == ["generator raised StopIteration", "generator ignored GeneratorExit", "generator already executing"]


def test_object_and_frame_are_one_chunk() -> None:
    result = run("def g(a, b):\n  yield a\nx = g(1, 2)\n")
    assert result.asked(3) == [("alloc", 8 + 20 + 4 * 3)]


def test_iterating_by_methods() -> None:
    assert printed(
        """
        class Count:
            def __init__(self, n): self.n = n
            def __iter__(self): return self
            def __next__(self):
                if not self.n: raise StopIteration
                self.n -= 1
                return self.n
        class Items:
            def __getitem__(self, i):
                if i > 2: raise IndexError
                return i * i
        print(list(Count(3)), [x for x in Items()], 4 in Items(), sum(Count(4)), max(Items()))
        for x in Count(2):
            if x: continue
            break
        else: print("no")
        try:
            for x in 5: pass
        except TypeError as e: print(e)
        class Bad:
            def __iter__(self): return 5
        try:
            for x in Bad(): pass
        except TypeError as e: print(e)
        """
    ) == ["[2, 1, 0] [0, 1, 4] True 6 4", "'int' object isn't iterable", "'int' object isn't an iterator"]


def test_coroutines_are_generators() -> None:
    assert printed(
        """
        class Wait:
            def __iter__(self):
                r = yield "waiting"
                return r
            __await__ = __iter__
        async def inner(): return await Wait()
        class Manager:
            async def __aenter__(self): return "in"
            async def __aexit__(self, *a): print("out", a[0])
        class Numbers:
            def __init__(self): self.n = 0
            def __aiter__(self): return self
            async def __anext__(self):
                self.n += 1
                if self.n > 2: raise StopAsyncIteration
                return self.n
        async def main():
            async with Manager() as m: print(m)
            async for n in Numbers(): print(n, end=" ")
            return await inner()
        c = main()
        print(next(c))
        try: c.send("done")
        except StopIteration as e: print(e.value)
        """
    ) == ["in", "out None", "1 2 waiting", "done"]
