"""Exceptions: classes, arguments, ``try`` in all its forms, ``with`` (py/objexcept.c, py/vm.c, py/emitbc.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestObjects(Pinned):
    """Arguments, text, attributes, the tree of classes."""

    cases = r"""
ValueError() ==> ValueError()
KeyError() ==> KeyError()
OSError() ==> OSError()
StopIteration() ==> StopIteration()
Exception() ==> Exception()
BaseException() ==> BaseException()
IndexError() ==> IndexError()
SystemExit() ==> SystemExit()
ValueError('a') ==> ValueError('a',)
KeyError('a') ==> KeyError('a',)
OSError('a') ==> OSError('a',)
StopIteration('a') ==> StopIteration('a',)
BaseException('a') ==> BaseException('a',)
ValueError('a', 1) ==> ValueError('a', 1)
KeyError('a', 1) ==> KeyError('a', 1)
OSError('a', 1) ==> OSError('a', 1)
ValueError(5) ==> ValueError(5,)
OSError(5) ==> OSError(5,)
KeyError(5) ==> KeyError(5,)
[str(ValueError(*a)) for a in ((), ('a',), (1, 2), (None,), ((1,),))] ==> ['', 'a', '(1, 2)', 'None', '(1,)']
[str(KeyError(*a)) for a in ((), ('a',), (1, 2), (None,))] ==> ['', 'a', '(1, 2)', 'None']
[str(OSError(*a)) for a in ((), (2,), (5, 'x'), ('x',), (9999,), (12,), (1, 2, 3))] ==> ['', '[Errno 2] ENOENT', '[Errno 5] EIO: x', 'x', '9999', '[Errno 12] ENOMEM', '(1, 2, 3)']
[repr(OSError(*a)) for a in ((), (2,), (5, 'x'), ('x',), (9999,))] ==> ['OSError()', 'OSError(2,)', "OSError(5, 'x')", "OSError('x',)", 'OSError(9999,)']
ValueError('a').args, ValueError().args, KeyError(1, 2).args ==> (('a',), (), (1, 2))
OSError(5).errno, OSError(5, 'x').errno, OSError().errno ==> (5, 5, None)
OSError(5).value ==> 5
OSError('a').errno ==> 'a'
StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value ==> (5, None, 1)
ValueError(5).value ==> 5
ValueError(5).errno ==> 5
ValueError('a').x ==> ! AttributeError: 'ValueError' object has no attribute 'x'
e = ValueError('a'); e.x = 1 ==> ! AttributeError: 'ValueError' object has no attribute 'x'
ValueError(x=1) ==> ! TypeError: function doesn't take keyword arguments
ValueError('a') == ValueError('a') ==> False
e = ValueError(); print(e == e, hash(e) == hash(e), bool(e)) ==> True True True
ValueError.__name__, ValueError.__bases__ ==> ('ValueError', (<class 'Exception'>,))
ArithmeticError.__bases__ ==> (<class 'Exception'>,)
AssertionError.__bases__ ==> (<class 'Exception'>,)
AttributeError.__bases__ ==> (<class 'Exception'>,)
EOFError.__bases__ ==> (<class 'Exception'>,)
ImportError.__bases__ ==> (<class 'Exception'>,)
IndentationError.__bases__ ==> (<class 'SyntaxError'>,)
LookupError.__bases__ ==> (<class 'Exception'>,)
MemoryError.__bases__ ==> (<class 'Exception'>,)
NameError.__bases__ ==> (<class 'Exception'>,)
NotImplementedError.__bases__ ==> (<class 'RuntimeError'>,)
OverflowError.__bases__ ==> (<class 'ArithmeticError'>,)
RuntimeError.__bases__ ==> (<class 'Exception'>,)
SyntaxError.__bases__ ==> (<class 'Exception'>,)
TypeError.__bases__ ==> (<class 'Exception'>,)
ZeroDivisionError.__bases__ ==> (<class 'ArithmeticError'>,)
UnicodeError ==> <class 'UnicodeError'>
KeyboardInterrupt ==> <class 'KeyboardInterrupt'>
GeneratorExit ==> <class 'GeneratorExit'>
StopAsyncIteration ==> <class 'StopAsyncIteration'>
IOError ==> ! NameError: name 'IOError' isn't defined
EnvironmentError ==> ! NameError: name 'EnvironmentError' isn't defined
Warning ==> ! NameError: name 'Warning' isn't defined
issubclass(IndexError, LookupError) ==> True
issubclass(KeyError, LookupError) ==> True
issubclass(OverflowError, ArithmeticError) ==> True
issubclass(ZeroDivisionError, ArithmeticError), issubclass(NotImplementedError, RuntimeError) ==> (True, True)
issubclass(GeneratorExit, Exception) ==> False
issubclass(SystemExit, Exception) ==> False
issubclass(KeyboardInterrupt, Exception) ==> False
issubclass(UnicodeError, ValueError) ==> True
issubclass(IndentationError, SyntaxError) ==> True
issubclass(StopIteration, Exception) ==> True
isinstance(ValueError(), Exception) ==> True
type(ValueError()) ==> <class 'ValueError'>
ValueError ==> <class 'ValueError'>
str(ValueError('ñ')), repr(ValueError("it's")) ==> ('\xf1', 'ValueError("it\'s",)')
print(ValueError('a', 'b'), [ValueError('c')], KeyError('k')) ==> ('a', 'b') [ValueError('c',)] k
'%s %r' % (ValueError('a'), ValueError('a')) ==> "a ValueError('a',)"
ValueError('a').__class__ ==> <class 'ValueError'>
class E(ValueError): pass ==>
E('a'), str(E('a')), repr(E()), E(1, 2).args, isinstance(E(), ValueError) ==> (E('a',), 'a', 'E()', (1, 2), True)
e = E(); e.x = 5; print(e.x) ==> 5
class F(Exception):¶    def __init__(self, a, b): self.a = a; super().__init__(b)¶print(F(1, 2).a, F(1, 2).args, F(1, 2)) ==> 1 (2,) 2
class G(Exception):¶    def __init__(self, a): self.a = a¶print(G(1).a, G(1).args, repr(G(1))) ==> 1 (1,) G(1,)
class H(Exception):¶    def __str__(self): return 'H text'¶print(H(1), repr(H(1)), [H()]) ==> H text H(1,) [H()]
class O(OSError): pass¶print(O(5).errno, O(5), repr(O(5))) ==> 5 [Errno 5] EIO O(5,)
class S(StopIteration): pass¶print(S(5).value) ==> 5
"""


class TestRaising(Pinned):
    """``raise`` and ``assert``."""

    cases = r"""
