"""``omvsim models`` as a user types it."""

from __future__ import annotations

import os
import stat

import pytest

from omvsim import models
from omvsim.cli import main


def _names(directory):
    return [path.name for path in directory.iterdir()]


def test_list_names_every_family(capsys):
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert all(f"{family.name} " in out for family in models.families())
    assert "--size 640 (a multiple of 32 from 32 to 1024), --classes 80 (1 to 10000), --dtype, --seed" in out


def test_make_writes_what_the_api_makes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["models", "make", "tiny-conv"]) == 0
    data = (tmp_path / "tiny-conv.tflite").read_bytes()
    assert data == models.make("tiny-conv")
    assert capsys.readouterr().out == "wrote tiny-conv.tflite: 9 872 bytes\n"
    assert _names(tmp_path) == ["tiny-conv.tflite"], "no temporary file stays behind"


def test_options_reach_the_family(tmp_path):
    path = tmp_path / "m.tflite"
    options = ["--size", "64", "--alpha", "0.5", "--classes", "3", "--dtype", "uint8-io", "--seed", "7"]
    assert main(["models", "make", "mobilenet-like", "-o", str(path), *options]) == 0
    assert path.read_bytes() == models.make("mobilenet-like", size=64, alpha=0.5, classes=3, dtype="uint8-io", seed=7)


def test_a_new_file_has_the_usual_rights(tmp_path):
    path = tmp_path / "m.tflite"
    before = os.umask(0o022)
    try:
        assert main(["models", "make", "tiny-conv", "-o", str(path)]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_an_existing_file_is_kept_without_force(tmp_path, capsys):
    path = tmp_path / "m.tflite"
    path.write_bytes(b"precious")
    assert main(["models", "make", "tiny-conv", "-o", str(path)]) == 3
    assert capsys.readouterr().err == f"omvsim: {path}: exists already (--force replaces it)\n"
    assert path.read_bytes() == b"precious"
    assert main(["models", "make", "tiny-conv", "-o", str(path), "--force"]) == 0
    assert path.read_bytes() == models.make("tiny-conv")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nonsense"], "nonsense: is not a model family; the families are"),
        (["tiny-conv", "--size", "97"], "--size 97: must be a multiple of 16 from 16 to 1024"),
        (["tiny-conv", "--size", "wide"], "--size wide: is not a number"),
        (["lstm", "--alpha", "1"], "--alpha: lstm has no such option; it has classes, dtype, seed"),
        (["tiny-conv", "-o", "missing/m.tflite"], "missing/m.tflite: cannot be written (No such file or directory)"),
    ],
)
def test_one_line_and_exit_code_3(tmp_path, monkeypatch, capsys, arguments, line):
    monkeypatch.chdir(tmp_path)
    assert main(["models", "make", *arguments]) == 3
    err = capsys.readouterr().err
    assert err.startswith(f"omvsim: {line}")
    assert err.count("\n") == 1
    assert _names(tmp_path) == []


def test_a_failed_write_leaves_nothing_behind(tmp_path, capsys):
    target = tmp_path / "directory"
    target.mkdir()
    assert main(["models", "make", "tiny-conv", "-o", str(target), "--force"]) == 3
    assert "directory: cannot be written (Is a directory)" in capsys.readouterr().err
    assert _names(tmp_path) == ["directory"]
