"""A class body that raises leaves the names of the class as the current ones (py/modbuiltins.c, ``__build_class__``)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestNamesAfterwards(Pinned):
    """Names set at the top go to a dict that nothing reads but the top itself."""

    setup = "def f():\n    return x\ndef g():\n    global x\n    x = 'g'\nx = 'first'\n"
    cases = r"""
class C:¶    y = 'C.y'¶    1 / 0 ==> ! ZeroDivisionError: divide by zero
y, x, f() ==> ('C.y', 'first', 'first')
x = 'second' ==>
x, f(), g(), x, f() ==> ('second', 'second', None, 'g', 'g')
C ==> ! NameError: name 'C' isn't defined
globals()['x'], locals()['x'], locals()['y'] ==> ! KeyError: x
del x; print(x) ==> ! NameError: name 'x' isn't defined
del x ==> ! KeyError: x
exec('x = 5; print(x)'); print(x) ==> 5¶! NameError: name 'x' isn't defined
class D:¶    z = x¶print(D.z) ==> ! NameError: name 'x' isn't defined
class E:¶    raise KeyError('inner') ==> ! KeyError: inner
z = 1; print(z, 'y' in locals(), sorted(locals())) ==> 1 False ['__module__', '__qualname__', 'z']
"""


class TestInFunction(Pinned):
    """A function's names are its own; what the top sets afterwards is lost all the same."""

    setup = "def f():\n    class C:\n        inside = 1\n        raise ValueError('body')\n"
    cases = r"""
f() ==> ! ValueError: body
a = 1; print(a, 'a' in globals(), 'inside' in locals()) ==> 1 False True
"""
