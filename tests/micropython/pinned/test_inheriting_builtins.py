"""Classes of scripts that inherit from built-in types: what reaches the native value, what stays with the instance."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestContainers(Pinned):
    """list, dict, tuple, set, str, bytes as bases."""

    setup = """
class L(list):
    def second(self): return self[1]
    def append(self, v): super().append(v * 10)
class D(dict):
    def __getitem__(self, k): return 'got', k
    def __missing__(self, k): return 'missing', k
class D2(dict): pass
class T(tuple):
    def __len__(self): return 99
class S(str):
    def shout(self): return self.upper() + '!'
class B(bytes): pass
class St(set): pass
class I(int):
    def __add__(self, o): return 'added', o
class F(float): pass
class LI(list):
    def __init__(self, n): super().__init__(range(n)); self.n = n
class LN(list):
    def __init__(self): self.x = 1
"""
    cases = r"""
L() ==> []
L([1, 2]) ==> [1, 2]
L('ab') ==> ['a', 'b']
len(L([1])) ==> 1
L([5, 6]).second() ==> 6
list(L([1, 2])) ==> [1, 2]
bool(L()) ==> False
bool(L([0])) ==> True
x = L([1]); x.append(2); x.extend([3]); print(x, len(x), x[-1], x[1:], x.pop()) ==> [1, 20] 3 3 [20, 3] 3
x = L([1, 2]); x[0] = 5; del x[1]; print(x) ==> [5]
x = L([1]); x += [2]; print(x, type(x)) ==> [1, 2] <class 'list'>
L([1]) + [2], type(L([1]) + [2]), L([1]) * 2 ==> ([1, 2], <class 'list'>, [1, 1])
[1] + L([2]) ==> ! TypeError: unsupported types for __add__: 'list', 'list'
L([1, 2]) == [1, 2], [1, 2] == L([1, 2]), L([1]) == L([1]), L([1]) != [2] ==> (True, True, True, True)
L([1]) < [2] ==> True
1 in L([1]), 2 in L([1]), L([1]).index(1), L([1, 1]).count(1) ==> (True, False, 0, 2)
[v for v in L([1, 2])] ==> [1, 2]
sum(L([1, 2])) ==> 3
max(L([1, 3])) ==> 3
sorted(L([2, 1])) ==> [1, 2]
list(reversed(L([1, 2]))) ==> [2, 1]
a, b = L([1, 2]); print(a, b) ==> 1 2
x = L([3, 1]); x.sort(); x.reverse(); x.insert(0, 9); print(x) ==> [9, 3, 1]
x = L(); x.attr = 5; print(x.attr, x) ==> 5 []
L(5) ==> ! TypeError: 'int' object isn't iterable
L([1], [2]) ==> ! TypeError: function expected at most 1 arguments, got 2
hash(L()) ==> ! TypeError: unsupported type for __hash__: 'list'
repr(L([1])), str(L([1])), '%s' % L([1]), '{}'.format(L()) ==> ('[1]', '[1]', '[1]', '[]')
isinstance(L(), list), type(L()), issubclass(L, list) ==> (True, <class 'L'>, True)
LI(3), LI(2).n, len(LI(4)) ==> ([0, 1, 2], 2, 4)
LN() ==> []
D2(a=1) ==> {'a': 1}
D2({1: 2}) ==> {1: 2}
D2([(1, 2)]) ==> {1: 2}
len(D2(a=1)) ==> 1
D2(a=1)['a'] ==> 1
D2(a=1).get('b', 5) ==> 5
'a' in D2(a=1) ==> True
x = D2(); x['k'] = 1; x.update({2: 3}); del x[2]; print(x, list(x), list(x.items())) ==> {'k': 1} ['k'] [('k', 1)]
D2(a=1) == {'a': 1}, {'a': 1} == D2(a=1) ==> (True, True)
D2()['q'] ==> ! KeyError: q
D(a=1)['a'], D(a=1).get('a'), D(a=1), dict(D(a=1)) ==> ! ValueError: dict update sequence has wrong length
D()['nothing'] ==> ('got', 'nothing')
for k in D2(a=1): print(k) ==> a
sorted(D2(b=1, a=2)) ==> ['a', 'b']
'%(a)s' % D2(a=1) ==> ! TypeError: format needs a dict
(lambda **k: k)(**D2(a=1)) ==> {'a': 1}
T((1, 2)) ==> (1, 2)
len(T((1, 2))) ==> 99
T((1, 2))[0] ==> 1
T((1, 2)) == (1, 2) ==> True
hash(T((1, 2))) == hash((1, 2)) ==> True
T((1, 2)) + (3,) ==> (1, 2, 3)
bool(T(())), bool(T((1,))) ==> (False, True)
a, b = T((1, 2)); print(a, b) ==> 1 2
'%s %s' % T((1, 2)) ==> ! TypeError: format string needs more arguments
S('abc') ==> 'abc'
S('abc').shout() ==> 'ABC!'
S('a') + 'b' ==> 'ab'
'a' + S('b') ==> ! TypeError: unsupported types for __add__: 'str', 'str'
S('abc')[1] ==> 'b'
S('abc')[1:] ==> 'bc'
len(S('ab')) ==> 2
S('a') == 'a' ==> True
'a' == S('a') ==> True
S('a b').split(), 'a' in S('abc'), S('b') in 'abc' ==> ! TypeError: can't convert 'S' object to str implicitly
S('a').join(['x', 'y']) ==> 'xay'
', '.join([S('x'), 'y']) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
{S('a'): 1}['a'] ==> 1
{'a': 1}[S('a')] ==> ! KeyError: a
hash(S('a')) == hash('a'), str(S('a')), repr(S("a'b")), '%s' % S('a'), f'{S("a")}' ==> (True, 'a', '"a\'b"', 'a', 'a')
'abc'.find(S('c')) ==> ! TypeError: can't convert 'S' object to str implicitly
S('%d') % 5 ==> '5'
S('{}').format(1) ==> '1'
[c for c in S('ab')], list(S('ab')), sorted(S('ba')) ==> (['a', 'b'], ['a', 'b'], ['a', 'b'])
B(b'ab') ==> b'ab'
B(b'ab')[0] ==> 97
len(B(b'ab')) ==> ! TypeError: object of type 'B' has no len()
b'x' + B(b'y') ==> b'xy'
B(b'a') == b'a' ==> True
B(b'ab').decode() ==> 'ab'
St([1]), 1 in St([1]), len(St([1])), St([1]) | {2}, St([1]) == {1} ==> ({1}, True, 1, {2, 1}, True)
x = St(); x.add(1); print(x) ==> {1}
for v in St([5]): print(v) ==> 5
I(5) ==> 5
I(5) + 1 ==> ('added', 1)
1 + I(5) ==> ! TypeError: unsupported types for __radd__: 'int', 'int'
I(5) * 2 ==> 10
I(5) == 5 ==> True
I(5) < 6 ==> True
-I(5) ==> -5
abs(I(-5)) ==> 5
int(I(5)) ==> 5
hash(I(5)) == hash(5) ==> True
[1, 2, 3][I(1)] ==> 2
range(I(2)) ==> range(0, 2)
'%d' % I(5) ==> '5'
I(5).to_bytes(2, 'big') ==> b'\x00\x05'
I('12') ==> 12
I() ==> 0
I(5) // 2 ==> 2
7 % I(4) ==> ! TypeError: unsupported types for __rmod__: 'int', 'int'
I(3) ** 2 ==> 9
2 ** I(3) ==> ! TypeError: unsupported types for __rpow__: 'int', 'int'
I(1) << 2 ==> 4
F(1.5) ==> 1.5
F(1.5) + 1 ==> 2.5
2 * F(1.5) ==> ! TypeError: unsupported types for __mul__: 'int', 'float'
F('2.5') ==> 2.5
F(1.5) == 1.5 ==> True
int(F(1.5)) ==> ! TypeError: can't convert F to int
F(0.5) < 1 ==> True
-F(1.5) ==> -1.5
'%.1f' % F(1.5) ==> ! TypeError: can't convert F to float
round(F(1.5)), abs(F(-1.5)) ==> ! TypeError: can't convert F to float
"""


class TestExceptions(Pinned):
    """Exceptions of scripts, with their own constructors and attributes."""

    setup = """
