"""Functions, arguments, closures: results, error texts, requests."""

from __future__ import annotations

import pytest

from tests.micropython._running import printed, run


def test_arguments_of_every_kind() -> None:
    assert printed(
        """
        def f(a, b=2, *c, d, e=5, **g):
            return a, b, c, d, e, sorted(g.items())
        print(f(1, d=4))
        print(f(1, 3, 4, 5, d=6, z=7, y=8))
        print(f(*[1, 2], **{"d": 3}))
        print((lambda *a, **k: (a, k))(1, *(2, 3), x=4))
        """
    ) == [
        "(1, 2, (), 4, 5, [])",
        "(1, 3, (4, 5), 6, 5, [('y', 8), ('z', 7)])",
        "(1, 2, (), 3, 5, [])",
        "((1, 2, 3), {'x': 4})",
    ]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("f()", "f() takes 2 positional arguments but 0 were given"),
        ("f(1, 2, 3)", "f() takes 2 positional arguments but 3 were given"),
        ("f(1, c=2)", "unexpected keyword argument 'c'"),
        ("f(1, 2, a=3)", "function got multiple values for argument 'a'"),
        ("f(b=1)", "function missing required positional argument #0"),
        ("g(1)", "function missing required keyword argument 'k'"),
        ("h()", "function missing keyword-only argument"),
        ("1()", "'int' object isn't callable"),
        ("f(*1)", "'int' object isn't iterable"),
        ("len()", "function takes 1 positional arguments but 0 were given"),
        ("isinstance(1, int, 2)", "function takes 2 positional arguments but 3 were given"),
        ("iter(a=1)", "function doesn't take keyword arguments"),
    ],
)
def test_wrong_calls_raise_the_type_errors_of_the_firmware(call: str, text: str) -> None:
    source = f"""
        def f(a, b): pass
        def g(a, *, j=1, k): pass
        def h(*, k): pass
        try:
            {call}
        except TypeError as e:
            print(e)
        """
    assert printed(source) == [text]


def test_closures_share_their_cells() -> None:
    assert printed(
        """
        def counter():
            n = 0
            def up(by=1):
                nonlocal n
                n += by
                return n
            def down():
                nonlocal n
                n -= 1
                return n
            return up, down
        up, down = counter()
        print(up(), up(5), down(), up())
        """
    ) == ["1 6 5 6"]


def test_requests_of_functions_closures_and_frames() -> None:
    result = run(
        """
        def plain(): pass
        def defaults(a=1, b=2): pass
        def outer(x):
            def inner(): return x
            return inner
        f = outer(1)
        def big(a, b, c, d, e, f, g, h, i, j):
            return a + b
        big(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
        """
    )
    assert ("alloc", 16) in result.asked(2)
    assert result.asked(3)[:2] == [("alloc", 16), ("alloc", 24)]  # the tuple of defaults, then function and two words
    assert ("alloc", 8) in result.asked(7)  # the cell of x is made before the frame runs
    assert result.asked(5) == [("alloc", 16), ("alloc", 16)]  # function, closure with one cell
    frames = [size for kind, size in result.asked(10) if kind == "alloc" and size > 60]
    assert frames == [20 + 4 * 12]  # ten locals and two objects on the stack do not fit the C stack
    assert ("free", 0) in [(r.kind, r.size) for r in result.requests]


def test_recursion_ends_with_the_camera_s_error() -> None:
    result = run(
        """
        depth = 0
        def deep(n):
            global depth
            depth = n
            return deep(n + 1) + 1
        try:
            deep(0)
        except RuntimeError as e:
            print(e)
        print(100 < depth < 140)
        """
    )
    assert result.lines == ["maximum recursion depth exceeded", "True"]


ENDLESS = (
    "l = []; l.append(l); print(l)",
    "def f(): return repr(A())\nclass A:\n  __repr__ = lambda s: repr(s)\nf()",
)


@pytest.mark.parametrize("body", ENDLESS)
def test_endless_nesting_is_a_runtime_error_not_a_host_error(body: str) -> None:
    result = run(body)
    assert result.error is not None
    assert result.lines[-1] == "RuntimeError: maximum recursion depth exceeded"


def test_unpacking() -> None:
    assert printed(
        """
        a, *b, c = range(5)
        print(a, b, c)
        *a, b = [1]
        print(a, b)
        for n, text in ((2, "(1, 2, 3)"), (4, "(1, 2, 3)"), (2, "iter([1])")):
            try:
                exec(", ".join("xyzu"[:n]) + " = " + text)
            except ValueError as e:
                print(e)
        """
    ) == [
        "0 [1, 2, 3] 4",
        "[] 1",
        "too many values to unpack (expected 2)",
        "need more than 3 values to unpack",
        "need more than 1 values to unpack",
    ]


def test_names_that_are_not_there() -> None:
    assert printed(
        """
        def local():
            x = 1
            del x
            return x
        for f in (local, lambda: missing):
            try:
                f()
            except NameError as e:
                print(e)
        try:
            del nothing
        except KeyError as e:
            print(repr(e))
        """
    ) == ["local variable referenced before assignment", "name 'missing' isn't defined", "KeyError('nothing',)"]
