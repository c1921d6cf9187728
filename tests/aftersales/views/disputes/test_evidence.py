"""Photos through the page: what is taken, what is refused by name, who may look, how they are served."""

import io
import re
import zlib
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import GPS, IFD

from aftersales.actions.disputes import evidence
from aftersales.models import Evidence
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import address, picture, seat, sent, upload
from tests.factories import NOON, MerchantFactory, opened, tiny_photo
from tests.people import actor_for, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def add(client, case, *files, **headers):
    return client.post(address(case, "evidence"), sent(case, photos=list(files)), **headers)


def photo_address(row, query=""):
    return reverse("aftersales:case-photo", args=[row.case.number, row.pk]) + query


def with_gps():
    """A JPEG that says where it was taken, with a comment and a thumbnail of its own."""
    exif = Image.Exif()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (30.0, 15.0, 0.0)
    exif[0x010E] = "12 Wensan Road"
    return picture(exif=exif, comment=b"<script>alert(1)</script>")


def huge_png(side=13000):
    """A PNG of 13,000 × 13,000 pixels that weighs little; only its head and one block of zeros."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(b"\0" * ((side // 8 + 2) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def frames(count):
    """An animated WebP."""
    file = io.BytesIO()
    pictures = [Image.new("RGB", (8, 8), (index % 255, 0, 0)) for index in range(count)]
    pictures[0].save(file, "WEBP", save_all=True, append_images=pictures[1:])
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "drawing.svg": (SVG, "not a JPEG, PNG or WebP"),
    "drawing.png": (SVG, "not a JPEG, PNG or WebP"),
    "page.jpg": (b"<!doctype html><script>alert(1)</script>", "not a JPEG, PNG or WebP"),
    "empty.jpg": (b"", "is empty"),
    "half.jpg": (picture(size=(400, 400))[:900], "is damaged"),
    "moving.gif": (picture("GIF"), "not a JPEG, PNG or WebP"),
    "head.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "is damaged"),
    "huge.png": (huge_png(), "more than 25 megapixels"),
    "program.jpg": (b"MZ\x90\0" + b"\0" * 100, "not a JPEG, PNG or WebP"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_by_its_name(name, case, agent):
    content, why = REFUSED[name]

    response = add(seat(agent), case, upload(picture(), "good.jpg"), upload(content, name))

    assert response.status_code == 422
    assert name in response.text
    assert why in response.text
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_are_taken_and_shown(kind, case, agent):
    client = seat(agent)

    response = add(client, case, upload(picture(kind), "one"), upload(picture(kind), "two"))
    page = client.get(address(case)).text

    assert response.status_code == 302
    assert Evidence.objects.count() == 2
    assert all(photo_address(row) in page for row in Evidence.objects.all())


def test_nothing_that_the_camera_wrote_is_kept(case, agent, settings):
    add(seat(agent), case, upload(with_gps()))

    kept = Path(settings.EVIDENCE_ROOT, Evidence.objects.get().path).read_bytes()

    with Image.open(io.BytesIO(kept)) as photo:
        assert not photo.getexif()
        assert "comment" not in photo.info
    assert b"Wensan" not in kept
    assert b"script" not in kept


def test_what_hides_behind_a_photo_is_gone(case, agent, settings):
    polyglot = picture() + b"<script>alert(document.cookie)</script>PK\x03\x04"

    add(seat(agent), case, upload(polyglot, "photo.jpg"))

    assert b"script" not in Path(settings.EVIDENCE_ROOT, Evidence.objects.get().path).read_bytes()


def test_of_a_moving_picture_the_first_frame_is_kept(case, agent, settings):
    add(seat(agent), case, upload(frames(500), "moving.webp"))

    with Image.open(Path(settings.EVIDENCE_ROOT, Evidence.objects.get().path)) as photo:
        assert getattr(photo, "n_frames", 1) == 1


def test_a_name_never_leads_anywhere(case, agent, settings):
    add(seat(agent), case, upload(picture(), "../../../etc/passwd.jpg"))

    row = Evidence.objects.get()
    kept = Path(settings.EVIDENCE_ROOT, row.path).resolve()
    assert kept.is_relative_to(Path(settings.EVIDENCE_ROOT).resolve())
    assert "passwd" not in row.path
    assert ".." not in row.name


def test_more_than_a_form_takes_are_refused_in_words(case, agent):
    response = add(seat(agent), case, *(upload(picture(), f"{number}.jpg") for number in range(10)))

    assert response.status_code == 422
    assert "At most 9 photos" in response.text


def test_too_many_files_never_end_in_a_fault(case, agent):
    response = add(seat(agent), case, *(upload(b"x", f"{number}.jpg") for number in range(200)))

    assert response.status_code == 400
    assert not Evidence.objects.exists()


def test_no_photo_at_all_is_said(case, agent):
    response = seat(agent).post(address(case, "evidence"), sent(case))

    assert response.status_code == 422
    assert "This field is required." in response.text


def test_sent_twice_it_is_kept_once(case, agent):
    client, form = seat(agent), sent(case)

    for _time in range(2):
        client.post(address(case, "evidence"), form | {"photos": [upload(picture())]})

    assert Evidence.objects.count() == 1


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


def test_a_small_one_is_made_once(case, agent, settings):
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
def test_other_sizes_are_the_photo_itself(size, case, agent, settings):
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


def test_who_may_not_add_is_refused(case, finance):
    response = add(seat(finance), case, upload(picture()))

    assert response.status_code == 403


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
