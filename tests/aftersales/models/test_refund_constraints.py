"""What the database keeps of refunds, tried with plain SQL as a faulty program would."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from aftersales.models import Refund
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


@pytest.fixture
def refund(order, people):
    stage("refunding", order, people)
    return Refund.objects.get()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("amount = 0", "refund_positive"),
        ("amount = -1", "refund_positive"),
        ("status = 'lost'", "refund_status_known"),
        ("currency = 'USD'", "refund_along_payment_of_order|refund_of_merchant_of_order"),
    ],
)
def test_a_refund_with_impossible_columns_is_refused(change, rule, refund):
    refused(f"UPDATE aftersales_refund SET {change} WHERE id = %s", refund.pk, by=rule)


def test_a_refund_goes_along_a_payment_of_its_order(refund):
    foreign = sold()

    refused(
        "UPDATE aftersales_refund SET payment_id = %s WHERE id = %s",
        foreign.payments.get().pk,
        refund.pk,
        by="refund_along_payment_of_order",
    )
    refused(
        "UPDATE aftersales_refund SET order_id = %s, payment_id = %s WHERE id = %s",
        foreign.pk,
        foreign.payments.get().pk,
        refund.pk,
        by="refund_of_order_of_case|refund_of_merchant_of_order",
    )
    refused(
        "UPDATE aftersales_refund SET merchant_id = %s WHERE id = %s",
        foreign.merchant_id,
        refund.pk,
        by="refund_of_merchant_of_order",
    )


def test_a_refund_number_is_used_once_per_gateway(refund):
    refused(
        "INSERT INTO aftersales_refund (number, gateway, case_id, order_id,"
        " merchant_id, payment_id, currency, amount, points, status, payer, tries, needs_person, gateway_reference,"
        " last_code, last_message, created_at, hand_reference) SELECT number, gateway, case_id, order_id, merchant_id,"
        " payment_id, currency, amount, points, status, payer, tries, needs_person, gateway_reference, last_code,"
        " last_message, created_at, hand_reference FROM aftersales_refund",
        by="refund_number_once_per_gateway",
    )


def test_two_people_settle_by_hand(refund, people):
    refused(
        "UPDATE aftersales_refund SET hand_proposed_by_id = %s, hand_confirmed_by_id = %s",
        people.finance.user_id,
        people.finance.user_id,
        by="two_people_settle_by_hand",
    )


def test_a_second_person_approves(case, people):
    refused(
        "INSERT INTO aftersales_approvalrequest (case_id, action, amount, payload, status, asked_by_id, asked_at, why,"
        " decided_by_id, answer) VALUES (%s, 'approve', 1, '{}', 'approved', %s, now(), '', %s, '')",
        case.pk,
        people.agent.user_id,
        people.agent.user_id,
        by="second_person_approves",
    )
