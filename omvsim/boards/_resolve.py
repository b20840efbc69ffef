"""From a profile's tables to a :class:`Board`: one path for shipped profiles, users' files and edited values."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from omvsim.boards._filesystems import BuiltInModel, FileSystem, FileSystemKind, StoredFile
from omvsim.boards._layout import Request, place
from omvsim.boards._once import Once
from omvsim.boards._port import RT1062_PORT, Port, Sensor
from omvsim.boards._releases import known_releases, near, release_with, unknown_release
from omvsim.boards._tree import Table, Tree, drop, merge
from omvsim.boards._types import (
    Board,
    Cache,
    Core,
    CycleRange,
    GcArea,
    Memory,
    MemoryKind,
    MemoryTiming,
    Region,
    RegionKind,
    UmaFlag,
    UmaPool,
)
from omvsim.errors import BoardError
from omvsim.heap import AreaGeometry
from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from omvsim.boards._release import Release

_REST = "rest"
_SHARED = (
    "name", "title", "measured", "frozen", "notes", "core", "cache", "port", "sensor", "memory", "region", "filesystem",
    "built_in",
)  # fmt: skip
_LAYERED = ("port", "memory", "region", "filesystem", "built_in")
"""Tables of a release that are laid over the profile's own."""
_CARD = "card"
"""Size of a file system that is as large as the card in the slot."""
_MEMORIES: Final[Once[tuple[Memory, ...]]] = Once()
_REQUESTS: Final[Once[Request]] = Once()
_RELEASES: Final[Once[Release]] = Once()
_PORTS: Final[Once[Port]] = Once()
_STOCKS: Final[Once[tuple[StoredFile, ...]]] = Once()


def flatten(source: str, profile: Tree, firmware: str) -> Tree:
    """``profile`` narrowed down to one release: the chain of releases it extends, then ``all_releases``, applied.

    Its facts are those of the first known release on that chain, with what the profile says of the ones up to there.

    Raises:
        BoardError: a release extends an unknown one or itself, or its facts are not known.
    """
    known = known_releases()
    releases = Table(source, "", profile).tables("release")
    chain: list[Table] = []
    names: list[str] = []
    name = firmware
    while name:
        if name not in releases:
            if name in known:
                break
            raise chain[-1].error("extends", f"names {name!r}, which is not known{near(name, (*releases, *known))}")
        if any(table is releases[name] for table in chain):
            raise releases[firmware].error("extends", "leads back to itself")
        chain.append(releases[name])
        names.append(name)
        name = chain[-1].text("extends", "")
    base = next((each for each in (*names, name) if each in known), "")
    if not base:
        raise unknown_release(source, firmware)
    tree: Tree = {key: profile[key] for key in _SHARED if key in profile}
    tree["release"] = {"version": firmware, "base": base}
    before_base = names[names.index(base) + 1 :] if base in names else []
    tree["filesystem_since"] = _first_releases(profile, releases)
    older = [releases[each] for each in before_base]
    for layer in [*reversed(chain), Table(source, "", profile).table("all_releases")]:
        facts = {} if any(layer is each for each in older) else _own_facts(layer)
        over = {name: layer.values[name] for name in _LAYERED if name in layer.values}
        tree = merge(drop(tree, layer.values.get("drop")), {"release": facts, **over})
    return tree


def _own_facts(layer: Table) -> Tree:
    return {key: value for key, value in layer.values.items() if key not in ("extends", "drop", *_LAYERED)}


def _first_releases(profile: Tree, releases: dict[str, Table]) -> Tree:
    """File system → first release that has it, in the profile's order."""
    layers: dict[str, object] = {name: table.values.get("filesystem") for name, table in releases.items()}
    since: Tree = dict.fromkeys(_keys(profile.get("filesystem")), next(iter(layers), ""))
    for release, own in layers.items():
        for name in _keys(own):
            since.setdefault(name, release)
    return since


def _keys(table: object) -> tuple[str, ...]:
    return tuple(table) if isinstance(table, dict) else ()


