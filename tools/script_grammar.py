"""Random scripts over MicroPython's grammar, its built-in types, their methods and the modules.

A script is a function of its seed and of the names it is given. Values are chosen to lie at edges: of small integers,
of machine words, of tables; texts with characters of several bytes; objects whose special methods answer nonsense.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ATOMS: Final = (
    (
        "0 1 -1 2 3 7 8 31 32 63 64 127 128 255 256 -256 65535 (1<<29) (1<<30) -(1<<30) ((1<<30)-1) (1<<31) ((1<<32)-1)"
        " (1<<32) (1<<63) -(1<<63) (1<<64) (1<<100) -(1<<100) 10**30 0.0 -0.0 1.5 -2.5 1e10 1e-10 3.4e38"
        " float('inf') float('-inf') float('nan') 2j (1+2j) True False None ... '' 'a' 'h\\u00e9\\u20ac\\U0001f600'"
        " 'a,b,c' '\\tx' '12' '-0x1f' '{}' '{0:>{1}}' '%s' '%5.2f%%' '%(a)s' b'' b'a' b'\\x00\\xff' b'abc' bytearray()"
        " bytearray(b'xyz') bytearray(5) [] [1] [1,2,3] [[1],[2]] ['b','a'] () (1,) (1,2,3) ('a',) {} {1:2}"
        " {'a':1,'b':2} {'a'} {1,2,3} set() frozenset((1,2)) range(5) range(10,0,-2) range(0) slice(1,2) slice(None)"
        " memoryview(b'abcd') memoryview(bytearray(4)) object() object type int str list dict tuple ValueError"
        " StopIteration Exception('x') ValueError(1) OSError(2) KeyError('k') len print abs sorted iter([1,2])"
        " enumerate([1])"
        " zip([1],[2]) map(str,[1]) filter(None,[0,1]) reversed([1,2]) (i for i in (1,2)) (lambda *a, **k: a)"
        " (lambda: 1/0) f g(3) g C C() C(1) D() D E() E f C().m C.m W() it it2"
    )
    .replace("(i for i in (1,2))", "GENEXP")
    .replace("(lambda *a, **k: a)", "LAMBDA")
    .replace("(lambda: 1/0)", "LDIV")
)
WORDS: Final = {"GENEXP": "(i for i in (1, 2))", "LAMBDA": "(lambda *a, **k: a)", "LDIV": "(lambda: 1/0)"}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NAMES: Final = _words("a b c d x y f g C D E it")
BINARY: Final = (*_words("+ - * / // % ** << >> & | ^ @ < > <= >= == != in is and or"), "not in", "is not")
AUGMENTED: Final = _words("+= -= *= /= //= %= **= <<= >>= &= |= ^= @=")
SPECS: Final = _words("d x b o c e f g s % 10 <10 >5.3f ^8s +d #x 08.3f , 05d =+8 n r {} * .2 e>10 #o")
BIG: Final = _words("'a'*10**9 [0]*10**7 bytes(1<<28) range(1<<40) 10**1000 (1<<5000) bytearray(-1) 'x'*-1")
BASES: Final = ("", "C", "D", "W", "E", "list", "dict", "int", "str", "Exception", "C, D", "list, dict", "type")
SPECIAL: Final = _words("__add__ __getattr__ __eq__ __hash__ __new__ __del__ __iter__ __call__ __setattr__")
DAMAGE: Final = ("", "(", ":", "\n", " ", "'", "\\", "0", "=", "\t", "\x00", "é", "*", ",")
PREAMBLE: Final = """\
turns = 0
def n_turns():
    global turns
    turns += 1
    return turns
def f(a=1, *b, c=2, **d):
    return (a, b, c, d)
def g(n):
    for i in range(n):
        x = yield i
        if x is not None:
            print(x)
    return n
class C:
    z = 1
    def __init__(self, *a, **k):
        self.a = a
    def m(self, *a):
        return a
    def __call__(self, *a, **k):
        return a
    def __getitem__(self, i):
        return i
    def __len__(self):
        return 3
class D(list):
    def __hash__(self):
        return 'h'
    def __eq__(self, o):
        return o
    def __getattr__(self, n):
        if len(n) > 2 and n[0] != '_':
            raise KeyError(n)
        return n
