"""The library's post-processing, our own implementation: how many boxes a model finds, before and after suppression.

Importing this package imports numpy; what the same post-processing costs on the heap
(:mod:`omvsim.firmware.charges`) does not.
"""

from omvsim.postprocess._postprocess import outputs_of, postprocess
from omvsim.postprocess._suppress import suppress
from omvsim.postprocess._types import Candidates, Detection, Output, PostprocessError, Result, Settings

__all__ = [
    "Candidates",
    "Detection",
    "Output",
    "PostprocessError",
    "Result",
    "Settings",
    "outputs_of",
    "postprocess",
    "suppress",
]
