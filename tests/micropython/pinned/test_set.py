"""set and frozenset (py/objset.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestMaking(Pinned):
    """From anything that can be gone through; elements must have a hash."""

    setup = "def s(x):\n    return type(x).__name__, sorted(x)\n"
    cases = r"""
set() ==> set()
set('') ==> set()
set(()) ==> set()
set([]) ==> set()
set({}) ==> set()
set(range(0)) ==> set()
s(set('aab')) ==> ('set', ['a', 'b'])
s(set([1, 2, 1])) ==> ('set', [1, 2])
s(set((1, True, 1.0))) ==> ('set', [1])
s(set({1: 2})) ==> ('set', [1])
s(set(range(3))) ==> ('set', [0, 1, 2])
s(set(b'ab')) ==> ('set', [97, 98])
s(set({3})) ==> ('set', [3])
s(set(frozenset((1,)))) ==> ('set', [1])
set(1) ==> ! TypeError: 'int' object isn't iterable
set(None) ==> ! TypeError: 'NoneType' object isn't iterable
set([[]]) ==> ! TypeError: unsupported type for __hash__: 'list'
set([{}]) ==> ! TypeError: unsupported type for __hash__: 'dict'
set([set()]) ==> ! TypeError: unsupported type for __hash__: 'set'
set([bytearray()]) ==> ! TypeError: unsupported type for __hash__: 'bytearray'
set([1], [2]) ==> ! TypeError: function expected at most 1 arguments, got 2
set(x=1) ==> ! TypeError: function doesn't take keyword arguments
s({1, 2, 1}) ==> ('set', [1, 2])
s({i % 3 for i in range(9)}) ==> ('set', [0, 1, 2])
{[]} ==> ! TypeError: unsupported type for __hash__: 'list'
{1, [], 2} ==> ! TypeError: unsupported type for __hash__: 'list'
frozenset() ==> frozenset()
frozenset('') ==> frozenset()
frozenset([1]) ==> frozenset({1})
frozenset((1, 1)) ==> frozenset({1})
frozenset({2}) ==> frozenset({2})
frozenset(1) ==> ! TypeError: 'int' object isn't iterable
frozenset([[]]) ==> ! TypeError: unsupported type for __hash__: 'list'
s(frozenset('ab')) ==> ('frozenset', ['a', 'b'])
{frozenset((1,))} == {frozenset((1,))} ==> True
len(set()), len({1, 1, 2}), bool(set()), bool({0}) ==> (0, 2, False, True)
type({1}), type({}), type(frozenset()) ==> (<class 'set'>, <class 'dict'>, <class 'frozenset'>)
"""


class TestChanging(Pinned):
    """Methods that change a set; a frozenset has none of them."""

    setup = """
def after(x, name, *args):
    got = getattr(x, name)(*args)
    print(sorted(got) if isinstance(got, set) else got, sorted(x))
"""
    cases = r"""
