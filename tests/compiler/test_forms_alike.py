"""Every way to leave a block, to call, to bind and to unpack, combined, on MicroPython's own build and here.

The programs are products of small tables: what a combination prints is MicroPython's answer, not one written down here.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path


def indented(text: str, levels: int = 1) -> str:
    return "".join("    " * levels + line + "\n" for line in text.splitlines())


# -- leaving blocks ----------------------------------------------------------------------------------------------------

LOOPS: Final = {
    "for": "for i in range(3):\n{body}else:\n    print('else')\n",
    "while": "i = -1\nwhile i < 2:\n    i += 1\n{body}else:\n    print('else')\n",
    "iterator": "for i in iter([0, 1, 2]):\n{body}",
}
BLOCKS: Final = {
    "try": "try:\n{leave}finally:\n    print('finally', i)\n",
    "except": "try:\n{leave}except ValueError as e:\n    print('caught', i)\nelse:\n    print('no error', i)\n",
    "finally leaves": "try:\n    print('in', i)\nfinally:\n{leave}",
    "handler leaves": "try:\n    raise ValueError(i)\nexcept ValueError:\n{leave}finally:\n    print('finally', i)\n",
    "with": "with c(i):\n{leave}",
    "both": "try:\n    try:\n{leave2}    except KeyError:\n        print('key', i)\nfinally:\n    with c('f'):\n"
    "        print('end', i)\n",
    "nested loop": "for j in range(2):\n    try:\n{leave2}    finally:\n        print('j', j)\nelse:\n"
    "    print('inner else')\n",
}
LEAVES: Final = {
    "break": "if i == 1: break\nprint('after', i)",
    "continue": "if i == 1: continue\nprint('after', i)",
    "return": "if i == 1: return 'returned'\nprint('after', i)",
    "return nothing": "if i == 1: return\nprint('after', i)",
    "raise": "if i == 1: raise ValueError('v')\nprint('after', i)",
    "raise other": "if i == 1: raise KeyError('k')\nprint('after', i)",
    "yield": "yield i\nif i == 1: return",
    "pass": "print('pass', i)",
}
PRELUDE: Final = """
class c:
    def __init__(s, n): s.n = n
    def __enter__(s):
        print('enter', s.n)
        return s
    def __exit__(s, t, v, b):
        print('exit', s.n, t)
        return s.n == 2
def drive(f):
    try:
        r = f()
        if hasattr(r, 'send'):
            print(list(r))
        else:
            print('result', r)
    except Exception as e:
        print('raised', type(e), e)
