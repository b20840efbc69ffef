"""What to do about a run that fails: why it does, and the cheapest ways out, each tried on the simulated camera.

Everything is imported when it is first asked for: a run that works has nothing to look for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omvsim.advice._advice import Advice, suggest
    from omvsim.advice._diagnosis import Diagnosis, diagnose
    from omvsim.advice._script_again import ways_out_of_script
    from omvsim.advice._tf_result import LaterRelease, TfExplanation, explain_tf_result, later_releases
    from omvsim.advice._variant import Effort, Variant
    from omvsim.advice._variants import cheaper_variants
    from omvsim.advice._wording import LUCK, STILL, headline_of, no_way_out, reasons_of

_LATER = {
    "_advice": ("Advice", "suggest"),
    "_diagnosis": ("Diagnosis", "diagnose"),
    "_script_again": ("ways_out_of_script",),
    "_tf_result": ("LaterRelease", "TfExplanation", "explain_tf_result", "later_releases"),
    "_variant": ("Effort", "Variant"),
    "_variants": ("cheaper_variants",),
    "_wording": ("LUCK", "STILL", "headline_of", "no_way_out", "reasons_of"),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            return getattr(importlib.import_module(f"omvsim.advice.{module}"), name)
    raise AttributeError(f"module 'omvsim.advice' has no attribute {name!r}")


__all__ = [
    "LUCK",
    "STILL",
    "Advice",
    "Diagnosis",
    "Effort",
    "LaterRelease",
    "TfExplanation",
    "Variant",
    "cheaper_variants",
    "diagnose",
    "explain_tf_result",
    "headline_of",
    "later_releases",
    "no_way_out",
    "reasons_of",
    "suggest",
    "ways_out_of_script",
]
