"""Units that an inspection sent somewhere."""

from logistics import stock
from tests.factories import NOON


def took(shop, disposition, *, units=1, at=NOON, sku="DRESS-M", title="Dress", **fields):
    facts = stock.MovementFacts(at, **{"recorded_by": "warehouse", "reference": "AS-26-000001", **fields})
    stock.take_in(shop.pk, sku, units, disposition, facts, title=title)
