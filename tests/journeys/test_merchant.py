"""A merchant's own staff: their cases and nobody else's; refuse with a reason, offer other terms."""

import pytest
from django.utils import timezone

from aftersales.models import RejectReason
from aftersales.rules.vocabulary import Status
from tests.factories import opened
from tests.present import again, bought

pytestmark = pytest.mark.browser


@pytest.fixture
def foreign(other_shop, agent):
    """A case of another merchant."""
    return opened(bought(other_shop), by=agent, at=timezone.now())


def test_a_merchant_sees_only_its_own_cases(visitor, language, merchant, asked, foreign):
    shop = visitor(language)
    shop.go("/")
    shop.log_in("merchant")

    shop.is_at("/cases/")
    shop.sees(asked.number, "#rows")
    listed = shop.at("#rows tbody a").all_inner_texts()
    answer = shop.go(f"/cases/{foreign.number}/")

    assert listed == [asked.number]
    assert answer.status == 404


def test_a_merchant_rejects_with_a_reason(visitor, language, words, merchant, asked):
    reason = RejectReason.objects.get(code="already_shipped")
    shop = visitor(language)
    shop.go(f"/cases/{asked.number}/")
    shop.log_in("merchant")

    shop.press("a[href$='/reject/']")
    shop.press("#dialog-body form .form-actions button")
    still = again(asked).status
    shop.press(f"#dialog-body input[name=reason][value='{reason.pk}']")
    shop.type("#dialog-body [name=note]", "已超过七天")
    shop.press("#dialog-body form .form-actions button")
    shop.sees(words("Rejected."), "#flash")
    shop.sees("已超过七天", "#case")

    assert still == Status.PENDING_MERCHANT
    assert (again(asked).status, again(asked).reject_reason) == (Status.REJECTED, reason)


def test_a_merchant_offers_other_terms(visitor, language, words, merchant, asked):
    shop = visitor(language)
    shop.go(f"/cases/{asked.number}/")
    shop.log_in("merchant")

    shop.press("a[href$='/offer/']")
    shop.type("#dialog-body [name=amount]", "1e9")
    shop.type("#dialog-body [name=note]", "退一半，不用寄回")
    shop.press("#dialog-body form .form-actions button")
    shop.at("#dialog-body .error-summary").wait_for()
    kept = shop.at("#dialog-body [name=note]").input_value()
    shop.type("#dialog-body [name=amount]", "40")
    shop.press("#dialog-body form .form-actions button")
    shop.sees(words("The offer is with the buyer."), "#flash")

    assert kept == "退一半，不用寄回"
    assert again(asked).status == Status.PENDING_BUYER
    assert again(asked).offers.get().amount == 40
