"""A finding about fault: what was presumed by the reason is known now, and who pays for what follows it."""

from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions.refunds import freight
from aftersales.models import Case
from aftersales.rules.cases.goods_moved import Before
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.vocabulary import Fault, Role
from orders.refusals import Refused


@dataclass(frozen=True)
class FaultFound:
    """Whose fault an inspection found it to be, what shows it, and how many photos of the goods do."""

    liable: Fault
    why: str
    photos: int = 0


def replace(case: Case, liable: Fault) -> None:
    """Let a finding stand in place of the reason's fault; the caller saves."""
    case.liable_party = liable
    freight.renew(case)


def supposed(case: Case, liable: Fault) -> Case:
    """A copy of the case as it would be with a finding, for somebody who is about to make it; nothing is written."""
    found = copy(case)
    replace(found, liable)
    return found


def leaves_goods(case: Case, before: Before | None, amount: Decimal | None) -> bool:
    """Whether a ruling asks nothing back: what the platform finds was not received, and for a part of the money."""
    is_part = amount is not None and before is not None and amount < before.asked
    return is_part or burden_of_proof.concerns(case.reason)


def inspected(case: Case, found: FaultFound | None) -> dict[str, str]:
    """Let what an inspection found stand in place of what was presumed; answers what the event tells of it."""
    if found is None or found.liable == case.at_fault:
        return {}
    if case.ruling:
        raise Refused(_("The platform has ruled whose fault it is: an inspection does not change that."))
    if not found.why.strip():
        raise Refused(_("Say what shows whose fault it is."))
    if found.liable == Fault.BUYER and not (found.photos or _shown(case)):
        raise Refused(_("That it is the buyer's fault needs a photo of what shows it."))
    replace(case, found.liable)
    return {"liable": found.liable.value}


def _shown(case: Case) -> bool:
    """Whether others than the buyer have shown something in this round."""
    return case.evidence.filter(round_number=case.round_number).exclude(role=Role.BUYER).exists()


def forget(case: Case) -> None:
    """A new round begins without what was found in an earlier one: the record keeps that; the caller saves."""
    if case.liable_party or case.ruling:
        case.liable_party = case.ruling = ""
        freight.renew(case)
