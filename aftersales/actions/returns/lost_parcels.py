"""Parcels that never reach the buyer: nobody waits for them, and the carrier owes what was in them."""

from collections.abc import Sequence
from datetime import datetime

from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Receivable
from aftersales.models.refunds.receivable import CARRIER_CLAIMS
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.replacements import outbound
from aftersales.rules.actor import CLOCK
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from logistics.models.parcel import STOPPED
from orders import entitlement


def is_lost(case: Case, at: datetime) -> bool:
    """Whether what was not stopped counts as lost: it does not move, or was not received and nothing says otherwise."""
    facts = CaseFacts(case, CLOCK, Role.CLOCK, at)
    if facts.is_signed_for:
        return False
    not_received = burden_of_proof.concerns(case.reason) and not facts.has_proof_of_others
    return not_received or outbound.stands_still(case.order_id, at)


def unclaimed(parcels: Sequence[Parcel]) -> Parcel | None:
    """The first of these parcels that nobody claims yet: one is lost or damaged once."""
    claimed = Receivable.objects.filter(kind__in=CARRIER_CLAIMS, parcel__in=parcels)
    taken = set(claimed.exclude(status=Receivable.Status.WAIVED).values_list("parcel_id", flat=True))
    return next((each for each in parcels if each.pk not in taken), None)


def claim(case: Case, context: MoveContext) -> None:
    """The carrier owes what the case asks, once for a parcel; without a known parcel there is nobody to claim from."""
    order = entitlement.locked_order(case.order_id)
    parcel = unclaimed([parcel for parcel in outbound.sent(order.pk) if parcel.status not in STOPPED])
    amount = min(case.requested_amount, order.paid_amount)
    if amount <= 0 or parcel is None:
        return
    kind, party = Receivable.Kind.CARRIER_LOSS, Receivable.Party
    rule = "carrier_says_loss"
    receivables.owe(case, kind, amount, party.CARRIER, party.MERCHANT, at=context.at, rule=rule, parcel=parcel)
