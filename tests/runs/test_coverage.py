"""What a script uses, told without running it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

import omvsim
from omvsim.boards import load_board
from omvsim.cli import main
from omvsim.modules.fidelity import CHARGED, PARTLY, Fidelity
from omvsim.runs.coverage import Coverage, UseKind, coverage
from omvsim.runs.coverage.catalogue import Catalogue
from omvsim.runs.coverage.things import Named
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from omvsim.modules.fidelity import Fidelity as Worth

DOCS = Path(__file__).parents[2] / "docs"


def cover(folder: Path, text: str, release: str = "4.8.1") -> Coverage:
    script = folder / "main.py"
    script.write_text(text, encoding="utf-8")
    return coverage(load_board("openmv-rt1062", firmware=release), script)


def used(found: Coverage, line: int) -> dict[str, Worth]:
    """Uses of a line; calls end with ()."""
    mark = {UseKind.IMPORT: "import ", UseKind.CALL: "", UseKind.NAME: ""}
    return {
        mark[use.kind] + use.name + "()" * (use.kind is UseKind.CALL): use.fidelity
        for use in found.uses
        if use.line == line
    }


def test_modules_their_functions_and_constants(tmp_path: Path) -> None:
    found = cover(
        tmp_path, "import sensor as s\nfrom time import clock\ns.reset()\ns.set_pixformat(s.RGB565)\nclock()\n"
    )
    assert used(found, 1) == {"import sensor": Fidelity.SIMULATED}
    assert used(found, 2) == {"import time": Fidelity.SIMULATED, "time.clock": Fidelity.SIMULATED}
    assert used(found, 3) == {"sensor.reset()": Fidelity.SIMULATED}
    assert used(found, 4) == {"sensor.set_pixformat()": Fidelity.SIMULATED, "sensor.RGB565": Fidelity.SIMULATED}
    assert found.verdict == "known"


def test_nothing_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = cover(tmp_path, "print('x')\nwhile True:\n    pass\nraise ValueError\n")
    assert used(found, 1) == {"print()": Fidelity.SIMULATED}
    assert capsys.readouterr().out == ""


def test_objects_are_followed(tmp_path: Path) -> None:
    text = (
        "import sensor\nfrom machine import UART\nclass Link:\n"
        "    def __init__(self, n):\n        self.uart = UART(n)\n"
        "    def poll(self):\n        return self.uart.read()\n"
        "def look(img):\n    for b in img.find_blobs([(0, 1)]):\n        b.cx()\n"
        "link = Link(1)\nlook(sensor.snapshot().copy())\nlink.poll().decode()\n"
    )
    found = cover(tmp_path, text)
    assert used(found, 5) == {"machine.UART()": Fidelity.SIMULATED}
    assert used(found, 7) == {"machine.UART.read()": Fidelity.CHARGED}
    assert used(found, 9) == {"image.Image.find_blobs()": Fidelity.SIMULATED}
    assert used(found, 10) == {"image.blob.cx()": Fidelity.SIMULATED}
    assert used(found, 12) == {"sensor.snapshot()": Fidelity.SIMULATED, "image.Image.copy()": Fidelity.SIMULATED}
    assert used(found, 13) == {".decode()": Fidelity.SIMULATED}


def test_results_are_tuples_from_5_0_0_on(tmp_path: Path) -> None:
    text = "import sensor\nfor b in sensor.snapshot().find_blobs([(0, 1)]):\n    b.cx()\n    b.cx\n"
    assert used(cover(tmp_path, text, "5.0.0"), 3) == {"image.blob.cx()": Fidelity.ABSENT}
    assert used(cover(tmp_path, text, "5.0.0"), 4) == {}


@pytest.mark.parametrize("name", ["pyb", "lcd", "audio", "imu", "buzzer", "numpy"])
def test_modules_that_the_port_lacks(tmp_path: Path, name: str) -> None:
    found = cover(tmp_path, f"import {name}\n{name}.LED(1).on()\n")
    assert [(use.line, use.name, use.fidelity) for use in found.uses] == [(1, name, Fidelity.ABSENT)]
    assert found.verdict == "absent"


def test_names_that_the_camera_lacks(tmp_path: Path) -> None:
    found = cover(tmp_path, "import sensor\nsensor.set_flux()\nnobody()\nimage = sensor.snapshot()\nimage.find_hog()\n")
    assert used(found, 2) == {"sensor.set_flux()": Fidelity.ABSENT}
    assert used(found, 3) == {"nobody()": Fidelity.ABSENT}
    assert used(found, 5) == {"image.Image.find_hog()": Fidelity.ABSENT}


def test_a_name_of_a_release(tmp_path: Path) -> None:
    text = "import csi\nc = csi.CSI()\nc.snapshot().to_bitmap()\n"
    assert used(cover(tmp_path, text, "4.5.9"), 1) == {"import csi": Fidelity.ABSENT}
    assert used(cover(tmp_path, text, "4.7.0"), 2) == {"sensor.CSI()": Fidelity.ABSENT}
    assert used(cover(tmp_path, "import csi\ncsi.reset()\n", "4.7.0"), 2) == {"sensor.reset()": Fidelity.SIMULATED}
    assert used(cover(tmp_path, text), 3)["csi.CSI.snapshot()"] is Fidelity.SIMULATED


def test_what_is_not_modelled(tmp_path: Path) -> None:
    found = cover(tmp_path, "import lwip\nlwip.reset()\nfrom ssl import wrap_socket\nwrap_socket(1)\n")
    assert used(found, 1) == {"import lwip": Fidelity.UNKNOWN}
    assert used(found, 3) == {"import ssl": Fidelity.SIMULATED, "ssl.wrap_socket": Fidelity.UNKNOWN}
    assert used(found, 4) == {"ssl.wrap_socket()": Fidelity.UNKNOWN}
    assert found.verdict == "unknown"


def test_modules_beside_the_script_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("raise ValueError\n")
    found = cover(tmp_path, "import helper\nfrom helper import go\ngo().on()\nhelper.x()\n")
    assert [use for use in found.uses if use.fidelity is not Fidelity.SIMULATED] == []


def test_every_kind_of_statement(tmp_path: Path) -> None:
    text = """import os, struct
