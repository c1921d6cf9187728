"""An upgrade counts what lies here of older cases: open ones keep it, ended ones owe it back."""

from importlib import import_module

import pytest
from django.db import connection

from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections
from aftersales.models import CaseLine, GoodsOwed
from tests.aftersales.stages import DAY, HOUR, again, broken, found, pay, stage
from tests.factories import NOON, sold

pytestmark = pytest.mark.django_db
HELD = import_module("aftersales.migrations.0033_goods_held_by_ended_cases").LIES_HERE


def as_before_and_after():
    """What the migration finds, where nothing of it was counted; and what it makes of it."""
    counted = dict(CaseLine.objects.values_list("pk", "units_here"))
    rows = sorted(GoodsOwed.objects.values_list("case", "cause", "payer", "rule", "lines__title", "lines__units"))
    GoodsOwed.objects.all().delete()
    CaseLine.objects.update(units_here=0)
    with connection.cursor() as cursor:
        cursor.execute(HELD)
    again_counted = dict(CaseLine.objects.values_list("pk", "units_here"))
    made = sorted(GoodsOwed.objects.values_list("case", "cause", "payer", "rule", "lines__title", "lines__units"))
    return (counted, rows), (again_counted, made)


def test_it_finds_what_the_endings_would_have_written(order, people):
    def another():
        return sold(merchant=order.merchant, buyer=order.buyer)

    withdrawn = stage("inspecting", order, people)
    decisions.withdraw(withdrawn.pk, by=people.buyer, at=NOON + DAY)
    part = stage("inspecting", another(), people)
    line = part.lines.get()
    seen = found(line, 1) + found(line, 1, accepted=False)
    inspections.pass_inspection(part.pk, seen, by=people.warehouse, at=NOON + DAY)
    pay(NOON + DAY + HOUR)
    stage("inspecting", another(), people)
    stage("completed", another(), people)

    before, after = as_before_and_after()

    assert again(part).status == "completed"
    assert len(before[1]) == 2
    assert after == before
    assert broken() == []
