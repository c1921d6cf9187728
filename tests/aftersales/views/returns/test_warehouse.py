"""Who has the page of the warehouse, and what its lists cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import Case, User
from aftersales.queries import keyset
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.returns.floor import address, inspecting, receiving
from tests.factories import opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.FINANCE, Role.ADMIN])
def test_other_roles_do_not_have_the_page(client, shipped, role):
    client.force_login(person("stranger", role))

    assert client.get(reverse("aftersales:warehouse")).status_code == 403
    assert client.get(address(shipped)).status_code == 403
    assert client.post(address(shipped, "receive"), receiving(shipped)).status_code == 403


def test_a_merchant_sees_only_their_own_returns(client, shipped, merchant):
    other_shop = sold().merchant
    client.force_login(person("rival", Role.MERCHANT, merchant=other_shop))
    rival = [
        client.get(address(shipped)).status_code,
        client.post(address(shipped, "receive"), receiving(shipped)).status_code,
        client.post(address(shipped, "inspect"), inspecting(shipped)).status_code,
        client.post(address(shipped, "preview"), inspecting(shipped)).status_code,
        len(client.get(reverse("aftersales:warehouse"), {"q": "SF100200300"}).context["hits"]),
        len(client.get(reverse("aftersales:warehouse"), {"list": "transit"}).context["rows"].rows),
    ]
    client.force_login(User.objects.get(username="merchant"))
    own = client.get(reverse("aftersales:warehouse"), {"list": "transit"}).context["rows"].rows

    assert rival == [404, 404, 404, 404, 0, 0]
    assert own == [shipped]


def test_who_is_not_logged_in_is_asked_to(client, shipped):
    assert client.get(address(shipped)).status_code == 302


def test_the_lists_cost_the_same_for_one_and_for_many(floor, shop, buyer, agent, at, shipped):
    def load():
        with CaptureQueriesContext(connection) as asked:
            floor.get(reverse("aftersales:warehouse"), {"list": "transit"})
        return len(asked)

    load()
    one = load()
    for number in range(4):
        order = sold(merchant=shop, buyer_id=buyer.buyer_id, signed_at=at - timedelta(days=1))
        case = decisions.approve(opened(order, by=buyer, at=at).pk, by=agent, at=at)
        shipments.ship(case.pk, by=buyer, at=at, carrier="SF", waybill=f"SF-{number}")

    assert load() == one <= 12


def test_a_list_is_as_long_as_its_tab_says_where_nothing_is_due_too(floor, shipped):
    """A deadline in quarantine leaves its case without one: the goods lie there all the same."""
    Case.objects.filter(pk=shipped.pk).update(due_at=None, due_kind="")

    page = floor.get(reverse("aftersales:warehouse"), {"list": "transit"}).context

    assert page["rows"].rows == [shipped]
    assert [tab["count"] for tab in page["tabs"] if tab["current"]] == ["1"]


def test_the_list_is_paged_by_key_both_ways(floor, shop, buyer, agent, at, order, monkeypatch):
    whole = keyset.page
    monkeypatch.setattr(keyset, "page", lambda *args, **kwargs: whole(*args, **{**kwargs, "size": 2}))
    made = []
    for number in range(5):
        sale = sold(merchant=shop, buyer_id=buyer.buyer_id, signed_at=at - timedelta(days=1))
        made.append(
            decisions.approve(opened(sale, by=buyer, at=at).pk, by=agent, at=at + number * timedelta(minutes=1))
        )

    first = floor.get(reverse("aftersales:warehouse"), {"list": "expected"})
    second = floor.get(first.context["older_url"])
    third = floor.get(second.context["older_url"])
    back = floor.get(third.context["newer_url"])

    shown = [page.context["rows"].rows for page in (first, second, third)]
    assert shown == [made[0:2], made[2:4], made[4:]]
    assert back.context["rows"].rows == made[2:4]
    assert (first.context["newer_url"], third.context["older_url"]) == ("", "")
