"""Money owed because of a case: paid, waived, and what that changes."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Swap
from aftersales.actions.refunds import receivables
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Event, Receivable
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType, Status
from logistics import stock
from orders.models import Entry, Payment
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
D, K, P = Decimal, Receivable.Kind, Receivable.Party


def dearer(order, people, *, price=60, accepted=2):
    """An exchange for something dearer whose old goods are here; the difference is owed."""
    stock.correct(order.merchant_id, "DRESS-L", 9, why="Count", by_id=None, at=NOON)
    swap = Swap(sku="DRESS-L", variant="L", price=D(price))
    case = opened(order, by=people.buyer, type=CaseType.EXCHANGE, swap=swap)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", waybill="SF1")
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * HOUR, units={line.pk: 2})
    line.refresh_from_db()
    findings = [*found(line, accepted), *found(line, 2 - accepted, accepted=False)]
    return inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=NOON + 4 * HOUR)


def owed(case, kind=K.LAB_FEE, amount=30, debtor=P.CARRIER, creditor=P.MERCHANT):
    return receivables.owe(case, kind, D(amount), debtor, creditor, at=NOON)


def settled(receivable, by, reference="PAY-9"):
    return receivables.settle(receivable.pk, by=by, at=NOON + 5 * HOUR, reference=reference)


def consistent():
    return [verdict.name for verdict in invariants.check_all() if verdict.count] == []


def test_a_paid_difference_makes_the_order_worth_more(order, people):
    case = dearer(order, people)

    settled(case.receivables.get(), people.agent)

    order.refresh_from_db()
    line, held = order.lines.get(), case.lines.get()
    added = Payment.objects.get(order=order, is_added=True)
    assert (order.paid_amount, order.goods_amount) == (130, 120)
    assert (line.paid_amount, line.amount_reserved, line.added_amount) == (120, 120, 20)
    assert held.amount_held == 120
    assert (added.captured, added.reference, added.paid_at) == (20, "PAY-9", NOON + 5 * HOUR)
    assert consistent()


def test_money_instead_of_a_dearer_replacement_gives_back_what_was_paid_on_top(order, people):
    case = dearer(order, people)
    settled(case.receivables.get(), people.finance)

    dispatches.give_money(case.pk, by=people.merchant, at=NOON + 6 * HOUR)
    pay(NOON + 7 * HOUR, times=2)

    assert again(case).status == Status.COMPLETED
    assert sum(refund.amount for refund in case.refunds.filter(status="succeeded")) == 120
    assert consistent()


def test_what_was_exchanged_for_something_dearer_comes_back_at_its_price(order, people):
    case = dearer(order, people)
    settled(case.receivables.get(), people.merchant)
    dispatches.dispatch(case.pk, by=people.warehouse, at=NOON + 6 * HOUR, carrier="SF", waybill="SF2")
    dispatches.confirm(case.pk, by=people.buyer, at=NOON + 7 * HOUR)

    second = opened(order, by=people.buyer, at=NOON + 8 * HOUR)

    assert again(case).status == Status.COMPLETED
    assert second.requested_amount == 120
    assert consistent()


def test_only_units_that_passed_are_worth_more(order, people):
    case = dearer(order, people, accepted=1)

    settled(case.receivables.get(), people.agent)
    dispatches.give_money(case.pk, by=people.merchant, at=NOON + 6 * HOUR)

    assert again(case).agreed_amount == 60
    assert order.lines.get().amount_left == 50
    assert consistent()


def test_a_difference_is_posted_and_put_on_record(order, people):
    case = dearer(order, people)

    receivable = settled(case.receivables.get(), people.agent)

    sides = Entry.objects.get(reference=f"receivable/{receivable.pk}").postings.values_list("account", "amount")
    event = Event.objects.filter(case=case).latest("pk")
    assert set(sides) == {("bank", 20), ("merchant", -20)}
    assert (event.action, event.data) == (
        "settle_receivable",
        {"owed": "difference", "amount": "20.0000", "reference": "PAY-9"},
    )


def test_a_payment_pays_one_difference(order, people):
    case, known = dearer(order, people), Payment.objects.get(order=order)

    with pytest.raises(Refused, match=known.reference):
        settled(case.receivables.get(), people.agent, known.reference)


def test_a_settled_receivable_is_not_settled_again(order, people):
    receivable = settled(dearer(order, people).receivables.get(), people.agent)

    with pytest.raises(Refused, match="no longer owed"):
        settled(receivable, people.agent, "PAY-10")
    with pytest.raises(Refused, match="no longer owed"):
        receivables.waive_one(receivable.pk, by=people.finance, at=NOON + 6 * HOUR, why="Mistake")


def test_a_receivable_is_not_settled_without_a_reference(order, people):
    receivable = owed(opened(order, by=people.buyer))

    with pytest.raises(Refused, match="reference"):
        settled(receivable, people.finance, "  ")


@pytest.mark.parametrize(
    ("debtor", "creditor", "sides"),
    [
        (P.CARRIER, P.MERCHANT, {("outside", 30), ("merchant", -30)}),
        (P.INSURER, P.BUYER, {("outside", 30), ("outside", -30)}),
        (P.CARRIER, P.BUYER, {("outside", 30), ("outside", -30)}),
        (P.INSURER, P.PLATFORM, {("outside", 30), ("platform", -30)}),
        (P.BUYER, P.MERCHANT, {("bank", 30), ("merchant", -30)}),
        (P.MERCHANT, P.BUYER, {("merchant", 30), ("bank", -30)}),
    ],
)
def test_every_coin_that_is_owed_is_posted_whoever_pays_it(debtor, creditor, sides, order, people):
    receivable = settled(owed(opened(order, by=people.buyer), debtor=debtor, creditor=creditor), people.finance)

    entry = Entry.objects.get(kind="receivable_paid", reference=f"receivable/{receivable.pk}")
    assert set(entry.postings.values_list("account", "amount")) == sides
    assert consistent()


@pytest.mark.parametrize("name", ["agent", "merchant", "warehouse", "supervisor"])
def test_only_finance_settles_what_others_do_not_see(name, order, people):
    receivable = owed(opened(order, by=people.buyer))

    with pytest.raises(gate.Forbidden):
        settled(receivable, getattr(people, name))


def test_above_the_limit_of_release_only_finance_settles(order, people):
    receivable = owed(opened(order, by=people.buyer), K.DIFFERENCE, 501, P.BUYER)

    with pytest.raises(gate.Forbidden, match="500"):
        settled(receivable, people.agent)


def test_a_small_sum_is_waived_by_one_person_of_finance(order, people):
    receivable = owed(opened(order, by=people.buyer), amount=500)

    receivable = receivables.waive_one(receivable.pk, by=people.finance, at=NOON + HOUR, why="Too small to claim")

    assert (receivable.status, receivable.note, receivable.settled_by_id) == (
        "waived",
        "Too small to claim",
        people.finance.user_id,
    )


def test_a_large_sum_is_waived_by_two_persons_of_finance(order, people):
    receivable = owed(opened(order, by=people.buyer), amount=501)

    first = receivables.waive_one(receivable.pk, by=people.finance, at=NOON + HOUR, why="Carrier is bankrupt")
    with pytest.raises(Refused, match="second person"):
        receivables.waive_one(receivable.pk, by=people.finance, at=NOON + HOUR, why="Again")
    second = receivables.waive_one(receivable.pk, by=people.finance2, at=NOON + 2 * HOUR, why="Seen")

    assert (first.status, second.status) == ("open", "waived")


@pytest.mark.parametrize("name", ["agent", "supervisor", "merchant"])
def test_only_finance_waives_a_receivable(name, order, people):
    receivable = owed(opened(order, by=people.buyer))

    with pytest.raises(gate.Forbidden):
        receivables.waive_one(receivable.pk, by=getattr(people, name), at=NOON, why="Never mind")


def test_a_difference_whose_case_ended_is_waived(order, people):
    case = dearer(order, people)

    dispatches.give_money(case.pk, by=people.merchant, at=NOON + 6 * HOUR)

    assert case.receivables.get().status == Receivable.Status.WAIVED
    assert consistent()
