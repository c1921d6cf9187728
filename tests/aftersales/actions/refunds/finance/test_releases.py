"""Refunds that wait for finance before they are sent: released by one person, or by two."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import retries
from aftersales.actions.refunds.finance import releases
from aftersales.models import Event, Policy, Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus
from orders.refusals import Refused
from tests.aftersales.stages import broken
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAITING, QUEUED = RefundStatus.AWAITING_RELEASE, RefundStatus.QUEUED


@pytest.fixture
def waiting(shop, order, people):
    """Makes a refund of so much that waits for finance, of an order of its own or of one that is named."""
    Policy.objects.update(release_above=1, authority_finance=300, authority_finance_day=500, authority_supervisor=10000)

    def refund(amount, of=None):
        sale = of or sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, amount)], freight_amount=0)
        case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY)
        decisions.approve(case.pk, by=people.supervisor, at=NOON)
        return Refund.objects.get(case=case)

    return refund


@pytest.fixture
def parts(waiting, shop, order, people):
    """Refunds of 200 and 150 of one order, agreed to in two cases."""
    sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 200), (1, 150)], freight_amount=0)
    return [_of_line(sale, line, people) for line in sale.lines.order_by("pk")]


def _of_line(sale, line, people):
    case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1})
    decisions.approve(case.pk, by=people.supervisor, at=NOON)
    return Refund.objects.get(case=case)


def release(refund, by, at=NOON + HOUR):
    return releases.release(refund.pk, by=by, at=at)


def state(refund):
    return Refund.objects.get(pk=refund.pk).status


def test_selected_refunds_are_released_together_and_what_moved_on_is_skipped(waiting, finance):
    first, second = waiting(110), waiting(110)
    release(first, finance)

    done = releases.release_many([second.pk, first.pk], by=finance, at=NOON + HOUR)

    assert [(refund.pk, bool(why)) for refund, why in done] == [(first.pk, True), (second.pk, False)]
    assert Refund.objects.filter(status=QUEUED).count() == 2


def test_what_one_person_lets_go_goes_out_at_once(waiting, finance):
    refund = waiting(300)

    release(refund, finance)

    assert state(refund) == QUEUED


def test_above_the_limit_the_first_release_is_on_record_and_the_second_sends_it(waiting, finance, finance2):
    refund = waiting(301)

    once = release(refund, finance)
    with pytest.raises(Refused, match="a second person of finance"):
        release(refund, finance)
    twice = release(refund, finance2, NOON + 2 * HOUR)

    assert (once.status, once.first_released_by_id, once.released_by_id) == (WAITING, finance.user_id, None)
    assert (twice.status, twice.first_released_by_id, twice.released_by_id) == (
        QUEUED, finance.user_id, finance2.user_id,
    )  # fmt: skip
    told = list(Event.objects.filter(case=refund.case, action__startswith="release").order_by("pk"))
    assert [event.action for event in told] == ["release_first", "release_refund"]
    assert told[1].data["first"] == "Finance"
    assert broken() == []


def test_two_releases_of_one_order_count_together(parts, finance):
    done = [release(refund, finance).status for refund in parts]

    assert done == [QUEUED, WAITING]


def test_another_person_finds_what_was_released_of_the_order_too(parts, finance, finance2):
    first, second = parts

    assert (release(first, finance).status, release(second, finance2).status) == (QUEUED, WAITING)


def test_the_day_of_a_person_is_limited_and_ends(waiting, finance):
    first, second, third = waiting(300), waiting(201), waiting(200)

    states = [release(first, finance).status, release(second, finance).status, release(third, finance).status]

    assert states == [QUEUED, WAITING, QUEUED]
    assert release(waiting(300), finance, NOON + DAY).status == QUEUED


def test_what_two_have_released_is_nobodys_alone(waiting, finance, finance2):
    much = waiting(5000)
    release(much, finance)
    release(much, finance2)

    assert release(waiting(300), finance2).status == QUEUED


def test_ticked_refunds_go_out_as_far_as_the_day_reaches(waiting, finance):
    refunds = [waiting(300), waiting(150), waiting(100)]

    done = releases.release_many([refund.pk for refund in refunds], by=finance, at=NOON + HOUR)

    assert [state(refund) for refund, _why in done] == [QUEUED, QUEUED, WAITING]
    assert [bool(why) for _refund, why in done] == [False, False, True]
    assert "second person of finance" in done[2][1]


def test_a_refund_that_is_divided_keeps_its_first_release(waiting, finance, finance2):
    refund = waiting(400)
    release(refund, finance)

    part = retries.divided(Refund.objects.get(pk=refund.pk), Decimal(390), at=NOON + HOUR)

    assert (part.first_released_by_id, part.status) == (finance.user_id, WAITING)
    assert release(part, finance2).status == QUEUED


def test_the_database_refuses_one_person_as_both(waiting, finance):
    refund = waiting(301)
    release(refund, finance)

    with pytest.raises(IntegrityError, match="two_people_release"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(released_by=finance.user_id, released_at=NOON)
