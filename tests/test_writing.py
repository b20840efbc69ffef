"""Output files: replaced whole, links kept, and whatever is no regular file written to as it is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from omvsim import models, writing
from omvsim.errors import InputError
from omvsim.writing import append_text, write_bytes, write_text

COMMAND = [sys.executable, "-m", "omvsim"]
posix = pytest.mark.skipif(os.name != "posix", reason="links, fifos and devices of POSIX systems")


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    write_bytes(tmp_path / "new", b"\x00\xff")
    assert (tmp_path / "new").read_bytes() == b"\x00\xff"
    assert (tmp_path / "new").stat().st_mode == other.stat().st_mode


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(mode)
    before = target.stat().st_ino
    write_text(target, "grüße")
    assert target.read_text(encoding="utf-8") == "grüße"
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.stat().st_ino != before  # who still reads the old file reads all of it
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match=r"report: cannot be written \(No space left on device\)"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_interruption_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report"
    target.write_text("old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text(target, "new")
    assert (target.read_text(), len(list(tmp_path.iterdir()))) == ("old", 1)


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root writes to everything")
def test_a_file_that_is_read_only_stays(tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.write_text("old")
    target.chmod(0o444)
    with pytest.raises(InputError, match="Permission denied"):
        write_text(target, "new")
    assert target.read_text() == "old"


@posix
@pytest.mark.parametrize("relative", [True, False])
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path, relative: bool) -> None:
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "report"
    target.write_text("old")
    target.chmod(0o640)
    link, first = tmp_path / "link", tmp_path / "first"
    link.symlink_to(Path("far") / "report" if relative else target)
    first.symlink_to("link" if relative else link)
    write_text(first, "new")
    assert first.is_symlink()
    assert link.is_symlink()
    assert not target.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@posix
def test_a_link_to_nothing_yet(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("report")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_text() == "new"


@posix
def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match="symbolic links"):
        write_text(tmp_path / "a", "new")


@posix
@pytest.mark.parametrize("write", [write_text, append_text])
def test_a_pipe_with_a_name_is_written_through(tmp_path: Path, write: object) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append(fifo.read_bytes()), daemon=True)
    reader.start()
    write(fifo, "x" * 200_000)  # type: ignore[operator]  # more than a pipe holds
    reader.join(10)
    assert seen == [b"x" * 200_000]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@posix
def test_a_pipe_behind_a_link(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    (tmp_path / "link").symlink_to("pipe")
    handle = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    write_text(tmp_path / "link", "new")
    assert os.read(handle, 10) == b"new"
    os.close(handle)
    assert (tmp_path / "link").is_symlink()


@posix
def test_a_reader_of_a_pipe_that_goes_away_is_told_apart(tmp_path: Path) -> None:
    reading, writing_end = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        write_text(f"/dev/fd/{writing_end}", "new")
    os.close(writing_end)


@posix
def test_an_open_descriptor_goes_on_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(handle, b"before ")
    write_text(f"/dev/fd/{handle}", "now ")
    os.write(handle, b"after")
    os.close(handle)
    assert path.read_text() == "before now after"


@posix
def test_the_null_device_stays_a_device() -> None:
    """A look at what is done, not the real thing: a fault here would break the machine of whoever runs the tests."""
    assert not writing._is_replaced(Path("/dev/null"))
    assert writing._place(Path("/dev/null")) == Path("/dev/null")
    assert writing._place(Path("/dev/stdout")) == 1
    assert writing._place(Path("/dev/../dev/stderr")) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_device_that_takes_nothing() -> None:
    with pytest.raises(InputError, match=r"/dev/full: cannot be written \(No space left on device\)"):
        write_text("/dev/full", "new")


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path, "new")


def test_appending_keeps_what_is_there(tmp_path: Path) -> None:
    append_text(tmp_path / "summary", "one\n")
    append_text(tmp_path / "summary", "two\n")
    assert (tmp_path / "summary").read_text() == "one\ntwo\n"


# -- every option that writes a file ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "m.tflite").write_bytes(models.make("tiny-conv"))
    (folder / "omvsim.toml").write_text('[[gate]]\nname = "g"\nmodels = "m.tflite"\n[gate.budget]\narena = "64K"\n')
    return folder


WRITERS = {
    "run --trace": ["run", "m.tflite", "--trace"],
    "models make -o": ["models", "make", "tiny-conv", "--force", "-o"],
    "trace script -o": ["trace", "script", "m.tflite", "-o"],
    "recommend --write-board": ["what-if", "recommend", "m.tflite", "--no-advice", "--pick", "2", "--write-board"],
    "gate init -o": ["gate", "init", "m.tflite", "--force", "-o"],
    **{f"gate --{name}": ["gate", f"--{name}"] for name in ("json", "junit", "sarif", "summary", "comment")},
    "gate --baseline": ["gate", "--update-baseline", "--baseline"],
}  # fmt: skip


@posix
@pytest.mark.parametrize("name", WRITERS)
def test_a_link_given_to_an_option_is_kept(project: Path, name: str) -> None:
    real = project / f"{name}.real"
    if name != "gate --baseline":  # an empty one is no baseline
        real.write_text("")
    link = project / f"{name}.link"
    link.symlink_to(real.name)
    done = subprocess.run([*COMMAND, *WRITERS[name], str(link)], cwd=project, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    assert real.stat().st_size > 0


@posix
@pytest.mark.parametrize("name", [name for name in WRITERS if name != "gate --baseline"])
def test_a_pipe_given_to_an_option_is_written_through(project: Path, name: str) -> None:
    fifo = project / f"{name}.pipe"
    os.mkfifo(fifo)
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append(fifo.read_bytes()), daemon=True)
    reader.start()
    words = [*COMMAND, *WRITERS[name], str(fifo)]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    reader.join(10)
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert len(seen[0]) > 20


@posix
def test_standard_output_by_its_name_keeps_what_is_printed(project: Path, tmp_path: Path) -> None:
    """With the shell's ``>`` there is a regular file behind the name: it must not be replaced under the report."""
    with (tmp_path / "out").open("wb") as out:
        words = ["gate", "--json", "/dev/stdout"]
        subprocess.run([*COMMAND, *words], cwd=project, stdout=out, check=True)
    text = (tmp_path / "out").read_text()
    assert text.startswith('{"schema": "omvsim.gate"')
    assert "1 checked" in text.partition("\n")[2]
