"""What insurers and carriers owe: once for an order, once for a parcel, suggested where something says so."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import carrier_claims, receivables
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Receivable
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.rules.vocabulary import Condition, Status
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, found, stage
from tests.factories import NOON, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db
D, K = Decimal, Receivable.Kind


def insured(order, amount=12):
    order.insured_freight_amount = D(amount)
    order.save(update_fields=["insured_freight_amount"])
    return order


def claimed(case, people, **fields):
    given = {"kind": K.CARRIER_LOSS, "amount": D(30), "parcel": receivable_queries.parcels_of(case).first(), **fields}
    return carrier_claims.claim(case.pk, by=people.warehouse, at=NOON + 9 * HOUR, **given)


def test_an_insured_return_at_the_buyers_cost_is_paid_by_the_insurer(order, people):
    case = stage(Status.REFUNDING, insured(order), people)

    receivable = case.receivables.get()
    assert (receivable.kind, receivable.debtor, receivable.creditor, receivable.amount) == (
        "insurance",
        "insurer",
        "buyer",
        12,
    )


def test_nothing_is_insured_where_the_merchant_pays_the_way_back(order, people):
    case = opened(insured(order), by=people.buyer, reason="broken", photos=[tiny_photo()])

    assert case.freight_payer == "merchant"
    assert carrier_claims.insure(case, at=NOON) is None


def test_the_insurer_pays_an_order_once(shop, order, people):
    large = insured(sold(merchant=shop, buyer=order.buyer, lines=[(1, 50), (1, 60)]))
    first, second = large.lines.order_by("position")
    for waybill, line in (("SF8", first), ("SF9", second)):
        case = opened(large, by=people.buyer, units={line.pk: 1})
        decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
        shipments.ship(case.pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", waybill=waybill)
        own = case.lines.get()
        receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * HOUR, units={own.pk: 1})
        inspections.pass_inspection(case.pk, found(own, 1), by=people.warehouse, at=NOON + 4 * HOUR)

    assert Receivable.objects.filter(order=large, kind=K.INSURANCE).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        receivables.owe(case, K.INSURANCE, D(1), Receivable.Party.INSURER, Receivable.Party.BUYER, at=NOON)


def test_two_insured_orders_in_one_parcel_are_flagged(shop, order, people):
    other = sold(merchant=shop, buyer=order.buyer)
    here = stage(Status.AWAITING_RETURN, insured(order), people)
    there = stage(Status.AWAITING_RETURN, insured(other), people)
    shipments.ship(here.pk, by=people.buyer, at=NOON + 3 * HOUR, carrier="SF", waybill="SF77")
    assert not receivable_queries.is_shared(here)

    shipments.ship(there.pk, by=people.buyer, at=NOON + 3 * HOUR, carrier="SF", waybill="SF77")

    assert receivable_queries.is_shared(here)
    assert receivable_queries.is_shared(there)


def test_a_carrier_owes_the_merchant_what_is_claimed(order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)

    receivable = claimed(case, people)

    assert (receivable.debtor, receivable.creditor, receivable.amount, receivable.rule) == (
        "carrier",
        "merchant",
        30,
        "claimed",
    )
    assert case.events.latest("pk").action == "claim_carrier"


def test_a_parcel_is_claimed_once(order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)
    claimed(case, people)

    with pytest.raises(Refused, match="claimed already"):
        claimed(case, people, kind=K.CARRIER_DAMAGE)


@pytest.mark.parametrize("amount", ["0", "-1", "110.01", "0.001"])
def test_a_claim_is_above_zero_and_at_most_what_was_paid(amount, order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)

    with pytest.raises(Refused, match=r"110\.00"):
        claimed(case, people, amount=D(amount))


def test_a_parcel_of_somebody_else_is_not_claimed(shop, order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)
    foreign = Parcel.objects.create(
        merchant=shop, order=sold(merchant=shop, buyer=order.buyer), direction="outbound", carrier="SF", waybill="X1"
    )

    with pytest.raises(Refused, match="parcel of this case"):
        claimed(case, people, parcel=foreign)


def test_finance_and_buyers_make_no_claims_on_a_carrier(order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)

    for by in (people.finance, people.buyer):
        with pytest.raises(gate.Forbidden):
            carrier_claims.claim(
                case.pk,
                by=by,
                at=NOON,
                kind=K.CARRIER_LOSS,
                amount=D(1),
                parcel=receivable_queries.parcels_of(case).first(),
            )


def test_an_inspection_of_damaged_goods_suggests_a_claim(order, people):
    case = stage(Status.INSPECTING, order, people)
    line = case.lines.get()
    assert receivable_queries.proposal(case) is None

    inspections.pass_inspection(
        case.pk, found(line, 2, condition=Condition.DAMAGED), by=people.warehouse, at=NOON + 4 * HOUR
    )

    assert receivable_queries.proposal(case) == ("carrier_damage", "inspection_says_damage")
    claimed(case, people, kind=K.CARRIER_DAMAGE)
    assert receivable_queries.proposal(case) is None


@pytest.mark.parametrize(
    ("reason", "claim"),
    [
        ("damaged_in_transit", ("carrier_damage", "reason_says_damage")),
        ("empty_parcel", ("carrier_loss", "reason_says_loss")),
    ],
)
def test_a_reason_of_loss_or_damage_suggests_a_claim(reason, claim, order, people):
    case = opened(order, by=people.buyer, type="refund_only", reason=reason, photos=[tiny_photo()])

    assert receivable_queries.proposal(case) == claim
