"""A supervisor opens the time to ask once more, for one order and one reason; it ends by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.orders import opened_windows
from aftersales.models import OpenedWindow, Reason
from aftersales.queries.cases import applications
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import CaseType, Role
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(shop, order):
    """Signed two months ago: every usual time to ask is over."""
    return sold(merchant=shop, buyer=order.buyer, shipped_at=NOON - 61 * DAY, signed_at=NOON - 60 * DAY)


def reason(code="agreed"):
    return Reason.objects.get(code=code)


def reopen(order, people, code="agreed", days=2, at=NOON):
    return opened_windows.open_until(
        order.pk, reason(code), at + days * DAY, why="The shop promised it.", by=people.supervisor, at=at
    )


def fitting(order, at=NOON):
    found = applications.options(order, order.lines.all(), at)[CaseType.RETURN_REFUND].reasons
    return {offer.reason.code: offer for offer in found}


def test_as_agreed_is_possible_after_the_usual_time_until_the_day_that_was_opened(old, people):
    with pytest.raises(Refused, match="ended at"):
        opened(old, by=people.buyer, reason="agreed")

    reopen(old, people)

    with pytest.raises(Refused, match="ended at"):
        opened(old, by=people.buyer, reason="agreed", at=NOON + 2 * DAY)
    case = opened(old, by=people.buyer, reason="agreed", at=NOON + 2 * DAY - HOUR)
    assert (case.status, case.freight_payer) == ("pending_merchant", "merchant")


def test_no_other_reason_and_no_other_order_is_opened_with_it(old, people):
    other = sold(merchant=old.merchant, buyer=old.buyer, shipped_at=NOON - 61 * DAY, signed_at=NOON - 60 * DAY)
    reopen(old, people)

    for order, code in ((old, "changed_mind"), (other, "agreed")):
        with pytest.raises(Refused, match="ended at"):
            opened(order, by=people.buyer, reason=code)


def test_what_the_form_offers_is_what_applying_admits_and_says_who_opened_it(old, people):
    assert fitting(old) == {}

    row = reopen(old, people)

    offers = fitting(old)
    assert [(code, each.opened, each.closes_at) for code, each in offers.items()] == [("agreed", row, row.until)]
    assert fitting(old, at=NOON + 2 * DAY) == {}


def test_silence_agrees_to_a_request_of_an_opened_window_and_nobody_rejects_it_as_too_late(old, people):
    reopen(old, people)
    case = opened(old, by=people.buyer, reason="agreed", at=NOON + HOUR)

    assert CaseFacts(case, CLOCK, Role.CLOCK, NOON + 3 * DAY).window_end == NOON + 2 * DAY
    with pytest.raises(Refused, match="does not apply"):
        decisions.reject(case.pk, by=people.merchant, at=NOON + 2 * DAY, reason=refusal("window_over"))
    assert decisions.approve(case.pk, by=CLOCK, at=NOON + 2 * DAY + HOUR).status == "awaiting_return"


def test_the_newest_entry_counts_so_that_it_can_be_shortened(old, people):
    reopen(old, people, days=30)
    reopen(old, people, days=1, at=NOON + HOUR)

    with pytest.raises(Refused, match="ended at"):
        opened(old, by=people.buyer, reason="agreed", at=NOON + 2 * DAY)


def test_a_window_that_is_longer_by_the_policy_is_not_shortened(order, people):
    reopen(order, people, days=1)

    assert opened(order, by=people.buyer, reason="agreed", at=NOON + 3 * DAY).status == "pending_merchant"


@pytest.mark.parametrize("who", ["agent", "senior", "finance", "merchant", "buyer", "warehouse"])
def test_only_a_supervisor_opens_it(who, old, people):
    by = getattr(people, who)

    with pytest.raises(gate.Forbidden):
        opened_windows.open_until(old.pk, reason(), NOON + DAY, why="Please.", by=by, at=NOON)


@pytest.mark.parametrize(("until", "why"), [(NOON, "x"), (NOON - DAY, "x"), (NOON + 367 * DAY, "x"), (NOON + DAY, " ")])
def test_it_has_a_cause_and_ends_within_a_year_for_people_and_for_the_database(until, why, old, supervisor):
    with pytest.raises(Refused):
        opened_windows.open_until(old.pk, reason(), until, why=why, by=supervisor, at=NOON)

    row = {"order": old, "reason": reason(), "until": until, "why": why.strip(), "opened_by_id": supervisor.user_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenedWindow.objects.create(opened_at=NOON, **row)


def test_a_request_in_its_window_reads_nothing_of_it(order, people, django_assert_num_queries):
    facts = CaseFacts(opened(order, by=people.buyer), CLOCK, Role.CLOCK, NOON + timedelta(days=1))
    assert facts._item_policies and facts._arrivals and facts._calendar

    with django_assert_num_queries(0):
        assert facts.window_end
