"""What can be done on the page of a case: one step leads on, each other one is there or says why not."""

import pytest

from aftersales.queries.cases import possible_moves
from aftersales.rules.vocabulary import Status
from tests.aftersales.stages import again, stage
from tests.aftersales.views.desk import LATER, address, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_one_step_leads_on_and_each_other_one_is_there_or_says_why_not(case, agent):
    context = seat(agent).get(address(case)).context

    assert context["primary"].label == "Agree to the return"
    others = [button.label for button in context["others"]]
    reshaping = ["Convert into another type", "Split the case", "Merge into another case"]
    assert others == ["Make an offer", "Reject", "Withdraw, for the buyer", *reshaping]
    assert all("is possible while a case is" in choice.reason for choice in context["elsewhere"])


def test_what_a_role_never_does_is_not_listed(case, merchant, finance):
    of_merchant = {choice.act.name for choice in possible_moves.available(case, merchant, LATER)}
    of_finance = {choice.act.name for choice in possible_moves.available(case, finance, LATER)}

    assert "rule_for_buyer" not in of_merchant
    assert "withdraw" not in of_merchant
    assert of_finance == {"allow", "decline_request", "retry_refund"}


def test_what_is_available_is_what_the_gate_allows(order, people):
    case = again(stage(Status.REJECTED, order, people))

    choices = {choice.act.name: choice.reason for choice in possible_moves.available(case, people.agent, LATER)}

    assert not choices["reapply"]
    assert not choices["escalate"]
    assert "is possible while a case is" in choices["approve"]


def test_receiving_leads_to_the_warehouse(order, people):
    case = again(stage(Status.RETURN_IN_TRANSIT, order, people))

    primary = seat(people.supervisor).get(address(case)).context["primary"]

    assert primary.url == f"/warehouse/{case.number}/"
