"""Standard modules: what their functions give, refuse and ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

VALUES = [
    ("import math\nprint(math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7))", "1.4142135 -2 2 -1"),
    ("import math\nprint(math.log(8, 2), math.factorial(20), math.isclose(1, 1.0000001))", None),
    ("import math\nprint(math.frexp(10), math.modf(-2.5), math.pi)", "(0.625, 4) (-0.5, -2.0) 3.1415928"),
    ("import cmath\nprint(cmath.polar(1j), cmath.sqrt(4))", None),
    ("import struct\nprint(struct.pack('<HbI', 258, -1, 7), struct.calcsize('bI'), struct.calcsize('<bI'))", None),
    ("import struct\nprint(struct.unpack('>hf3s', b'\\xff\\xfe?\\x80\\0\\0abc'))", "(-2, 1.0, b'abc')"),
    ("import struct\nb = bytearray(6)\nstruct.pack_into('>I', b, 1, 0x01020304)\nprint(b)", None),
    ('import json\nprint(json.loads(\'{"a": [1, 2.5, null, "x\\\\u0041"]}\'))', "{'a': [1, 2.5, None, 'xA']}"),
    ("import json\nprint(json.dumps({'a': (1, None), 2: 'q'}), json.dumps([1, 2], separators=(',', ':')))", None),
    ("import io\nf = io.StringIO()\nf.write('ab\\nc')\nf.seek(0)\nprint(f.readline(), f.read(), f.getvalue())", None),
    ("import io\nb = io.BytesIO(b'1234')\nprint(b.read(2), b.tell(), b.read(), b.read(1))", "b'12' 2 b'34' b''"),
    ("from heapq import *\nh = [5, 1, 4]\nheapify(h)\nheappush(h, 0)\nprint(heappop(h), heappop(h))", None),
    ("import random\nrandom.seed(7)\na = random.random()\nrandom.seed(7)\nprint(a == random.random())", "True"),
    ("import errno\nprint(errno.ENOENT, errno.errorcode[2])", "2 ENOENT"),
    ("import sys\nprint(sys.platform, sys.byteorder, sys.maxsize, sys.version_info)", None),
    ("import gc\nprint(gc.isenabled(), gc.threshold(), gc.collect())", "True -1 None"),
    ("import gc\ngc.threshold(1000)\nprint(gc.threshold())", "992"),
    ("import micropython\nprint(micropython.const(3), micropython.opt_level())", "3 0"),
    ("from collections import namedtuple, OrderedDict, deque\nprint(namedtuple('P', 'x y')(1, 2))", "P(x=1, y=2)"),
    ("from array import array\nprint(array('H', [1, 2]))", "array('H', [1, 2])"),
    ("print(1, 2, file=__import__('sys').stdout)", "1 2"),
]
EXPECTED = {
    1: "3.0 2432902008176640000 False",
    3: "(1.0, 1.5707964) (2+0j)",
    4: "b'\\x02\\x01\\xff\\x07\\x00\\x00\\x00' 8 5",
    6: "bytearray(b'\\x00\\x01\\x02\\x03\\x04\\x00')",
    8: '{"a": [1, null], "2": "q"} [1,2]',
    9: "ab\n c ab\nc",
    11: "0 1",
    14: "mimxrt little 2147483647 (3, 4, 0)",
}
ERRORS = [
    ("import math\nmath.sqrt(-1)", "ValueError: math domain error"),
    ("import math\nmath.log(0)", "ValueError: math domain error"),
    ("import math\nmath.factorial(-1)", "ValueError: negative factorial"),
    ("import struct\nstruct.calcsize('?')", "ValueError: bad typecode"),
    ("import struct\nstruct.unpack('I', b'12')", "ValueError: buffer too small"),
    ("import json\njson.loads('[1')", "ValueError: syntax error in JSON"),
    ("import io\nf = io.StringIO()\nf.close()\nf.read()", "ValueError: I/O operation on closed file"),
    ("import heapq\nheapq.heappop([])", "IndexError: empty heap"),
    ("import heapq\nheapq.heappush((), 1)", "TypeError: heap must be a list"),
    ("import random\nrandom.getrandbits(33)", "ValueError: bits must be 32 or less"),
    ("import sys\nsys.exit(3)", "SystemExit: 3"),
    ("import nothere", "ImportError: no module named 'nothere'"),
]
FILES = """
import os
with open('a.txt', 'w') as f:
    print(f.write('one\\ntwo\\n'))
