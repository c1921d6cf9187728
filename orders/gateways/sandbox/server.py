"""The sandbox bank over the wire: requests in, answers like those of HTTP out, and the faults in between."""

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from orders import money
from orders.gateways.base import RefundRequest
from orders.gateways.sandbox import bank, books, switches

_REFUSES: Final = {"rate_limited": 429, "error_500": 500}
_SPOILS: Final = ("timeout_after_success", "error_500_after_success", "empty_body", "garbage", "wrong_amount")
_SPOILS_QUESTION: Final = ("empty_body", "garbage")
_WEB_PAGE: Final = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Response:
    """What comes over the wire after `seconds`; a lost one never comes."""

    status: int
    body: bytes
    seconds: float = 0.0
    lost: bool = False


def refund(request: RefundRequest) -> Response:
    """Make the refund and answer, unless a fault refuses the request or spoils the answer."""
    with books.transaction() as file:
        switches.load_settings(file)
        seconds = switches.draw(file, "slow") or 0.0
        refuses = switches.draw_first(file, tuple(_REFUSES))
        if refuses:
            return Response(_REFUSES[refuses], b"", seconds)
        # From here the refund is made whatever becomes of the answer: that is the fault to survive.
        answer = bank.refund(file, request, lambda: _plan(file))
        spoils = switches.draw_first(file, _SPOILS) if "amount" in answer else None
    return _response(answer, spoils, seconds)


def ask(number: str) -> Response:
    """Answer what became of a refund number, unless a fault refuses or spoils that."""
    with books.transaction() as file:
        switches.load_settings(file)
        seconds = switches.draw(file, "slow") or 0.0
        refuses = switches.draw_first(file, tuple(_REFUSES))
        if refuses:
            return Response(_REFUSES[refuses], b"", seconds)
        answer = bank.ask(file, number, lambda: _notices(file))
        spoils = switches.draw_first(file, _SPOILS_QUESTION)
    return _response(answer, spoils, seconds)


def _plan(file: sqlite3.Connection) -> bank.Plan:
    if switches.draw(file, "decline") is not None:
        return bank.Plan(declines=True)
    later = switches.draw(file, "accepted_then_later")
    never = None if later is not None else switches.draw(file, "accepted_then_failed")
    waits = later if later is not None else never
    return bank.Plan(
        queries=0 if waits is None else max(1, int(waits)),
        ends="succeeded" if never is None else "failed",
        reverse_after=switches.draw(file, "late_reversal"),
        notices=_notices(file) if waits is None else 1,
    )


def _notices(file: sqlite3.Connection) -> int:
    return 1 if switches.draw(file, "duplicate_notice") is None else 2


def _response(answer: bank.Answer, spoils: str | None, seconds: float) -> Response:
    if spoils == "wrong_amount":
        amount = Decimal(answer["amount"]) + money.quantum(answer["currency"])
        answer = {**answer, "amount": str(amount)}
    body = json.dumps(answer).encode()
    if spoils == "error_500_after_success":
        return Response(500, b"", seconds)
    if spoils == "empty_body":
        return Response(200, b"", seconds)
    if spoils == "garbage":
        return Response(200, _WEB_PAGE, seconds)
    return Response(200, body, seconds, lost=spoils == "timeout_after_success")
