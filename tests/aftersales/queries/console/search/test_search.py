"""Search: by what people have at hand, within what they may see, and straight to the only thing a number names."""

from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import shipments
from aftersales.models import User
from aftersales.queries.console import queue
from aftersales.queries.console.search import search
from aftersales.queries.console.search.search import Hit
from aftersales.queries.console.search.ways import Why
from aftersales.queries.orders import order_list
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from orders.models import Order, PersonName
from tests.aftersales.many import many
from tests.factories import NOON, BuyerFactory, MerchantFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


@pytest.fixture
def tea(shop):
    """An order like no other here."""
    buyer = BuyerFactory(name="Otto Hansen", phone="13900001234", phone_tail="1234")
    facts = {"receiver_name": "欧阳锋", "receiver_phone": "13755559876", "phone_tail": "9876"}
    order = sold(merchant=shop, buyer=buyer, number="TB-77/3#1", external_number="77/3#1", **facts)
    Parcel.objects.create(merchant=shop, order=order, direction="outbound", carrier="SF", waybill="SF556677")
    return order


@pytest.fixture
def case(tea, supervisor, order, buyer):
    opened(order, by=buyer)
    return opened(tea, by=supervisor)


FINDS = [
    "TB-77/3#1", "TB-77", "tb-77", "77/3#1", "77/3", "SF556677", "SF556", "9876", "1234", "13755559876", "Otto",
    "otto han", "欧阳", "欧阳锋", "９８７６", "  TB-77  ", "Hansen", "阳锋",
]  # fmt: skip


@pytest.mark.parametrize("text", FINDS)
def test_a_case_and_its_order_are_found(text, case, boss):
    assert set(queue.filtered(boss, {"q": text}, NOON)) == {case}
    assert set(order_list.filtered(boss, {"q": text}, NOON)) == {case.order}


NOTHING = ["77/3#12", "SF5566778", "1235", "anse", "锋", "%", "_B-77", "\\", "13755550000", "x" * 500]


@pytest.mark.parametrize("text", NOTHING)
def test_the_middle_of_a_word_and_signs_of_patterns_find_nothing(text, case, boss):
    assert not queue.filtered(boss, {"q": text}, NOON).exists()
    assert not order_list.filtered(boss, {"q": text}, NOON).exists()


def test_a_case_is_found_by_its_number_whole_or_begun_or_its_digits_alone(case, boss):
    digits = str(int(case.number.rpartition("-")[2]))

    for text in (case.number, case.number.lower(), digits, digits.zfill(6)):
        assert case in queue.filtered(boss, {"q": text}, NOON)
        assert case.order in order_list.filtered(boss, {"q": text}, NOON)


def test_the_waybill_of_the_way_back_finds_the_case(case, boss, agent):
    decisions.approve(case.pk, by=agent, at=NOON)
    shipments.ship(case.pk, by=agent, at=NOON, carrier="YTO", waybill="YT0099887")

    assert set(queue.filtered(boss, {"q": "YT0099"}, NOON)) == {case}
    assert search.only_hit(boss, "YT0099887", wanted="case") == Hit("case", case.number)


def test_a_whole_number_leads_to_the_only_thing_it_names(case, boss, tea, order):
    lonely = sold(merchant=tea.merchant, number="TB-88", external_number="88-1")

    assert search.only_hit(boss, case.number.lower(), wanted="case") == Hit("case", case.number)
    assert search.only_hit(boss, "TB-77/3#1", wanted="case") == Hit("case", case.number)
    assert search.only_hit(boss, "TB-77/3#1", wanted="order") == Hit("order", tea.number)
    assert search.only_hit(boss, "88-1", wanted="case") == Hit("order", lonely.number)
    assert search.only_hit(boss, "TB-7", wanted="case") is None
    assert search.only_hit(boss, "88", wanted="case") is None


def test_search_finds_nothing_that_a_person_may_not_see(case, agent_user):
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())

    for text in [*FINDS, case.number]:
        assert not queue.filtered(stranger, {"q": text}, NOON).exists()
        assert not order_list.filtered(stranger, {"q": text}, NOON).exists()
        assert search.only_hit(stranger, text, wanted="case") is None


