"""What is sent to Kuaidi100: complete, and signed as it asks for."""

import json

import pytest

from logistics.carriers import SOURCES, accounts
from logistics.carriers.base import TrackedParcel
from logistics.messages import subscriptions
from tests.factories import NOON
from tests.fakes.carriers import form
from tests.logistics import telling
from tests.logistics.telling import announced, md5

pytestmark = pytest.mark.django_db


def test_a_request_names_parcel_secret_and_where_to_push(order, only):
    fake = only("kuaidi100")
    announced(order, carrier="顺丰")

    subscriptions.perform_due(NOON)

    sent = json.loads(form(fake.requests[0][1])["param"])
    wanted = {"callbackurl": "https://desk.example.com/x", "salt": telling.NEW, "resultv2": "1"}
    assert (sent["company"], sent["number"], sent["parameters"]["phone"]) == ("shunfeng", "SF1", "6620")
    assert wanted.items() <= sent["parameters"].items()


def test_polls_and_pickups_are_signed(only):
    fake = only("kuaidi100")
    account, source = accounts.find("kuaidi100", "default"), SOURCES["kuaidi100"]

    source.ask(TrackedParcel("SF1", "SF"), account)
    booked = source.book({"kuaidicom": "shunfeng", "recManName": "李雷"}, account, NOON)
    source.call_off(booked["taskId"], booked["orderId"], "不寄了", account, NOON)

    (_q, asked, _h), (_o, order, _h), (_c, cancelled, _h) = fake.requests
    asked, order = form(asked), form(order)
    assert asked["sign"] == md5(asked["param"] + "key" + "CUSTOMER")
    assert order["sign"] == md5(order["param"] + order["t"] + "key" + "CUSTOMER")
    assert (order["method"], form(cancelled)["method"]) == ("bOrder", "cancel")
