"""What would have to change? Configurations by search, by grid and by recommendation.

>>> from omvsim.whatif import Configuration, EdgeSearch, Evaluator
>>> edge = EdgeSearch(Evaluator(), Configuration("model.tflite"), "gc[2].size").run()
>>> edge.smallest, edge.may_crash
"""

from __future__ import annotations

from omvsim.whatif._configuration import RUN_KEYS, Configuration
from omvsim.whatif._edge import Edge, EdgeSearch, Range
from omvsim.whatif._evaluate import Evaluator, Outcome

__all__ = [
    "Configuration",
    "RUN_KEYS",
    "Evaluator",
    "Outcome",
    "EdgeSearch",
    "Edge",
    "Range",
]
