"""The form that converts a case: it asks what the chosen type asks, and keeps what was typed."""

import pytest

from aftersales.models import Case, Reason
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
HOME = {
    "receiver_name": "李雷",
    "receiver_phone": "13900001234",
    "receiver_region": "浙江 杭州",
    "receiver_address": "文一路 2 号",
    "receiver_postcode": "310000",
}


def fields(client, case, **chosen):
    return client.get(address(case, "convert"), chosen).context["form"].fields


def reason(code):
    return Reason.objects.get(code=code).pk


def test_each_type_asks_what_it_needs_and_offers_its_own_reasons(case, agent):
    client, line = seat(agent), case.lines.get().order_line_id

    assert f"variant_{line}" in fields(client, case, type="exchange")
    assert f"price_{line}" in fields(client, case, type="price_protection")
    assert "amount" in fields(client, case, type="compensation")
    reasons = fields(client, case, type="price_protection")["reason"].queryset
    assert [one.code for one in reasons] == ["price_dropped"]


def test_choosing_another_type_draws_the_form_anew_and_keeps_the_note(case, agent):
    page = seat(agent).get(address(case, "convert"), {"type": "exchange", "why": "She wants the blue one."})

    assert 'hx-get="' + address(case, "convert") in page.text
    assert "She wants the blue one." in page.text
    assert page.context["form"]["type"].value() == "exchange"


def test_a_type_that_is_none_shows_the_first(case, agent):
    page = seat(agent).get(address(case, "convert"), {"type": "nonsense"})

    assert page.status_code == 200
    assert page.context["form"].kind in page.context["form"].fitting


def test_a_return_becomes_an_exchange_for_another_variant(case, agent):
    line = case.lines.get().order_line_id
    typed = {"type": "exchange", "reason": reason("agreed"), f"sku_{line}": "DRESS-L", f"variant_{line}": "L"}

    response = seat(agent).post(address(case, "convert"), sent(case, **typed))

    new = Case.objects.get(parent=case)
    assert response["Location"] == address(new)
    assert (new.type, new.lines.get().wanted_sku, new.lines.get().units_held) == ("exchange", "DRESS-L", 2)


def test_a_refund_becomes_a_change_of_address(unshipped, buyer, agent):
    old = opened(unshipped, by=buyer, type="refund_only")
    typed = {"type": "order_change", "reason": reason("wrong_address"), "change": "address"}
    empty = seat(agent).post(address(old, "convert"), sent(old, **typed, **dict.fromkeys(HOME, "")))
    assert empty.status_code == 422
    assert "needed for the new address" in empty.text

    seat(agent).post(address(old, "convert"), sent(old, **typed, **HOME))

    new = Case.objects.get(parent=old)
    assert (new.type, new.change, new.delivery_change.receiver_name) == ("order_change", "address", "李雷")


def test_a_reason_of_another_type_is_refused(case, agent):
    typed = {"type": "exchange", "reason": reason("price_dropped")}

    response = seat(agent).post(address(case, "convert"), sent(case, **typed))

    assert response.status_code == 422
    assert not Case.objects.filter(parent=case).exists()
