"""Looking into a str: find and its kin, counting, ends, splitting, parting (py/objstr.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestFind(Pinned):
    """Places are characters' positions even where characters take several bytes."""

    setup = "s = 'añb€c𝄞añ'"
    cases = r"""
'abcabc'.find('a') ==> 0
'abcabc'.find('c') ==> 2
'abcabc'.find('bc') ==> 1
'abcabc'.find('abcabc') ==> 0
'abcabc'.find('abcabcd') ==> -1
'abcabc'.find('') ==> 0
'abcabc'.find('d') ==> -1
'abcabc'.rfind('a') ==> 3
'abcabc'.rfind('c') ==> 5
'abcabc'.rfind('bc') ==> 4
'abcabc'.rfind('abcabc') ==> 0
'abcabc'.rfind('abcabcd') ==> -1
'abcabc'.rfind('') ==> 6
'abcabc'.rfind('d') ==> -1
'abcabc'.find('a', 0) ==> 0
'abcabc'.find('a', 1) ==> 3
'abcabc'.find('a', 3) ==> 3
'abcabc'.find('a', 4) ==> -1
'abcabc'.find('a', 6) ==> -1
'abcabc'.find('a', 7) ==> -1
'abcabc'.find('a', -1) ==> -1
'abcabc'.find('a', -3) ==> 3
'abcabc'.find('a', -7) ==> 0
'abcabc'.find('a', None) ==> 0
'abcabc'.find('a', -100) ==> 0
'abcabc'.find('', 0) ==> 0
'abcabc'.find('', 3) ==> 3
'abcabc'.find('', 6) ==> 6
'abcabc'.find('', 7) ==> 6
'abcabc'.find('', -1) ==> 5
'abcabc'.find('', -7) ==> 0
'abcabc'.rfind('a', 0) ==> 3
'abcabc'.rfind('a', 1) ==> 3
'abcabc'.rfind('a', 4) ==> -1
'abcabc'.rfind('a', -3) ==> 3
'abcabc'.rfind('a', None) ==> 3
'abcabc'.rfind('', 0) ==> 6
'abcabc'.rfind('', 6) ==> 6
'abcabc'.rfind('', 7) ==> 6
'abcabc'.find('c', 0, 2) ==> -1
'abcabc'.find('c', 0, 3) ==> 2
'abcabc'.find('c', 0, -1) ==> 2
'abcabc'.find('c', 0, -3) ==> 2
'abcabc'.find('c', 0, -4) ==> -1
'abcabc'.find('c', 0, None) ==> 2
'abcabc'.find('c', 0, 100) ==> 2
'abcabc'.rfind('abc', 0, 3) ==> 0
'abcabc'.rfind('abc', 0, 2) ==> -1
'abcabc'.rfind('abc', 0, 5) ==> 0
'abcabc'.rfind('abc', 0, 6) ==> 3
'abcabc'.rfind('abc', 0, -1) ==> 0
'abcabc'.rfind('abc', 0, None) ==> 3
'abcabc'.find('b', 4, 2) ==> -1
'abcabc'.find('', 4, 2) ==> -1
''.find('', 0) ==> 0
''.find('a', 0) ==> -1
''.find('', 1) ==> 0
''.rfind('') ==> 0
s.find('ñ') ==> 1
s.find('€') ==> 3
s.find('𝄞') ==> 5
s.find('c') ==> 4
s.find('añ', 1) ==> 6
s.find('ñ', 2) ==> 7
s.rfind('ñ') ==> 7
s.rfind('añ') ==> 6
s.rfind('b') ==> 2
s.find('ñ', -1) ==> 7
s.find('a', -2) ==> 6
s.index('𝄞') ==> 5
s.index('x') ==> ! ValueError: substring not found
s.rindex('a') ==> 6
'abcabc'.index('b') ==> 1
'abcabc'.index('b', 2) ==> 4
'abcabc'.index('b', 5) ==> ! ValueError: substring not found
'abcabc'.index('d') ==> ! ValueError: substring not found
'abcabc'.index('') ==> 0
'abcabc'.rindex('b') ==> 4
'abcabc'.rindex('b', 0, 4) ==> 1
'abcabc'.rindex('b', 0, 1) ==> ! ValueError: substring not found
'abcabc'.rindex('d') ==> ! ValueError: substring not found
'abc'.find(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.find(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'abc'.find(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'abc'.find(['a']) ==> ! TypeError: can't convert 'list' object to str implicitly
'abc'.index(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.index(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'abc'.find() ==> ! TypeError: function missing 1 required positional arguments
'abc'.find('a', 'b') ==> ! TypeError: string indices must be integers, not str
'abc'.find('a', 0, 'b') ==> ! TypeError: string indices must be integers, not str
'abc'.find('a', 0, 1, 2) ==> ! TypeError: function expected at most 4 arguments, got 5
'abc'.find('a', 1.0) ==> ! TypeError: string indices must be integers, not float
'abc'.find('a', True) ==> -1
'abc'.find(sub='a') ==> ! TypeError: function doesn't take keyword arguments
'aaa'.find('aa', 1) ==> 1
'aaa'.rfind('aa', 0, 2) ==> 0
'a\x00b'.find('\x00') ==> 1
'a\x00b'.find('b') ==> 2
"""


