"""A board's own files as a profile: its configuration header, and the linker's map where a build has left one.

What the header says is what the linker script places (:mod:`.sections`); sizes that only a link knows come from the
map. What neither says is listed, never guessed.
"""

from __future__ import annotations

from omvsim.boards.importing.defines import Defines, read_header
from omvsim.boards.importing.linker_map import LinkedMap, read_map
from omvsim.boards.importing.profile import Imported, draft_profile, inline, profile_text
from omvsim.boards.importing.sections import Layout, layout_of

__all__ = [
    "Defines",
    "Imported",
    "Layout",
    "LinkedMap",
    "draft_profile",
    "inline",
    "layout_of",
    "profile_text",
    "read_header",
    "read_map",
]
