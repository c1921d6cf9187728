"""Merchants, buyers and purchases that orders refer to: found, or recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.text import slugify

from orders.importers.facts import OrderFacts
from orders.importers.sources.base import Source
from orders.importers.storing import copying, rows
from orders.importers.storing.reported_order import ReportedOrder
from orders.models import Buyer, Merchant, Purchase


def merchants(facts: Iterable[OrderFacts], source: Source, shop: Merchant | None) -> dict[str, Merchant]:
    """Find the merchant of each reference, or record it under the seller's own number.

    Orders without a seller are the shop's if one is given, else the marketplace's.
    """
    names = {one.merchant_ref: one.merchant_name for one in facts}
    codes = {ref: code_of(ref, source) for ref in names if ref or shop is None}
    known = Merchant.objects.in_bulk(codes.values(), field_name="code")
    missing = {code: names[ref] for ref, code in codes.items() if code not in known}
    if missing:
        known |= _recorded_merchants(missing, source)
    found = {ref: known[code] for ref, code in codes.items()}
    return found if shop is None else {**found, "": shop}


def _recorded_merchants(names: dict[str, str], source: Source) -> dict[str, Merchant]:
    # By code, and conflicts ignored: another source's import may record the same merchant at this moment.
    Merchant.objects.bulk_create(
        [Merchant(code=code, name=(name or code)[:200], source=source.name) for code, name in sorted(names.items())],
        ignore_conflicts=True,
    )
    return Merchant.objects.in_bulk(names, field_name="code")


def code_of(ref: str, source: Source) -> str:
    """Make a merchant's code of a seller's number; the marketplace's own name where there is none."""
    return slugify(ref)[:64] or source.name


def buyers(orders: Sequence[ReportedOrder], source: Source, at: datetime) -> dict[str, int]:
    """Find or record the buyers; what is reported anew of a known one replaces the old."""
    reported = {one.buyer_known_by: one for one in orders}
    known = _known_buyers(source, list(reported))
    ids = _recorded_buyers({number: one for number, one in reported.items() if number not in known}, source, at)
    _update_buyers(known, reported)
    return ids | {number: pk for number, (pk, _values) in known.items()}


def _recorded_buyers(new: dict[str, ReportedOrder], source: Source, at: datetime) -> dict[str, int]:
    ids = dict(zip(new, copying.new_ids(Buyer, len(new)), strict=True))
    default = Buyer._meta.get_field("level").get_default()
    written = []
    for number, pk in ids.items():
        level = new[number].facts.buyer.level
        own = (pk, source.name, default if level is None else level, at)
        written.append(rows.text((*own, *rows.buyer_values(new[number].facts, number))))
    copying.insert(Buyer, ("id", "source", "level", "created_at", *rows.BUYER), written)
    return ids


def _update_buyers(known: dict[str, tuple[int, tuple[str, ...]]], reported: dict[str, ReportedOrder]) -> None:
    changed: list[str] = []
    for number, (pk, values) in known.items():
        facts = rows.buyer_values(reported[number].facts, number)[1:]
        merged = tuple(new or old for new, old in zip(facts, values, strict=True))
        if merged != values:
            changed.append(rows.text((pk, *merged)))
    copying.update(Buyer, ("id", *rows.BUYER[1:]), changed)


def _known_buyers(source: Source, numbers: list[str]) -> dict[str, tuple[int, tuple[str, ...]]]:
    with connection.cursor() as cursor:
        # One array instead of a thousand parameters, which took as long as the rest.
        cursor.execute(
            "SELECT external_id, id, name, phone, phone_tail, email FROM orders_buyer"
            " WHERE source = %s AND external_id = ANY(%s)",
            [source.name, numbers],
        )
        return {number: (pk, tuple(values)) for number, pk, *values in cursor.fetchall()}


def purchases(orders: Iterable[ReportedOrder], source: Source) -> dict[str, int]:
    """Find or record the purchases that several orders share."""
    numbers = sorted({one.facts.purchase_number for one in orders if one.facts.purchase_number})
    if not numbers:
        return {}
    Purchase.objects.bulk_create(
        [Purchase(source=source.name, number=number) for number in numbers], ignore_conflicts=True
    )
    found = Purchase.objects.filter(source=source.name, number__in=numbers)
    return dict(found.values_list("number", "id"))
