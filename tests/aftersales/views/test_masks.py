"""Buyers stay masked on every page of every role, the admin's too; only looking at one on record shows it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from aftersales.models import Event
from aftersales.rules.vocabulary import Role
from orders.models import Buyer, Order
from tests import shared_world
from tests.aftersales.tenants import MOVED, RULES
from tests.aftersales.two_shops import STAFF, imported, ours_and_theirs

pytestmark = pytest.mark.django_db
NAME, PHONE, STREET, MAIL = "Ouyang Xiaoling", "13955557777", "文三路478号3幢1201室", "ouyang@example.com"
SECRETS = (NAME, "欧阳晓玲", PHONE, "139 5555 7777", STREET, "478号", MAIL)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return tmp_path_factory.mktemp("masks")


@pytest.fixture(scope="module")
def standing_world(django_db_setup, django_db_blocker, places):
    with shared_world.world(django_db_blocker, places):
        world = ours_and_theirs()
        ours = world.ours
        ours.run = imported(ours)
        Buyer.objects.filter(pk=ours.buyer.pk).update(name=NAME, email=MAIL)
        Order.objects.filter(buyer=ours.buyer).update(
            receiver_name="欧阳晓玲",
            receiver_phone=PHONE,
            receiver_region="浙江省杭州市西湖区",
            receiver_address=STREET,
        )
        ours.unidentified.parcel.order = ours.orders[0]
        ours.unidentified.parcel.save()
        yield world


@pytest.fixture(autouse=True)
def own_places(settings, places):
    settings.EVIDENCE_ROOT, settings.WAKE_WORKERS = places, False


def shown(response):
    content = response.getvalue() if response.streaming else response.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("role", STAFF)
def test_no_page_shows_a_buyer_in_full(standing_world, role):
    ours, client = standing_world.ours, Client()
    client.force_login(ours.people[role])
    # The forms of moves are the same for all who have them.
    names = [name for name in RULES if role == Role.AGENT or name not in MOVED]
    addresses = [reverse(name, args=RULES[name].foreign(ours) if RULES[name].foreign else []) for name in names]
    addresses += [f"/{place}/?q={query}" for place in ("cases", "orders", "warehouse") for query in ("7777", "Ouyang")]
    addresses += [f"/cases/?buyer={ours.buyer.pk}", f"/orders/{ours.orders[0].number}/apply/?type=order_change"]

    found, answered = [], 0
    for address in addresses:
        answer = client.get(address)
        answered += answer.status_code == 200
        text = shown(answer)
        found += [f"{address}: {secret}" for secret in SECRETS if secret in text]

    assert answered > 5
    assert found == []


def test_the_admin_shows_no_buyer_in_full(standing_world):
    client = Client()
    client.force_login(standing_world.ours.people[Role.ADMIN])

    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [
            reverse(f"{name}_changelist"),
            *(reverse(f"{name}_change", args=[row.pk]) for row in model.objects.all()[:9]),
        ]
        for address in pages:
            text = shown(client.get(address))
            found += [f"{address}: {secret}" for secret in SECRETS if secret in text]

    assert apps.get_model("orders", "Order") in admin.site._registry
    assert found == []


@pytest.mark.parametrize(("what", "secret"), [("name", "欧阳晓玲"), ("phone", PHONE), ("address", STREET)])
def test_one_look_shows_one_thing_and_goes_on_record(standing_world, what, secret):
    ours, client = standing_world.ours, Client()
    client.force_login(ours.people[Role.AGENT])

    seen = client.post(reverse("aftersales:case-reveal", args=[ours.case.number]), {"what": what}).text

    assert secret in seen
    assert [each for each in SECRETS if each in seen and each not in (secret, "478号")] == []
    event = Event.objects.filter(case=ours.case, action="reveal").latest("pk")
    assert (event.user_id, event.data) == (ours.people[Role.AGENT].pk, {"revealed": [what]})