raise ValueError ==> ! ValueError:
raise ValueError() ==> ! ValueError:
raise ValueError('a') ==> ! ValueError: a
raise ValueError, 'a' ==> ! SyntaxError: invalid syntax
raise ValueError('a') from KeyError('b') ==> ! ValueError: a
raise ValueError('a') from None ==> ! ValueError: a
raise ValueError from 5 ==> ! ValueError:
raise ==> ! RuntimeError: no active exception to reraise
raise 1 ==> ! TypeError: exceptions must derive from BaseException
raise None ==> ! TypeError: exceptions must derive from BaseException
raise 'a' ==> ! TypeError: exceptions must derive from BaseException
raise int ==> ! TypeError: exceptions must derive from BaseException
raise [] ==> ! TypeError: exceptions must derive from BaseException
raise object() ==> ! TypeError: exceptions must derive from BaseException
raise len ==> ! TypeError: exceptions must derive from BaseException
raise ValueError, ValueError ==> ! SyntaxError: invalid syntax
raise 1 / 0 ==> ! ZeroDivisionError: divide by zero
raise undefined ==> ! NameError: name 'undefined' isn't defined
class E(Exception): pass ==>
raise E ==> ! E:
raise E(1, 2) ==> ! E: (1, 2)
raise KeyError('k') ==> ! KeyError: k
raise OSError(5) ==> ! OSError: [Errno 5] EIO
raise StopIteration(5) ==> ! StopIteration: 5
raise (ValueError) ==> ! ValueError:
raise (ValueError, KeyError) ==> ! TypeError: exceptions must derive from BaseException
assert True ==>
assert False ==> ! AssertionError:
assert 0, 'text' ==> ! AssertionError: text
assert (), 5 ==> ! AssertionError: 5
assert 1, undefined ==>
assert 0, undefined ==> ! NameError: name 'undefined' isn't defined
assert 0, [1] ==> ! AssertionError: [1]
1 / 0 ==> ! ZeroDivisionError: divide by zero
[][0] ==> ! IndexError: list index out of range
{}['k'] ==> ! KeyError: k
undefined ==> ! NameError: name 'undefined' isn't defined
None.x ==> ! AttributeError: 'NoneType' object has no attribute 'x'
None() ==> ! TypeError: 'NoneType' object isn't callable
int('a') ==> ! ValueError: invalid syntax for integer with base 10: 'a'
'a' + 1 ==> ! TypeError: unsupported types for __add__: 'str', 'int'
import nothing_like_that ==> ! ImportError: no module named 'nothing_like_that'
from math import nothing_like_that ==> ! ImportError: can't import name nothing_like_that
import math.x ==> ! ImportError: no module named 'math.x'
"""


class TestCatching(Pinned):
    """Which clause takes it, what the name is afterwards, ``else`` and ``finally``."""

    setup = """
