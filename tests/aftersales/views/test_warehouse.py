"""The warehouse's pages: scan, receive, inspect; what was typed is kept, what is not theirs is not there."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from aftersales.actions import cases, returns
from aftersales.models import Case, Evidence, InspectedUnit, RejectReason, User
from aftersales.queries import keyset
from aftersales.rules.vocabulary import Role, Status
from aftersales.views import acting
from logistics.models import Parcel
from orders.models import Order
from tests.factories import opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def at(order):
    """Half an hour before now: pages read the real clock."""
    moment = timezone.now() - HOUR / 2
    Order.objects.filter(pk=order.pk).update(signed_at=moment - timedelta(days=2))
    return moment


@pytest.fixture
def awaited(order, at, buyer, agent):
    order.refresh_from_db()
    case = opened(order, by=buyer, at=at)
    return cases.approve(case.pk, by=agent, at=at)


@pytest.fixture
def shipped(awaited, buyer, at):
    return returns.ship(awaited.pk, by=buyer, at=at, carrier="SF", waybill="SF100200300")


@pytest.fixture
def received(shipped, warehouse, at):
    return returns.receive(shipped.pk, by=warehouse, at=at, units={shipped.lines.get().pk: 2}, waybill="SF100200300")


@pytest.fixture
def floor(client, warehouse):
    client.force_login(User.objects.get(username="warehouse"))
    return client


def picture():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG")
    return SimpleUploadedFile("box.jpg", file.getvalue(), "image/jpeg")


def address(case, name="case"):
    return reverse(f"aftersales:warehouse-{name}", args=[case.number])


def receiving(case, count="2", **fields):
    line = case.lines.get()
    return {"once": acting.new_key(), "version": case.version, f"units-{line.pk}": count, **fields}


def inspecting(case, verdict="pass", units=2, **fields):
    line = case.lines.get()
    data = {"once": acting.new_key(), "version": case.version, "verdict": verdict}
    for number in range(1, units + 1):
        data |= {
            f"unit-{line.pk}-{number}-condition": "as_new",
            f"unit-{line.pk}-{number}-disposition": "restock",
            f"unit-{line.pk}-{number}-is_accepted": "on",
            f"unit-{line.pk}-{number}-tags_intact": "on",
        }
    return data | fields


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
    second = cases.approve(opened(other, by=buyer, at=at).pk, by=agent, at=at)
    returns.ship(second.pk, by=buyer, at=at, carrier="SF", waybill="SF100200300")

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
    sent = {"once": acting.new_key(), "version": case.version, "verdict": "fail", "reason": empty.pk, **found}
    bare = floor.post(address(case, "inspect"), sent)
    proven = floor.post(address(case, "inspect"), {**sent, "once": acting.new_key(), "proof": picture()})

    assert refused.status_code == 422
    assert [form["condition"].value() for form in page.context["inspecting"].units] == ["empty", "empty"]
    assert bare.status_code == 422
    assert "needs proof" in bare.content.decode()
    assert proven.status_code == 302
    assert Case.objects.get().status == Status.REJECTED
    assert Evidence.objects.get().unit is not None


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
        address(received, "inspect"), {"once": acting.new_key(), "version": received.version, "verdict": "as_new"}
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


def test_many_units_are_inspected_in_groups(floor, shop, buyer, agent, warehouse, at):
    order = sold(merchant=shop, buyer_id=buyer.buyer_id, lines=[(60, 180)], signed_at=at - timedelta(days=1))
    case = cases.approve(opened(order, by=buyer, at=at).pk, by=agent, at=at)
    line = case.lines.get()
    case = returns.receive(case.pk, by=warehouse, at=at, units={line.pk: 60}, waybill="SF-60")
    groups = {"1": ("as_new", "restock", "50"), "2": ("damaged", "scrap", "10"), "3": ("as_new", "restock", "0"),
              "4": ("as_new", "restock", "0")}  # fmt: skip
    data = {"once": acting.new_key(), "version": case.version, "verdict": "pass", f"unit-{line.pk}-1-is_accepted": "on"}
    for number, (condition, goes, units) in groups.items():
        prefix = f"unit-{line.pk}-{number}"
        data |= {f"{prefix}-condition": condition, f"{prefix}-disposition": goes, f"{prefix}-units": units}

    answer = floor.post(address(case, "inspect"), data)

    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).agreed_amount == Decimal(150)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.FINANCE, Role.ADMIN])
def test_other_roles_do_not_have_the_page(client, shipped, role):
    client.force_login(person("stranger", role))

    assert client.get(reverse("aftersales:warehouse")).status_code == 403
    assert client.get(address(shipped)).status_code == 403
    assert client.post(address(shipped, "receive"), receiving(shipped)).status_code == 403


def test_a_merchant_sees_only_their_own_returns(client, shipped, merchant):
    other_shop = sold().merchant
    client.force_login(person("rival", Role.MERCHANT, merchant=other_shop))
    rival = [
        client.get(address(shipped)).status_code,
        client.post(address(shipped, "receive"), receiving(shipped)).status_code,
        client.post(address(shipped, "inspect"), inspecting(shipped)).status_code,
        client.post(address(shipped, "preview"), inspecting(shipped)).status_code,
        len(client.get(reverse("aftersales:warehouse"), {"q": "SF100200300"}).context["hits"]),
        len(client.get(reverse("aftersales:warehouse"), {"list": "transit"}).context["rows"].rows),
    ]
    client.force_login(User.objects.get(username="merchant"))
    own = client.get(reverse("aftersales:warehouse"), {"list": "transit"}).context["rows"].rows

    assert rival == [404, 404, 404, 404, 0, 0]
    assert own == [shipped]


def test_who_is_not_logged_in_is_asked_to(client, shipped):
    assert client.get(address(shipped)).status_code == 302


def test_the_lists_cost_the_same_for_one_and_for_many(floor, shop, buyer, agent, at, shipped):
    def load():
        with CaptureQueriesContext(connection) as asked:
            floor.get(reverse("aftersales:warehouse"), {"list": "transit"})
        return len(asked)

    load()
    one = load()
    for number in range(4):
        order = sold(merchant=shop, buyer_id=buyer.buyer_id, signed_at=at - timedelta(days=1))
        case = cases.approve(opened(order, by=buyer, at=at).pk, by=agent, at=at)
        returns.ship(case.pk, by=buyer, at=at, carrier="SF", waybill=f"SF-{number}")

    assert load() == one <= 12


def test_the_list_is_paged_by_key_both_ways(floor, shop, buyer, agent, at, order, monkeypatch):
    whole = keyset.page
    monkeypatch.setattr(keyset, "page", lambda *args, **kwargs: whole(*args, **{**kwargs, "size": 2}))
    made = []
    for number in range(5):
        sale = sold(merchant=shop, buyer_id=buyer.buyer_id, signed_at=at - timedelta(days=1))
        made.append(cases.approve(opened(sale, by=buyer, at=at).pk, by=agent, at=at + number * timedelta(minutes=1)))

    first = floor.get(reverse("aftersales:warehouse"), {"list": "expected"})
    second = floor.get(first.context["older_url"])
    third = floor.get(second.context["older_url"])
    back = floor.get(third.context["newer_url"])

    shown = [page.context["rows"].rows for page in (first, second, third)]
    assert shown == [made[0:2], made[2:4], made[4:]]
    assert back.context["rows"].rows == made[2:4]
    assert (first.context["newer_url"], third.context["older_url"]) == ("", "")
