"""Being told about parcels: wished with the parcel, asked for by the sweep, whatever the carrier's server does."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from logistics.carriers import SOURCES, accounts
from logistics.carriers.base import Watched
from logistics.messages import parsing, subscriptions
from logistics.models import CarrierMessage, Parcel, Subscription
from logistics.parcels import tracking as tracking_logistics
from orders.models.retry import MOST_TRIES
from tests.factories import NOON
from tests.fakes.carriers import form
from tests.logistics import telling
from tests.logistics.telling import kuaidi100, md5, push, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def only(settings, fake):
    """Accounts of one source."""

    def choose(source):
        settings.CARRIERS = json.dumps({source: telling.accounts(fake.url)[source]})
        return fake

    return choose


def announced(order, waybill="SF1", carrier="SF"):
    return tracking_logistics.announce_return(order, carrier=carrier, waybill=waybill, at=NOON, recorded_by="buyer")


def row():
    return Subscription.objects.get()


def test_a_parcel_and_the_wish_are_made_together(order, only):
    only("kuaidi100")

    with transaction.atomic():
        announced(order)
        announced(order)
        transaction.set_rollback(True)
    assert not Subscription.objects.exists()

    announced(order)
    assert (row().source, row().account, row().status) == ("kuaidi100", "default", "waiting")


def test_without_an_account_nobody_is_asked(order):
    announced(order)

    assert not Subscription.objects.exists()
    assert subscriptions.perform_due(NOON) == 0


def test_the_merchants_own_account_is_asked_before_the_default_one(order, settings):
    account = {"secrets": ["s"], "key": "k"}
    settings.CARRIERS = json.dumps({"aftership": {"default": account, "shop": account}})

    announced(order)

    assert row().account == "shop"


@pytest.mark.parametrize(("carrier", "source"), [("SF", "sf"), ("圆通", "kuaidi100")])
def test_a_carriers_own_account_follows_its_own_parcels(order, carrier, source, settings, fake):
    every = telling.accounts(fake.url)
    settings.CARRIERS = json.dumps({"manual": every["manual"], "sf": every["sf"], "kuaidi100": every["kuaidi100"]})

    announced(order, carrier=carrier)

    assert row().source == source


@pytest.mark.parametrize("source", ["kuaidi100", "17track", "aftership"])
def test_it_is_asked_once_and_outside_of_transactions(order, only, source, monkeypatch):
    fake = only(source)
    announced(order)
    inside = []
    asked = SOURCES[source].subscribe
    depth = len(connection.savepoint_ids)
    monkeypatch.setattr(
        SOURCES[source],
        "subscribe",
        lambda *args: inside.append(len(connection.savepoint_ids) - depth) or asked(*args),
    )

    done = [subscriptions.perform_due(NOON) for _time in range(3)]

    assert (done, inside) == ([1, 0, 0], [0])
    assert row().status == "active"
    assert fake.subscribed == {"SF1": 1}


@pytest.mark.parametrize("source", ["kuaidi100", "17track", "aftership"])
@pytest.mark.parametrize("fault", [500, 503, 429, "silence", "page"])
def test_a_bad_moment_is_tried_again_and_doubles_are_fine(order, only, source, fault):
    fake = only(source)
    announced(order)
    fake.faults += [fault, fault, fault] if fault == "silence" else [fault]

    subscriptions.perform_due(NOON)
    failed = row()
    before = subscriptions.perform_due(NOON + timedelta(seconds=30))
    fake.faults.clear()
    subscriptions.perform_due(NOON + HOUR)

    assert (failed.status, failed.tries, before) == ("waiting", 1, 0)
    assert failed.last_error.startswith(source)
    assert row().status == "active"


@pytest.mark.parametrize("source", ["kuaidi100", "17track", "aftership"])
def test_one_bad_line_is_mended_within_the_same_try(order, only, source):
    fake = only(source)
    announced(order)
    fake.faults += ["silence"]

    subscriptions.perform_due(NOON)

    assert row().status == "active"
    assert fake.subscribed["SF1"] == 2


@pytest.mark.parametrize("source", ["kuaidi100", "17track", "aftership", "sf"])
def test_a_no_is_for_a_person(order, only, source):
    fake = only(source)
    announced(order)
    fake.faults += ["no"]

    subscriptions.perform_due(NOON)

    assert row().status == "quarantined"
    assert row().last_error.startswith(source)


@pytest.mark.parametrize("status", [301, 401, 403])
def test_an_answer_that_never_changes_is_for_a_person(order, only, status):
    only("kuaidi100").faults += [status]
    announced(order)

    subscriptions.perform_due(NOON)

    assert row().status == "quarantined"


def test_a_server_that_stays_away_is_given_up_after_five_tries(order, only):
    fake = only("kuaidi100")
    announced(order)

    for hours in range(8):
        fake.faults[:] = [500]
        subscriptions.perform_due(NOON + hours * HOUR)

    assert (row().status, row().tries) == ("quarantined", MOST_TRIES)


def test_a_worker_that_died_leaves_it_to_the_next(order, only):
    fake = only("kuaidi100")
    announced(order)
    subscriptions._claim(NOON)

    during, after = (subscriptions.perform_due(NOON + timedelta(minutes=minutes)) for minutes in (1, 3))

    assert (during, after) == (0, 1)
    assert fake.subscribed == {"SF1": 1}


def test_an_account_taken_away_is_said(order, only, settings):
    only("kuaidi100")
    announced(order)
    settings.CARRIERS = ""

    subscriptions.perform_due(NOON)

    assert "no account" in row().last_error


def test_what_kuaidi100_gives_up_is_asked_again_after_half_an_hour(order, only, client, tracking):
    fake = only("kuaidi100")
    announced(order, "221000000005")
    subscriptions.perform_due(NOON)
    abort = json.loads((tracking / "kuaidi100/push_abort_no_record.json").read_bytes())

    send(client, "kuaidi100", kuaidi100(abort))
    parsing.read_due(timezone.now())
    stopped = row()
    soon = subscriptions.perform_due(timezone.now() + timedelta(minutes=29))
    later = subscriptions.perform_due(timezone.now() + timedelta(minutes=31))

    assert (stopped.status, stopped.last_error) == ("waiting", "3天查询无记录")
    assert (soon, later) == (0, 1)
    assert fake.subscribed["221000000005"] == 2
    assert CarrierMessage.objects.get().status == "done"


def test_a_parcel_that_arrived_needs_no_more_watching(order, only, client):
    only("kuaidi100")
    announced(order)
    subscriptions.perform_due(NOON)
    send(client, "kuaidi100", kuaidi100(push("SF1", ("签收", "2026-03-10 12:00:00", "x"))))
    send(client, "kuaidi100", kuaidi100(push("SF1", status="abort")))

    parsing.read_due(timezone.now())

    assert row().status == "ended"


def test_sf_is_asked_every_few_hours_until_it_is_signed(order, only):
    fake = only("sf")
    announced(order)
    route = {"acceptTime": "2026-03-10 12:00:00", "acceptAddress": "杭州", "remark": "已收取", "opCode": "50"}
    fake.routes["SF1"] = [route]

    first = subscriptions.perform_due(NOON), subscriptions.perform_due(NOON + HOUR)
    parsing.read_due(timezone.now())
    moving = Parcel.objects.get().status
    fake.routes["SF1"] = [{**route, "acceptTime": "2026-03-10 18:00:00", "opCode": "80"}, route]
    subscriptions.perform_due(NOON + 7 * HOUR)
    parsing.read_due(timezone.now())
    subscriptions.perform_due(NOON + 14 * HOUR)

    assert (first, moving) == ((1, 0), "in_transit")
    assert (Parcel.objects.get().status, row().status) == ("signed", "ended")


def test_what_is_sent_names_parcel_secret_and_where_to_call(order, only):
    fake = only("kuaidi100")
    announced(order, carrier="顺丰")

    subscriptions.perform_due(NOON)

    sent = json.loads(form(fake.requests[0][1])["param"])
    wanted = {"callbackurl": "https://desk.example.com/x", "salt": telling.NEW, "resultv2": "1"}
    assert (sent["company"], sent["number"], sent["parameters"]["phone"]) == ("shunfeng", "SF1", "6620")
    assert wanted.items() <= sent["parameters"].items()


def test_questions_and_pickups_are_signed(only):
    fake = only("kuaidi100")
    account, source = accounts.find("kuaidi100", "default"), SOURCES["kuaidi100"]

    source.ask(Watched("SF1", "SF"), account)
    booked = source.book({"kuaidicom": "shunfeng", "recManName": "李雷"}, account, NOON)
    source.call_off(booked["taskId"], booked["orderId"], "不寄了", account, NOON)

    (_q, asked, _h), (_o, order, _h), (_c, cancelled, _h) = fake.requests
    asked, order = form(asked), form(order)
    assert asked["sign"] == md5(asked["param"] + "key" + "CUSTOMER")
    assert order["sign"] == md5(order["param"] + order["t"] + "key" + "CUSTOMER")
    assert (order["method"], form(cancelled)["method"]) == ("bOrder", "cancel")
