"""What the page of a case will surely ask, put to the database in one go."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aftersales.models import Case, User
from aftersales.queries import (
    case_checklist,
    case_links,
    case_page,
    case_risk,
    case_timeline,
    case_tracking,
    chores,
    owed,
    pane,
    repair_history,
    returned,
    writing,
)
from aftersales.rules import chains
from aftersales.rules.vocabulary import CaseType, Status
from orders.kept import Asked

RECEIVED = (Status.INSPECTING, Status.REPAIRING)  # goods that came back were received before


def asked(case: Case, user: User, at: datetime) -> list[Asked[Any]]:
    """The questions about this case for this person at this moment; none depends on the answer of another."""
    return [*_facts(case, user), *_record(case), *_around(case, user, at)]


def _facts(case: Case, user: User) -> Iterator[Asked[Any]]:
    yield case_page.SOLD.asked(case.order_id)
    yield case_page.PAYMENTS.asked(case.order_id)
    yield case_page.PARCELS.asked(case.order_id, case.pk)
    for kept in (case_page.LINES, case_page.DEADLINES, case_page.ROUNDS, case_page.EVIDENCE):
        yield kept.asked(case.pk)
    if case.approved_at is not None:
        yield case_page.REFUNDS.asked(case.pk)
    if case.status == Status.PENDING_MERCHANT:
        yield case_page.APPROVALS.asked(case.pk)
    yield case_page.RELATED.asked(user, case.order_id, case.buyer_id, case.pk)


def _record(case: Case) -> Iterator[Asked[Any]]:
    if case.order.invoice_number:
        yield chores.OF_CASE.asked(case.pk)
    yield owed.OF_CASE.asked(case.pk)
    yield case_tracking.COURIERS.asked(case.number)
    if case.reason.steps:
        yield case_checklist.DONE.asked(case.pk)


def _around(case: Case, user: User, at: datetime) -> Iterator[Asked[Any]]:
    is_insider = case_timeline.is_insider(user.roles)
    yield from pane.asked(user)
    yield writing.DRAFT.asked(user.pk, case.pk)
    yield writing.WAITING.asked(user.pk)
    yield case_links.CHILDREN.asked(user, case.pk)
    yield case_timeline.DONE[is_insider].asked(case.pk)
    yield case_timeline.SAID[is_insider].asked(case.pk)
    if is_insider:
        yield case_risk.asked(case, at)
        yield case_risk.SAME_PHOTOS.asked(user, case.pk)
    if case.goods_must_return and case.approved_at is not None:
        yield returned.INSPECTED.asked(case.pk)
    if chains.of(case).returns and case.status in RECEIVED:
        yield repair_history.EARLIER.asked(user, case.pk)
    if case.status == Status.INSPECTING and case.type == CaseType.RETURN_REFUND:
        yield returned.GIFTS_KEPT.asked(case.pk)
