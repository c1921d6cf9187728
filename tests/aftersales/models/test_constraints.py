"""The last line: each rule that the database keeps itself, tried with plain SQL as a faulty program would."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from aftersales.models import CaseLine
from tests.aftersales.stages import stage
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db


def refused(statement, *values, by):
    """The database says no, and names the rule."""
    with pytest.raises((IntegrityError, InternalError), match=by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("status = 'nowhere'", "case_status_known|case_ended_has_date"),
        ("type = 'gift'", "case_type_known"),
        ("status = 'completed'", "case_ended_has_date"),
        ("closed_at = now()", "case_ended_has_date"),
        ("status = 'closed', closed_at = now()", "case_closed_has_reason"),
        ("close_reason = 'withdrawn'", "case_closed_has_reason"),
        ("requested_amount = -0.01", "case_money_not_negative"),
        ("freight_held = -0.01", "case_money_not_negative"),
        ("freight_settled = -0.01", "case_money_not_negative"),
        ("agreed_amount = -0.01", "case_money_not_negative"),
        ("return_freight_amount = -0.01", "case_money_not_negative"),
        ("currency = 'USD'", "case_of_merchant_and_currency_of_order"),
    ],
)
def test_a_case_with_impossible_columns_is_refused(change, rule, case):
    refused(f"UPDATE aftersales_case SET {change} WHERE id = %s", case.pk, by=rule)


def test_a_case_number_is_used_once(case, order, buyer):
    other = opened(sold(merchant=order.merchant, buyer=order.buyer), by=buyer)

    refused("UPDATE aftersales_case SET number = %s WHERE id = %s", case.number, other.pk, by="aftersales_case_number")


def test_a_case_belongs_to_the_merchant_of_its_order(case):
    foreign = sold()

    refused(
        "UPDATE aftersales_case SET merchant_id = %s WHERE id = %s",
        foreign.merchant_id,
        case.pk,
        by="case_of_merchant_and_currency_of_order",
    )
    refused(
        "UPDATE aftersales_case SET return_address_id = %s WHERE id = %s",
        foreign.merchant.return_addresses.get().pk,
        case.pk,
        by="case_returns_to_its_merchant",
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("units = 0", "case_line_units_positive|units"),
        ("units = -1", "units"),
        ("units_held = -1", "units_held"),
        ("amount = -0.01", "case_line_amount_not_negative"),
        ("amount_held = -0.01", "case_line_amount_not_negative"),
        ("amount_settled = -0.01", "case_line_amount_not_negative"),
        ("units_accepted = 1", "case_line_accepted_were_received"),
    ],
)
def test_a_case_line_with_impossible_columns_is_refused(change, rule, case):
    refused(f"UPDATE aftersales_caseline SET {change} WHERE case_id = %s", case.pk, by=rule)


def test_a_line_belongs_to_the_order_of_its_case(case):
    foreign = sold()

    refused(
        "UPDATE aftersales_caseline SET order_line_id = %s WHERE case_id = %s",
        foreign.lines.get().pk,
        case.pk,
        by="case_line_of_line_of_order",
    )
    refused(
        "UPDATE aftersales_caseline SET order_id = %s, order_line_id = %s WHERE case_id = %s",
        foreign.pk,
        foreign.lines.get().pk,
        case.pk,
        by="case_line_of_order_of_case",
    )


def test_a_line_stands_in_a_case_once(case):
    line = case.lines.get()

    with pytest.raises(IntegrityError, match="case_line_once"), transaction.atomic():
        CaseLine.objects.create(
            case=case,
            order=case.order,
            order_line=line.order_line,
            case_type="refund_only",
            policy=case.policy,
            units=1,
            amount=1,
        )


ONE_MORE = {
    "aftersales_deadline": (
        "INSERT INTO aftersales_deadline (case_id, kind, status, started_at, due_at, pause_count, extension_count,"
        " policy_id, calendar_version, tries, last_error) SELECT case_id, kind, status, started_at, due_at, 0, 0,"
        " policy_id, '', 0, '' FROM aftersales_deadline WHERE kind = 'merchant_response'",
        "one_live_deadline_per_kind",
    ),
    "aftersales_round": (
        "INSERT INTO aftersales_round (case_id, number, type, reason_id, amount, lines, description, applied_role,"
        " applied_at, outcome, reject_note, is_carried, goods_state) SELECT case_id, number, type, reason_id, amount,"
        " lines, '', applied_role, applied_at, 'open', '', false, goods_state FROM aftersales_round",
        "round_once",
    ),
    "aftersales_offer": (
        "INSERT INTO aftersales_offer (case_id, round_number, type, given_as, is_quote, amount, note, status,"
        " made_role, made_at) SELECT id, 1, type, 'money', false, 1, '', 'open', 'merchant', now()"
        " FROM aftersales_case, generate_series(1, 2)",
        "one_open_offer_per_case",
    ),
    "aftersales_approvalrequest": (
        "INSERT INTO aftersales_approvalrequest (case_id, action, amount, payload, status, asked_by_id, asked_at, why,"
        " answer) SELECT c.id, 'approve', 1, '{}', 'pending', u.id, now(), '', '' FROM aftersales_case c,"
        " aftersales_user u, generate_series(1, 2)",
        "one_pending_approval_per_case",
    ),
}


@pytest.mark.parametrize("table", ONE_MORE)
def test_a_second_row_where_one_is_allowed_is_refused(table, case, agent):
    statement, rule = ONE_MORE[table]

    refused(statement, by=rule)


def test_an_offer_is_never_negative(case):
    refused(
        "INSERT INTO aftersales_offer (case_id, round_number, type, given_as, is_quote, amount, note, status,"
        " made_role, made_at) SELECT id, 1, type, 'money', false, -1, '', 'open', 'merchant', now()"
        " FROM aftersales_case",
        by="offer_not_negative",
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("status = 'forgotten'", "deadline_status_known"),
        ("status = 'paused'", "deadline_paused_keeps_rest"),
        ("\"left\" = interval '1 hour'", "deadline_paused_keeps_rest"),
    ],
)
def test_a_deadline_with_impossible_columns_is_refused(change, rule, case):
    refused(f"UPDATE aftersales_deadline SET {change} WHERE kind = 'merchant_response'", by=rule)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE aftersales_event SET why = 'It was never so.'",
        "DELETE FROM aftersales_event",
        "TRUNCATE aftersales_event CASCADE",
    ],
)
def test_the_log_is_append_only(statement, case):
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.cursor().execute(statement)


def test_a_refused_unit_is_not_restocked(order, people):
    stage("refunding", order, people)

    refused("UPDATE aftersales_inspectedunit SET is_accepted = false", by="refused_unit_is_not_restocked")
    refused("UPDATE aftersales_inspectedunit SET index = 1", by="unit_inspected_once")


@pytest.mark.parametrize("condition", ["used", "damaged", "wrong_item", "swapped"])
def test_only_what_can_be_sold_as_new_is_restocked(condition, order, people):
    stage("refunding", order, people)

    refused("UPDATE aftersales_inspectedunit SET condition = %s", condition, by="only_sellable_unit_is_restocked")


def test_an_empty_parcel_goes_nowhere(order, people):
    stage("refunding", order, people)

    refused(
        "UPDATE aftersales_inspectedunit SET condition = 'empty', disposition = 'to_buyer'",
        by="empty_parcel_goes_nowhere",
    )
