"""Lengths of time and clocks in words. The ticking script says the same by the same words and limits."""

from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400
NOW_SECONDS: Final = HOUR
SOON_SECONDS: Final = 4 * HOUR


def urgency(seconds: int) -> str:
    """The class of a clock with so many seconds left."""
    if seconds < 0:
        return "is-over"
    if seconds <= NOW_SECONDS:
        return "is-now"
    return "is-soon" if seconds <= SOON_SECONDS else "is-calm"


def duration(seconds: int) -> str:
    """A length of time in its two largest units: 3 h 12 min."""
    return _spoken(abs(seconds) // MINUTE * MINUTE, get_language())


# A page says the same lengths many times, and so does the next one.
@lru_cache(maxsize=4096)
def _spoken(rest: int, _language: str | None) -> str:
    if rest >= DAY:
        return _joined(("d", rest // DAY), ("h", rest % DAY // HOUR))
    if rest >= HOUR:
        return _joined(("h", rest // HOUR), ("min", rest % HOUR // MINUTE))
    return _joined(("min", rest // MINUTE)) if rest >= MINUTE else _("under 1 min")


def relative(seconds: int) -> str:
    """How long ago, or ahead where negative."""
    if abs(seconds) < MINUTE:
        return _("just now")
    return (_ago() if seconds > 0 else _ahead()) % {"duration": duration(seconds)}


def clock_text(seconds: int, look: str, *, paused: bool) -> str:
    """A clock as figures (loud), as a phrase (long) or at its shortest (chip)."""
    if look == "loud" and abs(seconds) < DAY:
        rest = abs(seconds)
        return f"{rest // HOUR}:{rest % HOUR // MINUTE:02}:{rest % MINUTE:02}"
    if look == "loud":
        return duration(seconds)
    if paused and look == "chip":
        return pgettext("clock", "paused")
    if paused:
        return _("paused, %(duration)s left") % {"duration": duration(seconds)}
    if seconds < 0:
        return _over_phrase() % {"duration": duration(seconds)}
    return duration(seconds) if look == "chip" else _left_phrase() % {"duration": duration(seconds)}


def _joined(*parts: tuple[str, int]) -> str:
    return " ".join(_unit(unit) % {"n": count} for unit, count in parts if count)


def _unit(unit: str) -> str:
    return {"d": _("%(n)s d"), "h": _("%(n)s h"), "min": _("%(n)s min")}[unit]


def left() -> str:
    """The word beside a clock that runs."""
    return pgettext("clock", "left")


def over() -> str:
    """The word beside a clock that has passed."""
    return pgettext("clock", "over")


def _left_phrase() -> str:
    return _("%(duration)s left")


def _over_phrase() -> str:
    return _("%(duration)s over")


def _ago() -> str:
    return _("%(duration)s ago")


def _ahead() -> str:
    return _("in %(duration)s")


def words() -> list[tuple[str, object]]:
    """All words and limits by the name under which the script reads them."""
    return [
        ("d", _unit("d")), ("h", _unit("h")), ("min", _unit("min")), ("less", _("under 1 min")),
        ("left", left()), ("over", over()), ("left-phrase", _left_phrase()), ("over-phrase", _over_phrase()),
        ("ago", _ago()), ("ahead", _ahead()), ("just", _("just now")),
        ("now-seconds", NOW_SECONDS), ("soon-seconds", SOON_SECONDS),
    ]  # fmt: skip
