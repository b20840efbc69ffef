"""What a new user types: near words are named, every help ends with examples that work, a shell completes."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import COMMANDS, build_parser
from omvsim.cli.completion import SHELLS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["exce", "main.py"], "no command 'exce'; did you mean 'exec'?; known are run, exec, "),
        (["frobnicate"], "no command 'frobnicate'; known are run, exec, "),
        (["rum", "m.tflite"], "no command 'rum'; did you mean 'run'?; known are run, exec, "),
        (["yolo.tflite"], "no command 'yolo.tflite'; did you mean 'omvsim run yolo.tflite'?"),
        (["main.py"], "no command 'main.py'; did you mean 'omvsim exec main.py'?"),
        (["a.omv"], "no command 'a.omv'; did you mean 'omvsim report tree a.omv'?"),
        (["gate", "--init"], "no option '--init'; did you mean 'init'?"),
        (["run", "m.tflite", "--frimware", "4.7.0"], "no option '--frimware'; did you mean '--firmware'?"),
        (["run", "m.tflite", "--xyz"], "no option '--xyz'"),
        (["what-if", "min", "m.tflite", "--parm", "gc[2].size"], "no option '--parm'; did you mean '--param'?"),
        (["what-if", "min", "m", "--param", "x", "--rnge", "1..2"], "no option '--rnge'; did you mean '--range'?"),
        (["run", "-y", "m.tflite"], "nothing takes '-y'"),
        (["run", "m.tflite", "n.tflite"], "nothing takes 'n.tflite'"),
    ],
)
def test_what_was_meant(omvsim: Run, words: list[str], said: str) -> None:
    done = omvsim(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err.splitlines()[-1]


def test_what_stands_behind_two_dashes_is_no_option(omvsim: Run) -> None:
    assert omvsim("run", "--", "--frimware").err.startswith("omvsim: --frimware: ")


def test_version_names_what_an_answer_depends_on() -> None:
    done = subprocess.run([sys.executable, "-m", "omvsim", "--version"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"omvsim \d+\.\d+\.\d+", lines[0])
    assert lines[1].startswith("Python 3.")
    assert lines[2].startswith("TFLite runtime: ")
    assert "openmv-rt1062: 17 releases, 4.5.0 to 5.0.0 (4.8.1 unless told)" in lines


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_examples(command: str, omvsim: Run) -> None:
    done = omvsim(command, "--help")
    assert done.code == 0
    examples = import_module(f"omvsim.cli.{command.replace('-', '_')}").EXAMPLES
    assert done.out.endswith("examples:\n" + "".join(f"  omvsim {example}\n" for example in examples))


def actions_of(command: str) -> list[str]:
    parser = build_parser(command).below(command)
    choices = [each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return [name for found in choices for name in found]


@pytest.mark.parametrize(("command", "action"), [(name, action) for name in COMMANDS for action in actions_of(name)])
def test_help_of_an_action_ends_with_its_examples(command: str, action: str, omvsim: Run) -> None:
    _, examples, shown = omvsim(command, action, "--help").out.partition("examples:\n")
    assert examples
    assert shown.splitlines()
    assert all(line.split()[:3] == ["omvsim", command, action] for line in shown.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_are_understood(command: str) -> None:
    for example in import_module(f"omvsim.cli.{command.replace('-', '_')}").EXAMPLES:
        words = re.split(r" (?:>|>>|\|) ", example)[0].split()
        assert build_parser(command).parse_args(words).command == command


def complete(folder: Path, line: str) -> set[str]:
    """What a shell is offered at the end of ``line``, by the protocol of argcomplete."""
    answer = folder / "answer"
    subprocess.run(
        [sys.executable, "-m", "omvsim"],
        env={
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "_ARGCOMPLETE_IFS": "\n",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "PYTHONPATH": ":".join(sys.path),
        },
        check=False,
        timeout=60,
    )
    return {word.strip() for word in answer.read_text(encoding="utf-8").splitlines()}


def test_commands_are_completed(tmp_path: Path) -> None:
    assert complete(tmp_path, "omvsim re") == {"releases", "replay", "report"}


def test_options_of_an_action_are_completed(tmp_path: Path) -> None:
    assert complete(tmp_path, "omvsim what-if min --pa") == {"--param"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_takes_the_code(shell: str, omvsim: Run) -> None:
    done = omvsim("completion", shell)
    assert "omvsim" in done.out
    program = shutil.which(shell)
    if program is None or shell in ("fish", "powershell"):
        return
    subprocess.run([program, "-n", "-c", done.out], check=True, timeout=60)


def on_the_path(folder: Path) -> dict[str, str]:
    """An environment in which ``omvsim`` is this one."""
    command = folder / "bin" / "omvsim"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omvsim "$@"\n')
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": ":".join(sys.path)}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes(omvsim: Run, tmp_path: Path) -> None:
    """What a press of the key does: the function that the code registers, with the line as bash has it."""
    asked = (
        "COMP_WORDS=(omvsim re); COMP_CWORD=1; COMP_LINE='omvsim re'; COMP_POINT=9; COMP_TYPE=9;"
        "$(complete -p omvsim | sed 's/.*-F \\([^ ]*\\).*/\\1/') omvsim re omvsim; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        ["bash", "-c", f"{omvsim('completion', 'bash').out}\n{asked}"],
        env=on_the_path(tmp_path), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert {word.strip() for word in done.stdout.splitlines()} == {"releases", "replay", "report"}


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_fish_completes(omvsim: Run, tmp_path: Path) -> None:
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"{omvsim('completion', 'fish').out}\ncomplete -C 'omvsim re'"],
        env=on_the_path(tmp_path), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert {line.split("\t")[0] for line in done.stdout.splitlines()} == {"releases", "replay", "report"}


def test_powershells_code_is_well_formed_and_asks_rightly(omvsim: Run, tmp_path: Path) -> None:
    """PowerShell itself is seldom at hand: its grammar takes the code, and what it sets omvsim answers to.

    The variables are those that the code assigns, with what PowerShell hands the block for each.
    """
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("tree_sitter_powershell")
    code = omvsim("completion", "powershell").out
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    known = re.sub(
        r"Env:\\\w+", r"'\g<0>'", code
    )  # the grammar does not know a drive's path in a list unless it is a text
    assert not parser.parse(known.encode()).root_node.has_error
    assert parser.parse(known.replace("}", "", 1).encode()).root_node.has_error  # it does look

    answer, line = tmp_path / "answer", "omvsim re"
    handed = {"$completion_file": str(answer), "$wordToComplete": line, "$cursorPosition": str(len(line)), '"`n"': "\n"}
    sets = re.findall(r"^ *\$env:(\w+) = (.+)$", code, re.MULTILINE)
    variables = {name: handed.get(value, value.strip('"')) for name, value in sets}
    assert set(handed.values()) <= set(variables.values())
    command, environment = [sys.executable, "-m", "omvsim"], {**on_the_path(tmp_path), **variables}
    subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)  # as into Out-Null
    words = {word.strip() for word in answer.read_text(encoding="utf-8").splitlines()}
    assert words == {"releases", "replay", "report"}
    removed = re.search(r"Remove-Item (.*)", code)
    assert removed is not None
    assert all(f"Env:\\{name}" in removed[1] for name in variables)  # nothing of it stays in the session
