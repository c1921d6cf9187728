"""Signals of risk beside a case: what about a buyer is worth a second look, and who is told."""

from datetime import timedelta

import pytest

from aftersales.actions.disputes import evidence
from aftersales.models import Case, Team, User
from aftersales.queries.cases import case_risk
from tests.aftersales.many import many
from tests.aftersales.stages import again, picture, stage
from tests.aftersales.views.desk import LATER, address, seat
from tests.factories import NOON, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def signals(case, user):
    return [signal.text for signal in case_risk.signals(again(case), User.objects.get(pk=user.user_id), LATER)]


def test_a_buyer_with_one_case_gives_no_signal(case, people):
    assert signals(case, people.supervisor) == []


def test_many_cases_in_the_days_of_the_policy_are_a_signal_and_lead_to_their_list(case, people):
    many(case, 3)
    many(case, 5, opened_at=NOON - timedelta(days=200))

    (said,) = signals(case, people.supervisor)
    page = seat(people.supervisor).get(address(case)).text

    assert said == "Cases in 90 days: 4; orders: 1."
    assert f"?buyer={case.buyer_id}" in page
    listed = seat(people.supervisor).get("/cases/", {"buyer": case.buyer_id})
    assert case.number in listed.text
    assert "张**" in listed.text


def test_what_mostly_went_back_is_a_signal(order, people):
    case = again(stage("completed", order, people))

    assert any("went back" in said for said in signals(case, people.supervisor))


def test_cases_that_were_let_lapse_are_a_signal(case, people):
    many(case, 1, status="closed", close_reason="expired", closed_at=NOON)

    assert signals(case, people.supervisor) == ["1 case was opened and then let lapse."]


def test_a_photo_shown_in_another_case_is_a_signal_for_who_may_see_that_case(case, shop, buyer, people):
    other = opened(sold(merchant=shop, buyer=case.buyer), by=buyer)
    for each in (case, other):
        evidence.add(each.pk, [picture()], by=people.agent, at=LATER)
    Case.objects.filter(pk=other.pk).update(team=Team.objects.create(name="Elsewhere"))

    assert f"case {other.number} too" in signals(case, people.supervisor)[0]
    assert signals(case, people.agent) == []


def test_receipt_held_up_again_and_again_is_a_signal(case, people):
    case.order.receipt_hold_count = 3
    case.order.save(update_fields=["receipt_hold_count"])

    assert signals(case, people.supervisor) == ["Cases have held up the receipt of this order 3 times."]
