"""What would have to change? Configurations by search, by grid and by recommendation.

>>> from omvsim.whatif import Configuration, EdgeSearch, Evaluator
>>> edge = EdgeSearch(Evaluator(), Configuration("model.tflite"), "gc[2].size").run()
>>> edge.smallest, edge.may_crash
"""

from __future__ import annotations

from omvsim.whatif._compare import Comparison, Difference, compare
from omvsim.whatif._configuration import RUN_KEYS, Configuration
from omvsim.whatif._edge import Edge, EdgeSearch, Range
from omvsim.whatif._evaluate import Evaluator, Outcome
from omvsim.whatif._goals import Goals, parse_goals
from omvsim.whatif._largest import Rung, best_rung, largest_frame, largest_model
from omvsim.whatif._matrix import load_matrix
from omvsim.whatif._paste import board_config, board_toml, header_of
from omvsim.whatif._recommend import Proposal, Recommendation, recommend
from omvsim.whatif._sweep import columns_of, run_rows
from omvsim.whatif._table import Table
from omvsim.whatif._vary import Axis, Plan, axis_of, parse_axis

__all__ = [
    # one configuration
    "Configuration",
    "RUN_KEYS",
    "Evaluator",
    "Outcome",
    # its edge along one value
    "EdgeSearch",
    "Edge",
    "Range",
    "largest_frame",
    "largest_model",
    "best_rung",
    "Rung",
    # many
    "Axis",
    "Plan",
    "axis_of",
    "parse_axis",
    "run_rows",
    "Table",
    "columns_of",
    "load_matrix",
    # what to choose
    "recommend",
    "Recommendation",
    "Proposal",
    "board_config",
    "header_of",
    "Goals",
    "parse_goals",
    "board_toml",
    # two side by side
    "compare",
    "Comparison",
    "Difference",
]
