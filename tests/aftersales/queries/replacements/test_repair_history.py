"""Repairs of the same thing in other cases, and the share of repairs among what is open."""

from dataclasses import replace

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.replacements import repairs
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Case, Repair, User
from aftersales.queries.people.actors import actor_for
from aftersales.queries.replacements import repair_history
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Role
from tests.aftersales.stages import DAY, HOUR, again, found, picture
from tests.aftersales.views.desk import seat
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db


def inspected(order, people, serial, *, type=CaseType.REPAIR, at=NOON):
    """Goods that came back, with the number that the inspection read."""
    case = opened(order, by=actor.buyer(order.buyer_id), type=type, reason="broken", photos=(picture(),), at=at)
    decisions.approve(case.pk, by=people.supervisor, at=at + HOUR)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=at + 2 * HOUR, units={line.pk: line.units})
    line.refresh_from_db()
    first, *others = found(line, line.units)
    return inspections.pass_inspection(
        case.pk, [replace(first, serial=serial), *others], by=people.warehouse, at=at + 3 * HOUR
    )


def under_repair(order, people, serial, *, at=NOON):
    """Goods that came back to be repaired."""
    case = inspected(order, people, serial, at=at)
    return repairs.diagnose(
        case.pk, by=people.supervisor, at=at + 4 * HOUR, diagnosis="No sound.", place=Repair.Place.OWN
    )


@pytest.fixture
def boss(people):
    return User.objects.get(pk=people.supervisor.user_id)


@pytest.fixture
def before(shop, order, people):
    return under_repair(sold(merchant=shop, buyer=order.buyer), people, "SN-1")


def test_earlier_repairs_of_the_same_number_are_shown_newest_first(before, shop, order, people, boss):
    middle = under_repair(sold(merchant=shop, buyer=order.buyer), people, "SN-1", at=NOON + DAY)
    case = under_repair(order, people, "SN-1", at=NOON + 2 * DAY)

    assert [repair.case for repair in repair_history.of(again(case), boss)] == [middle, before]


def test_another_number_or_none_has_no_history(before, shop, order, people, boss):
    assert repair_history.of(again(under_repair(order, people, "SN-2")), boss) == []
    nameless = under_repair(sold(merchant=shop, buyer=order.buyer), people, "")
    assert repair_history.of(again(nameless), boss) == []


def test_nobody_sees_repairs_of_cases_that_are_not_theirs(before, order, people):
    case = under_repair(order, people, "SN-1")
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())

    assert repair_history.of(again(case), stranger) == []


def test_one_query_and_none_before_goods_are_here(before, order, people, boss, django_assert_num_queries):
    case = Case.objects.prefetch_related("lines").get(pk=under_repair(order, people, "SN-1").pk)
    assert boss.roles
    assert not boss.team_ids

    with django_assert_num_queries(1):
        repair_history.of(case, boss)

    asked = opened(sold(merchant=order.merchant), by=actor_for(boss), type=CaseType.REPAIR, reason="broken",
                   photos=(picture(),))  # fmt: skip
    asked = Case.objects.prefetch_related("lines").get(pk=asked.pk)
    with django_assert_num_queries(0):
        assert repair_history.of(asked, boss) == []


def test_the_case_page_leads_to_the_earlier_repair(before, order, people):
    decisions.withdraw(before.pk, by=people.supervisor, at=NOON + DAY)
    case = inspected(order, people, "SN-1", type=CaseType.RETURN_REFUND)

    page = seat(people.supervisor).get(f"/cases/{case.number}/").text

    assert "Repaired before" in page
    assert before.number in page


def test_now_counts_open_repairs_and_opens_their_list(shop, order, people):
    opened(order, by=people.buyer)
    repair = opened(
        sold(merchant=shop, buyer=order.buyer), by=people.buyer, type=CaseType.REPAIR, reason="broken",
        photos=(picture(),),
    )  # fmt: skip
    page = seat(people.supervisor).get("/now/").text

    assert "50 % of what is open" in page
    assert "/cases/?view=open&amp;type=repair" in page
    assert repair.number in seat(people.supervisor).get("/cases/?view=open&type=repair").text
