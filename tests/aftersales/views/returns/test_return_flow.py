"""A return from application to paid refund over HTTP: each act reads order, lines, payments and its case once."""

import re
import uuid
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from aftersales.models import Case
from aftersales.rules.vocabulary import Role
from tests.aftersales.stages import pay
from tests.people import person, session_of
from tests.present import bought

CONSENT = {"consent-channel": "call", "consent-note": "The buyer called."}
pytestmark = pytest.mark.django_db(transaction=True)
MOST = {"apply": 27, "approve": 12, "ship-return": 17, "receive": 16, "inspect": 30, "pay": 22}
LOCKED = re.compile(r'FROM "?(orders_order|orders_orderline|orders_payment)"?\b.*FOR (?:NO KEY )?UPDATE', re.DOTALL)


@contextmanager
def statements():
    """What is sent to the database, without savepoints."""
    sent = []

    def note(execute, sql, params, many, context):
        if "SAVEPOINT" not in sql:
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def logged_in(role):
    client = Client()
    client.cookies["sessionid"] = session_of(person(role.value, role))
    return client


def sent(client, address, **fields):
    answer = client.post(address, {"once": uuid.uuid4(), **fields})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return answer["Location"]


def flow(shop, agent, floor):
    """The acts of one return by name, each a call; the case is paid at the end."""
    order = bought(shop)
    line, made = order.lines.get().pk, {}

    def apply():
        fields = {"type": "return_refund", "reason": "changed_mind", f"units_{line}": 2, f"amount_{line}": ""}
        place = sent(agent, f"/orders/{order.number}/apply/", **fields)
        made["number"] = place.rstrip("/").rsplit("/", 1)[1]

    def receive():
        units = {f"units-{Case.objects.values_list('lines', flat=True).get(number=made['number'])}": 2}
        sent(floor, f"/warehouse/{made['number']}/receive/", version=3, **units)

    yield "apply", apply
    yield "approve", lambda: sent(agent, f"/cases/{made['number']}/approve/", version=1)
    waybill = {"carrier": "SF", "waybill": f"SF{order.pk}", **CONSENT}
    yield "ship-return", lambda: sent(agent, f"/cases/{made['number']}/ship-return/", version=2, **waybill)
    yield "receive", receive
    yield "inspect", lambda: sent(floor, f"/warehouse/{made['number']}/inspect/", version=4, verdict="as_new")
    yield "pay", lambda: pay(timezone.now())
    assert Case.objects.get(number=made["number"]).status == "completed"


@pytest.fixture
def told(shop):
    """The statements of each act, in a process that has done the same before."""
    agent, floor = logged_in(Role.SUPERVISOR), logged_in(Role.WAREHOUSE)
    for _name, act in flow(shop, agent, floor):
        act()
    found = {}
    for name, act in flow(shop, agent, floor):
        with statements() as sent_now:
            act()
        found[name] = sent_now
    return found


def test_few_statements(told):
    # The one statement more of "receive" is this test's own.
    counts = {name: len(sent_now) - (name == "receive") for name, sent_now in told.items()}
    assert {name: (count, MOST[name]) for name, count in counts.items() if count > MOST[name]} == {}


def test_what_is_locked_is_read_once(told):
    for name, sent_now in told.items():
        read = Counter(found.group(1) for sql in sent_now if (found := LOCKED.search(sql)))
        assert {table: count for table, count in read.items() if count > 1} == {}, name
