"""How the admin looks: in the console's colours, and in the theme that somebody chose for the console."""

from django.http import HttpRequest
from django.templatetags.static import static

from aftersales import preferences


def style(request: HttpRequest) -> str:
    """The sheet that fills the admin's colours from the console's tokens."""
    return static("css/admin.css")


def script(request: HttpRequest) -> str:
    """Takes the chosen theme over from the page."""
    return static("js/admin/theme.js")


def theme(request: HttpRequest) -> str:
    """`light` or `dark`, or `auto` where the system decides."""
    return preferences.theme_of(request) or "auto"
