"""One file an operator family; :func:`rules_for` puts them together for a kernel set."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from omvsim.tflm.operators import (
    _activation,
    _arithmetic,
    _control,
    _conv,
    _dense,
    _eval_arithmetic,
    _eval_layers,
    _eval_shape,
    _pooling,
    _rearrange,
    _recurrent,
    _reduce,
    _shape,
    _signal,
)
from omvsim.tflm.operators._eval import Check

if TYPE_CHECKING:
    from omvsim.tflm._rules import Rule

__all__ = ["rules_for", "checks_for", "Check"]

_COMMON = (_activation, _arithmetic, _control, _dense, _pooling, _rearrange, _reduce, _shape, _signal)
_CMSIS_NN = (_activation, _arithmetic, _conv, _dense, _pooling, _recurrent)

_LIBTF = (_activation, _arithmetic, _conv, _dense, _pooling, _recurrent, _reduce, _shape)


@cache
def rules_for(kernels: str) -> dict[str, Rule]:
    """Rules by operator name of a kernel set: ``cmsis_nn``, ``libtf``, ``libtf-4.5.0`` or ``reference``."""
    rules: dict[str, Rule] = {}
    for family in _COMMON:
        rules |= family.COMMON
    for family in _CMSIS_NN:
        rules |= family.CMSIS_NN
    if kernels.startswith("libtf"):
        for family in _LIBTF:
            rules |= family.LIBTF
        if kernels == "libtf-4.5.0":
            rules |= _activation.LIBTF_450
    elif kernels == "reference":
        from omvsim.tflm.operators._reference import REFERENCE  # noqa: PLC0415 - only tests run that build

        rules |= REFERENCE
    return rules


@cache
def checks_for() -> dict[str, Check]:
    """What each kernel's Eval takes, by operator name; one that is not there takes whatever its Prepare took."""
    checks: dict[str, Check] = {}
    for family in (_eval_arithmetic, _eval_layers, _eval_shape):
        checks |= family.EVAL
    return checks
