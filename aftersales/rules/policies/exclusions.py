"""Goods that the law lets nobody return without a reason, and which policy names them. Pure.

Source: Consumer Protection Law §25; Interim Measures for Seven-Day Returns §§6, 7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from aftersales.models import Policy, Reason
    from orders.models import Order, OrderLine


class Ground(models.TextChoices):
    """Why goods are excluded: the first four by what they are, the others only if confirmed at purchase."""

    CUSTOMISED = "customised", _("Made to the buyer's order")
    PERISHABLE = "perishable", _("Fresh or perishable")
    DIGITAL = "digital", _("Digital media, downloaded or opened")
    NEWSPAPER = "newspaper", _("Newspapers and periodicals")
    UNSEALED = "unsealed", _("Health goods, once unsealed")
    ACTIVATED = "activated", _("Goods that lose value, once activated")
    NEAR_EXPIRY = "near_expiry", _("Near its expiry date")
    DEFECT = "defect", _("With a declared defect")


# The same as `orders.models.order.ConfirmedExclusion`, the fact of an item.
ONLY_IF_CONFIRMED: Final = frozenset({Ground.UNSEALED, Ground.ACTIVATED, Ground.NEAR_EXPIRY, Ground.DEFECT})
SENTENCES: Final[dict[str, Promise]] = {
    Ground.CUSTOMISED: _("By law, goods made to the buyer's order are not returned without a reason."),
    Ground.PERISHABLE: _("By law, fresh and perishable goods are not returned without a reason."),
    Ground.DIGITAL: _("By law, digital media that were downloaded or opened are not returned without a reason."),
    Ground.NEWSPAPER: _("By law, newspapers and periodicals are not returned without a reason."),
    Ground.UNSEALED: _(
        "Confirmed at purchase: by law, such health goods are not returned without a reason once they are unsealed."
    ),
    Ground.ACTIVATED: _(
        "Confirmed at purchase: by law, such goods are not returned without a reason once they are activated."
    ),
    Ground.NEAR_EXPIRY: _(
        "Confirmed at purchase: by law, goods sold near their expiry date are not returned without a reason."
    ),
    Ground.DEFECT: _(
        "Confirmed at purchase: by law, goods sold with a declared defect are not returned for it without a reason."
    ),
}


def concerns(policy: Policy, order: Order, reason: Reason, line: OrderLine) -> bool:
    """Whether a policy's exclusion is about such a request; one without an exclusion is about every request."""
    if not policy.ground:
        return True
    # A seven-day return begins with the goods: what has not left is cancelled, whatever it is.
    has_left = order.dispatched is not None
    confirmed = policy.ground not in ONLY_IF_CONFIRMED or policy.ground == line.confirmed_exclusion
    return reason.is_no_reason and has_left and confirmed


def names(category: str) -> frozenset[str]:
    """The names in a policy's category, or the levels of an item's, to be compared whatever their case."""
    return frozenset(filter(None, (part.strip().casefold() for part in re.split(r"[,;|/>，、；／＞]", category))))


def covers(policy: Policy, line: OrderLine | None) -> bool:
    """Whether a policy's category is one of the item's, at any level; a policy for all covers also no item at all."""
    return not policy.category or (line is not None and not names(policy.category).isdisjoint(names(line.category)))
