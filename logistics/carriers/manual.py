"""A merchant's own system pushes scans: JSON with our own statuses, signed together with its time."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from logistics.carriers import signing
from logistics.carriers.base import (
    Account,
    Answer,
    Incoming,
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
from logistics.models.parcel import STEPS, ParcelStatus


class Manual:
    """`{"id": …, "scans": [{"waybill", "status", "at", "text", "place", "problem"}]}`; X-Desk-Signature: t=…,v1=…"""

    name = "manual"
    home = ""
    is_polled = False

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """HMAC-SHA256 over the time, a dot and the body."""
        header = incoming.headers.get("x-desk-signature", "")
        parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
        sent = parts.get("t", "")
        covered = sent.encode() + b"." + incoming.body
        signing.verify(parts.get("v1", ""), account, lambda secret: signing.hmac_hex(secret, covered))
        sent_at = _sent_at(sent)
        number = plain(mapping(signing.parsed(incoming.body), "The message").get("id"), 64)
        if not number:
            raise Unreadable("The message has no id.")
        return Verified(number, incoming.body, sent_at)

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """Scans in our own statuses; `received` is refused, since only our people may say so."""
        message = mapping(signing.parsed(raw), "The message")
        return Reading([_scan(each, account) for each in items(message.get("scans"), "scans")])

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """Whether the message was taken, and a sentence."""
        return Answer(json.dumps({"taken": is_taken, "message": sentence}, ensure_ascii=False).encode())

    def covers(self, carrier: str) -> bool:
        """No carrier: the merchant's system is never subscribed to, it pushes what it likes."""
        return False

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Nothing to be done."""
        return b""


def _sent_at(sent: str) -> datetime:
    if not sent.isdecimal() or len(sent) > 10:
        raise Unverified("The signature has no time.")
    return datetime.fromtimestamp(int(sent), UTC)


def _scan(each: Mapping[str, Any], account: Account) -> ReportedScan:
    status = str(each.get("status"))
    if status not in REPORTABLE:
        raise Unreadable(f"The status {plain(status, 40)!r} is not known.")
    return reported_scan(
        each.get("waybill"),
        ParcelStatus(status),
        moment(each.get("at"), account.zone),
        text=each.get("text"),
        place=each.get("place"),
        carrier=each.get("carrier"),
        is_problem=each.get("problem") is True,
    )


REPORTABLE: Final = frozenset({*STEPS, ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED} - {ParcelStatus.RECEIVED})
