"""Things done at the same moment, by threads with connections of their own; and the same without locks."""

import re
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from aftersales.actions import gate
from aftersales.queries import locking
from aftersales.queries.oversight import invariants
from orders import locking as order_locking
from orders.db.compiled_query import CompiledQuery
from orders.refusals import Refused

PAUSE = 0.01


def at_once(*works):
    """Do all of them from one starting shot; answers what each gave or how it was refused."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            start.wait(30)
            answers[number] = work()
        except (Refused, DatabaseError, AssertionError) as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def patiently(work):
    """Tries again while somebody else holds the lock, as a person does."""
    for _try in range(30):
        try:
            return work()
        except gate.Busy:
            time.sleep(0.05)
    return work()


def refusals(answers):
    """Those that were refused; anything that broke is raised."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refused):
            raise answer
    return [answer for answer in answers if isinstance(answer, Refused)]


def pausing(monkeypatch, owner, name):
    """Make the step between reading and writing last long enough for others to come between."""
    step = getattr(owner, name)

    def slow(*args, **fields):
        time.sleep(PAUSE)
        return step(*args, **fields)

    monkeypatch.setattr(owner, name, slow)


def unlock(monkeypatch):
    """The control: nobody locks anything any more."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **fields: self)
    for statement in ("ONE", "MANY", "ORDERS", "FIRST", "CAPACITY"):
        monkeypatch.setattr(locking, statement, re.sub(r"FOR (NO KEY )?UPDATE.*", "", getattr(locking, statement)))
    for query in ("ORDER", "LINES", "PAYMENTS"):
        monkeypatch.setattr(order_locking, query, CompiledQuery(getattr(order_locking, query).build, int))


@contextmanager
def without(table, *rules):
    """Without the database's own rules, so that a control shows what only the locks prevent; rows in breach go."""
    with connection.cursor() as cursor:
        definitions = []
        for rule in rules:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [rule])
            definitions.append((rule, cursor.fetchone()[0]))
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET session_replication_role = origin")
            for rule, definition in definitions:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {rule} {definition}")


def nothing_broken():
    """Every invariant of the whole system holds."""
    broken = [verdict for one in invariants.INVARIANTS if (verdict := invariants.check(one)).count]
    assert broken == []


locks = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control_unlocked"])
