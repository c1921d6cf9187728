"""What is sent: exchange, repair, what was missing, an order that goes elsewhere; each from the order to its end."""

import pytest
from django.utils import timezone

from aftersales.models import Receivable, Repair
from aftersales.rules.vocabulary import CaseType, ChangeKind, Status
from logistics import stock
from tests.journeys import steps
from tests.present import DAY, again, bought

pytestmark = pytest.mark.browser
LARGE = "DRESS-L"


@pytest.fixture
def desk(visitor, language, agent):
    return visitor(language).be("agent")


@pytest.fixture
def floor(visitor, language, warehouse):
    return visitor(language).be("warehouse")


@pytest.fixture
def on_its_way(shop):
    """An order that left yesterday."""
    now = timezone.now()
    return bought(shop, unshipped=True, shipped_at=now - DAY, status="shipped")


def test_an_exchange_for_a_dearer_item_waits_for_the_difference(visitor, language, words, desk, floor, finance, order):
    line = order.lines.get()
    stock.correct(order.merchant_id, LARGE, 5, why="Counted.", by_id=None, at=timezone.now())
    swap = {f"units_{line.pk}": "1", f"variant_{line.pk}": "L", f"sku_{line.pk}": LARGE, f"swap_{line.pk}": "65"}

    case = steps.apply(desk, words, order, "exchange", "wrong_size_chosen", **swap)
    desk.sees(LARGE, ".particulars")
    steps.agree(desk, words, case)
    steps.send_back(desk, words, case)
    steps.take_in(floor, words, case, "as_new")
    steps.stands(floor, words, case, "Awaiting dispatch")
    owed = Receivable.objects.get(case=case)
    money = visitor(language).be("finance")
    money.go(f"/cases/{case.number}/owed/{owed.pk}/")
    money.type("main form [name=reference]", "PAY-1")
    money.press("main form:has([value=settle]) button.primary")
    money.at("#flash .success").wait_for()
    floor.go("/warehouse/?list=dispatch")
    floor.sees(case.number, "main table")
    steps.act(floor, words, case, "dispatch", "It is on its way.", carrier="SF", waybill="NEW100200")
    steps.act(desk, words, case, "confirm-receipt", "Received.")
    desk.sees(words("Completed"), "#case .chips")

    line.refresh_from_db()
    owed.refresh_from_db()
    assert (again(case).type, again(case).status) == (CaseType.EXCHANGE, Status.COMPLETED)
    assert (owed.kind, owed.amount, owed.status) == ("difference", 15, "settled")
    assert (line.units_left, line.amount_left) == (2, 115)
    assert stock.available(order.merchant_id, LARGE) == 4


def test_a_repair_goes_on_once_its_price_is_accepted(words, desk, floor, order):
    case = steps.apply(desk, words, order, "repair", "broken", photo=True, **_units(order, 1))
    steps.agree(desk, words, case)
    steps.send_back(desk, words, case)
    steps.take_in(floor, words, case, "pass")
    steps.stands(floor, words, case, "Repairing")
    steps.act(floor, words, case, "diagnose", "The diagnosis is on record.", diagnosis="开关触点磨损")
    floor.sees("开关触点磨损", ".particulars")
    steps.act(desk, words, case, "quote-repair", "The buyer is asked.", amount="30")
    steps.act(desk, words, case, "accept-offer", "The offer is accepted.")
    steps.act(floor, words, case, "finish-repair", "Repaired: now dispatch it.", note="更换开关")
    floor.sees("30", "[aria-labelledby=owed-title]")
    owed = Receivable.objects.get(case=case)
    desk.go(f"/cases/{case.number}/owed/{owed.pk}/")
    desk.type("main form [name=reference]", "PAY-2")
    desk.press("main form:has([value=settle]) button.primary")
    desk.at("#flash .success").wait_for()
    steps.act(floor, words, case, "dispatch", "It is on its way.", carrier="SF", waybill="REP100200")
    steps.act(desk, words, case, "confirm-receipt", "Received.")

    repair = Repair.objects.get(case=case)
    assert (again(case).type, again(case).status) == (CaseType.REPAIR, Status.COMPLETED)
    assert (repair.outcome, repair.quote_amount) == ("repaired", 30)
    assert order.lines.get().units_left == 2


def test_a_missing_part_is_sent_again(words, desk, floor, order):
    case = steps.apply(desk, words, order, "reship", "part_missing", photo=True, **_units(order, 1))
    steps.agree(desk, words, case)
    steps.act(floor, words, case, "dispatch", "It is on its way.", carrier="SF", waybill="GIFT100200")
    steps.stands(floor, words, case, "Awaiting receipt")
    floor.sees("GIFT100200", ".particulars")
    steps.act(desk, words, case, "confirm-receipt", "Received.")

    assert (again(case).type, again(case).status) == (CaseType.RESHIP, Status.COMPLETED)
    assert order.lines.get().units_left == 2


def test_an_order_that_has_left_is_stopped_and_sent_to_another_address(words, desk, floor, on_its_way):
    places = {"receiver_name": "李雷", "receiver_phone": "13900001234", "receiver_address": "文一路 2 号"}
    case = steps.apply(desk, words, on_its_way, "order_change", "wrong_address", **places)
    steps.agree(desk, words, case)
    steps.act(desk, words, case, "intercepted", "The parcel was stopped.")
    steps.act(floor, words, case, "dispatch", "It is on its way.", carrier="SF", waybill="AGAIN100200")
    steps.act(desk, words, case, "confirm-receipt", "Received.")

    on_its_way.refresh_from_db()
    assert (again(case).change, again(case).status) == (ChangeKind.ADDRESS, Status.COMPLETED)
    assert (on_its_way.receiver_name, on_its_way.receiver_address) == ("李雷", "文一路 2 号")


def test_an_order_that_has_not_left_is_cancelled_and_refunded(words, desk, unshipped, worker):
    case = steps.apply(desk, words, unshipped, "order_change", "changed_mind", checked=["[name=change][value=cancel]"])
    steps.agree(desk, words, case)
    worker()
    steps.stands(desk, words, case, "Completed")

    unshipped.refresh_from_db()
    assert (again(case).change, again(case).status) == (ChangeKind.CANCEL, Status.COMPLETED)
    assert unshipped.payments.get().settled == unshipped.paid_amount


def _units(order, count):
    return {f"units_{order.lines.get().pk}": str(count)}
