"""What the page says of a clock is what the clock does."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import intents
from aftersales.models import Case, Policy
from aftersales.queries.cases import case_clock
from aftersales.rules.vocabulary import CaseType, DeadlineKind
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

    intents.release(case.refunds.get().pk, by=people.finance, at=NOON + HOUR)

    assert "the platform pays" in said(case)
