"""The client of the sandbox bank, which reads its answers as warily as those of a real provider."""

import json
import time
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from django.conf import settings

from orders.gateways.base import (
    GatewayBroken,
    GatewayBusy,
    GatewayTimeout,
    Outcome,
    RefundRequest,
    Reply,
    checked,
)
from orders.gateways.sandbox import notices, server

_OUTCOMES: Final[dict[str, Outcome]] = {
    "SUCCESS": "succeeded",
    "PROCESSING": "accepted",
    "ABNORMAL": "failed",
    "DECLINED": "failed",
    "REVERSED": "reversed",
    "NOT_FOUND": "not_found",
    # Another refund has this number, so money may have moved under it: a person must look.
    "NUMBER_REUSED": "unknown",
}
_TELLS_AMOUNT: Final = ("SUCCESS", "PROCESSING", "ABNORMAL", "REVERSED")


class Sandbox:
    """A gateway whose bank is a file of its own; see books, bank and switches."""

    name = "sandbox"

    def send(self, request: RefundRequest) -> Reply:
        """Ask for a refund; a repeated number never pays twice. GatewayError if the outcome is not known."""
        reply = _read(_received(server.refund(request)), request.number)
        return checked(reply, request.amount, request.currency)

    def query(self, number: str) -> Reply:
        """Ask what became of a refund number; GatewayError if the answer is none."""
        return _read(_received(server.ask(number)), number)

    def pull_notices(self, limit: int) -> list[notices.Notice]:
        """Return what was not acknowledged yet, oldest first."""
        return notices.pull(limit)

    def acknowledge_notices(self, ids: Sequence[int]) -> None:
        """Do not return these again."""
        notices.acknowledge(ids)


def _received(response: server.Response) -> server.Response:
    """Wait for the answer, no longer than GATEWAY_TIMEOUT_SECONDS (10)."""
    patience = float(getattr(settings, "GATEWAY_TIMEOUT_SECONDS", 10.0))
    time.sleep(min(response.seconds, patience))
    if response.lost or response.seconds > patience:
        raise GatewayTimeout("no answer in time")
    return response


def _read(response: server.Response, number: str) -> Reply:
    answer = _answer(response)
    if answer.get("number") != number:
        raise GatewayBroken("the answer is about another refund")
    return Reply(
        outcome=_OUTCOMES.get(str(answer.get("status")), "unknown"),
        code=str(answer.get("code", "")),
        message=str(answer.get("message", "")),
        gateway_reference=str(answer.get("reference", "")),
        amount=_amount(answer),
        currency=str(answer.get("currency", "")),
        raw=answer,
    )


def _answer(response: server.Response) -> dict[str, object]:
    if response.status == 429:
        raise GatewayBusy("too many requests")
    if response.status != 200:
        raise GatewayBroken(f"status {response.status}")
    return _parsed(response.body)


def _parsed(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise GatewayBroken("the answer cannot be read") from error
    if not isinstance(answer, dict):
        raise GatewayBroken("the answer is no object")
    return answer


def _amount(answer: dict[str, object]) -> Decimal | None:
    if answer.get("status") not in _TELLS_AMOUNT:
        return None
    try:
        return Decimal(str(answer.get("amount")))
    except InvalidOperation as error:
        raise GatewayBroken("the answer has no readable amount") from error
