"""Many names tried from one address: refused, while an office that shares it goes on working; the log stays."""

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import seat
from tests.people import person

pytestmark = pytest.mark.django_db


def log_in(name, password="demo", address="10.0.0.1"):
    return Client(REMOTE_ADDR=address).post(reverse("login"), {"username": name, "password": password})


def guess_at(names):
    return [log_in(name, "wrong").status_code for name in names]


def test_forty_names_from_one_address_are_refused_with_a_sentence(agent_user):
    answers = guess_at(f"guess{number}" for number in range(40))

    refused = log_in("one-more", "wrong")
    assert answers == [200] * 20 + [429] * 20
    assert refused.status_code == 429
    assert "closed to logins" in refused.text
    assert log_in("agent", address="10.0.0.2").status_code == 302


def test_who_has_logged_in_from_there_before_is_not_locked_out_with_the_guesser(agent_user):
    assert log_in("agent").status_code == 302
    guess_at(f"guess{number}" for number in range(25))

    assert log_in("agent", "wrong").status_code == 200
    assert log_in("agent").status_code == 302


def test_an_office_whose_people_mistype_and_then_log_in_is_never_refused():
    people = [person(f"clerk{number}", Role.AGENT).username for number in range(30)]

    answers = [(log_in(name, "wrong").status_code, log_in(name).status_code) for name in people]

    assert answers == [(200, 302)] * 30


def test_a_known_name_is_still_counted_by_itself(agent_user):
    log_in("agent")

    assert guess_at(["agent"] * 9)[-1] == 429


@pytest.mark.parametrize("model", [AccessLog, AccessFailureLog])
@pytest.mark.parametrize("act", ["delete", "update"])
def test_the_database_keeps_the_log_of_logins(model, act, agent_user):
    log_in("agent", "wrong")
    log_in("agent")
    rows = model.objects.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete() if act == "delete" else rows.update(username="somebody-else")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table}")

    assert rows.count() == 1


def test_a_login_is_told_its_end_once(agent_user):
    client = Client()
    client.post(reverse("login"), {"username": "agent", "password": "demo"})

    client.post(reverse("logout"))

    ended = AccessLog.objects.get()
    assert ended.logout_time
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccessLog.objects.update(logout_time=timezone.now())


@pytest.mark.parametrize("model", [AccessLog, AccessFailureLog])
def test_the_admin_shows_the_log_and_changes_nothing(model, admin):
    log_in("agent", "wrong")
    log_in("admin")
    admin_client = seat(admin)
    row, name = model.objects.get(), model._meta.model_name

    assert admin_client.get(reverse(f"admin:axes_{name}_changelist")).status_code == 200
    for act in ("change", "delete"):
        address = reverse(f"admin:axes_{name}_{act}", args=[row.pk])
        assert admin_client.post(address, {"post": "yes", "username": "x"}).status_code == 403
    admin_client.post(
        reverse(f"admin:axes_{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert model.objects.filter(pk=row.pk, username=row.username).exists()
