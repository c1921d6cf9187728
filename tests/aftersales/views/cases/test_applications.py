"""The form by which a case is opened for a buyer: filled in, sent once, refused in words."""

import re
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from aftersales.models import Case, User
from tests.aftersales.views.desk import address, picture, seat, upload
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(order, action=""):
    return reverse(f"aftersales:order-{action}" if action else "aftersales:order", args=[order.number])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def asked(order, **fields):
    """What the form sends for all units of the first line."""
    line = order.lines.order_by("position").first()
    typed = {"type": "return_refund", "reason": "changed_mind", f"units_{line.pk}": line.units_left}
    changed = {name.replace("LINE", str(line.pk)): value for name, value in fields.items()}
    return typed | {"once": str(uuid.uuid4())} | changed


def test_the_form_comes_filled_in_and_opens_a_case(order, agent):
    client, line = seat(agent), order.lines.get()
    form = client.get(page_of(order, "apply") + "?type=return_refund").context["form"]

    response = client.post(
        page_of(order, "apply"),
        asked(order, amount_LINE="１００", description="太小\x00了\u202e", photos=[upload(picture())]),
    )

    case = Case.objects.get()
    assert (form[f"units_{line.pk}"].value(), form[f"amount_{line.pk}"].value()) == (2, "100.00")
    assert response.url == address(case)
    assert (case.type, case.requested_amount, case.description) == ("return_refund", Decimal(100), "太小了")
    assert case.evidence.count() == 1


def test_a_refund_before_shipping_brings_the_freight(unshipped, agent):
    form = seat(agent).get(page_of(unshipped, "apply"))
    seat(agent).post(page_of(unshipped, "apply"), asked(unshipped, type="refund_only"))

    assert "¥110.00" in words(form)
    assert Case.objects.get().freight_held == Decimal(10)


def test_a_form_sent_twice_opens_one_case(order, agent):
    client, typed = seat(agent), asked(order)

    first, second = client.post(page_of(order, "apply"), typed), client.post(page_of(order, "apply"), typed)

    assert first.url == second.url == address(Case.objects.get())


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "must be at least 0.01"), ("-1", "cannot be negative"), ("0.001", "at most 2 decimal places"),
        ("1e9", "cannot be more than"), ("NaN", "in digits"), ("100.01", "At most ¥100.00 for 2 of it."),
        ("１００．０１", "At most ¥100.00 for 2 of it."), ("lots", "in digits"), ("1" * 5000, "in digits"),
        ("US$5", "in digits"),
    ],
)  # fmt: skip
def test_a_bad_amount_is_named_and_what_was_typed_stays(amount, sentence, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, amount_LINE=amount, description="kept words"))

    assert response.status_code == 422
    assert sentence in words(response)
    assert "kept words" in response.text
    assert not Case.objects.exists()


@pytest.mark.parametrize("units", ["3", "-1", "1.5", "x", "99999999999999999999"])
def test_more_units_than_are_left_are_refused(units, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, units_LINE=units))

    assert response.status_code == 422
    assert not Case.objects.exists()


def test_lines_of_another_order_are_not_asked_for(order, unshipped, agent):
    foreign = unshipped.lines.get()
    line = order.lines.get()

    typed = asked(order, **{f"units_{line.pk}": 0, f"units_{foreign.pk}": 1, f"amount_{foreign.pk}": 1})
    response = seat(agent).post(page_of(order, "apply"), typed)

    assert response.status_code == 422
    assert "Choose at least one item." in words(response)
    foreign.refresh_from_db()
    assert foreign.units_reserved == 0


def test_fields_that_the_form_does_not_have_change_nothing(order, agent):
    extra = {"status": "completed", "merchant_id": "1", "assignee": "1", "requested_amount": "1", "policy": "1"}

    seat(agent).post(page_of(order, "apply"), asked(order, **extra))

    case = Case.objects.get()
    assert (case.status, case.merchant, case.assignee) == ("pending_merchant", order.merchant, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "broken"}, "needs a photo"),
        ({"reason": "out_of_stock"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
        ({"description": "x" * 2001}, "at most 2000 characters"),
        ({"reason": "broken", "photos": [upload(b"<svg onload=alert(1)>", "a.svg")]}, "not a JPEG, PNG or WebP"),
        ({"photos": [upload(b"", "a.jpg")]}, "empty"),
        ({"photos": [upload(picture(), f"{n}.jpg") for n in range(10)]}, "At most 9 photos at once."),
    ],
)
def test_a_wrong_field_is_named_and_no_case_is_opened(fields, sentence, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, **fields))

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Case.objects.exists()


def test_units_that_change_have_their_amount_worked_out(order, agent):
    line = order.lines.get()
    typed = asked(order, units_LINE="1", amount_LINE="100.00", description="kept") | {"recalculate": "1"}

    response = seat(agent).post(page_of(order, "apply"), typed)

    form = response.context["form"]
    assert response.status_code == 200
    assert (form[f"amount_{line.pk}"].value(), form["description"].value()) == ("50.00", "kept")
    assert not Case.objects.exists()


def test_units_that_another_case_took_meanwhile_are_refused(order, agent, buyer):
    client, typed = seat(agent), asked(order)
    client.get(page_of(order, "apply"))
    other = opened(order, by=buyer)

    response = client.post(page_of(order, "apply"), typed)

    assert response.status_code == 422
    assert f"0 of 2 can still be asked for. In cases: 2 in case {other.number}." in words(response)


def test_a_merchant_applies_for_their_own_buyer(order, merchant):
    response = seat(merchant).post(page_of(order, "apply"), asked(order))

    assert response.url == address(Case.objects.get())
    assert User.objects.get(pk=merchant.user_id) == Case.objects.get().applied_by
