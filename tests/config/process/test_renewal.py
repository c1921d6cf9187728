"""A database from before the migrations began anew: said, and begun anew; one that is not ours is left alone."""

import subprocess
import sys

import pytest
from django.db.migrations.recorder import MigrationRecorder

from config.process import renewal
from tests.config.desk import BASE, environment

# A start as `make run` makes it, but for the demo shop, which takes longer than all the rest.
START = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from config.process import embedded, serve
embedded.ensure_all()
serve._is_first_start = lambda: False
serve.prepare()
from aftersales.models import Reason
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
print("reasons", Reason.objects.count(), flush=True)
if not MigrationRecorder.Migration.objects.filter(name="before").exists():
    MigrationRecorder(connection).record_applied("orders", "0002_last_line")
    MigrationRecorder(connection).record_applied("orders", "before")
    Reason.objects.update(name_en="An old reason")
print("old", Reason.objects.filter(name_en="An old reason").exists(), flush=True)
"""


def started(var):
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=BASE, env=environment(var), check=True, capture_output=True, text=True
    )
    return done.stdout


FILES = ("evidence/ab/photo.jpg", "imports/1/orders.csv", "sandbox.sqlite3", "sandbox.sqlite3-wal")


@pytest.mark.slow
def test_an_embedded_database_from_before_is_made_anew_after_a_sentence(var):
    first = started(var)
    for place in (*FILES, "mine.txt"):
        (var / place).parent.mkdir(parents=True, exist_ok=True)
        (var / place).write_bytes(b"old")

    second = started(var)

    assert "Lost are" not in first
    assert renewal.LOST.format(var=var) in second
    assert not [place for place in FILES if (var / place).exists()]
    assert (var / "mine.txt").exists()
    # Made anew, and then (by START) made old once more.
    assert first == second.replace(renewal.LOST.format(var=var) + "\n", "")


@pytest.mark.django_db
def test_a_database_of_its_owner_is_left_alone(monkeypatch):
    MigrationRecorder.Migration.objects.create(app="orders", name="0002_last_line")
    monkeypatch.setenv("DATABASE_URL", "postgres://desk@db.example.com/desk")

    with pytest.raises(SystemExit, match="Nothing was changed"):
        renewal.renew_outdated()

    assert MigrationRecorder.Migration.objects.filter(name="0001_initial", app="orders").exists()


@pytest.mark.django_db
def test_a_database_of_today_is_carried_on(capsys):
    renewal.renew_outdated()

    assert capsys.readouterr().out == ""
    assert MigrationRecorder.Migration.objects.filter(name="0001_initial", app="orders").exists()
