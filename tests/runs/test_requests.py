"""What statements ask of the heap, request by request: measured on the complete firmware of 4.8.1 and 5.0.0."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.runs._running import printed, requests_of, stock_models

if TYPE_CHECKING:
    from pathlib import Path

CASES = {  # name: (setup, statement, sizes in order) – measured by us, the same on both releases
    "list": ("", "r = [1, 2, 3]", [16, 16]),
    "list * n": ("", "r = [None] * 100", [16, 16, 16, 400]),
    "list slice": ("l = [1, 2, 3, 4, 5, 6, 7, 8]", "r = l[2:5]", [16, 16, 16]),
    "list + list": ("l = [1, 2, 3, 4]", "r = l + l", [16, 32]),
    "constant tuple": ("", "r = (1, 2, 3)", []),
    "dict": ("", "r = {'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5}", [16, 40]),
    "dict items": ("d = {'a': 1, 'b': 2}", "for k, v in d.items():\n    pass\nr = None", [12, 16, 16]),
    "str.format": ("", "r = 'x {}'.format(5)", [16, 16, 16, 16]),
    "percent": ("x = 1.25", "r = '%f' % x", [16, 16]),
    "f-string with format": ("x = 1.25", "r = f'x {x:.2f}'", [16, 16, 16]),
    "f-string": ("x = 5\ny = 6\ns = 0.5", "r = f'x {x}\\ty {y}\\tscore {s}'", [16, 16, 16, 16, 16, 16, 16, 40, 16]),
    "str of int": ("", "r = str(12345)", [16, 16]),
    "upper": ("a = 'face'", "r = a.upper()", [5, 16]),
    "str slice": ("a = 'abcdefghijklmnop'", "r = a[2:12]", [16, 16, 11]),
    "float": ("a = 1.5", "r = a * 2.5", [8]),
    "int": ("a = 5", "r = a + 3", []),
    "big int": ("a = 1 << 40", "r = a + 1", [16, 8]),
    "overflow": ("a = 100000", "r = a * 100000", [16, 8, 16, 8]),
    "enumerate": ("l = [1, 2, 3]", "for i, x in enumerate(l):\n    pass\nr = None", [12, 16, 16, 16, 16]),
    "filter": ("l = [1, 0, 2, 0, 3]", "r = list(filter(lambda x: x > 0, l))", [16, 12, 16, 16, 16]),
    "map": ("l = [1, 2, 3]", "r = list(map(float, l))", [16, 16, 16, 16, 4, 8, 4, 8, 4, 8, 4]),
    "class": ("", "class C:\n    x = 1\n    def f(self):\n        return self.x\nr = C", [16, 16, 16, 32, 16, 60]),
    "instance": ("class C:\n    def __init__(self, a):\n        self.a = a", "r = C(1)", [16, 12, 16]),
    "bound method": ("class C:\n    def m(self):\n        pass\no = C()", "r = o.m", [12]),
    "generator": ("def gen():\n    yield 1", "r = next(gen())", [32]),
    "star arguments": ("def f3(a, b, c):\n    return a", "t = (1, 2, 3)\nr = f3(*t)", [16]),
    "keyword dict": ("def kw(**k):\n    return k", "r = kw(a=1, b=2)", [16, 16]),
    "raise": ("", "try:\n    raise ValueError('x')\nexcept ValueError as e:\n    pass\nr = None", [16, 12, 12]),
    "bytearray": ("", "r = bytearray(100)", [16, 100]),
    "bytearray slice": ("b = bytearray(100)", "r = b[10:20]", [16, 10]),
    "memoryview slice": ("b = memoryview(bytearray(10))", "r = b[2:]", [16]),
    "struct": ("import struct", "r = struct.pack('<HB', 5, 6)", [4, 16]),
    "print": ("x = 1.25", "print(x * 3.0, 'fps')\nr = None", [8]),
    "for in range": ("", "for i in range(100):\n    pass\nr = None", []),
    "Image": ("import image", "r = image.Image(96, 96, image.RGB565)", [18463, 28]),
    "Image on a buffer": (
        "import image\nb = bytearray(9216)",
        "r = image.Image(96, 96, image.GRAYSCALE, buffer=b)",
        [28],
    ),
    "zeros": ("from ulab import numpy as np", "r = np.zeros((96, 96))", [16, 52, 16, 36864]),
    "array > number": (
        "from ulab import numpy as np\na = np.zeros((144, 18), dtype=np.int8)",
        "r = a > 10",
        [16, 52, 16, 1, 16, 16, 16, 52, 16, 2592],
    ),
    "column": ("from ulab import numpy as np\na = np.zeros((144, 18))", "r = a[:, 4]", [16, 16, 16, 16, 52]),
    "Normalization": ("import ml\nfrom ml.preprocessing import Normalization", "r = Normalization()", [16, 16, 32, 48]),
    "Fomo": (
        "from ml.postprocessing.edgeimpulse import Fomo",
        "r = Fomo(threshold=0.4)",
        [16, 16, 16, 32, 48],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_statement_asks_for_what_was_measured(name: str, tmp_path: Path) -> None:
    setup, statement, sizes = CASES[name]
    found = requests_of(tmp_path, setup, statement, "4.8.1")
    assert found is not None
    assert sizes in found


def test_zip_differs_between_the_interpreters(tmp_path: Path) -> None:
    statement = "for i, x in zip(l, l):\n    pass\nr = None"
    assert requests_of(tmp_path, "l = [1, 2, 3]", statement, "4.8.1") == [[16] * 7] * 2
    assert requests_of(tmp_path, "l = [1, 2, 3]", statement, "5.0.0") == [[16] * 6] * 2


MISSED = {
    "the statement rebinds a name of the setup, which is none of the function's here": (
        *("nd144x18_int8_imul", "nd144x18_int8_iadd"),
    ),
    "the lines of a file that was on the measured camera": ("read_lines",),
    "a list or a table grows in place or moves, as its neighbours on the heap let it": (
        *("NMS_get_20_disjoint", "NMS_get_100_disjoint", "NMS_get_100_overlap"),
        *("import_ml.postprocessing.edgeimpulse", "import_ml.postprocessing.ultralytics"),
        "from_ml.postprocessing.edgeimpulse_import_Fomo_after_ml",
        "from_ml.postprocessing.ultralytics_import_YoloV8_after_ml",
    ),
}
"""By cause, the records whose requests are not those recorded; all others are."""


@pytest.mark.parametrize("version", ["4.8.1", "5.0.0"])
@pytest.mark.slow
def test_every_measured_call_that_is_simulated_is_exact(shared: Path, tmp_path: Path, version: str) -> None:
    missed = {name for names in MISSED.values() for name in names}
    with gzip.open(shared / "oracle" / "scripts" / "micro.json.gz", "rt") as file:
        records = json.load(file)[f"v{version}"]
    models = stock_models(shared)
    wrong = []
    checked = 0
    for record in records:
        if record.get("error") or record["name"] in missed:
            continue
        checked += 1
        found = requests_of(tmp_path, record["setup"], record["stmt"], version, models) or []
        wanted = [run["sizes"] for run in (record["first"], record.get("second")) if run]
        if not any(sizes in wanted for sizes in found):
            wrong.append((record["name"], wanted[0][:20], found[:1]))
    assert not wrong
    assert checked > 300


def test_of_equal_constants_one_lives(tmp_path):
    """The compiler keeps the first of equal constants (use_const_obj in py/emitcommon.c): the others are garbage.

    Our traces of the reference script, which gives its labels twice, free the later ones in the first collection.
    """
    once = "import gc\nprint('longer than ten', 'one more one')\nprint('another as long')\ngc.collect()\n"
    once += "print(gc.mem_alloc())"
    twice = once.replace("another as long", "longer than ten")
    text = 16 + 16  # the object and its characters; the table of constants takes as many blocks with a word less
    used = [int(printed(tmp_path, script).splitlines()[-1]) for script in (once, twice)]
    assert used[0] - used[1] == text
    assert printed(tmp_path, "a = 'longer than ten'\nprint(a is 'longer than ten')\n") == "True\n"
