"""A look at a case from the list: what it tells, to whom, at what cost."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import messages
from aftersales.models import Case, Policy, Team
from tests.aftersales.many import many
from tests.aftersales.views.desk import LATER, seat
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def look(actor, case, **headers):
    return seat(actor).get(f"/cases/{case.number}/peek/", headers=headers)


def test_the_quick_view_tells_what_is_asked_what_is_due_the_last_word_and_the_next_step(case, agent, buyer):
    messages.send(case.pk, "It is too small", by=buyer, at=NOON)
    messages.note(case.pk, "Third return of this buyer", by=agent, at=LATER)

    shown = look(agent, case, **{"HX-Request": "true"})

    assert shown.text.lstrip().startswith('<div class="dialog-head">')
    for told in ("连衣裙 雾蓝", "DRESS-M", "¥100.00", "the return approves itself", "Third return", "张**"):
        assert told in shown.text, told
    assert "张小雨" not in shown.text
    assert "It is too small" not in shown.text
    assert "<b>Agree to the return</b>" in shown.text
    assert '<div id="peek-presence"></div>' in shown.text


def test_merchants_do_not_see_notes(case, merchant, agent, buyer):
    messages.send(case.pk, "It is too small", by=buyer, at=NOON)
    messages.note(case.pk, "Third return of this buyer", by=agent, at=LATER)

    shown = look(merchant, case)

    assert "It is too small" in shown.text
    assert "Third return" not in shown.text


def test_above_ones_limit_the_next_step_is_to_ask(order, agent, buyer):
    Policy.objects.update(authority_agent=10)
    case = opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)

    assert "<b>Ask for approval</b>" in look(agent, case).text or "approval" in look(agent, case).context["next_step"]


def test_what_was_decided_on_the_order_counts_in_the_quick_view_as_at_the_gate(order, agent, buyer):
    Policy.objects.update(authority_agent=90)
    line = order.lines.get()
    first, second = (opened(order, by=buyer, units={line.pk: 1}, reason="agreed") for _unit in range(2))
    decisions.approve(first.pk, by=agent, at=LATER)

    assert "approval" in look(agent, second).context["next_step"]


def test_what_somebody_may_not_open_they_may_not_look_at(case, agent, agent2):
    Case.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Night"))

    assert look(agent, case).status_code == 404
    assert seat(agent).get("/cases/AS-99-999999/peek/").status_code == 404
    assert seat(agent).post(f"/cases/{case.number}/peek/").status_code == 405


@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "finance", "warehouse", "admin"])
def test_the_quick_view_takes_six_queries_at_most_whoever_looks_at_whatever(who, case, people, buyer):
    client = seat(getattr(people, who))
    states = ["pending_merchant", "inspecting", "pending_buyer", "arbitration"]
    cases = [case, *(many(case, 1, status=state)[0] for state in states)]
    for number in range(5):
        messages.send(case.pk, f"Message {number}", by=buyer, at=NOON)

    for one in cases:
        url = f"/cases/{one.number}/peek/"
        if client.get(url).status_code == 404:  # the warehouse sees what is on its way to it
            continue
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        assert len(asked) <= 6, [query["sql"][:80] for query in asked]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_state_can_be_looked_at_in_both_languages(language, case, supervisor):
    client = seat(supervisor)
    client.post("/language/", {"language": language})

    ended = {"completed": {"closed_at": NOON}, "closed": {"closed_at": NOON, "close_reason": "withdrawn"}}
    for state in ("pending_merchant", "rejected", "refunding", "suspended", *ended):
        one = many(case, 1, status=state, **ended.get(state, {}))[0]
        assert client.get(f"/cases/{one.number}/peek/").status_code == 200
