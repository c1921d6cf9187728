"""A button that leads to an act: drawn once for the same content."""

from typing import NamedTuple


class Button(NamedTuple):
    """Where it leads and how: `key` presses it, `is_dialog` opens it over the page, `css` is its look."""

    label: str
    url: str
    key: str = ""
    icon: str = ""
    css: str = ""
    is_danger: bool = False
    is_dialog: bool = False
