"""A merchant's own system tells: plain JSON in our own words, signed with its time."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from logistics.carriers import signing
from logistics.carriers.base import (
    Account,
    Answer,
    Incoming,
    Reading,
    Unreadable,
    Unverified,
    Verified,
    Watched,
    items,
    mapping,
    moment,
    plain,
    told,
)
from logistics.models.parcel import STEPS, ParcelStatus

SIGNED_WITHIN: Final = timedelta(minutes=5)


class Manual:
    """`{"id": …, "scans": [{"waybill", "status", "at", "text", "place", "problem"}]}`; X-Desk-Signature: t=…,v1=…"""

    name = "manual"
    home = ""
    asks = False

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """HMAC-SHA256 over the time, a dot and the body; the time is within five minutes."""
        parts = dict(
            part.strip().partition("=")[::2] for part in incoming.headers.get("x-desk-signature", "").split(",")
        )
        sent = parts.get("t", "")
        covered = sent.encode() + b"." + incoming.body
        signing.insist(parts.get("v1", ""), account, lambda secret: signing.hmac_hex(secret, covered))
        if not sent.isdecimal() or len(sent) > 10:
            raise Unverified("The signature has no time.")
        if abs(datetime.fromtimestamp(int(sent), UTC) - at) > SIGNED_WITHIN:
            raise Unverified("The signature is too old, or from the future.")
        number = plain(mapping(signing.parsed(incoming.body), "The message").get("id"), 64)
        if not number:
            raise Unreadable("The message has no id.")
        return Verified(number, incoming.body)

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """Scans in our own words; what only our people may say is not taken."""
        message = mapping(signing.parsed(raw), "The message")
        found = []
        for each in items(message.get("scans"), "scans"):
            word = str(each.get("status"))
            if word not in TELLABLE:
                raise Unreadable(f"The status {plain(word, 40)!r} is not known.")
            found.append(
                told(
                    each.get("waybill"),
                    ParcelStatus(word),
                    moment(each.get("at"), account.zone),
                    text=each.get("text"),
                    place=each.get("place"),
                    carrier=each.get("carrier"),
                    is_problem=each.get("problem") is True,
                )
            )
        return Reading(found)

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """Whether it was taken, and a sentence."""
        return Answer(json.dumps({"taken": is_taken, "message": sentence}, ensure_ascii=False).encode())

    def covers(self, carrier: str) -> bool:
        """It is never subscribed to: it tells what it likes."""
        return False

    def subscribe(self, watched: Watched, account: Account, at: datetime) -> bytes:
        """Nobody is asked."""
        return b""


TELLABLE: Final = frozenset({*STEPS, ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED} - {ParcelStatus.RECEIVED})
