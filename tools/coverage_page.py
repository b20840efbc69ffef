"""Writes ``docs/coverage.md``: every module of the camera with the fidelity of its names.

``python -m tools.coverage_page`` writes the page; ``tests/docs/test_coverage.py`` holds it against the code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim.boards import load_board
from omvsim.modules.fidelity import Fidelity
from omvsim.runs import ScriptOptions
from omvsim.runs.boot import boot
from omvsim.runs.coverage.listing import modules_of
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.runs.coverage.listing import Worth

PAGE: Final = Path(__file__).parents[1] / "docs" / "coverage.md"
RELEASES: Final = ("4.8.1", "5.0.0")
HEAD: Final = """# What is known of each module

<!-- setup: printf 'import gc\\ngc.collect()\\n' > main.py -->
```sh
omvsim exec --coverage main.py
omvsim exec --coverage main.py --firmware 5.0.0 --json
```

lists what a script uses of the camera, line by line, without running it: its text is parsed as the camera parses it,
and each name is looked up in the release's firmware. Every name is one of

* **simulated**: values and memory are the camera's;
* **charged**: the memory is the camera's, the values are stand-ins, which the report of a run names;
* **absent**: the camera itself raises (`ImportError`, `AttributeError`, "This function is unavailable …");
* **unknown**: a run that gets there ends as not known (exit code 15) and names the call.

The exit code is 15 when something unknown is used, else 14 when something absent is, else 0. Variables are followed
without regard to order and branches; a method of an object that cannot be followed stands as `.name()` with the worst
fidelity that a type has for it. Rare uses of a simulated call may be unknown, which stands beside it where it is so for
whole groups of arguments. Keywords are not listed: a wrong one raises in a run as on the camera.

The tables are written by `python -m tools.coverage_page`. Names that are not listed are simulated.
"""


def page() -> str:
    """The whole text."""
    return "\n".join([HEAD, *(line for release in RELEASES for line in _release(release))])


def _release(release: str) -> Iterator[str]:
    session = ScriptSession(load_board("openmv-rt1062", firmware=release), Path("main.py"), ScriptOptions(), b"")
    boot(session.vm, session.board)
    yield f"## {release} on the RT1062\n"
    yield "| module | simulated | charged | absent | unknown |"
    yield "|---|--:|---|---|---|"
    for name, names in modules_of(session.vm).items():
        if len(names) == 1 and names[0][0] == name and names[0][1] is Fidelity.UNKNOWN:
            yield f"| `{name}` | | | | all of it |"
            continue
        simulated = sum(worth is Fidelity.SIMULATED for _, worth, _ in names)
        lists = (_list(names, worth) for worth in (Fidelity.CHARGED, Fidelity.ABSENT, Fidelity.UNKNOWN))
        yield f"| `{name}` | {simulated} | {' | '.join(lists)} |"
    yield ""


def _list(names: Sequence[Worth], wanted: Fidelity) -> str:
    return ", ".join(f"`{name}`" for name, worth, _ in names if worth is wanted)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
