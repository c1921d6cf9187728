"""What people do with stock: count it by hand, export it as a table. Both stay on record."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from logistics import stock
from logistics.models import StockExport, StockItem


@gate.transactional
def correct(
    merchant_id: int, sku: str, counted: int, *, by: Actor, at: datetime, why: str, title: str = ""
) -> StockItem:
    """Set what is on hand to the counted units; Forbidden for another merchant's stock."""
    role = _role(merchant_id, by)
    return stock.correct(merchant_id, sku, counted, why=why, by_id=by.user_id, at=at, recorded_by=role, title=title)


def export(filters: Mapping[str, str], rows: int, format: str, *, by: Actor, at: datetime) -> StockExport:
    """Record who exports which movements; Forbidden for roles that may not."""
    role = by.role_for(rights.CORRECT_STOCK)
    if role is None or by.user_id is None:
        raise gate.Forbidden(_("Your role takes no tables of stock."))
    return StockExport.objects.create(
        by_id=by.user_id, recorded_by=role, at=at, filters=dict(filters), rows=rows, format=format
    )


def _role(merchant_id: int, by: Actor) -> Role:
    role = by.role_for(rights.CORRECT_STOCK)
    is_stranger = by.merchant_id not in (None, merchant_id) or (role == Role.MERCHANT and by.merchant_id is None)
    if role is None or is_stranger:
        raise gate.Forbidden(_("You may not correct this stock."))
    return role
