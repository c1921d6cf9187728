"""Bars drawn as SVG."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from aftersales.templatetags.attributes import classes

WIDTH: Final = 1000  # units of the drawing, which is as wide as its place on the page

Rect = tuple[str, str, str, str, float]


def stacked_bar(parts: Iterable[dict[str, Any]], total: float, label: str, css: str = "") -> SafeString:
    """Draw parts (`label`, `value`, `meaning`) side by side on a scale of `total`; the figures belong in the table."""
    drawn = format_html_join(
        "",
        '<rect class="fill-{}" x="{}" width="{}" height="10"><title>{}: {}</title></rect>',
        _rects(parts, total),
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        classes("bar-svg", css), label, drawn,
    )  # fmt: skip


def _rects(parts: Iterable[dict[str, Any]], total: float) -> Iterator[Rect]:
    x = 0.0
    for part in parts:
        width = WIDTH * float(part["value"]) / total if total else 0.0
        yield part["meaning"], f"{x:.1f}", f"{width:.1f}", part["label"], part["value"]
        x += width
