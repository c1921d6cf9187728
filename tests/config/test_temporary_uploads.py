"""Uploads that do not fit on the disk."""

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

LARGE = b"x" * (2 * 1024 * 1024 + 1)  # more than is kept in memory


def full(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["new_file", "receive_data_chunk", "file_complete"])
def test_a_full_disk_refuses_an_upload_with_one_line_in_the_log(step, monkeypatch, caplog):
    monkeypatch.setattr(TemporaryFileUploadHandler, step, full)

    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    answer = client.post("/login/", {"photos": SimpleUploadedFile("a.jpg", LARGE)})

    assert answer.status_code == 400
    assert [record.getMessage() for record in caplog.records] == [
        "an upload could not be stored: [Errno 28] No space left on device"
    ]
    assert caplog.records[0].exc_info is None
