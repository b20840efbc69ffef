"""One model on every firmware release, and what changed from one release to the next."""

from omvsim.releases._changes import changes
from omvsim.releases._compare import ReleaseRow, ReleaseSummary, compare_releases

__all__ = ["ReleaseRow", "ReleaseSummary", "changes", "compare_releases"]
