"""Refunds that wait for finance before they are sent."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import intents
from aftersales.models import Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_selected_refunds_are_released_together_and_what_moved_on_is_skipped(unshipped, shop, buyer, agent, finance):
    cheap = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    other = opened(sold(merchant=shop, buyer=unshipped.buyer, unshipped=True), by=buyer, type=CaseType.REFUND_ONLY)
    cheap.policy.__class__.objects.update(release_above=1)
    for case in (cheap, other):
        decisions.approve(case.pk, by=agent, at=NOON)
    first, second = Refund.objects.order_by("pk")
    intents.release(first.pk, by=finance, at=NOON + HOUR)

    done = intents.release_many([second.pk, first.pk], by=finance, at=NOON + HOUR)

    assert [(refund.pk, bool(why)) for refund, why in done] == [(first.pk, True), (second.pk, False)]
    assert Refund.objects.filter(status=RefundStatus.QUEUED).count() == 2
