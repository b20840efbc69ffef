"""Scripts that once reached the host: each ends as on the camera, with MicroPython's class of exception."""

from __future__ import annotations

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import ScriptSession

RAISES = {
    "class_kw": "TypeError",
    "del_list": "SyntaxError",
    "fmt_walk": "NotImplementedError",
    "fstr_walk": "AttributeError",
    "func_code": "AttributeError",
    "gi_frame": "AttributeError",
    "import_ctypes": "ImportError",
    "import_sys": "AttributeError",
    "match_rt_rebind": "SyntaxError",
    "match_seq": "SyntaxError",
    "match_value": "SyntaxError",
    "open_abs": "OSError",
    "open_dotdot": "OSError",
    "open_self": "OSError",
    "return_module": "SyntaxError",
    "star_index": "SyntaxError",
    "try_star": "SyntaxError",
    "yield_module": "SyntaxError",
    "../escape_comp": "AttributeError",
    "../escape_del": "AttributeError",
    "../escape_for": "AttributeError",
    "../exec_return": "SyntaxError",
    "../exec_str_1e9": "MemoryError",
    "../exec_str_1e10_caught": "OverflowError",
}
"""The class that MicroPython's own build raises; scripts that are not here finish. Two differ by configuration:
functions have no ``__code__`` on the camera, and ``socket`` is one of its modules. A count beyond a machine word is an
OverflowError before anything is asked for (py/objstr.c, ``mp_obj_get_int_maybe``)."""


def run(path, source=None):
    return ScriptSession(load_board(), path, ScriptOptions(time_limit=20.0), source=source).run()


def test_each_public_case_ends_as_on_the_camera(shared):
    folder = shared / "cases" / "hostile" / "language"
    paths = [*sorted(folder.glob("*.py")), *(folder / f"{name}.py" for name in RAISES if name.startswith("../"))]
    assert len(paths) > 40
    got = {}
    for path in paths:
        result = run(path)
        name = path.relative_to(folder).with_suffix("").as_posix()
        assert result.outcome is (Outcome.EXCEPTION if name in RAISES else Outcome.FINISHED), name
        if result.failure is not None:
            got[name] = result.failure.kind
    assert got == RAISES


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x = 'a' * 10 ** 9", "MemoryError"),
        ("x = [0] * 10 ** 7", "MemoryError"),
        ("x = bytearray(1 << 29)", "MemoryError"),
        ("x = 'a'.center(10 ** 9)", "MemoryError"),
        ("x = 1 << 10 ** 9", "MemoryError"),
        ("print(*range(10 ** 7))", "MemoryError"),
        ("x = 'a' * 10 ** 10", "OverflowError"),
        ("def f(n):\n    return f(n + 1)\nf(0)", "RuntimeError"),
        ("def g(n):\n    yield n\n    yield from g(n + 1)\nfor x in g(0): pass", "RuntimeError"),
        ("class A:\n    def __getattr__(self, n):\n        return self.x\nA().y", "RuntimeError"),
        ("class A:\n    def __repr__(self):\n        return repr(self)\nrepr(A())", "RuntimeError"),
        ("a = []\nb = [a]\na.append(b)\nprint(a)", "RuntimeError"),
        ("a, b = [], []\na.append(b)\nb.append(a)\na == b", "RuntimeError"),
        ("import json\na = []\na.append(a)\njson.dumps(a)", "RuntimeError"),
        ("import re\nre.match('(a*)*b', 'a' * 40)", "RuntimeError"),
    ],
)
def test_what_the_camera_cannot_hold_is_its_exception_at_once(tmp_path, text, kind):
    result = run(tmp_path / "main.py", text.encode())
    assert result.outcome is Outcome.EXCEPTION
    assert result.failure.kind == kind
    assert result.snapshot.high_water < 2_000_000 or kind == "RuntimeError"


def test_bytes_that_are_no_text_are_names_and_texts_like_others(tmp_path):
    """The lexer takes bytes from 128 up as letters (py/lexer.c, ``is_head_of_identifier``)."""
    source = b"\xff = 1\nclass C: pass\nc = C()\nc.\xfe = \xff\nprint(c.\xfe, len('\xff'), {'\xff': 2})\nopen('\xff')\n"
    result = run(tmp_path / "main.py", source)
    assert result.output.startswith("1 1 {'\\x00': 2}\n")  # objstr.c prints what it reads as a code
    assert result.failure.kind == "UnicodeError"  # a path is made a new text, which is looked at
    assert run(tmp_path / "main.py", b"raise ValueError('%s %d' % ('\xff', 3))").failure.kind == "ValueError"


def test_a_host_file_that_cannot_be_read_is_an_entry(tmp_path):
    """A link to nowhere stands for it; opening it is the camera's OSError."""
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    source = (
        b"import os\nprint('gone' in os.listdir())\ntry:\n    open('gone')\nexcept OSError:\n    print('refused')\n"
    )
    result = run(tmp_path / "main.py", source)
    assert result.outcome is Outcome.FINISHED
    assert result.output.endswith("refused\n")
