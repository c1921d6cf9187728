"""Photos on the page: who may look at them, how they are served, and what is told of them."""

import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from aftersales.actions.disputes import evidence
from aftersales.models import Evidence
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import address, picture, seat, upload
from tests.aftersales.views.disputes.photos import add, photo_address
from tests.factories import NOON, MerchantFactory, opened, tiny_photo
from tests.people import actor_for, person

pytestmark = pytest.mark.django_db


def test_a_photo_is_served_as_a_picture_and_nothing_else(case, agent):
    client = seat(agent)
    add(client, case, upload(picture()))
    row = Evidence.objects.get()

    shown = client.get(photo_address(row))
    kept = client.get(photo_address(row, "?download"))

    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in shown["Cache-Control"]
    assert "photo.jpg" not in shown["Content-Disposition"]
    assert kept["Content-Disposition"].startswith("attachment")
    assert b"".join(shown.streaming_content) == b"".join(kept.streaming_content)


def test_a_reduced_photo_is_made_once(case, agent, settings):
    client = seat(agent)
    add(client, case, upload(picture("PNG", (1200, 600))))
    row = Evidence.objects.get()

    first = b"".join(client.get(photo_address(row, "?size=240")).streaming_content)
    made = {path.name: path.stat().st_mtime_ns for path in Path(settings.EVIDENCE_ROOT).rglob("*.*")}
    second = b"".join(client.get(photo_address(row, "?size=240")).streaming_content)

    with Image.open(io.BytesIO(first)) as photo:
        assert photo.size == (240, 120)
    assert first == second
    assert made == {path.name: path.stat().st_mtime_ns for path in Path(settings.EVIDENCE_ROOT).rglob("*.*")}


@pytest.mark.parametrize("size", ["1", "100000", "x", "-240"])
def test_a_size_that_is_not_offered_gives_the_photo_itself(size, case, agent, settings):
    client = seat(agent)
    add(client, case, upload(picture()))

    response = client.get(photo_address(Evidence.objects.get(), f"?size={size}"))

    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    assert len(list(Path(settings.EVIDENCE_ROOT).rglob("*.*"))) == 1


def test_only_who_sees_the_case_sees_its_photos(case, agent, merchant):
    add(seat(agent), case, upload(picture()))
    row = Evidence.objects.get()
    stranger = actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory()))

    theirs = seat(merchant).get(photo_address(row))
    foreign = seat(stranger).get(photo_address(row))

    assert theirs.status_code == 200
    assert b"".join(theirs.streaming_content)
    assert foreign.status_code == 404
    assert add(seat(stranger), case, upload(picture())).status_code == 404


def test_a_photo_of_another_case_is_not_found_under_this_one(case, agent, unshipped, buyer):
    client = seat(agent)
    add(client, case, upload(picture()))
    other = opened(unshipped, by=buyer, type="refund_only")

    response = client.get(reverse("aftersales:case-photo", args=[other.number, Evidence.objects.get().pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_is_no_photo_is_not_found(number, case, agent):
    assert seat(agent).get(f"{address(case, 'evidence')}{number}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(case, agent, settings):
    client = seat(agent)
    add(client, case, upload(picture()))
    row = Evidence.objects.get()
    Path(settings.EVIDENCE_ROOT, row.path).unlink()

    assert client.get(photo_address(row)).status_code == 404
    assert client.get(photo_address(row, "?size=240")).status_code == 404


def test_a_photo_tells_what_it_is_whose_and_from_when(case, agent, buyer):
    add(seat(agent), case, upload(picture("PNG", (1200, 600)), "<b>crack.png", "image/png"))
    row = Evidence.objects.get()

    told = seat(agent).get(photo_address(row, "?about"))

    assert "1200 × 600" in told.text and ("bytes" in told.text or "KB" in told.text)
    assert "Agent" in told.text
    assert "&lt;b&gt;crack.png" in told.text and "<html" not in told.text


def test_a_buyers_name_stays_masked_under_a_photo(case, buyer):
    Evidence.objects.filter(case=case).delete()
    case.buyer.name = "Zhang Wei"
    case.buyer.save()
    row = evidence.add(case.pk, [tiny_photo()], by=buyer, at=NOON)[0]
    supervisor = actor_for(person("chief", Role.SUPERVISOR))

    told = seat(supervisor).get(photo_address(row, "?about")).text

    assert "Z***" in told and "Zhang" not in told


def test_what_a_photo_tells_is_for_who_sees_the_case(case, agent):
    add(seat(agent), case, upload(picture()))
    stranger = actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory()))

    assert seat(stranger).get(photo_address(Evidence.objects.get(), "?about")).status_code == 404


@pytest.mark.parametrize(("size", "sides"), [("240", (240, 180)), ("1280", (1280, 960))])
def test_the_viewer_gets_a_smaller_copy_of_a_large_photo_and_a_small_one_itself(size, sides, case, agent, settings):
    client = seat(agent)
    add(client, case, upload(picture("JPEG", (2000, 1500))), upload(picture("JPEG", (200, 150))))
    large, little = Evidence.objects.order_by("pk")

    with Image.open(io.BytesIO(b"".join(client.get(photo_address(large, f"?size={size}")).streaming_content))) as one:
        assert one.size == sides
    with Image.open(io.BytesIO(b"".join(client.get(photo_address(little, f"?size={size}")).streaming_content))) as one:
        assert one.size == (200, 150)
    assert len(list(Path(settings.EVIDENCE_ROOT).rglob("*.*"))) == 3


def test_rows_of_photos_say_how_large_they_are_so_that_nothing_jumps(case, agent):
    add(seat(agent), case, upload(picture()))

    page = seat(agent).get(address(case)).text

    pictures = re.findall(r"<img [^>]*>", page)
    assert pictures and all(
        'width="88"' in each and 'height="66"' in each and 'loading="lazy"' in each for each in pictures
    )


def test_the_frame_of_the_viewer_is_for_who_is_logged_in(agent, client):
    assert client.get("/viewer/").status_code == 302
    assert 'id="viewer"' in seat(agent).get("/viewer/").text
