"""What a page of a case tells beside its facts: procedure ticked off, hand-over, what is worth a second look."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import checklist
from aftersales.actions.conversation import messages
from aftersales.actions.disputes import evidence
from aftersales.models import Case, Reason, StepDone, Team, User
from aftersales.queries.cases import case_checklist, case_risk
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused
from tests.aftersales.many import many
from tests.aftersales.stages import HOUR, again, picture, stage
from tests.aftersales.views.desk import LATER, address, seat, sent
from tests.factories import NOON, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def steps(case):
    return [step.key for step in case_checklist.of(again(case))]


def signals(case, user):
    return [signal.text for signal in case_risk.signals(again(case), User.objects.get(pk=user.user_id), LATER)]


def test_a_step_is_ticked_off_and_taken_back(case, people):
    client, first = seat(people.agent), steps(case)[0]

    response = client.post(address(case, "step"), sent(case, done=first))

    done = StepDone.objects.get(case=case)
    assert response["Location"].endswith("#procedure")
    assert (done.step, done.user_id, done.done_at) == (first, people.agent.user_id, LATER)
    assert 'aria-pressed="true"' in client.get(address(case)).text
    client.post(address(case, "step"), sent(case, undone=first))
    assert not StepDone.objects.exists()


def test_ticking_twice_is_ticking_once_and_htmx_gets_the_list_alone(case, people):
    client, first = seat(people.agent), steps(case)[0]

    for _click in range(2):
        response = client.post(address(case, "step"), sent(case, done=first), headers={"HX-Request": "true"})

    assert StepDone.objects.count() == 1
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section class="card procedure"')


def test_a_step_that_an_admin_has_rewritten_is_refused_in_words(case, people):
    old = steps(case)[0]
    Reason.objects.filter(pk=case.reason_id).update(sop_en="Ask first", sop_zh="先问")

    with pytest.raises(Refused, match="no such step"):
        checklist.tick(case.pk, old, is_done=True, by=people.agent, at=LATER)
    response = seat(people.agent).post(address(case, "step"), sent(case, done=old))

    assert response.status_code == 422
    assert "no such step" in response.text
    assert steps(case) == ["Ask first"]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.WAREHOUSE, Role.ADMIN])
def test_only_the_desk_ticks(role, case, people):
    client = seat(getattr(people, role.value))

    response = client.post(address(case, "step"), sent(case, done=steps(case)[0]))

    assert response.status_code in (403, 404)
    assert not StepDone.objects.exists()


def test_steps_are_known_by_their_english_words_in_either_language(case, people):
    client, first = seat(people.agent), steps(case)[0]
    client.cookies["django_language"] = "zh-hans"

    client.post(address(case, "step"), sent(case, done=first))

    assert case.reason.sop_zh.splitlines()[0] in client.get(address(case)).text
    assert StepDone.objects.get().step == case.reason.sop_en.splitlines()[0].strip()


def test_the_hand_over_names_what_is_promised_open_and_unanswered(order, people):
    case = again(stage("return_in_transit", order, people))
    messages.send(case.pk, "We look into it.", by=people.agent, at=LATER - 2 * HOUR)
    messages.send(case.pk, "When is my money coming?", by=people.buyer, at=LATER - HOUR)
    messages.note(case.pk, "Promised a call on Friday.", by=people.agent, at=LATER - HOUR)
    checklist.tick(case.pk, steps(case)[0], is_done=True, by=people.agent, at=LATER)

    context = seat(people.agent).get(address(case)).context
    told = {point.label: point.text for point in context["handover"]}

    assert {"Turn", "On its way back", "Not answered yet", "Last note", "Procedure"} <= set(told)
    assert "When is my money coming?" in told["Not answered yet"]
    assert "Friday" in told["Last note"]
    assert context["promised"].label in told


def test_an_answer_closes_the_question(case, people):
    messages.send(case.pk, "Where is it?", by=people.buyer, at=LATER - 2 * HOUR)
    messages.send(case.pk, "On its way.", by=people.agent, at=LATER - HOUR)

    told = [point.label for point in seat(people.agent).get(address(case)).context["handover"]]

    assert "Not answered yet" not in told


def test_merchants_read_no_inner_note_in_the_hand_over(case, people):
    messages.note(case.pk, "Be careful with this one.", by=people.agent, at=LATER - HOUR)

    response = seat(people.merchant).get(address(case))

    assert "Be careful" not in response.text
    assert response.context["signals"] == []


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


def test_a_returned_parcel_that_was_received_is_no_longer_under_way(order, people):
    case = again(stage("inspecting", order, people))

    told = [point.label for point in seat(people.supervisor).get(address(case)).context["handover"]]

    assert "On its way back" not in told