class E(Exception): pass
class A(Exception):
    def __init__(self, code, *rest):
        super().__init__(*rest)
        self.code = code
class N(Exception):
    def __init__(self, code): self.code = code
class S(Exception):
    def __str__(self): return 'S text'
class Sub(A):
    def __init__(self): super().__init__(7, 'seven')
"""
    cases = r"""
raise E ==> ! E:
raise E('a') ==> ! E: a
raise E('a', 1) ==> ! E: ('a', 1)
raise A(5, 'text') ==> ! A: text
raise N(5) ==> ! N: 5
raise S('x') ==> ! S: S text
raise Sub ==> ! Sub: seven
try: raise A(5, 'text')¶except A as e: print(e.code, e.args, e) ==> 5 ('text',) text
try: raise N(5)¶except N as e: print(e.code, e.args, repr(e), str(e)) ==> 5 (5,) N(5,) 5
try: raise S('x')¶except S as e: print(e, repr(e), e.args, '%s' % e) ==> S text S('x',) ('x',) S text
try: raise Sub()¶except A as e: print(e.code, e, type(e)) ==> 7 seven <class 'Sub'>
try: raise E('a')¶except (KeyError, A): print('no')¶except E: print('E') ==> E
try: raise E¶except E as e: print(e.args, e) ==> ()
try:¶    try: raise E('in')¶    except E as e: raise A(1, e)¶except A as e: print(e.args[0].args) ==> ('in',)
e = E('a'); e.extra = [1]; print(e.extra, e.args) ==> [1] ('a',)
e = E('a'); e.args ==>
E('a') == E('a'), E.__bases__, isinstance(Sub(), Exception) ==> (False, (<class 'Exception'>,), True)
def f():¶    raise A(3)¶try: f()¶except A as e: print(e.code, e.args) ==> 3 ()
class X(Exception):¶    code = 9¶try: raise X¶except X as e: print(e.code) ==> 9
class X(OSError): pass¶try: raise X(5, 'io')¶except OSError as e: print(e.errno, e.args, e) ==> 5 (5, 'io') [Errno 5] EIO: io
class X(StopIteration): pass¶def g():¶    yield 1¶    raise X('own')¶print(list(g())) ==> ! RuntimeError: generator raised StopIteration
class X(BaseException): pass¶try: raise X('b')¶except Exception: print('no')¶except BaseException as e: print(repr(e)) ==> X('b',)
class X(ValueError):¶    def __init__(self): pass¶print(X().args, repr(X()), str(X())) ==> () X()
class X(E):¶    def __init__(self, *a): E.__init__(self, *a)¶print(X(1, 2).args) ==> ! AttributeError: type object 'E' has no attribute '__init__'
class X(E):¶    def __eq__(self, o): return True¶print(X() == 5) ==> True
class X(E):¶    @property¶    def p(self): return self.args[0] * 2¶print(X(4).p) ==> 8
"""
