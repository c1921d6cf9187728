"""A database from before the migrations began anew: said, and begun anew; one that is not ours is left alone."""

import subprocess
import sys

import pytest
from django.db.migrations.recorder import MigrationRecorder

from config.process import renewal
from tests.config.desk import BASE, environment

# Servers only, with what is left of a database from before: its record of migrations, and a table of that time.
BEFORE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from config.process import embedded
embedded.ensure_all()
import django
django.setup()
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
for migration in ("0001_initial", "0002_last_line"):
    MigrationRecorder(connection).record_applied("orders", migration)
connection.cursor().execute("CREATE TABLE aftersales_reason (name text); INSERT INTO aftersales_reason VALUES ('old')")
"""
# A start as `make run` makes it, but for the demo shop, which takes longer than all the rest.
START = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from config.process import embedded, serve
embedded.ensure_all()
serve._is_first_start = lambda: False
serve.prepare()
from aftersales.models import Reason
print("reasons", Reason.objects.count(), flush=True)
"""


def run(script, var):
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE, env=environment(var), check=True, capture_output=True, text=True
    )
    return done.stdout


FILES = ("evidence/ab/photo.jpg", "imports/1/orders.csv", "sandbox.sqlite3", "sandbox.sqlite3-wal")


@pytest.mark.slow
def test_an_embedded_database_from_before_is_made_anew_after_a_sentence(var):
    run(BEFORE, var)
    for place in (*FILES, "mine.txt"):
        (var / place).parent.mkdir(parents=True, exist_ok=True)
        (var / place).write_bytes(b"old")

    said = run(START, var)

    lost, reasons = said.splitlines()
    assert lost == renewal.LOST.format(var=var)
    assert not [place for place in FILES if (var / place).exists()]
    assert (var / "mine.txt").exists()
    assert int(reasons.removeprefix("reasons ")) > 0


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
