"""What Kuaidi100 sends: pushes of whole histories, call-backs of pickups, answers to questions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from logistics.carriers.base import (
    Account,
    PickupReport,
    Reading,
    ReportedScan,
    Unreadable,
    items,
    mapping,
    moment,
    plain,
    reported_scan,
)
from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus

S, P = ParcelStatus, PickupStatus
Meaning = tuple[ParcelStatus, bool]  # the status, and whether it is a problem

# Source: domain.md §8, and the words with which a push under resultv2 names the same states.
STATES: Final[dict[str, Meaning]] = {
    "0": (S.IN_TRANSIT, False), "在途": (S.IN_TRANSIT, False),
    "1": (S.IN_TRANSIT, False), "揽收": (S.IN_TRANSIT, False),
    "2": (S.IN_TRANSIT, True), "疑难": (S.IN_TRANSIT, True),
    "3": (S.SIGNED, False), "签收": (S.SIGNED, False),
    "4": (S.RETURNED, False), "退签": (S.RETURNED, False),
    "5": (S.DELIVERING, False), "派件": (S.DELIVERING, False),
    "6": (S.RETURNING, False), "退回": (S.RETURNING, False),
    "7": (S.IN_TRANSIT, False), "转投": (S.IN_TRANSIT, False),
    "8": (S.IN_TRANSIT, False), "清关": (S.IN_TRANSIT, False),
    "14": (S.REFUSED, True), "拒签": (S.REFUSED, True),
}  # fmt: skip
PARCEL_STATES_OF_PICKUPS: Final[dict[str, Meaning]] = {
    "0": (S.ANNOUNCED, False), "1": (S.ANNOUNCED, False), "610": (S.CANCELLED, True), "10": (S.IN_TRANSIT, False),
    "9": (S.CANCELLED, False), "99": (S.CANCELLED, True), "15": (S.IN_TRANSIT, False), "155": (S.IN_TRANSIT, False),
}  # fmt: skip
PICKUP_STATES: Final[dict[str, PickupStatus]] = {
    "0": P.BOOKED, "1": P.ACCEPTED, "610": P.FAILED, "10": P.COLLECTED, "9": P.CANCELLED, "99": P.CANCELLED,
    "15": P.COLLECTED, "155": P.COLLECTED,
}  # fmt: skip
LARGEST: Final = Decimal(10000)  # of a bill or of kilograms: more is a mistake
# An entry with these words comes with state 3 (signed) and the time of the query: it is no signature.
NO_TRACE: Final = "查无结果"


def reading_of(message: Mapping[str, Any], account: Account, received_at: datetime) -> Reading:
    """A push, the call-back of a pickup or the answer to a question; they are told apart by a field each has alone."""
    if "lastResult" in message:
        return _push(message, account)
    if "kuaidinum" in message:
        return Reading(_pickup_scans(message, account, received_at), _pickup_report(message, account, received_at))
    return Reading(_history(message, account))


def _push(message: Mapping[str, Any], account: Account) -> Reading:
    last = mapping(message["lastResult"], "lastResult")
    waybill = plain(last.get("nu"), 64).upper()
    if str(message.get("status")) == "abort":
        return Reading(stopped={waybill: plain(message.get("message"), 200) or "abort"})
    return Reading(_history(last, account))


def _history(last: Mapping[str, Any], account: Account) -> list[ReportedScan]:
    if str(last.get("status", "200")) != "200":
        raise Unreadable(f"The answer is an error: {plain(last.get('message'), 100)}")
    entries = [each for each in items(last.get("data"), "data") if NO_TRACE not in str(each.get("context"))]
    return list(_scans(last, entries, account))


def _scans(last: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], account: Account) -> Iterator[ReportedScan]:
    """Each entry by its own status; without one, the newest has the status of the whole, the others are in transit."""
    overall = _meaning(STATES, last.get("state"))
    times = [moment(each.get("ftime") or each.get("time"), account.zone) for each in entries]
    # By time and not by place: a push may hold its entries twice and out of order.
    newest = max(range(len(times)), key=lambda index: times[index]) if times else -1
    for index, (entry, happened_at) in enumerate(zip(entries, times, strict=True)):
        yield _scan(last, entry, happened_at, overall if index == newest else (S.IN_TRANSIT, False))


def _scan(last: Mapping[str, Any], entry: Mapping[str, Any], happened_at: datetime, meaning: Meaning) -> ReportedScan:
    own = entry.get("status")
    if own:
        # A finer word than we know still says that the parcel moved; a person should look at it.
        meaning = STATES.get(str(own), (S.IN_TRANSIT, True))
    return reported_scan(
        last.get("nu"),
        meaning[0],
        happened_at,
        text=entry.get("context"),
        place=entry.get("areaName") or entry.get("location"),
        carrier=last.get("com"),
        is_problem=meaning[1],
    )


def _pickup_scans(message: Mapping[str, Any], account: Account, received_at: datetime) -> list[ReportedScan]:
    """The scan of the parcel that a call-back implies; none before a courier has given it a waybill."""
    status, is_problem = _meaning(PARCEL_STATES_OF_PICKUPS, _data(message).get("status"))
    waybill, carrier = message.get("kuaidinum"), message.get("kuaidicom")
    if not waybill:
        return []
    at = _happened_at(message, account, received_at)
    return [reported_scan(waybill, status, at, text=_words(message), carrier=carrier, is_problem=is_problem)]


def _pickup_report(message: Mapping[str, Any], account: Account, received_at: datetime) -> PickupReport | None:
    """What is reported of the pickup itself; nothing where the number of the booking is missing."""
    data = _data(message)
    order_id, code = plain(data.get("orderId"), 64), str(data.get("status"))
    if not order_id or code not in PICKUP_STATES:
        return None
    return PickupReport(
        order_id,
        PICKUP_STATES[code],
        _happened_at(message, account, received_at),
        waybill=plain(message.get("kuaidinum"), 64).upper(),
        words=_words(message),
        amount=_number(data.get("freight")),
        weight=_number(data.get("weight")),
    )


def _data(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(message.get("data") or {}, "data")


def _happened_at(message: Mapping[str, Any], account: Account, received_at: datetime) -> datetime:
    """The time of a call-back; one without a time happened when it was received."""
    data = _data(message)
    text = data.get("updateTime") or data.get("time") or message.get("time")
    return moment(text, account.zone) if text else received_at


def _words(message: Mapping[str, Any]) -> str:
    """Why a pickup was cancelled (by the carrier, else by the sender), or what the carrier says at all."""
    data = _data(message)
    return plain(data.get("cancelMsg99") or data.get("cancelMsg9") or message.get("message"), 500)


def _number(value: object) -> Decimal | None:
    """A bill or a weight; an absurd one is dropped, since it is not worth losing the call-back for."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < LARGEST else None


def _meaning(table: Mapping[str, Meaning], code: object) -> Meaning:
    if str(code) not in table:
        raise Unreadable(f"The status {plain(code, 40)!r} is not known.")
    return table[str(code)]
