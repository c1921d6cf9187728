"""SF Express (顺丰): polled for its routes. It signs nothing that it sends, so messages in its name are refused."""

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus

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
    Unverified,
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

# SF has hundreds of route codes; most only say that a parcel moves, these say more.
CODES: Final[dict[str, Meaning]] = {
    "44": (S.DELIVERING, False),
    "204": (S.DELIVERING, False),
    "125": (S.DELIVERING, False),
    "33": (S.DELIVERING, True),
    "70": (S.DELIVERING, True),
    "80": (S.SIGNED, False),
    "99": (S.RETURNING, True),
    "648": (S.RETURNING, True),
}
GOOD: Final = "A1000"
SERVICE: Final = "EXP_RECE_SEARCH_ROUTES"


class SfExpress:
    """One carrier, polled every few hours."""

    name = "sf"
    home = "https://bspgw.sf-express.com"
    is_polled = True

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """Refuses every message: routes are polled."""
        raise Unverified("SF Express is asked; it sends nothing here.")

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """Routes in the old form (body) or in the new one, where JSON stands in JSON."""
        message = mapping(signing.parsed(raw), "The message")
        if "apiResultData" in message:
            return Reading(list(_routes(message, account)))
        return Reading([_route(each, each.get("mailNo"), account) for each in items(message.get("body"), "body")])

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """Yes or no, in SF's form."""
        words = {"return_code": "0000" if is_taken else "1000", "return_msg": sentence}
        return Answer(json.dumps(words, ensure_ascii=False).encode())

    def covers(self, carrier: str) -> bool:
        """SF's own parcels only, under the names in which orders have it."""
        return carrier.strip().upper() in {"SF", "顺丰", "顺丰速运", "SHUNFENG", "SF EXPRESS"}

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Poll the routes so far; the answer is parsed like a message."""
        wanted = {"trackingType": "1", "trackingNumber": [parcel.waybill], "checkPhoneNo": parcel.phone[-4:]}
        data, number, stamp = json.dumps(wanted), str(uuid.uuid4()), str(int(at.timestamp() * 1000))
        digest = signing.md5_base64(quote_plus(data + stamp + account.key))
        form = {"partnerID": account.customer, "requestID": number, "serviceCode": SERVICE, "timestamp": stamp}
        body = http.post(account, "/std/service", data={**form, "msgDigest": digest, "msgData": data})
        _refuse_error(body)
        return body


def _refuse_error(body: bytes) -> None:
    try:
        answer = mapping(signing.parsed(body), "The answer")
    except Unreadable as error:
        raise NotReached(f"sf: {error}") from error
    if answer.get("apiResultCode") != GOOD:
        raise Declined(f"sf {answer.get('apiResultCode')}: {plain(answer.get('apiErrorMsg'), 200)}")


def _routes(message: Mapping[str, Any], account: Account) -> Iterator[ReportedScan]:
    if message.get("apiResultCode") != GOOD:
        raise Unreadable(f"The answer is an error: {plain(message.get('apiErrorMsg'), 100)}")
    data = mapping(signing.parsed(str(message["apiResultData"])), "apiResultData")
    found = mapping(data.get("msgData") or {}, "msgData")
    for parcel in items(found.get("routeResps"), "routeResps"):
        for each in items(parcel.get("routes"), "routes"):
            yield _route(each, parcel.get("mailNo"), account)


def _route(each: Mapping[str, Any], waybill: object, account: Account) -> ReportedScan:
    code = str(each.get("opCode") or each.get("opcode") or "")
    if not code.isdigit():
        raise Unreadable(f"The route code {plain(code, 40)!r} is not known.")
    status, is_problem = CODES.get(code, (S.IN_TRANSIT, False))
    return reported_scan(
        waybill,
        status,
        moment(each.get("acceptTime"), account.zone),
        text=each.get("remark"),
        place=each.get("acceptAddress"),
        carrier="SF",
        is_problem=is_problem,
    )
