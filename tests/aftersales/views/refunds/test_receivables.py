"""The pages of money owed: a list that says what is overdue, one sum that is settled or waived by those who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import receivables
from aftersales.actions.returns import shipments
from aftersales.models import Policy, Receivable
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import NOON, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
K, P = Receivable.Kind, Receivable.Party
LIST = "/finance/owed/"
HOUR = timedelta(hours=1)


def owed(case, kind=K.CLAWBACK, amount=30, debtor=P.CARRIER, days_ago=0):
    at = timezone.now() - timedelta(days=days_ago)
    return receivables.owe(case, kind, Decimal(amount), debtor, P.MERCHANT, at=at)


def place(receivable):
    return f"/cases/{receivable.case.number}/owed/{receivable.pk}/"


def test_the_list_shows_what_is_due_first_and_marks_what_is_overdue(case, finance):
    owed(case)
    owed(case, K.LAB_FEE, 50, P.BUYER, days_ago=30)

    answer = seat(finance).get(LIST)

    page = answer.content.decode()
    assert [each.kind for each, _overdue in answer.context["rows"]] == ["lab_fee", "clawback"]
    assert [is_overdue for _each, is_overdue in answer.context["rows"]] == [True, False]
    assert "Overdue" in page
    assert address(case) in page
    assert "¥80.00" in page


def test_lists_and_their_lengths_are_narrowed_by_kind_and_debtor(case, finance):
    owed(case)
    owed(case, K.LAB_FEE, 50, P.BUYER, days_ago=30)

    by_kind = seat(finance).get(LIST, {"kind": "lab_fee"})
    by_debtor = seat(finance).get(LIST, {"debtor": "carrier"})

    assert [each.kind for each, _overdue in by_kind.context["rows"]] == ["lab_fee"]
    assert [each.kind for each, _overdue in by_debtor.context["rows"]] == ["clawback"]
    assert [tab["count"] for tab in by_kind.context["tabs"]] == ["1", "1", "0", "0", "0"]
    for tab in by_debtor.context["tabs"]:
        assert len(seat(finance).get(tab["url"]).context["rows"]) == int(tab["count"]), tab["url"]


def test_finance_settles_what_a_carrier_owes(case, finance):
    receivable, client = owed(case), seat(finance)

    client.post(place(receivable), sent(case, act="settle", reference="BANK-7", note="With the others"))

    receivable.refresh_from_db()
    shown = client.get(place(receivable)).content.decode()
    assert (receivable.status, receivable.reference, receivable.note) == ("settled", "BANK-7", "With the others")
    assert "BANK-7" in shown
    assert "Record the payment" not in shown


def test_a_large_sum_is_waived_by_a_second_person(case, finance, finance2):
    receivable = owed(case, amount=900)

    seat(finance).post(place(receivable), sent(case, act="waive", why="Bankrupt"))
    mine = seat(finance).get(place(receivable)).content.decode()
    waiting = seat(finance2).get(LIST, {"list": "second"})
    seat(finance2).post(place(receivable), sent(case, act="waive", why="Seen"))

    receivable.refresh_from_db()
    assert "A second person of finance has to agree." in mine
    assert [each.pk for each, _overdue in waiting.context["rows"]] == [receivable.pk]
    assert receivable.status == "waived"


def test_an_agent_reads_what_a_carrier_owes_and_settles_nothing_of_it(case, agent):
    receivable, client = owed(case), seat(agent)

    page = client.get(place(receivable)).content.decode()
    answer = client.post(place(receivable), sent(case, act="settle", reference="X"))

    receivable.refresh_from_db()
    assert "Record the payment" not in page
    assert (answer.status_code, receivable.status) == (403, "open")


def test_a_price_of_a_repair_is_settled_by_the_merchant(case, merchant):
    receivable = owed(case, K.REPAIR_FEE, 40, P.BUYER)

    seat(merchant).post(place(receivable), sent(case, act="settle", reference="WX-1"))

    receivable.refresh_from_db()
    assert receivable.status == "settled"


def test_a_payment_without_reference_is_refused_beside_the_field(case, finance):
    receivable = owed(case)

    answer = seat(finance).post(place(receivable), sent(case, act="settle", reference=" "))

    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_the_page_of_a_case_shows_what_is_owed_because_of_it(case, agent):
    owed(case, days_ago=30)

    page = seat(agent).get(address(case)).content.decode()

    assert "Carrier owes Merchant" in page
    assert "Overdue" in page


def test_a_sum_of_another_case_is_not_found(case, order, shop, buyer, finance):
    other = opened(sold(merchant=shop, buyer=order.buyer), by=buyer)
    receivable = owed(other)

    assert seat(finance).get(f"/cases/{case.number}/owed/{receivable.pk}/").status_code == 404


def test_a_claim_on_the_carrier_is_made_from_the_case(order, people_seen):
    case, warehouse = people_seen
    parcel = case.return_parcels.get().parcel
    client = seat(warehouse)

    form = client.get(f"/cases/{case.number}/claim/")
    answer = client.post(
        f"/cases/{case.number}/claim/",
        sent(case, kind="carrier_damage", parcel=parcel.pk, amount="30", note="Crushed"),
        follow=True,
    )

    receivable = case.receivables.get()
    assert form.status_code == 200
    assert (receivable.kind, receivable.parcel_id, receivable.amount, receivable.note) == (
        "carrier_damage",
        parcel.pk,
        30,
        "Crushed",
    )
    assert parcel.waybill in answer.content.decode()


@pytest.fixture
def people_seen(case, agent, buyer, merchant, warehouse):
    decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=buyer, at=NOON + 2 * HOUR, carrier="SF", waybill="SF501")
    return case, warehouse


def test_above_what_one_lets_go_a_second_person_records_the_same_payment(case, finance, finance2):
    Policy.objects.update(authority_finance=Decimal(20))
    receivable = owed(case)

    seat(finance).post(place(receivable), sent(case, act="settle", reference="BANK-7"))
    waiting = seat(finance2).get(LIST, {"list": "second"}).content.decode()
    page = seat(finance2).get(place(receivable)).content.decode()
    told = Receivable.objects.get().status
    seat(finance2).post(place(receivable), sent(case, act="settle", reference="BANK-7"))

    assert told == "open"
    assert "paid, says Finance" in waiting
    assert "Finance says that it was paid under BANK-7" in page
    assert 'value="BANK-7"' in page
    assert Receivable.objects.get().status == "settled"
