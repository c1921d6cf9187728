"""The books: each entry once and in balance, and nothing in them is ever changed."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from orders import books
from orders.models import Entry, Posting
from orders.models.posting import Account
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def entered(shop, *, kind=Entry.Kind.INTENDED, reference="r1", sides=None):
    books.post(
        kind,
        reference,
        at=NOON,
        merchant_id=shop.pk,
        currency="CNY",
        sides=sides or books.moved(Account.MERCHANT, Account.REFUNDS_DUE, Decimal("8.88")),
    )


def test_a_movement_has_two_sides_that_sum_to_zero(shop):
    entered(shop)

    sides = dict(Posting.objects.values_list("account", "amount"))
    assert sides == {"merchant": Decimal("8.88"), "refunds_due": Decimal("-8.88")}


def test_an_entry_out_of_balance_is_refused_at_the_end_of_the_transaction(shop):
    lopsided = [(Account.MERCHANT, Decimal(10)), (Account.GATEWAY, Decimal("-9.99"))]

    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        entered(shop, sides=lopsided)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_side_added_later_breaks_the_balance(shop):
    entered(shop)

    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        Posting.objects.create(
            entry=Entry.objects.get(), account=Account.GATEWAY, merchant=shop, currency="CNY", amount=Decimal("0.01")
        )
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_sides_in_two_currencies_do_not_balance_each_other(shop):
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        entry = Entry.objects.create(kind=Entry.Kind.PAID, reference="r2", posted_at=NOON)
        for currency, amount in (("CNY", 5), ("USD", -5)):
            Posting.objects.create(
                entry=entry, account=Account.GATEWAY, merchant=shop, currency=currency, amount=amount
            )
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_entry_is_posted_once(shop):
    entered(shop)

    with pytest.raises(IntegrityError, match="entry_posted_once"), transaction.atomic():
        entered(shop)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders_posting SET amount = 0",
        "DELETE FROM orders_posting",
        "TRUNCATE orders_posting",
        "UPDATE orders_entry SET kind = 'paid'",
        "DELETE FROM orders_entry",
        "TRUNCATE orders_entry CASCADE",
    ],
)
def test_books_are_append_only(statement, shop):
    entered(shop)

    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.cursor().execute(statement)
