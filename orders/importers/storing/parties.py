"""Merchants, buyers and purchases that orders refer to: found, or recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.text import slugify

from orders.importers.sources.base import OrderFacts, Source
from orders.importers.storing import copying, rows
from orders.importers.storing.reported import Told
from orders.models import Buyer, Merchant, Purchase


def merchants(facts: Iterable[OrderFacts], source: Source, shop: Merchant | None) -> dict[str, Merchant]:
    """Find the merchant of each reference, or record it under the seller's own number.

    Orders without a seller are the shop's if one is given, else the marketplace's.
    """
    names = {one.merchant_ref: one.merchant_name for one in facts}
    codes = {ref: code_of(ref, source) for ref in names if ref or shop is None}
    known = Merchant.objects.in_bulk(codes.values(), field_name="code")
    lacking = {code: names[ref] for ref, code in codes.items() if code not in known}
    if lacking:
        Merchant.objects.bulk_create(
            [
                Merchant(code=code, name=(name or code)[:200], source=source.name)
                for code, name in sorted(lacking.items())
            ],
            ignore_conflicts=True,
        )
        known |= Merchant.objects.in_bulk(lacking, field_name="code")
    found = {ref: known[code] for ref, code in codes.items()}
    return found if shop is None else {**found, "": shop}


def code_of(ref: str, source: Source) -> str:
    """Make a merchant's code of a seller's number; the marketplace's own name where none is told."""
    return slugify(ref)[:64] or source.name


def buyers(orders: Sequence[Told], source: Source, at: datetime) -> dict[str, int]:
    """Find or record the buyers; what is told anew of a known one replaces the old."""
    told = {one.buyer_known_by: rows.buyer_values(one.facts, one.buyer_known_by) for one in orders}
    levels = {one.buyer_known_by: one.facts.buyer.level for one in orders}
    known = _known_buyers(source, list(told))
    new = [number for number in told if number not in known]
    ids = dict(zip(new, copying.new_ids(Buyer, len(new)), strict=True))
    default = Buyer._meta.get_field("level").get_default()
    copying.insert(
        Buyer,
        ("id", "source", "level", "created_at", *rows.BUYER),
        [
            rows.text((pk, source.name, default if levels[number] is None else levels[number], at, *told[number]))
            for number, pk in ids.items()
        ],
    )
    changed: list[str] = []
    for number, (pk, values) in known.items():
        merged = tuple(new or old for new, old in zip(told[number][1:], values, strict=True))
        if merged != values:
            changed.append(rows.text((pk, *merged)))
    copying.update(Buyer, ("id", *rows.BUYER[1:]), changed)
    return ids | {number: pk for number, (pk, _values) in known.items()}


def _known_buyers(source: Source, numbers: list[str]) -> dict[str, tuple[int, tuple[str, ...]]]:
    with connection.cursor() as cursor:
        # One array instead of a thousand parameters, which took as long as the rest.
        cursor.execute(
            "SELECT external_id, id, name, phone, phone_tail, email FROM orders_buyer"
            " WHERE source = %s AND external_id = ANY(%s)",
            [source.name, numbers],
        )
        return {number: (pk, tuple(values)) for number, pk, *values in cursor.fetchall()}


def purchases(orders: Iterable[Told], source: Source) -> dict[str, int]:
    """Find or record the purchases that several orders share."""
    numbers = sorted({one.facts.purchase_number for one in orders if one.facts.purchase_number})
    if not numbers:
        return {}
    Purchase.objects.bulk_create(
        [Purchase(source=source.name, number=number) for number in numbers], ignore_conflicts=True
    )
    found = Purchase.objects.filter(source=source.name, number__in=numbers)
    return dict(found.values_list("number", "id"))
