"""Looking into a str: find and its kin, counting, ends, splitting, parting (py/objstr.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestIn(Pinned):
    """``in``: texts in a text."""

    cases = r"""
'a' in 'abc' ==> True
'bc' in 'abc' ==> True
'' in 'abc' ==> True
'cb' in 'abc' ==> False
'abcd' in 'abc' ==> False
'a' not in 'abc' ==> False
'bc' not in 'abc' ==> False
'' not in 'abc' ==> False
'x' not in 'abc' ==> True
'' in '' ==> True
'a' in '' ==> False
'ñ' in 'añ' ==> True
'\xc3' in 'ñ' ==> False
1 in 'abc' ==> ! TypeError: can't convert 'int' object to str implicitly
None in 'abc' ==> ! TypeError: can't convert 'NoneType' object to str implicitly
b'a' in 'abc' ==> ! TypeError: can't convert 'bytes' object to str implicitly
('a',) in 'abc' ==> ! TypeError: can't convert 'tuple' object to str implicitly
'\x00' in 'a\x00' ==> True
"""


class TestSplit(Pinned):
    """``split`` at white space leaves no empty parts, at a text it does; ``rsplit`` wants a text when limited."""

    cases = r"""
''.split() ==> []
' '.split() ==> []
'a'.split() ==> ['a']
' a'.split() ==> ['a']
'a '.split() ==> ['a']
' a  b '.split() ==> ['a', 'b']
'a\tb\nc\rd'.split() ==> ['a', 'b', 'c', 'd']
'a\x0bb\x0cc'.split() ==> ['a', 'b', 'c']
'a\xa0b'.split() ==> ['a\xa0b']
''.rsplit() ==> []
' '.rsplit() ==> []
' a  b '.rsplit() ==> ['a', 'b']
'a\tb'.rsplit() ==> ['a', 'b']
'a b c'.split(None) ==> ['a', 'b', 'c']
' a b  c '.split(None, 0) ==> ['a b  c ']
' a b  c '.split(None, 1) ==> ['a', 'b  c ']
' a b  c '.split(None, 2) ==> ['a', 'b', 'c ']
' a b  c '.split(None, 3) ==> ['a', 'b', 'c']
' a b  c '.split(None, -1) ==> ['a', 'b', 'c']
' a b  c '.split(None, 100) ==> ['a', 'b', 'c']
' a b  c '.rsplit(None) ==> ['a', 'b', 'c']
' a b  c '.rsplit(None, 1) ==> ! NotImplementedError: rsplit(None,n)
' a b  c '.rsplit(None, -1) ==> ['a', 'b', 'c']
'a,b,,c,'.split(',') ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.split(',', 0) ==> ['a,b,,c,']
'a,b,,c,'.split(',', 1) ==> ['a', 'b,,c,']
'a,b,,c,'.split(',', 2) ==> ['a', 'b', ',c,']
'a,b,,c,'.split(',', 3) ==> ['a', 'b', '', 'c,']
'a,b,,c,'.split(',', 4) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.split(',', 5) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.split(',', -1) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.split(',', -2) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.split(',', 100) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.rsplit(',') ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.rsplit(',', 0) ==> ['a,b,,c,']
'a,b,,c,'.rsplit(',', 1) ==> ['a,b,,c', '']
'a,b,,c,'.rsplit(',', 2) ==> ['a,b,', 'c', '']
'a,b,,c,'.rsplit(',', 3) ==> ['a,b', '', 'c', '']
'a,b,,c,'.rsplit(',', 4) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.rsplit(',', 5) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.rsplit(',', -1) ==> ['a', 'b', '', 'c', '']
'a,b,,c,'.rsplit(',', 100) ==> ['a', 'b', '', 'c', '']
''.split(',') ==> ['']
','.split(',') ==> ['', '']
',,'.split(',') ==> ['', '', '']
''.rsplit(',') ==> ['']
','.rsplit(',') ==> ['', '']
',,'.rsplit(',') ==> ['', '', '']
'abcabca'.split('a') ==> ['', 'bc', 'bc', '']
'abcabca'.split('bc') ==> ['a', 'a', 'a']
'abcabca'.split('abca') ==> ['', 'bca']
'abcabca'.split('x') ==> ['abcabca']
'abcabca'.rsplit('a') ==> ['', 'bc', 'bc', '']
'abcabca'.rsplit('bc') ==> ['a', 'a', 'a']
'abcabca'.rsplit('abca') ==> ['', 'bca']
'abcabca'.rsplit('x') ==> ['abcabca']
'abcabca'.rsplit('bc', 1) ==> ['abca', 'a']
'aaa'.split('aa') ==> ['', 'a']
'aaa'.rsplit('aa') ==> ['', 'a']
'aaa'.rsplit('aa', 1) ==> ['a', '']
'ab'.split('') ==> ! ValueError: empty separator
'ab'.rsplit('') ==> ! ValueError: empty separator
'ab'.rsplit('', 1) ==> ! ValueError: empty separator
'ab'.split(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'ab'.split(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'ab'.split('a', 'b') ==> ! TypeError: can't convert str to int
'ab'.split('a', None) ==> ! TypeError: can't convert NoneType to int
'ab'.rsplit(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'ab'.rsplit(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'ab'.rsplit('a', 'b') ==> ! TypeError: can't convert str to int
'ab'.split('a', 1, 2) ==> ! TypeError: function expected at most 3 arguments, got 4
'ab'.split(sep='a') ==> ! TypeError: function doesn't take keyword arguments
'ab'.split('a', maxsplit=1) ==> ! TypeError: function doesn't take keyword arguments
'añbñc'.split('ñ') ==> ['a', 'b', 'c']
'añbñc'.rsplit('ñ', 1) ==> ['a\xf1b', 'c']
'añ b'.split() ==> ['a\xf1', 'b']
"""


class TestLines(Pinned):
    """``splitlines``: only ``\\n``, ``\\r`` and both end a line."""

    cases = r"""
''.splitlines() ==> []
'a'.splitlines() ==> ['a']
'a\n'.splitlines() ==> ['a']
'\n'.splitlines() ==> ['']
'a\nb'.splitlines() ==> ['a', 'b']
'a\rb'.splitlines() ==> ['a', 'b']
'a\r\nb'.splitlines() ==> ['a', 'b']
'a\n\rb'.splitlines() ==> ['a', '', 'b']
'a\n\nb'.splitlines() ==> ['a', '', 'b']
'\r\n'.splitlines() ==> ['']
'a\x0bb'.splitlines() ==> ['a\x0bb']
'a\u2028b'.splitlines() ==> ['a\u2028b']
'a\nb\n'.splitlines(True) ==> ['a\n', 'b\n']
'a\r\nb'.splitlines(True) ==> ['a\r\n', 'b']
'\n\n'.splitlines(True) ==> ['\n', '\n']
'a\rb'.splitlines(True) ==> ['a\r', 'b']
'a\nb'.splitlines(False) ==> ['a', 'b']
'a\nb'.splitlines(0) ==> ['a', 'b']
'a\nb'.splitlines(1) ==> ['a\n', 'b']
'a\nb'.splitlines(None) ==> ['a', 'b']
'a\nb'.splitlines('') ==> ['a', 'b']
'a\nb'.splitlines(keepends=True) ==> ['a\n', 'b']
'a\nb'.splitlines(1, 2) ==> ! TypeError: extra positional arguments given
"""


class TestParts(Pinned):
    """``partition`` and ``rpartition``; ``join``; ``replace``."""

    setup = "def g():\n    yield 'x'\n    yield 'y'\n"
    cases = r"""
'a.b.c'.partition('.') ==> ('a', '.', 'b.c')
'a.b.c'.partition('b') ==> ('a.', 'b', '.c')
'a.b.c'.partition('a.') ==> ('', 'a.', 'b.c')
'a.b.c'.partition('c') ==> ('a.b.', 'c', '')
'a.b.c'.partition('x') ==> ('a.b.c', '', '')
'a.b.c'.partition('a.b.c') ==> ('', 'a.b.c', '')
'a.b.c'.partition('.b.') ==> ('a', '.b.', 'c')
'a.b.c'.rpartition('.') ==> ('a.b', '.', 'c')
'a.b.c'.rpartition('b') ==> ('a.', 'b', '.c')
'a.b.c'.rpartition('.c') ==> ('a.b', '.c', '')
'a.b.c'.rpartition('a') ==> ('', 'a', '.b.c')
'a.b.c'.rpartition('x') ==> ('', '', 'a.b.c')
'a.b.c'.rpartition('a.b.c') ==> ('', 'a.b.c', '')
''.partition('.') ==> ('', '', '')
''.rpartition('.') ==> ('', '', '')
'añb'.partition('ñ') ==> ('a', '\xf1', 'b')
'ab'.partition('') ==> ! ValueError: empty separator
'ab'.partition(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'ab'.partition(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'ab'.partition(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'ab'.rpartition('') ==> ! ValueError: empty separator
'ab'.rpartition(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'ab'.rpartition(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'-'.join([]) ==> ''
'-'.join(['a']) ==> 'a'
'-'.join(['a', 'b', 'c']) ==> 'a-b-c'
'-'.join(('a', 'b')) ==> 'a-b'
'-'.join('abc') ==> 'a-b-c'
'-'.join({'k': 1}) ==> 'k'
'-'.join(g()) ==> 'x-y'
'-'.join(range(0)) ==> ''
'-'.join(['', '', '']) ==> '--'
''.join('ab', 'c']) ==> ! SyntaxError: invalid syntax
''.join([]) ==> ''
''.join(['']) ==> ''
'ñ'.join('abc') ==> 'a\xf1b\xf1c'
'ab'.join([['x', 'y'], ['']][0]) ==> 'xaby'
'-'.join(1) ==> ! TypeError: 'int' object isn't iterable
'-'.join(None) ==> ! TypeError: 'NoneType' object isn't iterable
'-'.join([1]) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
'-'.join(['a', 1]) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
'-'.join(['a', b'b']) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
'-'.join([None]) ==> ! TypeError: join expects a list of str/bytes objects consistent with self object
'-'.join() ==> ! TypeError: function takes 2 positional arguments but 1 were given
'-'.join(['a'], ['b']) ==> ! TypeError: function takes 2 positional arguments but 3 were given
'banana'.replace('a', 'o') ==> 'bonono'
'banana'.replace('a', '') ==> 'bnn'
'banana'.replace('a', 'aa') ==> 'baanaanaa'
'banana'.replace('a', 'a') ==> 'banana'
'banana'.replace('a', 'ñ') ==> 'b\xf1n\xf1n\xf1'
'banana'.replace('an', 'b') ==> 'bbba'
'banana'.replace('an', '') ==> 'ba'
'banana'.replace('ana', 'x') ==> 'bxna'
'banana'.replace('a', 'o', 0) ==> 'banana'
'banana'.replace('a', 'o', 1) ==> 'bonana'
'banana'.replace('a', 'o', 2) ==> 'bonona'
'banana'.replace('a', 'o', 3) ==> 'bonono'
'banana'.replace('a', 'o', 100) ==> 'bonono'
'banana'.replace('a', 'o', -1) ==> 'bonono'
'banana'.replace('a', 'o', -5) ==> 'bonono'
'banana'.replace('x', 'y') ==> 'banana'
'banana'.replace('', '-') ==> '-b-a-n-a-n-a-'
'banana'.replace('', '') ==> 'banana'
'banana'.replace('', '-', 1) ==> '-banana'
'banana'.replace('', '-', 0) ==> 'banana'
''.replace('', 'a') ==> 'a'
''.replace('a', 'b') ==> ''
'añaña'.replace('ñ', 'n') ==> 'anana'
'aaa'.replace('aa', 'b') ==> 'ba'
'banana'.replace('banana', 'b') ==> 'b'
'banana'.replace('banana', '') ==> ''
'banana'.replace(1, 'a') ==> ! TypeError: can't convert 'int' object to str implicitly
'banana'.replace('a', 1) ==> ! TypeError: can't convert 'int' object to str implicitly
'banana'.replace(b'a', 'b') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'banana'.replace('a', b'b') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'banana'.replace('a', None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'banana'.replace('a', 'b', 1.5) ==> ! TypeError: can't convert float to int
'banana'.replace('a', 'b', 'c') ==> ! TypeError: can't convert str to int
'banana'.replace('a', 'b', None) ==> ! TypeError: can't convert NoneType to int
'banana'.replace('a') ==> ! TypeError: function missing 1 required positional arguments
'banana'.replace() ==> ! TypeError: function missing 2 required positional arguments
"""
