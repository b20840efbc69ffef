"""Two captures side by side: what moved, grew and shrank, and which request decided."""

from omvsim.compare._compare import compare_captures
from omvsim.compare._types import Change, Comparison, Deciding, FigurePair, Held, Parting

__all__ = ["Change", "Comparison", "Deciding", "FigurePair", "Held", "Parting", "compare_captures"]
