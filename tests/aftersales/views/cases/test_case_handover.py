"""The hand-over of a case: what is promised, open and unanswered, for whoever takes it over."""

import pytest

from aftersales.actions.cases import checklist
from aftersales.actions.conversation import messages
from aftersales.models import User
from aftersales.queries.cases import case_checklist, case_risk
from tests.aftersales.stages import HOUR, again, stage
from tests.aftersales.views.desk import LATER, address, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def steps(case):
    return [step.key for step in case_checklist.of(again(case))]


def signals(case, user):
    return [signal.text for signal in case_risk.signals(again(case), User.objects.get(pk=user.user_id), LATER)]


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
    assert context["deadline"].label in told


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


def test_a_returned_parcel_that_was_received_is_no_longer_under_way(order, people):
    case = again(stage("inspecting", order, people))

    told = [point.label for point in seat(people.supervisor).get(address(case)).context["handover"]]

    assert "On its way back" not in told
