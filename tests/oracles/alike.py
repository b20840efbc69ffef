"""Many small texts run on MicroPython's own build and on the interpreter, and where what they print differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.micropython.types._machine import run
from tests.oracles.npm import run_micropython

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "@@ "
SHOWN = 400
RUN_ALL = """
for _number, _text in enumerate(_texts):
    print('@@', _number)
    try:
        exec(_text)
    except BaseException as _e:
        print('ended by', type(_e).__name__, _e)
"""


class Differs(NamedTuple):
    """A text of which the two print something else."""

    text: str
    ours: list[str]
    theirs: list[str]

    def __str__(self) -> str:
        pairs = zip([*self.ours, "(end)"], [*self.theirs, "(end)"], strict=False)
        first = next((pair for pair in pairs if pair[0] != pair[1]), None)
        text = self.text if len(self.text) < SHOWN else self.text[:SHOWN] + " …"
        return f"{text}\n--- ours: {first[0]!r}\n--- MicroPython: {first[1]!r}" if first else text


def differences(texts: Sequence[str], folder: Path, prelude: str = "") -> list[Differs]:
    """The texts that differ; each runs after the same prelude, and what it raises is printed."""
    source = f"{prelude}\n_texts = [\n" + "".join(f"    {text!r},\n" for text in texts) + "]\n" + RUN_ALL
    file = folder / "script.py"
    file.write_text(source, encoding="utf-8")
    theirs = _sections(run_micropython(file, heap=4 << 20))
    ours = _sections(run(source, size=8 << 20).text)
    assert len(theirs) == len(texts), theirs[-1:]
    assert len(ours) == len(texts), ours[-1:]
    found = zip(texts, ours, theirs, strict=True)
    return [Differs(text, mine, other) for text, mine, other in found if mine != other]


def assert_alike(texts: Sequence[str], folder: Path, prelude: str = "") -> None:
    """No text differs; the first three that do are shown."""
    found = differences(texts, folder, prelude)
    assert not found, f"{len(found)} of {len(texts)} differ\n" + "\n\n".join(map(str, found[:3]))


def _sections(text: str) -> list[list[str]]:
    """Printed lines by text."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith(HEAD):
            found.append([])
        elif found:
            found[-1].append(line)
    return found
