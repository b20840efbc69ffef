"""A recorded event as it stands in a trace (``docs/traces.md``): what each kind of it has.

Whoever reads a file checks the fields of each kind; here they have their types.
"""

from __future__ import annotations

from typing import TypedDict

Recorded = TypedDict(
    "Recorded",
    {
        "ev": str,
        "i": int,
        # requests of the GC heap
        "n": int,
        "addr": int | None,
        "in": int,
        "how": str,
        "fin": int,
        "locked": int,
        "ignored": int,
        # what it looked like
        "total": int,
        "used": int,
        "free": int,
        "max_free": int,
        "max_block": int,
        "num_1block": int,
        "num_2block": int,
        "areas": list[dict[str, int]],
        "chunks": list[list[int]],
        # pools
        "idx": int,
        "base": int,
        "end": int,
        "bytes": int,
        "usable": int,
        "flags": int,
        "alloc_size_max": int,
        "op": str,
        "size": int,
        "align": int,
        "caller": str,
        "block": int,
        "in_block": int,
        "persist": int,
        "pool": int,
        "pool_free": int,
        "pool_peak": int,
        "pool_persist": int,
        "pool_alloc_max": int,
        "avail": int,
        "freed": int,
        "nblocks": int,
        "blocks": list[list[int]],
        # the script's own
        "label": str,
        "key": str,
        "value": int | str,
        "text": str,
        # the header
        "config": str,
        "version": str,
        "mode": str,
        "model": str,
        "models": list[str],
        "script": str,
        "stdout": str,
        "areas_arg": list[object],
        "gc_areas": list[object],
        "uma_arg": list[object],
        "uma_blocks": list[object],
    },
    total=False,
)

__all__ = ["Recorded"]
