"""Ways out of ``finally`` blocks (py/vm.c, unwind_return, unwind_jump, CANCEL_ACTIVE_FINALLY), compared with the host.

A block that is left while it runs forgets why it ran: one slot of the stack for nothing or an exception, two for a
return or a jump under way.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from itertools import product
from textwrap import indent

import pytest

from tests.micropython._running import printed

INNER = ["pass", "return 'inner'", "break", "continue", "raise KeyError('inner')"]
OUTER = ["pass", "return 'outer'", "break", "raise ValueError('outer')"]
LAST = ["pass", "return 'last'", "continue", "raise ValueError('last')"]
AROUND = {
    "for in for": "for j in (1,):\n for i in (1, 2):",
    "with": "for i in (1, 2):\n with M():",
    "except": "for i in (1, 2):\n try:\n  raise OSError\n except OSError:",
}
HEAD = """
class M:
    def __enter__(self):
        print("enter")
    def __exit__(self, kind, value, trace):
        print("exit", kind is None)
def tried(f):
    try:
        print(f())
    except Exception as error:
        print(type(error).__name__, error.args)
"""
BODY = """
try:
    try:
        print("body", i)
        {inner}
    finally:
        for k in (7, 8):
            try:
                {looped}
            finally:
                print(k)
                if k == 8:
                    {outer}
finally:
    print("second")
    {last}
print("after")
"""


def function(number: int, inner: str, outer: str, last: str, around: str) -> str:
    """A function with a finally in a finally, so many slots of the stack up."""
    looped = "pass" if outer in ("break", "continue") else outer
    body = BODY.format(inner=inner, outer=outer, looped=looped, last=last).strip()
    last_line = around.splitlines()[-1]
    deeper = " " * (len(last_line) - len(last_line.lstrip()) + 1)
    inside = indent(f"{around}\n{indent(body, deeper)}\nreturn 'end'\n", " ")
    return f"def f():\n{inside}print({number})\ntried(f)\n"


def as_the_host(source: str) -> list[str]:
    """What CPython prints."""
    out = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(out):
        warnings.simplefilter("ignore", SyntaxWarning)  # a return in a finally
        exec(compile(source, "host", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()


@pytest.mark.parametrize("around", AROUND)
def test_a_finally_in_a_finally_is_left_as_on_the_host(around: str) -> None:
    cases = enumerate(product(INNER, OUTER, LAST))
    source = HEAD + "".join(function(number, *case, AROUND[around]) for number, case in cases)
    assert printed(source) == as_the_host(source)
