"""Finding, reading and inheriting board profiles.

Shipped profiles are validated by the test suite and read without pydantic, whose import alone would cost a third of
``omvsim run``'s time; a user's file is validated first.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.boards._releases import near
from omvsim.boards._resolve import flatten, resolve
from omvsim.boards._tree import Table, Tree, drop, merge
from omvsim.errors import BoardError
from omvsim.reading import read_text
from omvsim.records import NamedTuple
from omvsim.shipped_toml import kept

if TYPE_CHECKING:
    from omvsim.boards._types import Board

DEFAULT_BOARD = "openmv-rt1062"


class BoardInfo(NamedTuple):
    """A profile at a glance."""

    name: str
    title: str
    default_firmware: str
    releases: tuple[str, ...]
    """Oldest first."""


def load_board(name_or_path: str | Path = DEFAULT_BOARD, firmware: str | None = None) -> Board:
    """The board ``name_or_path`` (a shipped name or a TOML file) with ``firmware`` (default: the profile's own).

    Raises:
        BoardError: no such board, file or release; or the profile is wrong (names the file and the key).
    """
    source, profile = _read(str(name_or_path))
    version = firmware.removeprefix("v") if firmware is not None else _default_firmware(source, profile)
    known = _releases(source, profile)
    if version not in known:
        raise BoardError(
            str(name_or_path), f"no firmware {version!r}{near(version, known)}; known are {', '.join(known)}"
        )
    if str(name_or_path) in shipped_files("boards"):
        return _resolved(str(name_or_path), version)
    return resolve(source, flatten(source, profile, version))


@lru_cache(maxsize=64)
def _resolved(name: str, version: str) -> Board:
    """A release of a shipped board, which never changes: made once a process."""
    source, profile = _read(name)
    return resolve(source, flatten(source, profile, version))


@lru_cache(maxsize=64)
def board_once(name_or_path: str, firmware: str) -> Board:
    """:func:`load_board` for many runs on the same boards: a file of the user's is read once a process as well."""
    return load_board(name_or_path, firmware)


def list_boards() -> tuple[BoardInfo, ...]:
    """The shipped profiles."""
    return tuple(describe_board(name) for name in shipped_files("boards"))


def describe_board(name_or_path: str | Path) -> BoardInfo:
    """A profile's name, title and releases.

    Raises:
        BoardError: as :func:`load_board`.
    """
    source, profile = _read(str(name_or_path))
    root = Table(source, "", profile)
    return BoardInfo(
        name=root.text("name"),
        title=root.text("title", ""),
        default_firmware=_default_firmware(source, profile),
        releases=_releases(source, profile),
    )


def releases(name_or_path: str | Path = DEFAULT_BOARD) -> tuple[str, ...]:
    """Firmware versions a profile knows, oldest first.

    Raises:
        BoardError: as :func:`load_board`.
    """
    return _releases(*_read(str(name_or_path)))


def _releases(source: str, profile: Tree) -> tuple[str, ...]:
    return tuple(Table(source, "", profile).table("release").values)


def _default_firmware(source: str, profile: Tree) -> str:
    known = _releases(source, profile)
    if not known:
        raise BoardError(source, "release is missing: a profile needs at least one")
    return Table(source, "", profile).text("default_firmware", known[-1])


def _read(name_or_path: str, above: tuple[Path, ...] = ()) -> tuple[str, Tree]:
    """The profile with everything it extends merged in, and the file it came from; ``above`` are its descendants."""
    path, shipped = _find(name_or_path, above)
    source = str(path)
    if path in above:
        raise BoardError(above[0], f"extends leads back to itself by way of {path.name}")
    own = _shipped(path) if shipped else _parse(path)
    if not shipped:
        from omvsim.boards._schema import validate_profile  # noqa: PLC0415 - costs pydantic

        validate_profile(source, own)
    if "extends" not in own:
        return source, own
    _, base = _read(str(own["extends"]), (*above, path))
    # "name" is the profile's own; without one the file's name tells the two apart. That another board was measured
    # says nothing of this one.
    heading: Tree = {"name": path.stem, "measured": False}
    return source, merge(merge(drop(base, own.get("drop")), heading), _without(own, "extends", "drop"))


def _find(name_or_path: str, above: tuple[Path, ...]) -> tuple[Path, bool]:
    """The file meant, and whether it is a shipped profile asked for by name."""
    shipped = shipped_files("boards")
    if name_or_path in shipped:
        return shipped[name_or_path], True
    path = Path(name_or_path)
    looks_like_a_file = path.suffix == ".toml" or len(path.parts) > 1
    if above and not path.is_absolute():
        path = above[-1].parent / path
    if looks_like_a_file:
        return path.resolve(), False
    cause = f"no board called {name_or_path!r}{near(name_or_path, shipped)}; known are {', '.join(shipped)}"
    raise BoardError(above[-1] if above else "board", f"{cause}, or give the path of a .toml file")


@lru_cache(maxsize=8)
def _shipped(path: Path) -> Tree:
    """A profile of omvsim's own, read once a process: every release of a board comes from the same text."""
    tree = kept(path)
    return _parse(path) if tree is None else tree


def _parse(path: Path) -> Tree:
    import tomllib  # noqa: PLC0415 - few commands read a profile of the user's

    try:
        return tomllib.loads(read_text(path))
    except OSError as error:
        raise BoardError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BoardError(path, "is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise BoardError(path, f"is not TOML: {error}") from error


def _without(tree: Tree, *keys: str) -> Tree:
    return {key: value for key, value in tree.items() if key not in keys}
