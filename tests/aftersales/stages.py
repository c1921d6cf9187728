"""Brings a case to a state the way people do: by its verbs, an hour apart."""

import io
from datetime import timedelta
from decimal import Decimal

from PIL import Image

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import refund_worker
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, RejectReason
from aftersales.queries.oversight import invariants
from aftersales.rules.disputes import photo
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import CaseType, Condition, Status, SuspensionCause
from logistics.pickups.pickup_requests import Contact
from orders.gateways import sandbox
from tests.factories import NOON, opened, sold

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
S = Status
POLICE = SuspensionCause.POLICE
AT_DOOR = Contact("韩梅梅", "13800006620", "", "浙江省杭州市西湖区文三路1号")


def again(case):
    """The case as the database has it."""
    return Case.objects.get(pk=case.pk)


def refusal(code=""):
    """A reason to reject; without a code one that asks for neither text nor proof, and that no fact speaks against."""
    if code:
        return RejectReason.objects.get(code=code)
    names = {"name_en": "We can not agree", "name_zh": "无法同意"}
    return RejectReason.objects.get_or_create(code="cannot_agree", defaults={"stage": "application", **names})[0]


def picture(name="photo.jpg"):
    """A photo that was taken in."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "JPEG")
    size = file.tell()
    file.seek(0)
    return photo.clean(name, file, size)


def found(line, units, *, accepted=True, condition=Condition.AS_NEW, photos=()):
    """So many units of a line, all in one condition."""
    repairs = line.case_type == CaseType.REPAIR
    goes_to = dispositions.usual(condition, is_accepted=accepted, repairs=repairs)
    return [Finding(line.pk, condition, goes_to, accepted, photos=photos) for _unit in range(units)]


def tomorrow(at):
    """A window for a courier."""
    return at + DAY, at + DAY + 2 * HOUR


def pay(at, times=1):
    """Let the worker send what is due."""
    return [refund_worker.send_next(at) for _time in range(times)]


def broken():
    """Invariants that do not hold, with what breaks them."""
    return [(verdict.name, verdict.examples) for verdict in invariants.check_all() if verdict.count]


def stage(state, order, people, *, at=NOON):
    """A case about the order in the state; asked at `at`, an hour a step."""
    return STAGES[state](order, people, at)


def _asked(order, people, at):
    return opened(order, by=people.buyer, at=at)


def _offered(order, people, at):
    case = _asked(order, people, at)
    return negotiation.offer(case.pk, by=people.merchant, at=at + HOUR, amount=Decimal(40))


def _rejected(order, people, at):
    case = _asked(order, people, at)
    return decisions.reject(case.pk, by=people.merchant, at=at + HOUR, reason=refusal())


def _intercepting(order, people, at):
    unsigned = sold(merchant=order.merchant, buyer=order.buyer, unsigned=True)
    case = opened(unsigned, by=people.buyer, at=at, type=CaseType.REFUND_ONLY)
    return decisions.approve(case.pk, by=people.merchant, at=at + HOUR)


def _agreed(order, people, at):
    case = _asked(order, people, at)
    return decisions.approve(case.pk, by=people.merchant, at=at + HOUR)


def _shipped(order, people, at):
    case = _agreed(order, people, at)
    return shipments.ship(case.pk, by=people.buyer, at=at + 2 * HOUR, carrier="SF", waybill=f"SF{case.pk}")


def _received(order, people, at):
    case = _shipped(order, people, at)
    units = {line.pk: line.units for line in case.lines.all()}
    return receipts.receive(case.pk, by=people.warehouse, at=at + 3 * HOUR, units=units)


def _exchanged(order, people, at):
    """An exchange whose old goods are here and good."""
    case = opened(order, by=people.buyer, at=at, type=CaseType.EXCHANGE)
    decisions.approve(case.pk, by=people.merchant, at=at + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=at + 2 * HOUR, carrier="SF", waybill=f"SF{case.pk}")
    units = {line.pk: line.units for line in case.lines.all()}
    receipts.receive(case.pk, by=people.warehouse, at=at + 3 * HOUR, units=units)
    return inspect(again(case), people, at + 4 * HOUR)


def inspect(case, people, at):
    """All that is here passes."""
    findings = [one for line in case.lines.all() for one in found(line, line.units_received)]
    return inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=at)


def _sent(order, people, at):
    case = _exchanged(order, people, at)
    return dispatches.dispatch(case.pk, by=people.warehouse, at=at + 5 * HOUR, carrier="SF", waybill=f"NEW{case.pk}")


def _repairing(order, people, at):
    case = opened(order, by=people.buyer, at=at, type=CaseType.REPAIR, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=at + HOUR)
    units = {line.pk: line.units for line in case.lines.all()}
    receipts.receive(case.pk, by=people.warehouse, at=at + 3 * HOUR, units=units)
    return inspect(again(case), people, at + 4 * HOUR)


def _refunding(order, people, at):
    case = _received(order, people, at)
    findings = [one for line in case.lines.all() for one in found(line, line.units_received)]
    return inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=at + 4 * HOUR)


def _failed(order, people, at):
    case = _refunding(order, people, at)
    sandbox.set_fault("decline", "1x")
    pay(at + 5 * HOUR)
    return again(case)


def _escalated(order, people, at):
    case = _rejected(order, people, at)
    return arbitration.escalate(case.pk, by=people.buyer, at=at + 2 * HOUR)


def _suspended(order, people, at):
    case = _escalated(order, people, at)
    return arbitration.suspend(case.pk, by=people.supervisor, at=at + 3 * HOUR, cause=POLICE, why="They look for it.")


def _completed(order, people, at):
    case = _refunding(order, people, at)
    pay(at + 5 * HOUR)
    return again(case)


def _closed(order, people, at):
    case = _asked(order, people, at)
    return decisions.withdraw(case.pk, by=people.buyer, at=at + HOUR)


STAGES = {
    S.PENDING_MERCHANT: _asked,
    S.PENDING_BUYER: _offered,
    S.REJECTED: _rejected,
    S.INTERCEPTING: _intercepting,
    S.AWAITING_RETURN: _agreed,
    S.RETURN_IN_TRANSIT: _shipped,
    S.INSPECTING: _received,
    S.REPAIRING: _repairing,
    S.AWAITING_DISPATCH: _exchanged,
    S.AWAITING_RECEIPT: _sent,
    S.REFUNDING: _refunding,
    S.REFUND_FAILED: _failed,
    S.ARBITRATION: _escalated,
    S.SUSPENDED: _suspended,
    S.COMPLETED: _completed,
    S.CLOSED: _closed,
}
