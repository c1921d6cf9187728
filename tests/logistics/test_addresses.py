"""Which address goods go back to: that of their category first, then the merchant's default one."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.models import User
from logistics import addresses
from logistics.models import ReturnAddress
from orders.models import OrderLine
from orders.refusals import Refused
from tests.aftersales.stages import HOUR
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouses(shop):
    """The default one, one for shoes, one for shoes and boots."""
    own = {"merchant": shop, "is_default": False}
    return {
        "default": shop.return_addresses.get(),
        "shoes": ReturnAddressFactory(label="Shoes", categories=["shoes"], **own),
        "feet": ReturnAddressFactory(label="Feet", categories=["boots", "shoes", "socks"], **own),
    }


@pytest.mark.parametrize(
    ("categories", "chosen"),
    [
        (["shoes"], "shoes"),
        (["boots"], "feet"),
        (["shoes", "boots"], "feet"),
        (["shoes", "shoes"], "shoes"),
        (["dresses"], "default"),
        (["shoes", "dresses"], "default"),
        (["shoes", ""], "default"),
        ([""], "default"),
        ([], "default"),
        (["SHOES"], "default"),
    ],
)
def test_the_most_specific_address_wins(categories, chosen, warehouses, shop):
    assert addresses.best(shop.pk, categories) == warehouses[chosen]


def test_an_address_that_is_switched_off_takes_nothing(warehouses, shop):
    ReturnAddress.objects.filter(pk=warehouses["shoes"].pk).update(is_active=False)
    assert addresses.best(shop.pk, ["shoes"]) == warehouses["feet"]

    ReturnAddress.objects.update(is_active=False)
    assert addresses.best(shop.pk, ["shoes"]) is None


def test_another_shop_takes_nothing(warehouses):
    assert addresses.best(MerchantFactory().pk, ["shoes"]) is None


def of_category(shop, category, buyer):
    order = sold(merchant=shop, buyer_id=buyer.buyer_id)
    OrderLine.objects.filter(order=order).update(category=category)
    return order


@pytest.mark.parametrize(("category", "chosen"), [("shoes", "shoes"), ("dresses", "default")])
def test_a_case_is_opened_with_the_address_of_its_goods(category, chosen, warehouses, shop, buyer, merchant):
    case = opened(of_category(shop, category, buyer), by=buyer)

    agreed = decisions.approve(case.pk, by=merchant, at=NOON + HOUR)

    assert case.return_address == agreed.return_address == warehouses[chosen]


def test_an_address_that_was_switched_off_meanwhile_is_replaced_by_the_next_best(warehouses, shop, buyer, merchant):
    case = opened(of_category(shop, "shoes", buyer), by=buyer)
    ReturnAddress.objects.filter(pk=warehouses["shoes"].pk).update(is_active=False)

    assert decisions.approve(case.pk, by=merchant, at=NOON + HOUR).return_address == warehouses["feet"]


def test_a_shop_with_an_address_for_other_goods_only_is_asked_for_one(warehouses, shop, buyer, merchant):
    ReturnAddress.objects.filter(pk=warehouses["default"].pk).delete()
    case = opened(of_category(shop, "dresses", buyer), by=buyer)

    with pytest.raises(Refused, match="has no return address"):
        decisions.approve(case.pk, by=merchant, at=NOON + HOUR)


def test_the_database_refuses_a_category_without_a_name(shop):
    with pytest.raises(IntegrityError, match="return_address_categories_named"), transaction.atomic():
        shop.return_addresses.update(categories=["shoes", ""])


@pytest.fixture
def desk(client, admin):
    client.force_login(User.objects.get(pk=admin.user_id))
    return client


def filled(shop, **fields):
    return {
        "merchant": shop.pk, "label": "Shoes", "contact": "Li", "phone": "1", "region": "R", "address": "A",
        "postcode": "", "categories": "", "is_active": "on", **fields,
    }  # fmt: skip


def test_an_admin_names_categories_line_by_line(desk, shop):
    typed = "shoes\n  boots ,鞋靴，shoes\n\n"

    answer = desk.post(reverse("admin:logistics_returnaddress_add"), filled(shop, categories=typed))

    made = ReturnAddress.objects.get(label="Shoes")
    page = desk.get(reverse("admin:logistics_returnaddress_change", args=[made.pk])).content.decode()
    assert answer.status_code == 302
    assert made.categories == ["shoes", "boots", "鞋靴"]
    assert "shoes\nboots\n鞋靴" in page
    assert "shoes, boots, 鞋靴" in desk.get(reverse("admin:logistics_returnaddress_changelist")).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_default": "on"}, "is the default address already"),
        ({"is_default": "on", "is_active": ""}, "The default address has to be active"),
        ({}, "Name the categories it takes"),
        ({"categories": "x" * 101}, "at most 100 signs"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_in_a_sentence(fields, sentence, desk, shop):
    answer = desk.post(reverse("admin:logistics_returnaddress_add"), filled(shop, **fields))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not ReturnAddress.objects.filter(label="Shoes").exists()
