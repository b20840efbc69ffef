"""A capture for other programs and people: every request as CSV, a post as Markdown."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from omvsim.capture import KINDS
from omvsim.report._capture_text import map_text, tree_text
from omvsim.units import format_address

if TYPE_CHECKING:
    from omvsim.capture import Capture

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a text."""


def requests_csv(capture: Capture) -> str:
    """A row a request, in order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("number", "kind", "owner", "line", "step", "bytes", "address"))
    names = [_plain(name) for name in capture.document.names]
    columns = (
        capture.column(f"request_{key}").tolist() for key in ("kind", "name", "line", "step", "bytes", "address")
    )
    for number, (kind, name, line, step, size, address) in enumerate(zip(*columns, strict=True)):
        kind_text = KINDS[kind] if kind < len(KINDS) else str(kind)
        writer.writerow((number, kind_text, names[name], line, step, size, format_address(address)))
    return text.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


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


__all__ = ["post_markdown", "requests_csv"]