@pytest.mark.parametrize(
    "text",
    [
        "Otto Hanson",
        "oto hansen",
        "Ottto Hansen",
        "Otot",
        "hansne",
        "Hánsen Otto",
        "欧阳峰",
        "殴阳锋",
        "欧阳小锋",
        "鸥阳锋",
    ],
)
def test_a_name_is_found_with_one_typo_in_a_word(text, case, boss, tea):
    """One wrong, missing, surplus or swapped sign; one wrong sign among three Chinese ones."""
    assert search.cases(boss, text).why == {case.pk: Why.ALIKE}
    assert search.orders(boss, text) == {tea.pk: Why.ALIKE}


@pytest.mark.parametrize(
    "text",
    [
        "Otto Jansson",
        "Ata Hansen",
        "Hnasne",
        "Hans",
        "欧锋阳子",
        "司马锋",
        "欧洋峰",
        "锋阳欧",
        "Nobody",
        "Hansen Peter",
    ],
)
def test_two_typos_and_other_names_are_not_found(text, case, boss):
    found = search.cases(boss, text)

    assert found.why == {}


def test_a_name_that_fits_as_it_stands_brings_no_similar_ones(case, boss, shop, supervisor):
    twin = opened(sold(merchant=shop, buyer=BuyerFactory(name="Otto Hanson")), by=supervisor)

    assert search.cases(boss, "Otto Hanson").why == {twin.pk: Why.NAME}
    assert search.cases(boss, "Otto Hamsen").why == {case.pk: Why.ALIKE}


def test_a_similar_name_is_found_whatever_others_have(case, tea, shop, supervisor):
    """Whether a name fits as it stands is asked among one's own; else it would tell of somebody else's buyer."""
    sold(merchant=MerchantFactory(), buyer=BuyerFactory(name="Otto Hanson"), receiver_name="Otto Hanson")
    mine = person("mine", Role.MERCHANT, merchant=shop)

    assert search.cases(mine, "Otto Hanson").why == {case.pk: Why.ALIKE}
    assert search.orders(mine, "Otto Hanson") == {tea.pk: Why.ALIKE}


def test_names_are_kept_while_somebody_has_them(tea):
    def kept():
        return set(PersonName.objects.filter(text__in=["Otto Hansen", "欧阳锋", "Ida"]).values_list("text", flat=True))

    assert kept() == {"Otto Hansen", "欧阳锋"}
    Order.objects.filter(pk=tea.pk).update(receiver_name="Otto Hansen")
    assert kept() == {"Otto Hansen"}
    tea.buyer.name = "Ida"
    tea.buyer.save()
    assert kept() == {"Otto Hansen", "Ida"}
    Order.objects.filter(pk=tea.pk).update(receiver_name="")
    assert kept() == {"Ida"}


@pytest.mark.parametrize("text", ["TEA-500G", "tea-500g", "TEA-5"])
def test_a_sku_finds_cases_and_orders(text, tea, case, boss):
    tea.lines.update(sku="TEA-500G")

    assert search.cases(boss, text).why == {case.pk: Why.SKU}
    assert search.orders(boss, text) == {tea.pk: Why.SKU}
    assert search.cases(boss, "EA-500G").why == {}


def test_open_cases_come_first_then_what_ended_last(case, boss, agent, shop, buyer, supervisor):
    ended = [opened(sold(merchant=shop, buyer=case.buyer), by=supervisor) for _number in range(2)]
    for hours, each in enumerate(ended):
        decisions.withdraw(each.pk, by=supervisor, at=NOON + timedelta(hours=hours))

    page = queue.page(boss, {"q": "Otto"}, NOON)

    assert [row["id"] for row in page.rows] == [case.pk, ended[1].pk, ended[0].pk]


def test_pages_of_what_was_found_lead_on_and_back(case, boss):
    others = many(case, 9)
    found = search.cases(boss, "Otto")

    first = queue.page(boss, {"q": "Otto"}, NOON, size=4, found=found)
    second = queue.page(boss, {"q": "Otto", "after": first.after}, NOON, size=4, found=found)
    back = queue.page(boss, {"q": "Otto", "before": second.before}, NOON, size=4, found=found)

    seen = [row["id"] for page in (first, second) for row in page.rows]
    assert seen == [other.pk for other in reversed(list(others))][:8]
    assert [row["id"] for row in back.rows] == seen[:4]