print(os.stat('a.txt')[6], os.listdir(), open('a.txt').readlines())
with open('/flash/a.txt', 'ab') as f:
    f.write(b'x')
print(open('a.txt', 'rb').read(), list(open('a.txt')))
os.mkdir('d')
os.rename('a.txt', 'd/b.txt')
print(os.listdir('d'), list(os.ilistdir('d')), os.getcwd())
os.chdir('d')
print(os.getcwd(), os.stat('b.txt')[0], os.listdir('/'))
os.remove('b.txt')
os.chdir('/flash')
os.rmdir('d')
print(os.listdir())
for bad in (lambda: os.remove('q'), lambda: os.mkdir('/flash'), lambda: open('/none/x'), lambda: os.rmdir('q')):
    try:
        bad()
    except OSError as e:
        print(e.errno, end=' ')
"""
FILES_PRINTED = """8
8 ['a.txt'] ['one\\n', 'two\\n']
b'one\\ntwo\\nx' ['one\\n', 'two\\n', 'x']
['b.txt'] [('b.txt', 32768, 0, 9)] /flash
/flash/d 32768 ['flash']
[]
2 17 19 2 """
IMPORTS = """
with open('mine.py', 'w') as f:
    f.write('X = 4\\ndef f(): return X\\n')
import mine, sys
print(mine.f(), mine.__name__, mine.__file__, 'mine' in sys.modules)
"""


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_values(run: Callable[..., Run], number: int) -> None:
    """Each prints what MicroPython prints."""
    text, expected = VALUES[number]
    assert run(text).printed.rstrip("\n") == (EXPECTED[number] if expected is None else expected)


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(text).printed.splitlines()[-1] == expected


def test_files(run: Callable[..., Run]) -> None:
    """Reading, writing, folders, errors."""
    assert run(FILES).printed == FILES_PRINTED


def test_import_of_a_file(run: Callable[..., Run]) -> None:
    """Found where the camera is, run in names of its own."""
    assert run(IMPORTS).printed == "4 mine mine.py True\n"


def test_importing_costs_nothing_in_rom(run: Callable[..., Run]) -> None:
    """Only the names that the script stores."""
    assert run("import math").asked == []


def test_requests_of_reading(run: Callable[..., Run]) -> None:
    """88 bytes a file; a buffer of 256 bytes that is cut; a line's buffer of 16."""
    text = "import os\nf = open('nothing', 'w')\nf.write('0123456789abcdefXYZ')\nf.close()\ng = open('nothing')\n"
    before = len(run(text).asked)
    assert run(text + "g.read()").asked[before:] == [("alloc", 256), ("realloc", 20), ("alloc", 16)]
    asked = run(text + "g.readline()").asked[before:]
    assert asked == [("alloc", 16), ("realloc", 40), ("realloc", 20), ("alloc", 16)]
    assert run(text + "g.read(5)").asked[before:] == [("alloc", 5), ("realloc", 6), ("alloc", 16)]


def test_requests_of_struct(run: Callable[..., Run]) -> None:
    """The bytes and a zero, cut to themselves, and the object."""
    assert run("import struct\nstruct.pack('HH', 1, 2)").asked[-2:] == [("alloc", 5), ("alloc", 16)]


def test_requests_of_json(run: Callable[..., Run]) -> None:
    """A buffer of eight bytes, given back at the end."""
    asked = run("import json\njson.loads('[1]')").asked
    assert asked == [("alloc", 8), ("alloc", 16), ("alloc", 16), ("free", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("binascii.hexlify(b'\\x01\\xff'), binascii.hexlify(b'ab', '-')", "(b'01ff', b'61-62')"),
        ("binascii.unhexlify('01ff')", "b'\\x01\\xff'"),
        ("binascii.b2a_base64(b'hello', newline=False)", "b'aGVsbG8='"),
        ("binascii.a2b_base64('aGVs bG8=')", "b'hello'"),
        ("binascii.crc32(b'hello world')", "222957957"),
        ("binascii.hexlify(hashlib.sha256(b'abc').digest())[:8]", "b'ba7816bf'"),
        ("binascii.hexlify(hashlib.md5(b'abc').digest())[:8], hashlib.md5().digest()[0]", "(b'90015098', 212)"),
        ("binascii.hexlify(hashlib.sha1(b'abc').digest())[:8], len(hashlib.sha1().digest())", "(b'a9993e36', 20)"),
        ("time.ticks_diff(5, 10), time.ticks_add(3, -5), time.ticks_diff(2, (1 << 30) - 1)", "(-5, 1073741822, 3)"),
        ("time.localtime(1704067200), time.mktime((2024, 1, 1, 0, 0, 0, 0, 1))", None),
        ("time.clock().avg() >= 0, time.time() > 0", "(True, True)"),
    ],
)
def test_more_values(run: Callable[..., Run], text: str, expected: str | None) -> None:
    """binascii, hashlib, time."""
    expected = expected or "((2024, 1, 1, 0, 0, 0, 0, 1), 1704067200)"
    assert run(f"import binascii, hashlib, time\nprint(({text}))").printed == expected + "\n"


