"""Photos added through the page: what is taken, what is refused by name, and what is stored of it."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD

from aftersales.models import Evidence
from tests.aftersales.views.desk import address, picture, seat, sent, upload
from tests.aftersales.views.disputes.photos import add, photo_address

pytestmark = pytest.mark.django_db


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
def test_an_upload_that_is_no_photo_is_refused_by_its_name(name, case, agent):
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


def test_a_stored_photo_holds_nothing_that_the_camera_wrote(case, agent, settings):
    add(seat(agent), case, upload(with_gps()))

    kept = Path(settings.EVIDENCE_ROOT, Evidence.objects.get().path).read_bytes()

    with Image.open(io.BytesIO(kept)) as photo:
        assert not photo.getexif()
        assert "comment" not in photo.info
    assert b"Wensan" not in kept
    assert b"script" not in kept


def test_a_stored_photo_holds_nothing_that_was_hidden_behind_it(case, agent, settings):
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


def test_a_form_without_a_photo_is_refused(case, agent):
    response = seat(agent).post(address(case, "evidence"), sent(case))

    assert response.status_code == 422
    assert "This field is required." in response.text


def test_a_photo_sent_twice_is_stored_once(case, agent):
    client, form = seat(agent), sent(case)

    for _time in range(2):
        client.post(address(case, "evidence"), form | {"photos": [upload(picture())]})

    assert Evidence.objects.count() == 1


def test_a_role_that_may_not_add_photos_is_refused(case, finance):
    response = add(seat(finance), case, upload(picture()))

    assert response.status_code == 403
