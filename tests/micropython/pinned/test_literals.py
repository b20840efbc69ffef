"""Tokens and literals: numbers, texts, f-strings, indentation, what is refused with which words (py/lexer.c, py/parse.c)."""

from __future__ import annotations

from tests.micropython.pinned._pinned import Pinned


class TestFStrings(Pinned):
    """A text with expressions, as ``str.format`` of them."""

    setup = "x = 5\ny = 'why'\nd = {'k': 'v', 'q': [1, 2]}\nclass C:\n    a = 'attr'\n    def m(self, v): return v * 2\nc = C()\n"
    cases = r"""
f'' ==> ''
f'a' ==> 'a'
f'{x}' ==> '5'
f'a{x}b' ==> 'a5b'
f'{x}{y}' ==> '5why'
f'{{}}' ==> '{}'
f'{{{x}}}' ==> '{5}'
f'{x}}}' ==> '5}'
exec("f'{{{{'") ==> ! SyntaxError: invalid syntax
f'{x + 1} {x * 2}' ==> '6 10'
f'{x if x else y}' ==> '5'
exec("f'{(lambda: 3)()}'") ==> ! SyntaxError: invalid syntax
f'{[i for i in range(3)]}' ==> '[0, 1, 2]'
f'{y!r} {y!s}', f'{y!r:>8}|', f'{x!r}' ==> ("'why' why", "   'why'|", '5')
f'{x:5}|{x:<5}|{x:05}|{x:x}|{x:>+4}', f'{y:>6}|{y:.2}|{y:^7}' ==> ('    5|5    |00005|5|  +5', '   why|wh|  why  ')
f'{x:{x}}|', f'{y:{x}.{2}}|', f'{1.5:.{1}f}' ==> ('    5|', 'wh   |', '1.5')
f'{d["k"]} {d["q"][1]}', f"{d['k']}", f'{c.a} {c.m(3)}', f'{c.m(v=2)}' ==> ('v 2', 'v', 'attr 6', '4')
f'{x=}' ==> 'x=5'
exec("f'{x = }'") ==> ! SyntaxError: invalid syntax
f'{x + 1=}' ==> 'x + 1=6'
f'{y=!s}' ==> 'y=why'
f'{y=!r:>7}' ==> "y=  'why'"
f'{x=:4}' ==> 'x=   5'
f'{1, 2}', f'{(1, 2)}', f'{ {1: 2} }', f'{ {1, 1} }' ==> ('(1, 2)', '(1, 2)', '{1: 2}', '{1}')
f'{x }', f'{ x}', f'{  x  }' ==> ('5', '5', '5')
f'{"a"}' "b" f'{x}', 'a' f'{x}', f'{x}' 'c{x}' ==> ! KeyError: x
f'''{x}¶{y}''' ==> '5\nwhy'
f'{x!s}', f'{None}', f'{1.5}', f'{True}', f'{b"a"}' ==> ('5', 'None', '1.5', 'True', "b'a'")
exec("rf'\\n{x}', fr'{x}\\d', F'{x}'") ==> ! SyntaxError: invalid syntax
f'\n{x}\t' , f'\x41{x}', f'\{x}' ==> ! KeyError: x
f'{y[0]}{y[-1]}{y[1:]}', f'{len(y)}', f'{max(1, 2)}' ==> ('wyhy', '3', '2')
f'{x < 6}', f'{x != 5}', f'{x == 5}', f'{not x}', f'{x or y}' ==> ('True', 'False', 'True', 'False', '5')
f'{x:}', f'{x!r:}' ==> ('5', '5')
f'{undefined}' ==> ! NameError: name 'undefined' isn't defined
f'{1 / 0}' ==> ! ZeroDivisionError: divide by zero
f'{x:q}' ==> ! ValueError: invalid format specifier
exec("f'{'") ==> ! SyntaxError: invalid syntax
exec("f'}'") ==> ! ValueError: single '}' encountered in format string
exec("f'{}'") ==> None
exec("f'{x'") ==> ! SyntaxError: invalid syntax
exec("f'{x!}'") ==> ! SyntaxError: invalid syntax
exec("f'{x!q}'") ==> ! SyntaxError: invalid syntax
exec("f'{x y}'") ==> ! SyntaxError: invalid syntax
exec("f'{x'+'}'") ==> ! SyntaxError: invalid syntax
exec("f'{#}'") ==> ! SyntaxError: invalid syntax
exec("f'{a.b.}'") ==> ! SyntaxError: invalid syntax
exec("f'{*x}'") ==> ! SyntaxError: *x must be assignment target
exec("f'{lambda: 1}'") ==> ! SyntaxError: invalid syntax
exec("f'{x:{y'") ==> ! SyntaxError: invalid syntax
exec("fb'{x}'") ==> ! SyntaxError: invalid syntax
exec("f'{f\"{x}\"}'") ==> ! TypeError: 'str' object isn't callable
exec("f'{x' f'}'") ==> ! SyntaxError: invalid syntax
print(f'{x}' == '5', type(f''), len(f'{x}{x}')) ==> True <class 'str'> 2
f'{x}' % () ==> '5'
f'%d' % x ==> '5'
f'{x}'.join('ab') ==> 'a5b'
"{x}".format(x=f'{x}') ==> '5'
"""


