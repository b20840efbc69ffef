"""A capture for people elsewhere: a post as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omvsim.report._capture_text import map_text, tree_text

if TYPE_CHECKING:
    from omvsim.capture import Capture


def post_markdown(capture: Capture) -> str:
    """What a maintainer needs to act on: board, firmware, verdict, message, figures, map, script."""
    document = capture.document
    lines = [f"**{_safe(document.title)}**, {_safe(document.subtitle)}: {document.verdict.word.lower()}", ""]
    lines += [_safe(document.verdict.sentence), ""]
    if document.verdict.message:
        lines += ["The camera prints:", "", *_fenced(document.verdict.message), ""]
    lines += [f"* {_safe(label)}: {_safe(text)}" for label, text in document.verdict.reasons]
    lines += [f"* would help: {_safe(fix.title)} {_safe(fix.code)}".rstrip() for fix in document.fixes[:3]]
    if document.areas:
        lines += ["", *_fenced(tree_text(capture)), "", *_fenced(map_text(capture))]
    if document.source is not None:
        lines += ["", f"{_safe(document.source.name)}:", "", *_fenced("\n".join(document.source.text), "python")]
    lines += ["", f"Simulated by omvsim {document.omvsim}, not measured on a camera."]
    return "\n".join(lines) + "\n"


def _fenced(text: str, kind: str = "") -> list[str]:
    """A block of code that its content cannot end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{kind}", text.rstrip("\n"), fence]


def _safe(text: str) -> str:
    """Text as it is, no markup."""
    return re.sub(r"([\\`*_\[\]<>#|&])", r"\\\1", text.replace("\n", " "))


__all__ = ["post_markdown"]
