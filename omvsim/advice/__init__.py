"""What to do about a run that fails: why it does, and the cheapest ways out, each tried on the simulated camera."""

from omvsim.advice._advice import Advice, suggest
from omvsim.advice._case import Case
from omvsim.advice._diagnosis import Diagnosis, diagnose
from omvsim.advice._script import ScriptChange, ScriptEnd, suggest_for_script
from omvsim.advice._tf_result import LaterRelease, TfExplanation, explain_tf_result, later_releases
from omvsim.advice._variant import Effort, Variant
from omvsim.advice._variants import cheaper_variants

__all__ = [
    "Advice",
    "Case",
    "Diagnosis",
    "Effort",
    "LaterRelease",
    "TfExplanation",
    "Variant",
    "cheaper_variants",
    "ScriptChange",
    "ScriptEnd",
    "suggest_for_script",
    "diagnose",
    "explain_tf_result",
    "later_releases",
    "suggest",
]
