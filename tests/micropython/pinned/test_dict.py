"""dict and OrderedDict, their views (py/objdict.c, py/map.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestMaking(Pinned):
    """From keywords, from tables, from pairs."""

    cases = r"""
dict() ==> {}
dict(a=1) ==> {'a': 1}
dict({}) ==> {}
dict({1: 2}) ==> {1: 2}
dict([]) ==> {}
dict([(1, 2)]) ==> {1: 2}
dict([[1, 2]]) ==> {1: 2}
dict(['ab']) ==> {'a': 'b'}
dict((('a', 1),)) ==> {'a': 1}
dict({1: 2}, a=3) ==> {'a': 3, 1: 2}
dict([('a', 1)], a=2) ==> {'a': 2}
dict(1) ==> ! TypeError: 'int' object isn't iterable
dict(None) ==> ! TypeError: 'NoneType' object isn't iterable
dict('ab') ==> ! ValueError: dict update sequence has wrong length
dict([1]) ==> ! TypeError: 'int' object isn't iterable
dict([(1,)]) ==> ! ValueError: dict update sequence has wrong length
dict([(1, 2, 3)]) ==> ! ValueError: dict update sequence has wrong length
dict(['a']) ==> ! ValueError: dict update sequence has wrong length
dict([[]]) ==> ! ValueError: dict update sequence has wrong length
dict({1: 2}, {3: 4}) ==> ! TypeError: function expected at most 2 arguments, got 3
dict(**{'a': 1}) ==> {'a': 1}
{1: 'a', 1.0: 'b', True: 'c'} ==> {1: 'c'}
{'a': 1, 'a': 2} ==> {'a': 2}
{k: v for k, v in zip('abc', range(3))} ==> {'a': 0, 'c': 2, 'b': 1}
{k: k for k in 'aab'} ==> {'a': 'a', 'b': 'b'}
{x: y for x in range(2) for y in range(3)} ==> {0: 2, 1: 2}
{[]: 1} ==> ! TypeError: unsupported type for __hash__: 'list'
{{}: 1} ==> ! TypeError: unsupported type for __hash__: 'dict'
{set(): 1} ==> ! TypeError: unsupported type for __hash__: 'set'
{bytearray(): 1} ==> ! TypeError: unsupported type for __hash__: 'bytearray'
{b'a': 1} ==> {b'a': 1}
{1.5: 1} ==> {1.5: 1}
{(1, 'a'): 1} ==> {(1, 'a'): 1}
{int: 1} ==> {<class 'int'>: 1}
{len: 1} ==> {<function>: 1}
{1 << 70: 1} ==> {1180591620717411303424: 1}
{-1: 1} ==> {-1: 1}
{([],): 1} ==> ! TypeError: unsupported type for __hash__: 'list'
dict.fromkeys('ab') ==> {'a': None, 'b': None}
dict.fromkeys([1, 2]) ==> {2: None, 1: None}
dict.fromkeys(()) ==> {}
dict.fromkeys(range(2)) ==> {0: None, 1: None}
dict.fromkeys({3: 4}) ==> {3: None}
dict.fromkeys(['a', 'a']) ==> {'a': None}
dict.fromkeys('ab', 0) ==> {'a': 0, 'b': 0}
dict.fromkeys('ab', None) ==> {'a': None, 'b': None}
dict.fromkeys('ab', 'x') ==> {'a': 'x', 'b': 'x'}
dict.fromkeys([[]]) ==> ! TypeError: unsupported type for __hash__: 'list'
dict.fromkeys(1) ==> ! TypeError: 'int' object isn't iterable
dict.fromkeys() ==> ! TypeError: function missing 1 required positional arguments
x = dict.fromkeys('ab', []); x['a'].append(1); print(x) ==> {'a': [1], 'b': [1]}
"""


class TestReading(Pinned):
    """By key, with and without a value in its place."""

    setup = "d = {'a': 1, 2: 'two', None: 0, (1, 2): 't', 1.5: 'f'}"
    cases = r"""
