"""Refunds without goods: released, failed at the gateway, settled by hand, or stopped on the way first."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import manual_settlement
from aftersales.actions.refunds.finance import releases
from aftersales.actions.returns import interceptions
from aftersales.demo.fixtures import HOUR, Fixtures
from aftersales.demo.stories.requests import REFUND, Story, asked
from aftersales.models import Case
from aftersales.rules.vocabulary import RefundStatus
from orders.gateways import sandbox


def refunded(
    fixtures: Fixtures,
    at: datetime,
    reason: str,
    *,
    goods: str = "signed",
    share: Decimal | None = None,
    dear: bool = False,
    released: bool = True,
    fault: str = "",
    settled: bool = False,
) -> Story:
    """Money without goods: agreed after an hour, released by finance where it is much, sent to the gateway."""
    case = yield from asked(fixtures, at, REFUND, reason, goods=goods, share=share, dear=dear)
    at += HOUR
    yield at
    if fault:
        sandbox.set_fault(fault, "1x")
    decisions.approve(case.pk, by=fixtures.decider, at=at)
    if goods == "shipped":
        yield at + 6 * HOUR
        interceptions.intercepted(case.pk, by=fixtures.agent, at=at + 6 * HOUR)
    if released:
        yield from _released(fixtures, case, at + 2 * HOUR)
    if settled:
        yield from _settled_by_hand(fixtures, case, at + 5 * HOUR)


def _released(fixtures: Fixtures, case: Case, at: datetime) -> Story:
    waiting = list(case.refunds.filter(status=RefundStatus.AWAITING_RELEASE))
    if waiting:
        yield at
    for refund in waiting:
        releases.release(refund.pk, by=fixtures.actors["finance"], at=at)


def _settled_by_hand(fixtures: Fixtures, case: Case, at: datetime) -> Story:
    yield at
    refund = case.refunds.get(status=RefundStatus.FAILED)
    manual_settlement.propose(refund.pk, by=fixtures.actors["finance"], at=at, reference="BANK-20931")


def stopped(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """The goods are under way: the carrier is asked to stop them, and has not answered yet."""
    case = yield from asked(fixtures, at, REFUND, reason, goods="shipped")
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)
