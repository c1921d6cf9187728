"""Inspection, unit by unit, in two steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aftersales.actions.cases import decisions
from aftersales.actions.returns import receipts
from aftersales.models import Case, Evidence, InspectedUnit, Policy
from aftersales.views import submissions
from tests.aftersales.views.returns.floor import address, inspecting
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(shipped, warehouse, at):
    return receipts.receive(shipped.pk, by=warehouse, at=at, units={shipped.lines.get().pk: 2}, waybill="SF100200300")


def test_a_failure_needs_a_reason(floor, received):
    answer = floor.post(address(received, "inspect"), inspecting(received, "fail"))

    assert answer.status_code == 422
    assert answer.context["inspecting"].verdict.errors["reason"]


def test_only_accepted_units_are_paid(floor, received):
    line = received.lines.get()
    used = {f"unit-{line.pk}-2-condition": "used", f"unit-{line.pk}-2-disposition": "to_buyer"}
    data = inspecting(received, **used)
    del data[f"unit-{line.pk}-2-is_accepted"]

    shown = floor.post(address(received, "preview"), data, headers={"HX-Request": "true"})
    floor.post(address(received, "inspect"), data)

    assert shown.context["sheet"].total == Decimal(50)
    assert Case.objects.get().agreed_amount == Decimal(50)
    assert sorted(InspectedUnit.objects.values_list("disposition", flat=True)) == ["restock", "to_buyer"]


def test_the_preview_stores_nothing(floor, received):
    plain = floor.post(address(received, "preview"), inspecting(received))

    assert plain.status_code == 200
    assert plain.context["sheet"].total == Decimal(100)
    assert InspectedUnit.objects.count() == 0
    assert Case.objects.get().version == received.version


def test_all_as_new_needs_no_other_field(floor, received):
    answer = floor.post(
        address(received, "inspect"), {"once": submissions.new_key(), "version": received.version, "verdict": "as_new"}
    )

    assert answer.status_code == 302
    assert list(InspectedUnit.objects.values_list("condition", "is_accepted")) == [("as_new", True)] * 2


def test_a_refused_unit_can_not_be_restocked(floor, received):
    line = received.lines.get()
    data = inspecting(received)
    del data[f"unit-{line.pk}-1-is_accepted"]

    answer = floor.post(address(received, "inspect"), data)

    assert answer.status_code == 422
    assert "can not be restocked" in answer.content.decode()


def test_where_a_unit_goes_follows_its_condition_unless_somebody_says_otherwise(floor, received):
    line = received.lines.get()
    data = inspecting(received, **{f"unit-{line.pk}-1-condition": "damaged", f"unit-{line.pk}-1-disposition": ""})
    del data[f"unit-{line.pk}-2-disposition"]

    page = floor.get(address(received))
    answer = floor.post(address(received, "inspect"), data)

    assert page.context["inspecting"].units[0]["disposition"].initial is None
    assert answer.status_code == 302
    assert list(InspectedUnit.objects.order_by("index").values_list("disposition", flat=True)) == ["scrap", "restock"]


def test_damaged_goods_are_not_restocked_as_sellable(floor, received):
    line = received.lines.get()
    data = inspecting(received, **{f"unit-{line.pk}-1-condition": "damaged"})

    answer = floor.post(address(received, "inspect"), data)

    assert answer.status_code == 422
    assert "it can not be sold as new" in str(answer.context["inspecting"].units[0].errors["disposition"])
    assert not InspectedUnit.objects.exists()


def test_of_what_was_not_sold_somebody_says_where_it_goes(floor, received):
    line = received.lines.get()
    data = inspecting(received, **{f"unit-{line.pk}-1-condition": "swapped", f"unit-{line.pk}-1-disposition": ""})

    answer = floor.post(address(received, "inspect"), data)

    assert "Say where it goes" in str(answer.context["inspecting"].units[0].errors["disposition"])


def test_a_double_click_inspects_once(floor, received):
    data = inspecting(received)

    first, second = floor.post(address(received, "inspect"), data), floor.post(address(received, "inspect"), data)

    assert first.url == second.url
    assert InspectedUnit.objects.count() == 2


def test_a_stale_page_answers_409_and_keeps_what_was_typed(floor, received):
    line = received.lines.get()
    data = inspecting(received, **{f"unit-{line.pk}-1-serial": "SN-77", "version": received.version - 1})

    answer = floor.post(address(received, "inspect"), data)

    assert answer.status_code == 409
    assert "SN-77" in answer.content.decode()
    assert InspectedUnit.objects.count() == 0


@pytest.mark.parametrize("name", ["svg", "html", "empty", "path"])
def test_what_is_no_photo_is_refused(floor, received, name):
    line = received.lines.get()
    bad = {
        "svg": SimpleUploadedFile("x.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml"),
        "html": SimpleUploadedFile("x.jpg", b"<html>hello</html>", "image/jpeg"),
        "empty": SimpleUploadedFile("x.jpg", b"", "image/jpeg"),
        "path": SimpleUploadedFile("../../x.jpg", b"x", "image/jpeg"),
    }[name]

    answer = floor.post(address(received, "inspect"), inspecting(received, **{f"unit-{line.pk}-1-photos": bad}))

    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_many_units_are_inspected_in_groups(floor, shop, buyer, agent, warehouse, at):
    order = sold(merchant=shop, buyer_id=buyer.buyer_id, lines=[(60, 180)], signed_at=at - timedelta(days=1))
    case = decisions.approve(opened(order, by=buyer, at=at).pk, by=agent, at=at)
    line = case.lines.get()
    case = receipts.receive(case.pk, by=warehouse, at=at, units={line.pk: 60}, waybill="SF-60")
    groups = {"1": ("as_new", "restock", "50"), "2": ("damaged", "scrap", "10"), "3": ("as_new", "restock", "0"),
              "4": ("as_new", "restock", "0")}  # fmt: skip
    data = {
        "once": submissions.new_key(),
        "version": case.version,
        "verdict": "pass",
        f"unit-{line.pk}-1-is_accepted": "on",
    }
    for number, (condition, goes, units) in groups.items():
        prefix = f"unit-{line.pk}-{number}"
        data |= {f"{prefix}-condition": condition, f"{prefix}-disposition": goes, f"{prefix}-units": units}

    answer = floor.post(address(case, "inspect"), data)

    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).agreed_amount == Decimal(150)


def test_the_sheet_says_what_follows_from_each_finding_and_works_it_out_before_it_is_stored(floor, received):
    Policy.objects.update(restocking_percent=Decimal(20))
    data = inspecting(received, liable="carrier", liable_why="The box is crushed.")

    page = floor.get(address(received))
    presumed = floor.post(address(received, "preview"), inspecting(received), headers={"HX-Request": "true"})
    shown = floor.post(address(received, "preview"), data, headers={"HX-Request": "true"})
    silent = floor.post(address(received, "inspect"), data | {"liable_why": ""})
    floor.post(address(received, "inspect"), data)

    assert "the merchant pays both ways and claims it" in page.text
    assert [presumed.context["sheet"].total, shown.context["sheet"].total] == [Decimal(80), Decimal(110)]
    assert silent.status_code == 422
    assert (Case.objects.get().liable_party, Case.objects.get().agreed_amount) == ("carrier", Decimal(110))
