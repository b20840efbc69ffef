"""Statements: assignment, unpacking, loops, conditions, deletion, imports, comprehensions (py/compile.c, py/runtime.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestUnpacking(Pinned):
    """Targets of every form."""

    setup = "class C: pass\nc = C()\nl = [0, 0, 0]\nd = {}\ndef g():\n    yield 1\n    yield 2\n    yield 3\n"
    cases = r"""
a = b = 5; print(a, b) ==> 5 5
a = b = []; a.append(1); print(b) ==> [1]
a, b = 1, 2; print(a, b) ==> 1 2
a, b = b, a = 3, 4; print(a, b) ==> 4 3
(a, b) = [1, 2]; print(a, b) ==> 1 2
[a, b] = (3, 4); print(a, b) ==> 3 4
a, (b, [d1, e]) = 1, (2, [3, 4]); print(a, b, d1, e) ==> 1 2 3 4
a, b, x = 'xyz'; print(a, b, x) ==> x y z
a, b = {5: 6, 7: 8}; print(a, b) ==> 7 5
a, b, x = g(); print(a, b, x) ==> 1 2 3
a, b = range(2); print(a, b) ==> 0 1
a, = [1]; print(a) ==> 1
(a,) = [2]; print(a) ==> 2
[a] = [3]; print(a) ==> 3
exec('() = []') ==> ! SyntaxError: can't assign to expression
[] = () ==>
exec('() = [1]') ==> ! SyntaxError: can't assign to expression
c.x, l[0], d['k'] = 1, 2, 3; print(c.x, l, d) ==> 1 [2, 0, 0] {'k': 3}
l[1:], a = [7, 8], 9; print(l, a) ==> [2, 7, 8] 9
a, *b = [1, 2, 3]; print(a, b) ==> 1 [2, 3]
*a, b = [1, 2, 3]; print(a, b) ==> [1, 2] 3
a, *b, x = [1, 2, 3, 4]; print(a, b, x) ==> 1 [2, 3] 4
a, *b = [1]; print(a, b) ==> 1 []
*a, = [1, 2]; print(a) ==> [1, 2]
*a, = 'ab'; print(a) ==> ['a', 'b']
a, *b = g(); print(a, b) ==> 1 [2, 3]
a, *l[1] = 1, 2; print(l) ==> [2, [2], 8]
a, *c.y = 1, 2; print(c.y) ==> [2]
a, (*b, x) = 1, [2, 3, 4]; print(a, b, x) ==> 1 [2, 3] 4
a, *b, x = [1] ==> ! ValueError: need more than 1 values to unpack
*a, b = [] ==> ! ValueError: need more than 0 values to unpack
a, b = 1 ==> ! TypeError: 'int' object isn't iterable
a, b = None ==> ! TypeError: 'NoneType' object isn't iterable
a, b = [1] ==> ! ValueError: need more than 1 values to unpack
a, b = [1, 2, 3] ==> ! ValueError: too many values to unpack (expected 2)
a, b = g() ==> ! ValueError: too many values to unpack (expected 2)
a, b = '' ==> ! ValueError: need more than 0 values to unpack
a, (b, x) = 1, 2 ==> ! TypeError: 'int' object isn't iterable
exec('*a = [1]') ==> ! SyntaxError: can't assign to expression
exec('*a, *b = [1]') ==> ! SyntaxError: multiple *x in assignment
exec('a, b += 1') ==> ! SyntaxError: can't assign to expression
exec('(a) = 5'), a ==> (None, 5)
for a, b in [(1, 2), (3, 4)]: print(a, b) ==> 1 2¶3 4
for a, *b in ['abc']: print(a, b) ==> a ['b', 'c']
for a in [(1, 2)]: print(a) ==> (1, 2)
for (a, b), x in [((1, 2), 3)]: print(a, b, x) ==> 1 2 3
for c.x in (1, 2): pass¶print(c.x) ==> 2
for l[0] in (8, 9): pass¶print(l[0]) ==> 9
for a, b in [1]: pass ==> ! TypeError: 'int' object isn't iterable
for a, b in [(1, 2, 3)]: pass ==> ! ValueError: too many values to unpack (expected 2)
[a + b for a, b in [(1, 2)]] ==> [3]
{a: b for a, b in ['xy']} ==> {'x': 'y'}
i = 0; i, l[i] = 1, 'z'; print(i, l) ==> 1 [9, 'z', 8]
a, a = 1, 2; print(a) ==> 2
x = (yield_ := 5); print(x, yield_) ==> 5 5
"""


class TestAugmented(Pinned):
    """Every operator in place on every kind of target; the target's parts are evaluated once."""

    setup = """
class C: pass
c = C()
def idx():
    print('idx')
    return 0
def obj():
    print('obj')
    return c
"""
    cases = r"""
x = 7; x += 2; print(x) ==> 9
x = 7; x -= 2; print(x) ==> 5
x = 7; x *= 2; print(x) ==> 14
x = 7; x //= 2; print(x) ==> 3
x = 7; x %= 2; print(x) ==> 1
x = 7; x **= 2; print(x) ==> 49
x = 7; x <<= 2; print(x) ==> 28
x = 7; x >>= 2; print(x) ==> 1
x = 7; x &= 2; print(x) ==> 2
x = 7; x |= 2; print(x) ==> 7
x = 7; x ^= 2; print(x) ==> 5
x = 7; x /= 2; print(x) ==> 3.5
x = [1]; x[idx()] += 5; print(x) ==> idx¶[6]
c.v = 1; obj().v += 1; print(c.v) ==> obj¶2
x = {'k': [1]}; x['k'] += [2]; print(x) ==> {'k': [1, 2]}
x = [[1], [2]]; x[0] *= 2; print(x) ==> [[1, 1], [2]]
x = 'a'; x += 'b' * 2; print(x) ==> abb
x = 5; x += 1.5; print(x) ==> 6.5
x = (1,); x += (2,); print(x) ==> (1, 2)
x = 1; x @= 2 ==> ! TypeError: unsupported types for : 'int', 'int'
x = 1; x += 'a' ==> ! TypeError: unsupported types for __add__: 'int', 'str'
x = {}; x['no'] += 1 ==> ! KeyError: no
undefined_x += 1 ==> ! NameError: name 'undefined_x' isn't defined
c.none += 1 ==> ! AttributeError: 'C' object has no attribute 'none'
[][0] += 1 ==> ! IndexError: list index out of range
exec('1 += 1') ==> ! SyntaxError: can't assign to expression
exec('f() += 1') ==> ! SyntaxError: can't assign to expression
exec('(a, b) += 1') ==> ! SyntaxError: can't assign to expression
exec('[a] += 1') ==> ! SyntaxError: can't assign to expression
exec('x += 1 += 2') ==> ! SyntaxError: invalid syntax
exec('x += 1 = 2') ==> ! SyntaxError: invalid syntax
x = 1; x += x; x += x; print(x) ==> 4
x = 1; x -= -1; x *= -3; print(x) ==> -6
x = True; x += 1; print(x) ==> 2
x = 10; x -= 3 if x > 5 else 1; print(x) ==> 7
x: int = 5; print(x) ==> 5
x: int ==>
y: undefined = 3; print(y) ==> 3
c.z: int = 4; print(c.z) ==> 4
exec('x: int: 5') ==> ! SyntaxError: invalid syntax
exec('1: int') ==> None
"""


