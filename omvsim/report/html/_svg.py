"""SVG elements as text; every attribute and every text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | int | float


def element(tag: str, /, *children: Markup | str, **attributes: Value | None) -> Markup:
    """``<tag …>children</tag>``; underscores in names of attributes are hyphens, a trailing one is dropped."""
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{shown}>{''.join(map(escape, children))}</{tag}>")


def _number(value: Value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def chart(label: str, width: int, height: int, parts: Iterable[Markup], class_: str = "chart") -> Markup:
    """A drawing as wide as the page with a name for those who do not see it."""
    return element(
        "svg",
        element("title", label),
        *parts,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
        class_=class_,
        preserveAspectRatio="none" if class_ == "strip" else "xMidYMid meet",
    )


def rect(x: float, y: float, width: float, height: float, title: str = "", **attributes: Value | None) -> Markup:
    """A rectangle with a text that shows when the pointer rests on it."""
    inside = (element("title", title),) if title else ()
    return element("rect", *inside, x=x, y=y, width=max(width, 0.0), height=height, **attributes)


def text(x: float, y: float, words: str, **attributes: Value | None) -> Markup:
    """Words at a place."""
    return element("text", words, x=x, y=y, **attributes)


def line(points: Iterable[tuple[float, float]], **attributes: Value | None) -> Markup:
    """A line through points."""
    return element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill="none", **attributes)


__all__ = ["chart", "element", "line", "rect", "text"]
