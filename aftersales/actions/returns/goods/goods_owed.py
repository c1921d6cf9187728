"""Goods of the buyer that lie with us: handed on, taken up again, owed back once a case has ended.

Every ending passes `owe`, because whatever ends a case is written by `actions.record`. It derives from what lies here;
no ending says so itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from aftersales.models import Case, CaseLine, GoodsOwed, GoodsOwedLine
from aftersales.rules.cases import chains
from aftersales.rules.returns import goods_owed as rules
from aftersales.rules.returns.goods_owed import Payer, Units
from orders.models import OrderLine

Cause, Outcome = GoodsOwed.Cause, GoodsOwed.Outcome


@dataclass(frozen=True)
class Share:
    """So many units of an item of the order, or of something else that has only a name."""

    units: int
    title: str
    line: OrderLine | None = None


def owe(cases: Sequence[Case], *, at: datetime) -> dict[int, dict[str, Any]]:
    """What ended cases still hold is owed back; answers what the event of each that held something tells.

    One statement for any number of cases where nothing lies here.
    """
    ended = {case.pk: case for case in cases if _may_hold(case)}
    lines = CaseLine.objects.filter(case__in=ended, units_here__gt=0).select_related("order_line") if ended else []
    held: dict[int, list[CaseLine]] = {}
    for line in lines:
        held.setdefault(line.case_id, []).append(line)
    told = {pk: _owe(ended[pk], its, at) for pk, its in sorted(held.items())}
    return {pk: data for pk, data in told.items() if data}


def _may_hold(case: Case) -> bool:
    """Goods come only after an agreement, or with a case that this one continues."""
    return case.approved_at is not None or case.parent_id is not None


def _owe(case: Case, lines: Sequence[CaseLine], at: datetime) -> dict[str, Any]:
    owed = [(line, rules.owed(units_of(line), case.status, case.type)) for line in lines]
    shares = [Share(units, title_of(line.order_line), line.order_line) for line, units in owed if units]
    if not shares:
        return {}
    # What stays is the merchant's.
    for line, units in owed:
        CaseLine.objects.filter(pk=line.pk).update(units_here=F("units_here") - units)
    row = put(case, Cause.ENDED, shares, at=at)
    return facts(row, shares)


def units_of(line: CaseLine) -> Units:
    """What lies here of a case line, and what was given for it."""
    return Units(line.units_here, line.units_accepted, line.units_settled, line.units_sent)


def title_of(line: OrderLine) -> str:
    """Title and variant, as they were sold."""
    return " ".join(part for part in (line.title, line.variant) if part)[:300]


def put(case: Case, cause: GoodsOwed.Cause, shares: Iterable[Share], *, at: datetime) -> GoodsOwed:
    """Record that goods are owed back, within the hours of the policy; what comes on top joins the task that waits."""
    payer = payer_of(case, cause)
    row, _is_new = GoodsOwed.objects.get_or_create(
        case=case,
        cause=cause,
        outcome=Outcome.WAITING,
        defaults={
            "payer": payer.party,
            "rule": payer.rule,
            "created_at": at,
            "due_at": at + timedelta(hours=case.policy.goods_back_hours),
        },
    )
    for share in shares:
        _add(row, share)
    return row


def _add(row: GoodsOwed, share: Share) -> None:
    same = row.lines.filter(order_line=share.line, title=share.title)
    if not same.update(units=F("units") + share.units):
        GoodsOwedLine.objects.create(goods_owed=row, order_line=share.line, title=share.title, units=share.units)


def payer_of(case: Case, cause: GoodsOwed.Cause) -> Payer:
    """Who pays the way back to the buyer; what was never part of the case follows no finding about it."""
    if cause == Cause.SURPLUS:
        return Payer(rules.BUYER, "surplus")
    as_return = case.freight_payer or rules.BUYER
    if cause == Cause.LATE and not case.liable_party:
        return Payer(as_return, f"as_return_{as_return}")
    return rules.payer(
        finding=case.liable_party, close_reason=case.close_reason, status=case.status, as_return=as_return
    )


def facts(row: GoodsOwed, shares: Iterable[Share] | None = None, **more: str) -> dict[str, Any]:
    """What an event tells of goods owed: these shares, or all of the row."""
    counted = row.lines.all() if shares is None else shares
    return {"units": sum(each.units for each in counted), "cause": str(row.cause), **more}


def counted(line: CaseLine, number: int, *, is_recount: bool) -> None:
    """Units that were received lie here; a count without a new parcel may be of those that lay here already."""
    received = F("units_received") + number
    here = Greatest(F("units_here"), received) if is_recount else F("units_here") + number
    CaseLine.objects.filter(pk=line.pk).update(units_received=received, units_here=here)


def found_empty(line: CaseLine, units: int) -> None:
    """So many of the received units were not there."""
    if units:
        CaseLine.objects.filter(pk=line.pk).update(units_here=Greatest(F("units_here") - units, 0))


def hand_over(case: Case, new: Case) -> None:
    """What lies here serves the case that goes on, as far as it is about the same items; the rest the ending finds."""
    here: Mapping[int, int] = dict(case.lines.filter(units_here__gt=0).values_list("order_line_id", "units_here"))
    for line_id, units in sorted(here.items()):
        if new.lines.filter(order_line=line_id).update(units_here=F("units_here") + units):
            case.lines.filter(order_line=line_id).update(units_here=0)


def take_up(case: Case, *, at: datetime) -> None:
    """A case that is opened again takes up what still waits to be sent; what the merchant took over stays so."""
    case.lines.update(units_here=0)
    waiting = case.goods_owed.select_for_update(of=("self",)).filter(outcome=Outcome.WAITING)
    for row in waiting.exclude(cause=Cause.SURPLUS).order_by("pk"):
        end(row, Outcome.TAKEN_UP, at=at, note=case.number)
        lie_here(case, row)


def lie_here(case: Case, row: GoodsOwed) -> None:
    """The units of a task lie here for this case."""
    for each in row.lines.filter(order_line__isnull=False):
        case.lines.filter(order_line=each.order_line_id).update(units_here=F("units_here") + each.units)


def sent_out(case: Case, line: CaseLine, units: int) -> None:
    """Repaired goods leave with the buyer's parcel; a replacement never lay here for the case. Negative: back again."""
    if chains.of(case).repairs and units:
        CaseLine.objects.filter(pk=line.pk).update(units_here=Greatest(F("units_here") - units, 0))


def end(
    row: GoodsOwed, outcome: GoodsOwed.Outcome, *, at: datetime, note: str = "", user_id: int | None = None
) -> None:
    """Write down what became of goods whose row the caller has locked."""
    row.outcome, row.ended_at, row.note, row.ended_by_id = outcome, at, note.strip(), user_id
    row.save(update_fields=["outcome", "ended_at", "note", "ended_by", "parcel"])