class TestLoops(Pinned):
    """``for``, ``while``, their ``else``, ``break``, ``continue``."""

    cases = r"""
for i in range(3): print(i)¶else: print('else') ==> 0¶1¶2¶else
for i in range(3):¶    if i == 1: break¶else: print('else')¶print(i) ==> 1
for i in range(3):¶    if i == 1: continue¶    print(i) ==> 0¶2
for i in []: pass¶else: print('empty') ==> empty
i = 3¶while i: i -= 1¶else: print('else', i) ==> else 0
i = 3¶while i:¶    i -= 1¶    if i == 1: break¶else: print('else')¶print(i) ==> 1
while True: break¶else: print('no') ==>
while False: pass¶else: print('else') ==> else
while 0: pass ==>
i = 0¶while 1:¶    i += 1¶    if i < 3: continue¶    break¶print(i) ==> 3
for i in range(2):¶    for j in range(2):¶        if j: break¶        print(i, j)¶    else: print('no') ==> 0 0¶1 0
for i in range(2):¶    for j in range(2): pass¶    else: continue¶    print('no')¶else: print('yes', i, j) ==> yes 1 1
for i in range(3):¶    i = 10¶print(i) ==> 10
x = [1, 2, 3]¶for v in x:¶    if v == 2: x.append(9)¶print(x) ==> [1, 2, 3, 9]
x = [1, 2, 3]¶for v in x: x.remove(v)¶print(x) ==> [2]
for i in range(10, 0, -3): print(i) ==> 10¶7¶4¶1
for i in range(0, 2): pass¶print(i) ==> 1
for i in range(2, 0): pass ==>
for x in 'ab', 'c': print(x) ==> ab¶c
for x in (1): pass ==> ! TypeError: 'int' object isn't iterable
for x in 1, 2: print(x) ==> 1¶2
exec('for x in *[1], 2: print(x)') ==> ! SyntaxError: invalid syntax
for i in range(1, 3): print(i); i += 5 ==> 1¶2
n = 3¶for i in range(n): n = 1¶print(i, n) ==> 2 1
for i in iter([1, 2]): print(i) ==> 1¶2
for k, v in {'a': 1}.items(): print(k, v) ==> a 1
if 0: print(1)¶elif 1: print(2)¶else: print(3) ==> 2
if '': pass¶elif []: pass¶elif (): pass¶else: print('else') ==> else
if 1: print('one'); print('line') ==> one¶line
print(1 if 0 else 2 if 1 else 3) ==> 2
pass; pass ==>
x = 1; y = 2; print(x, y) ==> 1 2
exec('break') ==> ! SyntaxError: 'break'/'continue' outside loop
exec('continue') ==> ! SyntaxError: 'break'/'continue' outside loop
exec('for i in (1,):\n  def f(): break') ==> ! SyntaxError: 'break'/'continue' outside loop
exec('while 1:\n  class C: continue') ==> ! SyntaxError: 'break'/'continue' outside loop
exec('return 1') ==> ! SyntaxError: 'return' outside function
exec('yield 1') ==> ! SyntaxError: 'yield' outside function
"""


