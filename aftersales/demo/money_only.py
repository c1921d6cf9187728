"""Lives of cases in which the goods stay, cases that become others, and a parcel that belongs to none."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import conversions, decisions, merges, splits
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.returns import unidentified_parcels
from aftersales.demo import phrases, stories
from aftersales.demo.fixtures import DAY, HOUR, MINUTE, Fixtures
from aftersales.demo.shop import waybill
from aftersales.demo.stories import Story
from aftersales.models import Reason
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.models import Order, OrderLine

CENT = Decimal("0.01")
CHEAPER = Decimal("0.88")
SHARE = Decimal("0.09")
FREIGHT = Decimal(12)


def protected(fixtures: Fixtures, at: datetime, *, agreed: bool = True) -> Story:
    """Cheaper the day after: the difference is asked for, and paid."""
    case = yield from stories.asked(fixtures, at, CaseType.PRICE_PROTECTION, "price_dropped", wanted=_cheaper)
    if agreed:
        yield at + HOUR
        decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def _cheaper(line: OrderLine) -> Wanted:
    return Wanted(line.quantity, price_now=(line.paid_amount / line.quantity * CHEAPER).quantize(CENT))


def compensated(
    fixtures: Fixtures, at: datetime, reason: str, *, given_as: GivenAs = GivenAs.MONEY, agreed: bool = True
) -> Story:
    """A small sum, a coupon or points for keeping it."""
    case = yield from stories.asked(fixtures, at, CaseType.COMPENSATION, reason, wanted=_little, given_as=given_as)
    if agreed:
        yield at + 2 * HOUR
        decisions.approve(case.pk, by=fixtures.decider, at=at + 2 * HOUR)


def _little(line: OrderLine) -> Wanted:
    return Wanted(line.quantity, (line.paid_amount * SHARE).quantize(CENT))


def sent_too_late(fixtures: Fixtures, at: datetime) -> Story:
    """It left after the promised moment: the sum follows from the policy."""
    case = yield from stories.asked(fixtures, at, CaseType.COMPENSATION, "dispatched_late", goods="late")
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def advanced(fixtures: Fixtures, at: datetime) -> Story:
    """The buyer paid the way back, and gets it from the merchant."""
    case = yield from stories.asked(
        fixtures, at, CaseType.COMPENSATION, "return_freight", given_as=GivenAs.FREIGHT, freight=FREIGHT
    )
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def converted(fixtures: Fixtures, at: datetime, reason: str, type: CaseType) -> Story:
    """Asked for a return, talked over, and gone on with as something else."""
    case = yield from stories.asked(fixtures, at, CaseType.RETURN_REFUND, reason)
    yield at + 3 * HOUR
    why = fixtures.say(phrases.RATHER)
    asked = Application(case.order_id, type, Reason.objects.get(code=reason), {})
    conversions.convert(case.pk, asked, by=fixtures.agent, at=at + 3 * HOUR, why=why)


def divided(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """One of the units goes its own way: the rest is sent back."""
    case = yield from stories.asked(fixtures, at, CaseType.RETURN_REFUND, reason, many=True)
    yield at + 4 * HOUR
    line = case.lines.get()
    splits.split(case.pk, {line.pk: 1}, by=fixtures.agent, at=at + 4 * HOUR, why=fixtures.say(phrases.ONE_APART))
    yield at + 6 * HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + 6 * HOUR)


def joined(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """Asked twice about one order: the second request is merged into the first."""
    yield at
    order = fixtures.order("signed", at, pair=True)
    first = fixtures.apply(order, at, type=CaseType.RETURN_REFUND, reason=reason)
    fixtures.greet(first, at + 3 * MINUTE)
    yield at + 2 * HOUR
    second = fixtures.apply(order, at + 2 * HOUR, type=CaseType.RETURN_REFUND, reason=reason, position=2)
    fixtures.greet(second, at + 2 * HOUR + 4 * MINUTE)
    yield at + 3 * HOUR
    merges.merge(second.pk, first.pk, by=fixtures.agent, at=at + 3 * HOUR, why=fixtures.say(phrases.TOGETHER))


def unexpected(fixtures: Fixtures, at: datetime, *, of_order: bool = False) -> Story:
    """A parcel at the door that belongs to no case; later somebody finds its order."""
    yield at
    order: Order = fixtures.order("signed", at)
    line = order.lines.get(position=1)
    found = unidentified_parcels.record(
        order.merchant_id,
        by=fixtures.actors["warehouse"],
        at=at,
        carrier=fixtures.shop.carriers[-1],
        waybill=waybill(fixtures.random),
        contents=f"{line.title} {line.variant}",
        note=fixtures.say(phrases.NO_SLIP),
        photos=fixtures.photos(line.sku, 1, has_fault=False),
    )
    if of_order:
        yield at + DAY
        unidentified_parcels.match_order(found.pk, order, by=fixtures.actors["warehouse"], at=at + DAY)
