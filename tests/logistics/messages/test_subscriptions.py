"""Subscriptions: requested with the parcel, carried out by the sweep, whatever the carrier's server does."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from logistics.carriers import SOURCES
from logistics.messages import parsing, subscriptions
from logistics.models import CarrierMessage, Parcel, Subscription
from orders.models.retry import MOST_TRIES
from tests.factories import NOON
from tests.logistics import telling
from tests.logistics.telling import announced, kuaidi100, push, send

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def row():
    return Subscription.objects.get()


def test_a_parcel_and_its_subscription_are_stored_together(order, only):
    only("kuaidi100")

    with transaction.atomic():
        announced(order)
        announced(order)
        transaction.set_rollback(True)
    assert not Subscription.objects.exists()

    announced(order)
    assert (row().source, row().account, row().status) == ("kuaidi100", "default", "waiting")


def test_a_parcel_without_an_account_is_not_subscribed_to(order):
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
def test_a_parcel_is_subscribed_to_once_and_outside_of_transactions(order, only, source, monkeypatch):
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
def test_a_failed_subscription_is_retried_and_a_second_one_does_no_harm(order, only, source, fault):
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
def test_a_broken_connection_is_repeated_within_the_same_try(order, only, source):
    fake = only(source)
    announced(order)
    fake.faults += ["silence"]

    subscriptions.perform_due(NOON)

    assert row().status == "active"
    assert fake.subscribed["SF1"] == 2


@pytest.mark.parametrize("source", ["kuaidi100", "17track", "aftership", "sf"])
def test_a_refused_subscription_is_for_a_person(order, only, source):
    fake = only(source)
    announced(order)
    fake.faults += ["no"]

    subscriptions.perform_due(NOON)

    assert row().status == "quarantined"
    assert row().last_error.startswith(source)


@pytest.mark.parametrize("status", [301, 401, 403])
def test_a_refusing_status_is_for_a_person(order, only, status):
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


def test_a_subscription_of_a_worker_that_died_is_carried_out_by_the_next(order, only):
    fake = only("kuaidi100")
    announced(order)
    subscriptions._claim(NOON)

    during, after = (subscriptions.perform_due(NOON + timedelta(minutes=minutes)) for minutes in (1, 3))

    assert (during, after) == (0, 1)
    assert fake.subscribed == {"SF1": 1}


def test_a_subscription_of_a_removed_account_says_so(order, only, settings):
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


def test_the_subscription_to_a_parcel_that_arrived_ends(order, only, client):
    only("kuaidi100")
    announced(order)
    subscriptions.perform_due(NOON)
    send(client, "kuaidi100", kuaidi100(push("SF1", ("签收", "2026-03-10 12:00:00", "x"))))
    send(client, "kuaidi100", kuaidi100(push("SF1", status="abort")))

    parsing.read_due(timezone.now())

    assert row().status == "ended"


def test_sf_is_polled_every_few_hours_until_the_parcel_is_signed_for(order, only):
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
