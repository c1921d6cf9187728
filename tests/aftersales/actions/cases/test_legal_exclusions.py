"""What the law excludes from returns without a reason, on in a new installation; faults can always be claimed."""

import pytest

from aftersales.actions.orders import exclusions as confirmations
from aftersales.models import Policy
from aftersales.queries.cases import applications as offers
from aftersales.rules import actor
from aftersales.rules.policies.exclusions import ONLY_IF_CONFIRMED, SENTENCES, Ground
from aftersales.rules.vocabulary import CaseType
from orders.models import OrderLine
from orders.models.exclusion import ConfirmedExclusion
from orders.refusals import Refused
from tests.aftersales.stages import DAY, picture
from tests.factories import NOON, ReturnAddressFactory, opened, sold

pytestmark = pytest.mark.django_db
BY_CATEGORY = [
    (Ground.CUSTOMISED, "定制"),
    (Ground.CUSTOMISED, "Home / Personalised"),
    (Ground.PERISHABLE, "Fresh"),
    (Ground.PERISHABLE, "生鲜 > 水果 > 苹果"),
    (Ground.DIGITAL, "software"),
    (Ground.DIGITAL, "音像制品"),
    (Ground.NEWSPAPER, "Magazines"),
    (Ground.NEWSPAPER, "报纸"),
]
FIRST_DAY = NOON - 400 * DAY


def order_with(category="", confirmed="", **fields):
    order = sold(**fields)
    order.lines.update(category=category, confirmed_exclusion=confirmed)
    return order


def buyer_of(order):
    return actor.buyer(order.buyer_id)


@pytest.mark.parametrize(("ground", "category"), BY_CATEGORY)
def test_goods_of_the_category_are_refused_with_the_sentence_of_the_law(ground, category):
    order = order_with(category)

    with pytest.raises(Refused) as refused:
        opened(order, by=buyer_of(order))

    assert str(refused.value) == SENTENCES[ground]


@pytest.mark.parametrize("ground", ConfirmedExclusion.values)
@pytest.mark.parametrize("category", ["", "fruit juice", "shoes"])
def test_what_was_confirmed_at_purchase_is_refused_whatever_its_category(ground, category):
    order = order_with(category, ground)

    with pytest.raises(Refused) as refused:
        opened(order, by=buyer_of(order))

    assert str(refused.value) == SENTENCES[ground]


@pytest.mark.parametrize("category", ["", "air fresheners", "freshwater fishing", "报纸架", "soft toys", "保健品"])
def test_what_is_neither_named_nor_confirmed_goes_back(category):
    order = order_with(category)

    assert opened(order, by=buyer_of(order)).status == "pending_merchant"


@pytest.mark.parametrize(
    ("category", "confirmed"),
    [*((category, "") for _ground, category in BY_CATEGORY), *(("", each) for each in ConfirmedExclusion.values)],
)
def test_a_fault_is_claimed_by_the_general_policy(category, confirmed):
    order = order_with(category, confirmed)

    case = opened(order, by=buyer_of(order), reason="broken", photos=[picture()])

    assert case.lines.get().policy.name == "General"


@pytest.mark.parametrize("ground", Ground.values)
def test_what_has_not_left_is_cancelled_whatever_it_is(ground):
    category = next((name for each, name in BY_CATEGORY if each == ground), "")
    confirmed = ground if ground in ConfirmedExclusion.values else ""
    order = order_with(category, confirmed, unshipped=True)

    assert opened(order, by=buyer_of(order), type=CaseType.REFUND_ONLY).status == "pending_merchant"


def test_a_shop_with_a_policy_of_its_own_is_no_exception():
    shop = ReturnAddressFactory().merchant
    Policy.objects.create(name="Shop", version=1, effective_from=FIRST_DAY, merchant=shop, no_reason_days=30)
    order = order_with("fresh", merchant=shop)

    with pytest.raises(Refused, match="By law, fresh"):
        opened(order, by=buyer_of(order))


def test_a_shop_may_grant_more_than_the_law_by_naming_the_goods():
    shop = ReturnAddressFactory().merchant
    Policy.objects.create(name="Kind", version=1, effective_from=FIRST_DAY, merchant=shop, category="Fresh")
    order = order_with("fresh", merchant=shop)

    assert opened(order, by=buyer_of(order)).lines.get().policy.name == "Kind"


def test_an_admin_can_end_an_exclusion():
    Policy.objects.filter(ground=Ground.PERISHABLE).update(effective_until=NOON - DAY)
    order = order_with("fresh")

    assert opened(order, by=buyer_of(order)).status == "pending_merchant"


def test_the_form_names_the_law_before_anything_is_typed():
    order = order_with("报纸")

    option = offers.options(order, order.lines.all(), NOON)[CaseType.RETURN_REFUND]

    assert {reason.code: said for reason, said in option.unfit}["changed_mind"] == SENTENCES[Ground.NEWSPAPER]
    assert "broken" in {fit.reason.code for fit in option.reasons}


def test_a_person_records_with_proof_what_was_confirmed(order, agent, merchant):
    line = order.lines.get()

    with pytest.raises(Refused, match="Say where"):
        confirmations.record(order.pk, line.pk, "defect", proof=" ", by=agent, at=NOON)
    with pytest.raises(Refused, match="may not record"):
        confirmations.record(order.pk, line.pk, "defect", proof="photo 3", by=merchant, at=NOON)
    confirmations.record(order.pk, line.pk, "defect", proof="photo 3", by=agent, at=NOON)
    confirmations.record(order.pk, line.pk, "", proof="mistaken", by=agent, at=NOON)

    assert OrderLine.objects.get(pk=line.pk).confirmed_exclusion == ""
    told = line.exclusion_records.values_list("confirmed_as", "proof", "recorded_by")
    assert list(told) == [("", "mistaken", agent.user_id), ("defect", "photo 3", agent.user_id)]


def test_the_grounds_that_are_confirmed_are_the_facts_of_an_item():
    assert {(each.value, str(each.label)) for each in ONLY_IF_CONFIRMED} == {
        (value, str(label)) for value, label in ConfirmedExclusion.choices
    }


def test_every_ground_is_installed_once_with_both_names():
    rows = Policy.objects.exclude(ground="")

    assert sorted(rows.values_list("ground", flat=True)) == sorted(Ground.values)
    assert all(name.isprintable() and not name.isascii() for name in rows.values_list("name", flat=True))
