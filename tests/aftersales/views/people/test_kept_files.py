"""What was attached waits with what was typed until its person has said again who they are."""

import os
import re

import pytest

from aftersales import moves
from aftersales.models import Case, Evidence
from aftersales.rules.vocabulary import Role
from tests.aftersales.stages import refusal
from tests.aftersales.views.desk import LATER, address, picture, seat, sent, upload
from tests.factories import opened
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asking(settings, tmp_path, time_machine):
    """A rejection that asks who one is: of what really asks, nothing has files yet."""
    time_machine.move_to(LATER, tick=False)
    settings.CONFIRM_AGAIN, settings.VAR_DIR = True, tmp_path
    record = moves.EVERY["reject"]
    object.__setattr__(record, "asks_anew", True)
    yield
    object.__setattr__(record, "asks_anew", False)


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def client(agent):
    return seat(agent)


@pytest.fixture
def send(case, client):
    def send(more, by=client):
        reason = refusal().pk
        return by.post(address(case, "reject"), sent(case, reason=reason, note="See “photos”", **more))

    return send


def photos():
    return {"photos": [upload(picture(), "one.jpg"), upload(picture(), "two.jpg")]}


def key_in(answer):
    return re.search(r'name="kept_files" value="([^"]+)"', answer.text)[1]


def test_files_come_back_after_a_wrong_password_too(send, case):
    asked = send(photos())
    assert (asked.status_code, "2 attached files are kept too" in asked.text) == (422, True)

    wrong = send({"kept_files": key_in(asked), "confirm_password": "wrong"})
    done = send({"kept_files": key_in(wrong), "confirm_password": "demo"})

    assert (wrong.status_code, "2 attached files are kept too" in wrong.text) == (422, True)
    assert done.status_code == 302
    assert Case.objects.get(pk=case.pk).status == "rejected"
    assert Evidence.objects.filter(case=case).count() == 2


def test_files_come_back_to_their_session_only_and_once(send, case, tmp_path):
    key = key_in(send(photos()))
    other = seat(type("Who", (), {"user_id": person("other", Role.SENIOR).pk}))

    stolen = send({"kept_files": key, "confirm_password": "demo"}, by=other)
    guessed = send({"kept_files": "../evidence", "confirm_password": "wrong"})

    assert "kept too" not in stolen.text + guessed.text
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_what_nobody_comes_back_for_is_removed(send, tmp_path):
    send(photos())
    [place] = (tmp_path / "kept").iterdir()
    os.utime(place, (LATER.timestamp() - 4000,) * 2)

    send({})

    assert list((tmp_path / "kept").iterdir()) == []


def test_who_was_asked_in_a_dialog_can_go_back(case, client):
    typed = sent(case, reason=refusal().pk, note="See below")
    asked = client.post(address(case, "reject"), typed, headers={"HX-Request": "true"})

    assert re.search(r"<button[^>]*data-close[^>]*>\s*Cancel", asked.text)
    assert "data-close" not in client.post(address(case, "reject"), typed).text.partition("confirm_password")[2]
