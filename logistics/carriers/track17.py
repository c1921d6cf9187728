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
    Told,
    Unreadable,
    Verified,
    Watched,
    items,
    mapping,
    moment,
    plain,
    told,
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
    asks = False

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """The signature stands in a header; the message has no number, so its digest is one."""
        sign = incoming.headers.get("sign", "").lower()
        signing.insist(sign, account, lambda key: signing.sha256_hex(incoming.body + b"/" + key.encode()))
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
        """It looks at the status code only."""
        return Answer(sentence.encode(), "text/plain; charset=utf-8")

    def covers(self, carrier: str) -> bool:
        """Every carrier: it is guessed from the number."""
        return True

    def subscribe(self, watched: Watched, account: Account, at: datetime) -> bytes:
        """Register the number; registered already is fine."""
        number = {"number": watched.waybill, "tag": watched.reference}
        body = http.post(account, REGISTER, json=[number], headers={"17token": account.key})
        for refused in items(_data(body).get("rejected"), "rejected"):
            error = mapping(refused.get("error") or {}, "error")
            if error.get("code") != ALREADY_REGISTERED:
                raise Declined(f"17track {error.get('code')}: {plain(error.get('message'), 200)}")
        return b""

    def ask(self, watched: Watched, account: Account) -> bytes:
        """The history of a parcel, to be read like a push."""
        return http.post(account, HISTORY, json=[{"number": watched.waybill}], headers={"17token": account.key})


def _data(body: bytes) -> Mapping[str, Any]:
    try:
        answer = mapping(signing.parsed(body), "The answer")
    except Unreadable as error:
        raise NotReached(f"17track: {error}") from error
    if answer.get("code") != 0:
        raise Declined(f"17track {answer.get('code')}")
    return mapping(answer.get("data") or {}, "data")


def _track(track: Mapping[str, Any], account: Account) -> Iterator[Told]:
    """Every scan of a parcel; a list that tells only the last one gives that."""
    info = mapping(track.get("track_info") or {}, "track_info")
    tracking = mapping(info.get("tracking") or {}, "tracking")
    for provider in items(tracking.get("providers"), "providers"):
        name = mapping(provider.get("provider") or {}, "provider").get("alias")
        yield from _scans(track, provider, plain(name, 60), account)
    if not info and track.get("latest_event_time"):
        status, is_problem = _meaning(track.get("package_status"))
        yield told(
            track.get("number"),
            status,
            moment(track["latest_event_time"], account.zone),
            text=track.get("latest_event_info"),
            is_problem=is_problem,
        )


def _scans(track: Mapping[str, Any], provider: Mapping[str, Any], carrier: str, account: Account) -> Iterator[Told]:
    """Oldest first, because what is handed over after it turned back is handed to the sender."""
    scans = [(_moment(each, account), each) for each in items(provider.get("events"), "events")]
    has_turned = False
    for happened_at, each in sorted(scans, key=lambda pair: pair[0]):
        status, is_problem = _meaning(each.get("sub_status") or each.get("stage") or "InTransit")
        has_turned = has_turned or status == S.RETURNING
        yield told(
            track.get("number"),
            S.RETURNED if has_turned and status == S.SIGNED else status,
            happened_at,
            text=each.get("description"),
            place=each.get("location"),
            carrier=carrier,
            is_problem=is_problem,
        )


def _moment(scan: Mapping[str, Any], account: Account) -> datetime:
    """With its zone where there is one; else the carrier's own words, in the account's."""
    exact = scan.get("time_iso") or scan.get("time_utc")
    if exact:
        return moment(exact, account.zone)
    words = mapping(scan.get("time_raw") or {}, "time_raw")
    return moment(f"{words.get('date')}T{words.get('time') or '00:00:00'}{words.get('timezone') or ''}", account.zone)


def _meaning(code: object) -> Meaning:
    """A finer status that is new tells at least what its first word does; Unreadable when that is new too."""
    name = str(code)
    found = STATUSES.get(name) or STATUSES.get(name.partition("_")[0])
    if found is None:
        raise Unreadable(f"The status {plain(code, 60)!r} is not known.")
    return found
