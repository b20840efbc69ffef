"""What holds the house together: no room imports what another keeps to itself, arrows go one way, no room is the house.

The order of the rooms is the table of CONTRIBUTING.md, from the ground up.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import omvsim

ROOT = Path(omvsim.__file__).parent
TABLE = ROOT.parent / "CONTRIBUTING.md"
MOST_SHARE = 0.12
"""Of the lines of all rooms: what any one may hold."""
UPWARD = {
    ("notebook", "report"): "a result is drawn by the reports, which are imported when a notebook asks for the drawing",
    ("capture", "compare"): "types of a comparison, which is one of captures and is itself poured into one",
    ("cli", "web"): "omvsim serve is a subcommand, and its page runs subcommands",
}
"""Arrows that go up, and why."""


@cache
def _imported(source: str, folders: tuple[str, ...]) -> tuple[tuple[int, str, bool], ...]:
    """Line and full name of everything that a file imports, also where it does so late or for its types only.

    The third is whether it stands in a text, to be imported when it is used.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, False) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ("omvsim", *folders)[: len(folders) + 2 - node.level] if node.level else ()
            module = ".".join((*above, *([node.module] if node.module else [])))
            found += [(node.lineno, f"{module}.{alias.name}", False) for alias in node.names]
        elif isinstance(node, ast.Constant) and re.fullmatch(r"omvsim\.[\w.]+", str(node.value)):
            found.append((node.lineno, str(node.value), True))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
            home, *names = (str(each.value) for each in node.args if isinstance(each, ast.Constant))
            found += [(node.lineno, f"{home}.{name}", True) for name in names]
    return tuple(found)


def _is_private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


def private_imports(source: str, room: tuple[str, ...]) -> list[tuple[int, str]]:
    """Imports of a name or module with an underscore from another room; ``room`` are the folders of the file.

    Modules beside the rooms (``omvsim._data_files``) are everybody's.
    """
    wrong = []
    for line, name, _ in _imported(source, room):
        first, *parts = name.split(".")
        private = next((at for at, part in enumerate(parts) if _is_private(part)), 0)
        if first == "omvsim" and private and parts[0] != (room or ("",))[0]:
            wrong.append((line, name))
    return wrong


def _rooms() -> dict[str, list[Path]]:
    rooms: dict[str, list[Path]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        rooms.setdefault(path.relative_to(ROOT).parts[0], []).append(path)
    return rooms


ROOMS = _rooms()


def _room_of(name: str) -> str:
    """The room of something imported; a file beside the rooms is one of its own."""
    part = (*name.split("."), "")[1]
    return part if part in ROOMS or f"{part}.py" in ROOMS else "__init__"


def _order() -> list[str]:
    """The rooms from the ground up, as CONTRIBUTING.md has them."""
    text = TABLE.read_text(encoding="utf-8").partition("| room |")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
    return [name.removeprefix("omvsim/").removesuffix(".py") for cell in cells for name in re.findall("`(.+?)`", cell)]


def upward_imports(source: str, folders: tuple[str, ...], room: str, order: list[str]) -> list[tuple[int, str, str]]:
    """Imports of what stands above ``room`` in ``order``: line, room and name."""
    found = []
    for line, name, is_text in _imported(source, folders):
        there = _room_of(name)
        if name.partition(".")[0] != "omvsim" or (is_text and there == "__init__"):  # "omvsim.toml" is no module
            continue
        if order.index(there) > order.index(room):
            found.append((line, there, name))
    return found


@pytest.mark.parametrize("name", ["Verdict", "Failure", "Snapshot", "Release"])
def test_what_every_command_shares_is_defined_once(name: str) -> None:
    homes = [
        str(path.relative_to(ROOT))
        for paths in ROOMS.values()
        for path in paths
        if re.search(rf"^class {name}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(homes) == 1, homes


@pytest.mark.parametrize(("room", "paths"), ROOMS.items(), ids=ROOMS)
def test_private_modules_stay_in_their_room(room: str, paths: list[Path]) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in paths
        for line, name in private_imports(path.read_text(encoding="utf-8"), path.relative_to(ROOT).parts[:-1])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from omvsim.report._run_text import print_run", ["omvsim.report._run_text.print_run"]),
        ("def f():\n    import omvsim.heap._gc", ["omvsim.heap._gc"]),
        ("from omvsim.heap import _gc", ["omvsim.heap._gc"]),
        ("from omvsim.micropython.types.int_ import _wide", ["omvsim.micropython.types.int_._wide"]),
        ("from omvsim.report import print_run, __doc__", []),
        ("from omvsim._data_files import data_folder", []),
        ("from omvsim.cli._failing import fail", []),
        ("import _thread, os", []),
    ],
)
def test_what_is_found(source: str, found: list[str]) -> None:
    assert [name for _, name in private_imports(source, ("cli",))] == found


def test_every_room_has_its_place_in_the_table() -> None:
    assert sorted(_order()) == sorted(name.removesuffix(".py") for name in ROOMS)


def test_arrows_go_one_way() -> None:
    order, up = _order(), []
    for room, paths in ROOMS.items():
        here = room.removesuffix(".py")
        for path in paths:
            folders = path.relative_to(ROOT).parts[:-1]
            found = upward_imports(path.read_text(encoding="utf-8"), folders, here, order)
            up += [(f"{path.relative_to(ROOT)}:{line} imports {name}", (here, there)) for line, there, name in found]
    assert [what for what, arrow in up if arrow not in UPWARD] == []
    assert {arrow for _, arrow in up} == set(UPWARD), "an arrow that is gone need not be named"


def test_no_room_is_the_house() -> None:
    lines = Counter({room: sum(path.read_bytes().count(b"\n") for path in paths) for room, paths in ROOMS.items()})
    most = MOST_SHARE * lines.total()
    assert {room: count for room, count in lines.items() if count > most} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from omvsim.runs import run_script", ["runs"]),
        ("def f():\n    import omvsim.runs.session", ["runs"]),
        ("if TYPE_CHECKING:\n    from omvsim import runs", ["runs"]),
        ("from omvsim import Board", ["__init__"]),
        ("import omvsim", ["__init__"]),
        ("from ..runs import session", ["runs"]),
        ("(session,) = later('omvsim.runs', 'session')", ["runs", "runs"]),
        ("(runs,) = later('omvsim', 'runs')", ["runs"]),
        ("import_module(f'omvsim.runs.{name}')", ["runs"]),
        ("TABLE = {'path': ('omvsim.library.model', 'statements')}", ["library"]),
        ("from omvsim.heap import GcHeap\nfrom .blobs import find\nimport runs", []),
        ("'As omvsim.runs has it.'", []),
    ],
)
def test_which_arrows_are_found(source: str, found: list[str]) -> None:
    order = ["heap", "image", "library", "runs", "__init__"]
    assert [room for _, room, _ in upward_imports(source, ("image",), "image", order)] == found
