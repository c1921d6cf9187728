"""What every carrier's adapter offers: messages verified and parsed, parcels subscribed to, couriers booked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus

TEXT_LENGTH: Final = 500
SIGNED_WITHIN: Final = timedelta(minutes=5)
PLACE_LENGTH: Final = 200
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# JSON may hold NUL and halves of a character; a text of the database may not.
_NOT_STORED: Final = re.compile("[\0\ud800-\udfff]")


class Unverified(Exception):
    """The sender is not proven: the signature is missing, wrong or too old; the text says which."""


class Unreadable(Exception):
    """The message is authentic and can not be parsed; trying again does not help."""


class NotReached(Exception):
    """The carrier's server was busy, failed or out of reach; the request may be repeated later."""


class Unanswered(NotReached):
    """The request went out and no readable answer came back: it may have been carried out, so no second booking."""


class Declined(Exception):
    """The carrier's server refused the request; repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class Account:
    """One merchant's account at a carrier or an aggregator, from the environment; "default" serves all others."""

    source: str
    name: str
    url: str = ""
    key: str = ""
    customer: str = ""
    secrets: tuple[str, ...] = ()
    callback_url: str = ""
    pickup_url: str = ""
    zone: ZoneInfo = SHANGHAI
    hours: int = 6  # between two polls of a carrier that pushes nothing
    seconds: float = 5.0  # time-out of a request


@dataclass(frozen=True, slots=True)
class Incoming:
    """A webhook request as it came over the wire; names of headers are in lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verified:
    """A message whose sender is proven: its number at the source, the bytes to be parsed later, the time it signs."""

    event_id: str
    raw: bytes
    sent_at: datetime | None = None

    def is_about(self, at: datetime) -> bool:
        """Whether it was sent about now; one that signs no time always was."""
        return self.sent_at is None or abs(self.sent_at - at) <= SIGNED_WITHIN


@dataclass(frozen=True, slots=True)
class ReportedScan:
    """One scan as a carrier reports it."""

    waybill: str
    status: ParcelStatus
    happened_at: datetime
    text: str = ""
    place: str = ""
    carrier: str = ""
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class PickupReport:
    """What a carrier reports of a pickup that was booked with it; amount in yuan, weight in kilograms."""

    order_id: str
    status: PickupStatus
    happened_at: datetime
    waybill: str = ""
    words: str = ""
    amount: Decimal | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PickupBooking:
    """A pickup to be booked; sender and receiver are name, phone, address."""

    carrier: str
    reference: str
    sender: tuple[str, str, str]
    receiver: tuple[str, str, str]
    window: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says; `stopped` are waybills that the source no longer follows, with its reason."""

    scans: Sequence[ReportedScan] = ()
    pickup: PickupReport | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of our response, in the form that the source expects."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class TrackedParcel:
    """A parcel to subscribe to; `phone` are the last digits, which some carriers ask for."""

    waybill: str
    carrier: str
    phone: str = ""
    reference: str = ""


class Carrier(Protocol):
    """A source of scans; one module for each."""

    name: str
    home: str  # base address of its server, unless the account names another
    is_polled: bool  # it is asked every few hours; else it pushes once it is subscribed to

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """Prove the sender from the raw bytes, in constant time; raises Unverified or Unreadable.

        Whether a signed time is about now, the inbox judges: a repeat of what it has may come late.
        """

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """Parse a verified message; raises Unreadable."""

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """Our response to a message, in the form that the sender expects."""

    def covers(self, carrier: str) -> bool:
        """Whether this source follows parcels of the carrier."""

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Subscribe to a parcel, or poll it: an answer with scans is returned to be parsed. NotReached, Declined."""


class PickupCarrier(Protocol):
    """A source with which couriers to the door can be booked."""

    name: str
    days_ahead: int  # the latest day for which it takes a booking, counted from today

    def collects(self, carrier: str) -> bool:
        """Whether couriers of this carrier can be booked here."""

    def booking_form(self, booking: PickupBooking, account: Account, at: datetime) -> Mapping[str, str]:
        """The fields of the booking as the carrier names them."""

    def book(self, pickup: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        """Book a courier; the answer names taskId, orderId and sometimes kuaidinum.

        Raises Unanswered, NotReached, Declined.
        """

    def call_off(self, task_id: str, order_id: str, why: str, account: Account, at: datetime) -> None:
        """Cancel a booked pickup. Raises NotReached, Declined."""


def plain(text: object, length: int) -> str:
    """A text as the database takes it: no NUL, no half characters, no surrounding space, at most `length` long."""
    return _NOT_STORED.sub("", str(text if text is not None else "")).strip()[:length]


def reported_scan(
    waybill: object,
    status: ParcelStatus,
    happened_at: datetime,
    *,
    text: object = "",
    place: object = "",
    carrier: object = "",
    is_problem: bool = False,
) -> ReportedScan:
    """A scan with its texts cleaned and its waybill in upper case; raises Unreadable without a waybill."""
    code = plain(waybill, 64).upper()
    if not code:
        raise Unreadable("The message names no waybill.")
    return ReportedScan(
        waybill=code,
        status=status,
        happened_at=happened_at,
        text=plain(text, TEXT_LENGTH),
        place=plain(place, PLACE_LENGTH),
        carrier=plain(carrier, 60),
        is_problem=is_problem,
    )


def moment(text: object, zone: ZoneInfo) -> datetime:
    """An instant from ISO 8601 text; without an offset it is in the zone of the account. Raises Unreadable."""
    try:
        found = datetime.fromisoformat(str(text).strip().replace("/", "-"))
        # datetime overflows when years 1 and 9999 are converted to another zone; no scan is that old.
        if not 1990 <= found.year <= 2200:
            raise ValueError
    except ValueError as error:
        raise Unreadable(f"{plain(text, 40)!r} is no moment.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """The value as a JSON object; raises Unreadable."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{what} is no object.")
    return value


def items(value: Any, what: str) -> Sequence[Mapping[str, Any]]:
    """The value as a list of JSON objects, null as an empty list; raises Unreadable."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Unreadable(f"{what} is no list.")
    return [mapping(each, what) for each in value]
