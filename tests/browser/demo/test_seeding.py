"""The demo as it is seeded: alive, whole, and nothing of it waits for the clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales import sweeps
from aftersales.models import Case, ClockBeat, Coupon, Evidence, Message, Outage, Receivable, Refund, Repair, User
from aftersales.queries.oversight import invariants, outside_invariants
from aftersales.rules.vocabulary import OPEN, CaseType, GivenAs, RefundStatus, Role, Status
from logistics.models import StockItem, UnidentifiedParcel
from orders.gateways import sandbox
from orders.models import Merchant, Order, Payment

PEOPLE = {
    "agent", "agent2", "senior", "supervisor", "supervisor2", "finance", "finance2",
    "warehouse", "merchant", "merchant2", "admin", "admin2",
}  # fmt: skip


@pytest.mark.django_db
def test_the_seeded_demo_has_every_state_and_breaks_no_invariant(demo):
    now = timezone.now()

    assert "The demo shop is ready" in demo
    assert (Merchant.objects.count(), Order.objects.count() >= 200, Case.objects.count() >= 60) == (3, True, True)
    assert set(Case.objects.values_list("status", flat=True)) == set(Status)
    statuses = set(Refund.objects.values_list("status", flat=True))
    wanted = {"awaiting_release", "accepted", "succeeded", "failed", "unknown", "reversed"}
    assert wanted <= statuses <= set(RefundStatus.values)
    assert {"points", "gift_card", "instalments"} <= set(Payment.objects.values_list("method", flat=True))
    assert Order.objects.filter(currency="USD").exists()
    assert Order.objects.filter(lines__is_gift=True).exists()
    assert Evidence.objects.count() >= 20
    assert Message.objects.filter(is_note=True).exists()
    open_cases = Case.objects.filter(status__in=OPEN)
    assert open_cases.filter(due_at__lt=now + timedelta(hours=1)).count() >= 3
    assert open_cases.filter(due_at__gt=now + timedelta(days=3)).count() >= 3
    assert open_cases.filter(breached_at__isnull=False).exists()
    assert Case.objects.filter(clock_approved_at__isnull=False).exists()
    assert Case.objects.filter(round_number=2).exists()
    assert Case.objects.filter(assignee__username="agent", status__in=OPEN).count() == 12
    assert set(User.objects.values_list("username", flat=True)) == PEOPLE
    assert {role for user in User.objects.all() for role in user.roles} >= {Role.AGENT, Role.MERCHANT, Role.ADMIN}
    assert all(user.check_password("demo") for user in User.objects.filter(username__in=["agent2", "admin"]))
    _every_type_is_played()
    broken = [verdict for verdict in [*invariants.check_all(), *outside_invariants.verdicts()] if verdict.count]
    assert broken == []
    assert sandbox.faults() == {}
    assert not ClockBeat.objects.exists()

    done = sweeps.run(now)

    assert done.total() <= 8  # what has fallen due while it was sown
    assert not Outage.objects.exists()


def _every_type_is_played():
    """Cases of each type, open and ended, with what is particular to them."""
    assert set(Case.objects.values_list("type", flat=True)) == set(CaseType)
    assert set(Case.objects.filter(status__in=OPEN).values_list("type", flat=True)) == set(CaseType)
    assert set(Case.objects.filter(status=Status.COMPLETED).values_list("type", flat=True)) == set(CaseType)
    assert set(Case.objects.values_list("given_as", flat=True)) == set(GivenAs)
    assert set(Coupon.objects.values_list("kind", flat=True)) == {GivenAs.COUPON, GivenAs.POINTS}
    assert Case.objects.filter(status=Status.REPAIRING, choice_offered_at__isnull=False).exists()
    assert Case.objects.filter(dispatches_first=True, status=Status.AWAITING_DISPATCH).exists()
    assert set(Repair.objects.values_list("place", flat=True)) >= {Repair.Place.OWN, Repair.Place.SUPPLIER}
    receivables = set(Receivable.objects.values_list("kind", "status"))
    assert {
        ("difference", "open"),
        ("difference", "settled"),
        ("repair_fee", "open"),
        ("buyer_freight", "open"),
    } <= receivables
    assert set(Case.objects.filter(status=Status.CLOSED).values_list("close_reason", flat=True)) >= {
        "converted",
        "merged",
    }
    assert Case.objects.filter(reopened_count__gt=0).exists()
    assert UnidentifiedParcel.objects.count() == 2
    assert StockItem.objects.filter(counted_at__isnull=False, reserved__gt=0).exists()
    assert Order.objects.filter(insured_freight_amount__gt=0, cases__isnull=False).exists()
