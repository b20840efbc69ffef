"""No room imports what another keeps to itself: what is shared is named by the room's ``__init__``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import omvsim

ROOT = Path(omvsim.__file__).parent


def _imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and full name of everything that a file imports, also where it does so late or for its types only."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def _is_private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


def private_imports(source: str, room: tuple[str, ...]) -> list[tuple[int, str]]:
    """Imports of a name or module with an underscore from another room; ``room`` are the folders of the file.

    Modules beside the rooms (``omvsim._data_files``) are everybody's.
    """
    wrong = []
    for line, name in _imported(ast.parse(source)):
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


@pytest.mark.parametrize("name", ["Verdict", "Failure", "Snapshot", "Release"])
def test_what_every_command_shares_is_defined_once(name: str) -> None:
    homes = [
        str(path.relative_to(ROOT))
        for paths in _rooms().values()
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name == name
    ]
    assert len(homes) == 1, homes


@pytest.mark.parametrize(("room", "paths"), _rooms().items(), ids=_rooms())
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
