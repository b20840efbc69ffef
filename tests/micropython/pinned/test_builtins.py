"""Built-in functions that are no type's (py/modbuiltins.c), and reading names of built-ins."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestFunctions(Pinned):
    """Every argument form."""

    setup = "class C:\n    def __call__(self): return 'called'\n    def __len__(self): return 5\n"
    cases = r"""
abs(1) ==> 1
abs(-1) ==> 1
abs(1.5) ==> 1.5
abs(-1.5) ==> 1.5
abs(True) ==> 1
abs('a') ==> ! TypeError: unsupported type for __abs__: 'str'
abs(None) ==> ! TypeError: unsupported type for __abs__: 'NoneType'
abs([]) ==> ! TypeError: unsupported type for __abs__: 'list'
abs() ==> ! TypeError: function takes 1 positional arguments but 0 were given
all([]) ==> True
all([1]) ==> True
all([0]) ==> False
all('ab') ==> True
all('') ==> True
all({}) ==> True
all({0: 1}) ==> False
all(range(1)) ==> False
all(1) ==> ! TypeError: 'int' object isn't iterable
any([]) ==> False
any([1]) ==> True
any([0]) ==> False
any('ab') ==> True
any('') ==> False
any({}) ==> False
any({0: 1}) ==> False
any(range(1)) ==> False
any(1) ==> ! TypeError: 'int' object isn't iterable
bin(5) ==> '0b101'
bin(-5) ==> '-0b101'
bin(0) ==> '0b0'
bin(True) ==> '0b1'
bin(1.5) ==> ! ValueError: unknown format code 'b' for object of type 'float'
bin('a') ==> ! ValueError: unknown format code 'b' for object of type 'str'
callable(1) ==> False
callable(len) ==> True
callable(int) ==> True
callable('a') ==> False
callable(None) ==> False
callable(lambda: 0) ==> True
callable(C) ==> True
callable(C()) ==> True
callable([].append) ==> True
chr(65) ==> 'A'
chr(0) ==> '\x00'
chr(255) ==> '\xff'
chr(256) ==> '\u0100'
chr(65535) ==> '\uffff'
chr(65536) ==> '\U00010000'
chr(-1) ==> ! ValueError: chr() arg not in range(0x110000)
chr(1.5) ==> ! TypeError: can't convert float to int
chr('a') ==> ! TypeError: can't convert str to int
chr(None) ==> ! TypeError: can't convert NoneType to int
dir(1) == dir(2), 'append' in dir([]), 'x' in dir(), type(dir()) ==> (True, True, False, <class 'list'>)
divmod(7, 2) ==> (3, 1)
divmod(-7, 2) ==> (-4, 1)
divmod(7, -2) ==> (-4, -1)
divmod(0, 1) ==> (0, 0)
divmod(7.5, 2) ==> (3.0, 1.5)
divmod(True, 2) ==> (0, 1)
divmod(1, 'a') ==> ! TypeError: unsupported types for __divmod__: 'int', 'str'
divmod() ==> ! TypeError: function takes 2 positional arguments but 0 were given
hash(1) ==> 1
hash(-1) ==> -1
hash(0) ==> 0
hash(True) ==> 1
hash(1 << 29) ==> 536870912
hash('a' 'b') ==> 28198
hash(b'') ==> 5381
hash([]) ==> ! TypeError: unsupported type for __hash__: 'list'
hash({}) ==> ! TypeError: unsupported type for __hash__: 'dict'
hash(set()) ==> ! TypeError: unsupported type for __hash__: 'set'
hash(bytearray()) ==> ! TypeError: unsupported type for __hash__: 'bytearray'
hex(15) ==> '0xf'
hex(-15) ==> '-0xf'
hex(0) ==> '0x0'
hex(True) ==> '0x1'
hex(1.5) ==> ! TypeError: can't convert float to int
hex('a') ==> ! TypeError: can't convert str to int
hex(None) ==> ! TypeError: can't convert NoneType to int
id(1) == id(1), id(None) == id(None), id('a') == id('a') ==> (True, True, True)
isinstance(1, int) ==> True
isinstance(1, (int,)) ==> True
isinstance(1, (str, int)) ==> True
isinstance(1, ()) ==> False
isinstance(1, str) ==> False
isinstance(1, object) ==> True
isinstance(1, bool) ==> False
isinstance(1, 1) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
isinstance(1, None) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
isinstance(1, 'int') ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
isinstance(1, [int]) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
isinstance(1, (1,)) ==> False
issubclass(int, int) ==> True
issubclass(int, (int,)) ==> True
issubclass(int, (str, int)) ==> True
issubclass(int, ()) ==> False
issubclass(int, str) ==> False
issubclass(int, object) ==> True
issubclass(int, 1) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
issubclass(int, None) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
issubclass(int, [int]) ==> ! TypeError: issubclass() arg 2 must be a class or a tuple of classes
iter([] ) is not None ==> True
iter('' ) is not None ==> True
iter({} ) is not None ==> True
iter(set() ) is not None ==> True
iter(range(1) ) is not None ==> True
iter(() ) is not None ==> True
iter(b'' ) is not None ==> True
len('') ==> 0
len('abc') ==> 3
len([]) ==> 0
len({}) ==> 0
len(()) ==> 0
len(set()) ==> 0
len(range(5)) ==> 5
len(b'ab') ==> 2
len(bytearray(3)) ==> 3
len(C()) ==> 5
len(1) ==> ! TypeError: object of type 'int' has no len()
len(None) ==> ! TypeError: object of type 'NoneType' has no len()
len(1.5) ==> ! TypeError: object of type 'float' has no len()
len(int) ==> ! TypeError: object of type 'type' has no len()
len(iter([])) ==> ! TypeError: object of type 'iterator' has no len()
len((x for x in ())) ==> ! TypeError: object of type 'generator' has no len()
max(1, 2) ==> 2
max([1, 2]) ==> 2
max('ab') ==> 'b'
max((1,)) ==> 1
max({1: 2}) ==> 1
max(1.5, 1) ==> 1.5
max(True, 1) ==> True
max('a', 'b') ==> 'b'
min(1, 2) ==> 1
min([1, 2]) ==> 1
min('ab') ==> 'a'
min((1,)) ==> 1
min({1: 2}) ==> 1
min(1.5, 1) ==> 1
min(True, 1) ==> True
min('a', 'b') ==> 'a'
max([]) ==> ! ValueError: arg is an empty sequence
max('') ==> ! ValueError: arg is an empty sequence
max(()) ==> ! ValueError: arg is an empty sequence
max(1) ==> ! TypeError: 'int' object isn't iterable
max(None) ==> ! TypeError: 'NoneType' object isn't iterable
max(1, 'a') ==> ! TypeError: unsupported types for __gt__: 'str', 'int'
max([1, 'a']) ==> ! TypeError: unsupported types for __gt__: 'str', 'int'
max([None, None]) ==> ! TypeError: unsupported types for __gt__: 'NoneType', 'NoneType'
min([], default=0) ==> 0
min([], default=None) ==> None
min([], default=[]) ==> []
min([1], default=0), max([1, 3, 2], key=lambda v: -v), min('b', 'a', key=ord) ==> (1, 1, 'a')
max([1], key=1) ==> ! TypeError: 'int' object isn't callable
oct(8) ==> '0o10'
oct(-8) ==> '-0o10'
oct(0) ==> '0o0'
oct(True) ==> '0o1'
oct(1.5) ==> ! TypeError: can't convert float to int
ord('a') ==> 97
ord('ñ') ==> 241
ord('€') ==> 8364
ord('') ==> ! TypeError: ord() expected a character, but string of length 0 found
ord('ab') ==> ! TypeError: ord() expected a character, but string of length 2 found
ord(b'a') ==> 97
ord(b'') ==> ! TypeError: ord() expected a character, but string of length 0 found
ord(1) ==> ! TypeError: can't convert 'int' object to str implicitly
ord(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
pow(2, 3) ==> 8
pow(2, -1) ==> 0.5
pow(2.0, 2) ==> 4.0
pow(2, 3, 5) ==> 3
pow(-2, 3, 5) ==> 2
pow(2, 3, 0) ==> ! ValueError: divide by zero
repr(1) ==> '1'
repr('a') ==> "'a'"
repr(None) ==> 'None'
repr([1, 'a']) ==> "[1, 'a']"
repr(b'a') ==> "b'a'"
repr(1.5) ==> '1.5'
repr(int) ==> "<class 'int'>"
reversed([1])  is not None ==> True
reversed((1,))  is not None ==> True
reversed('a')  is not None ==> True
round(1) ==> 1
round(1.5) ==> 2
round(2.5) ==> 2
round(-1.5) ==> -2
round(1.25, 1) ==> 1.2
round(15, -1) ==> 20
round(True) ==> 1
round(1.0, 0) ==> 1.0
round('a') ==> ! TypeError: can't convert str to float
round(None) ==> ! TypeError: can't convert NoneType to float
round([]) ==> ! TypeError: can't convert list to float
sorted([2, 1]) ==> [1, 2]
sorted('ba') ==> ['a', 'b']
sorted({2: 0, 1: 0}) ==> [1, 2]
sorted(range(2)) ==> [0, 1]
sorted(()) ==> []
sorted(1) ==> ! TypeError: 'int' object isn't iterable
sorted(None) ==> ! TypeError: 'NoneType' object isn't iterable
sorted([1, 'a']) ==> ! TypeError: unsupported types for __lt__: 'int', 'str'
sum([]) ==> 0
sum([1, 2]) ==> 3
sum([1.5]) ==> 1.5
sum(range(4)) ==> 6
sum([True]) ==> 1
sum({1: 2}) ==> 1
sum(()) ==> 0
sum([1], 5) ==> 6
sum([[1]], []) ==> [1]
sum(1) ==> ! TypeError: 'int' object isn't iterable
sum(['a']) ==> ! TypeError: unsupported types for __add__: 'int', 'str'
sum([None]) ==> ! TypeError: unsupported types for __add__: 'int', 'NoneType'
sum([1], 'a') ==> ! TypeError: unsupported types for __add__: 'str', 'int'
zip(1) ==> ! TypeError: 'int' object isn't iterable
print() ==>
print('') ==>
print(1, 'a', None, 1.5, [1], sep=', ') ==> 1, a, None, 1.5, [1]
print(1, 2, sep='', end='.\n') ==> 12.
print(1, 2, sep=None, end=None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
print('a', end=''); print('b') ==> ab
print('a', 'b', sep=1) ==> ! TypeError: can't convert 'int' object to str implicitly
print('a', file=None) ==> ! OSError: stream operation not supported
print(*[1, 2], **{'sep': '-'}) ==> 1-2
eval('len("ab")'), eval('[i for i in range(2)]') ==> (2, [0, 1])
exec('print(1)') ==> 1¶None
getattr('a', 'upper')(), getattr([1], 'nothing', 5) ==> ('A', 5)
hasattr('', 'upper'), hasattr('', 'x'), hasattr(1, 'to_bytes') ==> (True, False, True)
setattr('', 'x', 1) ==> ! AttributeError: 'str' object has no attribute 'x'
globals() is globals(), type(globals()), 'C' in globals() ==> (True, <class 'dict'>, True)
locals() is globals() ==> True
vars ==> ! NameError: name 'vars' isn't defined
memoryview ==> <class 'memoryview'>
bytearray ==> <class 'bytearray'>
frozenset ==> <class 'frozenset'>
complex ==> <class 'complex'>
enumerate ==> <class 'enumerate'>
filter ==> <class 'filter'>
map ==> <class 'map'>
zip ==> <class 'zip'>
super ==> <class 'super'>
property ==> <class 'property'>
compile, delattr ==> (<function>, <function>)
breakpoint ==> ! NameError: name 'breakpoint' isn't defined
ascii ==> ! NameError: name 'ascii' isn't defined
format ==> ! NameError: name 'format' isn't defined
id() ==> ! TypeError: function takes 1 positional arguments but 0 were given
id(1, 2) ==> ! TypeError: function takes 1 positional arguments but 2 were given
type(1, 2) ==> ! TypeError: type takes 1 or 3 arguments
type(1, 2, 3, 4) ==> ! TypeError: function expected at most 3 arguments, got 4
super(1) ==> ! TypeError: function takes 2 positional arguments but 1 were given
callable() ==> ! TypeError: function takes 1 positional arguments but 0 were given
hash() ==> ! TypeError: function takes 1 positional arguments but 0 were given
iter() ==> ! TypeError: function takes 1 positional arguments but 0 were given
next(5) ==> ! TypeError: 'int' object isn't an iterator
ord() ==> ! TypeError: function takes 1 positional arguments but 0 were given
chr() ==> ! TypeError: function takes 1 positional arguments but 0 were given
"""
