"""What staff do for a buyer goes on record as that: with the channel of the consent, and what shows it."""

from typing import Any

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions.disputes import stored_photos
from aftersales.actions.effects import MoveContext
from aftersales.models import Case, Message
from aftersales.rules.cases import consent
from aftersales.rules.cases.consent import Consent
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused


def record(case: Case, action: str, context: MoveContext) -> dict[str, Any]:
    """What the event tells of the buyer's consent; Refused without one where the move is the buyer's to make."""
    if not moves.CHART[action].is_for_buyer(context.role):
        return {}
    given = context.by.consent
    if given is None:
        raise Refused(_("This is the buyer's to do: say how they agreed to it, and what shows it."))
    lacking = consent.lacking(given)
    if lacking:
        raise Refused(lacking)
    stored_photos.store(case, given.photos, role=context.role, user_id=context.by.user_id, at=context.at)
    return {"channel": str(given.channel), "consent": given.note.strip(), **_message(case, given)}


def _message(case: Case, given: Consent) -> dict[str, str]:
    if given.message_id is None:
        return {}
    # Words are kept once, with the message: what is erased there must not live on here.
    said = Message.objects.filter(pk=given.message_id, case=case, role=Role.BUYER, is_note=False).first()
    if said is None:
        raise Refused(_("That is no message of the buyer in this case."))
    return {"consent_at": said.sent_at.isoformat()}
