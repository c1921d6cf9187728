"""What the buyer paid the carrier for a way back that is the merchant's: told with a receipt, owed in the same case."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.disputes import evidence
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Receivable
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import freight
from orders import money
from orders.refusals import Refused

ZERO = Decimal(0)
Kind, Party = Receivable.Kind, Receivable.Party


@gate.transactional
def claim(case_id: int, *, by: Actor, at: datetime, amount: Decimal, photos: Sequence[Photo], note: str = "") -> Case:
    """Record what the way back cost, with its receipt; owed to the buyer as soon as a unit was accepted.

    Once for a case, up to the ceiling of the policy; Refused where the way back is not the merchant's.
    """
    case = gate.locked(case_id)
    role = gate.role_to("claim_return_freight", by, case)
    _refuse_unfit(case)
    _refuse_amount(case, amount)
    if not photos:
        raise Refused(_("Attach a photo of the carrier's receipt."))
    evidence.store(case, photos, role=role, user_id=by.user_id, at=at)
    Case.objects.filter(pk=case.pk).update(buyer_freight_amount=amount)
    case.buyer_freight_amount = amount
    case_log.put(case, "claim_return_freight", role=role, by=by, at=at, why=note, data={"amount": str(amount)})
    owe_if_due(case, at=at)
    return case


def _refuse_unfit(case: Case) -> None:
    said = refusal(case)
    if said:
        raise Refused(said)


def refusal(case: Case) -> str:
    """Why the buyer's freight is not asked for in this case; empty where it can be."""
    if not case.goods_must_return or case.approved_at is None:
        return _("Nothing was sent back in this case.")
    if not freight.pays_buyer_back(case.freight_payer, case.freight_rule):
        return _("The way back is not the merchant's to pay back: %(rule)s") % {"rule": case.freight_why}
    if case.buyer_freight_amount:
        return _("The freight of the way back is on record already.")
    return ""


def _refuse_amount(case: Case, amount: Decimal) -> None:
    ceiling = case.policy.return_freight_ceiling
    if not (money.is_whole(amount, case.currency) and ZERO < amount <= ceiling):
        raise Refused(
            _("Between 0 and %(ceiling)s is paid back by the policy; more is a compensation of its own.")
            % {"ceiling": money_text(ceiling, case.currency)}
        )


def owe_if_due(case: Case, *, at: datetime) -> None:
    """The merchant owes the buyer's freight once goods were accepted; nothing where a finding made it the buyer's."""
    if not case.buyer_freight_amount or not freight.pays_buyer_back(case.freight_payer, case.freight_rule):
        return
    if not case.lines.filter(units_accepted__gt=0).exists():
        return
    known = case.receivables.filter(kind=Kind.BUYER_FREIGHT).exists()
    if not known:
        amount, rule = case.buyer_freight_amount, "return_freight_receipt"
        receivables.owe(case, Kind.BUYER_FREIGHT, amount, Party.MERCHANT, Party.BUYER, at=at, rule=rule)
