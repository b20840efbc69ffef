"""What can go wrong between a model and the runtime."""

from __future__ import annotations

from omvsim.errors import InputError, ModelError


class RefusedError(ModelError):
    """The runtime cannot load or run this model; the memory prediction does not depend on it."""


class GraphMismatchError(ModelError):
    """The graph that the arena was planned from is not the graph that the runtime runs."""


class InputDataError(InputError):
    """Input data (a picture, an array) does not fit the model."""
