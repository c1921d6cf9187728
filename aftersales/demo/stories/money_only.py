"""Lives of cases in which the goods stay: price protection, compensation, freight paid back."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Wanted
from aftersales.demo.fixtures import HOUR, Fixtures
from aftersales.demo.stories.requests import Story, asked
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.models import OrderLine

CENT = Decimal("0.01")
CHEAPER = Decimal("0.88")
SHARE = Decimal("0.09")
FREIGHT = Decimal(12)


def protected(fixtures: Fixtures, at: datetime, *, agreed: bool = True) -> Story:
    """Cheaper the day after: the difference is asked for, and paid."""
    case = yield from asked(fixtures, at, CaseType.PRICE_PROTECTION, "price_dropped", wanted=_cheaper)
    if agreed:
        yield at + HOUR
        decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def _cheaper(line: OrderLine) -> Wanted:
    return Wanted(line.quantity, price_now=(line.paid_amount / line.quantity * CHEAPER).quantize(CENT))


def compensated(
    fixtures: Fixtures, at: datetime, reason: str, *, given_as: GivenAs = GivenAs.MONEY, agreed: bool = True
) -> Story:
    """A small sum, a coupon or points for keeping it."""
    case = yield from asked(fixtures, at, CaseType.COMPENSATION, reason, wanted=_little, given_as=given_as)
    if agreed:
        yield at + 2 * HOUR
        decisions.approve(case.pk, by=fixtures.decider, at=at + 2 * HOUR)


def _little(line: OrderLine) -> Wanted:
    return Wanted(line.quantity, (line.paid_amount * SHARE).quantize(CENT))


def sent_too_late(fixtures: Fixtures, at: datetime) -> Story:
    """It left after the promised moment: the sum follows from the policy."""
    case = yield from asked(fixtures, at, CaseType.COMPENSATION, "dispatched_late", goods="late")
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


def advanced(fixtures: Fixtures, at: datetime) -> Story:
    """The buyer paid the way back, and gets it from the merchant."""
    case = yield from asked(
        fixtures, at, CaseType.COMPENSATION, "return_freight", given_as=GivenAs.FREIGHT, freight=FREIGHT
    )
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)
