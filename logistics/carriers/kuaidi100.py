"""Kuaidi100 (快递100): subscriptions, polls and pickups at the door; all signed with MD5."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from logistics.carriers import http, kuaidi100_messages, signing
from logistics.carriers.base import (
    Account,
    Answer,
    Declined,
    Incoming,
    NotReached,
    PickupBooking,
    Reading,
    TrackedParcel,
    Unanswered,
    Unreadable,
    Unverified,
    Verified,
    mapping,
    plain,
)

DAYS: Final = ("今天", "明天", "后天")  # today, tomorrow, the day after: it takes bookings for no other
SUBSCRIBED: Final = {"200", "501"}  # 501: subscribed already
LATER: Final = {"500", "502", "503"}
PICKUP_URL: Final = "https://order.kuaidi100.com"
COMPANIES: Final = {
    "SF": "shunfeng", "顺丰": "shunfeng", "YT": "yuantong", "YTO": "yuantong", "圆通": "yuantong", "ZT": "zhongtong",
    "ZTO": "zhongtong", "中通": "zhongtong", "STO": "shentong", "申通": "shentong", "YD": "yunda", "韵达": "yunda",
    "JD": "jd", "京东": "jd", "EMS": "ems", "JT": "jtexpress", "极兔": "jtexpress", "德邦": "debangkuaidi",
}  # fmt: skip


class Kuaidi100:
    """The largest aggregator of Chinese carriers."""

    name = "kuaidi100"
    home = "https://poll.kuaidi100.com"
    is_polled = False
    days_ahead = len(DAYS) - 1

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """A form of `param` and `sign`. It has no number of its own, so the digest of `param` serves as one."""
        try:
            form = parse_qs(incoming.body.decode(), max_num_fields=20)
        except ValueError as error:
            raise Unverified("The message is no form.") from error
        param = form.get("param", [""])[0]
        signing.verify(form.get("sign", [""])[0].upper(), account, lambda salt: signing.md5_upper(param + salt))
        return Verified(signing.sha256_hex(param.encode()), param.encode())

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """Parse a push, the call-back of a pickup or the answer to a question."""
        return kuaidi100_messages.reading_of(mapping(signing.parsed(raw), "The message"), account, received_at)

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """Kuaidi100 repeats whatever is not answered with result true."""
        code, words = ("200", "成功") if is_taken else ("500", sentence)
        reply = {"result": is_taken, "returnCode": code, "message": words}
        return Answer(json.dumps(reply, ensure_ascii=False).encode())

    def covers(self, carrier: str) -> bool:
        """Every carrier: Kuaidi100 guesses an unknown one from the waybill."""
        return True

    def subscribe(self, parcel: TrackedParcel, account: Account, at: datetime) -> bytes:
        """Ask for pushes; a parcel that is subscribed to already is fine."""
        form = {"schema": "json", "param": json.dumps(_subscription(parcel, account), ensure_ascii=False)}
        _checked(http.post(account, "/poll", data=form), SUBSCRIBED)
        return b""

    def ask(self, parcel: TrackedParcel, account: Account) -> bytes:
        """Poll the history of a parcel; the answer is parsed like a push."""
        company = COMPANIES.get(parcel.carrier.upper(), parcel.carrier)
        param = json.dumps({"com": company, "num": parcel.waybill, "phone": parcel.phone, "resultv2": "1"})
        sign = signing.md5_upper(param + account.key + account.customer)
        return http.post(account, "/poll/query.do", data={"customer": account.customer, "param": param, "sign": sign})

    def collects(self, carrier: str) -> bool:
        """Carriers that have a code here; a booking is not guessed."""
        return carrier.upper() in COMPANIES

    def booking_form(self, booking: PickupBooking, account: Account, at: datetime) -> Mapping[str, str]:
        """The fields of a booking as Kuaidi100 names them."""
        return {
            "kuaidicom": COMPANIES[booking.carrier.upper()],
            **_person("send", booking.sender),
            **_person("rec", booking.receiver),
            **_window(booking, account, at),
            "remark": booking.reference,
        }

    def book(self, pickup: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        """Book a courier; the answer names taskId, orderId and sometimes kuaidinum."""
        wanted = {**pickup, "salt": account.secrets[0], "callBackUrl": account.callback_url}
        return self._order("bOrder", wanted, account, at)

    def call_off(self, task_id: str, order_id: str, why: str, account: Account, at: datetime) -> None:
        """Cancel a booked pickup."""
        self._order("cancel", {"taskId": task_id, "orderId": order_id, "cancelMsg": why}, account, at)

    def _order(self, method: str, wanted: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        param, stamp = json.dumps(wanted, ensure_ascii=False), str(int(at.timestamp() * 1000))
        sign = signing.md5_upper(param + stamp + account.key + account.customer)
        form = {"method": method, "key": account.key, "t": stamp, "sign": sign, "param": param}
        door = replace(account, url=account.pickup_url or PICKUP_URL)
        # A booking is sent once only: a repeated one could bring two couriers. A cancellation may be repeated.
        answer = _checked(http.post(door, "/order/borderapi.do", once=method == "bOrder", data=form), {"200"})
        return mapping(answer.get("data") or {}, "The answer's data")


def _subscription(parcel: TrackedParcel, account: Account) -> dict[str, Any]:
    company = COMPANIES.get(parcel.carrier.upper(), "")
    wanted = {"callbackurl": account.callback_url, "salt": account.secrets[0], "resultv2": "1"}
    return {
        "company": company,
        "number": parcel.waybill,
        "key": account.key,
        "parameters": wanted | {"phone": parcel.phone, "autoCom": "" if company else "1"},
    }


def _window(booking: PickupBooking, account: Account, at: datetime) -> dict[str, str]:
    """The day by its name, counted from today, and the times, all in the zone of the account."""
    start, end = (instant.astimezone(account.zone) for instant in booking.window)
    ahead = (start.date() - at.astimezone(account.zone).date()).days
    day = DAYS[min(max(ahead, 0), len(DAYS) - 1)]
    return {"dayType": day, "pickupStartTime": f"{start:%H:%M}", "pickupEndTime": f"{end:%H:%M}"}


def _person(prefix: str, person: tuple[str, str, str]) -> dict[str, str]:
    name, phone, address = person
    return {f"{prefix}ManName": name, f"{prefix}ManMobile": phone, f"{prefix}ManPrintAddr": address}


def _checked(body: bytes, good: set[str]) -> Mapping[str, Any]:
    try:
        answer = mapping(signing.parsed(body), "The answer")
    except Unreadable as error:
        raise Unanswered(f"kuaidi100: {error}") from error
    code, words = str(answer.get("returnCode", "")), plain(answer.get("message"), 200)
    if code in good:
        return answer
    raise (NotReached if code in LATER else Declined)(f"kuaidi100 {code}: {words}")