"""


def test_leaving_a_block_inside_a_loop(tmp_path: Path) -> None:
    texts = []
    for loop, block, leave in product(LOOPS, BLOCKS, LEAVES):
        body = BLOCKS[block].replace("{leave}", indented(LEAVES[leave])).replace("{leave2}", indented(LEAVES[leave], 2))
        whole = LOOPS[loop].replace("{body}", indented(body))
        texts.append(f"def f():\n{indented(whole)}    print('end')\ndrive(f)")
    assert len(texts) == 3 * 7 * 8
    assert_alike(texts, tmp_path, PRELUDE)


def test_what_a_finally_says_of_what_it_interrupts(tmp_path: Path) -> None:
    """Each end of a ``try`` under each end of its ``finally``: the later one wins."""
    ends = ["pass", "return 'r'", "raise ValueError('v')", "return g('called')", "1 / 0"]
    texts = [
        f"def g(x):\n    print(x)\n    return x\ndef f():\n    try:\n        {first}\n    finally:\n"
        f"        print('f')\n        {second}\n"
        f"    return 'end'\ndrive(f)"
        for first, second in product(ends, ends)
    ]
    texts += [
        f"def g(x):\n    print(x)\n    return x\ndef f():\n    try:\n        1 / 0\n    except {kind}:\n"
        f"        {first}\n    finally:\n"
        f"        {second}\n    return 'end'\ndrive(f)"
        for kind, first, second in product(["ZeroDivisionError", "(KeyError, ArithmeticError)", "KeyError"], ends, ends)
    ]
    assert_alike(texts, tmp_path, PRELUDE)


# -- calling -----------------------------------------------------------------------------------------------------------

SIGNATURES: Final = [
    "",
    "a",
    "a, b",
    "a, b=2",
    "a=1, b=2",
    "*r",
    "a, *r",
    "a, b=2, *r",
    "**k",
    "a, **k",
    "a, *r, **k",
    "*, x",
    "*, x=9",
    "a, *, x, y=8",
    "a, b=2, *r, x=9, **k",
    "*r, x",
]
CALLS: Final = [
    "",
    "1",
    "1, 2",
    "1, 2, 3",
    "a=1",
    "1, b=5",
    "b=5, a=1",
    "x=7",
    "1, x=7",
    "1, 2, x=7, y=6",
    "*[1, 2]",
    "*()",
    "1, *[2, 3]",
    "*[1], *[2]",
    "**{'a': 1}",
    "1, **{'x': 7}",
    "1, *[2], x=7, **{'y': 6, 'z': 5}",
    "a=1, **{'b': 2}",
    "1, a=1",
    "*[1], x=3",
]


def test_every_signature_called_in_every_way(tmp_path: Path) -> None:
    show = "print({names})"
    texts = []
    for signature in SIGNATURES:
        names = [part.strip().lstrip("*").partition("=")[0] for part in signature.split(",")]
        shown = ", ".join(name if name != "k" else "sorted(k.items())" for name in names if name)
        calls = "".join(f"try:\n    f({call})\nexcept TypeError as e:\n    print(e)\n" for call in CALLS)
        texts.append(f"def f({signature}):\n    {show.format(names=shown)}\n{calls}")
    assert_alike(texts, tmp_path)


def test_the_order_in_which_parts_are_looked_at(tmp_path: Path) -> None:
    forms = [
        "t(1) + t(2) * t(3)",
        "(t(1), t(2))",
        "[t(1), t(2)]",
        "{t(1), t(2)}",
        "{t(1): t(2), t(3): t(4)}",
        "f(t(1), *t([2]), k=t(3), **t({'m': 4}))",
        "t(1) if t(0) else t(2)",
        "t(1) and t(0) or t(2)",
        "t(1) < t(2) < t(0) < t(9)",
        "t('a') in t('abc')",
        "t([1, 2, 3])[t(0):t(2):t(1)]",
        "t(f)(t(1))",
        "[t(x) for x in t([1, 2]) if t(x)]",
        "{t(x): t(y) for x in t([1]) for y in t([2, 3])}",
        "not t(0)",
        "-t(1)",
        "t('%s') % t(1)",
        "f'{t(1)}{t(2)!r:>{t(3)}}'",
        "(lambda a=t(1): a)()",
        "t(o).x",
        "t(1) is t(1)",
        "t('a').join(t(['b', 'c']))",
    ]
    statements = [
        "d[t(1)] = t(2)",
        "d[t(1)] += t(2)",
        "t(o).x = t(2)",
        "t(o).x += t(2)",
        "a, d[t(0)] = t([1, 2])",
        "d[t(0)], d[t(1)] = t(3), t(4)",
        "del d[t(0)], d[t(1)]",
        "a = d[t(0)] = t(5)",
        "assert t(1), t(2)",
        "assert t(0), t('m')",
        "for d[t(0)] in t([1, 2]): t(d[0])",
        "with t(m) as d[t(0)]: t(3)",
        "def g(a=t(1), *, b=t(2)): pass",
        "class G(t(object)): x = t(1)",
        "global z\nz = t(1)",
        "raise t(ValueError)(t(2))",
        "return_ = lambda: t(1)\nreturn_()",
        "x: t(1) = t(2)",
        "print(*t([1]), sep=t('-'))",
    ]
    prelude = PRELUDE + (
        "def t(x):\n    print('<', x if type(x) in (int, str, list) else '*', end='> ')\n    return x\n"
        "def f(*a, **k): return a, sorted(k.items())\nclass O: x = 1\no = O()\nm = c('m')\n"
    )
    texts = [f"print('=', {form})" for form in forms]
    texts += [f"d = {{0: 1, 1: 2}}\n{statement}\nprint(sorted(d))" for statement in statements]
    assert_alike(texts, tmp_path, prelude)


# -- binding -----------------------------------------------------------------------------------------------------------

TARGETS: Final = [
    "a",
    "a, b",
    "(a, b)",
    "[a, b]",
    "a, *b",
    "*a, b",
    "a, *b, c",
    "(a, b), c",
    "a, (b, *c)",
    "a,",
    "*a,",
    "x[0], y.z",
    "a, a",
]
VALUES: Final = [
    "1",
    "(1, 2)",
    "[1, 2, 3]",
    "'ab'",
    "range(3)",
    "((1, 2), 3)",
    "(1, (2, 3, 4))",
    "{}",
    "iter([1, 2])",
    "b'xy'",
    "(1,)",
]


def test_every_target_takes_every_value_or_says_why_not(tmp_path: Path) -> None:
    shown = "for n in 'abc':\n    print(n, globals().get(n))\nprint(x, y.z)\n"
    head = "for n in 'abc':\n    globals().pop(n, None)\nx = [0]\nclass Y: z = 0\ny = Y()\n"
    texts = [
        f"{head}try:\n    {target} = {value}\nexcept Exception as e:\n    print(type(e), e)\n{shown}"
        for target, value in product(TARGETS, VALUES)
    ]
    assert_alike(texts, tmp_path)


def test_where_names_live(tmp_path: Path) -> None:
    """What an inner function, class or comprehension sees and changes of a name bound outside."""
    outer = {
        "local": "x = 'outer'",
        "argument": "",
        "loop": "for x in ['outer']: pass",
        "late": "",
        "deleted": "x = 1\ndel x",
        "with": "with c('w') as x: x = 'outer'",
    }
    inner = {
        "reads": "def g():\n    return x\nprint(g())",
        "writes": "def g():\n    x = 'inner'\n    return x\nprint(g(), x)",
        "nonlocal": "def g():\n    nonlocal x\n    x = 'inner'\ng()\nprint(x)",
        "global": "def g():\n    global x\n    x = 'inner'\ng()\nprint(x, globals()['x'])",
        "comprehension": "print([x for x in [1, 2]], x)",
        "reads in comprehension": "print([x for _ in [1, 2]], {x: y for y in [x]}, list(x for _ in 'a'))",
        "class": "class G:\n    x = x\n    def m(self): return x\nprint(G.x, G().m())",
        "class writes": "class G:\n    x = 'class'\n    y = [x for _ in [1]]\nprint(G.x, G.y, x)",
        "lambda": "print((lambda x=x: x)(), (lambda: x)())",
        "deep": "def g():\n    def h():\n        def i():\n            return x\n        return i\n"
        "    return h\nprint(g()()())",
        "deep nonlocal": "def g():\n    def h():\n        nonlocal x\n        x = 'h'\n    h()\n    return x\n"
        "print(g(), x)",
        "generator": "def g():\n    yield x\n    yield x\nprint(list(g()))",
        "unbound": "def g():\n    print(x)\n    x = 1\ng()",
        "del": "def g():\n    nonlocal x\n    del x\ng()\nprint(x)",
        "walrus": "print([(x := y) for y in 'ab'], x)",
        "except": "try:\n    raise KeyError(1)\nexcept KeyError as x:\n    print(type(x))\nprint(x)",
        "augmented": "def g():\n    nonlocal x\n    x += '!'\n    return x\nprint(g(), x)",
    }
    texts = []
    for (name, before), body in product(outer.items(), inner.values()):
        argument = "x='outer'" if name == "argument" else ""
        late = "x = 'late'\n" if name == "late" else ""
        texts.append(f"x = 'global'\ndef f({argument}):\n{indented(before)}{indented(body)}{indented(late)}\ndrive(f)")
    assert_alike(texts, tmp_path, PRELUDE)


# -- generators --------------------------------------------------------------------------------------------------------

GENERATORS: Final = {
    "plain": "yield 1\nyield 2",
    "sent": "x = yield 1\nprint('got', x)\ny = yield x\nprint('got', y)",
    "finally": "try:\n    yield 1\n    yield 2\nfinally:\n    print('finally')",
    "catches": "while True:\n    try:\n        yield 1\n    except ValueError as e:\n"
    "        print('caught', e)\n        yield 'v'",
    "refuses to end": "try:\n    yield 1\nexcept GeneratorExit:\n    yield 2",
    "from": "r = yield from inner()\nprint('inner gave', r)\nyield r",
    "from list": "yield from [1, 2]\nyield from range(2)",
    "from caught": "try:\n    yield from inner()\nexcept ValueError as e:\n    print('outer caught', e)\n    yield 'o'",
    "returns": "yield 1\nreturn 'value'",
    "with": "with c('g') as m:\n    yield m.n\nyield 'after'",
    "raises": "yield 1\nraise KeyError('from inside')",
    "stops": "yield 1\nraise StopIteration('stop')",
    "expression": "print((yield 1), (yield 2))",
}
DRIVES: Final = {
    "next": "print(next(g))\nprint(next(g))\nprint(next(g))",
    "send": "print(g.send(None))\nprint(g.send('a'))\nprint(g.send('b'))",
    "send first": "print(g.send(1))",
    "throw": "print(next(g))\nprint(g.throw(ValueError('thrown')))\nprint(next(g))",
    "throw first": "print(g.throw(ValueError, ValueError('thrown')))",
    "throw exit": "print(next(g))\nprint(g.throw(GeneratorExit))",
    "close": "print(next(g))\nprint(g.close())\nprint(next(g))",
    "close first": "print(g.close(), g.close())",
    "list": "print(list(g), list(g))",
    "for": "for v in g:\n    print(v)\n    if v == 1: break\nprint(next(g, 'none'))",
    "unpacked": "a, *b = g\nprint(a, b)",
}


def test_every_generator_driven_in_every_way(tmp_path: Path) -> None:
    inner = (
        "def inner():\n    try:\n        x = yield 'i'\n        print('inner got', x)\n        return 'r'\n"
        "    finally:\n        print('inner ends')\n"
    )
    texts = []
    for (name, body), drive in product(GENERATORS.items(), DRIVES.values()):
        if (name == "catches" and "list(g)" in drive) or (name == "catches" and "*b" in drive):
            continue  # it never ends
        texts.append(
            f"{inner}def gen():\n{indented(body)}g = gen()\ntry:\n{indented(drive)}"
            "except BaseException as e:\n    print('ended by', type(e), e)\n"
        )
    assert_alike(texts, tmp_path, PRELUDE)


# -- constants ---------------------------------------------------------------------------------------------------------

NUMBERS: Final = ["0", "1", "-1", "7", "-3", "31", "0x3fffffff", "-0x40000000", "0xffffffff", "True"]
OPERATORS: Final = ["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "**", "<", "=="]
"""Not ``/``: that build has floats of twice the precision."""


def test_what_is_computed_while_compiling_is_what_running_gives(tmp_path: Path) -> None:
    """Folded where both sides are constants (py/parse.c), computed by the interpreter where one is a name."""
    texts = []
    for operator in OPERATORS:
        lines = []
        for left, right in product(NUMBERS, NUMBERS):
            if operator in ("<<", "**") and right not in ("0", "1", "7", "31"):
                continue
            lines.append(
                f"try:\n    a = ({left}) {operator} ({right})\nexcept Exception as e:\n    a = str(e)\n"
                f"l, r = {left}, {right}\n"
                f"try:\n    b = l {operator} r\nexcept Exception as e:\n    b = str(e)\nprint(a, a == b)\n"
            )
        texts.append("".join(lines))
    texts += [f"print({sign}({number}))" for sign, number in product("+-~", NUMBERS)]
    texts += [
        "print('a' 'b' f'c' 'd', b'a' b'b', ('a' 'b') * 2, not 'a', not '', -(-5), ~~5, (1, 2) + (3,), 'a' in 'abc')"
    ]
    assert_alike(texts, tmp_path)


DECLARED: Final = [
    "const(5)",
    "const('t')",
    "const((1, 'a'))",
    "const(2 * 3)",
    "const(-1)",
    "const(b'x')",
    "const(1.5)",
    "const([1])",
    "const()",
    "const(1, 2)",
]


def test_constants_that_are_declared(tmp_path: Path) -> None:
    texts = [
        f"from micropython import const\n{name} = {value}\nprint({name}, '{name}' in globals())\n"
        f"def f():\n    {name} = 3\n    return {name}\ntry:\n    print(f())\nexcept Exception as e:\n"
        f"    print(type(e), e)\n"
        for name, value in product(["X", "_X"], DECLARED)
    ]
    texts += [
        "from micropython import const\n_A = const(4)\n_B = const(_A + 1)\nprint(_B * _A, [_A, _B])",
        "from micropython import const\nclass C:\n    _A = const(4)\n    B = _A + 1\nprint(C.B)",
        "from micropython import const\n_A = const(4)\n_A = const(5)\nprint(_A)",
        "from micropython import const\nif True:\n    _A = const(4)\nprint(_A)",
        "from micropython import const\n_A = const(0)\nif _A:\n    print('kept')\nelse:\n    print('else')\n"
        "while _A: print('never')",
    ]
    assert_alike(texts, tmp_path)