class TestTexts(Pinned):
    """Quotes, escapes, prefixes, joining."""

    cases = r"""
'a' "b" '''c''' 'd' ==> 'abcd'
'a"b' ==> 'a"b'
"a'b" ==> "a'b"
'a\'b' ==> "a'b"
"a\"b" ==> 'a"b'
'''a'b"c''' ==> 'a\'b"c'
'' ==> ''
'\n\t\r\\\'\"\a\b\f\v\0' ==> '\n\t\r\\\'"\x07\x08\x0c\x0b\x00'
'\x41\u00e9\U0001F600' ==> 'A\xe9\U0001f600'
'\1\12\101\377' ==> '\x01\nA\xff'
'\8\9' ==> '\\8\\9'
'\x4' ==> ! SyntaxError: invalid syntax
exec(r"'\x4g'") ==> ! SyntaxError: invalid syntax
exec(r"'\u12'") ==> ! SyntaxError: invalid syntax
exec(r"'\U0001F60'") ==> ! SyntaxError: invalid syntax
exec(r"'\U00110000'") ==> ! SyntaxError: invalid syntax
exec(r"'\N{DASH}'") ==> ! NotImplementedError: unicode name escapes
exec(r"b'\u0041'") ==> None
b'a\x00' ==> b'a\x00'
exec("B'a'") ==> ! SyntaxError: invalid syntax
br'\n' ==> b'\\n'
rb'\n' ==> b'\\n'
exec("bR'\\n'") ==> ! SyntaxError: invalid syntax
exec("Rb'a'") ==> ! SyntaxError: invalid syntax
exec("ur'a'") ==> ! SyntaxError: invalid syntax
exec("bu'a'") ==> ! SyntaxError: invalid syntax
exec("b'a' 'b'") ==> ! SyntaxError: invalid syntax
exec("'a' b'b'") ==> ! SyntaxError: invalid syntax
exec("b'é'") ==> None
exec("'abc") ==> ! SyntaxError: invalid syntax
exec('"abc') ==> ! SyntaxError: invalid syntax
exec("'''abc") ==> ! SyntaxError: invalid syntax
exec("'a\nb'") ==> ! SyntaxError: invalid syntax
exec("'a\\") ==> ! SyntaxError: invalid syntax
exec("'''a\n\nb''' == 'a\\n\\nb' or 1 / 0") ==> None
'a\¶b', 'a' \¶'b' ==> ('ab', 'ab')
('a'¶'b') ==> 'ab'
len('''¶'''), len('\¶') ==> (1, 0)
'tab	in', 'nul\x00in' ==> ('tab\tin', 'nul\x00in')
'é', 'é' == '\xe9', len('é'), '日本' ==> ('\xe9', True, 1, '\u65e5\u672c')
'''it's''', '''\'''''' ==> ("it's", "'")
"""


