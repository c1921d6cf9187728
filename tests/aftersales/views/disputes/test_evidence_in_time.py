"""The page of a dispute: evidence while its clock runs, afterwards the sentence that says why not."""

import pytest
import time_machine

from aftersales.models import Event
from tests.aftersales.actions.disputes.dispute_clocks import at_clock
from tests.aftersales.stages import HOUR, MINUTE, stage
from tests.aftersales.views.desk import address, picture, seat, sent, upload
from tests.aftersales.views.disputes.photos import add

pytestmark = pytest.mark.django_db
OVER = "The time for evidence is over"


def plain(response):
    return response.content.decode()


def test_photos_are_added_while_evidence_is_taken(order, people):
    case = stage("arbitration", order, people)

    with time_machine.travel(case.due_at - MINUTE, tick=False):
        client = seat(people.agent)
        page, added = client.get(address(case)), add(client, case, upload(picture()))

    assert address(case, "evidence") in plain(page)
    assert OVER not in plain(page)
    assert (added.status_code, case.evidence.count()) == (302, 1)


@pytest.mark.parametrize("late", [MINUTE / 2, 20 * HOUR])
def test_afterwards_the_page_says_why_not_and_takes_none(late, order, people):
    case = stage("arbitration", order, people)

    with time_machine.travel(case.due_at + late, tick=False):
        client = seat(people.agent)
        page, refused = client.get(address(case)), add(client, case, upload(picture()))

    assert OVER in plain(page)
    assert address(case, "evidence") not in plain(page)
    assert OVER in plain(refused)
    assert case.evidence.count() == 0


def test_the_dialog_to_suspend_says_how_long_each_cause_may_take(order, people):
    case = stage("arbitration", order, people)

    with time_machine.travel(case.moved_at, tick=False):
        shown = plain(seat(people.supervisor).get(address(case, "suspend")))

    for length in ("7 business days", "30 days", "6 months"):
        assert f"at most {length}" in shown


@pytest.mark.parametrize("cause", ["", "holiday"])
def test_a_cause_that_is_not_offered_is_refused_on_the_form(cause, order, people):
    case = stage("arbitration", order, people)

    with time_machine.travel(case.moved_at, tick=False):
        answer = seat(people.supervisor).post(address(case, "suspend"), sent(case, cause=cause, why="It is written."))

    assert answer.status_code == 422
    assert not Event.objects.filter(case=case, action="suspend").exists()


def test_a_merchant_is_not_told_how_the_platform_staffs_its_decisions(order, people):
    case = at_clock("overdue_decision", order, people)

    with time_machine.travel(case.moved_at, tick=False):
        ours, theirs = (plain(seat(by).get(address(case))) for by in (people.supervisor, people.merchant))

    said = "two supervisors did not decide in time"
    assert said in ours
    assert said not in theirs


def test_the_page_of_a_suspended_case_says_for_what_and_how_long(order, people):
    case = stage("suspended", order, people)

    with time_machine.travel(case.moved_at, tick=False):
        shown = plain(seat(people.agent).get(address(case)))

    assert "Suspension: 30 days · The police investigates" in shown


def test_who_asks_for_more_reads_how_long_both_sides_have(order, people):
    case = at_clock("decision", order, people)

    with time_machine.travel(case.moved_at, tick=False):
        shown = plain(seat(people.supervisor).get(address(case, "ask_evidence")))

    assert "Both sides are told, and have 4 hours of service." in shown
