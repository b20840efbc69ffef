"""Hook of the build: the project's addresses, all from ``repository`` in pyproject.toml, and a README that works there.

An index shows the README without the repository around it: links and pictures with relative paths become absolute. With
no repository set there are no addresses, and the README is as it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE = re.compile(r"(!?)(\[[^\]]*\])\((?!https?:|#|mailto:)([^)\s]+)\)")


class Addresses(MetadataHookInterface):
    """``urls`` and ``readme``."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what pyproject.toml leaves to us."""
        repository = str(self.config.get("repository", "")).rstrip("/")
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["urls"] = addresses(repository)
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(readme, repository)}


def addresses(repository: str) -> dict[str, str]:
    """Name by name; none without a repository."""
    if not repository:
        return {}
    return {
        "Homepage": repository,
        "Source": repository,
        "Issues": f"{repository}/issues",
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
        "Documentation": f"{repository}/blob/main/docs/index.md",
    }


def absolute(readme: str, repository: str) -> str:
    """Links to files of the repository, and its pictures, wherever the text is shown."""
    if not repository:
        return readme
    kinds = {"!": "raw", "": "blob"}
    return _RELATIVE.sub(lambda found: f"{found[1]}{found[2]}({repository}/{kinds[found[1]]}/main/{found[3]})", readme)