def resolve(source: str, tree: Tree, notes: Iterable[str] = ()) -> Board:
    """The board that a flattened profile describes.

    Raises:
        BoardError: a value is missing or wrong, or the regions do not fit.
    """
    root = Table(source, "", tree)
    memories = _MEMORIES.of(source, (tree.get("memory"),), lambda: _memories(root))
    requests = [_REQUESTS.of(name, (table.values,), partial(_request, name, table)) for name, table in _regions(root)]
    regions = place(source, memories, requests)
    release = _RELEASES.of(source, (tree.get("release"),), lambda: release_with(root.table("release")))
    areas = _numbered(source, regions, RegionKind.GC)
    if len(areas) > 1 and not release.split_heap:
        raise BoardError(
            source, f"firmware {release.version} has no split heap: it takes one GC area, not {len(areas)}"
        )
    _check_areas(source, areas)
    return Board(
        name=root.text("name"),
        title=root.text("title", ""),
        firmware=release.version,
        source=source,
        memories=memories,
        regions=regions,
        gc_areas=tuple(GcArea(i, r.memory, r.origin, r.size) for i, r in enumerate(areas)),
        uma_pools=tuple(
            UmaPool(i, r.memory, r.origin, r.size, r.flags)
            for i, r in enumerate(_numbered(source, regions, RegionKind.UMA))
        ),
        release=release,
        port=_PORTS.of(source, (tree.get("port"), tree.get("sensor")), lambda: _port(root)),
        core=_core(root.table("core")) if "core" in root else None,
        cache=_cache(root.table("cache")) if "cache" in root else None,
        notes=tuple(dict.fromkeys((*(str(note) for note in root.items("notes")), *notes))),
        tree=_with_found_sizes(tree, regions),
        filesystems=tuple(_filesystems(root, regions)),
        built_in=tuple(BuiltInModel(name, root.table("built_in").size(name)) for name in root.table("built_in").values),
        filesystem_since={name: str(first) for name, first in root.table("filesystem_since").values.items()},
        measured="measured" in root and root.flag("measured"),
        frozen=root.text("frozen", "full"),
    )


def _regions(root: Table) -> Iterable[tuple[str, Table]]:
    return root.tables("region").items()


def _memories(root: Table) -> tuple[Memory, ...]:
    memories = tuple(_memory(name, table) for name, table in root.tables("memory").items())
    _check_memories(root.source, memories)
    return memories


def _check_areas(source: str, areas: Sequence[Region]) -> None:
    """There is one, and each holds its own tables and a block at least."""
    if not areas:
        raise BoardError(source, "it has no GC area: a region of kind 'gc' (is an 'extends' missing?)")
    for index, region in enumerate(areas):
        try:
            AreaGeometry.of(region.origin, region.size, added=index > 0)
        except ValueError:
            cause = f"gc[{index}] of {region.size} bytes has no room for a single block (is a K or M missing?)"
            raise BoardError(source, cause) from None


def _filesystems(root: Table, regions: tuple[Region, ...]) -> Iterator[FileSystem]:
    """Those whose region the board has, or whose own size is given."""
    for name, table in root.tables("filesystem").items():
        wanted = table.text("region", "")
        region = next((region for region in regions if wanted and region.name == wanted), None)
        if region is None and "size" not in table:
            continue
        card = table.values.get("size") == _CARD
        emptied = "emptied" in table and table.flag("emptied")
        yield FileSystem(
            name=name,
            kind=table.choice("kind", FileSystemKind),
            size=region.size if region is not None else None if card else table.size("size"),
            tables=table.size("tables", 0),
            cluster=table.size("cluster", 1),
            stock=() if emptied else _STOCKS.of(name, (table.values,), partial(_stock, table)),
        )


def _stock(table: Table) -> tuple[StoredFile, ...]:
    found = []
    for entry in table.items("stock"):
        if not isinstance(entry, dict):
            raise table.error("stock", "must be a list of {name, bytes}")
        file = Table(table.source, f"{table.path}.stock", entry)
        found.append(StoredFile(file.text("name"), file.size("bytes"), file.size("align", 1)))
    return tuple(found)


def _port(root: Table) -> Port:
    """What the profile says of the port laid over the RT1062's."""
    table = root.table("port")
    texts = {
        key: table.text(key)
        for key in ("platform", "architecture", "kind", "machine", "chip", "folder")
        if key in table
    }
    named = ("tags", "absent", "unmodelled", "unavailable")
    lists = {key: tuple(map(str, table.items(key))) for key in named if key in table}
    numbers = {key: table.size(key) for key in ("line_multiple", "frame_multiple") if key in table}
    port = RT1062_PORT._replace(**texts, **lists, **numbers)  # type: ignore[arg-type]  # keys of three kinds
    flags = {key: table.flag(key) for key in ("floats_are_objects", "small_tags") if key in table}
    port = port._replace(**flags)  # type: ignore[arg-type]  # keys of two flags
    if "reasons" in table:
        reasons = table.table("reasons")
        port = port._replace(reasons=tuple((name, reasons.text(name)) for name in reasons.values))
    return port._replace(sensor=_sensor(root.table("sensor"))) if "sensor" in root else port


