"""Limits that cannot be walked around: every way to money asks the order and the day of the person."""

from decimal import Decimal

import pytest

from aftersales import moves
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.reshaping import splits
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import approvals, intents
from aftersales.actions.replacements import dispatches
from aftersales.models import Event, Policy, Refund
from aftersales.queries.refunds import authority
from aftersales.rules.actor import buyer
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, broken, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db

# Every move that gives nobody anything, and why; all others ask for authority. Written by hand, against the records.
NOT_MONEY = {
    "intercepted": "goods", "miss_interception": "goods", "lose_parcel": "the carrier tells; agreed to before",
    "decline_offer": "takes back", "lapse_offer": "takes back", "reject": "refuses", "reapply": "asks",
    "escalate": "asks", "withdraw": "takes back", "expire": "the clock", "ship_return": "goods",
    "book_pickup": "goods", "reschedule_pickup": "goods", "cancel_pickup": "goods", "receive": "goods",
    "refer_inspection": "the clock",
    "presume_received": "the clock", "pass_inspection": "agreed to before", "fail_inspection": "refuses",
    "quote_repair": "the buyer pays", "diagnose": "facts", "send_to_repairer": "goods",
    "back_from_repairer": "goods", "finish_repair": "agreed to before", "fail_repair": "facts",
    "offer_choice": "the clock", "dispatch": "agreed to before", "send_again": "agreed to before",
    "confirm_receipt": "agreed to before", "rule_for_merchant": "refuses", "close_evidence": "the clock",
    "ask_evidence": "asks", "report_goods": "facts", "pass_on_decision": "the clock", "miss_decision": "the clock",
    "suspend": "waits", "resume": "waits", "settle": "what was intended", "fail_refund": "the gateway tells",
    "retry_refund": "what was intended", "reverse_refund": "the gateway tells", "platform_pays": "the clock",
    "convert": "decided anew", "split": "undecided, or counted with what was offered",
    "merge": "undecided, or counted with what was offered", "extend": "time", "request_approval": "asks",
    "decline_request": "refuses", "reopen": "decided anew; what was given counts",
}  # fmt: skip


KINDS = ("return_refund", "exchange")


def actor_of(order):
    return buyer(order.buyer_id)


@pytest.fixture
def dear(shop, people):
    """Two units for 278.00, and no freight: one is within an agent's limit of 200, both are not."""
    return sold(merchant=shop, lines=[(2, 278)], freight_amount=0)


def agreed(case, by, hours=1):
    return decisions.approve(case.pk, by=by, at=NOON + hours * HOUR)


def test_a_move_asks_for_authority_or_gives_nobody_anything():
    asking = {move.name for move in moves.DECIDING}

    assert asking.isdisjoint(NOT_MONEY)
    assert asking | set(NOT_MONEY) == set(moves.CHART)


def test_two_halves_of_a_case_are_one_sum(dear, people):
    case = opened(dear, by=actor_of(dear))
    line = case.lines.get()
    half = splits.split(case.pk, {line.pk: 1}, by=people.agent, at=NOON + HOUR)
    agreed(case, people.agent)

    with pytest.raises(Refused, match=r"¥278\.00 of this order would be decided without a second person"):
        agreed(half, people.agent)
    with pytest.raises(Refused, match="of this order"):
        agreed(half, people.agent2)

    approvals.ask(half.pk, by=people.agent, at=NOON + HOUR)
    assert approvals.allow(half.pk, by=people.supervisor, at=NOON + HOUR).status == "awaiting_return"
    assert [event.data["decided"] for event in Event.objects.filter(action="approve")] == ["139.0000"]


def test_an_offer_and_an_agreement_are_one_sum(dear, people):
    line = dear.lines.get()
    first, second = (opened(dear, by=actor_of(dear), units={line.pk: 1}, type=kind) for kind in KINDS)
    negotiation.offer(first.pk, by=people.agent, at=NOON + HOUR, amount=Decimal(120))

    with pytest.raises(Refused, match="of this order"):
        agreed(second, people.agent)

    negotiation.decline(first.pk, by=actor_of(dear), at=NOON + HOUR)
    assert agreed(second, people.agent).status == "awaiting_return"


