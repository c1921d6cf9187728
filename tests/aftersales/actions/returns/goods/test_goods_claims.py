"""What the merchant claims for goods that were taken back: from the supplier, or from the carrier who broke them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import receivables
from aftersales.actions.returns import inspections, receipts
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Receivable
from aftersales.rules.vocabulary import CaseType, Condition, Disposition
from logistics.models import Parcel
from tests.aftersales.stages import DAY, broken, found, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


def received_for(reason, order, people, **fields):
    case = opened(order, by=people.buyer, reason=reason, photos=[picture()], **fields)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    return receipts.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})


def to_supplier(line):
    return Finding(line.pk, Condition.DAMAGED, Disposition.SUPPLIER, True, photos=[picture()])


def passed(case, seen, people, at=LATER):
    return inspections.pass_inspection(case.pk, seen, by=people.warehouse, at=at)


def claims(case):
    rows = case.receivables.order_by("kind")
    return [(row.kind, row.debtor, row.creditor, row.amount, row.rule, row.due_at) for row in rows]


def test_units_that_go_to_the_supplier_are_owed_by_the_supplier(order, people):
    case = received_for("broken", order, people)
    line = case.lines.get()

    passed(case, [to_supplier(line), *found(line, 1)], people)

    due = LATER + timedelta(days=case.policy.freight_claim_days)
    assert claims(case) == [("supplier_claim", "supplier", "merchant", Decimal(50), "sent_to_supplier", due)]
    row = receivables.settle(case.receivables.get().pk, by=people.finance, at=LATER + DAY, reference="RMA-7")
    assert (row.status, row.reference) == ("settled", "RMA-7")
    assert broken() == []


def test_what_a_repair_sends_to_the_supplier_is_no_claim(order, people):
    case = received_for("broken", order, people, type=CaseType.REPAIR)
    line = case.lines.get()

    passed(case, [to_supplier(line), to_supplier(line)], people)

    assert claims(case) == []


def test_what_was_broken_on_the_way_is_owed_by_the_carrier_of_that_parcel(order, people):
    parcel = Parcel.objects.create(
        merchant=order.merchant, order=order, direction="outbound", carrier="SF", waybill="OUT1", status="signed"
    )
    case = received_for("damaged_in_transit", order, people)
    line = case.lines.get()

    passed(case, found(line, 1, condition=Condition.DAMAGED, photos=[picture()]) + found(line, 1), people)

    due = LATER + timedelta(days=case.policy.freight_claim_days)
    assert claims(case) == [("carrier_damage", "carrier", "merchant", Decimal(50), "inspection_says_damage", due)]
    assert case.receivables.get().parcel == parcel


def test_without_a_known_parcel_there_is_nobody_to_claim_from(order, people):
    case = received_for("damaged_in_transit", order, people)

    passed(case, found(case.lines.get(), 2, condition=Condition.DAMAGED, photos=[picture()]), people)

    assert claims(case) == []


def test_a_parcel_that_is_claimed_already_is_not_claimed_twice(order, people):
    parcel = Parcel.objects.create(
        merchant=order.merchant, order=order, direction="outbound", carrier="SF", waybill="OUT1", status="signed"
    )
    case = received_for("damaged_in_transit", order, people)
    kind, party = Receivable.Kind.CARRIER_LOSS, Receivable.Party
    receivables.owe(case, kind, Decimal(9), party.CARRIER, party.MERCHANT, at=NOON, parcel=parcel)

    passed(case, found(case.lines.get(), 2, condition=Condition.DAMAGED, photos=[picture()]), people)

    assert [row.kind for row in case.receivables.all()] == ["carrier_loss"]


def test_damage_that_is_not_the_carriers_is_claimed_from_nobody(order, people):
    case = received_for("broken", order, people)

    passed(case, found(case.lines.get(), 2, condition=Condition.DAMAGED, photos=[picture()]), people)

    assert claims(case) == []
