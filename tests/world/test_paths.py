"""Paths of the camera in front of the host's folders: where they lead, and that they never lead out."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.world.files import MOUNTS, Files

if TYPE_CHECKING:
    from pathlib import Path

PARTS = st.lists(st.sampled_from(["..", ".", "", "flash", "rom", "sdcard", "a", "b.txt", "..."]), max_size=8)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is none of the camera's, beside its folder."""
    secret = tmp_path / "secret.txt"
    secret.write_text("of the host")
    return secret


@pytest.fixture
def folder(tmp_path: Path, outside: Path) -> Path:
    made = tmp_path / "camera"
    (made / "flash" / "data").mkdir(parents=True)
    (made / "rom").mkdir()
    (made / "flash" / "data" / "a.txt").write_text("a")
    (made / "rom" / "net.tflite").write_text("rom's")
    (made / "beside.txt").write_text("beside the script")
    (made / "flash" / "out.txt").symlink_to(outside)
    (made / "flash" / "up").symlink_to(outside.parent)
    (made / "flash" / "in.txt").symlink_to(made / "beside.txt")
    return made


@given(current=PARTS, parts=PARTS, rooted=st.booleans())
def test_a_path_from_the_root_is_what_posix_makes_of_it(current: list[str], parts: list[str], *, rooted: bool) -> None:
    files = Files.__new__(Files)
    files.current = posixpath.normpath("/" + "/".join(current)).replace("//", "/")
    path = "/" * rooted + "/".join(parts)
    expected = posixpath.normpath(posixpath.join(files.current, path) if path else files.current)
    assert files.absolute(path) == "/" + expected.lstrip("/")


@given(parts=PARTS, rooted=st.booleans())
def test_where_a_path_belongs_is_said_in_two_parts(parts: list[str], *, rooted: bool) -> None:
    files = Files.__new__(Files)
    files.current = "/flash"
    path = "/" * rooted + "/".join(parts)
    system, rest = files.mount(path)
    whole = files.absolute(path)
    assert whole == (f"/{system}/{rest}".rstrip("/") if system else f"/{rest}")
    assert (system in MOUNTS) == (whole.split("/")[1] in MOUNTS)


@given(PARTS)
def test_no_path_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    base = tmp_path_factory.getbasetemp() / "closed"
    (base / "camera" / "flash").mkdir(parents=True, exist_ok=True)
    (base / "b.txt").write_text("of the host")
    files = Files(base / "camera")
    for path in ("/".join(parts), "/flash/" + "/".join(parts)):
        found = files.find(path)
        assert found is None or found.is_relative_to(base / "camera")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/flash/data/a.txt", "flash/data/a.txt"),
        ("data/a.txt", "flash/data/a.txt"),
        ("/flash/data/../data/./a.txt", "flash/data/a.txt"),
        ("/flash/data", "flash/data"),
        ("/rom/net.tflite", "rom/net.tflite"),
        ("beside.txt", "beside.txt"),  # beside the script as well as in the file system's folder
        ("/rom/beside.txt", "beside.txt"),
        ("/flash/in.txt", "beside.txt"),
        ("/flash", "flash"),
    ],
)
def test_what_is_found(folder: Path, path: str, name: str) -> None:
    assert Files(folder).find(path) == folder / name


@pytest.mark.parametrize(
    "path",
    [
        "/flash/out.txt",  # a link out
        "/flash/up/secret.txt",
        "/flash/../secret.txt",
        "/flash/none.txt",
        "/elsewhere/beside.txt",  # no file system of that name
        "/flash/rom/net.tflite",  # that is another file system, no folder of this one
        "/flash/a\0b",
        "/flash/" + "x" * 300,  # longer than a name of the host's may be
        "/sdcard/none",
    ],
)
def test_what_is_not(folder: Path, path: str) -> None:
    assert Files(folder).find(path) is None


def test_a_model_of_the_command_line_and_the_script_come_first(folder: Path, tmp_path: Path) -> None:
    model, main = tmp_path / "given.tflite", tmp_path / "script.py"
    files = Files(folder, {"net.tflite": model}, main)
    assert files.find("/rom/net.tflite") == files.find("/flash/net.tflite") == files.find("net.tflite") == model
    assert files.find("/flash/main.py") == files.find("main.py") == main
    assert files.find("/rom/main.py") is None
    assert files.find("/flash/data/net.tflite") is None


def test_names_of_a_folder(folder: Path) -> None:
    files = Files(folder, None, folder / "script.py")
    assert files.names("/") == ["rom", "flash"]
    assert files.names("/flash") == ["data", "in.txt", "main.py", "out.txt", "up"]
    assert files.names("data") == ["a.txt"]
    assert files.names("/flash/data/a.txt") == files.names("/none") == []


def test_what_stands_beside_the_script_is_in_a_file_system_without_a_folder_but_no_other_file_system(
    folder: Path,
) -> None:
    (folder / "rom" / "net.tflite").unlink()
    (folder / "rom").rmdir()
    assert Files(folder).names("/rom") == ["beside.txt"]


def test_with_a_card_scripts_start_there(folder: Path) -> None:
    assert Files(folder).current == "/flash"
    (folder / "sdcard").mkdir()
    files = Files(folder)
    assert (files.current, files.names("/")) == ("/sdcard", ["rom", "flash", "sdcard"])
    assert files.absolute("x.txt") == "/sdcard/x.txt"