class TestBoolean(Pinned):
    """``and``, ``or``, ``not``, chains: what is evaluated, and what is the result."""

    setup = "def s(v):\n    print('seen', v)\n    return v\n"
    cases = r"""
s(1) and s(2) ==> seen 1¶seen 2¶2
s(0) and s(2) ==> seen 0¶0
s(1) or s(2) ==> seen 1¶1
s(0) or s(2) ==> seen 0¶seen 2¶2
s(0) or s('') or s([]) ==> seen 0¶seen ¶seen []¶[]
s(1) and s(0) or s(3) ==> seen 1¶seen 0¶seen 3¶3
not s(0) and s(1) ==> seen 0¶seen 1¶1
not not s([]) ==> seen []¶False
s(1) < s(2) < s(3) ==> seen 1¶seen 2¶seen 3¶True
s(1) > s(2) < s(3) ==> seen 1¶seen 2¶False
s(1) if s(0) else s(2) ==> seen 0¶seen 2¶2
s(1) == s(1) != s(2) ==> seen 1¶seen 1¶seen 2¶True
1 < 2 in [2], 1 in [1] == True, not 1 in [1] ==> (True, False, False)
0 and undefined, 1 or undefined ==> (0, 1)
None or 0, 0 or None, '' and 1, [] or {} ==> (0, None, '', {})
not None, not 0, not '', not 'a', not [0] ==> (True, True, True, False, False)
1 is 1, None is None, None is not 1, True is not False, () is () ==> (True, True, True, True, True)
(1 if True else undefined), [1, 2][True] ==> (1, 2)
x = 0 or []; print(x) ==> []
x = 5 if 0 else None; print(x) ==> None
if not (1 and 0): print('yes') ==> yes
if 1 and (0 or 1) and not 0: print('yes') ==> yes
while s(1) and s(0): pass ==> seen 1¶seen 0
print(1 and 2, 0 and 2, 1 or 2, 0 or 2) ==> 2 0 1 2
bool(1 and []), bool(0 or 'a') ==> (False, True)
(x := 5) + x ==> 10
print((y := 3), y) ==> 3 3
[z := 1, z + 1] ==> [1, 2]
exec('x := 5') ==> ! SyntaxError: invalid syntax
if (n := 5) > 3: print(n) ==> 5
[w for v in (1, 2) if (w := v * 2) > 2] ==> [4]
"""


