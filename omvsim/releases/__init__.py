"""One model or script on every firmware release, and what changed from one release to the next."""

from omvsim.releases._changes import changes
from omvsim.releases._compare import FRAMES, ReleaseRow, ReleaseSummary, compare_releases
from omvsim.releases._scripts import ScriptSummary, compare_script

__all__ = [
    "FRAMES",
    "ReleaseRow",
    "ReleaseSummary",
    "ScriptSummary",
    "changes",
    "compare_releases",
    "compare_script",
]
