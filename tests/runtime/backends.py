"""Which runtimes this Python has, for parametrised tests."""

from __future__ import annotations

import pytest

from omvsim.errors import MissingExtraError
from omvsim.runtime import BACKENDS, Backend, find_backend


def _parameter(name: str) -> object:
    try:
        return pytest.param(find_backend(name), id=name)
    except MissingExtraError as error:
        return pytest.param(None, id=name, marks=pytest.mark.skip(reason=str(error)))


ALL_BACKENDS = [_parameter(name) for name in BACKENDS]

__all__ = ["ALL_BACKENDS", "Backend"]
