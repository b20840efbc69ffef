"""File systems against a plain model, whatever is done to them: one in memory, and one over a folder of the host."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.standard.vfs.filesystem import EACCES, EEXIST, ENOENT, EROFS, FileError, FileSystem, MemoryFiles
from omvsim.standard.vfs.host_files import HostFiles, Stock
from omvsim.world.files import Files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATHS: Final = ["/a", "/b", "/dir", "/dir/a", "/dir/b", "/dir/deep", "/dir/deep/a", "/other", "/none/a"]
STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(["write", "read", "remove", "rename", "make_folder", "names", "kind", "size"]),
        st.sampled_from(PATHS),
        st.sampled_from(PATHS),
        st.binary(max_size=5),
    ),
    max_size=25,
)


def parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"


class Model:
    """What a file system is: paths with bytes, or None for a folder."""

    def __init__(self) -> None:
        self.there: dict[str, bytes | None] = {"/": None}

    def inside(self, path: str) -> list[str]:
        return sorted(each for each in self.there if each != "/" and parent(each) == path)

    def kind(self, path: str) -> str:
        return "" if path not in self.there else "dir" if self.there[path] is None else "file"

    def read(self, path: str) -> bytes:
        data = self.there.get(path)
        if data is None:
            raise FileError(EACCES if path in self.there else ENOENT)
        return data

    def size(self, path: str) -> int:
        return len(self.read(path))

    def write(self, path: str, data: bytes) -> None:
        if self.kind(path) == "dir":
            raise FileError(EACCES)
        if self.kind(parent(path)) != "dir":
            raise FileError(ENOENT)
        self.there[path] = data

    def make_folder(self, path: str) -> None:
        if self.kind(path):
            raise FileError(EEXIST)
        if self.kind(parent(path)) != "dir":
            raise FileError(ENOENT)
        self.there[path] = None

    def names(self, path: str) -> list[str]:
        if self.kind(path) != "dir":
            raise FileError(ENOENT)
        return [each.rpartition("/")[2] for each in self.inside(path)]

    def remove(self, path: str) -> None:
        if not self.kind(path):
            raise FileError(ENOENT)
        if self.inside(path):
            raise FileError(EACCES)
        del self.there[path]

    def rename(self, path: str, new: str) -> None:
        if not self.kind(path):
            raise FileError(ENOENT)
        if self.kind(new) and new != path:
            raise FileError(EEXIST)
        moved = {each: data for each, data in self.there.items() if each == path or each.startswith(f"{path}/")}
        if self.kind(parent(new)) != "dir":
            raise FileError(ENOENT)
        for each in moved:
            del self.there[each]
        self.there |= {new + each[len(path) :]: data for each, data in moved.items()}


def tried(action: Callable[[], object]) -> object:
    try:
        found = action()
    except FileError as error:
        return ("refused", error.number)
    return sorted(found) if isinstance(found, list) else found


def played(system: FileSystem, model: Model, steps: list[tuple[str, str, str, bytes]]) -> None:
    """Every step has the same answer; at the end the same is there."""
    for step, path, other, data in steps:
        more: tuple[object, ...] = {"write": (data,), "rename": (other,)}.get(step, ())
        if step == "rename" and (other == path or other.startswith(f"{path}/")):
            continue  # FatFs is not asked either: extmod/vfs.c takes it, and what it leaves is nobody's to rely on
        mine, expected = (tried(partial(getattr(each, step), path, *more)) for each in (system, model))
        assert mine == expected, (step, path, other)
    for path in PATHS:
        assert system.kind(path) == model.kind(path)
        if model.kind(path) == "file":
            assert system.read(path) == model.read(path)


@settings(max_examples=60)
@given(STEPS)
def test_one_in_memory(steps: list[tuple[str, str, str, bytes]]) -> None:
    played(MemoryFiles(), Model(), steps)


@settings(max_examples=60)
@given(STEPS)
def test_one_over_a_folder_of_the_host(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str, bytes]]
) -> None:
    """The host's files are there from the start, and stay as they are."""
    base = tmp_path_factory.getbasetemp() / "host"
    (base / "flash" / "dir").mkdir(parents=True, exist_ok=True)
    (base / "flash" / "a").write_bytes(b"host")
    (base / "flash" / "dir" / "b").write_bytes(b"below")
    model = Model()
    model.there |= {"/a": b"host", "/dir": None, "/dir/b": b"below"}
    system = HostFiles(Files(base), "flash", 1 << 20, writable=True)
    played(system, model, [step for step in steps if step[0] != "names" or step[1] != "/"])
    assert sorted(each.name for each in (base / "flash").iterdir()) == ["a", "dir"]
    assert (base / "flash" / "a").read_bytes() == b"host"


@given(st.sampled_from(["make_folder", "remove", "write", "rename"]), st.sampled_from(PATHS))
def test_one_that_cannot_be_written(tmp_path_factory: pytest.TempPathFactory, step: str, path: str) -> None:
    system = HostFiles(
        Files(tmp_path_factory.getbasetemp()), "rom", 1 << 20, writable=False, stock={"/a": Stock(3, b"abc")}
    )
    if step == "rename" and path != "/a":
        return
    more: tuple[object, ...] = {"write": (b"x",), "rename": ("/z",)}.get(step, ())
    assert tried(lambda: getattr(system, step)(path, *more)) == ("refused", EROFS)
    assert system.read("/a") == b"abc"


@pytest.mark.parametrize("name", ["File.TXT", "file.txt", "FILE.txt"])
def test_names_are_found_in_any_case_and_kept_as_written(name: str) -> None:
    """FF_USE_LFN of FatFs: names keep their case and are compared without."""
    system = MemoryFiles({"/File.TXT": b"1"})
    assert system.read(f"/{name}") == b"1"
    system.write(f"/{name}", b"2")
    assert (system.names("/"), system.read("/File.TXT")) == (["File.TXT"], b"2")


def test_space_is_counted_in_clusters() -> None:
    system = MemoryFiles()
    size, count, free = system.space()
    assert (size, count, free) == (4096, 2039, 2039)
    system.write("/a", bytes(4097))
    system.make_folder("/d")
    assert system.space()[2] == free - 2 - 1
    system.write("/a", b"")
    assert system.space()[2] == free - 1


def test_files_of_the_start_make_their_folders(tmp_path: Path) -> None:
    system = MemoryFiles({"/lib/deep/a.py": b"x", "/lib/b.py": b"y"})
    assert (system.names("/"), system.names("/lib"), system.kind("/lib/deep")) == (["lib"], ["deep", "b.py"], "dir")
    assert HostFiles(Files(tmp_path), "flash", 8192, writable=True, made=("mark",)).names("/") == ["main.py", "mark"]
