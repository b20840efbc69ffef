"""Printed values against MicroPython's own build, where the two can be compared: whatever holds no float beyond what
single precision prints as double does, and asks nothing of the heap's addresses.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.micropython.types._machine import run

_ORACLES = Path(__file__).parents[2] / "oracles"
_spec = importlib.util.spec_from_file_location("npm_for_types", _ORACLES / "npm.py")
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

TRIED = """
def tried(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e), e
"""
SCRIPTS = {
    "int operators": """
values = (0, 1, -1, 7, -7, 255, 1 << 29, -(1 << 30), (1 << 30) - 1, 1 << 30, 123456789012345678901, -(1 << 95))
for a in values:
    print(a, -a, ~a, bool(a), str(a), repr(a), '%x' % a, '{:,}'.format(a))
    for b in values:
        print(a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a == b, tried(lambda: a // b), tried(lambda: a % b))
    for b in (0, 1, 5, 31, 40):
        print(a << b, a >> b, a ** b)
""",
    "int texts": """
for text in ('0', '-12', ' 34 ', '0x1f', '1_000', '', '-', '1x', '99999999999999999999', '+5', '0b11', '٣', '1 2'):
    for base in (10, 16, 0, 2, 36, 1):
        print(repr(text), base, tried(int, text, base))
""",
    "bytes of ints": """
for n in (0, 1, -1, 255, 256, -128, -129, 1 << 40, -(1 << 40)):
    for size in (0, 1, 2, 5, 6, 8):
        for order in ('big', 'little'):
            print(n, size, order, tried(n.to_bytes, size, order))
for data in (b'', b'\\x00', b'\\xff', b'\\x01\\x02\\x03\\x04', b'\\xff' * 9):
    print(int.from_bytes(data, 'big'), int.from_bytes(data, 'little'))
""",
    "order of tables": """
d = {}
for i in range(40):
    d['key%d' % (i * 7 % 40)] = i
    d[i * i] = -i
    if i % 3 == 0:
        del d[i * i]
print(d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()))
s = set()
for i in range(60):
    s.add(i * 37 % 101)
    if i % 4 == 0:
        s.discard(i)
print(s, s & set(range(50)), s | {1000}, s - set(range(30)), s ^ set(range(0, 90, 2)))
print({'a', 'b', 'c', 'spam', 'eggs'}, {b'a', b'b', b'spam'}, {None, True, 0, 2}, {1.0, 2.5, -3.5, 1e10})
while d:
    d.popitem()
    if len(d) < 4:
        print(d)
""",
    "texts": """
texts = ('', 'a', 'abc', ' ab c ', 'aXbXc', 'MiXed 123', 'tab\\tnew\\nline', 'quote\\'s', 'dou"ble', 'b\\\\s',
        'café', '€uro')
for t in texts:
    print(repr(t), t.upper(), t.lower(), t.strip(), t.split(), t.split('X'), t.find('b'), t.rfind('X'),
            t.count('a'), len(t))
    print(t.isalpha(), t.isdigit(), t.isspace(), t.isupper(), t.islower(), t.center(9), t.partition('X'),
            t.rpartition(' '))
    print(t.encode(), t.replace('a', 'zz'), t * 2, t[1:], t[:-1], t[-2:2], t.startswith('a'), t.endswith(('c',
            ' ')), t.splitlines())
    print([c for c in t], t in 'abc', t < 'b', tried(lambda: t[1]), tried(lambda: t[-3]), t.rsplit('X', 1), '-'.join(t))
""",
    "formats": """
for spec in ('', '5', '<5', '>5', '^6', '05', '+', ' ', '#x', '#o', 'b', ',', '*^9', '=+7', '3d', 'X', 'c', 's',
        'q', '.3', '_x'):
    for v in (0, 7, -42, 123456, 'text', None, True):
        if spec != 'c' or v != -42:
            print(spec, v, tried(('{:' + spec + '}').format, v))
for spec in ('%d', '%5d', '%-5d|', '%05d', '%+d', '%x', '%#X', '%o', '%s', '%r', '%c', '%10s', '%.2s', '%%', '%i',
        '%u', '%z', '%5', '%'):
    for v in (0, 65, -42, 'x', 'text', None):
        if spec != '%c' or v != -42:
            print(spec, v, tried(lambda: spec % v))
print(tried('{} {}'.format, 1), tried('{a}'.format, 1), '{a} {b}'.format(a=1, b=2), '{!r:>6}'.format('x'),
        '{0:{1}}'.format(5, 4))
""",
    "bytes": """
for b in (b'', b'abc', b'a,b,c', bytes(range(4)), bytearray(b'xyz'), memoryview(b'mem')):
    print(b if not isinstance(b, memoryview) else bytes(b), len(b), list(b), tried(lambda: b[1]), bytes(b[1:]),
            tried(lambda: b + b'z'), tried(lambda: b == b'abc'))
b = bytearray(b'0123456789')
b[2:4] = b'ab'
b[0:0] = b'start'
b[-2:] = b''
print(b, tried(lambda: b.__setitem__), b.find(b'ab'), b[::1], tried(lambda: b[::2]))
m = memoryview(b)
m[0] = 90
m[1:3] = b'YX'
print(b, bytes(m[2:5]), m == b, tried(lambda: m[100]), len(m[3:]))
print(bytes(300)[0:1], tried(bytes, [300]), bytes('é', 'utf8'), bytearray([1, 2]) + b'3', bytes({1, 2}),
        tried(lambda: bytearray(3) * 2))
""",
    "sequences": """
for s in ([], [1], [3, 1, 2], (), (1,), (3, 1, 2), range(0), range(5), range(5, 0, -2), 'abc', b'abc'):
    print(s, len(s), tried(lambda: s[0]), tried(lambda: s[-1]), tried(lambda: s[1:]), tried(lambda: s[::-1]),
            tried(lambda: s + s), tried(lambda: s * 2))
    print(list(s), tuple(s), list(reversed(s)), list(enumerate(s)), list(zip(s, s)), 1 in s if not isinstance(s,
            str) else '', bool(s))
    print(tried(lambda: s < s), s == s, s == list(s), list(map(str, s)), list(filter(None, s)))
l = list(range(10))
l[2:5] = [20, 30]
del l[::1][0:2]
l.insert(3, 'x')
l.extend(range(2))
print(l, l.pop(), l.pop(0), tried(l.remove, 99), tried(l.index, 99), l.index('x'), l.count(1))
for n in range(3, 30, 5):
    k = [(i * 7919) % n for i in range(n)]
    k.sort()
    print(k)
    k.sort(reverse=True)
    print(k)
    k.sort(key=lambda v: v % 3)
    print(k)
    k.sort(key=lambda v: -v % 4, reverse=True)
    print(k)
""",
    "methods of keys": """
class K:
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        print('hash', self.n)
        return self.n % 4
    def __eq__(self, other):
        print('eq', self.n, other.n)
        return self.n == other.n
s = set()
for n in (5, 1, 9, 2, 13, 6, 5):
    print('add', n)
    s.add(K(n))
print('in', K(9) in s, K(17) in s, len(s))
s.discard(K(1))
d = {}
for n in (5, 1, 9, 2, 13, 6, 5):
    print('store', n)
    d[K(n)] = n
print([k.n for k in d], [k.n for k in s])
print(d.get(K(13)), d.pop(K(2)), d.setdefault(K(21), 4), len(d))
""",
    "equality": """
values = (None, True, False, 0, 1, 1.0, '', 'a', b'', b'a', (), (1,), [], [1], {}, {1: 1}, set(), {1}, frozenset(),
        frozenset((1,)), range(3), 1j, bytearray(b'a'), Ellipsis, NotImplemented, int, 1 << 40)
for a in values:
    print(a, [a == b for b in values], [tried(lambda: a < b) == True for b in values], tried(hash, a) == tried(hash, a))
""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_prints_the_same(name: str, tmp_path: Path) -> None:
    source = TRIED + SCRIPTS[name]
    file = tmp_path / "script.py"
    file.write_text(source)
    expected = npm.run_micropython(file, heap=1 << 20).splitlines()
    assert run(source, size=1 << 22).text.splitlines() == expected
