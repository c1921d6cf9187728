"""What the shop answers: another offer, a rejection, a question to a second person."""

from collections.abc import Generator
from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.refunds import approvals
from aftersales.demo import phrases
from aftersales.demo.fixtures import HOUR, MINUTE, Fixtures
from aftersales.demo.stories.requests import REFUND, RETURN, Story, asked
from aftersales.models import Case, RejectReason


def bargained(fixtures: Fixtures, at: datetime, reason: str, *, answer: str = "") -> Story:
    """A part of the money for keeping it: taken, declined, or not answered."""
    case = yield from asked(fixtures, at, RETURN, reason)
    at += 40 * MINUTE
    yield at
    part = (case.requested_amount * Decimal("0.3")).quantize(Decimal("0.1"))
    negotiation.offer(case.pk, by=fixtures.decider, at=at, amount=part, type=REFUND, note=fixtures.say(phrases.OFFER))
    if answer == "accept":
        yield at + 3 * HOUR
        negotiation.accept(case.pk, by=fixtures.buyer(case), at=at + 3 * HOUR)
    elif answer == "decline":
        yield at + 5 * HOUR
        negotiation.decline(case.pk, by=fixtures.buyer(case), at=at + 5 * HOUR, why=fixtures.say(phrases.DISAGREE))


def rejected(fixtures: Fixtures, at: datetime, reason: str, *, again: bool = False) -> Story:
    """Rejected with a reason; the buyer lets it be, or asks again for less."""
    case = yield from rejected_once(fixtures, at, reason)
    if not again:
        return
    yield at + 12 * HOUR
    decisions.reapply(case.pk, _smaller(fixtures, case), by=fixtures.buyer(case), at=at + 12 * HOUR)
    yield at + 12 * HOUR + 4 * MINUTE
    fixtures.greet(case, at + 12 * HOUR + 4 * MINUTE)


def _smaller(fixtures: Fixtures, case: Case) -> Application:
    line = case.lines.get()
    return Application(
        order_id=case.order_id,
        type=RETURN,
        reason=case.reason,
        lines={line.order_line_id: Wanted(1)},
        description=fixtures.say(
            ("只退一件，另一件留下。补了一张照片。", "Only one of them goes back. I added a photo.")
        ),
        photos=fixtures.photos("", 1),
    )


def rejected_once(fixtures: Fixtures, at: datetime, reason: str) -> Generator[datetime, None, Case]:
    """Rejected with a reason; what the buyer does then is told by the story that goes on from here."""
    case = yield from asked(fixtures, at, RETURN, reason)
    yield at + 5 * HOUR
    code = RejectReason.objects.get(code="goods_fine")
    decisions.reject(case.pk, by=fixtures.decider, at=at + 5 * HOUR, reason=code, note=fixtures.say(phrases.REFUSAL))
    return case


def above_limit(fixtures: Fixtures, at: datetime, reason: str, *, answer: str = "") -> Story:
    """More than an agent decides alone: a second person is asked."""
    case = yield from asked(fixtures, at, RETURN, reason, dear=True)
    at += 30 * MINUTE
    yield at
    approvals.ask(case.pk, by=fixtures.agent, at=at, why=fixtures.say(phrases.ABOVE_LIMIT))
    if answer:
        yield at + 2 * HOUR
        approvals.allow(case.pk, by=fixtures.actors["supervisor2"], at=at + 2 * HOUR, answer=answer)
