"""Five agreements of one person at the same moment: together they stay within the day's limit."""

from decimal import Decimal

import pytest

from aftersales.actions import authorised
from aftersales.actions.cases import decisions
from aftersales.models import Case, Policy
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened
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
