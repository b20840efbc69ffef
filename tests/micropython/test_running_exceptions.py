"""Exceptions: handlers, finally under return and jumps, tracebacks and their chunks, messages."""

from __future__ import annotations

from omvsim.boards import known_release
from omvsim.micropython.messages import compressed_length, error_texts, pieces
from tests.micropython._running import printed, run


def test_finally_runs_on_every_way_out() -> None:
    assert printed(
        """
        def f(how):
            for i in range(3):
                try:
                    try:
                        if how == "return": return "returned"
                        if how == "break": break
                        if how == "continue": continue
                        if how == "raise": raise ValueError(i)
                    finally:
                        print("inner", i, end=" ")
                except ValueError as e:
                    print("caught", e, end=" ")
                finally:
                    print("outer", i, end=" ")
            return "end"
        for how in ("", "return", "break", "continue", "raise"):
            print(f(how))
        """
    ) == [
        "inner 0 outer 0 inner 1 outer 1 inner 2 outer 2 end",
        "inner 0 outer 0 returned",
        "inner 0 outer 0 end",
        "inner 0 outer 0 inner 1 outer 1 inner 2 outer 2 end",
        "inner 0 caught 0 outer 0 inner 1 caught 1 outer 1 inner 2 caught 2 outer 2 end",
    ]


def test_return_in_finally_cancels_what_is_under_way() -> None:
    assert printed(
        """
        def f():
            try:
                raise ValueError
            finally:
                return 1
        def g():
            for i in range(3):
                try:
                    return i
                finally:
                    continue
            return "done"
        def h():
            while True:
                try:
                    try:
                        return "a"
                    finally:
                        return "b"
                finally:
                    break
            return "c"
        print(f(), g(), h())
        """
    ) == ["1 done c"]


def test_with_passes_and_swallows() -> None:
    assert printed(
        """
        class M:
            def __init__(self, swallow): self.swallow = swallow
            def __enter__(self):
                print("enter", end=" ")
                return self
            def __exit__(self, kind, value, trace):
                print("exit", kind and kind.__name__, value, trace, end=" ")
                return self.swallow
        with M(True): raise ValueError(1)
        print()
        try:
            with M(False) as a, M(0) as b: raise KeyError(2)
        except KeyError as e:
            print("out", e)
        def f():
            for i in range(2):
                with M(False):
                    if i: return i
                    continue
        print(f())
        """
    ) == [
        "enter exit ValueError 1 None ",
        "enter enter exit KeyError 2 None exit KeyError 2 None out 2",
        "enter exit None None None enter exit None None None 1",
    ]


def test_reraising_and_raising_from() -> None:
    assert printed(
        """
        def again():
            try:
                raise ValueError("first")
            except ValueError:
                raise
        try:
            again()
        except ValueError as e:
            print(e)
        try:
            raise
        except RuntimeError as e:
            print(e)
        try:
            raise KeyError("k") from ValueError("v")
        except KeyError as e:
            print(repr(e))
        for wrong in (1, "text", int):
            try:
                raise wrong
            except TypeError as e:
                print(e)
        """
    ) == [
        "first",
        "no active exception to reraise",
        "KeyError('k',)",
        *["exceptions must derive from BaseException"] * 3,
    ]


def test_a_printed_traceback_names_every_frame() -> None:
    result = run("def a():\n  b()\ndef b():\n  raise OSError(2)\na()\n")
    assert result.text == (
        "Traceback (most recent call last):\n"
        '  File "main.py", line 5, in <module>\n'
        '  File "main.py", line 2, in a\n'
        '  File "main.py", line 4, in b\n'
        "OSError: [Errno 2] ENOENT\n"
    )


def test_a_traceback_grows_by_an_entry_a_frame() -> None:
    result = run("def a():\n  b()\ndef b():\n  raise ValueError\ntry: a()\nexcept ValueError: pass\n")
    assert result.asked(4) == [("alloc", 16), ("alloc", 12)]
    assert [request for request in result.asked() if request[0] == "realloc"] == [("realloc", 24), ("realloc", 36)]


def test_a_formatted_message_starts_in_the_compressed_format() -> None:
    result = run("try:\n  [][1]\nexcept IndexError as e: print(e)\n")
    assert result.text == "list index out of range\n"
    assert result.asked(2)[2:6] == [("alloc", 16), ("alloc", 8), ("realloc", 43), ("alloc", 16)]


def test_an_unformatted_message_is_unpacked_when_it_is_looked_at() -> None:
    result = run("def f():\n  x\n  x = 1\ntry: f()\nexcept NameError as e:\n  e.args\n  e.args\n")
    assert result.asked(6) == [("alloc", 74)]
    assert result.asked(7) == []


def test_memory_error_of_the_camera_at_once() -> None:
    result = run('try: x = "a" * 10000000000\nexcept (MemoryError, OverflowError) as e: print(type(e).__name__)\n')
    assert result.lines[0] in ("MemoryError", "OverflowError")
    text = run("x = bytearray(10000000)\n").lines[-1]
    assert text == "MemoryError: memory allocation failed, allocating 10000000 bytes"


def test_subclasses_of_exceptions() -> None:
    assert printed(
        """
        class E(ValueError):
            def __init__(self, n):
                super().__init__("n is", n)
                self.n = n
        try:
            raise E(3)
        except ValueError as e:
            print(repr(e), e.args, e.n, isinstance(e, E), str(e))
        class F(Exception): pass
        try:
            raise F
        except F as e:
            print(repr(e), e.args)
        """
    ) == ["E('n is', 3) ('n is', 3) 3 True ('n is', 3)", "F() ()"]


def test_words_of_the_table_swallow_the_spaces_around_them() -> None:
    words = frozenset({"of", "out"})
    assert compressed_length("out of range", words) == 1 + 1 + 1 + len("range")
    assert compressed_length("index out of range", words) == 1 + len("index") + 1 + 1 + len("range")
    assert compressed_length("two words", words) is None
    assert compressed_length("a b out", words) == 1 + len("a b") + 1


def test_lengths_of_measured_formats() -> None:
    measured = {
        "%q index out of range": 7,
        "'%s' object has no attribute '%q'": 7,
        "can't convert %s to int": 6,
        "name '%q' isn't defined": 5,
        "no module named '%q'": 15,
        "too many values to unpack (expected %d)": 30,
        "unexpected keyword argument '%q'": 14,
        "unsupported types for %q: '%s', '%s'": 18,
    }
    dialects = [known_release(release).dialect for release in ("4.8.1", "5.0.0")]
    for dialect in dialects:
        texts = error_texts(dialect)
        assert {text: texts.length(text) for text in measured} == measured
    text = "memory allocation failed, allocating %u bytes"
    assert [error_texts(dialect).length(text) for dialect in dialects] == [41, 45]


def test_pieces_of_a_format() -> None:
    assert pieces("'%s' has %d%%", ("x", 3)) == ["'", "x", "' has ", "3", "%"]
    assert pieces("%x", (255,)) == ["ff"]
    assert pieces("plain", ()) == ["plain"]
