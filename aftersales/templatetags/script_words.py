"""Words that scripts say, in the language of the page."""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.rules.console import durations


def desk_words() -> SafeString:
    """The words and limits that the ticking script needs, so that it says what the server says."""
    return _words(get_language())


@lru_cache(maxsize=8)
def _words(_language: str | None) -> SafeString:
    words: list[tuple[str, object]] = [
        *durations.words(),
        ("copied", _("Copied")),
        ("offline", _("The server could not be reached. What you typed is kept here.")),
        ("failed", _("That did not work. What you typed is kept here.")),
        ("unsaved", _("Not kept on the server yet; kept in this browser.")),
        ("again", _("Try again")),
        ("restored", _("What you had typed was put back.")),
    ]
    return format_html('<div id="desk-words" hidden{}></div>', format_html_join("", ' data-{}="{}"', words))
