"""Reading releases: those that are known, and what a profile says of its own over them.

``boards/releases.json`` has an entry a release, oldest first; ``extends`` names the one it was made from, and only what
differs is written. It is JSON because every command reads it: that takes 50 µs, TOML 2 ms.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from omvsim._data_files import data_folder
from omvsim.boards._release import ArenaRule, DataFallback, Dialect, FrameBufferKind, Package, Release, Ulab
from omvsim.boards._tree import Table, Tree, merge
from omvsim.errors import BoardError
from omvsim.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = "releases.json"
_NOT_INHERITED: Tree = {"title": "", "measured": False, "scripts_measured": False}
_TABLES: dict[str, type] = {"arena": ArenaRule, "package": Package, "ulab": Ulab, "dialect": Dialect}
_CHOICES = {"sizing": ("fb_alloc", "gc"), "module": ("tf", "ml")}
_ENUMERATIONS = {"fallback": DataFallback, "frame_buffer": FrameBufferKind}
_NAMES = ("version", "base")


@cache
def _stored() -> dict[str, Tree]:
    stored: dict[str, Tree] = json.loads(read_text(data_folder("boards") / _FILE))
    return stored


def known_releases() -> tuple[str, ...]:
    """The releases whose facts are known, oldest first."""
    return tuple(_stored())


@cache
def known_release(name: str) -> Release:
    """The facts of a release.

    Raises:
        BoardError: nobody wrote them down.
    """
    if name not in _stored():
        raise unknown_release(_FILE, name)
    return _built({**_facts(name), "version": name, "base": name})


def unknown_release(source: str, name: str) -> BoardError:
    """The error for a release that is not known."""
    known = known_releases()
    return BoardError(source, f"release {name!r} is not known{near(name, known)}; known are {', '.join(known)}")


def near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, as the end of a message."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a message

    found = get_close_matches(word, known, n=1, cutoff=0.6)
    return f" (did you mean {found[0]!r}?)" if found else ""


def release_with(table: Table) -> Release:
    """The release ``version`` of a profile: the facts of ``base``, with what else the table says laid over them.

    Raises:
        BoardError: no such fact, or one of another kind.
    """
    version, base = table.text("version"), table.text("base")
    own = {key: value for key, value in table.values.items() if key not in _NAMES}
    if version == base and not own:
        return known_release(base)
    laid = _laid_over(Table(table.source, table.path, own), _facts(base))
    if version == base and merge(_facts(base), laid) == _facts(base):
        return known_release(base)
    return _built({**merge({**_facts(base), **_NOT_INHERITED}, laid), "version": version, "base": base})


def check_facts(table: Table) -> None:
    """Whether what a profile says of a release are facts of releases.

    Raises:
        BoardError: no such fact, or one of another kind.
    """
    _laid_over(table, _facts(known_releases()[-1]))


@lru_cache(maxsize=32)
def facts_of(release: Release) -> Tree:
    """A release as a profile could have it: every number, flag and text."""
    return {name: value for name, value in _tree(release).items() if name not in _NAMES}


def _tree(value: Release | ArenaRule | Package | Ulab | Dialect) -> Tree:
    tree: Tree = {}
    for name, inner in zip(value._fields, value, strict=True):
        if isinstance(inner, ArenaRule | Package | Ulab | Dialect):
            tree[name] = _tree(inner)
        elif not isinstance(inner, tuple):
            tree[name] = inner
    return tree


@cache
def _facts(name: str) -> Tree:
    entry = dict(_stored()[name])
    base = entry.pop("extends", None)
    if base is None:
        return {**_NOT_INHERITED, **entry}
    return _over({**_facts(str(base)), **_NOT_INHERITED}, entry)


def _over(base: Tree, entry: Tree) -> Tree:
    """One entry on the one before; nothing is copied, as nobody changes them."""
    for key, value in entry.items():
        below = base.get(key)
        base[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return base


def _laid_over(own: Table, base: Tree) -> Tree:
    """What a table says, checked: only facts that ``base`` has, each of the same kind."""
    found: Tree = {}
    for key in own.values:
        if key not in base:
            raise own.error(key, f"is an unknown key{near(key, base)}")
        found[key] = _fact(own, key, base[key])
    return found


def _fact(own: Table, key: str, old: object) -> object:
    if isinstance(old, dict):
        return _laid_over(own.table(key), old)
    if isinstance(old, bool):
        return own.flag(key)
    if isinstance(old, int):
        value = own.values[key]
        return value if isinstance(value, int) and not isinstance(value, bool) else own.size(key)
    if isinstance(old, list):
        return [str(item) for item in own.items(key)]
    if key in _ENUMERATIONS:
        return own.choice(key, _ENUMERATIONS[key])
    text = own.text(key)
    if text not in _CHOICES.get(key, (text,)):
        raise own.error(key, f"must be one of {', '.join(_CHOICES[key])}, not {text!r}")
    return text


def _built(tree: Tree) -> Release:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in tree.items()}
    for key, kind in _TABLES.items():
        inner: dict[str, Any] = values[key]
        values[key] = kind(**{name: tuple(item) if isinstance(item, list) else item for name, item in inner.items()})
    for key, enumeration in _ENUMERATIONS.items():
        values[key] = enumeration(values[key])
    return Release(**values)
