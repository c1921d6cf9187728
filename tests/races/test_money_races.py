"""Many hands on the same money, units or queue: exactly what there is is given. Each has its control without locks."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import DatabaseError

from aftersales.actions.cases import decisions
from aftersales.actions.console import assignment
from aftersales.actions.refunds import refund_worker
from aftersales.models import Case, Event, Refund, Team, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.cases import return_window
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import CaseType, Role
from orders import entitlement
from orders.gateways import sandbox
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened, sold
from tests.people import person
from tests.races.clones import cloned
from tests.races.together import (
    at_once,
    locks,
    nothing_broken,
    patiently,
    pausing,
    refusals,
    unlock,
    without,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def forty(shop, order, people):
    """Forty cases of ten each on one payment that captured a hundred."""
    big = sold(
        merchant=shop,
        buyer=order.buyer,
        unshipped=True,
        lines=[(1, 10)] * 40,
        payments=[("wallet", 100)],
        freight_amount=0,
    )
    return [
        opened(big, by=people.buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1}) for line in big.lines.order_by("pk")
    ]


def agreed(asked, people):
    return [
        lambda case=case: patiently(lambda: decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR))
        for case in asked
    ]


def test_of_forty_refunds_of_ten_at_once_a_hundred_pays_ten(forty, people, monkeypatch):
    pausing(monkeypatch, entitlement.money, "allocate_capped")

    answers = at_once(*agreed(forty, people))

    payment = forty[0].order.payments.get()
    assert len(refusals(answers)) == 30
    assert payment.reserved == Decimal(100)
    assert Refund.objects.count() == 10
    assert Case.objects.filter(status="pending_merchant").count() == 30
    nothing_broken()


def test_control_forty_tens_without_locks_are_more_than_a_hundred(forty, people, monkeypatch):
    pausing(monkeypatch, entitlement.money, "allocate_capped")
    unlock(monkeypatch)

    with without("orders_payment", "payment_never_above_captured"):
        at_once(*agreed(forty[:20], people))
        reserved = forty[0].order.payments.get().reserved
        Refund.objects.all().delete()

    assert reserved > Decimal(100)


@locks
def test_the_last_unit_that_two_ask_for_at_once_goes_to_one(locked, shop, order, people, monkeypatch):
    pausing(monkeypatch, return_window, "refusal")
    if not locked:
        unlock(monkeypatch)
    single = [sold(merchant=shop, buyer=order.buyer, lines=[(1, 50)]) for _number in range(20 if locked else 8)]

    def asking(one, type):
        return lambda: patiently(lambda: opened(one, by=people.buyer, type=type, reason="agreed"))

    def race():
        return [at_once(asking(one, CaseType.REFUND_ONLY), asking(one, CaseType.RETURN_REFUND)) for one in single]

    if locked:
        assert [len(refusals(pair)) for pair in race()] == [1] * 20
        assert Case.objects.count() == 20
        nothing_broken()
    else:
        # Without locks it is the database's own rule that stops the second one, not ours.
        assert any(isinstance(answer, DatabaseError) for pair in race() for answer in pair)


@locks
def test_peer_43_two_last_lines_decided_at_once_give_the_freight_back_once(locked, shop, order, people, monkeypatch):
    pausing(monkeypatch, settlement, "work_out")
    if not locked:
        unlock(monkeypatch)

    def decided():
        two = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 60), (1, 40)])
        lines = two.lines.order_by("pk")
        cases = [opened(two, by=people.buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1}) for line in lines]
        refusals(at_once(*agreed(cases, people)))
        return sum(case.agreed_amount for case in Case.objects.filter(order=two))

    sums = {decided() for _turn in range(6)}

    assert (sums == {Decimal(110)}) == locked


@locks
def test_eight_agents_claim_what_comes_next(locked, order, people, monkeypatch):
    waiting = cloned(opened(order, by=people.buyer), 63)
    users = [person(f"agent-{number}", Role.AGENT) for number in range(8)]
    for user in users:
        user.teams.add(Team.objects.get())
    pausing(monkeypatch, assignment, "_give")
    if not locked:
        unlock(monkeypatch)

    def claiming(user):
        def work():
            fresh = User.objects.get(pk=user.pk)
            for _turn in range(fresh.capacity):
                if not patiently(lambda: assignment.claim_next(fresh, by=actor_for(fresh), at=NOON + HOUR)):
                    return

        return work

    answers = at_once(*[claiming(user) for user in users])

    claims = Counter(Event.objects.filter(action="claim").values_list("case_id", flat=True))
    twice = [pk for pk, count in claims.items() if count > 1]
    if not locked:
        assert twice, "without locks two agents must have got the same case"
        return
    assert refusals(answers) == []
    assert twice == []
    assert len(claims) == len(waiting) + 1
    assert not Case.objects.filter(assignee__isnull=True).exists()


@locks
def test_workers_send_each_refund_once(locked, unshipped, people, monkeypatch):
    template = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(template.pk, by=people.merchant, at=NOON)
    cloned(Case.objects.get(pk=template.pk), 59 if locked else 19)
    pausing(monkeypatch, Refund, "claim")
    if not locked:
        unlock(monkeypatch)

    def working():
        while patiently(lambda: refund_worker.send_next(NOON + HOUR)):
            pass

    answers = at_once(*[working] * 4)

    attempts = {row.number: row.attempts for row in sandbox.refund_rows()}
    if not locked:
        assert max(attempts.values()) > 1, "without locks two workers must have sent the same refund"
        return
    assert refusals(answers) == []
    assert set(attempts.values()) == {1}
    assert len(attempts) == 60
    assert sandbox.ledger_total() == Decimal(110) * 60
    assert set(Case.objects.values_list("status", flat=True)) == {"completed"}
    nothing_broken()


def test_a_claim_knows_what_its_agent_carries(order, people, agent_user):
    cloned(opened(order, by=people.buyer), 20)
    agent_user.capacity = 3
    agent_user.save()

    def claim():
        return patiently(lambda: assignment.claim_next(agent_user, by=actor_for(agent_user), at=NOON + HOUR))

    answers = at_once(*[claim] * 6)

    assert Case.objects.filter(assignee=agent_user).count() == 3
    assert len(refusals(answers)) == 3
