"""What people tell, open and find outside the flow of a case: goods told, windows, parcels, goods owed."""

from datetime import datetime, timedelta
from decimal import Decimal

from aftersales.actions.orders import goods_told, opened_windows
from aftersales.actions.returns import unidentified_parcels
from aftersales.actions.returns.goods import goods_aside, goods_back
from aftersales.actions.returns.goods.goods_aside import Aside
from aftersales.models import GoodsOwed, Reason
from aftersales.models.policies.reason import FreightPayer
from aftersales.rules.vocabulary import Disposition, GoodsWord, Role
from aftersales.simulation.behaviours.situation import Situation
from logistics.models import UnidentifiedParcel
from logistics.models.unidentified import Outcome
from orders.models import Order


def tell_goods(situation: Situation, order: Order, at: datetime) -> None:
    """Somebody who spoke with the buyer, or packed the goods, says where they are."""
    said = situation.random.choice(list(GoodsWord))
    since = at - timedelta(hours=situation.random.randint(0, 90))
    by = situation.actors.one(Role.AGENT)
    goods_told.tell(order.pk, said, since, proof="as the buyer says", photo=None, by=by, at=at)


def open_window(situation: Situation, order: Order, at: datetime) -> None:
    """A supervisor lets the buyer ask for one reason once more."""
    reason = situation.random.choice(list(Reason.objects.filter(is_active=True).order_by("pk")))
    until = at + timedelta(days=situation.random.randint(1, 20))
    by = situation.actors.one(Role.SUPERVISOR)
    opened_windows.open_until(order.pk, reason, until, why="as agreed", by=by, at=at)


def goods_owed(situation: Situation, order: Order, at: datetime) -> None:
    """Goods that are owed back are sent, or left to us; of this order, else the oldest."""
    waiting = GoodsOwed.objects.filter(outcome=GoodsOwed.Outcome.WAITING).order_by("pk")
    found = waiting.filter(case__order=order).first() or waiting.first()
    if found is None:
        return
    by = situation.actors.one(Role.WAREHOUSE)
    if situation.happens(0.7):
        freight = Decimal(situation.random.choice((0, 0, 8)) if found.payer == FreightPayer.BUYER else 0)
        goods_back.send(found.pk, by=by, at=at, carrier="SIM", waybill=f"G-{found.pk}", freight=freight)
    else:
        goes_to = situation.random.choice((Disposition.RESTOCK, Disposition.SCRAP))
        by = situation.actors.one(Role.SUPERVISOR)
        goods_back.give_up(found.pk, by=by, at=at, disposition=goes_to, note="the buyer called")


def set_aside(situation: Situation, order: Order, at: datetime) -> None:
    """Goods come that a case does not take: too many, others, or after its end."""
    case = order.cases.order_by("-pk").first()
    line = order.lines.order_by("pk").first()
    if case is None or line is None:
        return
    units = {line.pk: situation.random.randint(1, 2)} if situation.happens(0.7) else {}
    other, many = ("", 0) if units else ("a charger", 1)
    waybill = situation.random.choice(("", f"S-{case.pk}-{case.version}"))
    aside = Aside(units, other, many, carrier="SIM", waybill=waybill, note="as found")
    goods_aside.put(case.pk, aside, by=situation.actors.one(Role.WAREHOUSE), at=at)


def stray_parcel(situation: Situation, order: Order, at: datetime) -> None:
    """A parcel comes without a case; or one that lies here finds its case or order, goes back, or into stock."""
    by = situation.actors.one(Role.WAREHOUSE)
    mine = UnidentifiedParcel.objects.filter(outcome=Outcome.WAITING, parcel__merchant=order.merchant_id)
    found = mine.order_by("pk").first()
    if found is None or situation.happens(0.4):
        waybill = f"X-{order.pk}-{order.parcels.count()}"
        unidentified_parcels.record(
            order.merchant_id, by=by, at=at, carrier="SIM", waybill=waybill, contents="a box", note="no slip"
        )
        return
    case = order.cases.order_by("-pk").first()
    if case is not None and situation.happens(0.5):
        unidentified_parcels.match_case(found.pk, case.pk, by=by, at=at)
    elif situation.happens(0.4):
        unidentified_parcels.match_order(found.pk, order, by=by, at=at)
    elif situation.happens(0.5):
        unidentified_parcels.send_back(found.pk, by=by, at=at, note="with the same carrier")
    else:
        unidentified_parcels.put_away(found.pk, by=by, at=at, units={}, disposition=Disposition.SCRAP, note="broken")
