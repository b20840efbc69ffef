"""Built-in functions and standard modules against MicroPython's own build: the same lines are printed.

Only what does not depend on the width of a float, on the port or on its configuration.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

_spec = importlib.util.spec_from_file_location("npm_oracle", Path(__file__).parents[1] / "oracles" / "npm.py")
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

HEAD = """
import binascii, collections, errno, gc, hashlib, heapq, io, json, random, re, struct, sys
from collections import OrderedDict, deque, namedtuple
from array import array
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)
"""
LINES = r"""
abs(-7), abs(True)
abs('a')
all([1, 2, 0]), any(()), all(())
all(5)
bin(-37), oct(511), hex(255), hex(-(1 << 70))
bin('a')
chr(955), ord('λ'), ord(b'\x80')
chr(-1)
ord('')
ord(5)
divmod(-17, 5), divmod(17, -5), divmod(1 << 40, 7)
divmod(1, 0)
pow(3, 20), pow(7, 100, 13)
pow(2, 'a')
max(1, 5, 3), max('abc'), max([[1], [2]], key=lambda x: -x[0])
max(5)
min(()), 1
min((), default=None)
sum([1, 2], 10), sum((), 5)
sum(['a'])
sorted([3, 1, 2]), sorted('hello', reverse=True), sorted([(1, 'b'), (0, 'z')], key=lambda x: x[1])
sorted([1, 'a'])
round(17), round(1234, -2), round(-1250, -2), round(15, -1)
list(zip('ab', [1, 2, 3])), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(lambda x: x % 2, range(6)))
list(enumerate('ab', 5)), list(reversed([1, 2, 3]))
next(iter(())), 1
next(iter(()), 'd')
repr('it\'s "x"'), repr(b'\x00a\xff'), repr('\t\n\x01é')
isinstance(True, int), isinstance([], (str, list)), issubclass(bool, int)
isinstance(1, 5)
getattr([], 'nothing', 3), hasattr({}, 'keys'), callable(len), callable(5)
getattr(5, 'x')
eval('[i * 2 for i in (1, 2)]'), eval('a + b', {'a': 1, 'b': 2})
eval('1 +')
exec('q = 1')
compile('1', 'f', 'wrong')
type(compile('x = 1', 'f', 'exec'))
hash(1), hash(True), hash((1, 2)) == hash((1, 2))
hash([])
len({1: 2}), len(range(5))
len(5)
int('0x1f', 0), int('-12'), int('z', 36), int('1_000')
int('12a')
list(range(10, 0, -3)), slice
iter(5)
struct.pack('<bHi', -1, 500, -70000), struct.pack('>q', -2), struct.pack('5s', b'ab')
struct.unpack('<bHi', b'\xff\xf4\x01\x90\xee\xfe\xff'), struct.unpack('<Q', b'\xff' * 8)
struct.unpack('<3sx2B', b'abc\x00\x01\x02'), struct.calcsize('<bI'), struct.calcsize('bIh')
struct.unpack('<I', b'123')
struct.unpack_from('<H', b'\x00\x01\x02\x03', 1), struct.unpack_from('<H', b'\x00\x01\x02\x03', -2)
json.loads('[1, -2, true, false, null, "a\\nb\\u0041", {"k": []}]')
json.loads('{"a":1')
json.loads('')
json.loads('[1] x')
json.dumps([1, 'a"\\\n', None, True, (2,), {'k': 1}]), json.dumps({1: 2, 'z': {}}), json.dumps('é')
json.load(io.StringIO('[1, 2] '))
io.StringIO('ab\ncd').read(3), io.StringIO('ab\ncd').readline(), list(io.StringIO('a\nb'))
io.BytesIO(b'abc').read(), io.BytesIO(b'abc').read(-1)
io.StringIO().write('abc'), io.BytesIO().write(b'ab')
binascii.hexlify(b'\x01\xab'), binascii.unhexlify('01ab'), binascii.b2a_base64(b'abcd')
binascii.unhexlify('0')
binascii.a2b_base64(b'YWJj'), binascii.a2b_base64(b'YWI=\n'), binascii.crc32(b'abc')
hashlib.sha256(b'abc').digest()
heapq.heappop([3, 1, 2]), heapq.heapify([])
heapq.heappop([])
re.match('(a+)(b)?', 'aac').group(1), re.match('(a+)(b)?', 'aac').group(2), re.search('x', 'abc')
re.sub('a', 'b', 'banana'), re.sub('(n)', '<\\1>', 'banana'), re.compile('[an]+').split('xbanana')
re.compile('('), 1
re.match('[^a-c]+$', 'xyz').group(0), re.match('\\d+\\s\\w', '12 a').group(0)
random.seed(3), random.getrandbits(16), random.randint(1, 100), random.choice('abc'), random.randrange(3, 30, 4)
random.randrange(0), 1
random.getrandbits(40)
list(OrderedDict([('b', 1), ('a', 2)])), namedtuple('P', ['x', 'y'])(1, y=2), list(deque((1, 2), 2))
array('h', [1, -2]), array('B', b'ab')
array('h', [1, 'a'])
array('z'), 1
errno.ENOENT, errno.EINVAL, errno.errorcode[errno.EIO]
sys.byteorder, sys.version_info, sys.implementation.name
sys.exit
gc.isenabled(), type(gc.mem_free())
"""


def test_prints_the_same(run: Callable[..., Run], tmp_path: Path) -> None:
    """Line by line; a line's expression is named where it differs."""
    lines = [line for line in LINES.splitlines() if line]
    text = HEAD + "".join(f"t(lambda: ({line}))\n" for line in lines)
    path = tmp_path / "lines.py"
    path.write_text(text, encoding="utf-8")
    expected = npm.run_micropython(path, heap=1 << 20).splitlines()
    printed = run(text).printed.splitlines()
    assert len(printed) == len(lines)
    different = [
        (line, theirs, mine) for line, theirs, mine in zip(lines, expected, printed, strict=True) if theirs != mine
    ]
    assert different == []
