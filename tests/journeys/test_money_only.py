"""The goods stay: price protection, a compensation in money and in kind; and a request that becomes another one."""

import pytest

from aftersales.models import Case, Coupon, Receivable
from aftersales.rules.vocabulary import CaseType, GivenAs, Status
from tests.journeys import steps
from tests.present import again

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(visitor, language, agent):
    return visitor(language).be("agent")


@pytest.fixture
def shopkeeper(visitor, language, merchant):
    return visitor(language).be("merchant")


def test_price_protection_pays_what_the_item_costs_less_now(words, desk, shopkeeper, order, worker):
    line = order.lines.get()
    typed = {f"units_{line.pk}": "2", f"price_{line.pk}": "45"}
    case = steps.apply(desk, words, order, "price_protection", "price_dropped", photo=True, **typed)
    desk.sees("45", ".particulars")
    steps.agree(shopkeeper, words, case)
    worker()
    steps.stands(shopkeeper, words, case, "Completed")

    line.refresh_from_db()
    assert (again(case).type, again(case).agreed_amount) == (CaseType.PRICE_PROTECTION, 10)
    assert (line.units_left, line.amount_left) == (2, 90)


def test_a_buyer_is_compensated_with_a_coupon(words, desk, shopkeeper, order):
    line = order.lines.get()
    typed = {f"units_{line.pk}": "2", f"amount_{line.pk}": "20"}
    checked = ["[name=given_as][value=coupon]"]
    case = steps.apply(desk, words, order, "compensation", "stain_or_smell", photo=True, checked=checked, **typed)
    steps.agree(shopkeeper, words, case)
    steps.stands(shopkeeper, words, case, "Completed")
    coupon = Coupon.objects.get(case=case)
    shopkeeper.sees(coupon.code, ".particulars")

    assert (again(case).given_as, coupon.amount) == (GivenAs.COUPON, 20)
    assert not case.refunds.exists()


def test_finance_pays_freight_that_the_buyer_advanced(visitor, language, words, desk, finance, order):
    line = order.lines.get()
    typed = {f"units_{line.pk}": "1", "freight": "12"}
    checked = ["[name=given_as][value=freight]"]
    case = steps.apply(desk, words, order, "compensation", "return_freight", photo=True, checked=checked, **typed)
    steps.agree(desk, words, case)
    money = visitor(language).be("finance")
    money.go("/finance/owed/")
    money.press(f"a[href*='/cases/{case.number}/owed/']")
    money.type("main form [name=reference]", "BANK-1")
    money.press("main form:has([value=settle]) button.primary")
    money.at("#flash .success").wait_for()

    owed = Receivable.objects.get(case=case)
    assert (owed.kind, owed.amount, owed.status) == ("buyer_freight", 12, "settled")
    assert (again(case).status, line.amount_left) == (Status.COMPLETED, 100)


def test_a_return_is_converted_into_a_compensation(words, desk, shopkeeper, order, worker):
    photo = {"reason": "stain_or_smell", "photo": True}
    case = steps.apply(desk, words, order, "return_refund", **photo, **{f"units_{order.lines.get().pk}": "2"})
    desk.press("a[href$='/convert/']")
    desk.at("#dialog-body [name=type]").first.wait_for()
    desk.at("#dialog-body [name=type][value=exchange]").check()
    desk.press("#dialog-body .form-actions button")
    desk.sees(words("It goes on as this case."), "#flash")

    new = Case.objects.exclude(pk=case.pk).get()
    desk.is_at(f"/cases/{new.number}/")
    assert (again(case).status, again(case).close_reason) == (Status.CLOSED, "converted")
    assert (new.type, new.status, new.parent_id) == (CaseType.EXCHANGE, Status.PENDING_MERCHANT, case.pk)
