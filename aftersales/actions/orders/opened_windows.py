"""The time to ask is opened once more, for one order and one reason, until a day."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import OpenedWindow, Reason
from aftersales.models.policies.opened_window import LONGEST
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from orders import entitlement
from orders.refusals import Refused


@gate.transactional
def open_until(order_id: int, reason: Reason, until: datetime, *, why: str, by: Actor, at: datetime) -> OpenedWindow:
    """Let a buyer ask for a reason until a moment, in place of what was opened for it before; it ends by itself."""
    if by.role_for(rights.OPEN_WINDOW) is None or by.user_id is None:
        raise gate.Forbidden(_("Only a supervisor opens the time to ask once more."))
    if not why.strip():
        raise Refused(_("Say why it is opened: this goes on record."))
    if not at < until <= at + LONGEST:
        raise Refused(_("Choose a day from today on, within a year."))
    # Whoever applies for the order holds this lock: a request meets the window as it was before, or as it is after.
    entitlement.locked_order(order_id)
    return OpenedWindow.objects.create(
        order_id=order_id, reason=reason, until=until, why=why.strip(), opened_by_id=by.user_id, opened_at=at
    )
