"""Receipt confirms itself some days after signature, and waits while a case is open."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from orders.models import Order
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_an_imported_order_confirms_itself_ten_days_after_signature(shop):
    order = sold(merchant=shop, receipt_due_at=None, signed_at=NOON - 2 * DAY)

    early = sweeps.confirm_receipts(NOON)
    late = sweeps.confirm_receipts(NOON + 8 * DAY)

    order.refresh_from_db()
    assert (early, late) == (0, 1)
    assert order.status == "completed"
    assert order.completed_at == NOON + 8 * DAY


def test_an_open_case_keeps_what_was_left(order, buyer):
    case = opened(order, by=buyer)

    sweeps.confirm_receipts(NOON + 20 * DAY)
    decisions.withdraw(case.pk, by=buyer, at=NOON + 20 * DAY)

    order.refresh_from_db()
    assert order.completed_at is None
    assert order.receipt_due_at == NOON + 28 * DAY
    assert order.receipt_hold_count == 1


def test_an_order_that_is_still_on_its_way_waits(shop):
    sold(merchant=shop, unsigned=True)

    sweeps.confirm_receipts(NOON + 100 * DAY)

    assert not Order.objects.filter(status="completed").exists()


def test_an_order_whose_signature_only_its_status_tells_is_dated_from_the_latest_moment_told(shop):
    order = sold(
        merchant=shop, receipt_due_at=None, signed_at=None, shipped_at=None, facts_as_of=NOON - DAY, status="signed"
    )

    sweeps.confirm_receipts(NOON)

    order.refresh_from_db()
    assert order.receipt_due_at == NOON + 9 * DAY
