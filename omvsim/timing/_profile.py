"""What a processor and its memories cost, in cycles: from a board profile, a shipped timing profile, or a TOML file.

A timing file has ``name``, ``title``, ``clock_hz``, ``[cache]``, ``[memory.NAME]`` (``load_line``, ``store_line``,
``write_back`` as [low, nominal, high] core cycles per line, ``provenance``, ``source``) and optionally ``[core]``,
``[stream]``, ``[code]`` and ``[fit]``; what it leaves out comes from ``profiles/cortex-m7.toml``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.reading import read_text
from omvsim.records import NamedTuple, dataclass, field
from omvsim.shipped_toml import kept
from omvsim.timing._cache import LRU, RANDOM, Cache
from omvsim.timing._places import rooms_of
from omvsim.timing._types import Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board

FOLDER = Path(__file__).with_name("profiles")
BASE_PROFILE = FOLDER / "cortex-m7.toml"
_KEYS = {"name", "title", "clock_hz", "cache", "core", "stream", "code", "memory", "fit"}


class LineCost(NamedTuple):
    """Core cycles per cache line of one memory."""

    load: Range
    store: Range
    write_back: Range
    provenance: Provenance
    source: str

    @property
    def cached(self) -> bool:
        """Whether accesses go through the cache at all (tightly coupled memory costs nothing)."""
        return self.load.high > 0


@dataclass(frozen=True)
class TimingProfile:
    """Everything the cycle layer needs; each constant with its source."""

    name: str
    title: str
    clock_hz: int
    cache: Cache
    issue: Range
    mispredict: Range
    stream: Range
    code_lines: Range
    memories: Mapping[str, LineCost]
    core_provenance: Provenance
    core_source: str
    rooms: Mapping[str, int] = field(default_factory=dict)
    """Bytes of the largest area in each memory that something can be moved to; empty where no board is known."""
    fit: Mapping[str, Any] = field(default_factory=dict)
    """Statistics of the calibration behind the constants, empty when there was none."""

    def memory(self, name: str) -> LineCost:
        """Costs of memory ``name`` (``dtcm``, ``ocram``, ``sdram``, ``flash`` …).

        Raises:
            BoardError: the profile has no such memory.
        """
        if name not in self.memories:
            raise BoardError(self.name, f"no timing for memory {name!r}; known are {', '.join(sorted(self.memories))}")
        return self.memories[name]


def shipped_profiles() -> tuple[str, ...]:
    """Names of the timing profiles that ship with omvsim."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml") if p != BASE_PROFILE))


def load_profile(name: str) -> TimingProfile:
    """A shipped timing profile by name, or one from a TOML file by path.

    Raises:
        BoardError: no such profile, or the file is wrong (names the key).
    """
    path = FOLDER / f"{name}.toml" if name in shipped_profiles() else Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise BoardError(name, f"no such timing profile; shipped are {', '.join(shipped_profiles())}")
    return _build(str(path), _read(path))


def _without_times(board: Board) -> str:
    """The tables without which no time follows, by their names in the file, and what there is in their place."""
    has = {
        "[core]": board.core is not None,
        "[cache]": board.cache is not None,
        "[memory.NAME.timing]": any(memory.timing for memory in board.memories),
    }
    *first, last = [table for table, there in has.items() if not there]
    missing = f"{', no '.join(first)} and no {last}" if first else last
    others = ", ".join(f"--profile {name}" for name in shipped_profiles())
    return f"the profile has no {missing}, so no time can be modelled (times of other chips: {others})"


def profile_of(board: Board) -> TimingProfile:
    """The timing profile of a board profile: its clock, caches and memories with the Cortex-M7's own constants.

    Raises:
        BoardError: the board has no core, no cache or no memory timing; all that is missing is named.
    """
    if board.cache is None or board.core is None or not any(memory.timing for memory in board.memories):
        raise BoardError(board.name, _without_times(board))
    memories: dict[str, LineCost] = {}
    for memory in board.memories:
        t = memory.timing
        if t is not None and t.tier not in memories:  # of several of a kind the first stands for all
            load, store, back = (Range(r.low, r.nominal, r.high) for r in (t.load_line, t.store_line, t.write_back))
            memories[t.tier] = LineCost(load, store, back, t.provenance, t.source)
    base = _base()
    core = base["core"]
    return TimingProfile(
        name=board.name,
        title=board.title,
        clock_hz=board.core.clock_hz,
        cache=Cache(board.cache.data_bytes, board.cache.data_ways, board.cache.line_bytes, core["policy"]),
        issue=_range(core["issue"]),
        mispredict=_range(core["mispredict"]),
        stream=_range(base["stream"]["flash"]),
        code_lines=_range(base["code"]["lines_per_operator"]),
        memories=memories,
        core_provenance=Provenance(core["provenance"]),
        core_source=core["source"],
        rooms=rooms_of(board),
    )


@lru_cache(maxsize=1)
def _base() -> Mapping[str, Any]:
    """The Cortex-M7's own constants, read once a process."""
    return kept(BASE_PROFILE) or _read(BASE_PROFILE)


def _read(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - see `kept`

    try:
        return tomllib.loads(read_text(path))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BoardError(path, f"cannot be read ({error})") from None


def _build(source: str, data: dict[str, Any]) -> TimingProfile:
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise BoardError(source, f"unknown key {unknown[0]!r}")
    base = _base()
    try:
        core = {**base["core"], **data.get("core", {})}
        stream = {**base["stream"], **data.get("stream", {})}
        code = {**base["code"], **data.get("code", {})}
        cache = data["cache"]
        if core["policy"] not in {LRU, RANDOM}:
            raise BoardError(source, f"core.policy is {core['policy']!r}, not 'lru' or 'random'")
        return TimingProfile(
            name=data["name"],
            title=data.get("title", data["name"]),
            clock_hz=_at_least_one("clock_hz", int(data["clock_hz"])),
            cache=_cache(cache, core["policy"]),
            issue=_range(core["issue"]),
            mispredict=_range(core["mispredict"]),
            stream=_range(stream["flash"]),
            code_lines=_range(code["lines_per_operator"]),
            memories={name: _line_cost(memory) for name, memory in data["memory"].items()},
            core_provenance=Provenance(core["provenance"]),
            core_source=core["source"],
            fit=data.get("fit", {}),
        )
    except KeyError as error:
        raise BoardError(source, f"key {error} is missing") from None
    except (TypeError, ValueError, OverflowError, AttributeError) as error:  # a table where a number belongs, 1e400
        raise BoardError(source, f"is not a timing profile ({error})") from None


def _cache(table: Mapping[str, Any], policy: str) -> Cache:
    size, ways, line = (_at_least_one(f"cache.{key}", table[key]) for key in ("data_bytes", "data_ways", "line_bytes"))
    cache = Cache(size, ways, line, policy)
    if cache.sets < 1:
        raise ValueError(f"cache.data_bytes is {cache.size}, less than {cache.ways} lines of {cache.line} bytes")
    return cache


def _at_least_one(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key} is {value!r}, not a whole number above 0")
    return value


def _line_cost(memory: Mapping[str, Any]) -> LineCost:
    return LineCost(
        _range(memory["load_line"]),
        _range(memory["store_line"]),
        _range(memory["write_back"]),
        Provenance(memory["provenance"]),
        memory["source"],
    )


def _range(values: Any) -> Range:
    low, nominal, high = (float(v) for v in values)
    if not 0 <= low <= nominal <= high < math.inf:
        raise ValueError(f"{list(values)} is not [low, nominal, high]")
    return Range(low, nominal, high)