d['a'] ==> 1
d[2] ==> 'two'
d[2.0] ==> 'two'
d[None] ==> 0
d[(1, 2)] ==> 't'
d[1.5] ==> 'f'
d['b'] ==> ! KeyError: b
d[3] ==> ! KeyError: 3
d[True] ==> ! KeyError: True
d[()] ==> ! KeyError: ()
d[''] ==> ! KeyError:
d[b'a'] ==> ! KeyError: b'a'
d[(2, 1)] ==> ! KeyError: (2, 1)
d[[]] ==> ! TypeError: unsupported type for __hash__: 'list'
d[{}] ==> ! TypeError: unsupported type for __hash__: 'dict'
d[set()] ==> ! TypeError: unsupported type for __hash__: 'set'
d.get('a') ==> 1
d.get('b') ==> None
d.get(2) ==> 'two'
d.get(None) ==> 0
d.get(()) ==> None
d.get('b', 0) ==> 0
d.get('b', None) ==> None
d.get('b', []) ==> []
d.get([]) ==> ! TypeError: unsupported type for __hash__: 'list'
d.get() ==> ! TypeError: function missing 1 required positional arguments
d.get('a', 1, 2) ==> ! TypeError: function expected at most 3 arguments, got 4
'a' in d ==> True
2 in d ==> True
None in d ==> True
'b' in d ==> False
1 in d ==> False
(1, 2) in d ==> True
[] in d ==> ! TypeError: unsupported type for __hash__: 'list'
{} in d ==> ! TypeError: unsupported type for __hash__: 'dict'
'b' not in d ==> True
{}[1] ==> ! KeyError: 1
{}['a'] ==> ! KeyError: a
{1: 2}[1:2] ==> ! TypeError: unsupported type for __hash__: 'slice'
({True: 1}[1], {1: 1}[True], {0: 1}[False], {1: 1}[1.0], {1.0: 1}[1]) ==> (1, 1, 1, 1, 1)
({b'a': 1}.get('a'), {'a': 1}.get(b'a'), {b'a': 1}[b'a']) ==> (None, None, 1)
d['a', 'b'] ==> ! KeyError: ('a', 'b')
{1 << 70: 1}[1 << 70] ==> 1
{'é': 1}['\xe9'] ==> 1
{float('nan'): 1}.get(float('nan')) ==> None
{-0.0: 1}[0] ==> 1
d.a ==> ! AttributeError: 'dict' object has no attribute 'a'
"""


class TestChanging(Pinned):
    """Keys set and removed."""

    setup = "def after(x, name, *args, **kw):\n    print(getattr(x, name)(*args, **kw), x)\n"
    cases = r"""
