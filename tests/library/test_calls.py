"""Every call of the frozen package on many inputs, 4.8.1 and 5.0.0: what is printed, and each request in order."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import run_script
from tests.library.measured.calls import CASES

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult
    from tests.library.measured.calls import Case

NEW = "5.0.0"
MARK = 4321
"""Bytes of the buffers before and behind the call."""
SHOWN = 300
HEAD = """
from ulab import numpy as np
class In:
    roi = ({region})
class M:
    input_shape = [(1, {window})]
    output_shape = {shapes}
    output_scale = {scales}
    output_zero_point = {points}
    output_dtype = {types}
seed = 7
def rnd():
    global seed
    seed = (seed * 1103515245 + 12345) & 0x3fffffff
    return (seed >> 12) % 1000 / 1000
def table(shape, low, high):
    n = 1
    for side in shape:
        n *= side
    return np.array([low + rnd() * (high - low) for _ in range(n)]).reshape(shape)
def bytes_table(shape):
    n = 1
    for side in shape:
        n *= side
    return np.array([int(rnd() * 255) - 128 for _ in range(n)], dtype=np.int8).reshape(shape)
"""
CALL = "\nm = bytearray({mark})\nr = {call}\nm = bytearray({mark})\nprint(r)\n"


def text_of(case: Case) -> str:
    fields = case._asdict()
    return HEAD.format(**fields).lstrip() + case.setup + CALL.format(mark=MARK, call=case.call)


def packed(result: ScriptResult) -> str:
    """The requests between the two marks, as the table has them."""
    tape = [each for each in result.requests if each.phase == "run"]
    first, last = (at for at, each in enumerate(tape) if each.size == MARK)
    sizes = []
    for each in tape[first + 1 : last]:
        if each.kind == "alloc":
            sizes.append(str(each.size))
        elif each.kind == "realloc" and each.how != "same":
            sizes.append(f"+{each.size}")
    found: list[tuple[str, int]] = []
    for size in sizes:
        if found and found[-1][0] == size:
            found[-1] = (size, found[-1][1] + 1)
        else:
            found.append((size, 1))
    text = " ".join(f"{size}*{times}" if times > 1 else size for size, times in found)
    return text if len(text) <= SHOWN else f"many {len(sizes)} {zlib.crc32(' '.join(sizes).encode()):08x}"


ALIKE = 3
"""Of the calls that both releases do alike, so many are run on one only, for one that is run on both."""
RUNS = [(name, "4.8.1") for name in CASES] + [
    (name, NEW)
    for at, (name, case) in enumerate(CASES.items())
    if case.new_requests or case.new_printed or at % ALIKE == 0
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "release"), RUNS)
def test_call(name: str, release: str, tmp_path: Path) -> None:
    case = CASES[name]
    requests = (case.new_requests or case.requests) if release == NEW else case.requests
    if requests in {"absent", "unmeasured"}:
        pytest.skip(f"{requests} on {release}")
    script = tmp_path / "main.py"
    script.write_text(text_of(case))
    options = ScriptOptions(frames=None, requests=True, run_models=False)
    result = run_script(script, load_board("openmv-rt1062", release), options)
    assert result.failure is None
    printed = (
        re.sub(r" at [0-9a-f]+", "", result.output.rstrip("\n")) if "object at" in result.output else result.output
    )
    expected = (case.new_printed or case.printed) if release == NEW else case.printed
    printed = printed.rstrip("\n")
    if expected.startswith("crc "):
        printed = f"crc {zlib.crc32(printed.encode()):08x}"
    assert printed == expected
    assert packed(result) == requests
