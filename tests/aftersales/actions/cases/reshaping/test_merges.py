"""Two undecided cases of an order become one: lines, holdings and the earlier promise go along."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.applications import Swap
from aftersales.actions.cases.reshaping import merges, splits
from aftersales.actions.disputes import evidence
from aftersales.models import Case, Policy
from aftersales.queries.cases import case_links
from aftersales.rules.vocabulary import CaseType
from orders.refusals import Refused
from tests.aftersales.reshaped import converted, held, whole
from tests.aftersales.stages import HOUR, again, refusal
from tests.factories import NOON, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop):
    """Two items, for 40 and 60."""
    return sold(merchant=shop, lines=[(1, 40), (1, 60)])


@pytest.fixture
def pair(order, agent):
    """A case for each of the two items, an hour apart."""
    first, second = order.lines.order_by("position")
    return (
        opened(order, by=agent, reason="agreed", units={first.pk: 1}),
        opened(order, by=agent, reason="agreed", units={second.pk: 1}, at=NOON + HOUR),
    )


def merged(case, into, *, by, at=NOON + 2 * HOUR, **fields):
    return merges.merge(case.pk, into.pk, by=by, at=at, **fields)


def test_one_ends_and_the_other_has_both_items(pair, order, agent):
    first, second = pair

    survivor = merged(first, second, by=agent)

    first = again(first)
    assert survivor.pk == second.pk
    assert (first.status, first.close_reason, first.parent, first.rounds.get().outcome) == (
        "closed", "merged", survivor, "closed",
    )  # fmt: skip
    assert sorted(survivor.lines.values_list("amount_held", flat=True)) == [Decimal(40), Decimal(60)]
    assert (survivor.requested_amount, survivor.status) == (Decimal(100), "pending_merchant")
    assert survivor.subject.endswith("+1")
    assert held(order) == ([(1, Decimal(40)), (1, Decimal(60))], 0)
    assert whole() == []


@pytest.mark.parametrize("turned", [False, True])
def test_the_earlier_promise_stays(turned, pair, agent):
    early, late = pair
    case, into = (late, early) if turned else (early, late)

    survivor = merged(case, into, by=agent)

    assert again(survivor).due_at == NOON + 48 * HOUR
    assert survivor.deadlines.get(kind="merchant_response").due_at == NOON + 48 * HOUR


def test_both_logs_name_each_other(pair, agent):
    first, second = pair

    survivor = merged(first, second, by=agent, why="One request.")

    assert (first.events.last().action, first.events.last().data) == ("merge", {"other": second.number})
    taken = survivor.events.last()
    assert (taken.action, taken.data, taken.why) == ("take_over", {"other": first.number}, "One request.")
    assert (taken.version, again(survivor).version) == (2, 2)


def test_thread_and_photos_are_reached_from_the_one_that_goes_on(pair, agent):
    first, second = pair
    evidence.add(first.pk, [tiny_photo()], by=agent, at=NOON)

    survivor = merged(first, second, by=agent)

    assert case_links.family(survivor.pk) == [first.pk, second.pk]
    assert [photo.case_id for photo in case_links.evidence(survivor.pk)] == [first.pk]


def test_freight_goes_along(shop, agent):
    order = sold(merchant=shop, lines=[(1, 40), (1, 60)], unshipped=True)
    whole_case = opened(
        order,
        by=agent,
        type=CaseType.REFUND_ONLY,
        reason="agreed",
        units={line.pk: 1 for line in order.lines.all()},
    )
    part = splits.split(whole_case.pk, {whole_case.lines.first().pk: 1}, by=agent, at=NOON)

    survivor = merged(whole_case, part, by=agent) if whole_case.parent_id else merged(part, whole_case, by=agent)

    assert (survivor.freight_held, survivor.requested_amount) == (Decimal(10), Decimal(100))
    assert held(order) == ([(1, Decimal(40)), (1, Decimal(60))], Decimal(10))


def test_what_was_split_grows_together_again(shop, agent):
    order = sold(merchant=shop, lines=[(3, 10)], payments=[("wallet", 20)])
    case = opened(order, by=agent, reason="agreed")
    one = splits.split(case.pk, {case.lines.get().pk: 1}, by=agent, at=NOON)
    two = splits.split(case.pk, {case.lines.get().pk: 1}, by=agent, at=NOON)

    merged(two, one, by=agent)
    survivor = merged(one, case, by=agent)

    line = survivor.lines.get()
    assert (line.units, line.amount, line.units_held, line.amount_held) == (3, Decimal(10), 3, Decimal(10))
    assert survivor.requested_amount == Decimal(10)
    assert case_links.family(survivor.pk) == [case.pk, one.pk, two.pk]
    assert whole() == []


def test_applications_of_both_go_on_counting(pair, order, agent):
    first, second = pair
    survivor = merged(first, second, by=agent)
    Policy.objects.update(application_count=1)
    decisions.withdraw(survivor.pk, by=agent, at=NOON + 3 * HOUR)

    for line in order.lines.all():
        with pytest.raises(Refused, match="1 times"):
            opened(order, by=agent, reason="agreed", units={line.pk: 1}, at=NOON + 4 * HOUR)


def test_unlike_cases_are_not_merged(pair, order, agent, shop):
    first, second = pair
    foreign = opened(sold(merchant=shop), by=agent, reason="agreed")
    other_type = converted(first, CaseType.REFUND_ONLY, by=agent, at=NOON + HOUR)

    for case, into in ((second, foreign), (second, other_type), (second, second)):
        with pytest.raises(Refused):
            merged(case, into, by=agent)
    decisions.reject(second.pk, by=agent, at=NOON + HOUR, reason=refusal())
    with pytest.raises(Refused, match="state"):
        merged(second, foreign, by=agent)
    assert whole() == []


def test_an_offer_is_answered_first(pair, agent, merchant):
    for case in pair:
        negotiation.offer(case.pk, by=merchant, at=NOON + HOUR, amount=Decimal(1))

    with pytest.raises(Refused, match="offer"):
        merged(*pair, by=agent)


def test_what_continues_another_case_keeps_its_story(pair, agent):
    first, second = pair
    goes_on = converted(first, CaseType.REFUND_ONLY, by=agent, at=NOON + HOUR)
    into = converted(second, CaseType.REFUND_ONLY, by=agent, at=NOON + HOUR)

    with pytest.raises(Refused, match="continues"):
        merged(goes_on, into, by=agent)


def test_a_merged_case_is_not_opened_again(pair, agent, supervisor):
    first, second = pair
    merged(first, second, by=agent)

    with pytest.raises(Refused, match=second.number):
        decisions.reopen(first.pk, by=supervisor, at=NOON + 3 * HOUR, why="By mistake.")


def test_merchants_buyers_and_strangers_do_not_merge(pair, merchant, buyer):
    for by in (merchant, buyer):
        with pytest.raises(gate.Forbidden):
            merged(*pair, by=by)
    assert set(Case.objects.values_list("status", flat=True)) == {"pending_merchant"}


def test_cases_about_units_of_one_item_become_one_line(shop, agent):
    order = sold(merchant=shop, lines=[(3, 30)])
    item = order.lines.get()
    first, second = (opened(order, by=agent, reason="agreed", units={item.pk: units}) for units in (1, 2))

    survivor = merged(first, second, by=agent)

    line = survivor.lines.get()
    assert (line.units, line.units_held, line.amount_held) == (3, 3, Decimal(30))
    assert whole() == []


def test_units_of_one_item_that_are_exchanged_for_different_things_stay_apart(shop, agent):
    order = sold(merchant=shop, lines=[(2, 20)])
    item = order.lines.get()
    first, second = (
        opened(order, by=agent, reason="agreed", type=CaseType.EXCHANGE, units={item.pk: 1}, swap=Swap(sku, size, None))
        for sku, size in (("DRESS-S", "S"), ("DRESS-L", "L"))
    )

    with pytest.raises(Refused, match="different things"):
        merged(first, second, by=agent)
