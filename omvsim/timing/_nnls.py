"""Non-negative least squares on normal equations, in plain Python (families have at most about thirty features).

The Lawson-Hanson active-set method; working on the Gram matrix makes leaving one model out as cheap as a subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TINY = 1e-10


@dataclass
class Gram:
    """Sums of products of weighted observations over named features."""

    names: tuple[str, ...]
    matrix: list[list[float]] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        if not self.matrix:
            self.matrix = [[0.0] * len(self.names) for _ in self.names]
            self.right = [0.0] * len(self.names)

    def add(self, features: Mapping[str, float], target: float, weight: float = 1.0) -> None:
        """Add one observation, its residual counted ``weight`` times."""
        row = [features.get(name, 0.0) * weight for name in self.names]
        filled = [i for i, value in enumerate(row) if value]
        for i in filled:
            for j in filled:
                self.matrix[i][j] += row[i] * row[j]
            self.right[i] += row[i] * target * weight
        self.count += 1

    def minus(self, other: Gram) -> Gram:
        """The sums without ``other``'s observations."""
        matrix = [[a - b for a, b in zip(x, y, strict=True)] for x, y in zip(self.matrix, other.matrix, strict=True)]
        right = [a - b for a, b in zip(self.right, other.right, strict=True)]
        return Gram(self.names, matrix, right, self.count - other.count)

    def solve(self) -> dict[str, float]:
        """Coefficients, none negative."""
        size = len(self.names)
        scale = [self.matrix[i][i] ** 0.5 if self.matrix[i][i] > _TINY else 0.0 for i in range(size)]
        matrix = [
            [self.matrix[i][j] / (scale[i] * scale[j]) if scale[i] and scale[j] else 0.0 for j in range(size)]
            for i in range(size)
        ]
        right = [self.right[i] / scale[i] if scale[i] else 0.0 for i in range(size)]
        solution = _lawson_hanson(matrix, right, [i for i in range(size) if scale[i]])
        return {name: solution[i] / scale[i] if scale[i] else 0.0 for i, name in enumerate(self.names)}


def _cholesky(matrix: Sequence[Sequence[float]], right: Sequence[float], active: Sequence[int]) -> list[float]:
    """Solve the active part (unit diagonal, slightly regularised: features of one family can be collinear)."""
    n = len(active)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            value = matrix[active[i]][active[j]] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = max(value + 1e-12, 1e-13) ** 0.5 if i == j else value / low[j][j]
    y = [0.0] * n
    for i in range(n):
        y[i] = (right[active[i]] - sum(low[i][k] * y[k] for k in range(i))) / low[i][i]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (y[i] - sum(low[k][i] * x[k] for k in range(i + 1, n))) / low[i][i]
    return x


def _lawson_hanson(matrix: list[list[float]], right: list[float], candidates: list[int]) -> list[float]:
    size = len(right)
    x = [0.0] * size
    active: list[int] = []
    for _ in range(6 * size + 10):
        gradient = [right[i] - sum(matrix[i][j] * x[j] for j in active) for i in range(size)]
        rest = [i for i in candidates if i not in active]
        best = max(rest, key=lambda i: gradient[i], default=-1)
        if best < 0 or gradient[best] <= _TINY * max(1.0, max(map(abs, right), default=1.0)):
            break
        active.append(best)
        while active:
            trial = dict(zip(active, _cholesky(matrix, right, active), strict=True))
            if min(trial.values()) > 0:
                x = [trial.get(i, 0.0) for i in range(size)]
                break
            step = min(x[i] / (x[i] - trial[i]) if x[i] > trial[i] else 0.0 for i in active if trial[i] <= 0)
            x = [x[i] + step * (trial[i] - x[i]) if i in trial else 0.0 for i in range(size)]
            active = [i for i in active if x[i] > _TINY and not (trial[i] <= 0 and x[i] <= _TINY)]
            x = [x[i] if i in active else 0.0 for i in range(size)]
    return x
