"""Claims on insurers and carriers because of a case."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Receivable
from aftersales.models.policies.reason import FreightPayer
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import claims
from logistics.models import Parcel
from orders import entitlement, money
from orders.refusals import Refused

ZERO = Decimal(0)
OF_CARRIERS = (Receivable.Kind.CARRIER_LOSS, Receivable.Kind.CARRIER_DAMAGE)


def insure(case: Case, *, at: datetime) -> Receivable | None:
    """A return that came back good at the buyer's cost: the insurer owes its freight, once for an order."""
    order = case.order
    is_good = case.goods_must_return and case.lines.filter(units_accepted__gt=0).exists()
    if not order.insured_freight_amount or case.freight_payer != FreightPayer.BUYER or not is_good:
        return None
    entitlement.locked_order(order.pk)
    if order.receivables.filter(kind=Receivable.Kind.INSURANCE).exclude(status=Receivable.Status.WAIVED).exists():
        return None
    amount = claims.insured(order.insured_freight_amount, case.return_freight_amount)
    party = Receivable.Party
    return receivables.owe(
        case, Receivable.Kind.INSURANCE, amount, party.INSURER, party.BUYER, at=at, rule="insured_return"
    )


@gate.transactional
def claim(
    case_id: int, *, by: Actor, at: datetime, parcel: Parcel, kind: Receivable.Kind, amount: Decimal, note: str = ""
) -> Receivable:
    """Claim loss or damage on the carrier of a parcel of this case; once for a parcel, at most what was paid."""
    case = gate.locked(case_id)
    role = gate.role_to("claim_carrier", by, case)
    order = entitlement.locked_order(case.order_id)
    if kind not in OF_CARRIERS or not receivable_queries.parcels_of(case).filter(pk=parcel.pk).exists():
        raise Refused(_("Choose a parcel of this case."))
    if not (money.is_whole(amount, case.currency) and ZERO < amount <= order.paid_amount):
        raise Refused(
            _("A claim lies above zero and is at most what was paid, %(paid)s.")
            % {"paid": money_text(order.paid_amount, case.currency)}
        )
    _refuse_claimed(case, parcel, kind)
    suggested = receivable_queries.proposal(case)
    receivable = receivables.owe(
        case,
        kind,
        amount,
        Receivable.Party.CARRIER,
        Receivable.Party.MERCHANT,
        at=at,
        rule=suggested[1] if suggested and suggested[0] == kind else "claimed",
        parcel=parcel,
    )
    receivable.note = note.strip()
    receivable.save(update_fields=["note"])
    receivables.log(receivable, "claim_carrier", role, by, at=at, why=note, data={"waybill": parcel.waybill})
    return receivable


def _refuse_claimed(case: Case, parcel: Parcel, kind: Receivable.Kind) -> None:
    claimed = Receivable.objects.filter(kind__in=OF_CARRIERS).exclude(status=Receivable.Status.WAIVED)
    other = claimed.filter(parcel=parcel).select_related("case").first()
    if other is not None:
        raise Refused(
            _("Parcel %(waybill)s is claimed already, in case %(number)s.")
            % {"waybill": parcel.waybill, "number": other.case.number}
        )
    if case.receivables.filter(kind=kind, status=Receivable.Status.OPEN).exists():
        raise Refused(_("A claim of this kind is open in this case already: settle or waive it first."))
