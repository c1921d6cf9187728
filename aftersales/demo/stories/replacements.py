"""Lives of cases that send something: exchanges, repairs, what was missing, orders that are changed."""

from collections.abc import Callable, Generator
from datetime import datetime
from decimal import Decimal

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.applications import Delivery, Swap, Wanted
from aftersales.actions.refunds import receivables
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import interceptions, shipments
from aftersales.demo import phrases
from aftersales.demo.catalogue import REGIONS
from aftersales.demo.fixtures import DAY, HOUR, Fixtures
from aftersales.demo.parcels import waybill
from aftersales.demo.stories.requests import Story, asked
from aftersales.demo.stories.returns import at_the_warehouse
from aftersales.models import Case, Receivable, Repair
from aftersales.rules.vocabulary import CaseType, ChangeKind
from orders.models import OrderLine

Fault = tuple[str, str]
DEARER = Decimal(30)


def exchanged(
    fixtures: Fixtures, at: datetime, reason: str, *, until: str = "", dearer: bool = False, paid: bool = False
) -> Story:
    """Another variant for the one that came: agreed, shipped, here, dispatched, done; cut off after a step."""
    wanted = _swap(fixtures, DEARER if dearer else None)
    case = yield from asked(fixtures, at, CaseType.EXCHANGE, reason, wanted=wanted)
    if until == "asked":
        return
    at += 2 * HOUR
    yield from _agreed(fixtures, case, at)
    if until == "agreed":
        return
    code = yield from _shipped(fixtures, case, at + DAY)
    if until == "shipped":
        return
    yield from at_the_warehouse(fixtures, case, at + DAY + 50 * HOUR, code, "" if until == "here" else "pass")
    if until in ("here", "inspected"):
        return
    if paid:
        yield from _difference_paid(fixtures, case, at + 3 * DAY + 20 * HOUR)
    yield from _sent(fixtures, case, at + 4 * DAY, is_confirmed=until != "sent")


def exchanged_first(fixtures: Fixtures, at: datetime, reason: str, *, until: str = "") -> Story:
    """The new one leaves before the old one is back, for a buyer who is trusted."""
    case = yield from asked(fixtures, at, CaseType.EXCHANGE, reason, wanted=_swap(fixtures), dispatches_first=True)
    yield from _agreed(fixtures, case, at + HOUR)
    if until != "agreed":
        yield from _sent(fixtures, case, at + 20 * HOUR, is_confirmed=True)


def _swap(fixtures: Fixtures, dearer: Decimal | None = None) -> Callable[[OrderLine], Wanted]:
    def wanted(line: OrderLine) -> Wanted:
        product = next(product for product in fixtures.shop.products if product.sku == line.sku)
        other = next(variant for variant in product.variants if variant != line.variant)
        price = None if dearer is None else (line.paid_amount / line.quantity + dearer).quantize(Decimal("0.1"))
        return Wanted(1, swap=Swap(line.sku, other, price))

    return wanted


def _agreed(fixtures: Fixtures, case: Case, at: datetime) -> Story:
    yield at
    decisions.approve(case.pk, by=fixtures.decider, at=at)
    fixtures.chat(case, phrases.WILL_BE_SENT, at, by=fixtures.agent)


def _shipped(fixtures: Fixtures, case: Case, at: datetime) -> Generator[datetime, None, str]:
    yield at
    code = waybill(fixtures.random)
    shipments.ship(case.pk, by=fixtures.buyer(case), at=at, carrier=fixtures.shop.carriers[0], waybill=code)
    return code


def _difference_paid(fixtures: Fixtures, case: Case, at: datetime) -> Story:
    yield at
    receivable = case.receivables.get(kind=Receivable.Kind.DIFFERENCE)
    receivables.settle(
        receivable.pk, by=fixtures.actors["finance"], at=at, reference=f"PAY-{fixtures.random.randint(10**7, 10**8)}"
    )


def _sent(fixtures: Fixtures, case: Case, at: datetime, *, is_confirmed: bool) -> Story:
    yield at
    code = waybill(fixtures.random)
    dispatches.dispatch(
        case.pk, by=fixtures.actors["warehouse"], at=at, carrier=fixtures.shop.carriers[0], waybill=code
    )
    if is_confirmed:
        yield at + 2 * DAY
        dispatches.confirm(case.pk, by=fixtures.buyer(case), at=at + 2 * DAY)


def repaired(fixtures: Fixtures, at: datetime, reason: str, *, until: str = "") -> Story:
    """Sent in, diagnosed, quoted or sent to the supplier, repaired or not, sent back; cut off after a step."""
    case = yield from asked(fixtures, at, CaseType.REPAIR, reason)
    if until == "asked":
        return
    yield from _agreed(fixtures, case, at + 2 * HOUR)
    code = yield from _shipped(fixtures, case, at + DAY)
    yield from at_the_warehouse(fixtures, case, at + 3 * DAY, code, "pass")
    if until != "here":
        yield from _diagnosed(fixtures, case, at + 4 * DAY, until)


