"""Finding and reading a policy."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from omvsim.errors import PolicyError
from omvsim.firmware import InputKind, LoadMode
from omvsim.gate._limits import limit_value
from omvsim.gate._types import OF_SCRIPTS, Entry, Limit, Metric, Newcomer, Policy, Severity
from omvsim.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from omvsim.gate._schema import Budget, Gate, PolicyFile, Settings

OWN_FILE = "omvsim.toml"
PROJECT_FILE = "pyproject.toml"
ALL = "all"
_HEADER = re.compile(r"^\s*\[\[\s*(?:tool\s*\.\s*omvsim\s*\.\s*)?gate\s*\]\]")
_KEY = re.compile(r"^\s*(?:budget\s*\.\s*)?([a-z_]+)\s*[.=]")
_INLINE = re.compile(r"[{,]\s*([a-z_]+)\s*=")
_ANY_HEADER = re.compile(r"^\s*\[")


def find_policy(start: Path) -> Path:
    """The nearest ``omvsim.toml``, or ``pyproject.toml`` with ``[tool.omvsim]``, in ``start`` or above it.

    Raises:
        PolicyError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        own, project = folder / OWN_FILE, folder / PROJECT_FILE
        if own.is_file():
            return own
        if project.is_file() and "omvsim" in _toml(project).get("tool", {}):
            return project
    cause = f"no {OWN_FILE} here or above, and no {PROJECT_FILE} with [tool.omvsim]; 'omvsim gate init' writes one"
    raise PolicyError(start, cause)


def load_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        PolicyError: it cannot be read, or something in it is wrong (the line names the key).
    """
    raw = _toml(path)
    if path.name == PROJECT_FILE:
        if "omvsim" not in raw.get("tool", {}):
            raise PolicyError(path, "has no table [tool.omvsim]; 'omvsim gate init' writes a policy")
        raw = raw["tool"]["omvsim"]
    from omvsim.gate._schema import check_policy  # noqa: PLC0415 - pydantic is slow to import

    content = check_policy(path, raw)
    lines = list(_entry_lines(path.read_text(encoding="utf-8").splitlines(), len(content.gate)))
    entries = tuple(
        _entry(path, gate, content.defaults, where) for gate, where in zip(content.gate, lines, strict=True)
    )
    _distinct(path, entries)
    root = path.resolve().parent
    return Policy(path, root, entries, _baseline(content, root), Newcomer(content.unmatched))


def _baseline(content: PolicyFile, root: Path) -> Path | None:
    return None if content.baseline is None else root / content.baseline


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except OSError as error:
        raise PolicyError(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise PolicyError(path, "is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(path, f"is not TOML: {error}") from error


def _distinct(path: Path, entries: tuple[Entry, ...]) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if entry.name in seen:
            raise PolicyError(path, f"gate[{number}].name: {entry.name!r} is taken by an entry before it")
        seen.add(entry.name)


def single_policy(where: Path, root: Path, table: Mapping[str, Any]) -> Policy:
    """A policy of one entry that stands in no file; ``where`` is what messages name, ``root`` what globs start from.

    Raises:
        PolicyError: something in ``table``, the keys of an entry, is wrong.
    """
    from omvsim.gate._schema import Settings, check_gate  # noqa: PLC0415 - pydantic is slow to import

    entry = _entry(where, check_gate(where, table), Settings(), (1, {}))
    return Policy(where, root, (entry,), None)


# -- entries --------------------------------------------------------------------------------------------------------


def _entry(path: Path, gate: Gate, defaults: Settings, where: tuple[int, dict[str, int]]) -> Entry:
    def setting(name: str) -> Any:
        return getattr(gate if name in gate.model_fields_set else defaults, name)

    load, given, firmware = setting("load"), setting("input"), setting("firmware")
    limits = tuple(_limits(gate.budget, defaults.budget))
    scripts = tuple(gate.scripts or ())
    if scripts:  # what [defaults] say of models is not about them
        limits = tuple(limit for limit in limits if limit.metric in OF_SCRIPTS and limit.after_frames is None)
    name = gate.name or (gate.scripts or gate.models or [""])[0]
    exact = setting("require") == "exact"
    if exact and any(limit.metric is Metric.TIME for limit in limits):
        cause = f"gate {name!r}: times are modelled, never exact: require = 'exact' cannot hold beside time_ms"
        raise PolicyError(path, cause)
    return Entry(
        name=name,
        line=where[0],
        models=tuple(gate.models or ()),
        scripts=scripts,
        exclude=tuple(gate.exclude or ()),
        board=setting("board"),
        firmware=None
        if firmware is None
        else ()
        if ALL in firmware
        else tuple(version.removeprefix("v") for version in firmware),
        load=None if load is None else LoadMode(load),
        input=None if given is None else InputKind(given),
        scenario=setting("scenario"),
        frames=setting("frames"),
        keep_output=setting("keep_output"),
        callback=setting("callback"),
        severity=Severity(setting("severity")),
        exact=exact,
        high_time=setting("time_bound") == "high",
        limits=limits,
        new_models=Newcomer(setting("new_models")),
        limit_lines=where[1],
    )


def _limits(budget: Budget, defaults: Budget) -> Iterator[Limit]:
    """Limits in the order of :class:`Metric`; a budget of the entry replaces the default one for the same figure."""
    for metric in Metric:
        given = getattr(budget, metric)
        table = getattr(defaults, metric) if given is None else given
        if table is None:
            continue
        if metric is Metric.HEADROOM:
            for where in type(table).model_fields:
                yield from _each(metric, getattr(table, where), where)
        elif metric is Metric.LONGEST_FREE:
            yield from _each(metric, table.min, after_frames=table.after_frames)
        else:
            yield from _each(metric, table)


def _each(
    metric: Metric, values: list[int | str] | None, where: str = "", after_frames: int | None = None
) -> Iterator[Limit]:
    for value in values or ():
        kind, number = limit_value(metric, value)
        yield Limit(metric, kind, str(value), number, where, after_frames)


# -- lines ----------------------------------------------------------------------------------------------------------


def _entry_lines(text: list[str], entries: int) -> Iterator[tuple[int, dict[str, int]]]:
    """(line of the entry, line of each of its keys), from 1; the first line where entries are written otherwise."""
    starts = [number for number, line in enumerate(text) if _HEADER.match(line)]
    if len(starts) != entries:
        yield from ((1, {}) for _ in range(entries))
        return
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        keys: dict[str, int] = {}
        for number in range(start + 1, end):
            line = text[number].partition("#")[0]
            if _ANY_HEADER.match(line) and "gate" not in line:
                break
            for key in [*_KEY.findall(line), *_INLINE.findall(line)]:
                keys.setdefault(key, number + 1)
        yield start + 1, keys
