"""The quicksort of lists (py/objlist.c, mp_quicksort).

Not stable: which of two equal items comes first follows from the swaps, and a key function is called for the pivot and
at each comparison, so its requests come in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def quicksort(vm: Machine, items: list[Value], key: Value, *, less: bool) -> None:
    """Sort in place. ``less``: what ``a < b`` gives where a belongs before b (False: backwards).

    A key function may change the list; what is sorted are the items it had.
    """
    work = list(items)
    try:
        _Sorter(vm, work, key, less=less).run(0, len(work) - 1)
    finally:
        if len(items) == len(work):
            items[:] = work


class _Sorter:
    def __init__(self, vm: Machine, work: list[Value], key: Value, *, less: bool) -> None:
        self.vm = vm
        self.work = work
        self.key = key
        self.less = less

    def _value(self, at: int) -> Value:
        item = self.work[at]
        return item if self.key is None else self.vm.call(self.key, (item,))

    def _before(self, left: Value, right: Value) -> bool:
        return self.vm.binary(BinaryOp.LESS, left, right) is self.less

    def run(self, head: int, tail: int) -> None:
        """From ``head`` to ``tail``, both included; the last is the pivot, the shorter side goes first."""
        self.vm.check_stack()
        work = self.work
        while head < tail:
            low, high = head - 1, tail
            pivot = self._value(tail)
            while True:
                low += 1
                while low < high and self._before(self._value(low), pivot):
                    low += 1
                high -= 1
                while low < high and self._before(pivot, self._value(high)):
                    high -= 1
                if low >= high:
                    break
                work[low], work[high] = work[high], work[low]
            work[low], work[tail] = work[tail], work[low]
            if high - head < tail - low - 1:
                self.run(head, high)
                head = low + 1
            else:
                self.run(low + 1, tail)
                tail = high


__all__ = ["quicksort"]