class TestComprehensions(Pinned):
    """Of every kind, nested, with conditions."""

    setup = "m = [[1, 2], [3, 4]]\n"
    cases = r"""
[x for r in m for x in r], [[x * 2 for x in r] for r in m] ==> ([1, 2, 3, 4], [[2, 4], [6, 8]])
[[r[i] for r in m] for i in range(2)] ==> [[1, 3], [2, 4]]
[x for x in range(20) if x % 2 if x % 3] ==> [1, 5, 7, 11, 13, 17, 19]
[x if x % 2 else -x for x in range(4)] ==> [0, 1, -2, 3]
[(x, y) for x in range(2) for y in range(x)] ==> [(1, 0)]
[x for x in 'abc' if x != 'b'] ==> ['a', 'c']
{x % 2 for x in range(5)}, {x: x * x for x in range(3)} ==> ({0, 1}, {0: 0, 1: 1, 2: 4})
{k: v for k, v in [('a', 1), ('b', 2)]} ==> {'a': 1, 'b': 2}
sum(x for x in range(4)), list(x for x in ()), tuple(x for x in 'ab') ==> (6, [], ('a', 'b'))
any(x > 2 for x in range(4)), all(x for x in [1, 0]) ==> (True, False)
max((x * x for x in range(-3, 2)), default=0) ==> 9
dict((k, 1) for k in 'ab') ==> {'a': 1, 'b': 1}
','.join(str(x) for x in range(3)) ==> '0,1,2'
[f() for f in [lambda: i for i in range(3)]] ==> [2, 2, 2]
[x for x in 5] ==> ! TypeError: 'int' object isn't iterable
[undefined for x in (1,)] ==> ! NameError: name 'undefined' isn't defined
[undefined for x in ()] ==> []
[x for x in undefined] ==> ! NameError: name 'undefined' isn't defined
[1 / x for x in (1, 0)] ==> ! ZeroDivisionError: divide by zero
[x for x in range(3)][1] ==> 1
[x, x for x in range(3)] ==> ! SyntaxError: invalid syntax
[(x, x) for x in range(2)] ==> [(0, 0), (1, 1)]
exec('[x for]') ==> ! SyntaxError: invalid syntax
exec('[for x in y]') ==> ! SyntaxError: invalid syntax
exec('[*x for x in y]') ==> ! SyntaxError: *x must be assignment target
exec('{**x for x in y}') ==> ! SyntaxError: invalid syntax
exec('(x for x in y, z)') ==> ! SyntaxError: invalid syntax
exec('f(x for x in y, z)') ==> ! NameError: name 'f' isn't defined
exec('f(z, x for x in y)') ==> ! NameError: name 'f' isn't defined
len([0 for _ in range(100)]) ==> 100
[[0] * 2 for _ in range(2)] ==> [[0, 0], [0, 0]]
[x for x in range(3) if (lambda v: v > 0)(x)] ==> [1, 2]
exec('[x async for x in y]') ==> ! SyntaxError: invalid syntax
{x: y for x in 'a' for y in 'bc'} ==> {'a': 'c'}
[a for a, b in [(1, 2), (3, 4)] if b > 2] ==> [3]
[x for x in [y for y in [1, 2]]] ==> [1, 2]
"""