def t(e):
    try:
        raise e
    except (KeyError, IndexError) as x:
        return 'lookup', x
    except ValueError:
        return 'value'
    except Exception as x:
        return 'other', type(x).__name__
"""
    cases = r"""
t(KeyError('k')) ==> ('lookup', KeyError('k',))
t(IndexError()) ==> ('lookup', IndexError())
t(ValueError('v')) ==> 'value'
t(TypeError()) ==> ('other', 'TypeError')
t(OSError(1)) ==> ('other', 'OSError')
t(KeyboardInterrupt()) ==> ! KeyboardInterrupt:
t(5) ==> ('other', 'TypeError')
try: 1 / 0¶except ZeroDivisionError as e: print(e, e.args) ==> divide by zero ('divide by zero',)
try: 1 / 0¶except ZeroDivisionError as e: pass¶print(e) ==> ! NameError: name 'e' isn't defined
e = 'old'¶try: 1 / 0¶except ZeroDivisionError as e: e = 'new'¶print(e) ==> ! NameError: name 'e' isn't defined
try: pass¶except ValueError as e: pass¶else: print('else') ==> else
try: raise ValueError¶except: print('bare') ==> bare
try: raise ValueError¶except KeyError: pass ==> ! ValueError:
try: raise ValueError('a')¶except (): pass ==> ! ValueError: a
try: raise ValueError('a')¶except 5: print('five') ==> ! TypeError: unsupported types for : 'ValueError', 'int'
try: raise ValueError('a')¶except (KeyError, 5): print('five') ==> ! TypeError: unsupported types for : 'ValueError', 'int'
try: raise ValueError('a')¶except (ValueError, 5): print('first') ==> first
try: raise ValueError('a')¶except undefined: pass ==> ! NameError: name 'undefined' isn't defined
try: pass¶except undefined: pass ==>
try: raise ValueError('a')¶except [ValueError]: pass ==> ! TypeError: unsupported types for : 'ValueError', 'list'
try: raise ValueError('a')¶except Exception: raise ==> ! ValueError: a
try: raise ValueError('a')¶except ValueError: raise KeyError('b') ==> ! KeyError: b
try: raise ValueError('a')¶except ValueError as e: raise e ==> ! ValueError: a
try:¶    try: raise ValueError('a')¶    except KeyError: print('no')¶    finally: print('inner')¶except ValueError as e: print('outer', e) ==> inner¶outer a
try:¶    try: raise ValueError('a')¶    finally: raise KeyError('b')¶except Exception as e: print(repr(e)) ==> KeyError('b',)
try: print('body')¶finally: print('finally') ==> body¶finally
try: print('body')¶except: print('no')¶else: print('else')¶finally: print('finally') ==> body¶else¶finally
try:¶    try: pass¶    except: pass¶    else: raise KeyError('else')¶except KeyError as e: print('outer', e) ==> outer else
def f():¶    try: return 1¶    finally: print('f')¶print(f()) ==> f¶1
def f():¶    try: return 1¶    finally: return 2¶print(f()) ==> 2
def f():¶    try: 1 / 0¶    finally: return 2¶print(f()) ==> 2
def f():¶    try: 1 / 0¶    except: return 'e'¶    finally: print('f')¶print(f()) ==> f¶e
def f():¶    for i in range(3):¶        try: continue¶        finally: print('f', i)¶f() ==> f 0¶f 1¶f 2
def f():¶    for i in range(3):¶        try: break¶        finally: print('f', i)¶    return i¶print(f()) ==> f 0¶0
def f():¶    while 1:¶        try: return 'r'¶        finally: break¶    return 'after'¶print(f()) ==> after
def f():¶    for i in range(2):¶        try: 1 / 0¶        except ZeroDivisionError: continue¶        finally: print(i)¶    return 'end'¶print(f()) ==> 0¶1¶end
def f():¶    try:¶        try: return 'a'¶        finally: print(1)¶    finally: print(2)¶print(f()) ==> 1¶2¶a
def f():¶    try: raise ValueError('v')¶    except ValueError as e:¶        def g(): return 1¶        return g()¶print(f()) ==> 1
def f():¶    try: return [].pop()¶    except IndexError as e: return e.args¶print(f()) ==> ('pop from empty list',)
def f(n):¶    try:¶        if n: f(n - 1)¶        else: raise KeyError(n)¶    finally: print(n)¶f(2) ==> 0¶1¶2¶! KeyError: 0
try: raise ValueError('a')¶except ValueError:¶    try: raise KeyError('b')¶    except KeyError: pass¶    raise ==> ! ValueError: a
try: raise ValueError('a')¶except ValueError:¶    try: raise KeyError('b')¶    except KeyError: raise ==> ! KeyError: b
def f(): raise¶try: 1 / 0¶except: f() ==> ! RuntimeError: no active exception to reraise
try: exec('1 +')¶except SyntaxError as e: print(e) ==> invalid syntax
try: f(¶1, 2¶)¶except TypeError as e: print(e) ==> f() takes 0 positional arguments but 2 were given
[1 / 0 for _ in ()] ==> []
"""


class TestWith(Pinned):
    """Context managers: order, what ``__exit__`` gets, what it swallows."""

    setup = """
