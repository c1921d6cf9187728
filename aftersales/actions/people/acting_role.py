"""In which role somebody acts; where the record of the act demands it, they have just said who they are."""

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions.refusals import Forbidden, Unconfirmed
from aftersales.models import Case
from aftersales.moves.record import Act
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role


def role_to(action: str, by: Actor, case: Case) -> Role:
    """The role in which somebody does it; Forbidden when none has the right, or the case is not theirs."""
    stranger = (by.merchant_id is not None and by.merchant_id != case.merchant_id) or (
        by.buyer_id is not None and by.buyer_id != case.buyer_id
    )
    role = None if stranger else role_in(moves.EVERY[action], by)
    if role is None:
        label = moves.CHART[action].label if action in moves.CHART else action
        raise Forbidden(_("You may not do this: “%(action)s”.") % {"action": label})
    return role


def role_in(act: Act, by: Actor) -> Role | None:
    """The role that has the right, if one has; Unconfirmed where the person has to say first who they are."""
    role = by.role_for(act)
    if role is not None and act.asks_anew and not by.is_confirmed:
        raise Unconfirmed
    return role
