"""Whether what is asked for is a replacement that an exchange has sent; looked up only once the first time is over."""

from datetime import datetime

from aftersales.actions.cases.applications import Assessment
from aftersales.queries.replacements import replaced
from aftersales.rules.cases import return_window


def signed_at(assessment: Assessment, pk: int, asked_at: datetime) -> datetime | None:
    """When the replacement of a line arrived; nothing while the window of the first units is open, or has not begun."""
    application, policy = assessment.application, assessment.rules.of_items[pk]
    if not return_window.too_late(
        assessment.order, application.reason, policy, application.type, asked_at, assessment.calendar
    ):
        return None
    at = replaced.since(replaced.arrivals([pk]).get(pk, ()), max(application.lines[pk].units, 1))
    return at if at is not None and at <= asked_at else None
