"""How every story begins: an order, a request, a greeting. And requests to which nothing more happens."""

from collections.abc import Generator
from datetime import datetime
from decimal import Decimal
from typing import Any

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import messages
from aftersales.demo import phrases
from aftersales.demo.fixtures import HOUR, MINUTE, Fixtures
from aftersales.models import Case
from aftersales.rules.vocabulary import CaseType

Story = Generator[datetime, None, None]
RETURN, REFUND = CaseType.RETURN_REFUND, CaseType.REFUND_ONLY


def asked(
    fixtures: Fixtures,
    at: datetime,
    type: CaseType,
    reason: str,
    *,
    goods: str = "signed",
    dear: bool = False,
    many: bool = False,
    share: Decimal | None = None,
    greeted: bool = True,
    **more: Any,
) -> Generator[datetime, None, Case]:
    """The buyer asks, the agent greets, the buyer thanks; `more` goes into the application."""
    yield at
    order = fixtures.order(goods, at, dear=dear, many=many)
    case = fixtures.apply(order, at, type=type, reason=reason, share=share, **more)
    if greeted:
        yield at + 3 * MINUTE
        fixtures.greet(case, at + 3 * MINUTE)
        yield at + 9 * MINUTE
        fixtures.chat(case, fixtures.any_of(phrases.THANKS), at + 9 * MINUTE)
    return case


def quiet(
    fixtures: Fixtures,
    at: datetime,
    type: CaseType,
    reason: str,
    *,
    goods: str = "signed",
    dear: bool = False,
    greeted: bool = True,
) -> Story:
    """Asked, greeted perhaps, and nobody decides: the clock will."""
    case = yield from asked(fixtures, at, type, reason, goods=goods, dear=dear, greeted=greeted)
    yield at + 20 * HOUR
    fixtures.chat(case, fixtures.say(phrases.CHASING[0]), at + 20 * HOUR)
    messages.note(case.pk, fixtures.any_of(phrases.NOTES), by=fixtures.agent, at=at + 20 * HOUR + 5 * MINUTE)


def withdrawn(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """The buyer withdraws the request."""
    case = yield from asked(fixtures, at, RETURN, reason)
    yield at + 7 * HOUR
    decisions.withdraw(case.pk, by=fixtures.buyer(case), at=at + 7 * HOUR)
