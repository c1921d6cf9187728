"""Faults of the sandbox bank that can be switched on: in settings (SANDBOX_FAULTS) or on its admin page.

A value is when and, after a colon, how much: "always", "9%", "3x" (the next three calls), "off"; "always:0.2" is slow
by 0.2 seconds each time. In Python True is "always", 3 is "3x", 0.09 is "9%".
"""

import re
import sqlite3
from dataclasses import dataclass
from random import SystemRandom
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.gateways.sandbox import books

FAULTS: Final = {
    "decline": gettext_lazy("Declines: the balance is too low"),
    "rate_limited": gettext_lazy("Too many requests (429)"),
    "error_500": gettext_lazy("Server error, nothing done"),
    "error_500_after_success": gettext_lazy("Server error after the refund was made"),
    "timeout_after_success": gettext_lazy("No answer after the refund was made"),
    "empty_body": gettext_lazy("An empty answer after the refund was made"),
    "garbage": gettext_lazy("A web page instead of an answer, after the refund was made"),
    "wrong_amount": gettext_lazy("Answers with another amount"),
    "slow": gettext_lazy("Answers late, by so many seconds"),
    "accepted_then_later": gettext_lazy("Accepts, and pays when asked so many times"),
    "accepted_then_failed": gettext_lazy("Accepts, and fails when asked so many times"),
    "duplicate_notice": gettext_lazy("Tells of a refund twice"),
    "late_reversal": gettext_lazy("Takes the money back after so many seconds"),
}

_PARAMETERS: Final = {"slow": 0.2, "accepted_then_later": 2.0, "accepted_then_failed": 2.0}
_VALUE: Final = re.compile(
    r"(always|off|(?P<percent>\d{1,3}(\.\d+)?)%|(?P<times>\d{1,6})x)(:(?P<parameter>\d{1,5}(\.\d+)?))?"
)
_CHANCE: Final = SystemRandom()


class BadFault(ValueError):
    """A fault or a value that does not exist; the text says which, translated."""


@dataclass(frozen=True, slots=True)
class Fault:
    """When a fault strikes: a share of the calls, of the next `times` only if given."""

    share: float
    times: int | None = None
    parameter: float | None = None

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        when = "always" if self.share == 1 else f"{self.share * 100:g}%" if self.share else "off"
        if self.times is not None:
            when = f"{self.times}x" if self.times else "off"
        return when if self.parameter is None else f"{when}:{self.parameter:g}"


def parse(name: str, value: str | float) -> Fault:
    """Read a value; BadFault when the fault does not exist or the value can not be read."""
    if name not in FAULTS:
        raise BadFault(_("There is no fault “%(name)s”.") % {"name": name})
    match = _VALUE.fullmatch(_text(value))
    if match is None or float(match["percent"] or 0) > 100:
        raise BadFault(_("Write always, off, 5% or 3x, and :2 after it for how much."))
    share = float(match["percent"]) / 100 if match["percent"] else float(match[1] != "off")
    return Fault(
        share,
        int(match["times"]) if match["times"] else None,
        float(match["parameter"]) if match["parameter"] else None,
    )


def faults() -> dict[str, str]:
    """The faults that are switched on, counted ones with the strikes they have left."""
    with books.transaction() as file:
        load_settings(file)
        rows = file.execute("SELECT * FROM fault").fetchall()
    on = {row["name"]: str(_fault(row)) for row in rows if row["share"] and row["times"] != 0}
    return {name: on[name] for name in FAULTS if name in on}


def set_fault(name: str, value: str | float) -> None:
    """Switch a fault on or off; BadFault as in `parse`."""
    fault = parse(name, value)
    with books.transaction() as file:
        load_settings(file)
        _write(file, name, fault, _origin(name))


def clear_faults() -> None:
    """Switch all off, those of the settings too, until the settings change."""
    with books.transaction() as file:
        load_settings(file)
        file.execute("UPDATE fault SET share = 0, times = NULL")


def load_settings(file: sqlite3.Connection) -> None:
    """Apply the settings, once per value: what was set by hand or used up since then stays."""
    configured = _configured()
    stored = dict(file.execute("SELECT name, origin FROM fault").fetchall())
    for name, text in configured.items():
        if stored.get(name) != text:
            _write(file, name, parse(name, text), text)
    for name in stored.keys() - configured.keys():
        file.execute("DELETE FROM fault WHERE name = ? AND origin <> ''", [name])


def draw(file: sqlite3.Connection, name: str) -> float | None:
    """Decide by chance whether the fault strikes now: its parameter (seconds or questions), or None if it does not."""
    row = file.execute("SELECT * FROM fault WHERE name = ?", [name]).fetchone()
    if row is None or row["times"] == 0 or _CHANCE.random() >= row["share"]:
        return None
    if row["times"] is not None:
        file.execute("UPDATE fault SET times = times - 1 WHERE name = ?", [name])
    return float(_PARAMETERS.get(name, 0.0) if row["parameter"] is None else row["parameter"])


def draw_first(file: sqlite3.Connection, names: tuple[str, ...]) -> str | None:
    """Return the first of the faults that strikes now; the others are not used up."""
    return next((name for name in names if draw(file, name) is not None), None)


def _configured() -> dict[str, str]:
    return {name: _text(value) for name, value in getattr(settings, "SANDBOX_FAULTS", {}).items()}


def _origin(name: str) -> str:
    return _configured().get(name, "")


def _write(file: sqlite3.Connection, name: str, fault: Fault, origin: str) -> None:
    file.execute(
        "INSERT OR REPLACE INTO fault (name, share, times, parameter, origin) VALUES (?, ?, ?, ?, ?)",
        [name, fault.share, fault.times, fault.parameter, origin],
    )


def _fault(row: sqlite3.Row) -> Fault:
    return Fault(row["share"], row["times"], row["parameter"])


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "always" if value else "off"
    if isinstance(value, int):
        return f"{value}x"
    if isinstance(value, float):
        return f"{value * 100:g}%"
    return value.strip()
