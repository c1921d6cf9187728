"""Returns that have arrived: counted line by line, from announced and unannounced parcels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.disputes import evidence
from aftersales.actions.effects import MoveContext
from aftersales.actions.returns import unidentified_parcels
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, ReturnParcel
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Role
from logistics.models import Parcel
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels
from orders.refusals import Refused


@dataclass(frozen=True)
class Delivery:
    """What arrived: units by case line, and the parcel where it was named."""

    units: Mapping[int, int]
    carrier: str
    waybill: str
    note: str


@gate.transactional
def receive(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    units: Mapping[int, int],
    carrier: str = "",
    waybill: str = "",
    note: str = "",
    found: str = "",
    version: int | None = None,
) -> Case:
    """Count what arrived, by line (id of the case line → units); several parcels and unannounced ones are fine.

    More than was asked back is refused: other goods are not part of this case. `found` is the condition that speaks
    against what came, where one does: silence does not pass it then. An empty parcel counts nothing and needs a note.
    """
    counted = {pk: number for pk, number in units.items() if number > 0}
    delivery = Delivery(counted, carrier.strip(), waybill.strip().upper(), note)
    seen = found or ("" if counted else Condition.EMPTY)
    details = {"units": sum(counted.values()), "waybill": waybill, **({"found": str(seen)} if seen else {})}
    arrival = partial(_take_delivery, delivery)
    return gate.move(case_id, "receive", effect=arrival, by=by, at=at, version=version, why=note, data=details)


@gate.transactional
def report(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    found: Condition,
    why: str,
    photos: Sequence[Photo] = (),
    version: int | None = None,
) -> Case:
    """Put on record what speaks against goods that are here: silence does not pass them then."""
    if not why.strip():
        raise Refused(_("Describe what was found."))
    seen = Condition(found)
    if seen not in dispositions.ADVERSE:
        raise Refused(_("“%(condition)s” does not speak against the goods.") % {"condition": seen.label})
    data = {"found": seen.value, **({"count": len(photos)} if photos else {})}
    shown = partial(_show, photos)
    return gate.move(case_id, "report_goods", effect=shown, by=by, at=at, version=version, why=why, data=data)


def _show(photos: Sequence[Photo], case: Case, context: MoveContext) -> None:
    if photos:
        evidence.store(case, photos, role=context.role, user_id=context.by.user_id, at=context.at)


def _take_delivery(delivery: Delivery, case: Case, context: MoveContext) -> None:
    if not delivery.units and not delivery.note.strip():
        raise Refused(_("Say how many units arrived. If the parcel is empty, write so in the note."))
    arrived = _arrived(delivery, case, context)
    for line_id, number in delivery.units.items():
        _count(case, line_id, number, is_recount=not arrived)
    for parcel in arrived:
        unidentified_parcels.claim(case, parcel, by=context.by, role=context.role, at=context.at)
        parcels.scan(parcel, ParcelStatus.RECEIVED, at=context.at, recorded_by=context.role, text=_("Received"))


def _count(case: Case, line_id: int, number: int, *, is_recount: bool) -> None:
    line = next((line for line in case.all_lines if line.pk == line_id), None)
    if line is None:
        raise Refused(_("This item is not part of the case."))
    missing = line.units_due - line.units_received
    if number > missing:
        raise Refused(
            _("%(title)s: %(number)d arrived, but only %(missing)d more belong to this case. Set the others aside.")
            % {"title": line.order_line.title, "number": number, "missing": missing}
        )
    goods_owed.counted(line, number, is_recount=is_recount)


def _arrived(delivery: Delivery, case: Case, context: MoveContext) -> list[Parcel]:
    """The parcel that was named; without a name, every parcel of the case that was still expected."""
    links = case.return_parcels.select_related("parcel")
    if not delivery.waybill:
        return [link.parcel for link in links if link.parcel.status in (*UNDER_WAY, ParcelStatus.SIGNED)]
    known = links.filter(parcel__waybill=delivery.waybill).first()
    if known is not None:
        return [known.parcel]
    return [_unannounced(case, delivery.carrier, delivery.waybill, context.role, context.at)]


def _unannounced(case: Case, carrier: str, waybill: str, role: Role, at: datetime) -> Parcel:
    parcel = parcels.announce_return(case.order, carrier=carrier, waybill=waybill, at=at, recorded_by=role)
    ReturnParcel.objects.create(case=case, parcel=parcel, is_announced=False)
    return parcel


def note_parcel(case: Case, carrier: str, waybill: str, *, role: Role, at: datetime) -> None:
    """A parcel that is here, announced or not, without counting anything of the case; the case is locked."""
    known = case.return_parcels.select_related("parcel").filter(parcel__waybill=waybill).first()
    parcel = known.parcel if known is not None else _unannounced(case, carrier, waybill, role, at)
    parcels.scan(parcel, ParcelStatus.RECEIVED, at=at, recorded_by=role, text=_("Received"))
