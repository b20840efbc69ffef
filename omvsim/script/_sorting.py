"""``sorted`` and ``list.sort``: the interpreter's quicksort, which calls the key function at every comparison.

Facts: micropython/micropython v1.26.0 ``py/objlist.c``: the last item is the pivot; equal items may change places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def quicksort(
    items: list[Any], less: Callable[[Any, Any], bool], key: Callable[[Any], Any] | None, reverse: bool
) -> None:
    """Sort ``items`` in place with the camera's order of comparisons."""
    keyed = key or (lambda item: item)
    wanted = not reverse
    pending = [(0, len(items) - 1)]
    while pending:
        low, high = pending.pop()
        if low >= high:
            continue
        left, right = low - 1, high
        pivot = keyed(items[high])
        while True:
            left += 1
            while left < right and less(keyed(items[left]), pivot) is wanted:
                left += 1
            right -= 1
            while left < right and less(pivot, keyed(items[right])) is wanted:
                right -= 1
            if left >= right:
                break
            items[left], items[right] = items[right], items[left]
        items[left], items[high] = items[high], items[left]
        first, second = (low, right), (left + 1, high)
        if right - low < high - left - 1:
            pending += [second, first]
        else:
            pending += [first, second]
