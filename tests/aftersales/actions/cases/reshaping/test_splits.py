"""Some units go on in a case of their own: same state, same promises, exact shares; parts of a line do not compete."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.reshaping import splits
from aftersales.actions.refunds import approvals
from aftersales.models import CaseLine, Policy
from aftersales.queries.cases import case_links
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.refusals import Refused
from tests.aftersales.reshaped import converted, held, whole
from tests.aftersales.stages import HOUR, again, pay, picture, refusal, stage
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(shop):
    """Three units for ten."""
    return sold(merchant=shop, lines=[(3, 10)], payments=[("wallet", 20)])


def split(case, units=1, *, by, at=NOON + HOUR, **fields):
    """So many units of the first line in a case of their own."""
    return splits.split(case.pk, {case.lines.first().pk: units}, by=by, at=at, **fields)


def lines_of(case):
    return [(line.units, line.amount, line.units_held, line.amount_held) for line in case.lines.all()]


@pytest.mark.parametrize("state", ["pending_merchant", "pending_buyer", "rejected"])
def test_peer_31_the_part_stands_where_the_whole_stood(state, order, people):
    case = stage(state, order, people)

    new = split(case, by=people.agent, at=NOON + 2 * HOUR)

    case = again(case)
    assert (case.status, new.status, new.type, new.parent) == (state, state, case.type, case)
    assert (new.due_at, new.due_kind, new.round_number) == (case.due_at, case.due_kind, case.round_number)
    assert (new.reject_reason, new.opened_at, new.policy) == (case.reject_reason, case.opened_at, case.policy)
    assert whole() == []


def test_units_and_money_are_shared_exactly(three, agent):
    case = opened(three, by=agent, reason="agreed")

    new = split(case, 2, by=agent)

    assert lines_of(new) == [(2, Decimal("6.66"), 2, Decimal("6.66"))]
    assert lines_of(case) == [(1, Decimal("3.34"), 1, Decimal("3.34"))]
    assert (again(case).requested_amount, new.requested_amount) == (Decimal("3.34"), Decimal("6.66"))
    assert held(three) == ([(3, Decimal(10))], 0)


def test_a_whole_line_moves_as_it_is(shop, agent):
    order = sold(merchant=shop, lines=[(1, 40), (1, 60)])
    case = opened(order, by=agent, reason="agreed", units={line.pk: 1 for line in order.lines.all()})
    first, _second = case.lines.all()

    new = splits.split(case.pk, {first.pk: 1}, by=agent, at=NOON + HOUR)

    assert (again(case).requested_amount, again(new).requested_amount) == (Decimal(60), Decimal(40))
    assert CaseLine.objects.get(pk=first.pk).case == new
    assert whole() == []


def test_a_lower_sum_is_shared_by_units(three, agent):
    case = opened(three, by=agent, reason="agreed", type=CaseType.REFUND_ONLY, amount=Decimal("1.00"))

    new = split(case, 1, by=agent)

    assert (new.requested_amount, again(case).requested_amount) == (Decimal("0.33"), Decimal("0.67"))


def test_freight_stays(unshipped, agent):
    case = opened(unshipped, by=agent, type=CaseType.REFUND_ONLY)

    new = split(case, by=agent)

    assert (again(case).freight_held, new.freight_held) == (Decimal(10), 0)
    assert held(unshipped) == ([(2, Decimal(100))], Decimal(10))


def test_an_offer_is_shared_and_its_time_goes_on(three, agent, merchant):
    case = opened(three, by=agent, reason="agreed")
    negotiation.offer(case.pk, by=merchant, at=NOON + HOUR, amount=Decimal("5.00"))

    new = split(case, 1, by=agent, at=NOON + 2 * HOUR)

    offers = [each.offers.get(status="open") for each in (case, new)]
    assert [offer.amount for offer in offers] == [Decimal("3.33"), Decimal("1.67")]
    assert [(each.kind, each.status, each.due_at, each.left) for each in new.deadlines.order_by("kind")] == [
        (each.kind, each.status, each.due_at, each.left)
        for each in case.deadlines.filter(status__in=["pending", "paused"]).order_by("kind")
    ]
    assert negotiation.accept(new.pk, by=agent, at=NOON + 3 * HOUR).agreed_amount == Decimal("1.67")
    assert whole() == []


def test_the_parts_go_their_own_ways_to_the_last_fen(three, agent, merchant):
    case = opened(three, by=agent, reason="agreed", type=CaseType.REFUND_ONLY)
    new = split(case, 1, by=agent)

    decisions.reject(case.pk, by=merchant, at=NOON + 2 * HOUR, reason=refusal())
    decisions.approve(new.pk, by=agent, at=NOON + 2 * HOUR)
    decisions.reapply(
        case.pk,
        asks(three, type=CaseType.REFUND_ONLY, reason="agreed", units={three.lines.get().pk: 2}),
        by=agent,
        at=NOON + 3 * HOUR,
    )
    decisions.approve(case.pk, by=agent, at=NOON + 4 * HOUR)
    pay(NOON + 5 * HOUR, times=4)

    line = three.lines.get()
    assert (line.units_settled, line.amount_settled, line.amount_left) == (3, Decimal(10), 0)
    assert [again(each).status for each in (case, new)] == ["completed", "completed"]
    assert whole() == []


def test_parts_do_not_compete_and_a_new_application_gets_what_is_free(three, agent):
    case = opened(three, by=agent, reason="agreed")
    new = split(case, 1, by=agent)

    both = [converted(each, CaseType.REFUND_ONLY, by=agent, at=NOON + 2 * HOUR) for each in (new, again(case))]

    assert {each.type for each in both} == {"refund_only"}
    assert whole() == []
    decisions.withdraw(both[1].pk, by=agent, at=NOON + 3 * HOUR)
    asked = {"by": agent, "reason": "agreed", "type": CaseType.REFUND_ONLY, "at": NOON + 4 * HOUR}
    with pytest.raises(Refused, match=both[0].number):
        opened(three, units={three.lines.get().pk: 3}, **asked)
    assert opened(three, units={three.lines.get().pk: 2}, **asked).lines.get().units_held == 2
    assert whole() == []


def test_a_split_is_no_application(three, agent):
    case = opened(three, by=agent, reason="agreed")
    new = split(case, 1, by=agent)
    Policy.objects.update(application_count=2)

    for each in (case, new):
        decisions.withdraw(each.pk, by=agent, at=NOON + 2 * HOUR)

    assert opened(three, by=agent, reason="agreed", at=NOON + 3 * HOUR).status == "pending_merchant"


def test_the_round_that_is_carried_tells_of_the_part_alone(order, people):
    case = stage("rejected", order, people)

    new = split(case, by=people.agent, at=NOON + 2 * HOUR)

    carried = new.rounds.get()
    assert (carried.is_carried, carried.outcome, carried.amount) == (True, "rejected", Decimal(50))
    assert [each["units"] for each in carried.lines] == [1]
    assert case.rounds.get().lines[0]["units"] == 2


def test_both_logs_name_each_other(order, agent):
    case = opened(order, by=agent, reason="agreed")

    new = split(case, by=agent, why="One is fine.")

    told, begun = case.events.last(), new.events.get()
    assert (told.action, told.data, told.why) == ("split", {"units": 1, "other": new.number}, "One is fine.")
    assert (begun.action, begun.data, begun.to_status) == (
        "split_off", {"units": 1, "other": case.number}, "pending_merchant",
    )  # fmt: skip
    assert case_links.family(new.pk) == [case.pk, new.pk]
    assert case_links.family(case.pk) == [case.pk]


def test_a_request_for_approval_was_about_the_whole(order, agent):
    case = opened(order, by=agent, reason="agreed")
    approvals.ask(case.pk, by=agent, at=NOON, why="Dear.")

    split(case, by=agent)

    assert case.approval_requests.get().status == "void"


def test_freight_as_a_compensation_is_shared_by_units(order, agent):
    case = opened(
        order,
        by=agent,
        type=CaseType.COMPENSATION,
        reason="stain_or_smell",
        photos=[picture()],
        given_as=GivenAs.FREIGHT,
        freight=Decimal("9.99"),
    )

    new = split(case, by=agent)

    assert (again(case).requested_amount, new.requested_amount) == (Decimal("4.99"), Decimal("5.00"))
    assert whole() == []


@pytest.mark.parametrize("units", [0, 2, 3, -1], ids=["none", "all", "more", "less"])
def test_what_can_not_be_taken_is_refused(units, order, agent):
    case = opened(order, by=agent, reason="agreed")
    line = case.lines.get()

    with pytest.raises(Refused):
        splits.split(case.pk, {line.pk: units}, by=agent, at=NOON + HOUR)

    assert again(case).version == case.version


def test_a_line_of_another_case_is_none_of_this_one(order, three, agent):
    case, other = (opened(each, by=agent, reason="agreed") for each in (order, three))

    with pytest.raises(Refused, match="Choose"):
        splits.split(case.pk, {other.lines.get().pk: 1}, by=agent, at=NOON + HOUR)


def test_a_single_unit_is_not_split(order, agent):
    case = opened(order, by=agent, reason="agreed", units={order.lines.get().pk: 1})

    with pytest.raises(Refused, match="single unit"):
        split(case, by=agent)


def test_once_goods_have_come_it_is_too_late(order, people):
    case = stage("inspecting", order, people)

    with pytest.raises(gate.Overtaken):
        split(case, by=people.agent)


def test_merchants_and_buyers_do_not_split(order, buyer, merchant):
    case = opened(order, by=buyer, reason="agreed")

    for by in (buyer, merchant):
        with pytest.raises(gate.Forbidden):
            split(case, by=by)