@pytest.mark.parametrize(("name", "size"), [("sha256", 120), ("sha1", 100), ("md5", 96)])
def test_what_a_hash_asks_for(run: Callable[..., Run], name: str, size: int) -> None:
    """Its object; the digest goes into a buffer of one byte more, and is given once."""
    text = f"import hashlib\nh = hashlib.{name}\n"
    done = run(text + "h()\n").asked[len(run(text).asked) :]
    assert done == [("alloc", size)]
    printed = run(text + "m = h()\nm.update(b'a')\nm.digest()\nm.update(b'b')\n").printed
    assert printed.splitlines()[-1] == "ValueError: hash is final"


def test_a_loop_that_waits_for_the_clock_ends(run: Callable[..., Run]) -> None:
    """Looking at the clock takes time."""
    text = "from time import *\nend = ticks_add(ticks_ms(), 20)\nwhile ticks_diff(end, ticks_ms()) > 0: pass"
    assert run(text + "\nprint('ended')").printed == "ended\n"


def test_import_time_is_not_free(run: Callable[..., Run]) -> None:
    """The frozen module around the one in ROM (facts of the language traces: 15 requests, 752 bytes)."""
    asked = [size for kind, size in run("import time").asked if kind == "alloc"]
    assert asked[-13:] == [8, 16, 16, 12, 32, 48, 64, 80, 96, 136, 12, 16, 184]


@pytest.mark.parametrize("seconds", [0, 86399, 951782400, 951868800, 1709164800, 4102444799])
def test_calendar(seconds: int) -> None:
    """Dates and back, leap years included."""
    import time as host

    from omvsim.standard.calendar import date_of, seconds_of

    date = date_of(seconds)
    expected = host.gmtime(seconds)
    assert date[:6] == expected[:6]
    assert (date.weekday, date.yearday) == (expected.tm_wday, expected.tm_yday)
    assert seconds_of(*date[:6]) == seconds


@pytest.mark.parametrize("name", ["cryptolib", "websocket", "bluetooth"])
def test_what_is_not_modelled_ends_the_run(run: Callable[..., Run], name: str) -> None:
    """Importing costs nothing and is no ImportError; any name of it is not known."""
    from omvsim.micropython.errors import Unknown

    assert run(f"import {name}").asked == []
    with pytest.raises(Unknown) as unknown:
        run(f"import {name}\n{name}.thing")
    assert unknown.value.what == f"{name}.thing"


def test_names_that_the_configuration_leaves_out(run: Callable[..., Run]) -> None:
    """MICROPY_CONFIG_ROM_LEVEL_EVERYTHING has them, the port's level has not."""
    names = {"sys": "intern getsizeof exc_info", "io": "BufferedWriter", "micropython": "heap_locked", "math": "fsum"}
    for module, missing in names.items():
        for name in missing.split():
            assert run(f"import {module}\nprint(hasattr({module}, '{name}'))").printed == "False\n", name


def test_platform_is_texts_in_rom(run: Callable[..., Run]) -> None:
    """extmod/modplatform.c: nothing is asked for; what the toolchain was is told to be made up."""
    done = run(
        "import platform\nprint(platform.platform(1, x=2))\n"
        "print(type(platform.python_compiler()), len(platform.libc_ver()))\n"
        "try:\n    platform.python_compiler(1)\nexcept TypeError:\n    print('refused')\n"
    )
    assert done.printed == "MicroPython-1.26.0-arm--with-newlib4.3.0\n<class 'str'> 2\nrefused\n"
    assert list(done.vm.stand_ins) == [f"platform.{name}()" for name in ("platform", "python_compiler", "libc_ver")]
