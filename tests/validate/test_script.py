"""Following a recorded script's text."""

from __future__ import annotations

import ast

import pytest

from omvsim.boards import known_release
from omvsim.firmware import InputKind
from omvsim.scenario import Alloc, Attempt, Call, Collect, Deep, Load, Mark, Predict, Release, When
from omvsim.validate import CannotFollow
from omvsim.validate._frames import frame_bytes
from omvsim.validate._names import bound_names
from omvsim.validate._script import Script

SHAPES = {"/rom/m.tflite": [(1, 96, 96, 3)]}


def follow(text: str) -> list[object]:
    script = Script(text, known_release("4.8.1"), shapes=SHAPES.__getitem__, output_shapes=lambda _: [(1, 2)])
    return [step for step in script.steps(script.body()) if not isinstance(step, Deep)]


def test_a_story() -> None:
    steps = follow(
        "def load(p):\n"
        "    try:\n"
        "        m = ml.Model(p)\n"
        '        gctrace.info("after_model")\n'
        "        return m\n"
        "    except Exception as e:\n"
        "        gctrace.exc(e)\n"
        "m = None\n"
        'for i in range(2):\n    m = load("/rom/m.tflite")\n'
        "img = image.Image(96, 96, image.RGB565)\n"
        "if m is not None:\n    o = m.predict([img])\n"
        "gc.collect()\n"
    )
    loading = Call(
        "load", (Attempt((Load("/rom/m.tflite", "load.m"), Mark("after_model")), ()),), 80, "load.m", "m"
    )  # fmt: skip
    assert steps[:2] == [Alloc(16, into="load", what="function load"), Release("m")]
    assert steps[2:6] == [Release("i"), loading, Release("i"), loading]
    assert steps[6] == Alloc(96 * 96 * 2 + 31, into="img", what="picture", after=(28,))
    assert isinstance(steps[7], When)
    assert [step for step in steps[7].steps if not isinstance(step, Deep)] == [
        Predict("m", times=1, kind=InputKind.IMAGE, into="o", keep=True, literal=True, item="img", slot=0),
    ]
    assert steps[8] == Collect()


def test_expressions_with_known_values_are_decided() -> None:
    text = 'm = ml.Model("/rom/m.tflite")\ns = m.input_shape[0]\n'
    text += "if len(s) == 4 and s[3] in (1, 3):\n    gctrace.info({})\n"
    assert follow(text.format('"picture"'))[-1] == Mark("picture")
    assert Mark("never") not in follow(text.format('"never"').replace("(1, 3)", "(1, 2)"))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("while True:\n    pass\n", "line 1"),
        ("import socket\n", "import of socket"),
        ("x = open('/flash/a')\n", "beyond what can be followed"),
        ("def f(:\n", "not Python"),
        ("for i in something():\n    pass\n", "line 1"),
        ("n.predict([1])\n", "on no known model"),
        ('m = ml.Model("/rom/m.tflite")\nm.predict([5])\n', "line 2"),
        ('m = ml.Model("/rom/m.tflite", postprocess=p)\n', "beyond what can be followed"),
    ],
)
def test_anything_else_is_refused_by_line(text: str, cause: str) -> None:
    with pytest.raises(CannotFollow, match=cause):
        follow(text)


def test_global_names_in_order() -> None:
    body = ast.parse(
        "import gc, gctrace\nfrom ulab import numpy as np\nx = [y for y in z]\n"
        "def f(a):\n    b = a\nfor i in x:\n    c = 1\n"
    ).body
    assert bound_names(body) == ["gc", "gctrace", "np", "x", "f", "i", "c"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("def fill(buf, shape, dtype):\n    pass\n", 0),
        ("def collect():\n    mark('x')\n    gc.collect()\n    gctrace.info('y')\n", 0),
        (
            "def load(p):\n    try:\n        m = ml.Model(p)\n"
            "        gctrace.kv('model.ram', m.ram)\n        return m\n"
            "    except Exception as e:\n        gctrace.exc(e)\n",
            80,
        ),
    ],
)
def test_frames_as_recorded(text: str, size: int) -> None:
    """The recorded firmware allocated 80 bytes for each call of load() and nothing for the others."""
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert frame_bytes(function) == size
