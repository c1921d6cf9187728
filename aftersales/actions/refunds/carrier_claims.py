"""Claims on insurers and carriers because of a case."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Receivable
from aftersales.models.policies.reason import FreightPayer
from aftersales.models.refunds.receivable import CARRIER_CLAIMS
from aftersales.queries.refunds import receivables as receivable_queries
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import carrier_claims
from logistics.models import Parcel
from orders import entitlement, money
from orders.models import Order
from orders.refusals import Refused

ZERO = Decimal(0)


def insure(case: Case, *, at: datetime) -> Receivable | None:
    """Record that the insurer owes the freight of an accepted return which the buyer paid for, once for an order."""
    if not _is_insured(case):
        return None
    # Two cases of the order may end together: who comes second has to see the receivable of the first.
    entitlement.locked_order(case.order_id)
    paid_or_open = case.order.receivables.exclude(status=Receivable.Status.WAIVED)
    if paid_or_open.filter(kind=Receivable.Kind.INSURANCE).exists():
        return None
    amount = carrier_claims.insured(case.order.insured_freight_amount, case.return_freight_amount)
    party, kind = Receivable.Party, Receivable.Kind.INSURANCE
    return receivables.owe(case, kind, amount, party.INSURER, party.BUYER, at=at, rule="insured_return")


def _is_insured(case: Case) -> bool:
    """Whether goods were accepted back whose way the buyer paid, of an order with freight insurance."""
    if not case.order.insured_freight_amount or case.freight_payer != FreightPayer.BUYER:
        return False
    return case.goods_must_return and case.lines.filter(units_accepted__gt=0).exists()


@gate.transactional
def claim(
    case_id: int, *, by: Actor, at: datetime, parcel: Parcel, kind: Receivable.Kind, amount: Decimal, note: str = ""
) -> Receivable:
    """Claim loss or damage on the carrier of a parcel of this case; once for a parcel, at most what was paid."""
    case = gate.locked(case_id)
    role = gate.role_to("claim_carrier", by, case)
    order = entitlement.locked_order(case.order_id)
    _refuse_foreign(case, parcel, kind)
    _refuse_excess(order, amount)
    _refuse_claimed(case, parcel, kind)
    receivable = _owed_by_carrier(case, parcel, kind, amount, at=at)
    receivable.note = note.strip()
    receivable.save(update_fields=["note"])
    receivables.log(receivable, "claim_carrier", role, by, at=at, why=note, waybill=parcel.waybill)
    return receivable


def _refuse_foreign(case: Case, parcel: Parcel, kind: Receivable.Kind) -> None:
    if kind not in CARRIER_CLAIMS or not receivable_queries.parcels_of(case).filter(pk=parcel.pk).exists():
        raise Refused(_("Choose a parcel of this case."))


def _refuse_excess(order: Order, amount: Decimal) -> None:
    if not (money.is_whole(amount, order.currency) and ZERO < amount <= order.paid_amount):
        raise Refused(
            _("A claim lies above zero and is at most what was paid, %(paid)s.")
            % {"paid": money_text(order.paid_amount, order.currency)}
        )


def _refuse_claimed(case: Case, parcel: Parcel, kind: Receivable.Kind) -> None:
    # A parcel may carry goods of several cases, but it is lost or damaged once.
    claimed = Receivable.objects.filter(kind__in=CARRIER_CLAIMS).exclude(status=Receivable.Status.WAIVED)
    other = claimed.filter(parcel=parcel).select_related("case").first()
    if other is not None:
        raise Refused(
            _("Parcel %(waybill)s is claimed already, in case %(number)s.")
            % {"waybill": parcel.waybill, "number": other.case.number}
        )
    if case.receivables.filter(kind=kind, status=Receivable.Status.OPEN).exists():
        raise Refused(_("A claim of this kind is open in this case already: settle or waive it first."))


def _owed_by_carrier(case: Case, parcel: Parcel, kind: Receivable.Kind, amount: Decimal, *, at: datetime) -> Receivable:
    suggested = receivable_queries.proposal(case)
    rule = suggested[1] if suggested and suggested[0] == kind else "claimed"
    party = Receivable.Party
    return receivables.owe(case, kind, amount, party.CARRIER, party.MERCHANT, at=at, rule=rule, parcel=parcel)
