"""Requests to carriers: repeated once when the connection fails, and never without a time-out."""

import ssl
from functools import lru_cache, partial
from typing import Any

import httpx
import stamina

from logistics.carriers.base import Account, Declined, NotReached, Unanswered

ATTEMPTS = 2  # more is not needed: the row behind the request is retried by its sweep
BUSY = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # the request never left


def post(account: Account, path: str, *, once: bool = False, **content: Any) -> bytes:
    """Post to the carrier's server and return the body. `once`: a request that may have arrived is not repeated.

    Raises NotReached when it did not arrive or the server is busy, Unanswered when the server was silent or failed,
    Declined when the server refuses it.
    """
    try:
        response = (_send_once if once else _send_twice)(account, path, content)
    except UNSENT as error:
        raise NotReached(f"{account.source}: {type(error).__name__} {error}".strip()) from error
    except httpx.HTTPError as error:
        raise Unanswered(f"{account.source}: {type(error).__name__} {error}".strip()) from error
    except httpx.InvalidURL as error:
        raise Declined(f"{account.source}: the address is wrong. {error}") from error
    _raise_for_status(response, account)
    return response.content


def _raise_for_status(response: httpx.Response, account: Account) -> None:
    sentence = f"{account.source} answered {response.status_code}."
    if response.status_code in BUSY:
        raise NotReached(sentence)
    if response.is_server_error:
        raise Unanswered(sentence)
    # A redirect too: whoever followed it would send the key of the account to an address nobody has configured.
    if response.is_redirect or response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Declined(sentence)


def _send(account: Account, path: str, content: dict[str, Any]) -> httpx.Response:
    with httpx.Client(base_url=account.url, timeout=account.seconds, verify=_trusted()) as client:
        return client.post(path, **content)


_again = partial(stamina.retry, attempts=ATTEMPTS, wait_initial=0.05, wait_max=0.5)
_send_twice = _again(on=httpx.TransportError)(_send)
_send_once = _again(on=UNSENT)(_send)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The trusted authorities; cached, because reading their list takes longer than most requests."""
    return httpx.create_ssl_context()
