"""Goods that a case does not take: beyond what was announced, foreign, or after the decision; recorded, owed back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.disputes import evidence
from aftersales.actions.returns import receipts
from aftersales.actions.returns.goods import goods_owed
from aftersales.actions.returns.goods.goods_owed import Share
from aftersales.models import Case, CaseLine, GoodsOwed
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.returns import goods_owed as rules
from aftersales.rules.vocabulary import Role
from orders.models import OrderLine
from orders.refusals import Refused

Cause = GoodsOwed.Cause


@dataclass(frozen=True)
class Aside:
    """What is set aside: units by order line, other goods by a name and a number, and the parcel they came in."""

    units: Mapping[int, int]
    other: str = ""
    other_units: int = 0
    carrier: str = ""
    waybill: str = ""
    note: str = ""
    photos: Sequence[Photo] = ()


@gate.transactional
def put(case_id: int, aside: Aside, *, by: Actor, at: datetime) -> GoodsOwed | None:
    """Record goods that the case does not take: beyond what was announced, foreign, or after the decision.

    They are owed back at once. What was paid for before anybody had seen it is the merchant's: then nothing is owed.
    """
    case = gate.locked(case_id)
    role = gate.role_to("set_aside_goods", by, case)
    shares = _shares(case, aside)
    cause = Cause.LATE if case.status in rules.DECIDED else Cause.SURPLUS
    _note_parcel(case, aside, role, at)
    if aside.photos:
        evidence.store(case, aside.photos, role=role, user_id=by.user_id, at=at)
    owed = _without_the_merchants(case, shares) if cause == Cause.LATE else shares
    row = goods_owed.put(case, cause, owed, at=at) if owed else None
    told = {"units": sum(each.units for each in shares), "cause": str(cause), "waybill": _code(aside.waybill)}
    case_log.put(case, "set_aside_goods", role=role, by=by, at=at, why=aside.note, data=told)
    if row is not None:
        told = goods_owed.facts(row, owed)
        case_log.put(case, "owe_goods", role=role, by=by, at=at, data=told)
    return row


def _shares(case: Case, aside: Aside) -> list[Share]:
    counted = {pk: units for pk, units in aside.units.items() if units > 0}
    lines = OrderLine.objects.filter(order=case.order_id, pk__in=counted).order_by("pk")
    if len(lines) != len(counted):
        raise Refused(_("This item is not part of the order."))
    shares = [Share(counted[line.pk], goods_owed.title_of(line), line) for line in lines]
    if bool(aside.other.strip()) != (aside.other_units > 0):
        raise Refused(_("Of goods that are not of this order, say what they are and how many."))
    shares += [Share(aside.other_units, aside.other.strip()[:300])] if aside.other.strip() else []
    if not shares:
        raise Refused(_("Say how many units are set aside."))
    return shares


def _note_parcel(case: Case, aside: Aside, role: Role, at: datetime) -> None:
    """The parcel that was named is here, announced or not; one that is received already brought these goods too."""
    code = _code(aside.waybill)
    if code and not case.return_parcels.filter(parcel__waybill=code, parcel__received_at__isnull=False).exists():
        receipts.note_parcel(case, aside.carrier.strip(), code, role=role, at=at)


def _without_the_merchants(case: Case, shares: Sequence[Share]) -> list[Share]:
    """What was paid for unseen is the merchant's as soon as it is here; the rest is owed back."""
    lines = {line.order_line_id: line for line in case.lines.all()}
    left = []
    for share in shares:
        line = lines.get(share.line.pk) if share.line else None
        own = _take_for_merchant(case, line, share.units) if line else 0
        left.append(Share(share.units - own, share.title, share.line))
    return [share for share in left if share.units]


def _take_for_merchant(case: Case, line: CaseLine, arrived: int) -> int:
    own = rules.merchants_own(arrived, goods_owed.units_of(line), case.status, case.type)
    if own:
        CaseLine.objects.filter(pk=line.pk).update(units_here=F("units_here") + own)
    return own


def _code(waybill: str) -> str:
    return waybill.strip().upper()
