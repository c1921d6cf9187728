"""Requests to carriers: one try more when the line is bad, never a wait without end."""

import ssl
from functools import lru_cache, partial
from typing import Any

import httpx
import stamina

from logistics.carriers.base import Account, Declined, NotReached, Unanswered

ATTEMPTS = 2  # the row that asks is tried again later by itself
BUSY = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # nothing went out


def post(account: Account, path: str, *, once: bool = False, **content: Any) -> bytes:
    """What the carrier's server answers; NotReached when it is not there or busy, Unanswered when it was asked and
    failed or was silent, Declined when it says no. `once`: what went out is not sent again.
    """
    try:
        answer = (_sent_once if once else _sent)(account, path, content)
    except UNSENT as error:
        raise NotReached(f"{account.source}: {type(error).__name__} {error}".strip()) from error
    except httpx.HTTPError as error:
        raise Unanswered(f"{account.source}: {type(error).__name__} {error}".strip()) from error
    except httpx.InvalidURL as error:
        raise Declined(f"{account.source}: the address is wrong. {error}") from error
    if answer.status_code in BUSY:
        raise NotReached(f"{account.source} answered {answer.status_code}.")
    if answer.is_server_error:
        raise Unanswered(f"{account.source} answered {answer.status_code}.")
    if answer.is_redirect or answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Declined(f"{account.source} answered {answer.status_code}.")
    return answer.content


def _send(account: Account, path: str, content: dict[str, Any]) -> httpx.Response:
    with httpx.Client(base_url=account.url, timeout=account.seconds, verify=_trusted()) as client:
        return client.post(path, **content)


_again = partial(stamina.retry, attempts=ATTEMPTS, wait_initial=0.05, wait_max=0.5)
_sent = _again(on=httpx.TransportError)(_send)
_sent_once = _again(on=UNSENT)(_send)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the list of authorities takes longer than most requests: once a process."""
    return httpx.create_ssl_context()
