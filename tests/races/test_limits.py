"""Five agreements, or releases, of one person at the same moment: together they stay within the day's limit."""

from decimal import Decimal

import pytest

from aftersales.actions import authorised
from aftersales.actions.cases import decisions
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Policy, Refund
from aftersales.queries.refunds import finance_limits
from aftersales.rules.vocabulary import CaseType, RefundStatus
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened, sold
from tests.races.clones import cloned
from tests.races.together import at_once, locks, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@locks
def test_five_agreements_at_once_stay_within_the_day(locked, order, people, monkeypatch):
    Policy.objects.update(authority_agent_day=Decimal(250))
    asked = cloned(opened(order, by=people.buyer), 5)
    pausing(monkeypatch, authorised.authority, "above")
    if not locked:
        unlock(monkeypatch)

    def agreeing(case):
        return lambda: patiently(lambda: decisions.approve(case.pk, by=people.agent, at=NOON + HOUR))

    answers = at_once(*map(agreeing, asked))

    agreed = Case.objects.filter(pk__in=[case.pk for case in asked], status="awaiting_return").count()
    if not locked:
        assert agreed > 2, "without locks more must have been agreed to, or this race proves nothing"
        return
    assert (agreed, len(refusals(answers))) == (2, 3)


@locks
def test_five_releases_at_once_stay_within_the_day(locked, order, people, monkeypatch):
    Policy.objects.update(release_above=1, authority_finance_day=250)
    for _ in range(5):
        sale = sold(merchant=order.merchant, buyer=order.buyer, unshipped=True)
        case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY)
        decisions.approve(case.pk, by=people.agent, at=NOON)
    pausing(monkeypatch, finance_limits.finance_limits, "above")
    if not locked:
        unlock(monkeypatch)

    def releasing(refund):
        return lambda: patiently(lambda: releases.release(refund.pk, by=people.finance, at=NOON + HOUR))

    at_once(*map(releasing, Refund.objects.order_by("pk")))

    gone = Refund.objects.filter(status=RefundStatus.QUEUED).count()
    if not locked:
        assert gone > 2, "without locks more must have gone out, or this race proves nothing"
        return
    assert (gone, Refund.objects.filter(first_released_by=people.finance.user_id).count()) == (2, 3)
