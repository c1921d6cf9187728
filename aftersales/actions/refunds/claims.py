"""Claims on insurers and carriers because of a case."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Demand
from aftersales.models.policies.reason import FreightPayer
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import claims
from logistics.models import Parcel
from orders import entitlement, money
from orders.refusals import Refused

ZERO = Decimal(0)
OF_CARRIERS = (Demand.Kind.CARRIER_LOSS, Demand.Kind.CARRIER_DAMAGE)


def insure(case: Case, *, at: datetime) -> Demand | None:
    """A return that came back good at the buyer's cost: the insurer owes its freight, once for an order."""
    order = case.order
    is_good = case.goods_must_return and case.lines.filter(units_accepted__gt=0).exists()
    if not order.insured_freight_amount or case.freight_payer != FreightPayer.BUYER or not is_good:
        return None
    entitlement.locked_order(order.pk)
    if order.demands.filter(kind=Demand.Kind.INSURANCE).exclude(status=Demand.Status.WAIVED).exists():
        return None
    amount = claims.insured(order.insured_freight_amount, case.return_freight_amount)
    party = Demand.Party
    return receivables.owe(
        case, Demand.Kind.INSURANCE, amount, party.INSURER, party.BUYER, at=at, rule="insured_return"
    )


@gate.transactional
def claim(
    case_id: int, *, by: Actor, at: datetime, parcel: Parcel, kind: Demand.Kind, amount: Decimal, note: str = ""
) -> Demand:
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
    demand = receivables.owe(
        case,
        kind,
        amount,
        Demand.Party.CARRIER,
        Demand.Party.MERCHANT,
        at=at,
        rule=suggested[1] if suggested and suggested[0] == kind else "claimed",
        parcel=parcel,
    )
    demand.note = note.strip()
    demand.save(update_fields=["note"])
    receivables.log(demand, "claim_carrier", role, by, at=at, why=note, data={"waybill": parcel.waybill})
    return demand


def _refuse_claimed(case: Case, parcel: Parcel, kind: Demand.Kind) -> None:
    claimed = Demand.objects.filter(kind__in=OF_CARRIERS).exclude(status=Demand.Status.WAIVED)
    other = claimed.filter(parcel=parcel).select_related("case").first()
    if other is not None:
        raise Refused(
            _("Parcel %(waybill)s is claimed already, in case %(number)s.")
            % {"waybill": parcel.waybill, "number": other.case.number}
        )
    if case.demands.filter(kind=kind, status=Demand.Status.OPEN).exists():
        raise Refused(_("A claim of this kind is open in this case already: settle or waive it first."))
