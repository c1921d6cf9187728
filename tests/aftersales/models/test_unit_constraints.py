"""Units, money and freight are given once, whatever the code believes: tried with plain SQL."""

import pytest
from django.db import connection, transaction

from aftersales.models import Case
from aftersales.rules.cases.case_types import CASE_TYPES
from tests.aftersales.models.test_constraints import refused
from tests.factories import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def beside(case, kind="refund_only", **columns):
    """SQL for a second open case of the order, with a line about the same item."""
    copy = Case.objects.get(pk=case.pk)
    copy.pk, copy.number, copy.type, copy.freight_held = None, "AS-26-999999", kind, 0
    copy.save(force_insert=True)
    line = case.lines.get()
    terms = {"units": 1, "amount": 1, "units_held": 0, "amount_held": 0, "units_settled": 0} | columns
    names, marks = ", ".join(terms), ", ".join(["%s"] * len(terms))
    return (
        "INSERT INTO aftersales_caseline (case_id, order_id, order_line_id, policy_id, case_type, is_open,"
        " units_received, units_accepted, amount_settled, amount_in_kind, wanted_sku, wanted_variant, stock_held,"
        f" units_sent, {names}) VALUES (%s, %s, %s, %s, %s, true, 0, 0, 0, 0, '', '', 0, 0, {marks})",
        copy.pk, case.order_id, line.order_line_id, line.policy_id, kind, *terms.values(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "columns",
    [{"units_held": 1}, {"units_settled": 1}, {"amount_held": 1}, {"units": 9, "units_held": 2}],
)
def test_cases_of_one_item_never_hold_more_than_was_sold(columns, case):
    refused(*beside(case, **columns), by="its cases hold and gave back")


def test_what_a_case_held_may_change_hands_within_a_transaction(case):
    statement, *values = beside(case, units_held=1, amount_held=50)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("UPDATE aftersales_caseline SET units_held = 1, amount_held = 50 WHERE case_id = %s", [case.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused("UPDATE aftersales_caseline SET units_held = 2 WHERE case_id = %s", case.pk, by="its cases hold")
    refused("UPDATE aftersales_caseline SET amount_settled = 1 WHERE case_id = %s", case.pk, by="its cases hold")


@pytest.mark.parametrize("kind", [kind for kind, record in CASE_TYPES.items() if not record.holds_units])
def test_open_cases_about_money_alone_ask_for_each_unit_once(kind, order, buyer):
    case = opened(order, by=buyer)
    statement, *values = beside(case, kind, units=2)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused("UPDATE aftersales_caseline SET units = 3 WHERE case_type = %s", kind, by="open cases ask money")
    refused("UPDATE aftersales_case SET type = %s WHERE id = %s", kind, case.pk, by="open cases ask money")


def test_freight_is_held_and_given_back_once_by_all_cases_of_an_order(unshipped, buyer):
    case = opened(unshipped, by=buyer, type="refund_only", units={unshipped.lines.get().pk: 2})
    copy = Case.objects.get(pk=case.pk)
    copy.pk, copy.number, copy.freight_held = None, "AS-26-999999", 0
    copy.save(force_insert=True)

    assert case.freight_held == 10
    for column in ("freight_held", "freight_settled"):
        refused(f"UPDATE aftersales_case SET {column} = 1 WHERE id = %s", copy.pk, by="of 10.0000 freight")
