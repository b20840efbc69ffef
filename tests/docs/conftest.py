"""A folder in which a page's commands are run as a reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    code: int
    text: str
    """Standard output and error as they came, lines without trailing blanks."""


class Shell:
    """bash in a folder of its own, with ``omvsim`` on the path.

    Args:
        folder: an empty one.
        python: of an environment that omvsim is installed in; by default this one, with the checkout's omvsim.
    """

    def __init__(self, folder: Path, python: Path | None = None) -> None:
        self.folder = folder
        self.installed = python is not None
        self.python_command = str(python or sys.executable)
        command = folder / "bin" / "omvsim"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{self.python_command}" -m omvsim "$@"\n')
        command.chmod(0o755)

    def run(self, command: str) -> Done:
        environment = {
            **{key: value for key, value in os.environ.items() if not (self.installed and key.startswith("PYTHON"))},
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            **({} if self.installed else {"PYTHONPATH": str(ROOT)}),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
        }
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Done(done.returncode, "".join(line.rstrip() + "\n" for line in done.stdout.splitlines()))

    def console(self, block: str) -> str:
        """The block with the output of each of its ``$`` lines."""
        commands = [line for line in block.splitlines() if line.startswith("$ ")]
        return "".join(f"{line}\n{self.run(line[2:]).text}" for line in commands)

    def python(self, block: str) -> str:
        """The block with what each of its ``>>>`` lines evaluates to."""
        statements = [line for line in block.splitlines() if line.startswith(">>> ")]
        program = "import sys\nshell = __import__('code').InteractiveConsole()\n"
        program += "".join(f"print({line!r})\nsys.stdout.flush()\nshell.push({line[4:]!r})\n" for line in statements)
        (self.folder / "session.py").write_text(program, encoding="utf-8")
        return self.run(f'"{self.python_command}" session.py').text


def call(*command: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints; it must end with 0. Nothing of this environment is found by it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**environment, "COLUMNS": "100", **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def environment(folder: Path) -> Path:
    """The Python of a new environment."""
    call(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel and what its pages need."""
    python = environment(tmp_path_factory.mktemp("user") / "venv")
    call(python, "-m", "pip", "install", "-q", f"{wheel}[html]", "pyserial", cwd=wheel.parent)
    return python


@pytest.fixture(scope="module")
def new_shell(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Shell]:
    return lambda name, python=None: Shell(tmp_path_factory.mktemp(re.sub(r"\W", "-", name)), python)