class TestNumbers(Pinned):
    """What is a number, and what is not."""

    cases = r"""
0, 1, 00, 0x1F, 0b101, 0o17, 1_000, 0x_f, 1_2_3, 0XAB, 0B1, 0O7 ==> (0, 1, 0, 31, 5, 15, 1000, 15, 123, 171, 1, 7)
1.0 ==> 1.0
.5 ==> 0.5
5. ==> 5.0
1e3 ==> 1000.0
1E-3 ==> 0.001
1.5e+2 ==> 150.0
1_0.5 ==> 10.5
1e1_0 > 1 ==> True
0.0 ==> 0.0
00.5 ==> 0.5
0e0 ==> 0.0
1j ==> 1j
1.5J ==> 1.5j
.5j ==> 0.5j
1e2j ==> 100j
exec('0777') ==> ! SyntaxError: invalid syntax for integer with base 0: '0777'
exec('01') ==> ! SyntaxError: invalid syntax for integer with base 0: '01'
exec('0x') ==> ! SyntaxError: invalid syntax for integer with base 16: ''
exec('0xg') ==> ! SyntaxError: invalid syntax for integer with base 16: 'g'
exec('0b2') ==> ! SyntaxError: invalid syntax for integer with base 2: '2'
exec('0b') ==> ! SyntaxError: invalid syntax for integer with base 2: ''
exec('0o8') ==> ! SyntaxError: invalid syntax for integer with base 8: '8'
exec('1_') ==> None
exec('1__0') ==> None
exec('_1') ==> ! NameError: name '_1' isn't defined
exec('1a') ==> ! SyntaxError: invalid syntax for integer with base 10: '1a'
exec('1.2.3') ==> ! SyntaxError: invalid syntax for number
exec('1e') ==> ! SyntaxError: invalid syntax for number
exec('1e+') ==> ! SyntaxError: invalid syntax for number
exec('1.5.real') ==> ! SyntaxError: invalid syntax for number
exec('0x1.5') ==> ! SyntaxError: invalid syntax for number
exec('1 2') ==> ! SyntaxError: invalid syntax
exec('5.x') ==> ! SyntaxError: invalid syntax for number
exec('5..x') ==> ! SyntaxError: invalid syntax for number
exec('5 .x') ==> ! AttributeError: 'int' object has no attribute 'x'
exec('0_') ==> None
exec('1e5.5') ==> ! SyntaxError: invalid syntax for number
exec('1jj') ==> ! SyntaxError: invalid syntax for number
-5 ** 2, (-5) ** 2, 2 ** -1, - - 5, +-5, ~-1, -~1, not not 1 ==> (-25, 25, 0.5, 5, -5, 0, 2, True)
1073741823 ==> 1073741823
1073741824 ==> 1073741824
-1073741824 ==> -1073741824
-1073741825 ==> -1073741825
4611686018427387904 ==> 4611686018427387904
99999999999999999999999 ==> 99999999999999999999999
0xFFFFFFFFFFFFFFFFFFFF ==> 1208925819614629174706175
0b11111111111111111111111111111111111111111 ==> 2199023255551
exec('1if 1else 2') ==> ! SyntaxError: invalid syntax for integer with base 10: '1if'
"""