def _sensor(table: Table) -> Sensor:
    own = table.table("own_sizes")
    return Sensor(
        name=table.text("name"),
        width=table.size("width"),
        height=table.size("height"),
        sizes=tuple(map(str, table.items("sizes"))),
        formats=tuple(map(str, table.items("formats"))),
        own_sizes=tuple((name, *_pair(own, name)) for name in own.values),
    )


def _pair(table: Table, key: str) -> tuple[int, int]:
    numbers = [number for number in table.items(key) if isinstance(number, int)]
    if len(numbers) != 2:
        raise table.error(key, "must be [width, height]")
    return numbers[0], numbers[1]


def _memory(name: str, table: Table) -> Memory:
    timing = table.table("timing")
    return Memory(
        name=name,
        title=table.text("title", ""),
        kind=table.choice("kind", MemoryKind, MemoryKind.RAM),
        origin=table.address("origin"),
        length=table.size("length"),
        timing=_timing(timing) if timing.values else None,
        gaps=table.choice("gaps", RegionKind, RegionKind.FREE),
    )


def _check_memories(source: str, memories: tuple[Memory, ...]) -> None:
    ordered = sorted(memories, key=lambda memory: memory.origin)
    for before, after in pairwise(ordered):
        if after.origin < before.end:
            raise BoardError(source, f"memories {before.name} and {after.name} overlap")


def _timing(table: Table) -> MemoryTiming:
    return MemoryTiming(
        tier=table.text("tier"),
        load_line=_cycles(table, "load_line"),
        store_line=_cycles(table, "store_line"),
        write_back=_cycles(table, "write_back"),
        provenance=table.choice("provenance", Provenance),
        source=table.text("source", ""),
    )


def _cycles(table: Table, key: str) -> CycleRange:
    numbers = [n for n in table.items(key) if isinstance(n, int | float)]
    if len(numbers) != 3 or sorted(numbers) != numbers:
        raise table.error(key, "must be [low, nominal, high] in core cycles")
    return CycleRange(*map(float, numbers))


def _request(name: str, table: Table) -> Request:
    rest = table.values.get("size") == _REST
    pinned = "origin" in table
    region = Region(
        name=name,
        memory=table.text("memory"),
        kind=table.choice("kind", RegionKind),
        origin=table.address("origin") if pinned else 0,
        size=0 if rest else table.size("size"),
        title=table.text("title", name),
        provenance=table.choice("provenance", Provenance, Provenance.EXACT),
        note=table.text("note", ""),
        index=table.size("index") if "index" in table else None,
        flags=_flags(table),
        power_of_two=table.text("power_of_two", ""),
    )
    align = table.size("align", 4)
    if align < 1:
        raise table.error("align", "must be at least 1")
    return Request(region, pinned, rest, align)


def _flags(table: Table) -> UmaFlag:
    flags = UmaFlag(0)
    for name in table.items("flags"):
        try:
            flags |= UmaFlag[str(name).upper()]
        except KeyError as error:
            known = ", ".join(str(flag.name).lower() for flag in UmaFlag)
            raise table.error("flags", f"has {name!r}; known are {known}") from error
    return flags


def _numbered(source: str, regions: tuple[Region, ...], kind: RegionKind) -> list[Region]:
    """Regions of ``kind`` in the order of their index, which must run from 0 without a gap."""
    found = sorted((r for r in regions if r.kind is kind), key=lambda r: -1 if r.index is None else r.index)
    indices = [r.index for r in found]
    if indices != list(range(len(found))):
        raise BoardError(source, f"regions of kind {kind} must have index 0, 1, 2 …, not {indices}")
    return found


def _core(table: Table) -> Core:
    return Core(name=table.text("name"), clock_hz=table.size("clock_hz"))


def _cache(table: Table) -> Cache:
    return Cache(
        line_bytes=table.size("line_bytes"),
        data_bytes=table.size("data_bytes"),
        data_ways=table.size("data_ways"),
        code_bytes=table.size("code_bytes"),
        code_ways=table.size("code_ways"),
    )


def _with_found_sizes(tree: Tree, regions: tuple[Region, ...]) -> Tree:
    """``tree`` with every ``"rest"`` replaced by what it came to: later edits must not make .data grow."""
    sizes: Tree = {r.name: {"size": r.size} for r in regions if r.name}
    given = tree.get("region")
    asked: Tree = {
        name: sizes.get(name, {"size": 0})
        for name, table in (given.items() if isinstance(given, dict) else ())
        if isinstance(table, dict) and table.get("size") == _REST
    }
    return merge(tree, {"region": asked})