def _diagnosed(fixtures: Fixtures, case: Case, at: datetime, until: str) -> Story:
    yield from _looked_at(fixtures, case, at, phrases.WORN_OUT, is_away=until == "away")
    if until in ("quoted", "agreed"):
        yield from _priced(fixtures, case, at + 2 * HOUR, is_taken=until == "agreed")
    elif until == "failed":
        yield from _failed(fixtures, case, at + 5 * HOUR)
        yield from _looked_at(fixtures, case, at + DAY, phrases.LOOSE_CONTACT)
        yield from _failed(fixtures, case, at + DAY + 6 * HOUR)
    elif until in ("mended", ""):
        yield at + 8 * HOUR
        repairs.finish(case.pk, by=fixtures.actors["warehouse"], at=at + 8 * HOUR, note=fixtures.say(phrases.MENDED))
        if not until:
            yield from _sent(fixtures, case, at + DAY, is_confirmed=True)


def _looked_at(fixtures: Fixtures, case: Case, at: datetime, fault: Fault, *, is_away: bool = False) -> Story:
    yield at
    by = fixtures.actors["warehouse"]
    place = Repair.Place.SUPPLIER if is_away else Repair.Place.OWN
    where = fixtures.say(phrases.SUPPLIER) if is_away else ""
    serial = f"SN{10**6 + case.pk}"
    repairs.diagnose(
        case.pk, by=by, at=at, diagnosis=fixtures.say(fault), place=place, service_point=where, serial=serial
    )
    if is_away:
        yield at + 3 * HOUR
        code = waybill(fixtures.random)
        repairs.send_out(case.pk, by=by, at=at + 3 * HOUR, carrier=fixtures.shop.carriers[0], waybill=code)


def _priced(fixtures: Fixtures, case: Case, at: datetime, *, is_taken: bool) -> Story:
    yield at
    note = fixtures.say(phrases.PRICE_OF_REPAIR)
    repairs.quote(case.pk, by=fixtures.decider, at=at, amount=Decimal(35), note=note)
    if is_taken:
        yield at + 5 * HOUR
        negotiation.accept(case.pk, by=fixtures.buyer(case), at=at + 5 * HOUR)


def _failed(fixtures: Fixtures, case: Case, at: datetime) -> Story:
    yield at
    repairs.fail(case.pk, by=fixtures.actors["warehouse"], at=at, note=fixtures.say(phrases.BROKE_AGAIN))


def missing(fixtures: Fixtures, at: datetime, reason: str, *, until: str = "") -> Story:
    """What was not in the parcel, or never came, is sent again."""
    case = yield from asked(fixtures, at, CaseType.RESHIP, reason, wanted=lambda line: Wanted(1))
    if until == "asked":
        return
    yield from _agreed(fixtures, case, at + 2 * HOUR)
    if until != "agreed":
        yield from _sent(fixtures, case, at + DAY, is_confirmed=until != "sent")


def moved_house(fixtures: Fixtures, at: datetime, *, goods: str = "unshipped", until: str = "") -> Story:
    """The order is to go elsewhere: changed at once before it leaves, else stopped and sent again."""
    region, street, postcode = fixtures.random.choice(REGIONS[fixtures.shop.is_chinese])
    name, phone = ("李晨曦", "13600135790") if fixtures.shop.is_chinese else ("Ava Lindqvist", "+1 503 555 0188")
    elsewhere = Delivery(name, phone, region, street, postcode)
    case = yield from asked(
        fixtures, at, CaseType.ORDER_CHANGE, "wrong_address", goods=goods, change=ChangeKind.ADDRESS, delivery=elsewhere
    )
    yield from _changed(fixtures, case, at, goods, until)


def called_off(fixtures: Fixtures, at: datetime, *, goods: str = "unshipped", until: str = "") -> Story:
    """The order is cancelled: paid back at once before it leaves, else stopped first."""
    case = yield from asked(fixtures, at, CaseType.ORDER_CHANGE, "changed_mind", goods=goods, change=ChangeKind.CANCEL)
    yield from _changed(fixtures, case, at, goods, until)


def _changed(fixtures: Fixtures, case: Case, at: datetime, goods: str, until: str) -> Generator[datetime, None, None]:
    if until == "asked":
        return
    yield at + HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + HOUR)
    if goods == "shipped" and until != "agreed":
        yield at + 9 * HOUR
        interceptions.intercepted(case.pk, by=fixtures.agent, at=at + 9 * HOUR)