class W(D):
    def __len__(self):
        return -1
    def __bool__(self):
        return 2
    def __iter__(self):
        return self
    def __next__(self):
        return next(self.q)
    def __str__(self):
        return 1
    def __repr__(self):
        raise ValueError(self)
    def __add__(self, o):
        return self
    def __contains__(self, o):
        return []
    def __int__(self):
        return 'i'
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return a
    def __del__(self):
        raise OSError
class E(ValueError):
    def __str__(self):
        if self.b:
            raise KeyError(self)
        return 7
    def __init__(self, *a):
        self.b = a
a = b = c = 1
d = {}
x = y = 'q'
it = g(3)
it2 = iter(C())
"""


class Grammar:
    """Makes one script.

    Args:
        seed: of the choices.
        methods: names of methods of the built-in types.
        functions: built-in functions that may be called.
        modules: names of modules and what is in them.
    """

    def __init__(
        self, seed: int, methods: Sequence[str], functions: Sequence[str], modules: Mapping[str, Sequence[str]]
    ) -> None:
        self.rng = random.Random(seed)
        self.methods = methods
        self.functions = functions
        self.modules = modules
        self.atoms = [WORDS.get(word, word) for word in ATOMS.split()]
        self.depth = 0
        self.blocks = 0
        self.careless = True
        self.inside: list[str] = []

    def pick(self, options: Sequence[str]) -> str:
        """One of several texts."""
        return options[self.rng.randrange(len(options))]

    # -- expressions -------------------------------------------------------------------------------------------
    def expr(self) -> str:
        """An expression."""
        if self.depth > 2 or self.rng.random() < 0.45:
            return self.pick(NAMES) if self.rng.random() < 0.25 else self.pick(self.atoms)
        self.depth += 1
        made = self._weighted(self.expressions)
        self.depth -= 1
        return made

    def _weighted(self, table: Sequence[tuple[int, str]]) -> str:
        chosen = self.rng.choices([name for _, name in table], [weight for weight, _ in table])[0]
        maker: Callable[[], str] = getattr(self, f"_{chosen}")
        return maker()

    expressions = (
        (20, "method"),
        (14, "builtin"),
        (12, "module"),
        (14, "operation"),
        (4, "unary"),
        (6, "subscript"),
        (4, "attribute"),
        (4, "display"),
        (4, "comprehension"),
        (3, "format"),
        (3, "fstring"),
        (2, "conditional"),
        (2, "function"),
        (3, "call"),
        (1, "big"),
    )

    def args(self, most: int = 3) -> str:
        """Arguments of a call, stars and keywords now and then."""
        args = [self.expr() for _ in range(self.rng.choice((0, 1, 1, 1, 2, 2, most)))]
        if self.rng.random() < 0.06:
            args.append("*" + self.expr())
        if self.rng.random() < 0.08:
            args.append(self.pick(("key", "reverse", "a", "sep", "end", "x", "default")) + "=" + self.expr())
        if self.rng.random() < 0.03:
            args.append("**" + self.expr())
        return ", ".join(args)

    def _method(self) -> str:
        return f"({self.expr()}).{self.pick(self.methods)}({self.args()})"

    def _builtin(self) -> str:
        return f"{self.pick(self.functions)}({self.args()})"

    def _module(self) -> str:
        module = self.pick(sorted(self.modules))
        made = f"__import__('{module}').{self.pick(self.modules[module])}({self.args()})"
        return f"({made}).{self.pick(self.methods)}({self.args()})" if self.rng.random() < 0.3 else made

    def _operation(self) -> str:
        return f"({self.expr()} {self.pick(BINARY)} {self.expr()})"

    def _unary(self) -> str:
        return f"({self.pick(('-', '+', '~', 'not '))}{self.expr()})"

    def _slice(self) -> str:
        parts = [self.expr() if self.rng.random() < 0.6 else "" for _ in range(self.rng.choice((1, 2, 2, 3)))]
        return ":".join(parts) if len(parts) > 1 else parts[0] or "0"

    def _subscript(self) -> str:
        return f"({self.expr()})[{self._slice()}]"

    def _attribute(self) -> str:
        name = self.pick((*self.methods, "__class__", "__dict__", "__name__", "a", "m", "z", "value"))
        return f"({self.expr()}).{name}"

    def _display(self) -> str:
        inner = ", ".join(("*" if self.rng.random() < 0.1 else "") + self.expr() for _ in range(self.rng.randrange(4)))
        if self.rng.random() < 0.3:
            return "{" + ", ".join(f"{self.expr()}: {self.expr()}" for _ in range(self.rng.randrange(3))) + "}"
        return self.pick(("[%s]", "(%s,)", "{%s}")).replace("%s", inner or "1", 1)

    def _comprehension(self) -> str:
        tail = f"for {self.target()} in {self.expr()}" + (f" if {self.expr()}" if self.rng.random() < 0.4 else "")
        body = f"{self.expr()}: {self.expr()}" if self.rng.random() < 0.2 else ""
        if body:
            return f"{{{body} {tail}}}"
        return self.pick(("[%s]", "(%s)", "{%s}")).replace("%s", f"{self.expr()} {tail}", 1)

    def _format(self) -> str:
        spec = self.pick(SPECS)
        if self.rng.random() < 0.5:
            return f"'%{spec}' % ({self.expr()},)"
        return f"'{{:{spec}}}{self.pick(('', '{!r}', '{0}', '{a}', '{[0]}', '{.x}', '{', '}'))}'.format({self.args()})"

    def _fstring(self) -> str:
        inner = self.expr()
        if any(mark in inner for mark in "'{}\\\n"):
            inner = self.pick(NAMES)
        return f"f'{{{inner}{self.pick(('', '!r', '!s', ':' + self.pick(SPECS), '='))}}}'"

    def _conditional(self) -> str:
        return f"({self.expr()} if {self.expr()} else {self.expr()})"

    def _function(self) -> str:
        return f"(lambda {self.pick(('', 'a', '*a', 'a=1', '**k', 'a, b'))}: {self.expr()})"

    def _call(self) -> str:
        return f"({self.expr()})({self.args()})"

    def _big(self) -> str:
        return self.pick(BIG)

    # -- statements --------------------------------------------------------------------------------------------
    def target(self) -> str:
        """What is assigned to."""
        roll = self.rng.random()
        if roll < 0.6:
            return self.pick(NAMES)
        if roll < 0.75:
            return f"{self.pick(NAMES)}.{self.pick(('a', 'b', '__name__', '__class__', 'z'))}"
        if roll < 0.9:
            return f"{self.pick(NAMES)}[{self._slice()}]"
        wrong = ("()", "{}", "1", "f()", "*a") if self.careless else ()
        return self.pick(("(a, b)", "a, *b", "[x, y]", "(a, (b, c))", "*a, b", *wrong))

    statements = (
        (30, "expression"),
        (14, "assignment"),
        (4, "augmented"),
        (4, "deletion"),
        (5, "if"),
        (6, "for"),
        (3, "while"),
        (6, "try"),
        (4, "with"),
        (5, "def"),
        (4, "class"),
        (3, "jump"),
        (2, "import"),
        (2, "scope"),
        (2, "raise"),
        (1, "decorated"),
        (1, "nested"),
    )

    def statement(self) -> str:
        """A statement with its newline."""
        return self._weighted(self.statements if self.blocks < 3 else self.statements[:4]) + "\n"

    def block(self, least: int = 1, within: str = "") -> str:
        """Indented statements; ``within`` a ``loop``, a ``def`` or a ``class``."""
        self.blocks += 1
        self.inside.append(within or (self.inside[-1] if self.inside else ""))
        text = "".join(self.statement() for _ in range(self.rng.randrange(least, 4)))
        self.blocks -= 1
        self.inside.pop()
        return "\n".join("    " + line for line in text.rstrip("\n").split("\n"))

    def _expression(self) -> str:
        return f"print({self.expr()})" if self.rng.random() < 0.6 else self.expr()

    def _assignment(self) -> str:
        return f"{self.target()} = {self.expr()}"

    def _augmented(self) -> str:
        return f"{self.target() if self.careless else self.pick(NAMES)} {self.pick(AUGMENTED)} {self.expr()}"

    def _deletion(self) -> str:
        return f"del {self.target() if self.careless else self.pick(('a', 'b[0]', 'c.a', 'd[1:]', '(a, b)', 'x'))}"

    def _if(self) -> str:
        tail = f"\nelif {self.expr()}:\n{self.block()}" if self.rng.random() < 0.3 else ""
        return f"if {self.expr()}:\n{self.block()}{tail}\nelse:\n{self.block()}"

    def _for(self) -> str:
        tail = f"\nelse:\n{self.block()}" if self.rng.random() < 0.2 else ""
        return f"for {self.target()} in {self.expr()}:\n{self.block(within='loop')}\n    if n_turns() > 50: break{tail}"

    def _while(self) -> str:
        return f"while {self.expr()}:\n    if n_turns() > 50: break\n{self.block(within='loop')}"

    def _try(self) -> str:
        kind = self.pick(("Exception as e", "ValueError", "(TypeError, KeyError) as e", "BaseException", "1", "C", ""))
        tail = self.pick((f"\nfinally:\n{self.block()}", f"\nelse:\n{self.block()}", ""))
        return f"try:\n{self.block()}\nexcept {kind}:\n{self.block()}{tail}"

    def _with(self) -> str:
        return f"with {self.pick(('W()', 'C()', self.expr()))} as {self.target()}:\n{self.block()}"

    def _def(self) -> str:
        name = self.pick(("f", "g", "h"))
        args = self.pick(("", "a", "a, b=1", "*a", "*, a", "a, *, b=2, **k", "a=[], *b, **c"))
        kind = self.pick(("", "", "", "async "))
        last = self.pick(("return", "yield", "return", "await" if kind else "yield from"))
        body = f"{self.block(within='def')}\n    {last} {self.expr()}"
        return f"{kind}def {name}({args}):\n{body}\nx = {name}({self.args()})"

    def _class(self) -> str:
        first = self._expression()
        method = f"    def {self.pick(SPECIAL)}(self, *a):\n        {first}\n        return {self.expr()}"
        return f"class {self.pick(('C', 'D', 'F'))}({self.pick(BASES)}):\n{self.block(within='class')}\n{method}"

    def _jump(self) -> str:
        in_def = ("return", f"return {self.expr()}", f"x = yield {self.expr()}")
        allowed = {"loop": ("break", "continue"), "def": in_def}
        where = allowed.get(self.inside[-1] if self.inside else "", ())
        anything = ("break", "continue", "return", "yield", "await a") if self.careless else ()
        return self.pick(("pass", f"assert {self.expr()}", *where, *anything))

    def _import(self) -> str:
        module = self.pick((*sorted(self.modules), "nothing", "a.b", "main"))
        everything = (f"from {module} import *",) if not self.inside or self.careless else ()
        return self.pick((f"import {module}", f"import {module} as x", f"from {module} import a", *everything))

    def _scope(self) -> str:
        return f"{self.pick(('global', 'nonlocal'))} {self.pick(NAMES)}" if self.careless else "global zz"

    def _raise(self) -> str:
        return f"raise {self.pick(('ValueError', 'E(1)', 'StopIteration(2)', self.expr(), ''))}"

    def _decorated(self) -> str:
        decorator = self.pick(("staticmethod", "property", "classmethod", "f", self.expr()))
        return f"@{decorator}\ndef f(*a): return {self.expr()}"

    def _nested(self) -> str:
        count = self.rng.choice((5, 20, 60))
        brackets = "(" * count + "1" + ")" * count, "[" * count + "]" * count
        return self.pick((*brackets, "-" * count + "1", "not " * count + "a"))

    # -- scripts -----------------------------------------------------------------------------------------------
    def script(self) -> str:
        """What follows :data:`PREAMBLE`: statements, most of them guarded; now and then a token is lost or doubled."""
        by_exec = self.rng.random() < 0.4
        self.careless = self.rng.random() < (0.3 if by_exec else 0.05)
        parts = []
        for _ in range(self.rng.randrange(2, 6)):
            text = self.statement()
            if self.rng.random() < 0.8:
                if by_exec:
                    text = f"exec({text!r})\n"
                inner = "".join(f"    {line}\n" for line in text.splitlines())
                text = f"try:\n{inner}except Exception as e:\n    print(type(e), e)\n"
            parts.append(text)
        text = "".join(parts)
        if self.rng.random() < 0.04:
            text = self._damaged(text)
        return "turns = 0\n" + text

    def _damaged(self, text: str) -> str:
        at = self.rng.randrange(len(text))
        cut = self.rng.randrange(4)
        return text[:at] + self.pick(DAMAGE) + text[at + cut :]


__all__ = ["PREAMBLE", "Grammar"]