class M:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    def __enter__(self):
        print('enter', self.name)
        return self.name
    def __exit__(self, kind, value, tb):
        print('exit', self.name, kind, value, tb)
        return self.swallow
class BadEnter(M):
    def __enter__(self): raise KeyError('enter')
class BadExit(M):
    def __exit__(self, *a): raise KeyError('exit')
class NoExit:
    def __enter__(self): pass
"""
    cases = r"""
with M('a') as x: print(x) ==> enter a¶a¶exit a None None None
with M('a'): pass ==> enter a¶exit a None None None
with M('a'), M('b') as y: print(y) ==> enter a¶enter b¶b¶exit b None None None¶exit a None None None
with M('a'): raise ValueError('v') ==> enter a¶exit a <class 'ValueError'> v None¶! ValueError: v
with M('a', True): raise ValueError('v') ==> enter a¶exit a <class 'ValueError'> v None
with M('a', 1): raise ValueError¶print('after') ==> enter a¶exit a <class 'ValueError'>  None¶after
with M('a', True), M('b'): raise ValueError('v') ==> enter a¶enter b¶exit b <class 'ValueError'> v None¶exit a <class 'ValueError'> v None
with M('a'), M('b', True): raise ValueError('v') ==> enter a¶enter b¶exit b <class 'ValueError'> v None¶exit a None None None
with BadEnter('a'): print('no') ==> ! KeyError: enter
with M('o', True), BadEnter('a'): print('no') ==> enter o¶exit o <class 'KeyError'> enter None
with BadExit('a'): print('body') ==> enter a¶body¶! KeyError: exit
with BadExit('a'): raise ValueError('v') ==> enter a¶! KeyError: exit
with M('o', True), BadExit('a'): print('body') ==> enter o¶enter a¶body¶exit o <class 'KeyError'> exit None
with NoExit(): print('no') ==> ! AttributeError: 'NoExit' object has no attribute '__exit__'
with 5: print('no') ==> ! AttributeError: 'int' object has no attribute '__exit__'
with M: pass ==> ! TypeError: __enter__() takes 1 positional arguments but 0 were given
with M('a') as (x, y): print(x, y) ==> enter a¶exit a <class 'ValueError'> need more than 1 values to unpack None¶! ValueError: need more than 1 values to unpack
with M('ab') as (x, y): print(x, y) ==> enter ab¶a b¶exit ab None None None
with M('a') as [x]: print(x) ==> enter a¶a¶exit a None None None
class C: pass¶c = C()¶with M('a') as c.x: print(c.x) ==> enter a¶a¶exit a None None None
d = {}¶with M('a') as d['k']: print(d) ==> enter a¶{'k': 'a'}¶exit a None None None
def f():¶    with M('a'): return 'r'¶print(f()) ==> enter a¶exit a None None None¶r
def f():¶    for i in range(2):¶        with M(i): continue¶f() ==> enter 0¶exit 0 None None None¶enter 1¶exit 1 None None None
def f():¶    for i in range(2):¶        with M(i): break¶f() ==> enter 0¶exit 0 None None None
def f():¶    with M('a', True): return 1 / 0¶    return 'after'¶print(f()) ==> enter a¶exit a <class 'ZeroDivisionError'> divide by zero None¶after
def g():¶    with M('g'): yield 1¶print(list(g())) ==> enter g¶exit g None None None¶[1]
def g():¶    with M('g'): yield 1¶x = g(); next(x); x.close() ==> enter g¶exit g <class 'GeneratorExit'>  None
with M('a'):¶    with M('b', True): raise KeyError('k')¶    print('between') ==> enter a¶enter b¶exit b <class 'KeyError'> k None¶between¶exit a None None None
try:¶    with M('a'): raise ValueError('v')¶except ValueError as e: print('caught', e) ==> enter a¶exit a <class 'ValueError'> v None¶caught v
with (M('p')): pass ==> enter p¶exit p None None None
with (M('p')) as q: print(q) ==> enter p¶p¶exit p None None None
"""
