"""Whatever a script calls of the camera with whatever: an outcome, never an exception of the host."""

import random

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import ScriptSession

HEAD = """import csi, sensor, image, machine, ml, network, omv, socket
from ulab import numpy as np
img = image.Image(16, 12, image.RGB565)
gray = image.Image(16, 12, image.GRAYSCALE)
a = np.zeros((3, 4))
class C: pass
def g(): yield 1
"""
VALUES = """0|-1|3|1<<40|2.5|float('nan')|''|'abc'|b'ab'|bytearray(3)|[]|[3,1]|(1,2)|(0,0,4,4)|[(0,100)]|{}|None|True
lambda *a: 1|object()|range(3)|int|img|gray|a|C()|g()|image.GRAYSCALE|'P0'|1000000"""
THINGS = ("sensor", "image", "machine", "ml", "network", "omv", "socket", "np", "img", "gray", "a", "machine.Pin('P0')")
CALL = """
names = dir({thing})
name = names[{number} % len(names)]
try:
    r = getattr({thing}, name)({arguments})
    repr(r)
except Exception as e:
    r = e
"""


def script_of(rng):
    values = VALUES.replace("\n", "|").split("|")
    text = HEAD
    for _ in range(4):
        arguments = ", ".join(rng.choice(values) for _ in range(rng.randint(0, 4)))
        text += CALL.format(thing=rng.choice(THINGS), number=rng.randrange(1000), arguments=arguments)
    return text


@pytest.mark.parametrize("seed", range(12))
def test_calls_of_the_camera_have_an_outcome(tmp_path, seed):
    script = tmp_path / "main.py"
    script.write_text(script_of(random.Random(seed)))
    firmware = ("4.8.1", "5.0.0")[seed % 2]
    result = ScriptSession(load_board(firmware=firmware), script, ScriptOptions(time_limit=20)).run()
    assert result.outcome in set(Outcome)
    assert result.outcome is not Outcome.TIME_LIMIT
