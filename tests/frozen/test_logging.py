"""``logging``: what is said, where it goes, what that asks for.

The requests were made by the interpreter from micropython-lib's own file, put on the camera's flash, with the same
script.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from omvsim.runs import Outcome
from tests.frozen.test_hosts import HERE, asked, run

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = (
    "import logging\n"
    + HERE
    + """logging.basicConfig(level=logging.INFO)
log = logging.getLogger("cam")
log.info("hello %d", 3)
log.debug("no %s", "x")
log.error("err %(a)s", {"a": 5})
log.warning("w")
logging.critical("bad %d %d", 1, 2)
logging.info("i")
log.exception("oops")
logging.exception("oops %d", 4)
h = logging.FileHandler("/flash/l.txt", "w")
h.setFormatter(logging.Formatter("%(name)s|%(levelname)s|%(message)s"))
h.setLevel(logging.DEBUG)
log.addHandler(h)
log.setLevel(logging.DEBUG)
log.debug("to file")
h.close()
print(open("/flash/l.txt").read(), log.hasHandlers(), log.isEnabledFor(10), log.getEffectiveLevel())
logging.addLevelName(35, "LOUD")
logging.getLogger("b").log(35, "x")
logging.basicConfig(format="%(message)s!", level=10, force=True)
logging.debug("again")
"""
)
SAID = """INFO:cam:hello 3
ERROR:cam:err 5
WARNING:cam:w
CRITICAL:root:bad 1 2
INFO:root:i
ERROR:cam:oops
ERROR:root:oops 4
cam|DEBUG|to file
 True True 10
LOUD:b:x
again!
"""
IMPORTED = [
    *(16, 16, 8, 16, 16, 12, 32, 48, 64, 80, 96, 16, 48, 136, 16, 16, 16, 16, 16, 32, 60, 184, 16, 16, 16, 12, 20, 32),
    *(16, 16, 48, 16, 16, 64, 60, 16, 16, 8, 16, 12, 20, 16, 32, 16, 16, 48, 12, 64, 16, 16, 8, 16, 16, 24, 16, 32),
    *(16, 16, 12, 64, 16, 16, 16, 16, 24, 32, 16, 16, 48, 16, 60, 16, 16, 16, 12, 20, 32, 16, 16, 48, 16, 16, 64, 16),
    *(16, 80, 16, 16, 96, 16, 16, 16, 20, 136, 16, 16, 60, 12, 20, 232, *[16] * 6, 296, 16, 16, 20, 16, 16, 40, 48),
]


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_what_is_said(tmp_path: Path, release: str) -> None:
    result = run(tmp_path, SCRIPT, release=release)
    sizes = asked(result)
    assert result.output == SAID
    assert (len(sizes), zlib.crc32(",".join(map(str, sizes)).encode())) == (250, 3838537149)


def test_the_import(tmp_path: Path) -> None:
    assert asked(run(tmp_path, "import io, time\n" + HERE + "import logging\n")) == IMPORTED


@pytest.mark.parametrize(
    "text",
    ["shutdown()", "exception('x', exc_info=ValueError(3))", "getLogger().exception('x', a=1)"],
)
def test_what_is_not_known(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, f"import logging\nlogging.{text}\n").outcome is Outcome.NOT_MODELLED
