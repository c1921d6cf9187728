"""Clocks, and instants relative to now, which the script of the page keeps ticking."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.models.people.staff import Times
from aftersales.rules.console import durations, moments
from aftersales.templatetags.attributes import attribute, classes

RELATIVE_FOR: Final = timedelta(days=7)


def clock(context: Context, due_at: datetime, look: str = "chip", paused: timedelta | None = None) -> SafeString:
    """Time left until `due_at`, or past it: a chip, `look="long"` for a phrase, `look="loud"` for figures."""
    seconds = int((paused or due_at - _now(context)).total_seconds())
    urgency = "is-paused" if paused else durations.urgency(seconds)
    text = durations.clock_text(seconds, look, paused=bool(paused))
    return _clock(due_at, look, urgency, text, moments.moment(due_at), get_language())


# A list repeats its clocks at each look, and what they say changes once a minute.
@lru_cache(maxsize=4096)
def _clock(due_at: datetime, look: str, urgency: str, text: str, due: str, _language: str | None) -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}"{}{}>{}</time>',
        classes("clock", "chip" if look == "chip" else "", urgency),
        due_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        _("due %(moment)s") % {"moment": due},
        "" if urgency == "is-paused" else SafeString(" data-due"),
        "" if look == "chip" else attribute("data-clock", look),
        text,
    )


def clock_side(context: Context, due_at: datetime) -> str:
    """The word beside the loud figures: left, or over."""
    return durations.left() if due_at > _now(context) else durations.over()


def elapsed_percent(context: Context, started_at: datetime, due_at: datetime) -> int:
    """How much of a deadline is used, 0 to 100."""
    whole = (due_at - started_at).total_seconds()
    used = (_now(context) - started_at).total_seconds()
    return max(0, min(100, round(100 * used / whole))) if whole > 0 else 100


def when(context: Context, at: datetime | None) -> SafeString:
    """An instant relative to now, its date beyond a week; the exact local time is its title.

    Who prefers clock times reads the time itself, and how long ago it was in the title.
    """
    if at is None:
        return format_html("{}", moments.NOTHING)
    ago = _now(context) - at
    if abs(ago) > RELATIVE_FOR:
        return _instant(at, SafeString(""), moments.exact(at), moments.moment(at))
    relative = durations.relative(int(ago.total_seconds()))
    if getattr(context.get("user"), "times", "") == Times.ABSOLUTE:
        return _instant(at, SafeString(' data-when="title"'), relative, moments.moment(at))
    return _instant(at, SafeString(" data-when"), moments.exact(at), relative)


def _instant(at: datetime, ticking: SafeString, title: str, text: str) -> SafeString:
    iso = at.isoformat(timespec="seconds")
    return format_html('<time datetime="{}"{} title="{}">{}</time>', iso, ticking, title, text)


def length_of_time(span: timedelta) -> str:
    """A length of time in its two largest units: 3 h 12 min."""
    return durations.duration(int(span.total_seconds()))


def server_time(context: Context) -> str:
    """The server's instant in ISO form, from which the browser ticks."""
    return _now(context).isoformat(timespec="milliseconds")


def _now(context: Context) -> datetime:
    # A view that computes with an instant shows that same instant.
    now: datetime = context.get("now") or timezone.now()
    return now
