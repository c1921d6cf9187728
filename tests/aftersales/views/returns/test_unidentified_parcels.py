"""Parcels without a case on their pages: recorded from a scan, listed, matched, sent back, put away."""

import uuid

import pytest
from django.urls import reverse

from aftersales.rules.vocabulary import Role
from logistics.models import UnidentifiedParcel
from tests.aftersales.views.desk import picture, upload
from tests.aftersales.views.returns.floor import address
from tests.factories import MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
LIST = "aftersales:parcels"


def recording(shop, **fields):
    return {"once": str(uuid.uuid4()), "merchant": shop.pk, "waybill": "YT-9", "contents": "A dress", **fields}


def settled(client, unidentified, act, **fields):
    return client.post(
        reverse("aftersales:parcel-settle", args=[unidentified.pk, act]), {"once": str(uuid.uuid4()), **fields}
    )


@pytest.fixture
def unidentified(floor, shop):
    floor.post(reverse("aftersales:parcel-record"), recording(shop, photos=upload(picture())))
    return UnidentifiedParcel.objects.get()


def test_peer_32_a_scan_that_finds_nothing_leads_to_the_form_and_the_next_scan_to_the_parcel(floor, shop):
    unknown = floor.get(reverse("aftersales:warehouse"), {"q": "yt-9"}).content.decode()
    form = floor.get(f"{reverse('aftersales:parcel-record')}?waybill=YT-9")
    done = floor.post(reverse("aftersales:parcel-record"), recording(shop, waybill=" yt-9"))
    page = reverse("aftersales:parcel", args=[UnidentifiedParcel.objects.get().pk])
    scanned = floor.get(reverse("aftersales:warehouse"), {"q": "YT-9"})

    assert f"{reverse('aftersales:parcel-record')}?waybill=YT-9" in unknown
    assert form.context["form"]["waybill"].value() == "YT-9"
    assert done.url == scanned.url == page


def test_it_stands_in_the_list_with_a_count_on_the_tab(floor, unidentified):
    listed = floor.get(reverse(LIST))

    assert [row.pk for row in listed.context["rows"]] == [unidentified.pk]
    assert listed.context["tabs"][-1] == {
        "url": reverse(LIST), "label": "Without a case", "count": "1", "current": True,
    }  # fmt: skip
    assert "1 photo" in listed.content.decode()


def test_its_photo_is_shown_to_the_warehouse(floor, unidentified):
    shown = floor.get(reverse("aftersales:parcel-photo", args=[unidentified.pk, unidentified.photos.get().pk]))

    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["X-Content-Type-Options"] == "nosniff"


def test_matched_to_a_case_it_is_received_there(floor, unidentified, awaited):
    answer = settled(floor, unidentified, "match", number=awaited.number.lower())

    page = floor.get(answer.url)
    assert answer.url == f"{address(awaited)}?waybill=YT-9"
    assert page.context["receiving"]["waybill"].value() == "YT-9"
    assert "unannounced" in page.content.decode()


def test_matched_to_an_order_it_offers_the_cases_of_the_order(floor, unidentified, awaited):
    settled(floor, unidentified, "match", number=awaited.order.number)

    page = floor.get(reverse("aftersales:parcel", args=[unidentified.pk]))
    assert page.context["candidates"] == [awaited]
    assert UnidentifiedParcel.objects.get().is_waiting


def test_the_order_page_tells_the_desk_of_it(floor, client, unidentified, order, agent_user):
    settled(floor, unidentified, "match", number=order.number)
    client.force_login(agent_user)

    page = client.get(reverse("aftersales:order", args=[order.number])).content.decode()

    assert "Lies in the warehouse without a case: A dress" in page


def test_a_number_that_nobody_knows_is_refused_and_stays(floor, unidentified):
    answer = settled(floor, unidentified, "match", number="SO-404")

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "no case and no order with the number SO-404" in text
    assert 'value="SO-404"' in text


def test_sent_back_it_leaves_the_list_and_stands_among_the_settled(floor, unidentified):
    refused = settled(floor, unidentified, "back", note="")
    done = settled(floor, unidentified, "back", note="SF 77")
    again = settled(floor, unidentified, "back", note="SF 78")

    assert (refused.status_code, done.url, again.status_code) == (422, reverse(LIST), 422)
    assert floor.get(reverse(LIST)).context["rows"] == []
    assert "SF 77" in floor.get(reverse(LIST), {"list": "settled"}).content.decode()
    assert "SF 77" in floor.get(reverse("aftersales:parcel", args=[unidentified.pk])).content.decode()


def test_put_away_with_units_of_its_order(floor, unidentified, order):
    settled(floor, unidentified, "match", number=order.number)
    line = order.lines.get()

    answer = settled(floor, unidentified, "away", disposition="restock", **{f"units-{line.pk}": "1"})

    assert answer.status_code == 302
    assert UnidentifiedParcel.objects.get().outcome == "put_away"


def test_a_double_click_records_once(floor, shop):
    data = recording(shop)

    first, second = (floor.post(reverse("aftersales:parcel-record"), data) for _time in range(2))

    assert first.url == second.url
    assert UnidentifiedParcel.objects.count() == 1


def test_merchants_see_and_record_their_own_only(client, unidentified, shop):
    other = MerchantFactory(name="Northshore")
    client.force_login(person("rival", Role.MERCHANT, merchant=other))

    smuggled = client.post(reverse("aftersales:parcel-record"), recording(shop, waybill="Z"))

    assert client.get(reverse(LIST)).context["rows"] == []
    assert client.get(reverse("aftersales:parcel", args=[unidentified.pk])).status_code == 404
    assert client.get(reverse("aftersales:warehouse"), {"q": "YT-9"}).status_code == 200
    assert smuggled.status_code == 422


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.FINANCE, Role.ADMIN])
def test_other_roles_do_not_have_the_pages(client, db, role):
    client.force_login(person("stranger", role))

    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse("aftersales:parcel-record")).status_code == 403


def test_a_script_in_what_is_inside_is_only_text(floor, shop):
    floor.post(reverse("aftersales:parcel-record"), recording(shop, contents="<script>alert(1)</script>"))

    for page in (reverse(LIST), reverse("aftersales:parcel", args=[UnidentifiedParcel.objects.get().pk])):
        assert "<script>alert(1)" not in floor.get(page).content.decode()
