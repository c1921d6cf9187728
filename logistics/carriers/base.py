"""What every carrier's adapter speaks: messages verified, read into what was told, subscriptions asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus

TEXT_LENGTH: Final = 500
PLACE_LENGTH: Final = 200
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Unverified(Exception):
    """Nobody we know sent this: no signature, a wrong one, or too old a one; the text says which."""


class Unreadable(Exception):
    """Verified, and still nothing that can be understood; trying again does not help."""


class NotReached(Exception):
    """The carrier's server failed or was not reached; later it may work."""


class Unanswered(NotReached):
    """The question went out and no answer that can be read came back: it may have been done, or not."""


class Declined(Exception):
    """The carrier's server said no; asking again changes nothing."""


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
    hours: int = 6  # between two questions, where the carrier is asked and does not tell by itself
    seconds: float = 5.0  # a server that has not answered by then was not reached


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came over the wire."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verified:
    """A message whose sender is known: its number, and the bytes to read later."""

    event_id: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """One scan as a carrier tells it."""

    waybill: str
    status: ParcelStatus
    happened_at: datetime
    text: str = ""
    place: str = ""
    carrier: str = ""
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """What a carrier says of a pickup that was booked with it."""

    order_id: str
    status: PickupStatus
    happened_at: datetime
    waybill: str = ""
    words: str = ""
    amount: Decimal | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A courier who should come; sender and receiver are name, phone, address."""

    carrier: str
    reference: str
    sender: tuple[str, str, str]
    receiver: tuple[str, str, str]
    window: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says; `stopped` are waybills the carrier no longer watches, with its reason."""

    told: Sequence[Told] = ()
    collected: Collected | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider wants to hear."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Watched:
    """A parcel that somebody should tell us about."""

    waybill: str
    carrier: str
    phone: str = ""
    reference: str = ""


class Carrier(Protocol):
    """One file per carrier keeps to this."""

    name: str
    home: str  # where its server is, unless the account says otherwise
    asks: bool  # it is asked every few hours; else it tells by itself once subscribed

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """Check the sender over the raw bytes in constant time; raises Unverified."""

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """What a verified message tells; raises Unreadable."""

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """What the sender expects to hear."""

    def covers(self, carrier: str) -> bool:
        """Whether parcels of this carrier can be followed here."""

    def subscribe(self, watched: Watched, account: Account, at: datetime) -> bytes:
        """Ask to be told; an answer that tells already is given back to be read. Raises NotReached, Declined."""


class Collector(Protocol):
    """A carrier that sends couriers to the door."""

    name: str
    days_ahead: int  # a courier is not booked for a later day

    def collects(self, carrier: str) -> bool:
        """Whether couriers of this carrier can be booked here."""

    def visit(self, visit: Visit, account: Account, at: datetime) -> Mapping[str, str]:
        """The visit in the carrier's words."""

    def book(self, pickup: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        """Order a courier; the answer names taskId, orderId and sometimes kuaidinum.

        Raises Unanswered, NotReached, Declined.
        """

    def call_off(self, task_id: str, order_id: str, why: str, account: Account, at: datetime) -> None:
        """Cancel a pickup that was ordered. Raises NotReached, Declined."""


def plain(text: object, length: int) -> str:
    """A text as the database takes it: no NUL, no surrounding space, not too long."""
    return str(text if text is not None else "").replace("\0", "").strip()[:length]


def told(
    waybill: object,
    status: ParcelStatus,
    happened_at: datetime,
    *,
    text: object = "",
    place: object = "",
    carrier: object = "",
    is_problem: bool = False,
) -> Told:
    """A scan with its texts made plain; raises Unreadable without a waybill."""
    code = plain(waybill, 64).upper()
    if not code:
        raise Unreadable("The message names no waybill.")
    return Told(
        waybill=code,
        status=status,
        happened_at=happened_at,
        text=plain(text, TEXT_LENGTH),
        place=plain(place, PLACE_LENGTH),
        carrier=plain(carrier, 60),
        is_problem=is_problem,
    )


def moment(text: object, zone: ZoneInfo) -> datetime:
    """A moment with its zone; one told without is the account's. Raises Unreadable."""
    try:
        found = datetime.fromisoformat(str(text).strip().replace("/", "-"))
        # Years 1 and 9999 can not be moved to another zone.
        if not 1990 <= found.year <= 2200:
            raise ValueError
    except ValueError as error:
        raise Unreadable(f"{plain(text, 40)!r} is no moment.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def is_near(sent: datetime, at: datetime, within: timedelta) -> bool:
    """Whether a signed time is about now."""
    return abs(sent - at) <= within


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """The value as an object of JSON; raises Unreadable."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{what} is no object.")
    return value


def items(value: Any, what: str) -> Sequence[Mapping[str, Any]]:
    """The value as a list of objects of JSON, nothing as an empty one; raises Unreadable."""
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Unreadable(f"{what} is no list.")
    return [mapping(each, what) for each in value]