d = {}; d['a'] = 1; d['a'] = 2; print(d) ==> {'a': 2}
d = {}; d[[]] = 1 ==> ! TypeError: unsupported type for __hash__: 'list'
d = {1: 2}; d[1.0] = 3; d[True] = 4; print(d) ==> {1: 4}
d = {1: 2, 3: 4}; del d[1]; print(d) ==> {3: 4}
d = {1: 2}; del d[2] ==> ! KeyError: 2
d = {}; del d['a'] ==> ! KeyError: a
d = {1: 2}; del d[[]] ==> ! TypeError: unsupported type for __hash__: 'list'
d = {1: 2}; d[1] += 5; print(d) ==> {1: 7}
d = {}; d['a'] += 1 ==> ! KeyError: a
after({'a': 1}, 'pop', 'a') ==> 1 {}
after({'a': 1}, 'pop', 'b', 0) ==> 0 {'a': 1}
after({'a': 1}, 'pop', 'a', 0) ==> 1 {}
after({'a': 1}, 'pop', 'b', None) ==> None {'a': 1}
after({'a': 1}, 'pop', 'b') ==> ! KeyError: b
after({'a': 1}, 'pop', 1) ==> ! KeyError: 1
after({'a': 1}, 'pop', []) ==> ! KeyError: []
after({'a': 1}, 'pop', [], 0) ==> 0 {'a': 1}
after({'a': 1}, 'pop') ==> ! TypeError: function missing 1 required positional arguments
after({'a': 1}, 'pop', 1, 2, 3) ==> ! TypeError: function expected at most 3 arguments, got 4
after({}, 'popitem') ==> ! KeyError: popitem(): dictionary is empty
after({'a': 1}, 'popitem') ==> ('a', 1) {}
after({'a': 1}, 'setdefault', 'a') ==> 1 {'a': 1}
after({'a': 1}, 'setdefault', 'b') ==> None {'a': 1, 'b': None}
after({'a': 1}, 'setdefault', 'a', 5) ==> 1 {'a': 1}
after({'a': 1}, 'setdefault', 'b', 5) ==> 5 {'a': 1, 'b': 5}
after({'a': 1}, 'setdefault', None) ==> None {'a': 1, None: None}
after({'a': 1}, 'setdefault', []) ==> ! TypeError: unsupported type for __hash__: 'list'
after({'a': 1}, 'setdefault', [], 1) ==> ! TypeError: unsupported type for __hash__: 'list'
after({'a': 1}, 'setdefault') ==> ! TypeError: function missing 1 required positional arguments
after({'a': 1}, 'setdefault', 1, 2, 3) ==> ! TypeError: function expected at most 3 arguments, got 4
after({'a': 1}, 'clear') ==> None {}
after({'a': 1}, 'copy') ==> {'a': 1} {'a': 1}
after({'a': 1}, 'update') ==> None {'a': 1}
after({'a': 1}, 'update', {}) ==> None {'a': 1}
after({'a': 1}, 'update', {'a': 2}) ==> None {'a': 2}
after({'a': 1}, 'update', {'b': 3}) ==> None {'a': 1, 'b': 3}
after({'a': 1}, 'update', [('b', 3)]) ==> None {'a': 1, 'b': 3}
after({'a': 1}, 'update', []) ==> None {'a': 1}
after({'a': 1}, 'update', ['xy']) ==> None {'a': 1, 'x': 'y'}
after({'a': 1}, 'update', (('a', 0), ('c', 1))) ==> None {'a': 0, 'c': 1}
after({'a': 1}, 'update', 1) ==> ! TypeError: 'int' object isn't iterable
after({'a': 1}, 'update', None) ==> ! TypeError: 'NoneType' object isn't iterable
after({'a': 1}, 'update', [1]) ==> ! TypeError: 'int' object isn't iterable
after({'a': 1}, 'update', [(1,)]) ==> ! ValueError: dict update sequence has wrong length
after({'a': 1}, 'update', [(1, 2, 3)]) ==> ! ValueError: dict update sequence has wrong length
after({'a': 1}, 'update', 'ab') ==> ! ValueError: dict update sequence has wrong length
after({'a': 1}, 'update', b=2) ==> None {'a': 1, 'b': 2}
after({'a': 1}, 'update', {'a': 3}, a=4, c=5) ==> None {'a': 4, 'c': 5}
after({'a': 1}, 'update', {}, {}) ==> ! TypeError: function expected at most 2 arguments, got 3
x = {'a': []}; y = x.copy(); y['a'].append(1); y['b'] = 2; print(x, y) ==> {'a': [1]} {'a': [1], 'b': 2}
d = {1: 2}; d.update(d); print(d) ==> {1: 2}
d = {i: i for i in range(9)}; [d.pop(i) for i in range(0, 9, 2)]; print(sorted(d), len(d)) ==> [1, 3, 5, 7] 4
d = {}; [d.__setitem__(i, 1) for i in range(50)]; d.clear(); d[7] = 8; print(d) ==> {7: 8}
d = {1: 2}; d.__delitem__(1); print(d) ==> {}
{1: 2}.__getitem__(1) ==> 2
{1: 2}.__contains__(1) ==> ! AttributeError: 'dict' object has no attribute '__contains__'
{1: 2}.has_key(1) ==> ! AttributeError: 'dict' object has no attribute 'has_key'
{}.iteritems() ==> ! AttributeError: 'dict' object has no attribute 'iteritems'
"""


class TestOperators(Pinned):
    """Equality, union, what is refused."""

    cases = r"""
{1: 2} == {1: 2} ==> True
{1: 2} == {1: 3} ==> False
{1: 2} == {2: 2} ==> False
{1: 2} == {} ==> False
{1: 2} == {1: 2, 3: 4} ==> False
{1: 2} == {1.0: 2.0} ==> True
{1: 2} == [1] ==> False
{1: 2} == None ==> False
{1: 2, 3: 4} == {3: 4, 1: 2} ==> True
{1: 2} != {1: 2} ==> False
{1: 2} != {1: 3} ==> True
{1: {2: 3}} == {1: {2: 3}} ==> True
{} == {} ==> True
{1: 2} < {1: 3} ==> ! TypeError: unsupported types for __lt__: 'dict', 'dict'
{1: 2} <= {1: 3} ==> ! TypeError: unsupported types for __le__: 'dict', 'dict'
{1: 2} > {1: 3} ==> ! TypeError: unsupported types for __gt__: 'dict', 'dict'
{1: 2} >= {1: 3} ==> ! TypeError: unsupported types for __ge__: 'dict', 'dict'
{1: 2} | {3: 4} ==> {3: 4, 1: 2}
{1: 2} | {1: 3} ==> {1: 3}
{1: 2} | [(1, 2)] ==> {1: 2}
{1: 2} | 1 ==> ! TypeError: 'int' object isn't iterable
{1: 2} | None ==> ! TypeError: 'NoneType' object isn't iterable
{1: 2} | set() ==> {1: 2}
{1: 2} + {3: 4} ==> ! TypeError: unsupported types for __add__: 'dict', 'dict'
{1: 2} - {3: 4} ==> ! TypeError: unsupported types for __sub__: 'dict', 'dict'
{1: 2} & {3: 4} ==> ! TypeError: unsupported types for __and__: 'dict', 'dict'
{1: 2} ^ {3: 4} ==> ! TypeError: unsupported types for __xor__: 'dict', 'dict'
d = {1: 2}; e = d; d |= {3: 4}; print(d, e is d) ==> {3: 4, 1: 2} True
d = {1: 2}; d |= [(3, 4)] ==>
{1: 2} * 2 ==> ! TypeError: unsupported types for __mul__: 'dict', 'int'
-{} ==> ! TypeError: unsupported type for __neg__: 'dict'
~{} ==> ! TypeError: unsupported type for __invert__: 'dict'
not {} ==> True
hash({}) ==> ! TypeError: unsupported type for __hash__: 'dict'
{}() ==> ! TypeError: 'dict' object isn't callable
{1: 2}.x ==> ! AttributeError: 'dict' object has no attribute 'x'
"""


class TestViews(Pinned):
    """``keys``, ``values``, ``items``."""

    setup = "d = {'a': 1}\ne = {}\n"
    cases = r"""
