"""Classes and attributes of the elements that our tags write."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def classes(*names: str) -> str:
    """The value of a class attribute; empty names are left out."""
    return " ".join(name for name in names if name)


def attribute(name: str, value: object) -> SafeString | str:
    """An attribute with a space before it; nothing when it has no value."""
    return format_html(' {}="{}"', name, value) if value else ""
