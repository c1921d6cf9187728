"""Lives of cases, from the request on; where each stands now depends on when it began."""

from collections.abc import Generator
from datetime import datetime
from decimal import Decimal
from typing import Any

from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.conversation import messages
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import approvals, intents, manual_settlement
from aftersales.actions.returns import inspections, returns
from aftersales.actions.returns.inspections import Finding
from aftersales.demo import phrases
from aftersales.demo.fixtures import DAY, HOUR, MINUTE, Fixtures
from aftersales.demo.shop import waybill
from aftersales.models import Case, RejectReason
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import CaseType, Condition, Disposition, Fault, RefundStatus
from orders.gateways import sandbox

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


def returning(
    fixtures: Fixtures,
    at: datetime,
    reason: str,
    *,
    ships: bool = True,
    arrives: bool = True,
    verdict: str = "pass",
    extends: bool = False,
    many: bool = False,
    dear: bool = False,
) -> Story:
    """Agreed, shipped, received, inspected, paid; any step may not happen."""
    case = yield from asked(fixtures, at, RETURN, reason, many=many, dear=dear)
    at += 2 * HOUR
    yield at
    decisions.approve(case.pk, by=fixtures.decider, at=at)
    fixtures.chat(case, phrases.WARM, at, by=fixtures.agent)
    if extends:
        yield at + 5 * DAY
        extensions.extend(case.pk, by=fixtures.buyer(case), at=at + 5 * DAY, why=fixtures.say(phrases.MORE_TIME))
    if not ships:
        return
    at += DAY
    yield at
    code = waybill(fixtures.random)
    returns.ship(case.pk, by=fixtures.buyer(case), at=at, carrier=fixtures.shop.carriers[0], waybill=code)
    fixtures.chat(case, phrases.SHIPPED, at)
    if arrives:
        yield from at_the_warehouse(fixtures, case, at + 50 * HOUR, code, verdict)


def at_the_warehouse(fixtures: Fixtures, case: Case, at: datetime, code: str, verdict: str) -> Story:
    """Received, and four hours later inspected: passed, failed, passed in part or short; no verdict leaves it open."""
    yield at
    line = case.lines.select_related("order_line").get()
    fewer = line.units - 1 if verdict == "short" else line.units
    returns.receive(case.pk, by=fixtures.actors["warehouse"], at=at, units={line.pk: max(fewer, 1)}, waybill=code)
    if verdict == "":
        return
    at += 4 * HOUR
    yield at
    line.refresh_from_db()
    photos = fixtures.photos(line.order_line.sku, 1, has_fault=verdict == "fail")
    good = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True, photos=photos)
    if case_types.of(case.type).repairs:
        good = Finding(line.pk, Condition.USED, Disposition.REPAIR, True, photos=photos)
    bad = Finding(line.pk, Condition.USED, Disposition.TO_BUYER, False, tags_intact=False, photos=photos)
    if verdict == "fail":
        reason = RejectReason.objects.get(code="unsaleable")
        note = fixtures.say(("吊牌已剪，有明显使用痕迹。", "The tags are cut and it was clearly used."))
        by = fixtures.actors["warehouse"]
        inspections.fail_inspection(case.pk, [bad] * line.units_received, by=by, at=at, reason=reason, note=note)
        return
    found = [good] * line.units_received
    if verdict == "partly" and line.units_received > 1:
        found[-1] = bad
    inspections.pass_inspection(case.pk, found, by=fixtures.actors["warehouse"], at=at)


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
        returns.intercepted(case.pk, by=fixtures.agent, at=at + 6 * HOUR)
    waiting = list(case.refunds.filter(status=RefundStatus.AWAITING_RELEASE)) if released else []
    if waiting:
        yield at + 2 * HOUR
    for refund in waiting:
        intents.release(refund.pk, by=fixtures.actors["finance"], at=at + 2 * HOUR)
    if settled:
        yield at + 5 * HOUR
        refund = case.refunds.get(status=RefundStatus.FAILED)
        manual_settlement.propose(refund.pk, by=fixtures.actors["finance"], at=at + 5 * HOUR, reference="BANK-20931")


