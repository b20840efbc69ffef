"""Files without an end are refused in one line, and soon."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.reading import read_bytes, read_text

ZERO = Path("/dev/zero")


def test_a_file_as_long_as_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 100)
    assert read_bytes(path, 100) == b"x" * 100
    with pytest.raises(OSError, match="File too large") as caught:
        read_bytes(path, 99)
    assert caught.value.errno == errno.EFBIG


def test_reading_takes_the_memory_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert read_bytes(path, 1 << 28) == b"x" * 1000
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_text_has_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes("a\r\nü\rb\n".encode())
    assert read_text(path) == "a\nü\nb\n"
    path.write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        read_text(path)


@pytest.mark.skipif(os.name != "posix", reason="fifos")
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    threading.Thread(target=lambda: fifo.write_bytes(b"x" * 200_000), daemon=True).start()
    assert len(read_bytes(fifo)) == 200_000


@pytest.mark.skipif(os.name != "posix", reason="fifos")
@pytest.mark.parametrize(("size", "fits"), [(3 << 20, True), ((3 << 20) + 1, False)])
def test_a_long_pipe_is_read_piece_by_piece(tmp_path: Path, size: int, fits: bool) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)

    def fill() -> None:
        with contextlib.suppress(BrokenPipeError):
            fifo.write_bytes(b"x" * size)

    threading.Thread(target=fill, daemon=True).start()
    if fits:
        assert len(read_bytes(fifo, 3 << 20)) == size
    else:
        with pytest.raises(OSError, match="File too large"):
            read_bytes(fifo, 3 << 20)


@pytest.mark.skipif(os.name != "posix", reason="fifos")
def test_a_writer_may_come_late_and_write_later(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)

    def fill() -> None:
        time.sleep(0.2)
        with fifo.open("wb", buffering=0) as file:
            time.sleep(0.2)
            file.write(b"late")

    threading.Thread(target=fill, daemon=True).start()
    assert read_bytes(fifo) == b"late"


@pytest.mark.skipif(os.name != "posix", reason="fifos")
@pytest.mark.parametrize(
    "words",
    [
        ["run", "pipe"],
        ["run", "m.tflite", "--board", "pipe.toml"],
        ["gate", "--policy", "pipe.toml"],
        ["exec", "pipe.toml"],
        ["replay", "pipe"],
        ["calibrate", "pipe"],
    ],
    ids=" ".join,
)
def test_a_pipe_that_nobody_writes_to_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Opening it would wait for ever."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("omvsim.reading.PATIENCE", 0.1)
    os.mkfifo("pipe")
    os.mkfifo("pipe.toml")
    Path("m.tflite").write_bytes(models.make("tiny-conv"))
    assert main(words) == 3
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "pipe" in error
    assert "nobody writes to this pipe" in error.lower()


@pytest.mark.skipif(os.name != "posix", reason="fifos")
@pytest.mark.parametrize(
    "words", [["run", "m.tflite", "--scenario", "p.toml"], ["time", "m.tflite", "--profile", "p.toml"]]
)
def test_a_pipe_is_neither_scenario_nor_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """These are names or files: a pipe is not opened at all."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("p.toml")
    Path("m.tflite").write_bytes(models.make("tiny-conv"))
    assert main(words) == 3
    assert capsys.readouterr().err.startswith("omvsim: p.toml: no such")


@pytest.mark.skipif(not ZERO.exists(), reason="a device")
@pytest.mark.parametrize(
    "words",
    [
        ["run", "m.tflite", "--scenario", "zero.toml"],
        ["run", "m.tflite", "--board", "zero.toml"],
        ["run", "m.tflite", "--board", "extends.toml"],
        ["time", "m.tflite", "--profile", "zero.toml"],
        ["what-if", "sweep", "m.tflite", "--matrix", "zero.toml"],
        ["gate", "--policy", "zero.toml"],
        ["exec", "zero.toml"],
    ],
)
def test_a_device_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    from omvsim import models

    monkeypatch.chdir(tmp_path)
    Path("zero.toml").symlink_to(ZERO)
    Path("extends.toml").write_text('extends = "zero.toml"\n')
    Path("m.tflite").write_bytes(models.make("tiny-conv"))
    assert main(words) == ExitCode.BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1
