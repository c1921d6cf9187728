"""Parameters, addresses and files that should not be: an answer in words, never a 500."""

import io
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from aftersales import sweeps
from orders.models import ImportRun
from tests import counts
from tests.aftersales.bad_inputs.sending import Sender

pytestmark = pytest.mark.django_db
FILES = {
    "svg.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page.jpg": b"<html><script>alert(1)</script></html>",
    "empty.png": b"",
    "../../etc/passwd.jpg": b"\xff\xd8\xff\xe0" + b"\x00" * 50,
    "cut.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "name\x00.jpg": b"GIF89a",
    "orders.csv": b"\xff\xfe\x00\x00",
    "orders.xlsx": b"PK\x03\x04broken",
    "bomb.csv": b'"' + b"a," * 200_000,
    "blank.csv": b"\r\n\r\n\r\n",
}


@pytest.mark.parametrize("name", ["reject", "reapply", "apply", "inspect"])
def test_a_file_that_is_no_photo_is_refused(world, name):
    sender, field = Sender(name, world), {"inspect": "proof"}.get(name, "photos")

    for file_name, content in FILES.items():
        file = SimpleUploadedFile(file_name, content, "image/jpeg")
        sender.send(file_name, {field: file}, expected={422})

    assert sender.wrong == []


def test_a_file_that_is_no_table_is_refused_by_the_form_or_by_who_reads_it(world):
    sender = Sender("import", world)
    for file_name, content in FILES.items():
        file = SimpleUploadedFile(file_name, content, "image/jpeg")
        sender.send(file_name, {"tables": file}, expected={422, 302})
    sweeps.run_imports(timezone.now())

    assert sender.wrong == []
    read = ImportRun.objects.exclude(files=[]).filter(pk__gt=0, status__in=["uploaded", "preview"])
    assert [run.files for run in read if run.files[0] in FILES] == []


def test_a_photo_that_is_one_is_taken_beside_it(world):
    sender = Sender("reject", world)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(picture, "JPEG")

    answer = sender.send("photo", {"photos": SimpleUploadedFile("a.jpg", picture.getvalue())}, expected={302})

    assert sender.wrong == [], answer.content.decode()[:500]


LISTS = {
    "agent": ("/cases/", "/orders/", "/parcels/stuck/"),
    "warehouse": (
        "/warehouse/",
        "/warehouse/stock/",
        "/warehouse/stock/shelf/",
        "/warehouse/stock/count/",
        "/warehouse/parcels/",
        "/warehouse/parcels/new/",
    ),
    "finance": ("/finance/", "/finance/release/", "/finance/guarantee/", "/finance/owed/", "/approvals/", "/tasks/"),
    "supervisor": ("/cases/", "/now/", "/trouble/", "/trouble/outage/", "/imports/", "/rules/"),
}
PARAMETERS = (
    "q",
    "view",
    "state",
    "type",
    "merchant",
    "assignee",
    "team",
    "reason",
    "age",
    "due",
    "breached",
    "clock_approved",
    "ended",
    "opened",
    "after",
    "before",
    "list",
    "currency",
    "waybill",
    "r",
    "status",
    "source",
    "since",
    "until",
    "started_at",
    "show",
    "disposition",
    "sku",
)
SEVENS = [PARAMETERS[start::4] for start in range(4)]
ODD = (
    "\x00",
    "a\x00b",
    "'",
    "%",
    "\\",
    "-1",
    "99999999999999999999",
    "½",
    "<script>alert(1)</script>",
    "2026-13-45",
    "0001-01-01",
    "9999-12-31",
    "=",
    "~",
    "a" * 3000,
)


@pytest.mark.parametrize("who", LISTS)
def test_a_list_with_strange_parameters_is_still_a_list(world, who):
    client, wrong = Client(raise_request_exception=False), []
    client.force_login(world.users[who])

    for address, odd in itertools.product(LISTS[who], ODD):
        for names in counts.shared_out(SEVENS, f"{address} {odd}"):
            answer = client.get(address, {name: odd.encode("utf-8", "surrogatepass") for name in names})
            body = answer.content.decode(errors="replace")
            if answer.status_code not in (200, 302, 422) or "<script>alert(1)" in body:
                wrong.append(f"{address} {odd!r:.20} {names}: {answer.status_code}")

    assert wrong == []


PATHS = {
    "agent": ("/cases/{}/", "/orders/{}/", "/orders/{}/apply/", "/cases/AS-26-000001/evidence/{}/"),
    "warehouse": ("/warehouse/{}/", "/warehouse/stock/{}/", "/warehouse/parcels/{}/", "/warehouse/parcels/1/{}/"),
    "finance": ("/finance/{}/", "/finance/{}/release/", "/finance/guarantee/{}/"),
    "supervisor": (
        "/imports/{}/",
        "/imports/{}/rejected.csv",
        "/approvals/{}/",
        "/tasks/{}/",
        "/trouble/deadline/{}/",
        "/trouble/{}/1/",
    ),
}


@pytest.mark.parametrize("who", PATHS)
def test_an_address_with_strange_words_is_no_error(world, who):
    client, wrong = Client(raise_request_exception=False), []
    client.force_login(world.users[who])
    words = (
        "0",
        "99999999999999999999999",
        "AS-99-999999999999",
        "%00",
        "a%0d%0ab",
        "..%2f..",
        "%F0%9F%92%A9",
        "x" * 2000,
        "-",
        "'",
    )

    for address in PATHS[who]:
        for word in words:
            for answer in (client.get(address.format(word)), client.post(address.format(word), {"once": "x"})):
                if answer.status_code not in (400, 404, 405):
                    wrong.append(f"{address.format(word):.80}: {answer.status_code}")

    assert wrong == []