def stopped(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """The goods are under way: the carrier is asked to stop them, and has not answered yet."""
    case = yield from asked(fixtures, at, REFUND, reason, goods="shipped")
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)


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


def _rejected(fixtures: Fixtures, at: datetime, reason: str) -> Generator[datetime, None, Case]:
    case = yield from asked(fixtures, at, RETURN, reason)
    yield at + 5 * HOUR
    code = RejectReason.objects.get(code="goods_fine")
    decisions.reject(case.pk, by=fixtures.decider, at=at + 5 * HOUR, reason=code, note=fixtures.say(phrases.REFUSAL))
    return case


def rejected(fixtures: Fixtures, at: datetime, reason: str, *, again: bool = False) -> Story:
    """Rejected with a reason; the buyer lets it be, or asks again for less."""
    case = yield from _rejected(fixtures, at, reason)
    if not again:
        return
    yield at + 12 * HOUR
    line = case.lines.get()
    smaller = Application(
        order_id=case.order_id,
        type=RETURN,
        reason=case.reason,
        lines={line.order_line_id: Wanted(1)},
        description=fixtures.say(
            ("只退一件，另一件留下。补了一张照片。", "Only one of them goes back. I added a photo.")
        ),
        photos=fixtures.photos("", 1),
    )
    decisions.reapply(case.pk, smaller, by=fixtures.buyer(case), at=at + 12 * HOUR)
    yield at + 12 * HOUR + 4 * MINUTE
    fixtures.greet(case, at + 12 * HOUR + 4 * MINUTE)


def judged(fixtures: Fixtures, at: datetime, reason: str, *, verdict: str = "") -> Story:
    """Rejected, taken to the platform, and decided, suspended or still open."""
    case = yield from _rejected(fixtures, at, reason)
    at += 9 * HOUR
    yield at
    arbitration.escalate(case.pk, by=fixtures.buyer(case), at=at, why=fixtures.say(phrases.DISAGREE))
    yield at + 3 * HOUR
    fixtures.chat(case, phrases.REFUSAL, at + 3 * HOUR, by=fixtures.decider)
    by, at = fixtures.actors["supervisor"], at + 20 * HOUR
    yield at
    if verdict == "buyer":
        arbitration.rule_for_buyer(case.pk, by=by, at=at, ruling=fixtures.say(phrases.RULING), liable=Fault.MERCHANT)
    elif verdict == "merchant":
        arbitration.rule_for_merchant(case.pk, by=by, at=at, ruling=fixtures.say(phrases.RULING_FOR_SHOP))
    elif verdict == "suspend":
        arbitration.suspend(case.pk, by=by, at=at, why=fixtures.say(phrases.SUSPENDED))


def above_limit(fixtures: Fixtures, at: datetime, reason: str, *, answer: str = "") -> Story:
    """More than an agent decides alone: a second person is asked."""
    case = yield from asked(fixtures, at, RETURN, reason, dear=True)
    at += 30 * MINUTE
    yield at
    approvals.ask(case.pk, by=fixtures.agent, at=at, why=fixtures.say(phrases.ABOVE_LIMIT))
    if answer:
        yield at + 2 * HOUR
        approvals.allow(case.pk, by=fixtures.actors["supervisor2"], at=at + 2 * HOUR, answer=answer)


def withdrawn(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """The buyer changes their mind."""
    case = yield from asked(fixtures, at, RETURN, reason)
    yield at + 7 * HOUR
    decisions.withdraw(case.pk, by=fixtures.buyer(case), at=at + 7 * HOUR)


def reopened(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """Ruled for the merchant, then new proof came in."""
    case = yield from _rejected(fixtures, at, reason)
    yield at + 9 * HOUR
    arbitration.escalate(case.pk, by=fixtures.buyer(case), at=at + 9 * HOUR, why=fixtures.say(phrases.DISAGREE))
    yield at + 30 * HOUR
    by = fixtures.actors["supervisor"]
    arbitration.rule_for_merchant(case.pk, by=by, at=at + 30 * HOUR, ruling=fixtures.say(phrases.RULING_FOR_SHOP))
    yield at + 4 * DAY
    decisions.reopen(case.pk, by=by, at=at + 4 * DAY, why=fixtures.say(phrases.REOPENED))
