"""Double entry: every movement of money is posted once, and sums to zero."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import connection

from orders.models import Entry
from orders.models.posting import Account


def post(
    kind: Entry.Kind,
    reference: str,
    *,
    at: datetime,
    merchant_id: int,
    currency: str,
    sides: Sequence[tuple[Account, Decimal]],
) -> None:
    """Write an entry whose sides sum to zero; the database refuses a second one of the same kind and reference."""
    accounts, amounts = [account.value for account, _sum in sides], [amount for _account, amount in sides]
    # The sum is checked by a trigger when the transaction commits, since no single posting can be in balance.
    with connection.cursor() as cursor:
        cursor.execute(POST, [kind.value, reference, at, merchant_id, currency, accounts, amounts])


POST: Final = """
WITH entry AS (INSERT INTO orders_entry (kind, reference, posted_at) VALUES (%s, %s, %s) RETURNING id)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT entry.id, side.account, %s, %s, side.amount
FROM entry, unnest(%s::varchar[], %s::numeric[]) AS side (account, amount)
"""


def moved(debit: Account, credit: Account, amount: Decimal) -> list[tuple[Account, Decimal]]:
    """The two sides of one movement: the debit positive, the credit negative."""
    return [(debit, amount), (credit, -amount)]
