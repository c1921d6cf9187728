"""17TRACK: whole histories of parcels abroad, signed with sha256(body + "/" + key)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
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

# Source: domain.md §8; finer ones first, else the part before the underscore decides.
STATUSES: Final[dict[str, Meaning]] = {
    "NotFound": (S.ANNOUNCED, False),
    "InfoReceived": (S.ANNOUNCED, False),
    "InTransit": (S.IN_TRANSIT, False),
    "Expired": (S.IN_TRANSIT, True),
    "AvailableForPickup": (S.DELIVERING, False),
    "OutForDelivery": (S.DELIVERING, False),
    "DeliveryFailure": (S.DELIVERING, True),
    "DeliveryFailure_Rejected": (S.REFUSED, True),
    "Delivered": (S.SIGNED, False),
    "Exception": (S.IN_TRANSIT, True),
    "Exception_Returning": (S.RETURNING, True),
    "Exception_Returned": (S.RETURNED, False),
    "Exception_Rejected": (S.REFUSED, True),
    "Exception_Lost": (S.LOST, True),
}
ALREADY_REGISTERED: Final = -18019901
REGISTER: Final = "/track/v2.4/register"
HISTORY: Final = "/track/v2.4/gettrackinfo"


class Track17:
    """An aggregator of carriers of all countries."""

    name = "17track"
    home = "https://api.17track.net"
    is_polled = False

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """The signature is in a header. The message has no id, so its digest serves as one."""
        sign = incoming.headers.get("sign", "").lower()
        signing.verify(sign, account, lambda key: signing.sha256_hex(incoming.body + b"/" + key.encode()))
        return Verified(signing.sha256_hex(incoming.body), incoming.body)

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """A push of one parcel, or the answer to a question about many."""
        message = mapping(signing.parsed(raw), "The message")
        data = mapping(message.get("data") or {}, "data")
        if message.get("event") == "TRACKING_STOPPED":
            return Reading(stopped={plain(data.get("number"), 64).upper(): "TRACKING_STOPPED"})
        tracks = [data] if "number" in data else items(data.get("accepted"), "accepted")
        return Reading([one for track in tracks for one in _track(track, account)])

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """17TRACK looks at the status code only."""
        return Answer(sentence.encode(), "text/plain; charset=utf-8")

    def covers(self, carrier: str) -> bool:
        """Every carrier: 17TRACK guesses it from the waybill."""
        return True

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Register the waybill; one that is registered already is fine."""
        number = {"number": parcel.waybill, "tag": parcel.reference}
        body = http.post(account, REGISTER, json=[number], headers={"17token": account.key})
        for refused in items(_data(body).get("rejected"), "rejected"):
            error = mapping(refused.get("error") or {}, "error")
            if error.get("code") != ALREADY_REGISTERED:
                raise Declined(f"17track {error.get('code')}: {plain(error.get('message'), 200)}")
        return b""

    def ask(self, parcel: TrackedParcel, account: Account) -> bytes:
        """Poll the history of a parcel; the answer is parsed like a push."""
        return http.post(account, HISTORY, json=[{"number": parcel.waybill}], headers={"17token": account.key})


def _data(body: bytes) -> Mapping[str, Any]:
    try:
        answer = mapping(signing.parsed(body), "The answer")
    except Unreadable as error:
        raise NotReached(f"17track: {error}") from error
    if answer.get("code") != 0:
        raise Declined(f"17track {answer.get('code')}")
    return mapping(answer.get("data") or {}, "data")


def _track(track: Mapping[str, Any], account: Account) -> Iterator[ReportedScan]:
    """Every scan of a parcel; only the latest where the answer is a list of parcels without their histories."""
    info = mapping(track.get("track_info") or {}, "track_info")
    tracking = mapping(info.get("tracking") or {}, "tracking")
    for provider in items(tracking.get("providers"), "providers"):
        name = mapping(provider.get("provider") or {}, "provider").get("alias")
        yield from _scans(track, provider, plain(name, 60), account)
    if not info and track.get("latest_event_time"):
        yield _latest(track, account)


def _latest(track: Mapping[str, Any], account: Account) -> ReportedScan:
    status, is_problem = _meaning(track.get("package_status"))
    happened_at = moment(track["latest_event_time"], account.zone)
    text = track.get("latest_event_info")
    return reported_scan(track.get("number"), status, happened_at, text=text, is_problem=is_problem)


def _scans(
    track: Mapping[str, Any], provider: Mapping[str, Any], carrier: str, account: Account
) -> Iterator[ReportedScan]:
    """Oldest first: "delivered" after the parcel has turned back means delivered to the sender."""
    scans = [(_moment(each, account), each) for each in items(provider.get("events"), "events")]
    has_turned = False
    for happened_at, each in sorted(scans, key=lambda pair: pair[0]):
        status, is_problem = _meaning(each.get("sub_status") or each.get("stage") or "InTransit")
        has_turned = has_turned or status == S.RETURNING
        yield reported_scan(
            track.get("number"),
            S.RETURNED if has_turned and status == S.SIGNED else status,
            happened_at,
            text=each.get("description"),
            place=each.get("location"),
            carrier=carrier,
            is_problem=is_problem,
        )


def _moment(scan: Mapping[str, Any], account: Account) -> datetime:
    """The exact time where there is one; else the carrier's own text, in the zone of the account."""
    exact = scan.get("time_iso") or scan.get("time_utc")
    if exact:
        return moment(exact, account.zone)
    words = mapping(scan.get("time_raw") or {}, "time_raw")
    return moment(f"{words.get('date')}T{words.get('time') or '00:00:00'}{words.get('timezone') or ''}", account.zone)


def _meaning(code: object) -> Meaning:
    """The status, or for an unknown finer one that of its first part; Unreadable when that is unknown too."""
    name = str(code)
    found = STATUSES.get(name) or STATUSES.get(name.partition("_")[0])
    if found is None:
        raise Unreadable(f"The status {plain(code, 60)!r} is not known.")
    return found