class TestCount(Pinned):
    """Occurrences that do not overlap; the empty text is between all characters."""

    cases = r"""
'banana'.count('a') ==> 3
'banana'.count('an') ==> 2
'banana'.count('ana') ==> 1
'banana'.count('nan') ==> 1
'banana'.count('') ==> 7
'banana'.count('banana') ==> 1
'banana'.count('x') ==> 0
'banana'.count('a', 1) ==> 3
'banana'.count('a', 2) ==> 2
'banana'.count('a', 5) ==> 1
'banana'.count('a', 6) ==> 0
'banana'.count('a', -1) ==> 1
'banana'.count('a', -3) ==> 2
'banana'.count('a', None) ==> 3
'banana'.count('a', 100) ==> 0
'banana'.count('a', 0, 0) ==> 0
'banana'.count('a', 0, 1) ==> 0
'banana'.count('a', 0, 2) ==> 1
'banana'.count('a', 0, -1) ==> 2
'banana'.count('a', 0, None) ==> 3
'banana'.count('a', 0, 100) ==> 3
'banana'.count('', 2) ==> 5
'banana'.count('', 6) ==> 1
'banana'.count('', 7) ==> 1
'banana'.count('', 1, 3) ==> 3
''.count('') ==> 1
''.count('a') ==> 0
'añaña'.count('a') ==> 3
'añaña'.count('ñ') ==> 2
'añaña'.count('ñañ') ==> 1
'añaña'.count('') ==> 6
'añaña'.count('a', 1) ==> 2
'aaaa'.count('aa') ==> 2
'aaaaa'.count('aa') ==> 2
'banana'.count(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'banana'.count(b'a') ==> ! TypeError: can't convert 'bytes' object to str implicitly
'banana'.count(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'banana'.count() ==> ! TypeError: function missing 1 required positional arguments
'banana'.count('a', 4, 2) ==> 0
"""


class TestEnds(Pinned):
    """``startswith`` and ``endswith``: a text or a tuple of texts."""

    cases = r"""
'abc'.startswith('a') ==> True
'abc'.startswith('abc') ==> True
'abc'.startswith('abcd') ==> False
'abc'.startswith('') ==> True
'abc'.startswith('b') ==> False
'abc'.startswith('b', 1) ==> True
'abc'.startswith('a', 1) ==> False
'abc'.startswith('', 3) ==> True
'abc'.startswith('', 4) ==> True
'abc'.startswith('c', -1) ==> True
'abc'.startswith('bc', -2) ==> True
'abc'.startswith(('a', 'x')) ==> True
'abc'.startswith(('x', 'a')) ==> True
'abc'.startswith(('x',)) ==> False
'abc'.startswith(()) ==> False
'abc'.startswith(('x', 1)) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.startswith(('a', 1)) ==> True
'abc'.startswith(['a']) ==> ! TypeError: can't convert 'list' object to str implicitly
'abc'.startswith('ab', 0, 2) ==> True
'abc'.startswith('abc', 0, 2) ==> False
'abc'.startswith('', 2, 1) ==> True
'abc'.startswith('b', 1, 2) ==> True
'abc'.endswith('c') ==> True
'abc'.endswith('abc') ==> True
'abc'.endswith('zabc') ==> False
'abc'.endswith('') ==> True
'abc'.endswith('b') ==> False
'abc'.endswith(('c', 'x')) ==> True
'abc'.endswith(('x', 'bc')) ==> True
'abc'.endswith(()) ==> False
'abc'.endswith((1,)) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.endswith('c', 1) ==> True
'abc'.endswith('c', 3) ==> False
'abc'.endswith('bc', 2) ==> False
'abc'.startswith(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.startswith(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'abc'.startswith(b'a') ==> True
'abc'.endswith(1) ==> ! TypeError: can't convert 'int' object to str implicitly
'abc'.endswith(None) ==> ! TypeError: can't convert 'NoneType' object to str implicitly
'abc'.endswith(b'c') ==> True
'añ'.startswith('añ') ==> True
'añ'.startswith('ñ', 1) ==> True
'añ'.startswith('ñ', 2) ==> False
'añ'.endswith('ñ') ==> True
''.startswith('') ==> True
''.endswith('') ==> True
''.startswith('a') ==> False
'abc'.startswith() ==> ! TypeError: function missing 1 required positional arguments
'abc'.endswith() ==> ! TypeError: function missing 1 required positional arguments
"""
