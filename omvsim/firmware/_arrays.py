"""Dense arrays of ulab: most dimensions, and the bytes of their data.

Sources: v923z/micropython-ulab 20f7259a (releases 4.6.0 to 4.8.1) and d1614433 (5.0.0), ``code/ndarray.c``
(``multiply_size``, ``ndarray_new_ndarray``); 65c941a8 and ac2e9954 (4.5.x) have the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DIMENSIONS = 4
"""``ULAB_MAX_DIMS``."""
_SIZE_MAX = 0xFFFF_FFFF


def dense_bytes(shape: Sequence[int], itemsize: int) -> int:
    """Bytes of the data of a new array; one without values gets room for one.

    Raises:
        DeviceValueError: its size does not fit the device's ``size_t``; asked after the object and the strides.
    """
    count = 1
    for length in reversed(shape):
        count *= length
        if count > _SIZE_MAX:
            raise _too_large("array is too big", shape, itemsize)
    count = count if shape else 0
    if _SIZE_MAX // itemsize <= count:
        raise _too_large("ndarray length overflows", shape, itemsize)
    return itemsize * max(1, count)


def _too_large(text: str, shape: Sequence[int], itemsize: int) -> DeviceValueError:
    error = DeviceValueError(text)
    lengths = "x".join(map(str, shape))
    error.because = f"an array of {lengths} values of {itemsize} bytes is larger than a 32-bit processor can address"
    return error
