"""What buyers apply for, mostly sensible: lines, units, sums, reasons, photos."""

import io
from datetime import datetime
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from PIL import Image

from aftersales.actions.cases.applications import Application, Delivery, Swap, Wanted
from aftersales.models import Reason
from aftersales.rules.cases import case_types, return_window
from aftersales.rules.disputes import photo
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs
from orders import money
from orders.models import Order, OrderLine


@cache
def tiny_photo() -> Photo:
    """The smallest photo that is one; made once."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "#8899aa").save(out, "PNG")
    return photo.clean("photo.png", io.BytesIO(out.getvalue()), len(out.getvalue()))


def application(
    order: Order, random: Random, at: datetime, *, lines: list[OrderLine] | None = None, type: CaseType | None = None
) -> Application | None:
    """What somebody may ask about an order; nothing when it has no lines."""
    chosen = lines or _lines(order, random)
    if not chosen:
        return None
    asked = type or random.choice(list(CaseType))
    reason = _reason(order, asked, random, at)
    return Application(
        order_id=order.pk,
        type=asked,
        reason=reason,
        lines={line.pk: _wanted(line, order, asked, random) for line in chosen},
        description="as simulated",
        wants_freight=random.random() < 0.05,
        photos=(tiny_photo(),) if reason.needs_photo and random.random() < 0.95 else (),
        **_particulars(asked, random),
    )


def _particulars(type: CaseType, random: Random) -> dict[str, Any]:
    """What the type asks beyond its lines; rarely it is forgotten."""
    if random.random() < 0.02:
        return {}
    record = case_types.of(type)
    if record.may_send_first:
        return {"dispatches_first": random.random() < 0.25}
    if record.may_be_in_kind:
        given_as = random.choice(record.given_as)
        freight = Decimal(random.randint(0, 20)) if given_as == GivenAs.FREIGHT else Decimal(0)
        return {"given_as": given_as, "freight": freight}
    if record.changes:
        change = random.choice(record.changes)
        moved = Delivery("李雷", "13900001234", "浙江 杭州", "文一路 2 号") if change == ChangeKind.ADDRESS else None
        return {"change": change, "delivery": moved}
    return {}


def _lines(order: Order, random: Random) -> list[OrderLine]:
    lines = list(order.lines.order_by("pk"))
    return lines if not lines or random.random() < 0.3 else [random.choice(lines)]


def _wanted(line: OrderLine, order: Order, type: CaseType, random: Random) -> Wanted:
    units = random.randint(1, max(line.quantity, 1)) if random.random() < 0.6 else line.quantity
    if random.random() < 0.02:
        # More than was bought: must be refused.
        return Wanted(units + 1)
    record = case_types.of(type)
    if record.exchanges:
        price = money.rounded(line.unit_price * Decimal(random.choice((80, 100, 100, 120))) / 100, order.currency)
        return Wanted(units, swap=Swap(f"{line.sku}-OTHER", "other", random.choice((None, price))))
    if record.compares_prices:
        return Wanted(
            units, price_now=money.rounded(line.unit_price * Decimal(random.randint(40, 110)) / 100, order.currency)
        )
    if record.pays_for_returns or random.random() < 0.5:
        return Wanted(units)
    share = Decimal(random.randint(1, 110)) / 100
    return Wanted(units, money.rounded(line.paid_amount * share, order.currency))


@cache
def _reasons() -> list[Reason]:
    return list(Reason.objects.filter(is_active=True).order_by("pk"))


def _reason(order: Order, type: CaseType, random: Random, at: datetime) -> Reason:
    """A reason that fits the type and where the goods are; now and then any."""
    state = return_window.goods_state(order, at)
    everything = _reasons()
    fitting = [one for one in everything if type in one.case_types and state in one.goods_states]
    return random.choice(fitting if fitting and random.random() < 0.93 else everything)


def forget_reasons() -> None:
    """Read the reasons anew in the next simulation: a test may have changed them."""
    _reasons.cache_clear()
