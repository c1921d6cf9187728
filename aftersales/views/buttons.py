"""A button that leads to an act; a tuple, so that its drawing can be cached by its content."""

from typing import NamedTuple


class Button(NamedTuple):
    """A button: `key` presses it, `is_dialog` opens its page as a dialog, `css` are its classes."""

    label: str
    url: str
    key: str = ""
    icon: str = ""
    css: str = ""
    is_danger: bool = False
    is_dialog: bool = False