after({1}, 'add', 1) ==> None [1]
after({1}, 'add', 2) ==> None [1, 2]
after({1}, 'add', True) ==> None [1]
after({1}, 'add', 1.0) ==> None [1]
after({1}, 'add', ()) ==> ! TypeError: unsupported types for __lt__: 'tuple', 'int'
after({1}, 'add', None) ==> ! TypeError: unsupported types for __lt__: 'NoneType', 'int'
after({1}, 'add', []) ==> ! TypeError: unsupported type for __hash__: 'list'
after({1}, 'add', {}) ==> ! TypeError: unsupported type for __hash__: 'dict'
after({1}, 'add') ==> ! TypeError: function takes 2 positional arguments but 1 were given
after({1}, 'add', 1, 2) ==> ! TypeError: function takes 2 positional arguments but 3 were given
after({1, 2}, 'discard', 1) ==> None [2]
after({1, 2}, 'discard', 3) ==> None [1, 2]
after({1, 2}, 'discard', 1.0) ==> None [2]
after({1, 2}, 'discard', None) ==> None [1, 2]
after({1, 2}, 'discard', []) ==> ! TypeError: unsupported type for __hash__: 'list'
after({1, 2}, 'remove', 1) ==> None [2]
after({1, 2}, 'remove', 1.0) ==> None [2]
after({1, 2}, 'remove', 3) ==> ! KeyError: 3
after({1, 2}, 'remove', 'a') ==> ! KeyError: a
after({1, 2}, 'remove', []) ==> ! TypeError: unsupported type for __hash__: 'list'
after({1}, 'pop') ==> 1 []
after(set(), 'pop') ==> ! KeyError: pop from an empty set
after({1}, 'pop', 1) ==> ! TypeError: function takes 1 positional arguments but 2 were given
after({1, 2}, 'clear') ==> None []
after({1, 2}, 'copy') ==> [1, 2] [1, 2]
after({1, 2}, 'update', [3]) ==> None [1, 2, 3]
after({1, 2}, 'update', (1,)) ==> None [1, 2]
after({1, 2}, 'update', {5}) ==> None [1, 2, 5]
after({1, 2}, 'update', '') ==> None [1, 2]
after({1, 2}, 'update', range(2)) ==> None [0, 1, 2]
after({1, 2}, 'update', {7: 8}) ==> None [1, 2, 7]
after({1, 2}, 'update', [3], [4]) ==> None [1, 2, 3, 4]
after({1, 2}, 'update') ==> None [1, 2]
after({1, 2}, 'update', 1) ==> ! TypeError: 'int' object isn't iterable
after({1, 2}, 'update', None) ==> ! TypeError: 'NoneType' object isn't iterable
after({1, 2}, 'update', [[]]) ==> ! TypeError: unsupported type for __hash__: 'list'
after({1, 2, 3}, 'difference_update', [1]) ==> None [2, 3]
after({1, 2, 3}, 'difference_update', {1, 2}) ==> None [3]
after({1, 2, 3}, 'difference_update', ()) ==> None [1, 2, 3]
after({1, 2, 3}, 'difference_update', [1], [2]) ==> None [3]
after({1, 2, 3}, 'difference_update', [9]) ==> None [1, 2, 3]
after({1, 2, 3}, 'difference_update', 1) ==> ! TypeError: 'int' object isn't iterable
after({1, 2, 3}, 'intersection_update', [1]) ==> None [1]
after({1, 2, 3}, 'intersection_update', {1, 2}) ==> None [1, 2]
after({1, 2, 3}, 'intersection_update', ()) ==> None []
after({1, 2, 3}, 'intersection_update', [9]) ==> None []
after({1, 2, 3}, 'intersection_update', ) ==> ! TypeError: function takes 2 positional arguments but 1 were given
after({1, 2, 3}, 'intersection_update', 1) ==> ! TypeError: 'int' object isn't iterable
after({1, 2}, 'intersection_update', [1], [2]) ==> ! TypeError: function takes 2 positional arguments but 3 were given
after({1, 2, 3}, 'symmetric_difference_update', [1]) ==> None [2, 3]
after({1, 2, 3}, 'symmetric_difference_update', {1, 9}) ==> None [2, 3, 9]
after({1, 2, 3}, 'symmetric_difference_update', ()) ==> None [1, 2, 3]
after({1, 2}, 'symmetric_difference_update') ==> ! TypeError: function takes 2 positional arguments but 1 were given
after({1, 2, 3}, 'symmetric_difference_update', 1) ==> ! TypeError: 'int' object isn't iterable
frozenset((1,)).add(2) ==> ! AttributeError: 'frozenset' object has no attribute 'add'
frozenset((1,)).remove(2) ==> ! AttributeError: 'frozenset' object has no attribute 'remove'
frozenset((1,)).update(2) ==> ! AttributeError: 'frozenset' object has no attribute 'update'
frozenset((1,)).clear(2) ==> ! AttributeError: 'frozenset' object has no attribute 'clear'
frozenset((1,)).pop(2) ==> ! AttributeError: 'frozenset' object has no attribute 'pop'
frozenset((1,)).discard(2) ==> ! AttributeError: 'frozenset' object has no attribute 'discard'
frozenset((1,)).copy() ==> frozenset({1})
x = {1}; y = x.copy(); y.add(2); print(sorted(x), sorted(y)) ==> [1] [1, 2]
x = {1}; x.add(x) ==> ! TypeError: unsupported type for __hash__: 'set'
x = set(range(20)); [x.remove(v) for v in range(0, 20, 2)]; print(sorted(x)) ==> [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
x = set(); [x.add(v * 7 % 31) for v in range(40)]; print(len(x), sorted(x) == list(range(31))) ==> 31 True
x = {1, 2}; x.update(x); print(sorted(x)) ==> [1, 2]
x = {1, 2}; x.difference_update(x); print(x) ==> set()
x = {1, 2, 3}; print(len([x.pop() for _ in range(3)]), x) ==> 3 set()
"""


class TestOperators(Pinned):
    """Algebra as operators (sets only) and as methods (anything)."""

    setup = "def s(x):\n    return sorted(x) if isinstance(x, (set, frozenset)) else x\n"
    cases = r"""
s({1, 2} | {2, 3}) ==> [1, 2, 3]
s({1, 2} | set()) ==> [1, 2]
s({1, 2} | frozenset((5,))) ==> [1, 2, 5]
s({1, 2} & {2, 3}) ==> [2]
s({1, 2} & set()) ==> []
s({1, 2} & frozenset((1,))) ==> [1]
s({1, 2} - {2, 3}) ==> [1]
s({1, 2} - set()) ==> [1, 2]
s({1, 2} - {1, 2}) ==> []
s({1, 2} ^ {2, 3}) ==> [1, 3]
s({1, 2} ^ set()) ==> [1, 2]
s({1, 2} ^ {1, 2}) ==> []
{1} | 2 ==> ! TypeError: unsupported types for __or__: 'set', 'int'
{1} & 2 ==> ! TypeError: unsupported types for __and__: 'set', 'int'
{1} - 2 ==> ! TypeError: unsupported types for __sub__: 'set', 'int'
{1} ^ 2 ==> ! TypeError: unsupported types for __xor__: 'set', 'int'
{1} + 2 ==> ! TypeError: unsupported types for __add__: 'set', 'int'
{1} < 2 ==> ! TypeError: unsupported types for __lt__: 'set', 'int'
{1} | [1] ==> ! TypeError: unsupported types for __or__: 'set', 'list'
{1} & [1] ==> ! TypeError: unsupported types for __and__: 'set', 'list'
{1} - [1] ==> ! TypeError: unsupported types for __sub__: 'set', 'list'
{1} ^ [1] ==> ! TypeError: unsupported types for __xor__: 'set', 'list'
{1} + [1] ==> ! TypeError: unsupported types for __add__: 'set', 'list'
{1} * [1] ==> ! TypeError: unsupported types for __mul__: 'set', 'list'
{1} < [1] ==> ! TypeError: unsupported types for __lt__: 'set', 'list'
{1} % [1] ==> ! TypeError: unsupported types for __mod__: 'set', 'list'
{1} | {1: 2} ==> ! TypeError: unsupported types for __or__: 'set', 'dict'
{1} & {1: 2} ==> ! TypeError: unsupported types for __and__: 'set', 'dict'
{1} - {1: 2} ==> ! TypeError: unsupported types for __sub__: 'set', 'dict'
{1} ^ {1: 2} ==> ! TypeError: unsupported types for __xor__: 'set', 'dict'
s(frozenset((1, 2)) | {3}) ==> [1, 2, 3]
type(frozenset((1,)) | {3}) ==> <class 'frozenset'>
type({3} | frozenset((1,))) ==> <class 'set'>
s({1, 2}.union([2, 3])) ==> [1, 2, 3]
s({1, 2}.union(())) ==> [1, 2]
s({1, 2}.union('a'.upper() and [9])) ==> [1, 2, 9]
s({1, 2}.union({5: 6})) ==> [1, 2, 5]
{1}.union() ==> ! TypeError: function takes 2 positional arguments but 1 were given
{1}.union([2], [3]) == {1, 2, 3} ==> ! TypeError: function takes 2 positional arguments but 3 were given
{1}.union(1) ==> ! TypeError: 'int' object isn't iterable
s({1, 2}.intersection([2])) ==> [2]
s({1, 2}.intersection(())) ==> []
s({1, 2}.intersection((1, 2, 3))) ==> [1, 2]
{1}.intersection() ==> ! TypeError: function takes 2 positional arguments but 1 were given
{1}.intersection([1], [2]) ==> ! TypeError: function takes 2 positional arguments but 3 were given
s({1, 2}.difference([2])) ==> [1]
s({1, 2}.difference(())) ==> [1, 2]
s({1, 2}.difference([1], [2])) ==> []
{1}.difference() ==> {1}
s({1, 2}.symmetric_difference([2, 3])) ==> [1, 3]
s({1, 2}.symmetric_difference([3, 3])) ==> [1, 2]
s({1, 2}.symmetric_difference([2, 2])) ==> [1, 2]
s({1, 2}.symmetric_difference(())) ==> [1, 2]
{1}.symmetric_difference() ==> ! TypeError: function takes 2 positional arguments but 1 were given
{1, 2}.isdisjoint([3]) ==> True
{1, 2}.isdisjoint([1]) ==> False
{1, 2}.isdisjoint(()) ==> True
{1, 2}.isdisjoint({2}) ==> False
{1, 2}.isdisjoint(range(3, 5)) ==> True
{1, 2}.issubset([1, 2, 3]) ==> True
{1, 2}.issubset({1, 2}) ==> True
{1, 2}.issubset([1]) ==> False
{1, 2}.issubset(()) ==> False
{1, 2}.issubset(frozenset((1, 2, 3))) ==> True
{1, 2}.issuperset([1]) ==> True
{1, 2}.issuperset({1, 2}) ==> True
{1, 2}.issuperset([1, 2, 3]) ==> False
{1, 2}.issuperset(()) ==> True
{1, 2}.isdisjoint(1) ==> ! TypeError: 'int' object isn't iterable
{1, 2}.issubset(1) ==> ! TypeError: 'int' object isn't iterable
{1, 2}.issuperset() ==> ! TypeError: function takes 2 positional arguments but 1 were given
{1, 2} < {1, 2, 3} ==> True
{1, 2} < {1, 2} ==> False
{1, 2} < {1} ==> False
{1, 2} < {3, 4, 5} ==> False
{1, 2} <= {1, 2, 3} ==> True
{1, 2} <= {1, 2} ==> True
{1, 2} <= {1} ==> False
{1, 2} > {1} ==> True
{1, 2} > {1, 2} ==> False
{1, 2} > set() ==> True
{1, 2} > {1, 2, 3} ==> False
{1, 2} >= {1} ==> True
{1, 2} >= {1, 2} ==> True
{1, 2} >= {3} ==> False
{1, 2} == {2, 1} ==> True
{1, 2} == {1} ==> False
{1, 2} == {1.0, 2} ==> True
{1, 2} == frozenset((1, 2)) ==> True
{1, 2} == [1, 2] ==> False
{1, 2} == None ==> False
{1, 2} != {2, 1} ==> False
{1, 2} != {1} ==> True
{1} < [1, 2] ==> ! TypeError: unsupported types for __lt__: 'set', 'list'
{1} < 1 ==> ! TypeError: unsupported types for __lt__: 'set', 'int'
{1} < {1: 2, 3: 4} ==> ! TypeError: unsupported types for __lt__: 'set', 'dict'
x = {1}; y = x; x |= {2}; print(sorted(x), x is y) ==> [1, 2] True
x = {1, 2}; y = x; x &= {2}; print(x, x is y) ==> {2} True
x = {1, 2}; y = x; x -= {2}; print(x, x is y) ==> {1} True
x = {1, 2}; y = x; x ^= {2, 3}; print(sorted(x), x is y) ==> [1, 3] True
x = frozenset((1,)); y = x; x |= {2}; print(sorted(x), x is y) ==> [1, 2] False
x = {1}; x |= [2] ==> ! TypeError: unsupported types for __or__: 'set', 'list'
1 in {1, ()} ==> True
1.0 in {1, ()} ==> True
True in {1, ()} ==> True
2 in {1, ()} ==> False
() in {1, ()} ==> True
None in {1, ()} ==> False
[] in {1} ==> ! TypeError: unsupported type for __hash__: 'list'
{1} in {1} ==> ! TypeError: unsupported type for __hash__: 'set'
{1} in {frozenset((1,))} ==> ! TypeError: unsupported type for __hash__: 'set'
hash({1}) ==> ! TypeError: unsupported type for __hash__: 'set'
hash(frozenset((1,))) == hash(frozenset((1.0,))) ==> True
-{1} ==> ! TypeError: unsupported type for __neg__: 'set'
{1}[0] ==> ! TypeError: 'set' object isn't subscriptable
{1}() ==> ! TypeError: 'set' object isn't callable
{1}.x ==> ! AttributeError: 'set' object has no attribute 'x'
"""


class TestShown(Pinned):
    """Representation and iteration."""

    cases = r"""
set(), {1}, frozenset(), frozenset((1,)), {()}, {None} ==> (set(), {1}, frozenset(), frozenset({1}), {()}, {None})
str({1}), repr({'a'}), "%s" % {1}, "{}".format({1}) ==> ('{1}', "{'a'}", '{1}', '{1}')
print({1}, set(), frozenset(), frozenset('a')) ==> {1} set() frozenset() frozenset({'a'})
for x in {5}: print(x) ==> 5
for x in set(): print(x) ==>
a, = {5}; print(a) ==> 5
a, b = {5} ==> ! ValueError: need more than 1 values to unpack
list({7}), tuple({7}), sorted({3, 1, 2}), sum({1, 2}), max({1, 2}), min({1, 2}) ==> ([7], (7,), [1, 2, 3], 3, 2, 1)
[x for x in {4}] ==> [4]
{x: 1 for x in {4}} ==> {4: 1}
iter({1}) ==> <iterator>
next(iter({1})), next(iter(set()), 'd') ==> (1, 'd')
len({i for i in range(100)}) ==> 100
{1, 2, 3, 4, 5, 6, 7, 8} ==> {8, 1, 2, 3, 4, 5, 6, 7}
{8, 16, 24, 0} ==> {8, 16, 24, 0}
{30, 10, 20, 40, 50, 60} ==> {30, 60, 20, 50, 10, 40}
{-1, -2, -3} ==> {-1, -3, -2}
{i * i for i in range(8)} ==> {0, 1, 25, 9, 4, 16, 36, 49}
frozenset(range(10)) ==> frozenset({0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
set(range(20, 0, -3)) ==> {8, 17, 2, 11, 20, 5, 14}
{True, False} ==> {False, True}
"""
