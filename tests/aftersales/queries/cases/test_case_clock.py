"""What the page says of a clock is what the clock does."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Policy
from aftersales.queries.cases import case_clock
from aftersales.rules.vocabulary import CaseType, DeadlineKind
from orders.models import BusinessCalendar
from tests.factories import NOON, opened

HOUR = timedelta(hours=1)


def said(case):
    fresh = Case.objects.get(pk=case.pk)
    return case_clock.outcome(fresh, DeadlineKind.REFUND, fresh.refunds.all())


@pytest.mark.parametrize("kind", DeadlineKind)
def test_every_deadline_says_what_happens_when_it_passes(kind, order, people):
    case = opened(order, by=people.buyer)

    assert case_clock.outcome(case, kind, []) % {"due": "noon"}


def test_a_refund_that_waits_for_finance_threatens_no_merchant(unshipped, people):
    Policy.objects.update(release_above=1)
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.supervisor, at=NOON)

    assert said(case).startswith("Finance has to release the refund first")

    releases.release(case.refunds.get().pk, by=people.finance, at=NOON + HOUR)

    assert "the platform pays" in said(case)


def test_the_sentence_of_a_clock_names_the_zone_where_it_is_not_the_readers_own(order, people):
    case = opened(order, by=people.buyer)
    BusinessCalendar.objects.filter(code="cn").update(time_zone="America/New_York")
    fresh, running = Case.objects.get(pk=case.pk), list(case.deadlines.select_related("policy"))

    with time_machine.travel(NOON, tick=False):
        main, _others = case_clock.shown_deadlines(fresh, running, [])
        with timezone.override("America/New_York"):
            at_home, _others = case_clock.shown_deadlines(fresh, running, [])

    assert "by 12 Mar, 12:00 (12 Mar, 00:00 in New York)" in main.says
    assert "by 12 Mar, 00:00," in at_home.says