class TestDelete(Pinned):
    """``del`` of every target; imports; exec and eval with names."""

    cases = r"""
x = 1; del x; x ==> ! NameError: name 'x' isn't defined
x = y = 1; del x, y; y ==> ! NameError: name 'y' isn't defined
x = [1, 2, 3]; del x[0], x[-1]; print(x) ==> [2]
x = {1: 2, 3: 4}; del (x[1]); print(x) ==> {3: 4}
x = 1; y = 2; del (x, y); x ==> ! NameError: name 'x' isn't defined
exec('x = 1; y = 2; del [x, y]; y') ==> ! SyntaxError: can't delete expression
del undefined ==> ! KeyError: undefined
exec('del f()') ==> ! SyntaxError: can't delete expression
exec('del 1') ==> ! SyntaxError: can't delete expression
exec('del x + 1') ==> ! SyntaxError: can't delete expression
exec('del') ==> ! SyntaxError: invalid syntax
exec('del (x, 1)') ==> ! SyntaxError: can't delete expression
exec('del *x') ==> ! SyntaxError: can't delete expression
import math; print(math.sqrt(4)) ==> 2.0
import math as m, os as o; print(m.pi > 3, o.__name__) ==> True os
from math import sqrt, pi as P; print(sqrt(9), P > 3) ==> 3.0 True
from math import (sqrt, pi,); print(sqrt(16)) ==> 4.0
from math import *; print(floor(2.5)) ==> 2
import nothing ==> ! ImportError: no module named 'nothing'
import nothing.more ==> ! ImportError: no module named 'nothing'
from nothing import x ==> ! ImportError: no module named 'nothing'
from math import nothing ==> ! ImportError: can't import name nothing
from . import x ==> ! ImportError: can't perform relative import
from .a import x ==> ! ImportError: can't perform relative import
exec('import') ==> ! SyntaxError: invalid syntax
exec('import a.b as') ==> ! SyntaxError: invalid syntax
exec('from math import') ==> ! SyntaxError: invalid syntax
exec('from math import *, pi') ==> ! SyntaxError: invalid syntax
__import__('math').sqrt(25) ==> 5.0
__import__('nothing') ==> ! ImportError: no module named 'nothing'
__import__(1) ==> ! TypeError: can't convert 'int' object to str implicitly
eval('1 + 2') ==> 3
eval(' 1') ==> ! IndentationError: unexpected indent
eval('x + 1', {'x': 5}) ==> 6
eval('x', {'x': 1}, {'x': 2}) ==> 2
eval('1 +') ==> ! SyntaxError: invalid syntax
eval('x = 1') ==> ! SyntaxError: invalid syntax
eval('') ==> ! SyntaxError: invalid syntax
eval(1) ==> ! TypeError: object with buffer protocol required
eval('1; 2') ==> ! SyntaxError: invalid syntax
eval(b'1 + 1') ==> 2
exec('a_new = 5'); print(a_new) ==> 5
g = {}; exec('only_g = 1', g); print(g['only_g'], 'only_g' in globals()) ==> 1 False
g, l = {'q': 1}, {}; exec('r = q + 1', g, l); print(l) ==> {'r': 2}
exec('x = 1\nif x:\n  print(x)') ==> 1¶None
exec('print(y_n)', {'y_n': 3}) ==> 3¶None
exec(5) ==> ! TypeError: object with buffer protocol required
exec('1 1') ==> ! SyntaxError: invalid syntax
exec('  x = 1') ==> ! IndentationError: unexpected indent
exec('def f():\nreturn 1') ==> ! SyntaxError: invalid syntax
exec('if 1:\n  x\n y') ==> ! IndentationError: unindent doesn't match any outer indent level
exec('') ==> None
exec('# only a comment') ==> None
exec(compile('print(7)', 'f', 'exec')), eval(compile('7', 'f', 'eval')) ==> 7¶(None, 7)
compile('1 +', 'f', 'eval') ==> ! SyntaxError: invalid syntax
compile('x', 'f', 'nothing') ==> ! ValueError: bad compile mode
global x_global; x_global = 1; print(x_global) ==> 1
exec('nonlocal x') ==> ! SyntaxError: can't declare nonlocal in outer code
exec('def f():\n nonlocal nothing_outer') ==> ! SyntaxError: no binding for nonlocal found
exec('def f(x):\n global x') ==> ! SyntaxError: identifier redefined as global
exec('def f():\n x = 1\n global x') ==> ! SyntaxError: identifier redefined as global
exec('def f(x, x): pass') ==> ! SyntaxError: argument name reused
exec('lambda x, x: 0') ==> ! SyntaxError: argument name reused
exec('def f(*): pass') ==> None
exec('def f(*, **k): pass') ==> None
exec('def f(a=1, b): pass') ==> ! SyntaxError: non-default argument follows default argument
exec('def f(**k, a): pass') ==> ! SyntaxError: invalid syntax
"""