def test_money_instead_asks_whoever_gives_it(dear, people):
    case = opened(dear, by=actor_of(dear), type="exchange", reason="wrong_size_chosen")
    Policy.objects.update(authority_supervisor=Decimal(270))
    case = agreed(case, people.merchant)
    type(case).objects.filter(pk=case.pk).update(status="awaiting_dispatch", goods_state="signed")

    for person in (people.agent, people.supervisor, people.warehouse):
        with pytest.raises(Refused, match="above your limit"):
            dispatches.give_money(case.pk, by=person, at=NOON + HOUR)


def test_who_accepts_for_the_buyer_decides_about_the_offer(dear, people):
    case = opened(dear, by=actor_of(dear))
    negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=Decimal(278))

    with pytest.raises(Refused, match="above your limit"):
        negotiation.accept(case.pk, by=people.agent, at=NOON + HOUR)

    assert negotiation.accept(case.pk, by=actor_of(dear), at=NOON + HOUR).status == "awaiting_return"


def test_a_ruling_is_within_the_limit_of_who_rules(dear, people):
    Policy.objects.update(authority_supervisor=Decimal(270))
    case = opened(dear, by=actor_of(dear))
    decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())
    arbitration.escalate(case.pk, by=actor_of(dear), at=NOON + HOUR)

    with pytest.raises(Refused, match="above your limit"):
        arbitration.rule_for_buyer(case.pk, by=people.supervisor, at=NOON + HOUR, ruling="So be it.", liable="merchant")

    ruled = arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=NOON + HOUR, ruling="A part.", liable="merchant", amount=Decimal(270)
    )
    assert ruled.status == "awaiting_return"


def test_two_parts_of_an_order_are_released_as_one(people, shop):
    Policy.objects.update(release_above=Decimal(100))
    order = sold(merchant=shop, lines=[(2, "139.80")], freight_amount=0, unshipped=True)
    line = order.lines.get()
    case = opened(order, by=actor_of(order), type="refund_only", units={line.pk: 2})
    half = splits.split(case.pk, {case.lines.get().pk: 1}, by=people.agent, at=NOON + HOUR)
    agreed(case, people.agent)
    agreed(half, people.agent)

    assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == ["queued", "awaiting_release"]


@pytest.fixture
def once_more(shop, people):
    """Of 200 a supervisor has given 120 by an offer; the case is open again, and 80 are left to decide."""
    Policy.objects.update(release_above=1000)
    order = sold(merchant=shop, lines=[(2, 200)], freight_amount=0, unshipped=True)
    case = opened(order, by=actor_of(order), type="refund_only")
    negotiation.offer(case.pk, by=people.supervisor, at=NOON, amount=Decimal(120))
    paid = negotiation.accept(case.pk, by=actor_of(order), at=NOON)
    intents.paid(paid.refunds.get(), at=NOON)
    intents.settle(case.pk, by=people.gateway, at=NOON)
    return decisions.reopen(case.pk, by=people.supervisor, at=NOON, why="It was worse than it looked.")


def test_of_a_case_that_was_opened_again_counts_what_is_decided_now(once_more, shop, people):
    decisions.approve(once_more.pk, by=people.agent, at=NOON + HOUR)
    other = sold(merchant=shop)
    elsewhere = opened(other, by=actor_of(other))

    told = Event.objects.get(case=once_more, action="approve")
    today = {
        each: authority.of_many([elsewhere], getattr(people, each), NOON + HOUR)(elsewhere).today
        for each in ("agent", "supervisor")
    }
    assert (Decimal(told.data["decided"]), Decimal(told.data["before"])) == (200, 120)
    assert today == {"agent": 80, "supervisor": 120}
    assert broken() == []


def test_what_an_order_gave_before_counts_with_what_is_decided_of_the_rest(once_more, people):
    Policy.objects.update(authority_agent=199)

    with pytest.raises(Refused, match="of this order"):
        decisions.approve(once_more.pk, by=people.agent, at=NOON + HOUR)

    Policy.objects.update(authority_agent=200)
    assert decisions.approve(once_more.pk, by=people.agent, at=NOON + HOUR).status == "refunding"


def test_both_parts_of_one_person_count_in_their_day(once_more, people):
    Policy.objects.update(authority_supervisor_day=199)

    with pytest.raises(Refused, match="today"):
        decisions.approve(once_more.pk, by=people.supervisor, at=NOON + HOUR)
