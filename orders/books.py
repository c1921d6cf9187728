"""Double entry: every movement of money is posted once, and sums to zero."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from orders.models import Entry, Posting
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
    entry = Entry.objects.create(kind=kind, reference=reference, posted_at=at)
    # The sum is checked by a trigger when the transaction commits, since no single posting can be in balance.
    Posting.objects.bulk_create(
        Posting(entry=entry, account=account, merchant_id=merchant_id, currency=currency, amount=amount)
        for account, amount in sides
    )


def moved(debit: Account, credit: Account, amount: Decimal) -> list[tuple[Account, Decimal]]:
    """The two sides of one movement: the debit positive, the credit negative."""
    return [(debit, amount), (credit, -amount)]
