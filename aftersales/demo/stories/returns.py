"""Goods that come back: agreed, shipped, received, inspected."""

from collections.abc import Generator
from datetime import datetime

from aftersales.actions.cases import decisions, extensions
from aftersales.actions.returns import inspections, receipts, shipments, unidentified_parcels
from aftersales.actions.returns.inspections import Finding
from aftersales.demo import phrases
from aftersales.demo.fixtures import DAY, HOUR, Fixtures
from aftersales.demo.parcels import waybill
from aftersales.demo.stories.requests import RETURN, Story, asked
from aftersales.models import Case, CaseLine, RejectReason
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import Condition, Disposition
from orders.models import Order


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
    code = yield from _shipped(fixtures, case, at + DAY)
    if arrives:
        yield from at_the_warehouse(fixtures, case, at + DAY + 50 * HOUR, code, verdict)


def _shipped(fixtures: Fixtures, case: Case, at: datetime) -> Generator[datetime, None, str]:
    yield at
    code = waybill(fixtures.random)
    shipments.ship(case.pk, by=fixtures.buyer(case), at=at, carrier=fixtures.shop.carriers[0], waybill=code)
    fixtures.chat(case, phrases.SHIPPED, at)
    return code


def at_the_warehouse(fixtures: Fixtures, case: Case, at: datetime, code: str, verdict: str) -> Story:
    """Received, and four hours later inspected: passed, failed, passed in part or short; no verdict leaves it open."""
    yield at
    line = case.lines.select_related("order_line").get()
    fewer = line.units - 1 if verdict == "short" else line.units
    receipts.receive(case.pk, by=fixtures.actors["warehouse"], at=at, units={line.pk: max(fewer, 1)}, waybill=code)
    if verdict:
        yield at + 4 * HOUR
        line.refresh_from_db()
        _inspect(fixtures, case, line, at + 4 * HOUR, verdict)


def _inspect(fixtures: Fixtures, case: Case, line: CaseLine, at: datetime, verdict: str) -> None:
    photos = fixtures.photos(line.order_line.sku, 1, has_fault=verdict == "fail")
    good = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True, photos=photos)
    if case_types.of(case.type).repairs:
        good = Finding(line.pk, Condition.USED, Disposition.REPAIR, True, photos=photos)
    bad = Finding(line.pk, Condition.USED, Disposition.TO_BUYER, False, tags_intact=False, photos=photos)
    if verdict == "fail":
        _fail(fixtures, case, [bad] * line.units_received, at)
        return
    found = [good] * line.units_received
    if verdict == "partly" and line.units_received > 1:
        found[-1] = bad
    inspections.pass_inspection(case.pk, found, by=fixtures.actors["warehouse"], at=at)


def _fail(fixtures: Fixtures, case: Case, found: list[Finding], at: datetime) -> None:
    reason = RejectReason.objects.get(code="unsaleable")
    note = fixtures.say(("吊牌已剪，有明显使用痕迹。", "The tags are cut and it was clearly used."))
    inspections.fail_inspection(case.pk, found, by=fixtures.actors["warehouse"], at=at, reason=reason, note=note)


def unidentified(fixtures: Fixtures, at: datetime, *, of_order: bool = False) -> Story:
    """A parcel arrives that belongs to no case; later somebody may find its order."""
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