from ulab import *
async def task(a, b=1, *rest, **more) -> int:
    async with a as (x, y), open("f") as f:
        await a.go()
        return f.read()
@decorate
class Mine(object):
    limit: int = 3
    def step(self, *, k=2): yield self.limit
a = b = [open(n) for n in os.listdir() if n.endswith(".txt")]
for i, f in enumerate(a): f.readline()
try: pass
except (OSError, ValueError) as e: print("%d" % e.errno)
total = {1: struct.pack("<B", 1)}
total[0] += 1
pick = (lambda z: z.strip())(" x ")
del total[0]
assert pick if a else len(b)
if (w := open("g")): w.write("1")
Mine().fresh = 2
print(f"{a}", 0x10, 1.5, b"x".hex(), -1)
import os.path
from . import thing
"""
    found = cover(tmp_path, text)
    lines = {line: used(found, line) for line in range(1, 23)}
    assert lines[6] == {"TextIOWrapper.read()": Fidelity.SIMULATED}
    assert lines[11] == {
        "open()": Fidelity.SIMULATED,
        "os.listdir()": Fidelity.SIMULATED,
        ".endswith()": Fidelity.SIMULATED,
    }
    assert lines[17] == {"str.strip()": Fidelity.SIMULATED}
    assert lines[20] == {"open()": Fidelity.SIMULATED, "TextIOWrapper.write()": Fidelity.SIMULATED}
    assert lines[22]["bytes.hex()"] is Fidelity.SIMULATED


def test_a_script_that_the_camera_cannot_read(tmp_path: Path) -> None:
    found = cover(tmp_path, "x = 1\nn = 07\n")
    assert found.verdict == "absent"
    assert "SyntaxError" in found.refused


@pytest.mark.parametrize("release", ["4.5.0", "4.5.9", "4.7.0", "4.8.1", "5.0.0"])
def test_every_listed_stand_in_is_a_name_of_some_release(release: str, tmp_path: Path) -> None:
    """An entry of the tables is about a call that some release has and that is modelled there."""
    script = tmp_path / "main.py"
    session = ScriptSession(load_board("openmv-rt1062", firmware=release), script, ScriptOptions(), b"")
    from omvsim.runs.boot import boot

    boot(session.vm, session.board)
    catalogue = Catalogue(session.vm, frozenset())
    there = 0
    for path in [*CHARGED, *PARTLY]:
        parts = path.split(".")
        things = catalogue.module(parts[0])
        for part in parts[1:]:
            owner = things[0]
            member = catalogue.member(owner, part) if isinstance(owner, Named) else None
            things = () if member is None else (member,)
            if not things:
                break
        there += bool(things)
    assert there > 0.8 * (len(CHARGED) + len(PARTLY))


def test_stand_ins_of_the_code_are_listed() -> None:
    """Whatever a module notes as a stand-in under a fixed name is a call that the table has."""
    noted: set[str] = set()
    for file in Path(omvsim.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("stand_in", "stand_ins.setdefault")):
                noted |= {
                    str(each.value)
                    for each in node.args[:2]
                    if isinstance(each, ast.Constant) and "." in str(each.value)
                }
    names = {name.partition("(")[0] for name in noted if " " not in name}
    beyond = {name for name in names if name not in CHARGED} - set(ONLY_WITH_ARGUMENTS)
    assert beyond == set()


ONLY_WITH_ARGUMENTS = {
    "image.Image.histeq": "adaptive",
    "image.Image.draw_detection": "with a label",
    "image.PALETTE": "a colour",
    "network.LAN": "its network, told by the calls of the object",
    "network.WLAN": "its network, told by the calls of the object",
    "socket.connect": "socket.socket.connect",
    "socket.accept": "socket.socket.accept",
}


def test_json_and_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((DOCS / "schemas" / "coverage.json").read_text(encoding="utf-8"))
    script = tmp_path / "main.py"
    for text, code, verdict in (
        ("print(1)\n", 0, "known"),
        ("import pyb\n", 14, "absent"),
        ("import lwip\n", 15, "unknown"),
    ):
        script.write_text(text)
        assert main(["exec", "--coverage", "--json", str(script)]) == code
        printed = json.loads(capsys.readouterr().out)
        Draft202012Validator(schema).validate(printed)
        assert printed["verdict"] == verdict
        assert sum(printed["counts"].values()) == len(printed["uses"])


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "main.py"
    script.write_text("import pyb\nprint(1)\n")
    main(["exec", "--coverage", str(script)])
    assert capsys.readouterr().out.splitlines() == [
        "main.py on openmv-rt1062, OpenMV 4.8.1: the camera raises an error where what is absent is reached.",
        "     1  import pyb  absent",
        "     2  print()     simulated",
        "1 simulated, 0 charged, 1 absent, 0 unknown",
    ]


def test_every_key_is_explained() -> None:
    schema = json.loads((DOCS / "schemas" / "coverage.json").read_text(encoding="utf-8"))
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    use = schema["$defs"][schema["properties"]["uses"]["items"]["$ref"].rpartition("/")[2]]
    keys = {*schema["properties"], *use["properties"]}
    assert {key for key in keys if f"`{key}`" not in text} == set()
