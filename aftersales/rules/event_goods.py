"""What the event of an act on goods and parcels tells beyond who, when and why."""

from typing import TypedDict


class ParcelSent(TypedDict, total=False):
    """A parcel under way, by carrier and waybill number."""

    carrier: str
    waybill: str


class ReturnSent(ParcelSent, total=False):
    """`advanced` is what was paid because the goods are on their way."""

    advanced: str


class Collected(ReturnSent, total=False):
    """The id of the pickup, so that a collection which a courier tells twice is recorded once."""

    pickup: int


class Received(TypedDict, total=False):
    """Units that arrived, summed over the lines; `found` is the condition that speaks against them, if any."""

    units: int
    waybill: str
    found: str


class Referred(Received, total=False):
    """Who decides about the goods: the name as it was at that time."""

    assignee: str


class PickupBooked(TypedDict, total=False):
    """When a courier comes: `window` is from and until, as ISO 8601."""

    carrier: str
    window: list[str]


class OfGoods(TypedDict, total=False):
    """Units that lie here, why they do (a name of `GoodsOwed.Cause`), and the parcel that brought or takes them."""

    units: int
    cause: str
    carrier: str
    waybill: str
