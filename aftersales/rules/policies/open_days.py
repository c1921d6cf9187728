"""Years whose holidays are not announced yet: whoever can enter them is told in time."""

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from aftersales.rules.policies import calendar

NOVEMBER: Final = 11  # by then the government has usually announced the next year


def years(today: date) -> list[int]:
    """This year, and from November on the next, where their official days are not known."""
    near = (today.year, today.year + 1) if today.month >= NOVEMBER else (today.year,)
    return [year for year in near if not calendar.is_announced(year)]


def warnings(today: date) -> list[str]:
    """A sentence for each of these years."""
    sentence = _(
        "The official calendar of %(year)d is not known yet: Monday to Friday count as working days but for the public "
        "holidays of the law. Bridge and make-up days are missing; an admin can enter them in the calendar."
    )
    return [sentence % {"year": year} for year in years(today)]
