"""三包: two repairs in vain of the same thing within its warranty, over all its cases, give the buyer the choice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions.cases import decisions
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Case, Policy, Repair
from aftersales.queries.cases import applications
from aftersales.queries.policies import calendars
from aftersales.queries.replacements import failed_repairs
from aftersales.rules import actor
from aftersales.rules.cases import return_window
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import CaseType, Fault
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, found, picture
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold

pytestmark = pytest.mark.django_db
SERIAL = "SN-1"


def here(order, people, at, *, reason="broken", serial=SERIAL):
    """Goods of an order, sent back to be repaired and inspected a day later."""
    case = opened(order, by=actor.buyer(order.buyer_id), type=CaseType.REPAIR, reason=reason, at=at, photos=[picture()])
    decisions.approve(case.pk, by=people.supervisor, at=at + HOUR)
    waybill = f"R{case.pk}"
    shipments.ship(case.pk, by=people.agent, at=at + 2 * HOUR, carrier="SF", waybill=waybill)
    line = case.lines.get()
    units = {line.pk: line.units}
    receipts.receive(case.pk, by=people.warehouse, at=at + DAY, units=units, carrier="SF", waybill=waybill)
    line.refresh_from_db()
    seen = [replace(each, serial=serial) for each in found(line, line.units)]
    return inspections.pass_inspection(case.pk, seen, by=people.warehouse, at=at + DAY)


def diagnosed(case, people, at, cause="sound"):
    return repairs.diagnose(
        case.pk, by=people.warehouse, at=at, diagnosis="No sound.", place=Repair.Place.OWN, cause=cause
    )


def repaired(order, people, at, *, cause="sound", days=5):
    """Repaired, sent back and signed for, so many days after it was sent in."""
    case = here(order, people, at)
    diagnosed(case, people, at + DAY, cause)
    repairs.finish(case.pk, by=people.warehouse, at=at + DAY, note="New part.")
    dispatches.dispatch(case.pk, by=people.warehouse, at=at + 2 * DAY, carrier="SF", waybill=f"S{case.pk}")
    Parcel.objects.filter(waybill=f"S{case.pk}").update(signed_at=at + days * DAY)
    return dispatches.confirm(case.pk, by=people.agent, at=at + days * DAY)


@pytest.fixture
def one(shop, order):
    """One unit of 1,000, signed two days ago."""
    return sold(merchant=shop, buyer=order.buyer, lines=[(1, 1000)])


def third(order, people, causes, at=NOON + 60 * DAY, last="sound", **fields):
    """Two repairs in two cases, and the diagnosis of a third one."""
    for number, cause in enumerate(causes):
        repaired(order, people, NOON + 20 * number * DAY, cause=cause)
    case = here(order, people, at, **fields)
    return diagnosed(case, people, at + DAY, last)


@pytest.mark.parametrize("causes", [["sound", "sound"], ["display", "power"], ["", "other"]])
def test_what_was_repaired_in_two_cases_and_is_broken_again_gives_the_choice_at_once(causes, one, people):
    case = third(one, people, causes)

    assert case.choice_offered_at is not None
    done = repairs.choose_refund(case.pk, by=people.buyer, at=NOON + 62 * DAY)
    assert (done.type, done.status) == ("return_refund", "refunding")


@pytest.mark.parametrize(("causes", "opens"), [(["sound", "sound"], True), (["sound", "display"], False)])
def test_where_the_policy_says_so_only_repairs_of_the_same_fault_count(causes, opens, one, people):
    Policy.objects.update(repair_same_fault=True)

    case = third(one, people, causes)

    assert (case.choice_offered_at is not None) == opens


@pytest.mark.parametrize("causes", [["own_damage", "sound"], ["appearance", "sound"]])
def test_the_buyers_own_damage_and_looks_never_count(causes, one, people):
    case = third(one, people, causes)

    assert case.choice_offered_at is None
    with pytest.raises(Refused, match="so far 1 failed"):
        repairs.choose_exchange(case.pk, by=people.buyer, at=NOON + 62 * DAY)


def test_a_case_in_which_the_buyer_was_found_at_fault_does_not_count(one, people):
    first = repaired(one, people, NOON)
    Case.objects.filter(pk=first.pk).update(liable_party=Fault.BUYER)
    repaired(one, people, NOON + 20 * DAY)

    case = diagnosed(here(one, people, NOON + 60 * DAY), people, NOON + 61 * DAY)

    assert failed_repairs.number(case) == 1


def test_another_thing_another_shop_and_another_time_do_not_count(shop, one, people):
    elsewhere = ReturnAddressFactory(merchant=MerchantFactory(code="other")).merchant
    repaired(sold(merchant=elsewhere, lines=[(1, 1000)]), people, NOON)
    repaired(sold(merchant=shop, buyer=one.buyer, lines=[(1, 1000)]), people, NOON)
    Case.objects.filter(merchant=shop).update(opened_at=NOON - 10 * DAY)  # before this buyer had it
    other = diagnosed(here(one, people, NOON + 30 * DAY, serial="SN-2"), people, NOON + 31 * DAY)
    repairs.finish(other.pk, by=people.warehouse, at=NOON + 31 * DAY, note="New part.")
    dispatches.dispatch(other.pk, by=people.warehouse, at=NOON + 32 * DAY, carrier="SF", waybill="B1")
    dispatches.confirm(other.pk, by=people.agent, at=NOON + 33 * DAY)

    case = diagnosed(here(one, people, NOON + 60 * DAY), people, NOON + 61 * DAY)

    assert failed_repairs.number(case) == 0


def test_one_repair_in_an_earlier_case_and_one_given_up_in_this_give_the_choice(one, people):
    repaired(one, people, NOON)
    case = diagnosed(here(one, people, NOON + 20 * DAY), people, NOON + 21 * DAY)
    assert case.choice_offered_at is None

    repairs.fail(case.pk, by=people.merchant, at=NOON + 22 * DAY, note="No part.")

    assert again(case).choice_offered_at == NOON + 22 * DAY


def warranty_of(order):
    [line] = order.lines.all()
    option = applications.options(order, [line], NOON + 100 * DAY)[CaseType.REPAIR]
    return next(each for each in option.reasons if each.reason.code == "broken")


def test_time_in_repair_lengthens_the_warranty_by_the_days_without_the_goods(one, people):
    policy = Policy.objects.filter(category="", case_type="").first()
    usual = return_window.warranty_end(one, policy, calendars.of(one.merchant_id))
    assert warranty_of(one).closes_at == usual

    repaired(one, people, NOON, days=9)
    repaired(one, people, NOON + 30 * DAY, days=4)

    offer = warranty_of(one)
    assert (offer.closes_at - usual, offer.days_in_repair) == (timedelta(days=13), 13)
    last = shop_day.start(shop_day.of(offer.closes_at))
    with pytest.raises(Refused, match="13 days in repair included"):
        opened(one, by=people.buyer, type=CaseType.REPAIR, reason="broken", at=last, photos=[picture()])
    case = opened(one, by=people.buyer, type=CaseType.REPAIR, reason="broken", at=last - HOUR, photos=[picture()])
    assert case.status == "pending_merchant"


def test_it_lengthens_no_other_time_to_ask(one, people):
    before = applications.options(one, one.lines.all(), NOON + DAY)[CaseType.RETURN_REFUND].reasons
    repaired(one, people, NOON, days=3)

    after = applications.options(one, one.lines.all(), NOON + 4 * DAY)[CaseType.RETURN_REFUND].reasons

    ends = {each.reason.code: each.closes_at for each in before}
    assert all(each.closes_at == ends[each.reason.code] for each in after)


def test_units_repaired_at_the_same_time_lengthen_it_once(shop, order, people):
    two = sold(merchant=shop, buyer=order.buyer, lines=[(2, 1000)])
    [line] = two.lines.all()
    for number in range(2):
        case = opened(
            two, by=people.buyer, type=CaseType.REPAIR, reason="broken", units={line.pk: 1}, photos=[picture()]
        )
        decisions.approve(case.pk, by=people.supervisor, at=NOON)
        shipments.ship(case.pk, by=people.buyer, at=NOON, carrier="SF", waybill=f"R{number}")
        mine = case.lines.get()
        receipts.receive(
            case.pk, by=people.warehouse, at=NOON + DAY, units={mine.pk: 1}, carrier="SF", waybill=f"R{number}"
        )
        mine.refresh_from_db()
        inspections.pass_inspection(case.pk, found(mine, 1), by=people.warehouse, at=NOON + DAY)
        diagnosed(case, people, NOON + DAY)
        repairs.finish(case.pk, by=people.warehouse, at=NOON + DAY, note="New part.")
        dispatches.dispatch(case.pk, by=people.warehouse, at=NOON + DAY, carrier="SF", waybill=f"S{number}")
        Parcel.objects.filter(waybill=f"S{number}").update(signed_at=NOON + (4 + number) * DAY)
        dispatches.confirm(case.pk, by=people.buyer, at=NOON + 5 * DAY)

    assert warranty_of(two).days_in_repair == 5


def test_a_kind_of_fault_is_one_of_the_list(one, people):
    case = here(one, people, NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        diagnosed(case, people, NOON + DAY, "gremlins")
