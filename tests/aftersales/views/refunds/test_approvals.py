"""Requests for a second person: allowed or declined by another, one's own with the sentence why not."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aftersales.actions.cases import negotiation
from aftersales.actions.refunds import approvals
from aftersales.models import ApprovalRequest, Case, Policy, User
from aftersales.rules.actor import buyer as buyer_of
from aftersales.rules.vocabulary import CaseType, Role, Status
from aftersales.views import submissions
from tests.factories import opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
DESK = "/approvals/"


@pytest.fixture
def at():
    return timezone.now() - timedelta(minutes=30)


@pytest.fixture
def make(shop, order, buyer, at):
    def ask(by, paid=800):
        sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, paid)], freight_amount=0)
        case = opened(sale, by=buyer, type=CaseType.REFUND_ONLY, at=at)
        return approvals.ask(case.pk, by=by, at=at, why="A regular customer")

    return ask


@pytest.fixture
def second(client, supervisor):
    client.force_login(User.objects.get(username="supervisor"))
    return client


def decide(client, asked, verdict, answer="", **fields):
    version = Case.objects.get(pk=asked.case_id).version
    data = {
        "once": submissions.new_key(),
        "version": version,
        "verdict": verdict,
        f"{asked.pk}-answer": answer,
        **fields,
    }
    return client.post(reverse("aftersales:approval", args=[asked.pk]), data)


def test_who_asks_for_what_and_why_is_shown(second, make, agent):
    make(agent)

    text = second.get(DESK).content.decode()

    assert "¥800.00" in text
    assert "A regular customer" in text
    assert "Agent" in text


def test_a_second_person_allows_a_request(second, make, agent):
    asked = make(agent)

    answer = decide(second, asked, "allow", "Fine")

    assert answer.status_code == 302
    assert Case.objects.get().status == Status.REFUNDING
    assert ApprovalRequest.objects.get().answer == "Fine"


def test_finance_may_decide_a_request_too(client, make, agent, finance):
    asked = make(agent)
    client.force_login(User.objects.get(username="finance"))

    decide(client, asked, "allow")

    assert Case.objects.get().status == Status.REFUNDING


def test_a_request_is_not_declined_without_an_answer(second, make, agent):
    asked = make(agent)

    silent = decide(second, asked, "decline")
    said = decide(second, asked, "decline", "Offer half")

    assert silent.status_code == 422
    assert "Say why you decline" in silent.content.decode()
    assert said.status_code == 302
    assert ApprovalRequest.objects.get().status == "declined"
    assert Case.objects.get().status == Status.PENDING_MERCHANT


def test_nobody_decides_their_own_request(second, make, supervisor):
    asked = make(supervisor)

    page = second.get(DESK).content.decode()
    answer = decide(second, asked, "allow")

    assert "You asked for this yourself" in page
    assert reverse("aftersales:approval", args=[asked.pk]) not in page
    assert answer.status_code == 422
    assert Case.objects.get().status == Status.PENDING_MERCHANT


def test_what_is_above_the_second_persons_limit_says_so(second, make, agent):
    asked = make(agent, paid=90_000)

    page = second.get(DESK).content.decode()

    assert "above your limit" in page
    assert decide(second, asked, "allow").status_code == 422


def test_a_stale_page_answers_409_and_keeps_the_answer(second, make, agent):
    asked = make(agent)

    answer = decide(second, asked, "allow", "Typed with care", version=0)

    assert answer.status_code == 409
    assert "Typed with care" in answer.content.decode()


def test_a_double_click_decides_once(second, make, agent):
    asked = make(agent)
    key = submissions.new_key()

    first, again = decide(second, asked, "allow", once=key), decide(second, asked, "allow", once=key)

    assert first.url == again.url
    assert Case.objects.get().events.filter(action="allow").count() == 1


def test_what_somebody_else_decided_is_not_decided_again(second, make, agent, supervisor2):
    asked = make(agent)
    approvals.decline(asked.case_id, by=supervisor2, at=timezone.now(), answer="No")

    assert decide(second, asked, "allow").status_code == 422
    assert Case.objects.get().status == Status.PENDING_MERCHANT


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN])
def test_other_roles_do_not_have_the_page(client, make, agent, shop, role):
    asked = make(agent)
    client.force_login(person("stranger", role, merchant=shop if role == Role.MERCHANT else None))

    assert client.get(DESK).status_code == 403
    assert decide(client, asked, "allow").status_code == 403
    assert Case.objects.get().status == Status.PENDING_MERCHANT


def test_the_page_costs_the_same_for_one_and_for_many(second, make, agent):
    def load():
        with CaptureQueriesContext(connection) as asked:
            second.get(DESK)
        return len(asked)

    make(agent)
    load()
    one = load()
    for _number in range(4):
        make(agent)

    assert load() == one <= 7


def test_the_page_says_what_would_happen_and_allows_only_that(second, make, agent, merchant, supervisor2):
    asked = make(agent)

    page = second.get(DESK).content.decode()
    assert "(Refund only): ¥800.00. The case then moves to: Refunding." in page
    assert re.search(r"Allow\s+<[^>]*>¥800.00", page)  # the act and its sum, on the button

    negotiation.offer(asked.case_id, by=merchant, at=timezone.now(), amount=Decimal(100))
    answer = decide(second, asked, "allow")

    assert answer.status_code == 422
    assert "Void" in answer.content.decode()


def test_the_asker_reads_on_the_case_why_the_request_has_ended(client, make, agent, merchant):
    asked = make(agent)
    negotiation.offer(asked.case_id, by=merchant, at=timezone.now(), amount=Decimal(100))
    negotiation.decline(asked.case_id, by=buyer_of(asked.case.buyer_id), at=timezone.now())
    client.force_login(User.objects.get(username="agent"))

    page = client.get(reverse("aftersales:case", args=[asked.case.number])).content.decode()

    assert "The approval that Agent asked for has ended" in page
    assert "The case has gone on another way." in page


def test_the_page_asks_the_day_of_the_second_person_as_the_gate_does(second, make, agent, supervisor):
    Policy.objects.update(authority_supervisor_day=Decimal(1000))
    approvals.allow(make(agent).case_id, by=supervisor, at=timezone.now())
    asked = make(agent)

    page = second.get(DESK).content.decode()

    assert "you would have decided ¥1,600.00 today, above your ¥1,000.00 a day" in page
    assert decide(second, asked, "allow").status_code == 422
