"""Requests to carriers: one try more when the line is bad, never a wait without end."""

import ssl
from functools import lru_cache
from typing import Any

import httpx
import stamina

from logistics.carriers.base import Account, Declined, NotReached

ATTEMPTS = 2  # the row that asks is tried again later by itself


def post(account: Account, path: str, **content: Any) -> bytes:
    """What the carrier's server answers; NotReached when it fails or is silent, Declined when it says no."""
    try:
        answer = _sent(account, path, content)
    except httpx.HTTPError as error:
        raise NotReached(f"{account.source}: {type(error).__name__} {error}".strip()) from error
    except httpx.InvalidURL as error:
        raise Declined(f"{account.source}: the address is wrong. {error}") from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        raise NotReached(f"{account.source} answered {answer.status_code}.")
    if answer.is_redirect or answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Declined(f"{account.source} answered {answer.status_code}.")
    return answer.content


@stamina.retry(on=httpx.TransportError, attempts=ATTEMPTS, wait_initial=0.05, wait_max=0.5)
def _sent(account: Account, path: str, content: dict[str, Any]) -> httpx.Response:
    with httpx.Client(base_url=account.url, timeout=account.seconds, verify=_trusted()) as client:
        return client.post(path, **content)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the list of authorities takes longer than most requests: once a process."""
    return httpx.create_ssl_context()
