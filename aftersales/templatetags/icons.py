"""Heroicons in the page: each drawn where it stands, or defined once and shown many times."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from heroicons.templatetags import heroicons

# HTML knows what an svg is, clip-rule is for clips, line ends are for readers, what all icons share is style:
# a page has sixty of them.
IDLE_IN_SVG: Final = re.compile(
    r' xmlns="[^"]*"| clip-rule="evenodd"| fill="[^"]*"| stroke(?:-\w+)?="[^"]*"|\n\s*| (?=/>)'
)


@lru_cache(maxsize=256)
def _drawn(name: str, size: int, look: str, css: str, label: str) -> str:
    draw = {"micro": heroicons.heroicon_micro, "mini": heroicons.heroicon_mini, "outline": heroicons.heroicon_outline}
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    drawn = draw[look](name, size=size, **spoken, **({"class": css} if css else {}))
    return SafeString(IDLE_IN_SVG.sub("", drawn))


def icon(name: str, size: int = 16, look: str = "", css: str = "", label: str = "") -> str:
    """Draw a heroicon inline, silent to screen readers unless `label` names it; `size` in CSS pixels."""
    chosen = look or ("micro" if size <= 16 else "mini" if size <= 20 else "outline")
    return _drawn(name, size, chosen, css, str(label))


def icon_symbols(names: Iterable[str]) -> SafeString:
    """Icons that a page shows many times, defined once; `{% icon_use name %}` shows one."""
    return _symbols(tuple(names))


# Each page names its own few, and always the same ones.
@lru_cache(maxsize=8)
def _symbols(names: tuple[str, ...]) -> SafeString:
    drawn = (_drawn(name, 16, "micro", "", "") for name in names)
    paths = (
        (name, SafeString(svg[svg.index(">") + 1 : -len("</svg>")])) for name, svg in zip(names, drawn, strict=True)
    )
    symbols = format_html_join("", '<symbol id="i-{}" viewBox="0 0 16 16" fill="currentColor">{}</symbol>', paths)
    return format_html("<svg hidden>{}</svg>", symbols)


def icon_use(name: str, size: int = 16) -> SafeString:
    """One of the icons that the page has defined."""
    return format_html('<svg width="{0}" height="{0}" aria-hidden="true"><use href="#i-{1}"/></svg>', size, name)
