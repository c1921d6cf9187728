"""Two transactions that both believe the last unit is theirs: the database itself lets one of them end."""

from threading import Barrier

import pytest
from django.db import connection, transaction

from aftersales.models import CaseLine
from aftersales.rules.vocabulary import CaseType
from orders.models import OrderLine
from tests.factories import opened, sold
from tests.races.together import at_once, locks, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
UNLOCKED = "FOR NO KEY UPDATE"


def trigger_body():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('desk_line_never_oversold'::regproc)")
        return cursor.fetchone()[0]


def replaced(body):
    with connection.cursor() as cursor:
        cursor.execute(body)


def taking(line, start):
    """A faulty program: it holds one more unit of the item, and asks nobody."""

    def work():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE aftersales_caseline SET units_held = units_held + 1 WHERE id = %s", [line.pk])
            start.wait(30)

    return work


@locks
def test_two_cases_that_take_the_last_unit_without_asking(locked, shop, order, people, monkeypatch):
    unlock(monkeypatch)
    body = trigger_body()
    assert UNLOCKED in body
    # The control also waits between counting and ending: both then have counted before either is seen.
    slow = body.replace(UNLOCKED, "").replace("RETURN NULL", "PERFORM pg_sleep(0.3); RETURN NULL")
    try:
        replaced(body if locked else slow)
        held = []
        for _turn in range(5):
            three = sold(merchant=shop, buyer=order.buyer, lines=[(3, 30)])
            item = three.lines.get()
            cases = [
                opened(three, by=people.buyer, type=CaseType.REFUND_ONLY, reason="agreed", units={item.pk: 1})
                for _case in range(2)
            ]
            start = Barrier(2)
            at_once(*[taking(case.lines.get(), start) for case in cases])
            held.append(sum(CaseLine.objects.filter(order_line=item).values_list("units_held", flat=True)))
            OrderLine.objects.filter(pk=item.pk).update(units_reserved=0)
            CaseLine.objects.filter(order_line=item).update(units_held=0)
    finally:
        replaced(body)

    assert (held == [3] * 5) if locked else (4 in held)
