"""``--jobs``: how many processes share the work."""

from __future__ import annotations


def process_count(text: str) -> int:
    """The value of ``--jobs``, for argparse."""
    from argparse import ArgumentTypeError

    from omvsim.workers import MOST

    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST)) or not 1 <= int(text) <= MOST:
        raise ArgumentTypeError(f"must be between 1 and {MOST}")
    return int(text)


__all__ = ["process_count"]
