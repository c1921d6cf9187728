"""Signatures of carriers' messages, compared in constant time with each live secret of the account."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from logistics.carriers.base import Account, Unreadable, Unverified

Sign = Callable[[str], str]


def verify(given: str, account: Account, sign: Sign) -> None:
    """Raise Unverified unless one of the account's live secrets gives this signature."""
    if not given:
        raise Unverified("The message is not signed.")
    # A list, not a generator: all secrets are tried, so that the time says nothing about which of them fitted.
    fits = [hmac.compare_digest(sign(secret).encode(), given.encode()) for secret in account.secrets]
    if not any(fits):
        raise Unverified("The signature does not fit.")


def hmac_base64(secret: str, body: bytes) -> str:
    """HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def hmac_hex(secret: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal digits."""
    return hmac.digest(secret.encode(), body, "sha256").hex()


def sha256_hex(text: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text).hexdigest()


def md5_upper(text: str) -> str:
    """MD5 in upper case, as some carriers sign: weak, but theirs to choose."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def md5_base64(text: str) -> str:
    """MD5 in base64."""
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()


def parsed(raw: bytes | str) -> Any:
    """The JSON of a message; raises Unreadable."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The message is no JSON.") from error
