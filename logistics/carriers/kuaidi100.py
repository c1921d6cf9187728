"""Kuaidi100 (快递100): pushes of whole histories, pickups and their call-backs, questions; signed with MD5."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import parse_qs

from logistics.carriers import http, signing
from logistics.carriers.base import (
    Account,
    Answer,
    Collected,
    Declined,
    Incoming,
    NotReached,
    Reading,
    Told,
    Unanswered,
    Unreadable,
    Unverified,
    Verified,
    Visit,
    Watched,
    items,
    mapping,
    moment,
    plain,
    told,
)
from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus

S, P = ParcelStatus, PickupStatus
Meaning = tuple[ParcelStatus, bool]  # the status, and whether it is a problem

# Source: domain.md §8, and the words with which a push under resultv2 names the same states.
STATES: Final[dict[str, Meaning]] = {
    "0": (S.IN_TRANSIT, False), "在途": (S.IN_TRANSIT, False),
    "1": (S.IN_TRANSIT, False), "揽收": (S.IN_TRANSIT, False),
    "2": (S.IN_TRANSIT, True), "疑难": (S.IN_TRANSIT, True),
    "3": (S.SIGNED, False), "签收": (S.SIGNED, False),
    "4": (S.RETURNED, False), "退签": (S.RETURNED, False),
    "5": (S.DELIVERING, False), "派件": (S.DELIVERING, False),
    "6": (S.RETURNING, False), "退回": (S.RETURNING, False),
    "7": (S.IN_TRANSIT, False), "转投": (S.IN_TRANSIT, False),
    "8": (S.IN_TRANSIT, False), "清关": (S.IN_TRANSIT, False),
    "14": (S.REFUSED, True), "拒签": (S.REFUSED, True),
}  # fmt: skip
PICKUPS: Final[dict[str, Meaning]] = {
    "0": (S.ANNOUNCED, False), "1": (S.ANNOUNCED, False), "610": (S.CANCELLED, True), "10": (S.IN_TRANSIT, False),
    "9": (S.CANCELLED, False), "99": (S.CANCELLED, True), "15": (S.IN_TRANSIT, False), "155": (S.IN_TRANSIT, False),
}  # fmt: skip
VISITS: Final[dict[str, PickupStatus]] = {
    "0": P.BOOKED, "1": P.ACCEPTED, "610": P.FAILED, "10": P.COLLECTED, "9": P.CANCELLED, "99": P.CANCELLED,
    "15": P.COLLECTED, "155": P.COLLECTED,
}  # fmt: skip
DAYS: Final = ("今天", "明天", "后天")
LARGEST: Final = Decimal(10000)  # of a bill or of kilograms: more is a mistake
NO_TRACE: Final = "查无结果"  # said with state 3 and a time of its own: it is no signature
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
    asks = False
    days_ahead = len(DAYS) - 1

    def verify(self, incoming: Incoming, account: Account, at: datetime) -> Verified:
        """A form of `param` and `sign`; it carries no number, so the words themselves are the number."""
        try:
            form = parse_qs(incoming.body.decode(), max_num_fields=20)
        except ValueError as error:
            raise Unverified("The message is no form.") from error
        param = form.get("param", [""])[0]
        signing.insist(form.get("sign", [""])[0].upper(), account, lambda salt: signing.md5_upper(param + salt))
        return Verified(signing.sha256_hex(param.encode()), param.encode())

    def read(self, raw: bytes, account: Account, received_at: datetime) -> Reading:
        """A push, the call-back of a pickup, or the answer to a question."""
        message = mapping(signing.parsed(raw), "The message")
        if "lastResult" in message:
            return _push(message, account)
        if "kuaidinum" in message:
            return Reading(_pickup(message, account, received_at), _visit(message, account, received_at))
        return Reading(_history(message, account))

    def answer(self, is_taken: bool, sentence: str) -> Answer:
        """It sends again what is not answered with result true."""
        code, words = ("200", "成功") if is_taken else ("500", sentence)
        reply = {"result": is_taken, "returnCode": code, "message": words}
        return Answer(json.dumps(reply, ensure_ascii=False).encode())

    def covers(self, carrier: str) -> bool:
        """Every carrier: one that is not named is guessed from the number."""
        return True

    def subscribe(self, watched: Watched, account: Account, at: datetime) -> bytes:
        """Ask for pushes; subscribed already is fine."""
        company = COMPANIES.get(watched.carrier.upper(), "")
        wanted = {"callbackurl": account.callback_url, "salt": account.secrets[0], "resultv2": "1"}
        param = {
            "company": company,
            "number": watched.waybill,
            "key": account.key,
            "parameters": wanted | {"phone": watched.phone, "autoCom": "" if company else "1"},
        }
        form = {"schema": "json", "param": json.dumps(param, ensure_ascii=False)}
        _insist(http.post(account, "/poll", data=form), SUBSCRIBED)
        return b""

    def ask(self, watched: Watched, account: Account) -> bytes:
        """The history of a parcel, to be read like a push."""
        company = COMPANIES.get(watched.carrier.upper(), watched.carrier)
        param = json.dumps({"com": company, "num": watched.waybill, "phone": watched.phone, "resultv2": "1"})
        sign = signing.md5_upper(param + account.key + account.customer)
        return http.post(account, "/poll/query.do", data={"customer": account.customer, "param": param, "sign": sign})

    def collects(self, carrier: str) -> bool:
        """A courier is booked with a carrier that is named."""
        return carrier.upper() in COMPANIES

    def visit(self, visit: Visit, account: Account, at: datetime) -> Mapping[str, str]:
        """The day is named from today."""
        start, end = (moment.astimezone(account.zone) for moment in visit.window)
        ahead = (start.date() - at.astimezone(account.zone).date()).days
        (name, phone, address), (to_name, to_phone, to_address) = visit.sender, visit.receiver
        return {
            "kuaidicom": COMPANIES[visit.carrier.upper()],
            "sendManName": name,
            "sendManMobile": phone,
            "sendManPrintAddr": address,
            "recManName": to_name,
            "recManMobile": to_phone,
            "recManPrintAddr": to_address,
            "dayType": DAYS[min(max(ahead, 0), self.days_ahead)],
            "pickupStartTime": f"{start:%H:%M}",
            "pickupEndTime": f"{end:%H:%M}",
            "remark": visit.reference,
        }

    def book(self, pickup: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        """Order a courier to the door; the answer names taskId, orderId and sometimes kuaidinum."""
        wanted = {**pickup, "salt": account.secrets[0], "callBackUrl": account.callback_url}
        return self._order("bOrder", wanted, account, at)

    def call_off(self, task_id: str, order_id: str, why: str, account: Account, at: datetime) -> None:
        """Cancel a pickup that was ordered."""
        self._order("cancel", {"taskId": task_id, "orderId": order_id, "cancelMsg": why}, account, at)

    def _order(self, method: str, wanted: Mapping[str, str], account: Account, at: datetime) -> Mapping[str, Any]:
        param, stamp = json.dumps(wanted, ensure_ascii=False), str(int(at.timestamp() * 1000))
        sign = signing.md5_upper(param + stamp + account.key + account.customer)
        form = {"method": method, "key": account.key, "t": stamp, "sign": sign, "param": param}
        door = replace(account, url=account.pickup_url or PICKUP_URL)
        answer = _insist(http.post(door, "/order/borderapi.do", once=method == "bOrder", data=form), {"200"})
        return mapping(answer.get("data") or {}, "The answer's data")


def _insist(body: bytes, good: set[str]) -> Mapping[str, Any]:
    try:
        answer = mapping(signing.parsed(body), "The answer")
    except Unreadable as error:
        raise Unanswered(f"kuaidi100: {error}") from error
    code, words = str(answer.get("returnCode", "")), plain(answer.get("message"), 200)
    if code in good:
        return answer
    raise (NotReached if code in LATER else Declined)(f"kuaidi100 {code}: {words}")


def _push(message: Mapping[str, Any], account: Account) -> Reading:
    last = mapping(message["lastResult"], "lastResult")
    number, ended = plain(last.get("nu"), 64).upper(), str(message.get("status"))
    if ended == "abort":
        return Reading(stopped={number: plain(message.get("message"), 200) or "abort"})
    return Reading(_history(last, account))


def _history(last: Mapping[str, Any], account: Account) -> list[Told]:
    if str(last.get("status", "200")) != "200":
        raise Unreadable(f"The answer is an error: {plain(last.get('message'), 100)}")
    entries = [each for each in items(last.get("data"), "data") if NO_TRACE not in str(each.get("context"))]
    return list(_read(last, entries, account))


def _read(last: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], account: Account) -> Iterator[Told]:
    """Each entry by its own status; without one, the newest has that of the whole and the others have moved on."""
    overall = _meaning(STATES, last.get("state"))
    times = [moment(each.get("ftime") or each.get("time"), account.zone) for each in entries]
    newest = max(range(len(times)), key=lambda index: times[index]) if times else -1
    for index, (entry, happened_at) in enumerate(zip(entries, times, strict=True)):
        own = entry.get("status")
        meaning = overall if index == newest else (S.IN_TRANSIT, False)
        if own:
            # A finer word than we know still tells that the parcel moved; a person should look at it.
            meaning = STATES.get(str(own), (S.IN_TRANSIT, True))
        yield told(
            last.get("nu"),
            meaning[0],
            happened_at,
            text=entry.get("context"),
            place=entry.get("areaName") or entry.get("location"),
            carrier=last.get("com"),
            is_problem=meaning[1],
        )


def _pickup(message: Mapping[str, Any], account: Account, received_at: datetime) -> list[Told]:
    """A call-back without a time tells of the moment it came."""
    data = mapping(message.get("data") or {}, "data")
    status, is_problem = _meaning(PICKUPS, data.get("status"))
    if not message.get("kuaidinum"):
        return []  # ordered, and no courier has given it a number yet
    words = plain(data.get("cancelMsg99") or data.get("cancelMsg9") or message.get("message"), 500)
    happened = data.get("updateTime") or data.get("time") or message.get("time")
    at = moment(happened, account.zone) if happened else received_at
    return [told(message["kuaidinum"], status, at, text=words, carrier=message.get("kuaidicom"), is_problem=is_problem)]


def _visit(message: Mapping[str, Any], account: Account, received_at: datetime) -> Collected | None:
    """What it says of the pickup itself; a call-back without the number of the order says nothing of one."""
    data = mapping(message.get("data") or {}, "data")
    order_id, code = plain(data.get("orderId"), 64), str(data.get("status"))
    if not order_id or code not in VISITS:
        return None
    happened = data.get("updateTime") or data.get("time") or message.get("time")
    return Collected(
        order_id,
        VISITS[code],
        moment(happened, account.zone) if happened else received_at,
        waybill=plain(message.get("kuaidinum"), 64).upper(),
        words=plain(data.get("cancelMsg99") or data.get("cancelMsg9") or message.get("message"), 500),
        amount=_number(data.get("freight")),
        weight=_number(data.get("weight")),
    )


def _number(value: object) -> Decimal | None:
    """A measure as it may be kept; what is none is not worth losing the call-back for."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < LARGEST else None


def _meaning(table: Mapping[str, Meaning], code: object) -> Meaning:
    if str(code) not in table:
        raise Unreadable(f"The status {plain(code, 40)!r} is not known.")
    return table[str(code)]
