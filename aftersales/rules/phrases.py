"""Amounts, times and names inside sentences, in the reader's language."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from orders import money

# Surnames of two characters; any other Chinese surname is the first character of the name.
COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "皇甫",
    "尉迟",
    "夏侯",
    "东方",
    "慕容",
    "令狐",
    "端木",
    "公孙",
    "长孙",
)
HAN = re.compile(r"[\u4e00-\u9fff]")


def money_text(amount: Decimal, currency: str) -> str:
    """An amount as the reader writes it."""
    return money.format_amount(amount, currency, get_language() or "en")


def moment_text(moment: datetime) -> str:
    """A moment in the reader's zone: 17 Mar 2026, 14:05. Days before months or after them would be mistaken."""
    return formats.date_format(timezone.localtime(moment), pgettext("date format", "j M Y, H:i"))


def full_moment_text(moment: datetime) -> str:
    """A moment written out, for people outside: 2026年3月17日 14:05."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def day_text(moment: datetime) -> str:
    """A day written out."""
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


def span_text(first: date, last: date) -> str:
    """A day of a year, or the first and the last of several that follow each other: 15 Feb – 23 Feb."""
    begins, ends = (formats.date_format(day, pgettext("date format", "j M")) for day in (first, last))
    return begins if begins == ends else f"{begins} – {ends}"


def salutation(name: str) -> str:
    """How somebody is addressed: a Chinese surname, else the first name; never the whole name, which is masked."""
    bare = name.strip()
    if not HAN.match(bare):
        return bare.split()[0] if bare else ""
    surname = bare[:2] if bare.startswith(COMPOUND) else bare[0]
    return _("Mr/Ms %(surname)s") % {"surname": surname}
