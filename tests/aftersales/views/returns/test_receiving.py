"""The warehouse finds a case by one scan and receives what arrived."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import Case, Evidence, RejectReason
from aftersales.rules.vocabulary import Status
from aftersales.views import submissions
from logistics.models import Parcel
from tests.aftersales.views.returns.floor import address, inspecting, receiving
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db


def picture():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG")
    return SimpleUploadedFile("box.jpg", file.getvalue(), "image/jpeg")


@pytest.mark.parametrize("typed", ["SF100200300", " sf100200300 ", "ＳＦ１００２００３００", "SF1002\u200b00300"])
def test_one_scan_opens_the_case(floor, shipped, typed):
    answer = floor.get(reverse("aftersales:warehouse"), {"q": typed})

    assert (answer.status_code, answer.url) == (302, address(shipped))


def test_a_case_number_and_an_order_number_open_the_case_too(floor, shipped):
    by_case = floor.get(reverse("aftersales:warehouse"), {"q": shipped.number.lower()})
    by_order = floor.get(reverse("aftersales:warehouse"), {"q": shipped.order.number})

    assert by_case.url == by_order.url == address(shipped)


def test_several_hits_are_listed(floor, shipped, shop, buyer, agent, at):
    other = sold(merchant=shop, buyer=shipped.buyer, signed_at=at)
    second = decisions.approve(opened(other, by=buyer, at=at).pk, by=agent, at=at)
    shipments.ship(second.pk, by=buyer, at=at, carrier="SF", waybill="SF100200300")

    answer = floor.get(reverse("aftersales:warehouse"), {"q": "SF100200300"})

    assert answer.status_code == 200
    assert {case for case, _address in answer.context["hits"]} == {shipped, second}


def test_peer_32_an_unannounced_parcel_is_matched_by_its_order(floor, awaited):
    unknown = floor.get(reverse("aftersales:warehouse"), {"q": "YT-999"})
    matched = floor.get(reverse("aftersales:warehouse"), {"waybill": "YT-999", "q": awaited.order.number})
    form = floor.get(matched.url)
    done = floor.post(address(awaited, "receive"), receiving(awaited, carrier="YTO", waybill="YT-999"))

    assert "Unannounced parcel: YT-999" in unknown.content.decode()
    assert matched.url == f"{address(awaited)}?waybill=YT-999"
    assert form.context["receiving"]["waybill"].value() == "YT-999"
    assert done.status_code == 302
    link = awaited.return_parcels.get()
    assert (link.parcel.waybill, link.is_announced) == ("YT-999", False)


def test_a_parcel_is_received_and_passed_in_two_steps(floor, shipped):
    page = floor.get(address(shipped))
    done = floor.post(address(shipped, "receive"), receiving(shipped))
    case = Case.objects.get()
    passed = floor.post(address(case, "inspect"), inspecting(case))

    assert page.context["receiving"].counts[0][1].value() == 2
    assert (done.status_code, done.url) == (302, address(shipped))
    assert (passed.status_code, passed.url) == (302, reverse("aftersales:warehouse"))
    assert Case.objects.get().status == Status.REFUNDING
    assert Case.objects.get().agreed_amount == Decimal(100)
    assert Parcel.objects.get().status == "received"


def test_less_arrived_than_was_asked_and_the_rest_later(floor, shipped):
    floor.post(address(shipped, "receive"), receiving(shipped, "1"))
    case = Case.objects.get()
    page = floor.get(address(case))
    floor.post(address(case, "receive"), receiving(case, "1", waybill="SF-2", carrier="SF"))

    assert page.context["missing"] == 1
    assert case.lines.get().units_received == 2


def test_more_than_was_asked_is_refused_and_the_typed_text_stays(floor, shipped):
    answer = floor.post(address(shipped, "receive"), receiving(shipped, "３", note="a whole box", waybill="sf-9"))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "only 2 more belong to this case" in text
    assert "a whole box" in text
    assert Case.objects.get().status == Status.RETURN_IN_TRANSIT


@pytest.mark.parametrize("count", ["-1", "1.5", "0.001", "NaN", "1e9", "99999999999999999999", "two", "\x00"])
def test_a_count_that_is_none_is_refused(floor, shipped, count):
    answer = floor.post(address(shipped, "receive"), receiving(shipped, count))

    assert answer.status_code == 422
    assert Case.objects.get().status == Status.RETURN_IN_TRANSIT


def test_an_empty_parcel_is_received_and_failed_with_proof(floor, shipped):
    line, empty = shipped.lines.get(), RejectReason.objects.get(code="empty_return")
    refused = floor.post(address(shipped, "receive"), receiving(shipped, "0"))
    floor.post(address(shipped, "receive"), receiving(shipped, "0", note="Only paper inside"))
    case = Case.objects.get()
    page = floor.get(address(case))
    found = {f"unit-{line.pk}-{n}-{name}": value for n in (1, 2) for name, value in
             (("condition", "empty"), ("disposition", "scrap"))}  # fmt: skip
    sent = {"once": submissions.new_key(), "version": case.version, "verdict": "fail", "reason": empty.pk, **found}
    bare = floor.post(address(case, "inspect"), sent)
    proven = floor.post(address(case, "inspect"), {**sent, "once": submissions.new_key(), "proof": picture()})

    assert refused.status_code == 422
    assert [form["condition"].value() for form in page.context["inspecting"].units] == ["empty", "empty"]
    assert bare.status_code == 422
    assert "needs proof" in bare.content.decode()
    assert proven.status_code == 302
    assert Case.objects.get().status == Status.REJECTED
    assert Evidence.objects.get().unit is not None


def test_hidden_extra_fields_change_nothing(floor, shipped):
    floor.post(address(shipped, "receive"), receiving(shipped, status="completed", merchant_id="9", units="99"))

    case = Case.objects.get()
    assert (case.status, case.merchant_id) == (Status.INSPECTING, shipped.merchant_id)


def test_script_and_bidi_signs_are_shown_as_text(floor, shipped):
    typed = "<script>alert(1)</script>\u202e{{case.__class__}}"
    refused = floor.post(address(shipped, "receive"), receiving(shipped, "9", note=typed)).content.decode()
    floor.post(address(shipped, "receive"), receiving(shipped, note=typed))

    assert "<script>alert" not in refused
    assert "{{case.__class__}}" in refused
    assert Case.objects.get().events.get(action="receive").why == "<script>alert(1)</script>{{case.__class__}}"
