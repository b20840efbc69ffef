"""What differs between the MicroPythons of the releases, as far as a script notices: one row a measured release.

Each flag says what the newer one does, and where it was read (``git diff v1.26.0 v1.28.0 -- py``). The names and error
texts of a row lie in ``data`` under the release's number.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Dialect(NamedTuple):
    """MicroPython as one release of OpenMV has it."""

    release: str
    """Of OpenMV."""
    version: tuple[int, int, int]
    """Of MicroPython."""
    built: str
    """Day of the build. A stand-in, the release's: the real one is in nobody's hands but the builder's."""
    plain_errors: frozenset[str]
    """Error texts that are not compressed: ``SIZE_FMT`` stands in the middle of them since 1.28 (py/runtime.c)."""
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


_V1_26: Final = Dialect(
    release="4.8.1",
    version=(1, 26, 0),
    built="2025-12-22",
    plain_errors=frozenset(),
    product_in_machine_word=False,
    zip_makes_tuple_late=False,
    grouped_zeroes=False,
    hex_of_nothing_is_text=False,
    view_has_length=False,
    range_gives_big_ints=False,
    folds_matrix_product=False,
    template_strings=False,
    imports_bound_methods=False,
    main_has_file=False,
    hard_timers=False,
    accepts_late=False,
    state_of_packets=5,
    rtc_has_microseconds=False,
    start_is_guarded=True,
)
_V1_28: Final = Dialect(
    release="5.0.0",
    version=(1, 28, 0),
    built="2026-06-29",
    plain_errors=frozenset({"memory allocation failed, allocating %u bytes"}),
    product_in_machine_word=True,
    zip_makes_tuple_late=True,
    grouped_zeroes=True,
    hex_of_nothing_is_text=True,
    view_has_length=True,
    range_gives_big_ints=True,
    folds_matrix_product=True,
    template_strings=True,
    imports_bound_methods=True,
    main_has_file=True,
    hard_timers=True,
    accepts_late=True,
    state_of_packets=4,
    rtc_has_microseconds=True,
    start_is_guarded=False,
)
DIALECTS: Final = {row.release: row for row in (_V1_26, _V1_28)}
"""By release of OpenMV, oldest first."""

__all__ = ["DIALECTS", "Dialect"]
