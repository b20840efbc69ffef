"""Profiles of OpenMV's other boards from their configuration headers: ``python -m tools.board_profiles CHECKOUT``.

CHECKOUT is OpenMV's repository with its tags. What the headers do not say (which sensor comes with a board, names of
MicroPython's board files, what is not modelled there) stands in ``board_facts.toml`` beside this file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import textwrap
import tomllib
from pathlib import Path
from typing import Any

from omvsim.boards import known_releases, load_board
from omvsim.boards.importing import draft_profile, inline
from omvsim.boards.importing.defines import Defines, preprocess

ROOT = Path(__file__).parents[1]
_CHANGED = ("memory", "region", "filesystem", "built_in", "port")
_WIDTH = 118


def main() -> None:
    """Write ``boards/*.toml``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    checkout = parser.parse_args().checkout
    facts = tomllib.loads(Path(__file__).with_name("board_facts.toml").read_text(encoding="utf-8"))
    for name, board in facts.items():
        text = profile(name, board, Repository(checkout))
        (ROOT / "boards" / f"{name}.toml").write_text(text, encoding="utf-8")


class Repository:
    """Files at a tag."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, tag: str, path: str) -> str | None:
        """A file, None where there is none."""
        done = subprocess.run(
            ["git", "-C", str(self.path), "show", f"{tag}:{path}"], capture_output=True, text=True, check=False
        )
        return None if done.returncode else done.stdout

    def size(self, tag: str, path: str) -> int | None:
        """Its bytes."""
        done = subprocess.run(
            ["git", "-C", str(self.path), "cat-file", "-s", f"{tag}:{path}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return None if done.returncode else int(done.stdout)


def profile(name: str, board: dict[str, Any], files: Repository) -> str:
    """The text of one profile."""
    releases: dict[str, dict[str, Any]] = {}
    sources: dict[str, str] = {}
    for version in known_releases():
        folder = f"boards/{board['folder']}"
        found = [
            (path, text)
            for path in (
                f"{folder}/board_config.h",
                f"{folder}/omv_boardconfig.h",
                f"src/omv/{folder}/omv_boardconfig.h",
            )
            if (text := files.text(f"v{version}", path)) is not None
        ]
        if not found or version in board.get("without", ()):
            continue
        path, text = found[0]
        defines = preprocess(text, path, board.get("defined", ()))
        releases[version] = _release(version, defines, board, files)
        sources[version] = path
    return _text(name, board, releases, sources)


def _release(version: str, defines: Defines, board: dict[str, Any], files: Repository) -> dict[str, Any]:
    tree = draft_profile(defines, version, name="").tree
    tables: dict[str, Any] = {"memory": tree["memory"], **tree["release"][version]}  # type: ignore[index]
    for size, where in board.get("flash", {}).items():
        if version in where["releases"]:
            memory = where["memory"]
            if memory not in tables["memory"] or "origin" in where:
                tables["memory"].setdefault(
                    memory, {"kind": "flash", "origin": where["origin"], "length": where["length"], "gaps": "unknown"}
                )
            tables["region"]["filesystem"] = {
                "memory": memory, "kind": "filesystem", "origin": where.get("start", where.get("origin")),
                "size": _bytes(size), "title": "internal file system (/flash)",
            }  # fmt: skip
    _join_romfs(tables)
    tables["filesystem"] = _filesystems(version, tables, board, files)
    for extra in board.get("extra", ()):
        if version in extra["releases"]:
            tables["region"][extra["name"]] = {
                key: value for key, value in extra.items() if key not in ("name", "releases")
            }
    built_in = _built_in(version, board, files)
    if built_in:
        tables["built_in"] = built_in
    for overlay in board.get("port_of", ()):
        if version in overlay["releases"]:
            tables.setdefault("port", {}).update(overlay["port"])
    tags = _tags(version, board, files)
    if tags:
        tables.setdefault("port", {})["tags"] = tags
    return tables


def _tags(version: str, board: dict[str, Any], files: Repository) -> list[str]:
    """Families of AprilTags that are built in (``imlib_config.h``); up to 4.5.8 there is no choice."""
    paths = (f"{root}/{board['folder']}/imlib_config.h" for root in ("boards", "src/omv/boards"))
    text = next((found for path in paths if (found := files.text(f"v{version}", path)) is not None), "")
    return re.findall(r"^#define\s+IMLIB_ENABLE_APRILTAGS_(TAG\w+)", text, re.MULTILINE)


def _bytes(text: str) -> int:
    return int(text[:-1]) * {"K": 1024, "M": 1024 * 1024}[text[-1]]


def _join_romfs(tables: dict[str, Any]) -> None:
    """A ROM file system inside a chip that the facts describe needs no memory of its own."""
    for name in ("romfs", "romfs1"):
        region = tables["region"].get(name)
        if region is None or not region["memory"].endswith("_FLASH"):
            continue
        for memory, chip in tables["memory"].items():
            inside = chip["origin"] <= region["origin"] < chip["origin"] + chip["length"]
            if inside and memory != region["memory"]:
                del tables["memory"][region["memory"]]
                region["memory"] = memory
                break


def _filesystems(version: str, tables: dict[str, Any], board: dict[str, Any], files: Repository) -> dict[str, Any]:
    found: dict[str, Any] = {}
    internal = tables["region"].get("filesystem")
    if board.get("internal_flash", False) and internal is not None:
        # 256 sectors of 512 bytes: boot sector, FAT, 32 for the root directory (f_mkfs, lib/oofatfs/ff.c).
        found["flash"] = {"kind": "fat", "region": "filesystem", "tables": 17_408, "cluster": 512}
    elif internal is not None and internal["memory"] != "FLASH":
        found["flash"] = {"kind": "fat", "region": "filesystem", "tables": "24K", "cluster": "4K"}
    else:
        # In another chip, how much of it is not known: as large as asked for.
        found["flash"] = {"kind": "fat", "size": "card"}
    if board.get("sdcard", False):
        found["sdcard"] = {"kind": "fat", "size": "card"}
    if "romfs" in tables["region"]:
        found["rom"] = {"kind": "romfs", "region": "romfs", "stock": _stock(version, board, files)}
    return found


def _stock(version: str, board: dict[str, Any], files: Repository) -> list[dict[str, object]]:
    """Files of ``romfs.json``; cascades have the size that tools/haar2c.py gives them."""
    if board.get("compiled_models", False):
        return []
    for name in ("romfs_config.json", "romfs.json"):
        text = files.text(f"v{version}", f"boards/{board['folder']}/{name}")
        if text is not None:
            break
    else:
        return []
    known = _rt1062_files(version)
    stock: list[dict[str, object]] = []
    for entry in json.loads(text)["0"]["entries"]:
        path = Path(entry["path"].removeprefix("{TOP}/"))
        if entry["type"] == "haar":
            stock.append({"name": f"{path.stem}.cascade", "bytes": known[f"{path.stem}.cascade"], "align": 4})
            continue
        stock.append({"name": path.name, "bytes": files.size(f"v{version}", str(path)), "align": entry["alignment"]})
        labels = files.size(f"v{version}", str(path.with_suffix(".txt")))
        if labels is not None:
            stock.append({"name": path.with_suffix(".txt").name, "bytes": labels, "align": 4})
    return stock


def _rt1062_files(version: str) -> dict[str, int]:
    rom = load_board("openmv-rt1062", version).filesystem("rom")
    return {file.name: file.bytes for file in (rom.stock if rom is not None else ())}


def _built_in(version: str, board: dict[str, Any], files: Repository) -> dict[str, int]:
    """Models linked into the firmware: ``imlib_config.h``; before 4.5.6 libtf's own."""
    if version >= "4.7.0":
        return {}
    text = files.text(f"v{version}", f"src/omv/boards/{board['folder']}/imlib_config.h") or ""
    names = [name.lower() for name in re.findall(r"^#define\s+IMLIB_ENABLE_TFLM_BUILTIN_(\w+)", text, re.M)]
    sizes = {name: files.size(f"v{version}", f"src/lib/tflm/models/{name}.tflite") for name in names}
    if "TFLM" not in text:
        sizes = {"fomo_face_detection": 57_040}
    return {name: size for name, size in sizes.items() if size is not None}


def _text(name: str, board: dict[str, Any], releases: dict[str, dict[str, Any]], sources: dict[str, str]) -> str:
    lines = [f"# {each}" if each else "#" for each in _wrapped(board["about"])]
    lines += ["#", "# Made by tools/board_profiles.py from openmv/openmv at the tags of the releases:"]
    lines += [f"#   {each}" for each in _paths(sources)]
    lines += [
        "",
        f'name = "{name}"',
        f"title = {json.dumps(board['title'])}",
        f'default_firmware = "{list(releases)[-1]}"',
    ]
    if "4.8.1" in releases:
        lines[-1] = 'default_firmware = "4.8.1"'
    lines += ["notes = [", *(f"  {json.dumps(note)}," for note in board["notes"]), "]"]
    board["port"]["folder"] = board["folder"]
    for table in ("core", "port", "sensor"):
        if table in board:
            lines += ["", f"[{table}]", *(f"{key} = {_plain(value)}" for key, value in board[table].items())]
    before: dict[str, Any] = {}
    last = ""
    for version, tables in releases.items():
        lines += ["", f'[release."{version}"]']
        if _only_port_adds(before, tables):
            lines.append(f'extends = "{last}"')
            lines += _release_lines(version, {"port": tables["port"]}) if tables != before else []
        else:
            lines += _release_lines(version, tables)
        before, last = tables, version
    return "\n".join(lines) + "\n"


def _only_port_adds(before: dict[str, Any], tables: dict[str, Any]) -> bool:
    """Whether a release is the one before it, at most with more or other values of its port."""
    beside = [{key: value for key, value in each.items() if key != "port"} for each in (before, tables)]
    return beside[0] == beside[1] and before.get("port", {}).keys() <= tables.get("port", {}).keys()


def _release_lines(version: str, tables: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for table in _CHANGED:
        if not tables.get(table):
            continue
        lines += ["", f'[release."{version}".{table}]']
        for key, value in tables[table].items():
            lines += _entry(key, value)
    return lines


def _entry(key: str, value: object) -> list[str]:
    if isinstance(value, dict) and value.get("stock"):
        rest = {name: each for name, each in value.items() if name != "stock"}
        files = [f"  {inline(file)}," for file in value["stock"]]
        # An inline table stays on one line in TOML 1.0: the list is a line of its own.
        return [f"{key}.{name} = {_plain(each)}" for name, each in rest.items()] + [f"{key}.stock = [", *files, "]"]
    return [f"{key} = {inline(value)}" if isinstance(value, dict) else f"{key} = {_plain(value)}"]


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_plain(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _paths(sources: dict[str, str]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for version, path in sources.items():
        groups.setdefault(path, []).append(version)
    return [f"{path} ({versions[0]} to {versions[-1]})" for path, versions in groups.items()]


def _wrapped(text: str) -> list[str]:
    return [line for part in text.strip().split("\n\n") for line in (*textwrap.wrap(part, _WIDTH), "")][:-1]


if __name__ == "__main__":
    main()
