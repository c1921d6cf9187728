"""Guarantee accounts of merchants: what is left of them, whether that is enough, what moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from aftersales.models import GuaranteeMovement, Refund
from aftersales.models.refunds.refund import UNPAID, Payer
from aftersales.queries import keyset
from aftersales.queries.keyset import Page
from orders.models import Entry, Merchant, Posting
from orders.models.posting import Account

ZERO: Final = Decimal(0)
PAID_IN: Final = Q(entry__kind=Entry.Kind.DEPOSIT)
WITHDRAWN: Final = Q(entry__kind=Entry.Kind.WITHDRAWAL)


@dataclass(frozen=True)
class Balance:
    """A guarantee account in one currency: what came in, went out and was charged; `unpaid` refunds stand against it.

    Unpaid are the refunds that the merchant still has to pay: those that it does not pay in time are charged here.
    """

    merchant: Merchant
    currency: str
    unpaid: Decimal
    deposited: Decimal = ZERO
    withdrawn: Decimal = ZERO
    charged: Decimal = ZERO
    charges: int = 0

    @property
    def left(self) -> Decimal:
        """Below zero the platform has paid more for the merchant than the merchant has deposited."""
        return self.deposited - self.withdrawn - self.charged

    @property
    def is_low(self) -> bool:
        """Whether the account would not cover what the platform may have to pay for the merchant."""
        return self.left < self.unpaid


def _postings() -> QuerySet[Posting]:
    return Posting.objects.filter(account=Account.GUARANTEE)


def left(merchant_id: int, currency: str) -> Decimal:
    """What is left of one account: a credit is negative."""
    found = _postings().filter(merchant=merchant_id, currency=currency).aggregate(left=-Sum("amount", default=ZERO))
    return Decimal(found["left"])


def accounts(*, after: str = "", before: str = "") -> tuple[Page[Merchant], list[Balance]]:
    """The accounts that have ever moved, and those of merchants that owe refunds; a page of merchants at a time."""
    moved = _postings().filter(merchant=OuterRef("pk"))
    owing = _to_pay().filter(merchant=OuterRef("pk"))
    found = Merchant.objects.filter(Exists(moved) | Exists(owing))
    merchants = keyset.page(found, "id", after=after, before=before)
    return merchants, balances(merchants.rows)


def balances(merchants: Iterable[Merchant]) -> list[Balance]:
    """The accounts of these merchants, one for each currency, in two statements."""
    by_id = {merchant.pk: merchant for merchant in merchants}
    rows = _postings().filter(merchant__in=by_id).values_list("merchant_id", "currency")
    # The rest is what the platform took for refunds it had paid, less what it returned when one was taken back.
    found = rows.order_by("merchant_id", "currency").annotate(
        deposited=-Sum("amount", filter=PAID_IN, default=ZERO),
        withdrawn=Sum("amount", filter=WITHDRAWN, default=ZERO),
        charged=Sum("amount", filter=~(PAID_IN | WITHDRAWN), default=ZERO),
        charges=Count("pk", filter=Q(entry__kind=Entry.Kind.GUARANTEE_CHARGED)),
    )
    moved: dict[tuple[int, str], Sequence[Any]] = {(row[0], row[1]): row[2:] for row in found}
    unpaid = _unpaid(by_id)
    return [
        Balance(by_id[shop], currency, unpaid.get((shop, currency), ZERO), *moved.get((shop, currency), ()))
        for shop, currency in sorted({*moved, *unpaid})
    ]


def _to_pay() -> QuerySet[Refund]:
    return Refund.objects.filter(status__in=UNPAID, payer=Payer.MERCHANT)


def _unpaid(merchants: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    rows = _to_pay().filter(merchant__in=list(merchants)).order_by().values_list("merchant_id", "currency")
    return {(merchant, currency): total for merchant, currency, total in rows.annotate(total=Sum("amount"))}


def low() -> list[Balance]:
    """The accounts that would not cover what is unpaid, the emptiest first."""
    owing = Merchant.objects.filter(Exists(_to_pay().filter(merchant=OuterRef("pk"))))
    moved = _postings().values("merchant", "currency").annotate(owed=Sum("amount")).filter(owed__gt=0)
    overdrawn = Merchant.objects.filter(pk__in=moved.values("merchant"))
    found = [each for each in balances((owing | overdrawn).distinct()) if each.is_low]
    return sorted(found, key=lambda each: (each.left - each.unpaid, each.merchant.pk))


def statement(merchant: Merchant, *, after: str = "", before: str = "") -> Page[Posting]:
    """The postings of an account, the newest first; `change` has the sign the merchant expects."""
    rows = _postings().filter(merchant=merchant).select_related("entry").annotate(change=-F("amount"))
    return keyset.page(rows, "-id", after=after, before=before)


def withdrawals(merchant: Merchant | None = None) -> list[GuaranteeMovement]:
    """Withdrawals that wait for a second person, the oldest first."""
    waiting = GuaranteeMovement.objects.filter(booked_at__isnull=True, dropped_at__isnull=True)
    waiting = waiting.filter(merchant=merchant) if merchant else waiting
    return list(waiting.select_related("merchant", "recorded_by").order_by("pk"))
