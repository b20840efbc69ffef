"""Hooks of the site (``mkdocs.yml``): pages that are generated, and links to files that are not part of it.

The address of the repository stands in one place, ``[tool.hatch.metadata.hooks.custom]`` of pyproject.toml. While it is
empty, a link to a file beside ``docs`` is plain text on the site.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path, PurePosixPath
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
_OUTSIDE: Final = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(#[^)]*)?\)")


def repository() -> str:
    """Where the project is published, or ``""``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["repository"])


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The header links to the repository where there is one; the rooms of the API are pages."""
    config.repo_url = repository() or None
    reference = next(part["Reference"] for part in config.nav or [] if "Reference" in part)
    reference.append({"Python, room by room": [{f"omvsim.{room}": f"reference/{room}.md"} for room in rooms()]})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that nobody writes."""
    pages = {
        "reference/api.md": api_page(),
        "reference/schemas.md": schemas_page(),
        "reference/command-line.md": cli_page(),
    }
    pages |= {f"reference/{room}.md": room_page(room, names) for room, names in rooms().items()}
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Links to files beside ``docs`` lead to the repository."""
    folder = PurePosixPath("docs", page.file.src_uri).parent
    return _OUTSIDE.sub(lambda found: _link(folder, found[1], found[2]) or found[0], markdown)


def _link(folder: PurePosixPath, words: str, target: str) -> str | None:
    """None for a link that stays within ``docs``."""
    path = os.path.normpath(folder / target)
    if path.startswith(f"docs{os.sep}"):
        return None
    at = repository()
    return f"[{words}]({at}/blob/main/{Path(path).as_posix()})" if at else words


def api_page() -> str:
    """``omvsim`` itself, from the docstrings."""
    import omvsim  # noqa: PLC0415 - the package only for these pages

    lines = ["# Python", "", "`import omvsim` costs nothing: everything is imported when it is first used.", ""]
    for name in omvsim.__all__:
        if name != "__version__":
            lines += [f"::: {getattr(omvsim, name).__module__}.{name}", ""]
    return "\n".join(lines)


def rooms() -> dict[str, list[str]]:
    """The functions and classes of each module that ``omvsim`` offers."""
    import omvsim  # noqa: PLC0415 - the package only for these pages

    found = {}
    for room in sorted(set(dir(omvsim)) - set(omvsim.__all__)):
        module = getattr(omvsim, room)
        if isinstance(module, ModuleType):
            names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
            members = {name: getattr(module, name) for name in names}
            found[room] = [f"{it.__module__}.{name}" for name, it in members.items() if _is_shown(it, module)]
    return found


def _is_shown(it: object, module: ModuleType) -> bool:
    """A function or class of its own."""
    home = (
        module.__name__ if module.__spec__ and not module.__spec__.submodule_search_locations else f"{module.__name__}."
    )
    return isinstance(it, type | FunctionType) and f"{it.__module__}.".startswith(home)


def room_page(room: str, names: list[str]) -> str:
    """One module."""
    return "\n".join([f"# omvsim.{room}", "", *(line for name in names for line in (f"::: {name}", ""))])


def schemas_page() -> str:
    """Every schema there is, with what it is of."""
    lines = [
        "# Schemas",
        "",
        "Written from the types by `python -m tools.schemas`; the tests hold real output of every command to them.",
        "[JSON output](../json.md) explains the keys.",
        "",
        "| schema | of |",
        "|---|---|",
    ]
    folder = ROOT / "docs" / "schemas"
    for path in sorted(folder.glob("*.json")):
        title = json.loads(path.read_text(encoding="utf-8"))["title"]
        lines.append(f"| [{path.name}](../schemas/{path.name}) | {title} |")
    return "\n".join([*lines, "| [gate-policy.schema.json](../gate-policy.schema.json) | a policy, omvsim.toml |", ""])


def cli_page() -> str:
    """The help of every command."""
    from omvsim.cli import COMMANDS, build_parser  # noqa: PLC0415 - the package only for this page

    os.environ["COLUMNS"] = "90"  # what argparse wraps to
    parser = build_parser(*COMMANDS)
    lines = ["# Command line", ""]
    for name in COMMANDS:
        lines += [f"## omvsim {name}", "", "```text", parser.below(name).format_help().rstrip(), "```", ""]
    return "\n".join(lines)