class TestLayout(Pinned):
    """Indentation, line joining, comments, semicolons, brackets."""

    cases = r"""
exec('if 1:\n  x = 1\n  y = 2\nprint(x, y)') ==> 1 2¶None
exec('if 1:\n\tx = 1\n\ty = 3\nprint(x, y)') ==> 1 3¶None
exec('if 1:\n\tx = 1\n        y = 4\nprint(x, y)') ==> 1 4¶None
exec('if 1:\n        x = 1\n\ty = 5\nprint(x, y)') ==> 1 5¶None
exec('if 1:\n  x = 1\n    y = 2') ==> ! IndentationError: unexpected indent
exec('if 1:\n    x = 1\n  y = 2') ==> ! IndentationError: unindent doesn't match any outer indent level
exec('if 1:\nx = 1') ==> ! SyntaxError: invalid syntax
exec(' x = 1') ==> ! IndentationError: unexpected indent
exec('x = 1\n y = 2') ==> ! IndentationError: unexpected indent
exec('if 1: x = 1\n  y = 2') ==> ! IndentationError: unexpected indent
exec('if 1:') ==> ! SyntaxError: invalid syntax
exec('if 1:\n') ==> ! SyntaxError: invalid syntax
exec('if 1:\n  # only a comment\n') ==> ! SyntaxError: invalid syntax
exec('if 1:\n\n  x = 6\n\n\n  # c\n  y = 7\nprint(x, y)') ==> 6 7¶None
exec('if 1:\n  x = 1\n # less\n  y = 8\nprint(y)') ==> 8¶None
exec('x = (1 +\n2)\nprint(x)') ==> 3¶None
exec('x = [1,\n\n2,\n]\nprint(x)') ==> [1, 2]¶None
exec('x = {1:\n2}\nprint(x)') ==> {1: 2}¶None
exec('x = 1 + \\\n2\nprint(x)') ==> 3¶None
exec('x = 1 \\ \n') ==> ! SyntaxError: invalid syntax
exec('x = 1 \\') ==> ! SyntaxError: invalid syntax
exec('x = 1; ; y = 2') ==> ! SyntaxError: invalid syntax
exec(';') ==> ! SyntaxError: invalid syntax
exec('x = 1;\nprint(x)') ==> 1¶None
exec('x = 1;;') ==> ! SyntaxError: invalid syntax
exec('print(1);print(2);') ==> 1¶2¶None
exec('(') ==> ! SyntaxError: invalid syntax
exec(')') ==> ! SyntaxError: invalid syntax
exec('(1') ==> ! SyntaxError: invalid syntax
exec('[1, 2') ==> ! SyntaxError: invalid syntax
exec('{1: 2') ==> ! SyntaxError: invalid syntax
exec('(]') ==> ! SyntaxError: invalid syntax
exec('[)') ==> ! SyntaxError: invalid syntax
exec('{(})') ==> ! SyntaxError: invalid syntax
exec('f(') ==> ! SyntaxError: invalid syntax
exec('x = ') ==> ! SyntaxError: invalid syntax
exec('= 1') ==> ! SyntaxError: invalid syntax
exec('x y') ==> ! SyntaxError: invalid syntax
exec('x = = 1') ==> ! SyntaxError: invalid syntax
exec('1 = 1') ==> ! SyntaxError: can't assign to expression
exec('x + 1 = 2') ==> ! SyntaxError: can't assign to expression
exec('"a" = 1') ==> ! SyntaxError: can't assign to expression
exec('None = 1') ==> ! SyntaxError: can't assign to expression
exec('True = 1') ==> ! SyntaxError: can't assign to expression
exec('f() = 1') ==> ! SyntaxError: can't assign to expression
exec('x.1') ==> ! SyntaxError: invalid syntax
exec('x..y') ==> ! SyntaxError: invalid syntax
exec('x.') ==> ! SyntaxError: invalid syntax
exec('.x') ==> ! SyntaxError: invalid syntax
exec('$') ==> ! SyntaxError: invalid syntax
exec('?') ==> ! SyntaxError: invalid syntax
exec('`x`') ==> ! SyntaxError: invalid syntax
exec('a ! b') ==> ! SyntaxError: invalid syntax
exec('a <> b') ==> ! SyntaxError: invalid syntax
exec('a === b') ==> ! SyntaxError: invalid syntax
exec('a =< b') ==> ! SyntaxError: invalid syntax
exec('a ++') ==> ! SyntaxError: invalid syntax
exec('++a_undefined') ==> ! NameError: name 'a_undefined' isn't defined
exec('a and') ==> ! SyntaxError: invalid syntax
exec('not') ==> ! SyntaxError: invalid syntax
exec('if') ==> ! SyntaxError: invalid syntax
exec('else: pass') ==> ! SyntaxError: invalid syntax
exec('for') ==> ! SyntaxError: invalid syntax
exec('for x in') ==> ! SyntaxError: invalid syntax
exec('for x: pass') ==> ! SyntaxError: invalid syntax
exec('for x in y') ==> ! SyntaxError: invalid syntax
exec('while') ==> ! SyntaxError: invalid syntax
exec('while 1') ==> ! SyntaxError: invalid syntax
exec('def') ==> ! SyntaxError: invalid syntax
exec('def f') ==> ! SyntaxError: invalid syntax
exec('def f()') ==> ! SyntaxError: invalid syntax
exec('def f(): ') ==> ! SyntaxError: invalid syntax
exec('def f(:') ==> ! SyntaxError: invalid syntax
exec('def f(1): pass') ==> ! SyntaxError: invalid syntax
exec('def f(a.b): pass') ==> ! SyntaxError: invalid syntax
exec('def f((a, b)): pass') ==> ! SyntaxError: invalid syntax
exec('class') ==> ! SyntaxError: invalid syntax
exec('class C') ==> ! SyntaxError: invalid syntax
exec('class 1: pass') ==> ! SyntaxError: invalid syntax
exec('try: pass') ==> ! SyntaxError: invalid syntax
exec('try: pass\nelse: pass') ==> ! SyntaxError: invalid syntax
exec('except: pass') ==> ! SyntaxError: invalid syntax
exec('try: pass\nexcept: pass\nexcept ValueError: pass') ==> ! SyntaxError: default 'except' must be last
exec('try: pass\nfinally: pass\nelse: pass') ==> ! SyntaxError: invalid syntax
exec('with: pass') ==> ! SyntaxError: invalid syntax
exec('with x as: pass') ==> ! SyntaxError: invalid syntax
exec('with x as 1: pass') ==> ! SyntaxError: can't assign to expression
exec('import 1') ==> ! SyntaxError: invalid syntax
exec('from x') ==> ! SyntaxError: invalid syntax
exec('from x import') ==> ! SyntaxError: invalid syntax
exec('global') ==> ! SyntaxError: invalid syntax
exec('global x,') ==> ! SyntaxError: invalid syntax
exec('assert') ==> ! SyntaxError: invalid syntax
exec('raise x, ') ==> ! SyntaxError: invalid syntax
exec('lambda') ==> ! SyntaxError: invalid syntax
exec('lambda x') ==> ! SyntaxError: invalid syntax
exec('lambda: ') ==> ! SyntaxError: invalid syntax
exec('print 1') ==> ! SyntaxError: invalid syntax
exec('exec "1"') ==> ! SyntaxError: invalid syntax
exec('@') ==> ! SyntaxError: invalid syntax
exec('@x') ==> ! SyntaxError: invalid syntax
exec('@x\nx = 1') ==> ! SyntaxError: invalid syntax
exec('async') ==> ! SyntaxError: invalid syntax
exec('async x') ==> ! SyntaxError: invalid syntax
exec('await x') ==> ! SyntaxError: 'await' outside function
exec('async def f(): pass\nprint(1)') ==> 1¶None
exec('async for x in y: pass') ==> ! SyntaxError: async for/with outside async function
exec('x[1:2:3:4]') ==> ! SyntaxError: invalid syntax
exec('x[]') ==> ! SyntaxError: invalid syntax
exec('{1, 2: 3}') ==> ! SyntaxError: expecting just a value for set
exec('{1: 2, 3}') ==> ! SyntaxError: expecting key:value for dict
exec('{1:}') ==> ! SyntaxError: invalid syntax
exec('{:1}') ==> ! SyntaxError: invalid syntax
exec('(, 1)') ==> ! SyntaxError: invalid syntax
exec('(1,, 2)') ==> ! SyntaxError: invalid syntax
exec('[,]') ==> ! SyntaxError: invalid syntax
exec('f(,)') ==> ! SyntaxError: invalid syntax
exec('f(a for a in b, c)') ==> ! NameError: name 'b' isn't defined
exec('f(**a, *b)') ==> ! SyntaxError: * arg after **
exec('x if y') ==> ! SyntaxError: invalid syntax
exec('x if y else') ==> ! SyntaxError: invalid syntax
exec('\x00') ==> ! SyntaxError: invalid syntax
exec('x = 1\r\nprint(x)\r\n') ==> 1¶None
exec('x = 1\rprint(x)') ==> 1¶None
exec('\ufeffx = 1') ==> None
exec('é = 1') ==> None
exec('x = é') ==> None
exec('x\x0c= 1; print(x)') ==> 1¶None
exec('match x:\n  case 1: pass') ==> ! SyntaxError: invalid syntax
exec('type X = int') ==> ! SyntaxError: invalid syntax
exec('def f[T](): pass') ==> ! SyntaxError: invalid syntax
exec('def f(a, /): pass') ==> ! SyntaxError: invalid syntax
exec('try: pass\nexcept* ValueError: pass') ==> ! SyntaxError: invalid syntax
exec('with (a as b, c as d): pass') ==> ! SyntaxError: invalid syntax
"""
