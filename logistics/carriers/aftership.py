"""AfterShip: webhooks with an id and a time in the body, signed with HMAC-SHA256 over the raw bytes."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from logistics.carriers import http, signing
from logistics.carriers.base import (
    Account,
    Answer,
    Declined,
    Incoming,
    NotReached,
    Reading,
    ReportedScan,
    TrackedParcel,
    Unreadable,
    Verified,
    items,
    mapping,
    moment,
    plain,
    reported_scan,
)
from logistics.models.parcel import ParcelStatus

S = ParcelStatus
Meaning = tuple[ParcelStatus, bool]

# Source: domain.md §8 and AfterShip's list of delivery sub-statuses; finer ones first.
TAGS: Final[dict[str, Meaning]] = {
    "Pending": (S.ANNOUNCED, False),
    "InfoReceived": (S.ANNOUNCED, False),
    "InTransit": (S.IN_TRANSIT, False),
    "OutForDelivery": (S.DELIVERING, False),
    "AvailableForPickup": (S.DELIVERING, False),
    "AttemptFail": (S.DELIVERING, True),
    "Delivered": (S.SIGNED, False),
    "Expired": (S.IN_TRANSIT, True),
    "Exception": (S.IN_TRANSIT, True),
    "Exception_003": (S.REFUSED, True),
    "Exception_010": (S.RETURNING, True),
    "Exception_011": (S.RETURNED, False),
    "Exception_013": (S.LOST, True),
}
# What the same tags mean once AfterShip says of the whole parcel that it returns to its sender.
TURNED: Final = {S.IN_TRANSIT: S.RETURNING, S.DELIVERING: S.RETURNING, S.SIGNED: S.RETURNED}
TRACKINGS: Final = "/tracking/2025-04/trackings"
EXISTS_ALREADY: Final = 4003


class AfterShip:
    """An aggregator of carriers of all countries."""

    name = "aftership"
    home = "https://api.aftership.com"
    is_polled = False

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """The signature first; the message has an id and a time of its own."""
        given = incoming.headers.get("aftership-hmac-sha256", "")
        signing.verify(given, account, lambda secret: signing.hmac_base64(secret, incoming.body))
        message = mapping(signing.parsed(incoming.body), "The message")
        number = plain(message.get("event_id"), 64)
        if not number:
            raise Unreadable("The message has no event_id.")
        return Verified(number, incoming.body, _sent_at(message.get("ts")))

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """One parcel with all its checkpoints."""
        message = mapping(signing.parsed(raw), "The message")
        return Reading(list(_checkpoints(mapping(message.get("msg"), "msg"), account)))

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """AfterShip looks at the status code only."""
        return Answer(sentence.encode(), "text/plain; charset=utf-8")

    def covers(self, carrier: str) -> bool:
        """Every carrier: AfterShip guesses it from the waybill."""
        return True

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Create a tracking; one that exists already is fine."""
        tracking = {"tracking_number": parcel.waybill, "order_id": parcel.reference}
        meta = _meta(http.post(account, TRACKINGS, json=tracking, headers={"as-api-key": account.key}))
        code = meta.get("code")
        if code not in (200, 201) and code != EXISTS_ALREADY:
            raise Declined(f"aftership {code}: {plain(meta.get('message'), 200)}")
        return b""


def _sent_at(sent: object) -> datetime:
    if not isinstance(sent, int) or not 0 < sent < 2**33:
        raise Unreadable("The message has no time.")
    return datetime.fromtimestamp(sent, UTC)


def _meta(body: bytes) -> Mapping[str, Any]:
    try:
        return mapping(mapping(signing.parsed(body), "The answer").get("meta"), "meta")
    except Unreadable as error:
        # A page of a proxy in place of JSON; creating the tracking once more does no harm.
        raise NotReached(f"aftership: {error}") from error


def _checkpoints(parcel: Mapping[str, Any], account: Account) -> Iterator[ReportedScan]:
    has_turned = parcel.get("return_to_sender") is True
    for each in items(parcel.get("checkpoints"), "checkpoints"):
        status, is_problem = _meaning(each.get("subtag"), each.get("tag"))
        yield reported_scan(
            parcel.get("tracking_number"),
            TURNED.get(status, status) if has_turned else status,
            moment(each.get("checkpoint_time"), account.zone),
            text=each.get("message"),
            place=each.get("location"),
            carrier=each.get("slug") or parcel.get("slug"),
            is_problem=is_problem,
        )


def _meaning(subtag: object, tag: object) -> Meaning:
    found = TAGS.get(str(subtag)) or TAGS.get(str(tag))
    if found is None:
        raise Unreadable(f"The tag {plain(tag, 60)!r} is not known.")
    return found
