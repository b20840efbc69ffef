"""The host's own collector while a script runs: what there was before is none of its business.

The camera's objects are the host's, and a collection of the camera's asks the host which of them nothing holds. Asked
with everything else set aside (``gc.freeze``), that takes as long as the script has objects. What is taken back counts
as old, and Python looks through the old only once enough that is new has grown old beside it: what runs leave, machines
whose parts hold each other, would stay for ever. So that is collected here, by a rule like Python's own.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SPARE = 400_000
"""Blocks of the host's memory, some 30 MB, that may come before what is old is looked through again."""


class _Old:
    """Blocks at which that is due."""

    limit = SPARE


@contextmanager
def host_aside() -> Iterator[None]:
    """Leave the host's objects out of collections made inside; where they are many, collect those of former runs."""
    if sys.getallocatedblocks() > _Old.limit:
        gc.collect()
        count = sys.getallocatedblocks()
        _Old.limit = count + max(SPARE, count // 4)  # a quarter, as Python waits for (Modules/gcmodule.c)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


__all__ = ["SPARE", "host_aside"]
