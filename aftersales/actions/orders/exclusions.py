"""What was confirmed at purchase: a person records it with its proof, or that it was not so."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import ExclusionRecord
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from orders import entitlement
from orders.models import OrderLine
from orders.refusals import Refused


@gate.transactional
def record(order_id: int, line_id: int, confirmed_as: str, *, proof: str, by: Actor, at: datetime) -> ExclusionRecord:
    """Set as what an item was confirmed, empty for not at all; cases that are open keep what they were judged by."""
    if by.role_for(rights.CONFIRM_EXCLUSION) is None or by.user_id is None:
        raise gate.Forbidden(_("Your role may not record what was confirmed at purchase."))
    if not proof.strip():
        raise Refused(_("Say where the confirmation can be found."))
    entitlement.locked_order(order_id)
    if not OrderLine.objects.filter(pk=line_id, order=order_id).update(confirmed_exclusion=confirmed_as):
        raise Refused(_("This item is not part of the order."))
    return ExclusionRecord.objects.create(
        order_line_id=line_id, confirmed_as=confirmed_as, proof=proof, recorded_by_id=by.user_id, recorded_at=at
    )
