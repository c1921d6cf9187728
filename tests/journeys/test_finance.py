"""Finance: what waits for release, what the bank declined, what was paid by hand."""

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.models import Refund
from aftersales.rules.vocabulary import CaseType, RefundStatus, Status
from orders.gateways import sandbox
from tests.factories import opened
from tests.present import again, bought

pytestmark = pytest.mark.browser


def agreed(shop, merchant, buyer, paid):
    """The refund of an unshipped order that its merchant has agreed to."""
    order = bought(shop, lines=[(1, paid)], unshipped=True, buyer_id=buyer.buyer_id)
    case = opened(order, by=buyer, at=timezone.now(), type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=merchant, at=timezone.now())
    return Refund.objects.get(case=case)


@pytest.fixture
def declined(shop, merchant, buyer, worker):
    """A refund that the bank has refused once."""
    refund = agreed(shop, merchant, buyer, 100)
    sandbox.set_fault("decline", "1x")
    worker()
    return refund


def test_a_refund_is_paid_once_finance_releases_it(visitor, language, words, finance, shop, merchant, buyer, worker):
    refund = agreed(shop, merchant, buyer, 900)
    desk = visitor(language)
    desk.go("/")
    desk.log_in("finance")
    desk.is_at("/finance/")

    desk.go("/finance/?list=release")
    desk.at(f"input[name=r][value='{refund.pk}']").check()
    desk.press("form[action$='/release/'] button.primary")
    desk.sees("910", "main tfoot")
    desk.press("form[action$='/release/'] button.primary")
    desk.at("#flash .success").wait_for()
    worker()
    desk.go(f"/finance/{refund.number}/")
    desk.sees(words("Paid"), ".page-head")

    assert again(refund.case).status == Status.COMPLETED
    assert sandbox.ledger_total("CNY") == refund.amount


def test_finance_sends_a_declined_refund_again(visitor, language, words, finance, declined, worker):
    desk = visitor(language)
    desk.go("/finance/?list=failed")
    desk.log_in("finance")

    desk.press(f"a[href='/finance/{declined.number}/']")
    desk.press("form[action$='/retry/'] button")
    desk.confirm()
    desk.at("#flash .success").wait_for()
    worker()
    desk.page.reload()
    desk.sees(words("Paid"), ".page-head")

    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert sandbox.ledger_total("CNY") == declined.amount


def test_two_people_of_finance_settle_a_refund_by_hand(visitor, language, words, finance, finance2, declined, worker):
    first, second = visitor(language), visitor(language)
    first.go(f"/finance/{declined.number}/")
    first.log_in("finance")

    first.page.locator("details summary", has_text=words("It was paid by hand")).click()
    first.type("#id_reference", "ICBC-20261122-77")
    first.press("form[action$='/propose/'] button")
    first.sees(words("You proposed this settlement: a second person has to confirm it."))
    alone = first.at("form[action$='/confirm/']").count()
    second.go(f"/finance/{declined.number}/")
    second.log_in("finance2")
    second.sees("ICBC-20261122-77")
    second.press("form[action$='/confirm/'] button")
    second.confirm()
    second.sees(words("Confirmed: the refund counts as paid."), "#flash")
    worker()

    refund = Refund.objects.get()
    assert alone == 0
    assert (refund.status, refund.hand_confirmed_by_id) == (RefundStatus.SUCCEEDED, finance2.user_id)
    assert again(declined.case).status == Status.COMPLETED
    assert sandbox.ledger_total("CNY") == 0
