"""What differs between the MicroPythons of the releases, as far as a script notices: one row a version.

Each field says what the newer one does, and where it was read (``git diff v1.26.0 v1.28.0 -- py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of MicroPython."""

    version: str
    product_in_machine_word: bool
    """A product of small ints that fits 32 bits becomes a big int at once (py/runtime.c, MULTIPLY and POWER)."""
    zip_makes_tuple_late: bool
    """``zip`` asks for its tuple after the first iterator gave something (py/objzip.c)."""
    grouped_zeroes: bool
    """Zero padding takes part in the grouping of ``,`` and ``_`` (py/mpprint.c)."""
    hex_of_nothing_is_text: bool
    """``b"".hex()`` is a str (py/objstr.c, mp_obj_bytes_hex)."""
    view_has_length: bool
    """Views of a dict answer what the dict does: ``len``, ``bool`` (py/objdict.c, dict_view_unary_op)."""
    range_gives_big_ints: bool
    """Values of a range beyond 31 bits are big ints instead of wrapping (py/objrange.c)."""
    folds_matrix_product: bool
    """The parser tries ``1 @ 2``, and the TypeError is garbage, before it leaves it to the compiler (py/parse.c)."""
    template_strings: bool
    """There are t-strings; arguments of f-strings are put into the stream, which lets them nest (py/lexer.c)."""
    imports_bound_methods: bool
    """``from instance import method`` gives a bound method instead of ImportError (py/runtime.c, mp_import_from)."""
    main_has_file: bool
    """The main script's names get ``__file__`` when it was parsed (shared/runtime/pyexec.c)."""
    hard_timers: bool
    """``Timer(hard=True)`` (extmod/machine_timer.c)."""
    accepts_late: bool
    """``accept()`` asks for the new socket when somebody has connected, not before (extmod/modlwip.c)."""
    state_of_packets: int
    """``STATE_ACTIVE_UDP`` (extmod/modlwip.c)."""
    rtc_has_microseconds: bool
    """``RTC().datetime()`` ends with microseconds, and ``init()`` wants the same tuple (ports/mimxrt/machine_rtc.c)."""
    start_is_guarded: bool
    """What is raised while an uncaught exception is printed is printed too, instead of stopping the camera
    (``mp_exec_bootscript`` in OpenMV's common/mp_utils.c, which went when ``boot.py`` was started otherwise)."""


DIALECTS: Final = {
    "1.26": Dialect("1.26", *(False,) * 11, False, 5, False, start_is_guarded=True),
    "1.28": Dialect("1.28", *(True,) * 11, True, 4, True, start_is_guarded=False),
}
"""By version of MicroPython: 1.26 is OpenMV 4.8.1's, 1.28 is 5.0.0's."""

__all__ = ["DIALECTS", "Dialect"]
