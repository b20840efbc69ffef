"""The script's Python works as Python: control flow, scopes, classes, exceptions, formatting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runs._running import printed, run_text

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = {
    "closures": (
        """
        def outer(n):
            count = 0
            def inner():
                nonlocal count
                count += n
                return count
            return inner
        f = outer(3)
        f()
        print(f(), f())
        """,
        "6 9\n",
    ),
    "classes": (
        """
        class A:
            kind = "a"
            def __init__(self, x):
                self.x = x
            def show(self):
                return "%s%d" % (self.kind, self.x)
            @property
            def double(self):
                return self.x * 2
            @staticmethod
            def one():
                return 1
        class B(A):
            kind = "b"
            def __init__(self, x):
                super().__init__(x + 1)
            def show(self):
                return "<" + super().show() + ">"
        b = B(4)
        print(b.show(), b.double, B.one(), isinstance(b, A))
        """,
        "<b5> 10 1 True\n",
    ),
    "operators of a class": (
        """
        class V:
            def __init__(self, x):
                self.x = x
            def __add__(self, other):
                return V(self.x + other.x)
            def __getitem__(self, i):
                return self.x + i
            def __len__(self):
                return 7
            def __repr__(self):
                return "V(%d)" % self.x
        v = V(1) + V(2)
        print(v, v[10], len(v))
        """,
        "V(3) 13 7\n",
    ),
    "generators": (
        """
        def count(n):
            for i in range(n):
                yield i
            yield from [9, 8]
        print(list(count(3)), sum(x * x for x in count(4)))
        """,
        "[0, 1, 2, 9, 8] 159\n",
    ),
    "comprehensions": (
        """
        pairs = [(i, c) for i, c in enumerate("abc") if i != 1]
        print(pairs, {k: v for v, k in pairs}["c"], sorted({3, 1, 2}))
        """,
        "[(0, 'a'), (2, 'c')] 2 [1, 2, 3]\n",
    ),
    "unpacking": (
        """
        a, (b, c), *d = 1, (2, 3), 4, 5
        x = [0, 0]
        x[0], x[1] = x[1] + 5, 6
        a, b = b, a
        print(a, b, c, d, x)
        """,
        "2 1 3 [4, 5] [5, 6]\n",
    ),
    "exceptions": (
        """
        class Mine(ValueError):
            pass
        def f(n):
            try:
                if n:
                    raise Mine("text", n)
                return "fine"
            except (KeyError, ValueError) as error:
                return str(error.args[1])
            finally:
                print("finally", end=" ")
        print(f(0), f(3))
        try:
            {}["no"]
        except KeyError as error:
            print(repr(error))
        """,
        "finally finally fine 3\nKeyError('no',)\n",
    ),
    "with": (
        """
        class C:
            def __enter__(self):
                return 5
            def __exit__(self, kind, value, trace):
                print("exit", kind is not None)
                return True
        with C() as c:
            print(c)
            raise ValueError
        """,
        "5\nexit True\n",
    ),
    "while with else, chained comparison": (
        """
        n = 0
        while 0 <= n < 3:
            n += 1
        else:
            print("else", n)
        """,
        "else 3\n",
    ),
    "star arguments": (
        """
        def f(a, *rest, key=1, **more):
            return a, rest, key, sorted(more.items())
        print(f(*[1, 2], 3, key=4, **{"z": 5}))
        """,
        "(1, (2, 3), 4, [('z', 5)])\n",
    ),
    "text": (
        """
        print("%-5s|%05.1f|%x" % ("ab", 3.14159, 255), "{:>4}|{!r}|{n}".format(7, "q", n=1), f"{2 + 3:03d}")
        print("a,b".split(","), "-".join(["x", "y"]), "".join(reversed("abc")), "Hi".lower(), "x" * 3, b"ab"[0])
        """,
        "ab   |003.1|ff    7|'q'|1 005\n['a', 'b'] x-y cba hi xxx 97\n",
    ),
    "numbers in single precision": ("print(0.1 + 0.2, 7 // 2, -7 % 3, 2 ** 10, 1 / 3)", "0.3 3 2 1024 0.33333334\n"),
    "arrays": (
        """
        from ulab import numpy as np
        a = np.array([[1, 2], [3, 4]], dtype=np.int8)
        print(a.shape, np.sum(a), (a * 2)[1, 0], np.argmax(a), a.reshape((4,))[3], np.nonzero(a > 2)[0].tolist())
        """,
        "(2, 2) 10 6 3 4 [1, 1]\n",
    ),
    "buffers": (
        """
        import struct
        b = bytearray(4)
        struct.pack_into("<H", b, 1, 513)
        m = memoryview(b)
        m[0] = 300
        b[3:4] = b"z"
        print(list(b), struct.unpack("<BH", b), bytes(m[1:3]))
        """,
        "[44, 1, 2, 122] (44, 513) b'\\x01\\x02'\n",
    ),
    "a name of a class body is no closure": (
        """
        x = "global"
        class C:
            x = "class"
            def f(self):
                return x
        print(C().f(), C.x)
        """,
        "global class\n",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_print_what_they_should(name: str, tmp_path: Path) -> None:
    text, expected = PROGRAMS[name]
    assert printed(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = y", "NameError: name 'y' isn't defined"),
        ("def f():\n    print(z)\n    z = 1\nf()", "NameError: local variable referenced before assignment"),
        ("(5).foo", "AttributeError: 'int' object has no attribute 'foo'"),
        ("[1][3]", "IndexError: list index out of range"),
        ("1 // 0", "ZeroDivisionError: divide by zero"),
        ("len(5)", "TypeError: object of type 'int' has no len()"),
        ("5()", "TypeError: 'int' object isn't callable"),
        ("def f(a):\n    pass\nf()", "TypeError: f() takes 1 positional arguments but 0 were given"),
        ("a, b = [1]", "ValueError: need more than 1 values to unpack"),
        ("1 + 'a'", "TypeError: unsupported types for __add__: 'int', 'str'"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        ("def f():\n    return f()\nf()", "RuntimeError: maximum recursion depth exceeded"),
        ("eval('1 +')", "SyntaxError: invalid syntax"),
        ("'abc'[::2]", "NotImplementedError: only slices with step=1 (aka None) are supported"),
        ("bytearray(20000000)", "MemoryError: memory allocation failed, allocating 20000000 bytes"),
    ],
)
def test_an_uncaught_exception_has_the_cameras_text(text: str, error: str, tmp_path: Path) -> None:
    result = run_text(tmp_path, text)
    assert result.failure is not None
    assert result.failure.text == error


def test_a_script_catches_its_memory_error_and_goes_on(tmp_path: Path) -> None:
    text = """
    import gc
    def fill():
        kept = []
        try:
            while True:
                kept.append(bytearray(100_000))
        except MemoryError as error:
            print(error, len(kept))
    fill()
    gc.collect()
    print(gc.mem_free() > 8_000_000)
    """
    lines = printed(tmp_path, text).splitlines()
    assert lines[0].startswith("memory allocation failed, allocating 100000 bytes 8")
    assert lines[1] == "True"
