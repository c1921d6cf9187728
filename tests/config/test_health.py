"""/healthz: 200 when database, broker and clock work, else 503 with the word for what does not."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales.models import ClockBeat
from tests.config.desk import BASE

ASK_WITHOUT_DATABASE = """
import django
django.setup()
from django.test import Client
page = Client().get("/healthz")
print(page.status_code, page.content.decode())
"""


def beat(*, seconds_ago):
    ClockBeat.objects.all().delete()
    ClockBeat.objects.create(beat_at=timezone.now() - timedelta(seconds=seconds_ago))


@pytest.mark.django_db
def test_a_desk_with_database_broker_and_clock_is_healthy(client):
    beat(seconds_ago=20)

    page = client.get("/healthz")

    assert page.status_code == 200
    answer = page.json()
    assert 20 <= answer.pop("clock_age_seconds") < 60
    assert answer == {"database": "ok", "broker": "ok", "clock": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status", "word"), [(170, 200, "ok"), (181, 503, "late"), (86400, 503, "late")])
def test_a_clock_that_stands_still_fails(client, seconds, status, word):
    beat(seconds_ago=seconds)

    page = client.get("/healthz")

    assert (page.status_code, page.json()["clock"]) == (status, word)


@pytest.mark.django_db
def test_a_clock_that_never_ran_fails(client):
    ClockBeat.objects.all().delete()

    page = client.get("/healthz")

    assert page.status_code == 503
    assert (page.json()["clock"], page.json()["clock_age_seconds"]) == ("unknown", None)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock?db=0"])
def test_a_broker_that_is_away_fails(client, settings, url):
    beat(seconds_ago=20)
    settings.REDIS_URL = url

    page = client.get("/healthz")

    assert page.status_code == 503
    assert (page.json()["broker"], page.json()["database"]) == ("failed", "ok")


def test_a_database_that_is_away_fails_without_a_traceback():
    away = {
        **os.environ,
        "DATABASE_URL": "postgres://desk@127.0.0.1:1/desk",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", ASK_WITHOUT_DATABASE], cwd=BASE, env=away, capture_output=True, text=True, check=False
    )

    status, answer = done.stdout.split(" ", 1)
    assert status == "503", done.stderr
    assert json.loads(answer) == {"database": "failed", "broker": "ok", "clock": "unknown", "clock_age_seconds": None}
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_health_is_read_only(client):
    assert client.post("/healthz").status_code == 405