for k in d: print(k) ==> a
for k, v in d.items(): print(k, v) ==> a 1
for k, in d.items(): print(k) ==> ! ValueError: too many values to unpack (expected 1)
[] in d.keys() ==> False
len(d.keys()) ==> ! TypeError: object of type 'dict_view' has no len()
d.keys() == {'a': 2}.keys() ==> False
d.keys()[0] ==> ! TypeError: 'dict_view' object isn't subscriptable
d.keys() & {'a'} ==> ! TypeError: unsupported types for __and__: 'dict_view', 'set'
hash(d.keys()) ==> ! TypeError: unsupported type for __hash__: 'dict_view'
next(iter(d.items())) ==> ('a', 1)
next(iter(e)) ==> ! StopIteration:
iter(d) ==> <iterator>
i = iter({1: 2}.values()); print(next(i), list(i)) ==> 2 []
x = {1: 2}; k = x.keys(); x[3] = 4; print(sorted(k)) ==> [1, 3]
x = {1: 2}; [x.__setitem__(9, 9) for _ in x]; print(len(x)) ==> 2
list(reversed(d)) ==> ! KeyError: 0
list(zip(d, d.values())) ==> [('a', 1)]
exec('[*d], (*d,), {*d}') ==> ! SyntaxError: invalid syntax
print(*d, *d.values()) ==> a 1
"%s" % d ==> "{'a': 1}"
"""


class TestOrderedDict(Pinned):
    """Keeps the order of insertion; compares without it."""

    setup = "from collections import OrderedDict as O\nd = O([('b', 1), ('a', 2), ('c', 3)])\n"
    cases = r"""
d ==> OrderedDict({'b': 1, 'a': 2, 'c': 3})
O() ==> OrderedDict({})
O({1: 2}) ==> OrderedDict({1: 2})
O([(1, 2), (1, 3)]) ==> OrderedDict({1: 3})
O(a=1) ==> OrderedDict({'a': 1})
O(1) ==> ! TypeError: 'int' object isn't iterable
d == {'a': 2, 'b': 1, 'c': 3} ==> False
d == O([('a', 2), ('b', 1), ('c', 3)]) ==> False
x = O(d); x['b'] = 9; x['z'] = 0; print(x) ==> OrderedDict({'b': 9, 'a': 2, 'c': 3, 'z': 0})
x = O(d); del x['b']; x['b'] = 5; print(x) ==> OrderedDict({'a': 2, 'c': 3, 'b': 5})
x = O(d); print(x.popitem(), x) ==> ('c', 3) OrderedDict({'b': 1, 'a': 2})
x = O(d); print(x.pop('a'), x) ==> 2 OrderedDict({'b': 1, 'c': 3})
x = O(d); x.update({'q': 1}); print(x) ==> OrderedDict({'b': 1, 'a': 2, 'c': 3, 'q': 1})
x = O(d); x.clear(); print(x, len(x)) ==> OrderedDict({}) 0
x = d.copy(); print(x, type(x)) ==> OrderedDict({'b': 1, 'a': 2, 'c': 3}) <class 'OrderedDict'>
x = O(d); x['a'] += 1; print(x['a'], 'a' in x, 'q' in x) ==> 3 True False
d['q'] ==> ! KeyError: q
O().popitem() ==> ! KeyError: popitem(): dictionary is empty
x = O(); [x.__setitem__(9 - i, i) for i in range(6)]; print(x) ==> OrderedDict({9: 0, 8: 1, 7: 2, 6: 3, 5: 4, 4: 5})
O.fromkeys('ba') ==> {'a': None, 'b': None}
x = O(d); x.move_to_end('a') ==> ! AttributeError: 'OrderedDict' object has no attribute 'move_to_end'
repr(O([('a', O())])) ==> "OrderedDict({'a': OrderedDict({})})"
dict(d) == d ==> False
[k for k in d if k != 'a'] ==> ['b', 'c']
"""
