"""Search: by what people have at hand, within what they may see, and straight to the only thing a number names."""

import pytest

from aftersales.actions import cases, returns
from aftersales.models import User
from aftersales.queries import inbox, order_list, search
from aftersales.queries.search import Hit
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
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
    assert set(inbox.filtered(boss, {"q": text}, NOON)) == {case}
    assert set(order_list.filtered(boss, {"q": text}, NOON)) == {case.order}


NOTHING = ["77/3#12", "SF5566778", "1235", "anse", "锋", "%", "_B-77", "\\", "13755550000", "x" * 500]


@pytest.mark.parametrize("text", NOTHING)
def test_the_middle_of_a_word_and_signs_of_patterns_find_nothing(text, case, boss):
    assert not inbox.filtered(boss, {"q": text}, NOON).exists()
    assert not order_list.filtered(boss, {"q": text}, NOON).exists()


def test_a_case_is_found_by_its_number_whole_or_begun_or_its_digits_alone(case, boss):
    digits = str(int(case.number.rpartition("-")[2]))

    for text in (case.number, case.number.lower(), digits, digits.zfill(6)):
        assert case in inbox.filtered(boss, {"q": text}, NOON)
        assert case.order in order_list.filtered(boss, {"q": text}, NOON)


def test_the_waybill_of_the_way_back_finds_the_case(case, boss, agent):
    cases.approve(case.pk, by=agent, at=NOON)
    returns.ship(case.pk, by=agent, at=NOON, carrier="YTO", waybill="YT0099887")

    assert set(inbox.filtered(boss, {"q": "YT0099"}, NOON)) == {case}
    assert search.only_hit(boss, "YT0099887", wanted="case") == Hit("case", case.number)


def test_a_whole_number_leads_to_the_only_thing_it_names(case, boss, tea, order):
    lonely = sold(merchant=tea.merchant, number="TB-88", external_number="88-1")

    assert search.only_hit(boss, case.number.lower(), wanted="case") == Hit("case", case.number)
    assert search.only_hit(boss, "TB-77/3#1", wanted="case") == Hit("case", case.number)
    assert search.only_hit(boss, "TB-77/3#1", wanted="order") == Hit("order", tea.number)
    assert search.only_hit(boss, "88-1", wanted="case") == Hit("order", lonely.number)
    assert search.only_hit(boss, "TB-7", wanted="case") is None
    assert search.only_hit(boss, "88", wanted="case") is None


def test_nobody_finds_what_is_not_theirs(case, agent_user):
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())

    for text in [*FINDS, case.number]:
        assert not inbox.filtered(stranger, {"q": text}, NOON).exists()
        assert not order_list.filtered(stranger, {"q": text}, NOON).exists()
        assert search.only_hit(stranger, text, wanted="case") is None
